/* Cox's partial likelihood: the walk over risk sets, and what it gives at a vector of coefficients.
 *
 * At an event time t with d tied events of weights w, r = exp(x'b):
 *     S0 = sum over those at risk of w r,  S1 = sum of w r x;  E0, E1 the same over the tied events
 *     Efron     each of j = 0 .. d - 1 has the risk set S - (j/d) E, and the mean weight W/d
 *     Breslow   each has S
 * With a = sum_j (W/d)/S0_j and b = sum_j (W/d)(j/d)/S0_j the information is one weighted Gram
 * matrix of the rows, of weights w r times the sum of a over the times at which a row is at risk
 * (less b where it has the event itself), minus the Gram matrix of the means at events: two passes,
 * nothing by time and row.
 *
 * With competing causes (Fine & Gray) whoever left by another cause at X stays at risk with the
 * weight G(t-)/G(X-), G the Kaplan-Meier curve of censoring.
 */
#ifndef LUS_REGRESS_PARTIAL_H
#define LUS_REGRESS_PARTIAL_H

#include "lustrum/estimate.h"
#include "lustrum/regress.h"
#include "regress/design.h"

/* Rows and times of the design, prepared once. Event times: by stratum, the latest first. */
struct lus_partial {
    const struct lus_design *design;
    enum lus_ties ties;
    size_t n_threads;
    bool *event;    /* by row */
    double *center; /* by column: the mean that was taken off the design's x */
    /* by event time */
    size_t n_times, *times_begin; /* by stratum, one more behind the last */
    lus_time *time;
    uint32_t *time_stratum;
    size_t *end;                     /* rows of the stratum before it are followed until the time */
    size_t *dead, *dead_end;         /* rows with the event then */
    double *tied, *weight;           /* events (people, where weights are copies); their weight */
    uint32_t *until, *from;          /* by row: where its sums over times end and begin, see sum */
    uint32_t *by_entry;              /* rows by stratum, the latest entry first; NULL: none late */
    struct lus_competing *competing; /* NULL: none stay at risk */
    double *eta, *r;                 /* by row: room of lus_partial_derivatives */
};

/* Who left by another cause and stays at risk, and the censoring by group. */
struct lus_competing {
    size_t n_groups;
    uint32_t *group; /* by row; of censoring */
    double *stays;   /* by row: 1/G(X-) of those who left by another cause, else 0 */
    double *g;       /* [time][group]: G(t-) */
};

int lus_partial_make(struct lus_design *design, const bool *event, enum lus_ties ties,
                     size_t n_threads, struct lus_partial *out,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_partial_free(struct lus_partial *partial);

/* What is summed at an event time. */
struct lus_risk_set {
    size_t k; /* of the time */
    double s0, e0;
    const double *s1, *e1; /* by column */
};
/* Sums over j of (W/d) over powers of S0_j and with powers of j/d. */
struct lus_tie_sums {
    double a, b;       /* 1/S0_j, (j/d)/S0_j */
    double aa, bb, cc; /* 1/S0_j^2, (j/d)/S0_j^2, (j/d)^2/S0_j^2 */
    double log_s0;     /* sum of (W/d) log S0_j */
};
struct lus_tie_sums lus_tie_sums_of(const struct lus_partial *partial,
                                    const struct lus_risk_set *set);

/* Calls fn for each event time, the latest of each stratum first. r: by row, weight * exp(x'b). */
int lus_partial_walk(const struct lus_partial *partial, const double *r,
                     void (*fn)(void *context, const struct lus_risk_set *set),
                     void *context) LUS_MUST_CHECK;
/* eta = offset + x'b and r = weight * exp(eta), by row. LUS_ENOMEM. */
int lus_partial_risks(const struct lus_partial *partial, const double *beta, double *eta,
                      double *r) LUS_MUST_CHECK;

/* Values by event time as sums that rows look up: the sum over the times at which a row is at risk
 * is out[until[i]] - out[from[i]]. Room for n_times + n_strata. */
void lus_partial_accumulate(const struct lus_partial *partial, const double *value, double *out);

struct lus_derivatives {
    double loglik;
    double *score;       /* p */
    double *information; /* p by p */
};
/* weight_of_time: NULL, or a factor of each event time in score and information (g(t) of a test of
 * proportional hazards), whose loglik then is not one. LUS_ENOMEM. */
int lus_partial_derivatives(const struct lus_partial *partial, const double *beta,
                            const double *weight_of_time,
                            struct lus_derivatives *out) LUS_MUST_CHECK;

#endif
