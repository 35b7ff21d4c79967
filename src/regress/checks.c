/* What has no finite or no single value, said by name. */
#include <math.h>
#include <stdlib.h>

#include "regress/matrix.h"
#include "regress/regress.h"

void lus_cox_column_name(const struct lus_cox *x, size_t column, struct lus_string *out)
{
    const struct lus_design_column *c = &x->design.columns[column];
    const char *term = x->formula.terms[c->term].text;
    if (c->level) lus_string_print(out, "%s=%s", term, c->level);
    else lus_string_put(out, term);
}

/* Where everybody with the event has the least (side -1) or the largest value of a direction among
 * those at risk, and somebody has another, the likelihood rises along it for ever. Rows come with
 * the latest exit first; of late entries the stratum's extremes are looked at, no less. */
static bool is_separated(const struct lus_cox *x, const double *value, size_t stride, double side)
{
    const struct lus_partial *q = &x->partial;
    const struct lus_design *d = &x->design;
    bool any = false;
    for (size_t s = 0; s < d->n_strata; s++) {
        double most = -INFINITY, least = INFINITY;
        size_t row = d->stratum_begins[s];
        for (size_t i = row; q->by_entry && i < d->stratum_begins[s + 1]; i++)
            most = fmax(most, side * value[lus_design_place(d, i) * stride]),
            least = fmin(least, side * value[lus_design_place(d, i) * stride]);
        for (size_t k = q->times_begin[s]; k < q->times_begin[s + 1]; k++) {
            for (; !q->by_entry && row < q->end[k]; row++)
                most = fmax(most, side * value[lus_design_place(d, row) * stride]),
                least = fmin(least, side * value[lus_design_place(d, row) * stride]);
            double tolerance = 1e-7 * (fabs(most) + fabs(least));
            for (size_t i = q->dead[k]; i < q->dead_end[k]; i++)
                if (q->event[i] && side * value[lus_design_place(d, i) * stride] < most - tolerance)
                    return false;
            any |= most - least > 2 * tolerance;
        }
    }
    return any;
}

static int fail_level(const struct lus_cox *x, size_t column, double side, struct lus_error *err)
{
    const struct lus_design_column *c = &x->design.columns[column];
    struct lus_string s = {0};
    lus_cox_column_name(x, column, &s);
    if (c->is_level && side < 0)
        lus_string_print(&s,
                         " has no %s among %.10g people%s: its hazard ratio is 0; leave the level "
                         "out, join it, or use --firth",
                         x->event_name, c->n, c->events > 0 ? " while others are at risk" : "");
    else if (c->is_level)
        lus_string_print(&s,
                         ": whoever has the %s while others are at risk is of this level, so its "
                         "hazard ratio is infinite; leave the level out, join it, or use --firth",
                         x->event_name);
    else
        lus_string_print(&s,
                         ": whoever has the %s has the %s value of those at risk, so its "
                         "hazard ratio is %s; leave it out, or use --firth",
                         x->event_name, side < 0 ? "least" : "largest",
                         side < 0 ? "0" : "infinite");
    return lus_fail_string(err, LUS_EDATA, &s);
}

int lus_cox_check_columns(const struct lus_cox *x, struct lus_error *err)
{
    for (size_t j = 0; j < x->design.p; j++) {
        const struct lus_design_column *c = &x->design.columns[j];
        if (c->is_level && !(c->n > 0)) {
            struct lus_string s = {0};
            lus_cox_column_name(x, j, &s);
            lus_string_put(&s, ": nobody has these levels together; join levels, or leave the "
                               "product out");
            return lus_fail_string(err, LUS_EDATA, &s);
        }
        const double *value = x->design.x + j;
        double side = is_separated(x, value, x->design.p, -1)  ? -1
                      : is_separated(x, value, x->design.p, 1) ? 1
                                                               : 0;
        if (side != 0) return fail_level(x, j, side, err);
    }
    return LUS_OK;
}

