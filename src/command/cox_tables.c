/* The tables of a Cox model: coefficients, terms, the model, their covariance. */
#include <math.h>
#include <stdlib.h>

#include "command/cox.h"

static void put(struct lus_document *d, struct lus_table *t, double number)
{
    lus_table_cell(d, t, (struct lus_cell){.number = number});
}

static void put_text(struct lus_document *d, struct lus_table *t, const char *text)
{
    lus_table_text(d, t, text ? lus_document_text(d, "%s", text) : "");
}

static void add_coefficient_columns(struct lus_cox_asked *x, struct lus_table *t)
{
    struct lus_document *d = &x->r->document;
    COLUMN(.name = "term", .role = LUS_ROLE_KEY, .header = "term");
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = "level");
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "events", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "coefficient", .role = LUS_ROLE_ESTIMATE, .header = "coefficient",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    lus_add_error_column(d, t);
    COLUMN(.name = "robust_error", .role = LUS_ROLE_ESTIMATE, .header = "robust error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "hazard_ratio", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "hazard ratio (%g %%)", 100 * x->conf.level),
           .kind = LUS_COLUMN_RATIO, .low = at + 1, .high = at + 2);
    lus_add_limit_columns(d, t, LUS_COLUMN_RATIO);
    COLUMN(.name = "z", .role = LUS_ROLE_ESTIMATE, .header = "z", .kind = LUS_COLUMN_NUMBER,
           .machines_only = true);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
}

/* Under --suppress: what one level would tell, others would too, by subtraction. */
static bool hides_counts(const struct lus_cox_asked *x)
{
    double least = (double)x->o->suppress;
    const struct lus_design *d = &x->fit->design;
    if (!(least > 0)) return false;
    for (size_t t = 0; t < x->fit->formula.n_terms; t++) {
        double n = d->total_weight, events = d->total_events;
        if (x->fit->formula.terms[t].n > 1) return true;
        for (size_t j = d->first_of_term[t]; j < d->first_of_term[t + 1]; j++) {
            const struct lus_design_column *c = &d->columns[j];
            bool is_few = c->n < least || c->events < least || c->n - c->events < least;
            if (c->is_level && is_few) return true;
            if (c->is_level) n -= c->n, events -= c->events;
        }
        if (n < least || events < least || n - events < least) return true;
    }
    return false;
}

static void put_counts(struct lus_cox_asked *x, struct lus_table *t, double n, double events,
                       bool is_hidden)
{
    struct lus_document *d = &x->r->document;
    enum lus_why why = is_hidden ? LUS_WHY_TOO_FEW : LUS_AVAILABLE;
    lus_table_cell(d, t, (struct lus_cell){.number = is_hidden ? NAN : n, .why = why});
    lus_table_cell(d, t, (struct lus_cell){.number = is_hidden ? NAN : events, .why = why});
}

/* The reference stands as 1, with its people. */
static void add_reference(struct lus_cox_asked *x, struct lus_table *t, size_t term, bool hides)
{
    struct lus_document *d = &x->r->document;
    const struct lus_cox *fit = x->fit;
    const struct lus_term *of = &fit->formula.terms[term];
    const struct lus_basis *b = &fit->design.bases[of->parts[0]];
    size_t first = fit->design.first_of_term[term], end = fit->design.first_of_term[term + 1];
    if (of->n != 1 || !b->has_levels || b->n_times) return;
    double n = fit->design.total_weight, events = fit->design.total_events;
    for (size_t j = first; j < end; j++)
        n -= fit->design.columns[j].n, events -= fit->design.columns[j].events;
    lus_table_row(d, t, x->r->everybody);
    put_text(d, t, of->text);
    put_text(d, t, b->levels[0]);
    put_counts(x, t, n, events, hides);
    put(d, t, 0);
    put(d, t, NAN), put(d, t, NAN), put(d, t, 1);
    for (size_t i = 0; i < 4; i++)
        put(d, t, NAN);
}

static void add_coefficients(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "coefficients", "");
    bool hides = hides_counts(x);
    add_coefficient_columns(x, t);
    for (size_t j = 0; j < lus_cox_n_coefficients(x->fit); j++) {
        size_t term = x->fit->design.columns[j].term;
        if (j == x->fit->design.first_of_term[term]) add_reference(x, t, term, hides);
        struct lus_cox_coefficient c = lus_cox_coefficient(x->fit, j);
        lus_table_row(d, t, x->r->everybody);
        put_text(d, t, c.term);
        put_text(d, t, c.level);
        put_counts(x, t, c.n, c.events, hides && x->fit->design.columns[j].is_level);
        put(d, t, c.coefficient);
        put(d, t, c.std_error), put(d, t, c.robust_error), put(d, t, c.hazard_ratio);
        put(d, t, c.low), put(d, t, c.high), put(d, t, c.z), put(d, t, c.p_value);
    }
}

