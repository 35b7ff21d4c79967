#include "command/net_analysis.h"

#include <math.h>
#include <stdlib.h>

#include "relative/walk.h"
#include "support/times.h"

/* --- reading --- */

/* Ages in years that are called days would make everybody a newborn. */
static int check_ages(const struct lus_net_analysis *n, struct lus_error *err)
{
    lus_time oldest = 0;
    for (size_t i = 0; i < n->tally.n_strata; i++)
        for (size_t k = 0; k < n->tally.strata[i].cohort.n; k++) {
            lus_time age = lus_cohort_at(&n->tally.strata[i].cohort, k).age;
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
        n->n_beyond += lus_beyond_table(t, &n->tally.strata[i].cohort, n->query.until,
                                        &n->n_beyond_ages);
    if (n->n_beyond && n->o->beyond && n->o->beyond[0] == 'e')
        return lus_fail(err, LUS_EDATA,
                        "%s: %llu patient%s followed outside the years %.0f to %.0f of the life "
                        "table; --beyond last takes its first and last year then",
                        n->tally.file, (unsigned long long)n->n_beyond,
                        n->n_beyond == 1 ? " is" : "s are", t->years[0], t->years[t->n_years - 1]);
    if (n->n_beyond_ages && n->o->beyond && n->o->beyond[0] == 'e')
        return lus_fail(
            err, LUS_EDATA,
            "%s: %llu patient%s followed outside the ages %.0f to %.0f of the life table; "
            "--beyond last takes its first and last age then",
            n->tally.file, (unsigned long long)n->n_beyond_ages,
            n->n_beyond_ages == 1 ? " is" : "s are", t->ages[0], t->ages[t->n_ages - 1]);
    return LUS_OK;
}

/* A chart's curves are estimated at round times too, where the effective numbers tell how far they
 * can be trusted. */
static int add_round_times(struct lus_net_analysis *n, struct lus_error *err)
{
    LUS_TRY(lus_round_times_of(n->o, n->r, &n->tally, &n->times, err));
    size_t room = n->n_horizons + n->times.n, kept = 0;
    lus_time *marks = lus_realloc(n->marks, room, sizeof *marks);
    if (!marks) return lus_fail_memory(err);
    n->marks = marks;
    memcpy(marks + n->n_horizons, n->times.at, n->times.n * sizeof *marks);
    qsort(marks, room, sizeof *marks, lus_by_time);
    for (size_t i = 0; i < room; i++)
        if (!kept || marks[i] != marks[kept - 1]) marks[kept++] = marks[i];
    n->query.at = marks, n->query.n_at = kept;
    return LUS_OK;
}

/* The life table that is named, or the recipe's. */
static int read_table(struct lus_net_analysis *n, const struct lus_query *query,
                      struct lus_error *err)
{
    const struct lus_options *o = n->o;
    char *own = NULL;
    if (!o->lifetable) LUS_TRY(lus_query_life_table(query, &own, err));
    if (!o->lifetable && !own)
        return lus_fail(err, LUS_EUSAGE,
                        "which mortality does the population have? --lifetable TABLE "
                        "(datasets/lifetables/us.csv is one), or population: {lifetable: TABLE} "
                        "in the recipe");
    int status = lus_life_table_read(own ? own : o->lifetable, o->lifetable_recipe, &n->table, err);
    free(own);
    return status;
}

int lus_net_analysis_read(const struct lus_options *o, struct lus_result *r, bool until_exit,
                          struct lus_net_analysis *n, struct lus_error *err)
{
    *n = (struct lus_net_analysis){.o = o, .r = r};
    struct lus_query query;
    LUS_TRY(lus_query_of(o, &query, err));
    LUS_TRY(lus_net_parse_method(n, err));
    LUS_TRY(lus_net_parse_periods(n, err));
    LUS_TRY(read_table(n, &query, err));
    LUS_TRY(lus_standard_of(o, &n->standard, err));
    n->demography = lus_life_table_demography(&n->table);
    query.demography = &n->demography;
    query.demography_is_optional = false;
    query.strata = o->strata;
    LUS_TRY(lus_standard_split(&n->standard, &query, err));
    LUS_TRY(lus_inputs_ask(o, &query, &n->inputs, &n->tally, r, err));
    LUS_TRY(lus_net_parse_times(n, err));
    LUS_TRY(lus_net_parse_closing(n, err));
    LUS_TRY(lus_inputs_read(&n->inputs, &n->tally, err));
    if (n->tally.has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE, "relative survival takes whole weights only");
    LUS_TRY(lus_standard_finish(o, &n->standard, &n->tally, r, err));
    if (!n->query.closes_all) n->query.closing = n->tally.closing;
    LUS_TRY(check_ages(n, err));
    n->query.table = &n->table;
    n->query.n_threads = n->tally.n_threads;
    for (size_t i = 0; until_exit && i < n->tally.n_strata; i++)
        if (n->tally.strata[i].table.last_exit > n->query.until)
            n->query.until = n->tally.strata[i].table.last_exit;
    if (n->query.interval) n->query.until -= n->query.until % n->query.interval;
    if (n->o->wants_round_times) LUS_TRY(add_round_times(n, err));
    return check_beyond(n, err);
}

void lus_net_analysis_free(struct lus_net_analysis *n)
{
    lus_inputs_free(&n->inputs);
    lus_tally_free(&n->tally);
    lus_life_table_free(&n->table);
    lus_standard_free(&n->standard);
    free(n->horizons), free(n->marks), free(n->times.at), free(n->periods);
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
