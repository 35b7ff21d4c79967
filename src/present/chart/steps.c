/* Step curves: series and axis read off the tables `curve` and `at_risk`, and the sheet begun and
 * ended. */
#include "present/chart/steps.h"

#include <math.h>
#include <stdlib.h>

#include "lustrum/estimate.h"

static int allocate(struct lus_series *s, size_t n)
{
    s->x = lus_alloc(n, sizeof *s->x), s->y = lus_alloc(n, sizeof *s->y);
    s->low = lus_alloc(n, sizeof *s->low), s->high = lus_alloc(n, sizeof *s->high);
    s->few_from = s->median = NAN;
    return s->x && s->y && s->low && s->high ? LUS_OK : LUS_ENOMEM;
}

static double number_in(const struct lus_table *t, size_t row, size_t column)
{
    return column == SIZE_MAX ? NAN : t->cells[row * t->n_columns + column].number;
}

double lus_steps_few_from(const struct lus_steps *steps, const struct lus_table *t,
                          struct lus_rows_of_curve rows)
{
    size_t time = lus_chart_column(t, "time"), at_risk = lus_chart_column(t, "at_risk"),
           survival = lus_chart_column(t, "survival");
    double from = NAN;
    for (size_t row = rows.end; row-- > rows.first;) {
        const struct lus_cell *cells = &t->cells[row * t->n_columns];
        if (!lus_chart_is_few(&cells[at_risk]) && !cells[survival].is_few) break;
        from = cells[time].number / steps->unit;
    }
    return from;
}

int lus_steps_read(struct lus_steps *steps, const struct lus_table *t,
                   struct lus_rows_of_curve rows, const struct lus_series_form *form,
                   struct lus_series *s)
{
    size_t time = lus_chart_column(t, "time"), value = lus_chart_column(t, form->value),
           low = form->low ? lus_chart_column(t, form->low) : SIZE_MAX,
           high = form->high ? lus_chart_column(t, form->high) : SIZE_MAX,
           upon = form->upon ? lus_chart_column(t, form->upon) : SIZE_MAX;
    LUS_TRY(allocate(s, rows.end - rows.first));
    for (size_t row = rows.first; row < rows.end; row++) {
        double y = number_in(t, row, value), base = form->upon ? number_in(t, row, upon) : 0;
        if (isnan(y) && s->n) break;
        if (isnan(y)) continue;
        s->x[s->n] = number_in(t, row, time) / steps->unit;
        s->y[s->n] = base + y;
        s->low[s->n] = steps->is_stacked ? base : number_in(t, row, low);
        s->high[s->n] = steps->is_stacked ? base + y : number_in(t, row, high);
        s->n++;
    }
    return LUS_OK;
}

int lus_steps_read_censorings(const struct lus_steps *steps, const struct lus_table *t,
                              struct lus_rows_of_curve rows, struct lus_series *s)
{
    enum { SPARSE = 60 };
    size_t time = lus_chart_column(t, "time"), censored = lus_chart_column(t, "censored"), n = 0;
    for (size_t row = rows.first; row < rows.end; row++)
        n += number_in(t, row, censored) > 0;
    if (!n || n > SPARSE) return LUS_OK;
    s->censored = lus_alloc(n, sizeof *s->censored);
    if (!s->censored) return LUS_ENOMEM;
    for (size_t row = rows.first; row < rows.end; row++)
        if (number_in(t, row, censored) > 0)
            s->censored[s->n_censored++] = number_in(t, row, time) / steps->unit;
    return LUS_OK;
}

struct lus_rows_of_curve lus_steps_rows(const struct lus_steps *steps, const struct lus_table *t,
                                        size_t key_row)
{
    const struct lus_table *keys = steps->at_risk;
    struct lus_rows_of_curve rows = {t->n_rows, t->n_rows};
    for (size_t row = 0; row < t->n_rows; row++) {
        bool same = true;
        for (size_t k = 0; k < lus_chart_n_keys(keys) && same; k++)
            same = strcmp(t->cells[row * t->n_columns + k].text,
                          keys->cells[key_row * keys->n_columns + k].text) == 0;
        if (same && rows.first == t->n_rows) rows.first = row;
        if (same) rows.end = row + 1;
    }
    return rows;
}

