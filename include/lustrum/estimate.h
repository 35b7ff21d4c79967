/* One survival curve from one event table, and what is read off it.
 *
 *     struct lus_curve curve;
 *     lus_time five_years = 5 * lus_unit_ticks(LUS_YEARS);
 *     if (lus_kaplan_meier(&tally.strata[0].table, 0, &curve) != LUS_OK) return 1;
 *     struct lus_point p = lus_curve_at(&curve, five_years, &LUS_CONF_DEFAULT);
 *     printf("%.1f %% (%.1f to %.1f)\n", 100 * p.survival, 100 * p.low, 100 * p.high);
 *     lus_curve_free(&curve);
 *
 * prints `82.1 % (79.2 to 84.6)` of grade 2 in datasets/rotterdam.csv.
 *
 * Probabilities are fractions, standard errors are on the probability scale. A number that cannot
 * be had is NaN, with the reason beside it.
 */
#ifndef LUSTRUM_ESTIMATE_H
#define LUSTRUM_ESTIMATE_H

#include "lustrum/tally.h"

enum lus_transform { LUS_LOG_LOG, LUS_LOG, LUS_PLAIN, LUS_LOGIT, LUS_ARCSIN };

struct lus_conf {
    double level; /* 0 < level < 1 */
    enum lus_transform transform;
};
static const struct lus_conf LUS_CONF_DEFAULT = {0.95, LUS_LOG_LOG};

/* "log-log", "log", "plain", "logit", "arcsin", constant; and lus_transform_parse, the transform of
 * such a name.
 * Returns   LUS_OK; LUS_EUSAGE where there is none, and out is as it was.
 * Checked   tests/reference/run.pl, as --conf. */
LUS_API const char *lus_transform_name(enum lus_transform transform);
LUS_API int lus_transform_parse(const char *name, enum lus_transform *out) LUS_MUST_CHECK;

/* The pointwise interval of a probability.
 *   plain    S +- z se                          log      exp(log S +- z se/S)
 *   log-log  exp(-exp(log(-log S) +- z se/(S |log S|)))
 *   logit    logit S +- z se/(S (1 - S))        arcsin   sin^2(asin sqrt S +- z se/(2 sqrt(S (1 -
 *            S))))
 * survival  in [0, 1]. At 1 the limits are 1 and 1; at 0 they are NaN under every transform.
 * Source    Kalbfleisch & Prentice (2002) 1.4; Borgan & Liestol, Scand J Stat 17 (1990) 35-41; R's
 *           survfit for arcsin.
 * Checked   tests/unit/test_interval.c, tests/reference (R's survfit, five transforms). */
LUS_API void lus_interval(const struct lus_conf *conf, double survival, double std_error,
                          double *low, double *high);
/* Wilson's score interval of a share p = n / of.
 *   (p + z^2/(2 of) +- z sqrt(p (1 - p)/of + z^2/(4 of^2))) / (1 + z^2/of)
 * n         0 to of; the lower limit of 0 and the upper one of `of` are 0 and 1 exactly.
 * low, high NaN where `of` is 0.
 * Source    Wilson, JASA 22 (1927) 209-212.
 * Checked   tests/unit/test_interval.c, by the formula. */
LUS_API void lus_wilson(double n, double of, double level, double *low, double *high);
/* The normal quantile of a two-sided level, 0 < level < 1: 1.96 for 0.95.
 * Checked   tests/unit/test_interval.c, through lus_wilson. */
LUS_API double lus_conf_z(double level);

/* A curve: one row for each distinct time of exit (actuarial: for each end of an interval). */
struct lus_curve {
    size_t n;
    lus_time *time;
    double *survival, *std_error, *hazard; /* cumulative hazard: Nelson-Aalen */
    double *events, *at_risk;              /* of the table, or of the interval that ends here */
    /* time, events and at_risk are the table's, which has to outlive the curve */
    bool is_borrowed;
    double *events_by; /* events up to and with this row */
    lus_time start;    /* time from which the curve counts: 0, or --given */
    lus_time first_entry, last_exit;
    lus_time zero_at; /* where survival becomes 0; negative: it does not */
    /* where the risk set becomes empty although others enter later; negative: never */
    lus_time gap_at;
    bool is_refilled; /* survival is 0 and others enter later */
    /* is_robust: the standard errors are the infinitesimal jackknife's */
    bool is_actuarial, is_robust;
};

