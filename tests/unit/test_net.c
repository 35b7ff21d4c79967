/* Net survival: closed forms by hand, and a slow obvious walk from patient to patient. */
#include "unit.h"

static const lus_time ORIGIN = 7305 * DAY; /* 1990-01-01 */

/* --- tables and patients --- */

enum { AGES = 5, YEARS = 6 };
/* cells of different sizes */
static double ages[AGES] = {0, 50, 60, 61, 75}, years[YEARS] = {1980, 1990, 1991, 1992, 1993, 1996};
static double hazards[LUS_N_SEXES * AGES * YEARS];

static struct lus_life_table table_with(double (*hazard)(int sex, size_t age, size_t year))
{
    for (int s = 0; s < LUS_N_SEXES; s++)
        for (size_t a = 0; a < AGES; a++)
            for (size_t y = 0; y < YEARS; y++)
                hazards[((size_t)s * AGES + a) * YEARS + y] = hazard(s, a, y);
    return (struct lus_life_table){.n_ages = AGES,
                                   .n_years = YEARS,
                                   .n_by = 1,
                                   .ages = ages,
                                   .years = years,
                                   .hazard_per_day = hazards,
                                   .has_sex = {true, true},
                                   .year_days = 365.25};
}

static double by_sex(int sex, size_t age, size_t year)
{
    (void)age, (void)year;
    return sex == LUS_MALE ? 4e-4 : 1e-4;
}

static double constant(int sex, size_t age, size_t year)
{
    (void)sex, (void)age, (void)year;
    return 2e-4;
}

static double varied(int sex, size_t age, size_t year)
{
    return 1e-5 * (double)(1 + sex) * (double)((age + 1) * (age + 2)) *
           (1 + 0.2 * (double)(year % 3));
}

static struct lus_person person(double entry, double exit, double age_years, int sex, int event)
{
    return (struct lus_person){.entry = (lus_time)llround(entry * (double)DAY),
                               .exit = (lus_time)llround(exit * (double)DAY),
                               .age = (lus_time)llround(age_years * 365.25 * (double)DAY),
                               .date = ORIGIN,
                               .count = 1,
                               .life = (uint16_t)sex,
                               .is_event = event != 0};
}

static struct lus_net estimate(const struct lus_life_table *table, enum lus_net_method method,
                               const struct lus_person *rows, size_t n, const lus_time *at,
                               size_t n_at, lus_time given, size_t n_threads, lus_time interval,
                               lus_time closing)
{
    struct lus_cohort persons;
    struct lus_net net;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_net_query q = {.table = table,
                              .method = method,
                              .at = at,
                              .n_at = n_at,
                              .until = at[n_at - 1],
                              .given = given,
                              .interval = interval,
                              .closing = closing,
                              .n_threads = n_threads};
    assert_int_equal(lus_cohort_make(rows, n, NULL, 0, &persons), LUS_OK);
    assert_int_equal(lus_net_estimate(&q, &persons, &net, &err), LUS_OK);
    lus_cohort_free(&persons);
    return net;
}

static struct lus_net_point point_at(const struct lus_life_table *table, enum lus_net_method method,
                                     const struct lus_person *rows, size_t n, lus_time at,
                                     lus_time given)
{
    struct lus_net net = estimate(table, method, rows, n, &at, 1, given, 1, 0, ORIGIN + 5000 * DAY);
    struct lus_conf conf = {0.95, LUS_LOG};
    struct lus_net_point p = lus_net_at(&net, at, &conf);
    lus_net_free(&net);
    return p;
}

/* --- by hand --- */

