/* Adjusted p-values, and differences of estimates. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "lustrum/compare.h"
#include "support/memory.h"

static int by_p(const void *a, const void *b)
{
    double x = **(const double *const *)a, y = **(const double *const *)b;
    return (x > y) - (x < y);
}

/* Pointers to the p-values that are numbers, ascending; everything else of out is NaN. */
static const double **ascending(const double *p, size_t n, double *out, size_t *n_kept)
{
    const double **order = lus_alloc(n, sizeof *order);
    *n_kept = 0;
    for (size_t i = 0; order && i < n; i++) {
        out[i] = NAN;
        if (!isnan(p[i])) order[(*n_kept)++] = &p[i];
    }
    if (order && *n_kept) qsort(order, *n_kept, sizeof *order, by_p);
    return order;
}

int lus_adjust_holm(const double *p, size_t n, double *out)
{
    size_t m;
    const double **order = ascending(p, n, out, &m);
    if (!order) return LUS_ENOMEM;
    double largest = 0;
    for (size_t i = 0; i < m; i++) {
        double adjusted = (double)(n - i) * *order[i];
        if (adjusted > largest) largest = adjusted;
        out[order[i] - p] = largest < 1 ? largest : 1;
    }
    free(order);
    return LUS_OK;
}

int lus_adjust_bh(const double *p, size_t n, double *out)
{
    size_t m;
    const double **order = ascending(p, n, out, &m);
    if (!order) return LUS_ENOMEM;
    double least = 1;
    for (size_t i = m; i-- > 0;) {
        double adjusted = (double)n / (double)(i + 1) * *order[i];
        if (adjusted < least) least = adjusted;
        out[order[i] - p] = least;
    }
    free(order);
    return LUS_OK;
}

struct lus_difference lus_difference(double a, double a_error, double b, double b_error,
                                     double level)
{
    struct lus_difference d = {.difference = a - b,
                               .std_error = sqrt(a_error * a_error + b_error * b_error)};
    double half = lus_conf_z(level) * d.std_error;
    d.low = d.difference - half;
    d.high = d.difference + half;
    d.p_value = d.std_error > 0 ? 2 * gsl_cdf_ugaussian_Q(fabs(d.difference) / d.std_error) : NAN;
    return d;
}
