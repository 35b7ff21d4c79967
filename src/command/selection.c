/* Who is in the tables: the selection's table, its line, and what the data make worth knowing. */
#include <math.h>

#include "command/reading.h"
#include "support/calendar.h"

static void note_selection(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_string line = {0};
    lus_string_print(&line, "%llu row%s read", (unsigned long long)tally->n_rows,
                     tally->n_rows == 1 ? "" : "s");
    for (size_t i = 0; i < tally->n_rules; i++)
        if (tally->rules[i].left_out)
            lus_string_print(&line, "; %llu left out: %s",
                             (unsigned long long)tally->rules[i].left_out, tally->rules[i].name);
    lus_string_print(&line, "; %llu analysed.", (unsigned long long)tally->n_analysed);
    lus_document_note(&r->document, lus_of_counts(LUS_NOBODY, NULL), "%s",
                      lus_document_keep(&r->document, &line));
}

static void note_data(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    if (tally->zero_times && !tally->without_time)
        lus_document_note(
            d, lus_of_counts(LUS_NOBODY, NULL),
            "%llu with a time of 0 (%s; known from a death certificate only, or seen on one day).",
            (unsigned long long)tally->zero_times,
            tally->completed ? "less than one completed unit" : "an event there counts at 0");
    if (tally->rounded_time)
        lus_document_note(d, lus_of_method(),
                          "Times with more than nine decimal places were rounded to nine.");
    if (tally->year_dates)
        lus_document_note(d, lus_of_method(), "Dates given as a year alone count as 1 July.");
    if (tally->month_dates)
        lus_document_note(d, lus_of_method(), "Dates given as a year and month count as the 15th.");
    if (tally->has_entry && tally->late_entries)
        lus_document_note(d,
                          lus_of_counts(LUS_NOBODY, "Adjusted for delayed entry, assuming that "
                                                    "entry is independent of prognosis."),
                          "Adjusted for delayed entry (%llu enter after the origin), assuming that "
                          "entry is independent of prognosis.",
                          (unsigned long long)tally->late_entries);
    if (tally->landmark > 0)
        lus_document_note(
            d, lus_of_method(),
            "Landmark: those still followed %s after the origin; all times count from there.",
            lus_time_text(r, tally->landmark, tally->unit));
    if (tally->overlaps)
        lus_document_note(d, lus_of_method(),
                          "The strata overlap: a person may be in several of them.");
    if (tally->is_synthetic)
        lus_document_note(
            d, lus_of_method(),
            "SYNTHETIC: these people were made by a model; their rates are no evidence.");
}

/* "1978", "1978 to 1993": the years in which time began, where dates were read. */
static void set_years(struct lus_document *d, const struct lus_tally *tally)
{
    lus_time first = LUS_TIME_MAX, last = -LUS_TIME_MAX, day = lus_unit_ticks(LUS_DAYS);
    for (size_t i = 0; i < tally->n_strata; i++)
        for (size_t k = 0; k < tally->strata[i].cohort.n; k++) {
            lus_time date = lus_cohort_at(&tally->strata[i].cohort, k).date;
            first = date < first ? date : first, last = date > last ? date : last;
        }
    if (first > last) return;
    int64_t from, to;
    unsigned month, of_month;
    lus_civil_from_days((int64_t)floor((double)first / (double)day), &from, &month, &of_month);
    lus_civil_from_days((int64_t)floor((double)last / (double)day), &to, &month, &of_month);
    d->years = from == to ? lus_document_text(d, "%lld", (long long)from)
                          : lus_document_text(d, "%lld to %lld", (long long)from, (long long)to);
}

static void add_rule(struct lus_document *d, struct lus_table *t, const char *name,
                     uint64_t left_out, uint64_t remaining)
{
    lus_table_row(d, t, LUS_NOBODY);
    lus_table_text(d, t, name);
    lus_table_number(d, t, (double)left_out);
    lus_table_number(d, t, (double)remaining);
}

void lus_add_selection(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = lus_document_table(d, "selection", NULL);
    if (t) t->rows = LUS_ROWS_SUM;
    lus_table_column(
        d, t, (struct lus_table_column){.name = "rule", .header = "rule", .role = LUS_ROLE_KEY});
    lus_table_column(d, t,
                     (struct lus_table_column){.name = "left_out",
                                               .header = "left out",
                                               .kind = LUS_COLUMN_COUNT,
                                               .role = LUS_ROLE_COUNT});
    lus_table_column(d, t,
                     (struct lus_table_column){.name = "remaining",
                                               .header = "remaining",
                                               .kind = LUS_COLUMN_COUNT,
                                               .role = LUS_ROLE_COUNT});
    uint64_t remaining = tally->n_rows;
    add_rule(d, t, "rows read", 0, remaining);
    for (size_t i = 0; i < tally->n_rules; i++) {
        remaining -= tally->rules[i].left_out;
        add_rule(d, t, lus_document_text(d, "%s", tally->rules[i].name), tally->rules[i].left_out,
                 remaining);
    }
    add_rule(d, t, "analysed", 0, tally->n_analysed);
    note_selection(r, tally);
    note_data(r, tally);
    set_years(d, tally);
}
