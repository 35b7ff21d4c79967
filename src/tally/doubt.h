/* The profile of doubt: what was seen while rows were read that makes one doubt the numbers. What
 * would make an answer wrong stops it; the rest is told below every table. */
#ifndef LUS_TALLY_DOUBT_H
#define LUS_TALLY_DOUBT_H

#include "tally/gather.h"

/* LUS_EDATA where nobody is left, saying by which rule, or where times are missing for those
 * without the event (or with it) alone. Behind the tally's rules, before its strata. */
int lus_check_selection(const struct lus_tally *tally, const struct lus_plan *plan,
                        const struct lus_counter *counters, size_t n,
                        const struct lus_selection *sum, struct lus_error *err) LUS_MUST_CHECK;
/* The tally's event texts and doubts, or LUS_EDATA with the remedy. Behind its strata. */
int lus_find_doubts(struct lus_tally *tally, const struct lus_plan *plan,
                    const struct lus_counter *counters, size_t n, const struct lus_selection *sum,
                    struct lus_error *err) LUS_MUST_CHECK;
/* alike.c: LUS_EDATA where two levels that would be told apart differ only in case or blanks: of
 * the event, of strata, or one that an expression names and one that it does not. */
int lus_check_alike(const struct lus_tally *tally, const struct lus_plan *plan,
                    const struct lus_counter *counters, size_t n,
                    struct lus_error *err) LUS_MUST_CHECK;

#endif
