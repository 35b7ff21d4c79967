/* Net survival by intervals, as registries tabulate it: in each the hazard is taken to be constant,
 * and a person's weight is that in the middle of the interval (of what is left of it, where the
 * person enters inside). */
#include <math.h>
#include <stdlib.h>

#include "relative/net.h"
#include "support/memory.h"
#include "support/parallel.h"

enum { PART = 4096, PARTS = 16 }; /* as in sums.c: the sums do not depend on the threads */

/* Sums of one interval; weighted by w where they begin with w_. Time in days. */
struct row {
    double at_end, deaths, time, expected; /* at_end: at risk just before the interval's end */
    double w_deaths, w_deaths2, w_time, w_expected;
};

struct part {
    const struct lus_net_query *query;
    const struct lus_grid_of_cells *grid;
    const struct lus_cohort *persons;
    size_t first, last, n;
    struct row *rows;
};

static void add_stay(struct row *row, double count, double length, double hazard, double weight,
                     bool dies)
{
    row->time += count * length;
    row->expected += count * hazard;
    row->w_time += count * weight * length;
    row->w_expected += count * weight * hazard;
    if (!dies) return;
    row->deaths += count;
    row->w_deaths += count * weight;
    row->w_deaths2 += count * weight * weight;
}

/* The cumulative hazard at a time not before the last one asked. */
static double hazard_until(struct lus_walk *w, lus_time time)
{
    while (w->to < time)
        lus_walk_next(w);
    return lus_walk_at(w, time);
}

static void add_person(struct part *part, const struct lus_person *p)
{
    lus_time width = part->query->interval;
    struct lus_walk w = lus_walk_begin(part->grid, p);
    double count = p->count;
    if (p->exit == 0 && part->n) { /* seen on one day: in the first interval, for no time */
        add_stay(&part->rows[0], count, 0, 0, 1, p->is_event);
        return;
    }
    for (size_t i = (size_t)(p->entry / width); i < part->n; i++) {
        lus_time start = (lus_time)i * width, end = start + width,
                 from = p->entry > start ? p->entry : start, to = p->exit < end ? p->exit : end;
        if (from >= to) break;
        double at_start = hazard_until(&w, from);
        /* who leaves early has the weight of the interval's middle all the same */
        struct lus_walk onward = w;
        double middle = hazard_until(&onward, from + (end - from) / 2),
               at_end = hazard_until(&w, to);
        if (p->exit >= end) part->rows[i].at_end += count;
        add_stay(&part->rows[i], count, lus_days_of(to - from), at_end - at_start, exp(middle),
                 p->is_event && p->exit <= end);
    }
}

static int sum_part(void *context, size_t i)
{
    struct part *part = (struct part *)context + i;
    part->rows = lus_alloc_zeroed(part->n, sizeof *part->rows);
    if (!part->rows) return LUS_ENOMEM;
    for (size_t k = part->first; k < part->last; k++) {
        struct lus_person p = lus_cohort_at(part->persons, k);
        add_person(part, &p);
    }
    return LUS_OK;
}

static void add_rows(struct row *sum, const struct row *more, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i].at_end += more[i].at_end, sum[i].deaths += more[i].deaths,
            sum[i].time += more[i].time, sum[i].expected += more[i].expected;
        sum[i].w_deaths += more[i].w_deaths, sum[i].w_deaths2 += more[i].w_deaths2,
            sum[i].w_time += more[i].w_time, sum[i].w_expected += more[i].w_expected;
    }
}

static int sum_rows(const struct lus_net_query *q, const struct lus_sums_query *base,
                    const struct lus_cohort *persons, size_t n, struct row *rows)
{
    struct part parts[PARTS] = {{0}};
    size_t n_parts = persons->n / PART + 1;
    n_parts = n_parts > PARTS ? PARTS : n_parts;
    for (size_t i = 0; i < n_parts; i++)
        parts[i] = (struct part){.query = q,
                                 .grid = base->grid,
                                 .persons = persons,
                                 .first = persons->n * i / n_parts,
                                 .last = persons->n * (i + 1) / n_parts,
                                 .n = n};
    int status = lus_parallel(n_parts, base->n_threads, sum_part, parts);
    for (size_t i = 0; i < n_parts; i++) {
        if (status == LUS_OK) add_rows(rows, parts[i].rows, n);
        free(parts[i].rows);
    }
    return status;
}

