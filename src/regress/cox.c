#include "regress/regress.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "regress/discrete.h"
#include "regress/fine_gray.h"
#include "regress/matrix.h"
#include "tally/tally.h"

static const char *const ties_names[] = {"efron", "breslow", "discrete"};

const char *lus_ties_name(enum lus_ties ties)
{
    return ties_names[ties];
}

int lus_ties_parse(const char *name, enum lus_ties *out)
{
    for (size_t i = 0; i < sizeof ties_names / sizeof *ties_names; i++)
        if (strcmp(name, ties_names[i]) == 0) {
            *out = (enum lus_ties)i;
            return LUS_OK;
        }
    return LUS_EUSAGE;
}

/* --- Newton --- */

enum { MOST_ITERATIONS = 60, MANY_ITERATIONS = 10 };

struct newton {
    struct lus_cox *cox;
    size_t p;
    struct lus_derivatives now;
    double *factor, *step, *tried, *moved; /* moved: by the last step */
    const bool *is_fixed;                  /* NULL: none; else columns that stay where they are */
    double enough; /* standard errors from the maximum at which it is reached */
};

static int alloc_newton(struct newton *m)
{
    size_t p = m->p, square = p * p;
    struct lus_cox *x = m->cox;
    double *room = lus_arena_alloc(&x->arena, 8 * p + 6 * square + 1, sizeof *room);
    if (!room) return LUS_ENOMEM;
    x->beta = room, room += p;
    m->step = room, room += p;
    m->tried = room, room += p;
    m->moved = room, room += p;
    m->now.score = room, room += p;
    x->score_null = room, room += p;
    x->variance = room, room += square;
    x->information_null = room, room += square;
    x->information = room, room += square;
    m->factor = room, room += square;
    m->now.information = room;
    return LUS_OK;
}

/* The step to the maximum of the parabola here, and how far that is in standard errors; column:
 * p, or the one that adds nothing. */
static double newton_step(struct newton *m, size_t *column)
{
    double decrement = 0;
    memcpy(m->factor, m->now.information, m->p * m->p * sizeof *m->factor);
    memcpy(m->step, m->now.score, m->p * sizeof *m->step);
    for (size_t j = 0; m->is_fixed && j < m->p; j++) {
        if (!m->is_fixed[j]) continue;
        for (size_t k = 0; k < m->p; k++)
            m->factor[j * m->p + k] = m->factor[k * m->p + j] = k == j;
        m->step[j] = 0;
    }
    *column = lus_cholesky(m->factor, m->p, 1e-11);
    if (*column < m->p) return NAN;
    lus_cholesky_solve(m->factor, m->p, m->step);
    for (size_t j = 0; j < m->p; j++)
        decrement += m->step[j] * m->now.score[j];
    return sqrt(fmax(decrement, 0));
}

/* Half of it and half again, until the likelihood is no lower. */
static int take_step(struct newton *m, struct lus_error *err)
{
    double before = m->now.loglik, part = 1;
    for (int halvings = 0; halvings < 40; halvings++, part /= 2) {
        for (size_t j = 0; j < m->p; j++)
            m->tried[j] = m->cox->beta[j] + part * m->step[j];
        if (lus_partial_derivatives(&m->cox->partial, m->tried, NULL, &m->now) != LUS_OK)
            return lus_fail_memory(err);
        if (isfinite(m->now.loglik) && m->now.loglik >= before - 1e-9 * (1 + fabs(before))) break;
    }
    for (size_t j = 0; m->moved && j < m->p; j++)
        m->moved[j] = m->tried[j] - m->cox->beta[j];
    memcpy(m->cox->beta, m->tried, m->p * sizeof *m->tried);
    return LUS_OK;
}

