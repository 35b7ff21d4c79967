/* What one thread counts, batch by batch. */
#ifndef LUS_TALLY_COUNT_H
#define LUS_TALLY_COUNT_H

#include "people/cohort.h"
#include "people/fast/fast.h"
#include "tally/persons.h"

/* A row of a person whose weight may not be whole. */
struct lus_weighted_row {
    uint32_t group;
    uint8_t event;
    lus_time entry, exit;
    int64_t weight;
};

/* What one thread has counted, by its own group numbers. */
struct lus_counter {
    struct lus_intake intake;
    struct lus_fast fast;
    struct lus_group_series series;
    LUS_ARRAY(struct lus_weighted_row) rows;   /* with weights only */
    LUS_ARRAY(struct lus_person_list) persons; /* by group; with a demography only */
    LUS_ARRAY(uint64_t) people;                /* with weights only: rows by group */
    struct lus_cohort cohort;
};

int lus_counter_init(struct lus_counter *c, const struct lus_plan *plan,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_counter_free(struct lus_counter *c);

/* Takes a batch's rows, by their patterns where that is enough; kept apart in the cohort where one
 * row of each patient is chosen. */
int lus_count_batch(struct lus_counter *c, int thread, const struct lus_batch *batch,
                    struct lus_error *err) LUS_MUST_CHECK;
/* A row of the cohort, once the choice is made. */
int lus_count_chosen(struct lus_counter *c, const struct lus_cohort_row *row,
                     struct lus_error *err) LUS_MUST_CHECK;
/* To be called once, behind the last row: pours the bins. */
int lus_counter_close(struct lus_counter *c, struct lus_error *err) LUS_MUST_CHECK;

#endif
