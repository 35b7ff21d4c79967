#include "tally/event_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cohort/cohort.h"
#include "support/times.h"

typedef __int128 sum128;

static sum128 sum_of(const lus_marks *marks)
{
    sum128 sum = 0;
    for (size_t i = 0; i < marks->n; i++)
        sum += marks->at[i].weight; /* fewer than 2^64 numbers below 2^63: 128 bits hold them */
    return sum;
}

static int allocate(struct lus_event_table *t, size_t n, size_t n_entries)
{
    t->time = lus_alloc(n, sizeof *t->time);
    t->events = lus_alloc(n, sizeof *t->events);
    t->censored = lus_alloc(n, sizeof *t->censored);
    t->at_risk = lus_alloc(n, sizeof *t->at_risk);
    t->entry_time = lus_alloc(n_entries, sizeof *t->entry_time);
    t->entered = lus_alloc(n_entries, sizeof *t->entered);
    return t->time && t->events && t->censored && t->at_risk && t->entry_time && t->entered
               ? LUS_OK
               : LUS_ENOMEM;
}

/* Without a call to the library where 64 bits do. */
static inline double as_double(sum128 x)
{
    return x == (int64_t)x ? (double)(int64_t)x : (double)x;
}

/* The rows of a table: at each time of exit who leaves, and who is at risk just before. Which list
 * comes first is not branched on: nobody could guess it. one is a constant to the compiler where it
 * is 1. */
static inline __attribute__((always_inline)) void add_rows(struct lus_event_table *t,
                                                           const lus_marks *events,
                                                           const lus_marks *censored,
                                                           const lus_marks *late, sum128 inside,
                                                           const double one)
{
    static const struct lus_mark nobody = {LUS_TIME_MAX, 0};
    size_t e = 0, c = 0, l = 0, n = 0;
    while (e < events->n || c < censored->n) {
        struct lus_mark dead = e < events->n ? events->at[e] : nobody,
                        left = c < censored->n ? censored->at[c] : nobody;
        lus_time time = dead.time < left.time ? dead.time : left.time;
        int64_t is_dead = dead.time == time, has_left = left.time == time;
        for (; l < late->n && late->at[l].time < time; l++) /* entry < t */
            inside += late->at[l].weight;
        dead.weight &= -is_dead, left.weight &= -has_left;
        t->time[n] = time;
        t->events[n] = (double)dead.weight / one;
        t->censored[n] = (double)left.weight / one;
        t->at_risk[n++] = as_double(inside) / one;
        inside -= (sum128)dead.weight + left.weight;
        e += (size_t)is_dead, c += (size_t)has_left;
    }
    t->n = n;
}

int lus_event_table_build(const lus_marks *events, const lus_marks *censored, const lus_marks *late,
                          double one, struct lus_event_table *out)
{
    struct lus_event_table t = {0};
    if (allocate(&t, events->n + censored->n, late->n) != LUS_OK) {
        lus_event_table_free(&t);
        return LUS_ENOMEM;
    }
    sum128 total = sum_of(events) + sum_of(censored), at_zero = total - sum_of(late);
    if (one == 1) add_rows(&t, events, censored, late, at_zero, 1);
    else add_rows(&t, events, censored, late, at_zero, one);
    for (size_t i = 0; i < late->n; i++) {
        t.entry_time[i] = late->at[i].time;
        t.entered[i] = (double)late->at[i].weight / one;
    }
    t.n_entries = late->n;
    t.entered_at_zero = (double)at_zero / one;
    t.total = (double)total / one;
    t.total_events = (double)sum_of(events) / one;
    t.first_entry = at_zero > 0 || !late->n ? 0 : late->at[0].time;
    t.last_exit = t.n ? t.time[t.n - 1] : 0;
    *out = t;
    return LUS_OK;
}

void lus_event_table_free(struct lus_event_table *t)
{
    free(t->time), free(t->events), free(t->censored), free(t->at_risk);
    free(t->entry_time), free(t->entered);
    lus_cohort_free(&t->rows);
    *t = (struct lus_event_table){0};
}

