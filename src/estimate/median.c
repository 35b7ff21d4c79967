/* The median of a number that is counted by value. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/estimate.h"

static int by_value(const void *a, const void *b)
{
    const struct lus_counted *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* The value of the k-th of the sorted people, k from 1. */
static double kth(const struct lus_counted *counts, size_t n, double k)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if ((sum += counts[i].n) >= k) return counts[i].value;
    return n ? counts[n - 1].value : NAN;
}

struct lus_median lus_median_of(struct lus_counted *counts, size_t n, double level)
{
    double total = 0, z = lus_conf_z(level);
    if (n) qsort(counts, n, sizeof *counts, by_value);
    for (size_t i = 0; i < n; i++)
        total += counts[i].n;
    if (!(total > 0)) return (struct lus_median){NAN, NAN, NAN, 0};
    double low = floor(total / 2 - z * sqrt(total) / 2),
           high = ceil(total / 2 + z * sqrt(total) / 2) + 1;
    double middle =
        (kth(counts, n, floor((total + 1) / 2)) + kth(counts, n, floor(total / 2) + 1)) / 2;
    return (struct lus_median){middle, kth(counts, n, fmax(low, 1)),
                               kth(counts, n, fmin(high, total)), total};
}
