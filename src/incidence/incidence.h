/* What the files of this folder share. */
#ifndef LUS_INCIDENCE_INCIDENCE_H
#define LUS_INCIDENCE_INCIDENCE_H

#include "lustrum/incidence.h"
#include "support/memory.h"
#include "support/sum.h"

/* robust.c: the infinitesimal jackknife of weighted rows. Standard errors of the curve of a cause,
 * from 0, at each time; and of its area to tau. */
int lus_incidence_robust(const struct lus_event_table *all, const struct lus_event_table *of_cause,
                         struct lus_incidence *incidence, size_t cause) LUS_MUST_CHECK;
double lus_time_lost_robust(const struct lus_event_table *all,
                            const struct lus_event_table *of_cause,
                            const struct lus_incidence *incidence, size_t cause, lus_time tau);

#endif
