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
    check(&f, data(0.30, 0.274, 0.33, 100), LUS_FITS);
    check(&f, data(0.30, 0.275, 0.33, 100), LUS_LOWER); /* the band is half open */
    check(&f, data(0.22, 0.19, 0.265, 100), LUS_FITS);
    check(&f, data(0.22, 0.19, 0.264, 100), LUS_HIGHER);
    check(&f, data(0.27, 0.20, 0.41, 100), LUS_CANNOT_TELL);
    check(&f, data(0.27, 0.26, 0.28, 9), LUS_CANNOT_TELL);
    check(&f, data(NAN, NAN, NAN, 0), LUS_NOT_COMPARABLE);
    f.qualifier = LUS_ABOUT;
    check(&f, data(0.30, 0.28, 0.33, 100), LUS_LOWER);
    struct lus_figure median = figure(LUS_STATISTIC_MEDIAN, LUS_STATED, 3, 2.5, 3.5);
    struct lus_data_value open_end = {3.9, 3.4, NAN, 100, false, 100};
    check(&median, open_end, LUS_FITS);
    open_end.low = 3.5;
    check(&median, open_end, LUS_LOWER);
}

static void bounds(void **state)
{
    (void)state;
    struct lus_figure more = figure(LUS_STATISTIC_PROPORTION, LUS_MORE_THAN, 0.5, 0.45, 0.55),
                      less = more;
    less.qualifier = LUS_LESS_THAN;
    check(&more, data(0.60, 0.51, 0.68, 100), LUS_BORNE_OUT);
    check(&more, data(0.60, 0.50, 0.68, 100), LUS_CANNOT_TELL);
    check(&more, data(0.40, 0.33, 0.49, 100), LUS_NOT_BORNE_OUT);
    check(&less, data(0.60, 0.51, 0.68, 100), LUS_NOT_BORNE_OUT);
    check(&less, data(0.40, 0.33, 0.49, 100), LUS_BORNE_OUT);
    struct lus_figure some = figure(LUS_STATISTIC_SOME, LUS_STATED, NAN, NAN, NAN),
                      most = figure(LUS_STATISTIC_PROPORTION, LUS_MOST, 0.5, NAN, NAN);
    check(&most, data(0.60, 0.51, 0.68, 100), LUS_BORNE_OUT);
    check(&most, data(0.60, 0.50, 0.68, 100), LUS_CANNOT_TELL);
    check(&some, data(0.02, 0.001, 0.3, 1), LUS_BORNE_OUT); /* one is enough */
    check(&some, data(0, 0, 0, 0), LUS_NOT_BORNE_OUT);
    struct lus_figure order = figure(LUS_STATISTIC_ORDER, LUS_LESS_THAN, NAN, NAN, NAN);
    check(&order, data(-0.3, -0.4, -0.21, 50), LUS_BORNE_OUT);
    check(&order, data(-0.1, -0.19, 0.01, 50), LUS_CANNOT_TELL);
    check(&order, data(0.1, 0.02, 0.19, 50), LUS_NOT_BORNE_OUT);
}

/* Synthetic data: value +- tolerance, or the band where it is wider, against the interval, which is
 * as wide as few draws make it. */
static void synthetic(void **state)
{
    (void)state;
    struct lus_figure f = figure(LUS_STATISTIC_SURVIVAL, LUS_STATED, 0.27, 0.265, 0.275),
                      more = figure(LUS_STATISTIC_PROPORTION, LUS_MORE_THAN, 0.5, 0.45, 0.55),
                      wide = figure(LUS_STATISTIC_MEDIAN, LUS_STATED, 3, 2.5, 3.5);
    struct lus_data_value near = data(0.28, 0.279, 0.281, 1e5), far = data(0.31, 0.302, 0.318, 1e4),
                          few = data(0.31, 0.29, 0.33, 1e3), median = data(2.6, 2.55, 2.65, 1e4);
    median.is_share = false;
    assert_int_equal(lus_verdict_synthetic(&f, &near, 0.03, true), LUS_TARGET_MET);
    assert_int_equal(lus_verdict_synthetic(&f, &far, 0.03, true), LUS_TARGET_MISSED);
    assert_int_equal(lus_verdict_synthetic(&f, &few, 0.03, true), LUS_TARGET_MET);
    assert_int_equal(lus_verdict_synthetic(&f, &near, 0.03, false), LUS_FITS);
    assert_int_equal(lus_verdict_synthetic(&f, &far, 0.03, false), LUS_LOWER);
    f.value = 0.4, f.low = 0.395, f.high = 0.405;
    assert_int_equal(lus_verdict_synthetic(&f, &far, 0.03, false), LUS_HIGHER);
    assert_int_equal(lus_verdict_synthetic(&wide, &median, 0.1, false), LUS_FITS);
    assert_int_equal(lus_verdict_synthetic(&more, &far, 0.03, false), LUS_NOT_BORNE_OUT);
    struct lus_data_value unsure = data(0.27, 0.1, 0.4, 100);
    assert_int_equal(lus_verdict_synthetic(&f, &unsure, 0.03, false), LUS_CANNOT_TELL);
    struct lus_figure note = figure(LUS_STATISTIC_NOTE, LUS_STATED, NAN, NAN, NAN);
    assert_int_equal(lus_verdict_synthetic(&note, &near, 0.03, false), LUS_NO_VERDICT);
}

/* Alike: the same quantity of the same people. */
static void alike(void **state)
{
    (void)state;
    struct lus_figure a = figure(LUS_STATISTIC_SURVIVAL, LUS_STATED, 0.27, 0.265, 0.275), b = a;
    a.at = b.at = 5 * lus_unit_ticks(LUS_YEARS), a.origin = b.origin = "metastasis";
    assert_true(lus_figures_alike(&a, &b));
    assert_true(lus_figure_is_of_curve(&a, "OS", "first metastasis"));
    assert_false(lus_figure_is_of_curve(&a, "OS", "diagnosis"));
    assert_false(lus_figure_is_of_curve(&a, "CSS", "first metastasis"));
    b.measure = LUS_MEASURE_RS;
    assert_false(lus_figures_alike(&a, &b));
    b = a, b.origin = "diagnosis";
    assert_false(lus_figures_alike(&a, &b));
    b = a, b.is_selected = true;
    assert_false(lus_figures_alike(&a, &b));
    b = a, b.where = "her2 == \"positive\"";
    assert_false(lus_figures_alike(&a, &b));
    assert_false(lus_figure_is_of_curve(&b, "OS", "first metastasis"));
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(stated),    cmocka_unit_test(bounds),
                                       cmocka_unit_test(synthetic), cmocka_unit_test(alike),
                                       cmocka_unit_test(pair),      cmocka_unit_test(mixture)};
    return RUN(tests);
}
