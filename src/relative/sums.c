#include "relative/sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "relative/finder.h"
#include "support/exponential.h"
#include "support/memory.h"
#include "support/parallel.h"

enum {
    /* times that are worked on at once: bounds the memory where all times differ */
    CHUNK = 32768,
    /* persons are added up in parts, which depend on their number alone: so the sums have the same
     * bits for any threads */
    PART = 4096,
    PARTS = 16,
    /* stretches of a cell that are added one by one; more are worth a running sum over the cell's
     * whole range */
    FEW = 16,
    /* steps of the grid over which an exponential grows by a table of powers */
    POWERS = 64,
};

/* --- one part of the persons, over one chunk of the times --- */

enum series {
    W,
    L_CONSTANT,
    L_SLOPE,
    PEOPLE,
    W_OUT,
    L_OUT,
    OUT,
    EVENTS,
    W_EVENTS,
    W_EVENTS2,
    W2,
    N_SERIES
};

/* A stretch of a life in a cell: c from row low up to row high. */
struct stretch {
    uint32_t low, high;
    double c;
};

/* What a cell of the life table holds while the persons of one birth year pass: a few stretches, or
 * all as changes. */
struct cell {
    struct stretch few[FEW];
    size_t n_few;   /* above FEW: they stand in change */
    double *change; /* by row of the chunk: what is added to the running sum of c */
    double hazard;
    uint32_t index; /* of the cell in the table's column */
    size_t low, high;
};

struct part {
    const struct lus_sums_query *query;
    const struct lus_cohort *persons;
    const struct lus_finder *finder;
    size_t from, to;     /* rows of the chunk */
    size_t first, last;  /* persons */
    const size_t *marks; /* rows of marks, ascending */
    size_t n_marks;
    double *series[N_SERIES];     /* by row of the chunk; changes, then sums */
    int32_t *cell_of;             /* by cell of the table's column: in cells; -1 */
    LUS_ARRAY(struct cell) cells; /* the first n_cells are in use */
    size_t n_cells;
};

static int find_cell(struct part *part, const struct lus_walk *w, struct cell **out)
{
    size_t index = w->a * w->grid->table->n_years + w->y;
    if (part->cell_of[index] < 0) {
        if (part->n_cells == part->cells.n) {
            struct cell fresh = {
                .change = lus_alloc_zeroed(part->to - part->from + 1, sizeof(double))};
            if (!fresh.change || LUS_ARRAY_RESERVE(&part->cells, 1) != LUS_OK) {
                free(fresh.change);
                return LUS_ENOMEM;
            }
            part->cells.at[part->cells.n++] = fresh;
        }
        struct cell *c = &part->cells.at[part->n_cells];
        c->hazard = w->hazard;
        c->index = (uint32_t)index;
        c->low = SIZE_MAX;
        c->high = 0;
        c->n_few = 0;
        part->cell_of[index] = (int32_t)part->n_cells++;
    }
    *out = &part->cells.at[part->cell_of[index]];
    return LUS_OK;
}

/* exp(h t) along the rows: within POWERS steps of the grid it is a product, so that no row waits
 * for the one before. */
struct growth {
    const lus_time *times;
    const uint32_t *ticks;
    double hazard, base;  /* exp(h t) at from */
    uint32_t from;        /* a tick */
    double power[POWERS]; /* exp(h step k) */
};

static void growth_begin(struct growth *g, double hazard, lus_time step)
{
    g->hazard = hazard;
    g->from = LUS_OFF - POWERS; /* no row is within its reach */
    g->power[0] = 1;
    for (size_t k = 1; k < POWERS; k *= 2) {
        double factor = lus_exp(hazard * lus_days_of(step * (lus_time)k));
        for (size_t i = 0; i < k; i++)
            g->power[k + i] = g->power[i] * factor;
    }
}

static inline double grow(struct growth *g, size_t i)
{
    uint32_t past = g->ticks[i] - g->from;
    if (past < POWERS) return g->base * g->power[past];
    double value = lus_exp(g->hazard * lus_days_of(g->times[i]));
    if (g->ticks[i] < LUS_OFF - 2 * POWERS) g->from = g->ticks[i], g->base = value;
    return value;
}

static void add_few(const struct cell *c, struct growth *g, double *sum)
{
    for (size_t k = 0; k < c->n_few; k++)
        for (size_t i = c->few[k].low; i < c->few[k].high; i++)
            sum[i] += c->few[k].c * grow(g, i);
}

