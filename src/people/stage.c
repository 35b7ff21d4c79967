/* Anatomic stage of breast cancer from T, N and M.
 *
 * AJCC Cancer Staging Manual, breast: 6th edition (2002), 7th (2010), 8th (2017), anatomic stage
 * groups. M1 is stage IV whatever T and N are. N ends at N3. cM0(i+) counts as M0, N0(i+) and
 * N0(mol+) as N0. Since the 7th edition N1mi with T0 or T1 is stage IB; the 6th has no IB and calls
 * it IIA. A missing or unknown M (MX) is never taken for M0.
 */
#include <ctype.h>

#include "people/levels.h"

enum stage {
    STAGE_0,
    STAGE_I,
    STAGE_IA,
    STAGE_IB,
    STAGE_IIA,
    STAGE_IIB,
    STAGE_IIIA,
    STAGE_IIIB,
    STAGE_IIIC,
    STAGE_IV
};
enum { T_UNKNOWN = -1 };

/* The digit behind the letter, after prefixes (c, p, y, r) and blanks; suffix: what follows it. -1
 * where there is none. */
static int category(struct lus_text text, char letter, struct lus_text *suffix)
{
    size_t i = 0;
    while (i < text.n && strchr("cpyra ", text.p[i]))
        i++;
    if (i < text.n && toupper((unsigned char)text.p[i]) == letter) i++;
    *suffix = (struct lus_text){text.p + i, text.n - i};
    if (i == text.n || !isdigit((unsigned char)text.p[i])) return T_UNKNOWN;
    suffix->p++;
    suffix->n--;
    return text.p[i] - '0';
}

static bool begins(struct lus_text text, const char *with)
{
    size_t n = strlen(with);
    return text.n >= n && lus_text_equal_any_case((struct lus_text){text.p, n}, with);
}

static int stage_of_n1(int t, bool is_micro, int edition)
{
    if (t <= 1 && is_micro && edition >= 7) return STAGE_IB;
    if (t <= 1) return STAGE_IIA;
    return t == 2 ? STAGE_IIB : STAGE_IIIA;
}

int lus_tnm_stage(struct lus_text t_text, struct lus_text n_text, struct lus_text m_text,
                  int edition)
{
    struct lus_text t_suffix, n_suffix, m_suffix;
    int t = category(t_text, 'T', &t_suffix), n = category(n_text, 'N', &n_suffix),
        m = category(m_text, 'M', &m_suffix);
    if (m == 1) return STAGE_IV;
    if (m != 0) return -1;
    bool is_in_situ = t == T_UNKNOWN && begins(t_suffix, "is");
    if (n < 0 || n > 3 || t > 4 || (t < 0 && !is_in_situ)) return n == 3 ? STAGE_IIIC : -1;
    if (n == 3) return STAGE_IIIC;
    if (t == 4) return STAGE_IIIB;
    if (n == 2) return STAGE_IIIA;
    if (is_in_situ) return n == 0 ? STAGE_0 : -1;
    if (n == 1) return stage_of_n1(t, begins(n_suffix, "mi"), edition);
    if (t == 0) return -1; /* T0 N0 M0: no tumour was found */
    if (t == 1) return edition >= 7 ? STAGE_IA : STAGE_I;
    return t == 2 ? STAGE_IIA : STAGE_IIB;
}
