/* Reading: the same tally for every number of threads, block size, split into files and order of
 * rows. */
#include <unistd.h>

#include "people/people.h"
#include "read/fields.h"
#include "support/calendar.h"
#include "unit.h"

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* A few hundred rows with quotes, line ends inside fields, CRLF, blank lines and late entry. */
static void make_patients(char *out, size_t room, unsigned from, unsigned to)
{
    size_t n = (size_t)snprintf(out, room, "id,\"group, odd\",months,entry,dead\n");
    for (unsigned i = from; i < to; i++) {
        unsigned x = i * 2654435761u >> 8;
        const char *group = i % 7 == 0 ? "\"a \"\"b\"\",\nc\"" : i % 3 ? "plain" : " padded ";
        n += (size_t)snprintf(out + n, room - n, "%u,%s,%u.%02u,%u,%u%s%s", i, group, 5 + x % 90,
                              x % 100, x % 5, x % 2, i % 5 ? "\n" : "\r\n", i % 11 ? "" : "\n");
    }
}

static void read_tally(const char *const *files, size_t n, int threads, size_t block,
                       struct lus_tally *out)
{
    struct lus_query q = LUS_QUERY_INIT;
    struct lus_error err = LUS_ERROR_INIT;
    q.files = files, q.n_files = n, q.time = "months", q.entry = "entry", q.event = "dead",
    q.by = "`group, odd`";
    q.n_threads = threads, q.block_bytes = block;
    if (lus_tally_read(&q, out, &err) != LUS_OK) fail_msg("%s", err.message);
}

static void assert_same(const struct lus_tally *a, const struct lus_tally *b)
{
    assert_int_equal(a->n_strata, b->n_strata);
    assert_true(a->n_rows == b->n_rows && a->n_analysed == b->n_analysed);
    for (size_t i = 0; i < a->n_strata; i++) {
        const struct lus_event_table *x = &a->strata[i].table, *y = &b->strata[i].table;
        assert_string_equal(a->strata[i].levels[0], b->strata[i].levels[0]);
        assert_int_equal(x->n, y->n);
        assert_memory_equal(x->time, y->time, x->n * sizeof *x->time);
        assert_memory_equal(x->events, y->events, x->n * sizeof *x->events);
        assert_memory_equal(x->at_risk, y->at_risk, x->n * sizeof *x->at_risk);
    }
}

static void invariance(void **state)
{
    (void)state;
    static char text[64 * 1024];
    char whole[] = "/tmp/lustrum-whole-XXXXXX", first[] = "/tmp/lustrum-first-XXXXXX",
         second[] = "/tmp/lustrum-second-XXXXXX";
    (void)close(mkstemp(whole)), (void)close(mkstemp(first)), (void)close(mkstemp(second));
    make_patients(text, sizeof text, 0, 600), write_file(whole, text);
    make_patients(text, sizeof text, 0, 250), write_file(first, text);
    make_patients(text, sizeof text, 250, 600), write_file(second, text);
    const char *one[] = {whole}, *two[] = {first, second}, *turned[] = {second, first};
    struct lus_tally reference, t;
    read_tally(one, 1, 1, 0, &reference);
    assert_int_equal(reference.n_rows, 600);
    assert_int_equal(reference.n_strata, 3);
    assert_string_equal(reference.strata[0].levels[0], "a \"b\",\nc");
    const size_t blocks[] = {1, 2, 3, 7, 64, 100, 1000, 4096, 65536};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (int threads = 1; threads <= 4; threads++) {
            read_tally(one, 1, threads, blocks[b], &t);
            assert_same(&reference, &t);
            lus_tally_free(&t);
        }
    read_tally(two, 2, 2, 100, &t), assert_same(&reference, &t), lus_tally_free(&t);
    read_tally(turned, 2, 3, 33, &t), assert_same(&reference, &t), lus_tally_free(&t);
    lus_tally_free(&reference);
    (void)unlink(whole), (void)unlink(first), (void)unlink(second);
}

