/* lustrum plot curve: survival curves with bands and the numbers at risk. */
#include <math.h>
#include <stdlib.h>

#include "command/comparison.h"
#include "command/plot.h"
#include "command/suppress.h"

/* A round step that parts the axis into four to nine pieces; in months, pieces are years or parts
 * of them. */
static double tic_of(double span, enum lus_unit unit)
{
    static const double months[] = {1, 3, 6, 12, 24, 36, 60, 120}, plain[] = {1, 2, 5};
    if (unit == LUS_MONTHS)
        for (size_t i = 0; i < sizeof months / sizeof *months; i++)
            if (span / months[i] <= 8) return months[i];
    double power = pow(10, floor(log10(span / 4)));
    for (size_t i = 0; i < 3; i++)
        if (span / (plain[i] * power) <= 8) return plain[i] * power;
    return 10 * power;
}

static int copy_curve(struct lus_chart_series *s, const struct lus_fit *fit, enum lus_unit unit,
                      const struct lus_conf *conf, double least, struct lus_error *err)
{
    const struct lus_curve *c = &fit->curve;
    size_t *rows = lus_alloc(c->n, sizeof *rows), n = rows ? lus_rows_shown(fit, least, rows) : 0;
    s->x = lus_alloc(c->n, sizeof *s->x), s->y = lus_alloc(c->n, sizeof *s->y);
    s->low = lus_alloc(c->n, sizeof *s->low), s->high = lus_alloc(c->n, sizeof *s->high);
    if (!rows || !s->x || !s->y || !s->low || !s->high) {
        free(rows);
        return lus_fail_memory(err);
    }
    s->few_from = s->median = NAN;
    for (size_t k = 0; k < n; k++) {
        size_t i = rows[k];
        struct lus_point p = lus_curve_at(c, c->time[i], conf);
        if (p.why != LUS_AVAILABLE) {
            if (p.why == LUS_WHY_REFILLED) break;
            continue; /* before the first entry */
        }
        s->x[s->n] = lus_time_in(c->time[i], unit);
        s->y[s->n] = p.survival, s->low[s->n] = p.low, s->high[s->n] = p.high;
        s->n++;
    }
    free(rows);
    for (size_t i = c->n; i-- > 0 && c->at_risk[i] < LUS_FEW;)
        s->few_from = lus_time_in(c->time[i], unit);
    return LUS_OK;
}

static int add_risk_times(struct lus_chart *chart, struct lus_error *err)
{
    chart->n_risk_times = (size_t)(chart->x_max / chart->tic + 1e-9) + 1;
    chart->risk_times = lus_alloc(chart->n_risk_times, sizeof *chart->risk_times);
    if (!chart->risk_times) return lus_fail_memory(err);
    for (size_t k = 0; k < chart->n_risk_times; k++)
        chart->risk_times[k] = (double)k * chart->tic;
    return LUS_OK;
}

int lus_chart_set_axis(struct lus_chart *chart, const struct lus_options *o,
                       const struct lus_tally *tally, enum lus_unit *unit, struct lus_error *err)
{
    lus_time last = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (tally->strata[i].table.last_exit > last) last = tally->strata[i].table.last_exit;
    if (o->until) LUS_TRY(lus_duration_parse(o->until, tally->unit, &last, err));
    if (o->until && last <= 0)
        return lus_fail(err, LUS_EUSAGE, "--until must be later than the origin");
    *unit = last >= 4 * lus_unit_ticks(LUS_YEARS) ? LUS_YEARS : tally->unit;
    double span = last > 0 ? lus_time_in(last, *unit) : 1;
    chart->tic = tic_of(span, *unit);
    chart->x_max = o->until ? span : chart->tic * ceil(span / chart->tic - 1e-9);
    return add_risk_times(chart, err);
}

void lus_chart_set_title(struct lus_chart *chart, const struct lus_options *o, struct lus_result *r,
                         const struct lus_tally *tally, enum lus_unit unit)
{
    struct lus_document *d = &r->document;
    const char *title = o->title ? o->title : tally->title ? tally->title : tally->file;
    chart->is_synthetic = tally->is_synthetic;
    chart->title = lus_document_text(d, "%s%s", title, tally->is_synthetic ? " (SYNTHETIC)" : "");
    chart->x_label = lus_document_text(d, "%s since %s", lus_unit_name(unit),
                                       tally->landmark > 0 ? "the landmark"
                                       : tally->origin     ? tally->origin
                                                           : "the origin");
}

const char *lus_by_text(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_string by = {0};
    for (size_t k = 0; k < tally->n_by; k++)
        lus_string_print(&by, "%s%s", k ? ", " : " by ", tally->labels[k]);
    return lus_document_keep(&r->document, &by);
}

struct lus_chart *lus_chart_begin(const struct lus_options *o, struct lus_result *r,
                                  size_t n_series)
{
    struct lus_chart *chart = r->chart = lus_alloc_zeroed(1, sizeof *chart);
    if (!chart) return NULL;
    chart->keep_script = o->keep_script;
    chart->start = 1;
    chart->series = lus_alloc_zeroed(n_series, sizeof *chart->series);
    return chart->series ? chart : NULL;
}

