#include "relative/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/times.h"

static const char *const names[] = {"pohar-perme", "ederer2", "ederer1", "hakulinen"};

const char *lus_net_method_name(enum lus_net_method method)
{
    return names[method];
}

int lus_net_method_parse(const char *name, enum lus_net_method *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum lus_net_method)i;
            return LUS_OK;
        }
    return LUS_EUSAGE;
}

int lus_net_allocate(struct lus_net *net, size_t n)
{
    enum { ARRAYS = 13 };
    net->time = lus_alloc(n, sizeof *net->time);
    net->why = lus_alloc_zeroed(n, sizeof *net->why);
    net->memory = lus_alloc(ARRAYS * n, sizeof *net->memory);
    if (!net->time || !net->why || !net->memory) return LUS_ENOMEM;
    double **arrays[ARRAYS] = {&net->survival,        &net->std_error, &net->observed,
                               &net->expected,        &net->at_risk,   &net->events,
                               &net->expected_deaths, &net->effective, &net->cancer,
                               &net->cancer_error,    &net->other,     &net->other_error,
                               &net->expected_at_risk};
    for (size_t i = 0; i < ARRAYS; i++)
        *arrays[i] = net->memory + i * n;
    net->n = n;
    return LUS_OK;
}

/* Who is estimated: the people of groups, and what each weighs. */
struct who {
    const struct lus_cohort *const *groups;
    const double *weights;
    size_t n;
};

/* The sums at all times at which somebody of them comes or goes, and the query's. */
static int sum_all(const struct lus_sums_query *q, const struct who *who, struct lus_sums *out)
{
    lus_time *times = NULL;
    size_t n = 0;
    LUS_TRY(lus_sums_times(q, who->groups, who->n, &times, &n));
    int status = lus_sums_weigh(q, who->groups, who->weights, who->n, times, n, out);
    free(times);
    return status;
}

/* --- the expected survival of Ederer I and Hakulinen --- */

/* At the times of sums: the expected survival of like people of the population, Ederer I's by every
 * method but Hakulinen's. E(t) is the product over gaps of T(end)/T(start), T the sum of expected
 * survivals of those followed. */
static int expect(const struct lus_sums_query *base, const struct lus_net_query *q,
                  const struct who *who, const struct lus_sums *sums, double *expected)
{
    struct lus_sums_query query = *base;
    struct lus_sums all;
    size_t row = 0;
    query.sign = -1;
    query.leaving = q->method != LUS_HAKULINEN ? LUS_LEAVES_NEVER
                    : q->closes_all            ? LUS_LEAVES_AT_CLOSING
                                               : LUS_LEAVES_AT_LAST_DAY;
    query.marks = sums->time, query.n_marks = sums->n, query.wants_squares = false;
    LUS_TRY(sum_all(&query, who, &all));
    double e = 1;
    for (size_t i = 0; i < sums->n; i++) {
        for (; row < all.n && all.time[row] <= sums->time[i]; row++)
            if (row) e *= all.after[row - 1] > 0 ? all.w_before[row] / all.w_after[row - 1] : NAN;
        expected[i] = e;
    }
    lus_sums_free(&all);
    return LUS_OK;
}

/* --- the walk over time --- */

struct state {
    /* hazard: integral of the mean population hazard of those at risk */
    double survival, variance, observed, greenwood, hazard;
    double events, expected_deaths;
    double cancer, other;
    /* sums over deaths of d/(Y(Y - d)) and of its products with S + F_cancer, and with F_other */
    double v, xv, xxv, pv, ppv;
    enum lus_why why;
    bool has_died_out;
};

/* From the time before to this one, while nobody came or went. */
static void cross_gap(struct state *s, const struct lus_sums *sums, size_t k,
                      enum lus_net_method method)
{
    double after = sums->after[k - 1];
    if (!(after > 0)) {
        bool comes_later = false, has_begun = s->expected_deaths > 0 || s->events > 0;
        if (s->why != LUS_AVAILABLE) return;
        for (size_t i = k - 1; i < sums->n && !comes_later; i++)
            comes_later = sums->after[i] > 0;
        if (comes_later) s->why = has_begun ? LUS_WHY_NOBODY_AT_RISK : LUS_WHY_BEFORE_ENTRY;
        else if (!s->has_died_out) s->why = LUS_WHY_BEYOND_FOLLOW_UP;
        return;
    }
    double deaths = sums->l_before[k] - sums->l_after[k - 1], hazard = deaths / after;
    s->expected_deaths += deaths;
    s->hazard += hazard;
    s->other += s->observed * hazard;
    s->cancer -= s->observed * hazard;
    s->survival *= method == LUS_POHAR_PERME ? sums->w_before[k] / sums->w_after[k - 1]
                                             : exp(hazard);
}

