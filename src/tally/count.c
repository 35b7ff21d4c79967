#include "tally/count.h"

#include <stdio.h>
#include <stdlib.h>

static int count_weighted(struct lus_counter *c, uint32_t group)
{
    while (c->people.n <= group) {
        LUS_TRY(LUS_ARRAY_RESERVE(&c->people, 1));
        c->people.at[c->people.n++] = 0;
    }
    c->people.at[group]++;
    return LUS_OK;
}

static int keep_row(struct lus_counter *c, uint32_t group, const struct lus_person *person)
{
    while (c->rows.n <= group) {
        LUS_TRY(LUS_ARRAY_RESERVE(&c->rows, 1));
        c->rows.at[c->rows.n++] = (struct lus_cohort_list){0};
    }
    return lus_cohort_list_add(&c->rows.at[group], person);
}

/* One person, into the series and, where somebody needs rows, to the rows of the group. */
static int add_person(struct lus_counter *c, uint32_t group, struct lus_person person)
{
    const struct lus_plan *plan = c->intake.values.plan;
    bool has_weights = plan->weight != LUS_NO_SLOT;
    int64_t amount = has_weights ? person.weight : 1;
    if (!amount) return LUS_OK; /* a weight of 0 is nobody */
    LUS_TRY(lus_group_series_add(&c->series, group, person.cause, person.exit, amount));
    if (person.entry > 0)
        LUS_TRY(
            lus_group_series_add(&c->series, group, c->series.n_kinds - 1, person.entry, amount));
    if (has_weights) LUS_TRY(count_weighted(c, group));
    if (!has_weights && !plan->demography.asks) return LUS_OK;
    if (plan->ignores_entry) person.entry = 0;
    return keep_row(c, group, &person);
}

/* Those of a batch whose values are wanted. */
static int keep_people(struct lus_counter *c)
{
    const struct lus_intake *in = &c->intake;
    const struct lus_plan *plan = in->values.plan;
    double *numbers = lus_alloc(lus_n_wanted_numbers(plan) + 1, sizeof *numbers);
    int status = numbers ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < in->people.n && status == LUS_OK; i++) {
        if (in->people.status[i] != LUS_ROW_KEPT) continue;
        struct lus_person person = lus_intake_person(in, i);
        if (plan->weight != LUS_NO_SLOT && !person.weight) continue; /* nobody */
        lus_wanted_numbers(&in->values, i, numbers);
        status = lus_frame_list_add(&c->people_kept, plan, in->people.group[i], &person,
                                    in->values.batch->first_row + i, numbers);
    }
    free(numbers);
    return status;
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
    if (plan->keeps_people) return fail_add(keep_people(c), err);
    if (!plan->has_entry && plan->weight == LUS_NO_SLOT && !plan->demography.asks)
        return fail_add(lus_group_series_add_batch(&c->series, &c->intake), err);
    LUS_TRY(fail_add(lus_group_series_reserve(&c->series, lus_n_groups(&c->intake.groups)), err));
    for (size_t i = 0; i < p->n; i++)
        if (p->status[i] == LUS_ROW_KEPT)
            LUS_TRY(fail_add(add_person(c, p->group[i], lus_intake_person(&c->intake, i)), err));
    return LUS_OK;
}

/* The ids of the kept rows among the first, by their hashes: enough of them to tell whether rows
 * are people. */
static int take_ids(struct lus_counter *c, const struct lus_batch *batch)
{
    const struct lus_plan *plan = c->intake.values.plan;
    const struct lus_people *p = &c->intake.people;
    LUS_TRY(LUS_ARRAY_RESERVE(&c->ids, p->n));
    for (size_t i = 0; i < p->n && batch->first_row + i < LUS_WATCHED_ROWS; i++) {
        struct lus_text id = lus_field_at(batch->fields, plan->id_field, i);
        if (p->status[i] != LUS_ROW_KEPT) continue;
        if (id.n && !lus_is_unknown_word(id)) c->ids.at[c->ids.n++] = lus_text_hash(id);
        else c->n_without_id++;
    }
    return LUS_OK;
}

int lus_count_batch(struct lus_counter *c, int thread, const struct lus_batch *batch,
                    struct lus_error *err)
{
    const struct lus_plan *plan = c->intake.values.plan;
    bool is_watched = plan->id_column && batch->first_row < LUS_WATCHED_ROWS;
    if (is_watched && plan->id == LUS_NO_SLOT) {
        LUS_TRY(count_rows(c, batch, err));
        return take_ids(c, batch) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    }
    if (c->fast.is_open && batch->fields->is_indexed)
        return lus_fast_take(&c->fast, &c->intake, &c->series, batch, err);
    if (plan->id == LUS_NO_SLOT) return count_rows(c, batch, err);
    LUS_TRY(lus_intake_take(&c->intake, batch, err));
    return lus_candidates_take(&c->candidates, &c->intake, thread) == LUS_OK ? LUS_OK
                                                                             : lus_fail_memory(err);
}

int lus_count_chosen(struct lus_counter *c, const struct lus_candidate *row, struct lus_error *err)
{
    struct lus_selection *s = &c->intake.selection;
    LUS_TRY(fail_add(lus_group_series_reserve(&c->series, lus_n_groups(&c->intake.groups)), err));
    lus_intake_count_person(&c->intake, row->status, row->level, row->person.exit,
                            row->person.entry, row->person.weight);
    if (row->status == LUS_ROW_BAD && lus_selection_count_bad(s, row->bad, row->row))
        (void)snprintf(s->first_bad.message, sizeof s->first_bad.message, "%s", row->message);
    if (row->status != LUS_ROW_KEPT) return LUS_OK;
    const struct lus_plan *plan = c->intake.values.plan;
    if (plan->keeps_people && plan->weight != LUS_NO_SLOT && !row->person.weight) return LUS_OK;
    if (plan->keeps_people)
        return fail_add(lus_frame_list_add(&c->people_kept, plan, row->group, &row->person,
                                           row->row, row->numbers),
                        err);
    return fail_add(add_person(c, row->group, row->person), err);
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
    for (size_t i = 0; i < c->rows.n; i++)
        lus_cohort_list_free(&c->rows.at[i]);
    LUS_ARRAY_FREE(&c->rows);
    LUS_ARRAY_FREE(&c->people);
    LUS_ARRAY_FREE(&c->ids);
    lus_frame_list_free(&c->people_kept);
    lus_candidates_free(&c->candidates);
    lus_fast_free(&c->fast);
    lus_intake_free(&c->intake);
}
