/* Standardised to a population: curves and net survival of cells, by hand. */
#include "unit.h"

/* --- a tally of groups, as a query that lus_standard_split has split gives --- */

static const char *const keys[] = {"age"};
static const char *const young[] = {"young"}, *const old[] = {"old"};
static const double first_time[] = {10, 20, 30, 40}, second_time[] = {10, 10, 10, 50};
static const int first_event[] = {1, 1, 0, 0}, second_event[] = {1, 1, 1, 0};

static const char *const levels[] = {"old", "young", "oldest"};

static struct lus_standard standard(const double *shares, size_t n)
{
    return (struct lus_standard){
        .name = "by hand", .key = "age", .n = n, .levels = levels, .shares = shares};
}

static struct lus_tally tally_of(struct lus_stratum *strata, size_t n)
{
    strata[0] = (struct lus_stratum){.levels = young,
                                     .table = table_of(first_time, first_event, NULL, NULL, 4)};
    if (n > 1)
        strata[1] = (struct lus_stratum){
            .levels = old, .table = table_of(second_time, second_event, NULL, NULL, 4)};
    return (struct lus_tally){
        .strata = strata, .n_strata = n, .n_split = 1, .n_keys = 1, .keys = keys};
}

static void free_strata(struct lus_stratum *strata, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lus_event_table_free(&strata[i].table);
}

static struct lus_point point_of(const struct lus_standard *s, const struct lus_tally *tally,
                                 double at)
{
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_fitting f = lus_fitting_default(false);
    struct lus_fit fit;
    assert_int_equal(lus_fit_cell(&f, s, tally, 0, tally->n_strata, &fit, &err), LUS_OK);
    struct lus_point p = lus_curve_at(&fit.curve, (lus_time)(at * (double)MONTH), &f.conf);
    lus_fit_free(&fit);
    return p;
}

/* After 15 months 3/4 of the young live and 1/4 of the old; shares 0.7 and 0.3. */
static void curves(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7}; /* in the standard's order, old first */
    struct lus_stratum strata[2];
    struct lus_tally tally = tally_of(strata, 2);
    struct lus_standard s = standard(shares, 2);
    struct lus_point p = point_of(&s, &tally, 15);
    double error_young = 0.75 * sqrt(1 / (4. * 3)), error_old = 0.25 * sqrt(3 / (4. * 1));
    assert_near(p.survival, 0.7 * 0.75 + 0.3 * 0.25);
    assert_near(p.std_error, sqrt(pow(0.7 * error_young, 2) + pow(0.3 * error_old, 2)));
    assert_near(p.events_by, 4); /* people of both */
    free_strata(strata, 2);
}

/* A group with a share that nobody is in: never standardised to the others. Without a share it
 * counts for nothing. */
static void missing_group(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.6, 0.1}, zero[] = {0.3, 0.7, 0};
    struct lus_stratum strata[2];
    struct lus_tally tally = tally_of(strata, 2);
    struct lus_standard s = standard(shares, 3), without = standard(zero, 3);
    struct lus_point p = point_of(&s, &tally, 15);
    assert_int_equal(p.why, LUS_WHY_NO_ROWS);
    assert_true(isnan(p.survival) && isnan(p.std_error));
    assert_near(point_of(&without, &tally, 15).survival, 0.7 * 0.75 + 0.3 * 0.25);
    free_strata(strata, 2);
}

/* All of the population in one group: the group's own curve. */
static void one_group(void **state)
{
    (void)state;
    const double shares[] = {0, 1};
    struct lus_stratum strata[1];
    struct lus_tally tally = tally_of(strata, 1);
    struct lus_standard s = standard(shares, 2), none = {0};
    for (double at = 5; at < 40; at += 10) {
        struct lus_point one = point_of(&s, &tally, at), own = point_of(&none, &tally, at);
        assert_near(one.survival, own.survival);
        assert_near(one.std_error, own.std_error);
        assert_near(one.low, own.low);
    }
    free_strata(strata, 1);
}

/* People who are weighed: of 4 + 4 the old weigh 0.3 * 8/4 = 0.6, the young 1.4. At 10 months 3 old
 * and 1 young die: S = 1 - (3 * 0.6 + 1.4)/(4 * 0.6 + 4 * 1.4) = 0.6; at 20 a young one of 0.6 +
 * 3 * 1.4. With A = D/(Y (Y - D)) = 3.2/(8 * 4.8) a survivor's influence is w A, that of who died
 * w (A - 1/4.8). */