double lus_at_risk(const struct lus_event_table *t, lus_time at)
{
    size_t row = lus_first_from(t->time, t->n, at);
    if (row == t->n) return 0;
    double later = 0; /* entered in [at, time[row]): at risk there, not here */
    for (size_t i = lus_first_from(t->entry_time, t->n_entries, at);
         i < t->n_entries && t->entry_time[i] < t->time[row]; i++)
        later += t->entered[i];
    if (at == 0 && t->time[row] > 0) return t->entered_at_zero;
    return t->at_risk[row] - later;
}

static int append(lus_marks *marks, lus_time time, double weight)
{
    int64_t amount = (int64_t)llround(weight * 1e9);
    if (amount == 0) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(marks, 1));
    marks->at[marks->n++] = (struct lus_mark){time, amount};
    return LUS_OK;
}

/* Three lists of marks to a table; takes the lists over. */
static int finish(lus_marks lists[3], struct lus_event_table *out)
{
    int status = LUS_OK;
    for (size_t i = 0; i < 3 && status == LUS_OK; i++)
        status = lus_marks_collapse(lists[i].at, &lists[i].n);
    if (status == LUS_OK) status = lus_event_table_build(&lists[0], &lists[1], &lists[2], 1e9, out);
    for (size_t i = 0; i < 3; i++)
        LUS_ARRAY_FREE(&lists[i]);
    return status;
}

/* The rows of n tables as one cohort. */
static int join_rows(const struct lus_event_table *const *tables, size_t n, struct lus_cohort *out)
{
    const struct lus_cohort **rows = lus_alloc(n, sizeof *rows);
    if (!rows) return LUS_ENOMEM;
    for (size_t k = 0; k < n; k++)
        rows[k] = &tables[k]->rows;
    int status = lus_cohort_join(rows, n, out);
    free(rows);
    return status;
}

int lus_event_table_sum(const struct lus_event_table *const *tables, size_t n,
                        struct lus_event_table *out)
{
    lus_marks lists[3] = {0};
    int status = LUS_OK;
    *out = (struct lus_event_table){0};
    for (size_t k = 0; k < n && status == LUS_OK; k++) {
        const struct lus_event_table *t = tables[k];
        for (size_t i = 0; i < t->n && status == LUS_OK; i++) {
            status = append(&lists[0], t->time[i], t->events[i]);
            if (status == LUS_OK) status = append(&lists[1], t->time[i], t->censored[i]);
        }
        for (size_t i = 0; i < t->n_entries && status == LUS_OK; i++)
            status = append(&lists[2], t->entry_time[i], t->entered[i]);
    }
    struct lus_event_table sum = {0};
    int built = finish(lists, &sum);
    if (status == LUS_OK) status = built;
    if (status == LUS_OK) status = join_rows(tables, n, &sum.rows);
    if (status != LUS_OK) {
        lus_event_table_free(&sum);
        return status;
    }
    *out = sum;
    return LUS_OK;
}

/* --- weighted --- */

/* So many people alike, by a factor; a count that 32 bits do not hold is several rows. */
static int add_weighed(struct lus_cohort_list *list, lus_marks lists[3], struct lus_person row,
                       double n)
{
    enum { MOST = 1 << 30 };
    double weight = (double)row.weight / 1e9;
    if (!row.weight || !(n > 0)) return LUS_OK;
    LUS_TRY(append(&lists[row.is_event ? 0 : 1], row.exit, n * weight));
    if (row.entry > 0) LUS_TRY(append(&lists[2], row.entry, n * weight));
    for (; n > 0; n -= row.count) {
        row.count = n < MOST ? (uint32_t)llround(n) : MOST;
        if (!row.count) break;
        LUS_TRY(lus_cohort_list_add(list, &row));
    }
    return LUS_OK;
}

/* The people of one table: its rows, or what its counts say, where nobody enters late. */
static int weigh_table(const struct lus_event_table *t, double factor, struct lus_cohort_list *list,
                       lus_marks lists[3])
{
    if (!t->rows.n && t->n_entries) return LUS_EUSAGE;
    for (size_t i = 0; i < t->rows.n; i++) {
        struct lus_person row = lus_cohort_at(&t->rows, i);
        double n = row.count;
        row.weight = llround((double)row.weight * factor);
        LUS_TRY(add_weighed(list, lists, row, n));
    }
    for (size_t i = 0; i < t->n && !t->rows.n; i++) {
        struct lus_person row = {.exit = t->time[i], .weight = llround(factor * 1e9)};
        LUS_TRY(add_weighed(list, lists, row, t->censored[i]));
        row.is_event = true;
        LUS_TRY(add_weighed(list, lists, row, t->events[i]));
    }
    return LUS_OK;
}

