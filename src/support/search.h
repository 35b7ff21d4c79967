/* Searching times that ascend. */
#ifndef LUS_SUPPORT_SEARCH_H
#define LUS_SUPPORT_SEARCH_H

#include <stddef.h>

#include "lustrum/time.h"

/* The first of n ascending times at or after t; n where there is none. */
static inline size_t lus_first_from(const lus_time *times, size_t n, lus_time t)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (times[middle] < t) low = middle + 1;
        else high = middle;
    }
    return low;
}

#endif
