/* Rows that are counted by their pattern alone: one look-up and one time each, no columns in
 * between.
 *
 * A bin holds those of one status, group and event, counted by whole units of time. At the end the
 * bins are poured into the series (series.h), where all other rows are already. */
#ifndef LUS_TALLY_BINS_H
#define LUS_TALLY_BINS_H

#include "people/fast/pattern.h"
#include "support/series.h"

struct lus_bin {
    uint64_t *counts; /* [LUS_GRID_STEPS], untouched pages of which cost nothing */
    uint32_t group;
    uint8_t status, event;
};

struct lus_bins {
    bool are_open; /* rows of this thread may be counted by their patterns */
    struct lus_patterns patterns;
    LUS_ARRAY(struct lus_bin) bins;
    /* rows that came; those of them whose pattern is new, or that have a field too long for a
     * key */
    uint64_t n_rows, n_slow;
};

struct lus_counter;

/* Opens the bins where the plan's rows have patterns. */
int lus_bins_init(struct lus_bins *bins, const struct lus_plan *plan) LUS_MUST_CHECK;
void lus_bins_free(struct lus_bins *bins);

/* Counts an indexed batch; closes the bins where too many rows need more than their pattern. */
int lus_bins_take(struct lus_counter *c, const struct lus_plan *plan, const struct lus_grid *grid,
                  const struct lus_batch *batch, struct lus_error *err) LUS_MUST_CHECK;
/* Adds what was counted to the counter's series and numbers of rows. LUS_ENOMEM or LUS_EDATA, as
 * lus_series_add. */
int lus_bins_pour(struct lus_counter *c, const struct lus_grid *grid) LUS_MUST_CHECK;

#endif