int lus_event_table_weigh(const struct lus_event_table *const *tables, const double *weights,
                          size_t n, struct lus_event_table *out)
{
    struct lus_cohort_list list = {0}, *all[] = {&list};
    lus_marks lists[3] = {0};
    int status = LUS_OK;
    *out = (struct lus_event_table){0};
    for (size_t k = 0; k < n && status == LUS_OK; k++)
        status = weigh_table(tables[k], weights[k], &list, lists);
    int built = finish(lists, out);
    if (status == LUS_OK) status = built;
    if (status == LUS_OK) status = lus_cohort_gather(all, 1, true, 1, &out->rows);
    lus_cohort_list_free(&list);
    if (status != LUS_OK) lus_event_table_free(out);
    return status;
}

/* Those who leave after `given`, entered then at the earliest. */
static int rows_given(const struct lus_cohort *rows, lus_time given, struct lus_cohort *out)
{
    struct lus_cohort_list list = {0};
    struct lus_cohort_list *lists[] = {&list};
    int status = LUS_OK;
    for (size_t i = 0; i < rows->n && status == LUS_OK; i++) {
        struct lus_person row = lus_cohort_at(rows, i);
        if (row.exit <= given) continue;
        if (row.entry < given) row.entry = given;
        status = lus_cohort_list_add(&list, &row);
    }
    if (status == LUS_OK) status = lus_cohort_gather(lists, 1, true, 1, out);
    lus_cohort_list_free(&list);
    return status;
}

int lus_event_table_given(const struct lus_event_table *t, lus_time given,
                          struct lus_event_table *out)
{
    lus_marks lists[3] = {0};
    int status = LUS_OK;
    *out = (struct lus_event_table){0};
    for (size_t i = 0; i < t->n && status == LUS_OK; i++) {
        if (t->time[i] <= given) continue;
        status = append(&lists[0], t->time[i], t->events[i]);
        if (status == LUS_OK) status = append(&lists[1], t->time[i], t->censored[i]);
    }
    for (size_t i = 0; i < t->n_entries && status == LUS_OK; i++) {
        if (t->entry_time[i] > given) status = append(&lists[2], t->entry_time[i], t->entered[i]);
    }
    struct lus_event_table table = {0};
    int built = finish(lists, &table);
    if (status == LUS_OK) status = built;
    if (status == LUS_OK) status = rows_given(&t->rows, given, &table.rows);
    if (status != LUS_OK) {
        lus_event_table_free(&table);
        return status;
    }
    *out = table;
    return LUS_OK;
}

int lus_event_table_make(const lus_time *exit, const unsigned char *event, const lus_time *entry,
                         const double *weight, size_t n, struct lus_event_table *out)
{
    lus_marks lists[3] = {0};
    int status = LUS_OK;
    bool is_whole = true;
    *out = (struct lus_event_table){0};
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        double w = weight ? weight[i] : 1;
        is_whole = is_whole && w == floor(w);
        if (exit[i] < 0 || w < 0 || !(w < 9e9) || (entry && (entry[i] < 0 || entry[i] >= exit[i])))
            status = LUS_EUSAGE;
        if (status == LUS_OK) status = append(&lists[event[i] ? 0 : 1], exit[i], w);
        if (status == LUS_OK && entry && entry[i] > 0) status = append(&lists[2], entry[i], w);
    }
    int built = finish(lists, out);
    if (status == LUS_OK) status = built;
    struct lus_cohort_list list = {0};
    struct lus_cohort_list *rows[] = {&list};
    for (size_t i = 0; i < n && !is_whole && status == LUS_OK; i++) {
        struct lus_person row = {.entry = entry ? entry[i] : 0,
                                 .exit = exit[i],
                                 .count = 1,
                                 .is_event = event[i] != 0,
                                 .cause = event[i],
                                 .weight = llround(weight[i] * 1e9)};
        if (row.weight) status = lus_cohort_list_add(&list, &row);
    }
    if (status == LUS_OK) status = lus_cohort_gather(rows, 1, true, 1, &out->rows);
    lus_cohort_list_free(&list);
    if (status != LUS_OK) lus_event_table_free(out);
    return status;
}
