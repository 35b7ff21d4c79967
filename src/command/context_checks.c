/* What differs between figures and data, and can be checked. */
#include <math.h>

#include "command/comparison.h"

/* The table begins with its first row. */
static void add_check(struct lus_comparison *x, struct lus_table **table,
                      const struct lus_answer *a, const char *what, const char *detail)
{
    struct lus_document *d = &x->r->document;
    if (!*table) {
        struct lus_table *t = *table = lus_document_table(d, "checks",
                                                          "What differs and can be checked");
        COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
        COLUMN(.name = "what", .role = LUS_ROLE_KEY, .header = "what");
        COLUMN(.name = "detail", .role = LUS_ROLE_KEY, .header = "detail");
    }
    struct lus_table *t = *table;
    if (t) t->rows = LUS_ROWS_FINDINGS;
    lus_table_row(d, t, lus_number_of_value(x, &a->data));
    lus_table_text(d, t, lus_document_text(d, "%s", a->figure->id));
    lus_table_text(d, t, lus_document_text(d, "%s", what)); /* the context's, which goes first */
    lus_table_text(d, t, detail);
}

static bool any_apart(const struct lus_comparison *x, const struct lus_answer *a)
{
    for (size_t k = 0; k < x->context.n_apart; k++)
        if (!isnan(a->apart[k].value)) return true;
    return false;
}

/* "de novo 32.1 %, recurrent 20.2 %" */
static const char *apart_text(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const char *text = "";
    for (size_t k = 0; k < x->context.n_apart; k++)
        text = lus_document_text(d, "%s%s%s %s", text, k ? ", " : "", x->context.apart_levels[k],
                                 lus_value_text(x->r, a->figure, a->apart[k].value));
    return text;
}

/* The figure's people by level of a factor: the fewest of them count. */
static void add_apart(struct lus_comparison *x, struct lus_table **t, const struct lus_answer *a)
{
    struct lus_answer fewest = *a;
    for (size_t k = 0; k < x->context.n_apart; k++)
        if (a->apart[k].fewest > 0)
            fewest.data.fewest = fmin(fewest.data.fewest, a->apart[k].fewest);
    add_check(x, t, &fewest, x->context.apart_factor, apart_text(x, a));
}

static void add_checks(struct lus_comparison *x, struct lus_table **t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    struct lus_result *r = x->r;
    const struct lus_figure *f = a->figure;
    bool is_survival = f->statistic == LUS_STATISTIC_SURVIVAL ||
                       f->statistic == LUS_STATISTIC_MEDIAN;
    const char *data = x->context.title ? x->context.title : x->tally.file;
    if (f->population)
        add_check(x, t, a, "population and period",
                  lus_document_text(d, "the figure: %s; the data: %s", f->population, data));
    if (a->apart && any_apart(x, a)) add_apart(x, t, a);
    if (f->origin && x->context.from && strcmp(f->origin, x->context.from) != 0)
        add_check(x, t, a, "origin of time",
                  lus_document_text(
                      d, "the figure counts from %s, the data from %s%s", f->origin,
                      x->context.from,
                      a->counted ? lus_document_text(d, " (one day for %s)", a->counted) : ""));
    if (!isnan(a->without_entry))
        add_check(x, t, a, "delayed entry",
                  lus_document_text(d, "%s with it, %s as if all had been followed from the origin",
                                    lus_value_text(r, f, a->data.value),
                                    lus_value_text(r, f, a->without_entry)));
    if (!isnan(a->other_measure)) {
        bool is_relative = a->measure == LUS_MEASURE_RS;
        add_check(
            x, t, a, "measure",
            lus_document_text(d, "overall %s, relative (net) %s%s",
                              lus_value_text(r, f, is_relative ? a->other_measure : a->data.value),
                              lus_value_text(r, f, is_relative ? a->data.value : a->other_measure),
                              f->is_presumed ? "; the figure's measure is presumed" : ""));
    } else if (f->is_presumed) {
        add_check(x, t, a, "measure",
                  lus_document_text(d, "the document does not say which; %s is presumed",
                                    lus_measure_name(f->measure)));
    }
    if (!x->mix.n && x->context.mix_factor && is_survival)
        add_check(x, t, a, "mix",
                  lus_document_text(d,
                                    "--mix %s=LEVEL:SHARE,... shows what another mix alone moves; "
                                    "lustrum shares --of %s shows this one",
                                    x->context.mix_factor, x->context.mix_factor));
}

void lus_add_checks(struct lus_comparison *x)
{
    struct lus_table *t = NULL;
    for (size_t i = 0; i < x->context.figures.n; i++) {
        if (lus_verdict_differs(x->context.answers[i].verdict))
            add_checks(x, &t, &x->context.answers[i]);
    }
}
