/* A command by its words. */
#include "lustrum/call.h"
#include <unistd.h>

#include "unit.h"

static struct lus_called *call(size_t n, const char *const *words, int status)
{
    struct lus_called *c = lus_call(n, words);
    assert_non_null(c);
    assert_int_equal(lus_called_status(c), status);
    return c;
}

/* 82.06 % of 794 women of grade 2 live five years (R's survfit: 0.820633131713). */
static void tables(void **state)
{
    (void)state;
    const char *words[] = {"rates", "datasets/rotterdam.csv", "--by", "grade", "--at", "5y"};
    struct lus_called *c = call(6, words, LUS_OK);
    assert_string_equal(lus_called_message(c), "");
    const struct lus_table *t = lus_document_find(lus_called_document(c), "rates");
    assert_non_null(t);
    assert_true(t->n_rows == 2);
    size_t column = 0;
    while (strcmp(t->columns[column].name, "survival") != 0)
        column++;
    assert_true(fabs(t->cells[column].number - 0.820633131713) < 5e-12);
    const char *json = lus_called_json(c);
    assert_non_null(json);
    assert_non_null(strstr(json, "\"rates\""));
    assert_true(json == lus_called_json(c));
    lus_called_free(c);
}

static void errors(void **state)
{
    (void)state;
    const char *none[] = {"rats"}, *column[] = {"rates", "datasets/rotterdam.csv", "--by", "x"},
               *help[] = {"rates", "--help"};
    struct lus_called *c = call(1, none, LUS_EUSAGE);
    assert_string_equal(lus_called_message(c), "no command \"rats\"");
    assert_null(lus_called_json(c));
    lus_called_free(c);
    lus_called_free(call(0, none, LUS_EUSAGE));
    lus_called_free(call(2, help, LUS_EUSAGE));
    c = call(4, column, LUS_EDATA);
    assert_non_null(strstr(lus_called_message(c), "no column \"x\""));
    lus_called_free(c);
    lus_called_free(NULL);
}

/* A file that one call reads may be written by the next; a text is a text. */
static void outputs(void **state)
{
    (void)state;
    char path[] = "/tmp/lustrum-call-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, "t,d\n1,1\n2,0\n", 12) == 12 && close(fd) == 0);
    const char *own[] = {"describe", path, "--table", "columns", "--format", "csv", "-o", path},
               *other[] = {"rates", "datasets/rotterdam.csv", "--format", "csv", "-o", path},
               *recipe[] = {"recipe", "datasets/rotterdam.csv"};
    lus_called_free(call(8, own, LUS_EUSAGE));
    lus_called_free(call(6, other, LUS_OK));
    struct lus_called *c = call(2, recipe, LUS_OK);
    assert_non_null(strstr(lus_called_text(c), "time: {column: \"dtime\", unit: days}"));
    lus_called_free(c);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables), cmocka_unit_test(errors),
                                       cmocka_unit_test(outputs)};
    return RUN(tests);
}