static int fail_not_converged(const struct newton *m, struct lus_error *err)
{
    const struct lus_cox *x = m->cox;
    size_t worst = 0;
    double largest = 0;
    LUS_TRY(lus_cox_check_direction(x, m->moved, err));
    for (size_t j = 0; j < m->p; j++) {
        double step = fabs(m->step[j]) * sqrt(m->now.information[j * m->p + j]);
        if (step > largest) largest = step, worst = j;
    }
    struct lus_string name = {0};
    lus_cox_column_name(x, worst, &name);
    lus_string_print(&name,
                     ": not converged after %zu steps, the last of which was %.3g standard "
                     "errors along it; a simpler model may tell more",
                     x->summary.iterations, largest);
    return lus_fail_string(err, LUS_EDATA, &name);
}

/* Steps until the maximum is near, or rounding or the number of steps is what is left. */
static int climb(struct newton *m, size_t *column, size_t *iterations, double *decrement,
                 struct lus_error *err)
{
    double before = INFINITY;
    while (*decrement > m->enough && *iterations < MOST_ITERATIONS) {
        if (*decrement < 1e-8 && *decrement >= before) break;
        before = *decrement;
        LUS_TRY(take_step(m, err));
        ++*iterations;
        *decrement = newton_step(m, column);
        if (*column < m->p || !isfinite(*decrement)) break;
    }
    return LUS_OK;
}

static int maximise(struct newton *m, struct lus_error *err)
{
    struct lus_cox *x = m->cox;
    struct lus_cox_summary *s = &x->summary;
    size_t p = m->p, column = p;
    if (lus_partial_derivatives(&x->partial, x->beta, NULL, &m->now) != LUS_OK)
        return lus_fail_memory(err);
    s->loglik_null = m->now.loglik;
    memcpy(x->score_null, m->now.score, p * sizeof *x->score_null);
    memcpy(x->information_null, m->now.information, p * p * sizeof *x->information_null);
    s->decrement = newton_step(m, &column);
    if (column < p) return lus_cox_fail_singular(x, column, err);
    s->score = s->decrement * s->decrement;
    LUS_TRY(climb(m, &column, &s->iterations, &s->decrement, err));
    if (column < p || !(s->decrement < 1e-8)) return fail_not_converged(m, err);
    /* where the likelihood rises for ever steps go on until rounding ends them */
    if (s->iterations > MANY_ITERATIONS) LUS_TRY(lus_cox_check_direction(x, m->moved, err));
    s->loglik = m->now.loglik;
    memcpy(x->information, m->now.information, p * p * sizeof *x->information);
    lus_cholesky_invert(m->factor, p, x->variance);
    return LUS_OK;
}

/* What discrete ties do not go with. */
static int check_ties(const struct lus_cox *x, struct lus_error *err)
{
    static const double most = 3e10; /* multiplications in a step: some ten seconds */
    if (x->question.ties != LUS_TIES_DISCRETE) return LUS_OK;
    bool is_sampled = x->design.weight && !x->design.weights_are_copies;
    if (is_sampled || x->question.is_robust || x->question.cluster)
        return lus_fail(err, LUS_EUSAGE,
                        "--ties discrete goes with neither sampling weights nor robust errors; "
                        "efron does");
    if (lus_discrete_work(&x->partial) > most)
        return lus_fail(err, LUS_EUSAGE,
                        "--ties discrete would take %.1g multiplications for each step, over so "
                        "many ties; efron is near it",
                        lus_discrete_work(&x->partial));
    return LUS_OK;
}

/* Whether another term has all the parts of this one: without it, that would mean another thing. */
static bool is_contained(const struct lus_formula *f, size_t term)
{
    for (size_t t = 0; t < f->n_terms; t++) {
        size_t found = 0;
        for (size_t i = 0; i < f->terms[term].n; i++)
            for (size_t k = 0; k < f->terms[t].n; k++)
                found += f->terms[term].parts[i] == f->terms[t].parts[k];
        if (f->terms[t].n > f->terms[term].n && found == f->terms[term].n) return true;
    }
    return false;
}

