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
    bool is_each; /* one of several factors, each on its own: columns `factor` and `level` */
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_standard standard; /* n 0: not standardised */
    struct lus_rates_cell *cells;
    size_t n_cells;
    struct lus_horizon *horizons, *means;
    size_t n_horizons, n_means;
    double *dead; /* [n_horizons], to compute with */
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

/* rates.c: all that can be said before a row is read; the rows of a tally; frees what it holds. */
int lus_rates_prepare(struct lus_rates_asked *x, struct lus_error *err) LUS_MUST_CHECK;
int lus_rates_add(struct lus_rates_asked *x, struct lus_error *err) LUS_MUST_CHECK;
void lus_rates_finish(struct lus_rates_asked *x);
/* rates_each.c: everybody, and each factor of --by on its own, of one reading. */
int lus_rates_each(const struct lus_options *o, struct lus_result *r,
                   struct lus_error *err) LUS_MUST_CHECK;

/* rates_tables.c: begins the tables; the rows of a cell. */
int lus_rates_tables_begin(struct lus_rates_asked *x, struct lus_error *err) LUS_MUST_CHECK;
void lus_rates_tables_add(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                          const struct lus_rates_fit *fit);
/* What a note on a stratum begins with: "3: ", "Grade 3: ", "". */
const char *lus_rates_prefix(const struct lus_rates_asked *x, const struct lus_stratum *s);

#endif
