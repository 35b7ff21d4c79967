/* What lustrum cox makes of its options: a fit, and the tables that are asked for. */
#ifndef LUS_COMMAND_COX_H
#define LUS_COMMAND_COX_H

#include "command/reading.h"
#include "command/round_times.h"
#include "regress/regress.h"

struct lus_cox_asked {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_inputs inputs;
    struct lus_cox *fit;
    struct lus_conf conf;
    enum lus_time_scale scale;
    struct lus_horizon *horizons;
    size_t n_horizons;
    struct lus_horizon *horizon; /* of calibration */
    unsigned residuals;
};

/* Whether a table is wanted: it is named, or all are written. */
bool lus_cox_wants(const struct lus_cox_asked *x, const char *table);
/* cox_tables.c */
int lus_cox_add_tables(struct lus_cox_asked *x, struct lus_error *err) LUS_MUST_CHECK;

/* cox_profiles.c: the baseline, profiles, and what cox_standardised.c adds. */
int lus_cox_add_profiles(struct lus_cox_asked *x, struct lus_error *err) LUS_MUST_CHECK;
/* Columns of a time and a probability with its limits. */
void lus_cox_share_columns(struct lus_cox_asked *x, struct lus_table *t);
/* cox_standardised.c: a table; and for the chart, the tables `curve` and `at_risk`. */
int lus_cox_add_standardised(struct lus_cox_asked *x, const struct lus_cox_sums *sums,
                             struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_add_adjusted(struct lus_cox_asked *x, const struct lus_cox_sums *sums,
                         struct lus_error *err) LUS_MUST_CHECK;

/* cox_residuals.c */
int lus_cox_parse_residuals(const char *list, unsigned *out, struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_add_residuals(struct lus_cox_asked *x, struct lus_error *err) LUS_MUST_CHECK;
/* cox_calibration.c */
int lus_cox_add_calibration(struct lus_cox_asked *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_cox_add_comparison(struct lus_cox_asked *x, struct lus_error *err) LUS_MUST_CHECK;

#endif
