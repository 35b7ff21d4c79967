/* What the words of the event column say. */
#ifndef LUS_PEOPLE_EVENTS_H
#define LUS_PEOPLE_EVENTS_H

#include "people/columns.h"
#include "people/rows.h"

struct lus_events {
    uint8_t *words; /* by code of the event column: 0, a cause, or what events.c has beside */
    size_t n;
    uint64_t *kept; /* by code: rows that are kept */
    bool any_bad;   /* in this batch */
};
/* What a word says by itself, where no levels are named: 1, 0, or -1 where it says neither. */
int lus_event_of_word(struct lus_text word);

/* The number of the cause that any value means ("*": a date of death that is there); 0: none. */
size_t lus_event_of_any(const struct lus_plan *plan);
/* The event of each row: 0, or the number of its cause. A missing one leaves the row out. */
int lus_events_take(struct lus_events *e, const struct lus_values *v, struct lus_people *p,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Whether the word on a row is none that the event knows. */
bool lus_event_is_bad(const struct lus_events *e, const struct lus_values *v, size_t row);
/* The cause that a code of the column names; 0: none; -1: it is missing or bad. */
int lus_cause_of_code(const struct lus_events *e, uint32_t code);
void lus_events_free(struct lus_events *e);
/* LUS_EDATA where a level that the recipe or an option names is on no row of n threads' values:
 * most likely a slip, unless the column holds a single other word, as it does where nobody has
 * died. */
int lus_events_check(const struct lus_plan *plan, const struct lus_values *const *values, size_t n,
                     struct lus_error *err) LUS_MUST_CHECK;

#endif