/* Kaplan-Meier estimate of survival from one event table.
 *   S(t) = prod over times t_k <= t of (1 - d_k / r_k)
 *   Var S(t) = S(t)^2 sum d_k / (r_k (r_k - d_k))                              (Greenwood)
 * With weights that are not whole (table->rows) the variance is the infinitesimal jackknife, sum
 * over patients of (w_i dS/dw_i)^2 (Efron, JASA 76 (1981) 312-319; R's choice too).
 * table     as lus_event_table_given leaves it when start is above 0.
 * start     0, or the time that the curve is conditional on.
 * out       overwritten; the caller frees it with lus_curve_free. All zero on error.
 * Returns   LUS_OK; LUS_ENOMEM. std_error is NaN where survival is 0.
 * Source    Kaplan & Meier, JASA 53 (1958) 457-481; Greenwood (1926).
 * Checked   tests/unit/test_kaplan_meier.c, by hand on Miller's AML arm (n = 11);
 *           tests/reference. */
LUS_API int lus_kaplan_meier(const struct lus_event_table *table, lus_time start,
                             struct lus_curve *out) LUS_MUST_CHECK;

/* Survival from the cumulative hazard: S(t) = exp(-H(t)), se = S sqrt(Var H).
 *   Nelson-Aalen         H = sum d_k / r_k,                     Var H = sum d_k / r_k^2
 *   Fleming-Harrington   H = sum over tied deaths 1 / (r_k - j), j = 0 .. d_k - 1, Var H = sum 1 /
 *                        (r_k - j)^2
 * table, start, out   as of lus_kaplan_meier.
 * has_tie_correction  the second.
 * Returns   LUS_OK; LUS_EUSAGE where weights are not whole (table->rows); LUS_ENOMEM.
 * Source    Nelson (1972); Aalen, Ann Stat 6 (1978) 701-726; Fleming & Harrington, Comm Stat 13
 *           (1984) 2469-2486.
 * Checked   tests/unit/test_kaplan_meier.c, by hand; tests/reference/embedded/nelson_aalen_fh.csv
 *           (R's survfit, stype 2). */
LUS_API int lus_nelson_aalen(const struct lus_event_table *table, lus_time start,
                             bool has_tie_correction, struct lus_curve *out) LUS_MUST_CHECK;

/* The actuarial (life-table) estimate over intervals [k w, (k + 1) w): n' = n - c/2 (+ e/2 for late
 * entries),
 *   S = prod (1 - d / n'), Greenwood's variance on n'.
 * table, start, out   as of lus_kaplan_meier; of a given start the table keeps exits at it.
 * interval  w. The row of an interval stands at its end.
 * Returns   LUS_OK; LUS_EUSAGE where the interval is not above 0; LUS_ENOMEM.
 * Source    Cutler & Ederer, J Chron Dis 8 (1958) 699-712.
 * Checked   tests/unit/test_kaplan_meier.c, by hand. */
LUS_API int lus_actuarial(const struct lus_event_table *table, lus_time start, lus_time interval,
                          struct lus_curve *out) LUS_MUST_CHECK;

/* A mixture of curves: S(t) = sum p_g S_g(t), variance sum p_g^2 Var_g, hazard -log S. Available
 * where every curve with a share is.
 * shares    n, 0 or more, which add up to 1.
 * out       overwritten; the caller frees it with lus_curve_free. All zero on error.
 * Returns   LUS_OK; LUS_ENOMEM.
 * Checked   tests/unit/test_context.c, by hand. */
LUS_API int lus_curve_mix(const struct lus_curve *const *curves, const double *shares, size_t n,
                          struct lus_curve *out) LUS_MUST_CHECK;

/* events_by: events in (start, time]. */
struct lus_point {
    double survival, std_error, low, high, hazard, events_by;
    enum lus_why why, why_error; /* of survival; of std_error and the limits */
};
/* A curve at a time, which counts from the origin, not from the curve's start. Not available
 * before the smallest entry, past the last follow-up unless S is 0, and from where S fell to 0 with
 * others entering later: NaN with the reason.
 * conf      of the limits, by lus_interval.
 * Checked   tests/unit/test_kaplan_meier.c, by hand; tests/reference (R's survfit). */
