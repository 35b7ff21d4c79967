/* population: and lifetable:, what relative survival asks of patients, and a table of itself. */
#include <string.h>

#include "recipe/recipe.h"
#include "support/number.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

/* Exactly one of two keys. */
static int read_either(struct lus_recipe *recipe, const struct lus_yaml *map,
                       const char *const keys[2], const char **first, const char **second,
                       struct lus_error *err)
{
    const struct lus_yaml *a = lus_yaml_get(map, keys[0]), *b = lus_yaml_get(map, keys[1]);
    if ((a != NULL) == (b != NULL))
        return lus_yaml_fail(err, recipe->path, a ? b : map,
                             "population has exactly one of %s: and %s:", keys[0], keys[1]);
    if (a) return lus_recipe_text(recipe, a, keys[0], first, err);
    return lus_recipe_text(recipe, b, keys[1], second, err);
}

int lus_recipe_read_population(struct lus_recipe *recipe, const struct lus_yaml *map,
                               struct lus_error *err)
{
    static const char *const keys[] = {"age",    "age_unit", "age_completed", "sex",   "male",
                                       "female", "date",     "year",          "birth", "lifetable"};
    static const char *const ages[] = {"age", "birth"}, *const dates[] = {"date", "year"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "population", keys, N_OF(keys), err));
    const struct lus_yaml *unit = lus_yaml_get(map, "age_unit"),
                          *completed = lus_yaml_get(map, "age_completed"),
                          *sex = lus_yaml_get(map, "sex");
    const struct lus_yaml *male = lus_yaml_get(map, "male"), *female = lus_yaml_get(map, "female"),
                          *table = lus_yaml_get(map, "lifetable");
    if (!sex)
        return lus_yaml_fail(err, recipe->path, map,
                             "population needs sex: a column, or male or female where all are");
    LUS_TRY(lus_recipe_text(recipe, sex, "sex", &recipe->population.sex, err));
    LUS_TRY(
        read_either(recipe, map, ages, &recipe->population.age, &recipe->population.birth, err));
    LUS_TRY(
        read_either(recipe, map, dates, &recipe->population.date, &recipe->population.year, err));
    recipe->population.age_unit = LUS_YEARS;
    if (unit) LUS_TRY(lus_recipe_unit(recipe, unit, &recipe->population.age_unit, err));
    if (completed)
        LUS_TRY(lus_recipe_flag(recipe, completed, "age_completed",
                                &recipe->population.age_completed, err));
    if (completed && recipe->population.age_completed &&
        (recipe->population.birth || recipe->population.age_unit != LUS_YEARS))
        return lus_yaml_fail(err, recipe->path, completed,
                             "age_completed says that an age in years is in completed ones");
    if (male)
        LUS_TRY(lus_recipe_texts(recipe, male, "male", &recipe->population.male,
                                 &recipe->population.n_male, err));
    if (female)
        LUS_TRY(lus_recipe_texts(recipe, female, "female", &recipe->population.female,
                                 &recipe->population.n_female, err));
    return table ? lus_recipe_text(recipe, table, "lifetable", &recipe->population.table, err)
                 : LUS_OK;
}

static int read_year_days(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err)
{
    const char *text = node->kind == LUS_YAML_SCALAR ? node->text : "";
    double *out = &recipe->lifetable.year_days;
    if (lus_number_parse(text, strlen(text), out) != LUS_NUMBER_OK || *out < 360 || *out > 370)
        return lus_yaml_fail(
            err, recipe->path, node,
            "year_days is the number of days in a life-table year, such as 365.25 or 365.241");
    return LUS_OK;
}

/* Exactly one of the three kinds of numbers that a life table may hold. */
static int read_rate(struct lus_recipe *recipe, const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const kinds[] = {"hazard_per_day", "rate_per_year", "probability",
                                        "surviving"};
    int n = 0;
    for (size_t i = 0; i < N_OF(kinds); i++) {
        const struct lus_yaml *node = lus_yaml_get(map, kinds[i]);
        if (!node) continue;
        n++;
        recipe->lifetable.kind = (enum lus_rate_kind)i;
        LUS_TRY(lus_recipe_text(recipe, node, kinds[i], &recipe->lifetable.value, err));
    }
    if (n != 1)
        return lus_yaml_fail(
            err, recipe->path, map,
            "a life table has exactly one of hazard_per_day, rate_per_year, probability (of dying "
            "within a year) and surviving (of not dying)");
    return LUS_OK;
}

int lus_recipe_read_lifetable(struct lus_recipe *recipe, const struct lus_yaml *map,
                              struct lus_error *err)
{
    static const char *const keys[] = {"age",    "year",           "sex",           "male",
                                       "female", "hazard_per_day", "rate_per_year", "probability",
                                       "by",     "year_days",      "surviving"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "lifetable", keys, N_OF(keys), err));
    const struct lus_yaml *age = lus_yaml_get(map, "age"), *year = lus_yaml_get(map, "year"),
                          *sex = lus_yaml_get(map, "sex");
    const struct lus_yaml *male = lus_yaml_get(map, "male"), *female = lus_yaml_get(map, "female"),
                          *by = lus_yaml_get(map, "by");
    const struct lus_yaml *year_days = lus_yaml_get(map, "year_days");
    if (!age || !year || !sex || (!male && !female))
        return lus_yaml_fail(err, recipe->path, map,
                             "a life table needs the columns age, year and sex, and the codes "
                             "male: [..] and female: [..]");
    LUS_TRY(lus_recipe_text(recipe, age, "age", &recipe->lifetable.age, err));
    LUS_TRY(lus_recipe_text(recipe, year, "year", &recipe->lifetable.year, err));
    LUS_TRY(lus_recipe_text(recipe, sex, "sex", &recipe->lifetable.sex, err));
    if (male)
        LUS_TRY(lus_recipe_texts(recipe, male, "male", &recipe->lifetable.male,
                                 &recipe->lifetable.n_male, err));
    if (female)
        LUS_TRY(lus_recipe_texts(recipe, female, "female", &recipe->lifetable.female,
                                 &recipe->lifetable.n_female, err));
    if (by)
        LUS_TRY(lus_recipe_texts(recipe, by, "by", &recipe->lifetable.by, &recipe->lifetable.n_by,
                                 err));
    if (year_days) LUS_TRY(read_year_days(recipe, year_days, err));
    return read_rate(recipe, map, err);
}
