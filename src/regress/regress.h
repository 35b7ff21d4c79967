/* The face of regress/: a fit of a model, as the parts of this folder and the command see it. */
#ifndef LUS_REGRESS_REGRESS_H
#define LUS_REGRESS_REGRESS_H

#include "regress/partial.h"

struct lus_cox {
    struct lus_arena arena;
    struct lus_tally tally;
    bool is_borrowed; /* the tally is another fit's */
    struct lus_formula formula;
    struct lus_cox_question question;
    bool event[256]; /* by cause: whether it is the event */
    const char *event_name;
    size_t n_own;             /* columns of the frame that are the model's own */
    struct lus_formula other; /* of question.compare; without terms where there is none */
    struct lus_design design;
    struct lus_partial partial;
    double *beta, *variance, *robust; /* p; p by p; NULL where it was not asked for */
    double *limits; /* of Firth's fit: low, high and p, by coefficient; else NULL */
    double *score_null, *information_null, *information;
    struct lus_cox_summary summary;
};

/* The variance that errors are of: robust where there is one. */
static inline const double *lus_cox_variance(const struct lus_cox *cox)
{
    return cox->robust ? cox->robust : cox->variance;
}

/* Parses the model, and sets what a query has to ask. Free it on failure too. Then the tally is
 * read into x->tally: find_events before the rows, make behind them. */
