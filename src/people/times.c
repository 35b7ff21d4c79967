#include "people/times.h"

#include "support/calendar.h"

bool lus_is_year(lus_time value, enum lus_unit unit)
{
    double year = lus_time_in(value, unit);
    return year >= 1000 && year <= 2999 && year == (double)(int64_t)year;
}

lus_time lus_date_of_year(lus_time year, enum lus_unit unit)
{
    return lus_days_from_civil((int64_t)lus_time_in(year, unit), 7, 1) * lus_unit_ticks(LUS_DAYS);
}

static bool as_date(const struct lus_values *v, uint8_t kind, lus_time value, enum lus_unit unit,
                    lus_time *out)
{
    if (kind == LUS_TIME_DATE) {
        *out = value;
        return true;
    }
    if (!lus_is_year(value, unit)) return false;
    *out = lus_date_of_year(value, unit);
    v->seen->year_dates = true;
    return true;
}

/* to - from, both numbers or both dates. Numbers that may be years are years where any row of the
 * file holds a date, which is not known before the end: the file is then read again (tally.c). */
static enum lus_bad_reason difference(const struct lus_values *v, size_t to, size_t from,
                                      size_t row, lus_time *out)
{
    const struct lus_column *a = &v->columns[to], *b = &v->columns[from];
    enum lus_unit to_unit = v->plan->slots.at[to].unit, from_unit = v->plan->slots.at[from].unit;
    lus_time x = a->times[row], y = b->times[row];
    bool are_numbers = a->kinds[row] == LUS_TIME_NUMBER && b->kinds[row] == LUS_TIME_NUMBER;
    v->seen->has_other_numbers |= are_numbers &&
                                  (!lus_is_year(x, to_unit) || !lus_is_year(y, from_unit));
    bool may_be_years = are_numbers && lus_is_year(x, to_unit) && lus_is_year(y, from_unit);
    v->seen->has_dates |= !are_numbers;
    v->seen->has_bare_years |= may_be_years;
    if ((!are_numbers || (may_be_years && v->plan->years_are_dates)) &&
        (!as_date(v, a->kinds[row], x, to_unit, &x) ||
         !as_date(v, b->kinds[row], y, from_unit, &y)))
        return LUS_BAD_MIXED;
    return __builtin_sub_overflow(x, y, out) ? LUS_BAD_LARGE : LUS_BAD_NONE;
}

