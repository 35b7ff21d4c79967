/* lustrum rates: survival at horizons, medians, other quantiles, restricted means, by strata. */
#include <stdlib.h>

#include "command/rates.h"
#include "support/number.h"
#include "support/parallel.h"

static int parse_quantiles(struct lus_rates_asked *x, struct lus_error *err)
{
    if (!x->o->quantiles) return LUS_OK;
    struct lus_arena arena = {0};
    char **parts;
    int status = lus_list_split(&arena, x->o->quantiles, &parts, &x->n_quantiles, err);
    if (status == LUS_OK &&
        !(x->quantiles = lus_alloc_zeroed(x->n_quantiles, sizeof *x->quantiles)))
        status = lus_fail_memory(err);
    for (size_t i = 0; i < x->n_quantiles && status == LUS_OK; i++) {
        bool is_number = lus_number_parse(parts[i], strlen(parts[i]), &x->quantiles[i]) ==
                         LUS_NUMBER_OK;
        if (!is_number || !(x->quantiles[i] > 0 && x->quantiles[i] < 100))
            status = lus_fail(
                err, LUS_EUSAGE,
                "--quantiles are percentages between 0 and 100, such as 25,75; not \"%s\"",
                parts[i]);
    }
    lus_arena_free(&arena);
    return status;
}

/* Cells that are computed at the same time. */
struct wave {
    struct lus_rates_asked *x;
    size_t first;
    struct lus_rates_fit *fitted;
};

static void note_curve(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                       const struct lus_curve *c, const struct lus_quantile *median)
{
    const struct lus_stratum *s = &x->tally.strata[cell->first];
    struct lus_document *d = &x->r->document;
    const char *prefix = lus_rates_prefix(x, s), *unit = lus_unit_name(x->tally.unit);
    size_t number = lus_number_of(x->r, &x->tally, s);
    if (median->why == LUS_WHY_NOT_REACHED && x->standard.n && !x->standard.weighs_people)
        lus_document_note(d, lus_of_stratum(number),
                          "%sthe median is not reached within the follow-up of every group.",
                          prefix);
    else if (median->why == LUS_WHY_NOT_REACHED)
        lus_document_note(
            d, lus_of_counts(number, lus_document_text(d, "%sthe median is not reached.", prefix)),
            "%sthe median is not reached: survival is %.1f %% at the last follow-up (%.4g %s).",
            prefix, 100 * c->survival[c->n - 1], lus_time_in(c->last_exit, x->tally.unit), unit);
    if (c->n && cell->events <= 0)
        lus_document_note(d, lus_of_stratum(number),
                          "%sno event: the interval of 100 %% says nothing.", prefix);
    lus_add_entry_notes(x->r, &x->tally, s, c);
}

static void add_cell(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                     const struct lus_rates_fit *f)
{
    lus_rates_tables_add(x, cell, f);
    note_curve(x, cell, &f->fit.curve, &f->median);
}

static int fit_one(void *context, size_t i)
{
    struct wave *w = context;
    struct lus_rates_fit *f = &w->fitted[i];
    const struct lus_rates_cell *cell = &w->x->cells[w->first + i];
    int status = lus_fit_cell(&w->x->fitting, &w->x->standard, &w->x->tally, cell->first, cell->end,
                              &f->fit, &f->error);
    if (status == LUS_OK) f->median = lus_curve_quantile(&f->fit.curve, 0.5, &w->x->fitting.conf);
    return status;
}

/* As many strata at a time as there are threads: their curves need not all be in memory at once. */
static int add_cells(struct lus_rates_asked *x, struct lus_error *err)
{
    size_t n_threads = x->tally.n_threads, n = x->n_cells;
    struct wave w = {.x = x, .fitted = lus_alloc_zeroed(n_threads, sizeof *w.fitted)};
    int status = w.fitted ? LUS_OK : lus_fail_memory(err);
    for (; w.first < n && status == LUS_OK; w.first += n_threads) {
        size_t here = n - w.first < n_threads ? n - w.first : n_threads;
        memset(w.fitted, 0, n_threads * sizeof *w.fitted);
        status = lus_parallel(here, n_threads, fit_one, &w);
        for (size_t i = 0; i < here; i++) {
            if (status == LUS_OK) add_cell(x, &x->cells[w.first + i], &w.fitted[i]);
            else if (w.fitted[i].error.status != LUS_OK)
                (void)lus_fail_as(err, status, &w.fitted[i].error);
            lus_fit_free(&w.fitted[i].fit);
        }
    }
    free(w.fitted);
    return status;
}