static int add_model(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "model", "The model");
    struct lus_cox_summary s = lus_cox_summary(x->fit);
    struct lus_concordance c = {.value = NAN, .std_error = NAN}, uno = c;
    if (!x->fit->question.is_subdistribution) LUS_TRY(lus_cox_concordance(x->fit, &c, &uno));
    const struct {
        const char *name, *header; /* NULL: for machines */
        double value;
        enum lus_column_kind kind;
        enum lus_role role;
    } columns[] = {{"n", "n", s.n, LUS_COLUMN_COUNT, LUS_ROLE_COUNT},
                   {"events", "events", s.events, LUS_COLUMN_COUNT, LUS_ROLE_EVENTS},
                   {"loglik_null", NULL, s.loglik_null, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"loglik", "log-likelihood", s.loglik, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"aic", "AIC", s.aic, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"bic", NULL, s.bic, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"lr", "likelihood ratio", s.lr, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"wald", NULL, s.wald, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"score", NULL, s.score, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"df", "df", s.df, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"lr_p", "p", s.lr_p, LUS_COLUMN_P, LUS_ROLE_ESTIMATE},
                   {"wald_p", NULL, s.wald_p, LUS_COLUMN_P, LUS_ROLE_ESTIMATE},
                   {"score_p", NULL, s.score_p, LUS_COLUMN_P, LUS_ROLE_ESTIMATE},
                   {"concordance", "concordance", c.value, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"concordance_error", NULL, c.std_error, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"uno", NULL, uno.value, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"iterations", NULL, (double)s.iterations, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE},
                   {"decrement", NULL, s.decrement, LUS_COLUMN_NUMBER, LUS_ROLE_ESTIMATE}};
    enum { N = sizeof columns / sizeof *columns };
    for (size_t i = 0; i < N; i++)
        COLUMN(.name = columns[i].name,
               .header = columns[i].header ? columns[i].header : columns[i].name,
               .kind = columns[i].kind, .role = columns[i].role,
               .machines_only = !columns[i].header);
    lus_table_row(d, t, x->r->everybody);
    for (size_t i = 0; i < N; i++)
        put(d, t, columns[i].value);
    return LUS_OK;
}

