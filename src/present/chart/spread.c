/* How long people live, of each stratum: the middle half as a bar, eight of ten as a line, the
 * median as a dot. Of the tables `rates` and `quantiles`. */
#include <math.h>

#include "present/chart/sheet.h"

enum { N_QUANTILES = 5, MOST_ROWS = 40 };
static const double quantiles[N_QUANTILES] = {10, 25, 50, 75, 90};

struct page {
    struct lus_sheet s;
    const struct lus_table *rates, *quantiles;
    double year; /* in the file's unit */
};

/* The times by which so many have died, in years; NaN: not reached, or not shown. */
static void times_of(const struct page *x, size_t row, double out[N_QUANTILES])
{
    size_t n_keys = lus_chart_n_keys(x->rates), n_rates = x->rates->n_columns,
           n_own = x->quantiles->n_columns;
    for (size_t k = 0; k < N_QUANTILES; k++)
        out[k] = NAN;
    for (size_t q = 0; q < x->quantiles->n_rows; q++) {
        bool is_it = true;
        for (size_t c = 0; c < n_keys && is_it; c++)
            is_it = strcmp(x->rates->cells[row * n_rates + c].text,
                           x->quantiles->cells[q * n_own + c].text) == 0;
        for (size_t k = 0; k < N_QUANTILES && is_it; k++)
            if (lus_chart_number(x->quantiles, q, "quantile") == quantiles[k])
                out[k] = lus_chart_number(x->quantiles, q, "time") / x->year;
    }
}

static const char *years_text(struct lus_document *d, double years)
{
    return isnan(years) ? "–" : lus_document_text(d, "%.*f", years < 0.95 ? 2 : 1, years);
}

/* What cannot be drawn as far as it goes ends at the axis' end. */
static double end_of(const struct lus_sheet *s, double years)
{
    return isnan(years) ? s->to : lus_sheet_on_axis(s, years);
}

static void add_marks(struct page *x, const double t[N_QUANTILES], double y)
{
    struct lus_sheet *s = &x->s;
    if (isnan(t[0])) return;
    lus_sheet_line(s, "intervals.dat", lus_sheet_on_axis(s, t[0]), y, end_of(s, t[4]), y);
    if (!isnan(t[1]))
        lus_sheet_line(s, "bars.dat", lus_sheet_on_axis(s, t[1]), y - 10, end_of(s, t[3]), y + 10);
    if (isnan(t[2])) return;
    lus_sheet_point(s, "dots.dat", lus_sheet_on_axis(s, t[2]), y);
    lus_sheet_put(s, "found.dat", lus_sheet_on_axis(s, t[2]), y - 21, years_text(s->doc, t[2]));
}

static void add_row(struct page *x, size_t row)
{
    struct lus_sheet *s = &x->s;
    struct lus_document *d = s->doc;
    const char *name = lus_chart_row_name(d, x->rates, row),
               *n = lus_chart_count_text(d, lus_chart_cell(x->rates, row, "n"));
    double t[N_QUANTILES], top = s->y, at = s->is_narrow ? s->left : s->right;
    times_of(x, row, t);
    double words = lus_sheet_words(s, "strong.dat", s->left, top + 18,
                                   (s->is_narrow ? s->width - s->left : s->from - 14) - s->left, 16,
                                   name);
    words = lus_sheet_words(s, "text.dat", s->left, words + 1, 200, 14.5,
                            lus_document_text(d, "n %s", n));
    double marks = s->is_narrow ? words + 22 : top + 32,
           below = s->is_narrow ? marks + 30 : top + 18, room = s->width - s->left - at;
    if (s->is_narrow) lus_sheet_grid(s, marks - 14, marks + 16);
    add_marks(x, t, marks);
    const char *half = isnan(t[1])   ? "Not available"
                       : isnan(t[3]) ? lus_document_text(d, "A quarter live less than %s years",
                                                         years_text(d, t[1]))
                                     : lus_document_text(d, "Half live %s to %s years",
                                                         years_text(d, t[1]), years_text(d, t[3])),
               *most = isnan(t[0])   ? ""
                       : isnan(t[4]) ? lus_document_text(d,
                                                         "one in ten less than %s; how long the "
                                                         "last tenth live is not known yet",
                                                         years_text(d, t[0]))
                                     : lus_document_text(d,
                                                         "one in ten less than %s, one in ten "
                                                         "more than %s",
                                                         years_text(d, t[0]), years_text(d, t[4]));
    below = lus_sheet_words(s, "strong.dat", at, below, room, 16, half);
    below = lus_sheet_words(s, "text.dat", at, below + 1, room, 14.5, most);
    s->y = fmax(fmax(words, below) + 2, marks + 26);
    lus_sheet_line(s, "rules.dat", s->left, s->y, s->width - s->left, s->y);
    s->d->summary = lus_document_text(d, "%s %s: n %s, median %s; %s, %s.", s->d->summary, name, n,
                                      years_text(d, t[2]), half, most);
}

static double longest(const struct page *x)
{
    double most = 0, t[N_QUANTILES];
    for (size_t row = 0; row < x->rates->n_rows; row++) {
        times_of(x, row, t);
        for (size_t k = 0; k < N_QUANTILES; k++)
            most = fmax(most, t[k]);
    }
    /* four steps of whole years */
    return most > 4 ? 4 * ceil(most / 4) : lus_round_up(most > 0 ? most : 1);
}

int lus_chart_spread(struct lus_document *d, const struct lus_chart_request *q,
                     struct lus_drawing *out, struct lus_error *err)
{
    struct page x = {.rates = lus_document_find(d, "rates"),
                     .quantiles = lus_document_find(d, "quantiles"),
                     .year = (double)lus_unit_ticks(LUS_YEARS) / (double)lus_unit_ticks(d->unit)};
    struct lus_sheet *s = &x.s;
    if (!x.rates || !x.quantiles || !x.rates->n_rows)
        return lus_fail(err, LUS_EDATA, "nobody is left to draw");
    if (x.rates->n_rows > MOST_ROWS)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most %d strata", MOST_ROWS);
    lus_sheet_begin(s, d, out, q, LUS_SHEET_WIDE);
    lus_sheet_head(
        s, "How long people live",
        lus_chart_subject(d, lus_chart_measure(d), x.rates, lus_chart_people(d, x.rates)));
    s->axis_most = longest(&x);
    s->y = lus_sheet_words(
        s, "legend.dat", s->left, s->y + 8, s->width - 2 * s->left, 14.5,
        "dot: the median, by which half have died; bar: the middle half; line: all "
        "but the first and the last tenth; in years");
    s->y += 6;
    double top = s->y;
    for (size_t row = 0; row < x.rates->n_rows; row++)
        add_row(&x, row);
    if (!s->is_narrow) lus_sheet_grid(s, top, s->y + 6);
    lus_sheet_axis(s);
    lus_sheet_end(s);
    return LUS_OK;
}
