/* One row of each patient: rows wait until the file has ended, then one of each is chosen. */
#ifndef LUS_COHORT_ONE_ROW_H
#define LUS_COHORT_ONE_ROW_H

#include "cohort/list.h"
#include "people/people.h"

/* A row that waits. */
struct lus_candidate {
    struct lus_text id, order;
    uint64_t row;        /* over all files */
    const char *message; /* of a bad row */
    struct lus_person person;
    uint32_t group, level; /* of the thread; the code of the event's text */
    int thread;
    uint8_t status, bad;
    double *numbers; /* that are wanted; NULL: none are */
};

struct lus_candidates {
    struct lus_arena arena; /* texts */
    LUS_ARRAY(struct lus_candidate) rows;
};

/* A row of the intake's batch that is kept, with the columns that its plan has. */
struct lus_person lus_intake_person(const struct lus_intake *in, size_t row);

/* Takes the rows of the batch that where and missing values left; the others are counted by the
 * intake. */
int lus_candidates_take(struct lus_candidates *candidates, struct lus_intake *in,
                        int thread) LUS_MUST_CHECK;
/* Sorts by patient and order, and marks all rows but the first (or last) of each patient
 * LUS_ROW_OTHER_ROW. */
void lus_candidates_choose(struct lus_candidate *rows, size_t n, bool keep_last);
/* Sorts by person and entry, and joins each row to the one before of the same person and group that
 * ends where it begins: that one becomes LUS_ROW_JOINED; where people are kept none is joined, for
 * their numbers may differ. LUS_EDATA where rows of a person overlap, or one follows an event. */
int lus_candidates_join(struct lus_candidate *rows, size_t n, const struct lus_plan *plan,
                        struct lus_error *err) LUS_MUST_CHECK;
/* Numbers the persons of sorted rows, as their cluster. */
void lus_candidates_number(struct lus_candidate *rows, size_t n);
void lus_candidates_free(struct lus_candidates *candidates);

#endif
