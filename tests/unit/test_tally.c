/* The tally as a value: counts by cause, tables of them, and the sum of two tallies. */
#include <unistd.h>

#include "unit.h"

static char folder[] = "/tmp/lustrum-tally-XXXXXX";

static const char *path_of(char room[64], const char *name)
{
    (void)snprintf(room, 64, "%s/%s", folder, name);
    return room;
}

static void write_file(const char *name, const char *text)
{
    char path[64];
    FILE *f = fopen(path_of(path, name), "wb");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[80];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static struct lus_query query_of(const char *const *file, const char *recipe)
{
    struct lus_query q = LUS_QUERY_INIT;
    q.files = file, q.n_files = 1, q.recipe = recipe, q.keeps_counts = true, q.drop_bad = 1;
    q.n_threads = 2, q.block_bytes = 2000;
    return q;
}

static void read_tally(const struct lus_query *q, struct lus_tally *out)
{
    struct lus_error err = LUS_ERROR_INIT;
    if (lus_tally_read(q, out, &err) != LUS_OK) fail_msg("%s", err.message);
}

static void assert_column(const double *is, const double *wanted, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(is[i] == wanted[i]);
}

/* Six people leave at 1, ..., 6 months: of the cancer, alive, of something else, of the cancer, of
 * something else, alive. The fourth entered at 2. */
static void causes(void **state)
{
    (void)state;
    char file[64], recipe[64];
    const char *files[] = {path_of(file, "six.csv")};
    write_file("six.csv",
               "t,d,e\n1,cancer,0\n2,alive,0\n3,heart,0\n4,cancer,2\n5,stroke,0\n6,alive,0\n");
    write_file("six.yaml", "time: {column: t, entry: e}\n"
                           "event: {column: d, causes: {cancer: [cancer], other: [heart, "
                           "stroke]}}\n");
    struct lus_query q = query_of(files, path_of(recipe, "six.yaml"));
    struct lus_tally t;
    struct lus_event_table table;
    read_tally(&q, &t);
    assert_int_equal(t.n_causes, 2);
    assert_int_equal(lus_tally_cause(&t, "other"), 2);
    assert_int_equal(lus_tally_cause(&t, "war"), 0);
    const struct lus_stratum *s = &t.strata[0];
    assert_column(s->table.events, (const double[]){1, 0, 1, 1, 1, 0}, 6);

    assert_int_equal(lus_stratum_table(&t, s, 1, false, &table), LUS_OK);
    assert_int_equal(table.n, 6);
    assert_column(table.events, (const double[]){1, 0, 0, 1, 0, 0}, 6);
    assert_column(table.censored, (const double[]){0, 1, 1, 0, 1, 1}, 6);
    /* the fourth is at risk from behind 2 on */
    assert_column(table.at_risk, (const double[]){5, 4, 4, 3, 2, 1}, 6);
    lus_event_table_free(&table);

    assert_int_equal(lus_stratum_table(&t, s, 2, true, &table), LUS_OK);
    assert_column(table.events, (const double[]){0, 0, 1, 0, 1, 0}, 6);
    assert_column(table.at_risk, (const double[]){6, 5, 4, 3, 2, 1}, 6);
    lus_event_table_free(&table);
    assert_int_equal(lus_stratum_table(&t, s, 3, false, &table), LUS_EUSAGE);
    lus_tally_free(&t);

    /* is: names the cancer alone, so the others leave as if censored, and are told apart still */
    write_file("six.yaml", "time: {column: t, entry: e}\n"
                           "event: {column: d, is: [cancer], causes: {cancer: [cancer], other: "
                           "[heart, stroke]}}\n");
    read_tally(&q, &t);
    assert_column(t.strata[0].table.events, (const double[]){1, 0, 0, 1, 0, 0}, 6);
    assert_int_equal(lus_stratum_table(&t, &t.strata[0], 2, false, &table), LUS_OK);
    assert_column(table.events, (const double[]){0, 0, 1, 0, 1, 0}, 6);
    lus_event_table_free(&table);
    lus_tally_free(&t);
}

/* --- merging --- */

enum { ROWS = 900 };

/* Rows [from, to) of a population with all that may leave a row out. */
static void write_rows(const char *name, unsigned from, unsigned to)
{
    char path[64];
    FILE *f = fopen(path_of(path, name), "wb");
    assert_non_null(f);
    (void)fputs("t,e,d,g,a,w\n", f);
    for (unsigned i = from; i < to; i++) {
        unsigned x = i * 2654435761u >> 7;
        static const char *const words[] = {"dead of it", "alive", "dead", "alive", ""};
        if (x % 31 == 0) (void)fputs("soon", f);
        else if (x % 29 == 0) (void)fputs("NA", f);
        else (void)fprintf(f, "%u.%02u", 1 + x % 40, i % 3 ? 0 : x % 100);
        (void)fprintf(f, ",%s,%s,%c,%u,%u\n", x % 4 ? "0" : "0.5", words[x / 7 % 5],
                      "abc"[i < 300 ? 0 : x / 3 % 3], 20 + x / 11 % 60, 1 + x / 5 % 3);
    }
    assert_int_equal(fclose(f), 0);
}

static void assert_same_table(const struct lus_event_table *a, const struct lus_event_table *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->time, b->time, a->n * sizeof *a->time);
    assert_column(a->events, b->events, a->n);
    assert_column(a->censored, b->censored, a->n);
    assert_column(a->at_risk, b->at_risk, a->n);
    assert_int_equal(a->n_entries, b->n_entries);
    assert_column(a->entered, b->entered, a->n_entries);
    assert_true(a->total == b->total && a->total_events == b->total_events &&
                a->last_exit == b->last_exit);
}

