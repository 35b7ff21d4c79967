/* Firth's penalised likelihood, l + log det(I)/2, which has a maximum also where the likelihood
 * rises for ever (Heinze & Schemper, Biometrics 57 (2001) 114-119). Limits by its profile.
 *
 * The slope of the penalty is half the trace of I^-1 dI/db_t. At an event time dI is the third
 * central moment of the covariates over the risk set, so with A = I^-1, q(x) = (x - m)'A(x - m) and
 * the mean m the trace is the mean of q(x)(x_t - m_t): of x'Ax x, of x x' and of x. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "regress/matrix.h"
#include "regress/regress.h"

/* Running sums over those at risk, and over those with the event: S0, S1, S2, sums of x'Ax and of
 * x'Ax x. */
struct moments {
    double s0, a0;
    double *s1, *a1, *s2; /* p, p, p by p */
};

struct slope {
    const struct lus_cox *x;
    size_t p;
    const double *r, *inverse; /* of the information */
    struct moments risk, dead, one;
    double *room, *out; /* out: the slope of log det(I)/2 */
};

static size_t size_of(size_t p)
{
    return 2 * p + p * p;
}

static void place(struct moments *m, double *room, size_t p)
{
    m->s1 = room, m->a1 = room + p, m->s2 = room + 2 * p;
}

static void clear(struct moments *m, size_t p)
{
    m->s0 = m->a0 = 0;
    memset(m->s1, 0, size_of(p) * sizeof *m->s1);
}

static double form(const double *a, size_t p, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += x[i] * a[i * p + j] * y[j];
    return sum;
}

static void add_row(const struct slope *s, size_t i, double sign, struct moments *m)
{
    size_t p = s->p;
    const double *x = lus_design_x(&s->x->design, i);
    double r = sign * s->r[i], a = r * form(s->inverse, p, x, x);
    m->s0 += r, m->a0 += a;
    for (size_t j = 0; j < p; j++) {
        m->s1[j] += r * x[j];
        m->a1[j] += a * x[j];
        for (size_t k = 0; k < p; k++)
            m->s2[j * p + k] += r * x[j] * x[k];
    }
}

/* One risk set of the ties at a time: those at risk, less a share of those with the event. */
static void add_set(struct slope *s, double share, double weight)
{
    size_t p = s->p;
    struct moments *m = &s->one;
    const struct moments *all = &s->risk, *dead = &s->dead;
    double s0 = all->s0 - share * dead->s0, *mean = m->s1, *am = m->a1;
    for (size_t j = 0; j < p; j++)
        mean[j] = (all->s1[j] - share * dead->s1[j]) / s0;
    for (size_t j = 0; j < p; j++) {
        am[j] = 0;
        for (size_t k = 0; k < p; k++)
            am[j] += s->inverse[j * p + k] * mean[k];
    }
    double square = form(s->inverse, p, mean, mean), a = (all->a0 - share * dead->a0) / s0,
           q = a - square; /* the mean of q(x): a - 2 m'Am + m'Am */
    for (size_t t = 0; t < p; t++) {
        double crossed = 0;
        for (size_t k = 0; k < p; k++)
            crossed += (all->s2[t * p + k] - share * dead->s2[t * p + k]) / s0 * am[k];
        double third = (all->a1[t] - share * dead->a1[t]) / s0 - 2 * crossed + square * mean[t];
        s->out[t] += weight * (third - q * mean[t]) / 2;
    }
}

static void add_time(struct slope *s, size_t k)
{
    const struct lus_partial *q = &s->x->partial;
    clear(&s->dead, s->p);
    for (size_t i = q->dead[k]; i < q->dead_end[k]; i++)
        add_row(s, i, 1, &s->dead);
    double d = q->tied[k];
    if (q->ties != LUS_TIES_EFRON || d < 2) {
        add_set(s, 0, q->weight[k]);
        return;
    }
    for (double j = 0; j < d; j++)
        add_set(s, j / d, q->weight[k] / d);
}

