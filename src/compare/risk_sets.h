/* The risk sets of several groups, one time after the other.
 *
 * The rows of the groups' tables are merged a window at a time: as many rows of each group as end
 * before the shortest of their next stretches does. A window stays in the nearest cache, and
 * merging its runs two by two waits for nothing. */
#ifndef LUS_COMPARE_RISK_SETS_H
#define LUS_COMPARE_RISK_SETS_H

#include "lustrum/compare.h"

/* A row of a group's table, and where its numbers are. */
struct lus_leave {
    lus_time time;
    uint32_t group, slot;
};

struct lus_risk_sets {
    const struct lus_event_table *const *tables; /* NULL: a group that is absent */
    size_t n_groups;
    double *at_risk, *events; /* at the time found: by group */
    double n, d;              /* their sums */
    /* the groups that somebody leaves then; in all others there are no events */
    size_t *leaving, n_leaving;
    lus_time time, last; /* last: that may be walked over */
    double *left;        /* by group: how many leave */
    /* by group: its first row of the next window, and its next late entry */
    size_t *next, *entry;
    struct lus_leave *window, *other; /* merged, and room for merging */
    double *slot_events, *slot_left;  /* by slot */
    size_t *runs;                     /* where the runs that are merged begin */
    size_t at, n_window;
    bool has_entries;
};

/* The times in [from, to). The tables' weights are whole numbers: sums of them are exact in any
 * order. */
int lus_risk_sets_init(struct lus_risk_sets *r, const struct lus_event_table *const *tables,
                       size_t n_groups, lus_time from, lus_time to) LUS_MUST_CHECK;
/* Goes to the next time with an event; false at the end. */
bool lus_risk_sets_next(struct lus_risk_sets *r);
void lus_risk_sets_free(struct lus_risk_sets *r);

#endif
