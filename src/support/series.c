#include "support/series.h"

#include <stdlib.h>
#include <string.h>

#include "support/times.h"

enum { RADIX_FROM = 256 }; /* below, insertion and qsort win over eight histograms */

/* Least significant byte first; bytes that are the same everywhere are passed over. */
static int radix_sort(struct lus_mark *marks, size_t n)
{
    struct lus_mark *other = lus_alloc(n, sizeof *other);
    size_t(*count)[256] = lus_alloc_zeroed(8, sizeof *count);
    if (!other || !count) {
        free(other), free(count);
        return LUS_ENOMEM;
    }
    for (size_t i = 0; i < n; i++)
        for (unsigned byte = 0; byte < 8; byte++)
            count[byte][(uint64_t)marks[i].time >> (8 * byte) & 255]++;
    struct lus_mark *from = marks, *to = other;
    for (unsigned byte = 0; byte < 8; byte++) {
        size_t *c = count[byte], at = 0;
        if (c[(uint64_t)from[0].time >> (8 * byte) & 255] == n) continue;
        for (size_t v = 0; v < 256; v++) {
            size_t here = c[v];
            c[v] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            to[c[(uint64_t)from[i].time >> (8 * byte) & 255]++] = from[i];
        struct lus_mark *swap = from;
        from = to;
        to = swap;
    }
    if (from != marks) memcpy(marks, from, n * sizeof *marks);
    free(other), free(count);
    return LUS_OK;
}

/* Times are not negative, so their bytes order as they do. */
int lus_marks_collapse(struct lus_mark *marks, size_t *n)
{
    if (!*n) return LUS_OK;
    if (*n < RADIX_FROM) qsort(marks, *n, sizeof *marks, lus_by_time);
    else LUS_TRY(radix_sort(marks, *n));
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        if (kept && marks[kept - 1].time == marks[i].time) {
            if (__builtin_add_overflow(marks[kept - 1].weight, marks[i].weight,
                                       &marks[kept - 1].weight))
                return LUS_EDATA;
        } else {
            marks[kept++] = marks[i];
        }
    }
    *n = kept;
    return LUS_OK;
}

int lus_marks_merge(const lus_marks *a, const lus_marks *b, lus_marks *out)
{
    int status = LUS_OK;
    size_t room = a->n + b->n, i = 0, j = 0, n = 0;
    struct lus_mark *merged = lus_alloc(room, sizeof *merged);
    *out = (lus_marks){0};
    if (!merged) return LUS_ENOMEM;
    while (i < a->n && j < b->n) {
        lus_time x = a->at[i].time, y = b->at[j].time;
        struct lus_mark mark = x <= y ? a->at[i] : b->at[j];
        if (x == y && __builtin_add_overflow(mark.weight, b->at[j].weight, &mark.weight))
            status = LUS_EDATA;
        i += x <= y;
        j += y <= x;
        merged[n++] = mark;
    }
    for (; i < a->n; i++)
        merged[n++] = a->at[i];
    for (; j < b->n; j++)
        merged[n++] = b->at[j];
    out->at = merged, out->n = n, out->room = room;
    return status;
}

/* Merges marks, which are ascending, into the run, and empties them. */
static int merge_into_run(struct lus_series *s, lus_marks *marks)
{
    if (!marks->n) return LUS_OK;
    if (!s->run.n) { /* they are the run */
        lus_marks empty = s->run;
        s->run = *marks;
        *marks = empty;
        return LUS_OK;
    }
    lus_marks merged;
    int status = lus_marks_merge(&s->run, marks, &merged);
    if (status == LUS_ENOMEM) return status;
    LUS_ARRAY_FREE(&s->run);
    s->run = merged;
    marks->n = 0;
    return status;
}

/* Sorts what is fresh and merges it into the run. */
static int settle_fresh(struct lus_series *s)
{
    LUS_TRY(lus_marks_collapse(s->fresh.at, &s->fresh.n));
    return merge_into_run(s, &s->fresh);
}

static int widen_dense(struct lus_series *s, size_t to)
{
    size_t n = s->n_dense ? s->n_dense : 128;
    while (n <= to)
        n *= 2;
    int64_t *dense = lus_realloc(s->dense, n, sizeof *dense);
    if (!dense) return LUS_ENOMEM;
    memset(dense + s->n_dense, 0, (n - s->n_dense) * sizeof *dense);
    s->dense = dense;
    s->n_dense = n;
    return LUS_OK;
}

int lus_series_add_slowly(struct lus_series *s, const struct lus_grid *grid, lus_time time,
                          int64_t weight)
{
    size_t step = lus_grid_step(grid, time);
    bool is_on_grid = step < LUS_GRID_STEPS && (int64_t)step * grid->step == time;
    if (is_on_grid && (s->n_dense || s->fresh.n + s->run.n >= LUS_FRESH_MARKS)) {
        if (step >= s->n_dense) LUS_TRY(widen_dense(s, step));
        return __builtin_add_overflow(s->dense[step], weight, &s->dense[step]) ? LUS_EDATA : LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&s->fresh, 1));
    s->fresh.at[s->fresh.n++] = (struct lus_mark){time, weight};
    /* When three times as many are fresh as are settled, settle them: each mark is merged a
     * logarithm of times. */
    enum { SETTLE_FROM = 1 << 17 };
    if (s->fresh.n >= SETTLE_FROM && s->fresh.n >= 3 * s->run.n) LUS_TRY(settle_fresh(s));
    return LUS_OK;
}

int lus_series_settle(struct lus_series *s, const struct lus_grid *grid)
{
    lus_marks dense = {0};
    size_t n = 0;
    LUS_TRY(settle_fresh(s));
    LUS_ARRAY_FREE(&s->fresh);
    for (size_t i = 0; i < s->n_dense; i++)
        n += s->dense[i] != 0;
    if (LUS_ARRAY_RESERVE(&dense, n) != LUS_OK) return LUS_ENOMEM;
    for (size_t i = 0; i < s->n_dense; i++)
        if (s->dense[i])
            dense.at[dense.n++] = (struct lus_mark){(int64_t)i * grid->step, s->dense[i]};
    free(s->dense);
    s->dense = NULL;
    s->n_dense = 0;
    int status = merge_into_run(s, &dense);
    LUS_ARRAY_FREE(&dense);
    return status;
}

void lus_series_free(struct lus_series *s)
{
    free(s->dense);
    LUS_ARRAY_FREE(&s->fresh);
    LUS_ARRAY_FREE(&s->run);
    *s = (struct lus_series){0};
}
