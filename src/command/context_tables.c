/* What stands below the figures: what differs and can be checked, the other mix, pairs. */
#include <math.h>

#include "command/comparison.h"

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

/* The table begins with its first row. */
static void add_check(struct lus_comparison *x, struct lus_table **table,
                      const struct lus_figure *f, const char *what, const char *detail)
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

static bool any_apart(const struct lus_comparison *x, const struct lus_answer *a)
{
    for (size_t k = 0; k < x->context.n_apart; k++)
        if (!isnan(a->apart[k])) return true;
    return false;
}

/* "de novo 32.1 %, recurrent 20.2 %" */
static const char *apart_text(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const char *text = "";
    for (size_t k = 0; k < x->context.n_apart; k++)
        text = lus_document_text(d, "%s%s%s %s", text, k ? ", " : "", x->context.apart_levels[k],
                                 lus_value_text(x->r, a->figure, a->apart[k]));
    return text;
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
        add_check(x, t, f, "population and period",
                  lus_document_text(d, "the figure: %s; the data: %s", f->population, data));
    if (a->apart && any_apart(x, a)) add_check(x, t, f, x->context.apart_factor, apart_text(x, a));
    if (f->origin && x->context.from && strcmp(f->origin, x->context.from) != 0)
        add_check(x, t, f, "origin of time",
                  lus_document_text(
                      d, "the figure counts from %s, the data from %s%s", f->origin,
                      x->context.from,
                      a->counted ? lus_document_text(d, " (one day for %s)", a->counted) : ""));
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
    if (!x->mix.n && x->context.mix_factor && is_survival)
        add_check(x, t, f, "mix",
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

void lus_add_mix(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    if (!x->mix.n) return;
    struct lus_table *t = lus_document_table(
        d, "mix", lus_document_text(d, "With another mix of %s", x->mix.factor));
    COLUMN(.name = "figure", .header = "figure");
    COLUMN(.name = "statistic", .header = "statistic");
    COLUMN(.name = "figure_value", .header = "says", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data_value", .header = "data", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "mixed_value", .header = "with that mix", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "conf_low", .header = "low", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_high", .header = "high", .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "moves", .header = "a change of mix alone moves it by",
           .kind = LUS_COLUMN_NUMBER);
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_answer *a = &x->context.answers[i];
        const struct lus_figure *f = a->figure;
        if (!a->mixed.is_asked) continue;
        double data = lus_figure_in_unit(x, f, a->data.value),
               mixed = lus_figure_in_unit(x, f, a->mixed.value), moves = mixed - data;
        bool is_share = f->statistic == LUS_STATISTIC_SURVIVAL;
        const char *text = isnan(moves) ? "–"
                           : is_share
                               ? lus_document_text(d, "%+.1f points", 100 * moves)
                               : lus_document_text(d, "%+.3g %s", a->mixed.value - a->data.value,
                                                   lus_unit_name(f->unit));
        lus_table_text(d, t, lus_document_text(d, "%s", f->id));
        lus_table_text(d, t, lus_statistic_name(f->statistic));
        lus_table_cell(d, t,
                       (struct lus_cell){.number = lus_figure_in_unit(x, f, f->value),
                                         .text = lus_figure_text(x->r, f)});
        lus_table_cell(
            d, t,
            (struct lus_cell){.number = data, .text = lus_value_text(x->r, f, a->data.value)});
        lus_table_cell(
            d, t,
            (struct lus_cell){.number = mixed, .text = lus_value_text(x->r, f, a->mixed.value)});
        lus_table_number(d, t,
                         x->context.is_synthetic ? NAN : lus_figure_in_unit(x, f, a->mixed.low));
        lus_table_number(d, t,
                         x->context.is_synthetic ? NAN : lus_figure_in_unit(x, f, a->mixed.high));
        lus_table_cell(d, t, (struct lus_cell){.number = moves, .text = text});
        if (a->mixed.words)
            lus_document_note(d, lus_of_method(), "%s: the mixture is not available: %s.", f->id,
                              a->mixed.words);
    }
    lus_document_note(d, lus_of_method(),
                      "Mix: sums of shares times the groups' survival; everything else of the "
                      "data stays as it is.");
}

static void add_pair(struct lus_comparison *x, struct lus_table *t, const struct lus_figure *s,
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
    lus_document_note(d, lus_of_method(),
                      "%s and %s are compatible: a Weibull fits any two points, so it cannot be "
                      "tested. %s is %s%s, %s %s%s.",
                      s->id, m->id, s->id, s->is_presumed ? "probably " : "",
                      lus_measure_name(s->measure), m->id, m->is_presumed ? "probably " : "",
                      lus_measure_name(m->measure));
}

int lus_add_pairs(struct lus_comparison *x, struct lus_error *err)
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
    for (size_t i = 0; i < x->context.figures.n; i++)
        for (size_t k = 0; k < x->context.figures.n; k++)
            if (lus_figures_pair(&x->context.figures.at[i], &x->context.figures.at[k]))
                add_pair(x, t, &x->context.figures.at[i], &x->context.figures.at[k]), n++;
    return n ? LUS_OK
             : lus_fail(err, LUS_EUSAGE,
                        "--pair: no document has a median and a survival at a time");
}
