/* Small symmetric matrices, row by row, as information and variance are. */
#ifndef LUS_REGRESS_MATRIX_H
#define LUS_REGRESS_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* L L' of a positive definite matrix in place (its lower triangle). Returns n; or the index of the
 * first row that adds nothing to those before, by its pivot against tolerance * its diagonal. */
size_t lus_cholesky(double *a, size_t n, double tolerance);
/* Solves L L' x = b in place. */
void lus_cholesky_solve(const double *l, size_t n, double *x);
/* The inverse of L L', whole. */
void lus_cholesky_invert(const double *l, size_t n, double *out);
/* x' A^-1 x of k chosen rows and columns of an n by n matrix A; scratch: k * (k + 1) numbers. NaN
 * where A is singular there. */
double lus_quadratic(const double *a, size_t n, const size_t *chosen, size_t k, const double *x,
                     double *scratch);

#endif