/* One hazard for all: all weights are exp(h t), and net survival is Kaplan-Meier times exp(h t). */
static void one_hazard(void **state)
{
    (void)state;
    struct lus_life_table t = table_with(constant);
    const struct lus_person rows[] = {person(0, 100, 40, 1, 1), person(0, 200, 70, 1, 0),
                                      person(0, 300, 55, 0, 1), person(0, 400, 62, 1, 0)};
    struct lus_net_point p = point_at(&t, LUS_POHAR_PERME, rows, 4, 350 * DAY, 0);
    double km = 3. / 4 * 1. / 2, h = 2e-4;
    assert_near(p.survival, km * exp(350 * h));
    assert_near(p.observed, km);
    assert_near(p.expected, exp(-350 * h));
    assert_near(p.std_error, p.survival * sqrt(1. / 16 + 1. / 4));
    assert_near(p.low, p.survival * exp(-lus_conf_z(0.95) * sqrt(1. / 16 + 1. / 4)));
    assert_near(p.expected_deaths, h * (100 + 200 + 300 + 350));
    assert_near(p.events, 2);
    assert_near(p.effective, 1);
    p = point_at(&t, LUS_EDERER2, rows, 4, 350 * DAY, 0);
    assert_near(p.survival, km * exp(350 * h));
    p = point_at(&t, LUS_POHAR_PERME, rows, 4, 350 * DAY, 150 * DAY); /* conditional */
    assert_near(p.survival, 1. / 2 * exp(200 * h));
    assert_near(p.std_error, p.survival * sqrt(1. / 4));
    assert_near(p.observed, 1. / 2);
}

/* A man and a woman with hazards a and b; the woman dies at 500. Every integral can be done by
 * hand. */
static void two_hazards(void **state)
{
    (void)state;
    struct lus_life_table t = table_with(by_sex);
    const double a = 4e-4, b = 1e-4, t1 = 500, t2 = 900;
    const struct lus_person rows[] = {person(0, 1500, 40, LUS_MALE, 0),
                                      person(0, t1, 40, LUS_FEMALE, 1)};
    struct lus_net_point p = point_at(&t, LUS_POHAR_PERME, rows, 2, (lus_time)t1 * DAY, 0);
    double wa = exp(a * t1), wb = exp(b * t1);
    assert_near(p.survival, (wa + wb) / 2 * (1 - wb / (wa + wb)));
    assert_near(p.std_error, p.survival * wb / (wa + wb));
    assert_near(p.effective, (wa + wb) * (wa + wb) / (wa * wa + wb * wb));
    p = point_at(&t, LUS_POHAR_PERME, rows, 2, (lus_time)t2 * DAY, 0);
    assert_near(p.survival, exp(a * t2) / 2);
    assert_near(p.other, (a + b) / 2 * t1 + 0.5 * a * (t2 - t1));
    assert_near(p.cancer + p.other, 0.5);
    /* (F(t) - F(t1)) sqrt(d/(Y(Y - d))) */
    assert_near(p.other_error, 0.5 * a * (t2 - t1) * sqrt(1. / 2));
    assert_near(p.cancer_error, (0.5 + 0.5 * a * (t2 - t1)) * sqrt(1. / 2));
    p = point_at(&t, LUS_EDERER2, rows, 2, (lus_time)t2 * DAY, 0);
    assert_near(p.survival, 0.5 * exp((a + b) / 2 * t1 + a * (t2 - t1)));
    p = point_at(&t, LUS_EDERER1, rows, 2, (lus_time)t2 * DAY, 0);
    assert_near(p.expected, (exp(-a * t2) + exp(-b * t2)) / 2);
    assert_near(p.survival, 0.5 / p.expected);
    /* Greenwood over the expected */
    assert_near(p.std_error, 0.5 * sqrt(1. / (2 * 1)) / p.expected);
    lus_time at = (lus_time)t2 * DAY;
    /* she might have been followed to 700 */
    struct lus_net net = estimate(&t, LUS_HAKULINEN, rows, 2, &at, 1, 0, 1, 0, ORIGIN + 700 * DAY);
    assert_near(lus_net_at(&net, at, &LUS_CONF_DEFAULT).expected,
                (exp(-a * 700) + exp(-b * 700)) / 2 * exp(-a * (t2 - 700)));
    lus_net_free(&net);
}

/* One interval of 365 days: exp(-(D_w - E_w) L / T_w), weights in its middle. */
static void one_interval(void **state)
{
    (void)state;
    struct lus_life_table t = table_with(by_sex);
    const double a = 4e-4, b = 1e-4;
    const struct lus_person rows[] = {person(0, 1500, 40, LUS_MALE, 0),
                                      person(0, 200, 40, LUS_FEMALE, 1),
                                      person(0, 100, 40, LUS_FEMALE, 0)};
    lus_time at = 365 * DAY;
    struct lus_net net = estimate(&t, LUS_POHAR_PERME, rows, 3, &at, 1, 0, 1, at, 0);
    struct lus_net_point p = lus_net_at(&net, at, &LUS_CONF_DEFAULT);
    double wa = exp(a * 182.5), wb = exp(b * 182.5), time = wa * 365 + wb * 300,
           expected = wa * a * 365 + wb * b * 300;
    assert_near(p.survival, exp(-(wb - expected) * 365 / time));
    assert_near(p.std_error, p.survival * 365 * wb / time);
    assert_near(p.observed, exp(-365. / (365 + 200 + 100)));
    lus_net_free(&net);
}

