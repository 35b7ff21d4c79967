#include "regress/collapse.h"

#include <stdlib.h>
#include <string.h>

/* Patterns: rows of one stratum of the frame with the same numbers, by a table of hashes. A key is
 * the stratum and the numbers' bits. */
struct patterns {
    const struct lus_frame *f;
    const double *const *numbers; /* of the columns that are numbers */
    size_t n_words, n, room, most;
    uint32_t *first; /* by pattern: a row that has it */
    uint64_t *keys;  /* [pattern][word] */
    uint32_t *table; /* pattern + 1, or 0 */
};

static uint64_t hash_of(const uint64_t *key, size_t n)
{
    uint64_t hash = 0x243f6a8885a308d3ULL;
    for (size_t k = 0; k < n; k++) {
        hash = (hash ^ key[k]) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 29;
    }
    return hash;
}

static void put(struct patterns *p, uint32_t pattern)
{
    size_t at = hash_of(p->keys + pattern * p->n_words, p->n_words) & (p->room - 1);
    while (p->table[at])
        at = (at + 1) & (p->room - 1);
    p->table[at] = pattern + 1;
}

static int grow(struct patterns *p)
{
    size_t room = p->room ? 2 * p->room : 4096;
    uint32_t *table = lus_alloc_zeroed(room, sizeof *table);
    uint32_t *first = lus_realloc(p->first, room, sizeof *first);
    if (first) p->first = first;
    uint64_t *keys = first ? lus_realloc(p->keys, room, p->n_words * sizeof *keys) : NULL;
    if (keys) p->keys = keys;
    if (!table || !first || !keys) {
        free(table);
        return LUS_ENOMEM;
    }
    free(p->table);
    p->table = table, p->room = room;
    for (size_t k = 0; k < p->n; k++)
        put(p, (uint32_t)k);
    return LUS_OK;
}

/* The pattern of a row; key: room for one. */
static int find(struct patterns *p, size_t row, uint64_t *key, uint32_t *out)
{
    if (2 * p->n >= p->room) LUS_TRY(grow(p));
    key[0] = p->f->stratum[row];
    for (size_t k = 1; k < p->n_words; k++) {
        double number = p->numbers[k - 1][row] + 0.0; /* -0 is 0 */
        memcpy(&key[k], &number, sizeof number);
    }
    size_t at = hash_of(key, p->n_words) & (p->room - 1), bytes = p->n_words * sizeof *key;
    while (p->table[at] && memcmp(p->keys + (p->table[at] - 1) * p->n_words, key, bytes) != 0)
        at = (at + 1) & (p->room - 1);
    if (!p->table[at]) {
        p->first[p->n] = (uint32_t)row;
        memcpy(p->keys + p->n * p->n_words, key, bytes);
        p->table[at] = (uint32_t)++p->n;
    }
    *out = p->table[at] - 1;
    return LUS_OK;
}

/* What ends a row: the event, another cause, or nothing. */
enum { LOST, OTHER, EVENT, N_ENDS };

struct collapsing {
    const struct lus_frame *f;
    const uint32_t *pattern, *order, *stratum_of;
    const bool *event;
    struct lus_collapsed *out;
    double *counts;    /* [end][pattern]: of the time at hand */
    uint32_t *touched; /* those that are not 0 */
    uint8_t *cause;    /* [end][pattern]: of somebody who ends so */
    uint32_t *row;     /* [end][pattern] */
    size_t n_patterns, n_touched;
};

static void add_row(struct collapsing *c, size_t row)
{
    uint8_t cause = c->f->cause[row];
    size_t end = !cause            ? LOST
                 : c->event[cause] ? EVENT
                                   : OTHER,
           at = end * c->n_patterns + c->pattern[row];
    if (c->counts[at]++ > 0) return;
    c->touched[c->n_touched++] = (uint32_t)at;
    c->cause[at] = cause;
    c->row[at] = (uint32_t)row;
}

/* The rows of a time and stratum, events first. */
static int emit(struct collapsing *c, lus_time exit, uint32_t stratum)
{
    LUS_TRY(LUS_ARRAY_RESERVE(&c->out->rows, c->n_touched));
    LUS_TRY(LUS_ARRAY_RESERVE(&c->out->counts, c->n_touched));
    LUS_TRY(LUS_ARRAY_RESERVE(&c->out->patterns, c->n_touched));
    for (int is_event = 1; is_event >= 0; is_event--)
        for (size_t k = 0; k < c->n_touched; k++) {
            size_t at = c->touched[k];
            if ((at / c->n_patterns == EVENT) != is_event) continue;
            c->out->rows.at[c->out->rows.n++] = (struct lus_stretch){.exit = exit,
                                                                     .source = c->row[at],
                                                                     .stratum = stratum,
                                                                     .cause = c->cause[at],
                                                                     .is_event = is_event};
            c->out->counts.at[c->out->counts.n++] = c->counts[at];
            c->out->patterns.at[c->out->patterns.n++] = (uint32_t)(at % c->n_patterns);
            c->counts[at] = 0;
        }
    c->n_touched = 0;
    return LUS_OK;
}

