#include "tally/count.h"

#include <stdlib.h>

/* Room for the series of every group that the worker knows. */
static int reserve_series(struct lus_counter *c)
{
    size_t n = lus_worker_n_groups(&c->worker) * c->n_series;
    if (n <= c->series.n) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&c->series, n - c->series.n));
    memset(c->series.at + c->series.n, 0, (n - c->series.n) * sizeof *c->series.at);
    c->series.n = n;
    return LUS_OK;
}

/* The people of a batch, one each, nobody late. */
static int add_plainly(struct lus_counter *c, const struct lus_grid *grid)
{
    const struct lus_people *p = &c->worker.people;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        LUS_TRY(lus_series_add(&c->series.at[(size_t)p->group[i] * c->n_series + p->event[i]], grid,
                               p->exit[i], 1));
    }
    return LUS_OK;
}

static int add_person(struct lus_counter *c, const struct lus_plan *plan,
                      const struct lus_grid *grid, uint32_t group, lus_time exit, lus_time entry,
                      uint8_t event, int64_t weight)
{
    size_t first = (size_t)group * c->n_series;
    int64_t amount = plan->weight == LUS_NO_SLOT ? 1 : weight;
    if (!amount) return LUS_OK; /* a weight of 0 is nobody */
    LUS_TRY(lus_series_add(&c->series.at[first + event], grid, exit, amount));
    if (entry > 0)
        LUS_TRY(lus_series_add(&c->series.at[first + c->n_series - 1], grid, entry, amount));
    if (plan->weight == LUS_NO_SLOT) return LUS_OK;
    while (c->people.n <= group) {
        LUS_TRY(LUS_ARRAY_RESERVE(&c->people, 1));
        c->people.at[c->people.n++] = 0;
    }
    c->people.at[group]++;
    LUS_TRY(LUS_ARRAY_RESERVE(&c->rows, 1));
    c->rows.at[c->rows.n++] = (struct lus_weighted_row){group, event, entry, exit, weight};
    return LUS_OK;
}

/* A person with what the life table asks. Weights that are not whole make no persons; whoever asks
 * refuses them. */
static int keep_person(struct lus_counter *c, const struct lus_plan *plan, uint32_t group,
                       int64_t weight, struct lus_person *person)
{
    if (plan->weight != LUS_NO_SLOT) person->count = (uint32_t)(weight / 1000000000);
    if (plan->ignores_entry) person->entry = 0;
    if (!person->count) return LUS_OK;
    while (c->persons.n <= group) {
        LUS_TRY(LUS_ARRAY_RESERVE(&c->persons, 1));
        c->persons.at[c->persons.n++] = (struct lus_person_list){0};
    }
    return lus_person_list_add(&c->persons.at[group], person);
}

static int keep_persons(struct lus_counter *c, const struct lus_plan *plan)
{
    const struct lus_people *p = &c->worker.people;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        struct lus_person person = {p->entry[i],
                                    p->exit[i],
                                    p->age[i],
                                    p->date[i],
                                    1,
                                    p->life[i],
                                    lus_is_event(plan, p->event[i])};
        LUS_TRY(keep_person(c, plan, p->group[i], plan->weight == LUS_NO_SLOT ? 0 : p->weight[i],
                            &person));
    }
    return LUS_OK;
}

static int fail_add(int status, struct lus_error *err)
{
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "the weights add up to more than 9e9; scale them down");
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_count_rows(struct lus_counter *c, const struct lus_plan *plan, const struct lus_grid *grid,
                   const struct lus_batch *batch, struct lus_error *err)
{
    const struct lus_people *p = &c->worker.people;
    LUS_TRY(lus_worker_take(&c->worker, batch, err));
    lus_worker_count_batch(&c->worker);
    if (reserve_series(c) != LUS_OK) return lus_fail_memory(err);
    if (plan->demography.asks && keep_persons(c, plan) != LUS_OK) return lus_fail_memory(err);
    if (!plan->has_entry && plan->weight == LUS_NO_SLOT) return fail_add(add_plainly(c, grid), err);
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        int status = add_person(c, plan, grid, p->group[i], p->exit[i], p->entry[i], p->event[i],
                                plan->weight == LUS_NO_SLOT ? 0 : p->weight[i]);
        if (status != LUS_OK) return fail_add(status, err);
    }
    return LUS_OK;
}

int lus_count_batch(struct lus_counter *c, const struct lus_plan *plan, const struct lus_grid *grid,
                    int thread, const struct lus_batch *batch, struct lus_error *err)
{
    if (c->bins.are_open && batch->fields->is_indexed)
        return lus_bins_take(c, plan, grid, batch, err);
    if (plan->id == LUS_NO_SLOT) return lus_count_rows(c, plan, grid, batch, err);
    LUS_TRY(lus_worker_take(&c->worker, batch, err));
    return lus_cohort_take(&c->cohort, &c->worker, thread) == LUS_OK ? LUS_OK
                                                                     : lus_fail_memory(err);
}

int lus_count_chosen(struct lus_counter *c, const struct lus_plan *plan,
                     const struct lus_grid *grid, const struct lus_cohort_row *row,
                     struct lus_error *err)
{
    if (reserve_series(c) != LUS_OK) return lus_fail_memory(err);
    lus_worker_count_chosen(&c->worker, row);
    if (row->status != LUS_ROW_KEPT) return LUS_OK;
    LUS_TRY(fail_add(
        add_person(c, plan, grid, row->group, row->exit, row->entry, row->event, row->weight),
        err));
    if (!plan->demography.asks) return LUS_OK;
    struct lus_person person = {
        row->entry, row->exit, row->age, row->date, 1, row->life, lus_is_event(plan, row->event)};
    return fail_add(keep_person(c, plan, row->group, row->weight, &person), err);
}

int lus_counter_init(struct lus_counter *c, const struct lus_plan *plan, struct lus_error *err)
{
    *c = (struct lus_counter){.n_series = plan->n_causes + 2};
    LUS_TRY(lus_worker_init(&c->worker, plan, err));
    return lus_bins_init(&c->bins, plan) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_counter_close(struct lus_counter *c, const struct lus_grid *grid, struct lus_error *err)
{
    return fail_add(lus_bins_pour(c, grid), err);
}

void lus_counter_free(struct lus_counter *c)
{
    for (size_t i = 0; i < c->series.n; i++)
        lus_series_free(&c->series.at[i]);
    LUS_ARRAY_FREE(&c->series);
    LUS_ARRAY_FREE(&c->rows);
    LUS_ARRAY_FREE(&c->people);
    for (size_t i = 0; i < c->persons.n; i++)
        lus_person_list_free(&c->persons.at[i]);
    LUS_ARRAY_FREE(&c->persons);
    lus_cohort_free(&c->cohort);
    lus_bins_free(&c->bins);
    lus_worker_free(&c->worker);
}
