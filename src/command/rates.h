/* Within rates: what is asked, and the tables. */
#ifndef LUS_COMMAND_RATES_H
#define LUS_COMMAND_RATES_H

#include "command/reading.h"

/* What one row of output stands for: a stratum, or those of a standard population's groups. */
struct lus_rates_cell {
    size_t first, end;
    double n, events;
};

struct lus_rates_asked {
    const struct lus_options *o;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_standard standard; /* n 0: not standardised */
    struct lus_rates_cell *cells;
    size_t n_cells;
    struct lus_horizon *horizons, *means;
    size_t n_horizons, n_means;
    double *quantiles;
    size_t n_quantiles;
    struct lus_table *table, *quantile_table;
    struct lus_result *r;
};

/* What is computed for a cell. */
struct lus_rates_fit {
    struct lus_fit fit;
    struct lus_quantile median;
    struct lus_error error;
};

/* rates_tables.c: begins the tables; the rows of a cell. */
int lus_rates_tables_begin(struct lus_rates_asked *x, struct lus_error *err) LUS_MUST_CHECK;
void lus_rates_tables_add(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                          const struct lus_rates_fit *fit);

#endif
