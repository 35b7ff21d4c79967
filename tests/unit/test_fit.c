/* Fitting: the table of estimators, and the curve of a table as asked. */
#include "unit.h"

#include "lustrum/estimate.h"

/* Five people: deaths at 2, 4 and 7, censored at 4 and 9. At risk 5, 4, 2. */
static const double times[] = {2, 4, 4, 7, 9};
static const int events[] = {1, 1, 0, 1, 0};

static struct lus_point point_of(const struct lus_fitting *f, const struct lus_event_table *t,
                                 double at)
{
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_fit fit;
    assert_int_equal(lus_fit(f, t, &fit, &err), LUS_OK);
    struct lus_point p = lus_curve_at(&fit.curve, (lus_time)(at * (double)MONTH), &f->conf);
    lus_fit_free(&fit);
    return p;
}

static struct lus_fitting fitting(const char *name)
{
    struct lus_fitting f = lus_fitting_default(false);
    f.estimator = lus_estimator_find(name);
    assert_non_null(f.estimator);
    return f;
}

static void each_estimator(void **state)
{
    (void)state;
    struct lus_event_table t = table_of(times, events, NULL, NULL, 5);
    struct lus_fitting km = fitting("kaplan-meier"), na = fitting("nelson-aalen"),
                       fh = fitting("fleming-harrington"), life = fitting("actuarial");
    assert_near(point_of(&km, &t, 8).survival, 4. / 5 * 3. / 4 * 1. / 2);
    assert_near(point_of(&na, &t, 8).survival, exp(-(1. / 5 + 1. / 4 + 1. / 2)));
    assert_near(point_of(&fh, &t, 8).survival, exp(-(1. / 5 + 1. / 4 + 1. / 2)));
    life.interval = 5 * MONTH; /* 5 enter, 2 die, 1 is censored: n' = 4.5 */
    assert_near(point_of(&life, &t, 5).survival, 1 - 2 / 4.5);
    lus_event_table_free(&t);
}

/* Two tied deaths tell Nelson-Aalen from Fleming-Harrington: 2/4 against 1/4 + 1/3. */
static void ties(void **state)
{
    (void)state;
    const double at[] = {3, 3, 5, 5};
    const int dies[] = {1, 1, 0, 0};
    struct lus_event_table t = table_of(at, dies, NULL, NULL, 4);
    struct lus_fitting na = fitting("nelson-aalen"), fh = fitting("fleming-harrington");
    assert_near(point_of(&na, &t, 4).survival, exp(-2. / 4));
    assert_near(point_of(&fh, &t, 4).survival, exp(-(1. / 4 + 1. / 3)));
    lus_event_table_free(&t);
}

/* Given 3: the death at 2 is past, four are followed on; S counts from there. By intervals of 2
 * months given 4, whoever leaves at 4 is in the interval that begins there. */
static void conditional(void **state)
{
    (void)state;
    struct lus_event_table t = table_of(times, events, NULL, NULL, 5);
    struct lus_fitting km = fitting("kaplan-meier"), life = fitting("actuarial");
    km.given = 3 * MONTH;
    assert_near(point_of(&km, &t, 8).survival, 3. / 4 * 1. / 2);
    km.given = 4 * MONTH;
    assert_near(point_of(&km, &t, 8).survival, 1. / 2);
    life.given = 4 * MONTH, life.interval = 2 * MONTH;
    assert_near(point_of(&life, &t, 6).survival, 1 - 1 / 3.5);
    lus_event_table_free(&t);
}

/* The default for completed units goes by intervals of a month. */
static void defaults(void **state)
{
    (void)state;
    assert_string_equal(lus_fitting_default(false).estimator->name, "kaplan-meier");
    assert_string_equal(lus_fitting_default(true).estimator->name, "actuarial");
    assert_true(lus_fitting_default(true).interval == MONTH);
    assert_null(lus_estimator_find("cox"));
    for (const struct lus_estimator *e = lus_estimators; e->name; e++) {
        assert_ptr_equal(lus_estimator_find(e->name), e);
        assert_true(*e->words && *e->title && *e->error && e->curve);
    }
}

/* A tie correction needs whole deaths. */
static void refused(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_fit fit;
    const double weight[] = {1, 0.5, 1, 1, 1};
    struct lus_event_table t = table_of(times, events, NULL, weight, 5);
    struct lus_fitting fh = fitting("fleming-harrington");
    assert_int_equal(lus_fit(&fh, &t, &fit, &err), LUS_EUSAGE);
    assert_int_equal(err.status, LUS_EUSAGE);
    assert_null(fit.curve.survival);
    lus_event_table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_estimator), cmocka_unit_test(ties),
                                       cmocka_unit_test(conditional), cmocka_unit_test(defaults),
                                       cmocka_unit_test(refused)};
    return RUN(tests);
}