static void people(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7}, zero[] = {0, 1};
    struct lus_stratum strata[2];
    struct lus_tally tally = tally_of(strata, 2);
    strata[0].n_people = strata[1].n_people = 4;
    struct lus_standard s = standard(shares, 2), young_alone = standard(zero, 2);
    s.weighs_people = young_alone.weighs_people = true;
    struct lus_point p = point_of(&s, &tally, 15);
    double a = 3.2 / (8 * 4.8), lives = a * a, dies = (a - 1 / 4.8) * (a - 1 / 4.8);
    assert_near(p.survival, 0.6);
    assert_near(p.std_error, 0.6 * sqrt(0.36 * (lives + 3 * dies) + 1.96 * (3 * lives + dies)));
    assert_near(point_of(&s, &tally, 25).survival, 0.6 * (1 - 1.4 / 4.8));
    /* a group without a share weighs nothing */
    assert_near(point_of(&young_alone, &tally, 15).survival, 0.75);
    free_strata(strata, 2);
}

/* With a share and without people it makes the whole not available. */
static void people_missing(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7};
    struct lus_stratum strata[2];
    struct lus_tally tally = tally_of(strata, 1);
    strata[0].n_people = 4;
    struct lus_standard s = standard(shares, 2);
    s.weighs_people = true;
    assert_int_equal(point_of(&s, &tally, 15).why, LUS_WHY_NO_ROWS);
    free_strata(strata, 1);
}

/* ICSS 1 where 5, 20, 3, 30 and 40 people are in the groups: with 10 as the least the first joins
 * the second (7 + 12 %), then the third (23 %) the first two, whose share is smaller than the
 * fourth's. */
static void joining(void **state)
{
    (void)state;
    static const char *const level[] = {"x"};
    static const double n_people[] = {5, 20, 3, 30, 40};
    static const long places[] = {0, 1, 2, 3, 4};
    struct lus_standard s;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_stratum strata[5];
    for (size_t i = 0; i < 5; i++)
        strata[i] = (struct lus_stratum){
            .levels = level, .places = &places[i], .n_people = n_people[i]};
    struct lus_tally tally = {.strata = strata, .n_strata = 5, .n_split = 1, .n_keys = 1};
    assert_int_equal(lus_standard_read("icss1", &s, &err), LUS_OK);
    assert_int_equal(lus_standard_join(&s, &tally, 10, &err), LUS_OK);
    assert_int_equal(s.n, 3);
    assert_near(s.shares[0], 0.42);
    assert_near(s.shares[1], 0.29);
    assert_near(s.ages[0], 15);
    assert_near(s.ages[1], 65);
    static const size_t joined[] = {0, 0, 0, 1, 2};
    for (size_t i = 0; i < 5; i++) {
        size_t g;
        assert_int_equal(lus_standard_group(&s, &tally, &strata[i], &g, &err), LUS_OK);
        assert_int_equal(g, joined[i]);
    }
    double weights[3];
    assert_int_equal(lus_standard_weights(&s, &tally, 0, 5, weights, &err), LUS_OK);
    assert_near(weights[0], 0.42 * 98 / 28);
    assert_int_equal(lus_standard_join(&s, &tally, 1000, &err), LUS_EUSAGE); /* once */
    lus_standard_free(&s);
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_standard_read("icss1", &s, &err), LUS_OK);
    assert_int_equal(lus_standard_join(&s, &tally, 1000, &err), LUS_OK);
    assert_int_equal(s.n, 1);
    lus_standard_free(&s);
    struct lus_standard by_factor = standard(n_people, 2);
    struct lus_standard none = {0};
    assert_int_equal(lus_standard_join(&none, &tally, 10, &err), LUS_EUSAGE);
    assert_int_equal(lus_standard_join(&by_factor, &tally, 10, &err), LUS_EUSAGE);
}

/* A level without a weight is an error, and so are strata beside a factor's groups. */
static void refused(void **state)
{
    (void)state;
    const double shares[] = {1};
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_stratum strata[1];
    struct lus_tally tally = tally_of(strata, 1);
    struct lus_standard s = standard(shares, 1); /* old alone */
    struct lus_fitting f = lus_fitting_default(false);
    struct lus_fit fit;
    struct lus_query query = LUS_QUERY_INIT;
    assert_int_equal(lus_fit_cell(&f, &s, &tally, 0, 1, &fit, &err), LUS_EDATA);
    assert_string_equal(err.message, "by hand: age has no weight for \"young\"");
    lus_fit_free(&fit);
    assert_int_equal(lus_standard_split(&s, &query, &err), LUS_OK);
    assert_string_equal(query.strata, "age");
    assert_int_equal(lus_standard_split(&s, &query, &err), LUS_EUSAGE);
    free_strata(strata, 1);
}

