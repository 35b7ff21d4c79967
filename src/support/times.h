/* Times in order: the search in what ascends, the sort. */
#ifndef LUS_SUPPORT_TIMES_H
#define LUS_SUPPORT_TIMES_H

#include <stddef.h>

#include "lustrum/time.h"

/* The first i of 0 .. n - 1 of which is_before, an expression of i that is true of a first part of
 * them, no longer is; n where it is of all. */
#define LUS_FIRST(n, i, is_before)                \
    ({                                            \
        size_t low_ = 0, high_ = (n);             \
        while (low_ < high_) {                    \
            size_t i = low_ + (high_ - low_) / 2; \
            if (is_before) low_ = i + 1;          \
            else high_ = i;                       \
        }                                         \
        low_;                                     \
    })

/* The first of n ascending times at or after t, and the first after it; n where there is none. */
static inline size_t lus_first_from(const lus_time *times, size_t n, lus_time t)
{
    return LUS_FIRST(n, i, times[i] < t);
}
static inline size_t lus_first_after(const lus_time *times, size_t n, lus_time t)
{
    return LUS_FIRST(n, i, times[i] <= t);
}

/* For qsort: by time, of times and of structs that begin with one. */
int lus_by_time(const void *a, const void *b);
/* Sorts times and keeps each once. Returns how many are left. */
size_t lus_times_distinct(lus_time *times, size_t n);

#endif
