/* The infinitesimal jackknife for weighted rows.
 *
 * With f_j = S(t_j-) a_j/r_j the rise of F at a time, q_j = f_j/r_j and C the sum of d/(r (r - d)),
 * a patient at risk from e to x moves F(t) by
 *   sum over e < t_j <= min(x, t) of f_j (C(t_j-) - C(e)) - q_j,  and at x by S(x-)/r(x) if that
 *   is the cause; past x by -A (F(t) - F(x)), A = [event at x]/(r(x) - d(x)) - (C(x) - C(e)).
 * Those still at risk and those who have left are summed by powers of what is theirs, so that a
 * time costs nothing.
 */
#include <math.h>
#include <stdlib.h>

#include "incidence/incidence.h"
#include "support/times.h"

/* Sums over the first m times, m = 0 .. n. */
struct sums {
    size_t n;
    double *rise, *risen_c, *q, *c; /* of h f, h f C(t-), h q, d/(r (r - d)) */
};

static void free_sums(struct sums *s)
{
    free(s->rise), free(s->risen_c), free(s->q), free(s->c);
}

/* h: 1, or what is left to tau; times behind tau rise by nothing. */
static int make_sums(const struct lus_event_table *all, const struct lus_event_table *of_cause,
                     const struct lus_incidence *x, const lus_time *tau, struct sums *s)
{
    struct lus_sum rise = {0}, risen_c = {0}, q = {0}, c = {0};
    s->n = all->n;
    s->rise = lus_alloc(all->n + 1, sizeof *s->rise), s->q = lus_alloc(all->n + 1, sizeof *s->q);
    s->risen_c = lus_alloc(all->n + 1, sizeof *s->risen_c);
    s->c = lus_alloc(all->n + 1, sizeof *s->c);
    if (!s->rise || !s->risen_c || !s->q || !s->c) return LUS_ENOMEM;
    for (size_t j = 0; j <= all->n; j++) {
        s->rise[j] = lus_sum_value(&rise), s->risen_c[j] = lus_sum_value(&risen_c);
        s->q[j] = lus_sum_value(&q), s->c[j] = lus_sum_value(&c);
        if (j == all->n) break;
        double d = all->events[j], r = all->at_risk[j], survival = j ? x->alive.survival[j - 1] : 1,
               h = !tau                  ? 1
                   : all->time[j] < *tau ? (double)(*tau - all->time[j])
                                         : 0,
               f = d > 0 ? h * survival * of_cause->events[j] / r : 0;
        lus_sum_add(&rise, f), lus_sum_add(&risen_c, f * s->c[j]);
        if (f > 0) lus_sum_add(&q, f / r);
        if (d > 0 && r > d) lus_sum_add(&c, d / (r * (r - d)));
    }
    return LUS_OK;
}

static double square_of(const struct lus_person *row)
{
    double weight = (double)row->weight / 1e9;
    return (double)row->count * weight * weight;
}

/* Times that are past when a person enters. */
static size_t entered_at(const struct lus_event_table *all, const struct lus_person *row)
{
    return row->entry == 0 ? 0 : lus_first_after(all->time, all->n, row->entry);
}

/* What moves F past the exit, as base - slope F(t). m: times up to the exit, itself included. */
static void leave(const struct lus_event_table *all, const struct lus_incidence *x,
                  const struct sums *s, const struct lus_person *row, size_t cause, double h,
                  double *base, double *slope)
{
    size_t m = lus_first_after(all->time, all->n, row->exit), e = entered_at(all, row);
    double d = all->events[m - 1], r = all->at_risk[m - 1],
           survival = m > 1 ? x->alive.survival[m - 2] : 1;
    double moved = s->risen_c[m] - s->risen_c[e] - s->c[e] * (s->rise[m] - s->rise[e]) -
                   (s->q[m] - s->q[e]);
    if (row->cause == cause + 1) moved += h * survival / r;
    *slope = (row->cause && r > d ? 1 / (r - d) : 0) - (s->c[m] - s->c[e]);
    *base = moved + *slope * s->rise[m];
}

static int by_entry(const void *a, const void *b)
{
    const struct lus_person *x = a, *y = b;
    return (x->entry > y->entry) - (x->entry < y->entry);
}
static int by_exit(const void *a, const void *b)
{
    const struct lus_person *x = a, *y = b;
    return (x->exit > y->exit) - (x->exit < y->exit);
}

