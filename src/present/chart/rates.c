/* Rates by stratum: survival at a horizon and the median, each a dot with its interval; quoted
 * figures as lines. Of the table `rates`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/dots.h"

struct sheet {
    struct lus_document *doc;
    const struct lus_chart_request *q;
    const struct lus_table *t;
    struct lus_drawing *d;
    double horizon;
    const char *horizon_text;
};

/* An estimate with its limits. */
struct estimate {
    const struct lus_cell *cell;
    double value, low, high;
};

enum { RATES = 1, MEDIANS = 2 };

static struct estimate estimate_of(const struct lus_table *t, size_t row, const char *value,
                                   const char *low, const char *high)
{
    const struct lus_cell *cell = lus_chart_cell(t, row, value);
    return (struct estimate){cell, cell->number, lus_chart_number(t, row, low),
                             lus_chart_number(t, row, high)};
}

static const char *limit_text(struct lus_document *d, double factor, double limit)
{
    return isnan(limit) ? "–" : lus_document_text(d, "%.4g", factor * limit);
}

/* "82.06 % (79.19 to 84.58)" */
static const char *interval_text(struct lus_document *d, const struct estimate *e, double factor,
                                 const char *unit)
{
    if (isnan(e->low) && isnan(e->high))
        return lus_document_text(d, "%.4g%s", factor * e->value, unit);
    return lus_document_text(d, "%.4g%s (%s to %s)", factor * e->value, unit,
                             limit_text(d, factor, e->low), limit_text(d, factor, e->high));
}

/* Figures of the same statistic as what is drawn. */
static bool is_drawn(const struct sheet *x, const struct lus_quoted *f)
{
    return f->is_median || f->at == x->horizon;
}

/* Where the axis of medians ends: at the longest median, limit or figure. */
static double longest(const struct sheet *x)
{
    double most = 0;
    for (size_t i = 0; i < x->t->n_rows; i++) {
        struct estimate e = estimate_of(x->t, i, "median", "median_low", "median_high");
        if (!isnan(e.value)) most = fmax(most, isnan(e.high) ? e.value : e.high);
    }
    for (size_t i = 0; i < x->q->n_quoted; i++)
        if (x->q->quoted[i].is_median) most = fmax(most, x->q->quoted[i].value);
    return lus_round_up(most > 0 ? most : 1);
}

static void add_estimate(struct sheet *x, int panel, double row, const struct estimate *e,
                         bool is_few, const char *text)
{
    lus_dots_data(x->d, panel, row, e->value, e->low, e->high, is_few);
    lus_dots_words(x->d, isnan(e->value) ? "pale.dat" : "words.dat", panel, row, text);
}

static void add_row(struct sheet *x, size_t i)
{
    struct lus_document *d = x->doc;
    double row = (double)i;
    const struct lus_cell *n = lus_chart_cell(x->t, i, "n");
    bool is_few = lus_chart_is_few(lus_chart_cell(x->t, i, "at_risk"));
    struct estimate rate = estimate_of(x->t, i, "survival", "conf_low", "conf_high"),
                    median = estimate_of(x->t, i, "median", "median_low", "median_high");
    const char *name = lus_chart_row_name(d, x->t, i),
               *rate_text = isnan(rate.value) ? lus_chart_absence(rate.cell)
                                              : interval_text(d, &rate, 100, " %"),
               *median_text = !isnan(median.value) ? interval_text(d, &median, 1, "")
                              : median.cell->why == LUS_WHY_TOO_FEW ? "not shown"
                                                                    : "not reached";
    lus_dots_words(x->d, "names.dat", 1, row, lus_chart_cut(d, name, 24));
    lus_dots_words(x->d, is_few ? "few_counts.dat" : "counts.dat", 1, row,
                   lus_chart_count_text(d, n));
    add_estimate(x, RATES, row, &rate, is_few, rate_text);
    add_estimate(x, MEDIANS, row, &median, false, median_text);
    x->d->summary = lus_document_text(
        d, "%s %s: %s at %s, median %s, n %s.", x->d->summary, name,
        isnan(rate.value) && rate.cell->why != LUS_WHY_TOO_FEW ? "–" : rate_text, x->horizon_text,
        median_text, lus_chart_count_text(d, n));
}

/* Figures as lines through all rows. */
static void add_figures(struct sheet *x)
{
    size_t n[2] = {0, 0};
    for (size_t i = 0; i < x->q->n_quoted; i++) {
        const struct lus_quoted *f = &x->q->quoted[i];
        if (!is_drawn(x, f)) continue;
        lus_dots_line(x->d, f->is_median ? MEDIANS : RATES, f->value, n[f->is_median]++, f->label);
        x->d->summary = lus_document_text(x->doc, "%s Quoted: %s.", x->d->summary, f->label);
    }
}

/* Lines of words below the rows: as many as the panel with more figures has. */
static double count_lines(const struct sheet *x)
{
    size_t n[2] = {0, 0};
    for (size_t i = 0; i < x->q->n_quoted; i++)
        n[x->q->quoted[i].is_median] += is_drawn(x, &x->q->quoted[i]);
    return (double)(n[0] > n[1] ? n[0] : n[1]);
}

static void draw(struct sheet *x)
{
    struct lus_document *d = x->doc;
    double most[2] = {1, longest(x)};
    lus_dots_begin(x->d, lus_template_rates, (double)x->t->n_rows, count_lines(x), most);
    lus_chart_set_title(x->d, d, x->q);
    const char *subtitle = lus_document_text(
        d, "%s; %g %% intervals (%s)%s",
        lus_chart_subject(d, lus_chart_measure(d), x->t, lus_chart_people(d, x->t)),
        100 * d->conf_level, d->transform, d->has_entry ? ", delayed entry" : "");
    x->d->summary = lus_document_text(d, "%s.", subtitle);
    lus_dots_title(x->d, subtitle);
    lus_dots_tics(x->d, "tics.dat", RATES, 1, 100, " %");
    lus_dots_tics(x->d, "tics.dat", MEDIANS, most[1], 1, "");
    lus_dots_heading(x->d, RATES, lus_document_text(d, "alive at %s", x->horizon_text));
    lus_dots_heading(x->d, MEDIANS, lus_document_text(d, "median, %s", lus_unit_name(d->unit)));
    lus_dots_words(x->d, "counts.dat", 1, -0.75, "n");
    for (size_t i = 0; i < x->t->n_rows; i++)
        add_row(x, i);
    add_figures(x);
}

int lus_chart_rates(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    const struct lus_table *t = lus_document_find(d, "rates");
    if (t->n_rows > 40)
        return lus_fail(err, LUS_EUSAGE, "%zu strata; a chart shows at most 40", t->n_rows);
    const struct lus_cell *horizon = lus_chart_cell(t, 0, "time");
    draw(&(struct sheet){.doc = d,
                         .q = q,
                         .t = t,
                         .d = out,
                         .horizon = horizon->number,
                         .horizon_text = horizon->text});
    return LUS_OK;
}
