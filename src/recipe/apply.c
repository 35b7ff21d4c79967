/* What a query says over a recipe: how values are written, and factors made by cuts. */
#include "recipe/plan.h"
#include "support/number.h"

int lus_plan_split_pair(struct lus_plan *plan, const char *text, const char **column,
                        const char **rest, struct lus_error *err)
{
    bool quoted = false;
    const char *equals = NULL;
    for (const char *c = text; *c && !equals; c++) {
        if (*c == '`') quoted = !quoted;
        else if (*c == '=' && !quoted) equals = c;
    }
    *column = *rest = NULL;
    if (!equals) return LUS_OK;
    char **names, *left = lus_arena_copy(&plan->arena, text, (size_t)(equals - text));
    size_t n;
    if (!left) return lus_fail_memory(err);
    LUS_TRY(lus_list_split(&plan->arena, left, &names, &n, err));
    if (n != 1)
        return lus_fail(err, LUS_EUSAGE, "one column stands before the =, not \"%s\"", left);
    *column = names[0];
    *rest = equals + 1;
    return LUS_OK;
}

int lus_plan_split_list(struct lus_plan *plan, const char *text, char ***parts, size_t *n,
                        struct lus_error *err)
{
    char *copy = lus_arena_copy(&plan->arena, text, strlen(text));
    *parts = lus_arena_alloc(&plan->arena, strlen(text) / 2 + 2, sizeof **parts);
    if (!copy || !*parts) return lus_fail_memory(err);
    bool quoted = false;
    (*parts)[0] = copy;
    *n = 1;
    for (char *c = copy; *c; c++) {
        if (*c == '`') quoted = !quoted;
        if (*c != ',' || quoted) continue;
        *c = 0;
        (*parts)[(*n)++] = c + 1;
    }
    return LUS_OK;
}

static int apply_dates(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    char **parts;
    size_t n;
    if (!text) return LUS_OK;
    LUS_TRY(lus_plan_split_list(plan, text, &parts, &n, err));
    struct lus_dates *dates = lus_arena_alloc(&plan->arena, n + plan->recipe.n_dates,
                                              sizeof *dates);
    if (!dates) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *form;
        LUS_TRY(lus_plan_split_pair(plan, parts[i], &dates[i].column, &form, err));
        if (!form) form = parts[i];
        if (!lus_date_form_parse(form, &dates[i].form))
            return lus_fail(err, LUS_EUSAGE,
                            "--dates is dd/mm/yyyy, mm/dd/yyyy, dd/mm/yy, mm/dd/yy, yyyymmdd, "
                            "yyyy-mm-dd, dd-mon-yyyy, "
                            "excel, sas, stata or r, or COL=one of them; not \"%s\"",
                            parts[i]);
    }
    for (size_t i = 0; i < plan->recipe.n_dates; i++)
        dates[n + i] = plan->recipe.dates[i];
    plan->recipe.dates = dates;
    plan->recipe.n_dates += n;
    return LUS_OK;
}

int lus_plan_apply_notation(struct lus_plan *plan, const struct lus_query *query,
                            struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    LUS_TRY(apply_dates(plan, query->dates, err));
    if (query->decimal && strcmp(query->decimal, ",") != 0 && strcmp(query->decimal, ".") != 0)
        return lus_fail(err, LUS_EUSAGE, "--decimal is , or . and not \"%s\"", query->decimal);
    if (query->decimal) recipe->decimal = query->decimal[0];
    if (query->weight_is) {
        bool are_copies = strcmp(query->weight_is, "copies") == 0;
        if (!are_copies && strcmp(query->weight_is, "sampling") != 0)
            return lus_fail(err, LUS_EUSAGE, "--weight-is is copies or sampling, not \"%s\"",
                            query->weight_is);
        recipe->weight_is = are_copies ? LUS_WEIGHTS_COPIES : LUS_WEIGHTS_SAMPLING;
    }
    if (!query->id) return LUS_OK;
    recipe->rows_are_people = strcmp(query->id, "none") == 0;
    recipe->id = NULL;
    if (recipe->rows_are_people) return LUS_OK;
    char **names;
    size_t n;
    LUS_TRY(lus_list_split(&plan->arena, query->id, &names, &n, err));
    if (n != 1) return lus_fail(err, LUS_EUSAGE, "--id takes one column, not \"%s\"", query->id);
    recipe->id = names[0];
    return LUS_OK;
}

/* Room for one factor more, or the place of the one that has its name. */
static int place_factor(struct lus_plan *plan, const char *name, struct lus_factor **out,
                        struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    for (size_t i = 0; i < recipe->n_factors; i++)
        if (strcmp(recipe->factors[i].name, name) == 0) {
            *out = &recipe->factors[i];
            return LUS_OK;
        }
    struct lus_factor *grown = lus_arena_alloc(&recipe->arena, recipe->n_factors + 1,
                                               sizeof *grown);
    if (!grown) return lus_fail_memory(err);
    if (recipe->n_factors) memcpy(grown, recipe->factors, recipe->n_factors * sizeof *grown);
    recipe->factors = grown;
    *out = &grown[recipe->n_factors++];
    return LUS_OK;
}

static int add_cut(struct lus_plan *plan, const char *column, const char *const *cuts, size_t n,
                   struct lus_error *err)
{
    static const struct lus_yaml nowhere = {.line = 0};
    struct lus_factor *factor = NULL;
    double *points = lus_arena_alloc(&plan->recipe.arena, n + 1, sizeof *points);
    if (!points) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        if (lus_number_parse(cuts[i], strlen(cuts[i]), &points[i]) != LUS_NUMBER_OK ||
            (i && points[i] <= points[i - 1]))
            return lus_fail(err, LUS_EUSAGE,
                            "--cut %s: rising numbers are wanted, as in --cut age=50,65; not "
                            "\"%s\"",
                            column, cuts[i]);
    LUS_TRY(place_factor(plan, column, &factor, err));
    const char *label = factor->label ? factor->label : column;
    *factor = (struct lus_factor){.name = column, .label = label, .at = &nowhere, .column = column};
    return lus_recipe_cut_factor(&plan->recipe, factor, points, n, err);
}

/* "age=50,65,size=20": what has a = begins a factor. */
int lus_plan_apply_cuts(struct lus_plan *plan, const struct lus_query *query, struct lus_error *err)
{
    char **parts;
    size_t n;
    if (!query->cut) return LUS_OK;
    LUS_TRY(lus_plan_split_list(plan, query->cut, &parts, &n, err));
    for (size_t i = 0, end; i < n; i = end) {
        const char *column, *first, *next = NULL, *ignored;
        LUS_TRY(lus_plan_split_pair(plan, parts[i], &column, &first, err));
        if (!column || !*column)
            return lus_fail(err, LUS_EUSAGE, "--cut is COL=NUMBER,..., as in age=50,65; not \"%s\"",
                            query->cut);
        parts[i] = (char *)(uintptr_t)first;
        for (end = i + 1; end < n; end++) {
            LUS_TRY(lus_plan_split_pair(plan, parts[end], &next, &ignored, err));
            if (next) break;
        }
        LUS_TRY(add_cut(plan, column, (const char *const *)parts + i, end - i, err));
    }
    return LUS_OK;
}
