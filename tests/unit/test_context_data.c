/* Figures against a file of forty people, all by hand. */
#include <unistd.h>

#include "unit.h"

/* Of a, twenty: ten die of the cancer after 2 years. Of b, twenty: five die of the cancer after 2,
 * three of something else after 3. All others are followed for 10. Their sizes are 1 to 40. */
static const char recipe[] =
    "time: {column: t, unit: years, from: first relapse}\n"
    "event: {column: d, causes: {other: [heart], ours: [cancer]}, cause: ours, measure: OS}\n"
    "factors: {group: {column: g, order: [a, b]}}\n"
    "claims: {large: 's > 30'}\n"
    "origins: {surgery: {where: 'g == \"b\"', label: those of b}, spread: all}\n"
    "context: {apart: group, mix: group}\n";

struct files {
    char folder[40], data[60], recipe[60], figures[60];
};

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static struct files files_of(const char *figures)
{
    struct files f;
    char rows[4096];
    (void)snprintf(f.folder, sizeof f.folder, "/tmp/lustrum-context-XXXXXX");
    assert_non_null(mkdtemp(f.folder));
    (void)snprintf(f.data, sizeof f.data, "%s/d.csv", f.folder);
    (void)snprintf(f.recipe, sizeof f.recipe, "%s/d.yaml", f.folder);
    (void)snprintf(f.figures, sizeof f.figures, "%s/f.yaml", f.folder);
    size_t n = (size_t)snprintf(rows, sizeof rows, "t,d,g,s\n");
    for (int i = 0; i < 40; i++) {
        bool is_a = i < 20;
        int k = i % 20;
        const char *d = k < (is_a ? 10 : 5) ? "2,cancer" : !is_a && k < 8 ? "3,heart" : "10,alive";
        n += (size_t)snprintf(rows + n, sizeof rows - n, "%s,%c,%d\n", d, is_a ? 'a' : 'b', i + 1);
    }
    put(f.data, rows), put(f.recipe, recipe), put(f.figures, figures);
    return f;
}

static void remove_files(const struct files *f)
{
    (void)unlink(f->data), (void)unlink(f->recipe), (void)unlink(f->figures);
    assert_int_equal(rmdir(f->folder), 0);
}

static struct lus_context context_of(const struct files *f, struct lus_mix mix)
{
    const char *data = f->data, *figures = f->figures;
    struct lus_query patients = LUS_QUERY_INIT;
    struct lus_context_query query = {
        .patients = &patients, .figures = &figures, .n_figures = 1, .mix = mix};
    struct lus_context c;
    struct lus_error err = LUS_ERROR_INIT;
    patients.files = &data, patients.n_files = 1;
    if (lus_context_open(&query, &c, &err) != LUS_OK) fail_msg("%s", err.message);
    struct lus_fitting fitting = lus_fitting_default(c.tally->completed);
    fitting.conf.transform = LUS_PLAIN;
    if (lus_context_compare(&c, &fitting, &err) != LUS_OK) fail_msg("%s", err.message);
    return c;
}

static const struct lus_answer *answer(const struct lus_context *c, const char *id)
{
    for (size_t i = 0; i < c->figures.n; i++)
        if (strcmp(c->figures.at[i].id, id) == 0) return &c->answers[i];
    fail_msg("no figure %s", id);
    return NULL;
}

#define FIGURE(id, rest) "  - {id: " id ", " rest "}\n"
#define SURVIVAL "statistic: survival, at: 5y, value: 0.5, "

