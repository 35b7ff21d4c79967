/* lustrum rates: survival at horizons, medians, other quantiles, restricted means, by strata. */
#include <math.h>
#include <stdlib.h>

#include "command/reading.h"
#include "support/number.h"
#include "support/parallel.h"

/* What one row of output stands for: a stratum, or those of a standard population's groups. */
struct cell {
    size_t first, end;
    double n, events;
};

struct rates {
    const struct lus_options *o;
    struct lus_inputs inputs;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_standard standard; /* n 0: not standardised */
    struct cell *cells;
    size_t n_cells;
    struct lus_horizon *horizons, *means;
    size_t n_horizons, n_means;
    double *quantiles;
    size_t n_quantiles;
    struct lus_table *table, *quantile_table;
    struct lus_result *r;
};

/* What is computed for one stratum, and strata that are computed at the same time. */
struct fitted {
    struct lus_fit fit;
    struct lus_quantile median;
    struct lus_error error;
};
struct wave {
    struct rates *x;
    size_t first;
    struct fitted *fitted;
};

static int parse_quantiles(struct rates *x, struct lus_error *err)
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

static void add_columns(struct rates *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    const char *percent = lus_document_text(d, "%g %%", 100 * x->fitting.conf.level);
    const char *unit = lus_unit_name(x->tally.unit);
#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})
    lus_add_by_columns(x->r, t, &x->tally);
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "events", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events_by", .role = LUS_ROLE_EVENTS, .header = "events by",
           .kind = LUS_COLUMN_COUNT, .machines_only = true);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "survival (%s)", percent), .kind = LUS_COLUMN_SHARE,
           .low = at + 2, .high = at + 3);
    COLUMN(.name = "std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_SHARE,
           .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "median", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "median, %s (%s)", unit, percent),
           .kind = LUS_COLUMN_TIME, .low = at + 5, .high = at + 6);
    COLUMN(.name = "median_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_TIME, .machines_only = true);
    COLUMN(.name = "median_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_TIME, .machines_only = true);
    if (!x->n_means) return;
    const char *header = lus_document_text(d, "mean to %s, %s (%s)", x->means[0].text, unit,
                                           percent);
    COLUMN(.name = "rmst", .role = LUS_ROLE_ESTIMATE, .header = header, .kind = LUS_COLUMN_TIME,
           .low = at + 9, .high = at + 10);
    COLUMN(.name = "rmst_std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_TIME, .machines_only = true);
    COLUMN(.name = "rmst_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_TIME,
           .machines_only = true);
    COLUMN(.name = "rmst_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_TIME, .machines_only = true);
}

static void add_quantile_columns(struct rates *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->quantile_table;
    lus_add_by_columns(x->r, t, &x->tally);
    COLUMN(.name = "quantile", .role = LUS_ROLE_ASKED, .header = "% with the event",
           .kind = LUS_COLUMN_NUMBER);
    int at = (int)(t ? t->n_columns : 0);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(x->tally.unit)),
           .kind = LUS_COLUMN_TIME, .low = at + 1, .high = at + 2);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_TIME,
           .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_TIME, .machines_only = true);
#undef COLUMN
}

static double in_unit(const struct rates *x, lus_time time, enum lus_why why)
{
    return why == LUS_AVAILABLE ? lus_time_in(time, x->tally.unit) : NAN;
}

static void put(struct rates *x, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(&x->r->document, t, (struct lus_cell){.number = number, .why = why});
}

static void put_quantile(struct rates *x, struct lus_table *t, const struct lus_quantile *q)
{
    put(x, t, in_unit(x, q->time, q->why), q->why);
    put(x, t, in_unit(x, q->low, q->why_low), q->why_low);
    put(x, t, in_unit(x, q->high, q->why_high), q->why_high);
}

/* "grade 3: ", where there are several strata. */
static const char *prefix_of(struct rates *x, const struct lus_stratum *s)
{
    return x->tally.n_by
               ? lus_document_text(&x->r->document, "%s: ", lus_stratum_name(x->r, &x->tally, s))
               : "";
}

