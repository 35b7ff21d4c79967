/* Options to curves: intervals, times, the estimator; and the notes that say how numbers were
 * made. */
#include <math.h>
#include <stdlib.h>

#include "command/reading.h"

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

/* A horizon as it was asked: "350 days" is not 50 weeks. */
static const char *horizon_text(struct lus_result *r, const char *asked, enum lus_unit unit)
{
    static const char letters[] = "dwmy";
    static const enum lus_unit units[] = {LUS_DAYS, LUS_WEEKS, LUS_MONTHS, LUS_YEARS};
    size_t n = strlen(asked);
    const char *letter = n ? strchr(letters, asked[n - 1]) : NULL;
    if (letter) unit = units[letter - letters], n--;
    const char *name = lus_unit_name(unit);
    bool is_one = n == 1 && asked[0] == '1';
    return lus_document_text(&r->document, "%.*s %.*s", (int)n, asked, (int)(strlen(name) - is_one),
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
        else (*out)[i].text = horizon_text(r, parts[i], unit);
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
        return lus_fail(
            err, LUS_EUSAGE,
            "sampling weights (not whole, or said to be) go with --method kaplan-meier alone");
    return LUS_OK;
}

void lus_add_entry_notes(struct lus_result *r, const struct lus_tally *tally,
                         const struct lus_stratum *stratum, const struct lus_curve *c)
{
    struct lus_document *d = &r->document;
    const char *prefix = lus_stratum_prefix(r, tally, stratum), *unit = lus_unit_name(tally->unit);
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
                          const struct lus_fitting *f, bool is_weighed)
{
    struct lus_document *d = &r->document;
    const struct lus_estimator *e = f->estimator;
    bool is_robust = e->is_product_limit && (tally->has_fractional_weights || is_weighed);
    d->estimator = e->title, d->given = lus_time_in(f->given, tally->unit);
    d->conf_level = f->conf.level, d->transform = lus_transform_name(f->conf.transform);
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

/* --- standard populations --- */

int lus_standard_of(const struct lus_options *o, struct lus_standard *out, struct lus_error *err)
{
    *out = (struct lus_standard){0};
    if (!o->standardise && (o->standardise_by || o->join_thin >= 0))
        return lus_fail(err, LUS_EUSAGE, "%s goes with --standardise",
                        o->standardise_by ? "--standardise-by" : "--join-thin");
    bool is_by_people = o->standardise_by && strcmp(o->standardise_by, "people") == 0;
    if (o->standardise_by && !is_by_people && strcmp(o->standardise_by, "groups") != 0)
        return lus_fail(err, LUS_EUSAGE, "--standardise-by is groups or people, not \"%s\"",
                        o->standardise_by);
    if (!o->standardise) return LUS_OK;
    int status = lus_standard_read(o->standardise, out, err);
    out->weighs_people = is_by_people;
    return status;
}

/* "15 to 54", "75 and older" */
static const char *ages_text(struct lus_result *r, const struct lus_standard *s, size_t g)
{
    return g + 1 < s->n
               ? lus_document_text(&r->document, "%g to %g", s->ages[g], s->ages[g + 1] - 1)
               : lus_document_text(&r->document, "%g and older", s->ages[g]);
}

int lus_standard_finish(const struct lus_options *o, struct lus_standard *s,
                        const struct lus_tally *tally, struct lus_result *r, struct lus_error *err)
{
    size_t n = s->n;
    LUS_TRY(lus_standard_fill(s, tally, err));
    if (o->join_thin < 0) return LUS_OK;
    LUS_TRY(lus_standard_join(s, tally, (double)o->join_thin, err));
    const char *list = "";
    for (size_t g = 0; g < s->n; g++)
        list = lus_document_text(&r->document, "%s%s%s", list, g ? ", " : "", ages_text(r, s, g));
    if (s->n < n)
        lus_document_note(&r->document, lus_of_method(),
                          "Groups of age with fewer than %ld people have joined a neighbour; they "
                          "are: %s.",
                          o->join_thin, list);
    return LUS_OK;
}

void lus_note_standard(struct lus_result *r, const struct lus_standard *s, const char *what)
{
    if (s->n && s->weighs_people)
        lus_document_note(&r->document, lus_of_method(),
                          "Standardised to %s: each person weighs the group's share of it over "
                          "the group's share of the people (Brenner); weights are taken as known.",
                          s->name);
    else if (s->n)
        lus_document_note(&r->document, lus_of_method(),
                          "Standardised to %s: sums of shares times the groups' %s.", s->name,
                          what);
}
