/* What differs between figures and data: once for each reason, with the figures that it touches. */
#include <math.h>

#include "command/comparison.h"

/* One reason to look at. */
struct check {
    const char *what;
    struct lus_string figures, detail;
    double fewest; /* of the people whom it tells of; 0: of nobody */
};
enum { YEARS, WHO, APART, ENTRY, MEASURE, MIX, N_CHECKS };

static const char *years_text(struct lus_document *d, int from, int to)
{
    return from == to ? lus_document_text(d, "%d", from)
                      : lus_document_text(d, "%d to %d", from, to);
}

/* A figure that a reason touches; said: what differs, of this figure alone, or NULL. */
static void touch(struct check *c, const struct lus_answer *a, const char *said)
{
    lus_string_print(&c->figures, "%s%s", c->figures.n ? ", " : "", a->figure->id);
    if (said)
        lus_string_print(&c->detail, "%s%s: %s", c->detail.n ? "; " : "", a->figure->id, said);
    if (a->data.fewest > 0)
        c->fewest = c->fewest > 0 ? fmin(c->fewest, a->data.fewest) : a->data.fewest;
}

static bool any_apart(const struct lus_comparison *x, const struct lus_answer *a)
{
    for (size_t k = 0; a->apart && k < x->context.n_apart; k++)
        if (!isnan(a->apart[k].value)) return true;
    return false;
}

/* "de novo 32.1 %, recurrent 20.2 %" */
static const char *apart_text(struct lus_comparison *x, const struct lus_answer *a, double *fewest)
{
    struct lus_document *d = &x->r->document;
    const char *text = "";
    for (size_t k = 0; k < x->context.n_apart; k++) {
        if (a->apart[k].fewest > 0) *fewest = fmin(*fewest, a->apart[k].fewest);
        text = lus_document_text(d, "%s%s%s %s", text, k ? ", " : "", x->context.apart_levels[k],
                                 lus_value_text(x->r, a->figure, a->apart[k].value));
    }
    return text;
}

/* The figure's years where they are not within the data's. */
static void check_years(struct lus_comparison *x, struct check *c, const struct lus_answer *a)
{
    const struct lus_figure *f = a->figure;
    int from = x->context.from_year, to = x->context.to_year;
    if (f->from_year && from && (f->from_year < from || f->to_year > to))
        touch(c, a, years_text(&x->r->document, f->from_year, f->to_year));
}

/* That the measure is presumed, and what another one would give. */
static void check_measure(struct lus_comparison *x, struct check *c, const struct lus_answer *a)
{
    const struct lus_figure *f = a->figure;
    bool is_relative = a->measure == LUS_MEASURE_RS;
    if (!f->is_presumed) return;
    if (isnan(a->other_measure)) {
        touch(c, a,
              lus_document_text(&x->r->document, "the page does not say; %s is presumed",
                                is_relative ? "relative survival" : "overall survival"));
        return;
    }
    double overall = is_relative ? a->other_measure : a->data.value,
           relative = is_relative ? a->data.value : a->other_measure;
    touch(c, a,
          lus_document_text(&x->r->document, "presumed %s; overall %s, relative %s",
                            is_relative ? "relative" : "overall", lus_value_text(x->r, f, overall),
                            lus_value_text(x->r, f, relative)));
}

/* What the figure's mix gives by the model: all else equal. */
static void check_mix(struct lus_comparison *x, struct check *c, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_adjusted_value *v = &a->adjusted;
    const struct lus_figure *f = a->figure;
    if (!v->is_asked || isnan(v->value)) return;
    bool has_limits = !isnan(v->low) && !x->context.is_synthetic;
    const char *limits = has_limits
                             ? lus_document_text(d, " (%s to %s)", lus_value_text(x->r, f, v->low),
                                                 lus_value_text(x->r, f, v->high))
                             : "";
    touch(c, a,
          lus_document_text(d, "%s becomes %s%s", lus_value_text(x->r, f, a->data.value),
                            lus_value_text(x->r, f, v->value), limits));
}

static void check_answer(struct lus_comparison *x, struct check *checks, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    check_years(x, &checks[YEARS], a);
    if (x->context.selected && !f->is_selected) touch(&checks[WHO], a, NULL);
    else if (f->document && f->population) touch(&checks[WHO], a, f->population);
    if (any_apart(x, a)) {
        struct lus_answer fewest = *a;
        const char *text = apart_text(x, a, &fewest.data.fewest);
        touch(&checks[APART], &fewest, text);
    }
    if (!isnan(a->without_entry) && a->without_entry != a->data.value)
        touch(&checks[ENTRY], a,
              lus_document_text(d, "%s becomes %s", lus_value_text(x->r, f, a->data.value),
                                lus_value_text(x->r, f, a->without_entry)));
    check_measure(x, &checks[MEASURE], a);
    check_mix(x, &checks[MIX], a);
}

