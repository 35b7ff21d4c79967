/* lustrum context: figures that documents quote, beside what the data say. */
#include <math.h>

#include "command/comparison.h"
#include "command/option.h"

static const struct lus_option options[] = {
    TEXT("mix", 0, "FACTOR=LEVEL:SHARE,...", mix,
         "what a change of mix alone moves: these shares of a factor's levels instead of the "
         "data's"),
    LIST("adjust", "COL,...", adjust,
         "the same mix by a Cox model of the factor and these columns, which stay as they are"),
    FLAG("pair", pair, "what a median and a survival of one document imply together"), END};
const struct lus_option_group lus_figure_options = {"Figures", options};

static struct lus_table *start_table(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "context", "");
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "document", .role = LUS_ROLE_KEY, .header = "document", .machines_only = true);
    COLUMN(.name = "measure", .role = LUS_ROLE_KEY, .header = "measure");
    COLUMN(.name = "statistic", .role = LUS_ROLE_KEY, .header = "statistic");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "figure_value", .role = LUS_ROLE_ASKED, .header = "says",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data_value", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "data (%g %%)", 100 * x->fitting.conf.level),
           .kind = LUS_COLUMN_NUMBER);
    lus_add_limit_columns(d, t, LUS_COLUMN_NUMBER);
    COLUMN(.name = "difference", .role = LUS_ROLE_ESTIMATE, .header = "difference",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "verdict", .role = LUS_ROLE_ESTIMATE, .header = "verdict",
           .machines_only = true);
    COLUMN(.name = "finding", .role = LUS_ROLE_ESTIMATE, .header = "finding");
    COLUMN(.name = "note", .role = LUS_ROLE_DATA, .header = "note", .machines_only = true);
    return t;
}

/* Whether a reason is told by figures and recipe alone. */
static bool is_common(enum lus_reason reason)
{
    return reason >= LUS_REASON_NO_CLAIM && reason <= LUS_REASON_NET_MEDIAN;
}

/* Why a figure cannot be compared; that a value is no number is told with the value. */
static void add_reason(struct lus_comparison *x, const struct lus_answer *a, size_t number)
{
    struct lus_document *d = &x->r->document;
    const char *discreet = a->brief ? lus_document_text(d, "%s: %s.", a->figure->id, a->brief) : "";
    struct lus_subject subject = a->reason == LUS_REASON_NOT_A_NUMBER
                                     ? lus_of_counts(LUS_NOBODY, discreet)
                                     : lus_of_stratum(number);
    if (a->words && !is_common(a->reason))
        lus_document_note(d, subject, "%s: %s.", a->figure->id, a->words);
}

/* The reasons that figures share, once each. */
static void add_common_reasons(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_answer *a = &x->context.answers[i];
        const char *ids = lus_document_text(d, "%s", a->figure->id);
        bool is_first = a->words && is_common(a->reason);
        for (size_t k = 0; k < x->context.figures.n && is_first; k++) {
            const struct lus_answer *b = &x->context.answers[k];
            if (k == i || !b->words || b->reason != a->reason || strcmp(a->words, b->words) != 0)
                continue;
            if (k < i) is_first = false;
            else ids = lus_document_text(d, "%s, %s", ids, b->figure->id);
        }
        if (is_first)
            lus_document_note(d, lus_of_method(), "Cannot be compared here, because %s: %s.",
                              a->words, ids);
    }
}

static void add_row(struct lus_comparison *x, struct lus_table *t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    double value = lus_figure_in_unit(x, f, f->value),
           data = lus_figure_in_unit(x, f, a->data.value);
    bool has_value = f->statistic != LUS_STATISTIC_NOTE && f->statistic != LUS_STATISTIC_ORDER &&
                     f->statistic != LUS_STATISTIC_SOME;
    bool has_interval = !x->context.is_synthetic;
    bool has_difference = has_value && (f->qualifier == LUS_STATED || f->qualifier == LUS_ABOUT);
    size_t number = lus_number_of_value(x, &a->data);
    lus_table_row(d, t, number);
    lus_table_text(d, t, lus_document_text(d, "%s", f->id));
    lus_table_text(d, t,
                   lus_document_text(d, "%s",
                                     f->document ? f->document
                                     : f->source ? f->source
                                                 : ""));
    lus_table_text(d, t,
                   f->is_presumed
                       ? lus_document_text(d, "%s, presumed", lus_measure_name(f->measure))
                       : lus_measure_name(f->measure));
    lus_table_text(d, t, lus_statistic_name(f->statistic));
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = f->at > 0 ? lus_time_in(f->at, x->tally.unit) : NAN,
                          .text = f->at > 0 ? lus_time_text(x->r, f->at, x->tally.unit) : "–"});
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = has_value ? value : NAN,
                          .text = *lus_figure_text(x->r, f) ? lus_figure_text(x->r, f) : "–"});
    lus_table_cell(d, t,
                   (struct lus_cell){.number = data,
                                     .text = lus_data_text(x, a),
                                     .is_few = !isnan(data) && a->data.at_risk < LUS_FEW});
    lus_table_number(d, t, has_interval ? lus_figure_in_unit(x, f, a->data.low) : NAN);
    lus_table_number(d, t, has_interval ? lus_figure_in_unit(x, f, a->data.high) : NAN);
    lus_table_number(d, t, has_difference ? value - data : NAN);
    lus_table_text(d, t, lus_verdict_text(a->verdict));
    lus_table_cell(d, t,
                   (struct lus_cell){.text = lus_finding_text(x, a),
                                     .brief = a->verdict == LUS_NOT_COMPARABLE
                                                  ? "cannot be compared here"
                                                  : NULL});
    lus_table_cell(d, t,
                   (struct lus_cell){.text = lus_answer_note(x, a, false),
                                     .discreet = lus_answer_note(x, a, true)});
    if (!isnan(data) && a->data.at_risk < LUS_FEW)
        lus_document_note(d, lus_of_marks(), "* fewer than %d at risk: read with care.", LUS_FEW);
    add_reason(x, a, number);
    if (f->statistic == LUS_STATISTIC_NOTE)
        lus_document_note(d, lus_of_method(), "%s: %s.", f->id, f->text);
}

static int build(struct lus_comparison *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    if (x->context.tally) {
        struct lus_table *t = start_table(x);
        for (size_t i = 0; i < x->context.figures.n; i++)
            add_row(x, t, &x->context.answers[i]);
        add_common_reasons(x);
        lus_add_figures(x);
        lus_add_checks(x);
        lus_add_mix(x);
    }
    LUS_TRY(lus_add_pairs(x, err));
    if (!x->context.tally) return LUS_OK;
    lus_add_method_notes(x->r, &x->tally, &x->fitting, false);
    if (x->context.life_table)
        lus_document_note(
            d, lus_of_method(), "Relative survival: Pohar Perme net survival against %s.",
            x->context.life_table->title ? x->context.life_table->title : x->o->lifetable);
    lus_document_note(
        d, lus_of_method(),
        "A stated figure stands for its rounding band. What differs is what can be looked at, not "
        "the cause.");
    if (x->context.is_synthetic)
        lus_document_note(d, lus_of_method(),
                          "Made by a model: nothing here is evidence. Figures that the model was "
                          "not built by fit where they lie within %g of 100 or %g %% of a median.",
                          100 * x->context.share_tolerance, 100 * x->context.median_tolerance);
    lus_add_selection(x->r, &x->tally);
    return LUS_OK;
}

int lus_context(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_comparison x;
    int status = lus_comparison_read(o, r, &x, err);
    if (status == LUS_OK) status = build(&x, err);
    lus_comparison_free(&x);
    return status;
}