/* Nobody is censored before 5 years, so that Greenwood's variance is S(1 - S)/n. */
static void values(void **state)
{
    (void)state;
    struct files f = files_of(
        "figures:\n" FIGURE("os", SURVIVAL "measure: OS, origin: relapse") FIGURE(
            "css", SURVIVAL "measure: CSS") FIGURE("a", SURVIVAL "measure: OS, where: 'g == \"a\"'")
            FIGURE("surgery", SURVIVAL "measure: OS, origin: surgery")
                FIGURE("spread", SURVIVAL "measure: OS, origin: spread")
                    FIGURE("order", "statistic: order, at: 5y, measure: OS, qualifier: less than, "
                                    "groups: ['g == \"a\"', 'g == \"b\"']")
                        FIGURE("large", "statistic: proportion, claim: large, value: 0.25")
                            FIGURE("size", "statistic: median_of, of: s, value: 20")
                                FIGURE("note", "statistic: note, text: words"));
    struct lus_context c = context_of(&f, (struct lus_mix){0});
    const double z = lus_conf_z(0.95);
    const struct lus_answer *os = answer(&c, "os"), *order = answer(&c, "order");
    double s = 25. / 40 * 22. / 25;
    assert_near(os->data.value, s);
    assert_near(os->data.low, s - z * sqrt(s * (1 - s) / 40));
    assert_near(os->data.at_risk, 22);
    assert_near(os->people, 40);
    assert_int_equal(os->reason, LUS_REASON_NONE);
    assert_int_equal(os->verdict, LUS_CANNOT_TELL);
    /* deaths of something else are censored */
    assert_near(answer(&c, "css")->data.value, 25. / 40);
    assert_int_equal(answer(&c, "css")->measure, LUS_MEASURE_CSS);
    assert_near(answer(&c, "a")->data.value, 1. / 2);
    assert_near(answer(&c, "surgery")->data.value, 12. / 20); /* of b alone */
    assert_string_equal(answer(&c, "surgery")->counted, "those of b");
    assert_near(answer(&c, "spread")->data.value, s);
    assert_null(answer(&c, "spread")->counted);
    assert_near(order->data.value, 0.5 - 0.6);
    assert_near(order->data.high, 0.5 - 0.6 + z * sqrt(0.5 * 0.5 / 20 + 0.6 * 0.4 / 20));
    assert_int_equal(answer(&c, "note")->verdict, LUS_NO_VERDICT);
    double low, high;
    lus_wilson(10, 40, 0.95, &low, &high);
    assert_near(answer(&c, "large")->data.value, 10. / 40);
    assert_near(answer(&c, "large")->data.low, low);
    assert_near(answer(&c, "size")->data.value, 20.5);
    /* the fewest: 18 die, and 22 live, by the cancer 15; of b 8 of 20; 10 of 40 have it */
    assert_near(os->data.fewest, 18);
    assert_near(answer(&c, "css")->data.fewest, 15);
    assert_near(order->data.fewest, 8);
    assert_near(answer(&c, "large")->data.fewest, 10);
    assert_near(answer(&c, "size")->data.fewest, 40);
    lus_context_free(&c);
    remove_files(&f);
}

/* Beside a figure: the levels of the factor that the recipe names, but for a figure that is told by
 * it; and another mix of them. */
static void beside(void **state)
{
    (void)state;
    struct files f = files_of("figures:\n" FIGURE("os", SURVIVAL "measure: OS")
                                  FIGURE("a", SURVIVAL "measure: OS, where: 'group == \"a\"'"));
    const char *const levels[] = {"a", "b"}, *const wrong[] = {"a", "c"};
    const double shares[] = {0.2, 0.8};
    struct lus_context c = context_of(&f, (struct lus_mix){"group", 2, levels, shares});
    const struct lus_answer *os = answer(&c, "os");
    assert_string_equal(c.apart_factor, "group");
    assert_string_equal(c.mix_factor, "group");
    assert_int_equal(c.n_apart, 2);
    assert_near(os->apart[0].value, 0.5);
    assert_near(os->apart[1].value, 0.6);
    assert_null(answer(&c, "a")->apart);
    assert_true(os->mixed.is_asked);
    assert_near(os->apart[1].fewest, 8);
    assert_near(os->mixed.fewest, 8);
    assert_near(os->mixed.value, 0.2 * 0.5 + 0.8 * 0.6);
    assert_null(os->mixed.words);
    lus_context_free(&c);
    c = context_of(&f, (struct lus_mix){"group", 2, wrong, shares});
    assert_true(isnan(answer(&c, "os")->mixed.value));
    assert_string_equal(answer(&c, "os")->mixed.words, "nobody has group \"c\"");
    lus_context_free(&c);
    remove_files(&f);
}

