/* Errors: their words, place and code, apart from the message that holds them. */
#include "support/error.h"
#include "unit.h"

static void assert_words(const struct lus_error *err, const char *words)
{
    assert_int_equal(err->n_words, strlen(words));
    assert_memory_equal(err->message + err->words, words, err->n_words);
}

static void parts(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT, outer = LUS_ERROR_INIT;
    struct lus_fault fault = {LUS_ERROR_NO_COLUMN, "a.csv", 3, 0, "did you mean \"b\"?", NULL};
    assert_int_equal(lus_fail_with(&err, LUS_EDATA, &fault, "no column \"%s\"", "x; y"), LUS_EDATA);
    assert_string_equal(err.message, "a.csv:3: no column \"x; y\"; did you mean \"b\"?");
    assert_words(&err, "no column \"x; y\"");
    assert_int_equal(err.code, LUS_ERROR_NO_COLUMN);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 0);
    fault = (struct lus_fault){.file = "r.yaml", .line = 12, .column = 7, .said = &err};
    (void)lus_fail_with(&outer, LUS_EDATA, &fault, "in the factor \"%s\": ", "f");
    assert_string_equal(outer.message, "r.yaml:12:7: in the factor \"f\": a.csv:3: no column "
                                       "\"x; y\"; did you mean \"b\"?");
    assert_words(&outer, "no column \"x; y\"");
    assert_int_equal(outer.code, LUS_ERROR_NO_COLUMN);
    assert_int_equal(outer.line, 12);
    assert_int_equal(outer.column, 7);
}

/* The first failure stands; want of memory says that and nothing else; one line in any case. */
static void once(void **state)
{
    (void)state;
    struct lus_error err = LUS_ERROR_INIT, none = LUS_ERROR_INIT;
    assert_int_equal(lus_fail(&err, LUS_EUSAGE, "a\nb\x7f"), LUS_EUSAGE);
    assert_string_equal(err.message, "a?b?");
    assert_words(&err, "a?b?");
    assert_int_equal(lus_fail(&err, LUS_EDATA, "later"), LUS_EDATA);
    assert_string_equal(err.message, "a?b?");
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_fail(&err, LUS_ENOMEM, "the curve cannot be computed"), LUS_ENOMEM);
    assert_string_equal(err.message, "out of memory");
    assert_words(&err, "out of memory");
    err = (struct lus_error)LUS_ERROR_INIT;
    assert_int_equal(lus_fail_as(&err, LUS_ENOMEM, &none), LUS_ENOMEM);
    assert_string_equal(err.message, "out of memory");
    assert_int_equal(lus_fail(NULL, LUS_EIO, "unheard"), LUS_EIO);
}

/* Longer than there is room for: cut, terminated, and the words lie within. */
static void long_ones(void **state)
{
    (void)state;
    char file[2000], words[2000];
    memset(file, 'f', sizeof file), memset(words, 'w', sizeof words);
    for (size_t n_file = 1; n_file < sizeof file; n_file += 333)
        for (size_t n = 1; n < sizeof words; n += 333) {
            struct lus_error err = LUS_ERROR_INIT, outer = LUS_ERROR_INIT;
            file[n_file] = words[n] = 0;
            struct lus_fault fault = {LUS_ERROR_OTHER, file, 1, 1, words, NULL};
            (void)lus_fail_with(&err, LUS_EDATA, &fault, "%s", words);
            assert_true(err.words + err.n_words <= strlen(err.message));
            fault = (struct lus_fault){.file = file, .said = &err};
            (void)lus_fail_with(&outer, LUS_EDATA, &fault, "%s: ", words);
            assert_true(outer.words + outer.n_words <= strlen(outer.message));
            assert_true(strlen(outer.message) < sizeof outer.message);
            file[n_file] = 'f', words[n] = 'w';
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts), cmocka_unit_test(once),
                                       cmocka_unit_test(long_ones)};
    return RUN(tests);
}
