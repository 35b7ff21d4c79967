/* What a Cox model says of a person and of all: the baseline, survival of profiles, survival of
 * everybody at each level of a column. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "command/cox.h"
#include "support/number.h"

static void put(struct lus_document *d, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(d, t, (struct lus_cell){.number = number, .why = isnan(number) ? why : 0});
}

static bool has_strata(const struct lus_cox *fit)
{
    return fit->formula.n_strata > 0;
}

static void add_stratum_column(struct lus_cox_asked *x, struct lus_table *t)
{
    struct lus_document *d = &x->r->document;
    if (has_strata(x->fit)) COLUMN(.name = "stratum", .role = LUS_ROLE_KEY, .header = "stratum");
}

static void put_stratum(struct lus_cox_asked *x, struct lus_table *t, size_t s)
{
    struct lus_document *d = &x->r->document;
    if (has_strata(x->fit))
        lus_table_text(d, t, lus_document_text(d, "%s", x->fit->design.strata_names[s]));
}

/* --- profiles: "age=60, grade=3" --- */

struct profile {
    const char *text;
    struct lus_profile_value *values; /* by part */
    size_t stratum;                   /* SIZE_MAX: each */
};

static char *trimmed(char *text)
{
    size_t n = strlen(text);
    while (n && isspace((unsigned char)text[n - 1]))
        text[--n] = 0;
    text += strspn(text, " \t");
    n = strlen(text);
    if (n > 1 && (*text == '`' || *text == '"') && text[n - 1] == *text) text[n - 1] = 0, text++;
    return text;
}

/* "a=1, b=x" as pairs; commas between quotes are of a level. */
static int split_profile(struct lus_cox *fit, const char *text, char *(*pairs)[2], size_t *n,
                         struct lus_error *err)
{
    char *copy = lus_arena_copy(&fit->arena, text, strlen(text)), *start = copy, quote = 0;
    *n = 0;
    if (!copy) return lus_fail_memory(err);
    for (char *c = copy;; c++) {
        if (quote) quote = *c == quote ? 0 : quote;
        else if (*c == '"' || *c == '`') quote = *c;
        if (*c && (*c != ',' || quote)) continue;
        bool is_end = !*c;
        *c = 0;
        char *equals = strchr(start, '=');
        if (!equals || *n == LUS_MOST_PARTS)
            return lus_fail(err, LUS_EUSAGE,
                            "--predict \"%s\": COLUMN=VALUE is wanted, parted by commas, as in "
                            "\"age=60, grade=3\"",
                            text);
        *equals = 0;
        pairs[*n][0] = trimmed(start), pairs[*n][1] = trimmed(equals + 1);
        ++*n;
        start = c + 1;
        if (is_end) return LUS_OK;
    }
}

static int fail_level(const char *text, const char *column, const char *level,
                      const char *const *levels, size_t n, struct lus_error *err)
{
    const char *near = lus_nearest(lus_text_of(level), levels, n);
    return lus_fail(err, LUS_EUSAGE, "--predict \"%s\": %s has no level \"%s\"; %s \"%s\"", text,
                    column, level, near ? "did you mean" : "its first is", near ? near : levels[0]);
}

static int set_part(struct lus_cox *fit, struct profile *profile, size_t i, const char *value,
                    struct lus_error *err)
{
    const struct lus_basis *b = &fit->design.bases[i];
    const struct lus_part *part = &fit->formula.parts[i];
    struct lus_profile_value *out = &profile->values[i];
    if (b->has_levels && part->kind != LUS_PART_CUT) {
        while (out->position < b->width && strcmp(b->levels[out->position], value) != 0)
            out->position++;
        return out->position < b->width
                   ? LUS_OK
                   : fail_level(profile->text, part->column, value, b->levels, b->width, err);
    }
    if (lus_number_parse(value, strlen(value), &out->number) != LUS_NUMBER_OK)
        return lus_fail(err, LUS_EUSAGE, "--predict \"%s\": %s is a number, and \"%s\" is none",
                        profile->text, part->column, value);
    if (part->kind == LUS_PART_LOG && !(out->number + part->plus > 0))
        return lus_fail(err, LUS_EUSAGE, "--predict \"%s\": %s has no value there", profile->text,
                        part->text);
    for (size_t k = 0; part->kind == LUS_PART_CUT && k < part->n_numbers; k++)
        out->position += out->number >= part->numbers[k];
    return LUS_OK;
}

