#include "regress/partial.h"

#include <math.h>
#include <stdlib.h>

#include "regress/discrete.h"
#include "regress/order.h"
#include "support/parallel.h"
#include "support/sum.h"

/* --- preparation --- */

/* Means are taken off the columns: risk sets do not change, exponentials stay near 1. */
static int center_columns(struct lus_partial *q, struct lus_design *d)
{
    q->center = lus_alloc_zeroed(d->p + 1, sizeof *q->center);
    if (!q->center) return LUS_ENOMEM;
    double total = 0, *weight = lus_alloc_zeroed(d->n_x + 1, sizeof *weight);
    if (!weight) return LUS_ENOMEM;
    for (size_t i = 0; i < d->n; i++) {
        double w = d->weight ? d->weight[i] : 1;
        total += w;
        weight[lus_design_place(d, i)] += w;
    }
    for (size_t i = 0; i < d->n_x; i++)
        for (size_t j = 0; j < d->p; j++)
            q->center[j] += weight[i] * d->x[i * d->p + j];
    for (size_t j = 0; j < d->p; j++)
        q->center[j] /= total;
    for (size_t i = 0; i < d->n_x; i++)
        for (size_t j = 0; j < d->p; j++)
            d->x[i * d->p + j] -= q->center[j];
    free(weight);
    return LUS_OK;
}

static size_t count_times(const struct lus_partial *q)
{
    const struct lus_design *d = q->design;
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        n += q->event[i] && (!i || !q->event[i - 1] || d->stratum[i] != d->stratum[i - 1] ||
                             d->exit[i] != d->exit[i - 1]);
    return n;
}

static int alloc_times(struct lus_partial *q)
{
    const struct lus_design *d = q->design;
    size_t n = q->n_times + 1;
    q->times_begin = lus_alloc_zeroed(d->n_strata + 1, sizeof *q->times_begin);
    q->time = lus_alloc(n, sizeof *q->time);
    q->time_stratum = lus_alloc(n, sizeof *q->time_stratum);
    q->end = lus_alloc(n, sizeof *q->end);
    q->dead = lus_alloc(n, sizeof *q->dead);
    q->dead_end = lus_alloc(n, sizeof *q->dead_end);
    q->tied = lus_alloc(n, sizeof *q->tied);
    q->weight = lus_alloc(n, sizeof *q->weight);
    q->until = lus_alloc(d->n + 1, sizeof *q->until);
    q->from = lus_alloc(d->n + 1, sizeof *q->from);
    bool failed = !q->times_begin || !q->time || !q->time_stratum || !q->end || !q->dead ||
                  !q->dead_end || !q->tied || !q->weight || !q->until || !q->from;
    return failed ? LUS_ENOMEM : LUS_OK;
}

/* Event times of a stratum, from its rows; the latest first. */
static void list_times(struct lus_partial *q, size_t s, size_t *k)
{
    const struct lus_design *d = q->design;
    for (size_t i = d->stratum_begins[s]; i < d->stratum_begins[s + 1];) {
        size_t end = i, dead = i;
        double weight = 0;
        while (end < d->stratum_begins[s + 1] && d->exit[end] == d->exit[i]) {
            if (q->event[end]) dead = end + 1, weight += d->weight ? d->weight[end] : 1;
            end++;
        }
        if (dead > i) {
            q->time[*k] = d->exit[i];
            q->time_stratum[*k] = (uint32_t)s;
            q->end[*k] = end;
            q->dead[*k] = i, q->dead_end[*k] = dead;
            q->weight[*k] = weight;
            q->tied[*k] = d->weights_are_copies ? weight : (double)(dead - i);
            ++*k;
        }
        i = end;
    }
}

/* The first event time of a stratum, in falling order, that is not after a time. */
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

static void place_rows(struct lus_partial *q)
{
    const struct lus_design *d = q->design;
    for (size_t i = 0; i < d->n; i++) {
        size_t s = d->stratum[i];
        bool is_same = i && d->stratum[i - 1] == s && d->exit[i - 1] == d->exit[i];
        q->until[i] = is_same ? q->until[i - 1] : (uint32_t)(first_until(q, s, d->exit[i]) + s);
        /* everybody who enters at 0 is at risk at 0 too */
        bool is_late = d->entry && d->entry[i] > 0;
        q->from[i] = (uint32_t)((is_late ? first_until(q, s, d->entry[i]) : q->times_begin[s + 1]) +
                                s);
    }
}

