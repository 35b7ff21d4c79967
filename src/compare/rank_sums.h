/* What rank tests are made of: U and V of the groups and of all pairs, summed over times and strata
 * in one walk. */
#ifndef LUS_COMPARE_RANK_SUMS_H
#define LUS_COMPARE_RANK_SUMS_H

#include "lustrum/compare.h"

/* U of the pair's first group, V, and what is expected of both. */
struct lus_pair_sums {
    double u, v, expected[2];
};

struct lus_rank_sums {
    size_t k;
    double *u, *v, *observed, *expected; /* v[k * k] */
    struct lus_pair_sums *pairs;         /* (0,1), (0,2), ..., (1,2), ... */
};

/* The walk over many rows goes in slices of time, on up to n_threads threads; how many slices there
 * are follows from the rows alone, so the sums have the same bits for any number of threads.
 * LUS_ENOMEM. */
int lus_rank_sums_make(const struct lus_test *test, const struct lus_event_table *const *tables,
                       size_t k, size_t n_strata, size_t n_threads,
                       struct lus_rank_sums *out) LUS_MUST_CHECK;
void lus_rank_sums_free(struct lus_rank_sums *sums);

#endif
