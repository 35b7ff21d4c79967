#include "estimate/curve.h"

#include <math.h>
#include <stdlib.h>

#include "support/memory.h"
#include "support/times.h"

/* How near to 1 - p survival counts as equal to it. Products of n factors err by about n * 1e-16,
 * and steps of interest are far larger; R allows 1.5e-8. */
static const double EQUAL = 1e-10;

/* What is reckoned for each row. */
static int allocate(struct lus_curve *c, size_t n, const struct lus_event_table *table,
                    lus_time start)
{
    *c = (struct lus_curve){.start = start,
                            .first_entry = table->first_entry,
                            .last_exit = table->last_exit,
                            .zero_at = -1,
                            .gap_at = -1};
    c->survival = lus_alloc(n, sizeof *c->survival);
    c->std_error = lus_alloc(n, sizeof *c->std_error);
    c->hazard = lus_alloc(n, sizeof *c->hazard);
    c->events_by = lus_alloc(n, sizeof *c->events_by);
    return c->survival && c->std_error && c->hazard && c->events_by ? LUS_OK : LUS_ENOMEM;
}

int lus_curve_of_table(struct lus_curve *c, const struct lus_event_table *table, lus_time start)
{
    int status = allocate(c, table->n, table, start);
    c->n = table->n;
    c->time = table->time, c->events = table->events, c->at_risk = table->at_risk;
    c->is_borrowed = true;
    if (status != LUS_OK) lus_curve_free(c);
    return status;
}

int lus_curve_allocate(struct lus_curve *c, size_t n, const struct lus_event_table *table,
                       lus_time start)
{
    int status = allocate(c, n, table, start);
    c->time = lus_alloc(n, sizeof *c->time);
    c->events = lus_alloc(n, sizeof *c->events);
    c->at_risk = lus_alloc(n, sizeof *c->at_risk);
    if (status == LUS_OK && c->time && c->events && c->at_risk) return LUS_OK;
    lus_curve_free(c);
    return LUS_ENOMEM;
}

void lus_curve_free(struct lus_curve *c)
{
    free(c->survival), free(c->std_error), free(c->hazard), free(c->events_by);
    if (!c->is_borrowed) free(c->time), free(c->events), free(c->at_risk);
    *c = (struct lus_curve){0};
}

/* The number of rows at or before a time. */
static size_t rows_until(const struct lus_curve *c, lus_time time)
{
    return lus_first_after(c->time, c->n, time);
}

static enum lus_why why_at(const struct lus_curve *c, lus_time time)
{
    if (!c->n) return LUS_WHY_NO_ROWS;
    if (c->first_entry > c->start && time <= c->first_entry) return LUS_WHY_BEFORE_ENTRY;
    if (c->is_refilled && time >= c->zero_at) return LUS_WHY_REFILLED;
    if (time > c->last_exit && c->zero_at < 0) return LUS_WHY_BEYOND_FOLLOW_UP;
    return LUS_AVAILABLE;
}

struct lus_point lus_curve_at(const struct lus_curve *c, lus_time time, const struct lus_conf *conf)
{
    struct lus_point p = {.survival = 1, .low = NAN, .high = NAN};
    size_t rows = rows_until(c, time);
    if (rows) {
        p.survival = c->survival[rows - 1];
        p.std_error = c->std_error[rows - 1];
        p.hazard = c->hazard[rows - 1];
        p.events_by = c->events_by[rows - 1];
    }
    p.why = p.why_error = why_at(c, time);
    if (p.why != LUS_AVAILABLE) {
        p.survival = p.std_error = p.hazard = NAN;
        return p;
    }
    if (p.survival == 0) p.why_error = LUS_WHY_ALL_DEAD;
    else if (isnan(p.std_error)) p.why_error = LUS_WHY_GROUP_ALL_DEAD;
    lus_interval(conf, p.survival, p.std_error, &p.low, &p.high);
    return p;
}

/* The curve whose quantile is wanted: survival (side 0), or its lower (-1) or upper (1) limit. */
struct reading {
    const struct lus_curve *curve;
    enum lus_transform transform;
    double z;
    int side;
};

static double value_of(const struct reading *r, size_t i)
{
    double s = r->curve->survival[i], std_error = r->curve->std_error[i];
    if (r->side == 0) return s;
    if (s == 1 && std_error == 0) return 1;
    if (!(s > 0) || s >= 1 || isnan(std_error)) return NAN;
    return lus_limit(r->transform, r->z, s, std_error, r->side);
}

static bool crosses(const struct reading *r, double level, lus_time *out)
{
    const struct lus_curve *c = r->curve;
    size_t at = c->n;
    for (size_t i = 0; i < c->n && at == c->n; i++) {
        if (i && c->survival[i] == c->survival[i - 1]) continue; /* no event: no step */
        /* the upper limit is higher still */
        if (r->side > 0 && c->survival[i] > level + EQUAL) continue;
        if (value_of(r, i) <= level + EQUAL) at = i;
    }
    /* a quantile is available only where survival is */
    if (at == c->n || (c->is_refilled && c->time[at] >= c->zero_at)) return false;
    *out = c->time[at];
    if (value_of(r, at) < level - EQUAL) return true;
    lus_time end = c->time[c->n - 1]; /* a step that runs on to the last follow-up ends there */
    for (size_t i = at + 1; i < c->n; i++)
        if (value_of(r, i) < level - EQUAL) {
            end = c->time[i];
            break;
        }
    *out = c->time[at] + (end - c->time[at]) / 2;
    return true;
}

struct lus_quantile lus_curve_quantile(const struct lus_curve *c, double p,
                                       const struct lus_conf *conf)
{
    struct lus_quantile q = {.why = c->n ? LUS_WHY_NOT_REACHED : LUS_WHY_NO_ROWS};
    q.why_low = q.why_high = c->n ? LUS_WHY_LIMIT_OPEN : LUS_WHY_NO_ROWS;
    struct reading r = {.curve = c, .transform = conf->transform, .z = lus_conf_z(conf->level)};
    if (crosses(&r, 1 - p, &q.time)) q.why = LUS_AVAILABLE;
    else if (c->is_refilled) q.why = q.why_low = q.why_high = LUS_WHY_REFILLED;
    r.side = -1;
    if (crosses(&r, 1 - p, &q.low)) q.why_low = LUS_AVAILABLE;
    r.side = 1;
    if (crosses(&r, 1 - p, &q.high)) q.why_high = LUS_AVAILABLE;
    q.time -= c->start;
    q.low -= c->start;
    q.high -= c->start;
    return q;
}
