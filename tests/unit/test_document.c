/* The table and its writers, by hand. */
#include "unit.h"

static void check_writes(const struct lus_document *d, const char *format, const char *expected)
{
    struct lus_error err = LUS_ERROR_INIT;
    char *text;
    size_t n;
    const struct lus_writer *writer;
    assert_int_equal(lus_writer_find(format, &writer, &err), LUS_OK);
    assert_int_equal(lus_document_write(d, writer, NULL, false, &text, &n, &err), LUS_OK);
    assert_string_equal(text, expected);
    assert_int_equal(n, strlen(expected));
    free(text);
}

/* A level of every kind of character that a format has to escape, and numbers that are hard. */
static void make(struct lus_document *d)
{
    assert_int_equal(lus_document_init(d), LUS_OK);
    struct lus_table *t = lus_document_table(d, "odd", "");
    lus_table_column(d, t, (struct lus_table_column){.name = "level", .header = "Level"});
    lus_table_column(
        d, t, (struct lus_table_column){.name = "x", .header = "x", .kind = LUS_COLUMN_NUMBER});
    lus_table_text(d, t, "\"a\\b/\xc3\xa9\n\x01");
    lus_table_number(d, t, 0.1);
    lus_table_text(d, t, "");
    lus_table_number(d, t, NAN);
    lus_table_text(d, t, "\t");
    lus_table_number(d, t, INFINITY);
    lus_table_text(d, t, "-0, 2/3");
    lus_table_number(d, t, 2. / 3);
    (void)lus_document_table(d, "empty", NULL);
    d->title = "A \"title\"";
}

static void test_json(void **state)
{
    (void)state;
    struct lus_document d;
    make(&d);
    check_writes(&d, "json",
                 "{\n"
                 "  \"tables\": {\n"
                 "    \"odd\": [\n"
                 "      {\n"
                 "        \"level\": \"\\\"a\\\\b/\xc3\xa9\\n\\u0001\",\n"
                 "        \"x\": 0.1\n"
                 "      },\n"
                 "      {\n"
                 "        \"level\": \"\",\n"
                 "        \"x\": null\n"
                 "      },\n"
                 "      {\n"
                 "        \"level\": \"\\t\",\n"
                 "        \"x\": null\n"
                 "      },\n"
                 "      {\n"
                 "        \"level\": \"-0, 2/3\",\n"
                 "        \"x\": 0.6666666666666666\n"
                 "      }\n"
                 "    ],\n"
                 "    \"empty\": []\n"
                 "  },\n"
                 "  \"notes\": [],\n"
                 "  \"source\": {\n"
                 "    \"title\": \"A \\\"title\\\"\",\n"
                 "    \"synthetic\": false\n"
                 "  }\n"
                 "}\n");
    lus_document_free(&d);
}

static void test_format_names(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "csv", "tsv", "json", "markdown", "latex", "html"};
    struct lus_error err = LUS_ERROR_INIT;
    const struct lus_writer *writer;
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(lus_writer_find(names[i], &writer, &err), LUS_OK);
        assert_string_equal(writer->name, names[i]);
        assert_int_equal(writer->is_one_table, i == 1 || i == 2);
    }
    assert_int_equal(lus_writer_find(NULL, &writer, &err), LUS_OK);
    assert_string_equal(writer->name, "text");
    assert_int_equal(lus_writer_find("xml", &writer, &err), LUS_EUSAGE);
    assert_string_equal(err.message,
                        "--format is text, csv, tsv, json, markdown, latex or html, not \"xml\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_json),
                                       cmocka_unit_test(test_format_names)};
    return RUN(tests);
}
