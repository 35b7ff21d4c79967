/* Fine and Gray's model: who leaves by another cause stays at risk, with a weight that falls as
 * censoring would have taken them. Censoring by Kaplan-Meier, deaths before censorings at a time;
 * with delayed entry the chance to have entered beside it (Geskus, Biometrics 67 (2011) 39-49). */
#include <math.h>
#include <stdlib.h>

#include "regress/fine_gray.h"
#include "regress/order.h"
#include "regress/regress.h"

/* One step of a curve: the factor at a time, of those who could take it. */
struct step {
    lus_time time;
    double events, at_risk, value; /* value: the product of the factors until it, or from it on */
};

/* Of a group: censorings, and entries above 0; ascending. */
struct group {
    LUS_ARRAY(struct step) censoring;
    LUS_ARRAY(struct step) entries;
};

struct weighing {
    const struct lus_design *d;
    const struct lus_competing *c;
    struct group *groups;
    uint32_t *by_exit, *by_entry; /* all rows, the latest first */
};

static double weight_of(const struct lus_design *d, size_t i)
{
    return d->weight ? d->weight[i] : 1;
}

/* Rows that end a person's time; stretches before are followed by the next. */
static bool is_last(const struct lus_design *d, size_t i)
{
    return d->exit[i] == d->frame->exit[d->source[i]];
}

static int add_step(struct group *g, lus_time time, double events, double at_risk, bool is_entry)
{
    struct step step = {time, events, at_risk, 1};
    if (is_entry) {
        LUS_TRY(LUS_ARRAY_RESERVE(&g->entries, 1));
        g->entries.at[g->entries.n++] = step;
        return LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&g->censoring, 1));
    g->censoring.at[g->censoring.n++] = step;
    return LUS_OK;
}

/* Falling over exits: at risk of being censored at t are those followed past it, and those censored
 * then. */
static int list_censorings(struct weighing *w, size_t group)
{
    const struct lus_design *d = w->d;
    size_t late = 0;
    double later = 0; /* exits after the time, less entries not before it */
    for (size_t i = 0; i < d->n;) {
        lus_time time = d->exit[w->by_exit[i]];
        double censored = 0, others = 0;
        for (; i < d->n && d->exit[w->by_exit[i]] == time; i++) {
            uint32_t row = w->by_exit[i];
            if (w->c->group[row] != group) continue;
            if (is_last(d, row) && !d->cause[row]) censored += weight_of(d, row);
            else others += weight_of(d, row);
        }
        for (; w->by_entry && late < d->n && d->entry[w->by_entry[late]] >= time &&
               d->entry[w->by_entry[late]] > 0;
             late++)
            if (w->c->group[w->by_entry[late]] == group) later -= weight_of(d, w->by_entry[late]);
        if (censored > 0)
            LUS_TRY(add_step(&w->groups[group], time, censored, later + censored, false));
        later += censored + others;
    }
    return LUS_OK;
}

/* Falling over entries e > 0: at risk of having entered then are those with entry <= e < exit. */
static int list_entries(struct weighing *w, size_t group)
{
    const struct lus_design *d = w->d;
    size_t gone = 0;
    double here = 0;
    for (size_t i = 0; w->by_entry && i < d->n;) {
        lus_time time = d->entry[w->by_entry[i]];
        double entered = 0;
        if (time <= 0) break;
        for (; gone < d->n && d->exit[w->by_exit[gone]] > time; gone++)
            if (w->c->group[w->by_exit[gone]] == group) here += weight_of(d, w->by_exit[gone]);
        for (; i < d->n && d->entry[w->by_entry[i]] == time; i++)
            if (w->c->group[w->by_entry[i]] == group) entered += weight_of(d, w->by_entry[i]);
        if (entered > 0) LUS_TRY(add_step(&w->groups[group], time, entered, here, true));
        here -= entered;
    }
    return LUS_OK;
}

static void reverse(struct step *at, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct step moved = at[i];
        at[i] = at[n - 1 - i], at[n - 1 - i] = moved;
    }
}

static void multiply(struct group *g)
{
    double product = 1;
    for (size_t i = 0; i < g->entries.n; i++) /* still falling */
        g->entries.at[i].value = product *= 1 - g->entries.at[i].events / g->entries.at[i].at_risk;
    reverse(g->entries.at, g->entries.n);
    reverse(g->censoring.at, g->censoring.n);
    product = 1;
    for (size_t i = 0; i < g->censoring.n; i++)
        g->censoring.at[i].value = product *= 1 - g->censoring.at[i].events /
                                                      g->censoring.at[i].at_risk;
}

