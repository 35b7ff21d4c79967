/* lustrum context: figures that documents quote, beside what the data say. */
#include <math.h>
#include <stdlib.h>

#include "command/figuring.h"
#include "command/suppress.h"

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

static struct lus_table *start_table(struct lus_figuring *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = lus_document_table(d, "context", "");
    COLUMN(.name = "figure", .header = "figure");
    COLUMN(.name = "document", .header = "document");
    COLUMN(.name = "measure", .header = "measure");
    COLUMN(.name = "statistic", .header = "statistic");
    COLUMN(.name = "time", .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "figure_value", .header = "says", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data_value",
           .header = lus_document_text(d, "data (%g %%)", 100 * x->fitting.conf.level),
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "conf_low", .header = "low", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_high", .header = "high", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "difference", .header = "difference", .kind = LUS_COLUMN_NUMBER,
           .machines_only = true);
    COLUMN(.name = "verdict", .header = "verdict");
    COLUMN(.name = "note", .header = "note", .machines_only = true);
    return t;
}

/* A value of the figure in the units of the table: medians in the file's. */
static double in_table_unit(const struct lus_figuring *x, const struct lus_figure *f, double value)
{
    if (f->statistic != LUS_STATISTIC_MEDIAN) return value;
    return value * (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(x->tally.unit);
}

/* "26.3 % (23.8 to 28.8)" */
static const char *data_text(struct lus_figuring *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    if (isnan(a->data.value)) return "–";
    const char *value = lus_value_text(x->r, a->figure, a->data.value);
    if (x->recipe.synthetic || (isnan(a->data.low) && isnan(a->data.high))) return value;
    double factor = a->figure->statistic == LUS_STATISTIC_MEDIAN ||
                            a->figure->statistic == LUS_STATISTIC_MEDIAN_OF
                        ? 1
                        : 100;
    const char *low = isnan(a->data.low) ? "–" : lus_document_text(d, "%.3g", factor * a->data.low),
               *high = isnan(a->data.high) ? "–"
                                           : lus_document_text(d, "%.3g", factor * a->data.high);
    return lus_document_text(d, "%s (%s to %s)", value, low, high);
}

/* What the figure is about, and why it cannot be compared. */
static const char *note_of(struct lus_figuring *x, const struct lus_answer *a)
{
    struct lus_string note = {0};
    const struct lus_figure *f = a->figure;
    if (f->statistic == LUS_STATISTIC_NOTE) lus_string_print(&note, "%s", f->text);
    if (a->reason) lus_string_print(&note, "%s%s", note.n ? "; " : "", a->reason);
    if (a->verdict == LUS_TOO_IMPRECISE)
        lus_string_print(&note, "%s%s", note.n ? "; " : "",
                         a->data.at_risk < LUS_FEW ? "fewer than 10 at risk"
                                                   : "the interval is wider than 20 points");
    if (f->is_presumed) lus_string_print(&note, "%sthe measure is presumed", note.n ? "; " : "");
    if (f->origin && f->statistic != LUS_STATISTIC_PROPORTION && !a->reason &&
        strcmp(f->origin, "diagnosis") == 0 && lus_recipe_factor(&x->recipe, "presentation"))
        lus_string_print(&note, "%sthose metastatic at diagnosis (de novo)", note.n ? "; " : "");
    if (a->people > 0 && !a->reason)
        lus_string_print(&note, "%sn %.10g", note.n ? "; " : "", a->people);
    if (f->population)
        lus_string_print(&note, "%sthe figure's population: %s", note.n ? "; " : "", f->population);
    if (f->note) lus_string_print(&note, "%s%s", note.n ? "; " : "", f->note);
    const char *out = note.at ? lus_document_text(&x->r->document, "%s", note.at) : "";
    x->r->document.failed |= note.failed;
    lus_string_free(&note);
    return out;
}

static void add_row(struct lus_figuring *x, struct lus_table *t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    double value = in_table_unit(x, f, f->value), data = in_table_unit(x, f, a->data.value);
    bool has_value = f->statistic != LUS_STATISTIC_NOTE && f->statistic != LUS_STATISTIC_ORDER &&
                     !f->is_survivors;
    bool has_interval = !x->recipe.synthetic;
    bool has_difference = has_value && (f->qualifier == LUS_STATED || f->qualifier == LUS_ABOUT);
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
        (struct lus_cell){.number = has_value || f->is_survivors ? value : NAN,
                          .text = *lus_figure_text(x->r, f) ? lus_figure_text(x->r, f) : "–"});
    lus_table_cell(d, t,
                   (struct lus_cell){.number = data,
                                     .text = data_text(x, a),
                                     .is_few = !isnan(data) && a->data.at_risk < LUS_FEW});
    lus_table_number(d, t, has_interval ? in_table_unit(x, f, a->data.low) : NAN);
    lus_table_number(d, t, has_interval ? in_table_unit(x, f, a->data.high) : NAN);
    lus_table_number(d, t, has_difference ? value - data : NAN);
    lus_table_text(d, t, lus_verdict_text(a->verdict));
    lus_table_text(d, t, note_of(x, a));
    if (!isnan(data) && a->data.at_risk < LUS_FEW)
        lus_document_note(d, "* fewer than %d at risk: read with care.", LUS_FEW);
    if (a->reason) lus_document_note(d, "%s: %s.", f->id, a->reason);
    if (f->statistic == LUS_STATISTIC_NOTE) lus_document_note(d, "%s: %s.", f->id, f->text);
}

