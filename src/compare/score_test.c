#include "compare/score_test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

#include "support/memory.h"

/* U' V^- U over the groups with an expectation, the last of them left out: V has rank one less. */
int lus_score_test(size_t k, const double *scores, const double *variance, const double *expected,
                   struct lus_test_result *out)
{
    size_t *kept = lus_alloc(k, sizeof *kept), n = 0;
    if (!kept) return LUS_ENOMEM;
    for (size_t i = 0; i < k; i++)
        if (expected[i] > 0) kept[n++] = i;
    if (n < 2) {
        out->why = LUS_WHY_SINGULAR;
        free(kept);
        return LUS_OK;
    }
    n--;
    gsl_matrix *v = gsl_matrix_alloc(n, n);
    gsl_vector *u = gsl_vector_alloc(n), *x = gsl_vector_alloc(n);
    int status = v && u && x ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) {
        for (size_t i = 0; i < n; i++) {
            gsl_vector_set(u, i, scores[kept[i]]);
            for (size_t j = 0; j < n; j++)
                gsl_matrix_set(v, i, j, variance[kept[i] * k + kept[j]]);
        }
        double statistic = 0;
        if (gsl_linalg_cholesky_decomp1(v) != GSL_SUCCESS ||
            gsl_linalg_cholesky_solve(v, u, x) != GSL_SUCCESS) {
            out->why = LUS_WHY_SINGULAR;
        } else {
            for (size_t i = 0; i < n; i++)
                statistic += gsl_vector_get(u, i) * gsl_vector_get(x, i);
            out->statistic = statistic;
            out->df = (double)n;
        }
    }
    gsl_matrix_free(v), gsl_vector_free(u), gsl_vector_free(x);
    free(kept);
    return status;
}

void lus_score_test_end(struct lus_test_result *result)
{
    if (result->why != LUS_AVAILABLE) result->statistic = result->df = NAN;
    else result->p_value = gsl_cdf_chisq_Q(result->statistic, result->df);
}
