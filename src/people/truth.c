/* Expressions on a batch: a row of truth values for each node; text is decided once for each
 * distinct value. */
#include <math.h>
#include <stdlib.h>

#include "people/truth.h"
#include "support/number.h"

static int take_truths(struct lus_truths *t, uint8_t **out, struct lus_error *err)
{
    const struct lus_values *v = t->values;
    size_t n = v->batch->fields->n;
    if (t->room < n) { /* only between batches: nothing is in use then */
        for (size_t i = 0; i < t->rows.n; i++)
            free(t->rows.at[i]);
        t->rows.n = 0;
        t->room = n + n / 2;
    }
    if (t->n_used == t->rows.n) {
        if (LUS_ARRAY_RESERVE(&t->rows, 1) != LUS_OK) return lus_fail_memory(err);
        uint8_t *fresh = lus_alloc(t->room, 1);
        if (!fresh) return lus_fail_memory(err);
        t->rows.at[t->rows.n++] = fresh;
    }
    *out = t->rows.at[t->n_used++];
    return LUS_OK;
}

static uint8_t decide(const struct lus_values *v, const struct lus_expr *e, uint32_t code)
{
    if (code == LUS_MISSING_CODE) return LUS_UNKNOWN;
    if (code == LUS_BAD_LEVEL) return LUS_BAD;
    struct lus_text text = lus_text_of_code(v, &e->operand, code);
    if (e->kind == LUS_EXPR_TEXT) return (uint8_t)lus_expr_decide_text(e, text);
    double value;
    /* a level such as "4+" */
    if (lus_number_parse(text.p, text.n, &value) != LUS_NUMBER_OK) return LUS_UNKNOWN;
    return (uint8_t)lus_expr_decide_number(e, value);
}

/* Room for a decision on every code below n_codes. */
static int reserve_decisions(struct lus_decisions *d, size_t n_codes)
{
    if (n_codes <= d->n) return LUS_OK;
    uint8_t *grown = lus_realloc(d->at, n_codes * 2, 1);
    if (!grown) return LUS_ENOMEM;
    memset(grown + d->n, 0, n_codes * 2 - d->n);
    d->at = grown;
    d->n = n_codes * 2;
    return LUS_OK;
}

static size_t n_codes_of(const struct lus_values *v, const struct lus_operand *operand)
{
    const struct lus_factor *factor = operand->is_factor ? &v->plan->recipe.factors[operand->index]
                                                         : NULL;
    return factor && factor->kind != LUS_FACTOR_COLUMN ? factor->n_levels + 1
                                                       : lus_n_labels_of(v, operand);
}

/* Decides each code once, then looks it up for each row. */
static int evaluate_codes(struct lus_truths *t, const struct lus_expr *e, uint8_t *out,
                          struct lus_error *err)
{
    const struct lus_values *v = t->values;
    const uint32_t *codes = lus_codes_of(v, &e->operand);
    struct lus_decisions *d = &t->decisions[e->leaf];
    size_t n_codes = n_codes_of(v, &e->operand);
    if (reserve_decisions(d, n_codes) != LUS_OK) return lus_fail_memory(err);
    for (size_t code = d->n_decided; code < n_codes; code++)
        d->at[code] = decide(v, e, (uint32_t)code);
    d->n_decided = n_codes;
    bool may_be_bad = e->operand.is_factor;
    for (size_t i = 0; i < v->batch->fields->n; i++)
        out[i] = may_be_bad && codes[i] == LUS_BAD_LEVEL ? LUS_BAD : d->at[codes[i]];
    return LUS_OK;
}

/* One number and one comparison: a loop for each, which the compiler makes wide. A NaN compares
 * false; those are put right behind. */
