/* Rows counted by their patterns against rows worked out one by one. A column of weights that are
 * all 1 says nothing, and makes the reader work out every row; so the same file read with it and
 * without it must be the same tally. */
#include <unistd.h>

#include "people/fast/pattern.h"
#include "unit.h"

enum { ROWS = 30000 };

/* What the rows of a file are made of. */
struct shape {
    const char *name, *times;  /* digits, days, decimal, dates or anything */
    const char *const *groups; /* texts of the column g */
    size_t n_groups;
    bool quoted, crlf, some_missing, some_bad, time_last;
};

static const char *const SHORT[] = {"a", "bc", "", "positive", "negative", "NA"};
static const char *const LONG[] = {
    "borderline",
    "fourteen bytes",
    "fifteen  bytes.",
    "sixteen bytes ..",
    "hormone receptor positive",
    "thirty bytes, all but the last",
    "thirty bytes, all but the one.",
    "more than thirty bytes, and so it has a code of its own",
    "more than thirty bytes, and so it has a code of its own, and another"};
static const char *const MANY[] = {"x"};

static uint64_t state;

static unsigned next(unsigned below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % below;
}

static void print_time(FILE *f, const struct shape *s)
{
    unsigned x = next(240), odd = next(40);
    if (s->some_missing && odd < 3) (void)fputs(odd ? "NA" : "", f);
    else if (s->some_bad && odd == 3) (void)fputs(next(2) ? "-5" : "soon", f);
    else if (strcmp(s->times, "days") == 0) (void)fprintf(f, "%u", x * 53);
    else if (strcmp(s->times, "decimal") == 0)
        (void)fprintf(f, "%u.%0*u", x, 1 + (int)next(9), next(10));
    else if (strcmp(s->times, "anything") == 0)
        (void)fprintf(f,
                      next(2)   ? "%u"
                      : next(2) ? "%u.0"
                      : next(2) ? "%05u"
                                : "%u.123456789012345",
                      x);
    else (void)fprintf(f, "%u", x);
}

static void write_rows(const char *path, const struct shape *s, uint64_t seed)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    const char *end = s->crlf ? "\r\n" : "\n";
    state = seed;
    (void)fprintf(
        f, s->time_last ? "w,age,g,site,dead,size,months%s" : "months,w,age,g,site,dead,size%s",
        end);
    for (unsigned i = 0; i < ROWS; i++) {
        char group[80];
        const char *quote = s->quoted && next(3) ? "\"" : "";
        if (s->groups == MANY) (void)snprintf(group, sizeof group, "%u", next(9000));
        else (void)snprintf(group, sizeof group, "%s", s->groups[next((unsigned)s->n_groups)]);
        if (strchr(group, ',')) quote = "\"";
        if (!s->time_last) print_time(f, s), (void)fputc(',', f);
        (void)fprintf(f, "1,%u%s,%s%s%s,", 20 + next(75), next(9) ? "" : ".5", quote, group, quote);
        (void)fputs(next(5) ? next(2) ? "bone" : "liver" : next(2) ? "" : "brain", f);
        (void)fprintf(f, ",%s,",
                      s->some_bad && next(50) == 0       ? "perhaps"
                      : s->some_missing && next(30) == 0 ? "NA"
                      : next(2)                          ? "1"
                                                         : "0");
        if (next(20)) (void)fprintf(f, "%u", next(60));
        else (void)fputs(s->some_bad ? "big" : "", f);
        if (s->time_last) (void)fputc(',', f), print_time(f, s);
        (void)fputs(end, f);
    }
    assert_int_equal(fclose(f), 0);
}

static const char RECIPE[] = "time: {column: months}\nevent: dead\nfactors:\n"
                             "  age: {column: age, cuts: [50, 65.5, 75]}\n"
                             "  kind: {levels: {large: 'size > 20 and site == \"bone\"', exact: "
                             "'size == 7', other: 'missing(site) or size <= 20'}}\n"
                             "  sites: {any_of: {bone: 'site == \"bone\"', old: 'age in (\"65.5 to "
                             "<75\", \"75+\")', large: 'size >= 40'}}\n";

