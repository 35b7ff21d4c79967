#include "cohort/frame.h"

#include <stdlib.h>

static int copy_text(struct lus_arena *arena, struct lus_text text, struct lus_text *out)
{
    char *copy = lus_arena_copy(arena, text.p, text.n);
    *out = (struct lus_text){copy, text.n};
    return copy ? LUS_OK : LUS_ENOMEM;
}

struct lus_person lus_intake_person(const struct lus_intake *in, size_t i)
{
    const struct lus_plan *plan = in->values.plan;
    const struct lus_people *p = &in->people;
    struct lus_person person = {.entry = p->entry[i],
                                .exit = p->exit[i],
                                .count = 1,
                                .is_event = p->event[i] <= plan->n_causes &&
                                            lus_is_event(plan, p->event[i]),
                                .cause = p->event[i]};
    if (plan->weight != LUS_NO_SLOT) person.weight = p->weight[i];
    if (plan->demography.asks)
        person.age = p->age[i], person.date = p->date[i], person.life = p->life[i];
    return person;
}

static int take_row(struct lus_candidates *candidates, const struct lus_intake *in, int thread,
                    size_t i)
{
    const struct lus_plan *plan = in->values.plan;
    const struct lus_people *p = &in->people;
    struct lus_candidate row = {.row = in->values.batch->first_row + i,
                                .person = lus_intake_person(in, i),
                                .group = p->group[i],
                                .level = lus_event_level(in, i),
                                .thread = thread,
                                .status = p->status[i]};
    struct lus_text id = lus_field_at(in->values.batch->fields, plan->slots.at[plan->id].field, i);
    /* nobody knows whose row it is: a patient of its own */
    if (lus_is_missing(&plan->slots.at[plan->id], id)) row.id = (struct lus_text){NULL, 0};
    else LUS_TRY(copy_text(&candidates->arena, id, &row.id));
    if (plan->order != LUS_NO_SLOT) {
        struct lus_text order = lus_field_at(in->values.batch->fields,
                                             plan->slots.at[plan->order].field, i);
        if (lus_is_missing(&plan->slots.at[plan->order], order))
            row.order = (struct lus_text){NULL, 0};
        else LUS_TRY(copy_text(&candidates->arena, order, &row.order));
    }
    if (row.status == LUS_ROW_BAD) {
        char message[600];
        lus_intake_bad_message(in, i, message, sizeof message);
        row.bad = p->bad[i].reason;
        row.message = lus_arena_copy(&candidates->arena, message, strlen(message));
        if (!row.message) return LUS_ENOMEM;
    }
    size_t n_numbers = plan->keeps_people ? lus_n_wanted_numbers(plan) : 0;
    if (n_numbers) {
        row.numbers = lus_arena_alloc(&candidates->arena, n_numbers, sizeof *row.numbers);
        if (!row.numbers) return LUS_ENOMEM;
        lus_wanted_numbers(&in->values, i, row.numbers);
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&candidates->rows, 1));
    candidates->rows.at[candidates->rows.n++] = row;
    return LUS_OK;
}

int lus_candidates_take(struct lus_candidates *candidates, struct lus_intake *in, int thread)
{
    for (size_t i = 0; i < in->people.n; i++) {
        uint8_t status = in->people.status[i];
        if (status >= LUS_ROW_WHERE && status < LUS_ROW_OTHER_ROW) lus_intake_count(in, i);
        else LUS_TRY(take_row(candidates, in, thread, i));
    }
    return LUS_OK;
}

/* What is missing comes last. */
static int compare_order(struct lus_text a, struct lus_text b)
{
    if (!a.p || !b.p) return (a.p == NULL) - (b.p == NULL);
    return lus_text_order(a, b);
}

static int by_patient(const void *a, const void *b)
{
    const struct lus_candidate *x = a, *y = b;
    int order = compare_order(x->id, y->id);
    if (!order) order = compare_order(x->order, y->order);
    if (!order) order = (x->row > y->row) - (x->row < y->row);
    return order;
}

