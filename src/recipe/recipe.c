#include "recipe/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/number.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

int lus_recipe_init(struct lus_recipe *recipe, struct lus_error *err)
{
    *recipe = (struct lus_recipe){0};
    recipe->time.unit = recipe->time.exit.unit = recipe->time.origin.unit =
        recipe->time.entry.unit = LUS_MONTHS;
    recipe->missing.words = lus_arena_alloc(&recipe->arena, 2, sizeof *recipe->missing.words);
    if (!recipe->missing.words) return lus_fail_memory(err);
    recipe->missing.words[0] = lus_text_of("");
    recipe->missing.words[1] = lus_text_of("NA");
    recipe->missing.n = 2;
    recipe->lifetable.year_days = 365.25;
    return LUS_OK;
}

void lus_recipe_free(struct lus_recipe *recipe)
{
    lus_arena_free(&recipe->arena);
    *recipe = (struct lus_recipe){0};
}

const struct lus_factor *lus_recipe_factor(const struct lus_recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->n_factors; i++)
        if (strcmp(recipe->factors[i].name, name) == 0) return &recipe->factors[i];
    return NULL;
}

int lus_recipe_text(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                    const char **out, struct lus_error *err)
{
    if (node->kind != LUS_YAML_SCALAR || !*node->text)
        return lus_yaml_fail(err, recipe->path, node, "%s must be a text", what);
    *out = node->text;
    return LUS_OK;
}

int lus_recipe_texts(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                     char ***out, size_t *n, struct lus_error *err)
{
    if (node->kind == LUS_YAML_MAPPING)
        return lus_yaml_fail(err, recipe->path, node, "%s must be a list, [a, b]", what);
    size_t count = node->kind == LUS_YAML_SCALAR ? 1 : node->n;
    char **texts = lus_arena_alloc(&recipe->arena, count + 1, sizeof *texts);
    if (!texts) return lus_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct lus_yaml *item = node->kind == LUS_YAML_SCALAR ? node : node->pairs[i].value;
        if (item->kind != LUS_YAML_SCALAR)
            return lus_yaml_fail(err, recipe->path, item, "%s must be a list of texts", what);
        texts[i] = lus_arena_copy(&recipe->arena, item->text, strlen(item->text));
        if (!texts[i]) return lus_fail_memory(err);
    }
    *out = texts;
    *n = count;
    return LUS_OK;
}

