/* How well a Cox model's predictions hold at --horizon, and another model beside it. */
#include <math.h>

#include "command/cox.h"

static void put(struct lus_document *d, struct lus_table *t, double number)
{
    lus_table_cell(d, t, (struct lus_cell){.number = number});
}

static void add_groups(struct lus_cox_asked *x, const struct lus_horizon *at,
                       const struct lus_calibration *c)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(
        d, "calibration", "Calibration: fifths by predicted survival, the lowest first");
    COLUMN(.name = "group", .role = LUS_ROLE_KEY, .header = "fifth");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "predicted", .role = LUS_ROLE_ESTIMATE, .header = "predicted",
           .kind = LUS_COLUMN_SHARE);
    int i = t ? (int)t->n_columns : 0;
    COLUMN(.name = "observed", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "observed (%g %%)", 100 * x->conf.level),
           .kind = LUS_COLUMN_SHARE, .low = i + 1, .high = i + 2);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    for (int g = 0; g < LUS_CALIBRATION_GROUPS; g++) {
        lus_table_row(d, t, x->r->everybody);
        lus_table_text(d, t, lus_document_text(d, "%d", g + 1));
        lus_table_cell(d, t,
                       (struct lus_cell){.number = lus_time_in(at->time, x->fit->tally.unit),
                                         .text = at->text});
        put(d, t, c->groups[g].n), put(d, t, c->groups[g].predicted);
        lus_table_cell(d, t,
                       (struct lus_cell){.number = c->groups[g].observed, .why = c->groups[g].why});
        put(d, t, c->groups[g].low), put(d, t, c->groups[g].high);
    }
}

static void add_brier(struct lus_cox_asked *x, const struct lus_horizon *at,
                      const struct lus_calibration *c)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "brier", "Brier score");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "brier", .role = LUS_ROLE_ESTIMATE, .header = "of the model",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "brier_none", .role = LUS_ROLE_ESTIMATE, .header = "of Kaplan-Meier alone",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "scaled", .role = LUS_ROLE_ESTIMATE, .header = "gained",
           .kind = LUS_COLUMN_SHARE);
    lus_table_row(d, t, x->r->everybody);
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = lus_time_in(at->time, x->fit->tally.unit), .text = at->text});
    put(d, t, c->brier), put(d, t, c->brier_none), put(d, t, 1 - c->brier / c->brier_none);
}

int lus_cox_add_calibration(struct lus_cox_asked *x, struct lus_error *err)
{
    const struct lus_cox *fit = x->fit;
    if (!x->o->horizon) return LUS_OK;
    bool is_other = fit->question.is_subdistribution || fit->question.ties == LUS_TIES_DISCRETE;
    if (is_other || fit->design.entry)
        return lus_fail(err, LUS_EUSAGE,
                        "--horizon is of Cox's model with ties by efron or breslow, of people "
                        "followed from the origin, without at()");
    struct lus_cox_sums sums;
    struct lus_calibration c;
    if (lus_cox_sums_make(fit, &sums) != LUS_OK) return lus_fail_memory(err);
    int status = lus_cox_calibration(fit, &sums, x->horizon->time, &x->conf, &c);
    lus_cox_sums_free(&sums);
    if (status != LUS_OK) return lus_fail_memory(err);
    add_groups(x, x->horizon, &c);
    add_brier(x, x->horizon, &c);
    return LUS_OK;
}

/* --- another model of the same people --- */

static void put_model(struct lus_cox_asked *x, struct lus_table *t, const char *model,
                      const struct lus_cox_summary *s)
{
    struct lus_document *d = &x->r->document;
    lus_table_row(d, t, x->r->everybody);
    lus_table_text(d, t, lus_document_text(d, "%s", model));
    put(d, t, s->df), put(d, t, s->loglik), put(d, t, s->aic), put(d, t, s->bic);
}

int lus_cox_add_comparison(struct lus_cox_asked *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_cox_summary own = lus_cox_summary(x->fit), other;
    double p_value;
    if (!x->o->compare_model) return LUS_OK;
    if (x->fit->question.is_subdistribution || x->fit->question.is_firth)
        return lus_fail(err, LUS_EUSAGE, "--compare takes neither --subdistribution nor --firth");
    LUS_TRY(lus_cox_fit_other(x->fit, &other, err));
    struct lus_table *t = lus_document_table(d, "comparison", "Two models of the same people");
    COLUMN(.name = "model", .role = LUS_ROLE_KEY, .header = "model");
    COLUMN(.name = "df", .role = LUS_ROLE_ASKED, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "loglik", .role = LUS_ROLE_ESTIMATE, .header = "log-likelihood",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "aic", .role = LUS_ROLE_ESTIMATE, .header = "AIC", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "bic", .role = LUS_ROLE_ESTIMATE, .header = "BIC", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "lr", .role = LUS_ROLE_ESTIMATE, .header = "likelihood ratio",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "lr_df", .role = LUS_ROLE_ASKED, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "lr_p", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    put_model(x, t, x->o->model, &own);
    for (size_t i = 0; i < 3; i++)
        put(d, t, NAN);
    put_model(x, t, x->o->compare_model, &other);
    double lr = own.df > other.df ? 2 * (own.loglik - other.loglik)
                                  : 2 * (other.loglik - own.loglik),
           df = fabs(own.df - other.df);
    p_value = lus_cox_chi_square(lr, df);
    bool is_test = df > 0 && lr >= 0;
    put(d, t, is_test ? lr : NAN), put(d, t, is_test ? df : NAN),
        put(d, t, is_test ? p_value : NAN);
    lus_document_note(d, lus_of_method(),
                      "The likelihood ratio tests something where one model is part of the other.");
    return LUS_OK;
}
