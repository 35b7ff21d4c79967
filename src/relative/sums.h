/* Sums over those at risk, by time: what every estimator of relative survival is made of.
 *
 * A person's cumulative population hazard since the origin is L(t), the weight w(t) = exp(sign
 * L(t)): with sign 1 that of Pohar Perme, with sign -1 the person's expected survival. While nobody
 * leaves or enters, the integral of sum(w h) over the gap is the growth of sum(w), and that of
 * sum(h) the growth of sum(L): so sums at the ends of each gap are all that is needed, and no step
 * length.
 *
 * Persons who were born in the same year share cells of the life table. In a cell of hazard h a
 * weight is c exp(h t), so each stretch of a life adds c where it begins and takes it away where it
 * ends; a running sum of c times exp(h t) is the cell's part of the sum at every t. The work is one
 * exponential a stretch, not one a person and time.
 */
#ifndef LUS_RELATIVE_SUMS_H
#define LUS_RELATIVE_SUMS_H

#include "relative/walk.h"

enum lus_leaving {
    LUS_LEAVES_AT_EXIT,
    /* the dead are followed to the closing date, as they might have been (Hakulinen) */
    LUS_LEAVES_AT_LAST_DAY,
    LUS_LEAVES_AT_CLOSING, /* everybody is */
    LUS_LEAVES_NEVER,      /* everybody to the last time (Ederer I) */
};

struct lus_sums_query {
    const struct lus_grid_of_cells *grid;
    int sign; /* 1, -1, or 0: no weights */
    enum lus_leaving leaving;
    lus_time closing; /* ticks since 1970-01-01 */
    /* ascending times at which sums are wanted beside those at which somebody enters or leaves */
    const lus_time *marks;
    size_t n_marks;
    bool wants_squares; /* w2 at the marks */
    lus_time until;     /* nothing is wanted after it */
    size_t n_threads;
};

/* Rows by time, ascending, the first at 0. before: those at risk just before and at the time (entry
 * < t <= exit; at 0 entry 0); after: without those who leave at it and with those who enter. */
struct lus_sums {
    size_t n;
    lus_time *time;
    double *at_risk, *after;  /* people */
    double *events, *events2; /* events2: with squared weights of people, where they have some */
    double *w_before, *w_after, *w_events, *w_events2; /* sums of w, and of w and w^2 over events */
    double *w2;                 /* sum of w^2 before; at marks only, else 0 */
    double *l_before, *l_after; /* sums of L */
    double *memory;
};

/* sums_times.c: when a person leaves; LUS_TIME_MAX: never. */
lus_time lus_leaves_at(const struct lus_sums_query *query, const struct lus_person *person);
/* The times that the persons of n groups and the marks make. The caller frees them. */
int lus_sums_times(const struct lus_sums_query *query, const struct lus_cohort *const *groups,
                   size_t n_groups, lus_time **times, size_t *n) LUS_MUST_CHECK;
/* Sums of one group at given times, which hold all times at which it changes. */
int lus_sums_make(const struct lus_sums_query *query, const struct lus_cohort *persons,
                  const lus_time *times, size_t n, struct lus_sums *out) LUS_MUST_CHECK;
/* The same of n groups, each of whose people weighs weights[group]. */
int lus_sums_weigh(const struct lus_sums_query *query, const struct lus_cohort *const *groups,
                   const double *weights, size_t n_groups, const lus_time *times, size_t n,
                   struct lus_sums *out) LUS_MUST_CHECK;
void lus_sums_free(struct lus_sums *sums);
/* The row of a time that is among the times. */
size_t lus_sums_row(const struct lus_sums *sums, lus_time time);

#endif
