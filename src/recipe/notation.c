/* How values are written: missing:, dates:, decimal:, header:, join:, delimiter:, quote:. */
#include <string.h>

#include "recipe/recipe.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

/* One of several words; the index of it. */
static int read_word(const struct lus_recipe *recipe, const struct lus_yaml *node,
                     const char *const *words, size_t n, const char *otherwise, size_t *out,
                     struct lus_error *err)
{
    const char *text = node->kind == LUS_YAML_SCALAR ? node->text : "";
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return LUS_OK;
        }
    return lus_yaml_fail(err, recipe->path, node, "%s", otherwise);
}

/* --- missing --- */

/* A whole number as other programs write it: 999 as 999.0, 999.0 as 999; NULL: it is none. */
static const char *other_form(struct lus_arena *arena, const char *word)
{
    size_t sign = *word == '-', n = strspn(word + sign, "0123456789");
    const char *rest = word + sign + n;
    if (!n) return NULL;
    if (!*rest) return lus_arena_print(arena, "%s.0", word);
    return strcmp(rest, ".0") == 0 ? lus_arena_print(arena, "%.*s", (int)(sign + n), word) : NULL;
}

/* The words of a list, behind those that are there already. */
static int read_words(struct lus_recipe *recipe, const struct lus_yaml *node,
                      struct lus_missing *out, struct lus_error *err)
{
    char **texts;
    size_t n;
    LUS_TRY(lus_recipe_texts(recipe, node, "missing", &texts, &n, err));
    struct lus_text *words = lus_arena_alloc(&recipe->arena, out->n + 2 * n + 1, sizeof *words);
    if (!words) return lus_fail_memory(err);
    if (out->n) memcpy(words, out->words, out->n * sizeof *words);
    out->words = words;
    for (size_t i = 0; i < n; i++) {
        const char *other = other_form(&recipe->arena, texts[i]);
        words[out->n++] = lus_text_of(texts[i]);
        if (other) words[out->n++] = lus_text_of(other);
    }
    return LUS_OK;
}

/* A list for all columns; or by column, "*" for all: a column's words come to those of all. */
int lus_recipe_read_missing(struct lus_recipe *recipe, const struct lus_yaml *node,
                            struct lus_error *err)
{
    const struct lus_yaml *all = node;
    if (node->kind == LUS_YAML_MAPPING) all = lus_yaml_get(node, "*");
    if (all) {
        recipe->missing.n = 0;
        LUS_TRY(read_words(recipe, all, &recipe->missing, err));
    }
    if (node->kind != LUS_YAML_MAPPING) return LUS_OK;
    recipe->missing_of = lus_arena_alloc(&recipe->arena, node->n + 1, sizeof *recipe->missing_of);
    if (!recipe->missing_of) return lus_fail_memory(err);
    for (size_t i = 0; i < node->n; i++) {
        if (node->pairs[i].value == all) continue;
        struct lus_missing *own = &recipe->missing_of[recipe->n_missing_of++];
        *own = recipe->missing;
        own->column = node->pairs[i].key;
        LUS_TRY(read_words(recipe, node->pairs[i].value, own, err));
    }
    return LUS_OK;
}

const struct lus_missing *lus_recipe_missing(const struct lus_recipe *recipe, const char *column)
{
    for (size_t i = 0; i < recipe->n_missing_of; i++)
        if (strcmp(recipe->missing_of[i].column, column) == 0) return &recipe->missing_of[i];
    return &recipe->missing;
}

/* --- dates and numbers --- */

static int read_form(struct lus_recipe *recipe, const struct lus_yaml *node, struct lus_dates *out,
                     struct lus_error *err)
{
    if (node->kind == LUS_YAML_SCALAR && lus_date_form_parse(node->text, &out->form)) return LUS_OK;
    return lus_yaml_fail(
        err, recipe->path, node,
        "dates are dd/mm/yyyy, mm/dd/yyyy, dd/mm/yy, mm/dd/yy, yyyymmdd, yyyy-mm-dd, dd-mon-yyyy, "
        "excel, sas, stata or r (numbers of days)");
}