static void assert_same(const struct lus_tally *a, const struct lus_tally *b)
{
    assert_true(a->n_rows == b->n_rows && a->n_analysed == b->n_analysed &&
                a->zero_times == b->zero_times && a->late_entries == b->late_entries);
    assert_int_equal(a->n_rules, b->n_rules);
    for (size_t i = 0; i < a->n_rules; i++) {
        assert_string_equal(a->rules[i].name, b->rules[i].name);
        assert_true(a->rules[i].left_out == b->rules[i].left_out);
    }
    assert_int_equal(a->n_strata, b->n_strata);
    for (size_t i = 0; i < a->n_strata; i++) {
        const struct lus_stratum *x = &a->strata[i], *y = &b->strata[i];
        for (size_t k = 0; k < a->n_keys; k++)
            assert_string_equal(x->levels[k] ? x->levels[k] : "missing",
                                y->levels[k] ? y->levels[k] : "missing");
        assert_true(x->n_people == y->n_people);
        assert_same_table(&x->table, &y->table);
        for (size_t c = 1; c <= a->n_causes; c++) {
            struct lus_event_table p, q;
            assert_int_equal(lus_stratum_table(a, x, c, false, &p), LUS_OK);
            assert_int_equal(lus_stratum_table(b, y, c, false, &q), LUS_OK);
            assert_same_table(&p, &q);
            lus_event_table_free(&p), lus_event_table_free(&q);
        }
    }
}

static const char MERGED[] =
    "time: {column: t, entry: e}\n"
    "event: {column: d, causes: {cancer: [dead of it], other: [dead]}}\n"
    "factors:\n"
    "  age: {column: a, cuts: [40, 60]}\n"
    "  kind: {any_of: {b: 'g == \"b\"', old: 'a >= 50', young: 'a < 35'}}\n";

static void split_and_merge(const struct lus_query *question, const unsigned order[3])
{
    static const unsigned cuts[] = {0, 300, 420, ROWS};
    char file[64], name[16];
    const char *files[] = {path_of(file, "whole.csv")};
    struct lus_query q = *question;
    struct lus_tally whole, parts[3];
    struct lus_error err = LUS_ERROR_INIT;
    q.files = files;
    write_rows("whole.csv", 0, ROWS);
    read_tally(&q, &whole);
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "part%u.csv", i);
        write_rows(name, cuts[i], cuts[i + 1]);
        files[0] = path_of(file, name);
        read_tally(&q, &parts[i]);
    }
    struct lus_tally *sum = &parts[order[0]];
    for (unsigned i = 1; i < 3; i++)
        if (lus_tally_merge(sum, &parts[order[i]], &err) != LUS_OK) fail_msg("%s", err.message);
    assert_same(sum, &whole);
    for (unsigned i = 0; i < 3; i++)
        lus_tally_free(&parts[i]);
    lus_tally_free(&whole);
}

