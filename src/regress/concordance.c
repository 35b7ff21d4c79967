/* How often who has the higher risk has the event first: Harrell's C, and Uno's, by sums over ranks
 * kept in a Fenwick tree; the error by the infinitesimal jackknife. */
#include <math.h>
#include <stdlib.h>

#include "regress/order.h"
#include "regress/regress.h"

/* Weights by rank. */
struct ranks {
    size_t n;
    double *sums; /* from 1 */
    double total;
};

static void add_rank(struct ranks *t, size_t rank, double weight)
{
    t->total += weight;
    for (size_t i = rank + 1; i <= t->n; i += i & -i)
        t->sums[i] += weight;
}

static double below(const struct ranks *t, size_t rank)
{
    double sum = 0;
    for (size_t i = rank; i; i -= i & -i)
        sum += t->sums[i];
    return sum;
}

/* Pairs of one person with others, by weight. */
struct pairs {
    double concordant, discordant, tied;
};

struct counting {
    const struct lus_cox *x;
    uint32_t *rank;      /* of the linear predictor, by row */
    double *time_weight; /* by event time */
    struct pairs *own;   /* by row */
    struct pairs total;
    struct ranks tree;
};

static double weight_of(const struct lus_design *d, size_t i)
{
    return d->weight ? d->weight[i] : 1;
}

struct risen {
    double value;
    uint32_t row;
};
static int by_value(const void *a, const void *b)
{
    const struct risen *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Rows that share covariates share a rank. */
static int rank_rows(struct counting *c, const double *eta)
{
    const struct lus_design *d = &c->x->design;
    size_t n = d->pattern ? d->n_x : d->n, rank = 0;
    struct risen *sorted = lus_alloc(n + 1, sizeof *sorted);
    uint32_t *of = lus_alloc(n + 1, sizeof *of);
    int status = sorted && of ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < d->n && status == LUS_OK; i++) {
        size_t at = lus_design_place(d, i);
        sorted[at] = (struct risen){eta[i], (uint32_t)at};
    }
    if (status == LUS_OK) {
        qsort(sorted, n, sizeof *sorted, by_value);
        for (size_t i = 0; i < n; i++) {
            rank += i && sorted[i].value != sorted[i - 1].value;
            of[sorted[i].row] = (uint32_t)rank;
        }
        for (size_t i = 0; i < d->n; i++)
            c->rank[i] = of[lus_design_place(d, i)];
        c->tree.n = rank + 1;
    }
    free(sorted), free(of);
    return status;
}

static void clear_tree(struct ranks *t)
{
    memset(t->sums, 0, (t->n + 1) * sizeof *t->sums);
    t->total = 0;
}

/* The pairs of each event with those at risk after it, latest first: whoever leaves later, or at
 * the same time without the event. */
static void count_events(struct counting *c, size_t s)
{
    const struct lus_partial *q = &c->x->partial;
    const struct lus_design *d = &c->x->design;
    size_t row = d->stratum_begins[s], left = row;
    clear_tree(&c->tree);
    for (size_t k = q->times_begin[s]; k < q->times_begin[s + 1]; k++) {
        size_t dead_end = q->dead_end[k];
        for (; row < q->end[k]; row++)
            if (row < q->dead[k] || row >= dead_end)
                add_rank(&c->tree, c->rank[row], weight_of(d, row));
        for (; q->by_entry && left < d->stratum_begins[s + 1]; left++) {
            uint32_t i = q->by_entry[left];
            if (d->entry[i] < q->time[k] || !d->entry[i]) break;
            add_rank(&c->tree, c->rank[i], -weight_of(d, i));
        }
        for (size_t i = q->dead[k]; i < dead_end; i++) {
            double lower = below(&c->tree, c->rank[i]),
                   up_to = below(&c->tree, (size_t)c->rank[i] + 1), w = c->time_weight[k];
            c->own[i].concordant += w * lower;
            c->own[i].tied += w * (up_to - lower);
            c->own[i].discordant += w * (c->tree.total - up_to);
            double own = weight_of(d, i);
            c->total.concordant += own * w * lower;
            c->total.tied += own * w * (up_to - lower);
            c->total.discordant += own * w * (c->tree.total - up_to);
        }
        for (size_t i = q->dead[k]; i < dead_end; i++)
            add_rank(&c->tree, c->rank[i], weight_of(d, i));
    }
}

/* Pairs with the events that a row has seen, as the tree holds them now. */
static void add_seen(struct counting *c, size_t i, double sign)
{
    double lower = below(&c->tree, c->rank[i]), up_to = below(&c->tree, (size_t)c->rank[i] + 1);
    c->own[i].discordant += sign * lower;
    c->own[i].tied += sign * (up_to - lower);
    c->own[i].concordant += sign * (c->tree.total - up_to);
}

/* The same pairs from the other side, earliest first: each row with the events between its entry
 * and its exit. */
