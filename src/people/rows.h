/* The people of a batch, row by row: who is kept, from when to when, by which event. */
#ifndef LUS_PEOPLE_ROWS_H
#define LUS_PEOPLE_ROWS_H

#include "people/selection.h"

struct lus_bad {
    uint8_t reason;
    size_t slot; /* whose text is shown; LUS_NO_SLOT for a row */
};

/* One row each, in the order of the file. */
struct lus_people {
    size_t n, room;
    uint8_t *status;
    struct lus_bad *bad; /* where status is LUS_ROW_BAD */
    uint8_t *event;      /* 0, or the number of the cause */
    lus_time *exit, *entry;
    int64_t *weight; /* counts of 1e-9; only where there are weights */
    uint32_t *group;
    lus_time *age, *date; /* at the origin; only where the plan has a demography */
    uint16_t *life;       /* which of the life table's columns: sex * n_by + by */
};

/* Room for n rows. */
int lus_people_reserve(struct lus_people *p, size_t n, bool has_demography) LUS_MUST_CHECK;
void lus_people_free(struct lus_people *p);

static inline void lus_people_set_bad(struct lus_people *p, size_t row, enum lus_bad_reason reason,
                                      size_t slot)
{
    if (p->status[row] != LUS_ROW_KEPT) return;
    p->status[row] = LUS_ROW_BAD;
    p->bad[row] = (struct lus_bad){(uint8_t)reason, slot};
}

static inline void lus_people_set_missing(struct lus_people *p, size_t row,
                                          enum lus_status_of_row status)
{
    if (p->status[row] == LUS_ROW_KEPT) p->status[row] = (uint8_t)status;
}

#endif
