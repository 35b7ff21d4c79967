#include "command/net_analysis.h"

#include <math.h>
#include <stdlib.h>

#include "people/worker.h"
#include "relative/walk.h"
#include "support/times.h"

const char *lus_net_words(enum lus_net_method method)
{
    static const char *const words[] = {"Pohar Perme net survival", "Ederer II relative survival",
                                        "Ederer I relative survival",
                                        "Hakulinen relative survival"};
    return words[method];
}

/* --- options --- */

static int parse_periods(struct lus_net_analysis *n, struct lus_error *err)
{
    struct lus_document *d = &n->r->document;
    struct lus_arena arena = {0};
    char **parts = NULL;
    int status = LUS_OK;
    n->n_periods = 1;
    if (n->o->period) status = lus_list_split(&arena, n->o->period, &parts, &n->n_periods, err);
    n->periods = status == LUS_OK ? lus_alloc_zeroed(n->n_periods, sizeof *n->periods) : NULL;
    if (status == LUS_OK && !n->periods) status = lus_fail_memory(err);
    for (size_t i = 0; parts && i < n->n_periods && status == LUS_OK; i++) {
        int64_t from, to;
        if (!lus_years_parse(parts[i], &from, &to))
            status = lus_fail(err, LUS_EUSAGE,
                              "--period takes calendar years, as in 2008-2012, not \"%s\"",
                              parts[i]);
        else
            n->periods[i] = (struct lus_period){
                lus_document_text(d, "%s", parts[i]),
                {from * lus_unit_ticks(LUS_DAYS), to * lus_unit_ticks(LUS_DAYS)}};
    }
    lus_arena_free(&arena);
    return status;
}

static int parse_times(struct lus_net_analysis *n, struct lus_error *err)
{
    const struct lus_options *o = n->o;
    enum lus_unit unit = n->tally.unit;
    LUS_TRY(lus_horizons_of(n->r, "--at", o->at ? o->at : "5y", unit, &n->horizons, &n->n_horizons,
                            err));
    if (o->given) LUS_TRY(lus_duration_parse(o->given, unit, &n->query.given, err));
    if (o->interval) {
        LUS_TRY(lus_duration_parse(o->interval, unit, &n->query.interval, err));
        if (n->query.interval < lus_unit_ticks(LUS_DAYS))
            return lus_fail(err, LUS_EUSAGE, "--interval is a day or longer; 1m is usual");
        if (n->query.given % n->query.interval)
            return lus_fail(err, LUS_EUSAGE, "--given must be a whole number of intervals");
    }
    n->marks = lus_alloc(n->n_horizons, sizeof *n->marks);
    if (!n->marks) return lus_fail_memory(err);
    for (size_t i = 0; i < n->n_horizons; i++) {
        lus_time time = n->marks[i] = n->horizons[i].time;
        if (n->query.given > 0 && time <= n->query.given)
            return lus_fail(err, LUS_EUSAGE, "--at %s is not later than --given",
                            n->horizons[i].text);
        if (n->query.interval && time % n->query.interval)
            return lus_fail(err, LUS_EUSAGE, "--at %s is not a whole number of intervals",
                            n->horizons[i].text);
    }
    qsort(n->marks, n->n_horizons, sizeof *n->marks, lus_by_time);
    n->query.at = n->marks;
    n->query.n_at = n->n_horizons;
    n->query.until = n->marks[n->n_horizons - 1];
    return LUS_OK;
}

static int parse_closing(struct lus_net_analysis *n, struct lus_error *err)
{
    int64_t days;
    bool is_month = false;
    if (!n->o->closing) return LUS_OK;
    if (n->query.method != LUS_HAKULINEN)
        return lus_fail(err, LUS_EUSAGE, "--closing goes with --method hakulinen");
    if (!lus_date_parse(lus_text_of(n->o->closing), &days, &is_month))
        return lus_fail(err, LUS_EUSAGE, "--closing is a date, as in 2010-12-31, not \"%s\"",
                        n->o->closing);
    n->query.closing = days * lus_unit_ticks(LUS_DAYS);
    n->query.closes_all = true;
    return LUS_OK;
}

