/* Tests between groups, from their event tables.
 *
 *     const struct lus_event_table *groups[] = {&tally.strata[0].table, &tally.strata[1].table};
 *     struct lus_test test = {.name = LUS_LOG_RANK};
 *     struct lus_rank_results r;
 *     if (lus_rank_tests(&test, groups, 2, 1, NULL, 1, &r) != LUS_OK) return 1;
 *     printf("chi-square %.1f on %g\n", r.omnibus.statistic, r.omnibus.df);
 *     lus_rank_results_free(&r);
 *
 * prints `chi-square 54.2 on 1` of grades 2 and 3 in datasets/rotterdam.csv.
 */
#ifndef LUSTRUM_COMPARE_H
#define LUSTRUM_COMPARE_H

#include "lustrum/estimate.h"

enum lus_test_name {
    LUS_LOG_RANK,
    LUS_GEHAN_BRESLOW,
    LUS_TARONE_WARE,
    LUS_PETO_PETO,
    LUS_MODIFIED_PETO,
    LUS_FLEMING_HARRINGTON
};

/* rho and gamma of Fleming-Harrington. */
struct lus_test {
    enum lus_test_name name;
    double rho, gamma;
};

/* A test from its name: log-rank, gehan-breslow, tarone-ware, peto-peto, modified-peto,
 * fleming-harrington(RHO,GAMMA); a bare fleming-harrington takes rho and gamma as they stand in
 * *out.
 * Returns   LUS_OK; LUS_EUSAGE with the names that there are in err.
 * Checked   tests/unit/test_rank_test.c. */
LUS_API int lus_test_parse(const char *text, struct lus_test *out,
                           struct lus_error *err) LUS_MUST_CHECK;
/* The name of a test, with rho and gamma where it has them, as lus_test_parse reads it.
 * out       room bytes; cut where they are too few, always terminated.
 * Checked   tests/cli/commands.tests, in the column `test`. */
LUS_API void lus_test_print(const struct lus_test *test, char *out, size_t room);

struct lus_test_result {
    double statistic, df, p_value;
    enum lus_why why; /* of the three */
    size_t n_groups;
    double *observed, *expected; /* by group, weighted where the test is */
};

/* One test of all groups, its trend where scores are given, and each pair of groups on its own. */
struct lus_rank_results {
    struct lus_test_result omnibus, trend;
    /* (0,1), (0,2), ..., (1,2), ...; n_groups (n_groups - 1) / 2 of them, without observed and
     * expected */
    struct lus_test_result *pairs;
};

/* k-sample weighted log-rank tests, in one walk over the times.
 *   U_g = sum over times w (d_g - D n_g / N),  V = sum w^2 D (N - D)/(N - 1) (diag(n/N) - n
 *                                              n'/N^2),  U' V^- U
 *   w: log-rank 1; gehan-breslow N; tarone-ware sqrt N; peto-peto prod (1 - D/(N + 1));
 *   modified-peto that times N/(N + 1); fleming-harrington(r, g) S(t-)^r (1 - S(t-))^g with the
 *   left-continuous pooled Kaplan-Meier.
 * groups    tables[stratum * n_groups + group]; a group absent from a stratum is NULL. With several
 *           strata U and V are summed over them, and weights start again in each.
 * omnibus   on (groups with an expectation above 0) - 1 degrees of freedom.
 * scores    NULL, or one for each group: the trend test (s'U)^2 / s'V s on 1.
 * threads   at most; the results do not depend on it.
 * Returns   LUS_OK; LUS_EUSAGE where a table has weights that are not whole; LUS_ENOMEM. Free out
 *           with lus_rank_results_free; all zero on error.
 * Source    Fleming & Harrington (1991) ch. 7; Klein & Moeschberger (2003) 7.3; Tarone, Biometrika
 *           62 (1975) 679-682.
 * Checked   tests/unit/test_rank_test.c, by hand;
 *           tests/reference/embedded/tests.csv (R's survdiff). */
LUS_API int lus_rank_tests(const struct lus_test *test, const struct lus_event_table *const *tables,
                           size_t n_groups, size_t n_strata, const double *scores, size_t n_threads,
                           struct lus_rank_results *out) LUS_MUST_CHECK;
LUS_API void lus_rank_results_free(struct lus_rank_results *results);
/* Frees the sums of one result, as lus_net_test gives it, and zeroes it. */
LUS_API void lus_test_result_free(struct lus_test_result *result);

/* Adjusted p-values of n tests; NaN stays NaN, and counts as one of the n.
 *   lus_adjust_holm  step down: max over j <= i of min(1, (n - j + 1) p_(j)), p ascending
 *   lus_adjust_bh    step up (Benjamini-Hochberg): min over j >= i of min(1, n p_(j) / j)
 * out       n numbers, in the order of p; may not overlap it.
 * Returns   LUS_OK; LUS_ENOMEM.
 * Source    Holm, Scand J Stat 6 (1979) 65-70; Benjamini & Hochberg, JRSS B 57 (1995) 289-300.
 * Checked   tests/unit/test_rank_test.c, by hand on four p-values. */
LUS_API int lus_adjust_holm(const double *p, size_t n, double *out) LUS_MUST_CHECK;
LUS_API int lus_adjust_bh(const double *p, size_t n, double *out) LUS_MUST_CHECK;

struct lus_difference {
    double difference, std_error, low, high, p_value;
};
/* a - b of two independent estimates, se = sqrt(se_a^2 + se_b^2), with a plain interval and the
 * two-sided p of the normal z = (a - b) / se, which is NaN where se is 0.
 * level     of the interval, 0 < level < 1.
 * Checked   tests/unit/test_rank_test.c, by hand. */
LUS_API struct lus_difference lus_difference(double a, double a_error, double b, double b_error,
                                             double level);

/* The groups of a tally, which are compared: its strata by the levels of the by-keys; and the
 * strata of a stratified test, by those of the further keys. Both in the tally's order. */
struct lus_groups {
    size_t n_groups, n_strata;
    const struct lus_stratum **first;      /* by group: a stratum of the tally that names it */
    size_t *group_of, *stratum_of;         /* by stratum of the tally */
    const struct lus_event_table **tables; /* [stratum * n_groups + group]; NULL: nobody */
    const struct lus_event_table **wholes; /* by group: all its strata together */
    struct lus_event_table *sums;          /* those of wholes that are no table of the tally's */
};
/* Arranges the strata of a tally as lus_rank_tests and lus_net_test_groups take them.
 * tally     has to outlive out.
 * out       overwritten; the caller frees it with lus_groups_free. All zero on error.
 * Returns   LUS_OK; LUS_ENOMEM.
 * Checked   tests/unit/test_groups.c, by hand. */
LUS_API int lus_groups_make(const struct lus_tally *tally, struct lus_groups *out,
                            struct lus_error *err) LUS_MUST_CHECK;
/* Frees groups, and zeroes them; groups of zeroes too. */
LUS_API void lus_groups_free(struct lus_groups *groups);

#endif