/* The stratum whose levels are named; each, where none is. */
static int set_stratum(struct lus_cox *fit, struct profile *profile, char *(*pairs)[2], size_t n,
                       struct lus_error *err)
{
    struct lus_string name = {0};
    size_t named = 0;
    for (size_t k = 0; k < fit->formula.n_strata; k++)
        for (size_t i = 0; i < n; i++)
            if (strcmp(pairs[i][0], fit->formula.strata[k]) == 0) {
                lus_string_print(&name, "%s%s", name.n ? ", " : "", pairs[i][1]);
                named++;
            }
    if (name.failed) return lus_fail_memory(err);
    int status = LUS_OK;
    if (named == fit->formula.n_strata && named) {
        profile->stratum = 0;
        while (profile->stratum < fit->design.n_strata &&
               strcmp(fit->design.strata_names[profile->stratum], name.at) != 0)
            profile->stratum++;
        if (profile->stratum == fit->design.n_strata)
            status = fail_level(profile->text, "strata()", name.at, fit->design.strata_names,
                                fit->design.n_strata, err);
    } else if (named) {
        status = lus_fail(err, LUS_EUSAGE,
                          "--predict \"%s\": all columns of strata() are named, or none",
                          profile->text);
    }
    lus_string_free(&name);
    return status;
}

static bool names_column(const struct lus_cox *fit, const char *column)
{
    for (size_t i = 0; i < fit->formula.n_parts; i++)
        if (strcmp(fit->formula.parts[i].column, column) == 0) return true;
    for (size_t i = 0; i < fit->formula.n_strata; i++)
        if (strcmp(fit->formula.strata[i], column) == 0) return true;
    return false;
}

static int parse_profile(struct lus_cox *fit, const char *text, struct profile *out,
                         struct lus_error *err)
{
    char *pairs[LUS_MOST_PARTS][2];
    size_t n;
    *out = (struct profile){.text = text, .stratum = SIZE_MAX};
    out->values = lus_arena_alloc(&fit->arena, fit->formula.n_parts + 1, sizeof *out->values);
    if (!out->values) return lus_fail_memory(err);
    LUS_TRY(split_profile(fit, text, pairs, &n, err));
    for (size_t i = 0; i < n; i++)
        if (!names_column(fit, pairs[i][0]))
            return lus_fail(err, LUS_EUSAGE, "--predict \"%s\": the model has no column %s", text,
                            pairs[i][0]);
    for (size_t k = 0; k < fit->formula.n_parts; k++) {
        bool is_named = false;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(pairs[i][0], fit->formula.parts[k].column) != 0) continue;
            out->values[k] = (struct lus_profile_value){0};
            LUS_TRY(set_part(fit, out, k, pairs[i][1], err));
            is_named = true;
        }
        if (!is_named)
            return lus_fail(err, LUS_EUSAGE,
                            "--predict \"%s\": the model has %s too; say which value it takes",
                            text, fit->formula.parts[k].column);
    }
    return set_stratum(fit, out, pairs, n, err);
}

/* --- predicted --- */

/* The hazard of a profile by a time, stretch by stretch of at(). */
static void profile_hazard(const struct lus_cox *fit, const struct lus_cox_sums *sums,
                           const struct profile *profile, size_t stratum, lus_time until,
                           double *covariates, struct lus_hazard *h)
{
    const struct lus_design *d = &fit->design;
    memset(h->slope, 0, d->p * sizeof *h->slope);
    h->value = h->own = 0;
    for (lus_time since = 0;;) {
        lus_time next = until;
        for (size_t b = 0; b < fit->formula.n_parts; b++)
            for (size_t k = 0; k < d->bases[b].n_times; k++)
                if (d->bases[b].times[k] > since && d->bases[b].times[k] < next)
                    next = d->bases[b].times[k];
        lus_design_row(d, profile->values, since, covariates);
        lus_cox_add_hazard(fit, sums, stratum, since, next, covariates, h);
        if (next == until) return;
        since = next;
    }
}