/* --- what differs and can be checked --- */

/* The table begins with its first row. */
static void add_check(struct lus_figuring *x, struct lus_table **table, const struct lus_figure *f,
                      const char *what, const char *detail)
{
    struct lus_document *d = &x->r->document;
    if (!*table) {
        struct lus_table *t = *table = lus_document_table(d, "checks",
                                                          "What differs and can be checked");
        COLUMN(.name = "figure", .header = "figure");
        COLUMN(.name = "what", .header = "what");
        COLUMN(.name = "detail", .header = "detail");
    }
    struct lus_table *t = *table;
    lus_table_text(&x->r->document, t, lus_document_text(&x->r->document, "%s", f->id));
    lus_table_text(&x->r->document, t, what);
    lus_table_text(&x->r->document, t, detail);
}

static void add_checks(struct lus_figuring *x, struct lus_table **t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    struct lus_result *r = x->r;
    const struct lus_figure *f = a->figure;
    const char *data = x->recipe.title ? x->recipe.title : x->tally.file;
    if (f->population)
        add_check(x, t, f, "population and period",
                  lus_document_text(d, "the figure: %s; the data: %s", f->population, data));
    if (!isnan(a->of_presentation[0]) || !isnan(a->of_presentation[1]))
        add_check(x, t, f, "presentation",
                  lus_document_text(d, "de novo %s, recurrent %s",
                                    lus_value_text(r, f, a->of_presentation[0]),
                                    lus_value_text(r, f, a->of_presentation[1])));
    if (f->origin && x->recipe.time.from && strcmp(f->origin, x->recipe.time.from) != 0)
        add_check(x, t, f, "origin of time",
                  lus_document_text(d, "the figure counts from %s, the data from %s%s", f->origin,
                                    x->recipe.time.from,
                                    strcmp(f->origin, "diagnosis") == 0 &&
                                            strcasestr(x->recipe.time.from, "metasta")
                                        ? " (one day for those de novo)"
                                        : ""));
    if (!isnan(a->without_entry))
        add_check(x, t, f, "delayed entry",
                  lus_document_text(d, "%s with it, %s as if all had been followed from the origin",
                                    lus_value_text(r, f, a->data.value),
                                    lus_value_text(r, f, a->without_entry)));
    if (!isnan(a->other_measure)) {
        bool is_relative = a->measure == LUS_MEASURE_RS;
        add_check(
            x, t, f, "measure",
            lus_document_text(d, "overall %s, relative (net) %s%s",
                              lus_value_text(r, f, is_relative ? a->other_measure : a->data.value),
                              lus_value_text(r, f, is_relative ? a->data.value : a->other_measure),
                              f->is_presumed ? "; the figure's measure is presumed" : ""));
    } else if (f->is_presumed) {
        add_check(x, t, f, "measure",
                  lus_document_text(d, "the document does not say which; %s is presumed",
                                    lus_measure_name(f->measure)));
    }
    if (!x->n_mix && lus_recipe_factor(&x->recipe, "receptor") &&
        (f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_MEDIAN))
        add_check(x, t, f, "mix",
                  "--mix receptor=LEVEL:SHARE,... shows what another mix alone moves; lustrum "
                  "shares --of receptor shows this one");
}