int lus_recipe_flag(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                    bool *out, struct lus_error *err)
{
    if (node->kind == LUS_YAML_SCALAR &&
        (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
        *out = node->text[0] == 't';
        return LUS_OK;
    }
    return lus_yaml_fail(err, recipe->path, node, "%s is true or false", what);
}

int lus_recipe_expression(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_expr **out, struct lus_error *err)
{
    if (node->kind != LUS_YAML_SCALAR)
        return lus_yaml_fail(err, recipe->path, node, "an expression in single quotes is wanted");
    struct lus_error inner = LUS_ERROR_INIT;
    int status = lus_expr_parse(&recipe->arena, node->text, out, &inner);
    if (status == LUS_EDATA) return lus_yaml_fail(err, recipe->path, node, "%s", inner.message);
    return status == LUS_OK ? LUS_OK : lus_fail_as(err, status, &inner);
}

int lus_recipe_unit(struct lus_recipe *recipe, const struct lus_yaml *node, enum lus_unit *out,
                    struct lus_error *err)
{
    if (node->kind != LUS_YAML_SCALAR || lus_unit_parse(node->text, out) != LUS_OK)
        return lus_yaml_fail(err, recipe->path, node, "a unit is days, weeks, months or years");
    return LUS_OK;
}

int lus_recipe_columns(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                       const char **first, char *const **otherwise, size_t *n_otherwise,
                       struct lus_error *err)
{
    char **columns;
    size_t n;
    if (node->kind == LUS_YAML_SCALAR) return lus_recipe_text(recipe, node, what, first, err);
    LUS_TRY(lus_recipe_texts(recipe, node, what, &columns, &n, err));
    if (!n)
        return lus_yaml_fail(err, recipe->path, node, "%s is a column, or a list of them", what);
    *first = columns[0];
    *otherwise = columns + 1;
    *n_otherwise = n - 1;
    return LUS_OK;
}

static int read_columns(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                        struct lus_time_column *out, struct lus_error *err)
{
    return lus_recipe_columns(recipe, node, what, &out->column, &out->otherwise, &out->n_otherwise,
                              err);
}

/* exit, origin, entry: {column: X, unit: days}, or the column alone. */
static int read_time_column(struct lus_recipe *recipe, const struct lus_yaml *node,
                            const char *what, bool may_clip, struct lus_time_column *out,
                            struct lus_error *err)
{
    out->unit = recipe->time.unit;
    if (node->kind != LUS_YAML_MAPPING) return read_columns(recipe, node, what, out, err);
    static const char *const keys[] = {"column", "unit", "before_origin"};
    LUS_TRY(lus_yaml_check_keys(node, recipe->path, what, keys, may_clip ? 3 : 2, err));
    const struct lus_yaml *column = lus_yaml_get(node, "column"),
                          *unit = lus_yaml_get(node, "unit");
    const struct lus_yaml *before = lus_yaml_get(node, "before_origin");
    if (!column) return lus_yaml_fail(err, recipe->path, node, "%s needs a column:", what);
    LUS_TRY(read_columns(recipe, column, what, out, err));
    if (unit) LUS_TRY(lus_recipe_unit(recipe, unit, &out->unit, err));
    if (before) {
        if (before->kind != LUS_YAML_SCALAR ||
            (strcmp(before->text, "clip") != 0 && strcmp(before->text, "bad") != 0))
            return lus_yaml_fail(err, recipe->path, before,
                                 "before_origin is clip (counted from the origin) or bad");
        recipe->time.clip_entry = before->text[0] == 'c';
    }
    return LUS_OK;
}

static int read_time(struct lus_recipe *recipe, const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {"column", "unit", "entry", "completed",
                                       "from",   "exit", "origin"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "time", keys, N_OF(keys), err));
    const struct lus_yaml *unit = lus_yaml_get(map, "unit"), *column = lus_yaml_get(map, "column");
    const struct lus_yaml *exit = lus_yaml_get(map, "exit"), *origin = lus_yaml_get(map, "origin");
    const struct lus_yaml *entry = lus_yaml_get(map, "entry"), *from = lus_yaml_get(map, "from");
    const struct lus_yaml *completed = lus_yaml_get(map, "completed");
    if (unit) LUS_TRY(lus_recipe_unit(recipe, unit, &recipe->time.unit, err));
    recipe->time.has_unit = unit != NULL;
    recipe->time.exit.unit = recipe->time.origin.unit = recipe->time.entry.unit = recipe->time.unit;
    if (column && (exit || origin))
        return lus_yaml_fail(err, recipe->path, column,
                             "time has either column, or exit and origin; not both");
    if (!column && !exit)
        return lus_yaml_fail(err, recipe->path, map,
                             "time needs column (from origin to exit), or exit with origin");
    if (column) LUS_TRY(read_columns(recipe, column, "time's column", &recipe->time.exit, err));
    if (exit) LUS_TRY(read_time_column(recipe, exit, "exit", false, &recipe->time.exit, err));
    if (exit && !origin) { /* from the origin, as column is */
        recipe->time.unit = recipe->time.exit.unit;
        recipe->time.has_unit |= exit->kind == LUS_YAML_MAPPING && lus_yaml_get(exit, "unit");
    }
    if (origin)
        LUS_TRY(read_time_column(recipe, origin, "origin", false, &recipe->time.origin, err));
    if (entry) LUS_TRY(read_time_column(recipe, entry, "entry", true, &recipe->time.entry, err));
    if (from) LUS_TRY(lus_recipe_text(recipe, from, "from", &recipe->time.from, err));
    if (completed)
        LUS_TRY(lus_recipe_flag(recipe, completed, "completed", &recipe->time.completed, err));
    return LUS_OK;
}

