/* Warnings that save an analysis. */
#include <math.h>
#include <stdlib.h>

#include "command/reading.h"
#include "read/stream.h"

/* All strata as one, with or without the entry. */
static int sum_strata(const struct lus_tally *tally, bool with_entry, struct lus_event_table *out)
{
    const struct lus_event_table **tables = lus_alloc_zeroed(tally->n_strata, sizeof *tables);
    if (!tables) return LUS_ENOMEM;
    for (size_t i = 0; i < tally->n_strata; i++)
        tables[i] = with_entry ? &tally->strata[i].with_entry : &tally->strata[i].table;
    int status = lus_event_table_sum(tables, tally->n_strata, out);
    free(tables);
    return status;
}

static double survival_of(const struct lus_event_table *table, lus_time time)
{
    struct lus_curve c;
    if (lus_kaplan_meier(table, 0, &c) != LUS_OK) return NAN;
    double survival = lus_curve_at(&c, time, &LUS_CONF_DEFAULT).survival;
    lus_curve_free(&c);
    return survival;
}

/* Both figures at a horizon: as computed, and with the entry. */
static void warn(struct lus_result *r, const char *column, const char *remedy, const char *horizon,
                 double without, double with)
{
    const char *figures = isnan(with) || isnan(without)
                              ? ""
                              : lus_document_text(
                                    &r->document,
                                    " At %s survival is %.1f %% without it and %.1f %% with it.",
                                    horizon, 100 * without, 100 * with);
    lus_document_note(&r->document,
                      "WARNING: the delayed entry \"%s\" is not used. People who died before they "
                      "could enter are not in the file, so survival without it is too good "
                      "(immortal time).%s %s",
                      column, figures, remedy);
}

/* The recipe's entry is ignored: the tally has both tables of the same people. */
static int warn_ignored(struct lus_result *r, const struct lus_tally *tally, const char *horizon,
                        lus_time time, struct lus_error *err)
{
    struct lus_event_table without, with;
    if (sum_strata(tally, false, &without) != LUS_OK) return lus_fail_memory(err);
    if (sum_strata(tally, true, &with) != LUS_OK) {
        lus_event_table_free(&without);
        return lus_fail_memory(err);
    }
    warn(r, tally->entry_column, "Leave out --no-entry to use it.", horizon,
         survival_of(&without, time), survival_of(&with, time));
    lus_event_table_free(&without);
    lus_event_table_free(&with);
    return LUS_OK;
}

/* A column that looks like an entry: the file is read once more with it, where it can be. */
static int warn_unused(const struct lus_options *o, struct lus_result *r,
                       const struct lus_tally *tally, const char *horizon, lus_time time,
                       struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally again = {0};
    struct lus_error ignored = LUS_ERROR_INIT;
    double without = NAN, with = NAN;
    LUS_TRY(lus_query_of(o, &query, err));
    query.by = NULL;
    const char *quoted = lus_document_text(&r->document, "`%s`", tally->unused_entry);
    query.entry = quoted;
    query.ignore_entry = true;
    query.drop_bad = 1;
    query.progress = NULL;
    if (lus_can_read_again(o->files, o->n_files) &&
        lus_tally_read(&query, &again, &ignored) == LUS_OK && again.n_strata == 1) {
        without = survival_of(&again.strata[0].table, time);
        with = survival_of(&again.strata[0].with_entry, time);
    }
    lus_tally_free(&again);
    warn(r, tally->unused_entry,
         lus_document_text(&r->document, "Use it with --entry %s.", tally->unused_entry), horizon,
         without, with);
    return LUS_OK;
}

/* Groups by something that is given later: whoever has it has lived to get it. */
static void warn_treatment(struct lus_result *r, const struct lus_tally *tally)
{
    static const char *const words[] = {"treat", "chemo",   "hormon",    "therap",
                                        "radio", "surgery", "transplant"};
    if (tally->has_entry || tally->landmark > 0) return;
    for (size_t k = 0; k < tally->n_by; k++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            if (!strcasestr(tally->keys[k], words[w]) || strcasestr(tally->keys[k], "receptor"))
                continue;
            lus_document_note(&r->document,
                              "WARNING: groups by \"%s\" without a landmark or an entry: if it was "
                              "given after the origin, those who have it have lived to get it "
                              "(immortal time); --landmark 6m compares those still followed then.",
                              tally->keys[k]);
            break;
        }
}

static bool is_key(const struct lus_tally *tally, const char *name)
{
    for (size_t k = 0; k < tally->n_by; k++)
        if (strcmp(tally->keys[k], name) == 0) return true;
    return false;
}

static void warn_dropped(struct lus_result *r, const struct lus_tally *tally)
{
    for (size_t i = 0; i < tally->n_rules; i++) {
        double share = (double)tally->rules[i].left_out / (double)tally->n_rows;
        if (strncmp(tally->rules[i].name, "missing ", 8) == 0 && share > 0.05)
            lus_document_note(
                &r->document, "WARNING: %.0f %% of the rows are left out for %s%s.", 100 * share,
                tally->rules[i].name,
                is_key(tally, tally->rules[i].name + 8) ? "; --missing level shows them" : "");
    }
}

int lus_add_warnings(const struct lus_options *o, struct lus_result *r,
                     const struct lus_tally *tally, struct lus_error *err)
{
    lus_time time = 5 * lus_unit_ticks(LUS_YEARS);
    struct lus_horizon *horizons = NULL;
    size_t n;
    const char *horizon = "5 years";
    warn_treatment(r, tally);
    warn_dropped(r, tally);
    if (!tally->ignores_entry && !tally->unused_entry) return LUS_OK;
    if (o->at) {
        LUS_TRY(lus_horizons_of(r, "--at", o->at, tally->unit, &horizons, &n, err));
        time = horizons[0].time;
        horizon = horizons[0].text;
        free(horizons);
    }
    if (tally->ignores_entry) return warn_ignored(r, tally, horizon, time, err);
    return warn_unused(o, r, tally, horizon, time, err);
}