static const char *finding(struct lus_result *r, const struct lus_tally *tally,
                           const struct lus_stratum *s, const struct lus_curve *c,
                           const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    struct lus_point p = lus_curve_at(c, 5 * lus_unit_ticks(LUS_YEARS), conf);
    struct lus_quantile median = lus_curve_quantile(c, 0.5, conf);
    const char *name = lus_stratum_name(r, tally, s), *unit = lus_unit_name(tally->unit);
    const char *rate = isnan(p.survival)
                           ? "5-year survival not available"
                           : lus_document_text(d, "5-year survival %.1f %% (%.1f to %.1f)",
                                               100 * p.survival, 100 * p.low, 100 * p.high);
    const char *middle = median.why == LUS_AVAILABLE
                             ? lus_document_text(d, "median %.4g %s",
                                                 lus_time_in(median.time, tally->unit), unit)
                             : "median not reached";
    return lus_document_text(d, "%s: %s, %s, n %.10g.", name, rate, middle, s->table.total);
}

/* Censored and events up to and with a time, over the whole stratum. */
static int add_counts(struct lus_chart *chart, struct lus_chart_series *s,
                      const struct lus_event_table *t, enum lus_unit unit)
{
    s->censored_by = lus_alloc_zeroed(chart->n_risk_times, sizeof *s->censored_by);
    s->events_by = lus_alloc_zeroed(chart->n_risk_times, sizeof *s->events_by);
    if (!s->censored_by || !s->events_by) return LUS_ENOMEM;
    for (size_t k = 0; k < chart->n_risk_times; k++)
        for (size_t i = 0; i < t->n && lus_time_in(t->time[i], unit) <= chart->risk_times[k]; i++)
            s->censored_by[k] += t->censored[i], s->events_by[k] += t->events[i];
    return LUS_OK;
}

/* Times of censoring, where they are sparse enough to be seen as marks. */
static int add_censorings(struct lus_chart_series *s, const struct lus_event_table *t,
                          enum lus_unit unit)
{
    enum { SPARSE = 60 };
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->censored[i] > 0;
    if (!n || n > SPARSE) return LUS_OK;
    s->censored_x = lus_alloc(n, sizeof *s->censored_x);
    if (!s->censored_x) return LUS_ENOMEM;
    for (size_t i = 0; i < t->n; i++)
        if (t->censored[i] > 0) s->censored_x[s->n_censored++] = lus_time_in(t->time[i], unit);
    return LUS_OK;
}

static int add_series(struct lus_chart *chart, struct lus_result *r, const struct lus_tally *tally,
                      const struct lus_fitting *f, enum lus_unit unit, size_t i,
                      struct lus_error *err)
{
    const struct lus_stratum *stratum = &tally->strata[i];
    struct lus_chart_series *s = &chart->series[chart->n_series++];
    struct lus_fit fit;
    LUS_TRY(lus_fit(f, &stratum->table, &fit, err));
    s->label = lus_stratum_name(r, tally, stratum);
    int status = copy_curve(s, &fit, unit, &f->conf, chart->least_shown, err);
    s->at_risk = lus_alloc(chart->n_risk_times, sizeof *s->at_risk);
    if (!s->at_risk) status = lus_fail_memory(err);
    for (size_t k = 0; status == LUS_OK && k < chart->n_risk_times; k++)
        s->at_risk[k] = lus_at_risk(
            fit.table, (lus_time)llround(chart->risk_times[k] * (double)lus_unit_ticks(unit)));
    struct lus_quantile median = lus_curve_quantile(&fit.curve, 0.5, &f->conf);
    bool shows_times = !(chart->least_shown > 0); /* single people's times are not for showing */
    if (shows_times && median.why == LUS_AVAILABLE)
        s->median = lus_time_in(median.time + fit.curve.start, unit);
    if (shows_times && status == LUS_OK) status = add_censorings(s, fit.table, unit);
    if (chart->is_extended && status == LUS_OK) status = add_counts(chart, s, fit.table, unit);
    if (status == LUS_ENOMEM) (void)lus_fail_memory(err);
    /* with --suppress the summary tells no stratum */
    if (status == LUS_OK && !(chart->least_shown > 0))
        chart->summary = lus_document_text(&r->document, "%s %s", chart->summary,
                                           finding(r, tally, stratum, &fit.curve, &f->conf));
    lus_add_entry_notes(r, tally, stratum, &fit.curve);
    lus_fit_free(&fit);
    return status;
}

