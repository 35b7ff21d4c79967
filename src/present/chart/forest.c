/* Hazard ratios of a model: a row for each level, references as hollow dots at 1, a logarithmic
 * axis. Of the table `coefficients`. */
#include <math.h>

#include "present/chart/sheet.h"

enum { MOST_ROWS = 60, ROW = 30, HEAD = 34 };
static const double TERM = 16, LEVEL = 14.5; /* sizes of words */

struct forest {
    struct lus_sheet s;
    const struct lus_table *t;
    double least, most; /* of the axis */
};

/* 1, 2, 5 and their tens, up or down. */
static double nice(double x, bool up)
{
    static const double steps[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(x) + 1e-12));
    for (size_t i = 0; i < 4 && up; i++)
        if (x <= steps[i] * power * (1 + 1e-9)) return steps[i] * power;
    for (size_t i = 4; i-- > 0;)
        if (x >= steps[i] * power * (1 - 1e-9)) return steps[i] * power;
    return x;
}

/* From the least limit to the largest, half to 2 at least, twenty times 1 at most. */
static void set_axis(struct forest *f)
{
    double least = 0.5, most = 2;
    for (size_t row = 0; row < f->t->n_rows; row++) {
        least = fmin(least, lus_chart_number(f->t, row, "conf_low"));
        most = fmax(most, lus_chart_number(f->t, row, "conf_high"));
    }
    f->least = nice(fmax(least, 0.05), false);
    f->most = nice(fmin(most, 20), true);
    f->s.axis_most = log(f->most / f->least);
}

static double on_axis(const struct forest *f, double ratio)
{
    return lus_sheet_on_axis(&f->s, log(ratio / f->least));
}

/* Lines of the axis between two heights; its numbers below, where they are wanted. */
static void draw_grid(struct forest *f, double top, double bottom, bool has_numbers)
{
    struct lus_sheet *s = &f->s;
    static const double steps[] = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] < f->least * (1 - 1e-9) || steps[i] > f->most * (1 + 1e-9)) continue;
        double x = on_axis(f, steps[i]);
        if (bottom > top)
            lus_sheet_line(s, steps[i] == 1 ? "gaps.dat" : "grid.dat", x, top, x, bottom);
        if (has_numbers)
            lus_sheet_put(s, "tics.dat", x, s->y + 20, lus_document_text(s->doc, "%.4g", steps[i]));
    }
}

static void draw_axis(struct forest *f, double top)
{
    struct lus_sheet *s = &f->s;
    draw_grid(f, top, s->is_narrow ? top : s->y, true);
    s->y += 40;
    if (!s->is_narrow) {
        lus_sheet_put(s, "tics.dat", (s->from + on_axis(f, 1)) / 2, s->y, "lower hazard");
        lus_sheet_put(s, "tics.dat", (s->to + on_axis(f, 1)) / 2, s->y, "higher hazard");
        s->y += 14;
    }
}

static const char *ratio_text(struct lus_document *d, double x)
{
    return isnan(x) ? "–" : lus_document_text(d, x >= 0.095 && x < 9.995 ? "%.2f" : "%.3g", x);
}

static const char *value_text(const struct forest *f, size_t row)
{
    struct lus_document *d = f->s.doc;
    const struct lus_cell *ratio = lus_chart_cell(f->t, row, "hazard_ratio");
    double low = lus_chart_number(f->t, row, "conf_low"),
           high = lus_chart_number(f->t, row, "conf_high");
    if (isnan(ratio->number)) return lus_chart_absence(ratio);
    if (isnan(low)) return "1, the reference";
    return lus_document_text(d, "%s (%s to %s)", ratio_text(d, ratio->number), ratio_text(d, low),
                             ratio_text(d, high));
}

static void add_marks(struct forest *f, size_t row, double y)
{
    struct lus_sheet *s = &f->s;
    double ratio = lus_chart_number(f->t, row, "hazard_ratio"),
           low = lus_chart_number(f->t, row, "conf_low"),
           high = lus_chart_number(f->t, row, "conf_high");
    if (isnan(ratio)) return;
    bool is_few = lus_chart_is_few(lus_chart_cell(f->t, row, "n"));
    if (!isnan(low)) lus_sheet_line(s, "intervals.dat", on_axis(f, low), y, on_axis(f, high), y);
    lus_sheet_point(s, isnan(low) || is_few ? "hollow.dat" : "dots.dat", on_axis(f, ratio), y);
}

