/* Cumulative incidence: of one stratum the causes as areas, one upon the other, and those alive on
 * top; of several the curves of one cause. Of the tables `incidence`, `curve` and `at_risk`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/steps.h"

/* The rows of `curve` of a stratum and a cause. */
static struct lus_rows_of_curve rows_of(const struct lus_steps *steps, size_t stratum,
                                        const char *cause)
{
    const struct lus_table *t = lus_document_find(steps->d, "curve");
    struct lus_rows_of_curve all = lus_steps_rows(steps, t, stratum * steps->n_tics), rows = all;
    size_t column = lus_chart_column(t, "cause");
    while (rows.first < all.end &&
           strcmp(t->cells[rows.first * t->n_columns + column].text, cause) != 0)
        rows.first++;
    rows.end = rows.first;
    while (rows.end < all.end &&
           strcmp(t->cells[rows.end * t->n_columns + column].text, cause) == 0)
        rows.end++;
    return rows;
}

/* The k-th cause; NULL: there is none. */
static const char *cause_of(const struct lus_document *d, size_t k)
{
    const struct lus_table *t = lus_document_find(d, "incidence");
    bool is_one = k < t->n_rows && lus_chart_number(t, k, "time") == lus_chart_number(t, 0, "time");
    for (size_t i = 0; is_one && i < lus_chart_n_keys(t); i++)
        is_one = strcmp(t->columns[i].name, "cause") == 0 ||
                 strcmp(t->cells[k * t->n_columns + i].text, t->cells[i].text) == 0;
    const char *cause = is_one ? lus_chart_cell(t, k, "cause")->text : NULL;
    return cause && (!k || strcmp(cause, lus_chart_cell(t, 0, "cause")->text) != 0) ? cause : NULL;
}

static const char *limit_text(struct lus_document *d, double limit)
{
    return isnan(limit) ? "–" : lus_document_text(d, "%.1f", 100 * limit);
}

static void add_words(struct lus_drawing *out, struct lus_document *d, size_t row, const char *name)
{
    const struct lus_table *t = lus_document_find(d, "incidence");
    const struct lus_cell *cell = lus_chart_cell(t, row, "incidence"),
                          *at = lus_chart_cell(t, row, "time");
    const char *said = isnan(cell->number)
                           ? lus_chart_absence(cell)
                           : lus_document_text(
                                 d, "%.1f %% (%s to %s)", 100 * cell->number,
                                 limit_text(d, lus_chart_number(t, row, "conf_low")),
                                 limit_text(d, lus_chart_number(t, row, "conf_high")));
    out->summary = lus_document_text(d, "%s %s by %s: %s.", out->summary, name, at->text, said);
}

static const char *subtitle_of(struct lus_document *d, const struct lus_table *t, const char *what,
                               bool has_bands)
{
    double n = lus_chart_analysed(d);
    return lus_document_text(
        d, "%s%s; Aalen-Johansen%s%s", lus_chart_subject(d, what, t, NAN),
        isnan(n) ? "" : lus_document_text(d, "; %s", lus_chart_n(d, n)),
        has_bands ? lus_document_text(d, ", %g %% bands (%s)", 100 * d->conf_level, d->transform)
                  : "",
        d->has_entry ? ", delayed entry" : "");
}

static int draw_causes(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form cause = {"incidence", NULL, NULL, "below"},
                                        alive = {"survival", NULL, NULL, "up_to"};
    struct lus_document *d = steps->d;
    const struct lus_table *t = lus_document_find(d, "curve");
    const char *name, *last = NULL;
    steps->is_stacked = true, steps->y_label = "Of all";
    steps->subtitle = subtitle_of(d, steps->at_risk, "What has happened", false);
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    for (size_t k = 0; (name = cause_of(d, k)) && steps->n_series + 1 < LUS_MOST_SERIES; k++) {
        struct lus_rows_of_curve rows = rows_of(steps, 0, name);
        struct lus_series *s = lus_steps_add(steps, name, k ? SIZE_MAX : 0);
        LUS_TRY(lus_steps_read(steps, t, rows, &cause, s));
        add_words(out, d, k, name);
        last = name;
    }
    struct lus_series *s = lus_steps_add(steps, "none of them", SIZE_MAX);
    s->from = 1;
    steps->rest = steps->n_series;
    return lus_steps_read(steps, t, rows_of(steps, 0, last), &alive, s);
}

static int draw_groups(struct lus_steps *steps, const char *cause, struct lus_drawing *out)
{
    static const struct lus_series_form form = {"incidence", "conf_low", "conf_high", NULL};
    struct lus_document *d = steps->d;
    const struct lus_table *t = lus_document_find(d, "curve"),
                           *rates = lus_document_find(d, "incidence");
    steps->has_bands = true;
    steps->y_label = lus_document_text(d, "Share who have had it: %s", cause);
    steps->subtitle = subtitle_of(d, steps->at_risk,
                                  lus_document_text(d, "Cumulative incidence of %s", cause), true);
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    for (size_t i = 0, row = 0; i < lus_steps_count_strata(steps); i++) {
        const char *name = lus_chart_row_name(d, steps->at_risk, i * steps->n_tics);
        struct lus_rows_of_curve rows = rows_of(steps, i, cause);
        struct lus_series *s = lus_steps_add(steps, name, i * steps->n_tics);
        LUS_TRY(lus_steps_read(steps, t, rows, &form, s));
        s->few_from = lus_steps_few_from(steps, t, rows);
        while (row < rates->n_rows && strcmp(lus_chart_cell(rates, row, "cause")->text, cause) != 0)
            row++;
        if (row < rates->n_rows) add_words(out, d, row++, name);
    }
    return LUS_OK;
}

/* The cause whose curves are drawn; NULL: none has the name. */
static const char *chosen(struct lus_document *d, const char *name)
{
    const char *cause = cause_of(d, 0);
    for (size_t k = 0; name && (cause = cause_of(d, k)) && strcmp(cause, name) != 0;)
        k++;
    return cause;
}

static int draw(struct lus_steps *steps, struct lus_drawing *out)
{
    steps->start = 0;
    return lus_steps_count_strata(steps) > 1 || steps->q->cause
               ? draw_groups(steps, chosen(steps->d, steps->q->cause), out)
               : draw_causes(steps, out);
}

int lus_chart_incidence(struct lus_document *d, const struct lus_chart_request *q,
                        struct lus_drawing *out, struct lus_error *err)
{
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    int status = chosen(d, q->cause)
                     ? lus_steps_check(steps, err)
                     : lus_fail(err, LUS_EUSAGE, "--cause: no cause is called \"%s\"", q->cause);
    return lus_steps_finish(steps, status, draw, out, err);
}
