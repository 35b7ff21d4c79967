/* Columns of which each patient's value is wanted: numbers as slots, all else as further keys. */
#include <ctype.h>

#include "recipe/plan.h"
#include "support/number.h"

static bool is_missing_word(const struct lus_plan *plan, const char *column, struct lus_text text)
{
    const struct lus_missing *missing = lus_recipe_missing(&plan->recipe, column);
    for (size_t i = 0; i < missing->n; i++)
        if (lus_text_equal(text, missing->words[i])) return true;
    return false;
}

/* "61 years", "90+", "1,5": digits and what may stand around them; "50-59" is none. */
static bool begins_as_number(struct lus_text text)
{
    size_t n = text.n && (text.p[0] == '-' || text.p[0] == '+'), digits = 0;
    for (; n < text.n && (isdigit((unsigned char)text.p[n]) || strchr(".,", text.p[n])); n++)
        digits += isdigit((unsigned char)text.p[n]) != 0;
    n += n < text.n && text.p[n] == '+';
    return digits && (n == text.n || (text.p[n] == ' ' && isalpha((unsigned char)text.p[n + 1])));
}

/* What the first rows show: numbers, and else nothing but words for what is missing. */
static bool holds_numbers(const struct lus_plan *plan, size_t column)
{
    const struct lus_sampled *s = &plan->header->sampled[column];
    bool any = s->has_numbers;
    for (size_t i = 0; i < s->n; i++) {
        if (is_missing_word(plan, plan->header->names[column], s->texts[i])) continue;
        if (!begins_as_number(s->texts[i])) return false;
        any = true;
    }
    return any;
}

static int want_levels(struct lus_plan *plan, const struct lus_query *query, const char *name,
                       size_t *index, struct lus_error *err)
{
    for (*index = 0; *index < plan->n_keys; ++*index)
        if (strcmp(plan->keys[*index].name, name) == 0) return LUS_OK;
    if (plan->n_keys == LUS_MOST_KEYS)
        return lus_fail(err, LUS_EUSAGE, "at most %d columns with levels", LUS_MOST_KEYS);
    struct lus_key *keys = lus_arena_alloc(&plan->arena, plan->n_keys + 1, sizeof *keys);
    if (!keys) return lus_fail_memory(err);
    if (plan->n_keys) memcpy(keys, plan->keys, plan->n_keys * sizeof *keys);
    plan->keys = keys;
    LUS_TRY(lus_plan_key(plan, name, &keys[plan->n_keys], err));
    if (keys[plan->n_keys].factor && keys[plan->n_keys].factor->kind == LUS_FACTOR_ANY_OF)
        return lus_fail(err, LUS_EUSAGE,
                        "the levels of %s overlap, so a patient has several; name the columns that "
                        "it is made of",
                        name);
    keys[plan->n_keys++].keeps_missing = query->missing_as_level;
    return LUS_OK;
}

/* Of a factor by cuts, or of a column's levels, the column behind it. */
static int want_number(struct lus_plan *plan, const char *name, size_t *index,
                       struct lus_error *err)
{
    const struct lus_factor *factor = lus_recipe_factor(&plan->recipe, name);
    bool is_column = false;
    for (size_t i = 0; i < plan->header->n && !is_column; i++)
        is_column = strcmp(plan->header->names[i], name) == 0;
    if (factor && factor->column && !is_column)
        return lus_plan_first_slot(plan, factor->column, factor->otherwise, factor->n_otherwise,
                                   LUS_SLOT_NUMBER, LUS_DAYS, index, err);
    return lus_plan_slot(plan, name, LUS_SLOT_NUMBER, LUS_DAYS, index, err);
}

/* Whether a name is read as a number: a recipe's factor is not, unless a number is asked for. */
static int decide(struct lus_plan *plan, const struct lus_wanted *wanted, bool *is_number,
                  struct lus_error *err)
{
    size_t column = 0;
    *is_number = wanted->as == LUS_WANTED_NUMBER;
    bool is_factor = lus_recipe_factor(&plan->recipe, wanted->name) != NULL;
    if (wanted->as != LUS_WANTED_AS_IS || is_factor) return LUS_OK;
    size_t slot; /* a name that no column has is told in the usual words */
    LUS_TRY(lus_plan_slot(plan, wanted->name, LUS_SLOT_TEXT, LUS_DAYS, &slot, err));
    column = plan->slots.at[slot].column;
    *is_number = holds_numbers(plan, column);
    const struct lus_sampled *s = &plan->header->sampled[column];
    if (!s->has_numbers && !s->n)
        return lus_fail(err, LUS_EDATA,
                        "%s: %s: the first rows are empty, so whether it is a number cannot be "
                        "told; factor(%s) takes its levels, log(%s) or cut(%s, ..) a number",
                        plan->header->file, wanted->name, wanted->name, wanted->name, wanted->name);
    return LUS_OK;
}

int lus_plan_bind_wanted(struct lus_plan *plan, const struct lus_query *query,
                         struct lus_error *err)
{
    plan->keeps_people = query->keeps_people;
    if (!query->n_wanted) return LUS_OK;
    plan->wanted = lus_arena_alloc(&plan->arena, query->n_wanted, sizeof *plan->wanted);
    if (!plan->wanted) return lus_fail_memory(err);
    for (size_t i = 0; i < query->n_wanted; i++) {
        const struct lus_wanted *wanted = &query->wanted[i];
        struct lus_plan_wanted *out = &plan->wanted[plan->n_wanted];
        out->name = wanted->name;
        LUS_TRY(decide(plan, wanted, &out->is_number, err));
        if (out->is_number) LUS_TRY(want_number(plan, wanted->name, &out->index, err));
        else LUS_TRY(want_levels(plan, query, wanted->name, &out->index, err));
        plan->n_wanted++;
    }
    return LUS_OK;
}