static void set_texts(struct lus_chart *chart, const struct lus_options *o, struct lus_result *r,
                      const struct lus_tally *tally, const struct lus_fitting *f,
                      enum lus_unit unit)
{
    struct lus_document *d = &r->document;
    double n = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        n += tally->strata[i].table.total;
    if (tally->overlaps) n = (double)tally->n_analysed;
    lus_chart_set_title(chart, o, r, tally, unit);
    chart->subtitle = lus_document_text(
        d, "%s survival%s%s%s; n = %.10g; %s, %g %% bands (%s)%s",
        tally->measure && tally->measure[0] == 'C' ? "Cause-specific" : "Overall",
        tally->origin ? " from " : "", tally->origin ? tally->origin : "", lus_by_text(r, tally), n,
        f->estimator->title, 100 * f->conf.level, lus_transform_name(f->conf.transform),
        tally->has_entry ? ", delayed entry" : "");
    chart->y_label = "Alive";
    chart->summary = lus_document_text(d, "%s.", chart->subtitle);
}

/* Figures that say where a curve of everybody would pass: survival at a time, a median. */
static int add_figures(struct lus_chart *chart, const struct lus_options *o, struct lus_result *r,
                       enum lus_unit unit, struct lus_error *err)
{
    struct lus_figures figures;
    if (!o->figures) return LUS_OK;
    LUS_TRY(lus_figures_named(o->figures, &figures, err));
    chart->marks = lus_alloc(figures.n, sizeof *chart->marks);
    for (size_t i = 0; chart->marks && i < figures.n; i++) {
        const struct lus_figure *f = &figures.at[i];
        bool is_median = f->statistic == LUS_STATISTIC_MEDIAN;
        if ((f->statistic != LUS_STATISTIC_SURVIVAL && !is_median) || f->where || f->is_survivors)
            continue;
        double x = is_median
                       ? f->value * (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(unit)
                       : lus_time_in(f->at, unit);
        if (x > chart->x_max) continue;
        if (chart->n_marks == LUS_MOST_MARKS) {
            lus_figures_free(&figures);
            return lus_fail(err, LUS_EUSAGE,
                            "--figures: a chart shows at most %d figures (a table shows them all: "
                            "lustrum context)",
                            LUS_MOST_MARKS);
        }
        const char *label = lus_figure_label(r, f);
        chart->marks[chart->n_marks++] = (struct lus_chart_mark){x, is_median ? 0.5 : f->value,
                                                                 label};
        chart->summary = lus_document_text(&r->document, "%s Quoted: %s.", chart->summary, label);
    }
    lus_figures_free(&figures);
    return chart->marks ? LUS_OK : lus_fail_memory(err);
}

static int draw_curves(struct lus_result *r, const struct lus_options *o,
                       const struct lus_tally *tally, struct lus_error *err)
{
    struct lus_fitting f;
    LUS_TRY(lus_fitting_of(o, tally, &f, err));
    if (tally->n_strata > LUS_MOST_SERIES)
        return lus_fail(
            err, LUS_EUSAGE,
            "%zu strata; a chart shows at most %d (a table shows them all: lustrum rates or curve)",
            tally->n_strata, LUS_MOST_SERIES);
    if (!tally->n_strata)
        return lus_fail(err, LUS_EDATA, "%s: nobody is left to draw", tally->file);
    struct lus_chart *chart = lus_chart_begin(o, r, tally->n_strata);
    if (!chart) return lus_fail_memory(err);
    enum lus_unit unit = tally->unit;
    LUS_TRY(lus_chart_set_axis(chart, o, tally, &unit, err));
    set_texts(chart, o, r, tally, &f, unit);
    LUS_TRY(add_figures(chart, o, r, unit, err));
    if (o->risk_table && strcmp(o->risk_table, "extended") != 0 &&
        strcmp(o->risk_table, "plain") != 0)
        return lus_fail(err, LUS_EUSAGE, "--risk-table is plain or extended, not \"%s\"",
                        o->risk_table);
    chart->is_extended = o->risk_table && o->risk_table[0] == 'e';
    if (chart->is_extended && o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--risk-table extended goes without --suppress");
    lus_add_strata(r, tally, tally->n_by);
    struct lus_cells cells;
    LUS_TRY(lus_cells_make(&cells, tally, tally->n_by, o->suppress, err));
    int status = LUS_OK;
    chart->least_shown = cells.least;
    for (size_t i = 0; i < tally->n_strata && status == LUS_OK; i++)
        if (!lus_cells_is_hidden(&cells, &tally->strata[i]))
            status = add_series(chart, r, tally, &f, unit, i, err);
    lus_cells_free(&cells);
    LUS_TRY(status);
    if (!chart->n_series)
        return lus_fail(err, LUS_EUSAGE,
                        "every stratum has fewer than %ld people; there is nothing to draw",
                        o->suppress);
    lus_add_selection(r, tally);
    return lus_add_warnings(o, r, tally, NULL, err);
}

int lus_plot_curve(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    LUS_TRY(lus_query_of(o, &query, err));
    int status = lus_read(&query, &tally, r, err);
    if (status == LUS_OK) status = draw_curves(r, o, &tally, err);
    lus_tally_free(&tally);
    return status;
}
