/* Names to columns and factors: inside its own definition a factor's name is the column, elsewhere
 * it is the factor. */
#include <stdlib.h>

#include "recipe/plan.h"

/* Factors may have been meant by a name that no column has. */
static int find_column(struct lus_plan *plan, const char *name, size_t *out, struct lus_error *err)
{
    const char **factors = lus_alloc(plan->recipe.n_factors, sizeof *factors);
    size_t n = 0;
    if (!factors) return lus_fail_memory(err);
    for (size_t i = 0; i < plan->recipe.n_factors; i++)
        if (!plan->recipe.factors[i].of_query) factors[n++] = plan->recipe.factors[i].name;
    int status = lus_header_find(plan->header, name, factors, n, out, err);
    free(factors);
    return status;
}

const char *lus_slot_name(const struct lus_plan *plan, size_t slot)
{
    return plan->header->names[plan->slots.at[slot].column];
}

static bool may_be_digits(const struct lus_missing *missing)
{
    for (size_t i = 0; i < missing->n; i++) {
        struct lus_text word = missing->words[i];
        if (word.n && strspn(word.p, "0123456789.,") == word.n && strpbrk(word.p, "0123456789"))
            return true;
    }
    return false;
}

static int add_slot(struct lus_plan *plan, size_t column, enum lus_slot_kind kind,
                    enum lus_unit unit, size_t *slot, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    const char *name = plan->header->names[column];
    struct lus_slot s = {.kind = kind,
                         .field = lus_header_keep(plan->header, column),
                         .column = column,
                         .unit = unit,
                         .form = lus_recipe_dates(recipe, name, plan->header->dates[column]),
                         .missing = lus_recipe_missing(recipe, name),
                         .has_decimal_comma = recipe->decimal ? recipe->decimal == ','
                                                              : plan->header->has_decimal_commas,
                         .otherwise = LUS_NO_SLOT};
    bool are_numbers = kind != LUS_SLOT_TIME || s.form < LUS_DATE_DIGITS;
    s.is_quick = are_numbers && !may_be_digits(s.missing);
    if (kind == LUS_SLOT_TIME && s.form == LUS_DATE_QUESTION)
        return lus_fail_with(
            err, LUS_EDATA,
            &(struct lus_fault){.file = plan->header->file,
                                .remedy = "`dates: dd/mm/yyyy` or `dates: mm/dd/yyyy` in a recipe, "
                                          "or --dates, says which"},
            "%s: whether the day or the month comes first in these dates cannot be told", name);
    if (LUS_ARRAY_RESERVE(&plan->slots, 1) != LUS_OK) return lus_fail_memory(err);
    *slot = plan->slots.n;
    plan->slots.at[plan->slots.n++] = s;
    return LUS_OK;
}

int lus_plan_slot(struct lus_plan *plan, const char *name, enum lus_slot_kind kind,
                  enum lus_unit unit, size_t *slot, struct lus_error *err)
{
    size_t column = 0;
    LUS_TRY(find_column(plan, name, &column, err));
    for (size_t i = 0; i < plan->slots.n; i++) {
        const struct lus_slot *s = &plan->slots.at[i];
        if (s->column == column && s->kind == kind && s->otherwise == LUS_NO_SLOT &&
            (kind != LUS_SLOT_TIME || s->unit == unit)) {
            *slot = i;
            return LUS_OK;
        }
    }
    return add_slot(plan, column, kind, unit, slot, err);
}

int lus_plan_first_slot(struct lus_plan *plan, const char *first, char *const *otherwise, size_t n,
                        enum lus_slot_kind kind, enum lus_unit unit, size_t *slot,
                        struct lus_error *err)
{
    if (!n) return lus_plan_slot(plan, first, kind, unit, slot, err);
    /* each a slot of its own, for what serves it is its own too */
    size_t before = LUS_NO_SLOT;
    for (size_t i = 0; i <= n; i++) {
        size_t column = 0, here = 0;
        LUS_TRY(find_column(plan, i ? otherwise[i - 1] : first, &column, err));
        LUS_TRY(add_slot(plan, column, kind, unit, &here, err));
        if (i) plan->slots.at[before].otherwise = here;
        else *slot = here;
        before = here;
    }
    return LUS_OK;
}

int lus_plan_time_slot(struct lus_plan *plan, const struct lus_time_column *time, size_t *slot,
                       struct lus_error *err)
{
    return lus_plan_first_slot(plan, time->column, time->otherwise, time->n_otherwise,
                               LUS_SLOT_TIME, time->unit, slot, err);
}

static int bind_factor(struct lus_plan *plan, struct lus_factor *factor, struct lus_error *err);

static int use_factor(struct lus_plan *plan, const char *name, const struct lus_factor *inside,
                      struct lus_operand *out, bool *is_factor, struct lus_error *err)
{
    const struct lus_factor *found = lus_recipe_factor(&plan->recipe, name);
    *is_factor = found && found != inside;
    if (!*is_factor) return LUS_OK;
    size_t index = (size_t)(found - plan->recipe.factors);
    LUS_TRY(bind_factor(plan, &plan->recipe.factors[index], err));
    out->is_factor = true;
    out->index = index;
    return LUS_OK;
}

static int bind_operand(struct lus_plan *plan, struct lus_operand *operand, enum lus_slot_kind kind,
                        const struct lus_factor *inside, struct lus_error *err)
{
    bool is_factor;
    LUS_TRY(use_factor(plan, operand->name, inside, operand, &is_factor, err));
    return is_factor ? LUS_OK
                     : lus_plan_slot(plan, operand->name, kind, LUS_DAYS, &operand->index, err);
}

