#include "tally/persons.h"

#include <stdlib.h>
#include <string.h>

#include "support/parallel.h"

enum { QUANTUM = 1000000000 }; /* ticks in a sixteenth of a day */

enum {
    MOST_TIME = (1 << 22) - 1,
    FIRST_DATE = -(1 << 23),
    MOST_DATE = (1 << 24) - 1,
    MOST_COUNT = (1 << 19) - 1
};

/* The time in sixteenths of a day above zero; false where it is none, or not within the limits. */
static bool in_quanta(lus_time time, int64_t zero, int64_t most, int64_t *out)
{
    *out = time / QUANTUM - zero;
    return time % QUANTUM == 0 && *out >= 0 && *out <= most;
}

static bool pack(const struct lus_person *p, struct lus_packed_person *out)
{
    int64_t entry, exit, age, date;
    if (!in_quanta(p->entry, 0, MOST_TIME, &entry) || !in_quanta(p->exit, 0, MOST_TIME, &exit) ||
        !in_quanta(p->age, 0, MOST_TIME, &age) ||
        !in_quanta(p->date, FIRST_DATE, MOST_DATE, &date) || p->count > MOST_COUNT)
        return false;
    out->entry = (uint64_t)entry & MOST_TIME, out->exit = (uint64_t)exit & MOST_TIME,
    out->age = (uint64_t)age & MOST_TIME;
    out->date = (uint64_t)date & MOST_DATE;
    out->count = p->count & MOST_COUNT, out->life = p->life, out->is_event = p->is_event;
    return true;
}

static struct lus_person unpack(const struct lus_packed_person *p)
{
    return (struct lus_person){(lus_time)p->entry * QUANTUM,
                               (lus_time)p->exit * QUANTUM,
                               (lus_time)p->age * QUANTUM,
                               ((lus_time)p->date + FIRST_DATE) * QUANTUM,
                               (uint32_t)p->count,
                               (uint16_t)p->life,
                               p->is_event != 0};
}

int lus_person_list_add(struct lus_person_list *list, const struct lus_person *person)
{
    struct lus_packed_person p;
    if (pack(person, &p)) {
        LUS_TRY(LUS_ARRAY_RESERVE(&list->packed, 1));
        list->packed.at[list->packed.n++] = p;
        return LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&list->wide, 1));
    list->wide.at[list->wide.n++] = *person;
    return LUS_OK;
}

void lus_person_list_free(struct lus_person_list *list)
{
    LUS_ARRAY_FREE(&list->packed);
    LUS_ARRAY_FREE(&list->wide);
}

struct lus_person lus_person_at(const struct lus_persons *persons, size_t i)
{
    if (persons->is_wide) return ((const struct lus_person *)persons->rows)[i];
    return unpack(&((const struct lus_packed_person *)persons->rows)[i]);
}

static int32_t birth_of(const struct lus_packed_person *p)
{
    return FIRST_DATE + (int32_t)p->date - (int32_t)p->age;
}

#define ORDER(a, b) \
    if ((a) != (b)) return (a) < (b) ? -1 : 1

/* By life-table column and birth, so that those who share cells of the table stand together; then
 * by all the rest. */
static int by_packed(const void *a, const void *b)
{
    const struct lus_packed_person *x = a, *y = b;
    ORDER(x->life, y->life);
    ORDER(birth_of(x), birth_of(y));
    ORDER(x->date, y->date);
    ORDER(x->exit, y->exit);
    ORDER(x->entry, y->entry);
    ORDER(x->is_event, y->is_event);
    return 0;
}

static int by_wide(const void *a, const void *b)
{
    const struct lus_person *x = a, *y = b;
    ORDER(x->life, y->life);
    ORDER(x->date - x->age, y->date - y->age);
    ORDER(x->date, y->date);
    ORDER(x->exit, y->exit);
    ORDER(x->entry, y->entry);
    ORDER(x->is_event, y->is_event);
    return 0;
}

/* --- sorting: buckets by column and birth, each sorted by itself --- */

struct sorting {
    struct lus_packed_person *rows;
    size_t *begins; /* by bucket, one more behind the last */
    size_t n_per_life, n_buckets;
    int32_t first_birth;
    int shift;
};

static size_t bucket_of(const struct sorting *s, const struct lus_packed_person *p)
{
    return p->life * s->n_per_life + ((size_t)(birth_of(p) - s->first_birth) >> s->shift);
}

static int sort_bucket(void *context, size_t i)
{
    const struct sorting *s = context;
    if (s->begins[i + 1] - s->begins[i] > 1)
        qsort(s->rows + s->begins[i], s->begins[i + 1] - s->begins[i], sizeof *s->rows, by_packed);
    return LUS_OK;
}

