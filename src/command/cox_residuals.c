/* Residuals of a Cox model: of each row, and of each event. */
#include <math.h>
#include <stdlib.h>

#include "command/cox.h"

enum {
    MARTINGALE = 1,
    DEVIANCE = 2,
    SCORE = 4,
    DFBETA = 8,
    DFBETAS = 16,
    SCHOENFELD = 32,
    SCALED = 64
};
static const char *const names[] = {"martingale", "deviance",   "score", "dfbeta",
                                    "dfbetas",    "schoenfeld", "scaled"};
enum { N_NAMES = sizeof names / sizeof *names };

int lus_cox_parse_residuals(const char *list, unsigned *out, struct lus_error *err)
{
    struct lus_arena arena = {0};
    char **parts;
    size_t n;
    *out = 0;
    if (!list) return LUS_OK;
    int status = lus_list_split(&arena, list, &parts, &n, err);
    for (size_t i = 0; status == LUS_OK && i < n; i++) {
        size_t k = 0;
        while (k < N_NAMES && strcmp(parts[i], names[k]) != 0)
            k++;
        if (k < N_NAMES) *out |= 1U << k;
        else
            status = lus_fail(err, LUS_EUSAGE,
                              "--residuals are martingale, deviance, score, dfbeta, dfbetas, "
                              "schoenfeld and scaled, not \"%s\"",
                              parts[i]);
    }
    lus_arena_free(&arena);
    return status;
}

static const char *column_name(struct lus_cox_asked *x, const char *kind, size_t j)
{
    struct lus_string s = {0};
    lus_string_print(&s, "%s ", kind);
    lus_cox_column_name(x->fit, j, &s);
    return lus_document_keep(&x->r->document, &s);
}

static void add_columns(struct lus_cox_asked *x, struct lus_table *t, const char *kind, size_t n)
{
    struct lus_document *d = &x->r->document;
    for (size_t j = 0; j < n; j++) {
        const char *name = column_name(x, kind, j);
        COLUMN(.name = name, .role = LUS_ROLE_DATA, .header = name, .kind = LUS_COLUMN_NUMBER);
    }
}

/* Sums over the stretches of a row: martingale, then the score of each column. */
static int sum_rows(struct lus_cox_asked *x, const struct lus_cox_sums *sums, double *out)
{
    const struct lus_cox *fit = x->fit;
    size_t p = fit->design.p;
    double *own = lus_alloc(p + 1, sizeof *own);
    if (!own) return LUS_ENOMEM;
    for (size_t i = 0; i < fit->design.n; i++) {
        double *row = out + fit->design.source[i] * (p + 1);
        row[0] += lus_cox_martingale(fit, sums, i);
        lus_cox_score_residual(fit, sums, i, own);
        for (size_t j = 0; j < p; j++)
            row[j + 1] += own[j];
    }
    free(own);
    return LUS_OK;
}

static double deviance(double martingale, bool is_event)
{
    double d = is_event, inside = martingale + (is_event ? log(d - martingale) : 0);
    return (martingale < 0 ? -1 : 1) * sqrt(fmax(-2 * inside, 0));
}

static void put_row(struct lus_cox_asked *x, struct lus_table *t, size_t i, const double *row)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    const struct lus_frame *f = &fit->tally.frame;
    size_t p = fit->design.p;
    bool is_event = f->cause[i] && fit->event[f->cause[i]],
         is_sampled = f->weight && !f->weights_are_copies;
    lus_table_row(d, t, x->r->everybody);
    lus_table_number(d, t, (double)f->row[i] + 1);
    if (x->residuals & MARTINGALE) lus_table_number(d, t, row[0]);
    if (x->residuals & DEVIANCE) lus_table_number(d, t, deviance(row[0], is_event));
    for (size_t j = 0; j < p && (x->residuals & SCORE); j++)
        lus_table_number(d, t, row[j + 1]);
    for (unsigned kind = DFBETA; kind <= DFBETAS; kind *= 2)
        for (size_t j = 0; j < p && (x->residuals & kind); j++) {
            double sum = 0;
            for (size_t k = 0; k < p; k++)
                sum += row[k + 1] * fit->variance[k * p + j];
            double error = sqrt(fit->variance[j * p + j]);
            if (is_sampled) sum *= f->weight[i]; /* what the row moves, with those it stands for */
            lus_table_number(d, t, kind == DFBETA ? sum : sum / error);
        }
}

static int add_rows(struct lus_cox_asked *x, const struct lus_cox_sums *sums)
{
    struct lus_document *d = &x->r->document;
    size_t p = x->fit->design.p, n = x->fit->tally.frame.n;
    double *rows = lus_alloc_zeroed(n * (p + 1), sizeof *rows);
    if (!rows) return LUS_ENOMEM;
    struct lus_table *t = lus_document_table(d, "residuals", "Residuals");
    COLUMN(.name = "row", .role = LUS_ROLE_DATA, .header = "row", .kind = LUS_COLUMN_COUNT);
    for (unsigned k = 0; k < 2; k++)
        if (x->residuals >> k & 1)
            COLUMN(.name = names[k], .role = LUS_ROLE_DATA, .header = names[k],
                   .kind = LUS_COLUMN_NUMBER);
    for (unsigned k = 2; k < 5; k++)
        if (x->residuals >> k & 1) add_columns(x, t, names[k], p);
    int status = sum_rows(x, sums, rows);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        put_row(x, t, i, rows + i * (p + 1));
    free(rows);
    return status;
}

