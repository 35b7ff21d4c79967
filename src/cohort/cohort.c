#include "cohort/list.h"

#include <stdlib.h>
#include <string.h>

#include "support/parallel.h"

enum { QUANTUM = 1000000000 }; /* ticks in a sixteenth of a day */

enum {
    MOST_TIME = (1 << 22) - 1,
    FIRST_DATE = -(1 << 23),
    MOST_DATE = (1 << 24) - 1,
    MOST_COUNT = (1 << 12) - 1,
    MOST_CAUSE = (1 << 7) - 1
};

/* The time in sixteenths of a day above zero; false where it is none, or not within the limits. */
static bool in_quanta(lus_time time, int64_t zero, int64_t most, int64_t *out)
{
    *out = time / QUANTUM - zero;
    return time % QUANTUM == 0 && *out >= 0 && *out <= most;
}

enum { LIFE_AT = 22, DATE_AT = 38 }; /* in `rest` */

static unsigned life_of(const struct lus_packed_person *p)
{
    return p->has_weight ? 0 : p->rest >> LIFE_AT & UINT16_MAX;
}

static int32_t date_of(const struct lus_packed_person *p)
{
    return p->has_weight ? 0 : FIRST_DATE + (int32_t)(p->rest >> DATE_AT & MOST_DATE);
}

static int32_t birth_of(const struct lus_packed_person *p)
{
    return p->has_weight ? 0 : date_of(p) - (int32_t)(p->rest & MOST_TIME);
}

static int64_t weight_of(const struct lus_packed_person *p)
{
    return p->has_weight ? (int64_t)p->rest : 0;
}

/* The second word of a row; false where it does not fit. */
static bool pack_rest(const struct lus_person *p, struct lus_packed_person *out)
{
    int64_t age, date;
    out->has_weight = p->weight != 0;
    out->rest = (uint64_t)p->weight & INT64_MAX;
    if (p->weight) return p->weight > 0 && !p->age && !p->date && !p->life;
    if (!in_quanta(p->age, 0, MOST_TIME, &age) || !in_quanta(p->date, FIRST_DATE, MOST_DATE, &date))
        return false;
    out->rest = ((uint64_t)age | (uint64_t)p->life << LIFE_AT | (uint64_t)date << DATE_AT) &
                INT64_MAX;
    return true;
}

static bool pack(const struct lus_person *p, struct lus_packed_person *out)
{
    int64_t entry, exit;
    if (!in_quanta(p->entry, 0, MOST_TIME, &entry) || !in_quanta(p->exit, 0, MOST_TIME, &exit) ||
        p->count > MOST_COUNT || p->cause > MOST_CAUSE || p->cluster)
        return false;
    out->entry = (uint64_t)entry & MOST_TIME, out->exit = (uint64_t)exit & MOST_TIME;
    out->count = p->count & MOST_COUNT, out->cause = (uint64_t)p->cause & MOST_CAUSE;
    out->is_event = p->is_event;
    return pack_rest(p, out);
}

static struct lus_person unpack(const struct lus_packed_person *p)
{
    lus_time date = date_of(p);
    return (struct lus_person){.entry = (lus_time)p->entry * QUANTUM,
                               .exit = (lus_time)p->exit * QUANTUM,
                               .age = (date - birth_of(p)) * QUANTUM,
                               .date = date * QUANTUM,
                               .count = (uint32_t)p->count,
                               .life = (uint16_t)life_of(p),
                               .is_event = p->is_event != 0,
                               .cause = (uint8_t)p->cause,
                               .weight = weight_of(p)};
}

int lus_cohort_list_add(struct lus_cohort_list *list, const struct lus_person *person)
{
    struct lus_packed_person p = {0}; /* also the bits that no member has */
    if (pack(person, &p)) {
        LUS_TRY(LUS_ARRAY_RESERVE(&list->packed, 1));
        list->packed.at[list->packed.n++] = p;
        return LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&list->wide, 1));
    list->wide.at[list->wide.n++] = *person;
    return LUS_OK;
}

struct lus_person lus_cohort_list_at(const struct lus_cohort_list *list, size_t i)
{
    return i < list->packed.n ? unpack(&list->packed.at[i]) : list->wide.at[i - list->packed.n];
}

void lus_cohort_list_free(struct lus_cohort_list *list)
{
    LUS_ARRAY_FREE(&list->packed);
    LUS_ARRAY_FREE(&list->wide);
}

