/* Cox's model by hand. Five patients, with the event at 1 (x = 1) and 2 (x = 0), lost at 3 (x = 1),
 * 4 and 5 (x = 0). With h = exp(b) the partial likelihood is h/(2h + 3) * 1/(h + 3); it is largest
 * where 3/(2h + 3) = h/(h + 3), at h = 3/sqrt(2).
 * Then invariances, and a slow walk that sums over each risk set. */
#include <unistd.h>

#include "unit.h"

static char folder[] = "/tmp/lustrum-cox-XXXXXX";

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

static struct lus_cox *fit_with(const char *text, const char *model, struct lus_query query,
                                struct lus_cox_question question)
{
    char path[64];
    const char *file = path;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_cox *fit;
    (void)snprintf(path, sizeof path, "%s/d.csv", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
    query.files = &file, query.n_files = 1, query.no_recipe = true, query.drop_bad = -1;
    query.time = "t", query.event = "d=1", query.unit = "months";
    question.model = model;
    int status = lus_cox_read(&query, &question, &fit, &err);
    if (status != LUS_OK) print_error("%s\n", err.message);
    assert_int_equal(status, LUS_OK);
    return fit;
}

static struct lus_cox *fit(const char *text, const char *model)
{
    return fit_with(text, model, (struct lus_query){0}, (struct lus_cox_question){0});
}

static void by_hand(void **state)
{
    (void)state;
    struct lus_cox *x = fit("t,d,x\n1,1,1\n2,1,0\n3,0,1\n4,0,0\n5,0,0\n", "x");
    assert_int_equal(lus_cox_n_coefficients(x), 1);
    struct lus_cox_coefficient c = lus_cox_coefficient(x, 0);
    double h = 3 / sqrt(2);
    assert_near(c.hazard_ratio, h);
    double information = 2 * h * 3 / pow(2 * h + 3, 2) + 3 * h / pow(h + 3, 2);
    assert_near(c.std_error, 1 / sqrt(information));
    struct lus_cox_summary s = lus_cox_summary(x);
    assert_near(s.loglik_null, -log(5) - log(4));
    assert_near(s.loglik, log(h) - log(2 * h + 3) - log(h + 3));
    /* at 0: U = 1 - 2/5 - 1/4, I = 2/5 * 3/5 + 1/4 * 3/4 */
    assert_near(s.score, pow(0.35, 2) / (6.0 / 25 + 3.0 / 16));
    assert_near(s.lr, 2 * (s.loglik - s.loglik_null));
    assert_near(s.wald, pow(log(h), 2) * information);
    assert_true(s.decrement < 1e-8);
    assert_true(s.n == 5 && s.events == 2 && s.df == 1);
    lus_cox_free(x);
}

/* Two deaths at 1 among five, at b = 0. Breslow: each sees 5. Efron: the second sees 4, the mean of
 * the two being less. Discrete: one of ten pairs. */
static void ties(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct lus_cox_question question = {.ties = (enum lus_ties)k};
        struct lus_cox *x = fit_with("t,d,x,z\n1,1,1,1\n1,1,0,2\n2,0,0,3\n3,0,0,2\n2.5,1,0,4\n",
                                     "z", (struct lus_query){0}, question);
        /* at b = 0, five at risk, two die; then of two one */
        double first = k == 0 ? log(5) + log(4) : k == 1 ? 2 * log(5) : log(10);
        assert_near(lus_cox_summary(x).loglik_null, -first - log(2));
        lus_cox_free(x);
    }
}

