/* The hazard over time, smoothed with its band, and the cumulative hazard. Of the tables `hazard`
 * or `curve`, `at_risk` and `summary`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/panel.h"
#include "present/chart/steps.h"

/* The axis of y reaches a little above the highest curve; bands are cut off there. */
static void set_height(struct lus_steps *steps)
{
    double most = 0;
    for (size_t i = 0; i < steps->n_series; i++)
        for (size_t k = 0; k < steps->series[i].n; k++)
            if (steps->series[i].x[k] <= steps->x_max) most = fmax(most, steps->series[i].y[k]);
    if (!(most > 0)) most = 1;
    (void)lus_round_steps(0, 1.25 * most, 5, &steps->y_step);
    steps->y_max = ceil(1.25 * most / steps->y_step - 1e-9) * steps->y_step;
    for (size_t i = 0; i < steps->n_series; i++)
        for (size_t k = 0; k < steps->series[i].n; k++) {
            struct lus_series *s = &steps->series[i];
            if (!isnan(s->high[k])) s->high[k] = fmin(s->high[k], steps->y_max);
        }
}

static void add_words(struct lus_steps *steps, struct lus_drawing *out)
{
    for (size_t i = 0; i < steps->n_series; i++) {
        const struct lus_series *s = &steps->series[i];
        size_t last = 0, top = 0;
        for (size_t k = 0; k < s->n && s->x[k] <= steps->x_max; k++) {
            last = k;
            if (s->y[k] > s->y[top]) top = k;
        }
        if (!s->n) continue;
        out->summary = lus_document_text(
            steps->d, "%s %s: %.3g in the end%s.", out->summary, s->label, s->y[last],
            steps->is_smooth
                ? lus_document_text(steps->d, ", highest with %.3g at %.2g %s", s->y[top],
                                    s->x[top], lus_unit_name(steps->d->axis_unit))
                : "");
    }
}

/* "bandwidth 1.18 years", "bandwidths 1.18 to 1.9 years" */
static const char *bandwidth_text(const struct lus_steps *steps, const struct lus_table *t)
{
    double least = INFINITY, most = -INFINITY;
    const char *unit = lus_unit_name(steps->d->axis_unit);
    for (size_t row = 0; row < t->n_rows; row++) {
        double width = lus_chart_number(t, row, "bandwidth") / steps->unit;
        least = fmin(least, width), most = fmax(most, width);
    }
    if (!(most > least)) return lus_document_text(steps->d, "bandwidth %.3g %s", least, unit);
    return lus_document_text(steps->d, "bandwidths %.3g to %.3g %s", least, most, unit);
}

static int draw(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form smooth = {"hazard", "conf_low", "conf_high", NULL},
                                        summed = {"cumulative_hazard", NULL, NULL, NULL};
    struct lus_document *d = steps->d;
    const struct lus_table *curve = lus_document_find(d, "curve"),
                           *summary = lus_document_find(d, "summary"),
                           *t = steps->is_smooth ? lus_document_find(d, "hazard") : curve;
    const char *what = steps->is_smooth ? "Hazard" : "Cumulative hazard";
    steps->start = 0, steps->is_number = true, steps->has_bands = steps->is_smooth;
    steps->y_label = steps->is_smooth ? "Deaths a year for each person alive"
                                      : "Cumulative hazard (Nelson-Aalen)";
    if (d->measure && d->measure[0] == 'C' && steps->is_smooth)
        steps->y_label = "Deaths of the cancer a year for each person alive";
    if (!d->measure && steps->is_smooth) steps->y_label = "Events a year for each person without";
    steps->subtitle = lus_document_text(
        d, "%s; %s", lus_chart_subject(d, what, summary, lus_chart_people(d, summary)),
        steps->is_smooth ? lus_document_text(d, "smoothed by a kernel, %s, %g %% bands (log)",
                                             bandwidth_text(steps, t), 100 * d->conf_level)
                         : "Nelson-Aalen");
    for (size_t i = 0; i < lus_steps_count_strata(steps); i++) {
        struct lus_series *s = lus_steps_add(steps, lus_chart_row_name(d, summary, i),
                                             i * steps->n_tics);
        LUS_TRY(lus_steps_read(steps, t, lus_steps_rows(steps, t, i * steps->n_tics),
                               steps->is_smooth ? &smooth : &summed, s));
        if (!steps->is_smooth)
            s->few_from = lus_steps_few_from(steps, curve,
                                             lus_steps_rows(steps, curve, i * steps->n_tics));
    }
    set_height(steps);
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    add_words(steps, out);
    return LUS_OK;
}

static int draw_hazard(struct lus_document *d, const struct lus_chart_request *q, bool is_smooth,
                       struct lus_drawing *out, struct lus_error *err)
{
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    steps->is_smooth = is_smooth;
    return lus_steps_finish(steps, lus_steps_check(steps, err), draw, out, err);
}

int lus_chart_hazard(struct lus_document *d, const struct lus_chart_request *q,
                     struct lus_drawing *out, struct lus_error *err)
{
    return draw_hazard(d, q, true, out, err);
}

int lus_chart_cumulative_hazard(struct lus_document *d, const struct lus_chart_request *q,
                                struct lus_drawing *out, struct lus_error *err)
{
    return draw_hazard(d, q, false, out, err);
}
