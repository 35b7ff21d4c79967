/* Rows to people: who is counted, from when to when, with which event, weight and group. The order
 * of the rules (docs/methods.md, "Who is counted"): where; missing time, origin or event; (one row
 * per patient;) bad rows; missing factor. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "people/cohort.h"
#include "support/number.h"

/* What a word of the event column says: 0, the number of a cause, or one of these. */
enum { EVENT_NONE = 0, EVENT_BAD = 254, EVENT_UNDECIDED = 255 };

int lus_worker_init(struct lus_worker *w, const struct lus_plan *plan, struct lus_error *err)
{
    *w = (struct lus_worker){.plan = plan};
    w->columns = lus_alloc_zeroed(plan->slots.n, sizeof *w->columns);
    w->levels = lus_alloc_zeroed(plan->recipe.n_factors, sizeof *w->levels);
    w->decisions = lus_alloc_zeroed(plan->n_leaves, sizeof *w->decisions);
    w->groups = lus_alloc_zeroed(plan->n_keys + 1, sizeof *w->groups);
    if (!w->columns || !w->levels || !w->decisions || !w->groups ||
        lus_selection_init(&w->selection, plan) != LUS_OK)
        return lus_fail_memory(err);
    for (size_t i = 0; i < plan->slots.n; i++)
        if (plan->slots.at[i].kind == LUS_SLOT_LABEL &&
            lus_dictionary_init(&w->columns[i].dictionary, plan->recipe.missing,
                                plan->recipe.n_missing) != LUS_OK)
            return lus_fail_memory(err);
    return LUS_OK;
}

void lus_worker_free(struct lus_worker *w)
{
    if (!w->plan) return;
    for (size_t i = 0; w->columns && i < w->plan->slots.n; i++) {
        struct lus_column *c = &w->columns[i];
        free(c->codes), free(c->numbers), free(c->times), free(c->kinds), free(c->shorts),
            free(c->of_byte);
        lus_dictionary_free(&c->dictionary);
    }
    for (size_t i = 0; w->levels && i < w->plan->recipe.n_factors; i++)
        free(w->levels[i].codes), free(w->levels[i].masks), free(w->levels[i].unknown);
    for (size_t i = 0; w->decisions && i < w->plan->n_leaves; i++)
        free(w->decisions[i].at);
    for (size_t i = 0; w->groups && i <= w->plan->n_keys; i++) {
        lus_pairs_free(&w->groups[i]);
    }
    for (size_t i = 0; i < w->truths.n; i++)
        free(w->truths.at[i]);
    LUS_ARRAY_FREE(&w->truths);
    LUS_ARRAY_FREE(&w->masks);
    struct lus_people *p = &w->people;
    free(p->status), free(p->bad), free(p->event), free(p->exit), free(p->entry), free(p->weight),
        free(p->group);
    free(p->age), free(p->date), free(p->life);
    lus_life_words_free(&w->life_words);
    free(w->columns), free(w->levels), free(w->decisions), free(w->groups),
        lus_selection_free(&w->selection), free(w->event_words);
    *w = (struct lus_worker){0};
}

static int reserve(struct lus_people *p, size_t n, bool has_demography)
{
    if (p->room >= n) return LUS_OK;
    size_t room = n + n / 2;
#define GROW(member)                                                   \
    do {                                                               \
        void *grown = lus_realloc(p->member, room, sizeof *p->member); \
        if (!grown) return LUS_ENOMEM;                                 \
        p->member = grown;                                             \
    } while (0)
    GROW(status);
    GROW(bad);
    GROW(event);
    GROW(exit);
    GROW(entry);
    GROW(weight);
    GROW(group);
    if (has_demography) {
        GROW(age);
        GROW(date);
        GROW(life);
    }
#undef GROW
    p->room = room;
    return LUS_OK;
}

static int filter(struct lus_worker *w, struct lus_error *err)
{
    struct lus_people *p = &w->people;
    memset(p->status, LUS_ROW_KEPT, p->n);
    if (!w->plan->where) return LUS_OK;
    uint8_t *truth;
    LUS_TRY(lus_evaluate(w, w->plan->where, &truth, err));
    bool any_bad = false;
    for (size_t i = 0; i < p->n; i++) {
        p->status[i] = truth[i] == LUS_TRUE || truth[i] == LUS_BAD ? LUS_ROW_KEPT : LUS_ROW_WHERE;
        any_bad |= truth[i] == LUS_BAD;
    }
    for (size_t i = 0; i < p->n && any_bad; i++)
        if (truth[i] == LUS_BAD)
            lus_people_set_bad(p, i, LUS_BAD_NUMBER, lus_find_bad_slot(w, w->plan->where, i));
    lus_truths_release(w, 0);
    return LUS_OK;
}

