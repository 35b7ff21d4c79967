/* lustrum cox: what goes with survival, all else equal. */
#include "command/cox.h"

#include <math.h>
#include <stdlib.h>

#include "command/option.h"

static const struct lus_option of_model[] = {
    EXPRESSION("model", "FORMULA", model,
               "columns joined by +, as in 'age + stage * grade + strata(centre)'; "
               "lustrum-model(7)"),
    TEXT("ties", 0, "NAME", ties,
         "efron (default), breslow, or discrete, which is R's exact and SAS's DISCRETE"),
    FLAG("subdistribution", subdistribution,
         "Fine and Gray's model: who leaves by another cause stays at risk"),
    TEXT("censoring-by", 0, "COL", censoring_by, "of it: censoring is estimated in each level"),
    FLAG("firth", firth, "Firth's penalised fit, which is finite also where a level has no event"),
    MAYBE("robust", "[=COL]", robust,
          "robust errors; rows of one person, or of one level of COL, belong together"),
    END};
static const struct lus_option options[] = {
    TEXT("cause", 0, "NAME", cause, "the event is this cause; who leaves by another is censored"),
    LINES("predict", "\"COL=VALUE, ...\"", predict,
          "survival of such a person; may be given several times"),
    TEXT("standardise", 0, "COL", standardise,
         "survival of all, had everybody one level of COL: all else equal"),
    LIST("at", "TIME,...", at, "horizons of both (default: 5y)"),
    TEXT("horizon", 0, "TIME", horizon, "calibration by fifths and Brier's score then"),
    EXPRESSION("compare", "FORMULA", compare_model, "another model of the same people beside it"),
    LIST("residuals", "NAME,...", residuals,
         "martingale, deviance, score, dfbeta, dfbetas; of events schoenfeld, scaled"),
    TEXT("time-scale", 0, "NAME", time_scale,
         "of the test of proportional hazards: km (default), log or identity"),
    END};
const struct lus_option_group lus_model_options = {"Model", of_model};
const struct lus_option_group lus_cox_options = {"What is told of it", options};

bool lus_cox_wants(const struct lus_cox_asked *x, const char *table)
{
    const struct lus_options *o = x->o;
    const struct lus_writer *writer;
    struct lus_error ignored = LUS_ERROR_INIT;
    if (o->table) return strcmp(o->table, table) == 0;
    return lus_writer_find(o->format, &writer, &ignored) == LUS_OK && !writer->is_one_table;
}

static int question_of(const struct lus_options *o, struct lus_cox_question *q,
                       struct lus_error *err)
{
    if (!o->model)
        return lus_fail(err, LUS_EUSAGE,
                        "--model FORMULA is wanted, as in --model 'age + grade'; lustrum-model(7)");
    *q = (struct lus_cox_question){.model = o->model,
                                   .cause = o->cause,
                                   .compare = o->compare_model,
                                   .is_subdistribution = o->subdistribution,
                                   .censoring_by = o->censoring_by,
                                   .ties = o->subdistribution ? LUS_TIES_BRESLOW : LUS_TIES_EFRON,
                                   .is_firth = o->firth,
                                   .keeps_rows = o->residuals || o->horizon,
                                   .is_robust = o->robust != NULL,
                                   .cluster = o->robust && *o->robust ? o->robust : NULL,
                                   .conf_level = isnan(o->conf_level) ? 0 : o->conf_level};
    if (o->ties && lus_ties_parse(o->ties, &q->ties) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE, "--ties is efron, breslow or discrete, not \"%s\"",
                        o->ties);
    return LUS_OK;
}

static int check(struct lus_cox_asked *x, struct lus_error *err)
{
    const char *scale = x->o->time_scale;
    LUS_TRY(lus_conf_of(x->o, &x->conf, err));
    if (scale && lus_time_scale_parse(scale, &x->scale) != LUS_OK)
        return lus_fail(err, LUS_EUSAGE, "--time-scale is km, log or identity, not \"%s\"", scale);
    LUS_TRY(lus_horizons_of(x->r, "--at", x->o->at ? x->o->at : "5y", x->fit->tally.unit,
                            &x->horizons, &x->n_horizons, err));
    size_t n = 0;
    if (x->o->horizon)
        LUS_TRY(lus_horizons_of(x->r, "--horizon", x->o->horizon, x->fit->tally.unit, &x->horizon,
                                &n, err));
    if (n > 1) return lus_fail(err, LUS_EUSAGE, "--horizon is one time");
    LUS_TRY(lus_cox_parse_residuals(x->o->residuals, &x->residuals, err));
    return lus_cox_find_events(x->fit, err);
}

