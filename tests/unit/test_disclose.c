/* What a document may show: worked by hand, on the document alone. */
#include "unit.h"

static size_t cell(struct lus_document *d, const char *a, const char *b, double n, double events)
{
    const char *levels[] = {a, b};
    return lus_document_stratum(d, &(struct lus_headcount){levels, n, events});
}

static size_t alone(struct lus_document *d, double n, double events)
{
    return lus_document_stratum(d, &(struct lus_headcount){NULL, n, events});
}

static void add_column(struct lus_document *d, struct lus_table *t, const char *name,
                       enum lus_role role, bool is_step)
{
    bool is_text = role == LUS_ROLE_KEY;
    lus_table_column(
        d, t,
        (struct lus_table_column){.name = name,
                                  .header = name,
                                  .kind = is_text ? LUS_COLUMN_TEXT : LUS_COLUMN_NUMBER,
                                  .role = role,
                                  .is_step = is_step});
}

static struct lus_table *add_table(struct lus_document *d, enum lus_rows rows)
{
    struct lus_table *t = lus_document_table(d, "t", "");
    t->rows = rows;
    add_column(d, t, "key", LUS_ROLE_KEY, false);
    add_column(d, t, "n", LUS_ROLE_COUNT, false);
    return t;
}

static void add_n(struct lus_document *d, struct lus_table *t, size_t stratum, const char *key,
                  double n)
{
    lus_table_row(d, t, stratum);
    lus_table_text(d, t, key);
    lus_table_number(d, t, n);
}

/* Discloses, and compares the first table as CSV. */
static void check_csv(struct lus_document *d, double least, const char *expected)
{
    struct lus_error err = LUS_ERROR_INIT;
    char *text;
    size_t n;
    assert_int_equal(lus_document_disclose(d, least, &err), LUS_OK);
    const struct lus_writer *csv;
    assert_int_equal(lus_writer_find("csv", &csv, &err), LUS_OK);
    assert_int_equal(lus_document_write(d, csv, NULL, false, &text, &n, &err), LUS_OK);
    assert_string_equal(text, expected);
    free(text);
}

/* One key of n levels a, b, ...; a row for each. */
static void check_line(enum lus_key_kind kind, const double *people, const double *events, size_t n,
                       double least, const char *expected)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    lus_document_key(&d, kind);
    struct lus_table *t = add_table(&d, LUS_ROWS_APART);
    add_column(&d, t, "events", LUS_ROLE_EVENTS, false);
    add_column(&d, t, "x", LUS_ROLE_ESTIMATE, false);
    for (size_t i = 0; i < n; i++) {
        add_n(&d, t, cell(&d, names[i], NULL, people[i], events[i]), names[i], people[i]);
        lus_table_number(&d, t, events[i]);
        lus_table_number(&d, t, 0.5);
    }
    check_csv(&d, least, expected);
    lus_document_free(&d);
}

/* The next smallest hides the one; where both are fewer than N together, a third hides them. */
static void test_complements(void **state)
{
    (void)state;
    const double few[] = {3, 60, 20, 50}, half[] = {0, 30, 10, 25};
    check_line(LUS_KEY_ADDS_UP, few, half, 4, 5,
               "key,n,events,x\na,,,\nb,60,30,0.5\nc,,,\nd,50,25,0.5\n");
    const double two[] = {1, 2, 20, 50};
    check_line(LUS_KEY_ADDS_UP, two, half, 4, 5, "key,n,events,x\na,,,\nb,,,\nc,,,\nd,50,25,0.5\n");
    const double enough[] = {1, 4, 20, 50};
    check_line(LUS_KEY_ADDS_UP, enough, half, 4, 5,
               "key,n,events,x\na,,,\nb,,,\nc,20,10,0.5\nd,50,25,0.5\n");
    check_line(LUS_KEY_OVERLAPS, few, half, 4, 5,
               "key,n,events,x\na,,,\nb,60,30,0.5\nc,20,10,0.5\nd,50,25,0.5\n");
    check_line(LUS_KEY_SHARES, few, half, 4, 5, "key,n,events,x\na,,,\nb,,,\nc,,,\nd,,,\n");
    check_line(LUS_KEY_ADDS_UP, few, half, 4, 0,
               "key,n,events,x\na,3,0,0.5\nb,60,30,0.5\nc,20,10,0.5\nd,50,25,0.5\n");
}

/* Two deaths of 60, or two survivors: of the events alone, with the next fewest events. */
static void test_events(void **state)
{
    (void)state;
    const double n[] = {60, 60, 60}, deaths[] = {2, 30, 40}, survivors[] = {58, 30, 40};
    check_line(LUS_KEY_ADDS_UP, n, deaths, 3, 5, "key,n,events,x\na,60,,\nb,60,,\nc,60,40,0.5\n");
    check_line(LUS_KEY_ADDS_UP, n, survivors, 3, 5,
               "key,n,events,x\na,60,,\nb,60,,\nc,60,40,0.5\n");
}