/* Where the parabola at the fit is highest without a term: b - V_T V_TT^-1 b_T. */
static void move_to_line(struct lus_cox *x, size_t term, const double *kept, double *own,
                         double *solved)
{
    size_t p = x->design.p, from = x->design.first_of_term[term],
           n = x->design.first_of_term[term + 1] - from;
    for (size_t i = 0; i < n; i++) {
        solved[i] = kept[from + i];
        for (size_t j = 0; j < n; j++)
            own[i * n + j] = x->variance[(from + i) * p + from + j];
    }
    if (lus_cholesky(own, n, 1e-13) < n) return;
    lus_cholesky_solve(own, n, solved);
    for (size_t j = 0; j < p; j++)
        for (size_t i = 0; i < n && (j < from || j >= from + n); i++)
            x->beta[j] -= x->variance[j * p + from + i] * solved[i];
}

/* The likelihood at its best without a term. */
static int fit_without(struct lus_cox *x, size_t term, double *loglik, struct lus_error *err)
{
    size_t p = x->design.p, column = p, iterations = 0, square = p * p;
    bool is_fixed[LUS_MOST_COLUMNS] = {false};
    double *room = lus_alloc_zeroed(4 * p + 2 * square + 1, sizeof *room), *kept = x->beta;
    if (!room) return lus_fail_memory(err);
    /* the likelihood is then within 1e-12 */
    struct newton m = {.cox = x, .p = p, .is_fixed = is_fixed, .enough = 1e-6};
    x->beta = room, m.step = room + p, m.tried = m.step + p, m.now.score = m.tried + p;
    m.factor = m.now.score + p, m.now.information = m.factor + square;
    for (size_t j = 0; j < p; j++) {
        is_fixed[j] = j >= x->design.first_of_term[term] && j < x->design.first_of_term[term + 1];
        x->beta[j] = is_fixed[j] ? 0 : kept[j];
    }
    move_to_line(x, term, kept, m.factor, m.step);
    int status = LUS_OK;
    if (lus_partial_derivatives(&x->partial, x->beta, NULL, &m.now) != LUS_OK)
        status = lus_fail_memory(err);
    double decrement = status == LUS_OK ? newton_step(&m, &column) : NAN;
    if (status == LUS_OK && column == p) status = climb(&m, &column, &iterations, &decrement, err);
    *loglik = decrement < 1e-6 ? m.now.loglik : NAN;
    x->beta = kept;
    free(room);
    return status;
}

int lus_cox_term(struct lus_cox *x, size_t term, bool wants_lr, struct lus_cox_term *out,
                 struct lus_error *err)
{
    size_t p = x->design.p, chosen[LUS_MOST_COLUMNS], n = 0;
    double *scratch = lus_alloc(p * (p + 1) + 1, sizeof *scratch), loglik = NAN;
    if (!scratch) return lus_fail_memory(err);
    for (size_t j = x->design.first_of_term[term]; j < x->design.first_of_term[term + 1]; j++)
        chosen[n++] = j;
    *out = (struct lus_cox_term){.term = x->formula.terms[term].text, .df = (double)n};
    out->wald = lus_quadratic(lus_cox_variance(x), p, chosen, n, x->beta, scratch);
    free(scratch);
    bool has_lr = wants_lr && !x->question.is_firth && !x->question.is_subdistribution &&
                  !is_contained(&x->formula, term);
    if (has_lr) LUS_TRY(fit_without(x, term, &loglik, err));
    out->lr = 2 * (x->summary.loglik - loglik);
    out->wald_p = isnan(out->wald) ? NAN : gsl_cdf_chisq_Q(out->wald, out->df);
    out->lr_p = isnan(out->lr) ? NAN : gsl_cdf_chisq_Q(fmax(out->lr, 0), out->df);
    return LUS_OK;
}

int lus_cox_fit(struct lus_cox *x, struct lus_error *err)
{
    struct newton m = {.cox = x, .p = x->design.p, .enough = 1e-9}; /* 1e-8 is promised */
    if (alloc_newton(&m) != LUS_OK) return lus_fail_memory(err);
    if (!x->partial.n_times)
        return lus_fail(err, LUS_EDATA, "nobody has the event%s%s: there is no model of it",
                        x->question.cause ? " " : "", x->question.cause ? x->question.cause : "");
    LUS_TRY(check_ties(x, err));
    if (x->question.is_firth) return lus_cox_fit_firth(x, err);
    LUS_TRY(lus_cox_check_columns(x, err));
    LUS_TRY(maximise(&m, err));
    return LUS_OK;
}

