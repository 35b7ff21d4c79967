/* lustrum compare: tests between strata, pairs with adjusted p-values, differences. */
#include <stdlib.h>

#include "command/compare.h"
#include "command/option.h"
#include "support/parallel.h"
#include "support/times.h"

static const struct lus_option options[] = {
    LIST("test", "NAME,...", test,
         "beside log-rank: gehan-breslow, tarone-ware, peto-peto, modified-peto, "
         "fleming-harrington(RHO,GAMMA)"),
    LIST("strata", "COL,...", strata, "stratified tests: the sums run over these columns' levels"),
    FLAG("trend", trend, "test for trend, scores 1..k over the declared order of levels"),
    LIST("scores", "X,...", scores, "test for trend with these scores, one for each group"),
    REAL("rho", "R", rho, "of fleming-harrington (default: 1)"),
    REAL("gamma", "G", gamma, "of fleming-harrington (default: 0)"),
    END};
const struct lus_option_group lus_comparing_options = {"Comparing", options};

/* V is groups x groups at every time of death, and there are 19,900 pairs */
enum { MOST_GROUPS = 200 };

static int check(const struct lus_compared *x, struct lus_error *err)
{
    const struct lus_tally *t = &x->tally;
    if (x->groups.n_groups < 2)
        return lus_fail(err, LUS_EDATA, "%s: there is one group only; a comparison needs two",
                        t->file);
    if (x->groups.n_groups > MOST_GROUPS)
        return lus_fail(
            err, LUS_EUSAGE,
            "%zu groups; compare takes at most %d (group them with cuts or levels in a recipe)",
            x->groups.n_groups, MOST_GROUPS);
    if (t->has_fractional_weights)
        return lus_fail(
            err, LUS_EDATA,
            "%s: the tests take weights that are copies: whole numbers, or --weight-is copies",
            t->file);
    return LUS_OK;
}

/* All that can be said before a row is read. */
static int prepare(struct lus_compared *x, struct lus_error *err)
{
    const struct lus_tally *t = &x->tally;
    LUS_TRY(lus_fitting_of(x->o, t, &x->fitting, err));
    if (!t->n_by) return lus_fail(err, LUS_EUSAGE, "compare needs --by COL: the groups to compare");
    if (t->overlaps)
        return lus_fail(
            err, LUS_EUSAGE,
            "the strata overlap (any_of), and no test between overlapping groups is valid");
    if (!x->fitting.estimator->is_product_limit && x->o->method)
        return lus_fail(err, LUS_EUSAGE, "compare works with --method kaplan-meier");
    if (x->fitting.given > 0)
        return lus_fail(err, LUS_EUSAGE, "compare takes --landmark, not --given");
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", t->unit, &x->horizons,
                            &x->n_horizons, err));
    if (!x->o->rmst) return LUS_OK;
    return lus_horizons_of(x->r, "--rmst", x->o->rmst, t->unit, &x->means, &x->n_means, err);
}

static struct lus_measured measure(const struct lus_compared *x, size_t g,
                                   const struct lus_curve *c, lus_time time, bool is_mean)
{
    if (is_mean) {
        struct lus_mean m = lus_restricted_mean(x->groups.wholes[g], c, time,
                                                x->fitting.conf.level);
        double unit = (double)lus_unit_ticks(x->tally.unit);
        return (struct lus_measured){m.mean / unit, m.std_error / unit, m.why};
    }
    struct lus_point p = lus_curve_at(c, time, &x->fitting.conf);
    return (struct lus_measured){p.survival, p.std_error,
                                 p.why != LUS_AVAILABLE ? p.why : p.why_error};
}

/* The last time that anything is asked of. */
static lus_time last_asked(const struct lus_compared *x)
{
    lus_time last = 0;
    for (size_t h = 0; h < x->n_horizons; h++)
        last = x->horizons[h].time > last ? x->horizons[h].time : last;
    for (size_t h = 0; h < x->n_means; h++)
        last = x->means[h].time > last ? x->means[h].time : last;
    return last;
}