static void add_check_table(struct lus_figuring *x)
{
    struct lus_table *t = NULL;
    for (size_t i = 0; i < x->figures.n; i++) {
        if (lus_verdict_differs(x->answers[i].verdict)) add_checks(x, &t, &x->answers[i]);
    }
}

/* --- a change of mix --- */

static void add_mix_table(struct lus_figuring *x)
{
    struct lus_document *d = &x->r->document;
    if (!x->n_mix) return;
    struct lus_table *t = lus_document_table(
        d, "mix", lus_document_text(d, "With another mix of %s", x->mix_factor));
    COLUMN(.name = "figure", .header = "figure");
    COLUMN(.name = "statistic", .header = "statistic");
    COLUMN(.name = "figure_value", .header = "says", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data_value", .header = "data", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "mixed_value", .header = "with that mix", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "conf_low", .header = "low", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_high", .header = "high", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "moves", .header = "a change of mix alone moves it by",
           .kind = LUS_COLUMN_NUMBER);
    for (size_t i = 0; i < x->figures.n; i++) {
        const struct lus_answer *a = &x->answers[i];
        const struct lus_figure *f = a->figure;
        if (!a->is_mixed) continue;
        double data = in_table_unit(x, f, a->data.value), mixed = in_table_unit(x, f, a->mixed),
               moves = mixed - data;
        bool is_share = f->statistic == LUS_STATISTIC_SURVIVAL;
        const char *text = isnan(moves) ? "–"
                           : is_share   ? lus_document_text(d, "%+.1f points", 100 * moves)
                                        : lus_document_text(d, "%+.3g %s", a->mixed - a->data.value,
                                                            lus_unit_name(f->unit));
        lus_table_text(d, t, lus_document_text(d, "%s", f->id));
        lus_table_text(d, t, lus_statistic_name(f->statistic));
        lus_table_cell(d, t,
                       (struct lus_cell){.number = in_table_unit(x, f, f->value),
                                         .text = lus_figure_text(x->r, f)});
        lus_table_cell(
            d, t,
            (struct lus_cell){.number = data, .text = lus_value_text(x->r, f, a->data.value)});
        lus_table_cell(
            d, t, (struct lus_cell){.number = mixed, .text = lus_value_text(x->r, f, a->mixed)});
        lus_table_number(d, t, x->recipe.synthetic ? NAN : in_table_unit(x, f, a->mixed_low));
        lus_table_number(d, t, x->recipe.synthetic ? NAN : in_table_unit(x, f, a->mixed_high));
        lus_table_cell(d, t, (struct lus_cell){.number = moves, .text = text});
        if (a->mix_reason)
            lus_document_note(d, "%s: the mixture is not available: %s.", f->id, a->mix_reason);
    }
    lus_document_note(d, "Mix: sums of shares times the groups' survival; everything else of the "
                         "data stays as it is.");
}

/* --- pairs --- */

static bool make_a_pair(const struct lus_figure *s, const struct lus_figure *m)
{
    bool is_stated = (s->qualifier == LUS_STATED || s->qualifier == LUS_ABOUT) &&
                     (m->qualifier == LUS_STATED || m->qualifier == LUS_ABOUT);
    bool same_document = s->document ? m->document && strcmp(s->document, m->document) == 0
                                     : !m->document && s->source && m->source &&
                                           strcmp(s->source, m->source) == 0;
    bool same_group = (!s->where && !m->where) ||
                      (s->where && m->where && strcmp(s->where, m->where) == 0);
    return s->statistic == LUS_STATISTIC_SURVIVAL && m->statistic == LUS_STATISTIC_MEDIAN &&
           is_stated && same_document && same_group && s->value > 0 && s->value < 1;
}

