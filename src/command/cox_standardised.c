/* Survival of everybody at each level of a column of a Cox model: all else equal. */
#include <math.h>
#include <stdlib.h>

#include "command/cox.h"

static void put(struct lus_document *d, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(d, t, (struct lus_cell){.number = number, .why = isnan(number) ? why : 0});
}

static int find_part(const struct lus_cox_asked *x, size_t *out, struct lus_error *err)
{
    const struct lus_cox *fit = x->fit;
    const char *column = x->o->standardise;
    bool is_number = false;
    if (fit->question.is_subdistribution)
        return lus_fail(err, LUS_EUSAGE, "--standardise does not go with --subdistribution");
    for (size_t b = 0; b < fit->formula.n_parts; b++)
        if (fit->design.bases[b].n_times)
            return lus_fail(err, LUS_EUSAGE,
                            "--standardise does not go with at(): effects stay the same there");
    if (fit->design.n > fit->tally.frame.n_people)
        return lus_fail(err, LUS_EUSAGE,
                        "--standardise does not go with several rows of a person, whose values "
                        "change");
    for (*out = 0; *out < fit->formula.n_parts; ++*out) {
        if (strcmp(fit->formula.parts[*out].column, column) != 0) continue;
        if (fit->design.bases[*out].has_levels) return LUS_OK;
        is_number = true;
    }
    return is_number ? lus_fail(err, LUS_EUSAGE,
                                "--standardise %s: it is a number; factor(%s) or cut(%s, ..) in "
                                "the model has levels",
                                column, column, column)
                     : lus_fail(err, LUS_EUSAGE, "--standardise %s: the model has no such column",
                                column);
}

static void add_standardised_row(struct lus_cox_asked *x, struct lus_table *t,
                                 const struct lus_horizon *at, const struct lus_standardised *s,
                                 bool is_first)
{
    struct lus_document *d = &x->r->document;
    double low = NAN, high = NAN, z = lus_conf_z(x->conf.level);
    bool is_known = !isnan(s->survival);
    enum lus_why why = is_known ? LUS_WHY_NO_EVENT : LUS_WHY_BEYOND_FOLLOW_UP;
    double share = s->survival;
    if (share > 0 && share < 1) lus_interval(&x->conf, share, s->std_error, &low, &high);
    lus_table_row(d, t, x->r->everybody);
    lus_table_text(d, t, lus_document_text(d, "%s", s->level));
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = lus_time_in(at->time, x->fit->tally.unit), .text = at->text});
    put(d, t, share, why), put(d, t, s->std_error, why), put(d, t, low, why), put(d, t, high, why);
    double difference = s->difference, e = s->difference_error;
    put(d, t, difference, why), put(d, t, is_first ? NAN : e, why);
    put(d, t, is_first ? NAN : difference - z * e, why);
    put(d, t, is_first ? NAN : difference + z * e, why);
    put(d, t, s->ratio, why);
    put(d, t, is_first ? NAN : s->ratio * exp(-z * s->ratio_error), why);
    put(d, t, is_first ? NAN : s->ratio * exp(z * s->ratio_error), why);
}

int lus_cox_add_standardised(struct lus_cox_asked *x, const struct lus_cox_sums *sums,
                             struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    size_t part = 0;
    LUS_TRY(find_part(x, &part, err));
    const char *column = lus_document_text(d, "%s", x->o->standardise);
    struct lus_table *t = lus_document_table(
        d, "standardised",
        lus_document_text(d, "All else equal: everybody at each level of %s", column));
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = column);
    lus_cox_share_columns(x, t);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "difference", .role = LUS_ROLE_ESTIMATE, .header = "difference",
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    COLUMN(.name = "difference_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "difference_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "difference_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "ratio", .role = LUS_ROLE_ESTIMATE, .header = "ratio", .kind = LUS_COLUMN_RATIO,
           .low = at + 1, .high = at + 2);
    COLUMN(.name = "ratio_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "ratio_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    size_t n = x->fit->design.bases[part].width;
    struct lus_standardised *out = lus_alloc(n, sizeof *out);
    int status = out ? LUS_OK : lus_fail_memory(err);
    for (size_t i = 0; i < x->n_horizons && status == LUS_OK; i++) {
        if (lus_cox_standardise(x->fit, sums, part, x->horizons[i].time, out) != LUS_OK)
            status = lus_fail_memory(err);
        bool is_beyond = false;
        for (size_t s = 0; s < x->fit->design.n_strata; s++)
            is_beyond |= x->horizons[i].time > lus_cox_last_exit(x->fit, s);
        for (size_t l = 0; l < n && status == LUS_OK; l++) {
            if (is_beyond)
                out[l] = (struct lus_standardised){out[l].level, NAN, NAN, NAN, NAN, NAN, NAN};
            add_standardised_row(x, t, &x->horizons[i], &out[l], !l);
        }
    }
    free(out);
    return status;
}

