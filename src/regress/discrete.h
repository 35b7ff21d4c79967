/* Tied events where time goes in steps. */
#ifndef LUS_REGRESS_DISCRETE_H
#define LUS_REGRESS_DISCRETE_H

#include "regress/partial.h"

/* Multiplications that the ties of a model take, each time it is derived. */
double lus_discrete_work(const struct lus_partial *partial);
/* What a time with several events adds to score and information (its lower triangle), times a
 * factor, less what the events themselves add to the score; log_sum is taken off the likelihood.
 * r: by row, weight * exp(eta). LUS_ENOMEM. */
int lus_discrete_time(const struct lus_partial *partial, const struct lus_risk_set *set,
                      const double *r, double factor, struct lus_derivatives *out,
                      double *log_sum) LUS_MUST_CHECK;

#endif
