/* lustrum compare: tests between strata, pairs with adjusted p-values, differences. */
#include <math.h>
#include <stdlib.h>

#include "command/reading.h"
#include "support/number.h"
#include "support/parallel.h"
#include "support/times.h"

/* V is groups x groups at every time of death, and there are 19,900 pairs */
enum { MOST_GROUPS = 200 };

/* What is compared at one time: survival, or the restricted mean in the file's unit. */
struct measured {
    double value, std_error;
    enum lus_why why;
};

struct compare {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_test *tests;
    size_t n_tests;
    size_t *group_of; /* by stratum of the tally */
    size_t n_groups, n_splits;
    const struct lus_event_table **tables; /* [split * n_groups + group] */
    /* by group, where it has several splits: all together */
    struct lus_event_table *sums;
    const struct lus_event_table **wholes; /* by group: its one table, or that sum */
    const struct lus_stratum **first;      /* by group: a stratum that names it */
    double *scores;
    struct lus_horizon *horizons, *means;
    size_t n_horizons, n_means;
    struct lus_rank_results *results; /* by test */
    size_t n_pairs, threads_each;     /* of a test */
    struct measured *measured;        /* [group * (n_horizons + n_means) + time] */
};

static int parse_tests(struct compare *x, struct lus_error *err)
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

static bool same_levels(const struct lus_stratum *a, const struct lus_stratum *b, size_t from,
                        size_t to)
{
    for (size_t k = from; k < to; k++) {
        if (!a->levels[k] != !b->levels[k]) return false;
        if (a->levels[k] && strcmp(a->levels[k], b->levels[k]) != 0) return false;
    }
    return true;
}

/* Strata of the tally to groups (by) and splits (--strata). Groups are in the tally's order
 * already. */
static int arrange(struct compare *x, struct lus_error *err)
{
    const struct lus_tally *t = &x->tally;
    size_t n = t->n_strata, *split_of = lus_alloc_zeroed(n, sizeof *split_of);
    x->group_of = lus_alloc_zeroed(n, sizeof *x->group_of);
    x->first = lus_alloc_zeroed(n, sizeof *x->first);
    if (!split_of || !x->group_of || !x->first) {
        free(split_of);
        return lus_fail_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        if (!i || !same_levels(&t->strata[i], &t->strata[i - 1], 0, t->n_by))
            x->first[x->n_groups++] = &t->strata[i];
        x->group_of[i] = x->n_groups - 1;
        split_of[i] = x->n_splits;
        for (size_t j = 0; j < i && split_of[i] == x->n_splits; j++)
            if (same_levels(&t->strata[i], &t->strata[j], t->n_by, t->n_keys))
                split_of[i] = split_of[j];
        x->n_splits += split_of[i] == x->n_splits;
    }
    x->tables = lus_alloc_zeroed(x->n_groups * x->n_splits, sizeof *x->tables);
    x->wholes = lus_alloc_zeroed(x->n_groups, sizeof *x->wholes);
    x->sums = lus_alloc_zeroed(x->n_groups, sizeof *x->sums);
    int status = x->tables && x->wholes && x->sums ? LUS_OK : lus_fail_memory(err);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        x->tables[split_of[i] * x->n_groups + x->group_of[i]] = &t->strata[i].table;
    free(split_of);
    const struct lus_event_table **own = lus_alloc_zeroed(x->n_splits, sizeof *own);
    if (!own) status = lus_fail_memory(err);
    for (size_t g = 0; g < x->n_groups && status == LUS_OK; g++) {
        size_t parts = 0;
        for (size_t s = 0; s < x->n_splits; s++)
            if (x->tables[s * x->n_groups + g]) own[parts++] = x->tables[s * x->n_groups + g];
        x->wholes[g] = parts == 1 ? own[0] : &x->sums[g];
        if (parts > 1 && lus_event_table_sum(own, parts, &x->sums[g]) != LUS_OK)
            status = lus_fail_memory(err);
    }
    free(own);
    return status;
}