/* --- the slow walk --- */

static lus_time overlap(lus_time from, lus_time to, lus_time a, lus_time b)
{
    lus_time low = from > a ? from : a, high = to < b ? to : b;
    return high > low ? high - low : 0;
}

/* The cumulative hazard from the origin to t: over every cell of the table, the time spent in
 * it. */
static double slow_hazard(const struct lus_life_table *table, const struct lus_person *p,
                          lus_time t)
{
    /* days to 1 January of 1980, 1990, 1991, 1992, 1993, 1996 */
    static const int jan[YEARS] = {3652, 7305, 7670, 8035, 8401, 9496};
    double sum = 0;
    for (size_t a = 0; a < AGES; a++)
        for (size_t y = 0; y < YEARS; y++) {
            lus_time age_from = a ? (lus_time)(ages[a] * 365.25 * 16) * (DAY / 16) - p->age
                                  : -LUS_TIME_MAX / 2;
            lus_time age_to = a + 1 < AGES
                                  ? (lus_time)(ages[a + 1] * 365.25 * 16) * (DAY / 16) - p->age
                                  : LUS_TIME_MAX / 2;
            lus_time year_from = y ? jan[y] * DAY - p->date : -LUS_TIME_MAX / 2,
                     year_to = y + 1 < YEARS ? jan[y + 1] * DAY - p->date : LUS_TIME_MAX / 2;
            lus_time from = age_from > year_from ? age_from : year_from,
                     to = age_to < year_to ? age_to : year_to;
            sum += table->hazard_per_day[((size_t)p->life * AGES + a) * YEARS + y] *
                   (double)overlap(from, to, 0, t) / (double)DAY;
        }
    return sum;
}

static int by_time(const void *a, const void *b)
{
    lus_time x = *(const lus_time *)a, y = *(const lus_time *)b;
    return (x > y) - (x < y);
}

/* Pohar Perme by its definition: at each exit and entry, sums over all patients. */
static void slow_net(const struct lus_life_table *table, const struct lus_person *rows, size_t n,
                     lus_time until, double *survival, double *variance)
{
    lus_time *times = malloc((2 * n + 2) * sizeof *times), before = 0;
    size_t n_times = 0;
    times[n_times++] = until;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].exit <= until) times[n_times++] = rows[i].exit;
        if (rows[i].entry > 0 && rows[i].entry <= until) times[n_times++] = rows[i].entry;
    }
    qsort(times, n_times, sizeof *times, by_time);
    *survival = 1, *variance = 0;
    for (size_t k = 0; k < n_times; k++) {
        if (k && times[k] == times[k - 1]) continue;
        double start = 0, end = 0, died = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            /* at risk all through (before, times[k]] */
            if (!(rows[i].entry <= before && rows[i].exit >= times[k])) continue;
            start += exp(slow_hazard(table, &rows[i], before));
            double w = exp(slow_hazard(table, &rows[i], times[k]));
            end += w;
            if (rows[i].exit == times[k] && rows[i].is_event) died += w, squares += w * w;
        }
        *survival *= end / start * (1 - died / end);
        *variance += squares / (end * end);
        before = times[k];
    }
    free(times);
}

static uint64_t seed;
static double uniform(void)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(seed >> 11) / 9007199254740992.0;
}

/* Patients at random; quantum: their times are multiples of it. */
static struct lus_person *patients(size_t n, lus_time quantum, bool enter_late)
{
    struct lus_person *rows = malloc(n * sizeof *rows);
    seed = n;
    for (size_t i = 0; i < n; i++) {
        lus_time exit = (lus_time)(uniform() * 3000 * (double)DAY / (double)quantum) * quantum +
                        quantum,
                 entry = enter_late && uniform() < 0.4
                             ? (lus_time)(uniform() * 0.9 * (double)exit / (double)quantum) *
                                   quantum
                             : 0;
        rows[i] = (struct lus_person){
            .entry = entry,
            .exit = exit,
            .age = (lus_time)(uniform() * 90 * 365.25 * (double)DAY / (double)quantum) * quantum,
            .date = ORIGIN + (lus_time)(uniform() * 2500) * DAY,
            .count = 1,
            .life = (uint16_t)(uniform() < 0.5),
            .is_event = uniform() < 0.5};
    }
    return rows;
}

