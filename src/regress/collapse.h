/* People who are alike in everything that a model asks, as one row with their number: registries
 * give times in months and ages in years. */
#ifndef LUS_REGRESS_COLLAPSE_H
#define LUS_REGRESS_COLLAPSE_H

#include "lustrum/tally.h"
#include "regress/order.h"

struct lus_collapsed {
    LUS_ARRAY(struct lus_stretch) rows; /* in the order of a regression */
    LUS_ARRAY(double) counts;
    LUS_ARRAY(uint32_t) patterns; /* by row: which of the first_of_pattern has the same values */
    uint32_t *first_of_pattern;   /* rows of the frame */
    size_t n_patterns;
};

/* Rows of a frame without entries, weights and persons; *is_worth: whether they become much fewer,
 * else out is empty. stratum_of: of the model, by stratum of the frame. event: by cause.
 * LUS_ENOMEM. */
int lus_collapse(const struct lus_frame *frame, const uint32_t *stratum_of, size_t n_strata,
                 const bool *event, struct lus_collapsed *out, bool *is_worth) LUS_MUST_CHECK;
void lus_collapsed_free(struct lus_collapsed *collapsed);

#endif