static void add_pair(struct lus_figuring *x, struct lus_table *t, const struct lus_figure *s,
                     const struct lus_figure *m)
{
    struct lus_document *d = &x->r->document;
    struct lus_implied p = lus_figures_imply(s, m);
    const struct {
        const char *what;
        double value, low, high;
        const char *text;
    } rows[] = {
        {"exponential from the median: survival", p.survival_of_median, NAN, NAN,
         lus_document_text(d, "%.1f %% at %s", 100 * p.survival_of_median,
                           lus_time_text(x->r, s->at, LUS_YEARS))},
        {"exponential from survival: median", p.median_of_survival, NAN, NAN,
         lus_document_text(d, "%.3g %s", p.median_of_survival, lus_unit_name(m->unit))},
        {"Weibull through both: shape", p.shape, p.shape_low, p.shape_high,
         lus_document_text(d, "%.2f (%.2f to %.2f over rounding)", p.shape, p.shape_low,
                           p.shape_high)},
        {"Weibull through both: survival at 10 years", p.at_ten_years, NAN, NAN,
         lus_document_text(d, "%.1f %%", 100 * p.at_ten_years)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        lus_table_text(d, t, lus_document_text(d, "%s", s->id));
        lus_table_text(d, t, lus_document_text(d, "%s", m->id));
        lus_table_text(d, t, rows[i].what);
        lus_table_cell(d, t, (struct lus_cell){.number = rows[i].value, .text = rows[i].text});
        lus_table_number(d, t, rows[i].low);
        lus_table_number(d, t, rows[i].high);
    }
    lus_document_note(d,
                      "%s and %s are compatible: a Weibull fits any two points, so it cannot be "
                      "tested. %s is %s%s, %s %s%s.",
                      s->id, m->id, s->id, s->is_presumed ? "probably " : "",
                      lus_measure_name(s->measure), m->id, m->is_presumed ? "probably " : "",
                      lus_measure_name(m->measure));
}

static int add_pair_table(struct lus_figuring *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    size_t n = 0;
    if (!x->o->pair) return LUS_OK;
    struct lus_table *t = lus_document_table(d, "pair",
                                             "What two figures of one document imply together");
    COLUMN(.name = "first", .header = "figure");
    COLUMN(.name = "second", .header = "figure");
    COLUMN(.name = "what", .header = "implies");
    COLUMN(.name = "value", .header = "value", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "low", .header = "low", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "high", .header = "high", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    for (size_t i = 0; i < x->figures.n; i++)
        for (size_t k = 0; k < x->figures.n; k++)
            if (make_a_pair(&x->figures.at[i], &x->figures.at[k]))
                add_pair(x, t, &x->figures.at[i], &x->figures.at[k]), n++;
    return n ? LUS_OK
             : lus_fail(err, LUS_EUSAGE,
                        "--pair: no document has a median and a survival at a time");
}

static int build(struct lus_figuring *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    if (x->has_tally) {
        struct lus_table *t = start_table(x);
        for (size_t i = 0; i < x->figures.n; i++)
            add_row(x, t, &x->answers[i]);
        add_check_table(x);
        add_mix_table(x);
    }
    LUS_TRY(add_pair_table(x, err));
    if (!x->has_tally) return LUS_OK;
    lus_add_method_notes(x->r, &x->tally, &x->fitting);
    if (x->table.n_ages)
        lus_document_note(d, "Relative survival: Pohar Perme net survival against %s.",
                          x->table.title ? x->table.title : x->o->lifetable);
    lus_document_note(
        d, "A stated figure stands for its rounding band; above and below say where the figure "
           "lies. What differs is listed as what can be checked, not as the cause.");
    if (x->recipe.synthetic)
        lus_document_note(d, "Made by a model: targets are reproduced or not, other figures are "
                             "held out; no interval is evidence.");
    x->tally.overlaps = false; /* the figures' conditions are nobody's strata */
    lus_add_selection(x->r, &x->tally);
    return LUS_OK;
}

int lus_context(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_figuring x;
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE,
                        "--suppress cannot protect groups of figures, which overlap");
    int status = lus_figuring_read(o, r, &x, err);
    if (status == LUS_OK) status = build(&x, err);
    lus_figuring_free(&x);
    return status;
}