static void against_slow_walk(size_t n, lus_time quantum, bool enter_late, lus_time until)
{
    struct lus_life_table t = table_with(varied);
    struct lus_person *rows = patients(n, quantum, enter_late);
    double survival, variance;
    slow_net(&t, rows, n, until, &survival, &variance);
    struct lus_net_point p = point_at(&t, LUS_POHAR_PERME, rows, n, until, 0);
    assert_int_equal(p.why, LUS_AVAILABLE);
    assert_near(p.survival, survival);
    assert_near(p.std_error, survival * sqrt(variance));
    free(rows);
}

static void slow_walk_days(void **state)
{
    (void)state;
    against_slow_walk(300, DAY, false, 2500 * DAY);
    against_slow_walk(300, DAY, true, 2500 * DAY);
}

static void slow_walk_fractions(void **state)
{
    (void)state;
    against_slow_walk(200, 7, true, 2000 * DAY + 3); /* no table of rows, wide persons */
    against_slow_walk(200, DAY / 16, true, 2000 * DAY);
}

static void slow_walk_parts(void **state)
{
    (void)state;
    against_slow_walk(5000, 50 * DAY, true, 2000 * DAY); /* more than one part of 4,096 persons */
}

/* --- invariances --- */

static bool same_bits(const struct lus_net *a, const struct lus_net *b)
{
    return a->n == b->n && memcmp(a->time, b->time, a->n * sizeof *a->time) == 0 &&
           memcmp(a->memory, b->memory, 12 * a->n * sizeof(double)) == 0;
}

static void invariances(void **state)
{
    (void)state;
    enum { N = 9000 };
    struct lus_life_table t = table_with(varied);
    struct lus_person *rows = patients(N, DAY, true), *copies = malloc(2 * N * sizeof *copies);
    const lus_time at[] = {1000 * DAY, 2900 * DAY};
    struct lus_net one = estimate(&t, LUS_POHAR_PERME, rows, N, at, 2, 0, 1, 0, 0),
                   many = estimate(&t, LUS_POHAR_PERME, rows, N, at, 2, 0, 4, 0, 0);
    assert_true(same_bits(&one, &many));
    lus_net_free(&many);
    for (size_t i = 0; i < N; i++)
        copies[i] = rows[N - 1 - i];
    many = estimate(&t, LUS_POHAR_PERME, copies, N, at, 2, 0, 2, 0, 0);
    assert_true(same_bits(&one, &many));
    lus_net_free(&one), lus_net_free(&many);
    for (size_t i = 0; i < N; i++)
        copies[2 * i] = copies[2 * i + 1] = rows[i], rows[i].count = 2;
    one = estimate(&t, LUS_POHAR_PERME, rows, N, at, 2, 0, 1, 0, 0),
    many = estimate(&t, LUS_POHAR_PERME, copies, 2 * N, at, 2, 0, 3, 0, 0);
    assert_true(same_bits(&one, &many));
    lus_net_free(&one), lus_net_free(&many);
    free(rows), free(copies);
}

/* More distinct times than are worked on at once: with one hazard the answer is known. */
static void many_times(void **state)
{
    (void)state;
    enum { N = 70000 };
    struct lus_life_table t = table_with(constant);
    struct lus_person *rows = malloc(N * sizeof *rows);
    double km = 1;
    for (size_t i = 0; i < N; i++) {
        rows[i] = person(0, 0, 30 + (double)(i % 50), (int)(i % 2), i % 3 == 0);
        rows[i].exit = (lus_time)(i + 1) * DAY / 32 + 1;
        rows[i].date += (lus_time)(i % 400) * DAY;
        if (rows[i].exit <= 2000 * DAY && rows[i].is_event) km *= 1 - 1. / (double)(N - i);
    }
    struct lus_net_point p = point_at(&t, LUS_POHAR_PERME, rows, N, 2000 * DAY, 0);
    assert_true(fabs(p.survival / (km * exp(2000 * 2e-4)) - 1) < 1e-9);
    assert_true(fabs(p.observed / km - 1) < 1e-11);
    free(rows);
}

