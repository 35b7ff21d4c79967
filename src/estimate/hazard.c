/* The hazard behind a curve, smoothed by a kernel. */
#include <math.h>

#include "estimate/curve.h"
#include "support/sum.h"

/* The kernel at x for a place that stands q bandwidths from the beginning: Epanechnikov's for
 * q >= 1, else the boundary kernel of Mueller and Wang, which has the same moments on [-1, q]. */
static double kernel(double x, double q)
{
    if (q >= 1) return fabs(x) <= 1 ? 0.75 * (1 - x * x) : 0;
    if (x < -1 || x > q) return 0;
    double power = (1 + q) * (1 + q);
    return 12 / (power * power) * (x + 1) * (x * (1 - 2 * q) + (3 * q * q - 2 * q + 1) / 2);
}

double lus_hazard_bandwidth(const struct lus_curve *c, lus_time end)
{
    double events = 0;
    for (size_t i = 0; i < c->n && c->time[i] <= end; i++)
        events += c->events[i];
    return events > 0 ? (double)(end - c->start) / (2 * pow(events, 0.2)) : NAN;
}

struct lus_smooth_hazard lus_hazard_at(const struct lus_curve *c, lus_time end, double bandwidth,
                                       double t, double level)
{
    struct lus_smooth_hazard out = {NAN, NAN, NAN, NAN};
    double start = (double)c->start, last = (double)end, q = (t - start) / bandwidth;
    struct lus_sum sum = {0}, variance = {0};
    if (!(bandwidth > 0) || bandwidth > (last - start) / 2 || t < start ||
        t + bandwidth > last * (1 + 1e-12))
        return out;
    for (size_t i = 0; i < c->n && c->time[i] <= end; i++) {
        double apart = (t - (double)c->time[i]) / bandwidth;
        if (fabs(apart) > 1 || !(c->events[i] > 0)) continue;
        double k = kernel(apart, q) / bandwidth;
        lus_sum_add(&sum, k * c->events[i] / c->at_risk[i]);
        lus_sum_add(&variance, k * k * c->events[i] / (c->at_risk[i] * c->at_risk[i]));
    }
    out.hazard = fmax(lus_sum_value(&sum), 0);
    out.std_error = sqrt(lus_sum_value(&variance));
    if (!(out.hazard > 0)) return out;
    double factor = exp(lus_conf_z(level) * out.std_error / out.hazard);
    out.low = out.hazard / factor, out.high = out.hazard * factor;
    return out;
}
