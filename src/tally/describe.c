/* What a tally says of its question, before a row is read. Texts are copied: a tally needs no
 * plan. */
#include "tally/gather.h"

/* Copies texts into an arena; running out of memory is remembered. */
struct keeper {
    struct lus_arena *arena;
    bool failed;
};

static const char *keep(struct keeper *k, const char *text)
{
    const char *copy = text ? lus_arena_copy(k->arena, text, strlen(text)) : NULL;
    k->failed |= text && !copy;
    return copy;
}

static const char *const *keep_all(struct keeper *k, const char *const *texts, size_t n)
{
    const char **copies = lus_arena_alloc(k->arena, n + 1, sizeof *copies);
    for (size_t i = 0; copies && i < n; i++)
        copies[i] = keep(k, texts[i]);
    k->failed |= !copies;
    return copies;
}

static void describe_keys(struct lus_tally *tally, const struct lus_plan *plan, struct keeper *k)
{
    size_t n = plan->n_keys + (plan->of != NULL);
    const char **keys = lus_arena_alloc(k->arena, n + 1, sizeof *keys);
    const char **labels = lus_arena_alloc(k->arena, n + 1, sizeof *labels);
    bool *is_ordered = lus_arena_alloc(k->arena, n + 1, sizeof *is_ordered);
    k->failed |= !keys || !labels || !is_ordered;
    if (k->failed) return;
    for (size_t i = 0; i < plan->n_keys; i++) {
        const struct lus_factor *factor = plan->keys[i].factor;
        keys[i] = keep(k, plan->keys[i].name);
        labels[i] = factor ? keep(k, factor->label) : keys[i];
        is_ordered[i] = factor && factor->n_levels && factor->kind != LUS_FACTOR_ANY_OF;
        tally->overlaps |= factor && factor->kind == LUS_FACTOR_ANY_OF;
    }
    if (plan->of) keys[plan->n_keys] = labels[plan->n_keys] = keep(k, plan->of->source);
    tally->n_by = plan->n_by, tally->n_split = plan->n_strata, tally->n_keys = n;
    tally->keys = keys, tally->labels = labels, tally->is_ordered = is_ordered;
    const struct lus_factor *of = plan->n_keys > plan->n_by + plan->n_strata
                                      ? plan->keys[plan->n_keys - 1].factor
                                      : NULL;
    if (!of || of->kind != LUS_FACTOR_ANY_OF) return;
    tally->of_levels = keep_all(k, of->levels, of->n_levels);
    tally->n_of_levels = of->n_levels;
}

static void describe_time(struct lus_tally *tally, const struct lus_plan *plan, struct keeper *k)
{
    const struct lus_recipe *recipe = &plan->recipe;
    tally->without_time = plan->without_time;
    tally->unit = recipe->time.unit;
    tally->completed = recipe->time.completed;
    tally->has_entry = plan->has_entry && !plan->ignores_entry;
    tally->ignores_entry = plan->ignores_entry;
    tally->landmark = plan->landmark;
    tally->unused_entry = keep(k, plan->unused_entry);
    tally->origin = keep(k, recipe->time.from);
    tally->measure = keep(k, recipe->event.measure);
    tally->time_column = keep(k, recipe->time.exit.column);
    tally->entry_column = keep(k, recipe->time.entry.column);
    tally->event_column = keep(k, recipe->event.column);
    tally->has_named_unit = plan->has_named_unit, tally->has_assumed_unit = plan->has_assumed_unit;
}

static void describe_causes(struct lus_tally *tally, const struct lus_plan *plan, struct keeper *k)
{
    struct lus_tally_cause *causes = lus_arena_alloc(k->arena, plan->n_causes, sizeof *causes);
    k->failed |= !causes;
    for (size_t i = 0; causes && i < plan->n_causes; i++)
        causes[i] = (struct lus_tally_cause){keep(k, plan->causes[i].name),
                                             plan->causes[i].is_event};
    tally->causes = causes;
    tally->n_causes = plan->n_causes;
}

/* "a, b, c" */
static const char *levels_in_words(struct keeper *k, const struct lus_factor *factor)
{
    struct lus_string levels = {0};
    lus_string_put(&levels, factor->kind == LUS_FACTOR_ANY_OF ? "any of: " : "");
    for (size_t i = 0; i < factor->n_levels; i++)
        lus_string_print(&levels, "%s%s", i ? ", " : "", factor->levels[i]);
    if (!factor->n_levels) lus_string_print(&levels, "those of the column %s", factor->column);
    const char *out = levels.failed ? NULL : keep(k, levels.at);
    k->failed |= !out;
    lus_string_free(&levels);
    return out;
}

static void describe_factors(struct lus_tally *tally, const struct lus_recipe *recipe,
                             struct keeper *k)
{
    struct lus_factor_summary *out = lus_arena_alloc(k->arena, recipe->n_factors + 1, sizeof *out);
    k->failed |= !out;
    for (size_t i = 0; !k->failed && i < recipe->n_factors; i++) {
        const struct lus_factor *factor = &recipe->factors[i];
        out[i] = (struct lus_factor_summary){keep(k, factor->name), keep(k, factor->label),
                                             levels_in_words(k, factor)};
    }
    tally->memory->factors = out;
    tally->memory->n_factors = recipe->n_factors;
}

static void describe_question(struct lus_tally *tally, const struct lus_plan *plan,
                              struct keeper *k)
{
    struct lus_string line = {0};
    lus_plan_question(plan, &line);
    tally->question = line.failed ? NULL : keep(k, line.at);
    k->failed |= !tally->question;
    lus_string_free(&line);
}

/* The recipe's filter and the query's, as they are written. */
static void describe_where(struct lus_tally *tally, const struct lus_plan *plan, struct keeper *k)
{
    const struct lus_expr *e = plan->where;
    if (!e) return;
    bool are_both = e->kind == LUS_EXPR_AND && e->left->source != e->source;
    tally->where = are_both ? lus_arena_print(k->arena, "(%s) and (%s)", e->left->source, e->source)
                            : keep(k, e->source);
    k->failed |= !tally->where;
}

int lus_tally_describe(struct lus_tally *tally, const struct lus_plan *plan, size_t n_threads,
                       struct lus_error *err)
{
    struct keeper k = {.arena = &tally->memory->arena};
    tally->n_threads = n_threads;
    tally->is_synthetic = plan->recipe.synthetic;
    tally->has_weights = plan->weight != LUS_NO_SLOT;
    tally->needs_rows = plan->id != LUS_NO_SLOT || plan->demography.asks;
    tally->age_completed = plan->recipe.population.age_completed && plan->demography.asks;
    tally->title = keep(&k, plan->recipe.title);
    tally->sex = keep(&k, plan->recipe.population.sex);
    tally->source = keep(&k, plan->recipe.source);
    tally->file = keep(&k, plan->header->file);
    tally->file_notes = keep(&k, plan->header->notes);
    describe_where(tally, plan, &k);
    describe_time(tally, plan, &k);
    describe_question(tally, plan, &k);
    describe_causes(tally, plan, &k);
    describe_keys(tally, plan, &k);
    describe_factors(tally, &plan->recipe, &k);
    if (plan->conditions)
        tally->absent = keep_all(&k, plan->conditions->absent, plan->conditions->n_levels);
    return k.failed ? lus_fail_memory(err) : LUS_OK;
}
