#include "people/selection.h"

#include <stdlib.h>

int lus_selection_init(struct lus_selection *s, const struct lus_plan *plan)
{
    *s = (struct lus_selection){.n_keys = plan->n_keys + plan->n_wanted};
    s->no_factor = lus_alloc_zeroed(s->n_keys + 1, sizeof *s->no_factor);
    return s->no_factor ? LUS_OK : LUS_ENOMEM;
}

void lus_selection_free(struct lus_selection *s)
{
    free(s->no_factor);
    *s = (struct lus_selection){0};
}

void lus_selection_count(struct lus_selection *s, uint8_t status, uint64_t n)
{
    if (status >= LUS_ROW_NO_FACTOR) s->no_factor[status - LUS_ROW_NO_FACTOR] += n;
    else s->status[status] += n;
}

bool lus_selection_count_bad(struct lus_selection *s, uint8_t reason, uint64_t row)
{
    s->bad[reason]++;
    if (s->first_bad.is_set && s->first_bad.row < row) return false;
    s->first_bad.is_set = true;
    s->first_bad.row = row;
    return true;
}

static void add_seen(struct lus_seen *sum, const struct lus_seen *other)
{
    if (other->has_closing && (!sum->has_closing || other->closing > sum->closing))
        sum->closing = other->closing;
    sum->has_closing |= other->has_closing;
    sum->zero_times += other->zero_times;
    sum->late_entries += other->late_entries;
    sum->no_time[0] += other->no_time[0], sum->no_time[1] += other->no_time[1];
    sum->has_other_numbers |= other->has_other_numbers;
    sum->has_dates |= other->has_dates;
    sum->has_bare_years |= other->has_bare_years;
    sum->rounded_time |= other->rounded_time;
    sum->year_dates |= other->year_dates;
    sum->month_dates |= other->month_dates;
    sum->fractional_weights |= other->fractional_weights;
}

void lus_selection_add(struct lus_selection *s, const struct lus_selection *other)
{
    for (size_t i = 0; i < LUS_ROW_NO_FACTOR; i++)
        s->status[i] += other->status[i];
    for (size_t i = 0; i < LUS_N_BAD; i++)
        s->bad[i] += other->bad[i];
    for (size_t k = 0; k < s->n_keys; k++)
        s->no_factor[k] += other->no_factor[k];
    if (other->first_bad.is_set &&
        (!s->first_bad.is_set || other->first_bad.row < s->first_bad.row))
        s->first_bad = other->first_bad;
    add_seen(&s->seen, &other->seen);
}

uint64_t lus_selection_n_bad(const struct lus_selection *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < LUS_N_BAD; i++)
        n += s->bad[i];
    return n;
}

static bool is_overlapping(const struct lus_key *key)
{
    return key->factor && key->factor->kind == LUS_FACTOR_ANY_OF;
}

static void add_rule(struct lus_rules *rules, const char *name, uint64_t left_out, bool always)
{
    if (left_out || always)
        rules->at[rules->n++] = (struct lus_rule){.name = name ? name : "?", .left_out = left_out};
}

static void add_missing(struct lus_rules *rules, struct lus_arena *arena, const char *what,
                        bool is_of_by, uint64_t left_out, bool always)
{
    size_t n = rules->n;
    add_rule(rules, lus_arena_print(arena, "missing %s", what), left_out, always);
    if (rules->n > n) rules->at[n].is_missing = true, rules->at[n].is_of_by = is_of_by;
}

/* The rows that lack a key's value, or of whom none of its levels holds. */
static void add_key_rule(struct lus_rules *rules, struct lus_arena *arena,
                         const struct lus_plan *plan, size_t k, uint64_t left_out)
{
    const struct lus_key *key = &plan->keys[k];
    if (key->factor && key->factor->kind == LUS_FACTOR_AGE && key->factor->cuts[0] > 0)
        add_rule(rules, lus_arena_print(arena, "younger than %g", key->factor->cuts[0]), left_out,
                 true);
    else if (is_overlapping(key))
        add_rule(rules, lus_arena_print(arena, "in no level of %s", key->name), left_out,
                 !key->keeps_missing);
    else add_missing(rules, arena, key->name, k < plan->n_by, left_out, !key->keeps_missing);
}

