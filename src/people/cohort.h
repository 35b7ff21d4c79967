/* The cohort: rows that are kept apart until the file has ended, because one of each patient's rows
 * is chosen. */
#ifndef LUS_PEOPLE_COHORT_H
#define LUS_PEOPLE_COHORT_H

#include "people/intake.h"

struct lus_cohort_row {
    struct lus_text id, order;
    uint64_t row;        /* over all files */
    const char *message; /* of a bad row */
    lus_time exit, entry, age, date;
    int64_t weight;
    uint32_t group; /* of the thread */
    int thread;
    uint16_t life;
    uint8_t status, bad, event;
};

struct lus_cohort {
    struct lus_arena arena; /* texts */
    LUS_ARRAY(struct lus_cohort_row) rows;
};

/* Takes the rows of the batch that where and missing values left; the others are counted by the
 * intake. */
int lus_cohort_take(struct lus_cohort *cohort, struct lus_intake *in, int thread) LUS_MUST_CHECK;
/* Sorts by patient and order, and marks all rows but the first (or last) of each patient
 * LUS_ROW_OTHER_ROW. */
void lus_cohort_choose(struct lus_cohort_row *rows, size_t n, bool keep_last);
/* Counts a row that was taken, once the choice is made (people.c). */
void lus_intake_count_chosen(struct lus_intake *in, const struct lus_cohort_row *row);
void lus_cohort_free(struct lus_cohort *cohort);

#endif
