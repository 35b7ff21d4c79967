/* Survival of everybody at each level of a column, by a model. Of the tables `curve`, `at_risk` and
 * `standardised`. */
#include <math.h>

#include "present/chart/steps.h"

static const char *limit_text(struct lus_document *d, double limit)
{
    return isnan(limit) ? "–" : lus_document_text(d, "%.1f", 100 * limit);
}

static void add_words(struct lus_document *d, struct lus_drawing *out)
{
    const struct lus_table *t = lus_document_find(d, "standardised");
    for (size_t row = 0; t && row < t->n_rows; row++) {
        const struct lus_cell *at = lus_chart_cell(t, row, "time"),
                              *cell = lus_chart_cell(t, row, "survival");
        const char *said = isnan(cell->number)
                               ? lus_chart_absence(cell)
                               : lus_document_text(
                                     d, "%.1f %% (%s to %s)", 100 * cell->number,
                                     limit_text(d, lus_chart_number(t, row, "conf_low")),
                                     limit_text(d, lus_chart_number(t, row, "conf_high")));
        out->summary = lus_document_text(d, "%s %s at %s: %s.", out->summary,
                                         lus_chart_cell(t, row, "level")->text,
                                         at->text ? at->text : "", said);
    }
}

static int draw(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form form = {"survival", "conf_low", "conf_high", NULL};
    struct lus_document *d = steps->d;
    const struct lus_table *t = lus_document_find(d, "curve");
    double n = lus_chart_analysed(d);
    steps->y_label = "Alive, all else equal", steps->has_bands = true;
    steps->subtitle = lus_document_text(
        d, "Survival of all%s, had everybody one level of %s; %s; %g %% bands (%s)",
        isnan(n) ? "" : lus_document_text(d, ", %s", lus_chart_n(d, n)), t->columns[0].header,
        d->estimator, 100 * d->conf_level, d->transform);
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    for (size_t i = 0; i < lus_steps_count_strata(steps); i++) {
        struct lus_rows_of_curve rows = lus_steps_rows(steps, t, i * steps->n_tics);
        const char *name = lus_chart_row_name(d, steps->at_risk, i * steps->n_tics);
        struct lus_series *s = lus_steps_add(steps, name, i * steps->n_tics);
        LUS_TRY(lus_steps_read(steps, t, rows, &form, s));
    }
    add_words(d, out);
    return LUS_OK;
}

int lus_chart_adjusted(struct lus_document *d, const struct lus_chart_request *q,
                       struct lus_drawing *out, struct lus_error *err)
{
    const struct lus_table *at_risk = lus_document_find(d, "at_risk");
    if (!at_risk || !at_risk->n_rows)
        return lus_fail(err, LUS_EUSAGE, "plot adjusted wants --standardise COL");
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    return lus_steps_finish(steps, lus_steps_check(steps, err), draw, out, err);
}
