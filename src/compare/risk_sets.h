/* The risk sets of several groups, one time after the other, without a merged copy. */
#ifndef LUS_COMPARE_RISK_SETS_H
#define LUS_COMPARE_RISK_SETS_H

#include "lustrum/compare.h"

struct lus_risk_sets {
    const struct lus_event_table *const *tables; /* NULL: a group that is absent */
    size_t n_groups;
    size_t *next, *entry;                        /* by group: the next row, and the next late entry */
    lus_time *head;                              /* by group: the time of the next row; LUS_TIME_MAX: none */
    bool has_entries;
    double *inside;                              /* by group: at risk now */
    double *at_risk, *events;                    /* at the time found: by group */
    double n, d;                                 /* their sums */
    lus_time time;
};

int lus_risk_sets_init(struct lus_risk_sets *r, const struct lus_event_table *const *tables, size_t n_groups) LUS_MUST_CHECK;
/* Goes to the next time with an event; false at the end. */
bool lus_risk_sets_next(struct lus_risk_sets *r);
void lus_risk_sets_free(struct lus_risk_sets *r);

#endif
