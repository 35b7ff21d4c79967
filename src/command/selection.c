/* Who is in the tables: the selection's table, its line, and what the data make worth knowing. */
#include <math.h>

#include "command/reading.h"
#include "support/calendar.h"
#include "support/number.h"

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

/* "LIVING 1, UNKNOWN 21": the texts that are the event, or none, with their counts. */
static void put_event_texts(struct lus_string *out, const struct lus_tally *tally, bool is_event,
                            bool with_counts)
{
    enum { MOST = 12 };
    size_t n = 0;
    for (size_t i = 0; i < tally->n_event_texts; i++) {
        const struct lus_event_text *e = &tally->event_texts[i];
        if ((e->cause && tally->causes[e->cause - 1].is_event) != is_event) continue;
        double number;
        bool is_number = lus_number_parse(e->text, strlen(e->text), &number) == LUS_NUMBER_OK;
        const char *quote = is_number || !with_counts ? "\"" : "";
        if (n++ < MOST) lus_string_print(out, "%s%s%s%s", n > 1 ? ", " : "", quote, e->text, quote);
        if (n <= MOST && with_counts) lus_string_print(out, " %llu", (unsigned long long)e->n);
    }
    if (n > MOST) lus_string_print(out, ", and %zu others", n - MOST);
    if (!n) lus_string_put(out, "none");
}

static const char *event_line(struct lus_result *r, const struct lus_tally *tally, bool with_counts)
{
    struct lus_string line = {0};
    lus_string_print(&line, "Event, by %s: ", tally->event_column);
    put_event_texts(&line, tally, true, with_counts);
    lus_string_put(&line, "; no event: ");
    put_event_texts(&line, tally, false, with_counts);
    lus_string_put(&line, ".");
    return lus_document_keep(&r->document, &line);
}

/* What makes one doubt the numbers, and what was taken for granted. */
static void note_doubts(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    if (tally->n_event_texts && !tally->without_time)
        lus_document_note(d, lus_of_counts(LUS_NOBODY, event_line(r, tally, false)), "%s",
                          event_line(r, tally, true));
    if (tally->has_assumed_unit && !tally->without_time)
        lus_document_note(d, lus_of_method(),
                          "No unit is said: times are taken as months (--unit).");
    if (tally->has_named_unit && !tally->without_time)
        lus_document_note(d, lus_of_method(), "The unit is read off the name of %s.",
                          tally->time_column);
    if (*tally->file_notes)
        lus_document_note(d, lus_of_method(), "%.*s", (int)strlen(tally->file_notes) - 1,
                          tally->file_notes);
    for (size_t i = 0; i < tally->n_doubts; i++) {
        const struct lus_doubt *x = &tally->doubts[i];
        const char *text = lus_document_text(d, "%s", x->text),
                   *discreet = x->discreet ? lus_document_text(d, "%s", x->discreet) : NULL;
        struct lus_subject about = x->discreet && strcmp(x->discreet, x->text) == 0
                                       ? lus_of_method()
                                       : lus_of_counts(LUS_NOBODY, discreet);
        lus_document_note(d, x->is_warning ? lus_of_warning(LUS_NOBODY, discreet) : about, "%s",
                          text);
    }
}

/* Which file it was, who of it was asked for, and what made it. */
static void note_provenance(struct lus_result *r, const struct lus_tally *tally)
{
    enum { SHOWN = 12 }; /* letters of a hash, in print */
    struct lus_document *d = &r->document;
    struct lus_string files = {0}, hashes = {0};
    for (size_t i = 0; i < tally->n_files; i++) {
        const struct lus_tally_file *f = &tally->files[i];
        if (*f->sha256) lus_string_print(&hashes, "%s%s", hashes.n ? " " : "", f->sha256);
        if (i >= 4) continue;
        lus_string_print(&files, "%s%s", i ? ", " : "", f->name);
        if (*f->sha256) lus_string_print(&files, " (SHA-256 %.*s)", SHOWN, f->sha256);
    }
    if (tally->n_files > 4) lus_string_print(&files, " and %zu more", tally->n_files - 4);
    d->sha256 = hashes.n || hashes.failed ? lus_document_keep(d, &hashes) : NULL;
    d->where = tally->where ? lus_document_text(d, "%s", tally->where) : NULL;
    if (!tally->n_files) lus_string_put(&files, tally->file);
    d->provenance = lus_document_text(d, "From %s%s%s, by lustrum %s " LUS_VERSION ".",
                                      lus_document_keep(d, &files), d->where ? ", where " : "",
                                      d->where ? d->where : "", d->command ? d->command : "");
    lus_document_note(d, lus_of_method(), "%s", d->provenance);
    lus_string_free(&hashes);
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
    note_doubts(r, tally);
    note_data(r, tally);
    note_provenance(r, tally);
    set_years(d, tally);
}
