#include "recipe/plan.h"

#include <ctype.h>
#include <stdlib.h>

/* A name on the command line may stand in backquotes. */
static int one_name(struct lus_plan *plan, const char *option, const char *text, const char **out,
                    struct lus_error *err)
{
    char **names;
    size_t n;
    LUS_TRY(lus_list_split(&plan->arena, text, &names, &n, err));
    if (n != 1) return lus_fail(err, LUS_EUSAGE, "%s takes one column, not \"%s\"", option, text);
    *out = names[0];
    return LUS_OK;
}

/* --event COL or COL=LEVEL[,LEVEL...] */
static int apply_event(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    const char *column, *levels;
    LUS_TRY(lus_plan_split_pair(plan, text, &column, &levels, err));
    if (!column) LUS_TRY(one_name(plan, "--event", text, &column, err));
    recipe->event.column = column;
    recipe->event.levels = NULL;
    recipe->event.n_levels = recipe->event.n_causes = 0;
    return levels ? lus_list_split(&plan->arena, levels, &recipe->event.levels,
                                   &recipe->event.n_levels, err)
                  : LUS_OK;
}

/* --causes NAME=LEVEL,...: a name that stands again has a level more. */
static int apply_causes(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    char **parts;
    size_t n;
    LUS_TRY(lus_plan_split_list(plan, text, &parts, &n, err));
    recipe->event.causes = lus_arena_alloc(&plan->arena, n, sizeof *recipe->event.causes);
    recipe->event.levels = lus_arena_alloc(&plan->arena, n, sizeof *recipe->event.levels);
    recipe->event.n_levels = recipe->event.n_causes = 0;
    if (!recipe->event.causes || !recipe->event.levels) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *name, *level;
        struct lus_cause *cause = recipe->event.causes, *end;
        LUS_TRY(lus_plan_split_pair(plan, parts[i], &name, &level, err));
        if (!name || !*name || !*level)
            return lus_fail(err, LUS_EUSAGE,
                            "--causes is NAME=LEVEL,..., as in cancer=1,other=2; not \"%s\"",
                            parts[i]);
        LUS_TRY(one_name(plan, "--causes", level, &level, err));
        for (size_t l = 0; l < recipe->event.n_levels; l++)
            if (strcmp(recipe->event.levels[l], level) == 0)
                return lus_fail(err, LUS_EUSAGE, "--causes: \"%s\" is of two causes", level);
        end = cause + recipe->event.n_causes;
        while (cause < end && strcmp(cause->name, name) != 0)
            cause++;
        if (cause == end) {
            recipe->event.n_causes++;
            *cause = (struct lus_cause){.name = name,
                                        .levels = lus_arena_alloc(&plan->arena, n, sizeof(char *))};
            if (!cause->levels) return lus_fail_memory(err);
        }
        char *copy = lus_arena_copy(&plan->arena, level, strlen(level));
        if (!copy) return lus_fail_memory(err);
        cause->levels[cause->n_levels++] = recipe->event.levels[recipe->event.n_levels++] = copy;
    }
    recipe->event.cause = recipe->event.causes;
    return LUS_OK;
}

/* Columns of a time: of several the first that is there. */
static int time_columns(struct lus_plan *plan, const char *text, struct lus_time_column *out,
                        struct lus_error *err)
{
    char **names;
    size_t n;
    LUS_TRY(lus_list_split(&plan->arena, text, &names, &n, err));
    out->column = names[0];
    out->otherwise = names + 1;
    out->n_otherwise = n - 1;
    return LUS_OK;
}

/* --time, or --from and --to. */
static int apply_exit(struct lus_plan *plan, const struct lus_query *query, enum lus_unit unit,
                      struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    struct lus_time_column entry = recipe->time.origin.column ? (struct lus_time_column){0}
                                                              : recipe->time.entry;
    if ((query->from != NULL) != (query->to != NULL))
        return lus_fail(err, LUS_EUSAGE, "--from and --to go together: the origin and the exit");
    if (query->time && query->to)
        return lus_fail(err, LUS_EUSAGE,
                        "--time is the time from the origin to the exit; --from and --to are two "
                        "dates: either");
    if (!query->time && !query->to) return LUS_OK;
    entry.unit = unit;
    recipe->time.exit = recipe->time.origin = (struct lus_time_column){.unit = unit};
    recipe->time.entry = entry;
    if (query->from) LUS_TRY(time_columns(plan, query->from, &recipe->time.origin, err));
    return time_columns(plan, query->to ? query->to : query->time, &recipe->time.exit, err);
}

