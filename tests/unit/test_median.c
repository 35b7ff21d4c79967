/* The median of a number counted by value, and its order statistics. */
#include "unit.h"

/* 1 .. 100, once each: the mean of the 50th and the 51st; 50 -+ 1.96 sqrt(100)/2 is 40.2 and 59.8,
 * rounded outwards the 40th and the 61st. */
static void hundred(void **state)
{
    (void)state;
    struct lus_counted c[100];
    for (size_t i = 0; i < 100; i++)
        c[(i * 37) % 100] = (struct lus_counted){(double)i + 1, 1};
    struct lus_median m = lus_median_of(c, 100, 0.95);
    assert_near(m.median, (50 + 51) / 2.);
    assert_near(m.low, 40);
    assert_near(m.high, 61);
    assert_near(m.n, 100);
}

/* An odd number has a middle one; copies are people. */
static void copies(void **state)
{
    (void)state;
    struct lus_counted odd[] = {{7, 1}, {3, 1}, {5, 1}}, twice[] = {{9, 4}, {2, 3}},
                       zero[] = {{1, 0}, {4, 2}};
    assert_near(lus_median_of(odd, 3, 0.95).median, 5);
    assert_near(lus_median_of(twice, 2, 0.95).median, 9); /* the fourth of seven */
    assert_near(lus_median_of(zero, 2, 0.95).median, 4);
    /* few people: the limits are the smallest and the largest */
    assert_near(lus_median_of(odd, 3, 0.95).low, 3);
    assert_near(lus_median_of(odd, 3, 0.95).high, 7);
}

static void nobody(void **state)
{
    (void)state;
    struct lus_counted none[] = {{4, 0}};
    assert_true(isnan(lus_median_of(none, 1, 0.95).median));
    assert_true(isnan(lus_median_of(NULL, 0, 0.95).low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hundred), cmocka_unit_test(copies),
                                       cmocka_unit_test(nobody)};
    return RUN(tests);
}
