/* The quadratic form of scores that sum to zero. */
#ifndef LUS_COMPARE_SCORE_TEST_H
#define LUS_COMPARE_SCORE_TEST_H

#include "lustrum/compare.h"

/* U' V^- U over the groups with an expectation above 0; sets statistic and df, or why.
 * LUS_ENOMEM. */
int lus_score_test(size_t k, const double *scores, const double *variance, const double *expected,
                   struct lus_test_result *out) LUS_MUST_CHECK;
/* The p-value of a statistic; NaN for both where there is none. */
void lus_score_test_end(struct lus_test_result *result);

#endif