static int apply_time(struct lus_plan *plan, const struct lus_query *query, struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    enum lus_unit unit = recipe->time.unit;
    if (query->unit && lus_unit_parse(query->unit, &unit) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE, "--unit is days, weeks, months or years, not \"%s\"",
                        query->unit);
    if (query->unit && !recipe->time.origin.column)
        recipe->time.exit.unit = recipe->time.entry.unit = unit;
    recipe->time.unit = unit;
    recipe->time.has_unit |= query->unit != NULL;
    LUS_TRY(apply_exit(plan, query, unit, err));
    if (query->entry) {
        recipe->time.entry.unit = unit;
        LUS_TRY(time_columns(plan, query->entry, &recipe->time.entry, err));
    }
    return LUS_OK;
}

bool lus_unit_of_name(const char *name, enum lus_unit *out)
{
    static const struct {
        const char *word;
        enum lus_unit unit;
    } words[] = {{"month", LUS_MONTHS}, {"mths", LUS_MONTHS}, {"day", LUS_DAYS},
                 {"week", LUS_WEEKS},   {"year", LUS_YEARS},  {"yrs", LUS_YEARS}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i].word)) {
            *out = words[i].unit;
            return true;
        }
    return false;
}

/* Nobody said the unit of a time from the origin: its name does, or months are assumed. */
static void find_unit(struct lus_plan *plan)
{
    struct lus_recipe *recipe = &plan->recipe;
    enum lus_unit unit = LUS_MONTHS;
    if (recipe->time.has_unit || recipe->time.origin.column || !recipe->time.exit.column) return;
    plan->has_named_unit = lus_unit_of_name(recipe->time.exit.column, &unit);
    plan->has_assumed_unit = !plan->has_named_unit;
    recipe->time.unit = recipe->time.exit.unit = recipe->time.entry.unit = unit;
}

static int apply_query(struct lus_plan *plan, const struct lus_query *query, struct lus_error *err)
{
    struct lus_recipe *recipe = &plan->recipe;
    LUS_TRY(lus_plan_apply_notation(plan, query, err));
    LUS_TRY(apply_time(plan, query, err));
    find_unit(plan);
    if (query->event) LUS_TRY(apply_event(plan, query->event, err));
    if (query->causes) LUS_TRY(apply_causes(plan, query->causes, err));
    if (query->weight) LUS_TRY(one_name(plan, "--weight", query->weight, &recipe->weight, err));
    plan->may_be_empty = query->may_be_empty;
    plan->drop_bad = query->drop_bad < 0 ? recipe->drop_bad : query->drop_bad > 0;
    bool has_time = recipe->time.exit.column && recipe->event.column;
    plan->years_are_dates = query->years_are_dates;
    plan->without_time = query->without_time || (query->time_is_optional && !has_time);
    plan->landmark = -1;
    if (query->landmark && plan->without_time)
        return lus_fail(err, LUS_EUSAGE,
                        "--landmark goes with a time and an event; shares reads neither");
    if (query->landmark)
        LUS_TRY(lus_duration_parse(query->landmark, recipe->time.unit, &plan->landmark, err));
    if (query->landmark && recipe->time.completed &&
        plan->landmark % lus_unit_ticks(recipe->time.unit))
        return lus_fail(
            err, LUS_EUSAGE,
            "--landmark %s: times are completed %s, so a whole number of them is wanted",
            query->landmark, lus_unit_name(recipe->time.unit));
    return LUS_OK;
}

/* A column that by its name is a delayed entry: whoever has one and does not use it should know. */
static const char *find_unused_entry(const struct lus_plan *plan)
{
    static const char *const names[] = {"entry",           "entry_time",  "entry_months",
                                        "entry_days",      "entry_years", "delayed_entry",
                                        "left_truncation", "tstart"};
    const char *origin = plan->recipe.time.origin.column, *exit = plan->recipe.time.exit.column;
    for (size_t i = 0; i < plan->header->n; i++) {
        const char *name = plan->header->names[i];
        if ((origin && strcmp(name, origin) == 0) || strcmp(name, exit) == 0) continue;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (lus_text_equal_any_case(lus_text_of(name), names[k])) return name;
    }
    return NULL;
}