/* Along both keys: (a, x) is small, so the smallest others of its row and column go, and the
 * smallest of theirs. What is missing of a second key is in no whole, and hides nobody. */
static void test_two_keys(void **state)
{
    (void)state;
    static const char *const a[] = {"a", "a", "a", "b", "b", "b"}, *const b[] = {NULL, "x", "y",
                                                                                 NULL, "x", "y"};
    const double n[] = {6, 3, 20, 9, 40, 30};
    for (int known = 0; known < 2; known++) {
        struct lus_document d;
        assert_int_equal(lus_document_init(&d), LUS_OK);
        lus_document_key(&d, LUS_KEY_ADDS_UP);
        lus_document_key(&d, known ? LUS_KEY_OF_KNOWN : LUS_KEY_ADDS_UP);
        struct lus_table *t = add_table(&d, LUS_ROWS_APART);
        for (size_t i = 0; i < 6; i++)
            add_n(&d, t, cell(&d, a[i], b[i], n[i], 0), a[i], n[i]);
        check_csv(&d, 5,
                  known ? "key,n\na,6\na,\na,\nb,9\nb,\nb,\n"
                        : "key,n\na,\na,\na,20\nb,\nb,\nb,30\n");
        lus_document_free(&d);
    }
}

/* A column of each role, in a row of each state. */
static void test_roles(void **state)
{
    (void)state;
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    struct lus_table *t = add_table(&d, LUS_ROWS_APART);
    add_column(&d, t, "asked", LUS_ROLE_ASKED, false);
    add_column(&d, t, "events", LUS_ROLE_EVENTS, false);
    add_column(&d, t, "estimate", LUS_ROLE_ESTIMATE, false);
    add_column(&d, t, "data", LUS_ROLE_DATA, false);
    add_column(&d, t, "none", LUS_ROLE_NONE, false);
    const struct {
        const char *key;
        size_t first, second;
        double n, events;
    } rows[] = {{"shown", alone(&d, 60, 30), LUS_NOBODY, 60, 30},
                {"no events", alone(&d, 60, 2), LUS_NOBODY, 60, 30},
                {"hidden", alone(&d, 4, 2), LUS_NOBODY, 60, 30},
                {"a pair", LUS_NOBODY, alone(&d, 4, 2), 60, 30},
                {"nobody", LUS_NOBODY, LUS_NOBODY, 60, 30},
                {"unsaid", LUS_UNSAID, LUS_NOBODY, 60, 30},
                {"no such", 1000, LUS_NOBODY, 60, 30},
                {"its count", alone(&d, 60, 30), LUS_NOBODY, 4, 30},
                {"its events", alone(&d, 60, 30), LUS_NOBODY, 60, 4},
                {"as many", alone(&d, 60, 30), LUS_NOBODY, 5, 5},
                {"zero", alone(&d, 60, 0), LUS_NOBODY, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lus_table_row_of_pair(&d, t, rows[i].first, rows[i].second);
        lus_table_text(&d, t, rows[i].key);
        lus_table_number(&d, t, rows[i].n);
        lus_table_number(&d, t, 7);
        lus_table_number(&d, t, rows[i].events);
        for (int k = 0; k < 3; k++)
            lus_table_number(&d, t, 0.5);
    }
    lus_table_text(&d, t, "nobody has begun it");
    for (int k = 0; k < 6; k++)
        lus_table_number(&d, t, 7);
    check_csv(&d, 5,
              "key,n,asked,events,estimate,data,none\n"
              "shown,60,7,30,0.5,,\n"
              "no events,60,7,,,,\n"
              "hidden,,7,,,,\n"
              "a pair,,7,,,,\n"
              "nobody,60,7,30,0.5,,\n"
              "unsaid,,7,,,,\n"
              "no such,,7,,,,\n"
              "its count,,7,30,0.5,,\n"
              "its events,60,7,,,,\n"
              "as many,5,7,5,0.5,,\n"
              "zero,0,7,0,0.5,,\n"
              "nobody has begun it,,7,,,,\n");
    assert_string_equal(t->cells[7 * t->n_columns + 1].text, "<5");
    assert_null(t->cells[2 * t->n_columns + 1].text);
    lus_document_free(&d);
}

/* A text may be hidden, and have another that may stand for it. */
static void test_texts(void **state)
{
    (void)state;
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    struct lus_table *t = lus_document_table(&d, "t", "");
    lus_table_column(
        &d, t, (struct lus_table_column){.name = "v", .header = "v", .role = LUS_ROLE_ESTIMATE});
    lus_table_row(&d, t, alone(&d, 4, 0));
    lus_table_text(&d, t, "4 of 4");
    lus_table_row(&d, t, alone(&d, 4, 0));
    lus_table_cell(&d, t, (struct lus_cell){.text = "4 of 4", .discreet = "all"});
    check_csv(&d, 5, "v\n\nall\n");
    lus_document_free(&d);
}

/* One rule under N hides the sum; so does a hidden stratum. */
static void test_sum(void **state)
{
    (void)state;
    for (int hides = 0; hides < 3; hides++) {
        struct lus_document d;
        assert_int_equal(lus_document_init(&d), LUS_OK);
        struct lus_table *t = add_table(&d, LUS_ROWS_SUM);
        add_n(&d, t, LUS_NOBODY, "read", 100);
        add_n(&d, t, LUS_NOBODY, "left out", hides == 1 ? 4 : 0);
        if (hides == 2) (void)cell(&d, NULL, NULL, 4, 0);
        check_csv(&d, 5, hides ? "key,n\nread,\nleft out,\n" : "key,n\nread,100\nleft out,0\n");
        lus_document_free(&d);
    }
}

/* Findings of hidden people are not there, nor are such as stand on few events. */
static void test_findings(void **state)
{
    (void)state;
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    struct lus_table *t = add_table(&d, LUS_ROWS_FINDINGS);
    add_n(&d, t, alone(&d, 4, 0), "a", 4);
    add_n(&d, t, alone(&d, 60, 30), "b", 60);
    add_n(&d, t, alone(&d, 60, 2), "c", 60);
    check_csv(&d, 5, "key,n\nb,60\n");
    lus_document_free(&d);
}

/* Deaths are added up until there are five; leavers none or five; what is left over at the end of a
 * stratum is not shown, nor carried into the next. */
static void test_steps(void **state)
{
    (void)state;
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    struct lus_table *t = lus_document_table(&d, "t", "");
    t->rows = LUS_ROWS_STEPS;
    add_column(&d, t, "time", LUS_ROLE_ESTIMATE, false);
    add_column(&d, t, "at_risk", LUS_ROLE_COUNT, false);
    add_column(&d, t, "dead", LUS_ROLE_EVENTS, true);
    add_column(&d, t, "left", LUS_ROLE_EVENTS, true);
    size_t a = alone(&d, 60, 30), b = alone(&d, 60, 30), hidden = alone(&d, 4, 2);
    const double rows[][5] = {{1, 60, 3, 0, 0}, {2, 57, 2, 0, 0}, {3, 55, 5, 1, 0},
                              {4, 49, 0, 4, 0}, {5, 45, 3, 0, 0}, {1, 60, 4, 0, 1},
                              {2, 56, 9, 0, 1}, {3, 4, 5, 0, 1},  {1, 60, 9, 0, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double *r = rows[i];
        lus_table_row(&d, t, r[4] > 1 ? hidden : r[4] > 0 ? b : a);
        for (int k = 0; k < 4; k++)
            lus_table_number(&d, t, r[k]);
    }
    check_csv(&d, 5, "time,at_risk,dead,left\n2,57,5,0\n4,49,5,5\n2,56,13,0\n3,,5,0\n");
    lus_document_free(&d);
}

static void test_notes(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_document d;
    assert_int_equal(lus_document_init(&d), LUS_OK);
    size_t few = alone(&d, 4, 2), many = alone(&d, 60, 30), few_die = alone(&d, 60, 2);
    lus_document_note(&d, lus_of_method(), "method");
    lus_document_note(&d, lus_of_warning(few, "discreet"), "warning of few");
    lus_document_note(&d, lus_of_warning(few, NULL), "warning of few, or nothing");
    lus_document_note(&d, lus_of_warning(many, NULL), "warning of many");
    lus_document_note(&d, lus_of_counts(many, NULL), "4 people");
    lus_document_note(&d, lus_of_counts(many, "some people"), "3 people");
    lus_document_note(&d, lus_of_counts(few, "some other people"), "2 people");
    lus_document_note(&d, lus_of_stratum(many), "of many");
    lus_document_note(&d, lus_of_stratum(few), "of few");
    lus_document_note(&d, lus_of_stratum(few_die), "of few who die");
    lus_document_note(&d, lus_of_marks(), "* a mark that is not there");
    static const char *const expected[] = {
        "method",
        "discreet",
        "warning of many",
        "some people",
        "of many",
        ("Cells under 5 people are not shown, nor those from which they could be had by "
         "subtraction, nor what is estimated from them.")};
    for (int twice = 0; twice < 2; twice++) {
        assert_int_equal(lus_document_disclose(&d, 5, &err), LUS_OK);
        assert_int_equal(d.n_notes, 6);
        for (size_t i = 0; i < 6; i++)
            assert_string_equal(d.notes[i].text, expected[i]);
    }
    lus_document_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complements), cmocka_unit_test(test_events),
        cmocka_unit_test(test_two_keys),    cmocka_unit_test(test_roles),
        cmocka_unit_test(test_texts),       cmocka_unit_test(test_sum),
        cmocka_unit_test(test_findings),    cmocka_unit_test(test_steps),
        cmocka_unit_test(test_notes)};
    return RUN(tests);
}
