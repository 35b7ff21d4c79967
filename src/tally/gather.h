/* From the threads' counts to sorted strata. */
#ifndef LUS_TALLY_GATHER_H
#define LUS_TALLY_GATHER_H

#include "tally/count.h"
#include "tally/event_table.h"

struct lus_tally_memory {
    struct lus_plan plan;
    struct lus_arena arena;
    struct lus_factor_summary *factors;
};

/* Strata of the counters into tally->strata, whose texts the tally's arena owns. */
int lus_gather(struct lus_tally *tally, struct lus_counter *counters, size_t n,
               const struct lus_grid *grid, struct lus_error *err) LUS_MUST_CHECK;

#endif
