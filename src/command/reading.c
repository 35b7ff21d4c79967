#include "command/reading.h"

#include <math.h>
#include <stdlib.h>

#include "recipe/plan.h"

const struct lus_demography lus_ages_and_dates = {.year_days = 365.25};

int lus_query_of(const struct lus_options *o, struct lus_query *query, struct lus_error *err)
{
    *query = (struct lus_query)LUS_QUERY_INIT;
    query->files = o->files, query->n_files = o->n_files;
    query->recipe = o->recipe, query->time = o->time, query->entry = o->entry,
    query->unit = o->unit, query->event = o->event;
    query->weight = o->weight, query->by = o->by, query->where = o->where,
    query->delimiter = o->delimiter, query->landmark = o->landmark;
    query->ignore_entry = o->no_entry;
    query->diagnosed = o->diagnosed;
    if (o->diagnosed) query->demography = &lus_ages_and_dates;
    query->progress = o->on_progress, query->progress_context = o->progress_context;
    if (o->threads == 0 || o->threads > 1024)
        return lus_fail(err, LUS_EUSAGE, "--threads is 1 to 1024");
    query->n_threads = o->threads < 0 ? 0 : (int)o->threads;
    if (o->missing && strcmp(o->missing, "drop") != 0 && strcmp(o->missing, "level") != 0)
        return lus_fail(err, LUS_EUSAGE, "--missing is drop or level, not \"%s\"", o->missing);
    query->missing_as_level = o->missing && o->missing[0] == 'l';
    if (o->bad_rows && strcmp(o->bad_rows, "stop") != 0 && strcmp(o->bad_rows, "drop") != 0)
        return lus_fail(err, LUS_EUSAGE, "--bad-rows is stop or drop, not \"%s\"", o->bad_rows);
    query->drop_bad = o->bad_rows ? o->bad_rows[0] == 'd' : -1;
    return LUS_OK;
}

int lus_recipe_of(const struct lus_options *o, struct lus_recipe *recipe, struct lus_error *err)
{
    LUS_TRY(lus_recipe_init(recipe, err));
    const char *path = o->recipe;
    if (!path && o->n_files && strcmp(o->files[0], "-") != 0)
        LUS_TRY(lus_recipe_beside(&recipe->arena, o->files[0], &path, err));
    return path ? lus_recipe_read(recipe, path, err) : LUS_OK;
}

/* `--missing level` shows a missing value as "missing": another level of that name could not be
 * told apart. */
int lus_check_missing(const struct lus_tally *tally, struct lus_error *err)
{
    for (size_t k = 0; k < tally->n_keys; k++) {
        bool has_missing = false, has_name = false;
        for (size_t i = 0; i < tally->n_strata; i++) {
            const char *level = tally->strata[i].levels[k];
            has_missing |= !level;
            has_name |= level && strcmp(level, "missing") == 0;
        }
        if (has_missing && has_name)
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: a level is called \"missing\" beside values that are; if it "
                            "means the same, say so in a recipe: `missing: [\"\", NA, missing]`",
                            tally->file, tally->keys[k]);
    }
    return LUS_OK;
}

void lus_add_heading(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    d->is_synthetic = tally->is_synthetic;
    d->file = lus_document_text(d, "%s", tally->file);
    if (tally->title)
        d->title = lus_document_text(d, tally->is_synthetic ? "%s (SYNTHETIC data)" : "%s",
                                     tally->title);
    else if (tally->is_synthetic) d->title = "SYNTHETIC data";
    if (tally->source) d->source = lus_document_text(d, "%s", tally->source);
    if (tally->origin) d->origin = lus_document_text(d, "%s", tally->origin);
    if (tally->measure) d->measure = lus_document_text(d, "%s", tally->measure);
}

/* A column that looks like an entry and is not used: what it would change is counted in the same
 * pass, of everybody; where it cannot be, it is only named. */
