/* What stands below the figures: another mix, pairs. */
#include <math.h>

#include "command/comparison.h"

/* Whom a row of the mix tells of: the figure's group, and the levels that are mixed. */
static size_t number_of_mix(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_data_value fewest = a->data;
    if (a->mixed.fewest > 0)
        fewest.fewest = fewest.fewest > 0 ? fmin(fewest.fewest, a->mixed.fewest) : a->mixed.fewest;
    return lus_number_of_value(x, &fewest);
}

/* The same mix by the model. */
static void add_adjusted(struct lus_comparison *x, struct lus_table *t, const struct lus_answer *a,
                         size_t number)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    const struct lus_adjusted_value *v = &a->adjusted;
    bool has_limits = !x->context.is_synthetic;
    lus_table_cell(d, t,
                   (struct lus_cell){.number = lus_figure_in_unit(x, f, v->value),
                                     .text = lus_value_text(x->r, f, v->value)});
    lus_table_number(d, t, has_limits ? lus_figure_in_unit(x, f, v->low) : NAN);
    lus_table_number(d, t, has_limits ? lus_figure_in_unit(x, f, v->high) : NAN);
    if (v->words)
        lus_document_note(d, lus_of_stratum(number),
                          "%s: the mix by the model is not available: %s.", f->id, v->words);
}

static void add_mix_row(struct lus_comparison *x, struct lus_table *t, const struct lus_answer *a)
{
    struct lus_document *d = &x->r->document;
    const struct lus_figure *f = a->figure;
    double data = lus_figure_in_unit(x, f, a->data.value),
           mixed = lus_figure_in_unit(x, f, a->mixed.value), moves = mixed - data;
    bool is_share = f->statistic != LUS_STATISTIC_MEDIAN;
    const char *text = isnan(moves) ? "–"
                       : is_share   ? lus_document_text(d, "%+.1f points", 100 * moves)
                                  : lus_document_text(d, "%+.3g %s", a->mixed.value - a->data.value,
                                                      lus_unit_name(f->unit));
    size_t number = number_of_mix(x, a);
    lus_table_row(d, t, number);
    lus_table_text(d, t, lus_document_text(d, "%s", f->id));
    lus_table_text(d, t, lus_statistic_name(f->statistic));
    lus_table_cell(d, t,
                   (struct lus_cell){.number = lus_figure_in_unit(x, f, f->value),
                                     .text = lus_figure_text(x->r, f)});
    lus_table_cell(
        d, t, (struct lus_cell){.number = data, .text = lus_value_text(x->r, f, a->data.value)});
    lus_table_cell(
        d, t, (struct lus_cell){.number = mixed, .text = lus_value_text(x->r, f, a->mixed.value)});
    lus_table_number(d, t, x->context.is_synthetic ? NAN : lus_figure_in_unit(x, f, a->mixed.low));
    lus_table_number(d, t, x->context.is_synthetic ? NAN : lus_figure_in_unit(x, f, a->mixed.high));
    lus_table_cell(d, t, (struct lus_cell){.number = moves, .text = text});
    if (x->o->adjust) add_adjusted(x, t, a, number);
    if (a->mixed.words)
        lus_document_note(d, lus_of_stratum(number), "%s: the mixture is not available: %s.", f->id,
                          a->mixed.words);
}

void lus_add_mix(struct lus_comparison *x)
{
    struct lus_document *d = &x->r->document;
    if (!x->mix.n) return;
    struct lus_table *t = lus_document_table(
        d, "mix", lus_document_text(d, "With another mix of %s", x->mix.factor));
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "statistic", .role = LUS_ROLE_KEY, .header = "statistic");
    COLUMN(.name = "figure_value", .role = LUS_ROLE_ASKED, .header = "says",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "data_value", .role = LUS_ROLE_ESTIMATE, .header = "data",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "mixed_value", .role = LUS_ROLE_ESTIMATE, .header = "with that mix",
           .kind = LUS_COLUMN_NUMBER);
    lus_add_limit_columns(d, t, LUS_COLUMN_NUMBER);
    COLUMN(.name = "moves", .role = LUS_ROLE_ESTIMATE,
           .header = "a change of mix alone moves it by", .kind = LUS_COLUMN_NUMBER);
    if (x->o->adjust) {
        COLUMN(.name = "adjusted_value", .role = LUS_ROLE_ESTIMATE,
               .header = "with that mix, by the model", .kind = LUS_COLUMN_NUMBER);
        COLUMN(.name = "adjusted_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
               .kind = LUS_COLUMN_NUMBER, .machines_only = true);
        COLUMN(.name = "adjusted_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
               .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    }
    for (size_t i = 0; i < x->context.figures.n; i++)
        if (x->context.answers[i].mixed.is_asked) add_mix_row(x, t, &x->context.answers[i]);
    lus_document_note(d, lus_of_method(),
                      "Mix: sums of shares times the groups' survival; everything else of the "
                      "data stays as it is.");
    if (x->o->adjust)
        lus_document_note(
            d, lus_of_method(),
            "By the model: Cox's of %s and %s; everybody at each level of %s, the "
            "other columns as they are, put together with the shares. Without it what "
            "goes with a level (its people's age, say) moves too.",
            x->mix.factor, lus_adjust_text(x), x->mix.factor);
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
        lus_table_row(d, t, LUS_NOBODY);
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
    COLUMN(.name = "first", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "second", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "what", .role = LUS_ROLE_KEY, .header = "implies");
    COLUMN(.name = "value", .role = LUS_ROLE_ASKED, .header = "value", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "low", .role = LUS_ROLE_ASKED, .header = "low", .kind = LUS_COLUMN_NUMBER,
           .machines_only = true);
    COLUMN(.name = "high", .role = LUS_ROLE_ASKED, .header = "high", .kind = LUS_COLUMN_NUMBER,
           .machines_only = true);
    for (size_t i = 0; i < x->context.figures.n; i++)
        for (size_t k = 0; k < x->context.figures.n; k++)
            if (lus_figures_pair(&x->context.figures.at[i], &x->context.figures.at[k]))
                add_pair(x, t, &x->context.figures.at[i], &x->context.figures.at[k]), n++;
    return n ? LUS_OK
             : lus_fail(err, LUS_EUSAGE,
                        "--pair: no document has a median and a survival at a time");
}