static int list_cells(struct lus_rates_asked *x, struct lus_error *err)
{
    const struct lus_tally *tally = &x->tally;
    x->cells = lus_alloc_zeroed(tally->n_strata, sizeof *x->cells);
    if (!x->cells) return lus_fail_memory(err);
    for (size_t first = 0, end; first < tally->n_strata; first = end) {
        struct lus_rates_cell *cell = &x->cells[x->n_cells++];
        end = x->standard.n ? lus_cell_end(tally, first) : first + 1;
        cell->first = first, cell->end = end;
        for (size_t i = first; i < end; i++)
            cell->n += tally->strata[i].table.total,
                cell->events += tally->strata[i].table.total_events;
    }
    return LUS_OK;
}

static int check(const struct lus_rates_asked *x, struct lus_error *err)
{
    for (size_t h = 0; h < x->n_horizons; h++) {
        if (x->fitting.given > 0 && x->horizons[h].time <= x->fitting.given)
            return lus_fail(err, LUS_EUSAGE, "--at %s is not later than --given",
                            x->horizons[h].text);
        if (x->fitting.estimator->by_intervals && x->horizons[h].time % x->fitting.interval)
            return lus_fail(err, LUS_EUSAGE,
                            "--at %s is not a whole number of actuarial intervals; choose another "
                            "--at, --interval or --method",
                            x->horizons[h].text);
    }
    if (x->n_means && x->standard.n)
        return lus_fail(err, LUS_EUSAGE, "--rmst goes without --standardise");
    if (x->n_means > 1) return lus_fail(err, LUS_EUSAGE, "--rmst takes one time");
    if (x->n_means && !x->fitting.estimator->is_product_limit)
        return lus_fail(err, LUS_EUSAGE, "--rmst goes with --method kaplan-meier");
    if (x->n_means && x->fitting.given > 0 && x->means->time <= x->fitting.given)
        return lus_fail(err, LUS_EUSAGE, "--rmst %s is not later than --given", x->means->text);
    return LUS_OK;
}

int lus_rates_prepare(struct lus_rates_asked *x, struct lus_error *err)
{
    LUS_TRY(parse_quantiles(x, err));
    LUS_TRY(lus_fitting_of(x->o, &x->tally, &x->fitting, err));
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", x->tally.unit, &x->horizons,
                            &x->n_horizons, err));
    if (x->o->rmst)
        LUS_TRY(lus_horizons_of(x->r, "--rmst", x->o->rmst, x->tally.unit, &x->means, &x->n_means,
                                err));
    LUS_TRY(check(x, err));
    x->dead = lus_alloc_zeroed(x->n_horizons, sizeof *x->dead);
    return x->dead ? LUS_OK : lus_fail_memory(err);
}

int lus_rates_add(struct lus_rates_asked *x, struct lus_error *err)
{
    LUS_TRY(lus_check_weights(&x->fitting, &x->tally, err));
    LUS_TRY(list_cells(x, err));
    return add_cells(x, err);
}

void lus_rates_finish(struct lus_rates_asked *x)
{
    free(x->horizons), free(x->means), free(x->quantiles), free(x->cells), free(x->dead);
    lus_standard_free(&x->standard);
    lus_tally_free(&x->tally);
}

static int build(struct lus_rates_asked *x, struct lus_inputs *inputs, struct lus_error *err)
{
    LUS_TRY(lus_standard_finish(x->o, &x->standard, &x->tally, x->r, err));
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    LUS_TRY(lus_rates_add(x, err));
    lus_note_standard(x->r, &x->standard, "survival");
    lus_add_method_notes(x->r, &x->tally, &x->fitting, x->standard.weighs_people);
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(x->o, x->r, &x->tally, inputs, err);
}

int lus_rates(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    if (o->each) return lus_rates_each(o, r, err);
    struct lus_rates_asked x = {.o = o, .r = r};
    struct lus_inputs inputs = {0};
    struct lus_query query;
    int status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = lus_standard_of(o, &x.standard, err);
    if (status == LUS_OK) status = lus_standard_split(&x.standard, &query, err);
    if (query.n_age_groups)
        query.demography = &lus_ages_and_dates, query.demography_is_optional = false;
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &inputs, &x.tally, r, err);
    if (status == LUS_OK) status = lus_rates_prepare(&x, err);
    if (status == LUS_OK) status = lus_rates_tables_begin(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&inputs, &x.tally, err);
    if (status == LUS_OK) status = build(&x, &inputs, err);
    lus_rates_finish(&x);
    lus_inputs_free(&inputs);
    return status;
}