static int sort_entries(struct lus_partial *q)
{
    const struct lus_design *d = q->design;
    bool any = false;
    for (size_t i = 0; i < d->n && d->entry && !any; i++)
        any = d->entry[i] > 0;
    if (!any) return LUS_OK;
    uint32_t *all = lus_alloc(d->n, sizeof *all);
    size_t *next = lus_alloc(d->n_strata + 1, sizeof *next);
    q->by_entry = lus_alloc(d->n, sizeof *q->by_entry);
    int status = all && next && q->by_entry ? lus_order_falling(d->entry, d->n, all) : LUS_ENOMEM;
    if (status == LUS_OK) {
        memcpy(next, d->stratum_begins, d->n_strata * sizeof *next);
        for (size_t i = 0; i < d->n; i++)
            q->by_entry[next[d->stratum[all[i]]]++] = all[i];
    }
    free(all), free(next);
    return status;
}

static int prepare(struct lus_partial *q, struct lus_design *d, const bool *event)
{
    size_t k = 0;
    q->event = lus_alloc(d->n + 1, sizeof *q->event);
    if (!q->event) return LUS_ENOMEM;
    for (size_t i = 0; i < d->n; i++)
        q->event[i] = d->cause[i] && event[d->cause[i]];
    q->n_times = count_times(q);
    LUS_TRY(alloc_times(q));
    for (size_t s = 0; s < d->n_strata; s++) {
        list_times(q, s, &k);
        q->times_begin[s + 1] = k;
    }
    place_rows(q);
    q->eta = lus_alloc(d->n + 1, sizeof *q->eta);
    q->r = lus_alloc(d->n + 1, sizeof *q->r);
    if (!q->eta || !q->r) return LUS_ENOMEM;
    LUS_TRY(sort_entries(q));
    return center_columns(q, d);
}

