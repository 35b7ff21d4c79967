/* Within compare: what is tested, and the tables of what came out. */
#ifndef LUS_COMMAND_COMPARE_H
#define LUS_COMMAND_COMPARE_H

#include "command/reading.h"

/* What is compared at one time: survival, or the restricted mean in the file's unit. */
struct lus_measured {
    double value, std_error;
    enum lus_why why;
};

struct lus_compared {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_test *tests;
    size_t n_tests;
    struct lus_groups groups;
    double *scores; /* by group; NULL: no trend is asked */
    struct lus_horizon *horizons, *means;
    size_t n_horizons, n_means;
    struct lus_rank_results *results; /* by test */
    size_t n_pairs, threads_each;     /* of a test */
    struct lus_measured *measured;    /* [group * (n_horizons + n_means) + time] */
};

/* Adds the tables of compare for the strata of a tally that was read for something else. */
int lus_compare_tally(const struct lus_options *o, struct lus_result *r,
                      const struct lus_tally *tally, struct lus_error *err) LUS_MUST_CHECK;
/* compare_tests.c: the tests of --test, --rho and --gamma; the scores of --trend and --scores. */
int lus_compared_tests(struct lus_compared *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_compared_scores(struct lus_compared *x, struct lus_error *err) LUS_MUST_CHECK;
/* compare_tables.c */
int lus_add_tests(struct lus_compared *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_add_test_pairs(struct lus_compared *x, struct lus_error *err) LUS_MUST_CHECK;
void lus_add_differences(struct lus_compared *x);

#endif
