/* Warnings that save an analysis. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "command/reading.h"

static const double MUCH = 0.05; /* of the rows */

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
    struct lus_document *d = &r->document;
    const char *bare = lus_document_text(
        d,
        "WARNING: the delayed entry \"%s\" is not used. People who died before they could enter "
        "are not in the file, so survival without it is too good (immortal time).",
        column);
    const char *discreet = lus_document_text(d, "%s %s", bare, remedy);
    if (isnan(with) || isnan(without))
        lus_document_note(d, lus_of_warning(LUS_NOBODY, NULL), "%s", discreet);
    else
        lus_document_note(d, lus_of_warning(r->everybody, discreet),
                          "%s At %s survival is %.1f %% without it and %.1f %% with it. %s", bare,
                          horizon, 100 * without, 100 * with, remedy);
}

/* Survival of all people of a tally that ignores its entry, without it and with it. */
static int survival_of_both(const struct lus_tally *tally, lus_time time, double *without,
                            double *with, struct lus_error *err)
{
    struct lus_event_table table;
    if (sum_strata(tally, false, &table) != LUS_OK) return lus_fail_memory(err);
    *without = survival_of(&table, time);
    lus_event_table_free(&table);
    if (sum_strata(tally, true, &table) != LUS_OK) return lus_fail_memory(err);
    *with = survival_of(&table, time);
    lus_event_table_free(&table);
    return LUS_OK;
}

static int warn_entry(struct lus_result *r, const struct lus_tally *tally,
                      const struct lus_inputs *inputs, const char *horizon, lus_time time,
                      struct lus_error *err)
{
    double without = NAN, with = NAN;
    if (tally->ignores_entry) {
        LUS_TRY(survival_of_both(tally, time, &without, &with, err));
        warn(r, tally->entry_column, "Leave out --no-entry to use it.", horizon, without, with);
        return LUS_OK;
    }
    if (inputs && inputs->has_entry && inputs->entry.n_strata)
        LUS_TRY(survival_of_both(&inputs->entry, time, &without, &with, err));
    warn(r, tally->unused_entry,
         lus_document_text(&r->document, "Use it with --entry %s.", tally->unused_entry), horizon,
         without, with);
    return LUS_OK;
}

/* A name that speaks of treatment. Of hormones only a name that ends with the word: what follows it
 * otherwise may be measured, as in hormone_level. */
static bool is_treatment(const char *name)
{
    static const char *const words[] = {"treat", "chemo",   "therap",
                                        "radio", "surgery", "transplant"};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (strcasestr(name, words[w])) return true;
    const char *hormone = strcasestr(name, "hormon");
    while (hormone && isalpha((unsigned char)*hormone))
        hormone++;
    return hormone && !*hormone;
}

/* Groups by something that is given later: whoever has it has lived to get it. */
static void warn_treatment(struct lus_result *r, const struct lus_tally *tally)
{
    if (tally->has_entry || tally->landmark > 0) return;
    for (size_t k = 0; k < tally->n_by; k++)
        if (is_treatment(tally->keys[k]))
            lus_document_note(&r->document, lus_of_warning(LUS_NOBODY, NULL),
                              "WARNING: groups by \"%s\" without a landmark or an entry: if it was "
                              "given after the origin, those who have it have lived to get it "
                              "(immortal time); --landmark 6m compares those still followed then.",
                              tally->keys[k]);
}

static void warn_dropped(struct lus_result *r, const struct lus_tally *tally)
{
    struct lus_document *d = &r->document;
    for (size_t i = 0; i < tally->n_rules; i++) {
        const char *name = tally->rules[i].name;
        double share = (double)tally->rules[i].left_out / (double)tally->n_rows;
        if (!tally->rules[i].is_missing || !(share > MUCH)) continue;
        const char *remedy = tally->rules[i].is_of_by ? "; --missing level shows them" : "";
        const char *discreet = lus_document_text(
            d, "WARNING: more than %g %% of the rows are left out for %s%s.", 100 * MUCH, name,
            remedy);
        /* a share of so many rows is a count: never under --suppress */
        lus_document_note(d, lus_of_counts(LUS_NOBODY, discreet),
                          "WARNING: %.0f %% of the rows are left out for %s%s.", 100 * share, name,
                          remedy);
    }
}

int lus_add_warnings(const struct lus_options *o, struct lus_result *r,
                     const struct lus_tally *tally, const struct lus_inputs *inputs,
                     struct lus_error *err)
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
    return warn_entry(r, tally, inputs, horizon, time, err);
}
