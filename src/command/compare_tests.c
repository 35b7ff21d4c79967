/* Which tests compare makes. */
#include <math.h>

#include "command/compare.h"
#include "support/number.h"

int lus_compared_tests(struct lus_compared *x, struct lus_error *err)
{
    struct lus_arena arena = {0};
    char **parts = NULL;
    size_t n = 0;
    int status = x->o->test ? lus_list_split(&arena, x->o->test, &parts, &n, err) : LUS_OK;
    if (status == LUS_OK && !(x->tests = lus_alloc_zeroed(n + 2, sizeof *x->tests)))
        status = lus_fail_memory(err);
    if (status == LUS_OK) x->tests[x->n_tests++] = (struct lus_test){.name = LUS_LOG_RANK};
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        struct lus_test test = {.rho = isnan(x->o->rho) ? 1 : x->o->rho,
                                .gamma = isnan(x->o->gamma) ? 0 : x->o->gamma};
        status = lus_test_parse(parts[i], &test, err);
        if (status == LUS_OK && test.name != LUS_LOG_RANK) x->tests[x->n_tests++] = test;
    }
    bool has_own = false; /* --rho and --gamma ask for the test that they are of */
    for (size_t i = 0; i < x->n_tests; i++)
        has_own |= x->tests[i].name == LUS_FLEMING_HARRINGTON;
    if (status == LUS_OK && !has_own && (!isnan(x->o->rho) || !isnan(x->o->gamma)))
        x->tests[x->n_tests++] = (struct lus_test){LUS_FLEMING_HARRINGTON,
                                                   isnan(x->o->rho) ? 1 : x->o->rho,
                                                   isnan(x->o->gamma) ? 0 : x->o->gamma};
    lus_arena_free(&arena);
    if (status == LUS_OK &&
        ((!isnan(x->o->rho) && x->o->rho < 0) || (!isnan(x->o->gamma) && x->o->gamma < 0)))
        return lus_fail(err, LUS_EUSAGE, "--rho and --gamma are 0 or more");
    return status;
}

/* The order of groups is declared in a recipe, or is that of numbers. */
static bool is_ordered(const struct lus_compared *x)
{
    double number;
    if (x->tally.n_by != 1) return false;
    if (x->tally.is_ordered[0]) return true;
    for (size_t g = 0; g < x->groups.n_groups; g++) {
        const char *level = x->groups.first[g]->levels[0];
        if (!level || lus_number_parse(level, strlen(level), &number) != LUS_NUMBER_OK)
            return false;
    }
    return true;
}

int lus_compared_scores(struct lus_compared *x, struct lus_error *err)
{
    if (!x->o->trend && !x->o->scores) return LUS_OK;
    x->scores = lus_alloc_zeroed(x->groups.n_groups, sizeof *x->scores);
    if (!x->scores) return lus_fail_memory(err);
    if (!x->o->scores) {
        if (!is_ordered(x))
            return lus_fail(err, LUS_EUSAGE,
                            "--trend: the order of \"%s\" is only alphabetical; declare it in a "
                            "recipe (order: or levels:), or give --scores",
                            x->tally.keys[0]);
        /* a declared level that is absent keeps its score */
        for (size_t g = 0; g < x->groups.n_groups; g++)
            x->scores[g] = x->groups.first[g]->places[0] >= 0
                               ? (double)x->groups.first[g]->places[0] + 1
                               : (double)g + 1;
        return LUS_OK;
    }
    struct lus_arena arena = {0};
    char **parts;
    size_t n;
    int status = lus_list_split(&arena, x->o->scores, &parts, &n, err);
    if (status == LUS_OK && n != x->groups.n_groups)
        status = lus_fail(err, LUS_EUSAGE, "--scores has %zu numbers for %zu groups", n,
                          x->groups.n_groups);
    for (size_t i = 0; status == LUS_OK && i < n; i++)
        if (lus_number_parse(parts[i], strlen(parts[i]), &x->scores[i]) != LUS_NUMBER_OK)
            status = lus_fail(err, LUS_EUSAGE, "--scores: \"%s\" is not a number", parts[i]);
    bool differ = false;
    for (size_t i = 1; status == LUS_OK && i < n; i++)
        differ |= x->scores[i] != x->scores[0];
    if (status == LUS_OK && !differ)
        status = lus_fail(err, LUS_EUSAGE, "--scores must differ between groups");
    lus_arena_free(&arena);
    return status;
}
