/* Graffeo's test: are the net survivals of groups equal? */
#include <math.h>
#include <stdlib.h>

#include "compare/score_test.h"
#include "relative/sums.h"
#include "support/memory.h"

struct scores {
    size_t k;
    double *u, *v, *deaths, *shares;
};

/* Deaths at one row, and their variance. */
static void take_deaths(struct scores *s, const struct lus_sums *sums, size_t row)
{
    double w = 0, deaths = 0;
    for (size_t g = 0; g < s->k; g++)
        w += sums[g].w_before[row], deaths += sums[g].w_events[row];
    if (!(deaths > 0)) return;
    for (size_t g = 0; g < s->k; g++)
        s->shares[g] = sums[g].w_before[row] / w;
    for (size_t g = 0; g < s->k; g++) {
        s->u[g] += sums[g].w_events[row] - s->shares[g] * deaths;
        s->deaths[g] += sums[g].w_events[row];
    }
    for (size_t l = 0; l < s->k; l++) {
        double squares = sums[l].w_events2[row];
        for (size_t g = 0; g < s->k && squares > 0; g++)
            for (size_t h = 0; h < s->k; h++)
                s->v[g * s->k + h] += squares * ((g == l) - s->shares[g]) *
                                      ((h == l) - s->shares[h]);
    }
}

/* What the population's mortality takes in the gap before a row: the growth of the weights. */
static void take_gap(struct scores *s, const struct lus_sums *sums, size_t row)
{
    double start = 0, end = 0;
    for (size_t g = 0; g < s->k; g++)
        start += sums[g].w_after[row - 1], end += sums[g].w_before[row];
    if (!(start > 0)) return;
    for (size_t g = 0; g < s->k; g++) {
        double share = (sums[g].w_after[row - 1] / start + sums[g].w_before[row] / end) / 2;
        s->u[g] -= sums[g].w_before[row] - sums[g].w_after[row - 1] - share * (end - start);
    }
}

static int add_stratum(const struct lus_sums_query *q, const struct lus_cohort *const *groups,
                       struct scores *s)
{
    struct lus_sums *sums = lus_alloc_zeroed(s->k, sizeof *sums);
    lus_time *times = NULL;
    size_t n = 0;
    int status = sums ? lus_sums_times(q, groups, s->k, &times, &n) : LUS_ENOMEM;
    for (size_t g = 0; g < s->k && status == LUS_OK; g++)
        status = lus_sums_make(q, groups[g], times, n, &sums[g]);
    for (size_t row = 0; row < n && status == LUS_OK; row++) {
        if (row) take_gap(s, sums, row);
        take_deaths(s, sums, row);
    }
    for (size_t g = 0; sums && g < s->k; g++)
        lus_sums_free(&sums[g]);
    free(sums);
    free(times);
    return status;
}

int lus_net_test(const struct lus_life_table *table, const struct lus_cohort *const *groups,
                 size_t n_groups, size_t n_strata, lus_time until, size_t n_threads,
                 struct lus_test_result *out)
{
    struct lus_grid_of_cells grid;
    struct lus_test_result result = {
        .statistic = NAN, .df = NAN, .p_value = NAN, .n_groups = n_groups};
    struct scores s = {.k = n_groups};
    *out = (struct lus_test_result){0};
    LUS_TRY(lus_grid_of_cells_make(table, &grid));
    struct lus_sums_query q = {.grid = &grid,
                               .sign = 1,
                               .leaving = LUS_LEAVES_AT_EXIT,
                               .until = until,
                               .n_threads = n_threads ? n_threads : 1};
    s.u = lus_alloc_zeroed(n_groups, sizeof *s.u);
    s.v = lus_alloc_zeroed(n_groups * n_groups, sizeof *s.v);
    s.shares = lus_alloc_zeroed(n_groups, sizeof *s.shares);
    s.deaths = result.observed = lus_alloc_zeroed(n_groups, sizeof *s.deaths);
    result.expected = lus_alloc_zeroed(n_groups, sizeof *result.expected);
    int status = s.u && s.v && s.shares && s.deaths && result.expected ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < n_strata && status == LUS_OK; i++)
        status = add_stratum(&q, groups + i * n_groups, &s);
    for (size_t g = 0; g < n_groups && status == LUS_OK; g++)
        result.expected[g] = s.deaths[g] - s.u[g];
    if (status == LUS_OK) status = lus_score_test(n_groups, s.u, s.v, result.expected, &result);
    free(s.u), free(s.v), free(s.shares);
    lus_grid_of_cells_free(&grid);
    if (status != LUS_OK) {
        lus_test_result_free(&result);
        return status;
    }
    lus_score_test_end(&result);
    *out = result;
    return LUS_OK;
}

int lus_net_test_groups(const struct lus_life_table *table, const struct lus_tally *tally,
                        const struct lus_groups *groups, const struct lus_window *window,
                        size_t n_threads, struct lus_test_result *out, struct lus_error *err)
{
    size_t n = groups->n_groups * groups->n_strata;
    struct lus_cohort *persons = lus_alloc_zeroed(n, sizeof *persons);
    const struct lus_cohort **lists = lus_alloc_zeroed(n, sizeof *lists);
    int status = persons && lists ? LUS_OK : LUS_ENOMEM;
    *out = (struct lus_test_result){0};
    for (size_t i = 0; i < tally->n_strata && status == LUS_OK; i++) {
        const struct lus_cohort *here = &tally->strata[i].cohort;
        struct lus_cohort *to =
            &persons[groups->stratum_of[i] * groups->n_groups + groups->group_of[i]];
        status = window ? lus_cohort_window(here, window->from, window->to, to)
                        : lus_cohort_join(&here, 1, to);
    }
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        lists[i] = &persons[i];
    if (status == LUS_OK)
        status = lus_net_test(table, lists, groups->n_groups, groups->n_strata, LUS_TIME_MAX,
                              n_threads, out);
    for (size_t i = 0; persons && i < n; i++)
        lus_cohort_free(&persons[i]);
    free(persons), free(lists);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}