/* --- the whole --- */

static void summarise(struct lus_cox *x)
{
    struct lus_cox_summary *s = &x->summary;
    size_t p = x->design.p, all[LUS_MOST_COLUMNS];
    double *scratch = lus_arena_alloc(&x->arena, p * (p + 1) + 1, sizeof *scratch);
    for (size_t j = 0; j < p; j++)
        all[j] = j;
    s->n = x->design.weight ? x->design.total_weight : (double)x->tally.frame.n_people;
    s->events = x->design.total_events;
    s->n_rows = x->tally.frame.n;
    s->df = (double)p;
    bool is_pseudo = x->question.is_subdistribution; /* its likelihood is none */
    s->lr = 2 * (s->loglik - s->loglik_null);
    s->wald = scratch ? lus_quadratic(lus_cox_variance(x), p, all, p, x->beta, scratch) : NAN;
    s->lr_p = gsl_cdf_chisq_Q(s->lr, s->df);
    s->wald_p = isnan(s->wald) ? NAN : gsl_cdf_chisq_Q(s->wald, s->df);
    s->score_p = gsl_cdf_chisq_Q(s->score, s->df);
    if (is_pseudo) s->lr = s->lr_p = s->score = s->score_p = NAN;
    s->aic = 2 * s->df - 2 * s->loglik;
    s->bic = log(s->events) * s->df - 2 * s->loglik;
    if (x->question.is_firth) s->score = s->score_p = NAN;
    if (is_pseudo || x->question.is_firth) s->aic = s->bic = NAN;
}

/* Which causes are the event: the one that is named, or those of the recipe. */
int lus_cox_find_events(struct lus_cox *x, struct lus_error *err)
{
    const char *cause = x->question.cause;
    size_t named = cause ? lus_tally_cause(&x->tally, cause) : 0;
    if (cause && !named) {
        const char *names[256];
        size_t n = 0;
        for (size_t i = 0; i < x->tally.n_causes; i++)
            if (x->tally.causes[i].name) names[n++] = x->tally.causes[i].name;
        const char *near = lus_nearest(lus_text_of(cause), names, n);
        if (!n)
            return lus_fail(err, LUS_EUSAGE,
                            "--cause %s: no causes are named; --causes %s=LEVEL, or `causes:` in a "
                            "recipe's event",
                            cause, cause);
        return near
                   ? lus_fail(err, LUS_EUSAGE, "no cause \"%s\"; did you mean %s?", cause, near)
                   : lus_fail(err, LUS_EUSAGE, "no cause \"%s\"; the first is %s", cause, names[0]);
    }
    for (size_t i = 0; i < x->tally.n_causes; i++)
        x->event[i + 1] = named ? i + 1 == named : x->tally.causes[i].is_event;
    x->event_name = cause ? cause : "event";
    return LUS_OK;
}

/* The columns of the model, and behind them of the other one. */
static int want_columns(struct lus_cox *x, struct lus_query *query, struct lus_error *err)
{
    const struct lus_wanted *own, *other;
    size_t n, n_other;
    LUS_TRY(lus_design_wanted(&x->arena, &x->formula, x->question.cluster, x->question.censoring_by,
                              &own, &n, err));
    LUS_TRY(lus_design_wanted(&x->arena, &x->other, NULL, NULL, &other, &n_other, err));
    struct lus_wanted *both = lus_arena_alloc(&x->arena, n + n_other + 1, sizeof *both);
    if (!both) return lus_fail_memory(err);
    if (n) memcpy(both, own, n * sizeof *both);
    if (n_other) memcpy(both + n, other, n_other * sizeof *both);
    x->n_own = n;
    query->wanted = both, query->n_wanted = n + n_other;
    return LUS_OK;
}

