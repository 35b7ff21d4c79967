/* The partial likelihood of a time with tied events, where time goes in steps: of all sets of d
 * people at risk, that those have it who did (Cox 1972; R's ties = "exact"). Sums over sets by the
 * recursion of Gail, Lubin & Rubinstein, Biometrika 68 (1981) 703-707. */
#include <math.h>
#include <stdlib.h>

#include "regress/discrete.h"

/* By size of set: the sum over sets of products of risks, its gradient, its matrix. */
struct sets {
    size_t p, most;
    double *sum, *gradient, *matrix;
};

static void add_person(struct sets *s, const double *x, double r)
{
    size_t p = s->p;
    for (size_t j = s->most; j > 0; j--) {
        double f = s->sum[j - 1], *own = s->gradient + j * p, *matrix = s->matrix + j * p * p;
        const double *before = own - p, *matrix_before = matrix - p * p;
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b <= a; b++)
                matrix[a * p + b] += r * (matrix_before[a * p + b] + x[a] * before[b] +
                                          before[a] * x[b] + x[a] * x[b] * f);
        for (size_t a = 0; a < p; a++)
            own[a] += r * (before[a] + x[a] * f);
        s->sum[j] += r * f;
    }
}

double lus_discrete_work(const struct lus_partial *q)
{
    double work = 0, p = (double)q->design->p;
    for (size_t k = 0; k < q->n_times; k++)
        if (q->tied[k] > 1)
            work += q->tied[k] * p * p *
                    (double)(q->end[k] - q->design->stratum_begins[q->time_stratum[k]]);
    return work;
}

int lus_discrete_time(const struct lus_partial *q, const struct lus_risk_set *set, const double *r,
                      double factor, struct lus_derivatives *out, double *log_sum)
{
    const struct lus_design *d = q->design;
    size_t k = set->k, p = d->p, most = (size_t)q->tied[k];
    double *room = lus_alloc_zeroed((most + 1) * (1 + p + p * p) + 1, sizeof *room);
    if (!room) return LUS_ENOMEM;
    struct sets s = {p, most, room, room + most + 1, room + (most + 1) * (1 + p)};
    /* scaled so that the sum over sets stays near 1 */
    double scale = exp(-1) * (double)most / set->s0;
    s.sum[0] = 1;
    for (size_t i = d->stratum_begins[q->time_stratum[k]]; i < q->end[k]; i++) {
        if (d->entry && d->entry[i] > 0 && d->entry[i] >= q->time[k]) continue;
        double copies = d->weight ? d->weight[i] : 1;
        for (double c = 0; c < copies; c++)
            add_person(&s, lus_design_x(d, i), scale * r[i] / copies);
    }
    double sum = s.sum[most];
    const double *g = s.gradient + most * p, *h = s.matrix + most * p * p;
    *log_sum = log(sum) - (double)most * log(scale);
    for (size_t a = 0; a < p; a++) {
        out->score[a] -= factor * g[a] / sum;
        for (size_t b = 0; b <= a; b++)
            out->information[a * p + b] += factor *
                                           (h[a * p + b] / sum - g[a] / sum * (g[b] / sum));
    }
    free(room);
    return LUS_OK;
}
