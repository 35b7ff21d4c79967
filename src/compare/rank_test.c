#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/rank_sums.h"
#include "compare/score_test.h"
#include "support/memory.h"
#include "support/text.h"

static const char *const names[] = {
    [LUS_LOG_RANK] = "log-rank",           [LUS_GEHAN_BRESLOW] = "gehan-breslow",
    [LUS_TARONE_WARE] = "tarone-ware",     [LUS_PETO_PETO] = "peto-peto",
    [LUS_MODIFIED_PETO] = "modified-peto", [LUS_FLEMING_HARRINGTON] = "fleming-harrington"};
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
        if (out->name == LUS_FLEMING_HARRINGTON &&
            sscanf(text + n, "(%lf,%lf%c%c", &rho, &gamma, &close, &more) == 3 && close == ')' &&
            rho >= 0 && gamma >= 0 && isfinite(rho) && isfinite(gamma)) {
            out->rho = rho;
            out->gamma = gamma;
            return LUS_OK;
        }
        return lus_fail(err, LUS_EUSAGE,
                        "\"%s\": only fleming-harrington(RHO,GAMMA) takes numbers, 0 or more",
                        text);
    }
    const char *near = lus_nearest(lus_text_of(text), names, N_NAMES);
    return lus_fail(err, LUS_EUSAGE,
                    "no test \"%s\"%s%s; there are log-rank, gehan-breslow, tarone-ware, "
                    "peto-peto, modified-peto and "
                    "fleming-harrington(RHO,GAMMA)",
                    text, near ? "; did you mean " : "", near ? near : "");
}

void lus_test_print(const struct lus_test *test, char *out, size_t room)
{
    if (test->name == LUS_FLEMING_HARRINGTON)
        (void)snprintf(out, room, "%s(%g,%g)", names[test->name], test->rho, test->gamma);
    else (void)snprintf(out, room, "%s", names[test->name]);
}

/* A result with its groups' sums. */
static int copy_sums(const struct lus_rank_sums *s, struct lus_test_result *out)
{
    *out = (struct lus_test_result){.statistic = NAN, .df = NAN, .p_value = NAN, .n_groups = s->k};
    out->observed = lus_alloc(s->k, sizeof *out->observed);
    out->expected = lus_alloc(s->k, sizeof *out->expected);
    if (!out->observed || !out->expected) return LUS_ENOMEM;
    memcpy(out->observed, s->observed, s->k * sizeof *s->observed);
    memcpy(out->expected, s->expected, s->k * sizeof *s->expected);
    return LUS_OK;
}

static int omnibus_of(const struct lus_rank_sums *s, struct lus_test_result *out)
{
    LUS_TRY(copy_sums(s, out));
    LUS_TRY(lus_score_test(s->k, s->u, s->v, s->expected, out));
    lus_score_test_end(out);
    return LUS_OK;
}

static int trend_of(const struct lus_rank_sums *s, const double *score, struct lus_test_result *out)
{
    double u = 0, v = 0;
    LUS_TRY(copy_sums(s, out));
    for (size_t i = 0; i < s->k; i++) {
        u += score[i] * s->u[i];
        for (size_t j = 0; j < s->k; j++)
            v += score[i] * score[j] * s->v[i * s->k + j];
    }
    out->df = 1;
    if (v > 0) out->statistic = u * u / v;
    else out->why = LUS_WHY_SINGULAR;
    lus_score_test_end(out);
    return LUS_OK;
}

static struct lus_test_result pair_of(const struct lus_pair_sums *pair)
{
    struct lus_test_result result = {
        .n_groups = 2, .df = 1, .p_value = NAN, .why = LUS_WHY_SINGULAR};
    if (pair->v > 0 && pair->expected[0] > 0 && pair->expected[1] > 0) {
        result.why = LUS_AVAILABLE;
        result.statistic = pair->u * pair->u / pair->v;
    }
    lus_score_test_end(&result);
    return result;
}

int lus_rank_tests(const struct lus_test *test, const struct lus_event_table *const *tables,
                   size_t n_groups, size_t n_strata, const double *score, size_t n_threads,
                   struct lus_rank_results *out)
{
    size_t n_pairs = n_groups * (n_groups - 1) / 2;
    *out = (struct lus_rank_results){0};
    for (size_t i = 0; i < n_groups * n_strata; i++)
        if (tables[i] && tables[i]->rows.n) return LUS_EUSAGE;
    struct lus_rank_sums sums;
    LUS_TRY(lus_rank_sums_make(test, tables, n_groups, n_strata, n_threads, &sums));
    int status = omnibus_of(&sums, &out->omnibus);
    if (status == LUS_OK && score) status = trend_of(&sums, score, &out->trend);
    if (status == LUS_OK && !(out->pairs = lus_alloc(n_pairs, sizeof *out->pairs)))
        status = LUS_ENOMEM;
    for (size_t p = 0; p < n_pairs && status == LUS_OK; p++)
        out->pairs[p] = pair_of(&sums.pairs[p]);
    lus_rank_sums_free(&sums);
    if (status != LUS_OK) lus_rank_results_free(out);
    return status;
}

void lus_rank_results_free(struct lus_rank_results *r)
{
    lus_test_result_free(&r->omnibus), lus_test_result_free(&r->trend);
    free(r->pairs);
    *r = (struct lus_rank_results){0};
}

void lus_test_result_free(struct lus_test_result *r)
{
    free(r->observed), free(r->expected);
    *r = (struct lus_test_result){0};
}
