/* How an effect changes over time: scaled Schoenfeld residuals by a natural spline of the scale of
 * time with four parameters (Grambsch & Therneau 1994). */
#include <math.h>
#include <stdlib.h>

#include "regress/matrix.h"
#include "regress/regress.h"

enum { DF = 4 };

struct event_at {
    lus_time time;
    double g;
    size_t k; /* of the event time */
};

static int by_time(const void *a, const void *b)
{
    const struct event_at *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* 1, g, and two restricted cubes between the quarters' knots. */
static void basis_at(const double knots[DF], double g, double out[DF])
{
    double range = knots[DF - 1] - knots[0];
    out[0] = 1, out[1] = (g - knots[0]) / range;
    for (size_t i = 0; i < DF - 2; i++) {
        double gap = knots[DF - 1] - knots[DF - 2], own = fmax(g - knots[i], 0),
               before = fmax(g - knots[DF - 2], 0);
        out[i + 2] = (own * own * own -
                      before * before * before * (knots[DF - 1] - knots[i]) / gap) /
                     (range * range * range);
    }
}

struct smoothing {
    const struct lus_cox *x;
    const struct lus_cox_sums *s;
    struct event_at *events; /* by time, the earliest first */
    size_t n;
    double knots[DF], gram[DF * DF], inverse[DF * DF];
};

static void solve_gram(struct smoothing *m, bool *is_possible)
{
    double b[DF], factor[DF * DF];
    memset(m->gram, 0, sizeof m->gram);
    for (size_t i = 0; i < m->n; i++) {
        double tied = m->x->partial.tied[m->events[i].k];
        basis_at(m->knots, m->events[i].g, b);
        for (size_t r = 0; r < DF; r++)
            for (size_t c = 0; c < DF; c++)
                m->gram[r * DF + c] += tied * b[r] * b[c];
    }
    memcpy(factor, m->gram, sizeof factor);
    *is_possible = lus_cholesky(factor, DF, 1e-12) == DF;
    if (*is_possible) lus_cholesky_invert(factor, DF, m->inverse);
}

/* Basis times residuals, of one coefficient. */
static void project(const struct smoothing *m, size_t j, double events, double out[DF])
{
    const struct lus_cox *x = m->x;
    size_t p = x->design.p;
    memset(out, 0, DF * sizeof *out);
    for (size_t i = 0; i < m->n; i++) {
        size_t k = m->events[i].k;
        const double *mean = m->s->mean + k * p;
        double b[DF];
        basis_at(m->knots, m->events[i].g, b);
        for (size_t row = x->partial.dead[k]; row < x->partial.dead_end[k]; row++) {
            const double *covariates = lus_design_x(&x->design, row);
            double copies = x->design.weight && x->design.weights_are_copies ? x->design.weight[row]
                                                                             : 1,
                   residual = x->beta[j];
            for (size_t l = 0; l < p; l++)
                residual += events * (covariates[l] - mean[l]) * x->variance[l * p + j];
            for (size_t r = 0; r < DF; r++)
                out[r] += copies * residual * b[r];
        }
    }
}

static int list_events(struct smoothing *m, enum lus_time_scale scale)
{
    const struct lus_partial *q = &m->x->partial;
    double *g = lus_alloc(q->n_times + 1, sizeof *g);
    m->events = lus_alloc(q->n_times + 1, sizeof *m->events);
    int status = g && m->events ? lus_cox_time_scale(m->x, scale, g) : LUS_ENOMEM;
    for (size_t k = 0; k < q->n_times && status == LUS_OK; k++)
        m->events[m->n++] = (struct event_at){q->time[k], g[k], k};
    if (status == LUS_OK) qsort(m->events, m->n, sizeof *m->events, by_time);
    free(g);
    for (size_t i = 0; i < DF && m->n && status == LUS_OK; i++)
        m->knots[i] = m->events[(m->n - 1) * i / (DF - 1)].g;
    return status;
}

int lus_cox_smooth(const struct lus_cox *x, const struct lus_cox_sums *s, enum lus_time_scale scale,
                   struct lus_smooth_effect *out)
{
    struct smoothing m = {.x = x, .s = s};
    bool is_possible = false;
    double events = 0, z = lus_conf_z(x->question.conf_level);
    int status = list_events(&m, scale);
    if (status == LUS_OK) solve_gram(&m, &is_possible);
    for (size_t i = 0; i < m.n; i++)
        events += x->partial.tied[m.events[i].k];
    for (size_t j = 0; j < x->design.p && status == LUS_OK; j++) {
        double projected[DF], b[DF];
        project(&m, j, events, projected);
        for (size_t at = 0; at < LUS_SMOOTH_POINTS; at++) {
            const struct event_at *e = &m.events[(m.n - 1) * at / (LUS_SMOOTH_POINTS - 1)];
            struct lus_smooth_effect *o = &out[j * LUS_SMOOTH_POINTS + at];
            *o = (struct lus_smooth_effect){e->time, NAN, NAN, NAN};
            if (!is_possible) continue;
            double square = 0;
            basis_at(m.knots, e->g, b);
            o->effect = 0;
            for (size_t r = 0; r < DF; r++)
                for (size_t c = 0; c < DF; c++) {
                    o->effect += b[r] * m.inverse[r * DF + c] * projected[c];
                    square += b[r] * m.inverse[r * DF + c] * b[c];
                }
            double error = sqrt(square * events * x->variance[j * x->design.p + j]);
            o->low = o->effect - z * error, o->high = o->effect + z * error;
        }
    }
    free(m.events);
    return status;
}
