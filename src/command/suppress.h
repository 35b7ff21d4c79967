/* --suppress N: no cell that counts fewer than N people is shown, nor a second one from which the
 * first could be had by subtraction. */
#ifndef LUS_COMMAND_SUPPRESS_H
#define LUS_COMMAND_SUPPRESS_H

#include "command/reading.h"

/* The strata that a command shows, by the first n_keys keys, and which of them are hidden. Zeroed:
 * nothing is hidden. */
struct lus_cells {
    double least; /* N; 0: nothing is asked */
    size_t n, n_keys, n_by;
    const struct lus_stratum **first; /* a stratum that names the cell */
    double *people, *events;
    bool *hidden, *events_hidden;
    bool any_hidden;
};

/* Cells under N are hidden; along each key, where exactly one cell of a line is hidden, the next
 * smallest is hidden too. */
int lus_cells_make(struct lus_cells *cells, const struct lus_tally *tally, size_t n_keys,
                   long least, struct lus_error *err) LUS_MUST_CHECK;
bool lus_cells_is_hidden(const struct lus_cells *cells, const struct lus_stratum *stratum);
void lus_cells_free(struct lus_cells *cells);
/* Rows of a curve that may be shown: each stands for at least N deaths, and for none or at least N
 * who leave, since the row before. rows has room for all; returns how many. */
size_t lus_rows_shown(const struct lus_fit *fit, double least, size_t *rows);

#endif