static int ask_entry(const struct lus_options *o, struct lus_inputs *inputs, const char *column,
                     struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_error ignored = LUS_ERROR_INIT;
    const char *quoted = lus_document_text(&r->document, "`%s`", column);
    if (!quoted) return lus_fail_memory(err);
    LUS_TRY(lus_query_of(o, &query, err));
    query.entry = quoted;
    query.by = NULL;
    query.ignore_entry = true;
    query.drop_bad = 1;
    int status = lus_reading_ask(inputs->reading, &query, &inputs->entry, &ignored);
    if (status == LUS_ENOMEM) return lus_fail_memory(err);
    inputs->has_entry = status == LUS_OK;
    return LUS_OK;
}

int lus_inputs_ask(const struct lus_options *o, const struct lus_query *query,
                   struct lus_inputs *inputs, struct lus_tally *tally, struct lus_result *r,
                   struct lus_error *err)
{
    *inputs = (struct lus_inputs){0};
    *tally = (struct lus_tally){0};
    LUS_TRY(lus_reading_open(query, &inputs->reading, err));
    LUS_TRY(lus_reading_ask(inputs->reading, query, tally, err));
    lus_add_heading(r, tally);
    if (!tally->unused_entry || tally->without_time) return LUS_OK;
    return ask_entry(o, inputs, tally->unused_entry, r, err);
}

int lus_inputs_read(struct lus_inputs *inputs, const struct lus_tally *tally, struct lus_error *err)
{
    LUS_TRY(lus_reading_run(inputs->reading, err));
    return lus_check_missing(tally, err);
}

void lus_inputs_free(struct lus_inputs *inputs)
{
    lus_reading_close(inputs->reading);
    lus_tally_free(&inputs->entry);
    *inputs = (struct lus_inputs){0};
}

int lus_read(const struct lus_query *query, struct lus_tally *tally, struct lus_result *r,
             struct lus_error *err)
{
    LUS_TRY(lus_tally_read(query, tally, err));
    lus_add_heading(r, tally);
    return lus_check_missing(tally, err);
}

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
}

void lus_add_strata(struct lus_result *r, const struct lus_tally *tally, size_t n_keys)
{
    struct lus_document *d = &r->document;
    double events = 0;
    for (size_t k = 0; k < n_keys; k++) /* a key behind --by is what shares are counted of */
        lus_document_key(d, tally->overlaps   ? LUS_KEY_OVERLAPS
                            : k < tally->n_by ? LUS_KEY_ADDS_UP
                                              : LUS_KEY_OF_KNOWN);
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        struct lus_headcount people = {s->levels, s->n_people,
                                       tally->without_time ? 0 : s->table.total_events};
        size_t number = lus_document_stratum(d, &people);
        if (!i) r->first_stratum = number;
        events += people.events;
    }
    /* events of people who are in several strata would count twice */
    struct lus_headcount all = {NULL, (double)tally->n_analysed, tally->overlaps ? 0 : events};
    r->everybody = lus_document_stratum(d, &all);
}

size_t lus_number_of(const struct lus_result *r, const struct lus_tally *tally,
                     const struct lus_stratum *stratum)
{
    return r->first_stratum ? r->first_stratum + (size_t)(stratum - tally->strata) : LUS_UNSAID;
}

void lus_add_by_columns(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally)
{
    for (size_t k = 0; k < tally->n_by; k++)
        lus_table_column(&r->document, t,
                         (struct lus_table_column){
                             .name = lus_document_text(&r->document, "%s", tally->keys[k]),
                             .header = lus_document_text(&r->document, "%s", tally->labels[k]),
                             .role = LUS_ROLE_KEY});
}

void lus_add_levels(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_stratum *stratum)
{
    lus_table_row(&r->document, t, lus_number_of(r, tally, stratum));
    for (size_t k = 0; k < tally->n_by; k++)
        lus_table_text(&r->document, t,
                       stratum->levels[k]
                           ? lus_document_text(&r->document, "%s", stratum->levels[k])
                           : "missing");
}