struct lus_person lus_cohort_at(const struct lus_cohort *cohort, size_t i)
{
    if (cohort->is_wide) return ((const struct lus_person *)cohort->rows)[i];
    return unpack(&((const struct lus_packed_person *)cohort->rows)[i]);
}

const double *lus_cohort_covariates(const struct lus_cohort *cohort, size_t i)
{
    return cohort->covariates ? cohort->covariates + i * cohort->n_covariates : NULL;
}

size_t lus_cohort_bytes(size_t n, bool is_wide, size_t n_covariates)
{
    size_t row = is_wide ? sizeof(struct lus_person) : sizeof(struct lus_packed_person);
    return n * (row + n_covariates * sizeof(double));
}

#define ORDER(a, b) \
    if ((a) != (b)) return (a) < (b) ? -1 : 1

/* By life-table column and birth, so that those who share cells of the table stand together; then
 * by all the rest. */
static int by_packed(const void *a, const void *b)
{
    const struct lus_packed_person *x = a, *y = b;
    ORDER(life_of(x), life_of(y));
    ORDER(birth_of(x), birth_of(y));
    ORDER(date_of(x), date_of(y));
    ORDER(x->exit, y->exit);
    ORDER(x->entry, y->entry);
    ORDER(x->is_event, y->is_event);
    ORDER(x->cause, y->cause);
    ORDER(weight_of(x), weight_of(y));
    return 0;
}

/* The total order of rows, without covariates. */
static int order_of(const struct lus_person *x, const struct lus_person *y)
{
    ORDER(x->life, y->life);
    ORDER(x->date - x->age, y->date - y->age);
    ORDER(x->date, y->date);
    ORDER(x->exit, y->exit);
    ORDER(x->entry, y->entry);
    ORDER(x->is_event, y->is_event);
    ORDER(x->cause, y->cause);
    ORDER(x->cluster, y->cluster);
    ORDER(x->weight, y->weight);
    return 0;
}

static int by_wide(const void *a, const void *b)
{
    return order_of(a, b);
}

/* --- sorting: buckets by column and birth, or by exit where there are weights, each sorted by
 * itself --- */

struct sorting {
    struct lus_packed_person *rows;
    size_t *begins; /* by bucket, one more behind the last */
    size_t n_per_life, n_buckets;
    int32_t first;
    int shift;
};

/* What comes first in the order, beside the column, and differs. */
static int32_t key_of(const struct lus_packed_person *p)
{
    return p->has_weight ? (int32_t)p->exit : birth_of(p);
}

static size_t bucket_of(const struct sorting *s, const struct lus_packed_person *p)
{
    return life_of(p) * s->n_per_life + ((size_t)(key_of(p) - s->first) >> s->shift);
}

static int sort_bucket(void *context, size_t i)
{
    const struct sorting *s = context;
    if (s->begins[i + 1] - s->begins[i] > 1)
        qsort(s->rows + s->begins[i], s->begins[i + 1] - s->begins[i], sizeof *s->rows, by_packed);
    return LUS_OK;
}

/* Moves the rows of all lists into their buckets. */
static int fill_buckets(struct sorting *s, struct lus_cohort_list *const *lists, size_t n,
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
        if (consumes) lus_cohort_list_free(lists[k]);
    }
    free(next);
    return LUS_OK;
}

static int sort_packed(struct lus_cohort_list *const *lists, size_t n, size_t total, bool consumes,
                       size_t n_threads, struct lus_packed_person *rows)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    unsigned most_life = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < lists[k]->packed.n; i++) {
            const struct lus_packed_person *p = &lists[k]->packed.at[i];
            int32_t key = key_of(p);
            first = key < first ? key : first;
            last = key > last ? key : last;
            most_life = life_of(p) > most_life ? life_of(p) : most_life;
        }
    struct sorting s = {.rows = rows, .first = first};
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

static int sort_wide(struct lus_cohort_list *const *lists, size_t n, struct lus_person *rows)
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

static void collapse(struct lus_cohort *out)
{
    if (out->is_wide) COLLAPSE(struct lus_person, by_wide, UINT32_MAX);
    else COLLAPSE(struct lus_packed_person, by_packed, MOST_COUNT);
}