static int measure_group(void *context, size_t g)
{
    const struct lus_compared *x = context;
    struct lus_curve c;
    /* of the rows behind the last time nothing is asked; one stays, or there would be nobody */
    struct lus_event_table head = *x->groups.wholes[g];
    size_t n = lus_first_from(head.time, head.n, last_asked(x) + 1);
    head.n = n || !head.n ? n : 1;
    LUS_TRY(lus_kaplan_meier(&head, 0, &c));
    struct lus_measured *out = &x->measured[g * (x->n_horizons + x->n_means)];
    for (size_t h = 0; h < x->n_horizons; h++)
        out[h] = measure(x, g, &c, x->horizons[h].time, false);
    for (size_t h = 0; h < x->n_means; h++)
        out[x->n_horizons + h] = measure(x, g, &c, x->means[h].time, true);
    lus_curve_free(&c);
    return LUS_OK;
}

static int run_test(void *context, size_t i)
{
    const struct lus_compared *x = context;
    return lus_rank_tests(&x->tests[i], x->groups.tables, x->groups.n_groups, x->groups.n_strata,
                          x->scores, x->threads_each, &x->results[i]);
}

/* The work, before any table: each group's curve, each test. A single test has all threads to
 * itself. */
static int compute(struct lus_compared *x, struct lus_error *err)
{
    size_t n_threads = x->tally.n_threads;
    x->n_pairs = x->groups.n_groups * (x->groups.n_groups - 1) / 2;
    x->threads_each = x->n_tests > 1 ? 1 : n_threads;
    x->results = lus_alloc_zeroed(x->n_tests, sizeof *x->results);
    x->measured = lus_alloc_zeroed(x->groups.n_groups * (x->n_horizons + x->n_means),
                                   sizeof *x->measured);
    int status = x->results && x->measured ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) status = lus_parallel(x->groups.n_groups, n_threads, measure_group, x);
    if (status == LUS_OK) status = lus_parallel(x->n_tests, n_threads, run_test, x);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

/* The groups of the tally, their tests and curves. */
static int compare(struct lus_compared *x, struct lus_error *err)
{
    LUS_TRY(lus_groups_make(&x->tally, &x->groups, err));
    LUS_TRY(check(x, err));
    LUS_TRY(lus_compared_scores(x, err));
    return compute(x, err);
}

/* All but the tally. */
static void free_compared(struct lus_compared *x)
{
    for (size_t i = 0; x->results && i < x->n_tests; i++)
        lus_rank_results_free(&x->results[i]);
    free(x->results), free(x->measured), free(x->horizons), free(x->means);
    free(x->tests), free(x->scores);
    lus_groups_free(&x->groups);
}

int lus_compare_tally(const struct lus_options *o, struct lus_result *r,
                      const struct lus_tally *tally, struct lus_error *err)
{
    struct lus_compared x = {.o = o, .r = r, .tally = *tally};
    int status = lus_compared_tests(&x, err);
    if (status == LUS_OK) status = prepare(&x, err);
    if (status == LUS_OK) status = compare(&x, err);
    if (status == LUS_OK) status = lus_add_tests(&x, err);
    if (status == LUS_OK) lus_add_differences(&x);
    free_compared(&x);
    return status;
}

static int build(struct lus_compared *x, struct lus_error *err)
{
    LUS_TRY(compare(x, err));
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    LUS_TRY(lus_add_tests(x, err));
    LUS_TRY(lus_add_test_pairs(x, err));
    lus_add_differences(x);
    if (x->tally.n_split)
        lus_document_note(&x->r->document, lus_of_method(),
                          "Stratified by %s: observed less expected and their variance are summed "
                          "over %zu strata.",
                          x->o->strata, x->groups.n_strata);
    if (x->tally.completed)
        lus_document_note(&x->r->document, lus_of_method(),
                          "Times are completed %s: the tests and differences take them as exact, "
                          "by Kaplan-Meier; lustrum rates estimates by intervals.",
                          lus_unit_name(x->tally.unit));
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(x->o, x->r, &x->tally, &x->inputs, err);
}

int lus_compare(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_compared x = {.o = o, .r = r};
    struct lus_query query;
    int status = lus_query_of(o, &query, err);
    query.strata = o->strata;
    if (status == LUS_OK && !o->by)
        status = lus_fail(err, LUS_EUSAGE, "compare needs --by COL: the groups to compare");
    if (status == LUS_OK) status = lus_compared_tests(&x, err);
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &x.inputs, &x.tally, r, err);
    if (status == LUS_OK) status = prepare(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&x.inputs, &x.tally, err);
    if (status == LUS_OK) status = build(&x, err);
    free_compared(&x);
    lus_inputs_free(&x.inputs);
    lus_tally_free(&x.tally);
    return status;
}