/* Moves the rows of all lists into their buckets. */
static int fill_buckets(struct sorting *s, struct lus_person_list *const *lists, size_t n,
                        bool consumes)
{
    size_t *next = lus_alloc_zeroed(s->n_buckets + 1, sizeof *next);
    if (!next) return LUS_ENOMEM;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < lists[k]->packed.n; i++)
            s->begins[bucket_of(s, &lists[k]->packed.at[i]) + 1]++;
    for (size_t i = 0; i < s->n_buckets; i++) {
        s->begins[i + 1] += s->begins[i];
        next[i] = s->begins[i];
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < lists[k]->packed.n; i++)
            s->rows[next[bucket_of(s, &lists[k]->packed.at[i])]++] = lists[k]->packed.at[i];
        if (consumes) lus_person_list_free(lists[k]);
    }
    free(next);
    return LUS_OK;
}

static int sort_packed(struct lus_person_list *const *lists, size_t n, size_t total, bool consumes,
                       size_t n_threads, struct lus_packed_person *rows)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    unsigned most_life = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < lists[k]->packed.n; i++) {
            const struct lus_packed_person *p = &lists[k]->packed.at[i];
            int32_t birth = birth_of(p);
            first = birth < first ? birth : first;
            last = birth > last ? birth : last;
            most_life = p->life > most_life ? (unsigned)p->life : most_life;
        }
    struct sorting s = {.rows = rows, .first_birth = first};
    while (((size_t)(last - first) >> s.shift) > total / 64 + 1)
        s.shift++;
    s.n_per_life = ((size_t)(last - first) >> s.shift) + 1;
    s.n_buckets = s.n_per_life * (most_life + 1);
    s.begins = lus_alloc_zeroed(s.n_buckets + 1, sizeof *s.begins);
    if (!s.begins) return LUS_ENOMEM;
    int status = fill_buckets(&s, lists, n, consumes);
    if (status == LUS_OK) status = lus_parallel(s.n_buckets, n_threads, sort_bucket, &s);
    free(s.begins);
    return status;
}

static int sort_wide(struct lus_person_list *const *lists, size_t n, struct lus_person *rows)
{
    size_t total = 0;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < lists[k]->packed.n; i++)
            rows[total++] = unpack(&lists[k]->packed.at[i]);
        if (lists[k]->wide.n)
            memcpy(rows + total, lists[k]->wide.at, lists[k]->wide.n * sizeof *rows);
        total += lists[k]->wide.n;
    }
    qsort(rows, total, sizeof *rows, by_wide);
    return LUS_OK;
}

/* Equal neighbours become one. Counts that would overflow stay two. */
#define COLLAPSE(type, by, most)                                                            \
    do {                                                                                    \
        type *rows = out->rows;                                                             \
        size_t kept = 0;                                                                    \
        for (size_t i = 1; i < out->n; i++) {                                               \
            if (by(&rows[kept], &rows[i]) == 0 && rows[kept].count <= (most)-rows[i].count) \
                rows[kept].count = (rows[kept].count + rows[i].count) & (most);             \
            else rows[++kept] = rows[i];                                                    \
        }                                                                                   \
        out->n = out->n ? kept + 1 : 0;                                                     \
    } while (0)

static void collapse(struct lus_persons *out)
{
    if (out->is_wide) COLLAPSE(struct lus_person, by_wide, UINT32_MAX);
    else COLLAPSE(struct lus_packed_person, by_packed, MOST_COUNT);
}

int lus_persons_gather(struct lus_person_list *const *lists, size_t n, bool consumes,
                       size_t n_threads, struct lus_persons *out)
{
    *out = (struct lus_persons){0};
    for (size_t k = 0; k < n; k++) {
        out->n += lists[k]->packed.n + lists[k]->wide.n;
        out->is_wide |= lists[k]->wide.n > 0;
    }
    if (!out->n) return LUS_OK;
    out->rows = lus_alloc(out->n, out->is_wide ? sizeof(struct lus_person)
                                               : sizeof(struct lus_packed_person));
    if (!out->rows) return LUS_ENOMEM;
    int status = out->is_wide ? sort_wide(lists, n, out->rows)
                              : sort_packed(lists, n, out->n, consumes, n_threads, out->rows);
    if (status != LUS_OK) {
        lus_persons_free(out);
        return status;
    }
    collapse(out);
    return LUS_OK;
}

int lus_persons_make(const struct lus_person *persons, size_t n, struct lus_persons *out)
{
    struct lus_person_list list = {0};
    struct lus_person_list *lists[] = {&list};
    int status = LUS_OK;
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = lus_person_list_add(&list, &persons[i]);
    if (status == LUS_OK) status = lus_persons_gather(lists, 1, true, 1, out);
    lus_person_list_free(&list);
    return status;
}

void lus_persons_free(struct lus_persons *persons)
{
    free(persons->rows);
    *persons = (struct lus_persons){0};
}