/* The slope of the penalty where the information has the inverse. */
static int penalty_slope(const struct lus_cox *x, const double *r, const double *inverse,
                         double *out)
{
    const struct lus_partial *q = &x->partial;
    const struct lus_design *d = &x->design;
    struct slope s = {.x = x, .p = d->p, .r = r, .inverse = inverse, .out = out};
    s.room = lus_alloc_zeroed(3 * size_of(d->p) + 1, sizeof *s.room);
    if (!s.room) return LUS_ENOMEM;
    place(&s.risk, s.room, d->p);
    place(&s.dead, s.room + size_of(d->p), d->p);
    place(&s.one, s.room + 2 * size_of(d->p), d->p);
    memset(out, 0, d->p * sizeof *out);
    for (size_t st = 0; st < d->n_strata; st++) {
        size_t row = d->stratum_begins[st], left = row;
        clear(&s.risk, d->p);
        for (size_t k = q->times_begin[st]; k < q->times_begin[st + 1]; k++) {
            for (; row < q->end[k]; row++)
                add_row(&s, row, 1, &s.risk);
            for (; q->by_entry && left < d->stratum_begins[st + 1]; left++) {
                uint32_t i = q->by_entry[left];
                if (d->entry[i] < q->time[k] || !d->entry[i]) break;
                add_row(&s, i, -1, &s.risk);
            }
            add_time(&s, k);
        }
    }
    free(s.room);
    return LUS_OK;
}

/* --- the fit --- */

enum { MOST_ITERATIONS = 200 };

struct penalised {
    struct lus_cox *x;
    size_t p;
    struct lus_derivatives now;
    double *factor, *inverse, *slope, *step, *eta, *r, *tried;
    double value; /* penalised */
    double *room;
};

static int open_penalised(struct penalised *f, struct lus_cox *x)
{
    size_t p = x->design.p, n = x->design.n;
    *f = (struct penalised){.x = x, .p = p};
    double *room = f->room = lus_alloc_zeroed(4 * p + 3 * p * p + 2 * n + 1, sizeof *room);
    if (!room) return LUS_ENOMEM;
    f->now.score = room, f->slope = room + p, f->step = room + 2 * p, f->tried = room + 3 * p;
    f->now.information = room += 4 * p;
    f->factor = room += p * p;
    f->inverse = room += p * p;
    f->eta = room += p * p;
    f->r = f->eta + n;
    return LUS_OK;
}

/* The penalised likelihood at b, with what a step needs; -inf where the information is singular. */
static int look(struct penalised *f, const double *beta)
{
    LUS_TRY(lus_partial_derivatives(&f->x->partial, beta, NULL, &f->now));
    memcpy(f->factor, f->now.information, f->p * f->p * sizeof *f->factor);
    f->value = -INFINITY;
    if (!isfinite(f->now.loglik) || lus_cholesky(f->factor, f->p, 1e-14) < f->p) return LUS_OK;
    f->value = f->now.loglik;
    for (size_t j = 0; j < f->p; j++)
        f->value += log(f->factor[j * f->p + j]);
    return LUS_OK;
}

/* From b to the largest value that columns which are not fixed reach. fixed: p, or the column that
 * stays. decrement: how far it may still be, in standard errors. */
static int climb(struct penalised *f, double *beta, size_t fixed, double *decrement,
                 size_t *iterations)
{
    size_t p = f->p;
    LUS_TRY(look(f, beta));
    for (size_t round = 0; round < MOST_ITERATIONS && isfinite(f->value); round++) {
        lus_cholesky_invert(f->factor, p, f->inverse);
        LUS_TRY(lus_partial_risks(&f->x->partial, beta, f->eta, f->r));
        LUS_TRY(penalty_slope(f->x, f->r, f->inverse, f->slope));
        double *own = f->factor, before = f->value, part = 1;
        memcpy(own, f->now.information, p * p * sizeof *own);
        for (size_t j = 0; j < p; j++)
            f->step[j] = j == fixed ? 0 : f->now.score[j] + f->slope[j];
        for (size_t j = 0; fixed < p && j < p; j++)
            own[fixed * p + j] = own[j * p + fixed] = j == fixed;
        if (lus_cholesky(own, p, 1e-14) < p) break;
        *decrement = 0;
        for (size_t j = 0; j < p; j++)
            f->tried[j] = f->step[j];
        lus_cholesky_solve(own, p, f->step);
        for (size_t j = 0; j < p; j++)
            *decrement += f->tried[j] * f->step[j];
        *decrement = sqrt(fmax(*decrement, 0));
        ++*iterations;
        if (*decrement < 1e-9) break;
        for (int halvings = 0; halvings < 40; halvings++, part /= 2) {
            for (size_t j = 0; j < p; j++)
                f->tried[j] = beta[j] + part * f->step[j];
            LUS_TRY(look(f, f->tried));
            if (f->value >= before - 1e-10 * (1 + fabs(before))) break;
        }
        memcpy(beta, f->tried, p * sizeof *beta);
    }
    return LUS_OK;
}