static int read_causes(struct lus_recipe *recipe, const struct lus_yaml *map, struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING || !map->n)
        return lus_yaml_fail(err, recipe->path, map,
                             "causes is a mapping, {cancer: [levels], other: [levels]}");
    recipe->event.causes = lus_arena_alloc(&recipe->arena, map->n, sizeof *recipe->event.causes);
    if (!recipe->event.causes) return lus_fail_memory(err);
    for (size_t i = 0; i < map->n; i++) {
        struct lus_cause *cause = &recipe->event.causes[i];
        cause->name = map->pairs[i].key;
        LUS_TRY(lus_recipe_texts(recipe, map->pairs[i].value, "a cause", &cause->levels,
                                 &cause->n_levels, err));
    }
    recipe->event.n_causes = map->n;
    return LUS_OK;
}

/* Without is:, every level of every cause is the event. */
static int levels_of_causes(struct lus_recipe *recipe, struct lus_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < recipe->event.n_causes; i++)
        n += recipe->event.causes[i].n_levels;
    recipe->event.levels = lus_arena_alloc(&recipe->arena, n, sizeof *recipe->event.levels);
    if (!recipe->event.levels) return lus_fail_memory(err);
    for (size_t i = 0; i < recipe->event.n_causes; i++)
        for (size_t k = 0; k < recipe->event.causes[i].n_levels; k++)
            recipe->event.levels[recipe->event.n_levels++] = recipe->event.causes[i].levels[k];
    return LUS_OK;
}

/* The cause that cause-specific survival is of: the one named, else the first. */
static int read_cause(struct lus_recipe *recipe, const struct lus_yaml *node, struct lus_error *err)
{
    const char *name = "";
    recipe->event.cause = recipe->event.causes;
    if (!node) return LUS_OK;
    LUS_TRY(lus_recipe_text(recipe, node, "cause", &name, err));
    for (size_t i = 0; i < recipe->event.n_causes; i++) {
        recipe->event.cause = &recipe->event.causes[i];
        if (strcmp(recipe->event.cause->name, name) == 0) return LUS_OK;
    }
    return lus_yaml_fail(err, recipe->path, node, "cause is one of those that causes: names");
}

static bool is_event(const struct lus_recipe *recipe, const char *level)
{
    for (size_t i = 0; i < recipe->event.n_levels; i++)
        if (strcmp(recipe->event.levels[i], level) == 0) return true;
    return false;
}

/* Beside is: a cause is the event, or it is not. */
static int check_causes(struct lus_recipe *recipe, const struct lus_yaml *map,
                        struct lus_error *err)
{
    for (size_t i = 0; i < recipe->event.n_causes; i++) {
        const struct lus_cause *cause = &recipe->event.causes[i];
        for (size_t k = 1; k < cause->n_levels; k++)
            if (is_event(recipe, cause->levels[k]) != is_event(recipe, cause->levels[0]))
                return lus_yaml_fail(err, recipe->path, map,
                                     "is: names a part of the cause \"%s\"; all of its levels are "
                                     "the event, or none is",
                                     cause->name);
    }
    return LUS_OK;
}

static int read_event(struct lus_recipe *recipe, const struct lus_yaml *map, struct lus_error *err)
{
    if (map->kind == LUS_YAML_SCALAR)
        return lus_recipe_text(recipe, map, "event", &recipe->event.column, err);
    static const char *const keys[] = {"column", "is", "measure", "causes", "cause"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "event", keys, N_OF(keys), err));
    const struct lus_yaml *column = lus_yaml_get(map, "column"), *is = lus_yaml_get(map, "is");
    const struct lus_yaml *measure = lus_yaml_get(map, "measure"),
                          *causes = lus_yaml_get(map, "causes");
    if (!column) return lus_yaml_fail(err, recipe->path, map, "event needs a column:");
    LUS_TRY(lus_recipe_text(recipe, column, "event's column", &recipe->event.column, err));
    if (is)
        LUS_TRY(lus_recipe_texts(recipe, is, "is", &recipe->event.levels, &recipe->event.n_levels,
                                 err));
    if (measure) {
        LUS_TRY(lus_recipe_text(recipe, measure, "measure", &recipe->event.measure, err));
        if (strcmp(recipe->event.measure, "OS") != 0 && strcmp(recipe->event.measure, "CSS") != 0)
            return lus_yaml_fail(err, recipe->path, measure,
                                 "measure is OS (death of any cause) or CSS (death of the cancer)");
    }
    if (causes) LUS_TRY(read_causes(recipe, causes, err));
    LUS_TRY(read_cause(recipe, lus_yaml_get(map, "cause"), err));
    if (!causes) return LUS_OK;
    return is ? check_causes(recipe, causes, err) : levels_of_causes(recipe, err);
}