int lus_cox_open(const struct lus_cox_question *question, struct lus_query *query,
                 struct lus_cox **out, struct lus_error *err)
{
    struct lus_cox *x = *out = lus_alloc_zeroed(1, sizeof *x);
    if (!x) return lus_fail_memory(err);
    x->question = *question;
    if (!(x->question.conf_level > 0)) x->question.conf_level = LUS_CONF_DEFAULT.level;
    query->keeps_people = true;
    query->by = query->strata = query->of = NULL;
    query->every_cause |= question->cause != NULL;
    if (question->is_subdistribution && !question->cause)
        return lus_fail(err, LUS_EUSAGE, "--subdistribution goes with --cause NAME");
    if (question->censoring_by && !question->is_subdistribution)
        return lus_fail(err, LUS_EUSAGE, "--censoring-by goes with --subdistribution");
    if (question->is_subdistribution && question->ties == LUS_TIES_DISCRETE)
        return lus_fail(err, LUS_EUSAGE, "--subdistribution takes ties by breslow or efron");
    bool has_other = question->is_subdistribution || question->is_robust || question->cluster ||
                     question->ties == LUS_TIES_DISCRETE;
    if (question->is_firth && has_other)
        return lus_fail(err, LUS_EUSAGE,
                        "--firth goes with neither --subdistribution, --robust nor discrete ties");
    LUS_TRY(lus_formula_parse(&x->arena, "--model", question->model, &x->formula, err));
    if (question->compare)
        LUS_TRY(lus_formula_parse(&x->arena, "--compare", question->compare, &x->other, err));
    return want_columns(x, query, err);
}

/* Censoring by the levels of a column, which is the last that was asked for. */
static int make_competing(struct lus_cox *x)
{
    const struct lus_frame *f = &x->tally.frame;
    if (!x->question.censoring_by) return lus_competing_make(&x->partial, NULL, 1);
    const struct lus_frame_column *c = &f->columns[x->n_own - 1];
    uint32_t *group = lus_alloc(x->design.n + 1, sizeof *group);
    if (!group) return LUS_ENOMEM;
    for (size_t i = 0; i < x->design.n; i++)
        group[i] = c->level_of[f->stratum[x->design.source[i]]];
    int status = lus_competing_make(&x->partial, group, c->n_levels);
    free(group);
    return status;
}

int lus_cox_make(struct lus_cox *x, struct lus_error *err)
{
    const struct lus_cox_question *q = &x->question;
    LUS_TRY(lus_design_make(&x->arena, &x->tally, &x->formula, 0, q->cluster != NULL, q->keeps_rows,
                            x->event, &x->design, err));
    LUS_TRY(lus_partial_make(&x->design, x->event, q->ties, x->tally.n_threads, &x->partial, err));
    if (q->is_subdistribution && make_competing(x) != LUS_OK) return lus_fail_memory(err);
    LUS_TRY(lus_cox_fit(x, err));
    bool is_sampled = x->design.weight && !x->design.weights_are_copies;
    if (q->is_firth && is_sampled)
        return lus_fail(err, LUS_EUSAGE, "--firth takes no sampling weights");
    if (q->is_robust || is_sampled || q->is_subdistribution) LUS_TRY(lus_cox_robust(x, err));
    summarise(x);
    return LUS_OK;
}

static int read_and_fit(struct lus_cox *x, const struct lus_query *query, struct lus_error *err)
{
    struct lus_reading *reading;
    LUS_TRY(lus_reading_open(query, &reading, err));
    int status = lus_reading_ask(reading, query, &x->tally, err);
    if (status == LUS_OK) status = lus_cox_find_events(x, err);
    if (status == LUS_OK) status = lus_reading_run(reading, err);
    lus_reading_close(reading);
    return status == LUS_OK ? lus_cox_make(x, err) : status;
}

