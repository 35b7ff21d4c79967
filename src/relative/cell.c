/* The persons of a cell by group of a standard population, and net survival of them together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "relative/net.h"
#include "support/error.h"
#include "support/memory.h"

static int add_persons(const struct lus_cohort *whole, const struct lus_window *window,
                       struct lus_cohort *group)
{
    struct lus_cohort here, joined;
    const struct lus_cohort *both[] = {group, &here};
    int status = window ? lus_cohort_window(whole, window->from, window->to, &here)
                        : lus_cohort_join(&whole, 1, &here);
    if (status != LUS_OK) return status;
    if (!group->n) {
        lus_cohort_free(group);
        *group = here;
        return LUS_OK;
    }
    status = lus_cohort_join(both, 2, &joined);
    lus_cohort_free(&here);
    if (status != LUS_OK) return status;
    lus_cohort_free(group);
    *group = joined;
    return LUS_OK;
}

int lus_net_cell_make(const struct lus_tally *tally, size_t first, size_t end,
                      const struct lus_standard *standard, const struct lus_window *window,
                      struct lus_net_cell *out, struct lus_error *err)
{
    size_t n = standard->n ? standard->n : 1;
    *out = (struct lus_net_cell){.n = n,
                                 .groups = lus_alloc_zeroed(n, sizeof *out->groups),
                                 .weights = lus_alloc_zeroed(n, sizeof *out->weights)};
    if (!out->groups || !out->weights) {
        lus_net_cell_free(out);
        return lus_fail_memory(err);
    }
    out->is_borrowed = !standard->n && end == first + 1 && !window;
    if (out->is_borrowed) {
        out->groups[0] = tally->strata[first].cohort;
        return LUS_OK;
    }
    int status = LUS_OK;
    for (size_t i = first; i < end && status == LUS_OK; i++) {
        size_t g = 0;
        if (standard->n) status = lus_standard_group(standard, tally, &tally->strata[i], &g, err);
        if (status == LUS_OK &&
            add_persons(&tally->strata[i].cohort, window, &out->groups[g]) != LUS_OK)
            status = lus_fail_memory(err);
    }
    if (status == LUS_OK && standard->weighs_people)
        status = lus_standard_weights(standard, tally, first, end, out->weights, err);
    if (status != LUS_OK) lus_net_cell_free(out);
    return status;
}

void lus_net_cell_free(struct lus_net_cell *cell)
{
    for (size_t g = 0; cell->groups && !cell->is_borrowed && g < cell->n; g++)
        lus_cohort_free(&cell->groups[g]);
    free(cell->groups), free(cell->weights);
    *cell = (struct lus_net_cell){0};
}

/* Adds a group's point to a standardised one; errors are squared until all are in. */
static void add_point(struct lus_net_point *sum, const struct lus_net_point *p, double share)
{
    sum->at_risk += p->at_risk, sum->events += p->events,
        sum->expected_deaths += p->expected_deaths, sum->effective += p->effective;
    if (sum->why == LUS_AVAILABLE) sum->why = p->why;
    bool is_dead = p->why_error == LUS_WHY_ALL_DEAD || p->why_error == LUS_WHY_GROUP_ALL_DEAD;
    if (is_dead) sum->why_error = LUS_WHY_GROUP_ALL_DEAD;
    sum->least_at_risk = fmin(sum->least_at_risk, p->at_risk);
    sum->expected_at_risk += share * p->expected_at_risk;
    sum->survival += share * p->survival;
    sum->observed += share * p->observed;
    sum->expected += share * p->expected;
    sum->cancer += share * p->cancer;
    sum->other += share * p->other;
    /* a group without an event yet adds nothing; one that has died out has no error to add */
    if (p->why_error == LUS_WHY_NO_EVENT) return;
    sum->std_error += share * share * p->std_error * p->std_error;
    sum->cancer_error += share * share * p->cancer_error * p->cancer_error;
    sum->other_error += share * share * p->other_error * p->other_error;
}

static void finish_point(struct lus_net_point *p, const struct lus_conf *conf)
{
    p->std_error = sqrt(p->std_error), p->cancer_error = sqrt(p->cancer_error),
    p->other_error = sqrt(p->other_error);
    if (p->why != LUS_AVAILABLE) p->why_error = p->why;
    else if (!(p->events > 0)) p->why_error = LUS_WHY_NO_EVENT;
    if (p->why != LUS_AVAILABLE)
        p->survival = p->std_error = p->observed = p->expected = p->cancer = p->other =
            p->cancer_error = p->other_error = NAN;
    lus_net_limits(conf, p);
}