static void add_notes(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    const struct lus_frame *f = &fit->tally.frame;
    struct lus_cox_summary s = lus_cox_summary(fit);
    double per = s.events / (s.df > 0 ? s.df : 1);
    d->estimator = lus_document_text(
        d, "%s model, ties by %s%s", fit->question.is_subdistribution ? "Fine and Gray's" : "Cox's",
        lus_ties_name(fit->question.ties), fit->robust ? ", robust errors" : "");
    d->conf_level = x->conf.level, d->transform = lus_transform_name(x->conf.transform);
    lus_document_note(d, lus_of_method(), "%s model of %s, ties by %s%s; %g %% intervals by %s.",
                      fit->question.is_firth             ? "Cox's (with Firth's penalty)"
                      : fit->question.is_subdistribution ? "Fine and Gray's"
                                                         : "Cox's",
                      fit->event_name, lus_ties_name(fit->question.ties),
                      fit->question.ties == LUS_TIES_DISCRETE ? " (R's exact, SAS's DISCRETE)" : "",
                      100 * x->conf.level,
                      fit->limits   ? "the profile of the penalised likelihood"
                      : fit->robust ? "Wald, robust errors"
                                    : "Wald");
    if (fit->question.is_subdistribution)
        lus_document_note(d, lus_of_method(),
                          "Errors count the estimation of censoring. Incidences of several causes, "
                          "each by a model of its own, may add up to more than 1.");
    if (f->person && f->n_people < f->n)
        lus_document_note(d, lus_of_counts(x->r->everybody, NULL), "%zu rows of %zu people.", f->n,
                          f->n_people);
    if (per < 10)
        lus_document_note(d, lus_of_warning(x->r->everybody, NULL),
                          "%.2g events for each coefficient: fewer than ten make estimates that "
                          "another sample would not give.",
                          per);
    for (size_t k = 0; k < fit->design.n_strata; k++)
        if (fit->partial.times_begin[k] == fit->partial.times_begin[k + 1])
            lus_document_note(d, lus_of_warning(x->r->everybody, NULL),
                              "Stratum %s has no event and tells nothing.",
                              fit->design.strata_names[k]);
}

static int build(struct lus_cox_asked *x, struct lus_error *err)
{
    LUS_TRY(lus_cox_make(x->fit, err));
    lus_add_strata(x->r, &x->fit->tally, 0);
    LUS_TRY(lus_cox_add_tables(x, err));
    LUS_TRY(lus_cox_add_profiles(x, err));
    LUS_TRY(lus_cox_add_calibration(x, err));
    LUS_TRY(lus_cox_add_comparison(x, err));
    LUS_TRY(lus_cox_add_residuals(x, err));
    add_notes(x);
    lus_add_selection(x->r, &x->fit->tally);
    return lus_add_warnings(x->o, x->r, &x->fit->tally, &x->inputs, err);
}

int lus_cox_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_cox_asked x = {.o = o, .r = r};
    struct lus_cox_question question;
    struct lus_query query;
    int status = question_of(o, &question, err);
    if (status == LUS_OK) status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = lus_cox_open(&question, &query, &x.fit, err);
    if (status == LUS_OK) status = lus_inputs_ask(o, &query, &x.inputs, &x.fit->tally, r, err);
    if (status == LUS_OK) status = check(&x, err);
    if (status == LUS_OK) status = lus_inputs_read(&x.inputs, &x.fit->tally, err);
    if (status == LUS_OK) status = build(&x, err);
    lus_inputs_free(&x.inputs);
    free(x.horizons), free(x.horizon);
    lus_cox_free(x.fit);
    return status;
}
