#include <math.h>

#include "estimate/curve.h"

struct lus_mean lus_restricted_mean(const struct lus_event_table *t, const struct lus_curve *c,
                                    lus_time tau, double level)
{
    struct lus_mean m = {.mean = NAN, .std_error = NAN, .low = NAN, .high = NAN};
    if (!c->n) m.why = LUS_WHY_NO_ROWS;
    else if (c->is_refilled && tau > c->zero_at) m.why = LUS_WHY_REFILLED;
    else if (tau > c->last_exit && c->zero_at < 0) m.why = LUS_WHY_BEYOND_FOLLOW_UP;
    if (m.why != LUS_AVAILABLE || tau <= c->start) return m;
    size_t rows = 0;
    while (rows < c->n && c->time[rows] < tau)
        rows++;
    /* From the right: the area behind each time of death is what its variance needs. */
    struct lus_sum area = {0}, variance = {0};
    lus_time end = tau;
    for (size_t i = rows; i-- > 0;) {
        lus_sum_add(&area, c->survival[i] * (double)(end - c->time[i]));
        end = c->time[i];
        double d = t->events[i], r = t->at_risk[i], behind = lus_sum_value(&area);
        if (d > 0 && behind > 0) lus_sum_add(&variance, behind * behind * d / (r * (r - d)));
    }
    lus_sum_add(&area, (double)(end - c->start));
    m.mean = lus_sum_value(&area);
    m.std_error = t->rows.n ? lus_robust_area_error(t, c, tau) : sqrt(lus_sum_value(&variance));
    double half = lus_conf_z(level) * m.std_error;
    m.low = m.mean - half;
    m.high = m.mean + half;
    return m;
}