static int bind_time(struct lus_plan *plan, bool ignores_entry, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    const char *file = plan->header->file;
    plan->exit = plan->origin = plan->entry = plan->event = plan->weight = LUS_NO_SLOT;
    if (recipe->weight)
        LUS_TRY(lus_plan_slot(plan, recipe->weight, LUS_SLOT_WEIGHT, LUS_DAYS, &plan->weight, err));
    if (plan->without_time) return LUS_OK;
    if (!recipe->time.exit.column)
        return lus_recipe_fail_open(recipe, file, "time",
                                    "which column is the follow-up time? name it with --time COL",
                                    err);
    if (!recipe->event.column)
        return lus_recipe_fail_open(recipe, file, "event",
                                    "which column is the event? name it with --event COL=LEVEL",
                                    err);
    LUS_TRY(lus_plan_time_slot(plan, &recipe->time.exit, &plan->exit, err));
    if (recipe->time.origin.column)
        LUS_TRY(lus_plan_time_slot(plan, &recipe->time.origin, &plan->origin, err));
    /* also when it is ignored: the same people are counted */
    plan->has_entry = recipe->time.entry.column != NULL;
    plan->ignores_entry = plan->has_entry && ignores_entry;
    if (plan->has_entry) LUS_TRY(lus_plan_time_slot(plan, &recipe->time.entry, &plan->entry, err));
    else plan->unused_entry = find_unused_entry(plan);
    return lus_plan_slot(plan, recipe->event.column, LUS_SLOT_LABEL, LUS_DAYS, &plan->event, err);
}

static bool is_among(char *const *levels, size_t n, const char *level)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(levels[i], level) == 0) return true;
    return false;
}

/* The levels of the event that no cause has. */
static int add_unnamed_cause(struct lus_plan *plan, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    char **levels = lus_arena_alloc(&plan->arena, recipe->event.n_levels + 1, sizeof *levels);
    size_t n = 0;
    if (!levels) return lus_fail_memory(err);
    for (size_t l = 0; l < recipe->event.n_levels; l++) {
        bool is_named = false;
        for (size_t i = 0; i < recipe->event.n_causes; i++)
            is_named |= is_among(recipe->event.causes[i].levels, recipe->event.causes[i].n_levels,
                                 recipe->event.levels[l]);
        if (!is_named) levels[n++] = recipe->event.levels[l];
    }
    if (n || !plan->n_causes)
        plan->causes[plan->n_causes++] = (struct lus_event_cause){
            .levels = levels, .n_levels = n, .is_event = true};
    return LUS_OK;
}

static int list_causes(struct lus_plan *plan, bool every_cause, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    size_t n = recipe->event.n_causes;
    if (n >= LUS_MOST_CAUSES)
        return lus_fail(err, LUS_EDATA, "%s: event: at most %d causes are told apart", recipe->path,
                        LUS_MOST_CAUSES - 1);
    plan->causes = lus_arena_alloc(&plan->arena, n + 1, sizeof *plan->causes);
    if (!plan->causes) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct lus_cause *cause = &recipe->event.causes[i];
        plan->causes[plan->n_causes++] = (struct lus_event_cause){
            .name = cause->name,
            .levels = cause->levels,
            .n_levels = cause->n_levels,
            .is_event = every_cause ||
                        is_among(recipe->event.levels, recipe->event.n_levels, cause->levels[0])};
    }
    return add_unnamed_cause(plan, err);
}

const char *const lus_id_names[] = {"patientid",
                                    "patient",
                                    "personid",
                                    "person",
                                    "subjectid",
                                    "usubjid",
                                    "subject",
                                    "subjid",
                                    "participantid",
                                    "casesubmitterid",
                                    "pid",
                                    "ptid",
                                    "mrn",
                                    "patid",
                                    "patno",
                                    "patientnumber",
                                    "patientno",
                                    "lopnr",
                                    "recordid",
                                    "bcrpatientbarcode",
                                    "ptnum",
                                    "pseudonym",
                                    "nhsnumber",
                                    "uniquepatientid",
                                    "upi",
                                    "eid",
                                    "id",
                                    "caseid",
                                    NULL};

/* Whether a name is a plain one but for marks and case. */
static bool is_plainly(const char *name, const char *wanted)
{
    for (; *name && *wanted; name++) {
        if (strchr(" _.-", *name)) continue;
        if (tolower((unsigned char)*name) != *wanted) return false;
        wanted++;
    }
    name += strspn(name, " _.-");
    return !*name && !*wanted;
}

/* A name that says whose row it is: patients' before those of anything, whole names before those
 * that end so behind a point (cases.case_id). */
