/* Of a hundred such people, how many live at a time: strata side by side (icons), or times
 * (timeline). Of the table `rates`, or of `net` and `crude`, which tell the dead apart. Shares of
 * people only, never relative survival. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/sheet.h"

enum { ALIVE = 1, OF_CANCER, OF_OTHER, DEAD };

struct page {
    struct lus_sheet s;
    const struct lus_table *t, *crude; /* crude: NULL where causes are not told apart */
    double square, apart;              /* pixels: of a square, and between crowds */
    size_t n_across;
};

/* Whole people of a hundred that add up to a hundred: the largest remainders are rounded up. */
static void of_hundred(const double *shares, size_t n, int *people)
{
    int left = 100;
    double rest[4];
    for (size_t i = 0; i < n; i++) {
        people[i] = (int)floor(100 * shares[i] + 1e-9);
        rest[i] = 100 * shares[i] - people[i];
        left -= people[i];
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (rest[i] > rest[best]) best = i;
        people[best]++;
        rest[best] = -1;
    }
}

/* The kinds of a hundred people, and how many of each; how many kinds there are. */
static size_t count_people(const struct page *x, size_t row, double alive, int *kinds, int *people)
{
    if (!x->crude) {
        kinds[0] = ALIVE, kinds[1] = DEAD;
        of_hundred((double[]){alive, 1 - alive}, 2, people);
        return 2;
    }
    double other = lus_chart_number(x->crude, 2 * row + 1, "probability");
    kinds[0] = ALIVE, kinds[1] = OF_CANCER, kinds[2] = OF_OTHER;
    of_hundred((double[]){alive, 1 - alive - other, other}, 3, people);
    return 3;
}

/* The i-th square of a crowd, of which ten stand in a row. */
static void put_square(struct page *x, double left, double top, int i, int kind)
{
    double q = x->square, at = left + q * (i % 10), y = top + q * (double)(i / 10);
    lus_sheet_mark(&x->s, "people.dat", at + 0.08 * q, y + 0.08 * q, at + 0.92 * q, y + 0.92 * q,
                   kind);
}

/* A square each, alive first, and how many they are in words below. Returns where the words end. */
static double add_squares(struct page *x, size_t row, double alive, const char *head, double left,
                          double top)
{
    static const char *const names[] = {
        [ALIVE] = "alive",
        [OF_CANCER] = "dead of the cancer",
        [OF_OTHER] = "dead of other causes",
        [DEAD] = "dead",
    };
    struct lus_sheet *s = &x->s;
    int kinds[3], people[3], n = 0;
    size_t n_kinds = count_people(x, row, alive, kinds, people);
    const char *words = "";
    double y = top + 10 * x->square + 18;
    for (size_t k = 0; k < n_kinds; k++) {
        for (int i = 0; i < people[k]; i++, n++)
            put_square(x, left, top, n, kinds[k]);
        lus_sheet_mark(s, "people.dat", left + 1, y - 6, left + 13, y + 6, kinds[k]);
        y = lus_sheet_words(s, "legend.dat", left + 20, y, 10 * x->square - 20, 14.5,
                            lus_document_text(s->doc, "%d %s", people[k], names[kinds[k]])) +
            2;
        words = lus_document_text(s->doc, "%s%s%d %s", words, k ? ", " : "", people[k],
                                  kinds[k] == OF_OTHER ? "of other causes" : names[kinds[k]]);
    }
    s->d->summary = lus_document_text(s->doc, "%s %s: of 100, %s.", s->d->summary, head, words);
    return y;
}

/* Probabilities that no hundred people show are tabulated, not drawn as others. */
static int check_shares(const struct page *x, size_t row, const char *head, struct lus_error *err)
{
    for (size_t i = 2 * row; x->crude && i < 2 * row + 2; i++) {
        double share = lus_chart_number(x->crude, i, "probability");
        if (share < -1e-9 || share > 1 + 1e-9)
            return lus_fail(
                err, LUS_EDATA,
                "%s%s%s: a probability of death of %.1f %% (%s) is no share of a hundred "
                "people; lustrum net --table crude tabulates it",
                x->s.doc->file ? x->s.doc->file : "", *head ? ": " : "", head, 100 * share,
                i % 2 ? "of other causes" : "of the cancer");
    }
    return LUS_OK;
}