/* One row for each event, the earliest of each stratum first: what is left of its covariates behind
 * the mean of those at risk; scaled, as an estimate of the coefficient then. */
static void add_events(struct lus_cox_asked *x, const struct lus_cox_sums *sums)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    const struct lus_partial *q = &fit->partial;
    size_t p = fit->design.p;
    struct lus_table *t = lus_document_table(d, "schoenfeld", "Schoenfeld residuals");
    if (fit->formula.n_strata) COLUMN(.name = "stratum", .role = LUS_ROLE_KEY, .header = "stratum");
    COLUMN(.name = "row", .role = LUS_ROLE_DATA, .header = "row", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "time", .role = LUS_ROLE_DATA, .header = "time", .kind = LUS_COLUMN_TIME);
    for (unsigned k = 5; k < 7; k++)
        if (x->residuals >> k & 1) add_columns(x, t, names[k], p);
    double events = 0;
    for (size_t k = 0; k < q->n_times; k++)
        events += q->tied[k];
    for (size_t s = 0; s < fit->design.n_strata; s++)
        for (size_t k = q->times_begin[s + 1]; k-- > q->times_begin[s];)
            for (size_t i = q->dead[k]; i < q->dead_end[k]; i++) {
                const double *row = lus_design_x(&fit->design, i), *mean = sums->mean + k * p;
                lus_table_row(d, t, x->r->everybody);
                if (fit->formula.n_strata)
                    lus_table_text(d, t, lus_document_text(d, "%s", fit->design.strata_names[s]));
                lus_table_number(d, t, (double)fit->tally.frame.row[fit->design.source[i]] + 1);
                lus_table_number(d, t, lus_time_in(q->time[k], fit->tally.unit));
                for (size_t j = 0; j < p && (x->residuals & SCHOENFELD); j++)
                    lus_table_number(d, t, row[j] - mean[j]);
                for (size_t j = 0; j < p && (x->residuals & SCALED); j++) {
                    double sum = fit->beta[j];
                    for (size_t l = 0; l < p; l++)
                        sum += events * (row[l] - mean[l]) * fit->variance[l * p + j];
                    lus_table_number(d, t, sum);
                }
            }
}

/* The effects over time that the chart draws, with the p-value of each one's term. */
static int add_effects(struct lus_cox_asked *x, const struct lus_cox_sums *sums)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    size_t p = fit->design.p, n = fit->formula.n_terms;
    struct lus_smooth_effect *e = lus_alloc(p * LUS_SMOOTH_POINTS + 1, sizeof *e);
    struct lus_proportionality *tests = lus_alloc(p + n + 1, sizeof *tests);
    struct lus_table *t = lus_document_table(d, "effects", NULL);
    COLUMN(.name = "coefficient", .role = LUS_ROLE_KEY, .header = "coefficient");
    COLUMN(.name = "time", .role = LUS_ROLE_DATA, .header = "time", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "effect", .role = LUS_ROLE_ESTIMATE, .header = "effect",
           .kind = LUS_COLUMN_NUMBER);
    lus_add_limit_columns(d, t, LUS_COLUMN_NUMBER);
    COLUMN(.name = "fitted", .role = LUS_ROLE_ESTIMATE, .header = "fitted",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    int status = e && tests ? lus_cox_smooth(fit, sums, x->scale, e) : LUS_ENOMEM;
    if (status == LUS_OK)
        status = lus_cox_proportionality(fit, x->scale, tests, tests + n, tests + n + p);
    for (size_t i = 0; i < p * LUS_SMOOTH_POINTS && status == LUS_OK; i++) {
        size_t j = i / LUS_SMOOTH_POINTS;
        struct lus_string name = {0};
        lus_cox_column_name(fit, j, &name);
        lus_table_row(d, t, x->r->everybody);
        lus_table_text(d, t, lus_document_keep(d, &name));
        lus_table_number(d, t, lus_time_in(e[i].time, fit->tally.unit));
        lus_table_number(d, t, e[i].effect);
        lus_table_number(d, t, e[i].low), lus_table_number(d, t, e[i].high);
        lus_table_number(d, t, fit->beta[j]);
        lus_table_number(d, t, tests[fit->design.columns[j].term].p_value);
    }
    lus_time last = lus_cox_last_exit(fit, 0);
    d->axis_unit = last >= 4 * lus_unit_ticks(LUS_YEARS) ? LUS_YEARS : fit->tally.unit;
    free(e), free(tests);
    return status;
}

int lus_cox_add_residuals(struct lus_cox_asked *x, struct lus_error *err)
{
    if (!x->residuals) return LUS_OK;
    if (x->fit->question.is_subdistribution || x->fit->question.ties == LUS_TIES_DISCRETE)
        return lus_fail(err, LUS_EUSAGE,
                        "--residuals are of Cox's model with ties by efron or breslow");
    struct lus_cox_sums sums;
    int status = lus_cox_sums_make(x->fit, &sums);
    if (status != LUS_OK) return lus_fail_memory(err);
    if (x->residuals & (MARTINGALE | DEVIANCE | SCORE | DFBETA | DFBETAS))
        status = add_rows(x, &sums);
    if (status == LUS_OK && (x->residuals & (SCHOENFELD | SCALED))) add_events(x, &sums);
    if (status == LUS_OK && x->o->wants_effects) status = add_effects(x, &sums);
    lus_cox_sums_free(&sums);
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "on the scale %s: not available: deaths at time 0",
                        lus_time_scale_name(x->scale));
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}
