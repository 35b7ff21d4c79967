/* Mortality of a population: life tables; net and relative survival against them.
 *
 *     struct lus_life_table table;
 *     const char *path = "datasets/lifetables/us.csv";
 *     if (lus_life_table_read(path, NULL, &table, &err) != LUS_OK) return 1;
 *     double hazard = lus_life_table_hazard(&table, LUS_FEMALE, 0, 61.5, 1994.2);
 *     printf("%.2f of 1000 a year\n", 1000 * hazard * table.year_days);
 *     lus_life_table_free(&table);
 *
 * prints `9.41 of 1000 a year`.
 */
#ifndef LUSTRUM_RELATIVE_H
#define LUSTRUM_RELATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "lustrum/compare.h"

/* Hazards per day by sex, further factors, age and calendar year. A cell holds from its age and
 * year until the next one that the table has, the last for all that is later, the first for all
 * that is earlier.
 * ages, years   ascending, whole; hazards in the order [sex][by][age][year]; a sex that the table
 *               lacks has NaN. */
struct lus_life_table {
    size_t n_ages, n_years, n_by; /* n_by: combinations of further factors, at least 1 */
    double *ages, *years;
    double *hazard_per_day;
    bool has_sex[LUS_N_SEXES];
    /* days in a life-table year: 365.25 unless the recipe says otherwise */
    double year_days;
    size_t n_keys; /* further factors */
    const char **keys;
    const char **by_levels; /* [n_by][n_keys] */
    const char *title, *source;
    struct lus_life_table_memory *memory;
};

/* Reads a CSV with its recipe (`lifetable:`; NULL: FILE.yaml beside it), or files of the Human
 * Mortality Database (text: two header lines, then Year Age mx qx ..., the sex read off the first
 * line; or Year Age Female Male), of strs or of popEpi (by their columns' names).
 * path     several are parted by commas, and make one table: of women and of men.
 * Returns  LUS_OK; LUS_EIO; LUS_EDATA at file, line and column: a number that is none, a
 *          probability above 1, ages in days, hazards that no population has, a cell that is there
 *          twice or not at all; LUS_ENOMEM. Free it with lus_life_table_free; all zero on error.
 * Checked  tests/cli/lifetable.tests. */
LUS_API int lus_life_table_read(const char *path, const char *recipe, struct lus_life_table *out,
                                struct lus_error *err) LUS_MUST_CHECK;
/* The hazard per day of a person of a sex in the by-th combination, at an age and a calendar year
 * (both with fractions): that of the cell that they lie in. NaN where the table lacks the sex.
 * Checked  tests/cli/lifetable.tests; tests/reference/relative.pl (R's survexp). */
LUS_API double lus_life_table_hazard(const struct lus_life_table *table, enum lus_sex sex,
                                     size_t by, double age_years, double year);
/* What the table asks of each patient, for a query; the table has to outlive it. */
LUS_API struct lus_demography lus_life_table_demography(const struct lus_life_table *table);
/* Frees what lus_life_table_read gave, and zeroes it; a table of zeroes too. */
LUS_API void lus_life_table_free(struct lus_life_table *table);

enum lus_net_method { LUS_POHAR_PERME, LUS_EDERER2, LUS_EDERER1, LUS_HAKULINEN };
/* "pohar-perme", "ederer2", "ederer1", "hakulinen", constant; and lus_net_method_parse, the method
 * of such a name.
 * Returns  LUS_OK; LUS_EUSAGE where there is none, and out is as it was.
 * Checked  tests/cli/net.tests, as --method. */
LUS_API const char *lus_net_method_name(enum lus_net_method method);
LUS_API int lus_net_method_parse(const char *name, enum lus_net_method *out) LUS_MUST_CHECK;

struct lus_net_query {
    const struct lus_life_table *table;
    enum lus_net_method method;
    const lus_time *at; /* ascending; n_at */
    size_t n_at;
    lus_time until; /* the last time that is wanted */
    lus_time given; /* 0, or the time that all is conditional on */
    /* 0: exact; else intervals of this length, whose hazards are taken to be constant */
    lus_time interval;
    /* Hakulinen: the date to which the dead might have been followed, in ticks since 1970-01-01; */
    lus_time closing;
    bool closes_all;  /* and the censored too */
    size_t n_threads; /* 0 counts as 1 */
};

/* Estimates by time: each at which somebody enters or leaves, and `at` (with intervals: the end of
 * each).
 * survival   net (Pohar Perme) or relative; may rise and pass 1.  std_error: on its scale.
 * observed, expected  survival of the persons, and of like people of the population (Ederer I; by
 *                     hakulinen, Hakulinen's).  expected_at_risk: of those still at risk.
 * cancer, other       crude probabilities of death, with their errors; they add up to 1 - observed.
 * expected_deaths     of the population's mortality, up to the time; events: observed, up to the
 *                     time.
 * effective           (sum of weights)^2 / sum of squared weights, at `at` only (else NaN).
 * why                 of all of a row's estimates. */