LUS_API struct lus_point lus_curve_at(const struct lus_curve *curve, lus_time time,
                                      const struct lus_conf *conf);

struct lus_quantile {
    lus_time time, low, high; /* where the reason is LUS_AVAILABLE */
    enum lus_why why, why_low, why_high;
};
/* The first time at which survival <= 1 - p, counted from start; the middle of the step where it
 * equals 1 - p along one. Limits: the same rule on the lower and the upper curve.
 * p         of those who have had the event, 0 < p < 1: 0.5 is the median.
 * Source    Brookmeyer & Crowley, Biometrics 38 (1982) 29-41.
 * Checked   tests/unit/test_kaplan_meier.c, by hand; tests/reference (R's quantile). */
LUS_API struct lus_quantile lus_curve_quantile(const struct lus_curve *curve, double p,
                                               const struct lus_conf *conf);

/* A hazard at a time, for each tick; NaN where it cannot be had. */
struct lus_smooth_hazard {
    double hazard, std_error, low, high;
};
/* The hazard at t, smoothed by a kernel over the events of a curve up to `end`.
 *   h(t) = (1/b) sum K((t - t_k)/b) d_k / r_k
 *   Var  = (1/b^2) sum K((t - t_k)/b)^2 d_k / r_k^2; the interval is h exp(+- z se/h)
 * K is Epanechnikov's kernel, 3/4 (1 - x^2); within b of the beginning the boundary kernel of
 * Mueller and Wang. A sum below 0 there is 0, without an interval.
 * end       the last time that counts; few are at risk behind it. The hazard is had up to b before.
 * bandwidth b, in ticks, at most half of the range.
 * level     of the interval, 0 < level < 1.
 * Source    Ramlau-Hansen, Ann Stat 11 (1983) 453-466; Mueller & Wang, Biometrics 50 (1994) 61-76.
 * Checked   tests/unit/test_kaplan_meier.c: by hand, and R's muhaz with one bandwidth. */
LUS_API struct lus_smooth_hazard lus_hazard_at(const struct lus_curve *curve, lus_time end,
                                               double bandwidth, double t, double level);
/* A bandwidth for want of another, in ticks: half of the range over the fifth root of the number of
 * events. NaN without an event.
 * Checked   tests/unit/test_kaplan_meier.c, by hand. */
LUS_API double lus_hazard_bandwidth(const struct lus_curve *curve, lus_time end);

struct lus_mean {
    double mean, std_error, low, high; /* in ticks */
    enum lus_why why;
};
/* Restricted mean: the area under a Kaplan-Meier curve from its start to tau.
 *   Var = sum over times t_k <= tau of (area from t_k to tau)^2 d_k / (r_k (r_k - d_k)); a plain
 *   interval. No factor m/(m - 1). With weights that are not whole: the infinitesimal jackknife.
 * table     that the curve is of.
 * tau       from the origin. Not available past the last follow-up, unless survival is 0 there.
 * level     of the interval, 0 < level < 1.
 * Source    Irwin (1949); Karrison (1987).
 * Checked   tests/unit/test_kaplan_meier.c, by hand; tests/reference (R's print.survfit). */
LUS_API struct lus_mean lus_restricted_mean(const struct lus_event_table *table,
                                            const struct lus_curve *curve, lus_time tau,
                                            double level);

/* The curve of follow-up (reverse Kaplan-Meier): leaving alive is the event, as in R's
 * survfit(Surv(t, 1 - d)).
 * out       overwritten; the caller frees it with lus_curve_free. All zero on error.
 * Returns   LUS_OK; LUS_ENOMEM.
 * Source    Schemper & Smith, Control Clin Trials 17 (1996) 343-346.
 * Checked   tests/unit/test_kaplan_meier.c, by hand. */
LUS_API int lus_follow_up(const struct lus_event_table *table,
                          struct lus_curve *out) LUS_MUST_CHECK;

/* Frees what a curve owns, and zeroes it; a curve of zeroes too. */
LUS_API void lus_curve_free(struct lus_curve *curve);

