/* What `net` and its charts share: the life table, the persons, and estimates by stratum and
 * period. */
#ifndef LUS_COMMAND_NET_ANALYSIS_H
#define LUS_COMMAND_NET_ANALYSIS_H

#include "command/round_times.h"
#include "lustrum/relative.h"

struct lus_period {
    const char *text; /* "2008-2012"; NULL: all of the follow-up */
    struct lus_window window;
};

struct lus_net_analysis {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_life_table table;
    struct lus_demography demography;
    struct lus_standard standard; /* n 0: not standardised */
    struct lus_net_query query;   /* what is the same for all strata */
    struct lus_conf conf;
    struct lus_horizon *horizons;
    lus_time *marks; /* the horizons' times, and the round ones, ascending */
    size_t n_horizons;
    struct lus_round_times times; /* n 0: not asked */
    struct lus_period *periods;   /* at least one */
    size_t n_periods;
    uint64_t n_beyond, n_beyond_ages; /* persons outside the table's years; its ages */
};

/* Options, life table and data; ready for estimates. Free it on failure too. until_exit: curves to
 * the last exit are wanted. */
int lus_net_analysis_read(const struct lus_options *o, struct lus_result *r, bool until_exit,
                          struct lus_net_analysis *out, struct lus_error *err) LUS_MUST_CHECK;
void lus_net_analysis_free(struct lus_net_analysis *n);

/* The persons of the strata [first, end) in one period. The caller frees them with
 * lus_net_cell_free. */
int lus_net_analysis_cell(const struct lus_net_analysis *n, size_t first, size_t end,
                          const struct lus_period *period, struct lus_net_cell *out,
                          struct lus_error *err) LUS_MUST_CHECK;
/* Their estimate, standardised where asked; points by horizon in the order given. curve: as
 * lus_net_cell_estimate. */
int lus_net_analysis_estimate(const struct lus_net_analysis *n, const struct lus_net_cell *cell,
                              struct lus_net_point *points, struct lus_net *curve,
                              struct lus_error *err) LUS_MUST_CHECK;
/* net_notes.c: notes on method, table, period, standard. */
void lus_add_net_notes(struct lus_net_analysis *n);

/* net_options.c: what can be said before the data are opened, and with their unit. */
int lus_net_parse_method(struct lus_net_analysis *n, struct lus_error *err) LUS_MUST_CHECK;
int lus_net_parse_periods(struct lus_net_analysis *n, struct lus_error *err) LUS_MUST_CHECK;
int lus_net_parse_times(struct lus_net_analysis *n, struct lus_error *err) LUS_MUST_CHECK;
int lus_net_parse_closing(struct lus_net_analysis *n, struct lus_error *err) LUS_MUST_CHECK;

#endif
