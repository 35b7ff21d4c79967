#include "tally/frame.h"

#include <stdlib.h>

#include "tally/gather.h"

struct framing {
    struct lus_tally *tally;
    const struct lus_plan *plan;
    struct lus_counter *counters;
    size_t n;
    uint32_t *const *stratum_of;
    struct lus_frame *frame;
    double *numbers; /* [wanted number][person] */
    size_t n_numbers;
};

static int alloc_arrays(struct framing *g)
{
    struct lus_frame *f = g->frame;
    const struct lus_plan *plan = g->plan;
    size_t n = f->n + 1;
    f->exit = lus_alloc(n, sizeof *f->exit);
    f->cause = lus_alloc(n, sizeof *f->cause);
    f->stratum = lus_alloc(n, sizeof *f->stratum);
    f->row = lus_alloc(n, sizeof *f->row);
    if (!f->exit || !f->cause || !f->stratum || !f->row) return LUS_ENOMEM;
    if (plan->has_entry && !(f->entry = lus_alloc(n, sizeof *f->entry))) return LUS_ENOMEM;
    if (plan->weight != LUS_NO_SLOT && !(f->weight = lus_alloc(n, sizeof *f->weight)))
        return LUS_ENOMEM;
    if (plan->id != LUS_NO_SLOT && !(f->person = lus_alloc(n, sizeof *f->person)))
        return LUS_ENOMEM;
    g->numbers = lus_alloc(g->n_numbers * n + 1, sizeof *g->numbers);
    return g->numbers ? LUS_OK : LUS_ENOMEM;
}

/* The k-th person of a thread's list becomes the i-th. */
static void put_person(const struct framing *g, size_t thread, size_t k, size_t i)
{
    struct lus_frame *f = g->frame;
    const struct lus_frame_list *list = &g->counters[thread].people_kept;
    f->exit[i] = list->exit.at[k];
    f->cause[i] = list->cause.at[k];
    f->row[i] = list->row.at[k];
    f->stratum[i] = g->stratum_of[thread][list->group.at[k]];
    if (f->entry) f->entry[i] = list->entry.at[k];
    if (f->weight) f->weight[i] = (double)list->weight.at[k] / 1e9;
    if (f->person) f->person[i] = list->person.at[k];
    for (size_t c = 0; c < g->n_numbers; c++)
        g->numbers[c * f->n + i] = list->numbers.at[k * g->n_numbers + c];
}

struct place {
    uint64_t row;
    size_t thread, k;
};

static int by_row(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* Chosen rows come in the order of their persons. */
static int put_sorted(const struct framing *g)
{
    struct place *places = lus_alloc(g->frame->n + 1, sizeof *places);
    size_t n = 0;
    if (!places) return LUS_ENOMEM;
    for (size_t t = 0; t < g->n; t++)
        for (size_t k = 0; k < g->counters[t].people_kept.row.n; k++)
            places[n++] = (struct place){g->counters[t].people_kept.row.at[k], t, k};
    qsort(places, n, sizeof *places, by_row);
    for (size_t i = 0; i < n; i++)
        put_person(g, places[i].thread, places[i].k, i);
    free(places);
    return LUS_OK;
}

/* Each thread's rows ascend: the next is the least of their fronts. */
static int put_merged(const struct framing *g)
{
    size_t *at = lus_alloc_zeroed(g->n + 1, sizeof *at), done = 0;
    if (!at) return LUS_ENOMEM;
    while (done < g->frame->n) {
        size_t first = SIZE_MAX;
        uint64_t least = UINT64_MAX, next = UINT64_MAX;
        for (size_t t = 0; t < g->n; t++) {
            const struct lus_frame_list *list = &g->counters[t].people_kept;
            if (at[t] == list->row.n) continue;
            uint64_t row = list->row.at[at[t]];
            if (row < least) next = least, least = row, first = t;
            else if (row < next) next = row;
        }
        const struct lus_frame_list *list = &g->counters[first].people_kept;
        while (at[first] < list->row.n && list->row.at[at[first]] < next)
            put_person(g, first, at[first]++, done++);
    }
    free(at);
    return LUS_OK;
}

/* Strata that nobody is in go; the others keep their order. */
static int drop_empty(struct framing *g)
{
    struct lus_tally *tally = g->tally;
    uint32_t *number = lus_alloc_zeroed(tally->n_strata + 1, sizeof *number);
    size_t kept = 0;
    if (!number) return LUS_ENOMEM;
    for (size_t i = 0; i < g->frame->n; i++)
        tally->strata[g->frame->stratum[i]].n_people++;
    for (size_t i = 0; i < tally->n_strata; i++) {
        if (!(tally->strata[i].n_people > 0)) continue;
        number[i] = (uint32_t)kept;
        tally->strata[kept++] = tally->strata[i];
    }
    for (size_t i = 0; i < g->frame->n; i++)
        g->frame->stratum[i] = number[g->frame->stratum[i]];
    g->frame->n_strata = tally->n_strata = kept;
    free(number);
    return LUS_OK;
}

struct level {
    const char *text; /* NULL: missing */
    long place;
};

static int by_level(const void *a, const void *b)
{
    const struct level *x = a, *y = b;
    if (!x->text || !y->text) return (x->text == NULL) - (y->text == NULL);
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return lus_text_order(lus_text_of(x->text), lus_text_of(y->text));
}

int lus_frame_levels(const struct lus_tally *tally, size_t key, struct lus_frame_column *out)
{
    struct lus_arena *arena = &tally->memory->arena;
    size_t n = tally->n_strata;
    struct level *levels = lus_alloc(n + 1, sizeof *levels);
    const char **texts = lus_arena_alloc(arena, n + 1, sizeof *texts);
    uint32_t *level_of = lus_arena_alloc(arena, n + 1, sizeof *level_of);
    int status = levels && texts && level_of ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) {
        for (size_t i = 0; i < n; i++)
            levels[i] = (struct level){tally->strata[i].levels[key], tally->strata[i].places[key]};
        if (n) qsort(levels, n, sizeof *levels, by_level);
        for (size_t i = 0; i < n; i++)
            if (!i || by_level(&levels[out->n_levels - 1], &levels[i]) != 0)
                levels[out->n_levels] = levels[i],
                texts[out->n_levels++] = levels[i].text ? levels[i].text : "missing";
        for (size_t i = 0; i < n; i++) {
            struct level own = {tally->strata[i].levels[key], tally->strata[i].places[key]};
            const struct level *found = bsearch(&own, levels, out->n_levels, sizeof own, by_level);
            level_of[i] = (uint32_t)(found - levels);
        }
    }
    free(levels);
    out->levels = texts, out->level_of = level_of;
    return status;
}