static int read_one_row_per(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err)
{
    if (map->kind == LUS_YAML_SCALAR)
        return lus_recipe_text(recipe, map, "one_row_per", &recipe->one_row_per.column, err);
    static const char *const keys[] = {"column", "keep", "order"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "one_row_per", keys, N_OF(keys), err));
    const struct lus_yaml *column = lus_yaml_get(map, "column"), *keep = lus_yaml_get(map, "keep");
    const struct lus_yaml *order = lus_yaml_get(map, "order");
    if (!column) return lus_yaml_fail(err, recipe->path, map, "one_row_per needs a column:");
    LUS_TRY(
        lus_recipe_text(recipe, column, "one_row_per's column", &recipe->one_row_per.column, err));
    if (order) LUS_TRY(lus_recipe_text(recipe, order, "order", &recipe->one_row_per.order, err));
    if (keep) {
        if (keep->kind != LUS_YAML_SCALAR ||
            (strcmp(keep->text, "first") != 0 && strcmp(keep->text, "last") != 0))
            return lus_yaml_fail(err, recipe->path, keep, "keep is first or last");
        recipe->one_row_per.keep_last = keep->text[0] == 'l';
    }
    return LUS_OK;
}

static int read_id(struct lus_recipe *recipe, const struct lus_yaml *node, struct lus_error *err)
{
    LUS_TRY(lus_recipe_text(recipe, node, "id", &recipe->id, err));
    recipe->rows_are_people = strcmp(recipe->id, "none") == 0;
    if (recipe->rows_are_people) recipe->id = NULL;
    return LUS_OK;
}

static int read_weight_is(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err)
{
    const char *text = node->kind == LUS_YAML_SCALAR ? node->text : "";
    if (strcmp(text, "copies") == 0) recipe->weight_is = LUS_WEIGHTS_COPIES;
    else if (strcmp(text, "sampling") == 0) recipe->weight_is = LUS_WEIGHTS_SAMPLING;
    else
        return lus_yaml_fail(err, recipe->path, node,
                             "weight_is is copies (so many rows alike) or sampling (so many people "
                             "stand behind the row)");
    return LUS_OK;
}

static int read_bad_rows(struct lus_recipe *recipe, const struct lus_yaml *node,
                         struct lus_error *err)
{
    if (node->kind != LUS_YAML_SCALAR ||
        (strcmp(node->text, "drop") != 0 && strcmp(node->text, "stop") != 0))
        return lus_yaml_fail(err, recipe->path, node, "bad_rows is stop (the default) or drop");
    recipe->drop_bad = node->text[0] == 'd';
    return LUS_OK;
}

static int read_period(struct lus_recipe *recipe, const struct lus_yaml *node,
                       struct lus_error *err)
{
    if (node->kind == LUS_YAML_SCALAR &&
        lus_years_span(node->text, &recipe->from_year, &recipe->to_year))
        return LUS_OK;
    return lus_yaml_fail(err, recipe->path, node,
                         "period is the years of diagnosis, as in 2008-2018");
}