/* Without levels: 1/0, true/false, yes/no, dead/alive. */
static uint8_t plain_word(struct lus_text word)
{
    static const char *const yes[] = {"true", "yes", "dead"}, *const no[] = {"false", "no",
                                                                             "alive"};
    double value;
    if (lus_number_parse(word.p, word.n, &value) == LUS_NUMBER_OK)
        return value == 1 ? 1 : value == 0 ? EVENT_NONE : EVENT_BAD;
    for (size_t i = 0; i < 3; i++) {
        if (lus_text_equal_any_case(word, yes[i])) return 1;
        if (lus_text_equal_any_case(word, no[i])) return EVENT_NONE;
    }
    return EVENT_BAD;
}

static uint8_t event_word(const struct lus_plan *plan, struct lus_text word)
{
    double value, number;
    if (!plan->causes[0].n_levels) return plain_word(word);
    bool is_number = lus_number_parse(word.p, word.n, &value) == LUS_NUMBER_OK;
    for (size_t c = 0; c < plan->n_causes; c++)
        for (size_t i = 0; i < plan->causes[c].n_levels; i++) {
            struct lus_text level = lus_text_of(plan->causes[c].levels[i]);
            if (lus_text_equal(word, level) ||
                (is_number && lus_number_parse(level.p, level.n, &number) == LUS_NUMBER_OK &&
                 value == number))
                return (uint8_t)(c + 1);
        }
    return EVENT_NONE;
}

static int take_events(struct lus_worker *w, struct lus_error *err)
{
    struct lus_people *p = &w->people;
    struct lus_column *column = &w->columns[w->plan->event];
    size_t n_words = column->dictionary.texts.n;
    if (w->n_event_words < n_words) {
        uint8_t *words = lus_realloc(w->event_words, n_words * 2, 1);
        if (!words) return lus_fail_memory(err);
        w->event_words = words;
        for (; w->n_event_words < n_words; w->n_event_words++)
            words[w->n_event_words] =
                w->n_event_words
                    ? event_word(w->plan, column->dictionary.texts.at[w->n_event_words])
                    : EVENT_UNDECIDED;
    }
    bool any_missing = false;
    w->any_bad_event = false;
    for (size_t i = 0; i < p->n; i++) {
        uint8_t word = w->event_words[column->codes[i]];
        p->event[i] = word;
        any_missing |= word == EVENT_UNDECIDED;
        w->any_bad_event |= word == EVENT_BAD;
    }
    for (size_t i = 0; i < p->n && any_missing; i++)
        if (column->codes[i] == LUS_MISSING_CODE) lus_people_set_missing(p, i, LUS_ROW_NO_EVENT);
    return LUS_OK;
}

bool lus_is_year(lus_time value, enum lus_unit unit)
{
    double year = lus_time_in(value, unit);
    return year >= 1000 && year <= 2999 && year == (double)(int64_t)year;
}

/* A year alone is its 1 July. */
lus_time lus_date_of_year(lus_time year, enum lus_unit unit)
{
    return lus_days_from_civil((int64_t)lus_time_in(year, unit), 7, 1) * lus_unit_ticks(LUS_DAYS);
}

static bool as_date(struct lus_worker *w, uint8_t kind, lus_time value, enum lus_unit unit,
                    lus_time *out)
{
    if (kind == LUS_TIME_DATE) {
        *out = value;
        return true;
    }
    if (!lus_is_year(value, unit)) return false;
    *out = lus_date_of_year(value, unit);
    w->selection.seen.year_dates = true;
    return true;
}

/* to - from, both numbers or both dates. Numbers that may be years are years where any row of the
 * file holds a date, which is not known before the end: the file is then read again (tally.c). */