const char *lus_differs_text(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    struct check checks[N_CHECKS] = {{0}};
    const char *text = "";
    check_years(x, &checks[YEARS], a);
    if (x->context.selected && !a->figure->is_selected) touch(&checks[WHO], a, NULL);
    if (checks[YEARS].figures.n) text = "years of diagnosis";
    if (checks[WHO].figures.n)
        text = lus_document_text(d, "%s%swho is counted (%s)", text, *text ? "; " : "",
                                 x->context.selected);
    for (size_t k = 0; k < N_CHECKS; k++) {
        d->failed |= checks[k].figures.failed || checks[k].detail.failed;
        lus_string_free(&checks[k].figures), lus_string_free(&checks[k].detail);
    }
    return text;
}

/* What is true of the data whatever the figure, before what is of each. */
static const char *common_text(struct lus_comparison *x, size_t k)
{
    struct lus_document *d = &x->r->document;
    const struct lus_context *c = &x->context;
    const char *data = c->title ? c->title : x->tally.file;
    if (k == YEARS)
        return lus_document_text(d, "the data are of %s; ",
                                 years_text(d, c->from_year, c->to_year));
    if (k == WHO && c->selected) return lus_document_text(d, "the data: %s; ", c->selected);
    if (k == WHO) return lus_document_text(d, "the data: %s; ", data);
    if (k == ENTRY) return "as if all had been followed from the origin; ";
    if (k == MIX)
        return lus_document_text(d, "with the shares asked, by a model with %s; ",
                                 lus_adjust_text(x));
    return "";
}

static void add_row(struct lus_comparison *x, struct lus_table *t, struct check *c, size_t k)
{
    struct lus_document *d = &x->r->document;
    struct lus_data_value told = {.value = 0, .fewest = c->fewest};
    const char *common = common_text(x, k);
    size_t n = strlen(common),
           number = k >= APART ? lus_number_of_value(x, &told) : (size_t)LUS_NOBODY;
    const char *detail = c->detail.n ? lus_document_text(d, "%s%s", common, c->detail.at)
                                     : lus_document_text(d, "%.*s for %s", (int)(n > 2 ? n - 2 : n),
                                                         common, c->figures.at);
    lus_table_row(d, t, number);
    lus_table_text(d, t, c->what);
    lus_table_text(d, t, detail);
    lus_table_text(d, t, lus_document_text(d, "%s", c->figures.at));
    lus_document_note(d, k >= APART ? lus_of_stratum(number) : lus_of_method(),
                      "What differs, %s: %s.", c->what, detail);
}

void lus_add_checks(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    struct check checks[N_CHECKS] = {
        [YEARS] = {.what = "years of diagnosis"},
        [WHO] = {.what = "who is counted"},
        [APART] = {.what = x->context.apart_factor
                               ? lus_document_text(d, "%s", x->context.apart_factor)
                               : ""},
        [ENTRY] = {.what = "delayed entry"},
        [MEASURE] = {.what = "measure"},
        [MIX] = {.what = x->o->adjust ? lus_document_text(d, "mix of %s", x->mix.factor) : ""}};
    size_t n = 0;
    for (size_t i = 0; i < x->context.figures.n; i++)
        if (lus_verdict_differs(x->context.answers[i].verdict))
            check_answer(x, checks, &x->context.answers[i]);
    for (size_t k = 0; k < N_CHECKS; k++)
        n += checks[k].figures.n > 0;
    struct lus_table *t = n ? lus_document_table(d, "checks", NULL) : NULL;
    if (n) {
        COLUMN(.name = "what", .role = LUS_ROLE_KEY, .header = "what");
        COLUMN(.name = "detail", .role = LUS_ROLE_KEY, .header = "how");
        COLUMN(.name = "figures", .role = LUS_ROLE_KEY, .header = "for");
    }
    if (t) t->rows = LUS_ROWS_FINDINGS;
    for (size_t k = 0; k < N_CHECKS; k++) {
        if (checks[k].figures.failed || checks[k].detail.failed) d->failed = true;
        else if (n && checks[k].figures.n) add_row(x, t, &checks[k], k);
        lus_string_free(&checks[k].figures), lus_string_free(&checks[k].detail);
    }
    if (n && !x->mix.n && x->context.mix_factor)
        lus_document_note(d, lus_of_method(),
                          "--mix %s=LEVEL:SHARE,... shows what another mix alone moves; lustrum "
                          "shares --of %s shows this one.",
                          x->context.mix_factor, x->context.mix_factor);
}