static void take_deaths(struct state *s, const struct lus_sums *sums, size_t k)
{
    double d = sums->events[k], r = sums->at_risk[k], w = sums->w_before[k];
    if (!(d > 0)) return;
    s->events += d;
    s->cancer += s->observed * d / r;
    if (d == r) {
        s->survival = s->observed = 0;
        s->has_died_out = true;
    } else {
        s->survival *= 1 - sums->w_events[k] / w;
        s->observed *= 1 - d / r;
        double v = sums->events2[k] / (r * (r - d)), x = s->observed + s->cancer;
        s->greenwood += v;
        s->v += v, s->xv += x * v, s->xxv += x * x * v, s->pv += s->other * v,
            s->ppv += s->other * s->other * v;
        s->has_died_out = false;
    }
    s->variance += sums->w_events2[k] / (w * w);
}

static double root(double x)
{
    return x > 0 ? sqrt(x) : 0;
}

/* A row of estimates; e: the expected survival of like people. */
static void put_row(struct lus_net *net, size_t i, const struct state *s,
                    const struct lus_sums *sums, size_t k, double e)
{
    bool divides = net->method == LUS_EDERER1 || net->method == LUS_HAKULINEN;
    net->time[i] = sums->time[k];
    net->why[i] = s->why;
    net->at_risk[i] = sums->at_risk[k];
    net->events[i] = s->events;
    net->expected_deaths[i] = s->expected_deaths;
    net->effective[i] = sums->w2[k] > 0 ? sums->w_before[k] * sums->w_before[k] / sums->w2[k] : NAN;
    if (divides && s->why == LUS_AVAILABLE && isnan(e)) net->why[i] = LUS_WHY_BEYOND_FOLLOW_UP;
    if (net->why[i] != LUS_AVAILABLE) {
        net->survival[i] = net->std_error[i] = net->observed[i] = net->expected[i] = NAN;
        net->expected_at_risk[i] = NAN;
        net->cancer[i] = net->cancer_error[i] = net->other[i] = net->other_error[i] = NAN;
        return;
    }
    net->observed[i] = s->observed;
    net->expected[i] = e;
    net->expected_at_risk[i] = exp(-s->hazard);
    net->survival[i] = divides ? s->observed / e : s->survival;
    net->std_error[i] = net->survival[i] > 0
                            ? net->survival[i] * sqrt(divides ? s->greenwood : s->variance)
                            : NAN;
    net->cancer[i] = s->cancer;
    net->other[i] = s->other;
    /* sums of (S(u) + F(u) - F(t))^2 and of (F_other(t) - F_other(u))^2, each times d/(Y(Y - d)):
     * for both causes together Greenwood's */
    net->cancer_error[i] = root(s->xxv - 2 * s->cancer * s->xv + s->cancer * s->cancer * s->v);
    net->other_error[i] = root(s->ppv - 2 * s->other * s->pv + s->other * s->other * s->v);
}

static int estimate_exact(const struct lus_net_query *q, const struct lus_sums_query *base,
                          const struct who *who, struct lus_net *out)
{
    struct lus_sums sums;
    size_t given = 0;
    LUS_TRY(sum_all(base, who, &sums));
    double *expected = lus_alloc(sums.n, sizeof *expected);
    int status = expected ? lus_net_allocate(out, sums.n) : LUS_ENOMEM;
    if (status == LUS_OK) status = expect(base, q, who, &sums, expected);
    if (status == LUS_OK) {
        struct state s = {.survival = 1, .observed = 1};
        given = q->given > 0 ? lus_sums_row(&sums, q->given) : 0;
        size_t rows = 0;
        for (size_t k = given; k < sums.n; k++) {
            if (k > given) cross_gap(&s, &sums, k, q->method);
            /* after `given`, not at it */
            if (k > given || q->given == 0) take_deaths(&s, &sums, k);
            put_row(out, rows++, &s, &sums, k, expected[k] / expected[given]);
        }
        out->n = rows;
    }
    free(expected);
    lus_sums_free(&sums);
    return status;
}

/* --- checks, and what callers see --- */

