/* Kaplan-Meier, Nelson-Aalen, actuarial and what is read off the curves. */
#include "unit.h"

/* Miller (1981) Survival Analysis, acute myelogenous leukaemia, maintained arm; weeks, 1 =
 * relapse. */
static const double aml_time[] = {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161};
static const int aml_event[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0};

static void aml(void **state)
{
    (void)state;
    struct lus_event_table t = table_of(aml_time, aml_event, NULL, NULL, 11);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    double s13 = 10. / 11 * 9. / 10, s23 = s13 * 7. / 8 * 6. / 7, s34 = s23 * 4. / 5 * 3. / 4,
           s48 = s34 * 1. / 2;
    struct lus_point p = lus_curve_at(&c, 13 * MONTH, &LUS_CONF_DEFAULT);
    assert_near(p.survival, s13);
    assert_near(p.std_error, s13 * sqrt(1. / (11 * 10) + 1. / (10 * 9)));
    assert_near(p.hazard, 1. / 11 + 1. / 10);
    assert_near(p.events_by, 2);
    assert_near(lus_curve_at(&c, 30 * MONTH, &LUS_CONF_DEFAULT).survival, s23);
    assert_near(lus_curve_at(&c, 34 * MONTH, &LUS_CONF_DEFAULT).survival, s34);
    assert_near(lus_curve_at(&c, 161 * MONTH, &LUS_CONF_DEFAULT).survival, s48);
    assert_int_equal(lus_curve_at(&c, 162 * MONTH, &LUS_CONF_DEFAULT).why,
                     LUS_WHY_BEYOND_FOLLOW_UP);
    assert_near(lus_at_risk(&t, 13 * MONTH), 10);
    assert_near(lus_at_risk(&t, 14 * MONTH), 8);
    assert_near(lus_at_risk(&t, 162 * MONTH), 0);
    /* median: S falls from 0.61364 to 0.49091 at 31 */
    struct lus_quantile q = lus_curve_quantile(&c, 0.5, &LUS_CONF_DEFAULT);
    assert_int_equal(q.why, LUS_AVAILABLE);
    assert_true(q.time == 31 * MONTH);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* Ten women, nobody censored before the fifth dies: S is 0.5 from 87 to 118, and the median is the
 * middle (docs/methods.md, "One curve"). */
static void flat_step(void **state)
{
    (void)state;
    const double time[] = {10, 20, 40, 70, 87, 118, 120, 130, 140, 150};
    const int event[] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 10);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    struct lus_quantile q = lus_curve_quantile(&c, 0.5, &LUS_CONF_DEFAULT);
    assert_true(q.time == (87 + 118) * MONTH / 2);
    assert_int_equal(lus_curve_quantile(&c, 0.9, &LUS_CONF_DEFAULT).why, LUS_WHY_NOT_REACHED);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* At risk: entry < t <= exit. Two are followed from 0, two enter at 3; a death at 3 does not see
 * them. */
static void delayed_entry(void **state)
{
    (void)state;
    const double time[] = {3, 6, 5, 8}, entry[] = {0, 0, 3, 3};
    const int event[] = {1, 0, 1, 0};
    struct lus_event_table t = table_of(time, event, entry, NULL, 4);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    assert_near(lus_at_risk(&t, 0), 2);
    assert_near(lus_at_risk(&t, 3 * MONTH), 2);
    assert_near(lus_at_risk(&t, 4 * MONTH), 3);
    assert_near(lus_curve_at(&c, 3 * MONTH, &LUS_CONF_DEFAULT).survival, 1. / 2);
    assert_near(lus_curve_at(&c, 5 * MONTH, &LUS_CONF_DEFAULT).survival, 1. / 2 * 2. / 3);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* Before the first entry nothing; a curve at 0 that others enter after is not 0 %; a gap is
 * told. */
static void awkward_entries(void **state)
{
    (void)state;
    const double time[] = {3, 9, 12}, entry[] = {1, 5, 6};
    const int dies[] = {1, 1, 0}, lives[] = {0, 1, 0};
    struct lus_event_table t = table_of(time, dies, entry, NULL, 3);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    assert_int_equal(lus_curve_at(&c, MONTH, &LUS_CONF_DEFAULT).why, LUS_WHY_BEFORE_ENTRY);
    assert_int_equal(lus_curve_at(&c, 2 * MONTH, &LUS_CONF_DEFAULT).why, LUS_AVAILABLE);
    assert_int_equal(lus_curve_at(&c, 9 * MONTH, &LUS_CONF_DEFAULT).why, LUS_WHY_REFILLED);
    assert_true(isnan(lus_curve_at(&c, 9 * MONTH, &LUS_CONF_DEFAULT).survival));
    lus_curve_free(&c);
    lus_event_table_free(&t);
    t = table_of(time, lives, entry, NULL, 3);
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    assert_true(c.gap_at == 3 * MONTH);
    assert_near(lus_curve_at(&c, 9 * MONTH, &LUS_CONF_DEFAULT).survival, 1. / 2);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* Before the first event S is 1 with limits 1 and 1; at 0 there is neither error nor limit. */
static void ends_of_the_scale(void **state)
{
    (void)state;
    const double time[] = {2, 4};
    const int none[] = {0, 0}, both[] = {1, 1};
    struct lus_event_table t = table_of(time, none, NULL, NULL, 2);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    struct lus_point p = lus_curve_at(&c, 3 * MONTH, &LUS_CONF_DEFAULT);
    assert_near(p.survival, 1), assert_near(p.std_error, 0), assert_near(p.low, 1),
        assert_near(p.high, 1);
    lus_curve_free(&c);
    lus_event_table_free(&t);
    t = table_of(time, both, NULL, NULL, 2);
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    p = lus_curve_at(&c, 100 * MONTH, &LUS_CONF_DEFAULT);
    assert_near(p.survival, 0);
    assert_true(isnan(p.std_error) && isnan(p.low) && isnan(p.high) &&
                p.why_error == LUS_WHY_ALL_DEAD);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* Whole weights are copies. Halves are the infinitesimal jackknife, which does not see a common
 * factor of the weights. */
static void weights(void **state)
{
    (void)state;
    const double time[] = {1, 2, 2, 3}, twice[] = {2, 1, 3, 1}, half[] = {1, .5, 1.5, .5},
                 copies[] = {1, 1, 2, 2, 2, 2, 3};
    const int event[] = {1, 1, 0, 0}, copied[] = {1, 1, 1, 0, 0, 0, 0};
    struct lus_event_table w = table_of(time, event, NULL, twice, 4),
                           k = table_of(copies, copied, NULL, NULL, 7);
    struct lus_event_table h = table_of(time, event, NULL, half, 4);
    struct lus_curve a, b, c;
    assert_int_equal(lus_kaplan_meier(&w, 0, &a), LUS_OK);
    assert_int_equal(lus_kaplan_meier(&k, 0, &b), LUS_OK);
    assert_int_equal(lus_kaplan_meier(&h, 0, &c), LUS_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_near(a.survival[i], b.survival[i]);
        assert_near(a.std_error[i], b.std_error[i]);
        assert_near(c.survival[i], b.survival[i]);
    }
    /* by hand at 2, weights w: N = 3.5, D = 1 at 1; N = 2.5, D = 0.5 at 2; A(1) = 1/(3.5 2.5), A(2)
     * = A(1) + .5/(2.5 2) */
    double s = 2.5 / 3.5 * 2 / 2.5, a1 = 1 / (3.5 * 2.5), a2 = a1 + .5 / (2.5 * 2);
    double var = pow(1 * (a1 - 1 / 2.5), 2) + pow(.5 * (a2 - 1 / 2.), 2) + pow(1.5 * a2, 2) +
                 pow(.5 * a2, 2);
    assert_true(c.is_robust && !a.is_robust);
    assert_near(c.std_error[1], s * sqrt(var));
    /* and the area to 3: sum of w^2 times the squared derivative of the area, by differences */
    struct lus_mean m = lus_restricted_mean(&h, &c, 3 * MONTH, 0.95);
    double sum = 0, step = 1e-6;
    for (size_t i = 0; i < 4; i++) {
        double wi[4], area[2];
        for (int side = 0; side < 2; side++) {
            memcpy(wi, half, sizeof wi);
            wi[i] += side ? step : -step;
            double n1 = wi[0] + wi[1] + wi[2] + wi[3], s1 = 1 - wi[0] / n1,
                   s2 = s1 * (1 - wi[1] / (n1 - wi[0]));
            area[side] = 1 + s1 + s2;
        }
        sum += pow(half[i] * (area[1] - area[0]) / (2 * step), 2);
    }
    assert_true(fabs(m.std_error / (double)MONTH - sqrt(sum)) < 1e-8);
    lus_curve_free(&a), lus_curve_free(&b), lus_curve_free(&c);
    lus_event_table_free(&w), lus_event_table_free(&k), lus_event_table_free(&h);
}

/* S(t)/S(s), Greenwood over s < t_k <= t, median from s. */
static void conditional(void **state)
{
    (void)state;
    struct lus_event_table t = table_of(aml_time, aml_event, NULL, NULL, 11), after;
    struct lus_curve c;
    assert_int_equal(lus_event_table_given(&t, 13 * MONTH, &after), LUS_OK);
    assert_int_equal(lus_kaplan_meier(&after, 13 * MONTH, &c), LUS_OK);
    struct lus_point p = lus_curve_at(&c, 23 * MONTH, &LUS_CONF_DEFAULT);
    assert_near(p.survival, 7. / 8 * 6. / 7);
    assert_near(p.std_error, p.survival * sqrt(1. / (8 * 7) + 1. / (7 * 6)));
    assert_near(p.events_by, 2);
    /* 7/8 6/7 4/5 3/4 = 0.45 */
    assert_true(lus_curve_quantile(&c, 0.5, &LUS_CONF_DEFAULT).time == (34 - 13) * MONTH);
    lus_curve_free(&c);
    lus_event_table_free(&after), lus_event_table_free(&t);
}

/* n' = n - c/2: 10 in [0, 1): 2 die, 2 leave; 6 in [1, 2): 1 dies. */
static void actuarial(void **state)
{
    (void)state;
    const double time[] = {0, 0.5, 0.2, 0.9, 1, 1.5, 2, 2, 2, 3};
    const int event[] = {1, 1, 0, 0, 1, 0, 0, 0, 0, 0};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 10);
    struct lus_curve c;
    assert_int_equal(lus_actuarial(&t, 0, MONTH, &c), LUS_OK);
    double q1 = 2. / (10 - 2. / 2), q2 = 1. / (6 - 1. / 2);
    assert_near(lus_curve_at(&c, MONTH, &LUS_CONF_DEFAULT).survival, 1 - q1);
    assert_near(lus_curve_at(&c, 2 * MONTH, &LUS_CONF_DEFAULT).survival, (1 - q1) * (1 - q2));
    assert_near(lus_curve_at(&c, 2 * MONTH, &LUS_CONF_DEFAULT).std_error,
                (1 - q1) * (1 - q2) * sqrt(2. / (9 * 7) + 1. / (5.5 * 4.5)));
    lus_curve_free(&c);
    assert_int_equal(lus_actuarial(&t, 0, 0, &c), LUS_EUSAGE);
    lus_event_table_free(&t);
}

/* Reverse Kaplan-Meier: who leaves alive has the event; deaths at the same time are still at
 * risk. */
static void follow_up(void **state)
{
    (void)state;
    const double time[] = {1, 2, 2, 4};
    const int event[] = {1, 1, 0, 0};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 4);
    struct lus_curve c;
    assert_int_equal(lus_follow_up(&t, &c), LUS_OK);
    assert_near(lus_curve_at(&c, 2 * MONTH, &LUS_CONF_DEFAULT).survival, 2. / 3);
    assert_true(lus_curve_quantile(&c, 0.5, &LUS_CONF_DEFAULT).time == 4 * MONTH);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

static void restricted_mean(void **state)
{
    (void)state;
    const double time[] = {1, 2, 3, 4};
    const int event[] = {1, 0, 1, 0};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 4);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    struct lus_mean m = lus_restricted_mean(&t, &c, 4 * MONTH, 0.95);
    double s1 = 3. / 4, s3 = s1 / 2, behind1 = 2 * s1 + s3, behind3 = s3;
    assert_near(m.mean / (double)MONTH, 1 + 2 * s1 + s3);
    assert_near(m.std_error / (double)MONTH,
                sqrt(behind1 * behind1 / (4 * 3) + behind3 * behind3 / (2 * 1)));
    assert_near(m.low, m.mean - lus_conf_z(0.95) * m.std_error);
    assert_int_equal(lus_restricted_mean(&t, &c, 5 * MONTH, 0.95).why, LUS_WHY_BEYOND_FOLLOW_UP);
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

static void hazards(void **state)
{
    (void)state;
    const double time[] = {1, 1, 2};
    const int event[] = {1, 1, 0};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 3);
    struct lus_curve c;
    assert_int_equal(lus_nelson_aalen(&t, 0, false, &c), LUS_OK);
    assert_near(c.hazard[0], 2. / 3), assert_near(c.survival[0], exp(-2. / 3)),
        assert_near(c.std_error[0], exp(-2. / 3) * sqrt(2. / 9));
    lus_curve_free(&c);
    assert_int_equal(lus_nelson_aalen(&t, 0, true, &c), LUS_OK);
    assert_near(c.hazard[0], 1. / 3 + 1. / 2),
        assert_near(c.std_error[0], exp(-1. / 3 - 1. / 2) * sqrt(1. / 9 + 1. / 4));
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

/* By hand at t = 35 and at the beginning, and what R's muhaz 1.2.6.4 gives for one bandwidth of 20
 * with a boundary kernel at the left: muhaz(t, d, bw.method = "global", bw.grid = 20, b.cor =
 * "left"), at 0, 5, 15, 20, 35, 50. */
static void smoothed_hazard(void **state)
{
    (void)state;
    const double time[] = {3, 7, 11, 15, 22, 26, 31, 40, 47, 58, 66, 75, 80, 90, 99};
    const int event[] = {1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0};
    const double at[] = {0, 5, 15, 20, 35, 50},
                 muhaz[] = {0.0129535714286, 0.0124249433766, 0.0120076028927,
                            0.0114515625000, 0.0137918526786, 0.0118584821429};
    struct lus_event_table t = table_of(time, event, NULL, NULL, 15);
    struct lus_curve c;
    assert_int_equal(lus_kaplan_meier(&t, 0, &c), LUS_OK);
    double month = (double)MONTH;
    lus_time end = 99 * MONTH;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct lus_smooth_hazard h = lus_hazard_at(&c, end, 20 * month, at[i] * month, 0.95);
        assert_true(fabs(h.hazard * month - muhaz[i]) < 1e-12);
    }
    /* at 35: events at 22, 31, 40, 47 with 11, 9, 8, 7 at risk; that at 15 weighs nothing */
    double by_hand = 0, variance = 0;
    const double when[] = {22, 31, 40, 47}, at_risk[] = {11, 9, 8, 7};
    for (size_t i = 0; i < 4; i++) {
        double x = (35 - when[i]) / 20, k = 0.75 * (1 - x * x) / 20;
        by_hand += k / at_risk[i], variance += k * k / (at_risk[i] * at_risk[i]);
    }
    struct lus_smooth_hazard h = lus_hazard_at(&c, end, 20 * month, 35 * month, 0.95);
    assert_near(h.hazard * month, by_hand), assert_near(h.std_error * month, sqrt(variance));
    double factor = exp(lus_conf_z(0.95) * sqrt(variance) / by_hand);
    assert_near(h.low * month, by_hand / factor), assert_near(h.high * month, by_hand * factor);
    /* ten events in 99 months */
    assert_near(lus_hazard_bandwidth(&c, end) / month, 99 / (2 * pow(10, 0.2)));
    assert_true(isnan(lus_hazard_at(&c, end, 20 * month, 80 * month, 0.95).hazard));
    assert_true(isnan(lus_hazard_at(&c, end, 50 * month, 20 * month, 0.95).hazard));
    lus_curve_free(&c);
    lus_event_table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(aml),
                                       cmocka_unit_test(flat_step),
                                       cmocka_unit_test(delayed_entry),
                                       cmocka_unit_test(awkward_entries),
                                       cmocka_unit_test(ends_of_the_scale),
                                       cmocka_unit_test(weights),
                                       cmocka_unit_test(conditional),
                                       cmocka_unit_test(actuarial),
                                       cmocka_unit_test(follow_up),
                                       cmocka_unit_test(restricted_mean),
                                       cmocka_unit_test(hazards),
                                       cmocka_unit_test(smoothed_hazard)};
    return RUN(tests);
}
