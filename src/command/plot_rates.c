/* lustrum plot rates: survival at a horizon and medians by stratum, each a dot with its interval;
 * quoted figures as lines. */
#include <math.h>
#include <stdlib.h>

#include "command/comparison.h"
#include "command/plot_dots.h"
#include "command/suppress.h"

struct drawing {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_horizon *horizons;
    size_t n_horizons;
    struct lus_drawing *d;
    struct lus_panel rates, medians;
    struct lus_figures figures;
    const char *summary;
};

static const double LEFT = -0.98, RIGHT = 3.0;

static const char *interval_text(struct lus_result *r, double value, double low, double high,
                                 double factor, const char *unit)
{
    if (isnan(value)) return "–";
    if (isnan(low) && isnan(high))
        return lus_document_text(&r->document, "%.4g%s", factor * value, unit);
    return lus_document_text(
        &r->document, "%.4g%s (%s to %s)", factor * value, unit,
        isnan(low) ? "–" : lus_document_text(&r->document, "%.4g", factor * low),
        isnan(high) ? "–" : lus_document_text(&r->document, "%.4g", factor * high));
}

/* The largest median or limit: where the axis of medians ends. */
static int find_longest(struct drawing *x, double *most, struct lus_error *err)
{
    *most = 0;
    for (size_t i = 0; i < x->tally.n_strata; i++) {
        struct lus_fit fit;
        LUS_TRY(lus_fit(&x->fitting, &x->tally.strata[i].table, &fit, err));
        struct lus_quantile q = lus_curve_quantile(&fit.curve, 0.5, &x->fitting.conf);
        if (q.why == LUS_AVAILABLE)
            *most = fmax(*most,
                         lus_time_in(q.why_high == LUS_AVAILABLE ? q.high : q.time, x->tally.unit));
        lus_fit_free(&fit);
    }
    for (size_t i = 0; i < x->figures.n; i++)
        if (x->figures.at[i].statistic == LUS_STATISTIC_MEDIAN)
            *most = fmax(*most, x->figures.at[i].value *
                                    (double)lus_unit_ticks(x->figures.at[i].unit) /
                                    (double)lus_unit_ticks(x->tally.unit));
    *most = lus_round_up(*most > 0 ? *most : 1);
    return LUS_OK;
}

static int add_row(struct drawing *x, size_t i, double y, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    const struct lus_stratum *s = &x->tally.strata[i];
    const struct lus_horizon *h = &x->horizons[0];
    struct lus_fit fit;
    LUS_TRY(lus_fit(&x->fitting, &s->table, &fit, err));
    struct lus_point p = lus_curve_at(&fit.curve, h->time, &x->fitting.conf);
    struct lus_quantile q = lus_curve_quantile(&fit.curve, 0.5, &x->fitting.conf);
    double at_risk = lus_at_risk(fit.table, h->time),
           median = q.why == LUS_AVAILABLE ? lus_time_in(q.time, x->tally.unit) : NAN;
    double low = q.why_low == LUS_AVAILABLE ? lus_time_in(q.low, x->tally.unit) : NAN,
           high = q.why_high == LUS_AVAILABLE ? lus_time_in(q.high, x->tally.unit) : NAN;
    const char *name = lus_stratum_name(x->r, &x->tally, s);
    const char *rate_text = interval_text(x->r, p.survival, p.low, p.high, 100, " %"),
               *median_text = q.why == LUS_AVAILABLE ? interval_text(x->r, median, low, high, 1, "")
                                                     : "not reached";
    lus_drawing_label(lus_drawing_file(x->d, "left.dat"), LEFT + 0.01, -y,
                      lus_dots_cut(x->r, name, 24));
    lus_drawing_label(lus_drawing_file(x->d, at_risk < LUS_FEW ? "pale.dat" : "right.dat"),
                      at_risk < LUS_FEW ? -0.25 : -0.12, -y,
                      lus_document_text(d, "%.10g", s->table.total));
    lus_dots_data(x->d, &x->rates, y, p.survival, p.low, p.high, at_risk < LUS_FEW);
    lus_drawing_label(lus_drawing_file(x->d, isnan(p.survival) ? "pale.dat" : "left.dat"), 1.04, -y,
                      isnan(p.survival) ? "not available" : rate_text);
    if (q.why == LUS_AVAILABLE) lus_dots_data(x->d, &x->medians, y, median, low, high, false);
    lus_drawing_label(lus_drawing_file(x->d, q.why == LUS_AVAILABLE ? "left.dat" : "pale.dat"),
                      2.46, -y, median_text);
    x->summary = lus_document_text(d, "%s %s: %s at %s, median %s, n %.10g.", x->summary, name,
                                   rate_text, h->text, median_text, s->table.total);
    lus_fit_free(&fit);
    return LUS_OK;
}

/* Figures of the same statistic as lines through all rows: survival at the horizon, medians; those
 * about everybody, and stated. */
