/* The figures in the words of charts: panel, the page's words, who says so, what was checked; and
 * what is published of the same. */
#include <math.h>

#include "command/comparison.h"

static bool is_length(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_MEDIAN;
}

static bool is_share(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_DEATH ||
           f->statistic == LUS_STATISTIC_PROPORTION ||
           (f->statistic == LUS_STATISTIC_SOME && f->at > 0);
}

/* A name as words: "marker_elevated" is "marker elevated". */
static const char *spaced(struct lus_document *d, const char *name)
{
    struct lus_string s = {0};
    for (const char *c = name; *c; c++)
        lus_string_add(&s, *c == '_' ? " " : c, 1);
    return lus_document_keep(d, &s);
}

/* The quantity, which has a panel of its own; "": it is no number that has an axis. */
static const char *panel_text(struct lus_comparison *x, const struct lus_figure *f)
{
    struct lus_document *d = &x->r->document;
    const char *at = lus_time_text(x->r, f->at, LUS_YEARS);
    switch (f->statistic) {
    case LUS_STATISTIC_SOME:
        if (!f->at) return "";
        return lus_document_text(d, "Alive after %s", at);
    case LUS_STATISTIC_SURVIVAL: return lus_document_text(d, "Alive after %s", at);
    case LUS_STATISTIC_DEATH: return lus_document_text(d, "Dead after %s", at);
    case LUS_STATISTIC_MEDIAN: return "Half had died after";
    case LUS_STATISTIC_PROPORTION:
        return f->label ? lus_document_text(d, "%s", f->label) : spaced(d, f->claim);
    case LUS_STATISTIC_MEDIAN_OF:
        return f->label ? lus_document_text(d, "%s", f->label)
                        : lus_document_text(d, "Median of %s", f->of);
    case LUS_STATISTIC_ORDER:
    case LUS_STATISTIC_NOTE: break;
    }
    return "";
}

static const char *unit_text(const struct lus_figure *f)
{
    return is_share(f)    ? "of 100 people"
           : is_length(f) ? "years (median survival)"
           : f->unit_text ? f->unit_text
                          : "";
}