struct question {
    const char *by, *where;
    bool missing_as_level;
};
static const struct question QUESTIONS[] = {
    {"g", NULL, false},
    {"g,site", NULL, true},
    {"age,kind", "size != 13", false},
    {"sites", "g != \"bc\" and age != \"75+\"", false},
    {"g,kind", "not (size in (1, 2, 3)) and months >= 12", true},
    {"g", "g == \"bc\" or w == 1", false},
    {NULL, NULL, false}};

static void read_rows(const char *file, const char *recipe, const struct question *question,
                      bool in_full, int threads, size_t block, struct lus_tally *out)
{
    struct lus_query q = LUS_QUERY_INIT;
    struct lus_error err = LUS_ERROR_INIT;
    q.files = &file, q.n_files = 1, q.recipe = recipe, q.by = question->by,
    q.where = question->where;
    q.missing_as_level = question->missing_as_level, q.drop_bad = 1;
    q.weight = in_full ? "w" : NULL, q.n_threads = threads, q.block_bytes = block;
    if (lus_tally_read(&q, out, &err) != LUS_OK) fail_msg("%s", err.message);
}

static void assert_doubles(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(a[i] == b[i]);
}

static void assert_same_rules(const struct lus_tally *a, const struct lus_tally *b)
{
    size_t i = 0;
    for (size_t j = 0; j < b->n_rules; j++) {
        if (strcmp(b->rules[j].name, "missing weight") == 0) continue;
        assert_true(i < a->n_rules);
        assert_string_equal(a->rules[i].name, b->rules[j].name);
        assert_true(a->rules[i++].left_out == b->rules[j].left_out);
    }
    assert_int_equal(i, a->n_rules);
}

static void assert_same(const struct lus_tally *a, const struct lus_tally *b)
{
    assert_true(a->n_rows == b->n_rows && a->n_analysed == b->n_analysed &&
                a->zero_times == b->zero_times && a->rounded_time == b->rounded_time);
    assert_same_rules(a, b);
    assert_int_equal(a->n_strata, b->n_strata);
    for (size_t i = 0; i < a->n_strata; i++) {
        const struct lus_event_table *x = &a->strata[i].table, *y = &b->strata[i].table;
        for (size_t k = 0; k < a->n_by; k++)
            assert_string_equal(a->strata[i].levels[k] ? a->strata[i].levels[k] : "?",
                                b->strata[i].levels[k] ? b->strata[i].levels[k] : "?");
        assert_int_equal(x->n, y->n);
        assert_memory_equal(x->time, y->time, x->n * sizeof *x->time);
        assert_doubles(x->events, y->events, x->n), assert_doubles(x->censored, y->censored, x->n),
            assert_doubles(x->at_risk, y->at_risk, x->n);
    }
}

static void as_if_in_full(void **ignored)
{
    (void)ignored;
    static const struct shape shapes[] = {
        {.name = "short", .times = "digits", .groups = SHORT, .n_groups = 6},
        {.name = "quoted",
         .times = "digits",
         .groups = SHORT,
         .n_groups = 6,
         .quoted = true,
         .crlf = true,
         .some_missing = true},
        {.name = "long", .times = "days", .groups = LONG, .n_groups = 9, .quoted = true},
        {.name = "wide",
         .times = "decimal",
         .groups = LONG,
         .n_groups = 5,
         .some_missing = true,
         .time_last = true,
         .crlf = true},
        {.name = "odd",
         .times = "anything",
         .groups = SHORT,
         .n_groups = 6,
         .some_missing = true,
         .some_bad = true,
         .time_last = true},
        {.name = "many", .times = "digits", .groups = MANY, .n_groups = 1, .some_bad = true},
    };
    char file[] = "/tmp/lustrum-patterns-XXXXXX", recipe[] = "/tmp/lustrum-patterns-recipe-XXXXXX";
    (void)close(mkstemp(file)), (void)close(mkstemp(recipe));
    FILE *f = fopen(recipe, "wb");
    assert_non_null(f);
    (void)fputs(RECIPE, f);
    assert_int_equal(fclose(f), 0);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        write_rows(file, &shapes[s], 1000 + s);
        for (size_t k = 0; k < sizeof QUESTIONS / sizeof *QUESTIONS; k++) {
            struct lus_tally patterns, in_full;
            read_rows(file, recipe, &QUESTIONS[k], true, 2, 0, &in_full);
            read_rows(file, recipe, &QUESTIONS[k], false, 1 + (int)(k % 3), (size_t)1000 << k,
                      &patterns);
            assert_same(&patterns, &in_full);
            lus_tally_free(&patterns), lus_tally_free(&in_full);
        }
    }
    (void)unlink(file), (void)unlink(recipe);
}