/* A level that an expression names and the factor does not have is a slip of the pen. */
static int check_levels(const struct lus_plan *plan, const struct lus_expr *e,
                        struct lus_error *err)
{
    const struct lus_factor *factor = &plan->recipe.factors[e->operand.index];
    if (factor->kind == LUS_FACTOR_COLUMN || e->kind != LUS_EXPR_TEXT) return LUS_OK;
    for (size_t i = 0; i < e->n_values; i++) {
        bool is_known = false;
        for (size_t k = 0; k < factor->n_levels && !is_known; k++)
            is_known = lus_text_equal(e->texts[i], lus_text_of(factor->levels[k]));
        if (!is_known)
            return lus_fail(err, LUS_EDATA,
                            "the factor \"%s\" has no level \"%.*s\" (in the expression: %s)",
                            factor->name, (int)e->texts[i].n, e->texts[i].p, e->source);
    }
    return LUS_OK;
}

int lus_plan_bind(struct lus_plan *plan, struct lus_expr *e, const struct lus_factor *inside,
                  struct lus_error *err)
{
    switch (e->kind) {
    case LUS_EXPR_AND:
    case LUS_EXPR_OR:
        LUS_TRY(lus_plan_bind(plan, e->left, inside, err));
        return lus_plan_bind(plan, e->right, inside, err);
    case LUS_EXPR_NOT: return lus_plan_bind(plan, e->left, inside, err);
    case LUS_EXPR_MISSING: return bind_operand(plan, &e->operand, LUS_SLOT_TEXT, inside, err);
    case LUS_EXPR_NUMBER:
        e->leaf = plan->n_leaves++; /* used where the operand is a factor, whose levels are texts */
        return bind_operand(plan, &e->operand, LUS_SLOT_NUMBER, inside, err);
    case LUS_EXPR_TEXT:
        LUS_TRY(bind_operand(plan, &e->operand, LUS_SLOT_LABEL, inside, err));
        e->leaf = plan->n_leaves++;
        return e->operand.is_factor ? check_levels(plan, e, err) : LUS_OK;
    case LUS_EXPR_COLUMNS:
        LUS_TRY(bind_operand(plan, &e->operand, LUS_SLOT_TEXT, inside, err));
        LUS_TRY(bind_operand(plan, &e->other, LUS_SLOT_TEXT, inside, err));
        if (e->operand.is_factor || e->other.is_factor)
            return lus_fail(err, LUS_EDATA,
                            "a factor is compared with a text or a number, not with a column: %s",
                            e->source);
        return LUS_OK;
    }
    return LUS_OK;
}

/* The column that a factor is made of may be a factor itself. */
static int bind_columns(struct lus_plan *plan, struct lus_factor *factor, struct lus_error *err)
{
    size_t slot;
    if (factor->kind == LUS_FACTOR_TNM) {
        LUS_TRY(lus_plan_slot(plan, factor->t, LUS_SLOT_TEXT, LUS_DAYS, &slot, err));
        LUS_TRY(lus_plan_slot(plan, factor->n, LUS_SLOT_TEXT, LUS_DAYS, &slot, err));
        return lus_plan_slot(plan, factor->m, LUS_SLOT_TEXT, LUS_DAYS, &slot, err);
    }
    enum lus_slot_kind kind = factor->kind == LUS_FACTOR_CUTS ? LUS_SLOT_NUMBER : LUS_SLOT_LABEL;
    return lus_plan_first_slot(plan, factor->column, factor->otherwise, factor->n_otherwise, kind,
                               LUS_DAYS, &factor->slot, err);
}

static int bind_factor(struct lus_plan *plan, struct lus_factor *factor, struct lus_error *err)
{
    enum { NEW, UNDER_WAY, DONE };
    if (factor->state == DONE) return LUS_OK;
    if (factor->state == UNDER_WAY)
        return lus_yaml_fail(
            err, plan->recipe.path, factor->at,
            "the factor \"%s\" is defined by itself, by way of others; break the circle",
            factor->name);
    factor->state = UNDER_WAY;
    struct lus_error inner = LUS_ERROR_INIT;
    int status = LUS_OK;
    if (factor->kind == LUS_FACTOR_LEVELS || factor->kind == LUS_FACTOR_ANY_OF) {
        for (size_t i = 0; i < factor->n_levels && status == LUS_OK; i++)
            status = lus_plan_bind(plan, factor->conditions[i], factor, &inner);
    } else {
        status = bind_columns(plan, factor, &inner);
    }
    if (status != LUS_OK) factor->state = NEW; /* another that asks for it is told the same */
    if (status == LUS_EDATA && !inner.column)  /* with one, it has its place in the recipe */
        return lus_fail_with(err, LUS_EDATA,
                             &(struct lus_fault){.file = plan->recipe.path,
                                                 .line = factor->at->line,
                                                 .column = factor->at->column,
                                                 .said = &inner},
                             "in the factor \"%s\": ", factor->name);
    if (status != LUS_OK) return lus_fail_as(err, status, &inner);
    factor->state = DONE;
    if (LUS_ARRAY_RESERVE(&plan->factors, 1) != LUS_OK) return lus_fail_memory(err);
    plan->factors.at[plan->factors.n++] = (size_t)(factor - plan->recipe.factors);
    return LUS_OK;
}

int lus_plan_key(struct lus_plan *plan, const char *name, struct lus_key *key,
                 struct lus_error *err)
{
    struct lus_operand operand = {.name = name};
    bool is_factor;
    LUS_TRY(use_factor(plan, name, NULL, &operand, &is_factor, err));
    if (!is_factor)
        LUS_TRY(lus_plan_slot(plan, name, LUS_SLOT_LABEL, LUS_DAYS, &operand.index, err));
    *key = (struct lus_key){.name = name,
                            .factor = is_factor ? &plan->recipe.factors[operand.index] : NULL,
                            .index = operand.index};
    return LUS_OK;
}