/* A crowd below its head; *end moves to where its words end. */
static int add_crowd(struct page *x, size_t row, const char *head, double left, double top,
                     double *end, struct lus_error *err)
{
    struct lus_sheet *s = &x->s;
    const struct lus_cell *alive = lus_chart_cell(x->t, row,
                                                  x->crude ? "observed_survival" : "survival");
    double wide = 10 * x->square;
    if (isnan(alive->number) && alive->why == LUS_WHY_TOO_FEW) {
        lus_sheet_put(s, "few.dat", left + wide / 2, top + wide / 2, "not shown");
        s->d->summary = lus_document_text(s->doc, "%s %s: not shown.", s->d->summary, head);
        *end = fmax(*end, top + wide);
        return LUS_OK;
    }
    if (isnan(alive->number))
        return lus_fail(err, LUS_EDATA,
                        "%s: survival is not available so late; choose an earlier --at",
                        s->doc->file);
    LUS_TRY(check_shares(x, row, head, err));
    double y = add_squares(x, row, alive->number, head, left, top);
    if (lus_chart_is_few(lus_chart_cell(x->t, row, "at_risk"))) {
        y = lus_sheet_words(s, "text.dat", left, y, wide, 14.5,
                            lus_document_text(s->doc, "fewer than %d at risk", LUS_FEW));
        lus_document_note(s->doc, lus_of_method(), "%s: fewer than %d at risk: read with care.",
                          head, LUS_FEW);
    }
    *end = fmax(*end, y);
    return LUS_OK;
}

/* "Of 100 such women, counted from primary surgery in 1978 to 1993; ..." */
static const char *such_people(const struct page *x)
{
    struct lus_document *d = x->s.doc;
    double n = lus_chart_analysed(d);
    const char *years = isnan(n) ? NULL : d->years; /* the first and last of single people */
    return lus_document_text(d,
                             "Of 100 such %s, counted from %s%s%s%s; %s; figures of populations, "
                             "never advice to a person",
                             d->people, d->origin ? d->origin : "the origin", years ? " in " : "",
                             years ? years : "",
                             isnan(n) ? "" : lus_document_text(d, "; %s", lus_chart_n(d, n)),
                             x->crude ? "crude probabilities of death" : "overall survival");
}

/* Crowds side by side, as many as have room with squares that are seen. */
static void place(struct page *x)
{
    enum { LEAST = 12, MOST = 27, APART = 40 };
    double wide = x->s.width - 2 * x->s.left, n = (double)x->t->n_rows;
    double most = floor((wide + APART) / (10 * LEAST + APART));
    double n_rows = ceil(n / fmax(1, most));
    x->n_across = (size_t)ceil(n / n_rows);
    x->apart = APART;
    x->square = fmin(MOST, ((wide + APART) / (double)x->n_across - APART) / 10);
}

static const char *head_of(const struct page *x, size_t row, bool has_names)
{
    struct lus_document *d = x->s.doc;
    const char *after = lus_document_text(d, "after %s", lus_chart_cell(x->t, row, "time")->text);
    const struct lus_table *keys = x->crude ? x->crude : x->t;
    if (!has_names) return after;
    return lus_document_text(d, "%s, %s", lus_chart_row_name(d, keys, x->crude ? 2 * row : row),
                             after);
}

static int draw(struct page *x, bool has_names, struct lus_error *err)
{
    struct lus_sheet *s = &x->s;
    place(x);
    lus_sheet_head(s, NULL, such_people(x));
    for (size_t first = 0; first < x->t->n_rows; first += x->n_across) {
        size_t end = first + x->n_across < x->t->n_rows ? first + x->n_across : x->t->n_rows;
        double top = s->y + 16, below = 0;
        for (size_t i = first; i < end; i++)
            top = fmax(top,
                       lus_sheet_words(s, "strong.dat",
                                       s->left + (double)(i - first) * (10 * x->square + x->apart),
                                       s->y + 18, 10 * x->square + x->apart - 12, 15.5,
                                       head_of(x, i, has_names)));
        for (size_t i = first; i < end; i++)
            LUS_TRY(add_crowd(x, i, head_of(x, i, has_names),
                              s->left + (double)(i - first) * (10 * x->square + x->apart), top,
                              &below, err));
        s->y = below + 4;
    }
    lus_sheet_end(s);
    return LUS_OK;
}

static struct page page_of(struct lus_document *d)
{
    const struct lus_table *crude = lus_document_find(d, "crude");
    return (struct page){.t = lus_document_find(d, crude ? "net" : "rates"), .crude = crude};
}

int lus_chart_icons(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    struct page x = page_of(d);
    if (x.t->n_rows > 2)
        return lus_fail(err, LUS_EUSAGE,
                        "%zu strata; plot icons shows one or two side by side (--where chooses)",
                        x.t->n_rows);
    lus_sheet_begin(&x.s, d, out, q, 760);
    return draw(&x, lus_chart_n_keys(x.crude ? x.crude : x.t) > 0, err);
}

int lus_chart_timeline(struct lus_document *d, const struct lus_chart_request *q,
                       struct lus_drawing *out, struct lus_error *err)
{
    struct page x = page_of(d);
    const struct lus_table *keys = x.crude ? x.crude : x.t;
    if (!lus_chart_same_keys(keys, 0, keys->n_rows - 1))
        return lus_fail(err, LUS_EUSAGE,
                        "plot timeline shows one population; choose it with --where");
    if (x.t->n_rows > 6) return lus_fail(err, LUS_EUSAGE, "plot timeline shows at most 6 times");
    lus_sheet_begin(&x.s, d, out, q, LUS_SHEET_WIDE);
    return draw(&x, false, err);
}
