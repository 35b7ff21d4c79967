#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/risk_sets.h"
#include "compare/score_test.h"
#include "support/memory.h"
#include "support/text.h"

static const char *const names[] = {
    [LUS_LOG_RANK] = "log-rank",       [LUS_GEHAN_BRESLOW] = "gehan-breslow", [LUS_TARONE_WARE] = "tarone-ware",
    [LUS_PETO_PETO] = "peto-peto",     [LUS_MODIFIED_PETO] = "modified-peto", [LUS_FLEMING_HARRINGTON] = "fleming-harrington"};
enum { N_NAMES = sizeof names / sizeof *names };

int lus_test_parse(const char *text, struct lus_test *out, struct lus_error *err)
{
    size_t n = strcspn(text, "(");
    for (size_t i = 0; i < N_NAMES; i++) {
        if (strlen(names[i]) != n || strncmp(text, names[i], n) != 0) continue;
        out->name = (enum lus_test_name)i;
        if (!text[n]) return LUS_OK;
        char close = 0, more = 0;
        double rho, gamma;
        if (out->name == LUS_FLEMING_HARRINGTON && sscanf(text + n, "(%lf,%lf%c%c", &rho, &gamma, &close, &more) == 3 && close == ')' &&
            rho >= 0 && gamma >= 0 && isfinite(rho) && isfinite(gamma)) {
            out->rho = rho;
            out->gamma = gamma;
            return LUS_OK;
        }
        return lus_fail(err, LUS_EUSAGE, "\"%s\": only fleming-harrington(RHO,GAMMA) takes numbers, 0 or more", text);
    }
    const char *near = lus_nearest(lus_text_of(text), names, N_NAMES);
    return lus_fail(err, LUS_EUSAGE,
                    "no test \"%s\"%s%s; there are log-rank, gehan-breslow, tarone-ware, peto-peto, modified-peto and "
                    "fleming-harrington(RHO,GAMMA)",
                    text, near ? "; did you mean " : "", near ? near : "");
}

void lus_test_print(const struct lus_test *test, char *out, size_t room)
{
    if (test->name == LUS_FLEMING_HARRINGTON) (void)snprintf(out, room, "%s(%g,%g)", names[test->name], test->rho, test->gamma);
    else (void)snprintf(out, room, "%s", names[test->name]);
}

/* The running pooled estimates that weights are made of; they start again in each stratum. */
struct pooled {
    double kaplan_meier; /* S(t-) */
    double peto;         /* prod (1 - D/(N + 1)), up to and with t */
};

static inline double weight_of(const struct lus_test *test, double n, double d, struct pooled *p)
{
    if (test->name == LUS_LOG_RANK) return 1;
    double before = p->kaplan_meier, w = 1;
    p->kaplan_meier *= (n - d) / n;
    p->peto *= 1 - d / (n + 1);
    switch (test->name) {
    case LUS_LOG_RANK: break;
    case LUS_GEHAN_BRESLOW: w = n; break;
    case LUS_TARONE_WARE: w = sqrt(n); break;
    case LUS_PETO_PETO: w = p->peto; break;
    case LUS_MODIFIED_PETO: w = p->peto * n / (n + 1); break;
    case LUS_FLEMING_HARRINGTON: w = pow(before, test->rho) * pow(1 - before, test->gamma); break;
    }
    return w;
}

/* U and V, summed over times and strata. Times are taken some at once, so that the sums run over neighbours in memory. */
enum { TOGETHER = 16, LANES = 4 };
struct scores {
    size_t k;
    double *u, *v, *observed, *expected;
    double (*share)[TOGETHER]; /* by group and time: of the risk set; the number at risk until they are summed */
    double at_risk[TOGETHER], deaths[TOGETHER], common[TOGETHER]; /* all; w D; w^2 D (N - D)/(N - 1) */
    size_t n_times;
};

