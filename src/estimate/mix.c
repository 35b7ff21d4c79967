/* A mixture of curves: one curve again, so that rates and medians are read off it as off any
 * other. */
#include <math.h>
#include <stdlib.h>

#include "estimate/curve.h"
#include "support/memory.h"
#include "support/times.h"

static size_t list_times(const struct lus_curve *const *curves, size_t n_curves, lus_time *times)
{
    size_t n = 0;
    for (size_t g = 0; g < n_curves; g++)
        for (size_t i = 0; i < curves[g]->n; i++)
            times[n++] = curves[g]->time[i];
    return lus_times_distinct(times, n);
}

/* The mixture can be had where every part can. */
static void set_range(const struct lus_curve *const *curves, const double *shares, size_t n,
                      struct lus_curve *out)
{
    out->last_exit = LUS_TIME_MAX;
    for (size_t g = 0; g < n; g++) {
        const struct lus_curve *c = curves[g];
        if (!(shares[g] > 0)) continue;
        lus_time end = c->is_refilled    ? c->zero_at - 1
                       : c->zero_at >= 0 ? LUS_TIME_MAX
                                         : c->last_exit;
        if (end < out->last_exit) out->last_exit = end;
        if (c->first_entry > out->first_entry) out->first_entry = c->first_entry;
        if (c->gap_at >= 0 && out->gap_at < 0) out->gap_at = c->gap_at;
        out->start = c->start;
        out->is_actuarial |= c->is_actuarial, out->is_robust |= c->is_robust;
    }
}

int lus_curve_mix(const struct lus_curve *const *curves, const double *shares, size_t n,
                  struct lus_curve *out)
{
    size_t room = 0;
    *out = (struct lus_curve){0};
    for (size_t g = 0; g < n; g++)
        room += curves[g]->n;
    lus_time *times = lus_alloc(room, sizeof *times);
    size_t *next = lus_alloc_zeroed(n, sizeof *next);
    struct lus_event_table nobody = {0};
    int status = times && next ? LUS_OK : LUS_ENOMEM;
    size_t rows = status == LUS_OK ? list_times(curves, n, times) : 0;
    if (status == LUS_OK) status = lus_curve_allocate(out, rows, &nobody, 0);
    if (status == LUS_OK) set_range(curves, shares, n, out);
    double events_by = 0;
    for (size_t i = 0; i < rows && status == LUS_OK && times[i] <= out->last_exit; i++) {
        double survival = 0, variance = 0, events = 0, at_risk = 0;
        for (size_t g = 0; g < n; g++) {
            const struct lus_curve *c = curves[g];
            bool is_here = next[g] < c->n && c->time[next[g]] == times[i];
            if (is_here) events += c->events[next[g]], next[g]++;
            at_risk += next[g] < c->n ? c->at_risk[is_here ? next[g] - 1 : next[g]]
                       : is_here      ? c->at_risk[c->n - 1]
                                      : 0;
            double s = next[g] ? c->survival[next[g] - 1] : 1,
                   error = next[g] ? c->std_error[next[g] - 1] : 0;
            survival += shares[g] * s;
            /* of a part that has died out it is not defined, and so of the whole */
            if (shares[g] > 0) variance += shares[g] * shares[g] * error * error;
        }
        events_by += events;
        out->time[i] = times[i];
        out->survival[i] = survival, out->std_error[i] = survival > 0 ? sqrt(variance) : NAN,
        out->hazard[i] = survival > 0 ? -log(survival) : NAN;
        out->events[i] = events, out->at_risk[i] = at_risk, out->events_by[i] = events_by;
        if (survival == 0 && out->zero_at < 0) out->zero_at = times[i];
        out->n = i + 1;
    }
    free(times), free(next);
    return status;
}