static void add_figures(struct drawing *x, double n_rows)
{
    double heights[2] = {0, 0};
    for (size_t i = 0; i < x->figures.n; i++) {
        const struct lus_figure *f = &x->figures.at[i];
        bool is_rate = f->statistic == LUS_STATISTIC_SURVIVAL && f->at == x->horizons[0].time,
             is_median = f->statistic == LUS_STATISTIC_MEDIAN;
        if ((!is_rate && !is_median) || f->where || f->is_survivors) continue;
        double value = is_rate ? f->value
                               : f->value * (double)lus_unit_ticks(f->unit) /
                                     (double)lus_unit_ticks(x->tally.unit);
        const char *name = lus_figure_label(x->r, f);
        lus_dots_line(x->d, is_rate ? &x->rates : &x->medians, 0, n_rows, value, name,
                      heights[is_median]);
        x->summary = lus_document_text(&x->r->document, "%s Quoted: %s.", x->summary, name);
        heights[is_median] += 0.75;
    }
}

static int draw(struct drawing *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    const struct lus_tally *t = &x->tally;
    double n_rows = (double)t->n_strata, most;
    LUS_TRY(lus_fitting_of(x->o, t, &x->fitting, err));
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", t->unit, &x->horizons,
                            &x->n_horizons, err));
    if (x->n_horizons != 1)
        return lus_fail(err, LUS_EUSAGE, "plot rates draws one horizon, --at 5y");
    if (!t->n_strata) return lus_fail(err, LUS_EDATA, "%s: nobody is left to draw", t->file);
    if (t->n_strata > 40)
        return lus_fail(err, LUS_EUSAGE, "%zu strata; a chart shows at most 40", t->n_strata);
    if (x->o->figures) LUS_TRY(lus_figures_named(x->o->figures, &x->figures, err));
    size_t n_shares = 0, n_medians = 0;
    for (size_t i = 0; i < x->figures.n; i++) {
        const struct lus_figure *f = &x->figures.at[i];
        if (f->where || f->is_survivors) continue;
        n_shares += f->statistic == LUS_STATISTIC_SURVIVAL && f->at == x->horizons[0].time;
        n_medians += f->statistic == LUS_STATISTIC_MEDIAN;
    }
    double n_lines = (double)(n_shares > n_medians ? n_shares : n_medians);
    LUS_TRY(find_longest(x, &most, err));
    x->rates = (struct lus_panel){0, 1, 1, true};
    x->medians = (struct lus_panel){1.7, 0.72, most, false};
    if (!(x->d = lus_dots_begin(x->o, x->r, n_rows + 0.75 * n_lines, LEFT, RIGHT, 1300)))
        return lus_fail_memory(err);
    const char *title = x->o->title ? x->o->title
                        : t->title  ? t->title
                                    : t->file,
               *synthetic = t->is_synthetic ? " (SYNTHETIC)" : "";
    double n = 0;
    for (size_t i = 0; i < t->n_strata; i++)
        n += t->strata[i].table.total;
    x->d->title = lus_document_text(d, "%s%s", title, synthetic);
    x->d->is_synthetic = t->is_synthetic;
    const char *subtitle = lus_document_text(
        d, "%s survival%s%s%s; n = %.10g; %g %% intervals (%s)%s",
        t->measure && t->measure[0] == 'C' ? "Cause-specific" : "Overall",
        t->origin ? " from " : "", t->origin ? t->origin : "", lus_by_text(x->r, t),
        t->overlaps ? (double)t->n_analysed : n, 100 * x->fitting.conf.level,
        lus_transform_name(x->fitting.conf.transform), t->has_entry ? ", delayed entry" : "");
    x->summary = lus_document_text(d, "%s.", subtitle);
    lus_dots_title(x->d, LEFT, x->d->title, subtitle);
    lus_dots_axis(x->r, x->d, &x->rates, 0, n_rows,
                  lus_document_text(d, "alive at %s", x->horizons[0].text));
    lus_dots_axis(x->r, x->d, &x->medians, 0, n_rows,
                  lus_document_text(d, "median, %s", lus_unit_name(t->unit)));
    lus_drawing_label(lus_drawing_file(x->d, "right.dat"), -0.12, 0.75, "n");
    for (size_t i = 0; i < t->n_strata; i++)
        LUS_TRY(add_row(x, i, (double)i, err));
    add_figures(x, n_rows);
    x->d->summary = x->summary;
    lus_add_selection(x->r, t);
    return lus_add_warnings(x->o, x->r, t, NULL, err);
}

int lus_plot_rates(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct drawing x = {.o = o, .r = r};
    struct lus_query query;
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress goes with plot curve and with tables");
    LUS_TRY(lus_query_of(o, &query, err));
    int status = lus_read(&query, &x.tally, r, err);
    if (status == LUS_OK) status = draw(&x, err);
    free(x.horizons);
    lus_figures_free(&x.figures);
    lus_tally_free(&x.tally);
    return status;
}
