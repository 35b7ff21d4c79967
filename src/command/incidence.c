/* lustrum incidence: of what do they die, by when; years lost; tests between groups. */
#include "command/incidence.h"

#include <math.h>
#include <stdlib.h>

#include "command/option.h"
#include "support/parallel.h"

static const struct lus_option of_causes[] = {
    LIST("causes", "NAME=LEVEL,...", causes,
         "which level of the event's column is which cause, as cancer=1,other=2 (default: the "
         "recipe's)"),
    END};
static const struct lus_option options[] = {
    LIST("at", "TIME,...", at,
         "horizons: 5y, 18m, 90d, 6w, or a number in the file's unit (default: 5y)"),
    TEXT("variance", 0, "delta|aalen", variance,
         "delta (default), which is R's survfit's; or Aalen's of 1978, as in SAS"),
    REAL("rho", "R", rho, "of Gray's test, (1 - F)^R (default: 0)"),
    LIST("strata", "COL,...", strata, "a stratified test: the sums run over these columns' levels"),
    FLAG("curve", curve, "the table `curve` too: every time of the curves"),
    END};
const struct lus_option_group lus_cause_options = {"Causes", of_causes};
const struct lus_option_group lus_incidence_options = {"Incidence", options};

enum { MOST_GROUPS = 50 }; /* of a test: its work grows with their cube */

const char *lus_cause_name(const struct lus_incidence_asked *x, size_t cause)
{
    const char *name = x->tally.causes[cause].name;
    return name ? name : "no named cause";
}

/* All that can be said before a row is read. */
static int prepare(struct lus_incidence_asked *x, struct lus_error *err)
{
    const struct lus_options *o = x->o;
    const struct lus_tally *t = &x->tally;
    x->n_causes = t->n_causes;
    x->rho = isnan(o->rho) ? 0 : o->rho;
    LUS_TRY(lus_conf_of(o, &x->conf, err));
    if (!t->causes[0].name)
        return lus_fail(err, LUS_EUSAGE,
                        "%s: which level of %s is which cause? --causes cancer=1,other=2, or a "
                        "recipe's event: {causes: {cancer: [..], other: [..]}}",
                        t->file, t->event_column);
    if (o->variance && lus_incidence_variance_parse(o->variance, &x->variance) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE, "--variance is delta or aalen, not \"%s\"", o->variance);
    if (x->rho < 0) return lus_fail(err, LUS_EUSAGE, "--rho is 0 or more");
    if (o->strata && !t->n_by)
        return lus_fail(err, LUS_EUSAGE, "--strata goes with --by COL: the groups of the test");
    if (t->completed)
        return lus_fail(err, LUS_EUSAGE,
                        "%s: times are completed %s, and incidence takes exact ones; `completed: "
                        "false` in the recipe takes them so, half a unit too short",
                        t->file, lus_unit_name(t->unit));
    LUS_TRY(lus_horizons_of(x->r, "--at", o->at ? o->at : "5y", t->unit, &x->horizons,
                            &x->n_horizons, err));
    return lus_incidence_tables_begin(x, err);
}

static int make_tables(struct lus_incidence_asked *x)
{
    const struct lus_tally *t = &x->tally;
    size_t n = x->n_causes;
    x->of_cause = lus_alloc_zeroed(t->n_strata * n, sizeof *x->of_cause);
    x->wholes = lus_alloc_zeroed(x->groups.n_groups * n, sizeof *x->wholes);
    x->sums = lus_alloc_zeroed(x->groups.n_groups * n, sizeof *x->sums);
    x->curves = lus_alloc_zeroed(x->groups.n_groups, sizeof *x->curves);
    const struct lus_event_table **own = lus_alloc_zeroed(t->n_strata + 1, sizeof *own);
    int status = x->of_cause && x->wholes && x->sums && x->curves && own ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < t->n_strata * n && status == LUS_OK; i++)
        status = lus_stratum_table(t, &t->strata[i / n], i % n + 1, t->ignores_entry,
                                   &x->of_cause[i]);
    for (size_t g = 0; g < x->groups.n_groups * n && status == LUS_OK; g++) {
        size_t parts = 0;
        for (size_t i = 0; i < t->n_strata; i++)
            if (x->groups.group_of[i] == g / n) own[parts++] = &x->of_cause[i * n + g % n];
        x->wholes[g] = parts == 1 ? own[0] : &x->sums[g];
        if (parts > 1) status = lus_event_table_sum(own, parts, &x->sums[g]);
    }
    free(own);
    return status;
}

static int fit_group(void *context, size_t g)
{
    struct lus_incidence_asked *x = context;
    return lus_aalen_johansen(x->groups.wholes[g], &x->wholes[g * x->n_causes], x->n_causes,
                              x->variance, &x->curves[g]);
}

