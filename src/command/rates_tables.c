/* The tables of rates: survival at horizons, quantiles. */
#include <math.h>
#include <stdlib.h>

#include "command/option.h"
#include "command/rates.h"

static const struct lus_option options[] = {
    LIST("quantiles", "P,...", quantiles,
         "percentages: a table of the times by which so many have the event"),
    FLAG("each", each, "each factor of --by on its own, below everybody, and not crossed"), END};
const struct lus_option_group lus_rates_options = {"Rates", options};

static void add_keys(struct lus_rates_asked *x, struct lus_table *t)
{
    struct lus_document *d = &x->r->document;
    if (!x->is_each) {
        lus_add_by_columns(x->r, t, &x->tally);
        return;
    }
    COLUMN(.name = "factor", .role = LUS_ROLE_KEY, .header = "Factor");
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = "Level");
}

static void add_levels(struct lus_rates_asked *x, struct lus_table *t, const struct lus_stratum *s)
{
    struct lus_document *d = &x->r->document;
    if (!x->is_each) {
        lus_add_levels(x->r, t, &x->tally, s);
        return;
    }
    lus_table_row(d, t, lus_number_of(x->r, &x->tally, s));
    lus_table_text(d, t, x->tally.n_by ? lus_document_text(d, "%s", x->tally.labels[0]) : "");
    lus_table_text(d, t, lus_document_text(d, "%s", lus_stratum_name(x->r, &x->tally, s)));
}

const char *lus_rates_prefix(const struct lus_rates_asked *x, const struct lus_stratum *s)
{
    const char *prefix = lus_stratum_prefix(x->r, &x->tally, s);
    return x->is_each && *prefix
               ? lus_document_text(&x->r->document, "%s %s", x->tally.labels[0], prefix)
               : prefix;
}

static void add_columns(struct lus_rates_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    const char *percent = lus_document_text(d, "%g %%", 100 * x->fitting.conf.level);
    const char *unit = lus_unit_name(x->tally.unit);
    add_keys(x, t);
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
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
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

static void add_quantile_columns(struct lus_rates_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->quantile_table;
    add_keys(x, t);
    COLUMN(.name = "quantile", .role = LUS_ROLE_ASKED, .header = "% with the event",
           .kind = LUS_COLUMN_NUMBER);
    int at = (int)(t ? t->n_columns : 0);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(x->tally.unit)),
           .kind = LUS_COLUMN_TIME, .low = at + 1, .high = at + 2);
    lus_add_limit_columns(d, t, LUS_COLUMN_TIME);
}

int lus_rates_tables_begin(struct lus_rates_asked *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    x->table = lus_document_table(d, "rates", "");
    add_columns(x);
    if (!x->is_each) LUS_TRY(lus_check_names(&x->tally, x->table, err));
    if (x->n_quantiles) {
        x->quantile_table = lus_document_table(d, "quantiles", "Quantiles");
        add_quantile_columns(x);
        if (!x->is_each) LUS_TRY(lus_check_names(&x->tally, x->quantile_table, err));
    }
    return LUS_OK;
}

static double in_unit(const struct lus_rates_asked *x, lus_time time, enum lus_why why)
{
    return why == LUS_AVAILABLE ? lus_time_in(time, x->tally.unit) : NAN;
}

static void put(struct lus_rates_asked *x, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(&x->r->document, t, (struct lus_cell){.number = number, .why = why});
}

static void put_quantile(struct lus_rates_asked *x, struct lus_table *t,
                         const struct lus_quantile *q)
{
    put(x, t, in_unit(x, q->time, q->why), q->why);
    put(x, t, in_unit(x, q->low, q->why_low), q->why_low);
    put(x, t, in_unit(x, q->high, q->why_high), q->why_high);
}