static int read_key(struct lus_recipe *recipe, const char *key, const struct lus_yaml *node,
                    struct lus_error *err)
{
    if (strcmp(key, "title") == 0) return lus_recipe_text(recipe, node, key, &recipe->title, err);
    if (strcmp(key, "source") == 0) return lus_recipe_text(recipe, node, key, &recipe->source, err);
    if (strcmp(key, "licence") == 0)
        return lus_recipe_text(recipe, node, key, &recipe->licence, err);
    if (strcmp(key, "figures") == 0)
        return lus_recipe_text(recipe, node, key, &recipe->figures, err);
    if (strcmp(key, "synthetic") == 0)
        return lus_recipe_flag(recipe, node, key, &recipe->synthetic, err);
    if (strcmp(key, "delimiter") == 0) return lus_recipe_read_delimiter(recipe, node, err);
    if (strcmp(key, "quote") == 0) return lus_recipe_read_quote(recipe, node, err);
    if (strcmp(key, "missing") == 0) return lus_recipe_read_missing(recipe, node, err);
    if (strcmp(key, "dates") == 0) return lus_recipe_read_dates(recipe, node, err);
    if (strcmp(key, "decimal") == 0) return lus_recipe_read_decimal(recipe, node, err);
    if (strcmp(key, "encoding") == 0)
        return lus_recipe_text(recipe, node, key, &recipe->encoding, err);
    if (strcmp(key, "layout") == 0) return lus_recipe_text(recipe, node, key, &recipe->layout, err);
    if (strcmp(key, "header") == 0) return lus_recipe_read_header(recipe, node, err);
    if (strcmp(key, "names") == 0)
        return lus_recipe_texts(recipe, node, key, &recipe->names, &recipe->n_names, err);
    if (strcmp(key, "join") == 0) return lus_recipe_read_join(recipe, node, err);
    if (strcmp(key, "guessed") == 0)
        return lus_recipe_texts(recipe, node, key, &recipe->guessed, &recipe->n_guessed, err);
    if (strcmp(key, "id") == 0) return read_id(recipe, node, err);
    if (strcmp(key, "weight_is") == 0) return read_weight_is(recipe, node, err);
    if (strcmp(key, "skip") == 0) return lus_recipe_text(recipe, node, key, &recipe->skip, err);
    if (strcmp(key, "time") == 0) return read_time(recipe, node, err);
    if (strcmp(key, "event") == 0) return read_event(recipe, node, err);
    if (strcmp(key, "weight") == 0) return lus_recipe_text(recipe, node, key, &recipe->weight, err);
    if (strcmp(key, "where") == 0) return lus_recipe_expression(recipe, node, &recipe->where, err);
    if (strcmp(key, "bad_rows") == 0) return read_bad_rows(recipe, node, err);
    if (strcmp(key, "one_row_per") == 0) return read_one_row_per(recipe, node, err);
    if (strcmp(key, "factors") == 0) return lus_recipe_read_factors(recipe, node, err);
    if (strcmp(key, "claims") == 0) return lus_recipe_read_claims(recipe, node, err);
    if (strcmp(key, "origins") == 0) return lus_recipe_read_origins(recipe, node, err);
    if (strcmp(key, "context") == 0) return lus_recipe_read_context(recipe, node, err);
    if (strcmp(key, "targets") == 0)
        return lus_recipe_text(recipe, node, key, &recipe->targets, err);
    if (strcmp(key, "period") == 0) return read_period(recipe, node, err);
    if (strcmp(key, "selected") == 0)
        return lus_recipe_text(recipe, node, key, &recipe->selected, err);
    if (strcmp(key, "lifetable") == 0) return lus_recipe_read_lifetable(recipe, node, err);
    return lus_recipe_read_population(recipe, node, err);
}

static int read_root(struct lus_recipe *recipe, const struct lus_yaml *root, struct lus_error *err)
{
    static const char *const keys[] = {
        "title",   "source", "licence",    "synthetic", "delimiter", "quote",     "missing",
        "skip",    "time",   "event",      "weight",    "where",     "bad_rows",  "one_row_per",
        "factors", "claims", "population", "figures",   "targets",   "lifetable", "origins",
        "context", "dates",  "decimal",    "encoding",  "header",    "names",     "join",
        "guessed", "id",     "weight_is",  "period",    "selected",  "layout"};
    LUS_TRY(lus_yaml_check_keys(root, recipe->path, "the recipe", keys, N_OF(keys), err));
    for (size_t i = 0; i < root->n; i++)
        LUS_TRY(read_key(recipe, root->pairs[i].key, root->pairs[i].value, err));
    if (recipe->names && !recipe->has_no_header)
        return lus_yaml_fail(err, recipe->path, lus_yaml_get(root, "names"),
                             "names: goes with `header: none`");
    return lus_recipe_check_context(recipe, lus_yaml_get(root, "context"), err);
}

