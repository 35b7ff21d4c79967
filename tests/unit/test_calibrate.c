/* Fitting a model: what was changed comes back. */
#include "unit.h"

#include <stdlib.h>

#include "lustrum/calibrate.h"

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* Hazards of 0.2 a year, and of twice that in the group b: survival at 2 years is exp(-0.4) = 0.670
 * and exp(-0.8) = 0.449. The fit begins with 0.3 and a ratio of 1.3. */
static void comes_back(void **state)
{
    (void)state;
    char folder[] = "/tmp/lustrum-fit-XXXXXX", model[64], targets[64], figures[64], recipe[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(model, sizeof model, "%s/model.yaml", folder);
    (void)snprintf(targets, sizeof targets, "%s/targets.yaml", folder);
    (void)snprintf(figures, sizeof figures, "%s/figures.yaml", folder);
    (void)snprintf(recipe, sizeof recipe, "%s/recipe.yaml", folder);
    write_text(model, "variables: {d: {date: {from: 2000-01-01, to: 2000-12-31}}, g: {shares: {a: "
                      "0.5, b: 0.5}}}\n"
                      "death:\n  x:\n    piecewise: {from: [0], per_year: [0.3], fit: true} # one\n"
                      "    effects: [{if: 'g == \"b\"', ratio: 1.3, fit: true}]\n"
                      "follow_up: {origin: d, closing: 2010-01-01}\n"
                      "output: {time: t, unit: years, places: 3, event: s}\n");
    write_text(figures,
               "figures:\n"
               "  - {id: a, statistic: survival, at: 2y, value: 0.6703, measure: OS, where: 'g == "
               "\"a\"'}\n"
               "  - {id: b, statistic: survival, at: 2y, value: 0.4493, measure: OS, where: 'g == "
               "\"b\"'}\n"
               "  - {id: out, statistic: survival, at: 1y, value: 0.8187, measure: OS, where: 'g "
               "== \"a\"'}\n");
    write_text(targets, "figures: figures.yaml\ntargets: {a: 0.002, b: 0.002}\nheld_out: [out]\n");
    write_text(recipe, "skip: '#'\nsynthetic: true\ntargets: targets.yaml\n"
                       "time: {column: t, unit: years}\nevent: {column: s, is: [x]}\n");
    struct lus_calibration q = {
        .model = model, .targets = targets, .recipe = recipe, .n = 40000, .seed = 3, .rounds = 8};
    struct lus_calibrated c;
    struct lus_error err = LUS_ERROR_INIT;
    if (lus_calibrate(&q, &c, &err) != LUS_OK) fail_msg("%s", err.message);
    assert_int_equal(c.n_targets, 2);
    assert_int_equal(c.n, 3);
    assert_true(c.before > 20);
    assert_true(c.after < 1);
    assert_int_equal(c.at[0].verdict, LUS_TARGET_MET);
    assert_int_equal(c.at[1].verdict, LUS_TARGET_MET);
    assert_int_equal(c.at[2].verdict, LUS_FITS);
    double hazard = 0, ratio = 0;
    const char *at = strstr(c.model, "per_year: ["), *times = strstr(c.model, "ratio: ");
    assert_non_null(at);
    assert_non_null(times);
    hazard = strtod(at + strlen("per_year: ["), NULL), ratio = strtod(times + 7, NULL);
    assert_true(fabs(hazard - 0.2) < 0.005); /* of 40,000 drawn, and a weak prior */
    assert_true(fabs(ratio - 2) < 0.07);
    assert_non_null(strstr(c.model, "], fit: true} # one\n"));
    lus_calibrated_free(&c);
    q.rounds = 0; /* looked at: the text as it was */
    if (lus_calibrate(&q, &c, &err) != LUS_OK) fail_msg("%s", err.message);
    assert_non_null(strstr(c.model, "per_year: [0.3]"));
    lus_calibrated_free(&c);
    (void)remove(model), (void)remove(targets), (void)remove(figures), (void)remove(recipe);
    (void)remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
