/* Within figuring: what each figure asks of the data (asking.c), and the answers (answering.c). */
#ifndef LUS_COMMAND_ANSWERING_H
#define LUS_COMMAND_ANSWERING_H

#include "command/figuring.h"
#include "recipe/plan.h"

/* The conditions of one reading; the first is everybody. */
struct lus_conditions {
    struct lus_result *r;
    const char *at[LUS_MOST_CONDITIONS];
    size_t n;
};

/* Fills in the conditions of one figure; false where the list is full. */
bool lus_ask(struct lus_figuring *x, struct lus_answer *a, struct lus_conditions *c);
/* Whether time counts from where the figure's does, and whether the data can give its measure:
 * NULL, else why not. */
const char *lus_origin_reason(const struct lus_figuring *x, const struct lus_figure *f);
const char *lus_measure_reason(const struct lus_figuring *x, const struct lus_figure *f);
/* What the recipe's event measures: overall or cause-specific survival. */
enum lus_measure lus_measure_of_data(const struct lus_figuring *x);
/* The recipe's cause "cancer", or NULL. */
const struct lus_cause *lus_cancer_of(const struct lus_figuring *x);

/* Fills in data, people and the figures beside it, or the reason. */
int lus_answer_figure(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally,
                      struct lus_error *err) LUS_MUST_CHECK;
/* Survival at the figure's time, or the median, of those whom a condition is true of. */
int lus_answer_value(struct lus_figuring *x, const struct lus_figure *f,
                     const struct lus_tally *tally, size_t condition, struct lus_data_value *out,
                     enum lus_why *why, double *people, struct lus_error *err) LUS_MUST_CHECK;
/* Why the data do not have the figure's group; NULL where they do. */
const char *lus_absent_reason(struct lus_figuring *x, const struct lus_tally *tally,
                              size_t condition);

#endif