static void add_many(struct cell *c, struct growth *g, double *sum)
{
    double running = 0;
    for (size_t i = c->low; i < c->high; i++) {
        running += c->change[i];
        c->change[i] = 0;
        sum[i] += running * grow(g, i);
    }
    c->change[c->high] = 0;
}

/* Adds the cells into the sum of weights, and clears them for the next birth year. */
static void flush(struct part *part)
{
    const struct lus_finder *f = part->finder;
    struct growth g = {.times = f->times + part->from, .ticks = f->ticks + part->from};
    for (size_t k = 0; k < part->n_cells; k++) {
        struct cell *c = &part->cells.at[k];
        growth_begin(&g, part->query->sign * c->hazard, f->step);
        if (c->n_few <= FEW) add_few(c, &g, part->series[W]);
        else add_many(c, &g, part->series[W]);
        part->cell_of[c->index] = -1;
    }
    part->n_cells = 0;
}

static void add_change_at(struct cell *c, struct stretch s)
{
    c->change[s.low] += s.c, c->change[s.high] -= s.c;
    if (s.low < c->low) c->low = s.low;
    if (s.high > c->high) c->high = s.high;
}

static void add_to_cell(struct cell *c, struct stretch s)
{
    if (c->n_few < FEW) {
        c->few[c->n_few++] = s;
        return;
    }
    if (c->n_few == FEW) {
        for (size_t k = 0; k < FEW; k++)
            add_change_at(c, c->few[k]);
        c->n_few++;
    }
    add_change_at(c, s);
}

/* Marks in rows [from, to) of the chunk: sums of squared weights. */
static void add_squares(struct part *part, const struct lus_walk *w, size_t from, size_t to,
                        double count)
{
    for (size_t m = 0; m < part->n_marks; m++)
        if (part->marks[m] >= from && part->marks[m] < to)
            part->series[W2][part->marks[m] - part->from] +=
                count * lus_exp(2 * part->query->sign *
                                lus_walk_at(w, part->finder->times[part->marks[m]]));
}

/* One stretch of a life, in which the hazard does not change, at the rows [from, to). */
static int add_stretch(struct part *part, const struct lus_walk *w, size_t from, size_t to,
                       double count)
{
    from = from < part->from ? part->from : from;
    to = to > part->to ? part->to : to;
    if (from >= to) return LUS_OK;
    size_t low = from - part->from, high = to - part->from;
    double constant = w->sum - w->hazard * lus_days_of(w->from);
    part->series[L_CONSTANT][low] += count * constant,
        part->series[L_CONSTANT][high] -= count * constant;
    part->series[L_SLOPE][low] += count * w->hazard,
        part->series[L_SLOPE][high] -= count * w->hazard;
    if (!part->query->sign) return LUS_OK;
    struct cell *cell;
    LUS_TRY(find_cell(part, w, &cell));
    add_to_cell(cell, (struct stretch){(uint32_t)low, (uint32_t)high,
                                       count * lus_exp(part->query->sign * constant)});
    if (part->n_marks) add_squares(part, w, from, to, count);
    return LUS_OK;
}

/* Out at a row: those who leave, or with a negative count those who enter late. */
static void add_change(struct part *part, size_t row, double sum, double count)
{
    if (row < part->from || row >= part->to) return;
    size_t i = row - part->from;
    part->series[OUT][i] += count;
    part->series[L_OUT][i] += count * sum;
    if (part->query->sign) part->series[W_OUT][i] += count * lus_exp(part->query->sign * sum);
}

static void add_event(struct part *part, size_t row, double sum, double count)
{
    if (row < part->from || row >= part->to) return;
    size_t i = row - part->from;
    double w = part->query->sign ? lus_exp(part->query->sign * sum) : 1;
    part->series[EVENTS][i] += count;
    part->series[W_EVENTS][i] += count * w;
    part->series[W_EVENTS2][i] += count * w * w;
}