static int check(const struct compare *x, struct lus_error *err)
{
    const struct lus_tally *t = &x->tally;
    if (x->n_groups < 2)
        return lus_fail(err, LUS_EDATA, "%s: there is one group only; a comparison needs two",
                        t->file);
    if (x->n_groups > MOST_GROUPS)
        return lus_fail(
            err, LUS_EUSAGE,
            "%zu groups; compare takes at most %d (group them with cuts or levels in a recipe)",
            x->n_groups, MOST_GROUPS);
    if (t->has_fractional_weights)
        return lus_fail(err, LUS_EDATA, "%s: the tests take case weights that are whole numbers",
                        t->file);
    return LUS_OK;
}

/* All that can be said before a row is read. */
static int prepare(struct compare *x, struct lus_error *err)
{
    const struct lus_tally *t = &x->tally;
    LUS_TRY(lus_fitting_of(x->o, t, &x->fitting, err));
    if (!t->n_by) return lus_fail(err, LUS_EUSAGE, "compare needs --by COL: the groups to compare");
    if (t->overlaps)
        return lus_fail(
            err, LUS_EUSAGE,
            "the strata overlap (any_of), and no test between overlapping groups is valid");
    if (!x->fitting.estimator->is_product_limit && x->o->method)
        return lus_fail(err, LUS_EUSAGE, "compare works with --method kaplan-meier");
    if (x->fitting.given > 0)
        return lus_fail(err, LUS_EUSAGE, "compare takes --landmark, not --given");
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", t->unit, &x->horizons,
                            &x->n_horizons, err));
    if (!x->o->rmst) return LUS_OK;
    return lus_horizons_of(x->r, "--rmst", x->o->rmst, t->unit, &x->means, &x->n_means, err);
}

/* The order of groups is declared in a recipe, or is that of numbers. */
static bool is_ordered(const struct compare *x)
{
    double number;
    if (x->tally.n_by != 1) return false;
    if (x->tally.is_ordered[0]) return true;
    for (size_t g = 0; g < x->n_groups; g++) {
        const char *level = x->first[g]->levels[0];
        if (!level || lus_number_parse(level, strlen(level), &number) != LUS_NUMBER_OK)
            return false;
    }
    return true;
}