/* --- windows, gaps, tests --- */

/* Every field comes back, at the ends of what 16 bytes hold and beyond them; equal persons are one,
 * whose count stays whole. */
static void persons_kept(void **state)
{
    (void)state;
    const lus_time SIXTEENTH = DAY / 16, END = 4194303 * SIXTEENTH;
    const struct lus_person ends[] = {
        {.entry = 0,
         .exit = END,
         .age = 0,
         .date = -8388608 * SIXTEENTH,
         .count = 1,
         .life = 0,
         .is_event = true},
        {.entry = END - 1 * DAY,
         .exit = END,
         .age = END,
         .date = 8388607 * SIXTEENTH,
         .count = 4095,
         .life = 65535,
         .is_event = false},
        {.entry = 0,
         .exit = END + DAY,
         .age = 0,
         .date = 0,
         .count = 1,
         .life = 3,
         .is_event = false},
        {.entry = 0, .exit = DAY, .age = -DAY, .date = 0, .count = 1, .life = 3, .is_event = true},
        {.entry = 0,
         .exit = DAY,
         .age = 0,
         .date = -8388609 * SIXTEENTH,
         .count = 2,
         .life = 3,
         .is_event = true},
        {.entry = 0,
         .exit = DAY,
         .age = 0,
         .date = 8388608 * SIXTEENTH,
         .count = 2,
         .life = 3,
         .is_event = true},
        {.entry = 0, .exit = DAY, .age = 0, .date = 0, .count = 4096, .life = 3, .is_event = true},
        {.entry = 0,
         .exit = DAY + 1,
         .age = 0,
         .date = 0,
         .count = 1,
         .life = 3,
         .is_event = true}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct lus_cohort persons;
        assert_int_equal(lus_cohort_make(&ends[i], 1, NULL, 0, &persons), LUS_OK);
        assert_int_equal(persons.is_wide, i >= 2);
        struct lus_person p = lus_cohort_at(&persons, 0);
        assert_true(p.entry == ends[i].entry && p.exit == ends[i].exit && p.age == ends[i].age &&
                    p.date == ends[i].date);
        assert_true(p.count == ends[i].count && p.life == ends[i].life &&
                    p.is_event == ends[i].is_event);
        lus_cohort_free(&persons);
    }
    const struct lus_person many[] = {
        {.entry = 0, .exit = DAY, .age = 0, .date = 0, .count = 4095, .life = 1, .is_event = true},
        {.entry = 0, .exit = DAY, .age = 0, .date = 0, .count = 3, .life = 1, .is_event = true},
        {.entry = 0, .exit = DAY, .age = 0, .date = 0, .count = 4, .life = 1, .is_event = true}};
    struct lus_cohort persons;
    uint64_t people = 0;
    assert_int_equal(lus_cohort_make(many, 3, NULL, 0, &persons), LUS_OK);
    for (size_t i = 0; i < persons.n; i++)
        people += lus_cohort_at(&persons, i).count;
    assert_int_equal(people, 4102);
    assert_true(persons.n >= 2);
    lus_cohort_free(&persons);
}

static void window(void **state)
{
    (void)state;
    struct lus_cohort persons, cut;
    const struct lus_person rows[] = {person(0, 1000, 50, 1, 1), person(0, 200, 51, 1, 1),
                                      person(0, 730, 52, 1, 1), person(0, 500, 53, 1, 1)};
    lus_time from = ORIGIN + 365 * DAY, to = ORIGIN + 730 * DAY; /* 1991 */
    assert_int_equal(lus_cohort_make(rows, 4, NULL, 0, &persons), LUS_OK);
    assert_int_equal(lus_cohort_window(&persons, from, to, &cut), LUS_OK);
    assert_int_equal(cut.n, 3); /* the second has died before */
    for (size_t i = 0; i < cut.n; i++) {
        struct lus_person p = lus_cohort_at(&cut, i);
        assert_true(p.entry == 365 * DAY);
        bool is_fourth = p.exit == 500 * DAY;
        assert_true(is_fourth || p.exit == 730 * DAY);
        assert_int_equal(p.is_event, is_fourth); /* a death on 1 January 1992 is outside */
    }
    lus_cohort_free(&persons), lus_cohort_free(&cut);
}