static void note_not_available(struct lus_rates_asked *x, const struct lus_stratum *s,
                               const struct lus_horizon *h, const struct lus_point *p,
                               const struct lus_curve *c)
{
    bool is_told = x->standard.n && !x->standard.weighs_people &&
                   p->why == LUS_WHY_BEYOND_FOLLOW_UP; /* group by group */
    if (p->why == LUS_AVAILABLE || is_told) return;
    const char *prefix = lus_rates_prefix(x, s);
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

/* A group of the standard in a cell: one stratum, or several that have joined. */
struct group {
    size_t number;
    const char *name; /* "age group 15-44" */
    double at_risk;   /* at the horizon */
    lus_time last_exit;
};

/* The group that begins at the i-th stratum of a cell; false where it began before, or counts for
 * nothing. */
static bool look_at_group(const struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                          size_t i, lus_time time, struct group *out)
{
    const struct lus_tally *tally = &x->tally;
    size_t key = tally->n_by + tally->n_split - 1, n = 0;
    struct lus_error ignored = LUS_ERROR_INIT;
    *out = (struct group){.name = ""};
    if (lus_standard_group(&x->standard, tally, &tally->strata[i], &out->number, &ignored) !=
        LUS_OK)
        return false;
    for (size_t k = cell->first; k < cell->end; k++) {
        const struct lus_stratum *s = &tally->strata[k];
        size_t g = 0;
        if (lus_standard_group(&x->standard, tally, s, &g, &ignored) != LUS_OK || g != out->number)
            continue;
        if (k < i) return false;
        out->name = lus_document_text(&x->r->document, "%s%s%s", n ? out->name : tally->keys[key],
                                      n ? ", " : " ", s->levels[key] ? s->levels[key] : "missing");
        n++;
        out->at_risk += lus_at_risk(&s->table, time);
        if (s->table.last_exit > out->last_exit) out->last_exit = s->table.last_exit;
    }
    return x->standard.shares[out->number] > 0;
}

/* Of a standardised row each group is looked at: who ends before the horizon, who is thin there,
 * who has died out. Whether one is thin. */
static bool note_groups(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                        const struct lus_horizon *h, const struct lus_point *p)
{
    struct lus_document *d = &x->r->document;
    const char *prefix = lus_rates_prefix(x, &x->tally.strata[cell->first]);
    size_t number = lus_number_of(x->r, &x->tally, &x->tally.strata[cell->first]);
    bool is_thin = false;
    for (size_t i = cell->first; i < cell->end && x->standard.n && !x->standard.weighs_people;
         i++) {
        struct group g;
        if (!look_at_group(x, cell, i, h->time, &g)) continue;
        if (p->why == LUS_WHY_BEYOND_FOLLOW_UP && g.last_exit < h->time)
            lus_document_note(
                d,
                lus_of_counts(number,
                              lus_document_text(d, "%s%s is not available: %s ends before it.",
                                                prefix, h->text, g.name)),
                "%s%s is not available: %s is followed to %.4g %s.", prefix, h->text, g.name,
                lus_time_in(g.last_exit, x->tally.unit), lus_unit_name(x->tally.unit));
        bool is_few = p->why == LUS_AVAILABLE && g.at_risk < LUS_FEW;
        if (is_few)
            lus_document_note(
                d, lus_of_stratum(number),
                "%s%s: fewer than %d at risk in %s, which is %.4g %% of the standard.", prefix,
                h->text, LUS_FEW, g.name, 100 * x->standard.shares[g.number]);
        is_thin |= is_few;
    }
    if (p->why == LUS_AVAILABLE && p->why_error == LUS_WHY_GROUP_ALL_DEAD)
        lus_document_note(d, lus_of_stratum(number), "%s%s has no interval: %s.", prefix, h->text,
                          lus_why_text(p->why_error));
    return is_thin;
}

/* Events in (start, time]: of all groups, however early a group ends. */
static double events_until(const struct lus_event_table *t, lus_time time)
{
    double events = 0;
    for (size_t i = 0; i < t->n && t->time[i] <= time; i++)
        events += t->events[i];
    return events;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The fewest who die between two of the horizons: rows could be subtracted from one another. */
static double fewest_between(struct lus_rates_asked *x, const struct lus_curve *c)
{
    double fewest = INFINITY;
    for (size_t h = 0; h < x->n_horizons; h++)
        x->dead[h] = lus_curve_at(c, x->horizons[h].time, &x->fitting.conf).events_by;
    qsort(x->dead, x->n_horizons, sizeof *x->dead, by_size);
    for (size_t h = 1; h < x->n_horizons; h++)
        if (x->dead[h] > x->dead[h - 1]) fewest = fmin(fewest, x->dead[h] - x->dead[h - 1]);
    return fewest;
}

/* between: the number of those who die between horizons. */
static void add_row(struct lus_rates_asked *x, const struct lus_rates_cell *cell, size_t between,
                    const struct lus_event_table *table, const struct lus_curve *c,
                    const struct lus_horizon *h, const struct lus_quantile *median)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    struct lus_point p = lus_curve_at(c, h->time, &x->fitting.conf);
    double at_risk = lus_at_risk(table, h->time);
    const struct lus_stratum *s = &x->tally.strata[cell->first];
    add_levels(x, t, s);
    lus_table_row_of_pair(d, t, lus_number_of(x->r, &x->tally, s), between);
    lus_table_number(d, t, cell->n);
    lus_table_number(d, t, cell->events);
    lus_table_cell(
        d, t, (struct lus_cell){.number = lus_time_in(h->time, x->tally.unit), .text = h->text});
    lus_table_number(d, t, at_risk);
    lus_table_number(d, t, x->standard.n ? events_until(table, h->time) : p.events_by);
    bool is_thin = note_groups(x, cell, h, &p),
         is_few = (at_risk < LUS_FEW || is_thin) && !isnan(p.survival);
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

static void add_quantiles(struct lus_rates_asked *x, const struct lus_stratum *s,
                          const struct lus_curve *c)
{
    for (size_t i = 0; i < x->n_quantiles; i++) {
        struct lus_quantile q = lus_curve_quantile(c, x->quantiles[i] / 100, &x->fitting.conf);
        add_levels(x, x->quantile_table, s);
        lus_table_number(&x->r->document, x->quantile_table, x->quantiles[i]);
        put_quantile(x, x->quantile_table, &q);
    }
}

void lus_rates_tables_add(struct lus_rates_asked *x, const struct lus_rates_cell *cell,
                          const struct lus_rates_fit *f)
{
    const struct lus_stratum *s = &x->tally.strata[cell->first];
    size_t between = lus_document_stratum(
        &x->r->document, &(struct lus_headcount){NULL, INFINITY, fewest_between(x, &f->fit.curve)});
    for (size_t h = 0; h < x->n_horizons; h++)
        add_row(x, cell, between, f->fit.table, &f->fit.curve, &x->horizons[h], &f->median);
    add_quantiles(x, s, &f->fit.curve);
}
