/* lustrum curve: every row of the survival curves, and the hazard behind them. */
#include <math.h>
#include <stdlib.h>

#include "command/compare.h"
#include "command/option.h"
#include "command/round_times.h"

static const struct lus_option options[] = {
    TEXT("bandwidth", 0, "TIME|auto", bandwidth,
         "the hazard too, smoothed by a kernel of this bandwidth, as 6m (auto: by the number of "
         "events)"),
    END};
const struct lus_option_group lus_curve_options = {"Hazard", options};

/* The tables of the command, and what their rows are made with. */
struct curves {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_round_times times;
    struct lus_table *curve, *at_risk, *summary, *hazard;
    double bandwidth; /* in ticks; NaN: of each stratum's own */
};

static void add_columns(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                        const struct lus_fitting *f)
{
    struct lus_document *d = &r->document;
    const char *percent = lus_document_text(d, "survival (%g %%)", 100 * f->conf.level);
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(tally->unit)),
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "entered", .is_step = true, .role = LUS_ROLE_COUNT, .header = "entered",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "events",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "censored", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "censored",
           .kind = LUS_COLUMN_COUNT);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = percent,
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    COLUMN(.name = "cumulative_hazard", .role = LUS_ROLE_ESTIMATE, .header = "cumulative hazard",
           .kind = LUS_COLUMN_NUMBER);
}

/* Censored in (from, to]; actuarial intervals [from, to) hold their own beginning instead. */
static double censored_between(const struct lus_event_table *table, size_t *row, lus_time to,
                               bool is_actuarial)
{
    double sum = 0;
    for (; *row < table->n && (is_actuarial ? table->time[*row] < to : table->time[*row] <= to);
         ++*row)
        sum += table->censored[*row];
    return sum;
}

static void add_row(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_fitting *f, const struct lus_stratum *s,
                    const struct lus_fit *fit, size_t i, double events, double censored,
                    double entered)
{
    struct lus_document *d = &r->document;
    const struct lus_curve *c = &fit->curve;
    struct lus_point p = lus_curve_at(c, c->time[i], &f->conf);
    bool is_few = c->at_risk[i] < LUS_FEW && !isnan(p.survival);
    lus_add_levels(r, t, tally, s);
    lus_table_number(d, t, lus_time_in(c->time[i], tally->unit));
    lus_table_number(d, t, c->at_risk[i]);
    lus_table_number(d, t, entered);
    lus_table_number(d, t, events);
    lus_table_number(d, t, censored);
    lus_table_cell(d, t, (struct lus_cell){.number = p.survival, .why = p.why, .is_few = is_few});
    lus_table_cell(d, t, (struct lus_cell){.number = p.std_error, .why = p.why_error});
    lus_table_cell(d, t, (struct lus_cell){.number = p.low, .why = p.why_error});
    lus_table_cell(d, t, (struct lus_cell){.number = p.high, .why = p.why_error});
    lus_table_cell(d, t, (struct lus_cell){.number = p.hazard, .why = p.why});
    if (is_few)
        lus_document_note(d, lus_of_marks(), "* fewer than %d at risk: read with care.", LUS_FEW);
}

/* Entered up to and with a time, since the entries before *entry; the first call counts those at
 * 0. */
static double entered_until(const struct lus_event_table *table, size_t *entry, lus_time time,
                            bool is_first)
{
    double sum = is_first ? table->entered_at_zero : 0;
    for (; *entry < table->n_entries && table->entry_time[*entry] <= time; ++*entry)
        sum += table->entered[*entry];
    return sum;
}

static void add_hazard_columns(struct lus_result *r, struct lus_table *t,
                               const struct lus_tally *tally, const struct lus_fitting *f)
{
    struct lus_document *d = &r->document;
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(tally->unit)),
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "hazard", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "a year (%g %%)", 100 * f->conf.level),
           .kind = LUS_COLUMN_NUMBER, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_NUMBER);
    COLUMN(.name = "bandwidth", .role = LUS_ROLE_ESTIMATE, .header = "bandwidth",
           .kind = LUS_COLUMN_NUMBER);
#undef COLUMN
}

/* The hazard is smoothed up to the last time at which ten are at risk; of fewer to the last one. */
static lus_time last_of_hazard(const struct lus_curve *c)
{
    lus_time last = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->at_risk[i] >= LUS_FEW) last = c->time[i];
    return last > 0 ? last : c->last_exit;
}