/* A crude probability's interval ends at 0 and 1, but where the probability itself is below. */
static void crude_interval(void **state)
{
    (void)state;
    double low, high, z = lus_conf_z(0.95);
    lus_crude_interval(0.4, 0.1, 0.95, &low, &high);
    assert_near(low, 0.4 - z * 0.1);
    assert_near(high, 0.4 + z * 0.1);
    lus_crude_interval(0.1, 0.1, 0.95, &low, &high);
    assert_near(low, 0);
    lus_crude_interval(0.95, 0.1, 0.95, &low, &high);
    assert_near(high, 1);
    lus_crude_interval(-0.01, 0.1, 0.95, &low, &high);
    assert_near(low, -0.01 - z * 0.1);
}

static void not_available(void **state)
{
    (void)state;
    struct lus_life_table t = table_with(constant);
    const struct lus_person late[] = {person(100, 500, 50, 1, 1), person(120, 900, 51, 1, 0)},
                            gap[] = {person(0, 100, 50, 1, 0), person(200, 900, 51, 1, 0)};
    const struct lus_person dead[] = {person(0, 100, 50, 1, 1), person(0, 200, 51, 1, 1)};
    assert_int_equal(point_at(&t, LUS_POHAR_PERME, late, 2, 400 * DAY, 0).why,
                     LUS_WHY_BEFORE_ENTRY);
    assert_int_equal(point_at(&t, LUS_POHAR_PERME, gap, 2, 400 * DAY, 0).why,
                     LUS_WHY_NOBODY_AT_RISK);
    assert_int_equal(point_at(&t, LUS_POHAR_PERME, gap, 2, 1000 * DAY, 0).why,
                     LUS_WHY_NOBODY_AT_RISK);
    assert_int_equal(point_at(&t, LUS_POHAR_PERME, dead, 2, 150 * DAY, 0).why, LUS_AVAILABLE);
    struct lus_net_point p = point_at(&t, LUS_POHAR_PERME, dead, 2, 400 * DAY, 0);
    assert_int_equal(p.why, LUS_AVAILABLE);
    assert_true(p.survival == 0 && isnan(p.std_error) && isnan(p.low));
    const struct lus_person short_one[] = {person(0, 100, 50, 1, 0)};
    assert_int_equal(point_at(&t, LUS_POHAR_PERME, short_one, 1, 400 * DAY, 0).why,
                     LUS_WHY_BEYOND_FOLLOW_UP);
}

/* One patient a group, the same hazard: at the death p = 1/2, U = -w/2, V = w^2/4, so the statistic
 * is 1. */
static void graffeo(void **state)
{
    (void)state;
    struct lus_life_table t = table_with(constant);
    const struct lus_person first = person(0, 900, 50, 1, 0), second = person(0, 400, 60, 1, 1);
    struct lus_cohort a, b;
    struct lus_test_result r;
    assert_int_equal(lus_cohort_make(&first, 1, NULL, 0, &a), LUS_OK);
    assert_int_equal(lus_cohort_make(&second, 1, NULL, 0, &b), LUS_OK);
    const struct lus_cohort *groups[] = {&a, &b};
    assert_int_equal(lus_net_test(&t, groups, 2, 1, LUS_TIME_MAX, 1, &r), LUS_OK);
    assert_near(r.statistic, 1);
    assert_near(r.df, 1);
    assert_near(r.observed[1], exp(400 * 2e-4));
    assert_near(r.expected[0], exp(400 * 2e-4) / 2);
    lus_test_result_free(&r);
    lus_cohort_free(&a), lus_cohort_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_hazard),
                                       cmocka_unit_test(two_hazards),
                                       cmocka_unit_test(one_interval),
                                       cmocka_unit_test(slow_walk_days),
                                       cmocka_unit_test(slow_walk_fractions),
                                       cmocka_unit_test(slow_walk_parts),
                                       cmocka_unit_test(invariances),
                                       cmocka_unit_test(many_times),
                                       cmocka_unit_test(persons_kept),
                                       cmocka_unit_test(window),
                                       cmocka_unit_test(crude_interval),
                                       cmocka_unit_test(not_available),
                                       cmocka_unit_test(graffeo)};
    return RUN(tests);
}