void lus_candidates_choose(struct lus_candidate *rows, size_t n, bool keep_last)
{
    if (n) qsort(rows, n, sizeof *rows, by_patient);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && rows[i].id.p && rows[end].id.p &&
               lus_text_equal(rows[end].id, rows[i].id))
            end++;
        size_t chosen = keep_last ? end - 1 : i;
        while (keep_last && chosen > i && !rows[chosen].order.p && rows[i].order.p)
            chosen--; /* a missing order is not the last one */
        for (size_t k = i; k < end; k++)
            if (k != chosen) rows[k].status = LUS_ROW_OTHER_ROW;
        i = end;
    }
}

static int by_entry(const void *a, const void *b)
{
    const struct lus_candidate *x = a, *y = b;
    int order = compare_order(x->id, y->id);
    if (!order) order = (x->status != LUS_ROW_KEPT) - (y->status != LUS_ROW_KEPT);
    if (!order) order = (x->person.entry > y->person.entry) - (x->person.entry < y->person.entry);
    if (!order) order = (x->row > y->row) - (x->row < y->row);
    return order;
}

/* What is wrong with a row behind another of the same person. */
static int check_next(const struct lus_candidate *before, const struct lus_candidate *next,
                      const struct lus_plan *plan, struct lus_error *err)
{
    enum lus_unit unit = plan->recipe.time.unit;
    const char *file = plan->header->file, *column = lus_slot_name(plan, plan->id);
    if (next->person.entry < before->person.exit)
        return lus_fail(
            err, LUS_EDATA,
            "%s: %s \"%.*s\": rows overlap in time, one ends at %.6g and another begins "
            "at %.6g; `one_row_per:` in a recipe takes one row of each person, --id none "
            "takes each row as one",
            file, column, (int)next->id.n, next->id.p, lus_time_in(before->person.exit, unit),
            lus_time_in(next->person.entry, unit));
    if (!before->person.is_event) return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: %s \"%.*s\": a row follows the event at %.6g; of events that come again "
                    "one is wanted: `where:` or `one_row_per:` in a recipe",
                    file, column, (int)next->id.n, next->id.p,
                    lus_time_in(before->person.exit, unit));
}

int lus_candidates_join(struct lus_candidate *rows, size_t n, const struct lus_plan *plan,
                        struct lus_error *err)
{
    if (n) qsort(rows, n, sizeof *rows, by_entry);
    for (size_t i = 1; i < n; i++) {
        struct lus_candidate *before = &rows[i - 1], *next = &rows[i];
        bool are_one = before->id.p && next->id.p && lus_text_equal(before->id, next->id) &&
                       before->status == LUS_ROW_KEPT && next->status == LUS_ROW_KEPT;
        if (!are_one) continue;
        LUS_TRY(check_next(before, next, plan, err));
        if (plan->keeps_people) continue;
        if (before->group != next->group || before->person.exit != next->person.entry ||
            before->person.weight != next->person.weight)
            continue;
        /* age, date and place in the life table are those at the origin: of the first row */
        next->person.entry = before->person.entry;
        next->person.age = before->person.age, next->person.date = before->person.date;
        next->person.life = before->person.life;
        before->status = LUS_ROW_JOINED;
    }
    return LUS_OK;
}

void lus_candidates_number(struct lus_candidate *rows, size_t n)
{
    uint32_t number = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_same = i && rows[i].id.p && rows[i - 1].id.p &&
                       lus_text_equal(rows[i].id, rows[i - 1].id);
        number += i && !is_same;
        rows[i].person.cluster = number;
    }
}

void lus_candidates_free(struct lus_candidates *candidates)
{
    lus_arena_free(&candidates->arena);
    LUS_ARRAY_FREE(&candidates->rows);
    *candidates = (struct lus_candidates){0};
}
