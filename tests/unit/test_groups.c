/* The strata of a tally as groups, and as strata of a test; by hand. */
#include "unit.h"

static const char *const levels[][2] = {{"a", "x"}, {"a", "y"}, {"b", "y"}, {"c", "x"}, {"c", "z"}};
static const double times[] = {1, 2, 3};
static const int events[] = {1, 0, 1};

static struct lus_tally tally_of(struct lus_stratum strata[5])
{
    for (size_t i = 0; i < 5; i++)
        strata[i] = (struct lus_stratum){.levels = levels[i],
                                         .table = table_of(times, events, NULL, NULL, i % 3 + 1)};
    return (struct lus_tally){
        .strata = strata, .n_strata = 5, .n_by = 1, .n_split = 1, .n_keys = 2};
}

/* Three groups, a, b and c, in three strata, x, y and z; b is in one of them, whose table is its
 * whole. */
static void arranged(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_stratum s[5];
    struct lus_tally tally = tally_of(s);
    struct lus_groups g;
    assert_int_equal(lus_groups_make(&tally, &g, &err), LUS_OK);
    assert_int_equal(g.n_groups, 3);
    assert_int_equal(g.n_strata, 3);
    const size_t group_of[] = {0, 0, 1, 2, 2}, stratum_of[] = {0, 1, 1, 0, 2};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(g.group_of[i], group_of[i]);
        assert_int_equal(g.stratum_of[i], stratum_of[i]);
        assert_ptr_equal(g.tables[stratum_of[i] * 3 + group_of[i]], &s[i].table);
    }
    assert_null(g.tables[0 * 3 + 1]); /* nobody of b is in x */
    assert_ptr_equal(g.first[2], &s[3]);
    assert_ptr_equal(g.wholes[1], &s[2].table);
    assert_near(g.wholes[0]->total, 1 + 2);
    assert_near(g.wholes[2]->total, 1 + 2);
    assert_near(g.wholes[0]->at_risk[1], 1); /* at 2, of 1 and of 1 and 2 */
    lus_groups_free(&g);
    for (size_t i = 0; i < 5; i++)
        lus_event_table_free(&s[i].table);
}

/* Without further keys there is one stratum, and no sum is made. */
static void alone(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_stratum s[5];
    struct lus_tally tally = tally_of(s);
    struct lus_groups g;
    tally.n_split = 0, tally.n_keys = 1, tally.n_strata = 1;
    assert_int_equal(lus_groups_make(&tally, &g, &err), LUS_OK);
    assert_int_equal(g.n_groups, 1);
    assert_int_equal(g.n_strata, 1);
    assert_ptr_equal(g.wholes[0], &s[0].table);
    lus_groups_free(&g);
    tally.n_strata = 0;
    assert_int_equal(lus_groups_make(&tally, &g, &err), LUS_OK);
    assert_int_equal(g.n_groups, 0);
    lus_groups_free(&g);
    for (size_t i = 0; i < 5; i++)
        lus_event_table_free(&s[i].table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arranged), cmocka_unit_test(alone)};
    return RUN(tests);
}
