#include "support/times.h"

#include <stdlib.h>

int lus_by_time(const void *a, const void *b)
{
    lus_time x = *(const lus_time *)a, y = *(const lus_time *)b;
    return (x > y) - (x < y);
}

size_t lus_times_distinct(lus_time *times, size_t n)
{
    size_t kept = 0;
    if (n) qsort(times, n, sizeof *times, lus_by_time);
    for (size_t i = 0; i < n; i++)
        if (!i || times[i] != times[kept - 1]) times[kept++] = times[i];
    return kept;
}
