/* lustrum curve: every row of the survival curves. */
#include <math.h>
#include <stdlib.h>

#include "command/round_times.h"

/* The tables of the command, and what their rows are made with. */
struct curves {
    struct lus_result *r;
    struct lus_tally tally;
    struct lus_fitting fitting;
    struct lus_round_times times;
    struct lus_table *curve, *at_risk, *summary;
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
#undef COLUMN
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
    return lus_check_names(&x->tally, x->summary, err);
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
    struct curves x = {.r = r};
    int status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &inputs, &x.tally, r, err);
    if (status == LUS_OK) status = lus_fitting_of(o, &x.tally, &x.fitting, err);
    if (status == LUS_OK) status = lus_inputs_read(&inputs, &x.tally, err);
    if (status == LUS_OK) status = lus_check_weights(&x.fitting, &x.tally, err);
    if (status == LUS_OK) status = build(o, &x, &inputs, err);
    lus_inputs_free(&inputs);
    lus_tally_free(&x.tally);
    free(x.times.at);
    return status;
}