int lus_recipe_read(struct lus_recipe *recipe, const char *path, struct lus_error *err)
{
    struct lus_yaml *root;
    recipe->path = lus_arena_copy(&recipe->arena, path, strlen(path));
    if (!recipe->path) return lus_fail_memory(err);
    LUS_TRY(lus_yaml_read(&recipe->arena, path, &root, err));
    return read_root(recipe, root, err);
}

int lus_recipe_make(struct lus_recipe *recipe, const struct lus_recipe_tree *tree,
                    struct lus_error *err)
{
    LUS_TRY(lus_recipe_init(recipe, err));
    recipe->path = tree->path;
    return tree->root ? read_root(recipe, tree->root, err) : LUS_OK;
}

int lus_recipe_tree_read(struct lus_recipe_tree *tree, const char *path, struct lus_error *err)
{
    *tree = (struct lus_recipe_tree){0};
    if (!path) return LUS_OK;
    tree->path = lus_arena_copy(&tree->arena, path, strlen(path));
    if (!tree->path) return lus_fail_memory(err);
    return lus_yaml_read(&tree->arena, tree->path, &tree->root, err);
}

/* The question that a first recipe asks above a line of a key that is commented out: "in which unit
 * is AVAL?"; "" where there is none. */
static void find_question(const char *path, const char *key, size_t room, char *out)
{
    char line[1024], asked[1024] = "";
    FILE *file = path ? fopen(path, "rb") : NULL;
    size_t n_key = strlen(key), n_line = 0;
    *out = 0;
    while (file && !*out && fgets(line, sizeof line, file)) {
        static const char mark[] = "# question: ";
        line[strcspn(line, "\r\n")] = 0;
        n_line++;
        /* of several above the line the first: what follows can wait */
        if (*line != '#' || !*line) *asked = 0;
        if (!*asked && strncmp(line, mark, strlen(mark)) == 0)
            (void)snprintf(asked, sizeof asked, ":%zu asks: %s", n_line, line + strlen(mark));
        bool is_key = strncmp(line, "# ", 2) == 0 && strncmp(line + 2, key, n_key) == 0 &&
                      line[2 + n_key] == ':';
        if (is_key && *asked) (void)snprintf(out, room, "%s", asked);
    }
    if (file) (void)fclose(file);
}

int lus_recipe_fail_open(const struct lus_recipe *recipe, const char *file, const char *key,
                         const char *what, struct lus_error *err)
{
    char asked[1024];
    find_question(recipe->path, key, sizeof asked, asked);
    if (*asked)
        return lus_fail(err, LUS_EUSAGE, "%s%s (answer it there, and take the # away)",
                        recipe->path, asked);
    return lus_fail(err, LUS_EUSAGE, "%s: %s, or in a recipe%s%s%s", file, what,
                    recipe->path ? " (" : "", recipe->path ? recipe->path : "",
                    recipe->path ? " does not say)" : "");
}

void lus_recipe_tree_free(struct lus_recipe_tree *tree)
{
    lus_arena_free(&tree->arena);
    *tree = (struct lus_recipe_tree){0};
}

/* Where the ending of a name's first n bytes begins: n, where it has none. */
static size_t without_ending(const char *file, size_t n)
{
    for (size_t i = n; i-- > 1 && file[i] != '/';)
        if (file[i] == '.' && file[i - 1] != '/') return i;
    return n;
}

int lus_recipe_beside(struct lus_arena *arena, const char *file, const char *ending,
                      const char **out, struct lus_error *err)
{
    static const char *const packed[] = {".gz", ".zst", ".xz", ".bz2"};
    size_t n = strlen(file), bare = without_ending(file, n);
    bool is_packed = false;
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        is_packed |= strcmp(file + bare, packed[i]) == 0;
    const size_t lengths[] = {n, bare, is_packed ? without_ending(file, bare) : bare};
    *out = NULL;
    for (size_t i = 0; i < 3 && !*out; i++) {
        char *path = lus_arena_print(arena, "%.*s.%s", (int)lengths[i], file, ending);
        if (!path) return lus_fail_memory(err);
        if (strcmp(path, file) != 0 && access(path, F_OK) == 0) *out = path;
    }
    return LUS_OK;
}