/* How many steps lie before a time. */
static size_t steps_before(const struct step *at, size_t n, lus_time time)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (at[middle].time < time) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* G(t-) H(t-). */
static double chance(const struct group *g, lus_time time)
{
    size_t censored = steps_before(g->censoring.at, g->censoring.n, time),
           entered = steps_before(g->entries.at, g->entries.n, time);
    double value = censored ? g->censoring.at[censored - 1].value : 1;
    return entered < g->entries.n ? value * g->entries.at[entered].value : value;
}

static int weigh(struct weighing *w)
{
    const struct lus_design *d = w->d;
    w->groups = lus_alloc_zeroed(w->c->n_groups, sizeof *w->groups);
    w->by_exit = lus_alloc(d->n + 1, sizeof *w->by_exit);
    if (!w->groups || !w->by_exit) return LUS_ENOMEM;
    LUS_TRY(lus_order_falling(d->exit, d->n, w->by_exit));
    if (d->entry) {
        w->by_entry = lus_alloc(d->n + 1, sizeof *w->by_entry);
        if (!w->by_entry) return LUS_ENOMEM;
        LUS_TRY(lus_order_falling(d->entry, d->n, w->by_entry));
    }
    for (size_t g = 0; g < w->c->n_groups; g++) {
        LUS_TRY(list_censorings(w, g));
        LUS_TRY(list_entries(w, g));
        multiply(&w->groups[g]);
    }
    return LUS_OK;
}

static void free_weighing(struct weighing *w)
{
    for (size_t g = 0; w->groups && g < w->c->n_groups; g++) {
        LUS_ARRAY_FREE(&w->groups[g].censoring);
        LUS_ARRAY_FREE(&w->groups[g].entries);
    }
    free(w->groups), free(w->by_exit), free(w->by_entry);
}

int lus_competing_make(struct lus_partial *q, const uint32_t *group, size_t n_groups)
{
    const struct lus_design *d = q->design;
    struct lus_competing *c = q->competing = lus_alloc_zeroed(1, sizeof *c);
    if (!c) return LUS_ENOMEM;
    c->n_groups = n_groups;
    c->group = lus_alloc_zeroed(d->n + 1, sizeof *c->group);
    c->stays = lus_alloc_zeroed(d->n + 1, sizeof *c->stays);
    c->g = lus_alloc(q->n_times * n_groups + 1, sizeof *c->g);
    if (!c->group || !c->stays || !c->g) return LUS_ENOMEM;
    if (group) memcpy(c->group, group, d->n * sizeof *group);
    struct weighing w = {.d = d, .c = c};
    int status = weigh(&w);
    for (size_t k = 0; k < q->n_times && status == LUS_OK; k++)
        for (size_t g = 0; g < n_groups; g++)
            c->g[k * n_groups + g] = chance(&w.groups[g], q->time[k]);
    for (size_t i = 0; i < d->n && status == LUS_OK; i++)
        if (d->cause[i] && !q->event[i])
            c->stays[i] = 1 / chance(&w.groups[c->group[i]], d->exit[i]);
    free_weighing(&w);
    return status;
}

/* --- robust errors that count the estimation of G --- */

/* q(u) of a group at its censorings: what a change of G there would do to the score. */
struct shifts {
    const struct lus_cox *x;
    const struct lus_cox_sums *s;
    const struct group *g;
    size_t group;
    double *q; /* [step][p] */
};

/* From one stratum: those who stayed before u, times what is still to come. */
static void add_stratum(const struct shifts *h, size_t stratum, const double *sum_ga,
                        const double *sum_gs, double *stayed)
{
    const struct lus_partial *q = &h->x->partial;
    const struct lus_design *d = &h->x->design;
    size_t p = d->p, row = d->stratum_begins[stratum + 1], k = q->times_begin[stratum + 1];
    memset(stayed, 0, (p + 1) * sizeof *stayed);
    for (size_t u = 0; u < h->g->censoring.n; u++) {
        lus_time time = h->g->censoring.at[u].time;
        for (; row > d->stratum_begins[stratum] && d->exit[row - 1] < time; row--) {
            size_t i = row - 1;
            if (!(q->competing->stays[i] > 0) || q->competing->group[i] != h->group) continue;
            double r = h->s->r[i] * q->competing->stays[i];
            stayed[0] += r;
            for (size_t j = 0; j < p; j++)
                stayed[j + 1] += r * lus_design_x(d, i)[j];
        }
        while (k > q->times_begin[stratum] && q->time[k - 1] < time)
            k--;
        size_t from = q->times_begin[stratum] + stratum, until = k + stratum;
        double ga = sum_ga[from] - sum_ga[until];
        for (size_t j = 0; j < p; j++)
            h->q[u * p + j] += ga * stayed[j + 1] -
                               (sum_gs[from * p + j] - sum_gs[until * p + j]) * stayed[0];
    }
}