int lus_partial_make(struct lus_design *design, const bool *event, enum lus_ties ties,
                     size_t n_threads, struct lus_partial *out, struct lus_error *err)
{
    *out = (struct lus_partial){.design = design, .ties = ties, .n_threads = n_threads};
    return prepare(out, design, event) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

void lus_partial_free(struct lus_partial *q)
{
    free(q->event), free(q->center), free(q->times_begin), free(q->time), free(q->time_stratum);
    free(q->end), free(q->dead), free(q->dead_end), free(q->tied), free(q->weight);
    free(q->until), free(q->from), free(q->by_entry), free(q->eta), free(q->r);
    if (q->competing) free(q->competing->group), free(q->competing->stays), free(q->competing->g);
    free(q->competing);
    *q = (struct lus_partial){0};
}

/* --- the walk --- */

struct lus_tie_sums lus_tie_sums_of(const struct lus_partial *q, const struct lus_risk_set *set)
{
    struct lus_tie_sums out = {0};
    double d = q->tied[set->k], w = q->weight[set->k];
    if (q->ties != LUS_TIES_EFRON || d < 2) {
        out.a = w / set->s0;
        out.aa = w / (set->s0 * set->s0);
        out.log_s0 = w * log(set->s0);
        return out;
    }
    double mean = w / d, product = 1, step = set->e0 / d;
    for (double j = 0; j < d; j++) {
        double s0 = set->s0 - j * step, share = j / d, a = mean / s0;
        out.a += a, out.b += share * a;
        a /= s0;
        out.aa += a, out.bb += share * a, out.cc += share * share * a;
        product *= s0 / set->s0; /* logarithms of many at once */
        if (product < 1e-200) out.log_s0 += mean * log(product), product = 1;
    }
    out.log_s0 += mean * log(product) + w * log(set->s0);
    return out;
}

enum { CHUNK = 16384 };

struct risking {
    const struct lus_design *d;
    const double *beta;
    double *eta, *r;
    double *of_x, *risk_of_x; /* where rows share covariates */
};

static double product(const struct lus_design *d, size_t at, const double *beta)
{
    double sum = 0;
    for (size_t j = 0; j < d->p; j++)
        sum += d->x[at * d->p + j] * beta[j];
    return sum;
}

static int risk_chunk(void *context, size_t chunk)
{
    const struct risking *k = context;
    const struct lus_design *d = k->d;
    size_t end = (chunk + 1) * CHUNK < d->n ? (chunk + 1) * CHUNK : d->n;
    for (size_t i = chunk * CHUNK; i < end; i++) {
        double w = d->weight ? d->weight[i] : 1;
        if (d->pattern) { /* then there is no offset */
            k->eta[i] = k->of_x[d->pattern[i]];
            k->r[i] = w * k->risk_of_x[d->pattern[i]];
            continue;
        }
        k->eta[i] = (d->offset ? d->offset[i] : 0) + product(d, i, k->beta);
        k->r[i] = w * exp(k->eta[i]);
    }
    return LUS_OK;
}

int lus_partial_risks(const struct lus_partial *q, const double *beta, double *eta, double *r)
{
    const struct lus_design *d = q->design;
    size_t n = d->pattern ? d->n_x : 0;
    double *room = lus_alloc(2 * n + 1, sizeof *room);
    if (!room) return LUS_ENOMEM;
    struct risking k = {d, beta, eta, r, room, room + n};
    for (size_t i = 0; i < n; i++) {
        k.of_x[i] = product(d, i, beta);
        k.risk_of_x[i] = exp(k.of_x[i]);
    }
    int status = lus_parallel(d->n / CHUNK + 1, q->n_threads, risk_chunk, &k);
    free(room);
    return status;
}

/* Running sums of those at risk; beside them, by group of censoring, of those who stay at risk. */
struct walk {
    const struct lus_partial *q;
    const double *r;
    size_t p;
    double *s; /* S0, S1 */
    double *e;
    double *stay;  /* [group][S0, S1] of who left before the time, divided by G(X-) */
    double *total; /* S with those who stay */
};

static void add_row(const struct walk *w, size_t i, double factor, double *sums)
{
    const double *x = lus_design_x(w->q->design, i);
    double r = factor * w->r[i];
    sums[0] += r;
    for (size_t j = 0; j < w->p; j++)
        sums[j + 1] += r * x[j];
}

/* Those who left by another cause: all of the stratum, before those followed until the latest
 * time are taken off again. */
static void begin_stay(const struct walk *w, size_t s)
{
    const struct lus_competing *c = w->q->competing;
    const struct lus_design *d = w->q->design;
    if (!c) return;
    memset(w->stay, 0, c->n_groups * (w->p + 1) * sizeof *w->stay);
    for (size_t i = d->stratum_begins[s + 1]; i-- > d->stratum_begins[s];)
        if (c->stays[i] > 0) add_row(w, i, c->stays[i], w->stay + c->group[i] * (w->p + 1));
}

/* The sums at a time, with those who stay. */
static const double *with_stay(const struct walk *w, size_t k)
{
    const struct lus_competing *c = w->q->competing;
    if (!c) return w->s;
    memcpy(w->total, w->s, (w->p + 1) * sizeof *w->total);
    for (size_t g = 0; g < c->n_groups; g++)
        for (size_t j = 0; j <= w->p; j++)
            w->total[j] += c->g[k * c->n_groups + g] * w->stay[g * (w->p + 1) + j];
    return w->total;
}

static void walk_stratum(const struct walk *w, size_t s,
                         void (*fn)(void *, const struct lus_risk_set *), void *context)
{
    const struct lus_partial *q = w->q;
    const struct lus_design *d = q->design;
    const struct lus_competing *c = q->competing;
    size_t entered = d->stratum_begins[s], left = entered;
    memset(w->s, 0, (w->p + 1) * sizeof *w->s);
    begin_stay(w, s);
    for (size_t k = q->times_begin[s]; k < q->times_begin[s + 1]; k++) {
        for (; entered < q->end[k]; entered++) {
            add_row(w, entered, 1, w->s);
            if (c && c->stays[entered] > 0)
                add_row(w, entered, -c->stays[entered], w->stay + c->group[entered] * (w->p + 1));
        }
        for (; q->by_entry && left < d->stratum_begins[s + 1]; left++) {
            lus_time entry = d->entry[q->by_entry[left]];
            if (entry < q->time[k] || entry == 0) break;
            add_row(w, q->by_entry[left], -1, w->s);
        }
        memset(w->e, 0, (w->p + 1) * sizeof *w->e);
        for (size_t i = q->dead[k]; i < q->dead_end[k]; i++)
            add_row(w, i, 1, w->e);
        const double *sums = with_stay(w, k);
        struct lus_risk_set set = {k, sums[0], w->e[0], sums + 1, w->e + 1};
        fn(context, &set);
    }
}

int lus_partial_walk(const struct lus_partial *q, const double *r,
                     void (*fn)(void *, const struct lus_risk_set *), void *context)
{
    size_t p = q->design->p, groups = q->competing ? q->competing->n_groups : 0;
    double *room = lus_alloc_zeroed((p + 1) * (groups + 3), sizeof *room);
    if (!room) return LUS_ENOMEM;
    struct walk w = {.q = q,
                     .r = r,
                     .p = p,
                     .s = room,
                     .e = room + p + 1,
                     .total = room + 2 * (p + 1),
                     .stay = room + 3 * (p + 1)};
    for (size_t s = 0; s < q->design->n_strata; s++)
        walk_stratum(&w, s, fn, context);
    free(room);
    return LUS_OK;
}

void lus_partial_accumulate(const struct lus_partial *q, const double *value, double *out)
{
    for (size_t s = 0; s < q->design->n_strata; s++) {
        double sum = 0;
        out[q->times_begin[s + 1] + s] = 0;
        for (size_t k = q->times_begin[s + 1]; k-- > q->times_begin[s];)
            out[k + s] = sum += value[k];
    }
}

/* --- derivatives --- */

struct deriving {
    const struct lus_partial *q;
    const double *weight_of_time;
    struct lus_derivatives *out;
    double *a, *b;   /* by event time */
    double *sum_a;   /* accumulated */
    double *sum_ga;  /* of competing: [group][time], G(t-) a accumulated */
    double *eta, *r; /* by row */
    double *parts;   /* [chunk][p + p (p + 1)/2] */
    double *factors; /* [part][factor, weight][pattern] */
    struct lus_sum loglik;
    int status;
};

/* Takes the Gram matrix of the means off the information. */
static void take_time(void *context, const struct lus_risk_set *set)
{
    struct deriving *v = context;
    size_t p = v->q->design->p;
    double *info = v->out->information;
    double g = v->weight_of_time ? v->weight_of_time[set->k] : 1;
    if (v->q->ties == LUS_TIES_DISCRETE && v->q->tied[set->k] > 1) {
        double log_sum = 0;
        v->a[set->k] = v->b[set->k] = 0;
        if (v->status == LUS_OK)
            v->status = lus_discrete_time(v->q, set, v->r, g, v->out, &log_sum);
        lus_sum_add(&v->loglik, -log_sum);
        return;
    }
    struct lus_tie_sums t = lus_tie_sums_of(v->q, set);
    v->a[set->k] = g * t.a, v->b[set->k] = g * t.b;
    lus_sum_add(&v->loglik, -t.log_s0);
    if (g == 0) return;
    for (size_t i = 0; i < p; i++) {
        double s = g * (t.aa * set->s1[i] - t.bb * set->e1[i]),
               e = g * (t.cc * set->e1[i] - t.bb * set->s1[i]);
        for (size_t j = 0; j <= i; j++)
            info[i * p + j] -= s * set->s1[j] + e * set->e1[j];
    }
}

/* The time that a row spends at risk, weighted: what its covariates count in the information. */
static double row_factor(const struct deriving *v, size_t i)
{
    const struct lus_partial *q = v->q;
    double sum = v->sum_a[q->until[i]] - v->sum_a[q->from[i]];
    if (q->event[i]) sum -= v->b[q->until[i] - q->design->stratum[i]];
    const struct lus_competing *c = q->competing;
    if (c && c->stays[i] > 0) {
        size_t s = q->design->stratum[i];
        const double *ga = v->sum_ga + c->group[i] * (q->n_times + q->design->n_strata);
        sum += c->stays[i] * (ga[q->times_begin[s] + s] - ga[q->until[i]]);
    }
    return sum * v->r[i];
}

/* What a row's event counts in the score. */
static double event_weight(const struct deriving *v, size_t i)
{
    const struct lus_design *d = v->q->design;
    if (!v->q->event[i]) return 0;
    size_t k = v->q->until[i] - d->stratum[i];
    return (d->weight ? d->weight[i] : 1) * (v->weight_of_time ? v->weight_of_time[k] : 1);
}

/* A row's share, or that of all rows with the same covariates: w x - f x, and f x x'. */
static inline void add_gram(size_t p, const double *x, double f, double w, double *score,
                            double *gram)
{
    for (size_t j = 0; j < p; j++) {
        double fx = f * x[j];
        score[j] += w * x[j] - fx;
        for (size_t l = 0; l <= j; l++)
            gram[l] += fx * x[l];
        gram += j + 1;
    }
}

static int derive_chunk(void *context, size_t chunk)
{
    const struct deriving *v = context;
    const struct lus_design *d = v->q->design;
    size_t p = d->p, end = (chunk + 1) * CHUNK < d->n ? (chunk + 1) * CHUNK : d->n;
    double *score = v->parts + chunk * (p + p * (p + 1) / 2);
    for (size_t i = chunk * CHUNK; i < end; i++)
        add_gram(p, d->x + i * p, row_factor(v, i), event_weight(v, i), score, score + p);
    return LUS_OK;
}

/* Where rows share covariates their factors are summed first, in so many parts whatever the number
 * of threads. */
enum { PATTERN_PARTS = 8 };

static int sum_part(void *context, size_t part)
{
    const struct deriving *v = context;
    const struct lus_design *d = v->q->design;
    double *f = v->factors + part * 2 * d->n_x, *w = f + d->n_x;
    size_t end = d->n * (part + 1) / PATTERN_PARTS;
    for (size_t i = d->n * part / PATTERN_PARTS; i < end; i++) {
        f[d->pattern[i]] += row_factor(v, i);
        w[d->pattern[i]] += event_weight(v, i);
    }
    return LUS_OK;
}

static int derive_patterns(struct deriving *v)
{
    const struct lus_design *d = v->q->design;
    size_t p = d->p;
    v->factors = lus_alloc_zeroed(2 * PATTERN_PARTS * d->n_x, sizeof *v->factors);
    if (!v->factors) return LUS_ENOMEM;
    int status = lus_parallel(PATTERN_PARTS, v->q->n_threads, sum_part, v);
    for (size_t at = 0; at < d->n_x && status == LUS_OK; at++) {
        double f = 0, w = 0;
        for (size_t part = 0; part < PATTERN_PARTS; part++) {
            f += v->factors[part * 2 * d->n_x + at];
            w += v->factors[(part * 2 + 1) * d->n_x + at];
        }
        add_gram(p, d->x + at * p, f, w, v->parts, v->parts + p);
    }
    free(v->factors);
    return status;
}

static void add_chunks(struct deriving *v, size_t n_chunks)
{
    size_t p = v->q->design->p, size = p + p * (p + 1) / 2;
    for (size_t chunk = 0; chunk < n_chunks; chunk++) {
        const double *part = v->parts + chunk * size, *gram = part + p;
        for (size_t j = 0; j < p; j++) {
            v->out->score[j] += part[j];
            for (size_t l = 0; l <= j; l++)
                v->out->information[j * p + l] += *gram++;
        }
    }
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l < j; l++)
            v->out->information[l * p + j] = v->out->information[j * p + l];
}