static int parse_method(struct lus_net_analysis *n, struct lus_error *err)
{
    const struct lus_options *o = n->o;
    if (o->method && lus_net_method_parse(o->method, &n->query.method) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE,
                        "--method is pohar-perme, ederer2, ederer1 or hakulinen, not \"%s\"",
                        o->method);
    if (o->beyond && strcmp(o->beyond, "last") != 0 && strcmp(o->beyond, "error") != 0)
        return lus_fail(err, LUS_EUSAGE, "--beyond is last or error, not \"%s\"", o->beyond);
    bool divides = n->query.method == LUS_EDERER1 || n->query.method == LUS_HAKULINEN;
    if (divides && o->period)
        return lus_fail(
            err, LUS_EUSAGE,
            "--period goes with pohar-perme or ederer2; %s follows everybody from the origin",
            o->method);
    if (o->test && strcmp(o->test, "graffeo") != 0)
        return lus_fail(err, LUS_EUSAGE, "--test is graffeo, not \"%s\"", o->test);
    if (o->test && !o->by)
        return lus_fail(err, LUS_EUSAGE, "--test graffeo compares strata; name them with --by");
    if (o->strata && !o->test)
        return lus_fail(err, LUS_EUSAGE, "--strata goes with --test graffeo");
    if (o->standardise && o->strata)
        return lus_fail(err, LUS_EUSAGE, "--strata and --standardise do not go together");
    LUS_TRY(lus_conf_of(o, &n->conf, err));
    if (!o->conf) n->conf.transform = LUS_LOG; /* log-log has no limits from 1 on */
    return LUS_OK;
}

/* --- reading --- */

/* Ages in years that are called days would make everybody a newborn. */
static int check_ages(const struct lus_net_analysis *n, struct lus_error *err)
{
    lus_time oldest = 0;
    for (size_t i = 0; i < n->tally.n_strata; i++)
        for (size_t k = 0; k < n->tally.strata[i].persons.n; k++) {
            lus_time age = lus_person_at(&n->tally.strata[i].persons, k).age;
            oldest = age > oldest ? age : oldest;
        }
    if (n->tally.n_analysed >= 10 && oldest < lus_unit_ticks(LUS_YEARS))
        return lus_fail(err, LUS_EDATA,
                        "%s: the oldest patient is %.4g days old; are the ages in years? "
                        "(population: age_unit)",
                        n->tally.file, lus_time_in(oldest, LUS_DAYS));
    return LUS_OK;
}

static int check_beyond(struct lus_net_analysis *n, struct lus_error *err)
{
    const struct lus_life_table *t = &n->table;
    for (size_t i = 0; i < n->tally.n_strata; i++)
        n->n_beyond += lus_beyond_table(t, &n->tally.strata[i].persons, n->query.until);
    if (n->n_beyond && n->o->beyond && n->o->beyond[0] == 'e')
        return lus_fail(err, LUS_EDATA,
                        "%s: %llu patient%s followed outside the years %.0f to %.0f of the life "
                        "table; --beyond last takes its first and last year then",
                        n->tally.file, (unsigned long long)n->n_beyond,
                        n->n_beyond == 1 ? " is" : "s are", t->years[0], t->years[t->n_years - 1]);
    return LUS_OK;
}

int lus_net_analysis_read(const struct lus_options *o, struct lus_result *r, bool until_exit,
                          struct lus_net_analysis *n, struct lus_error *err)
{
    *n = (struct lus_net_analysis){.o = o, .r = r};
    struct lus_query query;
    LUS_TRY(lus_query_of(o, &query, err));
    LUS_TRY(parse_method(n, err));
    LUS_TRY(parse_periods(n, err));
    if (!o->lifetable)
        return lus_fail(err, LUS_EUSAGE,
                        "which mortality does the population have? --lifetable TABLE "
                        "(datasets/lifetables/us.csv is one)");
    LUS_TRY(lus_life_table_read(o->lifetable, o->lifetable_recipe, &n->table, err));
    if (o->standardise) LUS_TRY(lus_standard_read(o->standardise, &n->standard, err));
    n->demography = lus_life_table_demography(&n->table);
    query.demography = &n->demography;
    query.strata = o->strata;
    LUS_TRY(lus_standard_split(&n->standard, &query, err));
    LUS_TRY(lus_inputs_ask(o, &query, &n->inputs, &n->tally, r, err));
    LUS_TRY(parse_times(n, err));
    LUS_TRY(parse_closing(n, err));
    LUS_TRY(lus_inputs_read(&n->inputs, &n->tally, err));
    if (n->tally.has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE, "relative survival takes whole weights only");
    if (!n->query.closes_all) n->query.closing = n->tally.closing;
    LUS_TRY(check_ages(n, err));
    n->query.table = &n->table;
    n->query.n_threads = n->tally.n_threads;
    for (size_t i = 0; until_exit && i < n->tally.n_strata; i++)
        if (n->tally.strata[i].table.last_exit > n->query.until)
            n->query.until = n->tally.strata[i].table.last_exit;
    if (n->query.interval) n->query.until -= n->query.until % n->query.interval;
    return check_beyond(n, err);
}