/* A value that n people have. */
struct lus_counted {
    double value, n;
};
/* n: people in all; NaN where there is nobody. */
struct lus_median {
    double median, low, high, n;
};
/* The median of a number: of N people in the order of their values, the mean of the
 * floor((N + 1)/2)-th and the (floor(N/2) + 1)-th. Limits are order statistics, those at
 * N/2 -+ z sqrt(N)/2 (the binomial by its normal limit), rounded outwards.
 * counts    n of them, in any order; sorted in place. Counts of nobody are allowed.
 * Checked   tests/unit/test_median.c, by hand. */
LUS_API struct lus_median lus_median_of(struct lus_counted *counts, size_t n, double level);

/* Which curve is wanted of a table of events: lus_fit fits it. */
struct lus_fitting {
    const struct lus_estimator *estimator;
    lus_time interval; /* above 0: of estimators by intervals */
    lus_time given;    /* 0, or the time that the curve is conditional on */
    struct lus_conf conf;
};

/* An estimator of curves: one row of the table that options, notes and charts take its words from.
 * Another one is another row (src/estimate/fit.c). */
struct lus_estimator {
    const char *name;  /* "nelson-aalen" */
    const char *words; /* in a note: "Nelson-Aalen, exp(-H)" */
    const char *title; /* in a chart: "Nelson-Aalen" */
    const char *error; /* what its standard error is: "Greenwood" */
    const char *usual; /* when it is the default; NULL: never */
    bool by_intervals;
    /* a product over exact times: has weights that are not whole and a restricted mean */
    bool is_product_limit;
    int (*curve)(const struct lus_event_table *table, const struct lus_fitting *fitting,
                 struct lus_curve *out);
};
/* Ended by a row without a name; the first is the default. */
LUS_API extern const struct lus_estimator lus_estimators[];
/* The estimator of a name; NULL where there is none.
 * Checked   tests/unit/test_fit.c. */
LUS_API const struct lus_estimator *lus_estimator_find(const char *name);
/* The first estimator, or the first by intervals for times in completed units, which exact ones
 * take to be half a unit too short (docs/methods.md, "Actuarial"); a month, not conditional,
 * LUS_CONF_DEFAULT. */
LUS_API struct lus_fitting lus_fitting_default(bool is_completed);

/* A curve and the table that it is of: the whole, or what is left of it after `given`, which is
 * `after` then. */
struct lus_fit {
    const struct lus_event_table *table;
    struct lus_event_table after;
    struct lus_curve curve;
};
/* The curve of a table as a fitting asks.
 * whole     has to outlive out.
 * out       overwritten; the caller frees it with lus_fit_free. All zero on error.
 * Returns   LUS_OK; LUS_EUSAGE where the estimator has no curve of such a table; LUS_ENOMEM.
 * Checked   tests/unit/test_fit.c, by hand. */