static void check_reason(const struct lus_context *c, const char *id, enum lus_reason reason,
                         const char *brief, const char *words)
{
    const struct lus_answer *a = answer(c, id);
    assert_int_equal(a->reason, reason);
    assert_string_equal(a->brief, brief);
    assert_string_equal(a->words, words);
    assert_int_equal(a->verdict, LUS_NOT_COMPARABLE);
    assert_true(isnan(a->data.value));
}

static void reasons(void **state)
{
    (void)state;
    struct files f = files_of(
        "figures:\n" FIGURE("claim", "statistic: proportion, claim: rare, value: 0.5")
            FIGURE("factor", SURVIVAL "measure: OS, where: 'x == 1'")
                FIGURE("origin", SURVIVAL "measure: OS, origin: lapse")
                    FIGURE("relative", SURVIVAL "measure: unstated, presumed: RS") FIGURE(
                        "late", "statistic: survival, at: 40y, value: 0.5, measure: OS")
                        FIGURE("median", "statistic: median, value: 9, unit: years, measure: OS")
                            FIGURE("nobody", SURVIVAL "measure: OS, where: 's > 99'")
                                FIGURE("column", "statistic: median_of, of: z, value: 20")
                                    FIGURE("word", "statistic: median_of, of: g, value: 20"));
    struct lus_context c = context_of(&f, (struct lus_mix){0});
    check_reason(&c, "claim", LUS_REASON_NO_CLAIM, "the recipe's claims do not name rare",
                 "the recipe's claims do not name rare");
    check_reason(&c, "factor", LUS_REASON_NO_FACTOR, "the data have no such factor",
                 "the data have no such factor (no column \"x\")");
    check_reason(&c, "origin", LUS_REASON_OTHER_ORIGIN,
                 "the figure counts from lapse, the data from first relapse",
                 "the figure counts from lapse, the data from first relapse");
    check_reason(&c, "relative", LUS_REASON_OTHER_MEASURE,
                 "the figure is presumed to be relative, the data give overall survival",
                 "the figure is presumed to be relative, the data give overall survival (the "
                 "recipe has no population:)");
    check_reason(&c, "late", LUS_REASON_SHORT, "follow-up is too short", "follow-up is too short");
    check_reason(&c, "median", LUS_REASON_SHORT_MEDIAN, "follow-up is too short",
                 "follow-up is too short (the median is not reached)");
    check_reason(&c, "nobody", LUS_REASON_NOBODY, "nobody in the data is such",
                 "nobody in the data is such");
    check_reason(&c, "column", LUS_REASON_NO_COLUMN, "the data have no such column",
                 "the data have no such column (z)");
    check_reason(&c, "word", LUS_REASON_NOT_A_NUMBER, "g is not a number column",
                 "g is not a number column (\"a\")");
    lus_context_free(&c);
    remove_files(&f);
}

/* Any number of figures, each of a group of its own: those of a size of k or more. */
static void many(void **state)
{
    (void)state;
    enum { N = 200 };
    static char text[N * 128];
    size_t n = (size_t)snprintf(text, sizeof text, "figures:\n");
    for (int k = 1; k <= N; k++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "  - {id: f%d, statistic: survival, at: 1y, value: 1, measure: OS, "
                              "where: 's >= %d.%d'}\n",
                              k, k / 5, 2 * (k % 5));
    struct files f = files_of(text);
    struct lus_context c = context_of(&f, (struct lus_mix){0});
    for (int k = 1; k <= N - 1; k++) { /* nobody is of 40.0 or more but the last */
        assert_near(c.answers[k - 1].people, 41 - ceil(fmax(k / 5 + 0.2 * (k % 5), 1)));
        assert_near(c.answers[k - 1].data.value, 1);
    }
    lus_context_free(&c);
    remove_files(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values), cmocka_unit_test(beside),
                                       cmocka_unit_test(reasons), cmocka_unit_test(many)};
    return RUN(tests);
}
