/* Cumulative incidence by hand: ten people, events of cause 1 at 1, 4, 6 and of cause 2 at 2, 4, 8,
 * the others lost at 3, 5, 7, 9. At risk 10, 9, 7, 4, 2 at the events;
 * S 9/10, 8/10, 4/7, 3/7, 3/14. */
#include "unit.h"

static const double times[] = {1, 2, 3, 4, 4, 5, 6, 7, 8, 9};
static const int by_cause[] = {1, 2, 0, 1, 2, 0, 1, 0, 2, 0};

struct tables {
    struct lus_event_table all, one, two;
    struct lus_incidence x;
};

static struct tables fit(const double *entry, const double *weight,
                         enum lus_incidence_variance variance)
{
    int one[10], two[10];
    struct tables t;
    for (size_t i = 0; i < 10; i++)
        one[i] = by_cause[i] == 1, two[i] = by_cause[i] == 2;
    t.all = table_of(times, by_cause, entry, weight, 10);
    t.one = table_of(times, one, entry, weight, 10);
    t.two = table_of(times, two, entry, weight, 10);
    const struct lus_event_table *causes[] = {&t.one, &t.two};
    assert_int_equal(lus_aalen_johansen(&t.all, causes, 2, variance, &t.x), LUS_OK);
    return t;
}

static void free_tables(struct tables *t)
{
    lus_event_table_free(&t->all), lus_event_table_free(&t->one), lus_event_table_free(&t->two);
    lus_incidence_free(&t->x);
}

static struct lus_incidence_point at(const struct tables *t, size_t cause, double months)
{
    return lus_incidence_at(&t->x, cause, (lus_time)(months * (double)MONTH), &LUS_CONF_DEFAULT);
}

static void by_hand(void **state)
{
    (void)state;
    struct tables t = fit(NULL, NULL, LUS_VARIANCE_DELTA);
    assert_near(at(&t, 0, 1.5).incidence, 0.1);
    assert_near(at(&t, 0, 6).incidence, 0.1 + 0.8 / 7 + 4. / 7 / 4);
    assert_near(at(&t, 1, 8).incidence, 0.1 + 0.8 / 7 + 3. / 7 / 2);
    /* before anybody is lost, a share of ten: its variance is the binomial's */
    assert_near(at(&t, 0, 2).std_error, sqrt(0.1 * 0.9 / 10));
    assert_near(at(&t, 1, 2).std_error, sqrt(0.1 * 0.9 / 10));
    /* log-log: F^exp(+-z se/(F log F)) */
    double q = lus_conf_z(0.95) * sqrt(0.009) / (0.1 * log(0.1));
    assert_near(at(&t, 0, 2).low, pow(0.1, exp(-q)));
    assert_near(at(&t, 0, 2).high, pow(0.1, exp(q)));
    for (double month = 0; month <= 9; month += 0.5) {
        double alive =
            lus_curve_at(&t.x.alive, (lus_time)(month * (double)MONTH), &LUS_CONF_DEFAULT).survival;
        assert_near(at(&t, 0, month).incidence + at(&t, 1, month).incidence + alive, 1);
    }
    assert_int_equal(at(&t, 1, 1).why_error, LUS_WHY_NO_EVENT);
    assert_true(at(&t, 1, 1).incidence == 0 && isnan(at(&t, 1, 1).low));
    assert_int_equal(at(&t, 0, 10).why, LUS_WHY_BEYOND_FOLLOW_UP);
    free_tables(&t);
}

/* To 6: 5 months of a tenth and 2 of 0.8/7; to 4 the tenth alone, 3 times a binomial. */
static void time_lost(void **state)
{
    (void)state;
    struct tables t = fit(NULL, NULL, LUS_VARIANCE_DELTA);
    struct lus_mean six = lus_time_lost(&t.all, &t.one, &t.x, 0, 6 * MONTH, 0.95),
                    four = lus_time_lost(&t.all, &t.one, &t.x, 0, 4 * MONTH, 0.95);
    assert_near(six.mean / (double)MONTH, 5 * 0.1 + 2 * 0.8 / 7);
    assert_near(four.mean / (double)MONTH, 3 * 0.1);
    assert_near(four.std_error / (double)MONTH, 3 * sqrt(0.1 * 0.9 / 10));
    /* what is lost to both and what is lived add up to the time */
    struct lus_mean two = lus_time_lost(&t.all, &t.two, &t.x, 1, 6 * MONTH, 0.95),
                    lived = lus_restricted_mean(&t.all, &t.x.alive, 6 * MONTH, 0.95);
    assert_near((six.mean + two.mean + lived.mean) / (double)MONTH, 6);
    free_tables(&t);
}