int lus_cox_read(const struct lus_query *query, const struct lus_cox_question *question,
                 struct lus_cox **out, struct lus_error *err)
{
    struct lus_query asked = *query;
    int status = lus_cox_open(question, &asked, out, err);
    if (status == LUS_OK) status = read_and_fit(*out, &asked, err);
    if (status == LUS_OK) return LUS_OK;
    lus_cox_free(*out);
    *out = NULL;
    return status;
}

void lus_cox_free(struct lus_cox *x)
{
    if (!x) return;
    lus_partial_free(&x->partial);
    lus_design_free(&x->design);
    if (!x->is_borrowed) lus_tally_free(&x->tally);
    lus_arena_free(&x->arena);
    free(x);
}

size_t lus_cox_n_coefficients(const struct lus_cox *x)
{
    return x->design.p;
}

struct lus_cox_coefficient lus_cox_coefficient(const struct lus_cox *x, size_t i)
{
    const struct lus_design_column *column = &x->design.columns[i];
    size_t p = x->design.p;
    struct lus_cox_coefficient c = {.term = x->formula.terms[column->term].text,
                                    .level = column->level,
                                    .n = column->n,
                                    .events = column->events,
                                    .coefficient = x->beta[i],
                                    .std_error = sqrt(x->variance[i * p + i]),
                                    .robust_error = NAN};
    double error = c.std_error, z = lus_conf_z(x->question.conf_level);
    if (x->robust) error = c.robust_error = sqrt(x->robust[i * p + i]);
    if (x->question.is_subdistribution) c.std_error = NAN; /* it would be up to a third off */
    c.hazard_ratio = exp(c.coefficient);
    c.low = exp(c.coefficient - z * error);
    c.high = exp(c.coefficient + z * error);
    c.z = c.coefficient / error;
    c.p_value = 2 * gsl_cdf_ugaussian_Q(fabs(c.z));
    if (x->limits) {
        c.low = exp(x->limits[3 * i]), c.high = exp(x->limits[3 * i + 1]);
        c.p_value = x->limits[3 * i + 2];
    }
    return c;
}

struct lus_cox_summary lus_cox_summary(const struct lus_cox *x)
{
    return x->summary;
}

double lus_cox_chi_square(double statistic, double df)
{
    return df > 0 && statistic >= 0 ? gsl_cdf_chisq_Q(statistic, df) : NAN;
}

/* A fit of the same people, whose tally it borrows. */
static struct lus_cox *borrow(const struct lus_cox *x)
{
    struct lus_cox *out = lus_alloc_zeroed(1, sizeof *out);
    if (!out) return NULL;
    out->is_borrowed = true;
    out->tally = x->tally;
    out->question = x->question;
    out->event_name = x->event_name;
    memcpy(out->event, x->event, sizeof out->event);
    return out;
}

int lus_cox_fit_other(const struct lus_cox *x, struct lus_cox_summary *out, struct lus_error *err)
{
    struct lus_cox *other = borrow(x);
    if (!other) return lus_fail_memory(err);
    other->formula = x->other;
    other->question.is_robust = false, other->question.cluster = NULL;
    int status = lus_design_make(&other->arena, &other->tally, &other->formula, x->n_own, false,
                                 x->question.keeps_rows, other->event, &other->design, err);
    if (status == LUS_OK)
        status = lus_partial_make(&other->design, other->event, other->question.ties,
                                  other->tally.n_threads, &other->partial, err);
    if (status == LUS_OK) status = lus_cox_fit(other, err);
    if (status == LUS_OK) summarise(other);
    *out = other->summary;
    lus_cox_free(other);
    return status;
}

int lus_cox_fit_cause(const struct lus_cox *x, size_t cause, struct lus_cox **out,
                      struct lus_error *err)
{
    struct lus_cox *other = *out = borrow(x);
    if (!other) return lus_fail_memory(err);
    other->formula = x->formula, other->n_own = x->n_own;
    other->event_name = x->tally.causes[cause - 1].name;
    memset(other->event, 0, sizeof other->event);
    other->event[cause] = true;
    int status = lus_cox_make(other, err);
    if (status == LUS_OK) return LUS_OK;
    lus_cox_free(other);
    *out = NULL;
    return status;
}
