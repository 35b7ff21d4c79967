/* How well a model's predictions hold at a time: observed survival by fifths of the predicted, and
 * the Brier score, weighted by the inverse chance of not being censored. */
#include <math.h>
#include <stdlib.h>

#include "regress/regress.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each row's predicted survival at the horizon. */
static int predict(const struct lus_cox *x, const struct lus_cox_sums *s, lus_time horizon,
                   double *out)
{
    const struct lus_design *d = &x->design;
    double *covariates = lus_alloc(2 * d->p + 1, sizeof *covariates);
    if (!covariates) return LUS_ENOMEM;
    struct lus_hazard h = {.slope = covariates + d->p};
    for (size_t i = 0; i < d->n; i++) {
        for (size_t j = 0; j < d->p; j++)
            covariates[j] = lus_design_x(d, i)[j] + x->partial.center[j];
        h.value = h.own = 0;
        lus_cox_add_hazard(x, s, d->stratum[i], 0, horizon, covariates, &h);
        out[i] = exp(-h.value);
    }
    free(covariates);
    return LUS_OK;
}

/* Quantiles of the predicted (R's type 7): the upper ends of the groups. */
static int cut_points(const double *predicted, size_t n, double ends[LUS_CALIBRATION_GROUPS])
{
    double *sorted = lus_alloc(n, sizeof *sorted);
    if (!sorted) return LUS_ENOMEM;
    memcpy(sorted, predicted, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t g = 0; g < LUS_CALIBRATION_GROUPS; g++) {
        double at = (double)(n - 1) * (double)(g + 1) / LUS_CALIBRATION_GROUPS, below = floor(at);
        size_t k = (size_t)below;
        ends[g] = sorted[k] + (at - below) * (sorted[k + (k + 1 < n)] - sorted[k]);
    }
    free(sorted);
    return LUS_OK;
}

static double weight_of(const struct lus_design *d, size_t i)
{
    return d->weight ? d->weight[i] : 1;
}

/* Kaplan-Meier of some rows, of the event or of its absence. */
static int curve_of(const struct lus_cox *x, const unsigned char *group, int wanted,
                    bool of_censoring, struct lus_event_table *table, struct lus_curve *out)
{
    const struct lus_design *d = &x->design;
    lus_time *exit = lus_alloc(d->n, sizeof *exit);
    unsigned char *event = lus_alloc(d->n, sizeof *event);
    double *weight = lus_alloc(d->n, sizeof *weight);
    size_t n = 0;
    int status = exit && event && weight ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < d->n && status == LUS_OK; i++) {
        if (wanted >= 0 && group[i] != wanted) continue;
        exit[n] = d->exit[i];
        event[n] = x->partial.event[i] != of_censoring;
        weight[n++] = weight_of(d, i);
    }
    if (status == LUS_OK)
        status = lus_event_table_make(exit, event, NULL, d->weight ? weight : NULL, n, table);
    if (status == LUS_OK) status = lus_kaplan_meier(table, 0, out);
    free(exit), free(event), free(weight);
    return status;
}

static int add_groups(const struct lus_cox *x, const double *predicted, lus_time horizon,
                      const struct lus_conf *conf, struct lus_calibration *out)
{
    const struct lus_design *d = &x->design;
    double ends[LUS_CALIBRATION_GROUPS];
    unsigned char *group = lus_alloc(d->n, sizeof *group);
    int status = group ? cut_points(predicted, d->n, ends) : LUS_ENOMEM;
    for (size_t i = 0; i < d->n && status == LUS_OK; i++) {
        unsigned char g = 0;
        while (g + 1 < LUS_CALIBRATION_GROUPS && predicted[i] > ends[g])
            g++;
        group[i] = g;
        out->groups[g].n += weight_of(d, i);
        out->groups[g].predicted += weight_of(d, i) * predicted[i];
    }
    for (int g = 0; g < LUS_CALIBRATION_GROUPS && status == LUS_OK; g++) {
        struct lus_event_table table = {0};
        struct lus_curve curve = {0};
        out->groups[g].predicted /= out->groups[g].n;
        if (!(out->groups[g].n > 0)) continue;
        status = curve_of(x, group, g, false, &table, &curve);
        if (status == LUS_OK) {
            struct lus_point p = lus_curve_at(&curve, horizon, conf);
            out->groups[g].observed = p.survival, out->groups[g].why = p.why;
            out->groups[g].low = p.low, out->groups[g].high = p.high;
        }
        lus_curve_free(&curve), lus_event_table_free(&table);
    }
    free(group);
    return status;
}

/* Just before a time, or at it. */
static double survival_at(const struct lus_curve *c, lus_time time, bool is_before)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->time[middle] < time || (!is_before && c->time[middle] == time)) low = middle + 1;
        else high = middle;
    }
    return low ? c->survival[low - 1] : 1;
}

static int score(const struct lus_cox *x, const double *predicted, lus_time horizon,
                 struct lus_calibration *out)
{
    const struct lus_design *d = &x->design;
    struct lus_event_table lost = {0}, all = {0};
    struct lus_curve g = {0}, everybody = {0};
    int status = curve_of(x, NULL, -1, true, &lost, &g);
    if (status == LUS_OK) status = curve_of(x, NULL, -1, false, &all, &everybody);
    double total = 0, model = 0, none = 0, plain = survival_at(&everybody, horizon, false);
    for (size_t i = 0; i < d->n && status == LUS_OK; i++) {
        double w = weight_of(d, i), is_alive = d->exit[i] > horizon;
        total += w;
        if (is_alive > 0) w /= survival_at(&g, horizon, false);
        else if (x->partial.event[i]) w /= survival_at(&g, d->exit[i], true);
        else w = 0; /* lost before: nobody knows */
        model += w * (is_alive - predicted[i]) * (is_alive - predicted[i]);
        none += w * (is_alive - plain) * (is_alive - plain);
    }
    out->brier = model / total, out->brier_none = none / total;
    lus_curve_free(&g), lus_curve_free(&everybody);
    lus_event_table_free(&lost), lus_event_table_free(&all);
    return status;
}

int lus_cox_calibration(const struct lus_cox *x, const struct lus_cox_sums *s, lus_time horizon,
                        const struct lus_conf *conf, struct lus_calibration *out)
{
    double *predicted = lus_alloc(x->design.n + 1, sizeof *predicted);
    *out = (struct lus_calibration){0};
    int status = predicted ? predict(x, s, horizon, predicted) : LUS_ENOMEM;
    if (status == LUS_OK) status = add_groups(x, predicted, horizon, conf, out);
    if (status == LUS_OK) status = score(x, predicted, horizon, out);
    free(predicted);
    return status;
}