struct lus_net {
    enum lus_net_method method;
    size_t n;
    lus_time *time;
    double *survival, *std_error, *observed, *expected, *expected_at_risk, *at_risk, *events,
        *expected_deaths, *effective;
    double *cancer, *cancer_error, *other, *other_error;
    enum lus_why *why;
    double *memory;
};

/* Net and relative survival from persons and a life table, exact in continuous time.
 *   Pohar Perme  prod over deaths (1 - dN_w/Y_w) exp(int sum(w h)/Y_w du), w = 1/S_pop since the
 *                origin; while the risk set does not change the integral is exactly
 *                log(Y_w(end)/Y_w(start)). Variance of the logarithm: sum of w^2/Y_w^2 over deaths.
 *   Ederer II    the same with w = 1.
 *   Ederer I, Hakulinen   Kaplan-Meier over the expected survival of all, or of those whose
 *                         potential follow-up (the dead: to the closing
 *                date) lasts; standard error se(observed)/expected.
 *   crude        F_cancer = int S(u-) (dN/Y - sum(h)/Y du), F_other = int S(u-) sum(h)/Y du.
 *   intervals    exp(-sum of (d - d_expected) length / person-time), weighted by w in the middle of
 *                each interval.
 * Returns  LUS_OK; LUS_EUSAGE where somebody enters late and the method is Ederer I or Hakulinen;
 *          LUS_EDATA where somebody reaches an age that the table lets nobody survive; LUS_ENOMEM.
 *          Free it with lus_net_free.
 * Source   Pohar Perme, Stare & Esteve, Biometrics 68 (2012) 113-120; Ederer, Axtell & Cutler
 *          (1961); Hakulinen, Biometrics 38 (1982) 933-942; Cronin & Feuer, Stat Med 19 (2000)
 *          1729-1740 (crude probabilities); Seppa et al., Stat Med 35 (2016) 1-16 (intervals).
 * Checked  tests/unit/test_net.c, by hand and by a walk from patient to patient; tests/reference
 *          (relsurv, popEpi). */
LUS_API int lus_net_estimate(const struct lus_net_query *query, const struct lus_cohort *persons,
                             struct lus_net *out, struct lus_error *err) LUS_MUST_CHECK;
/* The same of the people of n groups, each of whom weighs weights[group]: numbers at risk and
 * deaths are sums of weights. Variance of the logarithm: sum of (weight w)^2/(sum of weights w)^2
 * over deaths, weights taken as known.
 * Returns  as lus_net_estimate; LUS_EUSAGE by intervals.
 * Source   Brenner, Arndt, Gefeller & Hakulinen, Eur J Cancer 40 (2004) 2317-2322.
 * Checked  tests/unit/test_standardise.c: weights of 2 are people twice; groups alike are one. */
LUS_API int lus_net_estimate_weighed(const struct lus_net_query *query,
                                     const struct lus_cohort *const *groups, const double *weights,
                                     size_t n, struct lus_net *out,
                                     struct lus_error *err) LUS_MUST_CHECK;
/* Frees what an estimate gave, and zeroes it. */
LUS_API void lus_net_free(struct lus_net *net);

struct lus_net_point {
    double survival, std_error, low, high, observed, expected, at_risk, events, expected_deaths,
        effective;
    double cancer, cancer_error, other, other_error;
    double least_at_risk;        /* in any of the groups that are standardised */
    double expected_at_risk;     /* of those still at risk (Ederer II's own) */
    enum lus_why why, why_error; /* why_error: of the errors and limits */
};
/* The estimates at a time of the query's `at` with the limits of net survival: those of the first
 * row at or after it. Where there is none, LUS_WHY_BEYOND_FOLLOW_UP with the events until the end.
 * Checked  tests/unit/test_net.c. */
LUS_API struct lus_net_point lus_net_at(const struct lus_net *net, lus_time time,
                                        const struct lus_conf *conf);
/* The interval of net survival: as lus_interval, but above 1 too, where log and plain have one and
 * log-log, logit and arcsin none (NaN); upper limits may pass 1.
 * Checked  tests/reference/relative.pl (relsurv's limits). */
LUS_API void lus_net_interval(const struct lus_conf *conf, double survival, double std_error,
                              double *low, double *high);

/* The plain interval of a crude probability of death. Below 0 only where the probability is: the
 * patients die less than the population's tables expect.
 * Checked   tests/unit/test_net.c, by hand. */