static int check_persons(const struct lus_net_query *q, const struct lus_grid_of_cells *grid,
                         const struct lus_cohort *persons, struct lus_error *err)
{
    const struct lus_life_table *t = q->table;
    bool divides = q->method == LUS_EDERER1 || q->method == LUS_HAKULINEN, has_infinite = false;
    for (size_t i = 0; i < LUS_N_SEXES * t->n_by * t->n_ages * t->n_years; i++)
        has_infinite |= isinf(t->hazard_per_day[i]) != 0;
    for (size_t i = 0; (divides || has_infinite) && i < persons->n; i++) {
        struct lus_person p = lus_cohort_at(persons, i);
        if (divides && p.entry > 0)
            return lus_fail(err, LUS_EUSAGE,
                            "%s follows everybody from the origin; with late entry or a period use "
                            "pohar-perme or ederer2",
                            names[q->method]);
        if (!has_infinite) continue;
        struct lus_walk w = lus_walk_begin(grid, &p);
        lus_time end = divides || p.exit > q->until ? q->until : p.exit;
        while (w.to < end && isfinite(w.hazard))
            lus_walk_next(&w);
        if (!isfinite(w.hazard))
            return lus_fail(err, LUS_EDATA,
                            "a patient is followed at the age of %.0f, at which the life table "
                            "lets everybody die (probability 1); end the table with a rate",
                            lus_days_of(p.age + w.from) / t->year_days);
    }
    return LUS_OK;
}

/* Those who are followed at `given`, with times from there on: what divides observed by expected
 * survival is conditional on being alive only so. */
static int follow_anew(const struct lus_net_query *q, const struct lus_cohort *persons,
                       struct lus_cohort *out)
{
    struct lus_person *rows = lus_alloc(persons->n, sizeof *rows);
    size_t n = 0;
    if (!rows) return LUS_ENOMEM;
    for (size_t i = 0; i < persons->n; i++) {
        struct lus_person p = lus_cohort_at(persons, i);
        if (p.exit <= q->given || p.entry > q->given) continue;
        p.exit -= q->given, p.age += q->given, p.date += q->given;
        p.entry = 0;
        rows[n++] = p;
    }
    int status = lus_cohort_make(rows, n, NULL, 0, out);
    free(rows);
    return status;
}

static int estimate_groups(const struct lus_net_query *q, const struct who *who,
                           struct lus_net *out, struct lus_error *err);

static int estimate_anew(const struct lus_net_query *q, const struct who *who, struct lus_net *out,
                         struct lus_error *err)
{
    struct lus_net_query query = *q;
    struct lus_cohort *alive = lus_alloc_zeroed(who->n, sizeof *alive);
    const struct lus_cohort **groups = lus_alloc(who->n, sizeof *groups);
    lus_time *at = lus_alloc(q->n_at + 1, sizeof *at);
    bool is_somebody = false;
    int status = at && alive && groups ? LUS_OK : lus_fail_memory(err);
    for (size_t g = 0; status == LUS_OK && g < who->n; g++) {
        if (follow_anew(q, who->groups[g], &alive[g]) != LUS_OK) status = lus_fail_memory(err);
        groups[g] = &alive[g];
        is_somebody |= alive[g].n > 0;
    }
    for (size_t i = 0; status == LUS_OK && i < q->n_at; i++)
        at[i] = q->at[i] - q->given;
    query.at = at, query.given = 0, query.until -= q->given;
    const struct who left = {groups, who->weights, who->n};
    if (status == LUS_OK && is_somebody) status = estimate_groups(&query, &left, out, err);
    for (size_t i = 0; status == LUS_OK && i < out->n; i++)
        out->time[i] += q->given;
    for (size_t g = 0; alive && g < who->n; g++)
        lus_cohort_free(&alive[g]);
    free(alive), free(groups), free(at);
    return status;
}

static int estimate_groups(const struct lus_net_query *q, const struct who *who,
                           struct lus_net *out, struct lus_error *err)
{
    bool is_divided = q->method == LUS_EDERER1 || q->method == LUS_HAKULINEN,
         is_one = who->n == 1 && who->weights[0] == 1;
    *out = (struct lus_net){.method = q->method};
    if (q->interval > 0 && !is_one)
        return lus_fail(err, LUS_EUSAGE,
                        "people are weighed at exact times only, not by intervals");
    if (is_divided && q->given > 0) return estimate_anew(q, who, out, err);
    struct lus_grid_of_cells grid;
    if (lus_grid_of_cells_make(q->table, &grid) != LUS_OK) return lus_fail_memory(err);
    lus_time *marks = lus_alloc(q->n_at + 1, sizeof *marks);
    int status = marks ? LUS_OK : lus_fail_memory(err);
    for (size_t g = 0; g < who->n && status == LUS_OK; g++)
        status = check_persons(q, &grid, who->groups[g], err);
    if (status == LUS_OK) {
        memcpy(marks, q->at, q->n_at * sizeof *marks);
        marks[q->n_at] = q->given;
        struct lus_sums_query base = {.grid = &grid,
                                      .sign = q->method == LUS_POHAR_PERME ? 1 : 0,
                                      .leaving = LUS_LEAVES_AT_EXIT,
                                      .closing = q->closing,
                                      .marks = marks,
                                      .n_marks = q->n_at + (q->given > 0),
                                      .wants_squares = true,
                                      .until = q->until,
                                      .n_threads = q->n_threads ? q->n_threads : 1};
        status = q->interval > 0 ? lus_net_by_intervals(q, &base, who->groups[0], out)
                                 : estimate_exact(q, &base, who, out);
        if (status != LUS_OK) status = lus_fail_memory(err);
    }
    free(marks);
    lus_grid_of_cells_free(&grid);
    if (status != LUS_OK) lus_net_free(out);
    return status;
}