static void count_others(struct counting *c, size_t s)
{
    const struct lus_partial *q = &c->x->partial;
    const struct lus_design *d = &c->x->design;
    size_t row = d->stratum_begins[s + 1], late = row;
    clear_tree(&c->tree);
    for (size_t k = q->times_begin[s + 1]; k-- > q->times_begin[s];) {
        /* who left before this time has seen the events until then */
        for (; row > q->end[k]; row--)
            add_seen(c, row - 1, 1);
        for (; q->by_entry && late > d->stratum_begins[s]; late--) {
            uint32_t i = q->by_entry[late - 1];
            if (d->entry[i] >= q->time[k]) break;
            if (d->entry[i] > 0) add_seen(c, i, -1);
        }
        /* those with the event now have not seen each other; those who leave now without have */
        for (size_t i = q->dead[k]; i < q->dead_end[k]; i++)
            add_seen(c, i, 1);
        for (size_t i = q->dead[k]; i < q->dead_end[k]; i++)
            add_rank(&c->tree, c->rank[i], weight_of(d, i) * c->time_weight[k]);
        for (; row > q->dead_end[k]; row--)
            add_seen(c, row - 1, 1);
        row = q->dead[k];
    }
    for (; row > d->stratum_begins[s]; row--)
        add_seen(c, row - 1, 1);
    for (; q->by_entry && late > d->stratum_begins[s]; late--)
        if (d->entry[q->by_entry[late - 1]] > 0) add_seen(c, q->by_entry[late - 1], -1);
}

/* 1/G(t-)^2, of the stratum's curve of censoring; events before censorings at a time. */
static void uno_weights(struct counting *c, size_t s)
{
    const struct lus_partial *q = &c->x->partial;
    const struct lus_design *d = &c->x->design;
    size_t row = d->stratum_begins[s + 1];
    double at_risk = 0, g = 1;
    for (size_t i = d->stratum_begins[s]; i < row; i++)
        at_risk += weight_of(d, i);
    for (size_t k = q->times_begin[s + 1]; k-- > q->times_begin[s];) {
        while (row > q->end[k]) { /* times before this one: all censorings, time by time */
            size_t first = row;
            double censored = 0;
            while (first > q->end[k] && d->exit[first - 1] == d->exit[row - 1])
                first--, censored += weight_of(d, first);
            g *= 1 - censored / at_risk;
            at_risk -= censored;
            row = first;
        }
        c->time_weight[k] = 1 / (g * g);
        double events = 0, censored = 0;
        for (; row > q->dead_end[k]; row--)
            censored += weight_of(d, row - 1);
        for (; row > q->dead[k]; row--)
            events += weight_of(d, row - 1);
        at_risk -= events;
        if (censored > 0) g *= 1 - censored / at_risk;
        at_risk -= censored;
    }
}

static double c_of(const struct pairs *t)
{
    return (t->concordant + t->tied / 2) / (t->concordant + t->discordant + t->tied);
}

/* sum over clusters of (w dC/dw)^2. */
static double jackknife(const struct counting *c, double *by_cluster)
{
    const struct lus_design *d = &c->x->design;
    double pairs = c->total.concordant + c->total.discordant + c->total.tied, sum = 0,
           value = c_of(&c->total);
    for (size_t i = 0; i < d->n; i++) {
        const struct pairs *own = &c->own[i];
        double change = (own->concordant + own->tied / 2 -
                         value * (own->concordant + own->discordant + own->tied)) /
                        pairs;
        double w = weight_of(d, i);
        if (d->cluster) by_cluster[d->cluster[i]] += w * change;
        else sum += (d->weights_are_copies ? w : w * w) * change * change;
    }
    for (size_t k = 0; d->cluster && k < d->n_clusters; k++)
        sum += by_cluster[k] * by_cluster[k];
    return sum;
}

static int count(struct counting *c, bool is_uno, struct lus_concordance *out)
{
    const struct lus_design *d = &c->x->design;
    double *by_cluster = lus_alloc_zeroed(d->n_clusters + 1, sizeof *by_cluster);
    if (!by_cluster) return LUS_ENOMEM;
    c->total = (struct pairs){0};
    memset(c->own, 0, d->n * sizeof *c->own);
    for (size_t k = 0; k < c->x->partial.n_times; k++)
        c->time_weight[k] = 1;
    for (size_t s = 0; s < d->n_strata; s++) {
        if (is_uno) uno_weights(c, s);
        count_events(c, s);
        count_others(c, s);
    }
    *out = (struct lus_concordance){c_of(&c->total), sqrt(jackknife(c, by_cluster)),
                                    c->total.concordant, c->total.discordant, c->total.tied};
    free(by_cluster);
    return LUS_OK;
}

int lus_cox_concordance(const struct lus_cox *x, struct lus_concordance *harrell,
                        struct lus_concordance *uno)
{
    const struct lus_design *d = &x->design;
    struct counting c = {.x = x};
    double *eta = lus_alloc(2 * d->n + 1, sizeof *eta);
    c.rank = lus_alloc(d->n + 1, sizeof *c.rank);
    c.time_weight = lus_alloc(x->partial.n_times + 1, sizeof *c.time_weight);
    c.own = lus_alloc(d->n + 1, sizeof *c.own);
    int status = eta && c.rank && c.time_weight && c.own ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) status = lus_partial_risks(&x->partial, x->beta, eta, eta + d->n);
    if (status == LUS_OK) status = rank_rows(&c, eta);
    c.tree.sums = lus_alloc(c.tree.n + 2, sizeof *c.tree.sums);
    if (!c.tree.sums) status = LUS_ENOMEM;
    if (status == LUS_OK) status = count(&c, false, harrell);
    *uno = (struct lus_concordance){NAN, NAN, NAN, NAN, NAN};
    if (status == LUS_OK && !x->partial.by_entry) status = count(&c, true, uno);
    free(eta), free(c.rank), free(c.time_weight), free(c.own), free(c.tree.sums);
    return status;
}