static int parse_scores(struct compare *x, struct lus_error *err)
{
    if (!x->o->trend && !x->o->scores) return LUS_OK;
    x->scores = lus_alloc_zeroed(x->n_groups, sizeof *x->scores);
    if (!x->scores) return lus_fail_memory(err);
    if (!x->o->scores) {
        if (!is_ordered(x))
            return lus_fail(err, LUS_EUSAGE,
                            "--trend: the order of \"%s\" is only alphabetical; declare it in a "
                            "recipe (order: or levels:), or give --scores",
                            x->tally.keys[0]);
        /* a declared level that is absent keeps its score */
        for (size_t g = 0; g < x->n_groups; g++)
            x->scores[g] = x->first[g]->places[0] >= 0 ? (double)x->first[g]->places[0] + 1
                                                       : (double)g + 1;
        return LUS_OK;
    }
    struct lus_arena arena = {0};
    char **parts;
    size_t n;
    int status = lus_list_split(&arena, x->o->scores, &parts, &n, err);
    if (status == LUS_OK && n != x->n_groups)
        status = lus_fail(err, LUS_EUSAGE, "--scores has %zu numbers for %zu groups", n,
                          x->n_groups);
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

static struct measured measure(const struct compare *x, size_t g, const struct lus_curve *c,
                               lus_time time, bool is_mean)
{
    if (is_mean) {
        struct lus_mean m = lus_restricted_mean(x->wholes[g], c, time, x->fitting.conf.level);
        double unit = (double)lus_unit_ticks(x->tally.unit);
        return (struct measured){m.mean / unit, m.std_error / unit, m.why};
    }
    struct lus_point p = lus_curve_at(c, time, &x->fitting.conf);
    return (struct measured){p.survival, p.std_error, p.why != LUS_AVAILABLE ? p.why : p.why_error};
}

/* The last time that anything is asked of. */
static lus_time last_asked(const struct compare *x)
{
    lus_time last = 0;
    for (size_t h = 0; h < x->n_horizons; h++)
        last = x->horizons[h].time > last ? x->horizons[h].time : last;
    for (size_t h = 0; h < x->n_means; h++)
        last = x->means[h].time > last ? x->means[h].time : last;
    return last;
}

static int measure_group(void *context, size_t g)
{
    const struct compare *x = context;
    struct lus_curve c;
    /* of the rows behind the last time nothing is asked; one stays, or there would be nobody */
    struct lus_event_table head = *x->wholes[g];
    size_t n = lus_first_from(head.time, head.n, last_asked(x) + 1);
    head.n = n || !head.n ? n : 1;
    LUS_TRY(lus_kaplan_meier(&head, 0, &c));
    struct measured *out = &x->measured[g * (x->n_horizons + x->n_means)];
    for (size_t h = 0; h < x->n_horizons; h++)
        out[h] = measure(x, g, &c, x->horizons[h].time, false);
    for (size_t h = 0; h < x->n_means; h++)
        out[x->n_horizons + h] = measure(x, g, &c, x->means[h].time, true);
    lus_curve_free(&c);
    return LUS_OK;
}

static int run_test(void *context, size_t i)
{
    const struct compare *x = context;
    return lus_rank_tests(&x->tests[i], x->tables, x->n_groups, x->n_splits, x->scores,
                          x->threads_each, &x->results[i]);
}

/* The work, before any table: each group's curve, each test. A single test has all threads to
 * itself. */
static int compute(struct compare *x, struct lus_error *err)
{
    size_t n_threads = x->tally.n_threads;
    x->n_pairs = x->n_groups * (x->n_groups - 1) / 2;
    x->threads_each = x->n_tests > 1 ? 1 : n_threads;
    x->results = lus_alloc_zeroed(x->n_tests, sizeof *x->results);
    x->measured = lus_alloc_zeroed(x->n_groups * (x->n_horizons + x->n_means), sizeof *x->measured);
    int status = x->results && x->measured ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) status = lus_parallel(x->n_groups, n_threads, measure_group, x);
    if (status == LUS_OK) status = lus_parallel(x->n_tests, n_threads, run_test, x);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

static void add_test_row(struct compare *x, struct lus_table *t, const char *name,
                         const struct lus_test_result *result)
{
    struct lus_document *d = &x->r->document;
    lus_table_text(d, t, name);
    lus_table_cell(d, t, (struct lus_cell){.number = result->statistic, .why = result->why});
    lus_table_cell(d, t, (struct lus_cell){.number = result->df, .why = result->why});
    lus_table_cell(d, t, (struct lus_cell){.number = result->p_value, .why = result->why});
    if (result->why != LUS_AVAILABLE)
        lus_document_note(d, lus_of_method(), "%s: not available: %s.", name,
                          lus_why_text(result->why));
}

static void add_group_rows(struct compare *x, struct lus_table *t, const char *test,
                           const struct lus_test_result *result)
{
    struct lus_document *d = &x->r->document;
    for (size_t g = 0; g < x->n_groups; g++) {
        lus_add_levels(x->r, t, &x->tally, x->first[g]);
        if (x->n_tests > 1) lus_table_text(d, t, test);
        lus_table_number(d, t, x->wholes[g]->total);
        lus_table_number(d, t, result->observed[g]);
        lus_table_number(d, t, result->expected[g]);
    }
}

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

static int add_tests(struct compare *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "compare", ""), *tests = t;
    COLUMN(.name = "test", .role = LUS_ROLE_KEY, .header = "test");
    COLUMN(.name = "statistic", .role = LUS_ROLE_ESTIMATE, .header = "chi-square",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "df", .role = LUS_ROLE_ESTIMATE, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    t = lus_document_table(d, "groups", "Groups");
    lus_add_by_columns(x->r, t, &x->tally);
    if (x->n_tests > 1) COLUMN(.name = "test", .role = LUS_ROLE_KEY, .header = "test");
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "observed", .role = LUS_ROLE_EVENTS, .header = "observed",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "expected", .role = LUS_ROLE_ESTIMATE, .header = "expected",
           .kind = LUS_COLUMN_NUMBER);
    LUS_TRY(lus_check_names(&x->tally, t, err));
    for (size_t i = 0; i < x->n_tests; i++) {
        char name[64];
        lus_test_print(&x->tests[i], name, sizeof name);
        const char *kept = lus_document_text(d, "%s", name);
        lus_table_row(d, tests, x->r->everybody);
        add_test_row(x, tests, kept, &x->results[i].omnibus);
        add_group_rows(x, t, kept, &x->results[i].omnibus);
        if (!x->scores) continue;
        lus_table_row(d, tests, x->r->everybody);
        add_test_row(x, tests, lus_document_text(d, "%s trend", name), &x->results[i].trend);
    }
    return LUS_OK;
}

