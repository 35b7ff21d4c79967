/* lustrum plot net: net survival by stratum and period; of one stratum with observed and expected
 * survival beside it. lustrum plot crude: the shares who have died of the cancer and of other
 * causes, one upon the other. */
#include <math.h>
#include <stdlib.h>

#include "command/net_analysis.h"
#include "command/plot.h"
#include "command/suppress.h"

struct drawing {
    struct lus_net_analysis n;
    struct lus_chart *chart;
    enum lus_unit unit;
    bool is_cut; /* at TOP */
};

static int allocate(struct lus_chart_series *s, size_t n)
{
    s->x = lus_alloc(n, sizeof *s->x), s->y = lus_alloc(n, sizeof *s->y);
    s->low = lus_alloc(n, sizeof *s->low), s->high = lus_alloc(n, sizeof *s->high);
    s->few_from = s->median = NAN;
    return s->x && s->y && s->low && s->high ? LUS_OK : LUS_ENOMEM;
}

/* Net survival may pass 1 without bound; the chart ends a little above it. */
static const double TOP = 1.03;

static void add_point(struct lus_chart_series *s, double x, double y, double low, double high)
{
    y = fmin(y, TOP);
    if (!isnan(low)) low = fmin(low, TOP), high = fmin(high, TOP);
    s->x[s->n] = x, s->y[s->n] = y, s->low[s->n] = low, s->high[s->n] = high;
    s->n++;
}

/* At risk at the times of the risk table: of the last row before each. */
static int add_row(struct drawing *x, struct lus_chart_series *s, const struct lus_net *net)
{
    const struct lus_chart *chart = x->chart;
    s->at_risk = lus_alloc_zeroed(chart->n_risk_times, sizeof *s->at_risk);
    if (!s->at_risk) return LUS_ENOMEM;
    for (size_t k = 0; k < chart->n_risk_times; k++) {
        lus_time time = (lus_time)llround(chart->risk_times[k] * (double)lus_unit_ticks(x->unit));
        size_t i = 0;
        while (i + 1 < net->n && net->time[i] < time)
            i++;
        s->at_risk[k] = net->n && time <= net->time[net->n - 1] ? net->at_risk[i] : 0;
    }
    bool has_few = false;
    /* the effective number is known at the tics */
    for (size_t i = 0; i < net->n && !has_few; i++) {
        has_few = net->at_risk[i] < LUS_FEW || net->effective[i] < LUS_FEW;
        if (has_few && net->at_risk[i] > 0 && i) s->few_from = lus_time_in(net->time[i], x->unit);
    }
    return LUS_OK;
}

/* One of the estimates by time; has_band: with its interval. */
static int add_series(struct drawing *x, const struct lus_net *net, const double *values,
                      const char *label, bool has_band, bool has_row)
{
    struct lus_chart_series *s = &x->chart->series[x->chart->n_series++];
    s->label = label;
    LUS_TRY(allocate(s, net->n));
    for (size_t i = 0; i < net->n; i++) {
        double low = NAN, high = NAN;
        if (net->why[i] != LUS_AVAILABLE) continue;
        if (has_band)
            lus_net_interval(&x->n.conf, net->survival[i], net->std_error[i], &low, &high);
        x->is_cut |= values[i] > TOP;
        add_point(s, lus_time_in(net->time[i], x->unit), values[i], low, high);
    }
    return has_row ? add_row(x, s, net) : LUS_OK;
}

/* An area from one height to another. */
static int add_area(struct drawing *x, const struct lus_net *net, const double *from,
                    const double *height, const char *label, bool has_row)
{
    struct lus_chart_series *s = &x->chart->series[x->chart->n_series++];
    s->label = label;
    LUS_TRY(allocate(s, net->n));
    for (size_t i = 0; i < net->n; i++) {
        double low = from ? from[i] : 0;
        if (net->why[i] == LUS_AVAILABLE)
            add_point(s, lus_time_in(net->time[i], x->unit), low + height[i], low, low + height[i]);
    }
    return has_row ? add_row(x, s, net) : LUS_OK;
}

