/* Gray's test, and the variance of its scores: that of cmprsk, whose terms for ties are d - 1 of
 * r - 1. Behind a time only what it has done to each group's curve is kept. */
#include <math.h>
#include <stdlib.h>

#include "compare/score_test.h"
#include "incidence/incidence.h"
#include "support/times.h"

/* What a group carries from time to time. */
struct group {
    const struct lus_event_table *all, *of_cause;
    size_t at;                  /* its next time */
    double r, a, other;         /* at risk, events of the cause and of others, now */
    double survival, risen;     /* before now */
    double survival_at, spread; /* survival behind now; sum of squared slopes */
};

struct gray {
    size_t n;
    struct group *groups;
    double risen; /* the pooled curve before now */
    double *scores, *variance, *expected;
    /* [n][n]: what the scores gain of the pooled curve now, and the sum of it over past times */
    double *gain, *past, *crossed;
};

static bool next_time(const struct gray *g, lus_time *out)
{
    bool is_one = false;
    for (size_t i = 0; i < g->n; i++) {
        const struct group *x = &g->groups[i];
        if (!x->all || x->at == x->all->n) continue;
        lus_time time = x->all->time[x->at];
        if (!is_one || time < *out) *out = time;
        is_one = true;
    }
    return is_one;
}

static void look(struct gray *g, lus_time time)
{
    for (size_t i = 0; i < g->n; i++) {
        struct group *x = &g->groups[i];
        x->r = x->a = x->other = 0;
        if (!x->all || x->at == x->all->n) continue;
        x->r = x->all->at_risk[x->at];
        if (x->all->time[x->at] != time) continue;
        x->a = x->of_cause->events[x->at];
        x->other = x->all->events[x->at] - x->a;
        x->at++;
    }
}

/* The gains now, and their sum over times; a pooled rise is a/total. */
static void add_gains(struct gray *g, double weight, double total, double a)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < g->n; j++) {
            const struct group *x = &g->groups[i], *y = &g->groups[j];
            double *gain = &g->gain[i * g->n + j];
            *gain = 0;
            if (!(x->r > 0) || !(y->r > 0)) continue;
            double share = x->r / x->survival;
            *gain = weight * share * ((i == j) - y->r / y->survival / total);
            g->past[i * g->n + j] += *gain * a / (total * (1 - g->risen));
        }
}

static void add_scores(struct gray *g, double weight, double a)
{
    double total = 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->groups[i].r > 0)
            total += g->groups[i].r * (1 - g->groups[i].risen) / g->groups[i].survival;
    for (size_t i = 0; i < g->n; i++) {
        const struct group *x = &g->groups[i];
        if (!(x->r > 0)) continue;
        double expected = a * x->r * (1 - x->risen) / (x->survival * total);
        g->scores[i] += weight * (x->a - expected);
        g->expected[i] += expected;
    }
}

/* What group k's events add to the variance of the scores: `size` times the products of their
 * slopes, of which `kept` of the past is not settled yet. */
static void add_variance(struct gray *g, size_t k, double size, double kept, double sign, bool now)
{
    g->groups[k].spread += kept * kept * size;
    for (size_t i = 0; i < g->n; i++) {
        double slope = (now ? g->gain[i * g->n + k] : 0) - sign * kept * g->past[i * g->n + k];
        g->crossed[i * g->n + k] += sign * slope * kept * size;
        for (size_t j = 0; j < g->n; j++) {
            double other = (now ? g->gain[j * g->n + k] : 0) - sign * kept * g->past[j * g->n + k];
            g->variance[i * g->n + j] += slope * other * size;
        }
    }
}

