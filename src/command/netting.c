#include "command/netting.h"

#include <math.h>
#include <stdlib.h>

#include "people/worker.h"
#include "relative/walk.h"

const char *lus_net_words(enum lus_net_method method)
{
    static const char *const words[] = {"Pohar Perme net survival", "Ederer II relative survival",
                                        "Ederer I relative survival",
                                        "Hakulinen relative survival"};
    return words[method];
}

/* --- options --- */

static int parse_periods(struct lus_netting *n, struct lus_error *err)
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
            n->periods[i] = (struct lus_period){lus_document_text(d, "%s", parts[i]),
                                                from * lus_unit_ticks(LUS_DAYS),
                                                to * lus_unit_ticks(LUS_DAYS)};
    }
    lus_arena_free(&arena);
    return status;
}

static int by_time(const void *a, const void *b)
{
    lus_time x = *(const lus_time *)a, y = *(const lus_time *)b;
    return (x > y) - (x < y);
}

static int parse_times(struct lus_netting *n, struct lus_error *err)
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
    qsort(n->marks, n->n_horizons, sizeof *n->marks, by_time);
    n->query.at = n->marks;
    n->query.n_at = n->n_horizons;
    n->query.until = n->marks[n->n_horizons - 1];
    return LUS_OK;
}

static int parse_closing(struct lus_netting *n, struct lus_error *err)
{
    int64_t days;
    bool is_month = false;
    n->query.closing = n->tally.closing;
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

static int parse_method(struct lus_netting *n, struct lus_error *err)
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

static void set_demography(struct lus_netting *n)
{
    const struct lus_life_table *t = &n->table;
    n->demography = (struct lus_demography){.year_days = t->year_days,
                                            .has_sex = {t->has_sex[0], t->has_sex[1]},
                                            .n_keys = t->n_keys,
                                            .n_by = t->n_by,
                                            .keys = t->keys,
                                            .by_levels = t->by_levels};
}

/* Ages in years that are called days would make everybody a newborn. */
static int check_ages(const struct lus_netting *n, struct lus_error *err)
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

static int check_beyond(struct lus_netting *n, struct lus_error *err)
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

int lus_netting_read(const struct lus_options *o, struct lus_result *r, bool until_exit,
                     struct lus_netting *n, struct lus_error *err)
{
    *n = (struct lus_netting){.o = o, .r = r};
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
    set_demography(n);
    query.demography = &n->demography;
    query.strata = o->strata;
    LUS_TRY(lus_standard_ask(&n->standard, &query, err));
    LUS_TRY(lus_read(&query, &n->tally, r, err));
    if (n->tally.has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE, "relative survival takes whole weights only");
    LUS_TRY(parse_times(n, err));
    LUS_TRY(parse_closing(n, err));
    LUS_TRY(check_ages(n, err));
    n->query.table = &n->table;
    n->query.n_threads = n->tally.n_threads;
    for (size_t i = 0; until_exit && i < n->tally.n_strata; i++)
        if (n->tally.strata[i].table.last_exit > n->query.until)
            n->query.until = n->tally.strata[i].table.last_exit;
    if (n->query.interval) n->query.until -= n->query.until % n->query.interval;
    return check_beyond(n, err);
}

void lus_netting_free(struct lus_netting *n)
{
    lus_tally_free(&n->tally);
    lus_life_table_free(&n->table);
    lus_standard_free(&n->standard);
    free(n->horizons), free(n->marks), free(n->periods);
    *n = (struct lus_netting){0};
}

/* --- cells --- */

void lus_cell_persons_free(struct lus_persons *persons, size_t n)
{
    for (size_t i = 0; persons && i < n; i++)
        lus_persons_free(&persons[i]);
    free(persons);
}

static int cut(const struct lus_persons *whole, const struct lus_period *period,
               struct lus_persons *out)
{
    const struct lus_persons *lists[] = {whole};
    if (period->text) return lus_persons_window(whole, period->from, period->to, out);
    return lus_persons_join(lists, 1, out);
}

static int fill_groups(struct lus_netting *n, size_t first, size_t end,
                       const struct lus_period *period, struct lus_persons *groups,
                       struct lus_error *err)
{
    for (size_t i = first; i < end; i++) {
        size_t g = 0;
        if (n->standard.n)
            LUS_TRY(lus_standard_group(&n->standard, &n->tally, &n->tally.strata[i], &g, err));
        struct lus_persons here, joined;
        const struct lus_persons *both[] = {&groups[g], &here};
        if (cut(&n->tally.strata[i].persons, period, &here) != LUS_OK) return lus_fail_memory(err);
        if (!groups[g].n) {
            groups[g] = here;
            continue;
        }
        int status = lus_persons_join(both, 2, &joined);
        lus_persons_free(&here);
        if (status != LUS_OK) return lus_fail_memory(err);
        lus_persons_free(&groups[g]);
        groups[g] = joined;
    }
    return LUS_OK;
}

int lus_cell_persons(struct lus_netting *n, size_t first, size_t end,
                     const struct lus_period *period, struct lus_persons **out, size_t *n_groups,
                     struct lus_error *err)
{
    *n_groups = n->standard.n ? n->standard.n : 1;
    *out = lus_alloc_zeroed(*n_groups, sizeof **out);
    if (!*out) return lus_fail_memory(err);
    if (!n->standard.n && end == first + 1 && !period->text) { /* the tally's own: taken over */
        **out = n->tally.strata[first].persons;
        n->tally.strata[first].persons = (struct lus_persons){0};
        return LUS_OK;
    }
    int status = fill_groups(n, first, end, period, *out, err);
    if (status != LUS_OK) lus_cell_persons_free(*out, *n_groups), *out = NULL;
    return status;
}

/* Adds a group's point to a standardised one. */
static void add_point(struct lus_net_point *sum, const struct lus_net_point *p, double share)
{
    sum->at_risk += p->at_risk, sum->events += p->events,
        sum->expected_deaths += p->expected_deaths, sum->effective += p->effective;
    if (sum->why == LUS_AVAILABLE) sum->why = p->why;
    sum->survival += share * p->survival;
    sum->observed += share * p->observed;
    sum->expected += share * p->expected;
    sum->cancer += share * p->cancer;
    sum->other += share * p->other;
    sum->std_error += share * share * p->std_error * p->std_error;
    sum->cancer_error += share * share * p->cancer_error * p->cancer_error;
    sum->other_error += share * share * p->other_error * p->other_error;
}

static int estimate_group(struct lus_netting *n, const struct lus_persons *persons, double share,
                          struct lus_net_point *points, struct lus_net *curve,
                          struct lus_error *err)
{
    struct lus_net net = {0};
    if (!persons->n && !n->standard.n) {
        for (size_t h = 0; h < n->n_horizons; h++)
            points[h] = lus_net_at(&net, 0, &n->conf), points[h].why = LUS_WHY_NO_ROWS;
        return LUS_OK;
    }
    if (persons->n) LUS_TRY(lus_net_estimate(&n->query, persons, &net, err));
    for (size_t h = 0; h < n->n_horizons; h++) {
        struct lus_net_point p = lus_net_at(&net, n->horizons[h].time, &n->conf);
        if (!persons->n) p.why = LUS_WHY_NO_ROWS;
        if (n->standard.n) add_point(&points[h], &p, share);
        else points[h] = p;
    }
    if (curve) *curve = net;
    else lus_net_free(&net);
    return LUS_OK;
}

int lus_cell_estimate(struct lus_netting *n, const struct lus_persons *groups, size_t n_groups,
                      struct lus_net_point *points, struct lus_net *curve, struct lus_error *err)
{
    memset(points, 0, n->n_horizons * sizeof *points);
    for (size_t g = 0; g < n_groups; g++) {
        double share = n->standard.n ? n->standard.shares[g] : 1;
        if (share > 0 || !n->standard.n)
            LUS_TRY(estimate_group(n, &groups[g], share, points, curve, err));
    }
    for (size_t h = 0; h < n->n_horizons && n->standard.n; h++) {
        struct lus_net_point *p = &points[h];
        p->std_error = sqrt(p->std_error), p->cancer_error = sqrt(p->cancer_error),
        p->other_error = sqrt(p->other_error);
        if (p->why != LUS_AVAILABLE)
            p->survival = p->std_error = p->observed = p->expected = p->cancer = p->other =
                p->cancer_error = p->other_error = NAN;
        lus_net_interval(&n->conf, p->survival, p->std_error, &p->low, &p->high);
    }
    return LUS_OK;
}

void lus_add_net_notes(struct lus_netting *n)
{
    struct lus_document *d = &n->r->document;
    const struct lus_life_table *t = &n->table;
    const struct lus_tally *tally = &n->tally;
    lus_document_note(d, "%s%s%s, against: %s; %g %% intervals, %s. Times in %s.",
                      lus_net_words(n->query.method), tally->origin ? ", from " : "",
                      tally->origin ? tally->origin : "", t->title ? t->title : n->o->lifetable,
                      100 * n->conf.level, lus_transform_name(n->conf.transform),
                      lus_unit_name(tally->unit));
    if (n->query.interval)
        lus_document_note(d,
                          "By intervals of %s, in which hazards are taken to be constant; weights "
                          "in the middle of each.",
                          lus_time_text(n->r, n->query.interval, tally->unit));
    if (n->query.method == LUS_HAKULINEN && n->o->closing)
        lus_document_note(d, "Everybody might have been followed to the closing date, %s.",
                          n->o->closing);
    else if (n->query.method == LUS_HAKULINEN)
        lus_document_note(d, "The dead might have been followed to the last day in the file "
                             "(--closing DATE names another, for everybody).");
    if (n->standard.n)
        lus_document_note(d, "Standardised to %s: sums of shares times the groups' estimates.",
                          n->standard.name);
    if (n->o->period)
        lus_document_note(d, "Period: what is seen in these calendar years; those diagnosed before "
                             "enter late, weights count from the origin.");
    if (n->query.given > 0)
        lus_document_note(d, "Conditional on being alive and followed %s after the origin.",
                          lus_time_text(n->r, n->query.given, tally->unit));
    if (tally->age_completed)
        lus_document_note(
            d, "Ages in completed years count half a year more. A year of age has %g days.",
            t->year_days);
    else
        lus_document_note(d, "A year of age has %g days; calendar years change on 1 January.",
                          t->year_days);
    if (n->n_beyond)
        lus_document_note(d,
                          "%llu patient%s followed outside the table's years, %.0f to %.0f: its "
                          "first and last year serve for them.",
                          (unsigned long long)n->n_beyond, n->n_beyond == 1 ? " is" : "s are",
                          t->years[0], t->years[t->n_years - 1]);
}
