/* A command by its words, for other programs. */
#include "lustrum/call.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "support/input.h"

struct lus_called {
    struct lus_arena arena; /* of the words */
    struct lus_options options;
    struct lus_result result;
    struct lus_error err;
    char *json;
    int status;
};

/* The words, which parsing may write into, with their NULL. */
static char **copy_words(struct lus_arena *arena, size_t n, const char *const *words)
{
    char **out = lus_arena_alloc(arena, n + 1, sizeof *out);
    for (size_t i = 0; out && i < n; i++)
        if (!(out[i] = lus_arena_copy(arena, words[i], strlen(words[i])))) return NULL;
    if (out) out[n] = NULL;
    return out;
}

static int parse(struct lus_called *c, size_t n, const char *const *words,
                 const struct lus_command **command)
{
    bool wants_help = false;
    if (!n) return lus_fail(&c->err, LUS_EUSAGE, "a command is wanted, as \"rates\"");
    *command = lus_command_find(words[0]);
    if (!*command) return lus_fail(&c->err, LUS_EUSAGE, "no command \"%s\"", words[0]);
    char **copies = copy_words(&c->arena, n, words);
    const char **files = lus_arena_alloc(&c->arena, n + 1, sizeof *files);
    if (!copies || !files) return lus_fail_memory(&c->err);
    c->options = lus_options_default;
    LUS_TRY(lus_parse_arguments(*command, (int)n - 1, copies + 1, files, &c->options, &c->arena,
                                &wants_help, &c->err));
    return wants_help ? lus_fail(&c->err, LUS_EUSAGE, "--help: man lustrum-%s", words[0]) : LUS_OK;
}

/* What -o asks for. */
static int write_output(struct lus_called *c)
{
    bool notes_apart;
    char *bytes;
    size_t n;
    const char *path = c->options.output;
    if (!path) return LUS_OK;
    LUS_TRY(lus_result_write(&c->result, &c->options, false, &bytes, &n, &notes_apart, &c->err));
    int status = lus_result_put(path, bytes, n, &c->err);
    free(bytes);
    return status;
}

struct lus_called *lus_call(size_t n, const char *const *words)
{
    struct lus_called *c = lus_alloc_zeroed(1, sizeof *c);
    const struct lus_command *command = NULL;
    if (!c) return NULL;
    (void)gsl_set_error_handler_off();
    lus_input_forget();
    c->err = (struct lus_error)LUS_ERROR_INIT;
    c->status = lus_result_init(&c->result, &c->err);
    if (c->status == LUS_OK) c->status = parse(c, n, words, &command);
    if (c->status == LUS_OK) c->status = lus_command_run(command, &c->options, &c->result, &c->err);
    if (c->status == LUS_OK) c->status = write_output(c);
    return c;
}

int lus_called_status(const struct lus_called *c)
{
    return c->status;
}

const char *lus_called_message(const struct lus_called *c)
{
    return c->status == LUS_OK ? "" : c->err.message;
}

const struct lus_document *lus_called_document(const struct lus_called *c)
{
    return &c->result.document;
}

const char *lus_called_text(const struct lus_called *c)
{
    return c->result.text.at ? c->result.text.at : "";
}

const char *lus_called_json(struct lus_called *c)
{
    const struct lus_writer *json;
    char *bytes;
    size_t n;
    if (c->json || c->status != LUS_OK) return c->json;
    if (lus_writer_find("json", &json, &c->err) != LUS_OK ||
        lus_document_write(&c->result.document, json, NULL, false, &bytes, &n, &c->err) != LUS_OK)
        return NULL;
    c->json = lus_realloc(bytes, n + 1, 1);
    if (!c->json) free(bytes);
    else c->json[n] = 0;
    return c->json;
}

void lus_called_free(struct lus_called *c)
{
    if (!c) return;
    lus_result_free(&c->result);
    lus_arena_free(&c->arena);
    free(c->json);
    free(c);
}