/* A form for all columns, or one for each that is named. */
int lus_recipe_read_dates(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err)
{
    size_t n = node->kind == LUS_YAML_MAPPING ? node->n : 1;
    recipe->dates = lus_arena_alloc(&recipe->arena, n + 1, sizeof *recipe->dates);
    if (!recipe->dates) return lus_fail_memory(err);
    recipe->n_dates = n;
    if (node->kind != LUS_YAML_MAPPING) return read_form(recipe, node, &recipe->dates[0], err);
    for (size_t i = 0; i < n; i++) {
        recipe->dates[i].column = node->pairs[i].key;
        LUS_TRY(read_form(recipe, node->pairs[i].value, &recipe->dates[i], err));
    }
    return LUS_OK;
}

enum lus_date_form lus_recipe_dates(const struct lus_recipe *recipe, const char *column,
                                    enum lus_date_form seen)
{
    for (size_t i = 0; i < recipe->n_dates; i++)
        if (!recipe->dates[i].column || strcmp(recipe->dates[i].column, column) == 0)
            return recipe->dates[i].form;
    return seen;
}

int lus_recipe_read_decimal(struct lus_recipe *recipe, const struct lus_yaml *node,
                            struct lus_error *err)
{
    static const char *const marks[] = {",", "."};
    size_t i = 0;
    LUS_TRY(read_word(recipe, node, marks, 2, "decimal is \",\" or \".\"", &i, err));
    recipe->decimal = marks[i][0];
    return LUS_OK;
}

/* --- the file --- */

int lus_recipe_read_header(struct lus_recipe *recipe, const struct lus_yaml *node,
                           struct lus_error *err)
{
    static const char *const words[] = {"first", "none"};
    size_t i = 0;
    LUS_TRY(read_word(recipe, node, words, 2,
                      "header is first (the first line, the default) or none; names: [..] then "
                      "names the columns",
                      &i, err));
    recipe->has_no_header = i == 1;
    return LUS_OK;
}

int lus_recipe_read_delimiter(struct lus_recipe *recipe, const struct lus_yaml *node,
                              struct lus_error *err)
{
    const char *text = node->kind == LUS_YAML_SCALAR ? node->text : "";
    if (strcmp(text, "\\t") == 0) text = "\t";
    if (strlen(text) != 1 || (text[0] & 0x80) || text[0] == '"' || text[0] == '\n' ||
        text[0] == '\r')
        return lus_yaml_fail(err, recipe->path, node,
                             "delimiter is one ASCII character, such as \",\" or \"\\t\"");
    recipe->delimiter = text[0];
    return LUS_OK;
}

int lus_recipe_read_quote(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err)
{
    static const char *const words[] = {"double", "none"};
    size_t i = 0;
    LUS_TRY(read_word(recipe, node, words, 2, "quote is double (the default) or none", &i, err));
    recipe->no_quotes = i == 1;
    return LUS_OK;
}

int lus_recipe_read_join(struct lus_recipe *recipe, const struct lus_yaml *map,
                         struct lus_error *err)
{
    static const char *const keys[] = {"file", "by", "keep"}, *const keeps[] = {"first", "last"};
    LUS_TRY(lus_yaml_check_keys(map, recipe->path, "join", keys, N_OF(keys), err));
    const struct lus_yaml *file = lus_yaml_get(map, "file"), *by = lus_yaml_get(map, "by"),
                          *keep = lus_yaml_get(map, "keep");
    if (!file || !by)
        return lus_yaml_fail(err, recipe->path, map,
                             "join needs file: and by:, the column that both tables have");
    LUS_TRY(lus_recipe_text(recipe, file, "file", &recipe->join.file, err));
    LUS_TRY(lus_recipe_text(recipe, by, "by", &recipe->join.by, err));
    size_t i = 0;
    if (!keep) return LUS_OK;
    LUS_TRY(read_word(recipe, keep, keeps, 2, "keep is first or last", &i, err));
    recipe->join.keep = i == 0 ? LUS_JOIN_FIRST : LUS_JOIN_LAST;
    return LUS_OK;
}
