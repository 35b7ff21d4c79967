#include <math.h>

#include "estimate/curve.h"
#include "support/error.h"

/* The increments of H and of its variance at one time. */
static void increments(double d, double r, bool has_tie_correction, struct lus_sum *hazard,
                       struct lus_sum *variance)
{
    if (!has_tie_correction) {
        lus_sum_add(hazard, d / r);
        lus_sum_add(variance, d / (r * r));
        return;
    }
    for (double j = 0; j < d; j++) {
        lus_sum_add(hazard, 1 / (r - j));
        lus_sum_add(variance, 1 / ((r - j) * (r - j)));
    }
}

int lus_nelson_aalen(const struct lus_event_table *t, lus_time start, bool has_tie_correction,
                     struct lus_curve *out)
{
    struct lus_curve c;
    *out = (struct lus_curve){0};
    if (t->rows.n) return LUS_EUSAGE; /* weights that are not whole */
    LUS_TRY(lus_curve_of_table(&c, t, start));
    struct lus_sum hazard = {0}, variance = {0};
    for (size_t i = 0; i < t->n; i++) {
        if (t->events[i] > 0)
            increments(t->events[i], t->at_risk[i], has_tie_correction, &hazard, &variance);
        c.hazard[i] = lus_sum_value(&hazard);
        c.survival[i] = exp(-c.hazard[i]);
        c.std_error[i] = c.survival[i] * sqrt(lus_sum_value(&variance));
        c.events_by[i] = (i ? c.events_by[i - 1] : 0) + t->events[i];
    }
    *out = c;
    return LUS_OK;
}
