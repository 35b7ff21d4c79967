/* A query's conditions: figures and claims, each about a group of its own, all counted in one
 * reading. They are the levels of a factor that overlap. A condition that names what the data lack
 * is no error: it is remembered with its reason. */
#include "recipe/plan.h"
#include "support/number.h"

int lus_plan_add_conditions(struct lus_plan *plan, const struct lus_query *query,
                            struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    size_t n = query->n_conditions;
    if (!n) return LUS_OK;
    if (n > LUS_MOST_CONDITIONS)
        return lus_fail(err, LUS_EUSAGE, "at most %d conditions are counted at once",
                        LUS_MOST_CONDITIONS);
    struct lus_factor *factors = lus_arena_alloc(&recipe->arena, recipe->n_factors + 1,
                                                 sizeof *factors);
    const char **levels = lus_arena_alloc(&recipe->arena, n, sizeof *levels),
               **absent = lus_arena_alloc(&recipe->arena, n, sizeof *absent);
    struct lus_expr **conditions = lus_arena_alloc(&recipe->arena, n, sizeof *conditions);
    if (!factors || !levels || !absent || !conditions) return lus_fail_memory(err);
    if (recipe->n_factors) memcpy(factors, recipe->factors, recipe->n_factors * sizeof *factors);
    for (size_t k = 0; k < n; k++) {
        struct lus_error inner = LUS_ERROR_INIT;
        if (!(levels[k] = lus_arena_print(&recipe->arena, "%zu", k))) return lus_fail_memory(err);
        if (!query->conditions[k]) continue;
        int status = lus_expr_parse(&recipe->arena, query->conditions[k], &conditions[k], &inner);
        if (status == LUS_OK) continue;
        if (status != LUS_EDATA) return lus_fail_as(err, status, &inner);
        if (!(absent[k] = lus_arena_copy(&recipe->arena, inner.message, strlen(inner.message))))
            return lus_fail_memory(err);
    }
    factors[recipe->n_factors] = (struct lus_factor){.name = "a figure's condition",
                                                     .label = "condition",
                                                     .kind = LUS_FACTOR_ANY_OF,
                                                     .levels = levels,
                                                     .conditions = conditions,
                                                     .n_levels = n,
                                                     .of_query = true,
                                                     .absent = absent};
    plan->conditions = &factors[recipe->n_factors];
    recipe->factors = factors;
    recipe->n_factors++;
    return LUS_OK;
}

/* A factor of groups has no numbers to be compared with: `age >= 50` where age is cut into
 * groups. */
static const struct lus_factor *compares_groups(const struct lus_plan *plan,
                                                const struct lus_expr *e)
{
    if (e->kind == LUS_EXPR_AND || e->kind == LUS_EXPR_OR) {
        const struct lus_factor *found = compares_groups(plan, e->left);
        return found ? found : compares_groups(plan, e->right);
    }
    if (e->kind == LUS_EXPR_NOT) return compares_groups(plan, e->left);
    if (e->kind != LUS_EXPR_NUMBER || !e->operand.is_factor) return NULL;
    const struct lus_factor *factor = &plan->recipe.factors[e->operand.index];
    double value;
    for (size_t i = 0; i < factor->n_levels; i++)
        if (lus_number_parse(factor->levels[i], strlen(factor->levels[i]), &value) == LUS_NUMBER_OK)
            return NULL;
    return factor->kind == LUS_FACTOR_COLUMN ? NULL : factor;
}

int lus_plan_bind_conditions(struct lus_plan *plan, struct lus_error *err)
{
    struct lus_factor *f = plan->conditions;
    if (!f) return LUS_OK;
    for (size_t k = 0; k < f->n_levels; k++) {
        struct lus_error inner = LUS_ERROR_INIT;
        if (f->absent[k] || !f->conditions[k]) continue;
        int status = lus_plan_bind(plan, f->conditions[k], NULL, &inner);
        const struct lus_factor *groups = status == LUS_OK ? compares_groups(plan, f->conditions[k])
                                                           : NULL;
        if (groups)
            status = lus_fail(&inner, LUS_EDATA, "%s is in groups here, not a number",
                              groups->name);
        if (status == LUS_OK) continue;
        if (status != LUS_EDATA) return lus_fail_as(err, status, &inner);
        f->absent[k] = inner.code == LUS_ERROR_NO_COLUMN
                           ? lus_arena_copy(&plan->arena, inner.message + inner.words,
                                            inner.n_words)
                           : lus_arena_print(&plan->arena, "%s", inner.message);
        if (!f->absent[k]) return lus_fail_memory(err);
    }
    f->state = 2;
    if (LUS_ARRAY_RESERVE(&plan->factors, 1) != LUS_OK) return lus_fail_memory(err);
    plan->factors.at[plan->factors.n++] = (size_t)(f - plan->recipe.factors);
    return LUS_OK;
}
