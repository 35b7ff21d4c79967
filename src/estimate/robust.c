/* The infinitesimal jackknife for weighted rows.
 *
 * With A(t) = sum over times <= t of D/(N (N - D)) (weighted deaths and numbers at risk), a
 * patient's influence on log S(t) is a_i(t) = A(min(t, exit)) - A(entry), less 1/(N - D) at the
 * time of exit if that is a death at or before t. Then Var S(t) = S(t)^2 sum (w_i a_i(t))^2. Those
 * still at risk are summed by powers of A(entry), so a time costs nothing.
 */
#include <math.h>
#include <stdlib.h>

#include "estimate/curve.h"
#include "support/memory.h"
#include "support/times.h"

/* A at a time, from the rows of the table up to it. */
static double *cumulate(const struct lus_event_table *t)
{
    double *a = lus_alloc(t->n + 1, sizeof *a);
    struct lus_sum sum = {0};
    if (!a) return NULL;
    a[0] = 0;
    for (size_t k = 0; k < t->n; k++) {
        double d = t->events[k], r = t->at_risk[k];
        if (d > 0 && r > d) lus_sum_add(&sum, d / (r * (r - d)));
        a[k + 1] = lus_sum_value(&sum);
    }
    return a;
}

static double weight_of(const struct lus_person *row)
{
    return (double)row->weight / 1e9;
}

/* The square of a row's weight, as often as there are such rows. */
static double square_of(const struct lus_person *row)
{
    return (double)row->count * weight_of(row) * weight_of(row);
}

static struct lus_person *unpack(const struct lus_cohort *rows)
{
    struct lus_person *out = lus_alloc(rows->n, sizeof *out);
    for (size_t i = 0; out && i < rows->n; i++)
        out[i] = lus_cohort_at(rows, i);
    return out;
}

static int by_entry(const void *a, const void *b)
{
    const struct lus_person *x = *(const struct lus_person *const *)a,
                            *y = *(const struct lus_person *const *)b;
    if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
    return (x > y) - (x < y);
}

static const struct lus_person **order_by_entry(const struct lus_person *rows, size_t n)
{
    const struct lus_person **order = lus_alloc(n, sizeof(struct lus_person *));
    for (size_t i = 0; order && i < n; i++)
        order[i] = &rows[i];
    if (order) qsort(order, n, sizeof *order, by_entry);
    return order;
}

int lus_robust_errors(const struct lus_event_table *t, struct lus_curve *c)
{
    double *a = cumulate(t);
    size_t n_rows = t->rows.n;
    struct lus_person *rows = unpack(&t->rows);
    const struct lus_person **entering = rows ? order_by_entry(rows, n_rows) : NULL;
    int status = a && entering ? LUS_OK : LUS_ENOMEM;
    /* sums of w^2 A(entry)^power; of (w a)^2 of those who have left */
    struct lus_sum inside[3] = {{0}}, left = {0};
    size_t exits = 0, entries = 0;
    for (size_t k = 0; status == LUS_OK && k < t->n; k++) {
        for (; entries < n_rows &&
               (entering[entries]->entry < t->time[k] || entering[entries]->entry == 0);
             entries++) {
            double w2 = square_of(entering[entries]),
                   at = a[lus_first_after(t->time, t->n, entering[entries]->entry)];
            if (entering[entries]->entry == 0) at = 0;
            lus_sum_add(&inside[0], w2), lus_sum_add(&inside[1], w2 * at),
                lus_sum_add(&inside[2], w2 * at * at);
        }
        for (; exits < n_rows && rows[exits].exit == t->time[k]; exits++) {
            const struct lus_person *row = &rows[exits];
            double w2 = square_of(row),
                   at = row->entry == 0 ? 0 : a[lus_first_after(t->time, t->n, row->entry)];
            double influence = a[k + 1] - at -
                               (row->is_event ? 1 / (t->at_risk[k] - t->events[k]) : 0);
            lus_sum_add(&inside[0], -w2), lus_sum_add(&inside[1], -w2 * at),
                lus_sum_add(&inside[2], -w2 * at * at);
            lus_sum_add(&left, w2 * influence * influence);
        }
        double now = a[k + 1], sum[3];
        for (int p = 0; p < 3; p++)
            sum[p] = lus_sum_value(&inside[p]);
        double variance = lus_sum_value(&left) + now * now * sum[0] - 2 * now * sum[1] + sum[2];
        c->std_error[k] = c->survival[k] > 0 ? c->survival[k] * sqrt(variance > 0 ? variance : 0)
                                             : NAN;
    }
    c->is_robust = true;
    free(a), free(rows);
    free(entering);
    return status;
}

/* The influence on the area is the integral of -S(t) a_i(t): with F(t) the area under S and G(t)
 * that under S A, both from
 * start, it is  -[G(x) - G(e) + A(x) (F(tau) - F(x)) - A(e) (F(tau) - F(e)) - (F(tau) - F(x))/(N -
 *               D) if x is a death]. */
double lus_robust_area_error(const struct lus_event_table *t, const struct lus_curve *c,
                             lus_time tau)
{
    double *a = cumulate(t), *f = lus_alloc(t->n + 2, sizeof *f),
           *g = lus_alloc(t->n + 2, sizeof *g), variance = NAN;
    if (!a || !f || !g) goto done;
    struct lus_sum area = {0}, weighted = {0}, sum = {0};
    lus_time before = c->start;
    double survival = 1;
    for (size_t k = 0; k <= t->n; k++) { /* f[k], g[k]: at time[k], cut at tau; the last at tau */
        lus_time now = k < t->n && t->time[k] < tau ? t->time[k] : tau;
        lus_sum_add(&area, survival * (double)(now - before));
        lus_sum_add(&weighted, survival * a[k] * (double)(now - before));
        f[k] = lus_sum_value(&area), g[k] = lus_sum_value(&weighted);
        before = now;
        if (k < t->n) survival = c->survival[k];
    }
    double end = f[t->n];
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct lus_person person = lus_cohort_at(&t->rows, i), *row = &person;
        size_t x = lus_first_after(t->time, t->n, row->exit),
               e = lus_first_after(t->time, t->n, row->entry);
        double influence;
        if (row->entry >= tau) continue;
        /* between rows S A is flat, so the entry's own integrals are read from the row before it */
        double fe = row->entry == 0 || !e
                        ? 0
                        : f[e - 1] + c->survival[e - 1] * (double)(row->entry - t->time[e - 1]);
        double ge = row->entry == 0 || !e ? 0
                                          : g[e - 1] + c->survival[e - 1] * a[e] *
                                                           (double)(row->entry - t->time[e - 1]);
        double ae = row->entry == 0 ? 0 : a[e];
        if (row->exit >= tau) { /* a death at tau itself has no area behind it */
            influence = g[t->n] - ge - ae * (end - fe);
        } else {
            double at = a[x], rest = end - f[x - 1];
            influence = g[x - 1] - ge + at * rest - ae * (end - fe);
            if (row->is_event) influence -= rest / (t->at_risk[x - 1] - t->events[x - 1]);
        }
        lus_sum_add(&sum, square_of(row) * influence * influence);
    }
    variance = lus_sum_value(&sum);
done:
    free(a), free(f), free(g);
    return sqrt(variance);
}