/* As a mark says it: of 100, or in years. */
static const char *mark_of(struct lus_document *d, const struct lus_figure *f, double value)
{
    double years = value * (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(LUS_YEARS);
    if (isnan(value)) return "";
    if (is_share(f)) return lus_document_text(d, value < 0.0995 ? "%.2g" : "%.0f", 100 * value);
    return lus_document_text(d, "%.2g", is_length(f) ? years : value);
}

static const char *says_text(struct lus_document *d, const struct lus_figure *f)
{
    const char *sign = f->qualifier == LUS_MORE_THAN || f->qualifier == LUS_MOST ? "> "
                       : f->qualifier == LUS_LESS_THAN                           ? "< "
                                                                                 : "";
    if (f->statistic == LUS_STATISTIC_SOME) return "> 0";
    return lus_document_text(d, "%s%s", sign, mark_of(d, f, f->value));
}

static const char *measure_text(const struct lus_figure *f)
{
    static const char *const words[] = {"", "overall", "relative", "cause-specific"};
    return words[f->measure];
}

/* "Susan G. Komen, 2014 · overall, presumed · from diagnosis: those de novo, n 353" */
static const char *who_text(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    const char *who = f->publisher  ? f->publisher
                      : f->title    ? f->title
                      : f->document ? f->document
                      : f->source   ? f->source
                                    : f->id,
               *text = lus_document_text(d, "%s", who);
    if (f->year && strcmp(f->year, "unknown") != 0)
        text = lus_document_text(d, "%s, %s", text, f->year);
    if (f->measure)
        text = lus_document_text(d, "%s · %s%s", text, measure_text(f),
                                 f->is_presumed ? ", presumed" : "");
    if (a->counted) text = lus_document_text(d, "%s · from %s: %s", text, f->origin, a->counted);
    return text;
}

/* What was looked at beside the number. */
static const char *checked_text(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    const char *text = "", *differs = lus_differs_text(x, a);
    if (isnan(a->data.value)) return a->verdict == LUS_NOT_COMPARABLE ? a->brief : "";
    if (f->statistic == LUS_STATISTIC_PROPORTION || f->statistic == LUS_STATISTIC_MEDIAN_OF)
        text = lus_document_text(d, "n %.10g. ", a->people);
    if (!isnan(a->without_entry) && a->without_entry != a->data.value)
        text = lus_document_text(d, "%sChecked: %s becomes %s without delayed entry. ", text,
                                 mark_of(d, f, a->data.value), mark_of(d, f, a->without_entry));
    if (f->is_presumed && !isnan(a->other_measure))
        text = lus_document_text(d, "%s%s it would be %s. ", text,
                                 f->measure == LUS_MEASURE_RS ? "Overall" : "Relative",
                                 mark_of(d, f, a->other_measure));
    if (a->data.at_risk < LUS_FEW && f->statistic != LUS_STATISTIC_PROPORTION)
        text = lus_document_text(d, "%sFewer than %d are left: read with care. ", text, LUS_FEW);
    if (lus_verdict_differs(a->verdict) && *differs)
        text = lus_document_text(d, "%sDiffers: %s. ", text, differs);
    return text;
}

static void add_figure(struct lus_comparison *x, struct lus_table *t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    bool has_band = f->statistic != LUS_STATISTIC_SOME;
    lus_table_row(d, t, lus_number_of_value(x, &a->data));
    lus_table_text(d, t, lus_document_text(d, "%s", f->id));
    lus_table_text(d, t, lus_document_text(d, "%s", f->title ? f->title : ""));
    lus_table_text(d, t, lus_document_text(d, "%s", f->label ? f->label : f->id));
    lus_table_text(d, t, panel_text(x, f));
    lus_table_text(d, t, lus_document_text(d, "%s", unit_text(f)));
    lus_table_text(d, t,
                   f->quote ? lus_document_text(d, "“%s”", f->quote)
                            : lus_document_text(d, "%s", lus_figure_text(x->r, f)));
    lus_table_text(d, t, who_text(x, a));
    lus_table_text(d, t, says_text(d, f));
    lus_table_number(d, t, has_band ? lus_figure_in_unit(x, f, f->low) : NAN);
    lus_table_number(d, t, has_band ? lus_figure_in_unit(x, f, f->high) : NAN);
    lus_table_text(d, t, mark_of(d, f, a->data.value));
    lus_table_text(d, t, lus_document_text(d, "%s", checked_text(x, a)));
}

static void add_figures(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "figures", NULL);
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "title", .role = LUS_ROLE_KEY, .header = "document");
    COLUMN(.name = "label", .role = LUS_ROLE_KEY, .header = "name");
    COLUMN(.name = "panel", .role = LUS_ROLE_KEY, .header = "what");
    COLUMN(.name = "unit", .role = LUS_ROLE_KEY, .header = "unit");
    COLUMN(.name = "quote", .role = LUS_ROLE_KEY, .header = "words");
    COLUMN(.name = "who", .role = LUS_ROLE_KEY, .header = "who");
    COLUMN(.name = "says", .role = LUS_ROLE_KEY, .header = "says");
    COLUMN(.name = "low", .role = LUS_ROLE_ASKED, .header = "low", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "high", .role = LUS_ROLE_ASKED, .header = "high", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data", .role = LUS_ROLE_ESTIMATE, .header = "data");
    COLUMN(.name = "checked", .role = LUS_ROLE_ESTIMATE, .header = "checked");
    for (size_t i = 0; i < x->context.figures.n; i++)
        add_figure(x, t, &x->context.answers[i]);
}

/* Of a quoted figure, what studies that were read have of the same quantity and people, in years
 * that do not lie apart. */
static bool is_beside(const struct lus_figure *f, const struct lus_figure *study)
{
    bool is_read = study->confidence != 'C' && study->confidence != 'D',
         is_apart = f->from_year && study->from_year &&
                    (f->to_year < study->from_year || study->to_year < f->from_year);
    return f->document && !study->document && is_read && !is_apart && lus_figures_alike(f, study);
}

static void add_published(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "published", NULL);
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "study", .role = LUS_ROLE_KEY, .header = "study");
    COLUMN(.name = "value", .role = LUS_ROLE_ASKED, .header = "value", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "source", .role = LUS_ROLE_KEY, .header = "source");
    for (size_t i = 0; i < x->context.figures.n; i++)
        for (size_t k = 0; k < x->context.figures.n; k++) {
            const struct lus_figure *f = &x->context.figures.at[i], *s = &x->context.figures.at[k];
            if (!is_beside(f, s)) continue;
            lus_table_row(d, t, LUS_NOBODY);
            lus_table_text(d, t, lus_document_text(d, "%s", f->id));
            lus_table_text(d, t, lus_document_text(d, "%s", s->id));
            lus_table_number(d, t, lus_figure_in_unit(x, s, s->value));
            lus_table_text(d, t, lus_document_text(d, "%s", s->source ? s->source : ""));
        }
}

void lus_add_figures(struct lus_comparison *x)
{
    add_figures(x);
    add_published(x);
}