static struct lus_person *sorted(const struct lus_cohort *rows,
                                 int (*order)(const void *a, const void *b))
{
    struct lus_person *out = lus_alloc(rows->n + 1, sizeof *out);
    for (size_t i = 0; out && i < rows->n; i++)
        out[i] = lus_cohort_at(rows, i);
    if (out) qsort(out, rows->n, sizeof *out, order);
    return out;
}

/* Sums of w^2 times products of two numbers of a person: 1, k, c inside; base and slope later. */
struct powers {
    struct lus_sum n, k, c, kk, kc, cc;
};
static void add_powers(struct powers *p, double w2, double k, double c)
{
    lus_sum_add(&p->n, w2), lus_sum_add(&p->k, w2 * k), lus_sum_add(&p->c, w2 * c);
    lus_sum_add(&p->kk, w2 * k * k), lus_sum_add(&p->kc, w2 * k * c);
    lus_sum_add(&p->cc, w2 * c * c);
}

/* The sum of w^2 (u + k - c f)^2. */
static double squares(const struct powers *p, double u, double f)
{
    return u * u * lus_sum_value(&p->n) + lus_sum_value(&p->kk) + f * f * lus_sum_value(&p->cc) +
           2 * (u * lus_sum_value(&p->k) - u * f * lus_sum_value(&p->c) -
                f * lus_sum_value(&p->kc));
}

static void put_inside(const struct lus_event_table *all, const struct sums *s,
                       const struct lus_person *row, double sign, struct powers *inside)
{
    size_t e = entered_at(all, row);
    add_powers(inside, sign * square_of(row), s->c[e] * s->rise[e] - s->risen_c[e] + s->q[e],
               s->c[e]);
}

int lus_incidence_robust(const struct lus_event_table *all, const struct lus_event_table *of_cause,
                         struct lus_incidence *x, size_t cause)
{
    struct sums s = {0};
    struct powers inside = {0}, left = {0};
    size_t n = all->rows.n, entries = 0, exits = 0;
    struct lus_person *entering = sorted(&all->rows, by_entry),
                      *leaving = sorted(&all->rows, by_exit);
    int status = entering && leaving ? make_sums(all, of_cause, x, NULL, &s) : LUS_ENOMEM;
    for (size_t i = 0; i < all->n && status == LUS_OK; i++) {
        for (; entries < n &&
               (entering[entries].entry < all->time[i] || entering[entries].entry == 0);
             entries++)
            put_inside(all, &s, &entering[entries], 1, &inside);
        for (; exits < n && leaving[exits].exit == all->time[i]; exits++) {
            double base, slope;
            put_inside(all, &s, &leaving[exits], -1, &inside);
            leave(all, x, &s, &leaving[exits], cause, 1, &base, &slope);
            add_powers(&left, square_of(&leaving[exits]), base, slope);
        }
        double f = s.rise[i + 1], u = s.risen_c[i + 1] - s.q[i + 1],
               variance = squares(&inside, u, f) + squares(&left, 0, f);
        x->std_error[cause * x->n + i] = sqrt(variance > 0 ? variance : 0);
    }
    free_sums(&s);
    free(entering), free(leaving);
    return status;
}

double lus_time_lost_robust(const struct lus_event_table *all,
                            const struct lus_event_table *of_cause, const struct lus_incidence *x,
                            size_t cause, lus_time tau)
{
    struct sums s = {0};
    struct lus_sum variance = {0};
    size_t m = lus_first_after(all->time, all->n, tau);
    int status = make_sums(all, of_cause, x, &tau, &s);
    for (size_t i = 0; i < all->rows.n && status == LUS_OK; i++) {
        struct lus_person row = lus_cohort_at(&all->rows, i);
        size_t e = entered_at(all, &row);
        double moved, slope;
        if (row.entry >= tau) continue;
        if (row.exit > tau) {
            moved = s.risen_c[m] - s.risen_c[e] - s.c[e] * (s.rise[m] - s.rise[e]) -
                    (s.q[m] - s.q[e]);
        } else {
            leave(all, x, &s, &row, cause, (double)(tau - row.exit), &moved, &slope);
            moved -= slope * s.rise[m];
        }
        lus_sum_add(&variance, square_of(&row) * moved * moved);
    }
    free_sums(&s);
    return status == LUS_OK ? sqrt(lus_sum_value(&variance)) : NAN;
}
