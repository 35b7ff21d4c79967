/* A multiset of times: how much weight falls on each. Small counts wait in a list, times on the
 * grid are counted in an array, the others are sorted into runs; nobody has to choose. */
#ifndef LUS_SUPPORT_SERIES_H
#define LUS_SUPPORT_SERIES_H

#include "lustrum/time.h"
#include "support/memory.h"

typedef LUS_ARRAY(struct lus_mark) lus_marks;

struct lus_series {
    int64_t *dense; /* weight at grid step i */
    size_t n_dense;
    lus_marks fresh; /* in the order of arrival */
    lus_marks run;   /* ascending, each time once */
};

/* The grid: whole units. */
struct lus_grid {
    int64_t step;
    double per_step;
};

enum { LUS_GRID_STEPS = 16384, LUS_FRESH_MARKS = 512 };

/* The step that a time may stand on. */
static inline size_t lus_grid_step(const struct lus_grid *grid, lus_time time)
{
    return (size_t)((double)time * grid->per_step + 0.5);
}

int lus_series_add_slowly(struct lus_series *s, const struct lus_grid *grid, lus_time time,
                          int64_t weight) LUS_MUST_CHECK;

/* Adds weight at a time. LUS_ENOMEM; LUS_EDATA where a sum of weights overflows. */
static inline int lus_series_add(struct lus_series *s, const struct lus_grid *grid, lus_time time,
                                 int64_t weight)
{
    size_t i = lus_grid_step(grid, time);
    if (i < s->n_dense && (int64_t)i * grid->step == time)
        return __builtin_add_overflow(s->dense[i], weight, &s->dense[i]) ? LUS_EDATA : LUS_OK;
    return lus_series_add_slowly(s, grid, time, weight);
}

/* Makes all of s one run, ascending, each time once. LUS_EDATA on overflow. */
int lus_series_settle(struct lus_series *s, const struct lus_grid *grid) LUS_MUST_CHECK;
/* Merges two ascending lists into a new one. LUS_EDATA on overflow. */
int lus_marks_merge(const lus_marks *a, const lus_marks *b, lus_marks *out) LUS_MUST_CHECK;
/* Sorts by time and joins equal times. LUS_EDATA on overflow. */
int lus_marks_collapse(struct lus_mark *marks, size_t *n) LUS_MUST_CHECK;
void lus_series_free(struct lus_series *s);

#endif