LUS_API void lus_crude_interval(double probability, double std_error, double level, double *low,
                                double *high);
/* Persons seen in a window of calendar time: those who were diagnosed before it enter late, those
 * who are followed past it are censored at its end.
 * from, to [from, to), in ticks since 1970-01-01.
 * out      overwritten; the caller frees it with lus_cohort_free. All zero on error.
 * Returns  LUS_OK; LUS_ENOMEM.
 * Checked  tests/unit/test_net.c, by hand; tests/reference/relative.pl (popEpi's periods). */
LUS_API int lus_cohort_window(const struct lus_cohort *persons, lus_time from, lus_time to,
                              struct lus_cohort *out) LUS_MUST_CHECK;

/* The persons of one cell (lus_cell_end), by group of a standard population; one group where there
 * is none. A group without persons has n 0. */
struct lus_net_cell {
    size_t n;
    struct lus_cohort *groups;
    double *weights;  /* of each person of a group, where the standard weighs people */
    bool is_borrowed; /* the persons are the tally's, which has to outlive them */
};
/* A window of calendar time, [from, to) in ticks since 1970-01-01. */
struct lus_window {
    lus_time from, to;
};
/* Gathers the persons of the strata [first, end) of one cell by group.
 * window    NULL, or what is seen of the persons in it (lus_cohort_window).
 * standard  n 0: none.
 * out       overwritten; the caller frees it with lus_net_cell_free.
 * Returns   LUS_OK; LUS_EDATA as lus_standard_group; LUS_ENOMEM.
 * Checked   tests/reference/relative.pl (popEpi, standardised and by periods). */
LUS_API int lus_net_cell_make(const struct lus_tally *tally, size_t first, size_t end,
                              const struct lus_standard *standard, const struct lus_window *window,
                              struct lus_net_cell *out, struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_net_cell_free(struct lus_net_cell *cell);
/* The estimate of a cell at times: standardised,
 *   S = sum p_g S_g,  se = sqrt(sum (p_g se_g)^2),
 * the observed, expected and crude probabilities alike; transformed afterwards. Counts are sums
 * over the groups. Not available where a group with a share is not. Without a standard: the
 * estimate of its one group.
 * query     its `at` has the times among it.
 * at        n_at times in any order; points has room for as many.
 * curve     NULL, or gets the estimate of a cell that is not standardised (the caller frees it).
 * Returns   as lus_net_estimate.
 * Checked   tests/unit/test_standardise.c, by hand. */
LUS_API int lus_net_cell_estimate(const struct lus_net_query *query, const struct lus_conf *conf,
                                  const struct lus_standard *standard,
                                  const struct lus_net_cell *cell, const lus_time *at, size_t n_at,
                                  struct lus_net_point *points, struct lus_net *curve,
                                  struct lus_error *err) LUS_MUST_CHECK;

/* Test of equal net survival between groups, weighted as Pohar Perme.
 *   U_g = int (dN_w,g - sum(w h)_g du) - Y_w,g/Y_w (dN_w - sum(w h) du),  V = sum over deaths of
 *   w^2 (delta - p)(delta - p)', p = Y_w,g/Y_w; U'V^- U on (groups - 1) degrees of freedom. In a
 *   gap p is taken to run straight (its error is of the third order).
 * groups   persons[stratum * n_groups + group]; with several strata U and V are summed over them.
 * until    the last time that counts; LUS_TIME_MAX: all.
 * out      observed and expected hold the sums of weighted deaths, and of those expected by the
 *          population and the others' excess. Free it with lus_test_result_free; all zero on error.
 * Returns  LUS_OK; LUS_ENOMEM.
 * Source   Graffeo, Castell, Belot & Giorgi, Biometrics 72 (2016) 760-768.
 * Checked  tests/unit/test_net.c, by hand; tests/reference/relative.pl (relsurv's rs.diff). */
LUS_API int lus_net_test(const struct lus_life_table *table, const struct lus_cohort *const *groups,
                         size_t n_groups, size_t n_strata, lus_time until, size_t n_threads,
                         struct lus_test_result *out) LUS_MUST_CHECK;

/* The same of the groups of a tally whose query had a demography.
 * groups    of the tally (lus_groups_make).
 * window    NULL, or what is seen of the persons in it.
 * Returns   LUS_OK; LUS_ENOMEM. Free out with lus_test_result_free; all zero on error.
 * Checked   tests/cli/net.tests; tests/reference (relsurv's rs.diff, by way of lustrum net). */
LUS_API int lus_net_test_groups(const struct lus_life_table *table, const struct lus_tally *tally,
                                const struct lus_groups *groups, const struct lus_window *window,
                                size_t n_threads, struct lus_test_result *out,
                                struct lus_error *err) LUS_MUST_CHECK;

#endif
