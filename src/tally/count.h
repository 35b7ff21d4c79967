/* What one thread counts, batch by batch. */
#ifndef LUS_TALLY_COUNT_H
#define LUS_TALLY_COUNT_H

#include "cohort/cohort.h"
#include "people/people.h"

/* What one thread has counted, by its own group numbers. */
struct lus_counter {
    struct lus_intake intake;
    struct lus_fast fast;
    struct lus_group_series series;
    LUS_ARRAY(struct lus_cohort_list) rows; /* by group; with weights or a demography only */
    LUS_ARRAY(uint64_t) people;             /* with weights only: rows by group */
    struct lus_frame_list people_kept;      /* where the plan keeps people */
    struct lus_candidates candidates;       /* where one row of each patient is chosen */
    LUS_ARRAY(uint64_t) ids;                /* hashes of the watched rows' ids */
    size_t n_without_id;                    /* kept rows among the first that have none */
};
enum { LUS_WATCHED_ROWS = 65536 }; /* the first ones, whose ids are watched for repeats */

int lus_counter_init(struct lus_counter *c, const struct lus_plan *plan,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_counter_free(struct lus_counter *c);

/* Takes a batch's rows, by their patterns where that is enough; kept apart as candidates where one
 * row of each patient is chosen. */
int lus_count_batch(struct lus_counter *c, int thread, const struct lus_batch *batch,
                    struct lus_error *err) LUS_MUST_CHECK;
/* A candidate, once the choice is made. */
int lus_count_chosen(struct lus_counter *c, const struct lus_candidate *row,
                     struct lus_error *err) LUS_MUST_CHECK;
/* To be called once, behind the last row: pours the bins. */
int lus_counter_close(struct lus_counter *c, struct lus_error *err) LUS_MUST_CHECK;

#endif
