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
    /* GSL's own matrices lose their head where memory for the body cannot be had */
    size_t *kept = lus_alloc(k, sizeof *kept), n = 0;
    double *numbers = lus_alloc(k + 2, k * sizeof *numbers);
    int status = kept && numbers ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < k && status == LUS_OK; i++)
        if (expected[i] > 0) kept[n++] = i;
    if (n < 2) {
        out->why = LUS_WHY_SINGULAR;
        goto done;
    }
    n--;
    gsl_matrix_view v = gsl_matrix_view_array(numbers, n, n);
    gsl_vector_view u = gsl_vector_view_array(numbers + n * n, n),
                    x = gsl_vector_view_array(numbers + n * n + n, n);
    for (size_t i = 0; i < n; i++) {
        gsl_vector_set(&u.vector, i, scores[kept[i]]);
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(&v.matrix, i, j, variance[kept[i] * k + kept[j]]);
    }
    double statistic = 0;
    if (gsl_linalg_cholesky_decomp1(&v.matrix) != GSL_SUCCESS ||
        gsl_linalg_cholesky_solve(&v.matrix, &u.vector, &x.vector) != GSL_SUCCESS) {
        out->why = LUS_WHY_SINGULAR;
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        statistic += gsl_vector_get(&u.vector, i) * gsl_vector_get(&x.vector, i);
    out->statistic = statistic;
    out->df = (double)n;
done:
    free(kept), free(numbers);
    return status;
}

void lus_score_test_end(struct lus_test_result *result)
{
    if (result->why != LUS_AVAILABLE) result->statistic = result->df = NAN;
    else result->p_value = gsl_cdf_chisq_Q(result->statistic, result->df);
}
