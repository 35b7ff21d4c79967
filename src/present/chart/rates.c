/* Rates by stratum, or by the levels of several factors under a heading each: survival at a horizon
 * and the median, each a dot with its interval; quoted figures as lines. Of the table `rates`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/sheet.h"

/* One of the two panels: where it stands, and how far its axis goes. */
struct axis {
    const char *heading;
    double from, to, words, most, scale; /* scale: of values to what the axis says */
    size_t n_figures;
};

enum { RATES, MEDIANS, N_AXES };
struct page {
    struct lus_sheet s;
    const struct lus_chart_request *q;
    const struct lus_table *t;
    struct axis axes[N_AXES];
    double names, counts; /* how far the names reach, where the counts end */
    double horizon;
    const char *horizon_text;
};

/* An estimate with its limits. */
struct estimate {
    const struct lus_cell *cell;
    double value, low, high;
};

static struct estimate estimate_of(const struct lus_table *t, size_t row, const char *value,
                                   const char *low, const char *high)
{
    const struct lus_cell *cell = lus_chart_cell(t, row, value);
    return (struct estimate){cell, cell->number, lus_chart_number(t, row, low),
                             lus_chart_number(t, row, high)};
}

/* A number as the table has it: shares in percent, times. */
static const char *number_text(struct lus_document *d, int axis, double x)
{
    if (isnan(x)) return "–";
    return axis == RATES ? lus_document_text(d, "%.1f", 100 * x) : lus_document_text(d, "%.4g", x);
}

/* "82.1 % (79.2 to 84.6)" */
static const char *interval_text(struct lus_document *d, int axis, const struct estimate *e)
{
    const char *text = lus_document_text(d, "%s%s", number_text(d, axis, e->value),
                                         axis == RATES ? " %" : "");
    if (isnan(e->low) && isnan(e->high)) return text;
    return lus_document_text(d, "%s (%s to %s)", text, number_text(d, axis, e->low),
                             number_text(d, axis, e->high));
}

/* Figures of the same statistic as what is drawn. */
static bool is_drawn(const struct page *x, const struct lus_quoted *f)
{
    return f->is_median || f->at == x->horizon;
}

/* Where the axis of medians ends: at the longest median, limit or figure. */
static double longest(const struct page *x)
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

static double on_axis(struct page *x, int axis, double value)
{
    const struct axis *a = &x->axes[axis];
    x->s.from = a->from, x->s.to = a->to, x->s.axis_most = a->most;
    return lus_sheet_on_axis(&x->s, isnan(value) ? a->most : a->scale * value);
}

/* What an open end of an interval passes stands at the edge. */
static void add_marks(struct page *x, int axis, double y, const struct estimate *e, bool is_few)
{
    struct lus_sheet *s = &x->s;
    if (isnan(e->value)) return;
    if (!isnan(e->low) || !isnan(e->high))
        lus_sheet_line(s, "intervals.dat", on_axis(x, axis, isnan(e->low) ? 0 : e->low), y,
                       on_axis(x, axis, e->high), y);
    lus_sheet_point(s, is_few ? "hollow.dat" : "dots.dat", on_axis(x, axis, e->value), y);
}

static struct estimate of_axis(const struct page *x, int axis, size_t row)
{
    return axis == RATES ? estimate_of(x->t, row, "survival", "conf_low", "conf_high")
                         : estimate_of(x->t, row, "median", "median_low", "median_high");
}

static const char *estimate_text(const struct page *x, int axis, const struct estimate *e)
{
    struct lus_document *d = x->s.doc;
    if (!isnan(e->value)) return interval_text(d, axis, e);
    if (axis == RATES) return lus_chart_absence(e->cell);
    return e->cell->why == LUS_WHY_TOO_FEW ? "not shown" : "not reached";
}

/* The heading of a factor that begins with a row; returns where the row stands. */
static double add_heading(struct page *x, size_t row, double y)
{
    struct lus_sheet *s = &x->s;
    const char *factor = x->q->is_each ? lus_chart_cell(x->t, row, "factor")->text : "";
    if (!*factor || (row && strcmp(factor, lus_chart_cell(x->t, row - 1, "factor")->text) == 0))
        return y;
    return lus_sheet_words(s, "strong.dat", s->left, y + 10, s->width - 2 * s->left, 16, factor) +
           6;
}