static int add_terms(struct lus_cox_asked *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "terms", "Terms as a whole");
    COLUMN(.name = "term", .role = LUS_ROLE_KEY, .header = "term");
    COLUMN(.name = "df", .role = LUS_ROLE_ASKED, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "wald", .role = LUS_ROLE_ESTIMATE, .header = "Wald", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "wald_p", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    COLUMN(.name = "lr", .role = LUS_ROLE_ESTIMATE, .header = "likelihood ratio",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "lr_p", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    for (size_t i = 0; i < x->fit->formula.n_terms; i++) {
        struct lus_cox_term term;
        LUS_TRY(lus_cox_term(x->fit, i, true, &term, err));
        lus_table_row(d, t, x->r->everybody);
        put_text(d, t, term.term);
        put(d, t, term.df), put(d, t, term.wald), put(d, t, term.wald_p);
        put(d, t, term.lr), put(d, t, term.lr_p);
    }
    return LUS_OK;
}

static void put_test(struct lus_cox_asked *x, struct lus_table *t, const char *term,
                     const char *level, const struct lus_proportionality *test, bool is_test)
{
    struct lus_document *d = &x->r->document;
    lus_table_row(d, t, x->r->everybody);
    put_text(d, t, term), put_text(d, t, level);
    put(d, t, is_test ? test->statistic : NAN), put(d, t, is_test ? test->df : NAN);
    put(d, t, is_test ? test->p_value : NAN);
    put(d, t, test->early), put(d, t, test->late);
}

/* Each term's test, with the effects of its levels early and late. */
static void put_tests(struct lus_cox_asked *x, struct lus_table *t,
                      const struct lus_proportionality *terms,
                      const struct lus_proportionality *columns,
                      const struct lus_proportionality *whole)
{
    const struct lus_cox *fit = x->fit;
    for (size_t i = 0; i < fit->formula.n_terms; i++) {
        size_t from = fit->design.first_of_term[i], to = fit->design.first_of_term[i + 1];
        struct lus_proportionality test = terms[i];
        if (to == from + 1) test.early = columns[from].early, test.late = columns[from].late;
        put_test(x, t, fit->formula.terms[i].text, NULL, &test, true);
        for (size_t j = from; j < to && to > from + 1; j++)
            put_test(x, t, fit->formula.terms[i].text, fit->design.columns[j].level, &columns[j],
                     false);
    }
    put_test(x, t, "all", NULL, whole, true);
}

static int add_proportionality(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "proportionality", "Proportional hazards");
    COLUMN(.name = "term", .role = LUS_ROLE_KEY, .header = "term");
    COLUMN(.name = "level", .role = LUS_ROLE_KEY, .header = "level");
    COLUMN(.name = "statistic", .role = LUS_ROLE_ESTIMATE, .header = "chi-square",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "df", .role = LUS_ROLE_ASKED, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    COLUMN(.name = "early_hr", .role = LUS_ROLE_ESTIMATE, .header = "early",
           .kind = LUS_COLUMN_RATIO);
    COLUMN(.name = "late_hr", .role = LUS_ROLE_ESTIMATE, .header = "late",
           .kind = LUS_COLUMN_RATIO);
    size_t p = x->fit->design.p, n = x->fit->formula.n_terms;
    struct lus_proportionality *tests = lus_alloc(p + n + 1, sizeof *tests);
    int status = tests ? lus_cox_proportionality(x->fit, x->scale, tests, tests + n, tests + n + p)
                       : LUS_ENOMEM;
    if (status == LUS_OK) put_tests(x, t, tests, tests + n, tests + n + p);
    free(tests);
    if (status == LUS_EDATA) {
        lus_document_note(d, lus_of_method(),
                          "Proportional hazards on the scale %s: not available: deaths at time 0.",
                          lus_time_scale_name(x->scale));
        return LUS_OK;
    }
    return status;
}

static const char *column_name(struct lus_cox_asked *x, size_t j)
{
    struct lus_string s = {0};
    lus_cox_column_name(x->fit, j, &s);
    return lus_document_keep(&x->r->document, &s);
}

static void add_covariance(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "covariance", "Covariance of coefficients");
    size_t p = x->fit->design.p;
    COLUMN(.name = "first", .role = LUS_ROLE_KEY, .header = "first");
    COLUMN(.name = "second", .role = LUS_ROLE_KEY, .header = "second");
    COLUMN(.name = "covariance", .role = LUS_ROLE_ESTIMATE, .header = "covariance",
           .kind = LUS_COLUMN_NUMBER);
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k < p; k++) {
            lus_table_row(d, t, x->r->everybody);
            lus_table_text(d, t, column_name(x, j));
            lus_table_text(d, t, column_name(x, k));
            put(d, t, lus_cox_variance(x->fit)[j * p + k]);
        }
}

/* Where splines change: boundary, inner, boundary. */
static void add_knots(struct lus_cox_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "knots", "Knots");
    COLUMN(.name = "term", .role = LUS_ROLE_KEY, .header = "term");
    COLUMN(.name = "knot", .role = LUS_ROLE_KEY, .header = "knot");
    COLUMN(.name = "value", .role = LUS_ROLE_DATA, .header = "value", .kind = LUS_COLUMN_NUMBER);
    for (size_t i = 0; i < x->fit->formula.n_parts; i++) {
        const struct lus_basis *b = &x->fit->design.bases[i];
        for (size_t k = 0; k < b->n_knots; k++) {
            bool is_end = !k || k + 1 == b->n_knots;
            lus_table_row(d, t, x->r->everybody);
            put_text(d, t, x->fit->formula.parts[i].text);
            lus_table_text(d, t, is_end ? "boundary" : "inner");
            put(d, t, b->knots[k]);
        }
    }
}

int lus_cox_add_tables(struct lus_cox_asked *x, struct lus_error *err)
{
    add_coefficients(x);
    if (lus_cox_wants(x, "terms")) LUS_TRY(add_terms(x, err));
    int status = lus_cox_wants(x, "model") ? add_model(x) : LUS_OK;
    if (status == LUS_OK && lus_cox_wants(x, "proportionality") &&
        !x->fit->question.is_subdistribution)
        status = add_proportionality(x);
    if (status != LUS_OK) return lus_fail_memory(err);
    if (x->o->table && strcmp(x->o->table, "covariance") == 0) add_covariance(x);
    if (x->o->table && strcmp(x->o->table, "knots") == 0) add_knots(x);
    return LUS_OK;
}
