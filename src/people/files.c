#include "people/join.h"

#include <string.h>

#include "support/path.h"

static int read_recipe(struct lus_files *files, const struct lus_query *query,
                       struct lus_error *err)
{
    const char *path = query->recipe;
    struct lus_arena arena = {0};
    int status = LUS_OK;
    if (!path && !query->no_recipe && query->n_files && strcmp(query->files[0], "-") != 0)
        status = lus_recipe_beside(&arena, query->files[0], "yaml", &path, err);
    if (status == LUS_OK) status = lus_recipe_tree_read(&files->tree, path, err);
    lus_arena_free(&arena);
    return status == LUS_OK ? lus_recipe_make(&files->recipe, &files->tree, err) : status;
}

static int set_delimiter(const char *text, char *out, struct lus_error *err)
{
    if (!text) return LUS_OK;
    const char *d = strcmp(text, "\\t") == 0 ? "\t" : text;
    if (strlen(d) != 1 || *d == '"' || *d == '\n' || *d == '\r' || (*d & 0x80))
        return lus_fail(err, LUS_EUSAGE, "--delimiter is one ASCII character, or \\t, not \"%s\"",
                        text);
    *out = *d;
    return LUS_OK;
}

/* The table that an option or the recipe names beside the files. */
static int join(struct lus_files *files, const struct lus_query *query,
                const struct lus_format *format, struct lus_error *err)
{
    struct lus_arena *arena = &files->recipe.arena;
    struct lus_join join = files->recipe.join;
    if (query->join) {
        const char *equals = strrchr(query->join, '=');
        if (!equals || equals == query->join || !equals[1])
            return lus_fail(err, LUS_EUSAGE, "--join is FILE=COL, not \"%s\"", query->join);
        join.file = lus_arena_copy(arena, query->join, (size_t)(equals - query->join));
        join.by = equals + 1;
        if (!join.file) return lus_fail_memory(err);
    } else if (join.file) {
        join.file = lus_path_beside(arena, files->tree.path, join.file);
        if (!join.file) return lus_fail_memory(err);
    }
    return join.file ? lus_files_join(files, join.file, join.by, join.keep, format, err) : LUS_OK;
}

/* The file that an option, the recipe or its name beside the first file says to hold the layout. */
static int find_layout(struct lus_files *files, const struct lus_query *query, const char **path,
                       struct lus_error *err)
{
    struct lus_arena *arena = &files->recipe.arena;
    bool is_named = query->n_files && strcmp(query->files[0], "-") != 0;
    *path = query->layout;
    if (*path) return LUS_OK;
    if (!files->recipe.layout)
        return is_named ? lus_recipe_beside(arena, query->files[0], "dic", path, err) : LUS_OK;
    *path = lus_path_beside(arena, files->tree.path, files->recipe.layout);
    return *path ? LUS_OK : lus_fail_memory(err);
}

/* The names that another file's header gives to columns, and what parts them there. */
static int take_header(struct lus_files *files, const char *path, struct lus_format *format,
                       struct lus_error *err)
{
    struct lus_arena *arena = &files->recipe.arena;
    struct lus_format other = *format;
    struct lus_reader reader;
    other.has_no_header = false, other.names = NULL, other.n_names = 0;
    int status = lus_reader_open(&reader, &path, 1, &other, 0, err);
    size_t n = status == LUS_OK ? reader.header->n : 0;
    const char **names = lus_arena_alloc(arena, n + 1, sizeof *names);
    if (status == LUS_OK && !names) status = lus_fail_memory(err);
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        names[i] = lus_arena_copy(arena, reader.header->names[i], strlen(reader.header->names[i]));
        if (!names[i]) status = lus_fail_memory(err);
    }
    format->has_no_header = true, format->names = names, format->n_names = n;
    format->delimiter = lus_reader_delimiter(&reader);
    lus_reader_close(&reader);
    return status;
}

int lus_files_open(struct lus_files *files, const struct lus_query *query, struct lus_error *err)
{
    *files = (struct lus_files){0};
    LUS_TRY(read_recipe(files, query, err));
    const struct lus_recipe *recipe = &files->recipe;
    struct lus_format format = {.delimiter = recipe->delimiter,
                                .no_quotes = recipe->no_quotes,
                                .skip = recipe->skip,
                                .encoding = query->encoding ? query->encoding : recipe->encoding,
                                .has_no_header = recipe->has_no_header,
                                .names = (const char *const *)recipe->names,
                                .n_names = recipe->n_names};
    LUS_TRY(set_delimiter(query->delimiter, &format.delimiter, err));
    LUS_TRY(find_layout(files, query, &format.layout, err));
    if (query->header_from) LUS_TRY(take_header(files, query->header_from, &format, err));
    LUS_TRY(lus_reader_open(&files->reader, query->files, query->n_files, &format,
                            query->block_bytes, err));
    return join(files, query, &format, err);
}

int lus_file_open(struct lus_files *files, const char *path, const char *recipe,
                  struct lus_error *err)
{
    struct lus_query query = LUS_QUERY_INIT;
    query.files = &path;
    query.n_files = 1;
    query.recipe = recipe;
    return lus_files_open(files, &query, err);
}

void lus_files_close(struct lus_files *files)
{
    lus_reader_close(&files->reader);
    lus_recipe_free(&files->recipe);
    lus_recipe_tree_free(&files->tree);
}

int lus_query_life_table(const struct lus_query *query, char **out, struct lus_error *err)
{
    struct lus_files files = {0};
    *out = NULL;
    int status = query->n_files ? read_recipe(&files, query, err) : LUS_OK;
    const char *named = status == LUS_OK ? files.recipe.population.table : NULL,
               *path = named ? lus_path_beside(&files.recipe.arena, files.tree.path, named) : NULL;
    if (path) *out = strdup(path);
    if (named && !*out) status = lus_fail_memory(err);
    lus_files_close(&files);
    return status;
}
