/* Finding the row of a time among ascending times, and the grid that most of them lie on. */
#ifndef LUS_RELATIVE_FINDER_H
#define LUS_RELATIVE_FINDER_H

#include <stddef.h>
#include <stdint.h>

#include "lustrum/tally.h"
#include "support/times.h"

struct lus_finder {
    const lus_time *times;
    size_t n;
    lus_time quantum; /* of which all times are multiples; 0: no table */
    uint32_t *rows;   /* by time / quantum: the first row at or after it */
    size_t n_rows;
    lus_time step;   /* of the grid that most times lie on: a day, or the usual gap */
    uint32_t *ticks; /* by row: time / step, or LUS_OFF the grid */
};

enum { LUS_OFF = UINT32_MAX };

/* Refers to the times. Free it on failure too. LUS_ENOMEM. */
int lus_finder_make(struct lus_finder *f, const lus_time *times, size_t n) LUS_MUST_CHECK;
void lus_finder_free(struct lus_finder *f);

/* The first of the finder's times at or after t. */
static inline size_t lus_finder_row(const struct lus_finder *f, lus_time t)
{
    if (t <= 0) return 0;
    if (!f->quantum) return lus_first_from(f->times, f->n, t);
    return t > f->times[f->n - 1] ? f->n : f->rows[(t + f->quantum - 1) / f->quantum];
}

#endif