int lus_selection_rules(const struct lus_selection *s, const struct lus_plan *plan,
                        struct lus_arena *arena, struct lus_rules *out, struct lus_error *err)
{
    static const char *const bad[LUS_N_BAD] = {
        [LUS_BAD_NUMBER] = "bad: not a number",
        [LUS_BAD_LARGE] = "bad: too large",
        [LUS_BAD_NEGATIVE] = "bad: negative time",
        [LUS_BAD_LONG] = "bad: longer than 130 years",
        [LUS_BAD_BEFORE_ORIGIN] = "bad: exit before origin",
        [LUS_BAD_ENTRY_BEFORE_ORIGIN] = "bad: entry before origin",
        [LUS_BAD_EXIT_BEFORE_ENTRY] = "bad: exit not after entry",
        [LUS_BAD_DATE] = "bad: a date without an origin",
        [LUS_BAD_MIXED] = "bad: a date beside a number",
        [LUS_BAD_EVENT] = "bad: unknown event",
        [LUS_BAD_WEIGHT] = "bad: negative weight",
        [LUS_BAD_RAGGED] = "bad: number of fields",
        [LUS_BAD_AGE] = "bad: age",
        [LUS_BAD_BIRTH] = "bad: date of birth",
        [LUS_BAD_SEX] = "bad: sex",
        [LUS_BAD_SEX_OF_TABLE] = "bad: sex is not in the life table",
        [LUS_BAD_YEAR] = "bad: date",
        [LUS_BAD_LIFE] = "bad: not in the life table"};
    out->n = 0;
    out->at = lus_arena_alloc(arena, LUS_ROW_NO_FACTOR + LUS_N_BAD + s->n_keys, sizeof *out->at);
    if (!out->at) return lus_fail_memory(err);
    add_rule(out, "where", s->status[LUS_ROW_WHERE], plan->where != NULL);
    add_missing(out, arena, "time", false, s->status[LUS_ROW_NO_TIME], !plan->without_time);
    add_rule(
        out,
        lus_arena_print(arena, "no %s", plan->recipe.time.from ? plan->recipe.time.from : "origin"),
        s->status[LUS_ROW_NO_ORIGIN], plan->origin != LUS_NO_SLOT && !plan->without_time);
    add_missing(out, arena, "entry", false, s->status[LUS_ROW_NO_ENTRY], plan->has_entry);
    add_missing(out, arena, "event", false, s->status[LUS_ROW_NO_EVENT], !plan->without_time);
    add_missing(out, arena, "weight", false, s->status[LUS_ROW_NO_WEIGHT],
                plan->weight != LUS_NO_SLOT);
    if (plan->demography.asks) {
        add_missing(out, arena, "age", false, s->status[LUS_ROW_NO_AGE], true);
        add_missing(out, arena, "sex", false, s->status[LUS_ROW_NO_SEX],
                    plan->demography.sex != LUS_NO_SLOT);
        add_missing(out, arena, "date of diagnosis", false, s->status[LUS_ROW_NO_DATE], true);
        add_missing(out, arena, "factor of the life table", false, s->status[LUS_ROW_NO_LIFE],
                    plan->demography.asks->n_keys > 0);
        add_rule(out, "not diagnosed in the years asked", s->status[LUS_ROW_NOT_DIAGNOSED],
                 plan->demography.to != 0);
    }
    add_rule(out, "other rows of the same patient", s->status[LUS_ROW_OTHER_ROW],
             plan->id != LUS_NO_SLOT && !plan->joins_rows);
    add_rule(out, "joined to the row before, of the same person", s->status[LUS_ROW_JOINED],
             plan->joins_rows);
    for (size_t i = 1; i < LUS_N_BAD; i++)
        add_rule(out, bad[i], s->bad[i], false);
    add_rule(out, "not followed at the landmark", s->status[LUS_ROW_LANDMARK], plan->landmark >= 0);
    for (size_t k = 0; k < plan->n_keys; k++)
        add_key_rule(out, arena, plan, k, s->no_factor[k]);
    for (size_t i = 0; i < plan->n_wanted; i++)
        if (plan->wanted[i].is_number)
            add_missing(out, arena, plan->wanted[i].name, false, s->no_factor[plan->n_keys + i],
                        true);
    return LUS_OK;
}
