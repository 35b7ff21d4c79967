/* Numbers, times, texts and dictionaries. */
#include "support/dictionary.h"
#include "support/number.h"
#include "unit.h"

static enum lus_number_status nano(const char *text, int64_t *out, bool *rounded)
{
    *rounded = false;
    return lus_nano_parse(text, strlen(text), out, rounded);
}

static void nanos(void **state)
{
    (void)state;
    int64_t n;
    bool r;
    assert_int_equal(nano("12.5", &n, &r), LUS_NUMBER_OK), assert_true(n == 12500000000 && !r);
    assert_int_equal(nano("-0.000000001", &n, &r), LUS_NUMBER_OK), assert_true(n == -1 && !r);
    assert_int_equal(nano("1e3", &n, &r), LUS_NUMBER_OK), assert_true(n == 1000000000000 && !r);
    /* half to even */
    assert_int_equal(nano("0.0000000005", &n, &r), LUS_NUMBER_OK), assert_true(n == 0 && r);
    assert_int_equal(nano("0.0000000015", &n, &r), LUS_NUMBER_OK), assert_true(n == 2 && r);
    assert_int_equal(nano("0.00000000250000000000000000000001", &n, &r), LUS_NUMBER_OK),
        assert_true(n == 3 && r);
    assert_int_equal(nano("28.219712525667319", &n, &r), LUS_NUMBER_OK),
        assert_true(n == 28219712526 && r);
    assert_int_equal(nano("9223372036.854775807", &n, &r), LUS_NUMBER_OK),
        assert_true(n == INT64_MAX);
    assert_int_equal(nano("9223372036.854775808", &n, &r), LUS_NUMBER_LARGE);
    assert_int_equal(nano("1e400", &n, &r), LUS_NUMBER_LARGE);
    assert_int_equal(nano("0e400", &n, &r), LUS_NUMBER_OK), assert_true(n == 0);
    assert_int_equal(nano("1e-400", &n, &r), LUS_NUMBER_OK), assert_true(n == 0 && r);
    const char *const bad[] = {"",    "-",   ".",  "1.2.3", "1e", "0x10",
                               "nan", "inf", "1 ", "1,5",   "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(nano(bad[i], &n, &r), LUS_NUMBER_BAD);
}

/* What is read by words is what is read digit by digit; what is not is refused. */
static void by_words(void **state)
{
    (void)state;
    char text[64];
    uint64_t x = 1;
    for (int i = 0; i < 200000; i++) {
        memset(text, '7', sizeof text); /* digits behind the text must not be read into it */
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        int whole = 1 + (int)(x >> 33) % 9, part = (int)(x >> 40) % 12, n = 0;
        for (int k = 0; k < whole; k++)
            text[n++] = (char)('0' + (x >> (2 * k)) % 10);
        if (part) text[n++] = '.';
        for (int k = 1; k < part; k++)
            text[n++] = (char)('0' + (x >> (3 * k)) % 10);
        if (x >> 60 == 0) text[(x >> 20) % (unsigned)n] = "-x./:e+ "[x >> 50 & 7];
        char copy[64];
        memcpy(copy, text, (size_t)n), copy[n] = 0;
        int64_t slow, quick;
        uint64_t digits;
        bool rounded;
        enum lus_number_status status = nano(copy, &slow, &rounded);
        if (lus_decimal_parse(text, (size_t)n, &quick))
            assert_true(status == LUS_NUMBER_OK && !rounded && quick == slow);
        else
            assert_false(status == LUS_NUMBER_OK && x >> 60 && part > 1 && whole <= 7 &&
                         part <= 10);
        if (lus_digits_parse(text, (size_t)n, &digits))
            assert_true(status == LUS_NUMBER_OK && (int64_t)digits * 1000000000 == slow);
        else assert_false(x >> 60 && !part && whole <= 8);
    }
}

static void doubles(void **state)
{
    (void)state;
    const char *const texts[] = {"0.1",  "1e22",
                                 "1e23", "123456789012345678901234567890",
                                 "4.35", "2.2250738585072011e-308",
                                 "-17",  "9007199254740993",
                                 "1e-7"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double x;
        char out[LUS_NUMBER_ROOM];
        assert_int_equal(lus_number_parse(texts[i], strlen(texts[i]), &x), LUS_NUMBER_OK);
        assert_true(x == strtod(texts[i], NULL));
        (void)lus_number_print(out, x);
        assert_true(strtod(out, NULL) == x);
    }
    double x;
    assert_int_equal(lus_number_parse("1e400", 5, &x), LUS_NUMBER_LARGE);
    char out[LUS_NUMBER_ROOM];
    (void)lus_number_print(out, 0.1), assert_string_equal(out, "0.1");
    (void)lus_number_print(out, 0.1 + 0.2), assert_string_equal(out, "0.30000000000000004");
    (void)lus_number_print(out, -0.0), assert_string_equal(out, "0");
    assert_int_equal(lus_number_print(out, NAN), 0);
}

static void times(void **state)
{
    (void)state;
    /* a year is twelve months, a week seven days; a month is 365.25/12 days */
    assert_true(lus_unit_ticks(LUS_YEARS) == 12 * lus_unit_ticks(LUS_MONTHS));
    assert_true(lus_unit_ticks(LUS_WEEKS) == 7 * lus_unit_ticks(LUS_DAYS));
    assert_true(100 * lus_unit_ticks(LUS_YEARS) == 36525 * lus_unit_ticks(LUS_DAYS));
    struct lus_error err = LUS_ERROR_INIT;
    lus_time t;
    assert_int_equal(lus_duration_parse("5y", LUS_MONTHS, &t, &err), LUS_OK),
        assert_near(lus_time_in(t, LUS_MONTHS), 60);
    assert_int_equal(lus_duration_parse("18", LUS_MONTHS, &t, &err), LUS_OK),
        assert_near(lus_time_in(t, LUS_YEARS), 1.5);
    assert_int_equal(lus_duration_parse("365.25d", LUS_MONTHS, &t, &err), LUS_OK),
        assert_true(t == lus_unit_ticks(LUS_YEARS));
    assert_int_equal(lus_duration_parse("5 years", LUS_MONTHS, &t, &err), LUS_EUSAGE);
    assert_int_equal(lus_duration_parse("-1y", LUS_MONTHS, &t, &err), LUS_EUSAGE);
    assert_int_equal(lus_duration_parse("2000000y", LUS_MONTHS, &t, &err), LUS_EUSAGE);
}

static void texts(void **state)
{
    (void)state;
    assert_true(lus_text_order(lus_text_of("9"), lus_text_of("10")) < 0);
    assert_true(lus_text_order(lus_text_of("10"), lus_text_of("a")) < 0);
    assert_true(lus_text_order(lus_text_of("B"), lus_text_of("a")) < 0);
    assert_int_equal(lus_utf8_bad("caf\xc3\xa9", 5), 5);
    assert_int_equal(lus_utf8_bad("caf\xe9", 4), 3);
    assert_int_equal(lus_utf8_bad("\xed\xa0\x80", 3), 0); /* a surrogate */
    assert_int_equal(lus_utf8_bad("\xc0\x80", 2), 0);     /* overlong */
    assert_int_equal(lus_utf8_width("caf\xc3\xa9", 5), 4);
    const char *const names[] = {"grade", "meno", "size"};
    assert_string_equal(lus_nearest(lus_text_of("Grad"), names, 3), "grade");
    assert_null(lus_nearest(lus_text_of("zzzzzz"), names, 3));
    struct lus_arena arena = {0};
    struct lus_error err = LUS_ERROR_INIT;
    char **parts;
    size_t n;
    assert_int_equal(lus_list_split(&arena, "a,`b,``c`,fh(1,0)", &parts, &n, &err), LUS_OK);
    assert_int_equal(n, 3);
    assert_string_equal(parts[1], "b,`c");
    assert_string_equal(parts[2], "fh(1,0)");
    assert_int_equal(lus_list_split(&arena, "a,,b", &parts, &n, &err), LUS_EUSAGE);
    lus_arena_free(&arena);
}

static void dictionary(void **state)
{
    (void)state;
    struct lus_dictionary d;
    const struct lus_text missing[] = {{"", 0}, {"NA", 2}, {"Unknown", 7}};
    uint32_t code;
    assert_int_equal(lus_dictionary_init(&d, missing, 3), LUS_OK);
    for (int i = 0; i < 5000; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "%d", i);
        assert_int_equal(lus_dictionary_code(&d, (struct lus_text){text, (size_t)n}, &code),
                         LUS_OK);
        assert_int_equal(code, i + 1);
    }
    assert_int_equal(lus_dictionary_code(&d, lus_text_of("Unknown"), &code), LUS_OK),
        assert_int_equal(code, LUS_MISSING_CODE);
    assert_int_equal(lus_dictionary_code(&d, lus_text_of("77"), &code), LUS_OK),
        assert_int_equal(code, 78);
    lus_dictionary_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nanos),   cmocka_unit_test(by_words),
                                       cmocka_unit_test(doubles), cmocka_unit_test(times),
                                       cmocka_unit_test(texts),   cmocka_unit_test(dictionary)};
    return RUN(tests);
}