int lus_net_estimate(const struct lus_net_query *q, const struct lus_cohort *persons,
                     struct lus_net *out, struct lus_error *err)
{
    static const double one[] = {1};
    const struct who who = {&persons, one, 1};
    return estimate_groups(q, &who, out, err);
}

int lus_net_estimate_weighed(const struct lus_net_query *q, const struct lus_cohort *const *groups,
                             const double *weights, size_t n, struct lus_net *out,
                             struct lus_error *err)
{
    const struct who who = {groups, weights, n};
    return estimate_groups(q, &who, out, err);
}

void lus_net_free(struct lus_net *net)
{
    free(net->time), free(net->why), free(net->memory);
    *net = (struct lus_net){0};
}

void lus_net_interval(const struct lus_conf *conf, double survival, double std_error, double *low,
                      double *high)
{
    double z = lus_conf_z(conf->level);
    *low = *high = NAN;
    if (!(survival > 0) || isnan(std_error)) return;
    if (conf->transform == LUS_LOG) {
        *low = survival * exp(-z * std_error / survival);
        *high = survival * exp(z * std_error / survival);
    } else if (conf->transform == LUS_PLAIN) {
        *low = fmax(0, survival - z * std_error);
        *high = survival + z * std_error;
    } else if (survival < 1) {
        lus_interval(conf, survival, std_error, low, high);
    }
}

void lus_crude_interval(double probability, double std_error, double level, double *low,
                        double *high)
{
    double z = lus_conf_z(level);
    *low = probability - z * std_error, *high = probability + z * std_error;
    if (*low < 0 && probability >= 0) *low = 0;
    if (*high > 1 && probability <= 1) *high = 1;
}

void lus_net_limits(const struct lus_conf *conf, struct lus_net_point *p)
{
    p->low = p->high = NAN;
    if (p->why_error == LUS_WHY_NO_EVENT) p->cancer_error = p->other_error = p->std_error = NAN;
    lus_net_interval(conf, p->survival, p->std_error, &p->low, &p->high);
}

struct lus_net_point lus_net_at(const struct lus_net *net, lus_time time,
                                const struct lus_conf *conf)
{
    struct lus_net_point p = {.why = LUS_WHY_BEYOND_FOLLOW_UP,
                              .why_error = LUS_WHY_BEYOND_FOLLOW_UP};
    size_t i = lus_first_from(net->time, net->n, time);
    p.survival = p.std_error = p.low = p.high = p.observed = p.expected = p.expected_at_risk =
        p.cancer = p.cancer_error = p.other = p.other_error = NAN;
    p.effective = NAN;
    if (i == net->n) {
        p.events = net->n ? net->events[net->n - 1] : 0;
        p.expected_deaths = net->n ? net->expected_deaths[net->n - 1] : 0;
        return p;
    }
    p = (struct lus_net_point){.survival = net->survival[i],
                               .std_error = net->std_error[i],
                               .low = NAN,
                               .high = NAN,
                               .observed = net->observed[i],
                               .expected = net->expected[i],
                               .expected_at_risk = net->expected_at_risk[i],
                               .at_risk = net->at_risk[i],
                               .events = net->events[i],
                               .expected_deaths = net->expected_deaths[i],
                               .effective = net->effective[i],
                               .cancer = net->cancer[i],
                               .cancer_error = net->cancer_error[i],
                               .other = net->other[i],
                               .other_error = net->other_error[i],
                               .why = net->why[i],
                               .why_error = net->why[i]};
    if (p.why == LUS_AVAILABLE && !(p.events > 0)) p.why_error = LUS_WHY_NO_EVENT;
    else if (p.why == LUS_AVAILABLE && isnan(p.std_error)) p.why_error = LUS_WHY_ALL_DEAD;
    lus_net_limits(conf, &p);
    return p;
}
