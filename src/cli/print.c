/* A command with all that it prints: help, what it made, notes, progress, errors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

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
    if (path) return lus_result_put(path, bytes, n, err);
    if (fwrite(bytes, 1, n, stdout) != n || fflush(stdout) != 0) /* a full disk */
        return lus_fail(err, LUS_EIO, "standard output: %s", strerror(errno));
    return LUS_OK;
}

/* Columns of the terminal, or as COLUMNS says; 0: nobody knows. */
static size_t text_width(const struct lus_options *o)
{
    enum { LEAST = 40 };
    struct winsize size;
    const char *said = getenv("COLUMNS");
    long columns = 0;
    if (!o->output && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    else if (!o->output && said) columns = strtol(said, NULL, 10);
    return columns >= LEAST && columns < 10000 ? (size_t)columns : 0;
}

static int write_result(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    char *bytes;
    size_t n;
    bool notes_apart,
        has_color = !o->no_color && !getenv("NO_COLOR") && !o->output && isatty(STDOUT_FILENO);
    r->document.width = text_width(o);
    LUS_TRY(lus_result_write(r, o, has_color, &bytes, &n, &notes_apart, err));
    int status = write_out(o->output, bytes, n, err);
    free(bytes);
    for (size_t i = 0; status == LUS_OK && notes_apart && !o->quiet && i < r->document.n_notes; i++)
        (void)fprintf(stderr, "lustrum: note: %s\n", r->document.notes[i].text);
    return status;
}

static int print_help(const struct lus_command *command, struct lus_error *err)
{
    struct lus_string help = {0};
    lus_print_help(&help, command);
    int status = help.failed ? lus_fail_memory(err) : write_out(NULL, help.at, help.n, err);
    lus_string_free(&help);
    return status;
}

static int run(const struct lus_command *command, struct lus_options *o, struct lus_error *err)
{
    struct lus_result result;
    struct progress progress = {.always = o->progress};
    (void)clock_gettime(CLOCK_MONOTONIC, &progress.start);
    if (!o->quiet && (o->progress || isatty(STDERR_FILENO)))
        o->on_progress = show_progress, o->progress_context = &progress;
    int status = lus_result_init(&result, err);
    if (status == LUS_OK) status = lus_command_run(command, o, &result, err);
    end_progress(&progress);
    if (status == LUS_OK) status = write_result(o, &result, err);
    lus_result_free(&result);
    return status;
}

int lus_print_command(const struct lus_command *command, int argc, char **argv)
{
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_options options = lus_options_default;
    struct lus_arena arena = {0};
    bool wants_help = false;
    const char **files = lus_alloc_zeroed((size_t)argc + 1, sizeof *files);
    int status = files ? lus_parse_arguments(command, argc, argv, files, &options, &arena,
                                             &wants_help, &err)
                       : lus_fail_memory(&err);
    if (status == LUS_OK)
        status = wants_help ? print_help(command, &err) : run(command, &options, &err);
    if (status != LUS_OK) (void)fprintf(stderr, "lustrum: %s\n", err.message);
    free(files);
    lus_arena_free(&arena);
    return exit_code(status);
}