static int describe_columns(struct framing *g)
{
    struct lus_arena *arena = &g->tally->memory->arena;
    const struct lus_plan *plan = g->plan;
    struct lus_frame_column *columns = lus_arena_alloc(arena, plan->n_wanted + 1, sizeof *columns);
    if (!columns) return LUS_ENOMEM;
    for (size_t k = 0, number = 0; k < plan->n_wanted; k++) {
        const struct lus_plan_wanted *wanted = &plan->wanted[k];
        struct lus_frame_column *c = &columns[k];
        c->name = lus_arena_copy(arena, wanted->name, strlen(wanted->name));
        if (!c->name) return LUS_ENOMEM;
        c->label = wanted->is_number ? c->name : g->tally->labels[wanted->index];
        c->is_number = wanted->is_number;
        c->is_ordered = wanted->is_number || g->tally->is_ordered[wanted->index];
        if (wanted->is_number) c->numbers = g->numbers + number++ * g->frame->n;
        else LUS_TRY(lus_frame_levels(g->tally, wanted->index, c));
    }
    g->frame->columns = columns;
    g->frame->n_columns = plan->n_wanted;
    return LUS_OK;
}

/* Persons as they are left, from 0. */
static int number_people(struct lus_frame *f)
{
    uint32_t most = 0, next = 0;
    f->n_people = f->n;
    for (size_t i = 0; f->person && i < f->n; i++)
        most = f->person[i] > most ? f->person[i] : most;
    if (!f->person) return LUS_OK;
    uint32_t *number = lus_alloc_zeroed((size_t)most + 1, sizeof *number);
    if (!number) return LUS_ENOMEM;
    for (size_t i = 0; i < f->n; i++) {
        if (!number[f->person[i]]) number[f->person[i]] = ++next;
        f->person[i] = number[f->person[i]] - 1;
    }
    f->n_people = next;
    free(number);
    return LUS_OK;
}

int lus_frame_gather(struct lus_tally *tally, const struct lus_plan *plan,
                     struct lus_counter *counters, size_t n, uint32_t *const *stratum_of)
{
    struct framing g = {.tally = tally,
                        .plan = plan,
                        .counters = counters,
                        .n = n,
                        .stratum_of = stratum_of,
                        .frame = &tally->frame,
                        .n_numbers = lus_n_wanted_numbers(plan)};
    for (size_t t = 0; t < n; t++)
        tally->frame.n += counters[t].people_kept.exit.n;
    tally->frame.weights_are_copies = tally->has_weights && !tally->has_fractional_weights;
    LUS_TRY(alloc_arrays(&g));
    tally->frame.numbers = g.numbers;
    LUS_TRY(plan->id == LUS_NO_SLOT ? put_merged(&g) : put_sorted(&g));
    for (size_t t = 0; t < n; t++)
        lus_frame_list_free(&counters[t].people_kept);
    LUS_TRY(number_people(&tally->frame));
    LUS_TRY(drop_empty(&g));
    return describe_columns(&g);
}

void lus_frame_free(struct lus_frame *f)
{
    free(f->exit), free(f->entry), free(f->cause), free(f->weight);
    free(f->person), free(f->stratum), free(f->row), free(f->numbers);
    *f = (struct lus_frame){0};
}