/* Models of the other causes, to add up what each says. */
struct others {
    struct lus_cox *fits[256];
    struct lus_cox_sums sums[256];
    size_t n;
    const char *why; /* there is no sum; NULL: there is one */
};

static int fit_others(struct lus_cox_asked *x, struct others *o)
{
    const struct lus_tally *t = &x->fit->tally;
    for (size_t c = 1; c <= t->n_causes && !o->why; c++) {
        struct lus_error err = LUS_ERROR_INIT;
        if (x->fit->event[c] || !t->causes[c - 1].name) continue;
        int status = lus_cox_fit_cause(x->fit, c, &o->fits[o->n], &err);
        if (status == LUS_ENOMEM) return status;
        if (status != LUS_OK) {
            o->why = lus_document_text(&x->r->document, "%s", err.message);
        } else {
            LUS_TRY(lus_cox_sums_make(o->fits[o->n], &o->sums[o->n]));
            o->n++;
        }
    }
    return LUS_OK;
}

static void free_others(struct others *o)
{
    for (size_t i = 0; i < o->n; i++)
        lus_cox_sums_free(&o->sums[i]), lus_cox_free(o->fits[i]);
}

static void add_predicted_row(struct lus_cox_asked *x, struct lus_table *t,
                              const struct profile *profile, size_t stratum,
                              const struct lus_horizon *at, const struct lus_hazard *h,
                              double others)
{
    struct lus_document *d = &x->r->document;
    bool is_beyond = at->time > lus_cox_last_exit(x->fit, stratum);
    double s = is_beyond ? NAN : exp(-h->value), low = NAN, high = NAN,
           error = is_beyond ? NAN : s * sqrt(h->own + lus_cox_variance_of(x->fit, h->slope));
    bool is_share = x->fit->question.is_subdistribution;
    if (is_share) s = 1 - s, error = NAN; /* of it no error is known that counts everything */
    if (s > 0 && s < 1 && !is_share) lus_interval(&x->conf, s, error, &low, &high);
    lus_table_row(d, t, x->r->everybody);
    lus_table_text(d, t, lus_document_text(d, "%s", profile->text));
    put_stratum(x, t, stratum);
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = lus_time_in(at->time, x->fit->tally.unit), .text = at->text});
    enum lus_why why = is_beyond ? LUS_WHY_BEYOND_FOLLOW_UP : LUS_WHY_NO_EVENT;
    put(d, t, s, why), put(d, t, error, is_share ? LUS_AVAILABLE : why);
    put(d, t, low, is_share ? LUS_AVAILABLE : why);
    put(d, t, high, is_share ? LUS_AVAILABLE : why);
    if (is_share) put(d, t, s + others, LUS_AVAILABLE);
}

/* What the models of the other causes say of a profile; NaN where there is one that cannot be. */
static double sum_others(const struct others *o, const struct profile *profile, size_t stratum,
                         lus_time at, double *room)
{
    double sum = o->why ? NAN : 0;
    for (size_t i = 0; i < o->n; i++) {
        struct lus_hazard h = {.slope = room + o->fits[i]->design.p};
        profile_hazard(o->fits[i], &o->sums[i], profile, stratum, at, room, &h);
        sum += 1 - exp(-h.value);
    }
    return sum;
}

static int add_profile(struct lus_cox_asked *x, struct lus_table *t, const char *text,
                       const struct lus_cox_sums *sums, const struct others *others, double *room,
                       struct lus_error *err)
{
    struct profile profile;
    struct lus_hazard h = {.slope = room + x->fit->design.p};
    LUS_TRY(parse_profile(x->fit, text, &profile, err));
    for (size_t s = 0; s < x->fit->design.n_strata; s++)
        for (size_t i = 0; i < x->n_horizons; i++) {
            if (profile.stratum != SIZE_MAX && profile.stratum != s) continue;
            double rest = sum_others(others, &profile, s, x->horizons[i].time, room);
            profile_hazard(x->fit, sums, &profile, s, x->horizons[i].time, room, &h);
            add_predicted_row(x, t, &profile, s, &x->horizons[i], &h, rest);
        }
    return LUS_OK;
}

void lus_cox_share_columns(struct lus_cox_asked *x, struct lus_table *t)
{
    struct lus_document *d = &x->r->document;
    bool is_share = x->fit->question.is_subdistribution;
    const char *name = is_share ? "incidence" : "survival";
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = is_share ? "by" : "at",
           .kind = LUS_COLUMN_TIME);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = name, .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "%s (%g %%)", name, 100 * x->conf.level),
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
}

