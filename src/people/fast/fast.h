/* Rows that are understood already: one look-up and one time each, no columns in between.
 *
 * Most rows say nothing new: apart from its time a row is one of a few hundred combinations of
 * texts, its pattern. A bin holds those of one status, group and event, counted by whole units of
 * time. At the end the bins are poured into the series, where all other rows are already. */
#ifndef LUS_PEOPLE_FAST_H
#define LUS_PEOPLE_FAST_H

#include "people/fast/pattern.h"
#include "people/group_series.h"

struct lus_bin {
    uint64_t *counts;      /* [LUS_GRID_STEPS], untouched pages of which cost nothing */
    uint32_t group, level; /* the code of the event's text */
    uint8_t status, event;
};

struct lus_fast {
    bool is_open; /* rows of this thread may be counted by their patterns */
    struct lus_patterns patterns;
    LUS_ARRAY(struct lus_bin) bins;
    uint32_t any_step; /* the steps that were counted, each or-ed: none is above */
    /* rows that came; those of them whose pattern is new, or that have a field too long for a
     * key */
    uint64_t n_rows, n_slow;
};

/* Opens where the plan's rows have patterns. */
int lus_fast_init(struct lus_fast *fast, const struct lus_plan *plan) LUS_MUST_CHECK;
void lus_fast_free(struct lus_fast *fast);

/* Counts an indexed batch while it is open: rows of known patterns here, others by the intake and
 * the series. Closes where too many rows need more than their pattern. */
int lus_fast_take(struct lus_fast *fast, struct lus_intake *in, struct lus_group_series *series,
                  const struct lus_batch *batch, struct lus_error *err) LUS_MUST_CHECK;
/* Adds what was counted to the series, and to the intake's numbers of rows. LUS_ENOMEM. */
int lus_fast_pour(struct lus_fast *fast, struct lus_intake *in,
                  struct lus_group_series *series) LUS_MUST_CHECK;

#endif