/* The sum of products, in an order of its own that any machine follows. */
static double product(const double *a, const double *b)
{
    double lane[LANES] = {0};
    for (size_t t = 0; t < TOGETHER; t += LANES)
        for (size_t l = 0; l < LANES; l++)
            lane[l] += a[t + l] * b[t + l];
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* Adds the times that wait. */
static void add_up(struct scores *s)
{
    for (size_t t = s->n_times; t < TOGETHER; t++)
        s->at_risk[t] = 1, s->deaths[t] = s->common[t] = 0;
    for (size_t i = 0; i < s->k; i++) {
        double row[TOGETHER], *share = s->share[i];
        for (size_t t = 0; t < TOGETHER; t++) {
            share[t] /= s->at_risk[t];
            row[t] = s->common[t] * share[t];
        }
        double expected = product(s->deaths, share);
        s->expected[i] += expected;
        s->u[i] -= expected;
        for (size_t j = 0; j < i; j++)
            s->v[i * s->k + j] -= product(row, s->share[j]);
        double others[TOGETHER];
        for (size_t t = 0; t < TOGETHER; t++)
            others[t] = 1 - share[t];
        s->v[i * s->k + i] += product(row, others);
    }
    s->n_times = 0;
}

static void add_time(struct scores *s, const struct lus_risk_sets *r, double w)
{
    size_t t = s->n_times++;
    s->at_risk[t] = r->n;
    s->deaths[t] = w * r->d;
    s->common[t] = r->n > 1 ? w * w * r->d * (r->n - r->d) / (r->n - 1) : 0;
    for (size_t i = 0; i < s->k; i++)
        s->share[i][t] = r->at_risk[i];
    for (size_t i = 0; i < r->n_leaving; i++) {
        size_t g = r->leaving[i];
        s->observed[g] += w * r->events[g];
        s->u[g] += w * r->events[g];
    }
    if (s->n_times == TOGETHER) add_up(s);
}

static int add_stratum(const struct lus_test *test, const struct lus_event_table *const *tables, struct scores *s)
{
    struct lus_risk_sets r;
    struct pooled pooled = {1, 1};
    LUS_TRY(lus_risk_sets_init(&r, tables, s->k));
    while (lus_risk_sets_next(&r))
        add_time(s, &r, weight_of(test, r.n, r.d, &pooled));
    add_up(s);
    for (size_t i = 0; i < s->k; i++) /* the other triangle is the same */
        for (size_t j = 0; j < i; j++)
            s->v[j * s->k + i] = s->v[i * s->k + j];
    lus_risk_sets_free(&r);
    return LUS_OK;
}

static void trend(const struct scores *s, const double *score, struct lus_test_result *out)
{
    double u = 0, v = 0;
    for (size_t i = 0; i < s->k; i++) {
        u += score[i] * s->u[i];
        for (size_t j = 0; j < s->k; j++)
            v += score[i] * score[j] * s->v[i * s->k + j];
    }
    out->df = 1;
    if (v > 0) out->statistic = u * u / v;
    else out->why = LUS_WHY_SINGULAR;
}

int lus_rank_test(const struct lus_test *test, const struct lus_event_table *const *tables, size_t n_groups, size_t n_strata,
                  const double *score, struct lus_test_result *out)
{
    struct lus_test_result result = {.statistic = NAN, .df = NAN, .p_value = NAN, .n_groups = n_groups};
    *out = (struct lus_test_result){0};
    for (size_t i = 0; i < n_groups * n_strata; i++)
        if (tables[i] && tables[i]->n_rows) return LUS_EUSAGE;
    struct scores s = {.k = n_groups};
    s.u = lus_alloc_zeroed(n_groups, sizeof *s.u);
    s.v = lus_alloc_zeroed(n_groups * n_groups, sizeof *s.v);
    s.observed = result.observed = lus_alloc_zeroed(n_groups, sizeof *s.observed);
    s.expected = result.expected = lus_alloc_zeroed(n_groups, sizeof *s.expected);
    s.share = lus_alloc_zeroed(n_groups, sizeof *s.share);
    int status = s.u && s.v && s.observed && s.expected && s.share ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < n_strata && status == LUS_OK; i++)
        status = add_stratum(test, tables + i * n_groups, &s);
    if (status == LUS_OK && score) trend(&s, score, &result);
    else if (status == LUS_OK) status = lus_score_test(s.k, s.u, s.v, s.expected, &result);
    free(s.u), free(s.v), free(s.share);
    if (status != LUS_OK) {
        lus_test_result_free(&result);
        return status;
    }
    lus_score_test_end(&result);
    *out = result;
    return LUS_OK;
}

