/* Names to slots: what a life table asks of each patient. */
#include "recipe/plan.h"
#include "support/calendar.h"

static bool is_column(const struct lus_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->header->n; i++)
        if (strcmp(plan->header->names[i], name) == 0) return true;
    return false;
}

static int bind_sex(struct lus_plan *plan, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    const char *sex = recipe->population.sex;
    bool is_word = !recipe->population.n_male && !recipe->population.n_female &&
                   !is_column(plan, sex);
    plan->demography.all_male = is_word && strcmp(sex, "male") == 0;
    plan->demography.all_female = is_word && strcmp(sex, "female") == 0;
    if (plan->demography.all_male || plan->demography.all_female) {
        if (plan->demography.asks->has_sex[plan->demography.all_male ? LUS_MALE : LUS_FEMALE])
            return LUS_OK;
        return lus_fail(err, LUS_EDATA,
                        "%s: population: all are %s, and the life table has no such rows",
                        recipe->path, sex);
    }
    return lus_plan_slot(plan, sex, LUS_SLOT_LABEL, LUS_DAYS, &plan->demography.sex, err);
}

static int bind_diagnosed(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    int64_t from, to;
    if (!lus_years_parse(text, &from, &to))
        return lus_fail(err, LUS_EUSAGE,
                        "--diagnosed takes years, as in 2003-2011 or 2005, not \"%s\"", text);
    plan->demography.from = from * lus_unit_ticks(LUS_DAYS);
    plan->demography.to = to * lus_unit_ticks(LUS_DAYS);
    return LUS_OK;
}

int lus_plan_bind_demography(struct lus_plan *plan, const struct lus_query *query,
                             struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    const struct lus_demography *asks = query->demography;
    plan->demography.age = plan->demography.birth = plan->demography.sex = plan->demography.date =
        LUS_NO_SLOT;
    if (!asks || (query->demography_is_optional && !recipe->population.sex)) return LUS_OK;
    plan->demography.asks = asks;
    if (!recipe->population.sex)
        return lus_fail(err, LUS_EUSAGE,
                        "%s: no recipe says how old the patients are and when they were diagnosed: "
                        "`population: {age: .., sex: .., date: ..}` (lustrum-recipe(5))",
                        plan->header->file);
    if (recipe->population.age) {
        LUS_TRY(lus_plan_slot(plan, recipe->population.age, LUS_SLOT_TIME,
                              recipe->population.age_unit, &plan->demography.age, err));
        plan->slots.at[plan->demography.age].may_be_open = true;
    } else
        LUS_TRY(lus_plan_slot(plan, recipe->population.birth, LUS_SLOT_TIME, LUS_DAYS,
                              &plan->demography.birth, err));
    const char *date = recipe->population.date ? recipe->population.date : recipe->population.year;
    LUS_TRY(lus_plan_slot(plan, date, LUS_SLOT_TIME, LUS_YEARS, &plan->demography.date, err));
    if (asks->has_sex[LUS_MALE] || asks->has_sex[LUS_FEMALE]) LUS_TRY(bind_sex(plan, err));
    plan->demography.keys = lus_arena_alloc(&plan->arena, asks->n_keys + 1,
                                            sizeof *plan->demography.keys);
    if (!plan->demography.keys) return lus_fail_memory(err);
    for (size_t k = 0; k < asks->n_keys; k++) {
        struct lus_key key;
        LUS_TRY(lus_plan_key(plan, asks->keys[k], &key, err));
        if (key.factor && key.factor->kind == LUS_FACTOR_ANY_OF)
            return lus_fail(
                err, LUS_EDATA,
                "\"%s\" has levels that overlap, and the life table needs one for each patient",
                asks->keys[k]);
        plan->demography.keys[k] = (struct lus_operand){
            .name = key.name, .is_factor = key.factor != NULL, .index = key.index};
    }
    return query->diagnosed ? bind_diagnosed(plan, query->diagnosed, err) : LUS_OK;
}