static void note_not_available(struct rates *x, const struct lus_stratum *s,
                               const struct lus_horizon *h, const struct lus_point *p,
                               const struct lus_curve *c)
{
    if (p->why == LUS_AVAILABLE) return;
    const char *prefix = prefix_of(x, s);
    size_t number = lus_number_of(x->r, &x->tally, s);
    if (p->why == LUS_WHY_BEYOND_FOLLOW_UP)
        lus_document_note(
            &x->r->document,
            lus_of_counts(number, lus_document_text(&x->r->document, "%s%s is not available: %s.",
                                                    prefix, h->text, lus_why_text(p->why))),
            "%s%s is not available: it lies beyond the last follow-up (%.4g %s), "
            "where survival is %.1f %%.",
            prefix, h->text, lus_time_in(c->last_exit, x->tally.unit), lus_unit_name(x->tally.unit),
            c->n ? 100 * c->survival[c->n - 1] : NAN);
    else
        lus_document_note(&x->r->document, lus_of_stratum(number), "%s%s is not available: %s.",
                          prefix, h->text, lus_why_text(p->why));
}

static void note_curve(struct rates *x, const struct lus_stratum *s, const struct lus_curve *c,
                       const struct lus_quantile *median)
{
    struct lus_document *d = &x->r->document;
    const char *prefix = prefix_of(x, s), *unit = lus_unit_name(x->tally.unit);
    size_t number = lus_number_of(x->r, &x->tally, s);
    if (median->why == LUS_WHY_NOT_REACHED)
        lus_document_note(
            d, lus_of_counts(number, lus_document_text(d, "%sthe median is not reached.", prefix)),
            "%sthe median is not reached: survival is %.1f %% at the last follow-up (%.4g %s).",
            prefix, 100 * c->survival[c->n - 1], lus_time_in(c->last_exit, x->tally.unit), unit);
    if (c->n && c->survival[c->n - 1] == 1)
        lus_document_note(d, lus_of_stratum(number),
                          "%sno event: the interval of 100 %% says nothing.", prefix);
    lus_add_entry_notes(x->r, &x->tally, s, c);
}

static void add_row(struct rates *x, const struct cell *cell, const struct lus_event_table *table,
                    const struct lus_curve *c, const struct lus_horizon *h,
                    const struct lus_quantile *median)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    struct lus_point p = lus_curve_at(c, h->time, &x->fitting.conf);
    double at_risk = lus_at_risk(table, h->time);
    const struct lus_stratum *s = &x->tally.strata[cell->first];
    lus_add_levels(x->r, t, &x->tally, s);
    lus_table_number(d, t, cell->n);
    lus_table_number(d, t, cell->events);
    lus_table_cell(
        d, t, (struct lus_cell){.number = lus_time_in(h->time, x->tally.unit), .text = h->text});
    lus_table_number(d, t, at_risk);
    lus_table_number(d, t, p.events_by);
    bool is_few = at_risk < LUS_FEW && !isnan(p.survival);
    lus_table_cell(d, t, (struct lus_cell){.number = p.survival, .why = p.why, .is_few = is_few});
    put(x, t, p.std_error, p.why_error);
    put(x, t, p.low, p.why_error);
    put(x, t, p.high, p.why_error);
    put_quantile(x, t, median);
    if (x->n_means) {
        struct lus_mean m = lus_restricted_mean(table, c, x->means->time, x->fitting.conf.level);
        double unit = (double)lus_unit_ticks(x->tally.unit);
        put(x, t, m.mean / unit, m.why), put(x, t, m.std_error / unit, m.why),
            put(x, t, m.low / unit, m.why), put(x, t, m.high / unit, m.why);
        if (m.why != LUS_AVAILABLE)
            lus_document_note(d, lus_of_stratum(lus_number_of(x->r, &x->tally, s)),
                              "%s: the restricted mean is not available: %s.",
                              lus_stratum_name(x->r, &x->tally, s), lus_why_text(m.why));
    }
    if (is_few)
        lus_document_note(d, lus_of_marks(), "* fewer than %d at risk: read with care.", LUS_FEW);
    note_not_available(x, s, h, &p, c);
}

static void add_quantiles(struct rates *x, const struct lus_stratum *s, const struct lus_curve *c)
{
    for (size_t i = 0; i < x->n_quantiles; i++) {
        struct lus_quantile q = lus_curve_quantile(c, x->quantiles[i] / 100, &x->fitting.conf);
        lus_add_levels(x->r, x->quantile_table, &x->tally, s);
        lus_table_number(&x->r->document, x->quantile_table, x->quantiles[i]);
        put_quantile(x, x->quantile_table, &q);
    }
}

static void add_cell(struct rates *x, const struct cell *cell, const struct fitted *f)
{
    const struct lus_stratum *s = &x->tally.strata[cell->first];
    for (size_t h = 0; h < x->n_horizons; h++)
        add_row(x, cell, f->fit.table, &f->fit.curve, &x->horizons[h], &f->median);
    add_quantiles(x, s, &f->fit.curve);
    note_curve(x, s, &f->fit.curve, &f->median);
}