/* A file of n people with ties, late entries and a factor, by a rule that anybody can repeat. */
static char *people(size_t n, int order, bool repeats)
{
    char *text = malloc(n * 400), *at = text;
    assert_non_null(text);
    at += sprintf(at, "id,t,d,e,x,g,w,o\n");
    for (size_t k = 0; k < n; k++) {
        size_t i = order ? (k * 7 + 3) % n : k; /* 7 and n have no common factor */
        unsigned a = (unsigned)(i * 2654435761u), b = a ^ (a >> 13);
        b *= 0x5bd1e995, b ^= b >> 15;
        int time = 1 + (int)(b % 23), dead = (b >> 5) % 3 != 0, late = (b >> 9) % 4 == 0;
        int weight = 1 + (int)((b >> 11) % 3), copies = repeats ? weight : 1;
        for (int c = 0; c < copies; c++)
            at += sprintf(at, "%zu,%d,%d,%d,%u,%c,%d,1\n", i, time, dead, late ? time / 2 : 0,
                          (b >> 14) % 50, "pqr"[(b >> 20) % 3], weight);
    }
    return text;
}

static void assert_same(const struct lus_cox *a, const struct lus_cox *b)
{
    assert_int_equal(lus_cox_n_coefficients(a), lus_cox_n_coefficients(b));
    for (size_t i = 0; i < lus_cox_n_coefficients(a); i++) {
        struct lus_cox_coefficient x = lus_cox_coefficient(a, i), y = lus_cox_coefficient(b, i);
        assert_true(fabs(x.coefficient - y.coefficient) < 1e-9 * y.std_error);
        assert_true(fabs(x.std_error - y.std_error) < 1e-9 * y.std_error);
        if (!isnan(y.robust_error))
            assert_true(fabs(x.robust_error - y.robust_error) < 1e-9 * y.robust_error);
    }
    assert_true(fabs(lus_cox_summary(a).loglik - lus_cox_summary(b).loglik) < 1e-8);
}

/* Any order of rows, any number of threads, weights of copies for rows repeated. */
static void invariances(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct lus_cox_question question = {.ties = (enum lus_ties)k, .is_robust = true};
        struct lus_query late = {.entry = "e", .id = "none"}, one = late, weighted = late;
        one.n_threads = 1, late.n_threads = 4;
        weighted.weight = "w", weighted.weight_is = "copies";
        char *text = people(500, 0, false), *shuffled = people(500, 1, false),
             *repeated = people(500, 0, true);
        struct lus_cox *a = fit_with(text, "x + g", late, question),
                       *b = fit_with(shuffled, "x + g", late, question),
                       *c = fit_with(text, "x + g", one, question),
                       *d = fit_with(text, "x + g", weighted, question),
                       *e = fit_with(repeated, "x + g", late, question);
        assert_same(a, b);
        assert_same(d, e);
        for (size_t i = 0; i < 3; i++)
            assert_true(lus_cox_coefficient(a, i).coefficient ==
                        lus_cox_coefficient(c, i).coefficient);
        lus_cox_free(a), lus_cox_free(b), lus_cox_free(c), lus_cox_free(d), lus_cox_free(e);
        free(text), free(shuffled), free(repeated);
    }
}

/* Many who are alike are one row with their number: the same fit as of each by itself. */
static void collapsed(void **state)
{
    (void)state;
    enum { N = 9000 };
    char *text = malloc(N * 20), *at = text;
    assert_non_null(text);
    at += sprintf(at, "t,d,x,g\n");
    for (unsigned i = 0; i < N; i++) {
        unsigned b = i * 2654435761u;
        b ^= b >> 13, b *= 0x5bd1e995, b ^= b >> 15;
        at += sprintf(at, "%u,%u,%u,%c\n", 1 + b % 23, (b >> 5) % 3 != 0, (b >> 14) % 5,
                      "pqr"[(b >> 20) % 3]);
    }
    for (int k = 0; k < 2; k++) {
        struct lus_cox_question apart = {.ties = (enum lus_ties)k, .keeps_rows = true},
                                together = {.ties = (enum lus_ties)k};
        apart.is_robust = together.is_robust = true;
        struct lus_cox *a = fit_with(text, "x * g", (struct lus_query){0}, apart),
                       *b = fit_with(text, "x * g", (struct lus_query){0}, together),
                       *c = fit_with(text, "x + strata(g)", (struct lus_query){0}, apart),
                       *d = fit_with(text, "x + strata(g)", (struct lus_query){0}, together);
        assert_same(a, b);
        assert_same(c, d);
        assert_true(lus_cox_summary(a).n == N && lus_cox_summary(b).n == N);
        lus_cox_free(a), lus_cox_free(b), lus_cox_free(c), lus_cox_free(d);
    }
    free(text);
}

