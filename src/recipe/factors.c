/* The factors: block of a recipe. */
#include <math.h>
#include <stdio.h>

#include "recipe/recipe.h"
#include "support/number.h"

enum { MOST_OVERLAPPING = 60 }; /* any_of levels share one 64-bit mask per row */

static int allocate_levels(struct lus_recipe *recipe, struct lus_factor *factor, size_t n,
                           struct lus_error *err)
{
    factor->levels = lus_arena_alloc(&recipe->arena, n, sizeof *factor->levels);
    factor->conditions = lus_arena_alloc(&recipe->arena, n, sizeof *factor->conditions);
    factor->n_levels = n;
    return factor->levels && factor->conditions ? LUS_OK : lus_fail_memory(err);
}

/* name: 'expression' for each level. */
static int read_conditions(struct lus_recipe *recipe, struct lus_factor *factor,
                           const struct lus_yaml *map, struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING || !map->n)
        return lus_yaml_fail(err, recipe->path, map, "levels are a mapping, name: 'expression'");
    LUS_TRY(allocate_levels(recipe, factor, map->n, err));
    for (size_t i = 0; i < map->n; i++) {
        factor->levels[i] = map->pairs[i].key;
        LUS_TRY(lus_recipe_expression(recipe, map->pairs[i].value, &factor->conditions[i], err));
    }
    return LUS_OK;
}

const char *lus_cut_label(struct lus_arena *arena, const double *cuts, size_t n_cuts, size_t level)
{
    if (level == 0) return lus_arena_print(arena, "<%.15g", cuts[0]);
    if (level == n_cuts) return lus_arena_print(arena, "%.15g+", cuts[n_cuts - 1]);
    double low = cuts[level - 1], high = cuts[level];
    bool whole = low == floor(low) && high == floor(high);
    if (whole && high == low + 1) return lus_arena_print(arena, "%.15g", low);
    return whole ? lus_arena_print(arena, "%.15g-%.15g", low, high - 1)
                 : lus_arena_print(arena, "%.15g to <%.15g", low, high);
}

int lus_recipe_cut_factor(struct lus_recipe *recipe, struct lus_factor *factor, double *cuts,
                          size_t n, struct lus_error *err)
{
    factor->kind = LUS_FACTOR_CUTS;
    factor->cuts = cuts;
    LUS_TRY(allocate_levels(recipe, factor, n + 1, err));
    for (size_t i = 0; i <= n; i++)
        if (!(factor->levels[i] = lus_cut_label(&recipe->arena, cuts, n, i)))
            return lus_fail_memory(err);
    return LUS_OK;
}

static int read_cuts(struct lus_recipe *recipe, struct lus_factor *factor,
                     const struct lus_yaml *list, struct lus_error *err)
{
    if (list->kind != LUS_YAML_SEQUENCE || !list->n)
        return lus_yaml_fail(err, recipe->path, list, "cuts is a list of numbers, [50, 65, 75]");
    double *cuts = lus_arena_alloc(&recipe->arena, list->n, sizeof *cuts);
    if (!cuts) return lus_fail_memory(err);
    for (size_t i = 0; i < list->n; i++) {
        const struct lus_yaml *item = list->pairs[i].value;
        const char *text = item->kind == LUS_YAML_SCALAR ? item->text : "";
        if (lus_number_parse(text, strlen(text), &cuts[i]) != LUS_NUMBER_OK)
            return lus_yaml_fail(err, recipe->path, item, "a cut point is a number, not \"%s\"",
                                 text);
        if (i && cuts[i] <= cuts[i - 1])
            return lus_yaml_fail(err, recipe->path, item, "cut points rise; %s does not", text);
    }
    return lus_recipe_cut_factor(recipe, factor, cuts, list->n, err);
}

static int refuse_twice(struct lus_recipe *recipe, const struct lus_factor *factor,
                        const struct lus_yaml *node, struct lus_error *err)
{
    for (size_t i = 0; i < factor->n_levels; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(factor->levels[i], factor->levels[k]) == 0)
                return lus_yaml_fail(err, recipe->path, node,
                                     "the level \"%s\" stands twice; each needs a name of its own",
                                     factor->levels[i]);
    return LUS_OK;
}

static int read_labels(struct lus_recipe *recipe, struct lus_factor *factor,
                       const struct lus_yaml *node, struct lus_error *err)
{
    char **labels;
    size_t n;
    LUS_TRY(lus_recipe_texts(recipe, node, "labels", &labels, &n, err));
    if (n != factor->n_levels)
        return lus_yaml_fail(err, recipe->path, node, "%zu labels for %zu levels", n,
                             factor->n_levels);
    for (size_t i = 0; i < n; i++)
        factor->levels[i] = labels[i];
    return refuse_twice(recipe, factor, node, err);
}

