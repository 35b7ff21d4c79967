/* Options of net and its charts. */
#include <stdlib.h>

#include "command/net_analysis.h"
#include "support/calendar.h"
#include "support/times.h"

int lus_net_parse_periods(struct lus_net_analysis *n, struct lus_error *err)
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

int lus_net_parse_times(struct lus_net_analysis *n, struct lus_error *err)
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

int lus_net_parse_closing(struct lus_net_analysis *n, struct lus_error *err)
{
    int64_t days;
    bool is_month = false, is_year = false;
    if (!n->o->closing) return LUS_OK;
    if (n->query.method != LUS_HAKULINEN)
        return lus_fail(err, LUS_EUSAGE, "--closing goes with --method hakulinen");
    if (!lus_date_parse(lus_text_of(n->o->closing), LUS_DATE_PLAIN, &days, &is_month, &is_year))
        return lus_fail(err, LUS_EUSAGE, "--closing is a date, as in 2010-12-31, not \"%s\"",
                        n->o->closing);
    n->query.closing = days * lus_unit_ticks(LUS_DAYS);
    n->query.closes_all = true;
    return LUS_OK;
}

int lus_net_parse_method(struct lus_net_analysis *n, struct lus_error *err)
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
