#include "tally/gather.h"

#include <stdlib.h>

#include "support/parallel.h"
#include "tally/frame.h"

/* One thread's group, seen as a stratum: the place of each level among its key's levels, and its
 * text. */
struct part {
    const struct lus_counter *counter;
    uint32_t group;
    struct lus_text *levels; /* p is NULL where missing */
    uint32_t *places;        /* declared order, from 0; UINT32_MAX: by text */
};

struct gathering {
    struct lus_tally *tally;
    const struct lus_plan *plan;
    struct lus_arena *arena;
    size_t n_keys;
    bool keeps_counts;
    LUS_ARRAY(struct part) parts;
    LUS_ARRAY(struct lus_stratum) strata;
    LUS_ARRAY(size_t) begins; /* by stratum: its first part; one more behind the last */
};

static const char *const truth_levels[] = {"no", "yes"};

static void set_level(struct part *part, size_t k, const char *text, size_t place)
{
    part->levels[k] = lus_text_of(text);
    part->places[k] = (uint32_t)place;
}

/* The declared place of a level that a column's factor orders. */
static uint32_t declared_place(const struct lus_factor *factor, struct lus_text level)
{
    for (size_t i = 0; factor && i < factor->n_levels; i++)
        if (lus_text_equal(level, lus_text_of(factor->levels[i]))) return (uint32_t)i;
    return UINT32_MAX;
}

static int add_part(struct gathering *g, const struct lus_counter *counter, uint32_t group,
                    const uint32_t *codes, const uint64_t *masks)
{
    struct part part = {.counter = counter, .group = group};
    part.levels = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *part.levels);
    part.places = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *part.places);
    if (!part.levels || !part.places) return LUS_ENOMEM;
    for (size_t k = 0; k < g->n_keys; k++) {
        part.places[k] = UINT32_MAX;
        if (codes[k] == LUS_MISSING_CODE) continue;
        if (k == g->plan->n_keys) {
            set_level(&part, k, truth_levels[codes[k] - 1], codes[k] - 1);
            continue;
        }
        const struct lus_key *key = &g->plan->keys[k];
        if (key->factor && key->factor->kind == LUS_FACTOR_ANY_OF) {
            size_t level = (size_t)__builtin_ctzll(masks[k]);
            set_level(&part, k, key->factor->levels[level], level);
        } else if (key->factor && key->factor->kind != LUS_FACTOR_COLUMN) {
            set_level(&part, k, key->factor->levels[codes[k] - 1], codes[k] - 1);
        } else {
            struct lus_operand operand = {.is_factor = key->factor != NULL, .index = key->index};
            part.levels[k] = lus_text_of_code(&counter->intake.values, &operand, codes[k]);
            part.places[k] = declared_place(key->factor, part.levels[k]);
        }
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&g->parts, 1));
    g->parts.at[g->parts.n++] = part;
    return LUS_OK;
}

/* A group whose key overlaps is a part of every stratum whose level is in its mask. */
static int add_group(struct gathering *g, const struct lus_counter *counter, uint32_t group,
                     const uint32_t *codes, uint64_t *masks, size_t k)
{
    while (k < g->plan->n_keys &&
           !(g->plan->keys[k].factor && g->plan->keys[k].factor->kind == LUS_FACTOR_ANY_OF))
        k++;
    if (k >= g->plan->n_keys) return add_part(g, counter, group, codes, masks);
    if (codes[k] == LUS_MISSING_CODE) return add_group(g, counter, group, codes, masks, k + 1);
    for (uint64_t left = counter->intake.groups.masks.at[codes[k] - 1]; left; left &= left - 1) {
        masks[k] = left & -left;
        LUS_TRY(add_group(g, counter, group, codes, masks, k + 1));
    }
    return LUS_OK;
}

static size_t n_groups_of(const struct gathering *g, const struct lus_counter *counter)
{
    return g->plan->keeps_people ? lus_n_groups(&counter->intake.groups)
                                 : counter->series.series.n / counter->series.n_kinds;
}

static int list_parts(struct gathering *g, const struct lus_counter *counters, size_t n)
{
    uint32_t *codes = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *codes);
    uint64_t *masks = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *masks);
    if (!codes || !masks) return LUS_ENOMEM;
    for (size_t t = 0; t < n; t++)
        for (size_t group = 0; group < n_groups_of(g, &counters[t]); group++) {
            if (g->n_keys) lus_group_codes(&counters[t].intake.groups, (uint32_t)group, codes);
            LUS_TRY(add_group(g, &counters[t], (uint32_t)group, codes, masks, 0));
        }
    return LUS_OK;
}

static int by_levels(const void *a, const void *b, void *n_keys)
{
    const struct part *x = a, *y = b;
    for (size_t k = 0; k < *(size_t *)n_keys; k++) {
        bool x_missing = !x->levels[k].p, y_missing = !y->levels[k].p;
        if (x_missing || y_missing) {
            if (x_missing != y_missing) return x_missing ? 1 : -1;
            continue;
        }
        if (x->places[k] != y->places[k]) return x->places[k] < y->places[k] ? -1 : 1;
        int order = lus_text_order(x->levels[k], y->levels[k]);
        if (order) return order;
    }
    return 0;
}