/* The smoothed hazard of a stratum, at a hundred steps. */
static void add_hazard(struct curves *x, const struct lus_stratum *s, const struct lus_curve *c)
{
    enum { STEPS = 100 };
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->hazard;
    double year = (double)lus_unit_ticks(LUS_YEARS), unit = (double)lus_unit_ticks(x->tally.unit);
    lus_time end = last_of_hazard(c);
    double bandwidth = isnan(x->bandwidth) ? lus_hazard_bandwidth(c, end) : x->bandwidth;
    bool is_wide = bandwidth > (double)(end - c->start) / 2;
    if (is_wide)
        lus_document_note(d, lus_of_method(),
                          "%s: the bandwidth of %.3g %s is more than half of its follow-up: no "
                          "hazard.",
                          lus_stratum_name(x->r, &x->tally, s), bandwidth / unit,
                          lus_unit_name(x->tally.unit));
    for (int i = 0; i <= (is_wide || isnan(bandwidth) ? 0 : STEPS); i++) {
        double time = (double)c->start +
                      (i ? ((double)(end - c->start) - bandwidth) * i / STEPS : 0);
        size_t row = 0;
        while (row < c->n && (double)c->time[row] < time)
            row++;
        struct lus_smooth_hazard h = lus_hazard_at(c, end, bandwidth, time, x->fitting.conf.level);
        enum lus_why why = isnan(h.hazard) ? LUS_WHY_NO_EVENT : LUS_AVAILABLE;
        enum lus_why why_error = isnan(h.low) ? LUS_WHY_NO_EVENT : LUS_AVAILABLE;
        lus_add_levels(x->r, t, &x->tally, s);
        lus_table_number(d, t, time / unit);
        lus_table_number(d, t, row < c->n ? c->at_risk[row] : 0);
        lus_table_cell(d, t, (struct lus_cell){.number = year * h.hazard, .why = why});
        lus_table_cell(d, t, (struct lus_cell){.number = year * h.std_error, .why = why_error});
        lus_table_cell(d, t, (struct lus_cell){.number = year * h.low, .why = why_error});
        lus_table_cell(d, t, (struct lus_cell){.number = year * h.high, .why = why_error});
        lus_table_number(d, t, bandwidth / unit);
    }
}

static int add_stratum(struct curves *x, const struct lus_stratum *s, struct lus_error *err)
{
    struct lus_fit fit;
    size_t row = 0, entry = 0;
    LUS_TRY(lus_fit(&x->fitting, &s->table, &fit, err));
    for (size_t i = 0; i < fit.curve.n; i++) {
        lus_time time = fit.curve.time[i];
        add_row(x->r, x->curve, &x->tally, &x->fitting, s, &fit, i, fit.curve.events[i],
                censored_between(fit.table, &row, time, fit.curve.is_actuarial),
                entered_until(fit.table, &entry, time, i == 0));
    }
    if (x->hazard) add_hazard(x, s, &fit.curve);
    lus_add_at_risk_rows(x->r, x->at_risk, &x->tally, s, fit.table, &x->times);
    lus_add_summary_row(x->r, x->summary, &x->tally, s, &fit.curve, &x->fitting.conf);
    lus_add_entry_notes(x->r, &x->tally, s, &fit.curve);
    lus_fit_free(&fit);
    return LUS_OK;
}

static int add_tables(struct curves *x, struct lus_error *err)
{
    x->curve = lus_document_table(&x->r->document, "curve", "");
    if (x->curve) x->curve->rows = LUS_ROWS_STEPS;
    add_columns(x->r, x->curve, &x->tally, &x->fitting);
    LUS_TRY(lus_check_names(&x->tally, x->curve, err));
    x->at_risk = lus_add_at_risk(x->r, &x->tally);
    x->summary = lus_add_summary(x->r, &x->tally);
    LUS_TRY(lus_check_names(&x->tally, x->summary, err));
    if (!x->o->bandwidth) return LUS_OK;
    x->hazard = lus_document_table(&x->r->document, "hazard", "Hazard, smoothed");
    add_hazard_columns(x->r, x->hazard, &x->tally, &x->fitting);
    return lus_check_names(&x->tally, x->hazard, err);
}

/* --bandwidth auto, or a time. */
static int set_bandwidth(struct curves *x, struct lus_error *err)
{
    lus_time ticks = 0;
    const char *said = x->o->bandwidth;
    x->bandwidth = NAN;
    if (!said || strcmp(said, "auto") == 0) return LUS_OK;
    LUS_TRY(lus_duration_parse(said, x->tally.unit, &ticks, err));
    x->bandwidth = (double)ticks;
    return LUS_OK;
}

static int build(const struct lus_options *o, struct curves *x, const struct lus_inputs *inputs,
                 struct lus_error *err)
{
    lus_add_strata(x->r, &x->tally, x->tally.n_by);
    LUS_TRY(lus_round_times_of(o, x->r, &x->tally, &x->times, err));
    LUS_TRY(add_tables(x, err));
    for (size_t i = 0; i < x->tally.n_strata; i++)
        LUS_TRY(add_stratum(x, &x->tally.strata[i], err));
    lus_add_method_notes(x->r, &x->tally, &x->fitting, false);
    lus_add_selection(x->r, &x->tally);
    return lus_add_warnings(o, x->r, &x->tally, inputs, err);
}

int lus_curve_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_inputs inputs = {0};
    struct curves x = {.o = o, .r = r};
    int status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &inputs, &x.tally, r, err);
    if (status == LUS_OK) status = lus_fitting_of(o, &x.tally, &x.fitting, err);
    if (status == LUS_OK) status = set_bandwidth(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&inputs, &x.tally, err);
    if (status == LUS_OK) status = lus_check_weights(&x.fitting, &x.tally, err);
    if (status == LUS_OK) status = build(o, &x, &inputs, err);
    if (status == LUS_OK && o->annotate) status = lus_compare_tally(o, r, &x.tally, err);
    lus_inputs_free(&inputs);
    lus_tally_free(&x.tally);
    free(x.times.at);
    return status;
}
