/* The cohort: rows packed, in a total order, equal ones as one with a count. */
#include "unit.h"

enum { N = 500, K = 2 };

static uint64_t state;

static unsigned next(unsigned below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % below;
}

static bool is_same(const struct lus_person *a, const struct lus_person *b)
{
    return a->entry == b->entry && a->exit == b->exit && a->age == b->age && a->date == b->date &&
           a->life == b->life && a->is_event == b->is_event && a->cause == b->cause &&
           a->cluster == b->cluster && a->weight == b->weight;
}

/* Whole days, or with a fraction that does not pack. */
static struct lus_person person(bool is_odd, bool has_weight)
{
    lus_time odd = is_odd ? 1 : 0;
    return (struct lus_person){.entry = (lus_time)next(3) * DAY + odd,
                               .exit = (lus_time)(3 + next(4)) * DAY + odd,
                               .age = (lus_time)(18000 + next(3)) * DAY,
                               .date = ((lus_time)next(3) - 1) * 4000 * DAY,
                               .count = 1,
                               .life = (uint16_t)next(2),
                               .is_event = next(2),
                               .cause = (uint8_t)next(101),
                               .cluster = has_weight ? next(2) : 0,
                               .weight = has_weight ? (int64_t)(1 + next(2)) * 500000000 : 0};
}

static void shuffle(struct lus_person *rows, double *covariates, size_t n)
{
    for (size_t i = n; i-- > 1;) {
        size_t k = next((unsigned)i + 1);
        struct lus_person row = rows[i];
        rows[i] = rows[k], rows[k] = row;
        for (size_t v = 0; v < K; v++) {
            double value = covariates[i * K + v];
            covariates[i * K + v] = covariates[k * K + v], covariates[k * K + v] = value;
        }
    }
}

/* How often a row stands among rows, by comparing it with each. */
static uint32_t count_of(const struct lus_person *row, const double *value,
                         const struct lus_person *rows, const double *covariates, size_t n)
{
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += is_same(row, &rows[i]) &&
                 (!value || memcmp(value, covariates + i * K, K * sizeof *value) == 0);
    return count;
}

/* Every row comes back, as often as it was given; and the bytes do not hang on the order. */
static void check(bool is_odd, bool has_weight, bool has_covariates)
{
    static struct lus_person rows[N];
    static double values[N * K];
    struct lus_cohort a, b;
    size_t n_covariates = has_covariates ? K : 0;
    for (size_t i = 0; i < N; i++) {
        rows[i] = person(is_odd && i % 7 == 0, has_weight);
        for (size_t v = 0; v < K; v++)
            values[i * K + v] = next(2) / 4.;
    }
    const double *covariates = has_covariates ? values : NULL;
    assert_int_equal(lus_cohort_make(rows, N, covariates, n_covariates, &a), LUS_OK);
    uint64_t total = 0;
    for (size_t i = 0; i < a.n; i++) {
        struct lus_person p = lus_cohort_at(&a, i);
        const double *value = lus_cohort_covariates(&a, i);
        assert_true((value != NULL) == has_covariates);
        assert_int_equal(p.count, count_of(&p, value, rows, values, N));
        total += p.count;
    }
    assert_int_equal(total, N);
    shuffle(rows, values, N);
    assert_int_equal(lus_cohort_make(rows, N, covariates, n_covariates, &b), LUS_OK);
    assert_true(a.n == b.n && a.is_wide == b.is_wide);
    assert_memory_equal(a.rows, b.rows, lus_cohort_bytes(a.n, a.is_wide, 0));
    if (has_covariates) assert_memory_equal(a.covariates, b.covariates, a.n * K * sizeof(double));
    lus_cohort_free(&a), lus_cohort_free(&b);
}

static void rows_come_back(void **ignored)
{
    (void)ignored;
    state = 7;
    for (unsigned i = 0; i < 8; i++)
        check(i & 1, i & 2, i & 4);
}

static void packing(void **ignored)
{
    (void)ignored;
    struct lus_person one = {.exit = 10 * DAY, .count = 4000, .is_event = true, .cause = 3};
    struct lus_person many[2] = {one, one};
    struct lus_cohort c;
    assert_int_equal(lus_cohort_bytes(1000000, false, 0), 16000000);
    assert_int_equal(lus_cohort_make(&one, 1, NULL, 0, &c), LUS_OK);
    assert_false(c.is_wide);
    lus_cohort_free(&c);
    /* a sum that a packed count does not hold stays in two rows */
    assert_int_equal(lus_cohort_make(many, 2, NULL, 0, &c), LUS_OK);
    assert_true(c.n == 2 && !c.is_wide);
    assert_int_equal(lus_cohort_at(&c, 0).count + lus_cohort_at(&c, 1).count, 8000);
    lus_cohort_free(&c);
    one.weight = 1500000000;
    assert_int_equal(lus_cohort_make(&one, 1, NULL, 0, &c), LUS_OK);
    assert_true(!c.is_wide && lus_cohort_at(&c, 0).weight == 1500000000);
    lus_cohort_free(&c);
    one.age = 20000 * DAY;
    assert_int_equal(lus_cohort_make(&one, 1, NULL, 0, &c), LUS_OK);
    assert_true(c.is_wide && lus_cohort_at(&c, 0).weight == 1500000000);
    lus_cohort_free(&c);
    many[1].weight = 5; /* beside one that has none */
    assert_int_equal(lus_cohort_make(many, 2, NULL, 0, &c), LUS_OK);
    assert_true(c.is_wide && lus_cohort_at(&c, 1).weight == 5);
    lus_cohort_free(&c);
    assert_int_equal(lus_cohort_make(NULL, 0, NULL, 0, &c), LUS_OK);
    assert_int_equal(c.n, 0);
    lus_cohort_free(&c);
}

static void joining(void **ignored)
{
    (void)ignored;
    static struct lus_person rows[N];
    struct lus_cohort whole, parts[3], joined;
    const struct lus_cohort *lists[] = {&parts[2], &parts[0], &parts[1]};
    state = 11;
    for (size_t i = 0; i < N; i++)
        rows[i] = person(false, false);
    assert_int_equal(lus_cohort_make(rows, N, NULL, 0, &whole), LUS_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            lus_cohort_make(rows + N * i / 3, N * (i + 1) / 3 - N * i / 3, NULL, 0, &parts[i]),
            LUS_OK);
    assert_int_equal(lus_cohort_join(lists, 3, &joined), LUS_OK);
    assert_int_equal(joined.n, whole.n);
    assert_memory_equal(joined.rows, whole.rows, lus_cohort_bytes(whole.n, false, 0));
    for (size_t i = 0; i < 3; i++)
        lus_cohort_free(&parts[i]);
    lus_cohort_free(&whole), lus_cohort_free(&joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_come_back), cmocka_unit_test(packing),
                                       cmocka_unit_test(joining)};
    return RUN(tests);
}