static void one_time(struct gray *g, double rho)
{
    double a = 0, other = 0, total = 0;
    for (size_t i = 0; i < g->n; i++) {
        struct group *x = &g->groups[i];
        a += x->a, other += x->other;
        if (!(x->r > 0)) continue;
        total += x->r / x->survival;
        x->survival_at = x->survival * (x->r - x->a - x->other) / x->r;
    }
    if (!(a + other > 0)) return;
    double weight = pow(1 - g->risen, rho), risen_at = g->risen + a / total;
    add_gains(g, weight, total, a);
    if (a > 0) add_scores(g, weight, a);
    for (size_t k = 0; k < g->n; k++) {
        struct group *x = &g->groups[k];
        if (!(x->r > 0)) continue;
        double kept = x->survival_at > 0 ? 1 - (1 - risen_at) / x->survival_at : 1;
        double ties = a > 1 ? 1 - (a - 1) / (total * x->survival - 1) : 1;
        if (a > 0) add_variance(g, k, ties * x->survival * a / (total * x->r), kept, 1, true);
        if (!(x->other > 0) || !(x->survival_at > 0)) continue;
        kept = (1 - risen_at) / x->survival_at;
        ties = x->other > 1 ? 1 - (x->other - 1) / (x->r - 1) : 1;
        add_variance(g, k, ties * x->survival * x->survival * x->other / (x->r * x->r), kept, -1,
                     false);
    }
    g->risen = risen_at;
    for (size_t i = 0; i < g->n; i++) {
        struct group *x = &g->groups[i];
        if (!(x->r > 0)) continue;
        x->risen += x->survival * x->a / x->r;
        x->survival = x->survival_at;
    }
}

/* What the past still owes: the pooled curve behind the last time. */
static void settle(struct gray *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < g->n; j++)
            for (size_t k = 0; k < g->n; k++) {
                double x = g->past[i * g->n + k], y = g->past[j * g->n + k];
                g->variance[i * g->n + j] += x * y * g->groups[k].spread +
                                             x * g->crossed[j * g->n + k] +
                                             y * g->crossed[i * g->n + k];
            }
}

static int add_stratum(struct gray *g, const struct lus_event_table *const *all,
                       const struct lus_event_table *const *of_cause, double rho)
{
    size_t n = g->n;
    lus_time time = 0;
    g->risen = 0;
    for (size_t i = 0; i < n; i++)
        g->groups[i] = (struct group){
            .all = all[i], .of_cause = of_cause[i], .survival = 1, .survival_at = 1};
    for (size_t i = 0; i < n * n; i++)
        g->past[i] = g->crossed[i] = 0;
    while (next_time(g, &time)) {
        look(g, time);
        one_time(g, rho);
    }
    settle(g);
    return LUS_OK;
}

int lus_gray_test(const struct lus_event_table *const *all,
                  const struct lus_event_table *const *of_cause, size_t n_groups, size_t n_strata,
                  double rho, struct lus_test_result *out)
{
    size_t n = n_groups;
    *out = (struct lus_test_result){.statistic = NAN, .df = NAN, .p_value = NAN, .n_groups = n};
    for (size_t i = 0; i < n * n_strata; i++)
        if (all[i] && (all[i]->n_entries || all[i]->rows.n)) return LUS_EUSAGE;
    struct gray g = {.n = n,
                     .groups = lus_alloc_zeroed(n, sizeof *g.groups),
                     .scores = lus_alloc_zeroed(n, sizeof *g.scores),
                     .expected = lus_alloc_zeroed(n, sizeof *g.expected),
                     .variance = lus_alloc_zeroed(n * n, sizeof *g.variance),
                     .gain = lus_alloc_zeroed(n * n, sizeof *g.gain),
                     .past = lus_alloc_zeroed(n * n, sizeof *g.past),
                     .crossed = lus_alloc_zeroed(n * n, sizeof *g.crossed)};
    int status = g.groups && g.scores && g.expected && g.variance && g.gain && g.past && g.crossed
                     ? LUS_OK
                     : LUS_ENOMEM;
    for (size_t s = 0; s < n_strata && status == LUS_OK; s++)
        status = add_stratum(&g, &all[s * n], &of_cause[s * n], rho);
    if (status == LUS_OK) status = lus_score_test(n, g.scores, g.variance, g.expected, out);
    if (status == LUS_OK) lus_score_test_end(out);
    free(g.groups), free(g.scores), free(g.expected), free(g.variance);
    free(g.gain), free(g.past), free(g.crossed);
    return status;
}
