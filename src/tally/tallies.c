/* Files of tallies: read whole, and added up. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/input.h"
#include "tally/stored.h"

static int fail_read(const char *name, struct lus_error *err)
{
    return lus_fail(err, LUS_EIO, "%s: %s", name, strerror(errno));
}

static int open_file(const char *path, int *fd, struct lus_error *err)
{
    *fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0) return fail_read(path, err);
    int status = lus_input_remember(*fd, path, err);
    if (status != LUS_OK) (void)close(*fd);
    return status;
}

static int read_all(int fd, const char *name, struct lus_string *out, struct lus_error *err)
{
    enum { PIECE = 1 << 16 };
    char piece[PIECE];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_read(name, err);
        if (!got) return LUS_OK;
        lus_string_add(out, piece, (size_t)got);
        if (out->failed) return lus_fail_memory(err);
    }
}

/* Whether a source with a hash, or all of the counts, come again in what was added before. */
static int check_again(const struct lus_tally *sum, const struct lus_tally *next,
                       struct lus_error *err)
{
    for (size_t i = 0; i < sum->n_files; i++)
        for (size_t k = 0; k < next->n_files; k++)
            if (*sum->files[i].sha256 && strcmp(sum->files[i].sha256, next->files[k].sha256) == 0)
                return lus_fail(
                    err, LUS_EDATA,
                    "%s: the rows of %s (SHA-256 %.12s) are counted in an earlier tally "
                    "already, and would count twice",
                    next->file, next->files[k].name, next->files[k].sha256);
    for (size_t i = 0; i < sum->memory->n_parts; i++)
        for (size_t k = 0; k < next->memory->n_parts && next->n_rows; k++)
            if (strcmp(sum->memory->parts[i], next->memory->parts[k]) == 0)
                return lus_fail(
                    err, LUS_EDATA,
                    "%s: the same counts are in an earlier tally, as of a part that was "
                    "run twice; --part NAME tells parts apart that are alike",
                    next->file);
    return LUS_OK;
}

static int add_parts(struct lus_tally *sum, const struct lus_tally *next)
{
    struct lus_tally_memory *m = sum->memory;
    size_t n = m->n_parts + next->memory->n_parts;
    const char **parts = lus_arena_alloc(&m->arena, n + 1, sizeof *parts);
    if (!parts) return LUS_ENOMEM;
    if (m->n_parts) memcpy(parts, m->parts, m->n_parts * sizeof *parts);
    for (size_t i = 0; i < next->memory->n_parts; i++) {
        const char *part = next->memory->parts[i];
        if (!(parts[m->n_parts + i] = lus_arena_copy(&m->arena, part, strlen(part))))
            return LUS_ENOMEM;
    }
    m->parts = parts, m->n_parts = n;
    return LUS_OK;
}

static int add_files(struct lus_tally *sum, const struct lus_tally *next)
{
    struct lus_arena *arena = &sum->memory->arena;
    size_t n = sum->n_files + next->n_files;
    struct lus_tally_file *files = lus_arena_alloc(arena, n + 1, sizeof *files);
    if (!files) return LUS_ENOMEM;
    if (sum->n_files) memcpy(files, sum->files, sum->n_files * sizeof *files);
    for (size_t i = 0; i < next->n_files; i++) {
        const struct lus_tally_file *f = &next->files[i];
        files[sum->n_files + i] = (struct lus_tally_file){
            lus_arena_copy(arena, f->name, strlen(f->name)),
            lus_arena_copy(arena, f->sha256, strlen(f->sha256))};
        if (!files[sum->n_files + i].name || !files[sum->n_files + i].sha256) return LUS_ENOMEM;
    }
    sum->files = files, sum->n_files = n;
    return LUS_OK;
}

static int add(struct lus_tally *sum, struct lus_tally *next, struct lus_error *err)
{
    if (!sum->memory) {
        *sum = *next;
        *next = (struct lus_tally){0};
        return LUS_OK;
    }
    struct lus_error said = LUS_ERROR_INIT;
    LUS_TRY(check_again(sum, next, err));
    int status = lus_tally_merge(sum, next, &said);
    if (status == LUS_OK && (add_files(sum, next) != LUS_OK || add_parts(sum, next) != LUS_OK))
        status = LUS_ENOMEM;
    if (status == LUS_OK) return LUS_OK;
    if (status == LUS_ENOMEM) return lus_fail_memory(err);
    return lus_fail(err, status, "%s: %s", next->file, said.message);
}

static int read_file(const char *path, size_t n_threads, struct lus_tally *sum,
                     struct lus_error *err)
{
    struct lus_string all = {0};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    int fd, status = open_file(path, &fd, err);
    if (status != LUS_OK) return status;
    status = read_all(fd, name, &all, err);
    (void)close(fd);
    for (size_t at = 0; status == LUS_OK && (at < all.n || !all.n);) {
        struct lus_tally next = {0};
        status = lus_tally_take(&all, &at, name, &next, err);
        next.n_threads = n_threads;
        if (status == LUS_OK) status = add(sum, &next, err);
        lus_tally_free(&next);
        if (!all.n) break;
    }
    lus_string_free(&all);
    return status;
}

int lus_tallies_read(const char *const *paths, size_t n, size_t n_threads, struct lus_tally *out,
                     struct lus_error *err)
{
    int status = LUS_OK;
    *out = (struct lus_tally){0};
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = read_file(paths[i], n_threads, out, err);
    if (status != LUS_OK) lus_tally_free(out);
    return status;
}

int lus_tally_file_read(const char *const *paths, size_t n, struct lus_tally *out,
                        struct lus_error *err)
{
    return lus_tallies_read(paths, n, 1, out, err);
}