LUS_API int lus_fit(const struct lus_fitting *fitting, const struct lus_event_table *whole,
                    struct lus_fit *out, struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_fit_free(struct lus_fit *fit);

/* A standard population: what share of it each group is. n 0: none. */
struct lus_standard {
    const char *name; /* for people: "ICSS 1", or the file */
    const char *key;  /* the factor whose levels are the groups; NULL: age */
    size_t n;
    const double *ages;        /* of age: lower ends in years, ascending */
    const char *const *levels; /* of a factor */
    const double *shares;      /* add up to 1 */
    bool is_internal;          /* its shares are known once a tally is (lus_standard_fill) */
    /* each person of a cell weighs share / (people of the group / people), in place of a sum of
     * the groups' estimates */
    bool weighs_people;
    const size_t *joined; /* by group as split: which it became (lus_standard_join); NULL: itself */
    struct lus_standard_memory *memory;
};
/* icss1 (most cancers, breast among them), icss2, icss3, all from the age of 15; icss1-prostate, in
 * its own groups; internal, the people analysed; else a CSV whose header is age,weight (an
 * age is a group's lower end) or FACTOR,weight. Free it with lus_standard_free.
 * Returns   LUS_OK; LUS_EIO; LUS_EDATA at file and line; LUS_ENOMEM.
 * Source    Corazziari, Quinn & Capocaccia, Eur J Cancer 40 (2004) 2307-2316: International Cancer
 *           Survival Standards.
 * Checked   tests/unit/test_standardise.c, the published weights. */
LUS_API int lus_standard_read(const char *name, struct lus_standard *out,
                              struct lus_error *err) LUS_MUST_CHECK;
/* The shares of internal weights: of all that a tally, split by the standard, analysed. Nothing for
 * others.
 * Returns   LUS_OK; LUS_EDATA as lus_standard_group; LUS_ENOMEM.
 * Checked   tests/cli/net.tests: one stratum standardised to itself by rows and by groups. */
LUS_API int lus_standard_fill(struct lus_standard *standard, const struct lus_tally *tally,
                              struct lus_error *err) LUS_MUST_CHECK;
/* Joins groups of age that have fewer than `least` people in a cell of the tally to a neighbour
 * (the one with the smaller share), in all cells alike, with their shares, until none has.
 * Returns   LUS_OK; LUS_EUSAGE where the groups are a factor's, or joined already; LUS_ENOMEM.
 * Checked   tests/unit/test_standardise.c, by hand. */
LUS_API int lus_standard_join(struct lus_standard *standard, const struct lus_tally *tally,
                              double least, struct lus_error *err) LUS_MUST_CHECK;
/* What a person of each group weighs in the cell [first, end) where the standard weighs people.
 * weights   n of the standard; NaN where a group with a share has nobody.
 * Returns   LUS_OK; LUS_EDATA as lus_standard_group.
 * Source    Brenner, Arndt, Gefeller & Hakulinen, Eur J Cancer 40 (2004) 2317-2322.
 * Checked   tests/unit/test_standardise.c, by hand. */
LUS_API int lus_standard_weights(const struct lus_standard *standard, const struct lus_tally *tally,
                                 size_t first, size_t end, double *weights,
                                 struct lus_error *err) LUS_MUST_CHECK;
/* Frees what lus_standard_read gave, and zeroes it. */
LUS_API void lus_standard_free(struct lus_standard *standard);
/* Splits a query by the standard's groups, behind its by-keys; nothing where there is none. The
 * query refers to the standard, which has to outlive it.
 * Returns   LUS_OK; LUS_EUSAGE where the query has strata beside a factor's.
 * Checked   tests/unit/test_standardise.c. */
LUS_API int lus_standard_split(const struct lus_standard *standard, struct lus_query *query,
                               struct lus_error *err) LUS_MUST_CHECK;
/* The group of a stratum of a query that lus_standard_split has split, 0 to n - 1.
 * Returns   LUS_OK; LUS_EDATA where the standard has no such group.
 * Checked   tests/unit/test_standardise.c, through lus_fit_cell. */
LUS_API int lus_standard_group(const struct lus_standard *standard, const struct lus_tally *tally,
                               const struct lus_stratum *stratum, size_t *out,
                               struct lus_error *err) LUS_MUST_CHECK;
/* A cell is the strata that have the same by-levels, [first, end): those of the standard's groups.
 * Returns the end of the cell that begins at `first`. */
LUS_API size_t lus_cell_end(const struct lus_tally *tally, size_t first);
/* The curve of a cell, standardised.
 *   S(t) = sum p_g S_g(t),  se = sqrt(sum (p_g se_g)^2)
 * Not available where a group with a share has nobody: never standardised to the groups that happen
 * to be there. Its table is that of all groups together, so counts are of people.
 * Where people are weighed: the curve of the weighted people, with the infinitesimal jackknife's
 * errors, the weights taken as known.
 * standard  n 0: the curve of the stratum `first`.
 * out       overwritten; the caller frees it with lus_fit_free, on failure too.
 * Returns   LUS_OK; LUS_EDATA as lus_standard_group; LUS_EUSAGE as lus_fit, and as
 *           lus_event_table_weigh; LUS_ENOMEM.
 * Checked   tests/unit/test_standardise.c, by hand; people weighed: R's survfit with the same
 *           weights, tests/cli/net.tests. */
LUS_API int lus_fit_cell(const struct lus_fitting *fitting, const struct lus_standard *standard,
                         const struct lus_tally *tally, size_t first, size_t end,
                         struct lus_fit *out, struct lus_error *err) LUS_MUST_CHECK;

/* An estimate that rests on fewer people at risk is marked in tables and lightened in charts. */
enum { LUS_FEW = 10 };

#endif
