#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "incidence/incidence.h"
#include "support/error.h"
#include "support/times.h"

const char *lus_incidence_variance_name(enum lus_incidence_variance variance)
{
    return variance == LUS_VARIANCE_AALEN ? "aalen" : "delta";
}

int lus_incidence_variance_parse(const char *name, enum lus_incidence_variance *out)
{
    if (strcmp(name, "delta") != 0 && strcmp(name, "aalen") != 0) return LUS_EUSAGE;
    *out = name[0] == 'a' ? LUS_VARIANCE_AALEN : LUS_VARIANCE_DELTA;
    return LUS_OK;
}

/* What a time adds to a variance, by how far the curve still rises behind it: x^2 squared, x times
 * crossed, and alone. */
struct terms {
    double squared, crossed, alone;
};

/* s: survival before the time; a of d events are the cause's; r at risk. A term that is not finite
 * stands before a rise of 0, or of one person. */
static struct terms terms_of(enum lus_incidence_variance variance, double s, double a, double d,
                             double r)
{
    struct terms t;
    if (variance == LUS_VARIANCE_DELTA)
        t = (struct terms){d / (r * (r - d)), s * a / (r * r), s * s * a * (r - a) / (r * r * r)};
    else
        t = (struct terms){d / ((r - 1) * (r - d)), s * a * (r - a) / (r * (r - d) * (r - 1)),
                           s * s * a * (r - a) / (r * r * (r - 1))};
    if (!isfinite(t.squared)) t.squared = 0;
    if (!isfinite(t.crossed)) t.crossed = 0;
    if (!isfinite(t.alone)) t.alone = 0;
    return t;
}

static double before(const struct lus_curve *alive, size_t i)
{
    return i ? alive->survival[i - 1] : 1;
}

/* The variance at each time in one walk: F(t) - F(t_j) is opened by powers of F(t_j). */
static void walk(const struct lus_event_table *all, const struct lus_event_table *of_cause,
                 struct lus_incidence *x, size_t cause)
{
    double *incidence = &x->incidence[cause * x->n], *std_error = &x->std_error[cause * x->n],
           *events_by = &x->events_by[cause * x->n];
    struct lus_sum risen = {0}, squared[3] = {{0}}, crossed[2] = {{0}}, alone = {0};
    for (size_t i = 0; i < x->n; i++) {
        double d = all->events[i], a = of_cause->events[i], r = all->at_risk[i];
        double s = before(&x->alive, i);
        if (a > 0) lus_sum_add(&risen, s * a / r);
        double now = lus_sum_value(&risen);
        if (d > 0) {
            struct terms t = terms_of(x->variance, s, a, d, r);
            double power = 1;
            for (int p = 0; p < 3; p++, power *= now) {
                lus_sum_add(&squared[p], t.squared * power);
                if (p < 2) lus_sum_add(&crossed[p], t.crossed * power);
            }
            lus_sum_add(&alone, t.alone);
        }
        double variance = now * now * lus_sum_value(&squared[0]) -
                          2 * now * lus_sum_value(&squared[1]) + lus_sum_value(&squared[2]) +
                          lus_sum_value(&alone) -
                          2 * (now * lus_sum_value(&crossed[0]) - lus_sum_value(&crossed[1]));
        incidence[i] = now;
        std_error[i] = sqrt(variance > 0 ? variance : 0);
        events_by[i] = (i ? events_by[i - 1] : 0) + a;
    }
}

static bool are_same_times(const struct lus_event_table *a, const struct lus_event_table *b)
{
    return a->n == b->n && (!a->n || memcmp(a->time, b->time, a->n * sizeof *a->time) == 0);
}

int lus_aalen_johansen(const struct lus_event_table *all,
                       const struct lus_event_table *const *causes, size_t n_causes,
                       enum lus_incidence_variance variance, struct lus_incidence *out)
{
    struct lus_incidence x = {
        .n = all->n, .n_causes = n_causes, .variance = variance, .is_robust = all->rows.n > 0};
    *out = (struct lus_incidence){0};
    if (x.is_robust && variance == LUS_VARIANCE_AALEN) return LUS_EUSAGE;
    for (size_t k = 0; k < n_causes; k++)
        if (!are_same_times(all, causes[k])) return LUS_EUSAGE;
    LUS_TRY(lus_kaplan_meier(all, 0, &x.alive));
    size_t n = n_causes * all->n;
    x.incidence = lus_alloc(n + 1, sizeof *x.incidence);
    x.std_error = lus_alloc(n + 1, sizeof *x.std_error);
    x.events_by = lus_alloc(n + 1, sizeof *x.events_by);
    int status = x.incidence && x.std_error && x.events_by ? LUS_OK : LUS_ENOMEM;
    for (size_t k = 0; k < n_causes && status == LUS_OK; k++) {
        walk(all, causes[k], &x, k);
        if (x.is_robust) status = lus_incidence_robust(all, causes[k], &x, k);
    }
    if (status == LUS_OK) *out = x;
    else lus_incidence_free(&x);
    return status;
}

void lus_incidence_free(struct lus_incidence *x)
{
    lus_curve_free(&x->alive);
    free(x->incidence), free(x->std_error), free(x->events_by);
    *x = (struct lus_incidence){0};
}

struct lus_incidence_point lus_incidence_at(const struct lus_incidence *x, size_t cause,
                                            lus_time time, const struct lus_conf *conf)
{
    struct lus_incidence_point p = {.low = NAN, .high = NAN};
    size_t rows = lus_first_after(x->alive.time, x->n, time), at = cause * x->n + rows - 1;
    if (rows)
        p.incidence = x->incidence[at], p.std_error = x->std_error[at],
        p.events_by = x->events_by[at];
    p.why = p.why_error = lus_curve_at(&x->alive, time, conf).why;
    if (p.why != LUS_AVAILABLE) p.incidence = p.std_error = NAN;
    else if (!(p.events_by > 0)) p.why_error = LUS_WHY_NO_EVENT;
    else lus_interval(conf, p.incidence, p.std_error, &p.low, &p.high);
    return p;
}

/* From the right: the area that is still to come behind each time. */
struct lus_mean lus_time_lost(const struct lus_event_table *all,
                              const struct lus_event_table *of_cause, const struct lus_incidence *x,
                              size_t cause, lus_time tau, double level)
{
    struct lus_mean m = {.mean = NAN, .std_error = NAN, .low = NAN, .high = NAN};
    m.why = lus_restricted_mean(all, &x->alive, tau, level).why;
    if (m.why != LUS_AVAILABLE) return m;
    struct lus_sum lost = {0}, variance = {0};
    for (size_t i = lus_first_after(all->time, all->n, tau); i-- > 0;) {
        double d = all->events[i], a = of_cause->events[i], r = all->at_risk[i],
               s = before(&x->alive, i), rest = (double)(tau - all->time[i]),
               behind = lus_sum_value(&lost);
        if (!(d > 0)) continue;
        struct terms t = terms_of(x->variance, s, a, d, r);
        lus_sum_add(&variance, behind * behind * t.squared + rest * rest * t.alone -
                                   2 * behind * rest * t.crossed);
        lus_sum_add(&lost, rest * s * a / r);
    }
    m.mean = lus_sum_value(&lost);
    m.std_error = x->is_robust ? lus_time_lost_robust(all, of_cause, x, cause, tau)
                               : sqrt(fmax(lus_sum_value(&variance), 0));
    double half = lus_conf_z(level) * m.std_error;
    m.low = m.mean - half, m.high = m.mean + half;
    return m;
}
