/* What figures ask of a recipe: claims, origins of time, factors to look at where they differ. */
#include "recipe/recipe.h"

int lus_recipe_read_claims(struct lus_recipe *recipe, const struct lus_yaml *map,
                           struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, recipe->path, map, "claims is a mapping, name: 'expression'");
    recipe->claims = lus_arena_alloc(&recipe->arena, map->n, sizeof *recipe->claims);
    if (!recipe->claims) return lus_fail_memory(err);
    for (size_t i = 0; i < map->n; i++) {
        recipe->claims[i].name = map->pairs[i].key;
        LUS_TRY(
            lus_recipe_expression(recipe, map->pairs[i].value, &recipe->claims[i].condition, err));
    }
    recipe->n_claims = map->n;
    return LUS_OK;
}

/* name: all, or name: {where: 'expression', label: words} */
static int read_origin(struct lus_recipe *recipe, struct lus_origin *origin,
                       const struct lus_yaml *node, struct lus_error *err)
{
    static const char *const keys[] = {"where", "label"};
    if (node->kind == LUS_YAML_SCALAR && strcmp(node->text, "all") == 0) return LUS_OK;
    if (node->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, recipe->path, node,
                             "an origin is all, or {where: 'expression', label: words}");
    LUS_TRY(lus_yaml_check_keys(node, recipe->path, "an origin", keys, 2, err));
    const struct lus_yaml *where = lus_yaml_get(node, "where"),
                          *label = lus_yaml_get(node, "label");
    if (!where || !label)
        return lus_yaml_fail(err, recipe->path, node,
                             "an origin needs where: (of whom it is true) and label: (those, in "
                             "words)");
    LUS_TRY(lus_recipe_expression(recipe, where, &origin->where, err));
    return lus_recipe_text(recipe, label, "label", &origin->label, err);
}

int lus_recipe_read_origins(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, recipe->path, map,
                             "origins is a mapping, name: all or name: {where: .., label: ..}");
    recipe->origins = lus_arena_alloc(&recipe->arena, map->n, sizeof *recipe->origins);
    if (!recipe->origins) return lus_fail_memory(err);
    for (size_t i = 0; i < map->n; i++) {
        recipe->origins[i].name = map->pairs[i].key;
        LUS_TRY(read_origin(recipe, &recipe->origins[i], map->pairs[i].value, err));
    }
    recipe->n_origins = map->n;
    return LUS_OK;
}

int lus_recipe_read_context(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err)
{
    static const char *const keys[] = {"apart", "mix"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "context", keys, 2, err));
    const struct lus_yaml *apart = lus_yaml_get(map, "apart"), *mix = lus_yaml_get(map, "mix");
    if (apart) LUS_TRY(lus_recipe_text(recipe, apart, "apart", &recipe->context.apart, err));
    if (mix) LUS_TRY(lus_recipe_text(recipe, mix, "mix", &recipe->context.mix, err));
    return LUS_OK;
}

int lus_recipe_check_context(const struct lus_recipe *recipe, const struct lus_yaml *map,
                             struct lus_error *err)
{
    const char *names[] = {recipe->context.apart, recipe->context.mix};
    for (size_t i = 0; i < 2; i++)
        if (names[i] && !lus_recipe_factor(recipe, names[i]))
            return lus_yaml_fail(err, recipe->path, map,
                                 "context: \"%s\" is none of the recipe's factors", names[i]);
    const struct lus_factor *apart = names[0] ? lus_recipe_factor(recipe, names[0]) : NULL;
    if (apart && !apart->n_levels)
        return lus_yaml_fail(err, recipe->path, map,
                             "context: apart: \"%s\" needs declared levels (order: [..])",
                             names[0]);
    return LUS_OK;
}
