/* What the words of the event column say. */
#ifndef LUS_PEOPLE_EVENTS_H
#define LUS_PEOPLE_EVENTS_H

#include "people/columns.h"
#include "people/rows.h"

struct lus_events {
    uint8_t *words; /* by code of the event column: 0, a cause, or what events.c has beside */
    size_t n;
    bool any_bad; /* in this batch */
};

/* The event of each row: 0, or the number of its cause. A missing one leaves the row out. */
int lus_events_take(struct lus_events *e, const struct lus_values *v, struct lus_people *p,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Whether the word on a row is none that the event knows. */
bool lus_event_is_bad(const struct lus_events *e, const struct lus_values *v, size_t row);
void lus_events_free(struct lus_events *e);
/* LUS_EDATA where a level that the recipe or an option names is on no row of n threads' values:
 * most likely a slip, unless the column holds a single other word, as it does where nobody has
 * died. */
int lus_events_check(const struct lus_plan *plan, const struct lus_values *const *values, size_t n,
                     struct lus_error *err) LUS_MUST_CHECK;

#endif
