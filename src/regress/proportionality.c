/* Whether hazard ratios stay the same over time: the score test of an effect that changes with g(t)
 * (Grambsch & Therneau, Biometrika 81 (1994) 515-526, as R's survival 3 makes it), and how large
 * the change is: the effect before and after the median time of events, by one step of Newton. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "regress/matrix.h"
#include "regress/order.h"
#include "regress/regress.h"

static const char *const transforms[] = {"km", "log", "identity"};

int lus_time_scale_parse(const char *name, enum lus_time_scale *out)
{
    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++)
        if (strcmp(name, transforms[i]) == 0) {
            *out = (enum lus_time_scale)i;
            return LUS_OK;
        }
    return LUS_EUSAGE;
}

const char *lus_time_scale_name(enum lus_time_scale scale)
{
    return transforms[scale];
}

static double people_of(const struct lus_design *d, size_t i)
{
    return d->weight && d->weights_are_copies ? d->weight[i] : 1;
}

/* 1 - S(t-) at each event time, of the Kaplan-Meier curve of all strata together. */
static int km_scale(const struct lus_cox *x, double *g)
{
    const struct lus_partial *q = &x->partial;
    const struct lus_design *d = &x->design;
    uint32_t *exits = lus_alloc(d->n + 1, sizeof *exits), *times = NULL, *entries = NULL;
    int status = exits ? lus_order_falling(d->exit, d->n, exits) : LUS_ENOMEM;
    if (status == LUS_OK && !(times = lus_alloc(q->n_times + 1, sizeof *times)))
        status = LUS_ENOMEM;
    if (status == LUS_OK) status = lus_order_falling(q->time, q->n_times, times);
    if (status == LUS_OK && d->entry && !(entries = lus_alloc(d->n + 1, sizeof *entries)))
        status = LUS_ENOMEM;
    if (status == LUS_OK && entries) status = lus_order_falling(d->entry, d->n, entries);
    double at_risk = 0;
    size_t row = 0, late = 0;
    for (size_t i = 0, end; i < q->n_times && status == LUS_OK; i = end) { /* the latest first */
        lus_time time = q->time[times[i]];
        double events = 0;
        for (; row < d->n && d->exit[exits[row]] >= time; row++)
            at_risk += people_of(d, exits[row]);
        for (; entries && late < d->n && d->entry[entries[late]] >= time; late++)
            if (d->entry[entries[late]] > 0) at_risk -= people_of(d, entries[late]);
        for (end = i; end < q->n_times && q->time[times[end]] == time; end++)
            for (size_t k = q->dead[times[end]]; k < q->dead_end[times[end]]; k++)
                events += people_of(d, k);
        for (size_t k = i; k < end; k++)
            g[times[k]] = k == i ? log1p(-events / at_risk) : 0;
    }
    double before = 0, own = 0; /* logarithms of S(t-), and of the factor at t */
    for (size_t i = q->n_times; i-- > 0 && status == LUS_OK;) { /* the earliest first */
        own += g[times[i]];
        g[times[i]] = -expm1(before);
        bool is_last_of_time = !i || q->time[times[i - 1]] != q->time[times[i]];
        if (is_last_of_time) before += own, own = 0;
    }
    free(exits), free(times), free(entries);
    return status;
}

int lus_cox_time_scale(const struct lus_cox *x, enum lus_time_scale scale, double *g)
{
    const struct lus_partial *q = &x->partial;
    if (scale == LUS_SCALE_KM) LUS_TRY(km_scale(x, g));
    double sum = 0, total = 0;
    for (size_t k = 0; k < q->n_times; k++) {
        double time = lus_time_in(q->time[k], x->tally.unit);
        if (scale == LUS_SCALE_LOG && !(time > 0)) return LUS_EDATA;
        if (scale != LUS_SCALE_KM) g[k] = scale == LUS_SCALE_LOG ? log(time) : time;
        sum += q->weight[k] * g[k], total += q->weight[k];
    }
    for (size_t k = 0; k < q->n_times; k++)
        g[k] -= sum / total;
    return LUS_OK;
}

static int by_time(const void *a, const void *b)
{
    lus_time x = *(const lus_time *)a, y = *(const lus_time *)b;
    return (x > y) - (x < y);
}

/* 1 after the median time of the events, else 0. */
static int late_half(const struct lus_cox *x, double *g)
{
    const struct lus_partial *q = &x->partial;
    lus_time *sorted = lus_alloc(q->n_times + 1, sizeof *sorted);
    if (!sorted) return LUS_ENOMEM;
    double total = 0, below = 0;
    memcpy(sorted, q->time, q->n_times * sizeof *sorted);
    qsort(sorted, q->n_times, sizeof *sorted, by_time);
    for (size_t k = 0; k < q->n_times; k++)
        total += q->weight[k];
    /* the smallest time with half of the events until it */
    size_t low = 0, high = q->n_times - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        below = 0;
        for (size_t k = 0; k < q->n_times; k++)
            below += q->time[k] <= sorted[middle] ? q->weight[k] : 0;
        if (below >= total / 2) high = middle;
        else low = middle + 1;
    }
    for (size_t k = 0; k < q->n_times; k++)
        g[k] = q->time[k] > sorted[low];
    free(sorted);
    return LUS_OK;
}