int lus_cohort_gather(struct lus_cohort_list *const *lists, size_t n, bool consumes,
                      size_t n_threads, struct lus_cohort *out)
{
    const struct lus_packed_person *first = NULL;
    *out = (struct lus_cohort){0};
    for (size_t k = 0; k < n; k++) {
        out->n += lists[k]->packed.n + lists[k]->wide.n;
        out->is_wide |= lists[k]->wide.n > 0;
        for (size_t i = 0; i < lists[k]->packed.n && !out->is_wide; i++) {
            first = first ? first : &lists[k]->packed.at[i];
            out->is_wide = lists[k]->packed.at[i].has_weight != first->has_weight;
        }
    }
    if (!out->n) return LUS_OK;
    out->rows = lus_alloc(out->n, out->is_wide ? sizeof(struct lus_person)
                                               : sizeof(struct lus_packed_person));
    if (!out->rows) return LUS_ENOMEM;
    int status = out->is_wide ? sort_wide(lists, n, out->rows)
                              : sort_packed(lists, n, out->n, consumes, n_threads, out->rows);
    if (status != LUS_OK) {
        lus_cohort_free(out);
        return status;
    }
    collapse(out);
    return LUS_OK;
}

/* --- covariates --- */

struct covered {
    const struct lus_person *people;
    const double *covariates;
    size_t n_covariates;
};

static int by_covered(const void *a, const void *b, void *context)
{
    const struct covered *c = context;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    int order = order_of(&c->people[i], &c->people[k]);
    for (size_t v = 0; !order && v < c->n_covariates; v++) {
        double x = c->covariates[i * c->n_covariates + v],
               y = c->covariates[k * c->n_covariates + v];
        order = (x > y) - (x < y);
    }
    return order;
}

/* Rows in their order, equal neighbours as one; rows and covariates of out have room for all. */
static int fill_covered(const struct covered *c, size_t n, struct lus_cohort *out)
{
    struct lus_person *rows = out->rows;
    size_t *order = lus_alloc(n, sizeof *order);
    if (!order) return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    if (n) qsort_r(order, n, sizeof *order, by_covered, (void *)c);
    for (size_t i = 0; i < n; i++) {
        const struct lus_person *next = &c->people[order[i]];
        bool is_equal = out->n && by_covered(&order[i - 1], &order[i], (void *)c) == 0;
        if (is_equal && rows[out->n - 1].count <= UINT32_MAX - next->count) {
            rows[out->n - 1].count += next->count;
            continue;
        }
        rows[out->n] = *next;
        memcpy(out->covariates + out->n * c->n_covariates,
               c->covariates + order[i] * c->n_covariates, c->n_covariates * sizeof(double));
        out->n++;
    }
    free(order);
    return LUS_OK;
}

static int make_covered(const struct covered *c, size_t n, struct lus_cohort *out)
{
    struct lus_cohort made = {.is_wide = true, .n_covariates = c->n_covariates};
    size_t values;
    if (__builtin_mul_overflow(n, c->n_covariates, &values)) return LUS_ENOMEM;
    made.rows = lus_alloc(n, sizeof *c->people);
    made.covariates = lus_alloc(values, sizeof *made.covariates);
    int status = made.rows && made.covariates ? fill_covered(c, n, &made) : LUS_ENOMEM;
    if (status == LUS_OK) *out = made;
    else lus_cohort_free(&made);
    return status;
}

int lus_cohort_make(const struct lus_person *people, size_t n, const double *covariates,
                    size_t n_covariates, struct lus_cohort *out)
{
    struct lus_cohort_list list = {0};
    struct lus_cohort_list *lists[] = {&list};
    int status = LUS_OK;
    *out = (struct lus_cohort){0};
    if (covariates && n_covariates)
        return make_covered(&(struct covered){people, covariates, n_covariates}, n, out);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = lus_cohort_list_add(&list, &people[i]);
    if (status == LUS_OK) status = lus_cohort_gather(lists, 1, true, 1, out);
    lus_cohort_list_free(&list);
    return status;
}

int lus_cohort_join(const struct lus_cohort *const *cohorts, size_t n, struct lus_cohort *out)
{
    struct lus_cohort_list list = {0};
    struct lus_cohort_list *lists[] = {&list};
    int status = LUS_OK;
    *out = (struct lus_cohort){0};
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < cohorts[k]->n && status == LUS_OK; i++) {
            struct lus_person person = lus_cohort_at(cohorts[k], i);
            status = lus_cohort_list_add(&list, &person);
        }
    if (status == LUS_OK) status = lus_cohort_gather(lists, 1, true, 1, out);
    lus_cohort_list_free(&list);
    return status;
}

void lus_cohort_free(struct lus_cohort *cohort)
{
    free(cohort->rows);
    free(cohort->covariates);
    *cohort = (struct lus_cohort){0};
}
