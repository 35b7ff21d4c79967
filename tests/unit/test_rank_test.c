/* Rank tests by hand on six people, adjustments on four p-values. */
#include <gsl/gsl_cdf.h>

#include "unit.h"

/* Times 1 2 3 4 5 6, groups a b a b a b, a death at 1 (a), 2 (b), 4 (b), 5 (a). */
static const double a_time[] = {1, 3, 5}, b_time[] = {2, 4, 6};
static const int a_event[] = {1, 0, 1}, b_event[] = {1, 1, 0};
/* at risk: 1: 3 of 6; 2: a 2 of 5; 4: a 1 of 3; 5: a 1 of 2 */
static const double share[] = {3. / 6, 2. / 5, 1. / 3, 1. / 2}, dead_a[] = {1, 0, 0, 1},
                    n[] = {6, 5, 3, 2};

static double by_hand(const double w[4])
{
    double u = 0, v = 0;
    for (int k = 0; k < 4; k++) {
        u += w[k] * (dead_a[k] - share[k]);
        v += w[k] * w[k] * share[k] * (1 - share[k]); /* D = 1: (N - D)/(N - 1) = 1 */
    }
    return u * u / v;
}

static void weights_by_hand(void **state)
{
    (void)state;
    struct lus_event_table a = table_of(a_time, a_event, NULL, NULL, 3),
                           b = table_of(b_time, b_event, NULL, NULL, 3);
    const struct lus_event_table *groups[] = {&a, &b};
    double s[5] = {1}, peto[4], product = 1;
    for (int k = 0; k < 4; k++) {
        s[k + 1] = s[k] * (1 - 1 / n[k]);
        peto[k] = product *= 1 - 1 / (n[k] + 1);
    }
    const struct {
        struct lus_test test;
        double w[4];
    } cases[] = {
        {{LUS_LOG_RANK, 0, 0}, {1, 1, 1, 1}},
        {{LUS_GEHAN_BRESLOW, 0, 0}, {6, 5, 3, 2}},
        {{LUS_TARONE_WARE, 0, 0}, {sqrt(6), sqrt(5), sqrt(3), sqrt(2)}},
        {{LUS_PETO_PETO, 0, 0}, {peto[0], peto[1], peto[2], peto[3]}},
        {{LUS_MODIFIED_PETO, 0, 0},
         {peto[0] * 6 / 7, peto[1] * 5 / 6, peto[2] * 3 / 4, peto[3] * 2 / 3}},
        {{LUS_FLEMING_HARRINGTON, 1, 0}, {s[0], s[1], s[2], s[3]}},
        {{LUS_FLEMING_HARRINGTON, .5, 2},
         {0, sqrt(s[1]) * pow(1 - s[1], 2), sqrt(s[2]) * pow(1 - s[2], 2),
          sqrt(s[3]) * pow(1 - s[3], 2)}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lus_rank_results r;
        /* of two groups a trend is the same test, whatever the scores; and so is their one pair */
        const double scores[] = {3, 7};
        assert_int_equal(lus_rank_tests(&cases[i].test, groups, 2, 1, scores, 1, &r), LUS_OK);
        assert_near(r.omnibus.statistic, by_hand(cases[i].w));
        assert_near(r.omnibus.df, 1);
        assert_near(r.omnibus.p_value, gsl_cdf_chisq_Q(by_hand(cases[i].w), 1));
        assert_near(r.trend.statistic, by_hand(cases[i].w));
        assert_near(r.pairs[0].statistic, by_hand(cases[i].w));
        lus_rank_results_free(&r);
    }
    lus_event_table_free(&a), lus_event_table_free(&b);
}

/* Two equal strata double U and V, and so the statistic. */
static void stratified(void **state)
{
    (void)state;
    struct lus_event_table a = table_of(a_time, a_event, NULL, NULL, 3),
                           b = table_of(b_time, b_event, NULL, NULL, 3);
    const struct lus_event_table *twice[] = {&a, &b, &a, &b}, *alone[] = {&a, &b, &a, NULL};
    struct lus_test test = {.name = LUS_LOG_RANK};
    struct lus_rank_results r;
    assert_int_equal(lus_rank_tests(&test, twice, 2, 2, NULL, 1, &r), LUS_OK);
    assert_near(r.omnibus.statistic, 2 * by_hand((double[]){1, 1, 1, 1}));
    lus_rank_results_free(&r);
    /* one group in a stratum says nothing */
    assert_int_equal(lus_rank_tests(&test, alone, 2, 2, NULL, 1, &r), LUS_OK);
    assert_near(r.omnibus.statistic, by_hand((double[]){1, 1, 1, 1}));
    lus_rank_results_free(&r);
    lus_event_table_free(&a), lus_event_table_free(&b);
}

/* Many rows: distinct times and ties, and late entries that reach over the ends of slices. */
enum { MANY = 70000, GROUPS = 3 };

static void make_many(struct lus_event_table *out, uint64_t seed, bool has_entry)
{
    lus_time *exit = malloc(MANY * sizeof *exit), *entry = malloc(MANY * sizeof *entry);
    unsigned char *event = malloc(MANY);
    uint64_t x = seed;
    for (size_t i = 0; i < MANY; i++) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        exit[i] = (lus_time)(x >> 40) * (x >> 8 & 1 ? 1 : 1 << 18) % ((lus_time)1 << 40) + 1;
        entry[i] = x >> 20 & 3 ? 0 : exit[i] / 3;
        event[i] = x >> 11 & 1;
    }
    assert_int_equal(lus_event_table_make(exit, event, has_entry ? entry : NULL, NULL, MANY, out),
                     LUS_OK);
    free(exit), free(entry), free(event);
}

