#include <math.h>

#include "estimate/curve.h"
#include "support/error.h"
#include "support/times.h"

/* Whether anybody enters at or after a time. */
static bool enters_after(const struct lus_event_table *t, lus_time time)
{
    return t->n_entries && t->entry_time[t->n_entries - 1] >= time;
}

/* Whether nobody is at risk for a while behind a time at which all have left: whoever enters at it
 * is at risk at once, so a single point is no gap. */
static bool begins_gap(const struct lus_event_table *t, lus_time time)
{
    size_t i = lus_first_from(t->entry_time, t->n_entries, time);
    return i < t->n_entries && t->entry_time[i] > time;
}

int lus_kaplan_meier(const struct lus_event_table *t, lus_time start, struct lus_curve *out)
{
    struct lus_curve c;
    *out = (struct lus_curve){0};
    LUS_TRY(lus_curve_of_table(&c, t, start));
    struct lus_sum greenwood = {0}, hazard = {0};
    double survival = 1;
    for (size_t i = 0; i < t->n; i++) {
        double d = t->events[i], r = t->at_risk[i];
        if (d > 0) {
            survival *= (r - d) / r;
            lus_sum_add(&greenwood, d / (r * (r - d)));
            lus_sum_add(&hazard, d / r);
        }
        bool becomes_empty = r - d - t->censored[i] <= 0 && begins_gap(t, t->time[i]);
        if (becomes_empty && survival > 0 && c.gap_at < 0) c.gap_at = t->time[i];
        if (survival == 0 && c.zero_at < 0) {
            c.zero_at = t->time[i];
            c.is_refilled = enters_after(t, t->time[i]);
        }
        c.survival[i] = survival;
        c.std_error[i] = survival > 0 ? survival * sqrt(lus_sum_value(&greenwood)) : NAN;
        c.hazard[i] = lus_sum_value(&hazard);
        c.events_by[i] = (i ? c.events_by[i - 1] : 0) + d;
    }
    int status = t->rows.n ? lus_robust_errors(t, &c) : LUS_OK;
    if (status != LUS_OK) lus_curve_free(&c);
    *out = c;
    return status;
}

int lus_follow_up(const struct lus_event_table *t, struct lus_curve *out)
{
    struct lus_event_table reversed = *t; /* the same people; who leaves alive has the event */
    reversed.events = t->censored;
    reversed.censored = t->events;
    reversed.total_events = t->total - t->total_events;
    reversed.rows = (struct lus_cohort){0};
    return lus_kaplan_meier(&reversed, 0, out);
}
