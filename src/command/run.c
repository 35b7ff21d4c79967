/* A command from options to what it made, and that to bytes. Nothing is written here. */
#include <stdlib.h>
#include <sys/stat.h>

#include "command/command.h"
#include "recipe/plan.h"
#include "support/input.h"
#include "support/output.h"

/* Whether two paths are one file. */
static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* The output is neither a file that is read nor its recipe, named or found beside it. */
static int check_output(const struct lus_options *o, const char *file, struct lus_error *err)
{
    struct lus_arena arena = {0};
    const char *recipe = o->recipe;
    int status = recipe ? LUS_OK : lus_recipe_beside(&arena, file, "yaml", &recipe, err);
    if (status == LUS_OK &&
        (same_file(o->output, file) || (recipe && same_file(o->output, recipe))))
        status = lus_fail(err, LUS_EUSAGE, "-o %s would replace a file that is read", o->output);
    lus_arena_free(&arena);
    return status;
}

static int check_writing(const struct lus_command *command, const struct lus_options *o,
                         struct lus_error *err)
{
    for (size_t i = 0; o->output && i < o->n_files; i++)
        LUS_TRY(check_output(o, o->files[i], err));
    const struct lus_writer *writer;
    LUS_TRY(lus_writer_find(o->format, &writer, err));
    if (o->table && !writer->is_one_table)
        return lus_fail(err, LUS_EUSAGE, "--table goes with --format csv or tsv");
    if (o->table && command->tables && !lus_list_has(command->tables, o->table))
        return lus_fail(err, LUS_EUSAGE, "no table \"%s\"; lustrum %s makes %s", o->table,
                        command->name, command->tables);
    return LUS_OK;
}

int lus_result_put(const char *path, const char *bytes, size_t n, struct lus_error *err)
{
    if (lus_input_was_read(path))
        return lus_fail(err, LUS_EUSAGE, "-o %s would replace a file that is read", path);
    return lus_output_write(path, bytes, n, err);
}

int lus_result_init(struct lus_result *r, struct lus_error *err)
{
    *r = (struct lus_result){0};
    return lus_document_init(&r->document) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

void lus_result_free(struct lus_result *r)
{
    lus_string_free(&r->text);
    lus_drawing_free(r->drawing);
    lus_document_free(&r->document);
}

int lus_command_run(const struct lus_command *command, const struct lus_options *o,
                    struct lus_result *r, struct lus_error *err)
{
    LUS_TRY(check_writing(command, o, err));
    r->document.command = command->name;
    int status = command->run(o, r, err);
    if (status == LUS_OK) status = lus_document_disclose(&r->document, (double)o->suppress, err);
    if (r->document.failed || r->text.failed) {
        /* what was said or done on texts that could not be had is void */
        *err = (struct lus_error)LUS_ERROR_INIT;
        status = lus_fail_memory(err);
    }
    return status == LUS_OK ? LUS_OK : lus_fail(err, (enum lus_status)status, "it failed");
}

static int copy_text(const struct lus_string *text, char **bytes, size_t *n, struct lus_error *err)
{
    *bytes = lus_alloc(text->n, 1);
    if (!*bytes) return lus_fail_memory(err);
    memcpy(*bytes, text->at, *n = text->n);
    return LUS_OK;
}

int lus_result_write(const struct lus_result *r, const struct lus_options *o, bool has_color,
                     char **bytes, size_t *n, bool *notes_apart, struct lus_error *err)
{
    const struct lus_writer *writer;
    *notes_apart = false;
    if (r->text.n) return copy_text(&r->text, bytes, n, err);
    *notes_apart = true;
    if (r->drawing) return lus_drawing_draw(r->drawing, o->output, bytes, n, err);
    LUS_TRY(lus_writer_find(o->format, &writer, err));
    *notes_apart = writer->is_one_table;
    return lus_document_write(&r->document, writer, o->table, has_color, bytes, n, err);
}