static void compare_numbers(const double *numbers, size_t n, enum lus_expr_op op, double x,
                            uint8_t *out)
{
    switch (op) {
    case LUS_OP_EQ:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] == x;
        break;
    case LUS_OP_NE:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] != x;
        break;
    case LUS_OP_LT:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] < x;
        break;
    case LUS_OP_LE:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] <= x;
        break;
    case LUS_OP_GT:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] > x;
        break;
    case LUS_OP_GE:
        for (size_t i = 0; i < n; i++)
            out[i] = numbers[i] >= x;
        break;
    }
}

static void evaluate_numbers(const struct lus_values *v, const struct lus_expr *e, uint8_t *out)
{
    const double *numbers = v->columns[e->operand.index].numbers;
    size_t n = v->batch->fields->n;
    if (e->n_values == 1) {
        compare_numbers(numbers, n, e->op, e->numbers[0], out);
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = (uint8_t)lus_expr_decide_number(e, numbers[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (isnan(numbers[i])) out[i] = lus_is_bad_number(numbers[i]) ? LUS_BAD : LUS_UNKNOWN;
}

/* Two columns: as numbers where both are, else as texts. */
static void evaluate_columns(const struct lus_values *v, const struct lus_expr *e, uint8_t *out)
{
    const struct lus_plan *plan = v->plan;
    const struct lus_slot *first = &plan->slots.at[e->operand.index],
                          *second = &plan->slots.at[e->other.index];
    for (size_t i = 0; i < v->batch->fields->n; i++) {
        struct lus_text a = lus_field_at(v->batch->fields, first->field, i),
                        b = lus_field_at(v->batch->fields, second->field, i);
        struct lus_cell_doubt ignored = {.largest = 0};
        double x, y;
        if (lus_is_missing(first, a) || lus_is_missing(second, b)) {
            out[i] = LUS_UNKNOWN;
        } else if (!isnan(x = lus_number_of_text(first, &ignored, a)) &&
                   !isnan(y = lus_number_of_text(second, &ignored, b))) {
            struct lus_expr leaf = {.op = e->op, .numbers = &y, .n_values = 1};
            out[i] = (uint8_t)lus_expr_decide_number(&leaf, x);
        } else {
            struct lus_expr leaf = {.op = e->op, .texts = &b, .n_values = 1};
            out[i] = (uint8_t)lus_expr_decide_text(&leaf, a);
        }
    }
}

static void evaluate_missing(const struct lus_values *v, const struct lus_expr *e, uint8_t *out)
{
    size_t n = v->batch->fields->n;
    if (e->operand.is_factor) {
        const uint32_t *codes = lus_codes_of(v, &e->operand);
        for (size_t i = 0; i < n; i++)
            out[i] = codes[i] == LUS_BAD_LEVEL ? LUS_BAD : codes[i] == LUS_MISSING_CODE;
        return;
    }
    const struct lus_slot *slot = &v->plan->slots.at[e->operand.index];
    for (size_t i = 0; i < n; i++)
        out[i] = lus_is_missing(slot, lus_field_at(v->batch->fields, slot->field, i));
}

/* name == "level" of an any_of factor: whether that level's bit is set. */
static void evaluate_mask(const struct lus_values *v, const struct lus_expr *e, uint8_t *out)
{
    const struct lus_factor *factor = &v->plan->recipe.factors[e->operand.index];
    const struct lus_levels *levels = &v->levels[e->operand.index];
    uint64_t asked = 0;
    for (size_t k = 0; k < factor->n_levels; k++)
        for (size_t x = 0; x < e->n_values; x++)
            if (lus_text_equal(e->texts[x], lus_text_of(factor->levels[k]))) asked |= 1ULL << k;
    for (size_t i = 0; i < v->batch->fields->n; i++) {
        uint8_t holds = levels->masks[i] & asked            ? LUS_TRUE
                        : !(levels->unknown[i] & asked)     ? LUS_FALSE
                        : levels->codes[i] == LUS_BAD_LEVEL ? LUS_BAD
                                                            : LUS_UNKNOWN;
        out[i] = e->op == LUS_OP_EQ ? holds : lus_truth_not(holds);
    }
}

static int evaluate_leaf(struct lus_truths *t, const struct lus_expr *e, uint8_t *out,
                         struct lus_error *err)
{
    const struct lus_values *v = t->values;
    bool is_mask = e->operand.is_factor &&
                   v->plan->recipe.factors[e->operand.index].kind == LUS_FACTOR_ANY_OF;
    switch (e->kind) {
    case LUS_EXPR_MISSING: evaluate_missing(v, e, out); return LUS_OK;
    case LUS_EXPR_COLUMNS: evaluate_columns(v, e, out); return LUS_OK;
    case LUS_EXPR_NUMBER:
        if (e->operand.is_factor) return evaluate_codes(t, e, out, err);
        evaluate_numbers(v, e, out);
        return LUS_OK;
    default:
        if (!is_mask) return evaluate_codes(t, e, out, err);
        evaluate_mask(v, e, out);
        return LUS_OK;
    }
}

int lus_evaluate(struct lus_truths *t, const struct lus_expr *e, uint8_t **out,
                 struct lus_error *err)
{
    const struct lus_values *v = t->values;
    size_t n = v->batch->fields->n;
    uint8_t *a = NULL, *b = NULL;
    if (e->kind == LUS_EXPR_NOT) {
        LUS_TRY(lus_evaluate(t, e->left, &a, err));
        for (size_t i = 0; i < n; i++)
            a[i] = lus_truth_not(a[i]);
    } else if (e->kind == LUS_EXPR_AND || e->kind == LUS_EXPR_OR) {
        LUS_TRY(lus_evaluate(t, e->left, &a, err));
        size_t used = t->n_used;
        LUS_TRY(lus_evaluate(t, e->right, &b, err));
        for (size_t i = 0; i < n; i++)
            a[i] = e->kind == LUS_EXPR_AND ? lus_truth_and(a[i], b[i]) : lus_truth_or(a[i], b[i]);
        lus_truths_release(t, used);
    } else {
        LUS_TRY(take_truths(t, &a, err));
        LUS_TRY(evaluate_leaf(t, e, a, err));
    }
    *out = a;
    return LUS_OK;
}

size_t lus_find_bad_slot(const struct lus_values *v, const struct lus_expr *e, size_t row)
{
    if (e->left) {
        size_t slot = lus_find_bad_slot(v, e->left, row);
        return slot != LUS_NO_SLOT || !e->right ? slot : lus_find_bad_slot(v, e->right, row);
    }
    if (e->operand.is_factor)
        return lus_factor_bad_slot(v, &v->plan->recipe.factors[e->operand.index], row);
    bool is_bad = e->kind == LUS_EXPR_NUMBER &&
                  lus_is_bad_number(v->columns[e->operand.index].numbers[row]);
    return is_bad ? e->operand.index : LUS_NO_SLOT;
}

size_t lus_factor_bad_slot(const struct lus_values *v, const struct lus_factor *factor, size_t row)
{
    if (factor->kind == LUS_FACTOR_CUTS) return factor->slot;
    for (size_t k = 0; factor->conditions && k < factor->n_levels; k++) {
        if (!factor->conditions[k]) continue;
        size_t slot = lus_find_bad_slot(v, factor->conditions[k], row);
        if (slot != LUS_NO_SLOT) return slot;
    }
    return LUS_NO_SLOT;
}

int lus_truths_init(struct lus_truths *t, const struct lus_values *values, struct lus_error *err)
{
    *t = (struct lus_truths){.values = values};
    t->decisions = lus_alloc_zeroed(values->plan->n_leaves, sizeof *t->decisions);
    return t->decisions ? LUS_OK : lus_fail_memory(err);
}

void lus_truths_free(struct lus_truths *t)
{
    for (size_t i = 0; t->decisions && i < t->values->plan->n_leaves; i++)
        free(t->decisions[i].at);
    for (size_t i = 0; i < t->rows.n; i++)
        free(t->rows.at[i]);
    LUS_ARRAY_FREE(&t->rows);
    free(t->decisions);
    *t = (struct lus_truths){0};
}
