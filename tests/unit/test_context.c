/* Verdicts on quoted figures, what two figures imply, mixtures of curves. */
#include "unit.h"

#include "lustrum/context.h"

static struct lus_figure figure(enum lus_statistic statistic, enum lus_qualifier qualifier,
                                double value, double low, double high)
{
    return (struct lus_figure){.id = "f",
                               .statistic = statistic,
                               .qualifier = qualifier,
                               .value = value,
                               .low = low,
                               .high = high,
                               .measure = LUS_MEASURE_OS};
}

static struct lus_data_value data(double value, double low, double high, double at_risk)
{
    return (struct lus_data_value){value, low, high, at_risk, true, at_risk};
}

static void check(const struct lus_figure *f, struct lus_data_value d, enum lus_verdict expected)
{
    assert_string_equal(lus_verdict_text(lus_verdict(f, &d)), lus_verdict_text(expected));
}

/* "27 %" is [26.5 %, 27.5 %): it agrees where the band and the interval meet. */
static void stated(void **state)
{
    (void)state;
    struct lus_figure f = figure(LUS_STATISTIC_SURVIVAL, LUS_STATED, 0.27, 0.265, 0.275);
    check(&f, data(0.30, 0.274, 0.33, 100), LUS_AGREES);
    check(&f, data(0.30, 0.275, 0.33, 100), LUS_BELOW); /* the band is half open */
    check(&f, data(0.22, 0.19, 0.265, 100), LUS_AGREES);
    check(&f, data(0.22, 0.19, 0.264, 100), LUS_ABOVE);
    check(&f, data(0.27, 0.20, 0.41, 100), LUS_TOO_IMPRECISE);
    check(&f, data(0.27, 0.26, 0.28, 9), LUS_TOO_IMPRECISE);
    check(&f, data(NAN, NAN, NAN, 0), LUS_NOT_COMPARABLE);
    f.qualifier = LUS_ABOUT;
    check(&f, data(0.30, 0.28, 0.33, 100), LUS_BELOW);
    struct lus_figure median = figure(LUS_STATISTIC_MEDIAN, LUS_STATED, 3, 2.5, 3.5);
    struct lus_data_value open_end = {3.9, 3.4, NAN, 100, false, 100};
    check(&median, open_end, LUS_AGREES);
    open_end.low = 3.5;
    check(&median, open_end, LUS_BELOW);
}

static void bounds(void **state)
{
    (void)state;
    struct lus_figure more = figure(LUS_STATISTIC_PROPORTION, LUS_MORE_THAN, 0.5, 0.45, 0.55),
                      less = more;
    less.qualifier = LUS_LESS_THAN;
    check(&more, data(0.60, 0.51, 0.68, 100), LUS_SUPPORTED);
    check(&more, data(0.60, 0.50, 0.68, 100), LUS_UNDECIDED);
    check(&more, data(0.40, 0.33, 0.49, 100), LUS_CONTRADICTED);
    check(&less, data(0.60, 0.51, 0.68, 100), LUS_CONTRADICTED);
    check(&less, data(0.40, 0.33, 0.49, 100), LUS_SUPPORTED);
    struct lus_figure some = figure(LUS_STATISTIC_SURVIVAL, LUS_MORE_THAN, 0, 0, 0);
    some.is_survivors = true;
    check(&some, data(0.02, 0.001, 0.3, 1), LUS_SUPPORTED); /* one is enough */
    check(&some, data(0, 0, 0, 0), LUS_CONTRADICTED);
    struct lus_figure order = figure(LUS_STATISTIC_ORDER, LUS_LESS_THAN, NAN, NAN, NAN);
    check(&order, data(-0.3, -0.4, -0.21, 50), LUS_SUPPORTED);
    check(&order, data(-0.1, -0.19, 0.01, 50), LUS_UNDECIDED);
    check(&order, data(0.1, 0.02, 0.19, 50), LUS_CONTRADICTED);
}