static int read_tnm(struct lus_recipe *recipe, struct lus_factor *factor,
                    const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {"t", "n", "m", "edition"};
    static const char *const stages[] = {"0",   "I",    "IA",   "IB",   "IIA",
                                         "IIB", "IIIA", "IIIB", "IIIC", "IV"};
    factor->kind = LUS_FACTOR_TNM;
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "tnm", keys, 4, err));
    const struct lus_yaml *t = lus_yaml_get(map, "t"), *n = lus_yaml_get(map, "n"),
                          *m = lus_yaml_get(map, "m");
    const struct lus_yaml *edition = lus_yaml_get(map, "edition");
    if (!t || !n || !m || !edition)
        return lus_yaml_fail(err, recipe->path, map,
                             "tnm needs the columns t, n and m, and the AJCC edition (6, 7 or 8)");
    LUS_TRY(lus_recipe_text(recipe, t, "t", &factor->t, err));
    LUS_TRY(lus_recipe_text(recipe, n, "n", &factor->n, err));
    LUS_TRY(lus_recipe_text(recipe, m, "m", &factor->m, err));
    if (edition->kind != LUS_YAML_SCALAR || strlen(edition->text) != 1 || edition->text[0] < '6' ||
        edition->text[0] > '8')
        return lus_yaml_fail(err, recipe->path, edition,
                             "the AJCC edition is 6, 7 or 8 (anatomic stage)");
    factor->edition = edition->text[0] - '0';
    LUS_TRY(allocate_levels(recipe, factor, sizeof stages / sizeof *stages, err));
    memcpy(factor->levels, stages, sizeof stages);
    return LUS_OK;
}

static int read_factor(struct lus_recipe *recipe, struct lus_factor *factor,
                       const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {"label",  "column", "cuts",  "levels",
                                       "any_of", "tnm",    "order", "labels"};
    char what[128];
    (void)snprintf(what, sizeof what, "the factor \"%.80s\"", factor->name);
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, what, keys, 8, err));
    const struct lus_yaml *label = lus_yaml_get(map, "label"),
                          *column = lus_yaml_get(map, "column");
    const struct lus_yaml *cuts = lus_yaml_get(map, "cuts"), *levels = lus_yaml_get(map, "levels");
    const struct lus_yaml *any_of = lus_yaml_get(map, "any_of"), *tnm = lus_yaml_get(map, "tnm");
    const struct lus_yaml *order = lus_yaml_get(map, "order"),
                          *labels = lus_yaml_get(map, "labels");
    int n_kinds = (column != NULL) + (levels != NULL) + (any_of != NULL) + (tnm != NULL);
    if (n_kinds != 1)
        return lus_yaml_fail(err, recipe->path, map,
                             "%s needs exactly one of column, levels, any_of and tnm", what);
    if (cuts && !column) return lus_yaml_fail(err, recipe->path, cuts, "cuts go with a column");
    if (order && (!column || cuts))
        return lus_yaml_fail(err, recipe->path, order, "order goes with a column without cuts");
    if (labels && !cuts) return lus_yaml_fail(err, recipe->path, labels, "labels go with cuts");
    if (label) LUS_TRY(lus_recipe_text(recipe, label, "label", &factor->label, err));
    if (column)
        LUS_TRY(lus_recipe_columns(recipe, column, "column", &factor->column, &factor->otherwise,
                                   &factor->n_otherwise, err));
    if (tnm) return read_tnm(recipe, factor, tnm, err);
    if (levels || any_of) {
        factor->kind = levels ? LUS_FACTOR_LEVELS : LUS_FACTOR_ANY_OF;
        LUS_TRY(read_conditions(recipe, factor, levels ? levels : any_of, err));
        if (any_of && factor->n_levels > MOST_OVERLAPPING)
            return lus_yaml_fail(err, recipe->path, any_of, "any_of takes at most %d levels",
                                 MOST_OVERLAPPING);
        return LUS_OK;
    }
    if (cuts) {
        LUS_TRY(read_cuts(recipe, factor, cuts, err));
        return labels ? read_labels(recipe, factor, labels, err) : LUS_OK;
    }
    factor->kind = LUS_FACTOR_COLUMN;
    char **declared = NULL;
    if (order) LUS_TRY(lus_recipe_texts(recipe, order, "order", &declared, &factor->n_levels, err));
    factor->levels = (const char **)declared;
    return order ? refuse_twice(recipe, factor, order, err) : LUS_OK;
}

int lus_recipe_read_factors(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, recipe->path, map,
                             "factors is a mapping, name: {column: ...} or {levels: ...}");
    recipe->factors = lus_arena_alloc(&recipe->arena, map->n, sizeof *recipe->factors);
    if (!recipe->factors) return lus_fail_memory(err);
    for (size_t i = 0; i < map->n; i++) {
        struct lus_factor *factor = &recipe->factors[recipe->n_factors++];
        factor->name = factor->label = map->pairs[i].key;
        factor->at = map->pairs[i].value;
        if (!*factor->name)
            return lus_yaml_fail(err, recipe->path, factor->at, "a factor needs a name");
        LUS_TRY(read_factor(recipe, factor, factor->at, err));
    }
    return LUS_OK;
}
