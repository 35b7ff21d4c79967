/* What the estimators share. */
#ifndef LUS_ESTIMATE_CURVE_H
#define LUS_ESTIMATE_CURVE_H

#include "lustrum/estimate.h"
#include "support/sum.h"

/* A curve with the table's rows, which it borrows: the table has to outlive it. */
int lus_curve_of_table(struct lus_curve *curve, const struct lus_event_table *table,
                       lus_time start) LUS_MUST_CHECK;
/* Room for n rows of its own; everything that follows from the table alone is set. */
int lus_curve_allocate(struct lus_curve *curve, size_t n, const struct lus_event_table *table,
                       lus_time start) LUS_MUST_CHECK;

/* robust.c: the infinitesimal jackknife's standard errors for a Kaplan-Meier curve of weighted
 * rows. */
int lus_robust_errors(const struct lus_event_table *table, struct lus_curve *curve) LUS_MUST_CHECK;
/* The same for the area under the curve from start to tau. */
double lus_robust_area_error(const struct lus_event_table *table, const struct lus_curve *curve,
                             lus_time tau);

/* One limit of a probability between 0 and 1: side -1 is the lower, 1 the upper. */
double lus_limit(enum lus_transform transform, double z, double survival, double std_error,
                 int side);

#endif
