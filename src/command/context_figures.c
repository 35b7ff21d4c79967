/* The figures with their rounding bands and what is published of the same, for charts. */
#include <math.h>

#include "command/comparison.h"

/* "alive at 5 years" */
static const char *subject_text(struct lus_comparison *x, const struct lus_figure *f)
{
    struct lus_document *d = &x->r->document;
    const char *at = lus_time_text(x->r, f->at, LUS_YEARS);
    switch (f->statistic) {
    case LUS_STATISTIC_SURVIVAL: return lus_document_text(d, "alive after %s", at);
    case LUS_STATISTIC_DEATH: return lus_document_text(d, "dead by %s", at);
    case LUS_STATISTIC_SOME:
        return f->at ? lus_document_text(d, "some alive after %s", at) : "somebody is such";
    case LUS_STATISTIC_MEDIAN: return "median";
    case LUS_STATISTIC_PROPORTION: return lus_document_text(d, "%s", f->claim);
    case LUS_STATISTIC_MEDIAN_OF: return lus_document_text(d, "median of %s", f->of);
    case LUS_STATISTIC_ORDER: return lus_document_text(d, "%s at %s", f->groups[0], at);
    case LUS_STATISTIC_NOTE: break;
    }
    return "";
}

static bool same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* The range of what studies publish of the same statistic, time and group; NaN: nothing. */
static void find_published(const struct lus_comparison *x, const struct lus_figure *f, double *low,
                           double *high)
{
    *low = *high = NAN;
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_figure *g = &x->context.figures.at[i];
        if (g->document || g->statistic != f->statistic || g->at != f->at ||
            !same_text(f->where, g->where) || !same_text(f->claim, g->claim))
            continue;
        double value = lus_figure_in_unit(x, g, g->value);
        *low = fmin(*low, value), *high = fmax(*high, value); /* a NaN is nothing */
    }
}

static void add_figure(struct lus_comparison *x, struct lus_table *t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    double low, high;
    find_published(x, f, &low, &high);
    lus_table_row(d, t, lus_number_of_value(x, &a->data));
    lus_table_text(d, t, lus_document_text(d, "%s", f->id));
    lus_table_text(d, t,
                   lus_document_text(d, "%s",
                                     !f->document ? ""
                                     : f->title   ? f->title
                                                  : f->document));
    lus_table_text(d, t, subject_text(x, f));
    lus_table_number(d, t, f->statistic == LUS_STATISTIC_SOME ? NAN : lus_figure_in_unit(x, f, f->low));
    lus_table_number(d, t, f->statistic == LUS_STATISTIC_SOME ? NAN : lus_figure_in_unit(x, f, f->high));
    lus_table_number(d, t, low);
    lus_table_number(d, t, high);
    lus_table_text(d, t, isnan(a->data.value) ? "" : lus_value_text(x->r, f, a->data.value));
    lus_table_text(d, t, lus_document_text(d, "%s", a->brief ? a->brief : ""));
}

void lus_add_figures(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "figures", NULL);
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "title", .role = LUS_ROLE_KEY, .header = "document");
    COLUMN(.name = "what", .role = LUS_ROLE_KEY, .header = "what");
    COLUMN(.name = "low", .role = LUS_ROLE_ASKED, .header = "low", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "high", .role = LUS_ROLE_ASKED, .header = "high", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "published_low", .role = LUS_ROLE_ASKED, .header = "published, from",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "published_high", .role = LUS_ROLE_ASKED, .header = "to",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data", .role = LUS_ROLE_ESTIMATE, .header = "data");
    COLUMN(.name = "reason", .role = LUS_ROLE_ESTIMATE, .header = "why not comparable");
    for (size_t i = 0; i < x->context.figures.n; i++)
        add_figure(x, t, &x->context.answers[i]);
}