/* The runs of one kind of all parts as one list: a single one is taken over, where no other stratum
 * wants it too. */
static int gather_kind(const struct gathering *g, const struct part *parts, size_t n, size_t kind,
                       struct lus_time_counts *out)
{
    lus_marks merged = {0};
    int status = LUS_OK;
    for (size_t p = 0; p < n && status == LUS_OK; p++) {
        const struct lus_counter *c = parts[p].counter;
        lus_marks *run = &lus_series_of(&c->series, parts[p].group, kind)->run, sum;
        if (n == 1 && !g->tally->overlaps) {
            merged = *run;
            *run = (lus_marks){0};
            break;
        }
        status = lus_marks_merge(&merged, run, &sum);
        LUS_ARRAY_FREE(&merged);
        merged = sum;
    }
    *out = (struct lus_time_counts){merged.n, merged.at};
    return status;
}

static int gather_counts(const struct gathering *g, const struct part *parts, size_t n,
                         struct lus_counts *out)
{
    size_t n_causes = g->tally->n_causes;
    LUS_TRY(lus_counts_init(out, n_causes));
    for (size_t kind = 0; kind < n_causes + 2; kind++)
        LUS_TRY(gather_kind(g, parts, n, kind, lus_counts_of(out, n_causes, kind)));
    /* nobody else asks for them, and memory is soon wanted */
    for (size_t p = 0; p < n && !g->tally->overlaps; p++)
        for (size_t kind = 0; kind < n_causes + 2; kind++)
            lus_series_free(lus_series_of(&parts[p].counter->series, parts[p].group, kind));
    return LUS_OK;
}

/* With weights a stratum's people are not its total. */
static double count_people(const struct part *parts, size_t n)
{
    uint64_t people = 0;
    for (size_t p = 0; p < n; p++)
        if (parts[p].group < parts[p].counter->people.n)
            people += parts[p].counter->people.at[parts[p].group];
    return (double)people;
}

/* Weights that are all whole are counts of people. */
static int as_counts(const struct lus_cohort_list *list, struct lus_cohort_list *out)
{
    for (size_t i = 0; i < lus_cohort_list_n(list); i++) {
        struct lus_person person = lus_cohort_list_at(list, i);
        int64_t left = person.weight / 1000000000;
        person.weight = 0;
        for (; left > 0; left -= person.count) { /* more than a count holds are several rows */
            person.count = left > UINT32_MAX ? UINT32_MAX : (uint32_t)left;
            LUS_TRY(lus_cohort_list_add(out, &person));
        }
    }
    return LUS_OK;
}

/* The rows of all parts as a cohort; with weights that are whole as counts. */
static int gather_cohort(const struct gathering *g, const struct part *parts, size_t n,
                         struct lus_cohort *out)
{
    const struct lus_tally *tally = g->tally;
    bool counts = tally->has_weights && !tally->has_fractional_weights;
    struct lus_cohort_list **lists = lus_alloc(n, sizeof *lists), counted = {0};
    size_t n_lists = 0;
    int status = lists ? LUS_OK : LUS_ENOMEM;
    for (size_t p = 0; p < n && status == LUS_OK; p++) {
        if (parts[p].group >= parts[p].counter->rows.n) continue;
        struct lus_cohort_list *list = &parts[p].counter->rows.at[parts[p].group];
        if (counts) status = as_counts(list, &counted);
        else lists[n_lists++] = list;
    }
    if (counts && lists) lists[n_lists++] = &counted;
    if (status == LUS_OK)
        status = lus_cohort_gather(lists, n_lists, !tally->overlaps, tally->n_threads, out);
    lus_cohort_list_free(&counted);
    free(lists);
    return status;
}

static int build_tables(const struct gathering *g, const struct part *parts, size_t n,
                        struct lus_stratum *stratum)
{
    int status = gather_counts(g, parts, n, &stratum->counts);
    if (status == LUS_OK) status = lus_stratum_tabulate(g->tally, stratum);
    if (status != LUS_OK || !g->keeps_counts) lus_counts_free(&stratum->counts, g->tally->n_causes);
    stratum->n_people = g->tally->has_weights ? count_people(parts, n) : stratum->table.total;
    if (status == LUS_OK && g->tally->has_fractional_weights)
        status = gather_cohort(g, parts, n, &stratum->table.rows);
    else if (status == LUS_OK && g->plan->demography.asks)
        status = gather_cohort(g, parts, n, &stratum->cohort);
    return status;
}