static void begin_pair(struct compare *x, struct lus_table *t, size_t a, size_t b)
{
    struct lus_document *d = &x->r->document;
    lus_table_row_of_pair(d, t, lus_number_of(x->r, &x->tally, x->first[a]),
                          lus_number_of(x->r, &x->tally, x->first[b]));
    lus_table_text(d, t, lus_stratum_name(x->r, &x->tally, x->first[a]));
    lus_table_text(d, t, lus_stratum_name(x->r, &x->tally, x->first[b]));
}

static int add_pairs_of(struct compare *x, struct lus_table *t, size_t test, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    const struct lus_test_result *results = x->results[test].pairs;
    size_t n = x->n_pairs, i = 0;
    double *p = lus_alloc_zeroed(3 * n, sizeof *p);
    int status = p ? LUS_OK : LUS_ENOMEM;
    for (size_t k = 0; k < n && status == LUS_OK; k++)
        p[k] = results[k].p_value;
    if (status == LUS_OK) status = lus_adjust_holm(p, n, p + n);
    if (status == LUS_OK) status = lus_adjust_bh(p, n, p + 2 * n);
    char name[64];
    lus_test_print(&x->tests[test], name, sizeof name);
    for (size_t a = 0; a < x->n_groups; a++)
        for (size_t b = a + 1; b < x->n_groups && status == LUS_OK; b++, i++) {
            begin_pair(x, t, a, b);
            add_test_row(x, t, lus_document_text(d, "%s", name), &results[i]);
            lus_table_number(d, t, p[n + i]);
            lus_table_number(d, t, p[2 * n + i]);
        }
    free(p);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

static int add_pairs(struct compare *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(
        d, "pairs", x->n_groups > 2 ? "Pairs, each on its own two groups" : NULL);
    COLUMN(.name = "first", .role = LUS_ROLE_KEY, .header = "first");
    COLUMN(.name = "second", .role = LUS_ROLE_KEY, .header = "second");
    COLUMN(.name = "test", .role = LUS_ROLE_KEY, .header = "test");
    COLUMN(.name = "statistic", .role = LUS_ROLE_ESTIMATE, .header = "chi-square",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "df", .role = LUS_ROLE_ESTIMATE, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    COLUMN(.name = "p_holm", .role = LUS_ROLE_ESTIMATE, .header = "p, Holm", .kind = LUS_COLUMN_P);
    COLUMN(.name = "p_bh", .role = LUS_ROLE_ESTIMATE, .header = "p, Benjamini-Hochberg",
           .kind = LUS_COLUMN_P);
    for (size_t i = 0; i < x->n_tests; i++)
        LUS_TRY(add_pairs_of(x, t, i, err));
    return LUS_OK;
}

/* time: the horizons, then the means. */
static void add_difference(struct compare *x, struct lus_table *t, size_t a, size_t b, size_t time)
{
    struct lus_document *d = &x->r->document;
    size_t n = x->n_horizons + x->n_means;
    bool is_mean = time >= x->n_horizons;
    const struct lus_horizon *h = is_mean ? &x->means[time - x->n_horizons] : &x->horizons[time];
    struct measured first = x->measured[a * n + time], second = x->measured[b * n + time];
    struct lus_difference difference = lus_difference(first.value, first.std_error, second.value,
                                                      second.std_error, x->fitting.conf.level);
    enum lus_why why = first.why != LUS_AVAILABLE ? first.why : second.why;
    begin_pair(x, t, a, b);
    lus_table_text(d, t, is_mean ? "restricted mean" : "survival");
    lus_table_cell(
        d, t, (struct lus_cell){.number = lus_time_in(h->time, x->tally.unit), .text = h->text});
    const char *points = is_mean || isnan(difference.low)
                             ? NULL
                             : lus_document_text(d, "%.1f points (%.1f to %.1f)",
                                                 100 * difference.difference, 100 * difference.low,
                                                 100 * difference.high);
    if (is_mean && !isnan(difference.low))
        points = lus_document_text(d, "%.4g %s (%.4g to %.4g)", difference.difference,
                                   lus_unit_name(x->tally.unit), difference.low, difference.high);
    lus_table_cell(d, t,
                   (struct lus_cell){.number = difference.difference, .why = why, .text = points});
    lus_table_cell(d, t, (struct lus_cell){.number = difference.std_error, .why = why});
    lus_table_cell(d, t, (struct lus_cell){.number = difference.low, .why = why});
    lus_table_cell(d, t, (struct lus_cell){.number = difference.high, .why = why});
    lus_table_cell(d, t, (struct lus_cell){.number = difference.p_value, .why = why});
    if (why != LUS_AVAILABLE)
        lus_document_note(d, lus_of_method(), "A difference at %s is not available: %s.", h->text,
                          lus_why_text(why));
}

static void add_differences(struct compare *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "differences", "Differences, first less second");
    COLUMN(.name = "first", .role = LUS_ROLE_KEY, .header = "first");
    COLUMN(.name = "second", .role = LUS_ROLE_KEY, .header = "second");
    COLUMN(.name = "measure", .role = LUS_ROLE_KEY, .header = "measure");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "difference", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "difference (%g %%)", 100 * x->fitting.conf.level),
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    for (size_t a = 0; a < x->n_groups; a++)
        for (size_t b = a + 1; b < x->n_groups; b++)
            for (size_t time = 0; time < x->n_horizons + x->n_means; time++)
                add_difference(x, t, a, b, time);
}
#undef COLUMN