bool lus_row_exit(const struct lus_values *v, size_t row, lus_time *out)
{
    const struct lus_column *exit = &v->columns[v->plan->exit];
    if (v->plan->origin != LUS_NO_SLOT) {
        uint8_t origin = v->columns[v->plan->origin].kinds[row];
        bool are_read = exit->kinds[row] <= LUS_TIME_DATE && origin <= LUS_TIME_DATE;
        return are_read &&
               difference(v, v->plan->exit, v->plan->origin, row, out) == LUS_BAD_NONE && *out >= 0;
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

static lus_time longest(void)
{
    return LUS_LONGEST_YEARS * lus_unit_ticks(LUS_YEARS);
}

static void take_exit(const struct lus_values *v, struct lus_people *p, size_t row)
{
    const struct lus_plan *plan = v->plan;
    const struct lus_column *exit = &v->columns[plan->exit];
    if (!take_time_kind(p, exit, plan->exit, row)) return;
    if (plan->origin == LUS_NO_SLOT) {
        if (exit->kinds[row] == LUS_TIME_DATE) lus_people_set_bad(p, row, LUS_BAD_DATE, plan->exit);
        else if (exit->times[row] < 0) lus_people_set_bad(p, row, LUS_BAD_NEGATIVE, plan->exit);
        else if (exit->times[row] > longest()) lus_people_set_bad(p, row, LUS_BAD_LONG, plan->exit);
        p->exit[row] = exit->times[row];
        return;
    }
    if (!take_time_kind(p, &v->columns[plan->origin], plan->origin, row)) return;
    enum lus_bad_reason reason = difference(v, plan->exit, plan->origin, row, &p->exit[row]);
    if (reason == LUS_BAD_NONE && p->exit[row] < 0) reason = LUS_BAD_BEFORE_ORIGIN;
    if (reason == LUS_BAD_NONE && p->exit[row] > longest()) reason = LUS_BAD_LONG;
    if (reason != LUS_BAD_NONE) lus_people_set_bad(p, row, reason, plan->exit);
}

static void take_entry(const struct lus_values *v, struct lus_people *p, size_t row)
{
    const struct lus_plan *plan = v->plan;
    const struct lus_column *entry = &v->columns[plan->entry];
    if (p->status[row] != LUS_ROW_KEPT || !take_time_kind(p, entry, plan->entry, row)) return;
    enum lus_bad_reason reason = LUS_BAD_NONE;
    if (plan->origin != LUS_NO_SLOT)
        reason = difference(v, plan->entry, plan->origin, row, &p->entry[row]);
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
static int take_plain_times(const struct lus_values *v, struct lus_events *e, struct lus_people *p,
                            struct lus_error *err)
{
    const lus_time *times = v->columns[v->plan->exit].times;
    const lus_time most = longest();
    lus_time signs = 0;
    LUS_TRY(lus_events_take(e, v, p, err));
    memcpy(p->exit, times, p->n * sizeof *times);
    for (size_t i = 0; i < p->n; i++)
        signs |= times[i] | (most - times[i]);
    for (size_t i = 0; i < p->n && (signs < 0 || e->any_bad); i++) {
        if (times[i] < 0) lus_people_set_bad(p, i, LUS_BAD_NEGATIVE, v->plan->exit);
        if (times[i] > most) lus_people_set_bad(p, i, LUS_BAD_LONG, v->plan->exit);
        if (lus_event_is_bad(e, v, i)) lus_people_set_bad(p, i, LUS_BAD_EVENT, v->plan->event);
    }
    return LUS_OK;
}

int lus_times_take(const struct lus_values *v, struct lus_events *e, struct lus_people *p,
                   struct lus_error *err)
{
    const struct lus_plan *plan = v->plan;
    memset(p->entry, 0, p->n * sizeof *p->entry);
    if (plan->without_time) {
        memset(p->exit, 0, p->n * sizeof *p->exit);
        memset(p->event, 0, p->n);
        return LUS_OK;
    }
    if (plan->origin == LUS_NO_SLOT && !plan->has_entry && v->columns[plan->exit].all_numbers)
        return take_plain_times(v, e, p, err);
    const uint8_t *exits = v->columns[plan->exit].kinds;
    for (size_t i = 0; i < p->n; i++)
        if (exits[i] == LUS_TIME_MISSING) lus_people_set_missing(p, i, LUS_ROW_NO_TIME);
    if (plan->origin != LUS_NO_SLOT)
        for (size_t i = 0; i < p->n; i++)
            if (v->columns[plan->origin].kinds[i] == LUS_TIME_MISSING)
                lus_people_set_missing(p, i, LUS_ROW_NO_ORIGIN);
    if (plan->has_entry)
        for (size_t i = 0; i < p->n; i++)
            if (v->columns[plan->entry].kinds[i] == LUS_TIME_MISSING)
                lus_people_set_missing(p, i, LUS_ROW_NO_ENTRY);
    LUS_TRY(lus_events_take(e, v, p, err));
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        take_exit(v, p, i);
        if (plan->has_entry) take_entry(v, p, i);
        if (lus_event_is_bad(e, v, i)) lus_people_set_bad(p, i, LUS_BAD_EVENT, plan->event);
    }
    return LUS_OK;
}

void lus_weights_take(const struct lus_values *v, struct lus_people *p)
{
    const size_t slot = v->plan->weight;
    for (size_t i = 0; i < p->n && slot != LUS_NO_SLOT; i++) {
        const struct lus_column *column = &v->columns[slot];
        if (column->kinds[i] == LUS_TIME_MISSING) {
            lus_people_set_missing(p, i, LUS_ROW_NO_WEIGHT);
            continue;
        }
        if (!take_time_kind(p, column, slot, i)) continue;
        p->weight[i] = column->times[i];
        if (p->weight[i] < 0) lus_people_set_bad(p, i, LUS_BAD_WEIGHT, slot);
    }
}

void lus_landmark_take(const struct lus_plan *plan, struct lus_people *p)
{
    lus_time at = plan->landmark;
    bool is_completed = plan->recipe.time.completed;
    for (size_t i = 0; i < p->n && at >= 0; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        /* completed: k is [k, k + 1) */
        bool has_left = is_completed ? p->exit[i] < at : p->exit[i] <= at;
        if (has_left || p->entry[i] > at) {
            p->status[i] = LUS_ROW_LANDMARK;
        } else {
            p->exit[i] -= at;
            p->entry[i] = 0;
            if (plan->demography.asks) p->age[i] += at, p->date[i] += at;
        }
    }
}
