/* Figures and answers as texts. */
#include <math.h>

#include "command/comparison.h"

static bool is_share(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_DEATH ||
           f->statistic == LUS_STATISTIC_PROPORTION || f->statistic == LUS_STATISTIC_ORDER ||
           (f->statistic == LUS_STATISTIC_SOME && f->at > 0);
}

const char *lus_value_text(struct lus_result *r, const struct lus_figure *f, double value)
{
    struct lus_document *d = &r->document;
    if (isnan(value)) return "not available";
    if (f->statistic == LUS_STATISTIC_ORDER)
        return lus_document_text(d, "%+.1f points", 100 * value);
    if (is_share(f)) return lus_document_text(d, "%.3g %%", 100 * value);
    if (f->statistic == LUS_STATISTIC_SOME) return lus_document_text(d, "%.10g people", value);
    const char *unit = f->statistic == LUS_STATISTIC_MEDIAN ? lus_unit_name(f->unit)
                       : f->unit_text                       ? f->unit_text
                                                            : "";
    return lus_document_text(d, "%.4g%s%s", value, *unit ? " " : "", unit);
}

const char *lus_figure_text(struct lus_result *r, const struct lus_figure *f)
{
    static const char *const words[] = {"", "about ", "more than ", "less than ", ""};
    if (f->statistic == LUS_STATISTIC_NOTE) return "";
    if (f->statistic == LUS_STATISTIC_SOME) return "some";
    if (f->qualifier == LUS_MOST) return "most";
    if (f->statistic == LUS_STATISTIC_ORDER)
        return f->qualifier == LUS_LESS_THAN ? "lower" : "higher";
    return lus_document_text(&r->document, "%s%s", words[f->qualifier],
                             lus_value_text(r, f, f->value));
}

const char *lus_figure_label(struct lus_result *r, const struct lus_figure *f)
{
    const char *measure = f->measure == LUS_MEASURE_RS    ? " relative"
                          : f->measure == LUS_MEASURE_CSS ? " cause-specific"
                                                          : "";
    return lus_document_text(&r->document, "%s%s, %s", lus_figure_text(r, f), measure,
                             f->document ? f->document : f->id);
}

double lus_figure_in_unit(const struct lus_comparison *x, const struct lus_figure *f, double value)
{
    if (f->statistic != LUS_STATISTIC_MEDIAN) return value;
    return value * (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(x->tally.unit);
}

static const char *limit_text(struct lus_document *d, const struct lus_figure *f, double limit)
{
    return isnan(limit) ? "–" : lus_document_text(d, "%.3g", (is_share(f) ? 100 : 1) * limit);
}

const char *lus_data_text(const struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    if (isnan(a->data.value)) return "–";
    const char *value = lus_value_text(x->r, a->figure, a->data.value);
    if (x->context.is_synthetic || (isnan(a->data.low) && isnan(a->data.high))) return value;
    return lus_document_text(d, "%s (%s to %s)", value, limit_text(d, a->figure, a->data.low),
                             limit_text(d, a->figure, a->data.high));
}

/* How far apart figure and data are: "26 of 100 lower", "1.6 years shorter". */
static const char *distance_text(struct lus_result *r, const struct lus_answer *a)
{
    struct lus_document *d = &r->document;
    const struct lus_figure *f = a->figure;
    double by = fabs(f->value - a->data.value);
    bool is_lower = f->value < a->data.value;
    if (is_share(f))
        return lus_document_text(d, "%.*f of 100 %s", 100 * by < 0.95, 100 * by,
                                 is_lower ? "lower" : "higher");
    if (f->statistic == LUS_STATISTIC_MEDIAN) {
        const char *number = lus_document_text(d, "%.2g", by), *unit = lus_unit_name(f->unit);
        size_t n = strlen(unit) - (strcmp(number, "1") == 0); /* 1 year, 2 years */
        return lus_document_text(d, "%s %.*s %s", number, (int)n, unit,
                                 is_lower ? "shorter" : "longer");
    }
    return lus_document_text(d, "%.2g%s%s %s", by, f->unit_text ? " " : "",
                             f->unit_text ? f->unit_text : "", is_lower ? "smaller" : "larger");
}

const char *lus_finding_text(const struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    switch (a->verdict) {
    case LUS_FITS: return x->context.is_synthetic ? "fits the model" : "fits these data";
    case LUS_HIGHER:
    case LUS_LOWER: return lus_document_text(d, "the figure is %s", distance_text(x->r, a));
    case LUS_BORNE_OUT: return "borne out";
    case LUS_NOT_BORNE_OUT: return "not borne out";
    case LUS_CANNOT_TELL: return "cannot tell: too few";
    case LUS_NOT_COMPARABLE:
        return lus_document_text(d, "cannot be compared here, because %s", a->brief);
    case LUS_TARGET_MET: return "used to build the model: met";
    case LUS_TARGET_MISSED:
        return lus_document_text(d, "used to build the model: missed, %s", distance_text(x->r, a));
    case LUS_NO_VERDICT: break;
    }
    return "";
}

/* One more part of a note, behind a semicolon. */
static void add_part(struct lus_string *note, const char *name, const char *text)
{
    if (text) lus_string_print(note, "%s%s%s", note->n ? "; " : "", name, text);
}

size_t lus_number_of_value(struct lus_comparison *x, const struct lus_data_value *value)
{
    if (value->fewest > 0)
        return lus_document_stratum(&x->r->document,
                                    &(struct lus_headcount){NULL, value->fewest, 0});
    return isnan(value->value) ? (size_t)LUS_NOBODY : (size_t)LUS_UNSAID;
}

/* What in a note is told by the people of the data. */
static void add_told(const struct lus_answer *a, struct lus_string *note)
{
    add_part(note, "", a->words);
    if (a->verdict != LUS_CANNOT_TELL) return;
    if (a->data.at_risk < LUS_FEW)
        lus_string_print(note, "%sfewer than %d at risk", note->n ? "; " : "", LUS_FEW);
    else add_part(note, "", "the interval is wider than 20 points");
}

const char *lus_answer_note(const struct lus_comparison *x, const struct lus_answer *a,
                            bool is_discreet)
{
    struct lus_string note = {0};
    const struct lus_figure *f = a->figure;
    if (f->statistic == LUS_STATISTIC_NOTE) add_part(&note, "", f->text);
    if (!is_discreet) add_told(a, &note);
    else if (!(a->data.fewest > 0))
        add_part(&note, "", a->reason == LUS_REASON_NOT_A_NUMBER ? a->brief : a->words);
    if (f->is_presumed) add_part(&note, "", "the measure is presumed");
    if (!a->reason) add_part(&note, "", a->counted);
    if (a->people > 0 && !a->reason && !is_discreet)
        add_part(&note, "n ", lus_document_text(&x->r->document, "%.10g", a->people));
    add_part(&note, "the figure's population: ", f->population);
    add_part(&note, "", f->note);
    return lus_document_keep(&x->r->document, &note);
}
