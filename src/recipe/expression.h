/* Expressions: == != < <= > >= in (...) missing(x) not and or ( ), over columns and factors,
 * three-valued.
 *
 * A value is one of lus_truth. BAD is an unknown that comes from text where a number is wanted: it
 * stays an unknown for the logic, and makes the row a bad one only if the answer hangs on it.
 */
#ifndef LUS_RECIPE_EXPRESSION_H
#define LUS_RECIPE_EXPRESSION_H

#include <stdint.h>

#include "support/text.h"

enum lus_truth { LUS_FALSE, LUS_TRUE, LUS_UNKNOWN, LUS_BAD };

enum lus_expr_kind {
    LUS_EXPR_AND,
    LUS_EXPR_OR,
    LUS_EXPR_NOT,
    LUS_EXPR_MISSING, /* missing(operand) */
    LUS_EXPR_TEXT,    /* operand op one of the texts */
    LUS_EXPR_NUMBER,  /* operand op one of the numbers */
    LUS_EXPR_COLUMNS, /* operand op other */
};

enum lus_expr_op { LUS_OP_EQ, LUS_OP_NE, LUS_OP_LT, LUS_OP_LE, LUS_OP_GT, LUS_OP_GE };

/* What a name stands for once a plan has bound it. */
struct lus_operand {
    const char *name;
    bool is_factor;
    size_t index; /* of the factor, or of the slot */
};

struct lus_expr {
    enum lus_expr_kind kind;
    enum lus_expr_op op;
    struct lus_expr *left, *right;
    struct lus_operand operand, other;
    struct lus_text *texts; /* in (...) has several, everything else one */
    double *numbers;
    size_t n_values;
    size_t leaf; /* TEXT: index of its cache of decisions, given by the plan */
    const char *source;
};

/* Parses one expression; all of it lives in the arena. LUS_EDATA: what is wrong, at which
 * character, and the remedy. */
int lus_expr_parse(struct lus_arena *arena, const char *text, struct lus_expr **out,
                   struct lus_error *err) LUS_MUST_CHECK;

/* Decides one value against the values of a leaf. */
enum lus_truth lus_expr_decide_text(const struct lus_expr *leaf, struct lus_text value);
enum lus_truth lus_expr_decide_number(const struct lus_expr *leaf, double value);

static inline uint8_t lus_truth_and(uint8_t a, uint8_t b)
{
    if (a == LUS_FALSE || b == LUS_FALSE) return LUS_FALSE;
    return a > b ? a : b; /* TRUE < UNKNOWN < BAD */
}
static inline uint8_t lus_truth_not(uint8_t a)
{
    return a <= LUS_TRUE ? !a : a;
}
static inline uint8_t lus_truth_or(uint8_t a, uint8_t b)
{
    return lus_truth_not(lus_truth_and(lus_truth_not(a), lus_truth_not(b)));
}

#endif
