/* From the threads' counts to sorted strata. */
#ifndef LUS_TALLY_GATHER_H
#define LUS_TALLY_GATHER_H

#include "tally/count.h"
#include "tally/counts.h"

struct lus_tally_memory {
    struct lus_arena arena; /* texts */
    struct lus_factor_summary *factors;
    size_t n_factors;
    /* of a stored tally: the checksums of those that were added up, in letters */
    const char **parts;
    size_t n_parts;
};

/* describe.c: what a tally says of its question before a row is read; texts are copied. */
int lus_tally_describe(struct lus_tally *tally, const struct lus_plan *plan, size_t n_threads,
                       struct lus_error *err) LUS_MUST_CHECK;

/* merge.c: which of two strata comes first by one of their keys: by declared places, then numbers
 * by value, then text; what is missing last. */
int lus_stratum_level_order(const struct lus_stratum *a, const struct lus_stratum *b, size_t key);
void lus_stratum_free(const struct lus_tally *tally, struct lus_stratum *stratum);

/* Strata of the counters into tally->strata, whose texts the tally's arena owns. */
int lus_gather(struct lus_tally *tally, const struct lus_plan *plan, struct lus_counter *counters,
               size_t n, bool keeps_counts, struct lus_error *err) LUS_MUST_CHECK;

#endif
