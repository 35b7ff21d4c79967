/* What stands below the figures: what differs and can be checked, the other mix, pairs. */
#include <math.h>

#include "command/comparison.h"

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

/* --- the figures themselves, for charts --- */

/* "alive at 5 years" */
static const char *subject_text(struct lus_comparison *x, const struct lus_figure *f)
{
    struct lus_document *d = &x->r->document;
    const char *at = lus_time_text(x->r, f->at, LUS_YEARS);
    switch (f->statistic) {
    case LUS_STATISTIC_SURVIVAL: return lus_document_text(d, "alive at %s", at);
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
    lus_table_number(d, t, f->is_survivors ? NAN : lus_figure_in_unit(x, f, f->low));
    lus_table_number(d, t, f->is_survivors ? NAN : lus_figure_in_unit(x, f, f->high));
    lus_table_number(d, t, low);
    lus_table_number(d, t, high);
    lus_table_text(d, t, isnan(a->data.value) ? "" : lus_value_text(x->r, f, a->data.value));
    lus_table_text(d, t, a->brief ? a->brief : "");
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

/* --- what differs and can be checked --- */

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
    lus_table_text(d, t, what);
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

/* Whom a row of the mix tells of: the figure's group, and the levels that are mixed. */
static size_t number_of_mix(struct lus_comparison *x, const struct lus_answer *a)
{
    struct lus_data_value fewest = a->data;
    if (a->mixed.fewest > 0)
        fewest.fewest = fewest.fewest > 0 ? fmin(fewest.fewest, a->mixed.fewest) : a->mixed.fewest;
    return lus_number_of_value(x, &fewest);
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
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "moves", .role = LUS_ROLE_ESTIMATE,
           .header = "a change of mix alone moves it by", .kind = LUS_COLUMN_NUMBER);
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
        size_t number = number_of_mix(x, a);
        lus_table_row(d, t, number);
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
            lus_document_note(d, lus_of_stratum(number), "%s: the mixture is not available: %s.",
                              f->id, a->mixed.words);
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
