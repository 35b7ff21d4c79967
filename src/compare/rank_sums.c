#include "compare/rank_sums.h"

#include <math.h>
#include <stdlib.h>

#include "compare/risk_sets.h"
#include "support/memory.h"
#include "support/parallel.h"

/* --- weights --- */

/* The running pooled estimates that weights are made of; they start again in each stratum. */
struct pooled {
    double kaplan_meier; /* S(t-) */
    double peto;         /* prod (1 - D/(N + 1)), up to and with t */
};

static inline double weight_of(const struct lus_test *test, double n, double d, struct pooled *p)
{
    if (test->name == LUS_LOG_RANK) return 1;
    double before = p->kaplan_meier, w = 1;
    p->kaplan_meier *= (n - d) / n;
    p->peto *= 1 - d / (n + 1);
    switch (test->name) {
    case LUS_LOG_RANK: break;
    case LUS_GEHAN_BRESLOW: w = n; break;
    case LUS_TARONE_WARE: w = sqrt(n); break;
    case LUS_PETO_PETO: w = p->peto; break;
    case LUS_MODIFIED_PETO: w = p->peto * n / (n + 1); break;
    case LUS_FLEMING_HARRINGTON: w = pow(before, test->rho) * pow(1 - before, test->gamma); break;
    }
    return w;
}

/* The weight at a time hangs on nothing that was before it. */
static bool is_local(const struct lus_test *test)
{
    return test->name == LUS_LOG_RANK || test->name == LUS_GEHAN_BRESLOW ||
           test->name == LUS_TARONE_WARE;
}

/* --- the groups: some times at once, so that the sums run over neighbours in memory --- */

enum { TOGETHER = 16, LANES = 4 };

struct times {
    /* by group and time: of the risk set; the number at risk until they are summed */
    double (*share)[TOGETHER];
    /* all; w D; w^2 D (N - D)/(N - 1) */
    double at_risk[TOGETHER], deaths[TOGETHER], common[TOGETHER];
    size_t n;
};