static void accumulate_competing(struct deriving *v, double *scratch)
{
    const struct lus_partial *q = v->q;
    const struct lus_competing *c = q->competing;
    for (size_t g = 0; c && g < c->n_groups; g++) {
        for (size_t k = 0; k < q->n_times; k++)
            scratch[k] = c->g[k * c->n_groups + g] * v->a[k];
        lus_partial_accumulate(q, scratch, v->sum_ga + g * (q->n_times + q->design->n_strata));
    }
}

static int derive(struct deriving *v, const double *beta)
{
    const struct lus_partial *q = v->q;
    const struct lus_design *d = q->design;
    size_t p = d->p, n_chunks = d->pattern ? 1 : d->n / CHUNK + 1,
           n_sums = q->n_times + d->n_strata, n_groups = q->competing ? q->competing->n_groups : 0;
    v->a = lus_alloc(q->n_times + 1, sizeof *v->a);
    v->b = lus_alloc(q->n_times + 1, sizeof *v->b);
    v->sum_a = lus_alloc(n_sums + 1, sizeof *v->sum_a);
    v->sum_ga = lus_alloc(n_sums * n_groups + q->n_times + 1, sizeof *v->sum_ga);
    v->eta = q->eta, v->r = q->r;
    v->parts = lus_alloc_zeroed(n_chunks * (p + p * (p + 1) / 2) + 1, sizeof *v->parts);
    if (!v->a || !v->b || !v->sum_a || !v->sum_ga || !v->parts) return LUS_ENOMEM;
    memset(v->out->score, 0, p * sizeof *v->out->score);
    memset(v->out->information, 0, p * p * sizeof *v->out->information);
    LUS_TRY(lus_partial_risks(q, beta, v->eta, v->r));
    LUS_TRY(lus_partial_walk(q, v->r, take_time, v));
    LUS_TRY(v->status);
    lus_partial_accumulate(q, v->a, v->sum_a);
    accumulate_competing(v, v->sum_ga + n_sums * n_groups);
    LUS_TRY(d->pattern ? derive_patterns(v)
                       : lus_parallel(n_chunks, q->n_threads, derive_chunk, v));
    add_chunks(v, n_chunks);
    for (size_t i = 0; i < d->n; i++)
        if (q->event[i]) lus_sum_add(&v->loglik, (d->weight ? d->weight[i] : 1) * v->eta[i]);
    v->out->loglik = lus_sum_value(&v->loglik);
    return LUS_OK;
}

int lus_partial_derivatives(const struct lus_partial *q, const double *beta,
                            const double *weight_of_time, struct lus_derivatives *out)
{
    struct deriving v = {.q = q, .weight_of_time = weight_of_time, .out = out};
    int status = derive(&v, beta);
    free(v.a), free(v.b), free(v.sum_a), free(v.sum_ga), free(v.parts);
    return status;
}