void lus_net_analysis_free(struct lus_net_analysis *n)
{
    lus_inputs_free(&n->inputs);
    lus_tally_free(&n->tally);
    lus_life_table_free(&n->table);
    lus_standard_free(&n->standard);
    free(n->horizons), free(n->marks), free(n->periods);
    *n = (struct lus_net_analysis){0};
}

/* --- cells --- */

int lus_net_analysis_cell(const struct lus_net_analysis *n, size_t first, size_t end,
                          const struct lus_period *period, struct lus_net_cell *out,
                          struct lus_error *err)
{
    return lus_net_cell_make(&n->tally, first, end, &n->standard,
                             period->text ? &period->window : NULL, out, err);
}

int lus_net_analysis_estimate(const struct lus_net_analysis *n, const struct lus_net_cell *cell,
                              struct lus_net_point *points, struct lus_net *curve,
                              struct lus_error *err)
{
    lus_time *at = lus_alloc(n->n_horizons, sizeof *at);
    if (!at) return lus_fail_memory(err);
    for (size_t h = 0; h < n->n_horizons; h++)
        at[h] = n->horizons[h].time;
    int status = lus_net_cell_estimate(&n->query, &n->conf, &n->standard, cell, at, n->n_horizons,
                                       points, curve, err);
    free(at);
    return status;
}

void lus_add_net_notes(struct lus_net_analysis *n)
{
    struct lus_document *d = &n->r->document;
    const struct lus_life_table *t = &n->table;
    const struct lus_tally *tally = &n->tally;
    lus_document_note(d, lus_of_method(), "%s%s%s, against: %s; %g %% intervals, %s. Times in %s.",
                      lus_net_words(n->query.method), tally->origin ? ", from " : "",
                      tally->origin ? tally->origin : "", t->title ? t->title : n->o->lifetable,
                      100 * n->conf.level, lus_transform_name(n->conf.transform),
                      lus_unit_name(tally->unit));
    if (n->query.interval)
        lus_document_note(d, lus_of_method(),
                          "By intervals of %s, in which hazards are taken to be constant; weights "
                          "in the middle of each.",
                          lus_time_text(n->r, n->query.interval, tally->unit));
    if (n->query.method == LUS_HAKULINEN && n->o->closing)
        lus_document_note(d, lus_of_method(),
                          "Everybody might have been followed to the closing date, %s.",
                          n->o->closing);
    else if (n->query.method == LUS_HAKULINEN)
        lus_document_note(d, lus_of_method(),
                          "The dead might have been followed to the last day in the file "
                          "(--closing DATE names another, for everybody).");
    if (n->standard.n)
        lus_document_note(d, lus_of_method(),
                          "Standardised to %s: sums of shares times the groups' estimates.",
                          n->standard.name);
    if (n->o->period)
        lus_document_note(d, lus_of_method(),
                          "Period: what is seen in these calendar years; those diagnosed before "
                          "enter late, weights count from the origin.");
    if (n->query.given > 0)
        lus_document_note(d, lus_of_method(),
                          "Conditional on being alive and followed %s after the origin.",
                          lus_time_text(n->r, n->query.given, tally->unit));
    if (tally->age_completed)
        lus_document_note(
            d, lus_of_method(),
            "Ages in completed years count half a year more. A year of age has %g days.",
            t->year_days);
    else
        lus_document_note(d, lus_of_method(),
                          "A year of age has %g days; calendar years change on 1 January.",
                          t->year_days);
    if (n->n_beyond)
        lus_document_note(
            d,
            lus_of_counts(LUS_NOBODY,
                          lus_document_text(d,
                                            "The table's first and last year, %.0f and %.0f, serve "
                                            "for those followed outside them.",
                                            t->years[0], t->years[t->n_years - 1])),
            "%llu patient%s followed outside the table's years, %.0f to %.0f: its "
            "first and last year serve for them.",
            (unsigned long long)n->n_beyond, n->n_beyond == 1 ? " is" : "s are", t->years[0],
            t->years[t->n_years - 1]);
}