static const char *find_id_column(const struct lus_header *header, size_t *column)
{
    for (size_t k = 0; k < 2; k++)
        for (const char *const *wanted = lus_id_names; *wanted; wanted++)
            for (size_t i = 0; i < header->n; i++) {
                const char *name = header->names[i], *point = strrchr(name, '.');
                if (k && !point) continue;
                if (!is_plainly(k ? point + 1 : name, *wanted)) continue;
                *column = i;
                return name;
            }
    return NULL;
}

/* Whose rows they are: rows of one person with an entry follow each other, where an id is said or
 * comes again at once; else ids are only watched. */
static int bind_id(struct lus_plan *plan, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    size_t column = 0;
    if (recipe->rows_are_people || plan->without_time) return LUS_OK;
    const char *name = recipe->id;
    if (name) LUS_TRY(lus_header_find(plan->header, name, NULL, 0, &column, err));
    else name = find_id_column(plan->header, &column);
    if (!name) return LUS_OK;
    plan->joins_rows = plan->has_entry && (recipe->id || plan->header->repeats[column]);
    if (plan->joins_rows) return lus_plan_slot(plan, name, LUS_SLOT_TEXT, LUS_DAYS, &plan->id, err);
    plan->id_column = name;
    plan->id_field = lus_header_keep(plan->header, column);
    return LUS_OK;
}

static int bind_one_row_per(struct lus_plan *plan, struct lus_error *err)
{
    const struct lus_recipe *recipe = &plan->recipe;
    plan->id = plan->order = LUS_NO_SLOT;
    if (!recipe->one_row_per.column) return bind_id(plan, err);
    LUS_TRY(
        lus_plan_slot(plan, recipe->one_row_per.column, LUS_SLOT_TEXT, LUS_DAYS, &plan->id, err));
    if (!recipe->one_row_per.order) return LUS_OK;
    return lus_plan_slot(plan, recipe->one_row_per.order, LUS_SLOT_TEXT, LUS_DAYS, &plan->order,
                         err);
}

/* An option's expression is wrong by the option's fault, a recipe's by the recipe's. */
static int option_expression(struct lus_plan *plan, const char *option, const char *text,
                             struct lus_expr **out, struct lus_error *err)
{
    struct lus_error inner = LUS_ERROR_INIT;
    int status = lus_expr_parse(&plan->arena, text, out, &inner);
    if (status == LUS_EDATA) return lus_fail(err, LUS_EUSAGE, "%s: %s", option, inner.message);
    return status == LUS_OK ? LUS_OK : lus_fail_as(err, status, &inner);
}

static int bind_where(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    plan->where = plan->recipe.where;
    if (plan->where) LUS_TRY(lus_plan_bind(plan, plan->where, NULL, err));
    if (!text) return LUS_OK;
    struct lus_expr *asked, *both;
    LUS_TRY(option_expression(plan, "--where", text, &asked, err));
    LUS_TRY(lus_plan_bind(plan, asked, NULL, err));
    if (!plan->where) {
        plan->where = asked;
        return LUS_OK;
    }
    /* the recipe's standing filter and the option's */
    both = lus_arena_alloc(&plan->arena, 1, sizeof *both);
    if (!both) return lus_fail_memory(err);
    *both = (struct lus_expr){
        .kind = LUS_EXPR_AND, .left = plan->where, .right = asked, .source = text};
    plan->where = both;
    return LUS_OK;
}

static int add_keys(struct lus_plan *plan, const char *list, bool keeps_missing,
                    struct lus_error *err)
{
    char **names;
    size_t n;
    if (!list) return LUS_OK;
    LUS_TRY(lus_list_split(&plan->arena, list, &names, &n, err));
    if (plan->n_keys + n > LUS_MOST_KEYS)
        return lus_fail(err, LUS_EUSAGE, "at most %d columns make strata", LUS_MOST_KEYS);
    struct lus_key *keys = lus_arena_alloc(&plan->arena, plan->n_keys + n, sizeof *keys);
    if (!keys) return lus_fail_memory(err);
    if (plan->n_keys) memcpy(keys, plan->keys, plan->n_keys * sizeof *keys);
    plan->keys = keys;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < plan->n_keys; k++)
            if (strcmp(keys[k].name, names[i]) == 0)
                return lus_fail(err, LUS_EUSAGE, "\"%s\" is named twice", names[i]);
        LUS_TRY(lus_plan_key(plan, names[i], &keys[plan->n_keys], err));
        keys[plan->n_keys++].keeps_missing = keeps_missing;
    }
    return LUS_OK;
}

