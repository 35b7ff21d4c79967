/* --standardise: strata by the groups of a standard population, put together with its shares. A
 * cell is what one row of output stands for: the strata that have the same by-levels. */
#ifndef LUS_COMMAND_STANDARDISE_H
#define LUS_COMMAND_STANDARDISE_H

#include "command/reading.h"
#include "relative/standard.h"

/* Asks the query for the standard's groups; nothing where it has none. */
int lus_standard_ask(const struct lus_standard *standard, struct lus_query *query,
                     struct lus_error *err) LUS_MUST_CHECK;
/* The group of a stratum of which the standard's key is the last by- or split key; LUS_EDATA where
 * the standard has no such group. */
int lus_standard_group(const struct lus_standard *standard, const struct lus_tally *tally,
                       const struct lus_stratum *stratum, size_t *out,
                       struct lus_error *err) LUS_MUST_CHECK;
/* The strata of the tally that have the by-levels of the stratum `first`: [first, end). */
size_t lus_cell_end(const struct lus_tally *tally, size_t first);
/* The curve of a cell: that of its one stratum, or the mixture of its groups' curves (without a row
 * where a group is missing). */
int lus_fit_cell(const struct lus_fitting *f, const struct lus_standard *standard,
                 const struct lus_tally *tally, size_t first, size_t end, struct lus_fit *out,
                 struct lus_error *err) LUS_MUST_CHECK;

#endif
