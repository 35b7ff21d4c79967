/* The people themselves, from the threads' lists to arrays in the order of the files. */
#ifndef LUS_TALLY_FRAME_H
#define LUS_TALLY_FRAME_H

#include "lustrum/tally.h"
#include "tally/count.h"

/* Fills tally->frame, and leaves out the tally's strata that nobody is in.
 * stratum_of   [thread][group]: the number of the stratum. */
int lus_frame_gather(struct lus_tally *tally, const struct lus_plan *plan,
                     struct lus_counter *counters, size_t n,
                     uint32_t *const *stratum_of) LUS_MUST_CHECK;
/* The distinct levels of a key among the strata, and which each stratum has. */
int lus_frame_levels(const struct lus_tally *tally, size_t key,
                     struct lus_frame_column *out) LUS_MUST_CHECK;
void lus_frame_free(struct lus_frame *frame);

#endif
