/* lustrum report: a page from a source of Markdown with commands in it. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "support/input.h"
#include "support/path.h"

static int read_source(const char *path, struct lus_string *out, struct lus_error *err)
{
    LUS_TRY(lus_file_read(path, SIZE_MAX, out, err));
    if (out->n && strlen(out->at) != out->n)
        return lus_fail(err, LUS_EDATA, "%s: a NUL byte; a source is a text", path);
    return LUS_OK;
}

/* Paths in a source are seen from where it is; the way back is kept. */
static int enter_folder(const char *path, char **back, struct lus_error *err)
{
    const char *slash = strrchr(path, '/');
    *back = getcwd(NULL, 0);
    if (!*back) return lus_fail(err, LUS_EIO, "the current folder: %s", strerror(errno));
    if (!slash) return LUS_OK;
    char *folder = strndup(path, (size_t)(slash - path) + 1);
    if (!folder) return lus_fail_memory(err);
    int failed = chdir(folder);
    free(folder);
    return failed ? lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno)) : LUS_OK;
}

/* The root: the current folder where it holds the source, else the source's own; then what --allow
 * opens, and what comes with the program. */
static int confine(const struct lus_options *o, struct lus_report *r, struct lus_error *err)
{
    struct lus_arena *a = &r->arena;
    char **extra = NULL, real[PATH_MAX], here[PATH_MAX];
    size_t n_extra = 0, n = 0;
    if (o->allow) LUS_TRY(lus_list_split(a, o->allow, &extra, &n_extra, err));
    const char **folders = lus_arena_alloc(a, n_extra + 2, sizeof *folders);
    if (!folders) return lus_fail_memory(err);
    if (!realpath(r->path, real)) return lus_fail(err, LUS_EIO, "%s: %s", r->path, strerror(errno));
    bool is_here = getcwd(here, sizeof here) && strncmp(real, here, strlen(here)) == 0 &&
                   (here[1] == 0 || real[strlen(here)] == '/') && here[1];
    *strrchr(real, '/') = 0;
    const char *root = is_here ? here : *real ? real : "/";
    folders[n++] = lus_arena_copy(a, root, strlen(root));
    for (size_t i = 0; i < n_extra; i++) {
        if (!realpath(extra[i], real))
            return lus_fail(err, LUS_EIO, "--allow %s: %s", extra[i], strerror(errno));
        folders[n++] = lus_arena_copy(a, real, strlen(real));
    }
    if (realpath(lus_path_share(), real)) folders[n++] = lus_arena_copy(a, real, strlen(real));
    for (size_t i = 0; i < n; i++)
        if (!folders[i]) return lus_fail_memory(err);
    lus_input_confine(folders, n);
    return LUS_OK;
}

static bool ends_with(const char *path, const char *ending)
{
    size_t n = path ? strlen(path) : 0, m = strlen(ending);
    return n > m && strcmp(path + n - m, ending) == 0;
}

static int make_page(const struct lus_options *o, struct lus_string *out, struct lus_error *err)
{
    struct lus_report r = {
        .path = o->files[0], .output = o->output, .is_markdown = ends_with(o->output, ".md")};
    struct lus_string source = {0};
    char *back = NULL;
    long n_cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n_threads = o->threads > 0 ? (size_t)o->threads : n_cores > 0 ? (size_t)n_cores : 1;
    int status = read_source(r.path, &source, err);
    if (status == LUS_OK) status = lus_source_split(&r, source.at ? source.at : "", err);
    if (status == LUS_OK) status = confine(o, &r, err);
    if (status == LUS_OK) status = enter_folder(r.path, &back, err);
    if (status == LUS_OK) status = lus_report_run(&r, n_threads, err);
    if (status == LUS_OK) status = lus_report_page(&r, out, err);
    lus_input_confine(NULL, 0);
    if (back && chdir(back) != 0 && status == LUS_OK)
        status = lus_fail(err, LUS_EIO, "%s: %s", back, strerror(errno));
    if (status == LUS_OK) status = lus_report_write_images(&r, err);
    for (size_t i = 0; i < r.runs.n; i++)
        lus_run_free(&r.runs.at[i]);
    free(r.runs.at), free(r.pieces.at), free(r.images.at), free(back);
    lus_string_free(&source);
    lus_arena_free(&r.arena);
    return status;
}

/* The page becomes a PDF. */
static int print_page(struct lus_string *text, struct lus_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    LUS_TRY(lus_page_print(text->at, text->n, &bytes, &n, err));
    lus_string_free(text);
    lus_string_add(text, bytes, n);
    free(bytes);
    return LUS_OK;
}

int lus_report_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    if (o->n_files != 1) return lus_fail(err, LUS_EUSAGE, "report reads one source");
    if (o->threads == 0 || o->threads > 1024)
        return lus_fail(err, LUS_EUSAGE, "--threads is 1 to 1024");
    if (o->fresh) return lus_report_fresh(o->files[0], &r->text, err);
    LUS_TRY(make_page(o, &r->text, err));
    return ends_with(o->output, ".pdf") ? print_page(&r->text, err) : LUS_OK;
}
