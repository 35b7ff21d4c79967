#include <gsl/gsl_cdf.h>

#include "unit.h"

static void five_transforms(void **state)
{
    (void)state;
    const double s = 0.3, se = 0.05, z = gsl_cdf_ugaussian_Pinv(0.975);
    double low, high;
    lus_interval(&(struct lus_conf){0.95, LUS_PLAIN}, s, se, &low, &high);
    assert_near(low, s - z * se), assert_near(high, s + z * se);
    lus_interval(&(struct lus_conf){0.95, LUS_LOG}, s, se, &low, &high);
    assert_near(low, exp(log(s) - z * se / s)), assert_near(high, exp(log(s) + z * se / s));
    lus_interval(&(struct lus_conf){0.95, LUS_LOG_LOG}, s, se, &low, &high);
    assert_near(low, exp(-exp(log(-log(s)) + z * se / (s * -log(s))))),
        assert_near(high, exp(-exp(log(-log(s)) - z * se / (s * -log(s)))));
    lus_interval(&(struct lus_conf){0.95, LUS_LOGIT}, s, se, &low, &high);
    double logit = log(s / (1 - s)), half = z * se / (s * (1 - s));
    assert_near(low, 1 / (1 + exp(half - logit))), assert_near(high, 1 / (1 + exp(-half - logit)));
    lus_interval(&(struct lus_conf){0.95, LUS_ARCSIN}, s, se, &low, &high);
    double angle = asin(sqrt(s)), wide = z * se / (2 * sqrt(s * (1 - s)));
    assert_near(low, pow(sin(angle - wide), 2)), assert_near(high, pow(sin(angle + wide), 2));
}

static void clipped(void **state)
{
    (void)state;
    double low, high;
    lus_interval(&(struct lus_conf){0.95, LUS_PLAIN}, 0.02, 0.05, &low, &high);
    assert_true(low == 0);
    lus_interval(&(struct lus_conf){0.95, LUS_LOG}, 0.9, 0.2, &low, &high);
    assert_true(high == 1);
}

static void wilson(void **state)
{
    (void)state;
    double low, high, z = gsl_cdf_ugaussian_Pinv(0.975), p = 7. / 20, n = 20;
    lus_wilson(7, 20, 0.95, &low, &high);
    double centre = (p + z * z / (2 * n)) / (1 + z * z / n),
           half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    assert_near(low, centre - half), assert_near(high, centre + half);
    lus_wilson(0, 10, 0.95, &low, &high);
    assert_true(low == 0 && high > 0);
    lus_wilson(10, 10, 0.95, &low, &high);
    assert_true(low < 1 && high == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(five_transforms), cmocka_unit_test(clipped),
                                       cmocka_unit_test(wilson)};
    return RUN(tests);
}