static enum lus_bad_reason difference(struct lus_worker *w, size_t to, size_t from, size_t row,
                                      lus_time *out)
{
    const struct lus_column *a = &w->columns[to], *b = &w->columns[from];
    enum lus_unit to_unit = w->plan->slots.at[to].unit, from_unit = w->plan->slots.at[from].unit;
    lus_time x = a->times[row], y = b->times[row];
    bool are_numbers = a->kinds[row] == LUS_TIME_NUMBER && b->kinds[row] == LUS_TIME_NUMBER;
    bool may_be_years = are_numbers && lus_is_year(x, to_unit) && lus_is_year(y, from_unit);
    w->selection.seen.has_dates |= !are_numbers;
    w->selection.seen.has_bare_years |= may_be_years;
    if ((!are_numbers || (may_be_years && w->plan->years_are_dates)) &&
        (!as_date(w, a->kinds[row], x, to_unit, &x) ||
         !as_date(w, b->kinds[row], y, from_unit, &y)))
        return LUS_BAD_MIXED;
    return __builtin_sub_overflow(x, y, out) ? LUS_BAD_LARGE : LUS_BAD_NONE;
}

bool lus_row_exit(struct lus_worker *w, size_t row, lus_time *out)
{
    const struct lus_column *exit = &w->columns[w->plan->exit];
    if (w->plan->origin != LUS_NO_SLOT) {
        uint8_t origin = w->columns[w->plan->origin].kinds[row];
        bool are_read = exit->kinds[row] <= LUS_TIME_DATE && origin <= LUS_TIME_DATE;
        return are_read &&
               difference(w, w->plan->exit, w->plan->origin, row, out) == LUS_BAD_NONE && *out >= 0;
    }
    *out = exit->times[row];
    return exit->kinds[row] == LUS_TIME_NUMBER && *out >= 0;
}

static bool take_time_kind(struct lus_people *p, const struct lus_column *column, size_t slot,
                           size_t row)
{
    if (column->kinds[row] == LUS_TIME_BAD) lus_people_set_bad(p, row, LUS_BAD_NUMBER, slot);
    if (column->kinds[row] == LUS_TIME_LARGE) lus_people_set_bad(p, row, LUS_BAD_LARGE, slot);
    return p->status[row] == LUS_ROW_KEPT;
}

static void take_exit(struct lus_worker *w, size_t row)
{
    const struct lus_plan *plan = w->plan;
    struct lus_people *p = &w->people;
    const struct lus_column *exit = &w->columns[plan->exit];
    if (!take_time_kind(p, exit, plan->exit, row)) return;
    if (plan->origin == LUS_NO_SLOT) {
        if (exit->kinds[row] == LUS_TIME_DATE) lus_people_set_bad(p, row, LUS_BAD_DATE, plan->exit);
        else if (exit->times[row] < 0) lus_people_set_bad(p, row, LUS_BAD_NEGATIVE, plan->exit);
        p->exit[row] = exit->times[row];
        return;
    }
    if (!take_time_kind(p, &w->columns[plan->origin], plan->origin, row)) return;
    enum lus_bad_reason reason = difference(w, plan->exit, plan->origin, row, &p->exit[row]);
    if (reason == LUS_BAD_NONE && p->exit[row] < 0) reason = LUS_BAD_BEFORE_ORIGIN;
    if (reason != LUS_BAD_NONE) lus_people_set_bad(p, row, reason, plan->exit);
}

static void take_entry(struct lus_worker *w, size_t row)
{
    const struct lus_plan *plan = w->plan;
    struct lus_people *p = &w->people;
    const struct lus_column *entry = &w->columns[plan->entry];
    if (p->status[row] != LUS_ROW_KEPT || !take_time_kind(p, entry, plan->entry, row)) return;
    enum lus_bad_reason reason = LUS_BAD_NONE;
    if (plan->origin != LUS_NO_SLOT)
        reason = difference(w, plan->entry, plan->origin, row, &p->entry[row]);
    else if (entry->kinds[row] == LUS_TIME_DATE) reason = LUS_BAD_DATE;
    else p->entry[row] = entry->times[row];
    if (reason == LUS_BAD_NONE && p->entry[row] < 0) {
        if (!plan->recipe.time.clip_entry) reason = LUS_BAD_ENTRY_BEFORE_ORIGIN;
        else p->entry[row] = 0;
    }
    if (reason == LUS_BAD_NONE && p->exit[row] <= p->entry[row]) reason = LUS_BAD_EXIT_BEFORE_ENTRY;
    if (reason != LUS_BAD_NONE) lus_people_set_bad(p, row, reason, plan->entry);
}

/* Times that are all numbers from the origin, nobody late: nothing can be wrong but a sign or an
 * event. */