/* The points of one group; of nobody, points that are not available. */
static int estimate_group(const struct lus_net_query *query, const struct lus_conf *conf,
                          const struct lus_cohort *persons, const lus_time *at, size_t n_at,
                          struct lus_net_point *points, struct lus_net *net, struct lus_error *err)
{
    *net = (struct lus_net){0};
    if (persons->n) LUS_TRY(lus_net_estimate(query, persons, net, err));
    for (size_t h = 0; h < n_at; h++) {
        points[h] = lus_net_at(net, at[h], conf);
        points[h].least_at_risk = points[h].at_risk;
        if (!persons->n) points[h].why = points[h].why_error = LUS_WHY_NO_ROWS;
    }
    return LUS_OK;
}

static int standardise(const struct lus_net_query *query, const struct lus_conf *conf,
                       const struct lus_standard *standard, const struct lus_net_cell *cell,
                       const lus_time *at, size_t n_at, struct lus_net_point *points,
                       struct lus_error *err)
{
    struct lus_net_point *here = lus_alloc(n_at, sizeof *here);
    int status = here ? LUS_OK : lus_fail_memory(err);
    memset(points, 0, n_at * sizeof *points);
    for (size_t h = 0; h < n_at; h++)
        points[h].least_at_risk = INFINITY;
    for (size_t g = 0; g < cell->n && status == LUS_OK; g++) {
        struct lus_net net;
        if (!(standard->shares[g] > 0)) continue;
        status = estimate_group(query, conf, &cell->groups[g], at, n_at, here, &net, err);
        for (size_t h = 0; h < n_at && status == LUS_OK; h++)
            add_point(&points[h], &here[h], standard->shares[g]);
        lus_net_free(&net);
    }
    for (size_t h = 0; h < n_at && status == LUS_OK; h++)
        finish_point(&points[h], conf);
    free(here);
    return status;
}

/* Counts of people, of an estimate in which each weighs 1. */
static int count_people(const struct lus_net_query *query, const struct lus_conf *conf,
                        const struct lus_cohort *const *groups, size_t n, const lus_time *at,
                        size_t n_at, struct lus_net_point *points, struct lus_error *err)
{
    struct lus_net net;
    double *ones = lus_alloc(n, sizeof *ones);
    if (!ones) return lus_fail_memory(err);
    for (size_t g = 0; g < n; g++)
        ones[g] = 1;
    int status = lus_net_estimate_weighed(query, groups, ones, n, &net, err);
    free(ones);
    LUS_TRY(status);
    for (size_t h = 0; h < n_at; h++) {
        struct lus_net_point p = lus_net_at(&net, at[h], conf);
        points[h].at_risk = points[h].least_at_risk = p.at_risk;
        points[h].events = p.events, points[h].expected_deaths = p.expected_deaths;
    }
    lus_net_free(&net);
    return LUS_OK;
}

/* Each person with a weight; a group with a share that nobody is in makes it not available. */
static int weigh_people(const struct lus_net_query *query, const struct lus_conf *conf,
                        const struct lus_net_cell *cell, const lus_time *at, size_t n_at,
                        struct lus_net_point *points, struct lus_error *err)
{
    const struct lus_cohort **groups = lus_alloc(cell->n, sizeof *groups);
    bool lacks_one = false;
    struct lus_net net = {0};
    if (!groups) return lus_fail_memory(err);
    for (size_t g = 0; g < cell->n; g++) {
        groups[g] = &cell->groups[g];
        lacks_one |= isnan(cell->weights[g]);
    }
    int status = lacks_one
                     ? LUS_OK
                     : lus_net_estimate_weighed(query, groups, cell->weights, cell->n, &net, err);
    for (size_t h = 0; h < n_at && status == LUS_OK; h++) {
        points[h] = lus_net_at(&net, at[h], conf);
        if (lacks_one) points[h].why = points[h].why_error = LUS_WHY_NO_ROWS;
    }
    if (status == LUS_OK)
        status = count_people(query, conf, groups, cell->n, at, n_at, points, err);
    lus_net_free(&net);
    free(groups);
    return status;
}

int lus_net_cell_estimate(const struct lus_net_query *query, const struct lus_conf *conf,
                          const struct lus_standard *standard, const struct lus_net_cell *cell,
                          const lus_time *at, size_t n_at, struct lus_net_point *points,
                          struct lus_net *curve, struct lus_error *err)
{
    struct lus_net net;
    if (standard->n && standard->weighs_people)
        return weigh_people(query, conf, cell, at, n_at, points, err);
    if (standard->n) return standardise(query, conf, standard, cell, at, n_at, points, err);
    LUS_TRY(estimate_group(query, conf, &cell->groups[0], at, n_at, points, &net, err));
    if (curve) *curve = net;
    else lus_net_free(&net);
    return LUS_OK;
}