/* sum over the group's own censoring: c q / n^2 until each step, in place of q. */
static void accumulate_shifts(const struct shifts *h, double *sums)
{
    size_t p = h->x->design.p;
    for (size_t u = 0; u < h->g->censoring.n; u++) {
        const struct step *step = &h->g->censoring.at[u];
        for (size_t j = 0; j < p; j++) {
            double before = u ? sums[(u - 1) * p + j] : 0;
            sums[u * p + j] = before +
                              step->events * h->q[u * p + j] / (step->at_risk * step->at_risk);
            h->q[u * p + j] /= step->at_risk;
        }
    }
}

/* The share of the censoring in a row's score. */
static void add_shift(const struct shifts *h, const double *sums, size_t row, double *out)
{
    const struct lus_design *d = &h->x->design;
    const struct step *at = h->g->censoring.at;
    size_t p = d->p, n = h->g->censoring.n;
    size_t until = steps_before(at, n, d->exit[row]),
           from = d->entry && d->entry[row] > 0 ? steps_before(at, n, d->entry[row] + 1) : 0;
    bool is_censored = is_last(d, row) && !d->cause[row];
    size_t end = until + is_censored; /* who dies at a time is not at risk of censoring then */
    for (size_t j = 0; j < p; j++) {
        if (is_censored) out[j] += h->q[until * p + j];
        if (end > from) out[j] -= sums[(end - 1) * p + j] - (from ? sums[(from - 1) * p + j] : 0);
    }
}

/* G(t-) times the sums over times, accumulated. */
static void accumulate_group(const struct lus_cox *x, const struct lus_cox_sums *s, size_t group,
                             double *sum_ga, double *sum_gs)
{
    const struct lus_partial *q = &x->partial;
    size_t p = x->design.p, groups = q->competing->n_groups;
    for (size_t st = 0; st < x->design.n_strata; st++) {
        size_t end = q->times_begin[st + 1] + st;
        sum_ga[end] = 0;
        memset(sum_gs + end * p, 0, p * sizeof *sum_gs);
        for (size_t k = q->times_begin[st + 1]; k-- > q->times_begin[st];) {
            double g = q->competing->g[k * groups + group];
            sum_ga[k + st] = sum_ga[k + st + 1] + g * s->a[k];
            for (size_t j = 0; j < p; j++)
                sum_gs[(k + st) * p + j] = sum_gs[(k + st + 1) * p + j] + g * s->slope[k * p + j];
        }
    }
}

/* Scores of the rows of one group: of risk sets, of who stays, of the censoring. */
static int add_group(const struct lus_cox *x, const struct lus_cox_sums *s, const struct group *g,
                     size_t group, double *scores)
{
    const struct lus_partial *q = &x->partial;
    const struct lus_design *d = &x->design;
    size_t p = d->p, places = q->n_times + d->n_strata + 1;
    double *sum_ga = lus_alloc_zeroed(places * (p + 1) + p + 1, sizeof *sum_ga);
    double *shift = lus_alloc_zeroed(2 * g->censoring.n * p + 1, sizeof *shift);
    int status = sum_ga && shift ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) {
        double *sum_gs = sum_ga + places, *sums = shift + g->censoring.n * p;
        struct shifts h = {x, s, g, group, shift};
        accumulate_group(x, s, group, sum_ga, sum_gs);
        for (size_t st = 0; st < d->n_strata; st++)
            add_stratum(&h, st, sum_ga, sum_gs, sum_gs + places * p);
        accumulate_shifts(&h, sums);
        for (size_t i = 0; i < d->n; i++) {
            if (q->competing->group[i] != group) continue;
            double *own = scores + i * p, stays = q->competing->stays[i];
            lus_cox_score_residual(x, s, i, own);
            size_t st = d->stratum[i], from = q->times_begin[st] + st, until = q->until[i];
            double risk = stays * exp(s->eta[i]);
            for (size_t j = 0; stays > 0 && j < p; j++)
                own[j] -= risk * (lus_design_x(d, i)[j] * (sum_ga[from] - sum_ga[until]) -
                                  (sum_gs[from * p + j] - sum_gs[until * p + j]));
            add_shift(&h, sums, i, own);
        }
    }
    free(sum_ga), free(shift);
    return status;
}

int lus_competing_scores(const struct lus_cox *x, const struct lus_cox_sums *s, double *scores)
{
    struct weighing w = {.d = &x->design, .c = x->partial.competing};
    int status = weigh(&w);
    for (size_t g = 0; g < w.c->n_groups && status == LUS_OK; g++)
        status = add_group(x, s, &w.groups[g], g, scores);
    free_weighing(&w);
    return status;
}