/* Cells: strata that share the by-levels. */
static void cells(void **state)
{
    (void)state;
    const char *const rows[][2] = {{"a", "young"}, {"a", "old"}, {"b", "old"}, {NULL, "old"}};
    struct lus_stratum strata[4];
    for (size_t i = 0; i < 4; i++)
        strata[i] = (struct lus_stratum){.levels = rows[i]};
    struct lus_tally tally = {.strata = strata, .n_strata = 4, .n_by = 1, .n_split = 1};
    assert_int_equal(lus_cell_end(&tally, 0), 2);
    assert_int_equal(lus_cell_end(&tally, 2), 3);
    assert_int_equal(lus_cell_end(&tally, 3), 4);
}

/* ICSS 1: 7, 12, 23, 29 and 29 % from 0, 45, 55, 65 and 75 years. */
static void icss(void **state)
{
    (void)state;
    struct lus_standard s;
    struct lus_error err = LUS_ERROR_INIT;
    assert_int_equal(lus_standard_read("icss1", &s, &err), LUS_OK);
    assert_int_equal(s.n, 5);
    assert_null(s.key);
    assert_near(s.shares[1], 0.12);
    assert_near(s.ages[4], 75);
    double sum = 0;
    for (size_t i = 0; i < s.n; i++)
        sum += s.shares[i];
    assert_near(sum, 1);
    lus_standard_free(&s);
    assert_int_not_equal(lus_standard_read("icss4", &s, &err), LUS_OK);
}

/* --- net survival, where everybody of the population has the hazard H --- */

static const double H = 2e-4;
static double ages[] = {0}, years[] = {1980}, hazards[] = {2e-4, 2e-4};
static const struct lus_life_table table = {.n_ages = 1,
                                            .n_years = 1,
                                            .n_by = 1,
                                            .ages = ages,
                                            .years = years,
                                            .hazard_per_day = hazards,
                                            .has_sex = {true, true},
                                            .year_days = 365.25};

/* n people followed for 1000 days, the first until she dies on a day. */
static struct lus_cohort persons_of(uint32_t n, double death)
{
    struct lus_person p[] = {{.exit = (lus_time)(death * (double)DAY),
                              .age = 60 * lus_unit_ticks(LUS_YEARS),
                              .count = 1,
                              .life = LUS_FEMALE,
                              .is_event = true},
                             {.exit = 1000 * DAY,
                              .age = 60 * lus_unit_ticks(LUS_YEARS),
                              .count = n - 1,
                              .life = LUS_FEMALE}};
    struct lus_cohort out;
    assert_int_equal(lus_cohort_make(p, 2, NULL, 0, &out), LUS_OK);
    return out;
}

static struct lus_net_point net_of(const struct lus_standard *s, struct lus_cohort *groups,
                                   size_t n)
{
    struct lus_error err = LUS_ERROR_INIT;
    const lus_time at = 500 * DAY;
    struct lus_net_query q = {.table = &table, .at = &at, .n_at = 1, .until = at};
    struct lus_net_cell cell = {.n = n, .groups = groups, .is_borrowed = true};
    struct lus_conf conf = {0.95, LUS_LOG};
    struct lus_net_point p;
    assert_int_equal(lus_net_cell_estimate(&q, &conf, s, &cell, &at, 1, &p, NULL, &err), LUS_OK);
    return p;
}

/* After 500 days net survival is 1/2 exp(500 H) of two and 3/4 exp(500 H) of four; with one hazard
 * all weights are equal, so that the error is S / number at risk. */
static void net(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7};
    struct lus_cohort groups[] = {persons_of(2, 100), persons_of(4, 200)};
    struct lus_standard s = standard(shares, 2);
    struct lus_net_point p = net_of(&s, groups, 2);
    double a = 0.5 * exp(500 * H), b = 0.75 * exp(500 * H);
    double survival = 0.3 * a + 0.7 * b, error = sqrt(pow(0.3 * a / 2, 2) + pow(0.7 * b / 4, 2));
    assert_near(p.survival, survival);
    assert_near(p.std_error, error);
    assert_near(p.low, survival * exp(-lus_conf_z(0.95) * error / survival));
    assert_near(p.observed, 0.3 * 0.5 + 0.7 * 0.75);
    assert_near(p.expected, exp(-500 * H));
    assert_near(p.events, 2);
    assert_near(p.at_risk, 1 + 3);
    for (size_t g = 0; g < 2; g++)
        lus_cohort_free(&groups[g]);
}

