#include "command/round_times.h"

#include <math.h>

/* A round step; in months, pieces are years or parts of them. */
static double step_of(double span, enum lus_unit unit)
{
    static const double months[] = {1, 3, 6, 12, 24, 36, 60, 120}, plain[] = {1, 2, 5};
    if (unit == LUS_MONTHS)
        for (size_t i = 0; i < sizeof months / sizeof *months; i++)
            if (span / months[i] <= 8) return months[i];
    double power = pow(10, floor(log10(span / 4)));
    for (size_t i = 0; i < 3; i++)
        if (span / (plain[i] * power) <= 8) return plain[i] * power;
    return 10 * power;
}

int lus_round_times_of(const struct lus_options *o, struct lus_result *r,
                       const struct lus_tally *tally, struct lus_round_times *out,
                       struct lus_error *err)
{
    lus_time last = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (tally->strata[i].table.last_exit > last) last = tally->strata[i].table.last_exit;
    for (size_t i = 0; i < tally->frame.n; i++)
        if (tally->frame.exit[i] > last) last = tally->frame.exit[i];
    if (o->until) LUS_TRY(lus_duration_parse(o->until, tally->unit, &last, err));
    if (o->until && last <= 0)
        return lus_fail(err, LUS_EUSAGE, "--until must be later than the origin");
    enum lus_unit unit = last >= 4 * lus_unit_ticks(LUS_YEARS) ? LUS_YEARS : tally->unit;
    double span = last > 0 ? lus_time_in(last, unit) : 1, step = step_of(span, unit),
           pieces = o->until ? floor(span / step + 1e-9) : ceil(span / step - 1e-9);
    r->document.axis_unit = unit;
    out->n = (size_t)pieces + 1;
    out->at = lus_alloc(out->n, sizeof *out->at);
    if (!out->at) return lus_fail_memory(err);
    for (size_t k = 0; k < out->n; k++)
        out->at[k] = (lus_time)llround((double)k * step * (double)lus_unit_ticks(unit));
    return LUS_OK;
}

void lus_add_at_risk_columns(struct lus_document *d, struct lus_table *t)
{
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "time", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    /* counts by then could be subtracted from one another, and tell of single people */
    COLUMN(.name = "entered", .role = LUS_ROLE_DATA, .header = "entered by then",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "censored", .role = LUS_ROLE_DATA, .header = "censored by then",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_DATA, .header = "events by then",
           .kind = LUS_COLUMN_COUNT);
}

struct lus_table *lus_add_at_risk(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_table *t = lus_document_table(&r->document, "at_risk", NULL);
    lus_add_by_columns(r, t, tally);
    lus_add_at_risk_columns(&r->document, t);
    return t;
}

void lus_add_at_risk_rows(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                          const struct lus_stratum *stratum, const struct lus_event_table *table,
                          const struct lus_round_times *times)
{
    struct lus_document *d = &r->document;
    double entered = table->entered_at_zero, censored = 0, events = 0;
    for (size_t k = 0, row = 0, entry = 0; k < times->n; k++) {
        for (; entry < table->n_entries && table->entry_time[entry] <= times->at[k]; entry++)
            entered += table->entered[entry];
        for (; row < table->n && table->time[row] <= times->at[k]; row++)
            censored += table->censored[row], events += table->events[row];
        lus_add_levels(r, t, tally, stratum);
        lus_table_number(d, t, lus_time_in(times->at[k], tally->unit));
        lus_table_number(d, t, lus_at_risk(table, times->at[k]));
        lus_table_number(d, t, entered);
        lus_table_number(d, t, censored);
        lus_table_number(d, t, events);
    }
}

struct lus_table *lus_add_summary(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = lus_document_table(d, "summary", NULL);
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "events", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = "survival",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "median", .role = LUS_ROLE_ESTIMATE, .header = "median",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "median_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "median_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_TIME);
    return t;
}

static void put_time(struct lus_document *d, struct lus_table *t, lus_time time, enum lus_unit unit,
                     enum lus_why why)
{
    double number = why == LUS_AVAILABLE ? lus_time_in(time, unit) : NAN;
    lus_table_cell(d, t, (struct lus_cell){.number = number, .why = why});
}

void lus_add_summary_row(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                         const struct lus_stratum *stratum, const struct lus_curve *curve,
                         const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    lus_time five = 5 * lus_unit_ticks(LUS_YEARS);
    struct lus_point p = lus_curve_at(curve, five, conf);
    struct lus_quantile q = lus_curve_quantile(curve, 0.5, conf);
    lus_add_levels(r, t, tally, stratum);
    lus_table_number(d, t, stratum->table.total);
    lus_table_number(d, t, stratum->table.total_events);
    lus_table_number(d, t, lus_time_in(five, tally->unit));
    lus_table_cell(d, t, (struct lus_cell){.number = p.survival, .why = p.why});
    lus_table_cell(d, t, (struct lus_cell){.number = p.low, .why = p.why_error});
    lus_table_cell(d, t, (struct lus_cell){.number = p.high, .why = p.why_error});
    put_time(d, t, q.time, tally->unit, q.why);
    put_time(d, t, q.low, tally->unit, q.why_low);
    put_time(d, t, q.high, tally->unit, q.why_high);
}