static int add_person(struct part *part, const struct lus_person *p)
{
    const struct lus_sums_query *q = part->query;
    const struct lus_finder *f = part->finder;
    lus_time leaves = lus_leaves_at(q, p);
    bool stays = leaves > q->until;
    if (p->entry > q->until || (p->entry >= leaves && leaves > 0)) return LUS_OK;
    lus_time end = stays ? q->until : leaves;
    size_t entered = lus_finder_row(f, p->entry), begin = p->entry > 0 ? entered + 1 : 0,
           last = stays ? f->n : lus_finder_row(f, end) + 1;
    if (begin >= part->to || last <= part->from) {
        /* nothing of it in this chunk */
        if (p->entry <= 0 || entered < part->from || entered >= part->to) return LUS_OK;
    }
    double count = p->count;
    size_t low = begin < part->from ? part->from : begin, high = last > part->to ? part->to : last;
    if (low < high)
        part->series[PEOPLE][low - part->from] += count,
            part->series[PEOPLE][high - part->from] -= count;
    struct lus_walk w = lus_walk_begin(q->grid, p);
    for (size_t row = 0;;) {        /* the row at which the stretch begins */
        bool is_last = w.to >= end; /* what begins at the end itself holds no row before it */
        size_t next = is_last ? last : lus_finder_row(f, w.to);
        if (p->entry > 0 && p->entry >= w.from && (p->entry < w.to || is_last))
            add_change(part, entered, lus_walk_at(&w, p->entry), -count);
        LUS_TRY(add_stretch(part, &w, row < begin ? begin : row, next, count));
        if (is_last) break;
        lus_walk_next(&w);
        row = next;
    }
    if (stays) return LUS_OK;
    double sum = lus_walk_at(&w, end);
    add_change(part, last - 1, sum, count);
    if (p->is_event && q->leaving == LUS_LEAVES_AT_EXIT) add_event(part, last - 1, sum, count);
    return LUS_OK;
}

/* The calendar year of birth, near enough. */
static lus_time birth_year(const struct lus_person *p)
{
    lus_time birth = p->date - p->age, year = lus_unit_ticks(LUS_YEARS);
    return birth >= 0 ? birth / year : -((-birth + year - 1) / year);
}

static bool share_cells(const struct lus_person *a, const struct lus_person *b)
{
    return a->life == b->life && birth_year(a) == birth_year(b);
}

/* From changes to sums. */
static void run_up(double *series, size_t n)
{
    long double sum = 0; /* few are left at the end of what once were many */
    for (size_t i = 0; i < n; i++)
        series[i] = (double)(sum += series[i]);
}

static int sum_part(void *context, size_t i)
{
    struct part *part = (struct part *)context + i;
    size_t n = part->to - part->from,
           n_cells = part->query->grid->table->n_ages * part->query->grid->table->n_years;
    double *memory = lus_alloc_zeroed(N_SERIES * (n + 1), sizeof *memory);
    part->cell_of = lus_alloc(n_cells, sizeof *part->cell_of);
    part->series[0] = memory;
    int status = memory && part->cell_of ? LUS_OK : LUS_ENOMEM;
    for (size_t k = 0; k < n_cells && status == LUS_OK; k++)
        part->cell_of[k] = -1;
    for (size_t k = 1; k < N_SERIES && status == LUS_OK; k++)
        part->series[k] = memory + k * (n + 1);
    struct lus_person first = {0};
    for (size_t k = part->first; k < part->last && status == LUS_OK; k++) {
        struct lus_person p = lus_cohort_at(part->persons, k);
        if (k == part->first || !share_cells(&first, &p)) {
            flush(part);
            first = p;
        }
        status = add_person(part, &p);
    }
    if (status == LUS_OK) {
        flush(part);
        run_up(part->series[PEOPLE], n), run_up(part->series[L_CONSTANT], n),
            run_up(part->series[L_SLOPE], n);
    }
    for (size_t k = 0; k < part->cells.n; k++)
        free(part->cells.at[k].change);
    LUS_ARRAY_FREE(&part->cells);
    free(part->cell_of);
    return status;
}

/* Adds a part's sums, in the order of the parts. */
static void add_part(const struct part *part, struct lus_sums *out)
{
    double *const *s = part->series;
    for (size_t i = 0; i < part->to - part->from; i++) {
        size_t row = part->from + i;
        double l = s[L_CONSTANT][i] + s[L_SLOPE][i] * lus_days_of(out->time[row]);
        out->at_risk[row] += s[PEOPLE][i];
        out->after[row] += s[PEOPLE][i] - s[OUT][i];
        out->events[row] += s[EVENTS][i];
        out->events2[row] += s[EVENTS][i];
        out->w_before[row] += s[W][i];
        out->w_after[row] += s[W][i] - s[W_OUT][i];
        out->w_events[row] += s[W_EVENTS][i];
        out->w_events2[row] += s[W_EVENTS2][i];
        out->w2[row] += s[W2][i];
        out->l_before[row] += l;
        out->l_after[row] += l - s[L_OUT][i];
    }
}

