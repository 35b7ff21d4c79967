#include "regress/design.h"

#include <math.h>
#include <stdlib.h>

#include "recipe/plan.h"
#include "regress/collapse.h"
#include "regress/order.h"
#include "support/parallel.h"

struct making {
    struct lus_arena *arena;
    const struct lus_tally *tally;
    struct lus_design *d;
    struct lus_error *err;
    const bool *event;
    bool has_cluster, keeps_rows;
};

int lus_design_wanted(struct lus_arena *arena, const struct lus_formula *f, const char *cluster,
                      const char *censoring_by, const struct lus_wanted **out, size_t *n,
                      struct lus_error *err)
{
    struct lus_wanted *wanted = lus_arena_alloc(arena, f->n_parts + f->n_strata + f->n_offsets + 2,
                                                sizeof *wanted);
    *n = 0;
    if (!wanted) return lus_fail_memory(err);
    for (size_t i = 0; i < f->n_parts; i++) {
        enum lus_part_kind kind = f->parts[i].kind;
        bool is_levels = kind == LUS_PART_FACTOR || kind == LUS_PART_REF,
             is_number = kind == LUS_PART_LOG || kind == LUS_PART_NS || kind == LUS_PART_CUT;
        wanted[(*n)++] = (struct lus_wanted){f->parts[i].column, is_levels   ? LUS_WANTED_LEVELS
                                                                 : is_number ? LUS_WANTED_NUMBER
                                                                             : LUS_WANTED_AS_IS};
    }
    for (size_t i = 0; i < f->n_strata; i++)
        wanted[(*n)++] = (struct lus_wanted){f->strata[i], LUS_WANTED_LEVELS};
    for (size_t i = 0; i < f->n_offsets; i++)
        wanted[(*n)++] = (struct lus_wanted){f->offsets[i], LUS_WANTED_NUMBER};
    if (cluster) wanted[(*n)++] = (struct lus_wanted){cluster, LUS_WANTED_LEVELS};
    if (censoring_by) wanted[(*n)++] = (struct lus_wanted){censoring_by, LUS_WANTED_LEVELS};
    *out = wanted;
    return LUS_OK;
}