/* --- the chart: curves at many times, and who is at risk of each level --- */

/* The numbers of a level at round times, off the rows of the fit. */
static void add_at_risk(struct lus_cox_asked *x, struct lus_table *t, size_t part, size_t level,
                        const struct lus_round_times *times, struct lus_profile_value *values)
{
    struct lus_document *d = &x->r->document;
    const struct lus_design *design = &x->fit->design;
    for (size_t k = 0; k < times->n; k++) {
        double at_risk = 0, entered = 0, censored = 0, events = 0;
        for (size_t i = 0; i < design->n; i++) {
            lus_time at = times->at[k], exit = design->exit[i],
                     entry = design->entry ? design->entry[i] : 0;
            lus_design_values(design, design->source[i], values);
            if (values[part].position != level) continue;
            double w = design->weight ? design->weight[i] : 1;
            entered += entry <= at ? w : 0;
            if (exit >= at && (entry < at || !entry)) at_risk += w;
            if (exit <= at && x->fit->partial.event[i]) events += w;
            else if (exit <= at) censored += w;
        }
        lus_table_row(d, t, x->r->everybody);
        lus_table_text(d, t, lus_document_text(d, "%s", design->bases[part].levels[level]));
        lus_table_number(d, t, lus_time_in(times->at[k], x->fit->tally.unit));
        lus_table_number(d, t, at_risk), lus_table_number(d, t, entered);
        lus_table_number(d, t, censored), lus_table_number(d, t, events);
    }
}

static lus_time shortest_follow_up(const struct lus_cox *fit)
{
    lus_time last = lus_cox_last_exit(fit, 0);
    for (size_t s = 1; s < fit->design.n_strata; s++)
        if (lus_cox_last_exit(fit, s) < last) last = lus_cox_last_exit(fit, s);
    return last;
}

/* Curves at as many times as take a second or so, by level. */
static int add_curves(struct lus_cox_asked *x, const struct lus_cox_sums *sums, struct lus_table *t,
                      size_t part, lus_time until)
{
    struct lus_document *d = &x->r->document;
    size_t n_levels = x->fit->design.bases[part].width;
    double most = 3e6 / (double)(x->fit->design.n * n_levels);
    size_t n = most > 150 ? 150 : most < 24 ? 24 : (size_t)most;
    struct lus_standardised *out = lus_alloc(n * n_levels, sizeof *out);
    int status = out ? LUS_OK : LUS_ENOMEM;
    for (size_t k = 0; k < n && status == LUS_OK; k++)
        status = lus_cox_standardise(x->fit, sums, part, until / (lus_time)n * (lus_time)(k + 1),
                                     out + k * n_levels);
    for (size_t i = 0; i < n * n_levels && status == LUS_OK; i++) {
        size_t level = i / n, k = i % n;
        const struct lus_standardised *s = &out[k * n_levels + level];
        double low = NAN, high = NAN;
        if (s->survival > 0 && s->survival < 1)
            lus_interval(&x->conf, s->survival, s->std_error, &low, &high);
        lus_table_row(d, t, x->r->everybody);
        lus_table_text(d, t, lus_document_text(d, "%s", s->level));
        lus_table_number(d, t,
                         lus_time_in(until / (lus_time)n * (lus_time)(k + 1), x->fit->tally.unit));
        lus_table_number(d, t, s->survival);
        lus_table_number(d, t, low), lus_table_number(d, t, high);
    }
    free(out);
    return status;
}

int lus_cox_add_adjusted(struct lus_cox_asked *x, const struct lus_cox_sums *sums,
                         struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_round_times times = {0};
    size_t part = 0;
    LUS_TRY(find_part(x, &part, err));
    LUS_TRY(lus_round_times_of(x->o, x->r, &x->fit->tally, &times, err));
    const char *column = lus_document_text(d, "%s", x->o->standardise);
    struct lus_table *curve = lus_document_table(d, "curve", NULL),
                     *at_risk = lus_document_table(d, "at_risk", NULL), *t = curve;
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = column);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "time", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = "survival",
           .kind = LUS_COLUMN_SHARE);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    t = at_risk;
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = column);
    lus_add_at_risk_columns(d, at_risk);
    struct lus_profile_value *values = lus_alloc(x->fit->formula.n_parts + 1, sizeof *values);
    int status = values ? LUS_OK : LUS_ENOMEM;
    for (size_t l = 0; l < x->fit->design.bases[part].width && status == LUS_OK; l++)
        add_at_risk(x, at_risk, part, l, &times, values);
    lus_time last = shortest_follow_up(x->fit), until = times.at[times.n - 1];
    if (status == LUS_OK) status = add_curves(x, sums, curve, part, until < last ? until : last);
    free(values), free(times.at);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}