int lus_check_names(const struct lus_tally *tally, const struct lus_table *t, struct lus_error *err)
{
    for (size_t k = 0; t && k < tally->n_by; k++)
        for (size_t c = tally->n_by; c < t->n_columns; c++)
            if (strcmp(tally->keys[k], t->columns[c].name) == 0)
                return lus_fail(err, LUS_EUSAGE,
                                "--by %s: the output has a column of this name; give the column "
                                "another name in a recipe, "
                                "`factors: {%s_group: {column: %s}}`, and use that",
                                tally->keys[k], tally->keys[k], tally->keys[k]);
    return LUS_OK;
}

const char *lus_stratum_name(struct lus_result *r, const struct lus_tally *tally,
                             const struct lus_stratum *stratum)
{
    struct lus_string name = {0};
    for (size_t k = 0; k < tally->n_by; k++)
        lus_string_print(&name, "%s%s", k ? ", " : "",
                         stratum->levels[k] ? stratum->levels[k] : "missing");
    if (!tally->n_by) lus_string_put(&name, "all");
    return lus_document_keep(&r->document, &name);
}

int lus_conf_of(const struct lus_options *o, struct lus_conf *conf, struct lus_error *err)
{
    *conf = LUS_CONF_DEFAULT;
    if (!isnan(o->conf_level)) conf->level = o->conf_level;
    if (!(conf->level > 0 && conf->level < 1))
        return lus_fail(err, LUS_EUSAGE, "--conf-level lies between 0 and 1, as 0.95 does");
    if (o->conf && lus_transform_parse(o->conf, &conf->transform) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE,
                        "--conf is log-log, log, plain, logit or arcsin, not \"%s\"", o->conf);
    return LUS_OK;
}

const char *lus_time_text(struct lus_result *r, lus_time time, enum lus_unit unit)
{
    static const enum lus_unit from_large[] = {LUS_YEARS, LUS_MONTHS, LUS_WEEKS, LUS_DAYS};
    for (size_t i = 0; i < 4 && time; i++)
        if (time % lus_unit_ticks(from_large[i]) == 0) {
            unit = from_large[i];
            break;
        }
    double value = lus_time_in(time, unit);
    const char *name = lus_unit_name(unit);
    return lus_document_text(&r->document, "%.4g %.*s", value, (int)(strlen(name) - (value == 1)),
                             name);
}

int lus_horizons_of(struct lus_result *r, const char *option, const char *list, enum lus_unit unit,
                    struct lus_horizon **out, size_t *n, struct lus_error *err)
{
    struct lus_arena arena = {0};
    char **parts;
    int status = lus_list_split(&arena, list, &parts, n, err);
    *out = status == LUS_OK ? lus_alloc_zeroed(*n, sizeof **out) : NULL;
    if (status == LUS_OK && !*out) status = lus_fail_memory(err);
    for (size_t i = 0; i < *n && status == LUS_OK; i++) {
        struct lus_error inner = LUS_ERROR_INIT;
        status = lus_duration_parse(parts[i], unit, &(*out)[i].time, &inner);
        if (status != LUS_OK) (void)lus_fail(err, LUS_EUSAGE, "%s: %s", option, inner.message);
        else (*out)[i].text = lus_time_text(r, (*out)[i].time, unit);
    }
    lus_arena_free(&arena);
    if (status != LUS_OK) free(*out), *out = NULL;
    return status;
}

void lus_list_estimators(struct lus_string *out)
{
    for (const struct lus_estimator *e = lus_estimators; e->name; e++)
        lus_string_print(out, "%s%s%s%s%s", e == lus_estimators ? "" : ", ", e->name,
                         e->usual ? " (" : "", e->usual ? e->usual : "", e->usual ? ")" : "");
}

static int fail_method(const char *text, struct lus_error *err)
{
    struct lus_string s = {0};
    lus_string_put(&s, "--method is ");
    for (const struct lus_estimator *e = lus_estimators; e->name; e++)
        lus_string_print(&s, "%s%s", e == lus_estimators ? "" : e[1].name ? ", " : " or ", e->name);
    lus_string_print(&s, ", not \"%s\"", text);
    return lus_fail_string(err, LUS_EUSAGE, &s);
}

