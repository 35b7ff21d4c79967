/* lustrum describe: who is in the file, how long they were followed, what each column holds. */
#include <math.h>
#include <stdlib.h>

#include "command/guess.h"
#include "command/reading.h"

/* The time by which half of the people had left; the middle where exactly half had. */
static double median_time(const struct lus_event_table *t, enum lus_unit unit)
{
    double left = 0, half = t->total / 2;
    for (size_t i = 0; i < t->n; i++) {
        left += t->events[i] + t->censored[i];
        if (left > half) return lus_time_in(t->time[i], unit);
        if (left == half && i + 1 < t->n)
            return (lus_time_in(t->time[i], unit) + lus_time_in(t->time[i + 1], unit)) / 2;
    }
    return NAN;
}

static int add_people(struct lus_result *r, const struct lus_tally *tally, struct lus_error *err)
{
    struct lus_document *d = &r->document;
    const char *unit = lus_unit_name(tally->unit);
    struct lus_table *t = lus_document_table(d, "describe", "");
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "events", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "censored", .role = LUS_ROLE_EVENTS, .header = "censored",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "time_min", .role = LUS_ROLE_DATA, .header = "shortest",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "time_median", .role = LUS_ROLE_ESTIMATE, .header = "median",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "time_max", .role = LUS_ROLE_DATA, .header = "longest time",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "followup_median", .role = LUS_ROLE_ESTIMATE, .header = "median follow-up",
           .kind = LUS_COLUMN_TIME);
    LUS_TRY(lus_check_names(tally, t, err));
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_event_table *table = &tally->strata[i].table;
        struct lus_curve c;
        if (lus_follow_up(table, &c) != LUS_OK) return lus_fail_memory(err);
        struct lus_quantile follow_up = lus_curve_quantile(&c, 0.5, &LUS_CONF_DEFAULT);
        lus_add_levels(r, t, tally, &tally->strata[i]);
        lus_table_number(d, t, table->total);
        lus_table_number(d, t, table->total_events);
        lus_table_number(d, t, table->total - table->total_events);
        lus_table_number(d, t, lus_time_in(table->time[0], tally->unit));
        lus_table_number(d, t, median_time(table, tally->unit));
        lus_table_number(d, t, lus_time_in(table->last_exit, tally->unit));
        lus_table_cell(d, t,
                       (struct lus_cell){.number = follow_up.why == LUS_AVAILABLE
                                                       ? lus_time_in(follow_up.time, tally->unit)
                                                       : NAN,
                                         .why = follow_up.why});
        if (follow_up.why != LUS_AVAILABLE)
            lus_document_note(d, lus_of_stratum(lus_number_of(r, tally, &tally->strata[i])),
                              "%s: the median follow-up is not reached.",
                              lus_stratum_name(r, tally, &tally->strata[i]));
        lus_curve_free(&c);
    }
    lus_document_note(d, lus_of_method(),
                      "Times in %s%s%s. Median follow-up by the reverse Kaplan-Meier estimate: how "
                      "long people would have been watched, had nobody died.",
                      unit, tally->origin ? ", from " : "", tally->origin ? tally->origin : "");
    return LUS_OK;
}

/* A row of a column: whose values are missing are its events, so that as few who have one hide
 * it. */
static void begin_column(struct lus_document *d, struct lus_table *t, double n_rows,
                         double n_missing)
{
    lus_table_row(d, t, lus_document_stratum(d, &(struct lus_headcount){NULL, n_rows, n_missing}));
}

static void add_columns(struct lus_result *r, const struct lus_profile *profile, double n_rows)
{
    struct lus_document *d = &r->document;
    if (!profile->n_columns) return; /* a tally has none */
    struct lus_table *t = lus_document_table(d, "columns", "Columns");
    COLUMN(.name = "column", .role = LUS_ROLE_KEY, .header = "column");
    COLUMN(.name = "kind", .role = LUS_ROLE_KEY, .header = "kind");
    COLUMN(.name = "missing", .role = LUS_ROLE_EVENTS, .header = "missing",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "distinct", .role = LUS_ROLE_ESTIMATE, .header = "distinct",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "example", .role = LUS_ROLE_DATA, .header = "example");
    for (size_t i = 0; i < profile->n_columns; i++) {
        const struct lus_profile_column *c = &profile->columns[i];
        begin_column(d, t, n_rows, (double)c->n_missing);
        lus_table_text(d, t, lus_document_text(d, "%s", c->name));
        lus_table_text(d, t, lus_profile_kind_name(c->kind));
        lus_table_cell(d, t, (struct lus_cell){.number = (double)c->n_missing});
        lus_table_cell(d, t,
                       (struct lus_cell){.number = c->is_capped ? NAN : (double)c->n_distinct});
        lus_table_text(d, t, lus_document_text(d, "%s", c->example));
        if (c->is_capped)
            lus_document_note(d, lus_of_method(),
                              "%s: more than %d distinct values, which are not counted.", c->name,
                              LUS_PROFILE_MOST);
    }
}

/* Factors that the recipe derives: their levels, so that a user sees what --by can take. */
static void add_factors(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    size_t n;
    const struct lus_factor_summary *factors = lus_tally_factors(tally, &n);
    if (!n) return;
    struct lus_table *t = lus_document_table(d, "factors", "Factors of the recipe");
    COLUMN(.name = "factor", .role = LUS_ROLE_KEY, .header = "factor");
    COLUMN(.name = "label", .role = LUS_ROLE_KEY, .header = "label");
    COLUMN(.name = "levels", .role = LUS_ROLE_KEY, .header = "levels");
    for (size_t i = 0; i < n; i++) {
        lus_table_row(d, t, LUS_NOBODY);
        lus_table_text(d, t, lus_document_text(d, "%s", factors[i].name));
        lus_table_text(d, t, lus_document_text(d, "%s", factors[i].label));
        lus_table_text(d, t, lus_document_text(d, "%s", factors[i].levels));
    }
}

/* A kind of file that is known by its columns' names. */
static void add_kind(struct lus_result *r, const struct lus_profile *profile)
{
    struct lus_guess guess;
    if (lus_guess_convention(&guess, profile))
        lus_document_note(&r->document, lus_of_method(),
                          "The file looks like %s; lustrum recipe writes what its columns mean.",
                          guess.kind);
}

int lus_describe(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_inputs inputs = {0};
    struct lus_tally tally = {0};
    struct lus_profile profile = {0};
    int status = lus_query_of(o, &query, err);
    query.profile = &profile;
    query.time_is_optional = true;
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &inputs, &tally, r, err);
    if (status == LUS_OK) status = lus_inputs_read(&inputs, &tally, err);
    if (status == LUS_OK) lus_add_strata(r, &tally, tally.n_by);
    if (status == LUS_OK && tally.without_time)
        lus_document_note(
            &r->document, lus_of_method(),
            "For people and follow-up name the time and the event: --time COL --event COL=LEVEL.");
    else if (status == LUS_OK) status = add_people(r, &tally, err);
    if (status == LUS_OK) {
        add_columns(r, &profile, (double)tally.n_rows);
        add_kind(r, &profile);
        add_factors(r, &tally);
        lus_add_selection(r, &tally);
        if (!tally.without_time) status = lus_add_warnings(o, r, &tally, &inputs, err);
    }
    lus_profile_free(&profile);
    lus_inputs_free(&inputs);
    lus_tally_free(&tally);
    return status;
}