/* U and V of the first of two groups, time by time. */
static double slowly(const struct lus_event_table *a, const struct lus_event_table *b)
{
    double u = 0, v = 0;
    for (size_t i = 0, j = 0; i < a->n || j < b->n;) {
        lus_time time = j == b->n || (i < a->n && a->time[i] <= b->time[j]) ? a->time[i]
                                                                            : b->time[j];
        double d_a = i < a->n && a->time[i] == time ? a->events[i++] : 0,
               d_b = j < b->n && b->time[j] == time ? b->events[j++] : 0;
        if (d_a + d_b == 0) continue;
        double n_a = lus_at_risk(a, time), all = n_a + lus_at_risk(b, time), d = d_a + d_b;
        u += d_a - d * n_a / all;
        if (all > 1) v += d * (all - d) / (all - 1) * (n_a / all) * (1 - n_a / all);
    }
    return u * u / v;
}

/* The walk in slices says what the slow one does, and the same bits for any number of threads. */
static void sliced(void **state)
{
    (void)state;
    struct lus_event_table tables[GROUPS];
    const struct lus_event_table *groups[GROUPS];
    for (int has_entry = 0; has_entry < 2; has_entry++) {
        for (size_t g = 0; g < GROUPS; g++)
            make_many(&tables[g], 77 + g, has_entry && g != 1), groups[g] = &tables[g];
        struct lus_test test = {.name = LUS_LOG_RANK};
        struct lus_rank_results one, four;
        assert_int_equal(lus_rank_tests(&test, groups, GROUPS, 1, NULL, 1, &one), LUS_OK);
        assert_int_equal(lus_rank_tests(&test, groups, GROUPS, 1, NULL, 4, &four), LUS_OK);
        assert_memory_equal(&one.omnibus.statistic, &four.omnibus.statistic, sizeof(double));
        assert_memory_equal(one.omnibus.expected, four.omnibus.expected, GROUPS * sizeof(double));
        assert_memory_equal(&one.pairs[2].statistic, &four.pairs[2].statistic, sizeof(double));
        /* both exponents 0: the same weights, and it is not sliced */
        struct lus_test whole = {.name = LUS_FLEMING_HARRINGTON};
        struct lus_rank_results unsliced;
        assert_int_equal(lus_rank_tests(&whole, groups, GROUPS, 1, NULL, 4, &unsliced), LUS_OK);
        assert_true(fabs(one.omnibus.statistic - unsliced.omnibus.statistic) <
                    1e-9 * one.omnibus.statistic);
        for (size_t p = 0; p < GROUPS; p++)
            assert_true(fabs(one.pairs[p].statistic - unsliced.pairs[p].statistic) <
                        1e-9 * one.pairs[p].statistic + 1e-12);
        lus_rank_results_free(&unsliced);
        double statistic = slowly(groups[0], groups[1]);
        assert_true(fabs(one.pairs[0].statistic - statistic) < 1e-9 * statistic);
        double observed = 0, expected = 0;
        for (size_t g = 0; g < GROUPS; g++)
            observed += one.omnibus.observed[g], expected += one.omnibus.expected[g];
        assert_true(fabs(observed - expected) < 1e-6); /* every death is expected somewhere */
        lus_rank_results_free(&one), lus_rank_results_free(&four);
        for (size_t g = 0; g < GROUPS; g++)
            lus_event_table_free(&tables[g]);
    }
}

static void adjusted(void **state)
{
    (void)state;
    const double p[] = {0.04, 0.01, NAN, 0.03};
    double holm[4], bh[4];
    assert_int_equal(lus_adjust_holm(p, 4, holm), LUS_OK);
    assert_int_equal(lus_adjust_bh(p, 4, bh), LUS_OK);
    /* never below an earlier one */
    assert_near(holm[1], 4 * 0.01), assert_near(holm[3], 3 * 0.03), assert_near(holm[0], 3 * 0.03);
    assert_near(bh[1], 4. / 1 * 0.01),
        assert_near(bh[3], 4. / 2 * 0.03 < 4. / 3 * 0.04 ? 4. / 2 * 0.03 : 4. / 3 * 0.04),
        assert_near(bh[0], 4. / 3 * 0.04);
    assert_true(isnan(holm[2]) && isnan(bh[2]));
}

static void difference(void **state)
{
    (void)state;
    struct lus_difference d = lus_difference(0.5, 0.03, 0.4, 0.04, 0.95);
    assert_near(d.difference, 0.5 - 0.4), assert_near(d.std_error, 0.05);
    assert_near(d.p_value, 2 * gsl_cdf_ugaussian_Q((0.5 - 0.4) / 0.05));
    assert_near(d.low, 0.5 - 0.4 - lus_conf_z(0.95) * 0.05);
}

static void names(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_test t = {0};
    assert_int_equal(lus_test_parse("fleming-harrington(0.5,2)", &t, &err), LUS_OK);
    assert_true(t.name == LUS_FLEMING_HARRINGTON && t.rho == 0.5 && t.gamma == 2);
    assert_int_equal(lus_test_parse("log-rnak", &t, &err), LUS_EUSAGE);
    assert_non_null(strstr(err.message, "did you mean log-rank"));
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_test_parse("fleming-harrington(-1,0)", &t, &err), LUS_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_by_hand), cmocka_unit_test(stratified), cmocka_unit_test(sliced),
        cmocka_unit_test(adjusted),        cmocka_unit_test(difference), cmocka_unit_test(names)};
    return RUN(tests);
}