/* The same people weighed, 0.3 * 6/2 and 0.7 * 6/4: of 6 one of 0.9 dies, then of 0.9 + 4 * 1.05
 * one of 1.05; counts are of people. */
static void net_people(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7};
    double weights[] = {0.9, 1.05};
    struct lus_cohort groups[] = {persons_of(2, 100), persons_of(4, 200)};
    struct lus_standard s = standard(shares, 2);
    s.weighs_people = true;
    struct lus_error err = LUS_ERROR_INIT;
    const lus_time at = 500 * DAY;
    struct lus_net_query q = {.table = &table, .at = &at, .n_at = 1, .until = at};
    struct lus_net_cell cell = {.n = 2, .groups = groups, .weights = weights, .is_borrowed = true};
    struct lus_conf conf = {0.95, LUS_LOG};
    struct lus_net_point p;
    double first = 0.9 / 6, second = 1.05 / 5.1;
    double survival = (1 - first) * (1 - second) * exp(500 * H);
    assert_int_equal(lus_net_cell_estimate(&q, &conf, &s, &cell, &at, 1, &p, NULL, &err), LUS_OK);
    assert_near(p.survival, survival);
    assert_near(p.std_error, survival * sqrt(first * first + second * second));
    assert_near(p.observed, (1 - first) * (1 - second));
    assert_near(p.events, 2);
    assert_near(p.at_risk, 1 + 3);
    weights[0] = NAN;
    assert_int_equal(lus_net_cell_estimate(&q, &conf, &s, &cell, &at, 1, &p, NULL, &err), LUS_OK);
    assert_int_equal(p.why, LUS_WHY_NO_ROWS);
    q.interval = 10 * DAY;
    weights[0] = 0.9;
    assert_int_equal(lus_net_cell_estimate(&q, &conf, &s, &cell, &at, 1, &p, NULL, &err),
                     LUS_EUSAGE);
    /* twos are everybody twice: the same estimate, half the variance */
    const struct lus_cohort *one[] = {&groups[1]}, *both[] = {&groups[1], &groups[1]};
    static const double twos[] = {2}, ones[] = {1, 1};
    struct lus_net weighed, twice, once;
    q.interval = 0;
    assert_int_equal(lus_net_estimate_weighed(&q, one, twos, 1, &weighed, &err), LUS_OK);
    assert_int_equal(lus_net_estimate_weighed(&q, both, ones, 2, &twice, &err), LUS_OK);
    assert_int_equal(lus_net_estimate(&q, &groups[1], &once, &err), LUS_OK);
    size_t last = once.n - 1;
    assert_int_equal(weighed.n, once.n);
    assert_near(weighed.survival[last], once.survival[last]);
    assert_near(weighed.std_error[last], once.std_error[last]);
    assert_near(twice.survival[last], once.survival[last]);
    assert_near(twice.std_error[last], once.std_error[last] / sqrt(2));
    assert_near(twice.at_risk[last], weighed.at_risk[last]);
    lus_net_free(&weighed), lus_net_free(&twice), lus_net_free(&once);
    for (size_t g = 0; g < 2; g++)
        lus_cohort_free(&groups[g]);
}

static void net_missing_group(void **state)
{
    (void)state;
    const double shares[] = {0.3, 0.7}, all[] = {1, 0};
    struct lus_cohort groups[] = {persons_of(2, 100), {0}};
    struct lus_standard s = standard(shares, 2), one = standard(all, 2), none = {0};
    struct lus_net_point p = net_of(&s, groups, 2), whole = net_of(&one, groups, 2),
                         own = net_of(&none, groups, 1);
    assert_int_equal(p.why, LUS_WHY_NO_ROWS);
    assert_true(isnan(p.survival) && isnan(p.std_error) && isnan(p.low) && isnan(p.cancer));
    assert_near(whole.survival, own.survival);
    assert_near(whole.std_error, own.std_error);
    assert_near(whole.high, own.high);
    assert_near(whole.cancer_error, own.cancer_error);
    lus_cohort_free(&groups[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves),    cmocka_unit_test(missing_group),
        cmocka_unit_test(one_group), cmocka_unit_test(refused),
        cmocka_unit_test(cells),     cmocka_unit_test(icss),
        cmocka_unit_test(net),       cmocka_unit_test(net_missing_group),
        cmocka_unit_test(people),    cmocka_unit_test(people_missing),
        cmocka_unit_test(joining),   cmocka_unit_test(net_people)};
    return RUN(tests);
}