static int take_plain_times(struct lus_worker *w, struct lus_error *err)
{
    struct lus_people *p = &w->people;
    const lus_time *times = w->columns[w->plan->exit].times;
    lus_time signs = 0;
    LUS_TRY(take_events(w, err));
    memcpy(p->exit, times, p->n * sizeof *times);
    for (size_t i = 0; i < p->n; i++)
        signs |= times[i];
    for (size_t i = 0; i < p->n && (signs < 0 || w->any_bad_event); i++) {
        if (times[i] < 0) lus_people_set_bad(p, i, LUS_BAD_NEGATIVE, w->plan->exit);
        if (w->event_words[w->columns[w->plan->event].codes[i]] == EVENT_BAD)
            lus_people_set_bad(p, i, LUS_BAD_EVENT, w->plan->event);
    }
    return LUS_OK;
}

static int take_times(struct lus_worker *w, struct lus_error *err)
{
    const struct lus_plan *plan = w->plan;
    struct lus_people *p = &w->people;
    memset(p->entry, 0, p->n * sizeof *p->entry);
    if (plan->without_time) {
        memset(p->exit, 0, p->n * sizeof *p->exit);
        memset(p->event, 0, p->n);
        return LUS_OK;
    }
    if (plan->origin == LUS_NO_SLOT && !plan->has_entry && w->columns[plan->exit].all_numbers)
        return take_plain_times(w, err);
    const uint8_t *exits = w->columns[plan->exit].kinds;
    for (size_t i = 0; i < p->n; i++)
        if (exits[i] == LUS_TIME_MISSING) lus_people_set_missing(p, i, LUS_ROW_NO_TIME);
    if (plan->origin != LUS_NO_SLOT)
        for (size_t i = 0; i < p->n; i++)
            if (w->columns[plan->origin].kinds[i] == LUS_TIME_MISSING)
                lus_people_set_missing(p, i, LUS_ROW_NO_ORIGIN);
    if (plan->has_entry)
        for (size_t i = 0; i < p->n; i++)
            if (w->columns[plan->entry].kinds[i] == LUS_TIME_MISSING)
                lus_people_set_missing(p, i, LUS_ROW_NO_ENTRY);
    LUS_TRY(take_events(w, err));
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        take_exit(w, i);
        if (plan->has_entry) take_entry(w, i);
        if (w->event_words[w->columns[plan->event].codes[i]] == EVENT_BAD)
            lus_people_set_bad(p, i, LUS_BAD_EVENT, plan->event);
    }
    return LUS_OK;
}

static void take_weights(struct lus_worker *w)
{
    const size_t slot = w->plan->weight;
    struct lus_people *p = &w->people;
    for (size_t i = 0; i < p->n && slot != LUS_NO_SLOT; i++) {
        const struct lus_column *column = &w->columns[slot];
        if (column->kinds[i] == LUS_TIME_MISSING) {
            lus_people_set_missing(p, i, LUS_ROW_NO_WEIGHT);
            continue;
        }
        if (!take_time_kind(p, column, slot, i)) continue;
        p->weight[i] = column->times[i];
        if (p->weight[i] < 0) lus_people_set_bad(p, i, LUS_BAD_WEIGHT, slot);
    }
}

/* A landmark is a new origin: those who are followed there, from there on. */
static void take_landmark(struct lus_worker *w)
{
    struct lus_people *p = &w->people;
    lus_time at = w->plan->landmark;
    bool is_completed = w->plan->recipe.time.completed;
    for (size_t i = 0; i < p->n && at >= 0; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        /* completed: k is [k, k + 1) */
        bool has_left = is_completed ? p->exit[i] < at : p->exit[i] <= at;
        if (has_left || p->entry[i] > at) {
            p->status[i] = LUS_ROW_LANDMARK;
        } else {
            p->exit[i] -= at;
            p->entry[i] = 0;
            if (w->plan->demography.asks) p->age[i] += at, p->date[i] += at;
        }
    }
}

static void mark_ragged(struct lus_worker *w)
{
    const struct lus_fields *f = w->batch->fields;
    /* before anything else: its columns cannot be trusted */
    for (size_t i = 0; i < f->ragged.n; i++)
        w->people.status[f->ragged.at[i].row] = LUS_ROW_KEPT,
        lus_people_set_bad(&w->people, f->ragged.at[i].row, LUS_BAD_RAGGED, i);
}

