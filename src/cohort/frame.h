/* The people that a thread keeps, in the order in which they came. */
#ifndef LUS_COHORT_FRAME_H
#define LUS_COHORT_FRAME_H

#include "cohort/one_row.h"

/* Arrays by person; those that the plan has no use for stay empty. */
struct lus_frame_list {
    LUS_ARRAY(lus_time) exit;
    LUS_ARRAY(lus_time) entry;
    LUS_ARRAY(int64_t) weight;
    LUS_ARRAY(uint32_t) person;
    LUS_ARRAY(uint32_t) group;
    LUS_ARRAY(uint64_t) row;
    LUS_ARRAY(uint8_t) cause;
    LUS_ARRAY(double) numbers; /* [person][of the wanted that are numbers] */
};

/* How many of what is wanted are numbers. */
size_t lus_n_wanted_numbers(const struct lus_plan *plan);
/* The wanted numbers of a row of the batch, in their order. */
void lus_wanted_numbers(const struct lus_values *values, size_t row, double *out);
/* numbers: as above. row: of all files. */
int lus_frame_list_add(struct lus_frame_list *list, const struct lus_plan *plan, uint32_t group,
                       const struct lus_person *person, uint64_t row,
                       const double *numbers) LUS_MUST_CHECK;
void lus_frame_list_free(struct lus_frame_list *list);

#endif
