#include "regress/matrix.h"

#include <math.h>

size_t lus_cholesky(double *a, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = a[i * n + i], whole = pivot;
        for (size_t k = 0; k < i; k++)
            pivot -= a[i * n + k] * a[i * n + k];
        if (!(pivot > tolerance * whole) || !(whole > 0) || !isfinite(pivot)) return i;
        double root = a[i * n + i] = sqrt(pivot);
        for (size_t j = i + 1; j < n; j++) {
            double x = a[j * n + i];
            for (size_t k = 0; k < i; k++)
                x -= a[j * n + k] * a[i * n + k];
            a[j * n + i] = x / root;
        }
    }
    return n;
}

void lus_cholesky_solve(const double *l, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= l[k * n + i] * x[k];
        x[i] /= l[i * n + i];
    }
}

void lus_cholesky_invert(const double *l, size_t n, double *out)
{
    for (size_t c = 0; c < n; c++) {
        double *column = out + c * n; /* symmetric: rows are columns */
        for (size_t i = 0; i < n; i++)
            column[i] = i == c;
        lus_cholesky_solve(l, n, column);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            out[i * n + k] = out[k * n + i] = (out[i * n + k] + out[k * n + i]) / 2;
}

double lus_quadratic(const double *a, size_t n, const size_t *chosen, size_t k, const double *x,
                     double *scratch)
{
    double *own = scratch, *solved = scratch + k * k, out = 0;
    for (size_t i = 0; i < k; i++) {
        solved[i] = x[chosen[i]];
        for (size_t j = 0; j < k; j++)
            own[i * k + j] = a[chosen[i] * n + chosen[j]];
    }
    if (lus_cholesky(own, k, 1e-13) < k) return NAN;
    lus_cholesky_solve(own, k, solved);
    for (size_t i = 0; i < k; i++)
        out += x[chosen[i]] * solved[i];
    return out;
}
