/* Residuals of rows, and the errors that are robust. */
#include <math.h>
#include <stdlib.h>

#include "regress/fine_gray.h"
#include "regress/regress.h"

struct summing {
    const struct lus_partial *q;
    struct lus_cox_sums *out;
};

static void take_time(void *context, const struct lus_risk_set *set)
{
    struct summing *m = context;
    size_t p = m->q->design->p, k = set->k;
    struct lus_tie_sums t = lus_tie_sums_of(m->q, set);
    struct lus_cox_sums *out = m->out;
    out->a[k] = t.a, out->b[k] = t.b, out->aa[k] = t.aa;
    for (size_t j = 0; j < p; j++) {
        out->mean[k * p + j] = (t.a * set->s1[j] - t.b * set->e1[j]) / m->q->weight[k];
        out->slope[k * p + j] = t.aa * set->s1[j] - t.bb * set->e1[j];
        out->tied[k * p + j] = t.bb * set->s1[j] - t.cc * set->e1[j];
    }
}

static void accumulate_vectors(const struct lus_partial *q, const double *value, double *out)
{
    size_t p = q->design->p;
    for (size_t s = 0; s < q->design->n_strata; s++) {
        memset(out + (q->times_begin[s + 1] + s) * p, 0, p * sizeof *out);
        for (size_t k = q->times_begin[s + 1]; k-- > q->times_begin[s];)
            for (size_t j = 0; j < p; j++)
                out[(k + s) * p + j] = out[(k + s + 1) * p + j] + value[k * p + j];
    }
}

int lus_cox_sums_make(const struct lus_cox *x, struct lus_cox_sums *out)
{
    const struct lus_partial *q = &x->partial;
    size_t p = x->design.p, n = q->n_times + 1, places = q->n_times + x->design.n_strata + 1;
    *out = (struct lus_cox_sums){0};
    out->eta = lus_alloc(x->design.n + 1, sizeof *out->eta);
    out->r = lus_alloc(x->design.n + 1, sizeof *out->r);
    out->a = lus_alloc(3 * n, sizeof *out->a);
    out->mean = lus_alloc(3 * n * (p + 1), sizeof *out->mean);
    out->sum_a = lus_alloc(2 * places, sizeof *out->sum_a);
    out->sum_slope = lus_alloc(places * (p + 1), sizeof *out->sum_slope);
    if (!out->eta || !out->r || !out->a || !out->mean || !out->sum_a || !out->sum_slope) {
        lus_cox_sums_free(out);
        return LUS_ENOMEM;
    }
    out->sum_aa = out->sum_a + places;
    out->b = out->a + n, out->aa = out->b + n;
    out->slope = out->mean + n * p, out->tied = out->slope + n * p;
    struct summing m = {q, out};
    int status = lus_partial_risks(q, x->beta, out->eta, out->r);
    if (status == LUS_OK) status = lus_partial_walk(q, out->r, take_time, &m);
    lus_partial_accumulate(q, out->a, out->sum_a);
    lus_partial_accumulate(q, out->aa, out->sum_aa);
    accumulate_vectors(q, out->slope, out->sum_slope);
    if (status != LUS_OK) lus_cox_sums_free(out);
    return status;
}

void lus_cox_sums_free(struct lus_cox_sums *s)
{
    free(s->eta), free(s->r), free(s->a), free(s->mean), free(s->sum_a), free(s->sum_slope);
    *s = (struct lus_cox_sums){0};
}

/* The cumulative hazard that a row has been through, of the baseline. */
static double hazard_of(const struct lus_cox *x, const struct lus_cox_sums *s, size_t row)
{
    const struct lus_partial *q = &x->partial;
    double sum = s->sum_a[q->until[row]] - s->sum_a[q->from[row]];
    if (q->event[row]) sum -= s->b[q->until[row] - x->design.stratum[row]];
    return sum;
}

double lus_cox_martingale(const struct lus_cox *x, const struct lus_cox_sums *s, size_t row)
{
    return x->partial.event[row] - exp(s->eta[row]) * hazard_of(x, s, row);
}

void lus_cox_score_residual(const struct lus_cox *x, const struct lus_cox_sums *s, size_t row,
                            double *out)
{
    const struct lus_partial *q = &x->partial;
    size_t p = x->design.p, k = q->until[row] - x->design.stratum[row];
    const double *covariates = lus_design_x(&x->design, row),
                 *until = s->sum_slope + q->until[row] * p, *from = s->sum_slope + q->from[row] * p;
    double risk = exp(s->eta[row]), hazard = hazard_of(x, s, row);
    for (size_t j = 0; j < p; j++) {
        double expected = covariates[j] * hazard - (until[j] - from[j]);
        out[j] = -risk * expected;
        if (q->event[row]) out[j] += covariates[j] - s->mean[k * p + j] - risk * s->tied[k * p + j];
    }
}

/* --- robust errors --- */

/* sum of u u' over clusters, between two variances. */
static void sandwich(const double *variance, const double *meat, size_t p, double *out)
{
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t a = 0; a < p; a++)
                for (size_t b = 0; b < p; b++)
                    sum += variance[i * p + a] * meat[a * p + b] * variance[b * p + j];
            out[i * p + j] = sum;
        }
}

static void add_square(const double *u, size_t p, double factor, double *meat)
{
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            meat[a * p + b] += factor * u[a] * u[b];
}

/* Scores by cluster; without clusters each row is one, and a row that stands for several people
 * alike is so many. */
static int sum_scores(const struct lus_cox *x, const struct lus_cox_sums *s, double *meat)
{
    const struct lus_design *d = &x->design;
    size_t p = d->p, n = d->cluster ? d->n_clusters : 1;
    /* stretches of one row belong together */
    bool by_source = !d->cluster && d->n > x->tally.frame.n;
    if (by_source) n = x->tally.frame.n;
    double *sums = lus_alloc_zeroed(n * p + 1, sizeof *sums);
    double *scores = lus_alloc((x->partial.competing ? d->n : 1) * p + 1, sizeof *scores);
    int status = !sums || !scores       ? LUS_ENOMEM
                 : x->partial.competing ? lus_competing_scores(x, s, scores)
                                        : LUS_OK;
    for (size_t i = 0; i < d->n && status == LUS_OK; i++) {
        double w = d->weight ? d->weight[i] : 1;
        double *own = x->partial.competing ? scores + i * p : scores;
        if (!x->partial.competing) lus_cox_score_residual(x, s, i, own);
        if (!d->cluster && !by_source) {
            add_square(own, p, d->weights_are_copies ? w : w * w, meat);
            continue;
        }
        double *sum = sums + (d->cluster ? d->cluster[i] : d->source[i]) * p;
        for (size_t j = 0; j < p; j++)
            sum[j] += w * own[j];
    }
    for (size_t c = 0; status == LUS_OK && (d->cluster || by_source) && c < n; c++)
        add_square(sums + c * p, p, 1, meat);
    free(sums), free(scores);
    return status;
}

int lus_cox_robust(struct lus_cox *x, struct lus_error *err)
{
    size_t p = x->design.p;
    struct lus_cox_sums s = {0};
    double *meat = lus_arena_alloc(&x->arena, p * p + 1, sizeof *meat);
    x->robust = lus_arena_alloc(&x->arena, p * p + 1, sizeof *x->robust);
    int status = meat && x->robust ? lus_cox_sums_make(x, &s) : LUS_ENOMEM;
    if (status == LUS_OK) status = sum_scores(x, &s, meat);
    if (status == LUS_OK) sandwich(x->variance, meat, p, x->robust);
    lus_cox_sums_free(&s);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}
