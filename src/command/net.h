/* Within net: its tables. */
#ifndef LUS_COMMAND_NET_H
#define LUS_COMMAND_NET_H

#include "command/net_analysis.h"

struct lus_net_tables {
    struct lus_net_analysis n;
    struct lus_table *net, *crude, *curve, *at_risk;
    bool has_few;
    /* of the cells whose survival rises, or whose weights are uneven: the most of their fewest, 0
     * where there is none */
    double rises, is_uneven;
    bool is_outside; /* a crude probability lies below 0 or above 1 */
};

/* One row of strata in one period. */
struct lus_net_row {
    const struct lus_stratum *stratum;
    const struct lus_period *period;
    const char *name;
    double fewest;
    size_t number; /* that the document gave it */
};

/* net_tables.c: begins the tables that are asked. */
int lus_net_tables_begin(struct lus_net_tables *x, struct lus_error *err) LUS_MUST_CHECK;
/* The rows of a cell at the horizons. */
void lus_net_tables_add(struct lus_net_tables *x, struct lus_net_row *row,
                        const struct lus_net_point *points);
/* What begins every row. */
void lus_net_add_key_columns(struct lus_net_tables *x, struct lus_table *t);
void lus_net_add_keys(struct lus_net_tables *x, struct lus_table *t, const struct lus_net_row *row);
/* The survival under its header, its error and limits, and what it is the quotient of. */
void lus_net_add_survival_columns(struct lus_net_tables *x, struct lus_table *t,
                                  const char *header);
/* A number, with the reason where it is none. */
void lus_net_put(struct lus_net_tables *x, struct lus_table *t, double number, enum lus_why why);
/* net_curve.c */
void lus_net_add_curve_columns(struct lus_net_tables *x);
void lus_net_tables_add_curve(struct lus_net_tables *x, const struct lus_net_row *row,
                              const struct lus_net *net);
/* The numbers at risk at round times. */
void lus_net_add_at_risk_columns(struct lus_net_tables *x);
void lus_net_tables_add_at_risk(struct lus_net_tables *x, const struct lus_net_row *row,
                                const struct lus_net *net);
/* net_test.c: Graffeo's test, where it is asked. */
int lus_add_net_test(struct lus_net_tables *x, struct lus_error *err) LUS_MUST_CHECK;

#endif