int lus_worker_take(struct lus_worker *w, const struct lus_batch *batch, struct lus_error *err)
{
    w->batch = batch;
    w->n_truths_used = 0;
    w->people.n = batch->fields->n;
    if (reserve(&w->people, w->people.n, w->plan->demography.asks != NULL) != LUS_OK)
        return lus_fail_memory(err);
    LUS_TRY(lus_convert(w, err));
    LUS_TRY(lus_evaluate_factors(w, err));
    LUS_TRY(filter(w, err));
    mark_ragged(w);
    LUS_TRY(take_times(w, err));
    take_weights(w);
    LUS_TRY(lus_take_demography(w, err));
    take_landmark(w);
    return lus_worker_group(w, err);
}

static const char *bad_text(const struct lus_worker *w, size_t row, char *room, size_t n)
{
    const struct lus_plan *plan = w->plan;
    const struct lus_bad *bad = &w->people.bad[row];
    switch ((enum lus_bad_reason)bad->reason) {
    case LUS_BAD_NUMBER: return "is not a number";
    case LUS_BAD_LARGE: return "is too large for a time or a number";
    case LUS_BAD_NEGATIVE: return "is a negative time; a time runs forward from the origin";
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
                       w->batch->fields->ragged.at[bad->slot].n_columns, plan->header->n);
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

void lus_worker_bad_message(const struct lus_worker *w, size_t row, char *out, size_t room)
{
    const struct lus_plan *plan = w->plan;
    const struct lus_bad *bad = &w->people.bad[row];
    char counted[96];
    const char *text = bad_text(w, row, counted, sizeof counted), *file = w->batch->file;
    unsigned long long line = lus_batch_line(w->batch, row);
    if (bad->reason == LUS_BAD_RAGGED || bad->slot == LUS_NO_SLOT) {
        (void)snprintf(out, room, "%s:%llu: %s", file, line, text);
        return;
    }
    struct lus_text value = lus_field_at(w->batch->fields, plan->slots.at[bad->slot].field, row);
    (void)snprintf(out, room, "%s:%llu: %s: \"%.*s\" %s", file, line,
                   lus_slot_name(plan, bad->slot), value.n > 60 ? 60 : (int)value.n, value.p, text);
}

static void count(struct lus_worker *w, uint8_t status, lus_time exit, lus_time entry,
                  int64_t weight)
{
    lus_selection_count(&w->selection, status, 1);
    if (status != LUS_ROW_KEPT) return;
    w->selection.seen.zero_times += exit == 0;
    w->selection.seen.late_entries += entry > 0;
    w->selection.seen.fractional_weights |= w->plan->weight != LUS_NO_SLOT &&
                                            weight % 1000000000 != 0;
}

void lus_worker_count_batch(struct lus_worker *w)
{
    const struct lus_people *p = &w->people;
    unsigned most = 0;
    for (size_t i = 0; i < p->n; i++)
        most = p->status[i] > most ? p->status[i] : most;
    if (most > LUS_ROW_WHERE || w->plan->has_entry || w->plan->weight != LUS_NO_SLOT) {
        for (size_t i = 0; i < p->n; i++)
            lus_worker_count(w, i);
        return;
    }
    /* rows are kept or filtered: only times of 0 are worth a look besides */
    uint64_t zeros = 0, kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        kept += p->status[i] == LUS_ROW_KEPT;
        zeros += p->status[i] == LUS_ROW_KEPT && p->exit[i] == 0;
    }
    w->selection.status[LUS_ROW_KEPT] += kept;
    w->selection.status[LUS_ROW_WHERE] += p->n - kept;
    w->selection.seen.zero_times += zeros;
}

void lus_worker_count(struct lus_worker *w, size_t row)
{
    const struct lus_people *p = &w->people;
    count(w, p->status[row], p->exit[row], p->entry[row],
          w->plan->weight == LUS_NO_SLOT ? 0 : p->weight[row]);
    if (p->status[row] == LUS_ROW_BAD &&
        lus_selection_count_bad(&w->selection, p->bad[row].reason, w->batch->first_row + row))
        lus_worker_bad_message(w, row, w->selection.first_bad.message,
                               sizeof w->selection.first_bad.message);
}

void lus_worker_count_chosen(struct lus_worker *w, const struct lus_cohort_row *row)
{
    count(w, row->status, row->exit, row->entry, row->weight);
    if (row->status == LUS_ROW_BAD && lus_selection_count_bad(&w->selection, row->bad, row->row))
        (void)snprintf(w->selection.first_bad.message, sizeof w->selection.first_bad.message, "%s",
                       row->message);
}