/* Score and information of an effect that changes with g, beside the fit's own: u and, once the
 * fit's coefficients are taken out, b. cross: p by p, rows are of the fit. */
struct extended {
    double *u, *b, *cross, *room;
};

/* is_binary: g is 0 or 1, and its square itself. */
static int extend(const struct lus_cox *x, const double *g, bool is_binary, struct extended *out)
{
    const struct lus_partial *q = &x->partial;
    size_t p = x->design.p;
    double *squares = lus_alloc(q->n_times + 1, sizeof *squares);
    double *room = out->room = lus_alloc_zeroed(3 * p * p + 2 * p + 1, sizeof *room);
    int status = squares && room ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) {
        out->cross = room, out->b = room + p * p, out->u = room + 3 * p * p;
        double *solved = room + 2 * p * p;
        struct lus_derivatives first = {.score = out->u, .information = out->cross},
                               second = {.score = out->u + p, .information = out->b};
        for (size_t k = 0; k < q->n_times; k++)
            squares[k] = g[k] * g[k];
        status = lus_partial_derivatives(q, x->beta, g, &first);
        if (status == LUS_OK && is_binary) memcpy(out->b, out->cross, p * p * sizeof *out->b);
        else if (status == LUS_OK) status = lus_partial_derivatives(q, x->beta, squares, &second);
        /* b -= cross' V cross */
        for (size_t i = 0; i < p && status == LUS_OK; i++)
            for (size_t j = 0; j < p; j++) {
                solved[i * p + j] = 0;
                for (size_t k = 0; k < p; k++)
                    solved[i * p + j] += x->variance[i * p + k] * out->cross[k * p + j];
            }
        for (size_t i = 0; i < p && status == LUS_OK; i++)
            for (size_t j = 0; j < p; j++)
                for (size_t k = 0; k < p; k++)
                    out->b[i * p + j] -= out->cross[k * p + i] * solved[k * p + j];
    }
    free(squares);
    return status;
}

static struct lus_proportionality test_columns(const struct lus_cox *x, const struct extended *e,
                                               size_t from, size_t to, double *scratch)
{
    size_t chosen[LUS_MOST_COLUMNS], n = 0;
    for (size_t j = from; j < to; j++)
        chosen[n++] = j;
    struct lus_proportionality t = {.early = NAN, .late = NAN, .df = (double)n};
    t.statistic = lus_quadratic(e->b, x->design.p, chosen, n, e->u, scratch);
    t.p_value = isnan(t.statistic) ? NAN : gsl_cdf_chisq_Q(t.statistic, t.df);
    return t;
}

/* The effects of the columns of a term before and after, others being the same throughout. */
static void halves(const struct lus_cox *x, const struct extended *e, size_t from, size_t to,
                   struct lus_proportionality *columns, double *scratch)
{
    size_t p = x->design.p, n = to - from;
    double *own = scratch, *change = scratch + n * n;
    for (size_t i = 0; i < n; i++) {
        change[i] = e->u[from + i];
        for (size_t j = 0; j < n; j++)
            own[i * n + j] = e->b[(from + i) * p + from + j];
    }
    if (lus_cholesky(own, n, 1e-12) < n) return;
    lus_cholesky_solve(own, n, change);
    for (size_t i = 0; i < n; i++) {
        double shift = 0; /* of the effect before: -V cross change */
        for (size_t k = 0; k < p; k++)
            for (size_t j = 0; j < n; j++)
                shift -= x->variance[(from + i) * p + k] * e->cross[k * p + from + j] * change[j];
        columns[from + i].early = exp(x->beta[from + i] + shift);
        columns[from + i].late = exp(x->beta[from + i] + shift + change[i]);
    }
}

int lus_cox_proportionality(const struct lus_cox *x, enum lus_time_scale scale,
                            struct lus_proportionality *terms, struct lus_proportionality *columns,
                            struct lus_proportionality *whole)
{
    size_t p = x->design.p;
    struct extended tested = {0}, halved = {0};
    double *g = lus_alloc(x->partial.n_times + 1, sizeof *g);
    double *scratch = lus_alloc(p * (p + 2) + 1, sizeof *scratch);
    int status = g && scratch ? lus_cox_time_scale(x, scale, g) : LUS_ENOMEM;
    if (status == LUS_OK) status = extend(x, g, false, &tested);
    if (status == LUS_OK) status = late_half(x, g);
    if (status == LUS_OK) status = extend(x, g, true, &halved);
    for (size_t j = 0; j < p; j++)
        columns[j] = (struct lus_proportionality){.early = NAN, .late = NAN};
    for (size_t t = 0; t < x->formula.n_terms && status == LUS_OK; t++) {
        size_t from = x->design.first_of_term[t], to = x->design.first_of_term[t + 1];
        terms[t] = test_columns(x, &tested, from, to, scratch);
        halves(x, &halved, from, to, columns, scratch);
    }
    if (status == LUS_OK) *whole = test_columns(x, &tested, 0, p, scratch);
    free(g), free(scratch), free(tested.room), free(halved.room);
    return status;
}