int lus_cox_open(const struct lus_cox_question *question, struct lus_query *query,
                 struct lus_cox **out, struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_find_events(struct lus_cox *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_make(struct lus_cox *x, struct lus_error *err) LUS_MUST_CHECK;

/* Another model of the same people: question.compare. */
int lus_cox_fit_other(const struct lus_cox *cox, struct lus_cox_summary *out,
                      struct lus_error *err) LUS_MUST_CHECK;
/* The same model of another cause, by its number; the caller frees it before the first. */
int lus_cox_fit_cause(const struct lus_cox *cox, size_t cause, struct lus_cox **out,
                      struct lus_error *err) LUS_MUST_CHECK;
double lus_cox_chi_square(double statistic, double df);
/* Fits people that were read; design and partial stand. */
int lus_cox_fit(struct lus_cox *cox, struct lus_error *err) LUS_MUST_CHECK;
/* A term as a whole, by Wald and, where it is wanted and no other term contains it, by the
 * likelihood of the model without it. */
struct lus_cox_term {
    const char *term;
    double df, wald, wald_p, lr, lr_p;
};
int lus_cox_term(struct lus_cox *cox, size_t term, bool wants_lr, struct lus_cox_term *out,
                 struct lus_error *err) LUS_MUST_CHECK;
/* What the walk at the fit's coefficients leaves behind, by event time. Vectors are [time][p]. */
struct lus_cox_sums {
    double *eta, *r;    /* by row: r = weight exp(eta) */
    double *a, *b, *aa; /* lus_tie_sums */
    double *mean;       /* of the covariates at the events */
    double *slope;      /* aa S1 - bb E1: what a time adds to a row's expected covariates */
    double *tied;       /* bb S1 - cc E1: less for those who have the event */
    double *sum_a, *sum_aa, *sum_slope; /* accumulated, [lus_partial_accumulate's place] (by p) */
};
int lus_cox_sums_make(const struct lus_cox *cox, struct lus_cox_sums *out) LUS_MUST_CHECK;
void lus_cox_sums_free(struct lus_cox_sums *sums);
/* residuals.c: observed less expected events of a row, and its share of the score; without its
 * weight. */
double lus_cox_martingale(const struct lus_cox *cox, const struct lus_cox_sums *sums, size_t row);
void lus_cox_score_residual(const struct lus_cox *cox, const struct lus_cox_sums *sums, size_t row,
                            double *out);
/* The robust variance (Lin & Wei, JASA 84 (1989) 1074-1078), in the arena; *n_clusters of them. */
int lus_cox_robust(struct lus_cox *cox, struct lus_error *err) LUS_MUST_CHECK;
/* proportionality.c: by which scale of time an effect may change. */
enum lus_time_scale { LUS_SCALE_KM, LUS_SCALE_LOG, LUS_SCALE_IDENTITY };
int lus_time_scale_parse(const char *name, enum lus_time_scale *out) LUS_MUST_CHECK;
const char *lus_time_scale_name(enum lus_time_scale scale);
struct lus_proportionality {
    double statistic, df, p_value;
    double early, late; /* hazard ratios until the median time of events and after it */
};
/* Of each term, of each column (early and late alone), and of all. LUS_EDATA where the scale has no
 * value at a death; LUS_ENOMEM. */
int lus_cox_proportionality(const struct lus_cox *cox, enum lus_time_scale scale,
                            struct lus_proportionality *terms, struct lus_proportionality *columns,
                            struct lus_proportionality *whole) LUS_MUST_CHECK;
/* g at the event times, less its mean over events; LUS_EDATA where it has no value. */
int lus_cox_time_scale(const struct lus_cox *cox, enum lus_time_scale scale,
                       double *g) LUS_MUST_CHECK;
/* smooth.c: the coefficients over time, at quantiles of the event times; [column][point]. */
enum { LUS_SMOOTH_POINTS = 41 };
struct lus_smooth_effect {
    lus_time time;
    double effect, low, high; /* of the logarithm of the hazard ratio */
};
int lus_cox_smooth(const struct lus_cox *cox, const struct lus_cox_sums *sums,
                   enum lus_time_scale scale, struct lus_smooth_effect *out) LUS_MUST_CHECK;
/* concordance.c; uno: NaN where somebody enters late. */
struct lus_concordance {
    double value, std_error, concordant, discordant, tied;
};
int lus_cox_concordance(const struct lus_cox *cox, struct lus_concordance *harrell,
                        struct lus_concordance *uno) LUS_MUST_CHECK;
/* predict.c: the cumulative hazard of a profile by a time, with what its variance is made of. */
struct lus_hazard {
    double value;  /* H */
    double own;    /* variance that the baseline brings */
    double *slope; /* p: dH/db */
};
/* x: by design column, uncentred, in the stretch that begins at `since`; adds what the events of a
 * stratum in (since, until] bring. */
void lus_cox_add_hazard(const struct lus_cox *cox, const struct lus_cox_sums *sums, size_t stratum,
                        lus_time since, lus_time until, const double *x, struct lus_hazard *out);
/* Survival by a time of the people of the file, had everybody one level of a part: the mean of
 * their predicted curves; difference and ratio to its first level. Errors by the delta method, the
 * people being what they are; that of the ratio is of its logarithm. out: by level. */
struct lus_standardised {
    const char *level;
    double survival, std_error, difference, difference_error, ratio, ratio_error;
};
int lus_cox_standardise(const struct lus_cox *cox, const struct lus_cox_sums *sums, size_t part,
                        lus_time until, struct lus_standardised *out) LUS_MUST_CHECK;
/* The same of a mix of the levels, in shares that add up to 1: the sum of the shares times the
 * means, and its error. */
int lus_cox_mix(const struct lus_cox *cox, const struct lus_cox_sums *sums, size_t part,
                lus_time until, const double *shares, double *survival,
                double *std_error) LUS_MUST_CHECK;
/* The last exit of a stratum: nothing is known behind it. */
lus_time lus_cox_last_exit(const struct lus_cox *fit, size_t stratum);
/* calibration.c: fifths by predicted survival, the lowest first, with Kaplan-Meier of each; Brier's
 * score of the model and of one curve for all (Graf et al., Stat Med 18 (1999) 2529-2545). */
enum { LUS_CALIBRATION_GROUPS = 5 };
struct lus_calibration {
    struct {
        double n, predicted, observed, low, high;
        enum lus_why why;
    } groups[LUS_CALIBRATION_GROUPS];
    double brier, brier_none;
};
int lus_cox_calibration(const struct lus_cox *cox, const struct lus_cox_sums *sums,
                        lus_time horizon, const struct lus_conf *conf,
                        struct lus_calibration *out) LUS_MUST_CHECK;
/* v' V v of the fit's variance. */
double lus_cox_variance_of(const struct lus_cox *cox, const double *v);
/* firth.c: the penalised fit, in place of lus_cox_fit. */
int lus_cox_fit_firth(struct lus_cox *cox, struct lus_error *err) LUS_MUST_CHECK;
/* checks.c: LUS_EDATA by name where a coefficient has no finite value, before or behind the fit.
 * direction: along which the likelihood rises for ever. */
int lus_cox_check_columns(const struct lus_cox *cox, struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_check_direction(const struct lus_cox *cox, const double *direction,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_fail_singular(const struct lus_cox *cox, size_t column,
                          struct lus_error *err) LUS_MUST_CHECK;
/* "edema=1", "age", "size=20-50, grade=3": a column by its term and level. */
void lus_cox_column_name(const struct lus_cox *cox, size_t column, struct lus_string *out);

#endif