/* Aalen's variance at 2: F is 0.1 from 1 on, d/((r - 1)(r - d)) times G^2 = 0, so
 * s^2 a (r - a)/(r^2 (r - 1)) at 1: 9/900. */
static void aalen(void **state)
{
    (void)state;
    struct tables t = fit(NULL, NULL, LUS_VARIANCE_AALEN);
    assert_near(at(&t, 0, 2).std_error, sqrt(9. / 900));
    free_tables(&t);
}

/* Weights that are all the same and not whole say nothing: the jackknife is the delta method. */
static void jackknife(void **state)
{
    (void)state;
    double half[10];
    for (size_t i = 0; i < 10; i++)
        half[i] = 0.5;
    struct tables t = fit(NULL, NULL, LUS_VARIANCE_DELTA), w = fit(NULL, half, LUS_VARIANCE_DELTA);
    assert_true(w.x.is_robust);
    for (double month = 1; month < 9; month++)
        for (size_t k = 0; k < 2; k++) {
            assert_near(at(&w, k, month).incidence, at(&t, k, month).incidence);
            assert_near(at(&w, k, month).std_error, at(&t, k, month).std_error);
            lus_time tau = (lus_time)month * MONTH;
            struct lus_mean a = lus_time_lost(&t.all, k ? &t.two : &t.one, &t.x, k, tau, 0.95),
                            b = lus_time_lost(&w.all, k ? &w.two : &w.one, &w.x, k, tau, 0.95);
            assert_near(b.mean / (double)MONTH, a.mean / (double)MONTH);
            assert_near(b.std_error / (double)MONTH, a.std_error / (double)MONTH);
        }
    struct lus_incidence no;
    const struct lus_event_table *causes[] = {&w.one, &w.two};
    assert_int_equal(lus_aalen_johansen(&w.all, causes, 2, LUS_VARIANCE_AALEN, &no), LUS_EUSAGE);
    free_tables(&t), free_tables(&w);
}

/* Who enters at 1 is not at risk at 1: nine are, and the events there are of nine. */
static void late_entry(void **state)
{
    (void)state;
    const double entry[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    struct tables t = fit(entry, NULL, LUS_VARIANCE_DELTA);
    assert_near(at(&t, 0, 1).incidence, 1. / 9);
    assert_near(at(&t, 1, 2).incidence, 8. / 9 / 9);
    free_tables(&t);
}

/* Two groups whose curves are the same have no difference to test; late entries have no test. */
static void gray(void **state)
{
    (void)state;
    const double first[] = {1, 3, 5, 7, 9}, second[] = {2, 4, 6, 8, 10};
    const int events[] = {1, 1, 1, 0, 1};
    struct lus_event_table a = table_of(first, events, NULL, NULL, 5),
                           b = table_of(second, events, NULL, NULL, 5);
    const struct lus_event_table *same[] = {&a, &a}, *groups[] = {&a, &b};
    struct lus_test_result r;
    assert_int_equal(lus_gray_test(same, same, 2, 1, 0, &r), LUS_OK);
    assert_true(fabs(r.statistic) < 1e-12 && r.df == 1);
    lus_test_result_free(&r);
    assert_int_equal(lus_gray_test(groups, groups, 2, 1, 0, &r), LUS_OK);
    assert_true(r.statistic > 0 && r.p_value > 0.3);
    lus_test_result_free(&r);
    const double late[] = {0, 1, 0, 0, 0};
    struct lus_event_table c = table_of(first, events, late, NULL, 5);
    const struct lus_event_table *entering[] = {&c, &b};
    assert_int_equal(lus_gray_test(entering, entering, 2, 1, 0, &r), LUS_EUSAGE);
    lus_event_table_free(&a), lus_event_table_free(&b), lus_event_table_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand),    cmocka_unit_test(time_lost),
                                       cmocka_unit_test(aalen),      cmocka_unit_test(jackknife),
                                       cmocka_unit_test(late_entry), cmocka_unit_test(gray)};
    return RUN(tests);
}
