#include "command/reading.h"

#include "recipe/plan.h"

const struct lus_demography lus_ages_and_dates = {.year_days = 365.25};

int lus_query_of(const struct lus_options *o, struct lus_query *query, struct lus_error *err)
{
    *query = (struct lus_query)LUS_QUERY_INIT;
    query->files = o->files, query->n_files = o->n_files;
    query->recipe = o->recipe, query->time = o->time, query->entry = o->entry,
    query->unit = o->unit, query->event = o->event;
    query->causes = o->causes;
    query->weight = o->weight, query->by = o->by, query->where = o->where,
    query->delimiter = o->delimiter, query->landmark = o->landmark;
    query->encoding = o->encoding, query->dates = o->dates, query->decimal = o->decimal;
    query->from = o->from, query->to = o->to, query->cut = o->cut, query->id = o->id;
    query->weight_is = o->weight_is, query->join = o->join, query->layout = o->layout;
    query->ignore_entry = o->no_entry;
    query->diagnosed = o->diagnosed;
    if (o->diagnosed || o->wants_years) query->demography = &lus_ages_and_dates;
    query->demography_is_optional = o->wants_years && !o->diagnosed;
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

static const char *people_of(const struct lus_tally *tally)
{
    if (tally->sex && strcmp(tally->sex, "female") == 0) return "women";
    return tally->sex && strcmp(tally->sex, "male") == 0 ? "men" : "people";
}

void lus_add_heading(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    d->is_synthetic = tally->is_synthetic;
    d->people = people_of(tally);
    d->file = lus_document_text(d, "%s", tally->file);
    if (tally->title)
        d->title = lus_document_text(d, tally->is_synthetic ? "%s (SYNTHETIC data)" : "%s",
                                     tally->title);
    else if (tally->is_synthetic) d->title = "SYNTHETIC data";
    d->data_title = tally->title ? lus_document_text(d, "%s", tally->title) : NULL;
    d->unit = tally->unit;
    d->has_entry = tally->has_entry;
    d->from_landmark = tally->landmark > 0;
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
    struct lus_string name = {0};
    lus_string_quote(&name, '`', column);
    const char *quoted = lus_document_keep(&r->document, &name);
    if (r->document.failed) return lus_fail_memory(err);
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
