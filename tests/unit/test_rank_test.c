/* Rank tests by hand on six people, adjustments on four p-values. */
#include <gsl/gsl_cdf.h>

#include "unit.h"

/* Times 1 2 3 4 5 6, groups a b a b a b, a death at 1 (a), 2 (b), 4 (b), 5 (a). */
static const double a_time[] = {1, 3, 5}, b_time[] = {2, 4, 6};
static const int a_event[] = {1, 0, 1}, b_event[] = {1, 1, 0};
/* at risk: 1: 3 of 6; 2: a 2 of 5; 4: a 1 of 3; 5: a 1 of 2 */
static const double share[] = {3. / 6, 2. / 5, 1. / 3, 1. / 2}, dead_a[] = {1, 0, 0, 1}, n[] = {6, 5, 3, 2};

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
    struct lus_event_table a = table_of(a_time, a_event, NULL, NULL, 3), b = table_of(b_time, b_event, NULL, NULL, 3);
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
        {{LUS_MODIFIED_PETO, 0, 0}, {peto[0] * 6 / 7, peto[1] * 5 / 6, peto[2] * 3 / 4, peto[3] * 2 / 3}},
        {{LUS_FLEMING_HARRINGTON, 1, 0}, {s[0], s[1], s[2], s[3]}},
        {{LUS_FLEMING_HARRINGTON, .5, 2}, {0, sqrt(s[1]) * pow(1 - s[1], 2), sqrt(s[2]) * pow(1 - s[2], 2), sqrt(s[3]) * pow(1 - s[3], 2)}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lus_test_result r;
        assert_int_equal(lus_rank_test(&cases[i].test, groups, 2, 1, NULL, &r), LUS_OK);
        assert_near(r.statistic, by_hand(cases[i].w));
        assert_near(r.df, 1);
        assert_near(r.p_value, gsl_cdf_chisq_Q(by_hand(cases[i].w), 1));
        lus_test_result_free(&r);
        const double scores[] = {3, 7}; /* of two groups a trend is the same test, whatever the scores */
        assert_int_equal(lus_rank_test(&cases[i].test, groups, 2, 1, scores, &r), LUS_OK);
        assert_near(r.statistic, by_hand(cases[i].w));
        lus_test_result_free(&r);
    }
    lus_event_table_free(&a), lus_event_table_free(&b);
}

/* Two equal strata double U and V, and so the statistic. */
static void stratified(void **state)
{
    (void)state;
    struct lus_event_table a = table_of(a_time, a_event, NULL, NULL, 3), b = table_of(b_time, b_event, NULL, NULL, 3);
    const struct lus_event_table *twice[] = {&a, &b, &a, &b}, *alone[] = {&a, &b, &a, NULL};
    struct lus_test test = {.name = LUS_LOG_RANK};
    struct lus_test_result r;
    assert_int_equal(lus_rank_test(&test, twice, 2, 2, NULL, &r), LUS_OK);
    assert_near(r.statistic, 2 * by_hand((double[]){1, 1, 1, 1}));
    lus_test_result_free(&r);
    assert_int_equal(lus_rank_test(&test, alone, 2, 2, NULL, &r), LUS_OK); /* one group in a stratum says nothing */
    assert_near(r.statistic, by_hand((double[]){1, 1, 1, 1}));
    lus_test_result_free(&r);
    lus_event_table_free(&a), lus_event_table_free(&b);
}

static void adjusted(void **state)
{
    (void)state;
    const double p[] = {0.04, 0.01, NAN, 0.03};
    double holm[4], bh[4];
    assert_int_equal(lus_adjust_holm(p, 4, holm), LUS_OK);
    assert_int_equal(lus_adjust_bh(p, 4, bh), LUS_OK);
    assert_near(holm[1], 4 * 0.01), assert_near(holm[3], 3 * 0.03), assert_near(holm[0], 3 * 0.03); /* never below an earlier one */
    assert_near(bh[1], 4. / 1 * 0.01), assert_near(bh[3], 4. / 2 * 0.03 < 4. / 3 * 0.04 ? 4. / 2 * 0.03 : 4. / 3 * 0.04), assert_near(bh[0], 4. / 3 * 0.04);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(weights_by_hand), cmocka_unit_test(stratified), cmocka_unit_test(adjusted), cmocka_unit_test(difference),
                                       cmocka_unit_test(names)};
    return RUN(tests);
}
