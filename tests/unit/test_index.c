/* The scanner against libcsv: random, mutated and adversarial bytes, at every length, on every CPU
 * path. */
#include "same_fields.h"
#include "unit.h"

static uint64_t state = 42;

static unsigned pick(unsigned below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % below;
}

static void check(const char *bytes, size_t n, char delimiter, size_t columns, size_t cut,
                  int no_quotes)
{
    char said[300];
    if (same_fields((const unsigned char *)bytes, n, delimiter, columns, cut, no_quotes, said,
                    sizeof said))
        return;
    print_error("%s in: ", said);
    for (size_t i = 0; i < n; i++)
        print_error(bytes[i] >= ' ' && bytes[i] < 127 ? "%c" : "\\x%02x", (unsigned char)bytes[i]);
    fail_msg("delimiter %d, %zu columns, cut %zu", delimiter, columns, cut);
}

static void adversarial(void **state_)
{
    (void)state_;
    const char *const texts[] = {"a,b\n1,2\n",
                                 "\"a\",b\n",
                                 "a,\"b\"\r\n",
                                 "a,\"b\nc\"\nd,e\n",
                                 "a,\"b\"\"c\"\n",
                                 "a,b \n",
                                 " a,b\n",
                                 "a,\" b\"\n",
                                 "a, \"b\"\n",
                                 "a,\"b\" \n",
                                 "a,b\r",
                                 "a,b\rc,d\n",
                                 "a,b\n\nc,d\n",
                                 "\n\na,b\n",
                                 "a\n",
                                 "a,b,c\n",
                                 "a,b",
                                 "a,b\"",
                                 "a,\"b",
                                 "\"a,b\n",
                                 "a,b\n,",
                                 ",\n,\n",
                                 "\"\",\"\"\n",
                                 "a,\"\"\"b\"\n",
                                 "a,\"\"\"\"\"\"\n",
                                 "\"a\"\"\",b \n",
                                 "\"a\"\"\r\n\"\"\",\tb\t\r\n",
                                 "\"a\"\" ,\"\"\", b\n",
                                 "a,\"b\"\"",
                                 "a,\"\"b\n",
                                 "  ,  \n",
                                 "a,b\n  \t",
                                 "a,b\r\n\r\n",
                                 "\"a\"x,b\n",
                                 "a,x\"b\"\n",
                                 "a,\",\"\n",
                                 "a,\"b\r\nc\"\n",
                                 "\"a\nb\",\"c\nd\"\n",
                                 "a\tb,c\n",
                                 "a,b\t\n",
                                 "\r\n",
                                 "",
                                 ",",
                                 "\"",
                                 "a,\"b\"\r",
                                 "a,b\n \n",
                                 "a,b\r\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t columns = 1; columns < 4; columns++)
            for (size_t cut = 0; cut <= strlen(texts[i]); cut++)
                for (int no_quotes = 0; no_quotes < 2; no_quotes++)
                    check(texts[i], strlen(texts[i]), ',', columns, cut, no_quotes);
}

/* Blanks at the ends of fields and doubled quotes are read without libcsv. */
static void trimmed_and_doubled(void **state_)
{
    (void)state_;
    static const char text[128] = " a ,\t b c\n\"d \"\"e\"\"\", \"\"\"\"\n"
                                  "f,\"\"\"\"\n";
    const char *const expected[][2] = {{"a", "b c"}, {"d \"e\"", "\""}, {"f", "\""}};
    struct lus_fields fields = {0};
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_format format = {.delimiter = ',', .n_columns = 2, .index = lus_index_choose()};
    size_t used, n = strcspn(text, "\n") + 1;
    assert_int_equal(lus_fields_parse(&fields, &format, text, n, true, &used, &err), LUS_OK);
    assert_true(fields.is_indexed && fields.index.has_blanks);
    assert_int_equal(lus_fields_parse(&fields, &format, text, strlen(text), true, &used, &err),
                     LUS_OK);
    assert_int_equal(fields.n, 3);
    for (size_t row = 0; row < 3; row++)
        for (size_t c = 0; c < 2; c++) {
            struct lus_text field = lus_field_at(&fields, c, row);
            assert_int_equal(field.n, strlen(expected[row][c]));
            assert_memory_equal(field.p, expected[row][c], field.n);
        }
    lus_fields_free(&fields);
}

/* The same, moved over the seams of 64 bytes by a well-formed beginning. */
static void seams(void **state_)
{
    (void)state_;
    const char *const tails[] = {"\"q\",x\r\n1,2\n", "x,\"a,\nb\"\n3,4\n", "x, y\n",  "x ,y\n",
                                 "\"a\"\"b\",y\n",   "x,y\r\n\r\n",        "x,\"y\"", "x,\"y"};
    char text[400];
    for (size_t front = 0; front < 140; front++)
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            size_t n = 0;
            while (n + 4 <= front)
                memcpy(text + n, "a,b\n", 4), n += 4;
            for (size_t k = n; k < front; k++)
                text[n++] = 'z';
            size_t length = strlen(tails[i]);
            memcpy(text + n, tails[i], length);
            for (size_t cut = front; cut <= front + length; cut++)
                check(text, n + length, ',', 2, cut, 0);
        }
}

static void random_bytes(void **state_)
{
    (void)state_;
    static const char alphabet[] = "aaaabc,,,,\n\n\n\"\" \r\t;1";
    char text[600];
    for (int round = 0; round < 20000; round++) {
        size_t n = pick(sizeof text);
        /* mostly regular rows, so that the scanner is not always refused */
        int is_tame = pick(2) == 0;
        size_t columns = 2 + pick(3);
        for (size_t i = 0, column = 0; i < n; i++) {
            if (!is_tame || pick(200) == 0) text[i] = alphabet[pick(sizeof alphabet - 1)];
            else if (pick(3) == 0) text[i] = ++column % columns ? ',' : '\n';
            else text[i] = "abcd \t"[pick(6)];
        }
        check(text, n, pick(8) ? ',' : '\t', columns, pick((unsigned)n + 1), pick(10) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(adversarial),
                                       cmocka_unit_test(trimmed_and_doubled),
                                       cmocka_unit_test(seams), cmocka_unit_test(random_bytes)};
    return RUN(tests);
}