/* An error has the same line whatever the blocks. */
static void same_error(void **state)
{
    (void)state;
    char path[] = "/tmp/lustrum-error-XXXXXX", wanted[200];
    (void)close(mkstemp(path));
    write_file(path, "months,dead\n1,1\n\n2,0\n\"3\n4\",x\n3,1\n5,maybe\n");
    (void)snprintf(wanted, sizeof wanted,
                   "%s:5: months: \"3?4\" is not a number (the first of 2 bad rows; --bad-rows "
                   "drop leaves them out)",
                   path);
    for (size_t block = 1; block < 60; block++)
        for (int threads = 1; threads < 4; threads++) {
            struct lus_query q = LUS_QUERY_INIT;
            struct lus_error err = LUS_ERROR_INIT;
            struct lus_tally t;
            const char *files[] = {path};
            q.files = files, q.n_files = 1, q.time = "months", q.event = "dead",
            q.n_threads = threads, q.block_bytes = block;
            assert_int_equal(lus_tally_read(&q, &t, &err), LUS_EDATA);
            assert_string_equal(err.message, wanted);
        }
    (void)unlink(path);
}

/* Weights as copies, in the file; whole weights give the same bits of survival as rows repeated. */
static void weighted_file(void **state)
{
    (void)state;
    char a[] = "/tmp/lustrum-weights-XXXXXX", b[] = "/tmp/lustrum-copies-XXXXXX";
    (void)close(mkstemp(a)), (void)close(mkstemp(b));
    write_file(a, "t,d,w\n5,1,2\n7,0,1\n9,1,3\n9.5,0,0\n");
    write_file(b, "t,d,w\n9,1,1\n5,1,1\n9,1,1\n7,0,1\n5,1,1\n9,1,1\n");
    struct lus_tally x, y;
    struct lus_query q = LUS_QUERY_INIT;
    struct lus_error err = LUS_ERROR_INIT;
    const char *files[] = {a};
    q.files = files, q.n_files = 1, q.time = "t", q.event = "d", q.weight = "w";
    assert_int_equal(lus_tally_read(&q, &x, &err), LUS_OK);
    files[0] = b, q.weight = NULL;
    assert_int_equal(lus_tally_read(&q, &y, &err), LUS_OK);
    struct lus_curve p, r;
    assert_int_equal(lus_kaplan_meier(&x.strata[0].table, 0, &p), LUS_OK);
    assert_int_equal(lus_kaplan_meier(&y.strata[0].table, 0, &r), LUS_OK);
    for (size_t i = 0; i < 3; i++)
        assert_true(p.survival[i] == r.survival[i] &&
                    (p.std_error[i] == r.std_error[i] || isnan(r.std_error[i])));
    lus_curve_free(&p), lus_curve_free(&r), lus_tally_free(&x), lus_tally_free(&y);
    (void)unlink(a), (void)unlink(b);
}

static void dates(void **state)
{
    (void)state;
    int64_t days;
    bool is_month = false, is_year = false;
    assert_true(
        lus_date_parse(lus_text_of("1970-01-01"), LUS_DATE_PLAIN, &days, &is_month, &is_year) &&
        days == 0);
    assert_true(
        lus_date_parse(lus_text_of("2000-03-01"), LUS_DATE_PLAIN, &days, &is_month, &is_year) &&
        days == 11017);
    assert_true(
        lus_date_parse(lus_text_of("1900-02-28"), LUS_DATE_PLAIN, &days, &is_month, &is_year) &&
        !is_month);
    assert_false(
        lus_date_parse(lus_text_of("1900-02-29"), LUS_DATE_PLAIN, &days, &is_month, &is_year));
    assert_true(
        lus_date_parse(lus_text_of("2000-02-29"), LUS_DATE_PLAIN, &days, &is_month, &is_year));
    assert_true(
        lus_date_parse(lus_text_of("1970-01"), LUS_DATE_PLAIN, &days, &is_month, &is_year) &&
        days == 14 && is_month);
    assert_false(
        lus_date_parse(lus_text_of("1970-13-01"), LUS_DATE_PLAIN, &days, &is_month, &is_year));
    assert_false(
        lus_date_parse(lus_text_of("19700101"), LUS_DATE_PLAIN, &days, &is_month, &is_year));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(invariance), cmocka_unit_test(same_error),
                                       cmocka_unit_test(weighted_file), cmocka_unit_test(dates)};
    return RUN(tests);
}
