/* Survival of a profile, and of everybody had they one level of a column. */
#include <math.h>
#include <stdlib.h>

#include "regress/regress.h"

double lus_cox_variance_of(const struct lus_cox *x, const double *v)
{
    size_t p = x->design.p;
    const double *variance = lus_cox_variance(x);
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += v[i] * variance[i * p + j] * v[j];
    return sum;
}

static double risk_of(const struct lus_cox *x, const double *covariates)
{
    double eta = 0;
    for (size_t j = 0; j < x->design.p; j++)
        eta += (covariates[j] - x->partial.center[j]) * x->beta[j];
    return exp(eta);
}

/* The first of a stratum's event times, in falling order, that is not after a time. */
static size_t first_until(const struct lus_partial *q, size_t s, lus_time time)
{
    size_t low = q->times_begin[s], high = q->times_begin[s + 1];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (q->time[middle] > time) low = middle + 1;
        else high = middle;
    }
    return low;
}

void lus_cox_add_hazard(const struct lus_cox *x, const struct lus_cox_sums *s, size_t stratum,
                        lus_time since, lus_time until, const double *covariates,
                        struct lus_hazard *out)
{
    const struct lus_partial *q = &x->partial;
    size_t p = x->design.p, first = first_until(q, stratum, until) + stratum,
           end = (since > 0 ? first_until(q, stratum, since) : q->times_begin[stratum + 1]) +
                 stratum;
    double risk = risk_of(x, covariates), a = s->sum_a[first] - s->sum_a[end];
    out->value += risk * a;
    out->own += risk * risk * (s->sum_aa[first] - s->sum_aa[end]);
    for (size_t j = 0; j < p; j++) {
        double slope = s->sum_slope[first * p + j] - s->sum_slope[end * p + j];
        out->slope[j] += risk * ((covariates[j] - x->partial.center[j]) * a - slope);
    }
}

/* --- everybody at one level --- */

/* Sums over people of S e (baseline) and of S dH/db, by stratum and level. */
struct standard {
    double survival, weight;
    double *baseline; /* by stratum */
    double *slope;    /* p */
};

/* A person's survival at given values. */
static void add_person(const struct lus_cox *x, const struct lus_cox_sums *s, size_t row,
                       lus_time until, const double *covariates, struct lus_hazard *h,
                       struct standard *out)
{
    const struct lus_design *d = &x->design;
    double w = d->weight ? d->weight[row] : 1;
    memset(h->slope, 0, d->p * sizeof *h->slope);
    h->value = h->own = 0;
    lus_cox_add_hazard(x, s, d->stratum[row], 0, until, covariates, h);
    double survival = exp(-h->value);
    out->survival += w * survival;
    out->weight += w;
    out->baseline[d->stratum[row]] += w * survival * risk_of(x, covariates);
    for (size_t j = 0; j < d->p; j++)
        out->slope[j] += w * survival * h->slope[j];
}

static double covariance(const struct lus_cox *x, const double *own, const struct standard *a,
                         const struct standard *b)
{
    size_t p = x->design.p;
    const double *variance = lus_cox_variance(x);
    double sum = 0, weight = a->weight * b->weight;
    for (size_t k = 0; k < x->design.n_strata; k++)
        sum += a->baseline[k] * b->baseline[k] * own[k];
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += a->slope[i] * variance[i * p + j] * b->slope[j];
    return sum / weight;
}

/* Everybody at each level of a part: the sums, and the baseline's variances. */
struct levels {
    double *room;
    struct standard *of;
    double *own; /* by stratum */
};

static int add_levels(const struct lus_cox *x, const struct lus_cox_sums *s, size_t part,
                      lus_time until, struct levels *out)
{
    const struct lus_design *d = &x->design;
    size_t p = d->p, n_levels = d->bases[part].width, n_parts = x->formula.n_parts;
    size_t size = p + d->n_strata;
    out->room = lus_alloc_zeroed(n_levels * size + 2 * p + d->n_strata + 1, sizeof *out->room);
    out->of = lus_alloc_zeroed(n_levels, sizeof *out->of);
    struct lus_profile_value *values = lus_alloc(n_parts + 1, sizeof *values);
    if (!out->room || !out->of || !values) {
        free(values);
        return LUS_ENOMEM;
    }
    double *covariates = out->room + n_levels * size;
    struct lus_hazard h = {.slope = covariates + p};
    out->own = covariates + 2 * p;
    for (size_t k = 0; k < d->n_strata; k++)
        out->own[k] = s->sum_aa[first_until(&x->partial, k, until) + k];
    for (size_t l = 0; l < n_levels; l++) {
        out->of[l].slope = out->room + l * size, out->of[l].baseline = out->of[l].slope + p;
        for (size_t i = 0; i < d->n; i++) {
            lus_design_values(d, d->source[i], values);
            for (size_t k = 0; k < n_parts; k++)
                if (strcmp(x->formula.parts[k].column, x->formula.parts[part].column) == 0)
                    values[k].position = l;
            lus_design_row(d, values, 0, covariates);
            add_person(x, s, i, until, covariates, &h, &out->of[l]);
        }
    }
    free(values);
    return LUS_OK;
}

static void free_levels(struct levels *l)
{
    free(l->room), free(l->of);
}

int lus_cox_standardise(const struct lus_cox *x, const struct lus_cox_sums *s, size_t part,
                        lus_time until, struct lus_standardised *out)
{
    struct levels levels = {0};
    int status = add_levels(x, s, part, until, &levels);
    const struct standard *of = levels.of;
    for (size_t l = 0; l < x->design.bases[part].width && status == LUS_OK; l++) {
        struct lus_standardised *o = &out[l];
        double first = of[0].survival / of[0].weight;
        o->level = x->design.bases[part].levels[l];
        o->survival = of[l].survival / of[l].weight;
        double v = covariance(x, levels.own, &of[l], &of[l]),
               v0 = covariance(x, levels.own, &of[0], &of[0]),
               c = covariance(x, levels.own, &of[l], &of[0]);
        o->std_error = sqrt(v);
        o->difference = o->survival - first;
        o->difference_error = sqrt(fmax(v + v0 - 2 * c, 0));
        o->ratio = o->survival / first;
        /* of its logarithm */
        o->ratio_error = sqrt(fmax(v / (o->survival * o->survival) + v0 / (first * first) -
                                       2 * c / (o->survival * first),
                                   0));
    }
    free_levels(&levels);
    return status;
}

int lus_cox_mix(const struct lus_cox *x, const struct lus_cox_sums *s, size_t part, lus_time until,
                const double *shares, double *survival, double *std_error)
{
    struct levels levels = {0};
    size_t n = x->design.bases[part].width;
    double variance = 0;
    int status = add_levels(x, s, part, until, &levels);
    *survival = 0;
    for (size_t l = 0; l < n && status == LUS_OK; l++) {
        *survival += shares[l] * levels.of[l].survival / levels.of[l].weight;
        for (size_t k = 0; k < n; k++)
            variance += shares[l] * shares[k] *
                        covariance(x, levels.own, &levels.of[l], &levels.of[k]);
    }
    *std_error = sqrt(fmax(variance, 0));
    free_levels(&levels);
    return status;
}

lus_time lus_cox_last_exit(const struct lus_cox *fit, size_t stratum)
{
    return fit->design.exit[fit->design.stratum_begins[stratum]];
}