/* A last row whose last field is empty, and no line end behind it: the bytes there are those of an
 * earlier block. */
static void open_end(void **ignored)
{
    (void)ignored;
    static const struct {
        const char *header, *row, *last;
        struct question question;
    } files[] = {{"w,months,g,dead", "1,%u,%u,1\n", "1,12,1,", {"g", NULL, false}},
                 {"w,months,dead,size", "1,%u,%u,7\n", "1,12,1,", {NULL, "size > 3", false}},
                 {"w,g,dead,months", "1,%u,%u,70\n", "1,12,1,", {"g", NULL, false}},
                 {"w,months,dead,g", "1,%u,%u,b\n", "1,12,1,", {"g", NULL, true}}};
    char path[] = "/tmp/lustrum-patterns-XXXXXX";
    (void)close(mkstemp(path));
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        for (unsigned rows = 1; rows <= 40000; rows *= 40000 - 1) {
            FILE *f = fopen(path, "wb");
            assert_non_null(f);
            (void)fprintf(f, "%s\n", files[k].header);
            for (unsigned i = 0; i < rows; i++)
                (void)fprintf(f, files[k].row, 10 + i % 80, i % 2);
            (void)fputs(files[k].last, f);
            assert_int_equal(fclose(f), 0);
            struct lus_tally patterns, in_full;
            struct lus_query q = LUS_QUERY_INIT;
            struct lus_error err = LUS_ERROR_INIT;
            const char *names[] = {path};
            q.files = names, q.n_files = 1, q.time = "months", q.event = "dead", q.drop_bad = 1,
            q.n_threads = 1;
            q.by = files[k].question.by, q.where = files[k].question.where,
            q.missing_as_level = files[k].question.missing_as_level;
            if (lus_tally_read(&q, &patterns, &err) != LUS_OK) fail_msg("%s", err.message);
            q.weight = "w";
            if (lus_tally_read(&q, &in_full, &err) != LUS_OK) fail_msg("%s", err.message);
            assert_same(&patterns, &in_full);
            lus_tally_free(&patterns), lus_tally_free(&in_full);
        }
    (void)unlink(path);
}

/* A key holds every byte of a text and nothing of what stands behind it. */
static void masks(void **ignored)
{
    (void)ignored;
    static const char text[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (uint32_t width = 2; width <= LUS_PATTERN_WIDE; width++) {
        char kept[32] = {0}, wanted[32] = {0};
        for (size_t half = 0; half < 2; half++) {
            lus_word word = lus_load_word(text + 16 * half) & lus_text_masks[width][half];
            memcpy(kept + 16 * half, &word, 16);
        }
        memcpy(wanted, text, width - 1);
        assert_memory_equal(kept, wanted, 32);
    }
    for (uint32_t width = 2; width <= LUS_PATTERN_WIDE; width++)
        assert_true(lus_number_masks[width] == (width > 9 ? 0 : lus_text_masks[width][0][0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_if_in_full), cmocka_unit_test(open_end),
                                       cmocka_unit_test(masks)};
    return RUN(tests);
}