/* The sum of products, in an order of its own that any machine follows. */
static double product(const double *a, const double *b)
{
    double lane[LANES] = {0};
    for (size_t t = 0; t < TOGETHER; t += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] += a[t + l] * b[t + l];
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* Adds the times that wait. V gets its lower triangle. */
static void add_up(struct times *times, struct lus_rank_sums *s)
{
    for (size_t t = times->n; t < TOGETHER; t++)
        times->at_risk[t] = 1, times->deaths[t] = times->common[t] = 0;
    for (size_t i = 0; i < s->k; i++) {
        double row[TOGETHER], others[TOGETHER], *share = times->share[i];
        for (size_t t = 0; t < TOGETHER; t++) {
            share[t] /= times->at_risk[t];
            row[t] = times->common[t] * share[t];
            others[t] = 1 - share[t];
        }
        double expected = product(times->deaths, share);
        s->expected[i] += expected;
        s->u[i] -= expected;
        s->v[i * s->k + i] += product(row, others);
        for (size_t j = 0; j < i; j++)
            s->v[i * s->k + j] -= product(row, times->share[j]);
    }
    times->n = 0;
}

static void add_time(struct times *times, const struct lus_risk_sets *r, double w,
                     struct lus_rank_sums *s)
{
    size_t t = times->n++;
    times->at_risk[t] = r->n;
    times->deaths[t] = w * r->d;
    times->common[t] = r->n > 1 ? w * w * r->d * (r->n - r->d) / (r->n - 1) : 0;
    for (size_t i = 0; i < s->k; i++)
        times->share[i][t] = r->at_risk[i];
    for (size_t i = 0; i < r->n_leaving; i++) {
        size_t g = r->leaving[i];
        s->observed[g] += w * r->events[g];
        s->u[g] += w * r->events[g];
    }
    if (times->n == TOGETHER) add_up(times, s);
}

/* --- the pairs --- */

/* Somebody dies in one group of the pair, its first (side 0) or its second, or in both. */
static inline void add_pair(const struct lus_test *test, struct lus_pair_sums *pair,
                            struct pooled *pooled, size_t side, double n_own, double d_own,
                            double n_other, double d_other)
{
    double n = n_own + n_other, d = d_own + d_other;
    double w = weight_of(test, n, d, pooled), share = n_own / n, u = w * (d_own - d * share);
    double tied = d == 1 ? 1 : (n - d) / (n - 1); /* one alone has no ties to put right */
    pair->u += side ? -u : u;
    pair->expected[side] += w * d * share;
    pair->expected[1 - side] += w * d * (1 - share);
    if (n > 1) pair->v += w * w * d * tied * share * (1 - share);
}

/* Where a pair's sums stand, by both of its groups; a group's pair with itself is one that nobody
 * asks for. */
struct pairs {
    size_t *place; /* [a * k + b] */
    struct pooled *pooled;
};

/* Only pairs in which somebody dies change: with distinct times that is one row of the square. */
static void add_pairs(const struct lus_test *test, const struct lus_risk_sets *r,
                      const struct pairs *pairs, struct lus_pair_sums *sums)
{
    size_t k = r->n_groups;
    for (size_t i = 0; i < r->n_leaving; i++) {
        size_t a = r->leaving[i];
        if (r->events[a] == 0) continue;
        for (size_t b = 0; b < k; b++) {
            if (b < a && r->events[b] > 0) continue; /* that pair is taken where b is a */
            size_t p = pairs->place[a * k + b];
            add_pair(test, &sums[p], &pairs->pooled[p], b < a, r->at_risk[a], r->events[a],
                     r->at_risk[b], r->events[b]);
        }
    }
}

static int pairs_init(struct pairs *pairs, size_t k)
{
    size_t n = k * (k - 1) / 2, at = 0;
    pairs->place = lus_alloc(k * k, sizeof *pairs->place);
    pairs->pooled = lus_alloc(n + 1, sizeof *pairs->pooled);
    if (!pairs->place || !pairs->pooled) return LUS_ENOMEM;
    for (size_t a = 0; a < k; a++) {
        pairs->place[a * k + a] = n;
        for (size_t b = a + 1; b < k; b++)
            pairs->place[a * k + b] = pairs->place[b * k + a] = at++;
    }
    return LUS_OK;
}

/* --- slices: strata that are small, one after the other; or a part of the time of a large one
 * --- */

struct slice {
    const struct lus_event_table *const *tables; /* of its first stratum */
    size_t n_strata;
    lus_time from, to;         /* [from, to) */
    struct lus_rank_sums sums; /* of V the lower triangle */
};

struct walk {
    const struct lus_test *test;
    size_t k;
    LUS_ARRAY(struct slice) slices;
};

static int sums_init(struct lus_rank_sums *s, size_t k)
{
    *s = (struct lus_rank_sums){.k = k};
    s->u = lus_alloc_zeroed(k, sizeof *s->u);
    s->v = lus_alloc_zeroed(k * k, sizeof *s->v);
    s->observed = lus_alloc_zeroed(k, sizeof *s->observed);
    s->expected = lus_alloc_zeroed(k, sizeof *s->expected);
    s->pairs = lus_alloc_zeroed(k * (k - 1) / 2 + 1, sizeof *s->pairs);
    return s->u && s->v && s->observed && s->expected && s->pairs ? LUS_OK : LUS_ENOMEM;
}

void lus_rank_sums_free(struct lus_rank_sums *s)
{
    free(s->u), free(s->v), free(s->observed), free(s->expected), free(s->pairs);
    *s = (struct lus_rank_sums){0};
}

/* Pooled estimates start again in each stratum. */
static int take_stratum(const struct walk *walk, const struct lus_event_table *const *tables,
                        const struct slice *slice, struct times *times, const struct pairs *pairs,
                        struct lus_rank_sums *s)
{
    struct lus_risk_sets r;
    struct pooled pooled = {1, 1};
    for (size_t p = 0; p <= s->k * (s->k - 1) / 2; p++)
        pairs->pooled[p] = (struct pooled){1, 1};
    LUS_TRY(lus_risk_sets_init(&r, tables, s->k, slice->from, slice->to));
    while (lus_risk_sets_next(&r)) {
        add_time(times, &r, weight_of(walk->test, r.n, r.d, &pooled), s);
        add_pairs(walk->test, &r, pairs, s->pairs);
    }
    lus_risk_sets_free(&r);
    return LUS_OK;
}

static int take_slice(void *context, size_t i)
{
    const struct walk *walk = context;
    struct slice *slice = &walk->slices.at[i];
    struct times times = {.share = lus_alloc_zeroed(walk->k, sizeof *times.share)};
    struct pairs pairs = {0};
    int status = times.share ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) status = pairs_init(&pairs, walk->k);
    for (size_t stratum = 0; stratum < slice->n_strata && status == LUS_OK; stratum++)
        status = take_stratum(walk, slice->tables + stratum * walk->k, slice, &times, &pairs,
                              &slice->sums);
    if (status == LUS_OK) add_up(&times, &slice->sums);
    free(times.share), free(pairs.place), free(pairs.pooled);
    return status;
}

