/* Expressions on a batch: a row of truth values for each. */
#ifndef LUS_PEOPLE_TRUTH_H
#define LUS_PEOPLE_TRUTH_H

#include "people/columns.h"

/* Truth by code, for the codes below n_decided. */
struct lus_decisions {
    uint8_t *at;
    size_t n, n_decided;
};

struct lus_truths {
    const struct lus_values *values;
    struct lus_decisions *decisions; /* by leaf */
    LUS_ARRAY(uint8_t *) rows;       /* a stack of rows of truth values, for nested expressions */
    size_t room, n_used;
};

int lus_truths_init(struct lus_truths *t, const struct lus_values *values,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_truths_free(struct lus_truths *t);
/* Truth by row. The result belongs to the stack and holds until lus_truths_release. */
int lus_evaluate(struct lus_truths *t, const struct lus_expr *e, uint8_t **out,
                 struct lus_error *err) LUS_MUST_CHECK;
static inline void lus_truths_release(struct lus_truths *t, size_t to)
{
    t->n_used = to;
}
/* The slot whose text makes the expression BAD on a row; that makes a factor's level bad. */
size_t lus_find_bad_slot(const struct lus_values *v, const struct lus_expr *e, size_t row);
size_t lus_factor_bad_slot(const struct lus_values *v, const struct lus_factor *factor, size_t row);

#endif