static int walk(struct collapsing *c)
{
    size_t n = c->f->n;
    for (size_t i = 0; i < n; i++) {
        size_t row = c->order[i];
        bool is_new = i && (c->f->exit[row] != c->f->exit[c->order[i - 1]] ||
                            c->stratum_of[c->f->stratum[row]] !=
                                c->stratum_of[c->f->stratum[c->order[i - 1]]]);
        if (is_new) {
            size_t before = c->order[i - 1];
            LUS_TRY(emit(c, c->f->exit[before], c->stratum_of[c->f->stratum[before]]));
        }
        add_row(c, row);
    }
    size_t last = c->order[n - 1];
    return emit(c, c->f->exit[last], c->stratum_of[c->f->stratum[last]]);
}

static int collapse_sorted(struct collapsing *c)
{
    size_t n = N_ENDS * c->n_patterns;
    c->counts = lus_alloc_zeroed(n, sizeof *c->counts);
    c->touched = lus_alloc(n, sizeof *c->touched);
    c->cause = lus_alloc(n, sizeof *c->cause);
    c->row = lus_alloc(n, sizeof *c->row);
    int status = c->counts && c->touched && c->cause && c->row ? walk(c) : LUS_ENOMEM;
    free(c->counts), free(c->touched), free(c->cause), free(c->row);
    return status;
}

/* The rows by stratum of the model, then by exit, the latest first. */
static int sort_rows(const struct lus_frame *f, const uint32_t *stratum_of, size_t n_strata,
                     uint32_t *out)
{
    uint32_t *falling = lus_alloc(f->n, sizeof *falling);
    size_t *begins = lus_alloc_zeroed(n_strata + 2, sizeof *begins);
    int status = falling && begins ? lus_order_falling(f->exit, f->n, falling) : LUS_ENOMEM;
    if (status == LUS_OK) {
        for (size_t i = 0; i < f->n; i++)
            begins[stratum_of[f->stratum[i]] + 1]++;
        for (size_t s = 0; s < n_strata; s++)
            begins[s + 1] += begins[s];
        for (size_t i = 0; i < f->n; i++)
            out[begins[stratum_of[f->stratum[falling[i]]]]++] = falling[i];
    }
    free(falling), free(begins);
    return status;
}

/* The pattern of each row; *are_few: there are few enough. */
static int find_patterns(struct patterns *p, uint32_t *pattern, bool *are_few)
{
    uint64_t *key = lus_alloc(p->n_words, sizeof *key);
    int status = key ? LUS_OK : LUS_ENOMEM;
    *are_few = true;
    for (size_t i = 0; i < p->f->n && status == LUS_OK && *are_few; i++) {
        status = find(p, i, key, &pattern[i]);
        *are_few = p->n <= p->most;
    }
    free(key);
    return status;
}

int lus_collapse(const struct lus_frame *f, const uint32_t *stratum_of, size_t n_strata,
                 const bool *event, struct lus_collapsed *out, bool *is_worth)
{
    enum { FEW_ROWS = 4096, SHARE = 8 };
    const double **numbers = lus_alloc(f->n_columns + 1, sizeof *numbers);
    struct patterns p = {.f = f, .numbers = numbers, .most = f->n / SHARE, .n_words = 1};
    *out = (struct lus_collapsed){0};
    *is_worth = false;
    if (!numbers) return LUS_ENOMEM;
    for (size_t k = 0; k < f->n_columns; k++)
        if (f->columns[k].is_number) numbers[p.n_words++ - 1] = f->columns[k].numbers;
    uint32_t *pattern = NULL, *order = NULL;
    int status = LUS_OK;
    if (f->n > FEW_ROWS && !f->entry && !f->weight && !f->person) {
        pattern = lus_alloc(f->n, sizeof *pattern), order = lus_alloc(f->n, sizeof *order);
        status = pattern && order ? find_patterns(&p, pattern, is_worth) : LUS_ENOMEM;
    }
    if (status == LUS_OK && *is_worth) status = sort_rows(f, stratum_of, n_strata, order);
    if (status == LUS_OK && *is_worth) {
        struct collapsing c = {.f = f,
                               .pattern = pattern,
                               .order = order,
                               .stratum_of = stratum_of,
                               .event = event,
                               .out = out,
                               .n_patterns = p.n};
        status = collapse_sorted(&c);
        out->first_of_pattern = p.first, out->n_patterns = p.n;
        p.first = NULL;
    }
    free(numbers), free(pattern), free(order), free(p.first), free(p.keys), free(p.table);
    return status;
}

void lus_collapsed_free(struct lus_collapsed *c)
{
    LUS_ARRAY_FREE(&c->rows);
    LUS_ARRAY_FREE(&c->counts);
    LUS_ARRAY_FREE(&c->patterns);
    free(c->first_of_pattern);
}
