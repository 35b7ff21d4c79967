/* Within incidence: what is asked, and the tables. */
#ifndef LUS_COMMAND_INCIDENCE_H
#define LUS_COMMAND_INCIDENCE_H

#include "command/round_times.h"
#include "lustrum/incidence.h"

struct lus_incidence_asked {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_groups groups;
    struct lus_conf conf;
    enum lus_incidence_variance variance;
    struct lus_horizon *horizons;
    size_t n_horizons, n_causes;
    double rho;
    struct lus_event_table *of_cause;      /* [tally's stratum][cause] */
    const struct lus_event_table **wholes; /* [group][cause]: over the strata of a test */
    struct lus_event_table *sums;          /* [group][cause]: those of wholes that are sums */
    struct lus_incidence *curves;          /* by group */
    struct lus_round_times times;
    struct lus_table *table, *curve, *at_risk, *tests;
};

/* The name of a cause, from 0. */
const char *lus_cause_name(const struct lus_incidence_asked *x, size_t cause);
/* incidence_tables.c */
int lus_incidence_tables_begin(struct lus_incidence_asked *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_incidence_tables_add(struct lus_incidence_asked *x, size_t group) LUS_MUST_CHECK;

#endif