static int add_predicted(struct lus_cox_asked *x, const struct lus_cox_sums *sums,
                         struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "predicted", "Predicted");
    COLUMN(.name = "profile", .role = LUS_ROLE_KEY, .header = "profile");
    add_stratum_column(x, t);
    lus_cox_share_columns(x, t);
    bool is_share = x->fit->question.is_subdistribution;
    if (is_share)
        COLUMN(.name = "all_causes", .role = LUS_ROLE_ESTIMATE, .header = "of all causes",
               .kind = LUS_COLUMN_SHARE);
    struct others others = {.n = 0};
    double *room = lus_alloc(2 * x->fit->design.p + 1, sizeof *room);
    char *texts = lus_arena_copy(&x->fit->arena, x->o->predict, strlen(x->o->predict)), *next;
    int status = room && texts ? LUS_OK : lus_fail_memory(err);
    if (status == LUS_OK && is_share && fit_others(x, &others) != LUS_OK)
        status = lus_fail_memory(err);
    if (others.why)
        lus_document_note(d, lus_of_method(), "Of all causes: not available: %s.", others.why);
    for (char *text = texts; text && status == LUS_OK; text = next) {
        next = strchr(text, '\n');
        if (next) *next++ = 0;
        status = add_profile(x, t, text, sums, &others, room, err);
    }
    free_others(&others);
    free(room);
    return status;
}

/* --- the baseline: numbers at 0, columns at their first level --- */

static int add_baseline(struct lus_cox_asked *x, const struct lus_cox_sums *sums)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    struct lus_table *t = lus_document_table(d, "baseline", "Baseline");
    if (t) t->rows = LUS_ROWS_STEPS;
    add_stratum_column(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE, .header = "time", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "events", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "events",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "hazard", .role = LUS_ROLE_ESTIMATE, .header = "hazard",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "cumulative_hazard", .role = LUS_ROLE_ESTIMATE, .header = "cumulative hazard",
           .kind = LUS_COLUMN_NUMBER);
    double shift = 0;
    for (size_t j = 0; j < fit->design.p; j++)
        shift -= fit->partial.center[j] * fit->beta[j];
    for (size_t s = 0; s < fit->design.n_strata; s++)
        for (size_t k = fit->partial.times_begin[s + 1]; k-- > fit->partial.times_begin[s];) {
            lus_table_row(d, t, x->r->everybody);
            put_stratum(x, t, s);
            lus_table_number(d, t, lus_time_in(fit->partial.time[k], fit->tally.unit));
            lus_table_number(d, t, fit->partial.weight[k]);
            lus_table_number(d, t, exp(shift) * sums->a[k]);
            lus_table_number(d, t, exp(shift) * sums->sum_a[k + s]);
        }
    return LUS_OK;
}

int lus_cox_add_profiles(struct lus_cox_asked *x, struct lus_error *err)
{
    const struct lus_options *o = x->o;
    bool baseline = o->table && strcmp(o->table, "baseline") == 0,
         predicted = o->predict && lus_cox_wants(x, "predicted"),
         standardised = o->standardise && lus_cox_wants(x, "standardised"),
         adjusted = o->standardise && o->wants_round_times;
    if (!baseline && !predicted && !standardised && !adjusted) return LUS_OK;
    if (x->fit->question.ties == LUS_TIES_DISCRETE)
        return lus_fail(err, LUS_EUSAGE,
                        "--ties discrete has odds, not hazards: baseline, predicted and "
                        "standardised are of efron and breslow");
    struct lus_cox_sums sums;
    if (lus_cox_sums_make(x->fit, &sums) != LUS_OK) return lus_fail_memory(err);
    int status = baseline ? add_baseline(x, &sums) : LUS_OK;
    if (status == LUS_OK && predicted) status = add_predicted(x, &sums, err);
    if (status == LUS_OK && standardised) status = lus_cox_add_standardised(x, &sums, err);
    if (status == LUS_OK && adjusted) status = lus_cox_add_adjusted(x, &sums, err);
    lus_cox_sums_free(&sums);
    return status;
}