/* Why there is no test; NULL: there is one. */
static const char *why_no_test(const struct lus_incidence_asked *x)
{
    const struct lus_tally *t = &x->tally;
    if (t->overlaps) return "the strata overlap";
    if (t->has_entry && !t->ignores_entry && t->late_entries)
        return "there is none of late entries (lustrum compare --event COL=LEVEL tests the hazard "
               "of one cause)";
    if (t->has_weights)
        return "there is none of weights (lustrum compare --event COL=LEVEL tests the hazard of "
               "one cause)";
    return x->groups.n_groups > MOST_GROUPS ? "there are more than 50 groups" : NULL;
}

static int add_test(struct lus_incidence_asked *x, size_t cause,
                    const struct lus_event_table **tables)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->tests;
    struct lus_test_result result;
    for (size_t i = 0; i < x->tally.n_strata; i++)
        tables[x->groups.stratum_of[i] * x->groups.n_groups + x->groups.group_of[i]] =
            &x->of_cause[i * x->n_causes + cause];
    LUS_TRY(lus_gray_test(x->groups.tables, tables, x->groups.n_groups, x->groups.n_strata, x->rho,
                          &result));
    lus_table_row(d, t, x->r->everybody);
    lus_table_text(d, t, lus_document_text(d, "%s", lus_cause_name(x, cause)));
    lus_table_text(d, t, "gray");
    lus_table_number(d, t, x->rho);
    const double numbers[] = {result.statistic, result.df, result.p_value};
    for (size_t i = 0; i < 3; i++)
        lus_table_cell(d, t, (struct lus_cell){.number = numbers[i], .why = result.why});
    lus_test_result_free(&result);
    return LUS_OK;
}

static int add_tests(struct lus_incidence_asked *x)
{
    struct lus_document *d = &x->r->document;
    size_t n = x->groups.n_groups * x->groups.n_strata;
    if (!x->tests || x->groups.n_groups < 2) return LUS_OK;
    const char *why = why_no_test(x);
    if (why) {
        lus_document_note(d, lus_of_method(), "Gray's test is not made: %s.", why);
        return LUS_OK;
    }
    const struct lus_event_table **tables = lus_alloc_zeroed(n, sizeof *tables);
    int status = tables ? LUS_OK : LUS_ENOMEM;
    for (size_t k = 0; k < x->n_causes && status == LUS_OK; k++)
        status = add_test(x, k, tables);
    free(tables);
    return status;
}

static void add_method_notes(struct lus_incidence_asked *x)
{
    struct lus_document *d = &x->r->document;
    const struct lus_tally *t = &x->tally;
    d->estimator = "Aalen-Johansen", d->conf_level = x->conf.level;
    d->transform = lus_transform_name(x->conf.transform);
    lus_document_note(
        d, lus_of_method(), "Aalen-Johansen estimate%s%s; %g %% intervals, %s (%s). Times in %s.",
        t->origin ? ", from " : "", t->origin ? t->origin : "", 100 * x->conf.level, d->transform,
        t->has_fractional_weights ? "infinitesimal jackknife"
                                  : lus_incidence_variance_name(x->variance),
        lus_unit_name(t->unit));
}

static int build(struct lus_incidence_asked *x, struct lus_error *err)
{
    if (x->variance == LUS_VARIANCE_AALEN && x->tally.has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE,
                        "--variance aalen takes weights that are copies; those of sampling have "
                        "the infinitesimal jackknife");
    LUS_TRY(lus_groups_make(&x->tally, &x->groups, err));
    if (x->o->wants_round_times) LUS_TRY(lus_round_times_of(x->o, x->r, &x->tally, &x->times, err));
    int status = make_tables(x);
    if (status == LUS_OK)
        status = lus_parallel(x->groups.n_groups, x->tally.n_threads, fit_group, x);
    if (status != LUS_OK) return lus_fail_memory(err);
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    for (size_t g = 0; g < x->groups.n_groups && status == LUS_OK; g++)
        status = lus_incidence_tables_add(x, g);
    if (status == LUS_OK) status = add_tests(x);
    if (status != LUS_OK) return lus_fail_memory(err);
    add_method_notes(x);
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(x->o, x->r, &x->tally, &x->inputs, err);
}

int lus_incidence(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_incidence_asked x = {.o = o, .r = r};
    struct lus_query query;
    int status = lus_query_of(o, &query, err);
    query.strata = o->strata, query.every_cause = query.keeps_counts = true;
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &x.inputs, &x.tally, r, err);
    if (status == LUS_OK) status = prepare(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&x.inputs, &x.tally, err);
    if (status == LUS_OK) status = build(&x, err);
    for (size_t g = 0; g < x.groups.n_groups; g++) {
        if (x.curves) lus_incidence_free(&x.curves[g]);
        for (size_t k = 0; x.sums && k < x.n_causes; k++)
            lus_event_table_free(&x.sums[g * x.n_causes + k]);
    }
    for (size_t i = 0; x.of_cause && i < x.tally.n_strata * x.n_causes; i++)
        lus_event_table_free(&x.of_cause[i]);
    free(x.curves), free(x.sums), free(x.wholes), free(x.of_cause);
    free(x.horizons), free(x.times.at);
    lus_groups_free(&x.groups);
    lus_inputs_free(&x.inputs);
    lus_tally_free(&x.tally);
    return status;
}