static void merging(void **state)
{
    (void)state;
    static const unsigned orders[][3] = {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}};
    static const struct {
        const char *by, *where, *weight;
        bool missing_as_level, ignore_entry;
    } questions[] = {{.by = NULL},
                     {.by = "g,age"},
                     {.by = "kind", .where = "a != 33"},
                     {.by = "g", .weight = "w", .missing_as_level = true},
                     {.by = "age", .ignore_entry = true}};
    char recipe[64];
    write_file("merged.yaml", MERGED);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            struct lus_query q = query_of(NULL, path_of(recipe, "merged.yaml"));
            q.by = questions[i].by, q.where = questions[i].where, q.weight = questions[i].weight;
            q.missing_as_level = questions[i].missing_as_level;
            q.ignore_entry = questions[i].ignore_entry;
            split_and_merge(&q, orders[k]);
        }
}

static void refused(void **state)
{
    (void)state;
    char file[64], recipe[64];
    const char *files[] = {path_of(file, "rows.csv")};
    struct lus_tally a, b, c;
    struct lus_error err = LUS_ERROR_INIT;
    write_rows("rows.csv", 0, 100);
    write_file("merged.yaml", MERGED);
    struct lus_query q = query_of(files, path_of(recipe, "merged.yaml"));
    q.by = "age";
    read_tally(&q, &a);
    q.where = "a > 30";
    read_tally(&q, &b);
    assert_int_equal(lus_tally_merge(&a, &b, &err), LUS_EUSAGE);
    assert_non_null(strstr(err.message, "where a > 30"));
    lus_tally_free(&b);
    q.where = NULL, q.by = NULL, q.strata = "age"; /* the same column in another place */
    read_tally(&q, &b);
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_tally_merge(&a, &b, &err), LUS_EUSAGE);
    q.by = "age", q.strata = NULL;
    q.keeps_counts = false;
    read_tally(&q, &c);
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_tally_merge(&a, &c, &err), LUS_EUSAGE);
    assert_int_equal(lus_stratum_table(&c, &c.strata[0], 0, false, &(struct lus_event_table){0}),
                     LUS_EUSAGE);
    lus_tally_free(&a), lus_tally_free(&b), lus_tally_free(&c);
}

static void merge_of(const char *recipe_text, const char *first, const char *second,
                     const char *words)
{
    char file[64], recipe[64];
    const char *files[] = {path_of(file, "one.csv")};
    struct lus_tally a, b;
    struct lus_error err = LUS_ERROR_INIT;
    write_file("of.yaml", recipe_text);
    struct lus_query q = query_of(files, path_of(recipe, "of.yaml"));
    write_file("one.csv", first);
    read_tally(&q, &a);
    write_file("one.csv", second);
    read_tally(&q, &b);
    assert_int_equal(lus_tally_merge(&a, &b, &err), LUS_EUSAGE);
    assert_non_null(strstr(err.message, words));
    lus_tally_free(&a), lus_tally_free(&b);
}

/* A sum that would not be that of one reading is none: a patient may have rows in both; numbers of
 * one are years if the other's dates are seen. */
static void needs_all_rows(void **state)
{
    (void)state;
    merge_of("time: {column: t}\nevent: d\none_row_per: {column: id, order: t, keep: last}\n",
             "id,t,d\n1,10,0\n2,20,1\n", "id,t,d\n1,30,1\n3,40,0\n", "one row per patient");
    merge_of("time: {unit: days, exit: {column: x}, origin: {column: o}}\nevent: d\n",
             "o,x,d\n2000,2004,1\n500,900,0\n",
             "o,x,d\n2000-05-01,2004-05-01,1\n2001-02-03,2003-02-03,0\n", "are years");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(causes), cmocka_unit_test(merging),
                                       cmocka_unit_test(refused), cmocka_unit_test(needs_all_rows)};
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