/* --- bases --- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Knots of df functions: the range, and quantiles in between (R's type 7). */
static int place_knots(struct making *m, const struct lus_part *part, const double *numbers,
                       struct lus_basis *b)
{
    size_t n = m->d->frame->n, inner = part->df ? part->df - 1 : part->n_numbers;
    double *sorted = lus_alloc(n, sizeof *sorted);
    b->knots = lus_arena_alloc(m->arena, inner + 2, sizeof *b->knots);
    if (!sorted || !b->knots) {
        free(sorted);
        return lus_fail_memory(m->err);
    }
    memcpy(sorted, numbers, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    b->n_knots = inner + 2;
    b->knots[0] = part->has_boundary ? part->low : sorted[0];
    b->knots[inner + 1] = part->has_boundary ? part->high : sorted[n - 1];
    for (size_t i = 1; i <= inner; i++) {
        double h = (double)(n - 1) * (double)i / (double)(inner + 1), below = floor(h);
        size_t k = (size_t)below;
        b->knots[i] = part->df ? sorted[k] + (h - below) * (sorted[k + (k + 1 < n)] - sorted[k])
                               : part->numbers[i - 1];
    }
    free(sorted);
    for (size_t i = 1; i < b->n_knots; i++)
        if (!(b->knots[i] > b->knots[i - 1]))
            return lus_fail(m->err, LUS_EDATA,
                            "%s: knots %.6g and %.6g do not ascend; fewer degrees of freedom, or "
                            "knots of your own within the data",
                            part->text, b->knots[i - 1], b->knots[i]);
    b->width = b->n_knots - 1;
    return LUS_OK;
}

static int check_log(struct making *m, const struct lus_part *part, const double *numbers)
{
    size_t bad = 0;
    double least = INFINITY;
    for (size_t i = 0; i < m->d->frame->n; i++)
        if (!(numbers[i] + part->plus > 0)) bad++, least = fmin(least, numbers[i]);
    if (!bad) return LUS_OK;
    return lus_fail(m->err, LUS_EDATA,
                    "%s: %zu of %zu people have no logarithm, %s goes down to %.6g; log(%s + 1) "
                    "takes zeros",
                    part->text, bad, m->d->frame->n, part->column, least, part->column);
}

static int cut_levels(struct making *m, const struct lus_part *part, struct lus_basis *b)
{
    b->has_levels = true;
    b->width = part->n_numbers + 1;
    b->levels = lus_arena_alloc(m->arena, b->width, sizeof *b->levels);
    if (!b->levels) return lus_fail_memory(m->err);
    for (size_t i = 0; i < b->width; i++)
        if (!(b->levels[i] = lus_cut_label(m->arena, part->numbers, part->n_numbers, i)))
            return lus_fail_memory(m->err);
    return LUS_OK;
}

static int fail_reference(const struct making *m, const struct lus_part *part,
                          const struct lus_frame_column *c)
{
    const char *near = lus_nearest(lus_text_of(part->level), c->levels, c->n_levels);
    return near ? lus_fail(m->err, LUS_EDATA, "%s: %s has no level \"%s\"; did you mean \"%s\"?",
                           part->text, part->column, part->level, near)
                : lus_fail(m->err, LUS_EDATA, "%s: %s has no level \"%s\"; it begins with \"%s\"",
                           part->text, part->column, part->level, c->levels[0]);
}

/* The frame's levels, of which ref() puts one first. */
static int frame_levels(struct making *m, const struct lus_part *part,
                        const struct lus_frame_column *c, struct lus_basis *b)
{
    b->has_levels = true;
    b->width = c->n_levels;
    if (c->n_levels < 2)
        return lus_fail(m->err, LUS_EDATA,
                        "%s has one level only, %s, among those analysed: it adds nothing; leave "
                        "it out",
                        part->text, c->n_levels ? c->levels[0] : "none");
    if (c->n_levels > LUS_MOST_LEVELS)
        return lus_fail(m->err, LUS_EDATA,
                        "%s has %zu levels, \"%s\" among them; at most %d make a factor; is it a "
                        "number, or an id?",
                        part->text, c->n_levels, c->levels[0], LUS_MOST_LEVELS);
    b->levels = lus_arena_alloc(m->arena, c->n_levels, sizeof *b->levels);
    b->position = lus_arena_alloc(m->arena, c->n_levels, sizeof *b->position);
    if (!b->levels || !b->position) return lus_fail_memory(m->err);
    size_t first = 0;
    while (part->level && first < c->n_levels && strcmp(c->levels[first], part->level) != 0)
        first++;
    if (first == c->n_levels) return fail_reference(m, part, c);
    for (size_t i = 0; i < c->n_levels; i++) {
        b->position[i] = i == first ? 0 : i < first ? i + 1 : i;
        b->levels[b->position[i]] = c->levels[i];
    }
    return LUS_OK;
}

static int parse_times(struct making *m, const struct lus_part *part, struct lus_basis *b)
{
    b->times = lus_arena_alloc(m->arena, part->n_times, sizeof *b->times);
    if (!b->times) return lus_fail_memory(m->err);
    for (size_t i = 0; i < part->n_times; i++) {
        LUS_TRY(lus_duration_parse(part->times[i], m->tally->unit, &b->times[i], m->err));
        if (b->times[i] <= (i ? b->times[i - 1] : 0))
            return lus_fail(m->err, LUS_EUSAGE, "%s: times above 0 in ascending order are wanted",
                            part->text);
    }
    b->n_times = part->n_times;
    return LUS_OK;
}

static int make_basis(struct making *m, size_t i)
{
    const struct lus_part *part = &m->d->formula->parts[i];
    const struct lus_frame_column *c = &m->d->given[i];
    struct lus_basis *b = &m->d->bases[i];
    b->width = 1;
    if (part->kind == LUS_PART_LOG) LUS_TRY(check_log(m, part, c->numbers));
    if (part->kind == LUS_PART_NS) LUS_TRY(place_knots(m, part, c->numbers, b));
    if (part->kind == LUS_PART_CUT) LUS_TRY(cut_levels(m, part, b));
    if (!c->is_number) LUS_TRY(frame_levels(m, part, c, b));
    return part->kind == LUS_PART_AT ? parse_times(m, part, b) : LUS_OK;
}

/* --- columns --- */

static bool has_term_without(const struct lus_formula *f, const struct lus_term *term, size_t left)
{
    for (size_t t = 0; t < f->n_terms; t++) {
        size_t found = 0;
        for (size_t i = 0; i < f->terms[t].n; i++)
            for (size_t k = 0; k < term->n; k++)
                found += k != left && term->parts[k] == f->terms[t].parts[i];
        if (f->terms[t].n == term->n - 1 && found == term->n - 1) return true;
    }
    return term->n == 1; /* the term of nothing is the baseline, which every model has */
}

/* What a level of a column is called: the levels of its parts. */
static int name_column(struct making *m, const struct lus_term *term, struct lus_design_column *c)
{
    struct lus_string name = {0};
    const struct lus_formula *f = m->d->formula;
    c->is_level = true;
    for (size_t i = 0; i < term->n; i++) {
        const struct lus_basis *b = &m->d->bases[term->parts[i]];
        size_t own = c->at[i] % b->width, interval = c->at[i] / b->width;
        const char *between = name.n ? ", " : "";
        if (b->has_levels) lus_string_print(&name, "%s%s", between, b->levels[own]);
        else if (f->parts[term->parts[i]].kind == LUS_PART_NS)
            lus_string_print(&name, "%s%zu", between, own + 1);
        c->is_level &= b->has_levels;
        if (!b->n_times) continue;
        const char *const *times = (const char *const *)f->parts[term->parts[i]].times;
        between = name.n ? ", " : "";
        if (!interval) lus_string_print(&name, "%suntil %s", between, times[0]);
        else if (interval == b->n_times)
            lus_string_print(&name, "%safter %s", between, times[interval - 1]);
        else lus_string_print(&name, "%s%s to %s", between, times[interval - 1], times[interval]);
    }
    bool failed = name.failed;
    if (name.n && !failed) failed = !(c->level = lus_arena_copy(m->arena, name.at, name.n));
    lus_string_free(&name);
    return failed ? lus_fail_memory(m->err) : LUS_OK;
}

/* The columns of a term: every combination of its parts' functions. A factor's reference is left
 * out where the term without it is in the model; where none is left out and all are levels, the
 * first combination is. */
static int add_columns(struct making *m, size_t t)
{
    struct lus_design *d = m->d;
    const struct lus_term *term = &d->formula->terms[t];
    size_t from[LUS_MOST_FACTORS], to[LUS_MOST_FACTORS], at[LUS_MOST_FACTORS];
    bool is_full = true;
    for (size_t i = 0; i < term->n; i++) {
        const struct lus_basis *b = &d->bases[term->parts[i]];
        bool drops = b->has_levels && has_term_without(d->formula, term, i);
        from[i] = at[i] = drops ? 1 : 0;
        to[i] = b->width * (b->n_times + 1);
        is_full &= b->has_levels && !drops;
    }
    bool is_first = true;
    for (;;) {
        bool is_reference = is_full && is_first;
        for (size_t i = 0; i < term->n; i++) { /* in each interval of at() the reference is none */
            const struct lus_basis *b = &d->bases[term->parts[i]];
            is_reference |= from[i] && at[i] % b->width == 0;
        }
        is_first = false;
        if (!is_reference) {
            if (d->p == LUS_MOST_COLUMNS)
                return lus_fail(m->err, LUS_EDATA, "the model has more than %d coefficients",
                                LUS_MOST_COLUMNS);
            struct lus_design_column *c = &d->columns[d->p++];
            c->term = t;
            memcpy(c->at, at, sizeof at);
            LUS_TRY(name_column(m, term, c));
        }
        size_t i = term->n;
        while (i && ++at[i - 1] == to[i - 1])
            at[i - 1] = from[i - 1], i--;
        if (!i) break;
    }
    return LUS_OK;
}

static int make_columns(struct making *m)
{
    struct lus_design *d = m->d;
    size_t n_terms = d->formula->n_terms;
    d->columns = lus_arena_alloc(m->arena, LUS_MOST_COLUMNS, sizeof *d->columns);
    d->first_of_term = lus_arena_alloc(m->arena, n_terms + 1, sizeof *d->first_of_term);
    if (!d->columns || !d->first_of_term) return lus_fail_memory(m->err);
    for (size_t t = 0; t < n_terms; t++) {
        d->first_of_term[t] = d->p;
        LUS_TRY(add_columns(m, t));
    }
    d->first_of_term[n_terms] = d->p;
    return LUS_OK;
}

/* --- values --- */

void lus_design_values(const struct lus_design *d, size_t row, struct lus_profile_value *out)
{
    for (size_t i = 0; i < d->formula->n_parts; i++) {
        const struct lus_part *part = &d->formula->parts[i];
        const struct lus_frame_column *c = &d->given[i];
        out[i] = (struct lus_profile_value){0};
        if (c->is_number) out[i].number = c->numbers[row];
        else out[i].position = d->bases[i].position[c->level_of[d->frame->stratum[row]]];
        for (size_t k = 0; part->kind == LUS_PART_CUT && k < part->n_numbers; k++)
            out[i].position += out[i].number >= part->numbers[k];
    }
}

/* A function of a natural cubic spline, linear outside its boundary: x itself, then Harrell's
 * restricted cubes of the knots, divided by the square of the range. */
static double spline(const struct lus_basis *b, double x, size_t k)
{
    if (!k) return x;
    const double *t = b->knots;
    size_t last = b->n_knots - 1;
    double range = t[last] - t[0];
    double own = fmax(x - t[k - 1], 0), before = fmax(x - t[last - 1], 0),
           end = fmax(x - t[last], 0), gap = t[last] - t[last - 1];
    double cubes = own * own * own - before * before * before * (t[last] - t[k - 1]) / gap +
                   end * end * end * (t[last - 1] - t[k - 1]) / gap;
    return cubes / (range * range);
}

static double basis_value(const struct lus_design *d, size_t part, size_t at,
                          const struct lus_profile_value *value, lus_time since)
{
    const struct lus_basis *b = &d->bases[part];
    if (b->n_times) {
        size_t interval = 0;
        while (interval < b->n_times && since >= b->times[interval])
            interval++;
        if (at / b->width != interval) return 0;
        at %= b->width;
    }
    if (b->has_levels) return value->position == at;
    if (d->formula->parts[part].kind == LUS_PART_NS) return spline(b, value->number, at);
    if (d->formula->parts[part].kind == LUS_PART_LOG)
        return log(value->number + d->formula->parts[part].plus);
    return value->number;
}

void lus_design_row(const struct lus_design *d, const struct lus_profile_value *values,
                    lus_time since, double *out)
{
    for (size_t j = 0; j < d->p; j++) {
        const struct lus_design_column *c = &d->columns[j];
        const struct lus_term *term = &d->formula->terms[c->term];
        double x = 1;
        for (size_t i = 0; i < term->n; i++)
            x *= basis_value(d, term->parts[i], c->at[i], &values[term->parts[i]], since);
        out[j] = x;
    }
}

/* --- rows --- */

/* Times at which at() parts the rows; ascending. */
static int list_cuts(struct making *m, lus_time **out, size_t *n)
{
    size_t room = 1;
    for (size_t i = 0; i < m->d->formula->n_parts; i++)
        room += m->d->bases[i].n_times;
    *out = lus_arena_alloc(m->arena, room, sizeof **out);
    *n = 0;
    if (!*out) return lus_fail_memory(m->err);
    for (size_t i = 0; i < m->d->formula->n_parts; i++)
        for (size_t k = 0; k < m->d->bases[i].n_times; k++) {
            size_t at = *n;
            lus_time time = m->d->bases[i].times[k];
            while (at && (*out)[at - 1] >= time)
                at--;
            if (at < *n && (*out)[at] == time) continue;
            memmove(*out + at + 1, *out + at, (*n - at) * sizeof **out);
            (*out)[at] = time;
            ++*n;
        }
    return LUS_OK;
}

/* Numbers of the model's strata by stratum of the frame, and their names. */
static int number_strata(struct making *m, uint32_t **out)
{
    struct lus_design *d = m->d;
    const struct lus_frame *f = d->frame;
    const struct lus_frame_column *columns = d->given + d->formula->n_parts;
    size_t n = d->formula->n_strata;
    uint32_t *of = *out = lus_arena_alloc(m->arena, f->n_strata + 1, sizeof *of);
    d->strata_names = lus_arena_alloc(m->arena, f->n_strata + 1, sizeof *d->strata_names);
    uint32_t *first = lus_arena_alloc(m->arena, f->n_strata + 1, sizeof *first);
    if (!of || !d->strata_names || !first) return lus_fail_memory(m->err);
    for (uint32_t s = 0; s < f->n_strata; s++) {
        uint32_t own = 0;
        for (bool same = false; own < d->n_strata; own++) {
            same = true;
            for (size_t k = 0; k < n && same; k++)
                same = columns[k].level_of[s] == columns[k].level_of[first[own]];
            if (same) break;
        }
        of[s] = own;
        if (own < d->n_strata) continue;
        struct lus_string name = {0};
        for (size_t k = 0; k < n; k++)
            lus_string_print(&name, "%s%s", k ? ", " : "",
                             columns[k].levels[columns[k].level_of[s]]);
        d->strata_names[own] = name.failed
                                   ? NULL
                                   : lus_arena_copy(m->arena, name.n ? name.at : "", name.n);
        lus_string_free(&name);
        if (!d->strata_names[own]) return lus_fail_memory(m->err);
        first[own] = s;
        d->n_strata++;
    }
    return LUS_OK;
}

static int alloc_rows(struct making *m, size_t n, size_t n_x, bool has_entry)
{
    struct lus_design *d = m->d;
    d->n = n, d->n_x = n_x;
    bool has_offset = d->formula->n_offsets > 0, has_cluster = m->has_cluster || d->frame->person;
    size_t values;
    if (__builtin_mul_overflow(n_x, d->p + !d->p, &values)) return lus_fail_memory(m->err);
    d->x = lus_alloc(values, sizeof *d->x);
    d->exit = lus_alloc(n, sizeof *d->exit);
    d->cause = lus_alloc(n, sizeof *d->cause);
    d->stratum = lus_alloc(n, sizeof *d->stratum);
    d->source = lus_alloc(n, sizeof *d->source);
    d->stratum_begins = lus_alloc_zeroed(d->n_strata + 1, sizeof *d->stratum_begins);
    bool failed = !d->x || !d->exit || !d->cause || !d->stratum || !d->source || !d->stratum_begins;
    if (has_entry) failed |= !(d->entry = lus_alloc(n, sizeof *d->entry));
    if (d->frame->weight) failed |= !(d->weight = lus_alloc(n, sizeof *d->weight));
    if (has_offset) failed |= !(d->offset = lus_alloc_zeroed(n, sizeof *d->offset));
    if (has_cluster) failed |= !(d->cluster = lus_alloc(n, sizeof *d->cluster));
    return failed ? lus_fail_memory(m->err) : LUS_OK;
}

/* The stretches of the frame's rows, before they are sorted. */
struct stretches {
    LUS_ARRAY(struct lus_stretch) at;
};

static int list_stretches(struct making *m, const uint32_t *stratum_of, struct stretches *out)
{
    const struct lus_frame *f = m->d->frame;
    lus_time *cuts;
    size_t n_cuts;
    LUS_TRY(list_cuts(m, &cuts, &n_cuts));
    if (f->n > UINT32_MAX)
        return lus_fail(m->err, LUS_EDATA, "at most %u rows make a model", UINT32_MAX);
    if (LUS_ARRAY_RESERVE(&out->at, f->n) != LUS_OK) return lus_fail_memory(m->err);
    for (size_t i = 0; i < f->n; i++) {
        lus_time entry = f->entry ? f->entry[i] : 0, exit = f->exit[i];
        for (size_t k = 0; k <= n_cuts; k++) {
            bool is_last = k == n_cuts || cuts[k] >= exit;
            if (!is_last && cuts[k] <= entry) continue;
            if (LUS_ARRAY_RESERVE(&out->at, 1) != LUS_OK) return lus_fail_memory(m->err);
            out->at.at[out->at.n++] = (struct lus_stretch){.entry = entry,
                                                           .exit = is_last ? exit : cuts[k],
                                                           .source = (uint32_t)i,
                                                           .stratum = stratum_of[f->stratum[i]],
                                                           .cause = is_last ? f->cause[i] : 0,
                                                           .is_event = is_last && f->cause[i] &&
                                                                       m->event[f->cause[i]]};
            if (is_last) break;
            entry = cuts[k];
        }
    }
    return LUS_OK;
}

/* The end of the interval of at() that a column is of; 0: the last one, or none. */
static lus_time interval_end(const struct lus_design *d, const struct lus_design_column *c,
                             lus_time *begin)
{
    const struct lus_term *term = &d->formula->terms[c->term];
    const struct lus_basis *b = &d->bases[term->parts[0]];
    size_t interval = c->at[0] / b->width;
    *begin = b->n_times && interval ? b->times[interval - 1] : 0;
    return b->n_times && interval < b->n_times ? b->times[interval] : 0;
}

/* People and events by column, of some rows. */
struct column_counts {
    double n, events;
};

/* A person counts where its last stretch is; for a column of at(), its last within the interval. */
static void count_row(const struct lus_design *d, size_t i, bool is_event,
                      struct column_counts *counts)
{
    double w = d->weight ? d->weight[i] : 1;
    bool is_last = d->exit[i] == d->frame->exit[d->source[i]];
    lus_time entry = d->entry ? d->entry[i] : 0;
    const double *x = lus_design_x(d, i);
    if (is_last) counts[d->p].n += w; /* of all */
    if (is_event) counts[d->p].events += w;
    for (size_t j = 0; j < d->p; j++) {
        const struct lus_design_column *c = &d->columns[j];
        lus_time begin, end = interval_end(d, c, &begin);
        bool is_within = entry >= begin && (!end || d->exit[i] <= end),
             has_it = is_within && (!c->is_level || x[j] != 0);
        if (has_it && (is_last || (end && d->exit[i] == end))) counts[j].n += w;
        if (is_event && has_it) counts[j].events += w;
    }
}

enum { CHUNK = 16384 };

struct filling {
    const struct making *m;
    const struct lus_stretch *at;
    const uint32_t *place;        /* of each stretch among the rows */
    struct column_counts *counts; /* [chunk][p + 1] */
};

static void fill_row(const struct filling *f, size_t k, struct lus_profile_value *values)
{
    struct lus_design *d = f->m->d;
    const struct lus_frame *frame = d->frame;
    const struct lus_formula *form = d->formula;
    const struct lus_stretch *from = &f->at[k];
    size_t i = f->place[k], row = from->source, offsets = form->n_parts + form->n_strata,
           cluster = offsets + form->n_offsets;
    d->exit[i] = from->exit;
    if (d->entry) d->entry[i] = from->entry;
    d->cause[i] = from->cause;
    d->stratum[i] = from->stratum;
    d->source[i] = from->source;
    if (frame->weight)
        d->weight[i] = frame->weight[row]; /* else those of a collapse, which stand */
    for (size_t o = 0; o < form->n_offsets; o++)
        d->offset[i] += d->given[offsets + o].numbers[row];
    if (f->m->has_cluster) d->cluster[i] = d->given[cluster].level_of[frame->stratum[row]];
    else if (d->cluster) d->cluster[i] = frame->person[row];
    if (d->pattern) return;
    lus_design_values(d, row, values);
    lus_design_row(d, values, from->entry, d->x + i * d->p);
}

static int fill_chunk(void *context, size_t chunk)
{
    const struct filling *f = context;
    struct lus_design *d = f->m->d;
    size_t end = (chunk + 1) * CHUNK < d->n ? (chunk + 1) * CHUNK : d->n;
    struct lus_profile_value *values = lus_alloc(d->formula->n_parts + 1, sizeof *values);
    if (!values) return LUS_ENOMEM;
    for (size_t k = chunk * CHUNK; k < end; k++) { /* read in order, written to few places */
        fill_row(f, k, values);
        if (!d->pattern)
            count_row(d, f->place[k], f->at[k].is_event, f->counts + chunk * (d->p + 1));
    }
    free(values);
    return LUS_OK;
}

static int fill_rows(struct making *m, const struct lus_stretch *at, const uint32_t *place)
{
    struct lus_design *d = m->d;
    const struct lus_frame *f = d->frame;
    size_t n_chunks = d->n / CHUNK + 1,
           cluster = d->formula->n_parts + d->formula->n_strata + d->formula->n_offsets;
    struct filling filling = {m, at, place, NULL};
    filling.counts = lus_alloc_zeroed(n_chunks * (d->p + 1), sizeof *filling.counts);
    int status = filling.counts ? lus_parallel(n_chunks, m->tally->n_threads, fill_chunk, &filling)
                                : LUS_ENOMEM;
    for (size_t c = 0; status == LUS_OK && c < n_chunks * (d->p + 1); c++) {
        size_t j = c % (d->p + 1);
        double *n = j < d->p ? &d->columns[j].n : &d->total_weight,
               *events = j < d->p ? &d->columns[j].events : &d->total_events;
        *n += filling.counts[c].n, *events += filling.counts[c].events;
    }
    for (size_t i = 0; status == LUS_OK && i < d->n; i++)
        d->stratum_begins[d->stratum[i] + 1] = i + 1;
    free(filling.counts);
    d->n_clusters = m->has_cluster ? d->given[cluster].n_levels : f->n_people;
    return status == LUS_OK ? LUS_OK : lus_fail_memory(m->err);
}

/* People and events by column, of rows that share covariates: by pattern first. */
static int count_patterns(struct making *m, const struct lus_stretch *at)
{
    struct lus_design *d = m->d;
    double *n = lus_alloc_zeroed(2 * d->n_x, sizeof *n), *events = n ? n + d->n_x : NULL;
    if (!n) return lus_fail_memory(m->err);
    for (size_t i = 0; i < d->n; i++) {
        n[d->pattern[i]] += d->weight[i];
        if (at[i].is_event) events[d->pattern[i]] += d->weight[i];
    }
    for (size_t k = 0; k < d->n_x; k++) {
        d->total_weight += n[k], d->total_events += events[k];
        for (size_t j = 0; j < d->p; j++) {
            if (d->columns[j].is_level && d->x[k * d->p + j] == 0) continue;
            d->columns[j].n += n[k], d->columns[j].events += events[k];
        }
    }
    free(n);
    return LUS_OK;
}

static int fill_patterns(struct making *m, const uint32_t *first)
{
    struct lus_design *d = m->d;
    struct lus_profile_value *values = lus_alloc(d->formula->n_parts + 1, sizeof *values);
    if (!values) return lus_fail_memory(m->err);
    for (size_t i = 0; i < d->n_x; i++) {
        lus_design_values(d, first[i], values);
        lus_design_row(d, values, 0, d->x + i * d->p);
    }
    free(values);
    return LUS_OK;
}

/* People who are alike as one row, where that makes them much fewer. */
static int make_collapsed(struct making *m, const uint32_t *stratum_of, bool *is_done)
{
    struct lus_design *d = m->d;
    struct lus_collapsed c;
    uint32_t *place = NULL;
    int status = lus_collapse(d->frame, stratum_of, d->n_strata, m->event, &c, is_done);
    if (status == LUS_OK && *is_done && !(place = lus_alloc(c.rows.n, sizeof *place)))
        status = LUS_ENOMEM;
    if (status != LUS_OK) {
        lus_collapsed_free(&c);
        return lus_fail_memory(m->err);
    }
    if (!*is_done) return LUS_OK;
    status = alloc_rows(m, c.rows.n, c.n_patterns, false);
    d->weight = c.counts.at, d->weights_are_copies = true;
    d->pattern = c.patterns.at;
    c.counts.at = NULL, c.patterns.at = NULL;
    if (status == LUS_OK) status = fill_patterns(m, c.first_of_pattern);
    for (size_t i = 0; i < c.rows.n; i++)
        place[i] = (uint32_t)i;
    if (status == LUS_OK) status = fill_rows(m, c.rows.at, place);
    if (status == LUS_OK) status = count_patterns(m, c.rows.at);
    free(place);
    lus_collapsed_free(&c);
    return status;
}

static int make_rows(struct making *m)
{
    struct stretches s = {0};
    uint32_t *stratum_of, *place = NULL;
    bool is_collapsed = false, has_times = false;
    LUS_TRY(number_strata(m, &stratum_of));
    for (size_t i = 0; i < m->d->formula->n_parts; i++)
        has_times |= m->d->bases[i].n_times > 0;
    if (!has_times && !m->keeps_rows && !m->has_cluster && !m->d->formula->n_offsets)
        LUS_TRY(make_collapsed(m, stratum_of, &is_collapsed));
    if (is_collapsed) return LUS_OK;
    int status = list_stretches(m, stratum_of, &s);
    bool has_entry = m->d->frame->entry || s.at.n > m->d->frame->n;
    if (status == LUS_OK && !(place = lus_alloc(s.at.n + 1, sizeof *place)))
        status = lus_fail_memory(m->err);
    if (status == LUS_OK && lus_stretches_place(s.at.at, s.at.n, m->d->n_strata, place) != LUS_OK)
        status = lus_fail_memory(m->err);
    if (status == LUS_OK) status = alloc_rows(m, s.at.n, s.at.n, has_entry);
    if (status == LUS_OK) status = fill_rows(m, s.at.at, place);
    free(place);
    LUS_ARRAY_FREE(&s.at);
    return status;
}

int lus_design_make(struct lus_arena *arena, const struct lus_tally *tally,
                    const struct lus_formula *formula, size_t first, bool has_cluster,
                    bool keeps_rows, const bool *event, struct lus_design *out,
                    struct lus_error *err)
{
    struct making m = {.arena = arena,
                       .tally = tally,
                       .d = out,
                       .err = err,
                       .event = event,
                       .has_cluster = has_cluster,
                       .keeps_rows = keeps_rows};
    *out = (struct lus_design){.formula = formula,
                               .frame = &tally->frame,
                               .given = tally->frame.columns + first,
                               .weights_are_copies = tally->frame.weights_are_copies};
    out->bases = lus_arena_alloc(arena, formula->n_parts + 1, sizeof *out->bases);
    if (!out->bases) return lus_fail_memory(err);
    for (size_t i = 0; i < formula->n_parts; i++)
        LUS_TRY(make_basis(&m, i));
    LUS_TRY(make_columns(&m));
    return make_rows(&m);
}

void lus_design_free(struct lus_design *d)
{
    free(d->x), free(d->entry), free(d->exit), free(d->cause), free(d->weight), free(d->offset);
    free(d->stratum), free(d->cluster), free(d->source), free(d->stratum_begins);
    free(d->pattern);
    *d = (struct lus_design){0};
}