/* --of: a column or factor by its name, else an expression. */
static int bind_of(struct lus_plan *plan, const char *text, struct lus_error *err)
{
    if (!text) return LUS_OK;
    char **names;
    size_t n;
    struct lus_error ignored = LUS_ERROR_INIT;
    bool is_list = lus_list_split(&plan->arena, text, &names, &n, &ignored) == LUS_OK,
         is_name = is_list && n == 1;
    if (is_name && !lus_recipe_factor(&plan->recipe, names[0])) {
        is_name = false;
        for (size_t i = 0; i < plan->header->n && !is_name; i++)
            is_name = strcmp(plan->header->names[i], names[0]) == 0;
    }
    bool is_expression = !is_name && strpbrk(text, "=<>(") != NULL;
    if (!is_expression && is_list && n > 1)
        return lus_fail(err, LUS_EUSAGE, "--of takes one column, or an expression, not \"%s\"",
                        text);
    if (!is_expression) return add_keys(plan, text, true, err);
    LUS_TRY(option_expression(plan, "--of", text, &plan->of, err));
    return lus_plan_bind(plan, plan->of, NULL, err);
}

/* The key that parts the patients by age, as standard populations do. */
static int add_age_groups(struct lus_plan *plan, const struct lus_query *query,
                          struct lus_error *err)
{
    size_t n = query->n_age_groups;
    struct lus_factor *factor = lus_arena_alloc(&plan->arena, 1, sizeof *factor);
    struct lus_key *keys = lus_arena_alloc(&plan->arena, plan->n_keys + 1, sizeof *keys);
    double *cuts = lus_arena_alloc(&plan->arena, n + 1, sizeof *cuts);
    const char **levels = lus_arena_alloc(&plan->arena, n + 1, sizeof *levels);
    if (!factor || !keys || !cuts || !levels) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        cuts[i] = query->age_groups[i];
        levels[i] = i + 1 < n ? lus_arena_print(&plan->arena, "%g-%g", cuts[i],
                                                query->age_groups[i + 1] - 1)
                              : lus_arena_print(&plan->arena, "%g+", cuts[i]);
        if (!levels[i]) return lus_fail_memory(err);
    }
    *factor = (struct lus_factor){.name = "age group",
                                  .label = "Age group",
                                  .kind = LUS_FACTOR_AGE,
                                  .cuts = cuts,
                                  .levels = levels,
                                  .n_levels = n};
    if (plan->n_keys) memcpy(keys, plan->keys, plan->n_keys * sizeof *keys);
    keys[plan->n_keys++] = (struct lus_key){.name = factor->name, .factor = factor};
    plan->keys = keys;
    return LUS_OK;
}

static int bind_keys(struct lus_plan *plan, const struct lus_query *query, struct lus_error *err)
{
    LUS_TRY(add_keys(plan, query->by, query->missing_as_level, err));
    plan->n_by = plan->n_keys;
    LUS_TRY(add_keys(plan, query->strata, false, err));
    if (query->n_age_groups) LUS_TRY(add_age_groups(plan, query, err));
    if (plan->conditions) LUS_TRY(add_keys(plan, "`a figure's condition`", true, err));
    plan->n_strata = plan->n_keys - plan->n_by;
    LUS_TRY(lus_plan_bind_wanted(plan, query, err));
    return bind_of(plan, query->of, err);
}

int lus_plan_make(struct lus_plan *plan, const struct lus_recipe_tree *tree,
                  const struct lus_query *query, struct lus_header *header, struct lus_error *err)
{
    *plan = (struct lus_plan){.header = header};
    LUS_TRY(lus_recipe_make(&plan->recipe, tree, err));
    LUS_TRY(lus_plan_apply_cuts(plan, query, err));
    LUS_TRY(lus_plan_add_conditions(plan, query, err));
    LUS_TRY(apply_query(plan, query, err));
    LUS_TRY(list_causes(plan, query->every_cause, err));
    LUS_TRY(bind_time(plan, query->ignore_entry, err));
    LUS_TRY(bind_one_row_per(plan, err));
    LUS_TRY(bind_where(plan, query->where, err));
    LUS_TRY(lus_plan_bind_demography(plan, query, err));
    LUS_TRY(lus_plan_bind_conditions(plan, err));
    return bind_keys(plan, query, err);
}

void lus_plan_free(struct lus_plan *plan)
{
    lus_recipe_free(&plan->recipe);
    LUS_ARRAY_FREE(&plan->slots);
    LUS_ARRAY_FREE(&plan->factors);
    lus_arena_free(&plan->arena);
    *plan = (struct lus_plan){0};
}