/* The expected survival at the ends of the intervals: the exact one. */
static int expect(const struct lus_net_query *q, const struct lus_cohort *persons,
                  struct lus_net *out)
{
    struct lus_net_query exact = *q;
    struct lus_net net;
    struct lus_error ignored = LUS_ERROR_INIT;
    exact.interval = 0;
    exact.at = out->time, exact.n_at = out->n;
    LUS_TRY(lus_net_estimate(&exact, persons, &net, &ignored));
    for (size_t i = 0; i < out->n; i++)
        out->expected[i] = lus_net_at(&net, out->time[i], &LUS_CONF_DEFAULT).expected;
    lus_net_free(&net);
    return LUS_OK;
}

struct state {
    double net, variance, observed, observed_variance, expected, events, expected_deaths, cancer,
        other;
    double v, xv, xxv, pv, ppv;
    bool is_empty;
};

static void add_interval(struct state *s, const struct row *row, double length, bool is_weighted)
{
    double deaths = is_weighted ? row->w_deaths : row->deaths,
           time = is_weighted ? row->w_time : row->time,
           expected = is_weighted ? row->w_expected : row->expected;
    s->events += row->deaths;
    s->expected_deaths += row->expected;
    s->is_empty |= !(time > 0);
    if (!(time > 0)) return;
    double rate = row->deaths / row->time, population = row->expected / row->time,
           before = s->observed;
    double v = length * length * row->deaths / (row->time * row->time);
    s->net += length * (deaths - expected) / time;
    s->variance += length * length * (is_weighted ? row->w_deaths2 : row->deaths) / (time * time);
    s->observed *= exp(-length * rate);
    s->observed_variance += v;
    s->expected *= exp(-length * population);
    /* within the interval both hazards are constant: those who die are shared out by them */
    double died = before - s->observed,
           other = rate > 0 ? died * population / rate : before * length * population;
    s->other += other;
    s->cancer += died - other;
    double x = s->observed + s->cancer;
    s->v += v, s->xv += x * v, s->xxv += x * x * v, s->pv += s->other * v,
        s->ppv += s->other * s->other * v;
}

static void put_row(struct lus_net *net, size_t i, const struct state *s, double at_risk)
{
    bool divides = net->method == LUS_EDERER1 || net->method == LUS_HAKULINEN;
    net->events[i] = s->events;
    net->expected_deaths[i] = s->expected_deaths;
    net->at_risk[i] = at_risk;
    net->effective[i] = NAN;
    if (s->is_empty || (divides && isnan(net->expected[i]))) {
        net->why[i] = LUS_WHY_NOBODY_AT_RISK;
        net->survival[i] = net->std_error[i] = net->observed[i] = net->expected[i] = NAN;
        net->expected_at_risk[i] = NAN;
        net->cancer[i] = net->cancer_error[i] = net->other[i] = net->other_error[i] = NAN;
        return;
    }
    net->expected_at_risk[i] = s->expected;
    net->observed[i] = s->observed;
    net->survival[i] = divides ? s->observed / net->expected[i] : exp(-s->net);
    net->std_error[i] = net->survival[i] * sqrt(divides ? s->observed_variance : s->variance);
    net->cancer[i] = s->cancer;
    net->other[i] = s->other;
    net->cancer_error[i] = sqrt(
        fmax(0, s->xxv - 2 * s->cancer * s->xv + s->cancer * s->cancer * s->v));
    net->other_error[i] = sqrt(fmax(0, s->ppv - 2 * s->other * s->pv + s->other * s->other * s->v));
}

int lus_net_by_intervals(const struct lus_net_query *q, const struct lus_sums_query *base,
                         const struct lus_cohort *persons, struct lus_net *out)
{
    size_t n = (size_t)(q->until / q->interval), first = (size_t)(q->given / q->interval), kept = 0;
    struct row *rows = lus_alloc_zeroed(n + 1, sizeof *rows);
    int status = rows ? lus_net_allocate(out, n) : LUS_ENOMEM;
    if (status == LUS_OK) status = sum_rows(q, base, persons, n, rows);
    if (status == LUS_OK) {
        for (size_t i = first; i < n; i++)
            out->time[kept++] = (lus_time)(i + 1) * q->interval;
        out->n = kept;
        status = expect(q, persons, out);
        struct state s = {.observed = 1, .expected = 1};
        for (size_t i = first; i < n && status == LUS_OK; i++) {
            add_interval(&s, &rows[i], lus_days_of(q->interval), q->method == LUS_POHAR_PERME);
            put_row(out, i - first, &s, rows[i].at_end);
        }
    }
    free(rows);
    return status;
}
