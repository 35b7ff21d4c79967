#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "recipe/plan.h"
#include "support/output.h"

static int exit_code(int status)
{
    switch (status) {
    case LUS_OK: return LUS_EXIT_OK;
    case LUS_EUSAGE: return LUS_EXIT_USAGE;
    case LUS_EDATA: return LUS_EXIT_DATA;
    default: return LUS_EXIT_FAILED;
    }
}

/* Progress: a line that rewrites itself, at most ten times a second. */
struct progress {
    struct timespec start, last;
    bool is_shown, always;
};

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + 1e-9 * (double)(b->tv_nsec - a->tv_nsec);
}

static void show_progress(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows)
{
    struct progress *p = context;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    double elapsed = seconds_between(&p->start, &now);
    if ((!p->always && elapsed < 0.5) || (p->is_shown && seconds_between(&p->last, &now) < 0.1))
        return;
    p->last = now;
    p->is_shown = true;
    if (of_bytes > bytes && bytes)
        (void)fprintf(stderr, "\r%.0f of %.0f MB, %llu rows, %.0f s left \x1b[K",
                      (double)bytes / 1e6, (double)of_bytes / 1e6, (unsigned long long)rows,
                      elapsed * (double)(of_bytes - bytes) / (double)bytes);
    else
        (void)fprintf(stderr, "\r%.0f MB, %llu rows \x1b[K", (double)bytes / 1e6,
                      (unsigned long long)rows);
}

static void end_progress(const struct progress *p)
{
    if (p->is_shown) (void)fprintf(stderr, "\r\x1b[K");
}

static int write_out(const char *path, const char *bytes, size_t n, struct lus_error *err)
{
    if (path) return lus_output_write(path, bytes, n, err);
    if (fwrite(bytes, 1, n, stdout) != n || fflush(stdout) != 0) /* a full disk */
        return lus_fail(err, LUS_EIO, "standard output: %s", strerror(errno));
    return LUS_OK;
}

static int write_result(const struct lus_options *o, const struct lus_result *r,
                        struct lus_error *err)
{
    enum lus_format_name format = LUS_FORMAT_TEXT;
    char *bytes;
    size_t n;
    if (r->text.n) return write_out(o->output, r->text.at, r->text.n, err);
    if (r->drawing) {
        LUS_TRY(lus_drawing_draw(r->drawing, o->output, &bytes, &n, err));
    } else if (r->chart) {
        LUS_TRY(lus_chart_draw(r->chart, o->output, &bytes, &n, err));
    } else {
        if (o->format) LUS_TRY(lus_format_parse(o->format, &format, err));
        bool has_color = !o->no_color && !getenv("NO_COLOR") && !o->output && isatty(STDOUT_FILENO);
        LUS_TRY(lus_document_write(&r->document, format, o->table, has_color, &bytes, &n, err));
    }
    int status = write_out(o->output, bytes, n, err);
    free(bytes);
    bool notes_apart = r->chart || r->drawing || lus_format_is_one_table(format);
    for (size_t i = 0; status == LUS_OK && notes_apart && !o->quiet && i < r->document.n_notes; i++)
        (void)fprintf(stderr, "lustrum: note: %s\n", r->document.notes[i].text);
    return status;
}

/* Whether two paths are one file. */
static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

/* Whether the output is the recipe that is read, named or found beside a file. */
static bool is_its_recipe(const struct lus_options *o, const char *file)
{
    struct lus_arena arena = {0};
    const char *recipe = o->recipe ? o->recipe : lus_recipe_beside(&arena, file);
    bool is_same = recipe && same_file(o->output, recipe);
    lus_arena_free(&arena);
    return is_same;
}

static int check_writing(const struct lus_options *o, struct lus_error *err)
{
    for (size_t i = 0; o->output && i < o->n_files; i++)
        if (same_file(o->output, o->files[i]) || is_its_recipe(o, o->files[i]))
            return lus_fail(err, LUS_EUSAGE, "-o %s would replace a file that is read", o->output);
    enum lus_format_name format = LUS_FORMAT_TEXT;
    if (o->format) LUS_TRY(lus_format_parse(o->format, &format, err));
    if (o->table && !lus_format_is_one_table(format))
        return lus_fail(err, LUS_EUSAGE, "--table goes with --format csv or tsv");
    return LUS_OK;
}

int lus_run_command(const struct lus_command *command, int argc, char **argv)
{
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_options options = lus_options_default;
    struct lus_result result = {0};
    bool wants_help = false;
    const char **files = lus_alloc_zeroed((size_t)argc + 1, sizeof *files);
    int status = files && lus_document_init(&result.document) == LUS_OK ? LUS_OK : LUS_ENOMEM;
    if (status != LUS_OK) (void)lus_fail(&err, LUS_ENOMEM, "out of memory");
    if (status == LUS_OK)
        status = lus_parse_arguments(command, argc, argv, files, &options, &wants_help, &err);
    if (status == LUS_OK && wants_help) {
        struct lus_string help = {0};
        lus_print_help(&help, command);
        status = write_out(NULL, help.at, help.n, &err);
        lus_string_free(&help);
    } else if (status == LUS_OK) {
        struct progress progress = {.always = options.progress};
        (void)clock_gettime(CLOCK_MONOTONIC, &progress.start);
        if (!options.quiet && (options.progress || isatty(STDERR_FILENO))) {
            options.on_progress = show_progress;
            options.progress_context = &progress;
        }
        status = check_writing(&options, &err);
        if (status == LUS_OK) status = command->run(&options, &result, &err);
        if (status == LUS_OK)
            status = lus_document_disclose(&result.document, (double)options.suppress, &err);
        end_progress(&progress);
        if (status == LUS_OK) status = write_result(&options, &result, &err);
    }
    if (status != LUS_OK)
        (void)fprintf(stderr, "lustrum: %s\n",
                      *err.message ? err.message : "it failed without saying why");
    lus_string_free(&result.text);
    lus_chart_free(result.chart);
    lus_drawing_free(result.drawing);
    lus_document_free(&result.document);
    free(files);
    return exit_code(status);
}