static void add_finding(struct drawing *x, const char *name, const struct lus_net *net,
                        bool is_crude)
{
    struct lus_document *d = &x->n.r->document;
    lus_time five = 5 * lus_unit_ticks(LUS_YEARS);
    struct lus_net_point p = lus_net_at(net, five, &x->n.conf);
    if (isnan(p.survival))
        x->chart->summary = lus_document_text(d, "%s %s: not available at 5 years.",
                                              x->chart->summary, name);
    else if (is_crude)
        x->chart->summary = lus_document_text(
            d, "%s %s: by 5 years %.1f %% have died of the cancer and %.1f %% of other causes.",
            x->chart->summary, name, 100 * p.cancer, 100 * p.other);
    else
        x->chart->summary = lus_document_text(
            d,
            "%s %s: at 5 years net survival is %.1f %% (%.1f to %.1f), observed %.1f %%, expected "
            "of the population %.1f %%.",
            x->chart->summary, name, 100 * p.survival, 100 * p.low, 100 * p.high, 100 * p.observed,
            100 * p.expected);
}

static int draw_net(struct drawing *x, const struct lus_net *net, const char *name, size_t n_cells)
{
    bool is_alone = n_cells == 1;
    const char *net_name = x->n.query.method == LUS_POHAR_PERME ? "net" : "relative";
    LUS_TRY(add_series(x, net, net->survival, is_alone ? net_name : name, true, true));
    if (!is_alone) return LUS_OK;
    LUS_TRY(add_series(x, net, net->observed, "observed", false, false));
    return add_series(x, net, net->expected, "population", false, false);
}

static int draw_crude(struct drawing *x, const struct lus_net *net)
{
    LUS_TRY(add_area(x, net, NULL, net->cancer, "of the cancer", true));
    return add_area(x, net, net->cancer, net->other, "of other causes", false);
}

static int add_cell(struct drawing *x, size_t first, const struct lus_period *period,
                    size_t n_cells, bool is_crude, struct lus_error *err)
{
    struct lus_tally *tally = &x->n.tally;
    struct lus_net_cell persons;
    struct lus_net net = {0};
    struct lus_net_point point;
    const char *name = lus_stratum_name(x->n.r, tally, &tally->strata[first]);
    if (x->n.n_periods > 1)
        name = tally->n_by ? lus_document_text(&x->n.r->document, "%s, %s", name, period->text)
                           : period->text;
    LUS_TRY(lus_net_analysis_cell(&x->n, first, first + 1, period, &persons, err));
    int status = lus_net_analysis_estimate(&x->n, &persons, &point, &net, err);
    if (status == LUS_OK) {
        status = is_crude ? draw_crude(x, &net) : draw_net(x, &net, name, n_cells);
        if (status != LUS_OK) (void)lus_fail_memory(err);
        else add_finding(x, name, &net, is_crude);
    }
    lus_net_free(&net);
    lus_net_cell_free(&persons);
    return status;
}

static void set_texts(struct drawing *x, bool is_crude)
{
    struct lus_document *d = &x->n.r->document;
    const struct lus_tally *tally = &x->n.tally;
    const char *origin = tally->origin ? lus_document_text(d, " from %s", tally->origin) : "";
    const char *period = x->n.n_periods > 1 ? " by period"
                         : x->n.o->period   ? lus_document_text(d, ", period %s", x->n.o->period)
                                            : "";
    double n = (double)tally->n_analysed;
    lus_chart_set_title(x->chart, x->n.o, x->n.r, tally, x->unit);
    if (is_crude)
        x->chart->subtitle = lus_document_text(
            d, "Crude probability of death%s%s%s; n = %.10g; Ederer II type", origin,
            lus_by_text(x->n.r, tally), period, n);
    else
        x->chart->subtitle = lus_document_text(
            d, "%s%s%s%s; n = %.10g; %g %% bands (%s)", lus_net_words(x->n.query.method), origin,
            lus_by_text(x->n.r, tally), period, n, 100 * x->n.conf.level,
            lus_transform_name(x->n.conf.transform));
    x->chart->y_label = is_crude ? "Dead" : "Alive, had there been no other causes of death";
    if (!is_crude && x->n.query.method != LUS_POHAR_PERME)
        x->chart->y_label = "Alive, relative to the population";
    x->chart->summary = lus_document_text(d, "%s.", x->chart->subtitle);
}

