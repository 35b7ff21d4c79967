/* The tables of compare: tests, pairs, differences. */
#include <math.h>
#include <stdlib.h>

#include "command/compare.h"

static void add_test_row(struct lus_compared *x, struct lus_table *t, const char *name,
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

static void add_group_rows(struct lus_compared *x, struct lus_table *t, const char *test,
                           const struct lus_test_result *result)
{
    struct lus_document *d = &x->r->document;
    for (size_t g = 0; g < x->groups.n_groups; g++) {
        lus_add_levels(x->r, t, &x->tally, x->groups.first[g]);
        if (x->n_tests > 1) lus_table_text(d, t, test);
        lus_table_number(d, t, x->groups.wholes[g]->total);
        lus_table_number(d, t, result->observed[g]);
        lus_table_number(d, t, result->expected[g]);
    }
}

int lus_add_tests(struct lus_compared *x, struct lus_error *err)
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

static void begin_pair(struct lus_compared *x, struct lus_table *t, size_t a, size_t b)
{
    struct lus_document *d = &x->r->document;
    lus_table_row_of_pair(d, t, lus_number_of(x->r, &x->tally, x->groups.first[a]),
                          lus_number_of(x->r, &x->tally, x->groups.first[b]));
    lus_table_text(d, t, lus_stratum_name(x->r, &x->tally, x->groups.first[a]));
    lus_table_text(d, t, lus_stratum_name(x->r, &x->tally, x->groups.first[b]));
}

static int add_pairs_of(struct lus_compared *x, struct lus_table *t, size_t test,
                        struct lus_error *err)
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
    for (size_t a = 0; a < x->groups.n_groups; a++)
        for (size_t b = a + 1; b < x->groups.n_groups && status == LUS_OK; b++, i++) {
            begin_pair(x, t, a, b);
            add_test_row(x, t, lus_document_text(d, "%s", name), &results[i]);
            lus_table_number(d, t, p[n + i]);
            lus_table_number(d, t, p[2 * n + i]);
        }
    free(p);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_add_test_pairs(struct lus_compared *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(
        d, "pairs", x->groups.n_groups > 2 ? "Pairs, each on its own two groups" : NULL);
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
static void add_difference(struct lus_compared *x, struct lus_table *t, size_t a, size_t b,
                           size_t time)
{
    struct lus_document *d = &x->r->document;
    size_t n = x->n_horizons + x->n_means;
    bool is_mean = time >= x->n_horizons;
    const struct lus_horizon *h = is_mean ? &x->means[time - x->n_horizons] : &x->horizons[time];
    struct lus_measured first = x->measured[a * n + time], second = x->measured[b * n + time];
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

void lus_add_differences(struct lus_compared *x)
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
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    for (size_t a = 0; a < x->groups.n_groups; a++)
        for (size_t b = a + 1; b < x->groups.n_groups; b++)
            for (size_t time = 0; time < x->n_horizons + x->n_means; time++)
                add_difference(x, t, a, b, time);
}