/* Name and number of people, in as many lines as the name needs; returns where the next line would
 * be. */
static double add_name(struct page *x, size_t row, double y)
{
    struct lus_sheet *s = &x->s;
    bool is_few = lus_chart_is_few(lus_chart_cell(x->t, row, "at_risk"));
    const char *n = lus_chart_count_text(s->doc, lus_chart_cell(x->t, row, "n"));
    lus_sheet_put(s, is_few ? "marks.dat" : "right.dat", x->counts, y, n);
    double indent = x->q->is_each && *lus_chart_cell(x->t, row, "factor")->text ? 14 : 0;
    const char *name = x->q->is_each ? lus_chart_cell(x->t, row, "level")->text
                                     : lus_chart_row_name(s->doc, x->t, row);
    return lus_sheet_words(s, "legend.dat", s->left + indent, y, x->names - s->left - indent, 14.5,
                           name);
}

static void add_estimate(struct page *x, size_t row, int axis, double y, double words_x,
                         double words_y)
{
    struct estimate e = of_axis(x, axis, row);
    bool is_few = axis == RATES && lus_chart_is_few(lus_chart_cell(x->t, row, "at_risk"));
    add_marks(x, axis, y, &e, is_few);
    lus_sheet_put(&x->s, isnan(e.value) ? "text.dat" : "legend.dat", words_x, words_y,
                  estimate_text(x, axis, &e));
}

static void describe_row(struct page *x, size_t row)
{
    struct lus_sheet *s = &x->s;
    const char *name = lus_chart_row_name(s->doc, x->t, row);
    if (x->q->is_each) {
        const char *factor = lus_chart_cell(x->t, row, "factor")->text;
        name = lus_document_text(s->doc, "%s%s%s", factor, *factor ? " " : "",
                                 lus_chart_cell(x->t, row, "level")->text);
    }
    struct estimate rate = of_axis(x, RATES, row), median = of_axis(x, MEDIANS, row);
    bool is_late = isnan(rate.value) && rate.cell->why != LUS_WHY_TOO_FEW;
    s->d->summary = lus_document_text(s->doc, "%s %s: %s at %s, median %s, n %s.", s->d->summary,
                                      name, is_late ? "–" : estimate_text(x, RATES, &rate),
                                      x->horizon_text, estimate_text(x, MEDIANS, &median),
                                      lus_chart_count_text(s->doc, lus_chart_cell(x->t, row, "n")));
}

/* Lines of an axis between two heights, and its numbers below. */
static void add_axis(struct page *x, int axis, double top, double bottom)
{
    struct lus_sheet *s = &x->s;
    (void)on_axis(x, axis, 0);
    lus_sheet_grid(s, top, bottom);
    s->y = bottom - 6;
    lus_sheet_axis(s);
}

/* Figures as lines through all rows, named below them. Returns where the next name would be. */
static double add_figures(struct page *x, int axis, double top, double y)
{
    struct lus_sheet *s = &x->s;
    for (size_t i = 0; i < x->q->n_quoted; i++) {
        const struct lus_quoted *f = &x->q->quoted[i];
        if (!is_drawn(x, f) || f->is_median != (axis == MEDIANS)) continue;
        double at = on_axis(x, axis, f->value), width = lus_sheet_width(f->label),
               words = fmax(s->left, fmin(at + 8, s->width - s->left - width));
        lus_sheet_line(s, "through.dat", at, top, at, y);
        lus_sheet_quote(s, words, y, f->label);
        s->d->summary = lus_document_text(s->doc, "%s Quoted: %s.", s->d->summary, f->label);
        y += LUS_SHEET_LINE;
    }
    return y;
}

