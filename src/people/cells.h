/* What one cell says: whether it is missing, its number, its time. */
#ifndef LUS_PEOPLE_CELLS_H
#define LUS_PEOPLE_CELLS_H

#include "people/selection.h"

enum lus_time_kind {
    LUS_TIME_NUMBER,
    LUS_TIME_DATE,
    LUS_TIME_MISSING,
    LUS_TIME_BAD,
    LUS_TIME_LARGE
};

/* What a thread saw in a column that makes one doubt it. */
struct lus_cell_doubt {
    double largest;   /* of numbers */
    unsigned units;   /* that stand inside cells, a bit each */
    char unknown[24]; /* a word of unknown among numbers, the first in their order; "": none */
};
void lus_cell_doubt_add(struct lus_cell_doubt *sum, const struct lus_cell_doubt *other);

bool lus_is_missing(const struct lus_slot *slot, struct lus_text text);
/* A word that says that nothing is known: unknown, n/a, not reported, [Not Available], '--. */
bool lus_is_unknown_word(struct lus_text text);
/* A NaN where it is missing, lus_is_bad_number where it is none. "61 years" is 61, "90+" is 90. */
double lus_number_of_text(const struct lus_slot *slot, struct lus_cell_doubt *doubt,
                          struct lus_text text);
bool lus_is_bad_number(double value);
/* A time in the slot's unit, or in the cell's own, or a date; an enum lus_time_kind. *out is set
 * where it is one of the two. */
uint8_t lus_time_of_text(struct lus_seen *seen, struct lus_cell_doubt *doubt,
                         const struct lus_slot *slot, struct lus_text text, lus_time *out);
/* A count of 1e-9, by the kinds of a time. */
uint8_t lus_weight_of_text(struct lus_cell_doubt *doubt, const struct lus_slot *slot,
                           struct lus_text text, int64_t *out);

#endif