int lus_cox_check_direction(const struct lus_cox *x, const double *direction, struct lus_error *err)
{
    const struct lus_design *d = &x->design;
    double *value = lus_alloc(d->n_x + 1, sizeof *value), largest = 0;
    if (!value) return lus_fail_memory(err);
    for (size_t i = 0; i < d->n_x; i++) {
        value[i] = 0;
        for (size_t j = 0; j < d->p; j++)
            value[i] += d->x[i * d->p + j] * direction[j];
    }
    bool is_so = is_separated(x, value, 1, 1);
    free(value);
    if (!is_so) return LUS_OK;
    for (size_t j = 0; j < d->p; j++)
        largest = fmax(largest, fabs(direction[j]));
    struct lus_string s = {0};
    bool any = false;
    for (size_t j = 0; j < d->p; j++) {
        if (fabs(direction[j]) < 1e-3 * largest) continue;
        if (any) lus_string_put(&s, ", ");
        lus_cox_column_name(x, j, &s);
        any = true;
    }
    lus_string_print(&s,
                     ": together they tell whoever has the %s from all others at risk, so "
                     "their hazard ratios have no finite value; leave one out, join levels, or "
                     "use --firth",
                     x->event_name);
    return lus_fail_string(err, LUS_EDATA, &s);
}

/* --- columns that add nothing --- */

/* The column as a sum of the columns before it, and a constant, by least squares over all rows.
 * Returns whether it is one. */
static bool is_sum_of_others(const struct lus_cox *x, size_t column, double *gram, double *out)
{
    const struct lus_design *d = &x->design;
    size_t k = column;
    double whole = 0, rest = 0;
    memset(gram, 0, k * k * sizeof *gram);
    memset(out, 0, (k + 1) * sizeof *out);
    for (size_t i = 0; i < d->n_x; i++) { /* columns are centred already */
        const double *row = d->x + i * d->p;
        for (size_t a = 0; a < k; a++) {
            out[a] += row[a] * row[column];
            for (size_t b = 0; b <= a; b++)
                gram[a * k + b] += row[a] * row[b];
        }
        whole += row[column] * row[column];
    }
    if (lus_cholesky(gram, k, 1e-12) < k) return false;
    lus_cholesky_solve(gram, k, out);
    for (size_t i = 0; i < d->n_x; i++) {
        const double *row = d->x + i * d->p;
        double left = row[column];
        for (size_t a = 0; a < k; a++)
            left -= out[a] * row[a];
        rest += left * left;
    }
    return rest <= 1e-12 * whole;
}

static void put_sum(const struct lus_cox *x, size_t column, const double *factors,
                    struct lus_string *s)
{
    double constant = x->partial.center[column];
    bool any = false;
    for (size_t a = 0; a < column; a++) {
        if (fabs(factors[a]) < 1e-9) continue;
        constant -= factors[a] * x->partial.center[a];
        double f = fabs(factors[a]);
        lus_string_put(s, factors[a] < 0 ? " - " : any ? " + " : " ");
        if (fabs(f - 1) > 1e-9) lus_string_print(s, "%.6g ", f);
        lus_cox_column_name(x, a, s);
        any = true;
    }
    if (fabs(constant) > 1e-9 * (1 + fabs(x->partial.center[column])))
        lus_string_print(s, " %c %.6g", constant < 0 ? '-' : '+', fabs(constant));
}

int lus_cox_fail_singular(const struct lus_cox *x, size_t column, struct lus_error *err)
{
    struct lus_string s = {0};
    double *room = lus_alloc(column * column + column + 1, sizeof *room);
    if (!room) return lus_fail_memory(err);
    lus_cox_column_name(x, column, &s);
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < x->design.n_x; i++) {
        double value = x->design.x[i * x->design.p + column];
        least = fmin(least, value), most = fmax(most, value);
    }
    if (!(most > least)) {
        lus_string_print(&s, " is %.6g for everybody: the column adds nothing; leave it out",
                         x->partial.center[column]);
    } else if (is_sum_of_others(x, column, room, room + column * column)) {
        lus_string_put(&s, " =");
        put_sum(x, column, room + column * column, &s);
        lus_string_put(&s, ": the column adds nothing; leave it out");
    } else {
        lus_string_put(&s, ": among those at risk at events the column adds nothing to those "
                           "before it (it may not vary within strata); leave it out");
    }
    free(room);
    return lus_fail_string(err, LUS_EDATA, &s);
}