static int build(struct compare *x, struct lus_error *err)
{
    LUS_TRY(arrange(x, err));
    LUS_TRY(check(x, err));
    LUS_TRY(parse_scores(x, err));
    LUS_TRY(compute(x, err));
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    LUS_TRY(add_tests(x, err));
    LUS_TRY(add_pairs(x, err));
    add_differences(x);
    if (x->tally.n_split)
        lus_document_note(&x->r->document, lus_of_method(),
                          "Stratified by %s: observed less expected and their variance are summed "
                          "over %zu strata.",
                          x->o->strata, x->n_splits);
    if (x->tally.completed)
        lus_document_note(&x->r->document, lus_of_method(),
                          "Times are completed %s: the tests and differences take them as exact, "
                          "by Kaplan-Meier; lustrum rates estimates by intervals.",
                          lus_unit_name(x->tally.unit));
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(x->o, x->r, &x->tally, &x->inputs, err);
}

int lus_compare(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct compare x = {.o = o, .r = r};
    struct lus_query query;
    int status = lus_query_of(o, &query, err);
    query.strata = o->strata;
    if (status == LUS_OK && !o->by)
        status = lus_fail(err, LUS_EUSAGE, "compare needs --by COL: the groups to compare");
    if (status == LUS_OK) status = parse_tests(&x, err);
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &x.inputs, &x.tally, r, err);
    if (status == LUS_OK) status = prepare(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&x.inputs, &x.tally, err);
    if (status == LUS_OK) status = build(&x, err);
    for (size_t g = 0; x.sums && g < x.n_groups; g++)
        lus_event_table_free(&x.sums[g]);
    for (size_t i = 0; x.results && i < x.n_tests; i++)
        lus_rank_results_free(&x.results[i]);
    free(x.results), free(x.measured), free(x.horizons), free(x.means);
    free(x.tests), free(x.group_of), free(x.first), free(x.tables), free(x.wholes), free(x.sums),
        free(x.scores);
    lus_inputs_free(&x.inputs);
    lus_tally_free(&x.tally);
    return status;
}