static int fit_one(void *context, size_t i)
{
    struct wave *w = context;
    struct fitted *f = &w->fitted[i];
    const struct cell *cell = &w->x->cells[w->first + i];
    int status = lus_fit_cell(&w->x->fitting, &w->x->standard, &w->x->tally, cell->first, cell->end,
                              &f->fit, &f->error);
    if (status == LUS_OK) f->median = lus_curve_quantile(&f->fit.curve, 0.5, &w->x->fitting.conf);
    return status;
}

/* As many strata at a time as there are threads: their curves need not all be in memory at once. */
static int add_cells(struct rates *x, struct lus_error *err)
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
                (void)lus_fail(err, w.fitted[i].error.status, "%s", w.fitted[i].error.message);
            lus_fit_free(&w.fitted[i].fit);
        }
    }
    free(w.fitted);
    return status;
}

static void warn_thin_group(struct rates *x, const struct lus_stratum *s)
{
    struct lus_document *d = &x->r->document;
    const char *name = lus_stratum_name(x->r, &x->tally, s);
    size_t group = lus_document_stratum(d, &(struct lus_headcount){NULL, s->n_people, 0});
    const char *discreet = lus_document_text(
        d, "WARNING: %s: few people in a group of the standard population.", name);
    lus_document_note(d, lus_of_warning(group, discreet),
                      "WARNING: %s: only %.0f people in a group of the standard population.", name,
                      s->n_people);
}

static int list_cells(struct rates *x, struct lus_error *err)
{
    const struct lus_tally *tally = &x->tally;
    x->cells = lus_alloc_zeroed(tally->n_strata, sizeof *x->cells);
    if (!x->cells) return lus_fail_memory(err);
    for (size_t first = 0, end; first < tally->n_strata; first = end) {
        struct cell *cell = &x->cells[x->n_cells++];
        end = x->standard.n ? lus_cell_end(tally, first) : first + 1;
        cell->first = first, cell->end = end;
        for (size_t i = first; i < end; i++) {
            cell->n += tally->strata[i].table.total,
                cell->events += tally->strata[i].table.total_events;
            if (x->standard.n && tally->strata[i].n_people < LUS_FEW)
                warn_thin_group(x, &tally->strata[i]);
        }
    }
    return LUS_OK;
}

static int check(const struct rates *x, struct lus_error *err)
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

/* All that can be said before a row is read. */
static int prepare(struct rates *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    LUS_TRY(lus_fitting_of(x->o, &x->tally, &x->fitting, err));
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", x->tally.unit, &x->horizons,
                            &x->n_horizons, err));
    if (x->o->rmst)
        LUS_TRY(lus_horizons_of(x->r, "--rmst", x->o->rmst, x->tally.unit, &x->means, &x->n_means,
                                err));
    LUS_TRY(check(x, err));
    x->table = lus_document_table(d, "rates", "");
    add_columns(x);
    LUS_TRY(lus_check_names(&x->tally, x->table, err));
    if (x->n_quantiles) {
        x->quantile_table = lus_document_table(d, "quantiles", "Quantiles");
        add_quantile_columns(x);
        LUS_TRY(lus_check_names(&x->tally, x->quantile_table, err));
    }
    return LUS_OK;
}

static int build(struct rates *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    LUS_TRY(lus_check_weights(&x->fitting, &x->tally, err));
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    LUS_TRY(list_cells(x, err));
    LUS_TRY(add_cells(x, err));
    if (x->standard.n)
        lus_document_note(d, lus_of_method(),
                          "Standardised to %s: sums of shares times the groups' survival.",
                          x->standard.name);
    lus_add_method_notes(x->r, &x->tally, &x->fitting);
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(x->o, x->r, &x->tally, &x->inputs, err);
}

int lus_rates(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct rates x = {.o = o, .r = r};
    struct lus_query query;
    int status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = parse_quantiles(&x, err);
    if (status == LUS_OK && o->standardise)
        status = lus_standard_read(o->standardise, &x.standard, err);
    if (status == LUS_OK) status = lus_standard_split(&x.standard, &query, err);
    if (query.n_age_groups) query.demography = &lus_ages_and_dates;
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &x.inputs, &x.tally, r, err);
    if (status == LUS_OK) status = prepare(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&x.inputs, &x.tally, err);
    if (status == LUS_OK) status = build(&x, err);
    free(x.horizons), free(x.means), free(x.quantiles), free(x.cells);
    lus_standard_free(&x.standard);
    lus_inputs_free(&x.inputs);
    lus_tally_free(&x.tally);
    return status;
}