/* Estimates are asked at the tics too, where the effective numbers tell how far a curve can be
 * trusted, and at 5 years for the summary. */
static int set_marks(struct drawing *x, struct lus_error *err)
{
    size_t n = x->chart->n_risk_times, kept = 0;
    lus_time *marks = lus_realloc(x->n.marks, n + 1, sizeof *marks),
             five = 5 * lus_unit_ticks(LUS_YEARS);
    if (!marks) return lus_fail_memory(err);
    x->n.marks = marks;
    bool has_five = false;
    for (size_t k = 0; k < n; k++) {
        lus_time time = (lus_time)llround(x->chart->risk_times[k] *
                                          (double)lus_unit_ticks(x->unit));
        if (time > five && !has_five) marks[kept++] = five;
        has_five |= time >= five;
        marks[kept++] = time;
    }
    x->n.query.at = marks;
    x->n.query.n_at = kept;
    return LUS_OK;
}

static int draw(struct drawing *x, bool is_crude, struct lus_error *err)
{
    struct lus_tally *tally = &x->n.tally;
    size_t n_cells = tally->n_strata * x->n.n_periods;
    if (x->n.o->standardise)
        return lus_fail(
            err, LUS_EUSAGE,
            "a standardised curve is not drawn; lustrum net --standardise tabulates it");
    if (x->n.o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress goes with plot curve and with tables");
    if (!tally->n_strata)
        return lus_fail(err, LUS_EDATA, "%s: nobody is left to draw", tally->file);
    if (n_cells > LUS_MOST_SERIES)
        return lus_fail(err, LUS_EUSAGE, "%zu curves; a chart shows at most %d", n_cells,
                        LUS_MOST_SERIES);
    if (is_crude && n_cells > 1)
        return lus_fail(err, LUS_EUSAGE,
                        "crude probabilities are drawn of one stratum; choose it with --where");
    x->chart = lus_chart_begin(x->n.o, x->n.r, n_cells > 3 ? n_cells : 3);
    if (!x->chart) return lus_fail_memory(err);
    x->unit = tally->unit;
    LUS_TRY(lus_chart_set_axis(x->chart, x->n.o, tally, &x->unit, err));
    if (is_crude) x->chart->start = 0, x->chart->is_stacked = true;
    set_texts(x, is_crude);
    LUS_TRY(set_marks(x, err));
    for (size_t i = 0; i < tally->n_strata; i++)
        for (size_t k = 0; k < x->n.n_periods; k++)
            LUS_TRY(add_cell(x, i, &x->n.periods[k], n_cells, is_crude, err));
    if (x->is_cut)
        lus_document_note(&x->n.r->document, lus_of_method(),
                          "Net survival passes 100 %%: the chart cuts it off "
                          "there; lustrum net --curve shows it as estimated.");
    lus_add_net_notes(&x->n);
    lus_add_selection(x->n.r, tally);
    return lus_add_warnings(x->n.o, x->n.r, tally, &x->n.inputs, err);
}

static int plot(const struct lus_options *o, struct lus_result *r, bool is_crude,
                struct lus_error *err)
{
    struct drawing x = {0};
    int status = lus_net_analysis_read(o, r, true, &x.n, err);
    if (status == LUS_OK) status = draw(&x, is_crude, err);
    lus_net_analysis_free(&x.n);
    return status;
}

int lus_plot_net(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    return plot(o, r, false, err);
}

int lus_plot_crude(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    return plot(o, r, true, err);
}