/* Another reference is the same model; so are strata of one level, and a row in two stretches. */
static void same_model(void **state)
{
    (void)state;
    char *text = people(300, 0, false);
    struct lus_query q = {.id = "none"};
    struct lus_cox *a = fit_with(text, "x + g", q, (struct lus_cox_question){0}),
                   *b = fit_with(text, "x + ref(g, \"q\")", q, (struct lus_cox_question){0}),
                   *c = fit_with(text, "x + at(g, 9m)", q, (struct lus_cox_question){0}),
                   *d = fit_with(text, "x + g + strata(o)", q, (struct lus_cox_question){0});
    assert_near(lus_cox_summary(a).loglik, lus_cox_summary(b).loglik);
    /* q against p is the other way round p against q */
    assert_true(fabs(lus_cox_coefficient(a, 1).coefficient +
                     lus_cox_coefficient(b, 1).coefficient) < 1e-10);
    assert_int_equal(lus_cox_n_coefficients(c), 5);
    assert_true(lus_cox_summary(c).loglik > lus_cox_summary(a).loglik);
    assert_same(a, d);
    lus_cox_free(a), lus_cox_free(b), lus_cox_free(c), lus_cox_free(d);
    free(text);
}

/* Efron's partial likelihood, risk set by risk set: its slope at the fit is 0, its value there and
 * at 0 is the fit's. */
static void slow_walk(void **state)
{
    (void)state;
    enum { N = 400 };
    char *text = people(N, 0, false);
    struct lus_query q = {.entry = "e", .id = "none"};
    struct lus_cox *fitted = fit_with(text, "x", q, (struct lus_cox_question){0});
    double t[N], e[N], x[N], b = lus_cox_coefficient(fitted, 0).coefficient;
    int d[N];
    const char *line = strchr(text, '\n') + 1;
    for (size_t i = 0; i < N; i++, line = strchr(line, '\n') + 1)
        assert_int_equal(sscanf(line, "%*u,%lf,%d,%lf,%lf", &t[i], &d[i], &e[i], &x[i]), 4);
    for (int at_zero = 0; at_zero < 2; at_zero++) {
        double beta = at_zero ? 0 : b, loglik = 0, slope = 0;
        for (int time = 1; time <= 23; time++) {
            double s0 = 0, s1 = 0, e0 = 0, e1 = 0, deaths = 0;
            for (size_t i = 0; i < N; i++) {
                if (t[i] < time || e[i] >= time) continue;
                double r = exp(beta * x[i]);
                s0 += r, s1 += r * x[i];
                if (t[i] > time || !d[i]) continue;
                e0 += r, e1 += r * x[i], deaths++;
                loglik += beta * x[i], slope += x[i];
            }
            for (double j = 0; j < deaths; j++) {
                double below = s0 - j / deaths * e0;
                loglik -= log(below), slope -= (s1 - j / deaths * e1) / below;
            }
        }
        struct lus_cox_summary s = lus_cox_summary(fitted);
        assert_near(loglik, at_zero ? s.loglik_null : s.loglik);
        if (!at_zero) assert_true(fabs(slope) * lus_cox_coefficient(fitted, 0).std_error < 1e-8);
    }
    lus_cox_free(fitted);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand),     cmocka_unit_test(ties),
                                       cmocka_unit_test(invariances), cmocka_unit_test(same_model),
                                       cmocka_unit_test(collapsed),   cmocka_unit_test(slow_walk)};
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
