/* What the two ways to net survival share: by exact times (net.c) and by intervals
 * (interval_net.c). */
#ifndef LUS_RELATIVE_NET_H
#define LUS_RELATIVE_NET_H

#include "relative/sums.h"

int lus_net_allocate(struct lus_net *net, size_t n) LUS_MUST_CHECK;
int lus_net_by_intervals(const struct lus_net_query *q, const struct lus_sums_query *base,
                         const struct lus_cohort *persons, struct lus_net *out) LUS_MUST_CHECK;
/* A point's limits; without an event it has neither errors nor limits. */
void lus_net_limits(const struct lus_conf *conf, struct lus_net_point *p);

#endif
