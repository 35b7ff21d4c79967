#include <stdlib.h>
#include <string.h>

#include "relative/sums.h"
#include "support/memory.h"
#include "support/times.h"

enum { MOST_TABLE = 1 << 22 };

lus_time lus_leaves_at(const struct lus_sums_query *q, const struct lus_person *p)
{
    switch (q->leaving) {
    case LUS_LEAVES_AT_EXIT: return p->exit;
    case LUS_LEAVES_AT_LAST_DAY:
    case LUS_LEAVES_AT_CLOSING:
        if (q->leaving == LUS_LEAVES_AT_LAST_DAY && !p->is_event) return p->exit;
        return q->closing - p->date > p->exit ? q->closing - p->date : p->exit;
    case LUS_LEAVES_NEVER: break;
    }
    return LUS_TIME_MAX;
}

/* Times are many and mostly the same: on a fine grid of sixteenths of a day they are marked, not
 * sorted. */
struct time_set {
    uint8_t *marked;
    size_t n_marked;
    lus_time quantum;
    LUS_ARRAY(lus_time) others;
};

static int time_set_add(struct time_set *s, lus_time time)
{
    lus_time i = time / s->quantum;
    if (i < (lus_time)s->n_marked && i * s->quantum == time) {
        s->marked[i] = 1;
        return LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&s->others, 1));
    s->others.at[s->others.n++] = time;
    if (s->others.n > 1 << 20 && s->others.n == s->others.room) /* before it grows */
        s->others.n = lus_times_distinct(s->others.at, s->others.n);
    return LUS_OK;
}

static int time_set_list(const struct time_set *s, lus_time **times, size_t *n)
{
    size_t room = s->others.n;
    for (size_t i = 0; i < s->n_marked; i++)
        room += s->marked[i];
    lus_time *all = lus_alloc(room, sizeof *all);
    if (!all) return LUS_ENOMEM;
    *n = 0;
    for (size_t i = 0; i < s->n_marked; i++)
        if (s->marked[i]) all[(*n)++] = (lus_time)i * s->quantum;
    if (s->others.n) {
        memcpy(all + *n, s->others.at, s->others.n * sizeof *all);
        *n += s->others.n;
        *n = lus_times_distinct(all, *n);
    }
    *times = all;
    return LUS_OK;
}

/* The last exit or mark that counts; 0: there is none. */
static lus_time latest_of(const struct lus_sums_query *q, const struct lus_cohort *const *groups,
                          size_t n_groups)
{
    lus_time latest = 0;
    for (size_t i = 0; i < q->n_marks; i++)
        if (q->marks[i] > latest && q->marks[i] <= q->until) latest = q->marks[i];
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < groups[g]->n; i++) {
            struct lus_person p = lus_cohort_at(groups[g], i);
            lus_time leaves = lus_leaves_at(q, &p);
            if (leaves > latest) latest = leaves < q->until ? leaves : q->until;
        }
    return latest;
}

int lus_sums_times(const struct lus_sums_query *q, const struct lus_cohort *const *groups,
                   size_t n_groups, lus_time **times, size_t *n)
{
    struct time_set set = {.quantum = lus_unit_ticks(LUS_DAYS) / 16};
    set.n_marked = (size_t)(latest_of(q, groups, n_groups) / set.quantum) + 1;
    if (set.n_marked > MOST_TABLE) set.n_marked = MOST_TABLE;
    set.marked = lus_alloc_zeroed(set.n_marked, 1);
    int status = set.marked ? time_set_add(&set, 0) : LUS_ENOMEM;
    for (size_t i = 0; i < q->n_marks && status == LUS_OK; i++)
        if (q->marks[i] <= q->until) status = time_set_add(&set, q->marks[i]);
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < groups[g]->n && status == LUS_OK; i++) {
            struct lus_person p = lus_cohort_at(groups[g], i);
            lus_time leaves = lus_leaves_at(q, &p);
            if (leaves <= q->until) status = time_set_add(&set, leaves);
            if (status == LUS_OK && p.entry > 0 && p.entry <= q->until)
                status = time_set_add(&set, p.entry);
        }
    if (status == LUS_OK) status = time_set_list(&set, times, n);
    free(set.marked);
    LUS_ARRAY_FREE(&set.others);
    return status;
}