/* Both axes side by side. */
static void draw_wide(struct page *x)
{
    struct lus_sheet *s = &x->s;
    double top = s->y + 26;
    for (int a = 0; a < N_AXES; a++)
        lus_sheet_put(s, "strong.dat", x->axes[a].from, s->y + 10, x->axes[a].heading);
    lus_sheet_put(s, "right.dat", x->counts, s->y + 10, "n");
    double y = top + 16, end = top;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        y = add_heading(x, row, y);
        for (int a = 0; a < N_AXES; a++)
            add_estimate(x, row, a, y, x->axes[a].words, y);
        y = add_name(x, row, y) + 8;
        end = y - 8;
    }
    for (int a = 0; a < N_AXES; a++)
        add_axis(x, a, top, end);
    double below = s->y;
    for (int a = 0; a < N_AXES; a++)
        below = fmax(below, add_figures(x, a, top, s->y + 12) - 8);
    s->y = below;
}

/* One axis below the other, each row in three lines: its name, its words, its marks. */
static void draw_narrow(struct page *x)
{
    struct lus_sheet *s = &x->s;
    for (int a = 0; a < N_AXES; a++) {
        s->y = lus_sheet_words(s, "strong.dat", s->left, s->y + 14, s->width - 2 * s->left, 16,
                               x->axes[a].heading);
        double top = s->y - 4, y = s->y + 8;
        for (size_t row = 0; row < x->t->n_rows; row++) {
            double words = add_name(x, row, add_heading(x, row, y));
            add_estimate(x, row, a, words + LUS_SHEET_LINE + 2, s->left, words);
            y = words + 2 * LUS_SHEET_LINE + 14;
        }
        add_axis(x, a, top, y - 18);
        s->y = add_figures(x, a, top, s->y + 12) + 4;
    }
}

static void place(struct page *x)
{
    struct lus_sheet *s = &x->s;
    static const double wide[N_AXES][3] = {{0.27, 0.46, 0.475}, {0.655, 0.815, 0.83}};
    x->names = s->is_narrow ? s->width - s->left - 60 : 0.2 * s->width;
    x->counts = s->is_narrow ? s->width - s->left : 0.25 * s->width;
    for (int a = 0; a < N_AXES; a++) {
        x->axes[a].from = s->is_narrow ? s->left + 14 : wide[a][0] * s->width;
        x->axes[a].to = s->is_narrow ? s->width - s->left - 22 : wide[a][1] * s->width;
        x->axes[a].words = wide[a][2] * s->width;
    }
}

static void draw(struct page *x)
{
    struct lus_sheet *s = &x->s;
    struct lus_document *d = s->doc;
    x->axes[RATES] = (struct axis){
        .heading = lus_document_text(d, "Alive at %s, %%", x->horizon_text),
        .most = 100,
        .scale = 100};
    x->axes[MEDIANS] = (struct axis){
        .heading = lus_document_text(d, "Median, %s", lus_unit_name(d->unit)),
        .most = longest(x),
        .scale = 1};
    place(x);
    lus_sheet_head(
        s, NULL,
        lus_document_text(d, "%s; %g %% intervals (%s); hollow: fewer than %d at risk%s",
                          lus_chart_subject(d, lus_chart_measure(d), x->q->is_each ? NULL : x->t,
                                            lus_chart_people(d, x->t)),
                          100 * d->conf_level, d->transform, LUS_FEW,
                          d->has_entry ? "; delayed entry" : ""));
    for (size_t row = 0; row < x->t->n_rows; row++)
        describe_row(x, row);
    if (s->is_narrow) draw_narrow(x);
    else draw_wide(x);
    lus_sheet_end(s);
}

int lus_chart_rates(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    enum { MOST_ROWS = 60 };
    struct page x = {.q = q, .t = lus_document_find(d, "rates")};
    if (x.t->n_rows > MOST_ROWS)
        return lus_fail(err, LUS_EUSAGE, "%zu strata; a chart shows at most %d", x.t->n_rows,
                        MOST_ROWS);
    const struct lus_cell *time = lus_chart_cell(x.t, 0, "time");
    x.horizon = time->number, x.horizon_text = time->text;
    lus_sheet_begin(&x.s, d, out, q, LUS_SHEET_WIDE);
    draw(&x);
    return LUS_OK;
}
