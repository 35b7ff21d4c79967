#include "compare/risk_sets.h"

#include <stdlib.h>

#include "support/memory.h"
#include "support/times.h"

enum { STRETCH = 64 }; /* rows of a group in a window, at most */

static int allocate(struct lus_risk_sets *r, size_t n)
{
    r->at_risk = lus_alloc_zeroed(n, sizeof *r->at_risk);
    r->events = lus_alloc_zeroed(n, sizeof *r->events);
    r->left = lus_alloc_zeroed(n, sizeof *r->left);
    r->leaving = lus_alloc_zeroed(n, sizeof *r->leaving);
    r->next = lus_alloc_zeroed(n, sizeof *r->next);
    r->entry = lus_alloc_zeroed(n, sizeof *r->entry);
    r->runs = lus_alloc_zeroed(n + 1, sizeof *r->runs);
    r->window = lus_alloc(n * STRETCH, sizeof *r->window);
    r->other = lus_alloc(n * STRETCH, sizeof *r->other);
    r->slot_events = lus_alloc(n * STRETCH, sizeof *r->slot_events);
    r->slot_left = lus_alloc(n * STRETCH, sizeof *r->slot_left);
    bool are_had = r->at_risk && r->events && r->left && r->leaving && r->next && r->entry &&
                   r->runs;
    return are_had && r->window && r->other && r->slot_events && r->slot_left ? LUS_OK : LUS_ENOMEM;
}

/* Puts a group where it is just before a time. */
static void place(struct lus_risk_sets *r, size_t g, lus_time from)
{
    const struct lus_event_table *t = r->tables[g];
    size_t i = lus_first_from(t->time, t->n, from),
           e = lus_first_from(t->entry_time, t->n_entries, from);
    r->next[g] = i, r->entry[g] = e;
    if (i == t->n) return;
    r->at_risk[g] = t->at_risk[i];
    /* they are at risk there, and not yet here */
    for (; e < t->n_entries && t->entry_time[e] < t->time[i]; e++)
        r->at_risk[g] -= t->entered[e];
    r->n += r->at_risk[g];
    r->has_entries |= r->entry[g] < t->n_entries;
}

int lus_risk_sets_init(struct lus_risk_sets *r, const struct lus_event_table *const *tables,
                       size_t n_groups, lus_time from, lus_time to)
{
    *r = (struct lus_risk_sets){.tables = tables, .n_groups = n_groups, .last = to - 1};
    if (allocate(r, n_groups) != LUS_OK) {
        lus_risk_sets_free(r);
        return LUS_ENOMEM;
    }
    for (size_t g = 0; g < n_groups; g++)
        if (tables[g]) place(r, g, from);
    return LUS_OK;
}

void lus_risk_sets_free(struct lus_risk_sets *r)
{
    free(r->at_risk), free(r->events), free(r->left), free(r->leaving), free(r->next),
        free(r->entry), free(r->runs);
    free(r->window), free(r->other), free(r->slot_events), free(r->slot_left);
    *r = (struct lus_risk_sets){0};
}

/* The last time of the window: where the first group's next stretch ends. */
static lus_time horizon(const struct lus_risk_sets *r)
{
    lus_time last = r->last;
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        if (!t || t->n - r->next[g] <= STRETCH) continue;
        lus_time end = t->time[r->next[g] + STRETCH - 1];
        last = end < last ? end : last;
    }
    return last;
}

/* The one of two pointers, reckoned and not branched on: nobody could guess which. */
static inline const struct lus_leave *choose(const struct lus_leave *a, const struct lus_leave *b,
                                             size_t takes_b)
{
    return (const struct lus_leave *)((uintptr_t)a ^ (((uintptr_t)a ^ (uintptr_t)b) & -takes_b));
}

/* Two ascending runs into one, from both ends at once: two chains of steps that do not wait for
 * each other. */
static void merge(const struct lus_leave *a, size_t n_a, const struct lus_leave *b, size_t n_b,
                  struct lus_leave *out)
{
    const struct lus_leave *end_a = a + n_a, *end_b = b + n_b;
    struct lus_leave *end = out + n_a + n_b;
    while (end_a - a > 1 && end_b - b > 1) {
        size_t takes_b = b->time < a->time, ends_with_a = end_b[-1].time < end_a[-1].time;
        *out++ = *choose(a, b, takes_b);
        a += 1 - takes_b;
        b += takes_b;
        *--end = *choose(end_b - 1, end_a - 1, ends_with_a);
        end_a -= ends_with_a;
        end_b -= 1 - ends_with_a;
    }
    while (a < end_a && b < end_b)
        *out++ = b->time < a->time ? *b++ : *a++;
    while (a < end_a)
        *out++ = *a++;
    while (b < end_b)
        *out++ = *b++;
}

/* Merges neighbouring runs until one is left. */
static void merge_runs(struct lus_risk_sets *r, size_t n)
{
    for (; n > 1; n = (n + 1) / 2) {
        for (size_t k = 0; k < n; k += 2) {
            size_t begin = r->runs[k], middle = r->runs[k + 1],
                   end = k + 2 <= n ? r->runs[k + 2] : middle;
            merge(r->window + begin, middle - begin, r->window + middle, end - middle,
                  r->other + begin);
            r->runs[k / 2] = begin;
        }
        r->runs[(n + 1) / 2] = r->n_window;
        struct lus_leave *merged = r->other;
        r->other = r->window;
        r->window = merged;
    }
}

/* The next rows of all groups up to one time; false where there are none. */
static bool fill(struct lus_risk_sets *r)
{
    lus_time last = horizon(r);
    size_t n_runs = 0;
    r->at = r->n_window = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        size_t i = r->next[g];
        if (!t || i == t->n || t->time[i] > last) continue;
        r->runs[n_runs++] = r->n_window;
        for (; i < t->n && t->time[i] <= last; i++, r->n_window++) {
            r->window[r->n_window] = (struct lus_leave){t->time[i], (uint32_t)g,
                                                        (uint32_t)r->n_window};
            r->slot_events[r->n_window] = t->events[i];
            r->slot_left[r->n_window] = t->events[i] + t->censored[i];
        }
        r->next[g] = i;
    }
    r->runs[n_runs] = r->n_window;
    merge_runs(r, n_runs);
    return r->n_window > 0;
}

/* Late entries before the time found: at risk there. */
static void let_in(struct lus_risk_sets *r)
{
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        for (; t && r->entry[g] < t->n_entries && t->entry_time[r->entry[g]] < r->time;
             r->entry[g]++)
            r->at_risk[g] += t->entered[r->entry[g]], r->n += t->entered[r->entry[g]];
    }
}

/* Whoever left at the time before is gone. */
static inline void let_out(struct lus_risk_sets *r)
{
    for (size_t i = 0; i < r->n_leaving; i++) {
        size_t g = r->leaving[i];
        r->at_risk[g] -= r->left[g];
        r->n -= r->left[g];
        r->events[g] = 0;
    }
    r->n_leaving = 0;
}

bool lus_risk_sets_next(struct lus_risk_sets *r)
{
    do {
        let_out(r);
        if (r->at == r->n_window && !fill(r)) return false;
        r->time = r->window[r->at].time;
        r->d = 0;
        for (; r->at < r->n_window && r->window[r->at].time == r->time; r->at++) {
            size_t g = r->window[r->at].group, slot = r->window[r->at].slot;
            r->events[g] = r->slot_events[slot];
            r->left[g] = r->slot_left[slot];
            r->d += r->events[g];
            r->leaving[r->n_leaving++] = g;
        }
        if (r->has_entries) let_in(r);
    } while (!(r->d > 0));
    return true;
}