void lus_test_result_free(struct lus_test_result *r)
{
    free(r->observed), free(r->expected);
    *r = (struct lus_test_result){0};
}

/* One pair: U and V of its first group, and its own pooled estimates. */
struct pair {
    double u, v, expected[2];
    struct pooled pooled;
};

/* Somebody dies in one group of the pair, its first (side 0) or its second, or in both. */
static inline void add_pair(const struct lus_test *test, struct pair *pair, size_t side, double n_own, double d_own, double n_other, double d_other)
{
    double n = n_own + n_other, d = d_own + d_other;
    double w = weight_of(test, n, d, &pair->pooled), share = n_own / n, u = w * (d_own - d * share);
    double tied = d == 1 ? 1 : (n - d) / (n - 1); /* one alone has no ties to put right */
    pair->u += side ? -u : u;
    pair->expected[side] += w * d * share;
    pair->expected[1 - side] += w * d * (1 - share);
    if (n > 1) pair->v += w * w * d * tied * share * (1 - share);
}

/* Only pairs in which somebody dies change: with distinct times that is one row of the square. place[a * k + b]: the pair of a and b;
 * a group's pair with itself is one that nobody asks for. */
static int add_pairs_of_stratum(const struct lus_test *test, const struct lus_event_table *const *tables, size_t k, const size_t *place, struct pair *pairs)
{
    struct lus_risk_sets r;
    LUS_TRY(lus_risk_sets_init(&r, tables, k));
    for (size_t i = 0; i < k * (k - 1) / 2; i++)
        pairs[i].pooled = (struct pooled){1, 1};
    while (lus_risk_sets_next(&r)) {
        for (size_t i = 0; i < r.n_leaving; i++) {
            size_t a = r.leaving[i];
            if (r.events[a] == 0) continue;
            for (size_t b = 0; b < k; b++) {
                if (b < a && r.events[b] > 0) continue; /* that pair is taken where b is a */
                add_pair(test, &pairs[place[a * k + b]], b < a, r.at_risk[a], r.events[a], r.at_risk[b], r.events[b]);
            }
        }
    }
    lus_risk_sets_free(&r);
    return LUS_OK;
}

static size_t *number_pairs(size_t k)
{
    size_t *place = lus_alloc(k * k, sizeof *place), n = 0;
    for (size_t a = 0; place && a < k; a++) {
        place[a * k + a] = k * (k - 1) / 2;
        for (size_t b = a + 1; b < k; b++)
            place[a * k + b] = place[b * k + a] = n++;
    }
    return place;
}

int lus_rank_test_pairs(const struct lus_test *test, const struct lus_event_table *const *tables, size_t n_groups, size_t n_strata,
                        struct lus_test_result *results)
{
    size_t n = n_groups * (n_groups - 1) / 2;
    for (size_t i = 0; i < n_groups * n_strata; i++)
        if (tables[i] && tables[i]->n_rows) return LUS_EUSAGE;
    struct pair *pairs = lus_alloc_zeroed(n + 1, sizeof *pairs);
    size_t *place = number_pairs(n_groups);
    int status = pairs && place ? LUS_OK : LUS_ENOMEM;
    for (size_t s = 0; s < n_strata && status == LUS_OK; s++)
        status = add_pairs_of_stratum(test, tables + s * n_groups, n_groups, place, pairs);
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        results[i] = (struct lus_test_result){.statistic = NAN, .df = NAN, .p_value = NAN, .n_groups = 2, .why = LUS_WHY_SINGULAR};
        if (!(pairs[i].v > 0 && pairs[i].expected[0] > 0 && pairs[i].expected[1] > 0)) continue;
        results[i].why = LUS_AVAILABLE;
        results[i].statistic = pairs[i].u * pairs[i].u / pairs[i].v;
        results[i].df = 1;
        results[i].p_value = gsl_cdf_chisq_Q(results[i].statistic, 1);
    }
    free(pairs), free(place);
    return status;
}