/* The words of a row from its top, and above it those of its term, where that is new. Returns where
 * a further line would be; *y: where the first is. */
static double put_names(struct forest *f, size_t row, double room, double *y)
{
    struct lus_sheet *s = &f->s;
    const char *term = lus_chart_cell(f->t, row, "term")->text,
               *level = lus_chart_cell(f->t, row, "level")->text;
    bool is_new = !row || strcmp(term, lus_chart_cell(f->t, row - 1, "term")->text) != 0;
    if (is_new && row) lus_sheet_line(s, "rules.dat", s->left, s->y, s->width - s->left, s->y);
    if (is_new && *level)
        s->y = lus_sheet_words(s, "strong.dat", s->left, s->y + HEAD - 12, s->width - 2 * s->left,
                               TERM, term) +
               12 - LUS_SHEET_LINE;
    else if (is_new) s->y += 8;
    *y = s->y + 17;
    if (*level) return lus_sheet_words(s, "legend.dat", s->left + 14, *y, room - 14, LEVEL, level);
    return lus_sheet_words(s, "strong.dat", s->left, *y, room, TERM,
                           lus_document_text(s->doc, "%s, each 1 more", term));
}

static void add_row(struct forest *f, size_t row)
{
    struct lus_sheet *s = &f->s;
    struct lus_document *d = s->doc;
    const char *term = lus_chart_cell(f->t, row, "term")->text,
               *level = lus_chart_cell(f->t, row, "level")->text,
               *n = lus_chart_count_text(d, lus_chart_cell(f->t, row, "n")),
               *events = lus_chart_count_text(d, lus_chart_cell(f->t, row, "events")),
               *counts = lus_document_text(d, "%s / %s", events, n);
    double y,
        room = s->is_narrow ? s->width - 2 * s->left
                            : s->from - s->left - 24 - lus_sheet_width(counts),
        below = put_names(f, row, room, &y), last = below - LUS_SHEET_LINE;
    if (s->is_narrow) {
        lus_sheet_put(s, "text.dat", s->left + 14, below,
                      lus_document_text(d, "%s   %s", value_text(f, row), counts));
        last = y = below + 16;
        draw_grid(f, y - 9, y + 9, false);
    } else {
        lus_sheet_put(s, "text.dat", s->from - 12 - lus_sheet_width(counts), y, counts);
        lus_sheet_put(s, "legend.dat", s->right, y, value_text(f, row));
    }
    add_marks(f, row, y);
    s->y = last + ROW - 17;
    s->d->summary = lus_document_text(d, "%s %s%s%s: %s.", s->d->summary, term, *level ? " " : "",
                                      level, value_text(f, row));
}

int lus_chart_forest(struct lus_document *d, const struct lus_chart_request *q,
                     struct lus_drawing *out, struct lus_error *err)
{
    struct forest f = {.t = lus_document_find(d, "coefficients")};
    struct lus_sheet *s = &f.s;
    if (!f.t || !f.t->n_rows) return lus_fail(err, LUS_EDATA, "the model has no coefficient");
    if (f.t->n_rows > MOST_ROWS)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most %d levels", MOST_ROWS);
    lus_sheet_begin(s, d, out, q, LUS_SHEET_WIDE);
    const char *what = lus_document_text(d, "Hazard ratios%s%s, all else equal; %s",
                                         d->measure ? ", " : "", d->measure ? d->measure : "",
                                         d->estimator ? d->estimator : "");
    lus_sheet_head(s, NULL,
                   lus_document_text(d, "%s; %s", what, lus_chart_n(d, lus_chart_analysed(d))));
    set_axis(&f);
    s->y = lus_sheet_words(s, "legend.dat", s->left, s->y + 8, s->width - 2 * s->left, 14.5,
                           lus_document_text(d,
                                             "dot: hazard ratio; line: %g %% interval; hollow: the "
                                             "reference; beside it events / people",
                                             100 * d->conf_level));
    double top = s->y + 4;
    for (size_t row = 0; row < f.t->n_rows; row++)
        add_row(&f, row);
    s->y += 6;
    draw_axis(&f, top);
    lus_sheet_end(s);
    return LUS_OK;
}
