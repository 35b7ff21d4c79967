/* The table of net's curves, and the numbers at risk at round times. */
#include <math.h>

#include "command/net.h"

void lus_net_add_curve_columns(struct lus_net_tables *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->curve;
    lus_net_add_key_columns(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(x->n.tally.unit)),
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "deaths",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "expected", .is_step = true, .role = LUS_ROLE_ESTIMATE, .header = "expected",
           .kind = LUS_COLUMN_NUMBER);
    lus_net_add_survival_columns(x, t, "survival");
    COLUMN(.name = "crude_cancer", .role = LUS_ROLE_ESTIMATE, .header = "dead of the cancer",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "crude_other", .role = LUS_ROLE_ESTIMATE, .header = "dead of other causes",
           .kind = LUS_COLUMN_SHARE);
}

void lus_net_tables_add_curve(struct lus_net_tables *x, const struct lus_net_row *row,
                              const struct lus_net *net)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->curve;
    double effective = INFINITY; /* known at the horizons: the last of them */
    for (size_t i = 0; i < net->n; i++) {
        double low, high;
        lus_net_interval(&x->n.conf, net->survival[i], net->std_error[i], &low, &high);
        if (!isnan(net->effective[i])) effective = net->effective[i];
        bool is_known = !isnan(net->survival[i]),
             is_few = is_known && (net->at_risk[i] < LUS_FEW || effective < LUS_FEW);
        lus_net_add_keys(x, t, row);
        lus_table_number(d, t, lus_time_in(net->time[i], x->n.tally.unit));
        lus_table_number(d, t, net->at_risk[i]);
        lus_table_number(d, t, net->events[i] - (i ? net->events[i - 1] : 0));
        lus_table_number(d, t, net->expected_deaths[i] - (i ? net->expected_deaths[i - 1] : 0));
        lus_table_cell(d, t,
                       (struct lus_cell){.number = net->survival[i],
                                         .why = is_known ? LUS_AVAILABLE : net->why[i],
                                         .is_few = is_few});
        lus_net_put(x, t, net->std_error[i], LUS_WHY_ALL_DEAD);
        lus_net_put(x, t, low, LUS_WHY_ALL_DEAD);
        lus_net_put(x, t, high, LUS_WHY_ALL_DEAD);
        lus_net_put(x, t, net->observed[i], net->why[i]);
        lus_net_put(x, t, net->expected[i], net->why[i]);
        lus_net_put(x, t, net->cancer[i], net->why[i]);
        lus_net_put(x, t, net->other[i], net->why[i]);
        x->has_few |= is_few;
    }
}

void lus_net_add_at_risk_columns(struct lus_net_tables *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->at_risk;
    lus_net_add_key_columns(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "time", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    /* could be subtracted from one another */
    COLUMN(.name = "events", .role = LUS_ROLE_DATA, .header = "deaths by then",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "effective_n", .role = LUS_ROLE_ESTIMATE, .header = "effective n",
           .kind = LUS_COLUMN_NUMBER);
}

void lus_net_tables_add_at_risk(struct lus_net_tables *x, const struct lus_net_row *row,
                                const struct lus_net *net)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->at_risk;
    for (size_t k = 0; k < x->n.times.n; k++) {
        struct lus_net_point p = lus_net_at(net, x->n.times.at[k], &x->n.conf);
        lus_net_add_keys(x, t, row);
        lus_table_number(d, t, lus_time_in(x->n.times.at[k], x->n.tally.unit));
        lus_table_number(d, t, p.at_risk);
        lus_table_number(d, t, p.events);
        lus_net_put(x, t, p.effective, p.why);
    }
}
