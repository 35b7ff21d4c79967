/* Who stays at risk, and the scores that count what is estimated of it. */
#ifndef LUS_REGRESS_FINE_GRAY_H
#define LUS_REGRESS_FINE_GRAY_H

#include "regress/partial.h"

struct lus_cox;
struct lus_cox_sums;

/* Fills partial->competing. group: of censoring, by row of the design; NULL: one. LUS_ENOMEM. */
int lus_competing_make(struct lus_partial *partial, const uint32_t *group,
                       size_t n_groups) LUS_MUST_CHECK;
/* The scores of all rows, [row][p], without their weights. LUS_ENOMEM. */
int lus_competing_scores(const struct lus_cox *cox, const struct lus_cox_sums *sums,
                         double *scores) LUS_MUST_CHECK;

#endif
