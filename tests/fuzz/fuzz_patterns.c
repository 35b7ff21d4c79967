/* Rows counted by their patterns against the same rows worked out one by one: the same counts, the
 * same message. The first bytes choose block size and question, the rest is a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "people/people.h"
#include "tally/count.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADER "t,g,n,d,h\n"

static const char RECIPE[] =
    "time: {column: t}\nevent: d\nmissing: [\"\", NA]\nfactors:\n  c: {column: n, cuts: [1, 2.5, "
    "70]}\n"
    "  k: {levels: {a: 'g == h', b: 'n in (1, 7) or missing(h)', c: 'n < 30'}}\n"
    "  o: {any_of: {x: 'g == \"a\"', y: 'n >= 2', z: 'h != \"b\"'}}\n";
static const struct {
    const char *by, *where;
} QUESTIONS[] = {{"g", NULL},
                 {"g,h", "n != 3"},
                 {"c,k", NULL},
                 {"o", "missing(n) or n > 1"},
                 {NULL, "not (h == \"b\" and c == \"70+\")"},
                 {"n", "t >= 2"}};

struct reading {
    struct lus_files files;
    struct lus_plan plan;
    struct lus_counter counter;
    struct lus_error err;
    uint64_t n_rows;
    int status;
};

static int take(void *context, int thread, const struct lus_batch *batch, struct lus_error *err)
{
    struct reading *r = context;
    return lus_count_batch(&r->counter, thread, batch, err);
}

static void read_file(struct reading *r, const struct lus_query *query, bool by_patterns)
{
    const struct lus_scan alone = {.n_threads = 1};
    *r = (struct reading){.err = LUS_ERROR_INIT};
    r->status = lus_files_open(&r->files, query, &r->err);
    if (r->status == LUS_OK)
        r->status = lus_plan_make(&r->plan, &r->files.tree, query, r->files.reader.header, &r->err);
    if (r->status != LUS_OK) return;
    r->status = lus_counter_init(&r->counter, &r->plan, &r->err);
    if (!by_patterns) r->counter.fast.is_open = false;
    if (r->status == LUS_OK)
        r->status = lus_reader_scan(&r->files.reader, &alone, take, r, &r->n_rows, &r->err);
    if (r->status == LUS_OK) r->status = lus_counter_close(&r->counter, &r->err);
    for (size_t i = 0; i < r->counter.series.series.n && r->status == LUS_OK; i++)
        r->status = lus_series_settle(&r->counter.series.series.at[i], &r->counter.series.grid);
}

static void demand(bool holds, const char *what)
{
    if (holds) return;
    (void)fprintf(stderr, "%s differ\n", what);
    abort();
}

static void compare(const struct reading *a, const struct reading *b)
{
    const struct lus_intake *x = &a->counter.intake, *y = &b->counter.intake;
    demand(a->status == b->status && strcmp(a->err.message, b->err.message) == 0, "errors");
    if (a->status != LUS_OK) return;
    demand(a->n_rows == b->n_rows && x->selection.seen.zero_times == y->selection.seen.zero_times &&
               x->selection.seen.rounded_time == y->selection.seen.rounded_time,
           "rows");
    demand(memcmp(x->selection.status, y->selection.status, sizeof x->selection.status) == 0 &&
               memcmp(x->selection.bad, y->selection.bad, sizeof x->selection.bad) == 0,
           "rules");
    demand(memcmp(x->selection.no_factor, y->selection.no_factor,
                  a->plan.n_keys * sizeof *x->selection.no_factor) == 0,
           "missing factors");
    demand(x->selection.first_bad.is_set == y->selection.first_bad.is_set &&
               strcmp(x->selection.first_bad.message, y->selection.first_bad.message) == 0,
           "bad rows");
    demand(a->counter.series.series.n == b->counter.series.series.n, "groups");
    for (size_t i = 0; i < a->counter.series.series.n; i++) {
        const lus_marks *p = &a->counter.series.series.at[i].run,
                        *q = &b->counter.series.series.at[i].run;
        demand(p->n == q->n && (!p->n || memcmp(p->at, q->at, p->n * sizeof *p->at) == 0),
               "counts");
    }
}

static void end(struct reading *r)
{
    if (r->counter.intake.values.plan) lus_counter_free(&r->counter);
    lus_plan_free(&r->plan);
    lus_files_close(&r->files);
}

/* A file in memory, by a path that can be opened. */
static void keep(int *fd, char path[64], const void *first, size_t n_first, const void *rest,
                 size_t n_rest)
{
    *fd = memfd_create("fuzz", 0);
    if (*fd < 0 || write(*fd, first, n_first) != (ssize_t)n_first ||
        (n_rest && write(*fd, rest, n_rest) != (ssize_t)n_rest))
        abort();
    (void)snprintf(path, 64, "/proc/self/fd/%d", *fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char recipe[64];
    static int recipe_fd = -1;
    char file[64];
    int fd;
    if (size < 2) return 0;
    if (recipe_fd < 0) keep(&recipe_fd, recipe, RECIPE, sizeof RECIPE - 1, NULL, 0);
    keep(&fd, file, HEADER, sizeof HEADER - 1, data + 2, size - 2);
    const char *files[] = {file};
    struct lus_query query = LUS_QUERY_INIT;
    query.files = files, query.n_files = 1, query.recipe = recipe, query.n_threads = 1,
    query.drop_bad = 1;
    query.by = QUESTIONS[data[0] % 6].by, query.where = QUESTIONS[data[0] % 6].where,
    query.missing_as_level = data[0] & 64;
    query.block_bytes = 1 + (size_t)data[1] * data[1] / 8;
    struct reading patterns, in_full;
    read_file(&patterns, &query, true);
    read_file(&in_full, &query, false);
    compare(&patterns, &in_full);
    end(&patterns), end(&in_full);
    (void)close(fd);
    return 0;
}