static int name_stratum(struct gathering *g, const struct part *part, struct lus_stratum *stratum)
{
    const char **levels = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *levels);
    long *places = lus_arena_alloc(g->arena, g->n_keys + 1, sizeof *places);
    if (!levels || !places) return LUS_ENOMEM;
    for (size_t k = 0; k < g->n_keys; k++) {
        places[k] = part->places[k] == UINT32_MAX ? -1 : (long)part->places[k];
        if (!part->levels[k].p) continue;
        levels[k] = lus_arena_copy(g->arena, part->levels[k].p, part->levels[k].n);
        if (!levels[k]) return LUS_ENOMEM;
    }
    stratum->levels = levels;
    stratum->places = places;
    return LUS_OK;
}

/* Names the strata, one for each run of equal parts, and remembers where each begins. */
static int list_strata(struct gathering *g)
{
    for (size_t i = 0; i < g->parts.n; i++) {
        if (i && by_levels(&g->parts.at[i - 1], &g->parts.at[i], &g->n_keys) == 0) continue;
        struct lus_stratum stratum = {0};
        LUS_TRY(name_stratum(g, &g->parts.at[i], &stratum));
        LUS_TRY(LUS_ARRAY_RESERVE(&g->strata, 1));
        LUS_TRY(LUS_ARRAY_RESERVE(&g->begins, 2));
        g->strata.at[g->strata.n++] = stratum;
        g->begins.at[g->begins.n++] = i;
        g->begins.at[g->begins.n] = g->parts.n;
    }
    return LUS_OK;
}

static int build_stratum(void *context, size_t i)
{
    const struct gathering *g = context;
    return build_tables(g, &g->parts.at[g->begins.at[i]], g->begins.at[i + 1] - g->begins.at[i],
                        &g->strata.at[i]);
}

/* One series of one counter. */
struct settling {
    struct lus_counter *counters;
    size_t n;
};

static int settle(void *context, size_t i)
{
    const struct settling *s = context;
    for (size_t t = 0; t < s->n; t++) {
        const struct lus_group_series *own = &s->counters[t].series;
        if (i < own->series.n) return lus_series_settle(&own->series.at[i], &own->grid);
        i -= own->series.n;
    }
    return LUS_OK;
}

/* A group whose rows were all left out later makes no stratum. */
static void drop_empty(struct gathering *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->strata.n; i++) {
        if (g->strata.at[i].table.n) g->strata.at[kept++] = g->strata.at[i];
        else lus_stratum_free(g->tally, &g->strata.at[i]);
    }
    g->strata.n = kept;
}

/* The people themselves, each with the number of the stratum that its group became. */
static int gather_people(struct gathering *g, struct lus_counter *counters, size_t n)
{
    uint32_t **stratum_of = lus_arena_alloc(g->arena, n + 1, sizeof *stratum_of);
    if (!stratum_of) return LUS_ENOMEM;
    for (size_t t = 0; t < n; t++) {
        stratum_of[t] = lus_arena_alloc(g->arena, lus_n_groups(&counters[t].intake.groups) + 1,
                                        sizeof **stratum_of);
        if (!stratum_of[t]) return LUS_ENOMEM;
    }
    for (size_t i = 0; i < g->strata.n; i++)
        for (size_t p = g->begins.at[i]; p < g->begins.at[i + 1]; p++)
            stratum_of[g->parts.at[p].counter - counters][g->parts.at[p].group] = (uint32_t)i;
    g->tally->strata = g->strata.at;
    g->tally->n_strata = g->strata.n;
    return lus_frame_gather(g->tally, g->plan, counters, n, stratum_of);
}

int lus_gather(struct lus_tally *tally, const struct lus_plan *plan, struct lus_counter *counters,
               size_t n, bool keeps_counts, struct lus_error *err)
{
    struct gathering g = {.tally = tally,
                          .plan = plan,
                          .arena = &tally->memory->arena,
                          .n_keys = tally->n_keys,
                          .keeps_counts = keeps_counts};
    struct settling settling = {counters, n};
    size_t n_series = 0;
    for (size_t t = 0; t < n; t++)
        n_series += counters[t].series.series.n;
    int status = lus_parallel(n_series, n, settle, &settling);
    if (status == LUS_OK) status = list_parts(&g, counters, n);
    if (status == LUS_OK && g.parts.n)
        qsort_r(g.parts.at, g.parts.n, sizeof *g.parts.at, by_levels, &g.n_keys);
    if (status == LUS_OK) status = list_strata(&g);
    if (status == LUS_OK && plan->keeps_people) status = gather_people(&g, counters, n);
    else if (status == LUS_OK) status = lus_parallel(g.strata.n, n, build_stratum, &g);
    LUS_ARRAY_FREE(&g.parts);
    LUS_ARRAY_FREE(&g.begins);
    if (!plan->keeps_people) drop_empty(&g);
    if (!tally->frame.n) tally->n_strata = g.strata.n; /* a frame has left out its empty ones */
    tally->strata = g.strata.at;
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "the weights add up to more than 9e9; scale them down");
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}