static int sum_chunk(const struct lus_sums_query *q, const struct lus_cohort *persons,
                     const struct lus_finder *f, const size_t *marks, size_t n_marks, size_t from,
                     struct lus_sums *out)
{
    struct part parts[PARTS] = {{0}};
    size_t n = persons->n / PART + 1, to = out->n - from > CHUNK ? from + CHUNK : out->n;
    n = n > PARTS ? PARTS : n;
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct part){.query = q,
                                 .persons = persons,
                                 .finder = f,
                                 .from = from,
                                 .to = to,
                                 .first = persons->n * i / n,
                                 .last = persons->n * (i + 1) / n,
                                 .marks = marks,
                                 .n_marks = n_marks};
    int status = lus_parallel(n, q->n_threads, sum_part, parts);
    for (size_t i = 0; i < n; i++) {
        if (status == LUS_OK) add_part(&parts[i], out);
        free(parts[i].series[0]);
    }
    return status;
}

/* Where nobody is left, what rounding leaves is nothing. */
static void clear_empty(struct lus_sums *s, int sign)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->at_risk[i] == 0) s->w_before[i] = s->l_before[i] = 0;
        if (s->after[i] == 0) s->w_after[i] = s->l_after[i] = 0;
        if (!sign)
            s->w_before[i] = s->at_risk[i], s->w_after[i] = s->after[i], s->w2[i] = s->at_risk[i];
    }
}

/* Those from SQUARES on are of squared weights. */
enum { ARRAYS = 11, SQUARES = 8 };

static void set_arrays(struct lus_sums *s)
{
    double **arrays[ARRAYS] = {&s->at_risk,   &s->after,    &s->events,   &s->w_before,
                               &s->w_after,   &s->w_events, &s->l_before, &s->l_after,
                               &s->w_events2, &s->w2,       &s->events2};
    for (size_t i = 0; i < ARRAYS; i++)
        *arrays[i] = s->memory + i * s->n;
}

int lus_sums_make(const struct lus_sums_query *q, const struct lus_cohort *persons,
                  const lus_time *times, size_t n, struct lus_sums *out)
{
    struct lus_finder f;
    size_t *marks = lus_alloc(q->n_marks, sizeof *marks), n_marks = 0;
    *out = (struct lus_sums){.n = n};
    int status = lus_finder_make(&f, times, n);
    out->time = lus_alloc(n, sizeof *out->time);
    out->memory = lus_alloc_zeroed(ARRAYS * n, sizeof *out->memory);
    if (!marks || !out->time || !out->memory) status = LUS_ENOMEM;
    if (status == LUS_OK) {
        set_arrays(out);
        memcpy(out->time, times, n * sizeof *times);
        for (size_t i = 0; i < q->n_marks && q->sign && q->wants_squares; i++)
            if (q->marks[i] <= q->until) marks[n_marks++] = lus_finder_row(&f, q->marks[i]);
    }
    for (size_t from = 0; from < n && status == LUS_OK; from += CHUNK)
        status = sum_chunk(q, persons, &f, marks, n_marks, from, out);
    if (status == LUS_OK) clear_empty(out, q->sign);
    lus_finder_free(&f);
    free(marks);
    if (status != LUS_OK) lus_sums_free(out);
    return status;
}

int lus_sums_weigh(const struct lus_sums_query *q, const struct lus_cohort *const *groups,
                   const double *weights, size_t n_groups, const lus_time *times, size_t n,
                   struct lus_sums *out)
{
    *out = (struct lus_sums){0};
    if (n_groups == 1 && weights[0] == 1) return lus_sums_make(q, groups[0], times, n, out);
    for (size_t g = 0; g < n_groups; g++) {
        struct lus_sums here;
        int status = lus_sums_make(q, groups[g], times, n, &here);
        for (size_t i = 0; status == LUS_OK && i < ARRAYS * n; i++) {
            here.memory[i] *= i < SQUARES * n ? weights[g] : weights[g] * weights[g];
            if (g) out->memory[i] += here.memory[i];
        }
        if (status != LUS_OK) {
            lus_sums_free(out);
            return status;
        }
        if (g) lus_sums_free(&here);
        else *out = here;
    }
    return LUS_OK;
}

void lus_sums_free(struct lus_sums *s)
{
    free(s->time), free(s->memory);
    *s = (struct lus_sums){0};
}

size_t lus_sums_row(const struct lus_sums *s, lus_time time)
{
    return lus_first_from(s->time, s->n, time);
}