static int add_slice(struct walk *walk, struct slice slice)
{
    LUS_TRY(LUS_ARRAY_RESERVE(&walk->slices, 1));
    struct slice *added = &walk->slices.at[walk->slices.n++];
    *added = slice;
    return sums_init(&added->sums, walk->k);
}

/* Slices of one stratum end where equal parts of its longest table do. */
static int part_stratum(struct walk *walk, const struct lus_event_table *const *tables, size_t n)
{
    const struct lus_event_table *longest = NULL;
    for (size_t g = 0; g < walk->k; g++)
        if (tables[g] && (!longest || tables[g]->n > longest->n)) longest = tables[g];
    lus_time from = 0;
    for (size_t i = 1; i <= n; i++) {
        lus_time to = i == n || !longest ? LUS_TIME_MAX : longest->time[longest->n / n * i];
        LUS_TRY(add_slice(walk,
                          (struct slice){.tables = tables, .n_strata = 1, .from = from, .to = to}));
        from = to;
    }
    return LUS_OK;
}

/* What follows from the rows alone: a slice for each so many of them. */
static int part_strata(struct walk *walk, const struct lus_event_table *const *tables,
                       size_t n_strata)
{
    enum { ROWS = 1 << 16, MOST = 32 };
    struct slice waiting = {.tables = tables, .to = LUS_TIME_MAX};
    size_t n_waiting = 0;
    for (size_t s = 0; s < n_strata; s++) {
        const struct lus_event_table *const *own = tables + s * walk->k;
        size_t rows = 0;
        for (size_t g = 0; g < walk->k; g++)
            rows += own[g] ? own[g]->n : 0;
        waiting.n_strata++, n_waiting += rows;
        bool is_large = is_local(walk->test) && rows >= 2 * ROWS;
        if (!is_large && n_waiting < ROWS && s + 1 < n_strata) continue;
        waiting.n_strata -= is_large;
        if (waiting.n_strata) LUS_TRY(add_slice(walk, waiting));
        if (is_large) LUS_TRY(part_stratum(walk, own, rows / ROWS > MOST ? MOST : rows / ROWS));
        waiting = (struct slice){.tables = own + walk->k, .to = LUS_TIME_MAX};
        n_waiting = 0;
    }
    return LUS_OK;
}

static void add_sums(struct lus_rank_sums *to, const struct lus_rank_sums *from)
{
    size_t k = to->k;
    for (size_t i = 0; i < k; i++) {
        to->u[i] += from->u[i];
        to->observed[i] += from->observed[i];
        to->expected[i] += from->expected[i];
        for (size_t j = 0; j < k; j++) /* the upper triangle is the mirror of the lower one */
            to->v[i * k + j] += j <= i ? from->v[i * k + j] : from->v[j * k + i];
    }
    for (size_t p = 0; p < k * (k - 1) / 2; p++) {
        to->pairs[p].u += from->pairs[p].u;
        to->pairs[p].v += from->pairs[p].v;
        to->pairs[p].expected[0] += from->pairs[p].expected[0];
        to->pairs[p].expected[1] += from->pairs[p].expected[1];
    }
}

int lus_rank_sums_make(const struct lus_test *test, const struct lus_event_table *const *tables,
                       size_t k, size_t n_strata, size_t n_threads, struct lus_rank_sums *out)
{
    struct walk walk = {.test = test, .k = k};
    int status = sums_init(out, k);
    if (status == LUS_OK) status = part_strata(&walk, tables, n_strata);
    if (status == LUS_OK) status = lus_parallel(walk.slices.n, n_threads, take_slice, &walk);
    for (size_t i = 0; i < walk.slices.n; i++) {
        if (status == LUS_OK) add_sums(out, &walk.slices.at[i].sums);
        lus_rank_sums_free(&walk.slices.at[i].sums);
    }
    LUS_ARRAY_FREE(&walk.slices);
    if (status != LUS_OK) lus_rank_sums_free(out);
    return status;
}
