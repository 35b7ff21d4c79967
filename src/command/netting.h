/* What `net` and its charts share: the life table, the persons, and estimates by stratum and
 * period. */
#ifndef LUS_COMMAND_NETTING_H
#define LUS_COMMAND_NETTING_H

#include "command/standardise.h"
#include "lustrum/relative.h"

struct lus_period {
    const char *text; /* "2008-2012" */
    lus_time from, to;
};

struct lus_netting {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_tally tally;
    struct lus_life_table table;
    struct lus_demography demography;
    struct lus_standard standard; /* n 0: not standardised */
    struct lus_net_query query;   /* what is the same for all strata */
    struct lus_conf conf;
    struct lus_horizon *horizons;
    lus_time *marks; /* the horizons' times, ascending */
    size_t n_horizons;
    struct lus_period *periods; /* at least one; the first's text is NULL where none is asked */
    size_t n_periods;
    uint64_t n_beyond; /* persons outside the table's years */
};

/* Options, life table and data; ready for estimates. Free it on failure too. until_exit: curves to
 * the last exit are wanted. */
int lus_netting_read(const struct lus_options *o, struct lus_result *r, bool until_exit,
                     struct lus_netting *out, struct lus_error *err) LUS_MUST_CHECK;
void lus_netting_free(struct lus_netting *n);

/* The persons of one cell in one period; by group of the standard population (one group where there
 * is none, a group without persons has n 0). The caller frees each and the array. */
int lus_cell_persons(struct lus_netting *n, size_t first, size_t end,
                     const struct lus_period *period, struct lus_persons **out, size_t *n_groups,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_cell_persons_free(struct lus_persons *persons, size_t n);
/* The estimate of a cell, standardised where asked, at the horizons; points[h] by horizon in the
 * order given. curve: NULL, or gets the estimate of a cell that is not standardised (the caller
 * frees it). */
int lus_cell_estimate(struct lus_netting *n, const struct lus_persons *groups, size_t n_groups,
                      struct lus_net_point *points, struct lus_net *curve,
                      struct lus_error *err) LUS_MUST_CHECK;
/* Notes on method, table, period, standard. */
void lus_add_net_notes(struct lus_netting *n);
/* "Pohar Perme net survival", "Ederer II relative survival" */
const char *lus_net_words(enum lus_net_method method);

#endif