struct lus_series *lus_steps_add(struct lus_steps *steps, const char *label, size_t number)
{
    struct lus_series *s = &steps->series[steps->n_series++];
    *s = (struct lus_series){.label = label, .first_number = number, .from = steps->start};
    return s;
}

void lus_steps_free(struct lus_steps *steps)
{
    for (size_t i = 0; i < steps->n_series; i++) {
        struct lus_series *s = &steps->series[i];
        free(s->x), free(s->y), free(s->low), free(s->high), free(s->censored);
    }
    free(steps);
}

int lus_steps_check(const struct lus_steps *steps, struct lus_error *err)
{
    size_t n = lus_steps_count_strata(steps);
    if (n <= LUS_MOST_SERIES) return LUS_OK;
    return lus_fail(err, LUS_EUSAGE,
                    "%zu strata; a chart shows at most %d (a table shows them all: lustrum rates "
                    "or curve)",
                    n, LUS_MOST_SERIES);
}

int lus_steps_finish(struct lus_steps *steps, int status,
                     int (*read)(struct lus_steps *steps, struct lus_drawing *out),
                     struct lus_drawing *out, struct lus_error *err)
{
    if (status == LUS_OK) {
        status = read(steps, out);
        if (status == LUS_OK) lus_steps_draw(steps, out);
        else (void)lus_fail_memory(err);
    }
    lus_steps_free(steps);
    return status;
}

size_t lus_steps_count_strata(const struct lus_steps *steps)
{
    return steps->n_tics ? steps->at_risk->n_rows / steps->n_tics : 0;
}

/* The last time, in the axis's unit, at which ten or more are at risk in some stratum, where fewer
 * are followed beyond it; 0: there is none, or nowhere a hundred, of whom a curve of few is all. */
static double last_of_many(const struct lus_steps *steps)
{
    enum { MANY = 100 };
    const struct lus_table *t = lus_document_find(steps->d, "curve");
    size_t time = t ? lus_chart_column(t, "time") : SIZE_MAX,
           at_risk = t ? lus_chart_column(t, "at_risk") : SIZE_MAX;
    double last = 0, end = 0, most = 0;
    for (size_t row = 0; at_risk != SIZE_MAX && row < t->n_rows; row++) {
        const struct lus_cell *cells = &t->cells[row * t->n_columns];
        double at = cells[time].number / steps->unit;
        end = fmax(end, at), most = fmax(most, cells[at_risk].number);
        if (!isnan(cells[at_risk].number) && !lus_chart_is_few(&cells[at_risk]))
            last = fmax(last, at);
    }
    return most >= MANY && last < end ? last : 0;
}

struct lus_steps *lus_steps_begin(struct lus_document *d, const struct lus_chart_request *q)
{
    struct lus_steps *steps = lus_alloc_zeroed(1, sizeof *steps);
    if (!steps) return NULL;
    steps->d = d, steps->q = q, steps->at_risk = lus_document_find(d, "at_risk");
    steps->start = steps->y_max = 1, steps->y_step = 0.2;
    steps->unit = (double)lus_unit_ticks(d->axis_unit) / (double)lus_unit_ticks(d->unit);
    const struct lus_table *t = steps->at_risk;
    while (steps->n_tics < t->n_rows && lus_chart_same_keys(t, 0, steps->n_tics) &&
           (!steps->n_tics || lus_chart_number(t, steps->n_tics, "time") > 0))
        steps->n_tics++;
    double last = lus_chart_number(t, steps->n_tics - 1, "time") / steps->unit,
           many = last_of_many(steps);
    steps->tic = steps->n_tics > 1 ? last / (double)(steps->n_tics - 1) : 1;
    steps->is_cut = isnan(q->until) && many > 0 && many < last;
    steps->x_max = !isnan(q->until) ? q->until / steps->unit : steps->is_cut ? many : last;
    steps->x_label = lus_document_text(d, "%s since %s", lus_unit_name(d->axis_unit),
                                       d->from_landmark ? "the landmark"
                                       : d->origin      ? d->origin
                                                        : "the origin");
    return steps;
}
