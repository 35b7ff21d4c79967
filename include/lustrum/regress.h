/* Regression: what goes with survival, all else equal.
 *
 *     const char *files[] = {"datasets/rotterdam.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1;
 *     struct lus_cox_question question = {.model = "age + grade + nodes"};
 *     struct lus_cox *fit;
 *     if (lus_cox_read(&query, &question, &fit, &err) != LUS_OK) return 1;
 *     struct lus_cox_coefficient c = lus_cox_coefficient(fit, 1);
 *     printf("%s %s: %.2f (%.2f to %.2f)\n", c.term, c.level, c.hazard_ratio, c.low, c.high);
 *     lus_cox_free(fit);
 *
 * prints `grade 3: 1.51 (1.32 to 1.73)`.
 *
 * The language of models is in lustrum-model(7).
 */
#ifndef LUSTRUM_REGRESS_H
#define LUSTRUM_REGRESS_H

#include "lustrum/tally.h"

/* What deaths at one time are taken for. */
enum lus_ties {
    LUS_TIES_EFRON,
    LUS_TIES_BRESLOW,
    LUS_TIES_DISCRETE /* time goes in steps: R's exact, SAS's DISCRETE */
};
/* "efron", "breslow", "discrete", constant; and lus_ties_parse, the one of such a name.
 * Returns   LUS_OK; LUS_EUSAGE where there is none, and out is as it was.
 * Checked   tests/cli/cox.tests, as --ties. */
LUS_API const char *lus_ties_name(enum lus_ties ties);
LUS_API int lus_ties_parse(const char *name, enum lus_ties *out) LUS_MUST_CHECK;

/* What is asked of a file's people beside the query. */
struct lus_cox_question {
    const char *model; /* lustrum-model(7) */
    enum lus_ties ties;
    const char *cause; /* of the event; NULL: whatever is the event */
    /* Fine & Gray: who leaves by another cause stays at risk; needs cause */
    bool is_subdistribution;
    const char *compare;      /* another model, fitted to the same people; NULL: none */
    const char *censoring_by; /* column: censoring is estimated in each of its levels */
    bool is_robust;      /* errors that hold where rows belong together, or the model is wrong */
    const char *cluster; /* column whose rows belong together; NULL: a person's */
    bool is_firth;       /* penalised: finite also where levels have no event */
    bool keeps_rows;     /* for residuals and calibration: people who are alike stay apart */
    double conf_level;   /* 0: 0.95 */
};

struct lus_cox; /* a fit, with the people that it is of */

/* Reads files and fits.
 * query     what the recipe does not say; by, strata, of are the model's business.
 * out       NULL on failure; else freed by the caller with lus_cox_free.
 * Returns   LUS_OK; LUS_EUSAGE of the model's words; LUS_EDATA where there is no event, a column
 *           adds nothing, or a coefficient has no finite value, each by name; LUS_EIO; LUS_ENOMEM.
 * Source    Cox, JRSS B 34 (1972) 187-220; Efron, JASA 72 (1977) 557-565; Breslow, Biometrics 30
 *           (1974) 89-99; Fine & Gray, JASA 94 (1999) 496-509.
 * Checked   tests/unit/test_cox.c, five patients by hand; tests/reference/cox.pl (R's coxph). */
LUS_API int lus_cox_read(const struct lus_query *query, const struct lus_cox_question *question,
                         struct lus_cox **out, struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_cox_free(struct lus_cox *cox);

struct lus_cox_coefficient {
    const char *term, *level;                    /* level NULL: of a number */
    double n, events;                            /* of those who have the level */
    double coefficient, std_error, robust_error; /* robust_error NaN where it was not asked for */
    double hazard_ratio, low, high, z, p_value;  /* by the robust error where there is one */
};
/* How many coefficients a fit has; and lus_cox_coefficient, the i-th of them.
 * Checked   tests/reference/cox.pl (R's coxph). */
LUS_API size_t lus_cox_n_coefficients(const struct lus_cox *cox);
LUS_API struct lus_cox_coefficient lus_cox_coefficient(const struct lus_cox *cox, size_t i);

/* The model as a whole. Tests on df degrees of freedom. */
struct lus_cox_summary {
    double n, events; /* people, by weight */
    size_t n_rows;
    double loglik_null, loglik, aic, bic; /* bic by the number of events */
    double lr, wald, score, lr_p, wald_p, score_p, df;
    size_t iterations;
    double decrement; /* distance from the maximum in standard errors, by Newton */
};
/* Checked   tests/reference/cox.pl (R's summary.coxph). */
LUS_API struct lus_cox_summary lus_cox_summary(const struct lus_cox *cox);

#endif
