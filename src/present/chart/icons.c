/* Of a hundred such people, how many live at a time: strata side by side (icons), or times
 * (timeline). Of the table `rates`, or of `net` and `crude`, which tell the dead apart. Shares of
 * people only, never relative survival. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/cells.h"

enum { ALIVE = 1, OF_CANCER, OF_OTHER, DEAD };

struct sheet {
    struct lus_document *doc;
    const struct lus_table *t, *crude; /* crude: NULL where causes are not told apart */
    struct lus_drawing *d;
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
static size_t count_people(const struct sheet *s, size_t row, double alive, int *kinds, int *people)
{
    if (!s->crude) {
        kinds[0] = ALIVE, kinds[1] = DEAD;
        of_hundred((double[]){alive, 1 - alive}, 2, people);
        return 2;
    }
    double other = lus_chart_number(s->crude, 2 * row + 1, "probability");
    kinds[0] = ALIVE, kinds[1] = OF_CANCER, kinds[2] = OF_OTHER;
    of_hundred((double[]){alive, 1 - alive - other, other}, 3, people);
    return 3;
}

/* A square each, alive first, and how many they are in words below. */
static void add_squares(struct sheet *s, size_t row, double alive, const char *head)
{
    static const char *const names[] = {
        [ALIVE] = "alive",
        [OF_CANCER] = "dead of the cancer",
        [OF_OTHER] = "dead of other causes",
        [DEAD] = "dead",
    };
    int kinds[3], people[3], n = 0;
    size_t n_kinds = count_people(s, row, alive, kinds, people);
    const char *words = "";
    for (size_t k = 0; k < n_kinds; k++) {
        for (int i = 0; i < people[k]; i++, n++)
            lus_string_print(lus_drawing_file(s->d, "people.dat"), "%zu\t%d\t%d\n", row, n,
                             kinds[k]);
        lus_drawing_label(lus_drawing_file(s->d, "words.dat"), (double)row, (double)k,
                          lus_document_text(s->doc, "%d %s", people[k], names[kinds[k]]));
        words = lus_document_text(s->doc, "%s%s%d %s", words, k ? ", " : "", people[k],
                                  kinds[k] == OF_OTHER ? "of other causes" : names[kinds[k]]);
    }
    s->d->summary = lus_document_text(s->doc, "%s %s: of 100, %s.", s->d->summary, head, words);
}

/* Probabilities that no hundred people show are tabulated, not drawn as others. */
static int check_shares(const struct sheet *s, size_t row, const char *head, struct lus_error *err)
{
    for (size_t i = 2 * row; s->crude && i < 2 * row + 2; i++) {
        double share = lus_chart_number(s->crude, i, "probability");
        if (share < -1e-9 || share > 1 + 1e-9)
            return lus_fail(
                err, LUS_EDATA,
                "%s%s%s: a probability of death of %.1f %% (%s) is no share of a hundred "
                "people; lustrum net --table crude tabulates it",
                s->doc->file ? s->doc->file : "", *head ? ": " : "", head, 100 * share,
                i % 2 ? "of other causes" : "of the cancer");
    }
    return LUS_OK;
}

static int add_crowd(struct sheet *s, size_t row, const char *head, struct lus_error *err)
{
    const struct lus_cell *alive = lus_chart_cell(s->t, row,
                                                  s->crude ? "observed_survival" : "survival");
    lus_drawing_label(lus_drawing_file(s->d, "heads.dat"), (double)row, 0,
                      lus_chart_cut(s->doc, head, 26));
    if (isnan(alive->number) && alive->why == LUS_WHY_TOO_FEW) {
        lus_drawing_label(lus_drawing_file(s->d, "hidden.dat"), (double)row, 0, "not shown");
        s->d->summary = lus_document_text(s->doc, "%s %s: not shown.", s->d->summary, head);
        return LUS_OK;
    }
    if (isnan(alive->number))
        return lus_fail(err, LUS_EDATA,
                        "%s: survival is not available so late; choose an earlier --at",
                        s->doc->file);
    if (lus_chart_is_few(lus_chart_cell(s->t, row, "at_risk"))) {
        lus_drawing_label(lus_drawing_file(s->d, "few_people.dat"), (double)row, 0,
                          lus_document_text(s->doc, "fewer than %d at risk", LUS_FEW));
        lus_document_note(s->doc, lus_of_method(), "%s: fewer than %d at risk: read with care.",
                          head, LUS_FEW);
    }
    LUS_TRY(check_shares(s, row, head, err));
    add_squares(s, row, alive->number, head);
    return LUS_OK;
}

/* "Of 100 such women, counted from primary surgery in 1978 to 1993; ..." */
static const char *such_people(const struct sheet *s)
{
    struct lus_document *d = s->doc;
    double n = lus_chart_analysed(d);
    const char *years = isnan(n) ? NULL : d->years; /* the first and last of single people */
    return lus_document_text(d,
                             "Of 100 such %s, counted from %s%s%s%s; %s; figures of populations, "
                             "never advice to a person",
                             d->people, d->origin ? d->origin : "the origin", years ? " in " : "",
                             years ? years : "",
                             isnan(n) ? "" : lus_document_text(d, "; n = %.10g", n),
                             s->crude ? "crude probabilities of death" : "overall survival");
}

/* apart: squares from one crowd to the next. */
static int draw(struct sheet *s, const struct lus_chart_request *q, int apart, bool has_names,
                struct lus_error *err)
{
    struct lus_document *d = s->doc;
    static const char *const files[] = {"people.dat", "heads.dat", "words.dat", "few_people.dat",
                                        "hidden.dat"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(s->d, files[i]);
    s->d->template = lus_template_people;
    lus_string_print(&s->d->settings, "N_CROWDS = %zu\nAPART = %d\n", s->t->n_rows, apart);
    lus_cells_begin(s->d, d, q, such_people(s));
    for (size_t i = 0; i < s->t->n_rows; i++) {
        const char *after = lus_document_text(d, "after %s", lus_chart_cell(s->t, i, "time")->text);
        const char *name = has_names ? lus_chart_row_name(d, s->crude ? s->crude : s->t,
                                                          s->crude ? 2 * i : i)
                                     : "";
        LUS_TRY(add_crowd(
            s, i,
            has_names ? lus_document_text(d, "%s, %s", lus_chart_cut(d, name, 14), after) : after,
            err));
    }
    return LUS_OK;
}

static struct sheet sheet_of(struct lus_document *d, struct lus_drawing *out)
{
    const struct lus_table *crude = lus_document_find(d, "crude");
    return (struct sheet){d, lus_document_find(d, crude ? "net" : "rates"), crude, out};
}

int lus_chart_icons(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    struct sheet s = sheet_of(d, out);
    if (s.t->n_rows > 2)
        return lus_fail(err, LUS_EUSAGE,
                        "%zu strata; plot icons shows one or two side by side (--where chooses)",
                        s.t->n_rows);
    return draw(&s, q, 13, lus_chart_n_keys(s.crude ? s.crude : s.t) > 0, err);
}

int lus_chart_timeline(struct lus_document *d, const struct lus_chart_request *q,
                       struct lus_drawing *out, struct lus_error *err)
{
    struct sheet s = sheet_of(d, out);
    const struct lus_table *keys = s.crude ? s.crude : s.t;
    if (!lus_chart_same_keys(keys, 0, keys->n_rows - 1))
        return lus_fail(err, LUS_EUSAGE,
                        "plot timeline shows one population; choose it with --where");
    if (s.t->n_rows > 6) return lus_fail(err, LUS_EUSAGE, "plot timeline shows at most 6 times");
    return draw(&s, q, 12, false, err);
}
