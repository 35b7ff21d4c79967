#include "tally/count.h"

#include <stdlib.h>

static int add_person(struct lus_counter *c, uint32_t group, lus_time exit, lus_time entry,
                      uint8_t event, int64_t weight)
{
    bool has_weights = c->intake.values.plan->weight != LUS_NO_SLOT;
    int64_t amount = has_weights ? weight : 1;
    if (!amount) return LUS_OK; /* a weight of 0 is nobody */
    LUS_TRY(lus_group_series_add(&c->series, group, event, exit, amount));
    if (entry > 0)
        LUS_TRY(lus_group_series_add(&c->series, group, c->series.n_kinds - 1, entry, amount));
    if (!has_weights) return LUS_OK;
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
    const struct lus_people *p = &c->intake.people;
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

/* The rows of a batch, each worked out in full. */
static int count_rows(struct lus_counter *c, const struct lus_batch *batch, struct lus_error *err)
{
    const struct lus_plan *plan = c->intake.values.plan;
    const struct lus_people *p = &c->intake.people;
    LUS_TRY(lus_intake_take(&c->intake, batch, err));
    lus_intake_count_batch(&c->intake);
    if (plan->demography.asks && keep_persons(c, plan) != LUS_OK) return lus_fail_memory(err);
    if (!plan->has_entry && plan->weight == LUS_NO_SLOT)
        return fail_add(lus_group_series_add_batch(&c->series, &c->intake), err);
    LUS_TRY(fail_add(lus_group_series_reserve(&c->series, lus_n_groups(&c->intake.groups)), err));
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        int status = add_person(c, p->group[i], p->exit[i], p->entry[i], p->event[i],
                                plan->weight == LUS_NO_SLOT ? 0 : p->weight[i]);
        if (status != LUS_OK) return fail_add(status, err);
    }
    return LUS_OK;
}

int lus_count_batch(struct lus_counter *c, int thread, const struct lus_batch *batch,
                    struct lus_error *err)
{
    if (c->fast.is_open && batch->fields->is_indexed)
        return lus_fast_take(&c->fast, &c->intake, &c->series, batch, err);
    if (c->intake.values.plan->id == LUS_NO_SLOT) return count_rows(c, batch, err);
    LUS_TRY(lus_intake_take(&c->intake, batch, err));
    return lus_cohort_take(&c->cohort, &c->intake, thread) == LUS_OK ? LUS_OK
                                                                     : lus_fail_memory(err);
}

int lus_count_chosen(struct lus_counter *c, const struct lus_cohort_row *row, struct lus_error *err)
{
    const struct lus_plan *plan = c->intake.values.plan;
    LUS_TRY(fail_add(lus_group_series_reserve(&c->series, lus_n_groups(&c->intake.groups)), err));
    lus_intake_count_chosen(&c->intake, row);
    if (row->status != LUS_ROW_KEPT) return LUS_OK;
    LUS_TRY(
        fail_add(add_person(c, row->group, row->exit, row->entry, row->event, row->weight), err));
    if (!plan->demography.asks) return LUS_OK;
    struct lus_person person = {
        row->entry, row->exit, row->age, row->date, 1, row->life, lus_is_event(plan, row->event)};
    return fail_add(keep_person(c, plan, row->group, row->weight, &person), err);
}

int lus_counter_init(struct lus_counter *c, const struct lus_plan *plan, struct lus_error *err)
{
    *c = (struct lus_counter){.series = lus_group_series_of(plan)};
    LUS_TRY(lus_intake_init(&c->intake, plan, err));
    return lus_fast_init(&c->fast, plan) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_counter_close(struct lus_counter *c, struct lus_error *err)
{
    return fail_add(lus_fast_pour(&c->fast, &c->intake, &c->series), err);
}

void lus_counter_free(struct lus_counter *c)
{
    lus_group_series_free(&c->series);
    LUS_ARRAY_FREE(&c->rows);
    LUS_ARRAY_FREE(&c->people);
    for (size_t i = 0; i < c->persons.n; i++)
        lus_person_list_free(&c->persons.at[i]);
    LUS_ARRAY_FREE(&c->persons);
    lus_cohort_free(&c->cohort);
    lus_fast_free(&c->fast);
    lus_intake_free(&c->intake);
}
