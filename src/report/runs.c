/* The commands of a report, in this process, several at once. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "present/present.h"
#include "report/report.h"
#include "support/parallel.h"

int lus_words_split(struct lus_arena *arena, const char *text, char ***words, size_t *n,
                    struct lus_error *err)
{
    size_t length = strlen(text);
    char *copy = lus_arena_alloc(arena, length + 2, 1);
    *words = lus_arena_alloc(arena, length / 2 + 2, sizeof **words);
    *n = 0;
    if (!copy || !*words) return lus_fail_memory(err);
    for (const char *c = text; *c;) {
        while (isspace((unsigned char)*c))
            c++;
        if (!*c) break;
        (*words)[(*n)++] = copy;
        while (*c && !isspace((unsigned char)*c)) {
            char quote = *c == '\'' || *c == '"' ? *c++ : 0;
            while (*c &&
                   (quote ? *c != quote : !isspace((unsigned char)*c) && *c != '\'' && *c != '"'))
                *copy++ = *c++;
            if (quote && !*c) return lus_fail(err, LUS_EUSAGE, "a quote is not closed: %s", text);
            if (quote) c++;
        }
        *copy++ = 0;
    }
    return LUS_OK;
}

/* Commands that make a table or a chart of data, and write nothing themselves. */
static int find_command(struct lus_run *run, const char *name)
{
    static const char *const allowed[] = {"describe",  "rates",     "curve",     "compare",
                                          "incidence", "cox",       "shares",    "net",
                                          "context",   "lifetable", "calibrate", "plot"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strcmp(name, allowed[i]) == 0) run->command = lus_command_find(name);
    return run->command ? LUS_OK
                        : lus_fail(&run->err, LUS_EUSAGE,
                                   "\"%s\" is no command of a report: describe, rates, curve, "
                                   "compare, incidence, cox, shares, net, context, lifetable, "
                                   "calibrate, plot",
                                   name);
}

static int parse(struct lus_run *run)
{
    char **words;
    size_t n;
    bool wants_help = false;
    LUS_TRY(lus_words_split(&run->arena, run->text, &words, &n, &run->err));
    if (!n) return lus_fail(&run->err, LUS_EUSAGE, "a command is wanted");
    LUS_TRY(find_command(run, words[0]));
    const char **files = lus_arena_alloc(&run->arena, n + 1, sizeof *files);
    if (!files) return lus_fail_memory(&run->err);
    run->options = lus_options_default;
    LUS_TRY(lus_parse_arguments(run->command, (int)n - 1, words + 1, files, &run->options,
                                &run->arena, &wants_help, &run->err));
    if (wants_help || run->options.output || run->options.keep_script || run->options.save)
        return lus_fail(&run->err, LUS_EUSAGE,
                        "a block of a report has no -o, --keep-script, --save and --help");
    run->table = run->options.table;
    run->options.format = run->options.table = NULL;
    if (run->command->run == lus_plot) run->options.output = "chart.svg";
    if (run->is_narrow) run->options.width = "360px";
    return LUS_OK;
}

/* Of a block with --table the others go. */
static int keep_table(struct lus_run *run)
{
    struct lus_document *d = &run->result.document;
    struct lus_table *kept = NULL;
    for (size_t i = 0; i < d->n_tables; i++) {
        if (!kept && strcmp(d->tables[i]->name, run->table) == 0) kept = d->tables[i];
        else lus_table_clear(d->tables[i]);
    }
    d->n_tables = kept != NULL;
    if (kept) d->tables[0] = kept;
    return kept ? LUS_OK
                : lus_fail(&run->err, LUS_EUSAGE, "there is no table \"%s\"; lustrum %s makes %s",
                           run->table, run->command->name,
                           run->command->tables ? run->command->tables : "none");
}

/* The page's piece, and the numbers behind it. */
static int write_run(struct lus_run *run, bool is_markdown)
{
    const struct lus_writer *html, *csv;
    struct lus_document *d = &run->result.document;
    LUS_TRY(lus_writer_find(is_markdown ? "markdown" : "html", &html, &run->err));
    LUS_TRY(lus_writer_find("csv", &csv, &run->err));
    if (is_markdown) d->title = NULL; /* the caption tells */
    LUS_TRY(lus_document_write(d, csv, NULL, false, &run->csv, &run->n_csv, &run->err));
    if (!run->result.drawing)
        return lus_document_write(d, html, NULL, false, &run->bytes, &run->n, &run->err);
    bool ignored;
    return lus_result_write(&run->result, &run->options, false, &run->bytes, &run->n, &ignored,
                            &run->err);
}

static int run_one(void *context, size_t i)
{
    struct lus_report *r = context;
    struct lus_run *run = &r->runs.at[i];
    run->status = parse(run);
    if (run->status == LUS_OK) run->status = lus_result_init(&run->result, &run->err);
    if (run->status == LUS_OK)
        run->status = lus_command_run(run->command, &run->options, &run->result, &run->err);
    if (run->status == LUS_OK && run->table) run->status = keep_table(run);
    if (run->status == LUS_OK) run->status = write_run(run, r->is_markdown);
    return run->status;
}

int lus_report_run(struct lus_report *r, size_t n_threads, struct lus_error *err)
{
    int status = lus_parallel(r->runs.n, n_threads, run_one, r);
    for (size_t i = 0; i < r->runs.n; i++) {
        const struct lus_run *run = &r->runs.at[i];
        if (run->status == LUS_ENOMEM) return lus_fail_memory(err);
        if (run->status != LUS_OK)
            return lus_fail(err, (enum lus_status)run->status, "%s:%zu: %s", r->path, run->line,
                            run->err.message);
    }
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

void lus_run_free(struct lus_run *run)
{
    free(run->bytes);
    free(run->csv);
    lus_result_free(&run->result);
    lus_arena_free(&run->arena);
}
