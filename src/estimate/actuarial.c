#include <math.h>

#include "estimate/curve.h"
#include "support/error.h"

/* Entered late in [from, to). */
static double entered_within(const struct lus_event_table *t, lus_time from, lus_time to)
{
    double sum = 0;
    for (size_t i = 0; i < t->n_entries && t->entry_time[i] < to; i++)
        if (t->entry_time[i] >= from) sum += t->entered[i];
    return sum;
}

int lus_actuarial(const struct lus_event_table *t, lus_time start, lus_time interval,
                  struct lus_curve *out)
{
    struct lus_curve c;
    *out = (struct lus_curve){0};
    if (interval <= 0) return LUS_EUSAGE;
    lus_time first = start / interval, last = t->n ? t->last_exit / interval : -1;
    size_t n = last < first ? 0 : (size_t)(last - first + 1);
    LUS_TRY(lus_curve_allocate(&c, n, t, start));
    double survival = 1, inside = t->entered_at_zero;
    struct lus_sum greenwood = {0}, hazard = {0};
    size_t row = 0;
    for (size_t i = 0; i < n; i++) {
        lus_time from = (first + (lus_time)i) * interval, to = from + interval;
        double d = 0, censored = 0, entered = entered_within(t, i ? from : 0, to);
        if (i == 0) entered = entered_within(t, 1, to);
        for (; row < t->n && t->time[row] < to; row++)
            d += t->events[row], censored += t->censored[row];
        double exposed = inside + entered / 2 - censored / 2;
        if (d > 0) {
            survival *= exposed > d ? (exposed - d) / exposed : 0;
            lus_sum_add(&greenwood, d / (exposed * (exposed - d)));
            lus_sum_add(&hazard, d / exposed);
        }
        if (survival == 0 && c.zero_at < 0)
            c.zero_at = to, c.is_refilled = t->n_entries && t->entry_time[t->n_entries - 1] >= to;
        c.time[i] = to;
        c.survival[i] = survival;
        c.std_error[i] = survival > 0 ? survival * sqrt(lus_sum_value(&greenwood)) : NAN;
        c.hazard[i] = lus_sum_value(&hazard);
        c.events[i] = d;
        c.events_by[i] = (i ? c.events_by[i - 1] : 0) + d;
        c.at_risk[i] = lus_at_risk(t, to); /* just before its time, as in every row */
        inside += entered - d - censored;
    }
    c.n = n;
    c.is_actuarial = true;
    /* the interval in which the last one is followed counts as a whole */
    if (n) c.last_exit = c.time[n - 1];
    *out = c;
    return LUS_OK;
}
