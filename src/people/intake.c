/* The order of the rules (docs/methods.md, "Who is counted"): where; missing time, origin or event;
 * (one row per patient;) bad rows; missing factor. */
#include "people/intake.h"

#include <math.h>
#include <stdio.h>

int lus_intake_init(struct lus_intake *in, const struct lus_plan *plan, struct lus_error *err)
{
    *in = (struct lus_intake){0};
    LUS_TRY(lus_values_init(&in->values, plan, &in->selection.seen, err));
    LUS_TRY(lus_truths_init(&in->truths, &in->values, err));
    LUS_TRY(lus_grouping_init(&in->groups, plan, err));
    return lus_selection_init(&in->selection, plan) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

void lus_intake_free(struct lus_intake *in)
{
    lus_truths_free(&in->truths); /* while its values still know the plan */
    lus_values_free(&in->values);
    lus_events_free(&in->events);
    lus_life_words_free(&in->life_words);
    lus_grouping_free(&in->groups);
    lus_people_free(&in->people);
    lus_selection_free(&in->selection);
}

static int filter(struct lus_intake *in, struct lus_error *err)
{
    struct lus_people *p = &in->people;
    memset(p->status, LUS_ROW_KEPT, p->n);
    if (!in->values.plan->where) return LUS_OK;
    uint8_t *truth;
    LUS_TRY(lus_evaluate(&in->truths, in->values.plan->where, &truth, err));
    bool any_bad = false;
    for (size_t i = 0; i < p->n; i++) {
        p->status[i] = truth[i] == LUS_TRUE || truth[i] == LUS_BAD ? LUS_ROW_KEPT : LUS_ROW_WHERE;
        any_bad |= truth[i] == LUS_BAD;
    }
    for (size_t i = 0; i < p->n && any_bad; i++)
        if (truth[i] == LUS_BAD)
            lus_people_set_bad(p, i, LUS_BAD_NUMBER,
                               lus_find_bad_slot(&in->values, in->values.plan->where, i));
    lus_truths_release(&in->truths, 0);
    return LUS_OK;
}

static void mark_ragged(struct lus_intake *in)
{
    const struct lus_fields *f = in->values.batch->fields;
    /* before anything else: its columns cannot be trusted */
    for (size_t i = 0; i < f->ragged.n; i++)
        in->people.status[f->ragged.at[i].row] = LUS_ROW_KEPT,
        lus_people_set_bad(&in->people, f->ragged.at[i].row, LUS_BAD_RAGGED, i);
}

/* The numbers that are wanted of everybody. */
static void take_wanted(struct lus_intake *in)
{
    const struct lus_plan *plan = in->values.plan;
    struct lus_people *p = &in->people;
    for (size_t k = 0; k < plan->n_wanted; k++) {
        if (!plan->wanted[k].is_number) continue;
        const double *numbers = in->values.columns[plan->wanted[k].index].numbers;
        for (size_t i = 0; i < p->n; i++) {
            if (!isnan(numbers[i])) continue;
            if (lus_is_bad_number(numbers[i]))
                lus_people_set_bad(p, i, LUS_BAD_NUMBER, plan->wanted[k].index);
            else
                lus_people_set_missing(
                    p, i, (enum lus_status_of_row)(LUS_ROW_NO_FACTOR + plan->n_keys + k));
        }
    }
}

int lus_intake_take(struct lus_intake *in, const struct lus_batch *batch, struct lus_error *err)
{
    struct lus_people *p = &in->people;
    const struct lus_plan *plan = in->values.plan;
    lus_truths_release(&in->truths, 0);
    p->n = batch->fields->n;
    if (lus_people_reserve(p, p->n, plan->demography.asks != NULL) != LUS_OK)
        return lus_fail_memory(err);
    LUS_TRY(lus_values_take(&in->values, batch, err));
    LUS_TRY(lus_levels_take(&in->values, &in->truths, err));
    LUS_TRY(filter(in, err));
    mark_ragged(in);
    LUS_TRY(lus_times_take(&in->values, &in->events, p, err));
    lus_weights_take(&in->values, p);
    LUS_TRY(lus_ages_take(&in->values, &in->life_words, p, err));
    lus_landmark_take(plan, p);
    LUS_TRY(lus_grouping_take(&in->groups, &in->truths, p, err));
    take_wanted(in);
    return LUS_OK;
}

/* A time that nobody is followed for is a code, a date, or of another unit. */
static const char *long_text(const struct lus_intake *in, size_t row, char *room, size_t n)
{
    const struct lus_plan *plan = in->values.plan;
    const char *unit = lus_unit_name(plan->slots.at[plan->exit].unit);
    double years = lus_time_in(in->people.exit[row], LUS_YEARS);
    if (plan->origin != LUS_NO_SLOT)
        (void)snprintf(room, n,
                       "is %.0f years after the origin, and nobody is followed for more "
                       "than 130; a code for unknown? `missing:` in a recipe; or a date "
                       "in another form? `dates:`",
                       years);
    else if (years >= 1800 && years < 2200 && plan->slots.at[plan->exit].unit == LUS_YEARS)
        (void)snprintf(room, n,
                       "looks like a calendar year, not a time from the origin; --from "
                       "and --to take two dates");
    else
        (void)snprintf(room, n,
                       "%s are %.0f years, and nobody is followed for more than 130; a "
                       "code for unknown? `missing: {\"%s\": [..]}` in a recipe; a date? "
                       "--from and --to; another unit? --unit",
                       unit, years, lus_slot_name(plan, plan->exit));
    return room;
}

/* Whether what is bad may be a number with a decimal comma. */
static bool has_comma(const struct lus_intake *in, size_t row)
{
    size_t slot = in->people.bad[row].slot;
    if (slot == LUS_NO_SLOT || in->values.plan->slots.at[slot].has_decimal_comma) return false;
    struct lus_text text = lus_field_at(in->values.batch->fields,
                                        in->values.plan->slots.at[slot].field, row);
    return text.n && memchr(text.p, ',', text.n) != NULL;
}

/* Of a time in several columns, the slot of the one that is there. */
static size_t serving_slot(const struct lus_intake *in, size_t slot, size_t row)
{
    const struct lus_plan *plan = in->values.plan;
    for (;;) {
        const struct lus_slot *s = &plan->slots.at[slot];
        struct lus_text text = lus_field_at(in->values.batch->fields, s->field, row);
        bool is_there = !lus_is_missing(s, text) && !lus_is_unknown_word(text);
        if (is_there || s->otherwise == LUS_NO_SLOT) return slot;
        slot = s->otherwise;
    }
}

static const char *bad_text(const struct lus_intake *in, size_t row, char *room, size_t n)
{
    const struct lus_plan *plan = in->values.plan;
    const struct lus_bad *bad = &in->people.bad[row];
    switch ((enum lus_bad_reason)bad->reason) {
    case LUS_BAD_NUMBER:
        return has_comma(in, row) ? "is not a number; `decimal: \",\"` in a recipe, or --decimal , "
                                    "reads decimal commas"
                                  : "is not a number";
    case LUS_BAD_LARGE: return "is too large for a time or a number";
    case LUS_BAD_NEGATIVE: return "is a negative time; a time runs forward from the origin";
    case LUS_BAD_LONG: return long_text(in, row, room, n);
    case LUS_BAD_BEFORE_ORIGIN: return "lies before the origin";
    case LUS_BAD_ENTRY_BEFORE_ORIGIN:
        return "lies before the origin; `before_origin: clip` in the recipe counts from the origin";
    case LUS_BAD_EXIT_BEFORE_ENTRY:
        return "is not before the exit; whoever enters must be followed for some time";
    case LUS_BAD_DATE: return "is a date; dates need an origin and an exit in a recipe's time";
    case LUS_BAD_MIXED:
        return "and the origin are not of one kind; both are dates, or both are numbers";
    case LUS_BAD_EVENT:
        return "is not 1/0, true/false, yes/no or dead/alive; name the event's level, --event "
               "COL=LEVEL";
    case LUS_BAD_WEIGHT: return "is a negative weight";
    case LUS_BAD_RAGGED:
        (void)snprintf(room, n, "%zu fields, the header has %zu",
                       in->values.batch->fields->ragged.at[bad->slot].n_columns, plan->header->n);
        return room;
    case LUS_BAD_AGE:
        return "is no age; 0 to 130 years are wanted (`age_unit: days` where ages are in days)";
    case LUS_BAD_BIRTH: return "is no date of birth before the date of diagnosis";
    case LUS_BAD_SEX:
        return "is none of the codes for male and female; `population: {male: [..], female: [..]}` "
               "names them";
    case LUS_BAD_SEX_OF_TABLE: return "is a sex that the life table has no rows for";
    case LUS_BAD_YEAR:
        return "is no date; YYYY-MM-DD, YYYY-MM or a year from 1800 to 2199 is wanted";
    case LUS_BAD_LIFE: return "is a level that the life table does not have";
    case LUS_BAD_NONE:
    case LUS_N_BAD: break;
    }
    return "is bad";
}

void lus_intake_bad_message(const struct lus_intake *in, size_t row, char *out, size_t room)
{
    const struct lus_plan *plan = in->values.plan;
    const struct lus_bad *bad = &in->people.bad[row];
    char counted[400];
    const char *text = bad_text(in, row, counted, sizeof counted), *file = in->values.batch->file;
    unsigned long long line = lus_batch_line(in->values.batch, row);
    if (bad->reason == LUS_BAD_RAGGED || bad->slot == LUS_NO_SLOT) {
        (void)snprintf(out, room, "%s:%llu: %s", file, line, text);
        return;
    }
    size_t slot = serving_slot(in, bad->slot, row);
    struct lus_text value = lus_field_at(in->values.batch->fields, plan->slots.at[slot].field, row);
    (void)snprintf(out, room, "%s:%llu: %s: \"%.*s\" %s", file, line, lus_slot_name(plan, slot),
                   value.n > 60 ? 60 : (int)value.n, value.p, text);
}

void lus_intake_count_person(struct lus_intake *in, uint8_t status, uint32_t level, lus_time exit,
                             lus_time entry, int64_t weight)
{
    lus_selection_count(&in->selection, status, 1);
    if (status != LUS_ROW_KEPT) return;
    if (in->events.kept) in->events.kept[level]++;
    in->selection.seen.zero_times += exit == 0;
    in->selection.seen.late_entries += entry > 0;
    const struct lus_plan *plan = in->values.plan;
    /* persons beside a life table are counted whole, whatever the weights are said to be */
    bool has_parts = weight % 1000000000 != 0 &&
                     (plan->recipe.weight_is == LUS_WEIGHTS_UNSAID || plan->demography.asks),
         is_sampling = plan->recipe.weight_is == LUS_WEIGHTS_SAMPLING || has_parts;
    in->selection.seen.fractional_weights |= plan->weight != LUS_NO_SLOT && is_sampling;
}

void lus_intake_count_batch(struct lus_intake *in)
{
    const struct lus_people *p = &in->people;
    unsigned most = 0;
    for (size_t i = 0; i < p->n; i++)
        most = p->status[i] > most ? p->status[i] : most;
    if (most > LUS_ROW_WHERE || in->values.plan->has_entry ||
        in->values.plan->weight != LUS_NO_SLOT) {
        for (size_t i = 0; i < p->n; i++)
            lus_intake_count(in, i);
        return;
    }
    /* rows are kept or filtered: only times of 0 are worth a look besides */
    uint64_t zeros = 0, kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        kept += p->status[i] == LUS_ROW_KEPT;
        zeros += p->status[i] == LUS_ROW_KEPT && p->exit[i] == 0;
    }
    in->selection.status[LUS_ROW_KEPT] += kept;
    in->selection.status[LUS_ROW_WHERE] += p->n - kept;
    in->selection.seen.zero_times += zeros;
    for (size_t i = 0; i < p->n && in->events.kept; i++)
        in->events.kept[lus_event_level(in, i)] += p->status[i] == LUS_ROW_KEPT;
}

void lus_intake_count(struct lus_intake *in, size_t row)
{
    const struct lus_people *p = &in->people;
    int cause = lus_cause_of_code(&in->events, lus_event_level(in, row));
    if (p->status[row] == LUS_ROW_NO_TIME && cause >= 0)
        in->selection.seen.no_time[lus_is_event(in->values.plan, (uint8_t)cause)]++;
    lus_intake_count_person(in, p->status[row], lus_event_level(in, row), p->exit[row],
                            p->entry[row],
                            in->values.plan->weight == LUS_NO_SLOT ? 0 : p->weight[row]);
    if (p->status[row] == LUS_ROW_BAD && lus_selection_count_bad(&in->selection, p->bad[row].reason,
                                                                 in->values.batch->first_row + row))
        lus_intake_bad_message(in, row, in->selection.first_bad.message,
                               sizeof in->selection.first_bad.message);
}