/* Synthetic data never agree. */
static void synthetic(void **state)
{
    (void)state;
    struct lus_figure f = figure(LUS_STATISTIC_SURVIVAL, LUS_STATED, 0.27, 0.265, 0.275),
                      more = figure(LUS_STATISTIC_PROPORTION, LUS_MORE_THAN, 0.5, 0.45, 0.55);
    assert_int_equal(lus_verdict_synthetic(LUS_AGREES, &f, true), LUS_REPRODUCED);
    assert_int_equal(lus_verdict_synthetic(LUS_ABOVE, &f, true), LUS_NOT_REPRODUCED);
    assert_int_equal(lus_verdict_synthetic(LUS_AGREES, &f, false), LUS_HELD_OUT_MEETS);
    assert_int_equal(lus_verdict_synthetic(LUS_BELOW, &f, false), LUS_HELD_OUT_BELOW);
    assert_int_equal(lus_verdict_synthetic(LUS_CONTRADICTED, &more, false), LUS_HELD_OUT_ABOVE);
    assert_int_equal(lus_verdict_synthetic(LUS_TOO_IMPRECISE, &f, false), LUS_NOT_COMPARABLE);
    assert_int_equal(lus_verdict_synthetic(LUS_NO_VERDICT, &f, false), LUS_NO_VERDICT);
}

/* Median 3 years and 27 % at 5 years (docs/methods.md, "Quoted figures"). */
static void pair(void **state)
{
    (void)state;
    struct lus_figure s = figure(LUS_STATISTIC_SURVIVAL, LUS_STATED, 0.27, 0.265, 0.275),
                      m = figure(LUS_STATISTIC_MEDIAN, LUS_STATED, 3, 2.5, 3.5);
    s.at = 5 * lus_unit_ticks(LUS_YEARS), m.unit = LUS_YEARS;
    struct lus_implied p = lus_figures_imply(&s, &m);
    assert_near(p.survival_of_median, pow(0.5, 5. / 3));                  /* 31.5 % */
    assert_near(p.median_of_survival, 5 * log(2) / -log(0.27));           /* 2.65 years */
    assert_near(p.shape, log(log(0.27) / log(0.5)) / log(5. / 3));        /* 1.25 */
    assert_near(p.shape_low, log(log(0.275) / log(0.5)) / log(2));        /* 0.90 */
    assert_near(p.shape_high, log(log(0.265) / log(0.5)) / log(5 / 3.5)); /* 1.82 */
    assert_near(p.at_ten_years, pow(0.5, pow(10. / 3, p.shape)));         /* 4.5 % */
}

/* Two curves of four: 3/4 and 1/2 after 10 and 20 months; 1/4 at 10. With shares 0.8 and 0.2 by
 * hand. */
static void mixture(void **state)
{
    (void)state;
    const double t1[] = {10, 20, 30, 40}, t2[] = {10, 10, 10, 50};
    const int e1[] = {1, 1, 0, 0}, e2[] = {1, 1, 1, 0};
    struct lus_event_table a = table_of(t1, e1, NULL, NULL, 4), b = table_of(t2, e2, NULL, NULL, 4);
    struct lus_curve ca, cb, mixed;
    assert_int_equal(lus_kaplan_meier(&a, 0, &ca), LUS_OK);
    assert_int_equal(lus_kaplan_meier(&b, 0, &cb), LUS_OK);
    const struct lus_curve *curves[] = {&ca, &cb};
    const double shares[] = {0.8, 0.2};
    assert_int_equal(lus_curve_mix(curves, shares, 2, &mixed), LUS_OK);
    struct lus_point p = lus_curve_at(&mixed, 15 * MONTH, &LUS_CONF_DEFAULT);
    assert_near(p.survival, 0.8 * 0.75 + 0.2 * 0.25);
    double va = 0.75 * 0.75 * 1 / (4. * 3), vb = 0.25 * 0.25 * 3 / (4. * 1);
    assert_near(p.std_error, sqrt(0.64 * va + 0.04 * vb));
    assert_near(lus_curve_at(&mixed, 25 * MONTH, &LUS_CONF_DEFAULT).survival,
                0.8 * 0.5 + 0.2 * 0.25);
    /* 0.65, then 0.45 */
    assert_true(lus_curve_quantile(&mixed, 0.5, &LUS_CONF_DEFAULT).time == 20 * MONTH);
    /* the first ends at 40 */
    assert_int_equal(lus_curve_at(&mixed, 45 * MONTH, &LUS_CONF_DEFAULT).why,
                     LUS_WHY_BEYOND_FOLLOW_UP);
    lus_curve_free(&ca), lus_curve_free(&cb), lus_curve_free(&mixed);
    lus_event_table_free(&a), lus_event_table_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stated), cmocka_unit_test(bounds),
                                       cmocka_unit_test(synthetic), cmocka_unit_test(pair),
                                       cmocka_unit_test(mixture)};
    return RUN(tests);
}