/* --- limits by the profile --- */

/* Twice what the penalised likelihood loses where column j is held at a value. */
static int loss(struct penalised *f, const double *best, double most, size_t j, double value,
                double *out)
{
    size_t iterations = 0;
    double decrement = INFINITY, *beta = lus_alloc(f->p + 1, sizeof *beta);
    if (!beta) return LUS_ENOMEM;
    memcpy(beta, best, f->p * sizeof *beta);
    beta[j] = value;
    int status = climb(f, beta, j, &decrement, &iterations);
    *out = 2 * (most - f->value);
    free(beta);
    return status;
}

/* The value on one side at which the loss is the quantile: outwards, then by halves (Illinois). */
static int find_limit(struct penalised *f, const double *best, double most, size_t j, double side,
                      double quantile, double *out)
{
    double error = sqrt(f->x->variance[j * f->p + j]), near = best[j], at_near = -quantile,
           far = near, at_far = 0;
    for (int i = 0; i < 40; i++) {
        far = best[j] + side * error * lus_conf_z(f->x->question.conf_level) * pow(1.5, i);
        LUS_TRY(loss(f, best, most, j, far, &at_far));
        at_far -= quantile;
        if (!(at_far < 0)) break;
        near = far, at_near = at_far;
    }
    *out = NAN;
    if (!isfinite(at_far)) return LUS_OK; /* it never loses so much */
    int last = 0;
    for (int i = 0; i < 100 && fabs(far - near) > 1e-12 * (1 + fabs(far)); i++) {
        double middle = far - at_far * (far - near) / (at_far - at_near), value;
        LUS_TRY(loss(f, best, most, j, middle, &value));
        value -= quantile;
        *out = middle;
        if (fabs(value) < 1e-11) break;
        if (value < 0) {
            near = middle, at_near = value;
            if (last < 0) at_far /= 2;
            last = -1;
        } else {
            far = middle, at_far = value;
            if (last > 0) at_near /= 2;
            last = 1;
        }
    }
    return LUS_OK;
}

static int profile(struct penalised *f, double most)
{
    struct lus_cox *x = f->x;
    double quantile = pow(lus_conf_z(x->question.conf_level), 2);
    x->limits = lus_arena_alloc(&x->arena, 3 * f->p + 1, sizeof *x->limits);
    if (!x->limits) return LUS_ENOMEM;
    for (size_t j = 0; j < f->p; j++) {
        double lost;
        LUS_TRY(find_limit(f, x->beta, most, j, -1, quantile, &x->limits[3 * j]));
        LUS_TRY(find_limit(f, x->beta, most, j, 1, quantile, &x->limits[3 * j + 1]));
        LUS_TRY(loss(f, x->beta, most, j, 0, &lost));
        x->limits[3 * j + 2] = gsl_cdf_chisq_Q(fmax(lost, 0), 1);
    }
    return LUS_OK;
}

static int fit(struct penalised *f, struct lus_error *err)
{
    struct lus_cox *x = f->x;
    struct lus_cox_summary *s = &x->summary;
    size_t p = f->p, square = p * p;
    x->beta = lus_arena_alloc(&x->arena, p + 2 * square + 1, sizeof *x->beta);
    if (!x->beta) return lus_fail_memory(err);
    x->variance = x->beta + p, x->information = x->variance + square;
    if (look(f, x->beta) != LUS_OK) return lus_fail_memory(err);
    if (!isfinite(f->value)) {
        size_t column = lus_cholesky(f->now.information, p, 1e-11);
        return lus_cox_fail_singular(x, column < p ? column : 0, err);
    }
    s->loglik_null = f->value;
    s->decrement = INFINITY;
    if (climb(f, x->beta, p, &s->decrement, &s->iterations) != LUS_OK) return lus_fail_memory(err);
    if (!(s->decrement < 1e-8))
        return lus_fail(err, LUS_EDATA,
                        "--firth: not converged after %d steps, the last of which was %.3g "
                        "standard errors; a simpler model may tell more",
                        MOST_ITERATIONS, s->decrement);
    s->loglik = f->value;
    memcpy(x->information, f->now.information, square * sizeof *x->information);
    memcpy(x->variance, f->inverse, square * sizeof *x->variance);
    return profile(f, s->loglik) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_cox_fit_firth(struct lus_cox *x, struct lus_error *err)
{
    struct penalised f;
    if (open_penalised(&f, x) != LUS_OK) return lus_fail_memory(err);
    int status = fit(&f, err);
    free(f.room);
    return status;
}