int lus_fitting_of(const struct lus_options *o, const struct lus_tally *tally,
                   struct lus_fitting *out, struct lus_error *err)
{
    *out = lus_fitting_default(tally->completed);
    LUS_TRY(lus_conf_of(o, &out->conf, err));
    if (o->method) out->estimator = lus_estimator_find(o->method);
    if (!out->estimator) return fail_method(o->method, err);
    if (o->given) LUS_TRY(lus_duration_parse(o->given, tally->unit, &out->given, err));
    if (o->interval && !out->estimator->by_intervals)
        return lus_fail(err, LUS_EUSAGE, "--interval goes with --method actuarial");
    if (o->interval) LUS_TRY(lus_duration_parse(o->interval, tally->unit, &out->interval, err));
    if (out->interval <= 0)
        return lus_fail(err, LUS_EUSAGE, "--interval must be longer than nothing; 1m is usual");
    if (out->estimator->by_intervals && out->given % out->interval)
        return lus_fail(err, LUS_EUSAGE, "--given must be a whole number of intervals");
    return lus_check_weights(out, tally, err);
}

int lus_check_weights(const struct lus_fitting *f, const struct lus_tally *tally,
                      struct lus_error *err)
{
    if (tally->has_fractional_weights && !f->estimator->is_product_limit)
        return lus_fail(err, LUS_EUSAGE,
                        "weights that are not whole numbers go with --method kaplan-meier alone");
    return LUS_OK;
}

void lus_add_entry_notes(struct lus_result *r, const struct lus_tally *tally,
                         const struct lus_stratum *stratum, const struct lus_curve *c)
{
    struct lus_document *d = &r->document;
    const char *prefix = tally->n_by
                             ? lus_document_text(d, "%s: ", lus_stratum_name(r, tally, stratum))
                             : "",
               *unit = lus_unit_name(tally->unit);
    struct lus_subject times = lus_of_counts(lus_number_of(r, tally, stratum), NULL);
    if (c->first_entry > c->start)
        lus_document_note(
            d, times,
            "%snobody is followed before %.4g %s: survival is conditional on being alive then.",
            prefix, lus_time_in(c->first_entry, tally->unit), unit);
    if (c->gap_at >= 0)
        lus_document_note(d, times,
                          "%snobody is at risk for a while after %.4g %s: survival is carried "
                          "over, assuming no deaths in the gap.",
                          prefix, lus_time_in(c->gap_at, tally->unit), unit);
    if (c->is_refilled)
        lus_document_note(d, times,
                          "%ssurvival falls to 0 at %.4g %s while others enter later: from there "
                          "on it is not available.",
                          prefix, lus_time_in(c->zero_at, tally->unit), unit);
}

void lus_add_method_notes(struct lus_result *r, const struct lus_tally *tally,
                          const struct lus_fitting *f)
{
    struct lus_document *d = &r->document;
    const struct lus_estimator *e = f->estimator;
    bool is_robust = e->is_product_limit && tally->has_fractional_weights;
    lus_document_note(d, lus_of_method(),
                      "%s estimate%s%s%s%s; %g %% intervals, %s (%s). Times in %s.", e->words,
                      e->by_intervals ? " by intervals of " : "",
                      e->by_intervals ? lus_time_text(r, f->interval, tally->unit) : "",
                      tally->origin ? ", from " : "", tally->origin ? tally->origin : "",
                      100 * f->conf.level, lus_transform_name(f->conf.transform),
                      is_robust ? "infinitesimal jackknife" : e->error, lus_unit_name(tally->unit));
    if (f->given > 0)
        lus_document_note(d, lus_of_method(),
                          "Conditional on being alive and followed %s after the origin: survival "
                          "counts from the origin, medians and means from there.",
                          lus_time_text(r, f->given, tally->unit));
}
