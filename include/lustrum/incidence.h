/* Competing causes: the probability of having had the event by each of them.
 *
 *     const char *files[] = {"datasets/stage4.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1, query.every_cause = query.keeps_counts = true;
 *     struct lus_tally by_cause;
 *     if (lus_tally_read(&query, &by_cause, &err) != LUS_OK) return 1;
 *     struct lus_event_table cancer, other;
 *     if (lus_stratum_table(&by_cause, &by_cause.strata[0], 1, false, &cancer) != LUS_OK) return 1;
 *     if (lus_stratum_table(&by_cause, &by_cause.strata[0], 2, false, &other) != LUS_OK) return 1;
 *     const struct lus_event_table *causes[] = {&cancer, &other};
 *     struct lus_incidence curves;
 *     int status = lus_aalen_johansen(&by_cause.strata[0].table, causes, 2, LUS_VARIANCE_DELTA,
 *                                     &curves);
 *     lus_time five_years = 5 * lus_unit_ticks(LUS_YEARS);
 *     struct lus_incidence_point p = lus_incidence_at(&curves, 0, five_years, &LUS_CONF_DEFAULT);
 *     if (status == LUS_OK) printf("%.1f %% (%.1f to %.1f)\n", 100 * p.incidence, 100 * p.low,
 *                                  100 * p.high);
 *     lus_incidence_free(&curves), lus_event_table_free(&cancer), lus_event_table_free(&other);
 *     lus_tally_free(&by_cause);
 *
 * prints `66.5 % (65.6 to 67.5)`.
 *
 * With causes F_1 .. F_K and survival S, F_1 + .. + F_K + S is 1 at every time.
 */
#ifndef LUSTRUM_INCIDENCE_H
#define LUSTRUM_INCIDENCE_H

#include "lustrum/compare.h"

enum lus_incidence_variance {
    LUS_VARIANCE_DELTA, /* the delta method; R's survfit */
    LUS_VARIANCE_AALEN  /* Aalen (1978); SAS's ERROR=AALEN */
};
/* "delta", "aalen", constant; and lus_incidence_variance_parse, the one of such a name.
 * Returns   LUS_OK; LUS_EUSAGE where there is none, and out is as it was.
 * Checked   tests/cli/incidence.tests, as --variance. */
LUS_API const char *lus_incidence_variance_name(enum lus_incidence_variance variance);
LUS_API int lus_incidence_variance_parse(const char *name,
                                         enum lus_incidence_variance *out) LUS_MUST_CHECK;

/* The curves of n_causes causes at the n times of exit. */
struct lus_incidence {
    struct lus_curve alive; /* Kaplan-Meier of all causes together */
    size_t n, n_causes;
    double *incidence, *std_error, *events_by; /* [cause][time] */
    enum lus_incidence_variance variance;
    bool is_robust; /* weights are not whole: the infinitesimal jackknife */
};

/* Aalen-Johansen estimate of the probability of each cause, from event tables.
 *   F_k(t) = sum over times t_j <= t of S(t_j-) d_kj / r_j
 * With G_j = F(t) - F(t_j), s_j = S(t_j-), a_j = d_kj, d_j the events of any cause:
 *   delta  sum G^2 d/(r (r - d)) + s^2 a (r - a)/r^3 - 2 G s a/r^2
 *   aalen  sum G^2 d/((r - 1)(r - d)) + s^2 a (r - a)/(r^2 (r - 1)) - 2 G s a (r - a)/(r (r - d)
 *          (r - 1))
 * With weights that are not whole (all->rows, whose causes are numbers from 1) the variance is the
 * infinitesimal jackknife; without weights delta is the same.
 * all       of any cause; it has to outlive out.
 * causes    the same people, with one cause as the event (lus_stratum_table).
 * out       overwritten; the caller frees it with lus_incidence_free. All zero on error.
 * Returns   LUS_OK; LUS_EUSAGE where the tables are not of the same times, or Aalen's variance is
 *           asked of weights that are not whole; LUS_ENOMEM.
 * Source    Aalen & Johansen, Scand J Stat 5 (1978) 141-150; Aalen, Ann Stat 6 (1978) 534-545;
 *           Marubini & Valsecchi (1995) 10.3.
 * Checked   tests/unit/test_incidence.c, ten people by hand; tests/reference/incidence.pl (R's
 *           survfit and the definition). */
LUS_API int lus_aalen_johansen(const struct lus_event_table *all,
                               const struct lus_event_table *const *causes, size_t n_causes,
                               enum lus_incidence_variance variance,
                               struct lus_incidence *out) LUS_MUST_CHECK;
LUS_API void lus_incidence_free(struct lus_incidence *incidence);

struct lus_incidence_point {
    double incidence, std_error, low, high, events_by;
    enum lus_why why, why_error;
};
/* The probability of a cause, from 0, by a time. Available where survival is. Without an event of
 * the cause by then it is 0, and limits are not available.
 * conf      of the limits, by lus_interval of the probability.
 * Checked   tests/unit/test_incidence.c; tests/reference/incidence.pl. */
LUS_API struct lus_incidence_point lus_incidence_at(const struct lus_incidence *incidence,
                                                    size_t cause, lus_time time,
                                                    const struct lus_conf *conf);
/* Time lost to a cause, from 0, before tau: the area under its curve, in ticks, with its variance
 * by the same method as that of the curve.
 * all       that the curves are of.
 * tau       not available past the last follow-up, unless survival is 0 there.
 * Source    Andersen, Stat Med 32 (2013) 5278-5285.
 * Checked   tests/unit/test_incidence.c, by hand; tests/reference/incidence.pl (R's survfit). */
LUS_API struct lus_mean lus_time_lost(const struct lus_event_table *all,
                                      const struct lus_event_table *of_cause,
                                      const struct lus_incidence *incidence, size_t cause,
                                      lus_time tau, double level);

/* Gray's test of equal curves of one cause in n_groups groups; with strata the sums run over them.
 *   U_g = sum w(t) R_g(t) (dF_g / (1 - F_g(t-)) - dF / (1 - F(t-))),
 *   R_g = r_g (1 - F_g(t-)) / S_g(t-),  w = (1 - F(t-))^rho
 * all       [stratum * n_groups + group]: tables of any cause, NULL where there is nobody.
 * of_cause  the same people and cause.
 * out       df groups with an expectation less 1; free it with lus_test_result_free.
 * Returns   LUS_OK; LUS_EUSAGE where a table has late entries or weights that are not whole: there
 *           is no such test; LUS_ENOMEM.
 * Source    Gray, Ann Stat 16 (1988) 1141-1154.
 * Checked   tests/reference/incidence.pl (cmprsk's cuminc; rho 0 and 1; strata). */
LUS_API int lus_gray_test(const struct lus_event_table *const *all,
                          const struct lus_event_table *const *of_cause, size_t n_groups,
                          size_t n_strata, double rho, struct lus_test_result *out) LUS_MUST_CHECK;

#endif
