#include "present/chart/sheet.h"

#include <math.h>

static const double TITLE_LINE = 25, CHARACTER = 7.2; /* how wide one is, on average */

/* What plots/sheet.gp draws. */
static const char *const files[] = {
    "rules.dat",        "grid.dat",       "axes.dat",     "cells.dat",     "hidden.dat",
    "people.dat",       "ranges.dat",     "boxes.dat",    "bars.dat",      "steps.dat",
    "bands.dat",        "medians.dat",    "censored.dat", "samples.dat",   "leaders.dat",
    "gaps.dat",         "arrows.dat",     "ways.dat",     "figures.dat",   "through.dat",
    "grains.dat",       "thin.dat",       "studies.dat",  "intervals.dat", "hollow.dat",
    "dots.dat",         "quoted.dat",     "key_few.dat",  "key_band.dat",  "key_median.dat",
    "key_censored.dat", "key_quoted.dat", "title.dat",    "panels.dat",    "strong.dat",
    "faint.dat",        "text.dat",       "small.dat",    "legend.dat",    "words.dat",
    "plates.dat",       "says.dat",       "found.dat",    "tics.dat",      "marks.dat",
    "counts.dat",       "few.dat",        "shares.dat",   "right.dat",     "names.dat",
    "rows.dat"};

void lus_sheet_begin(struct lus_sheet *s, struct lus_document *doc, struct lus_drawing *d,
                     const struct lus_chart_request *q, double width)
{
    enum { NARROW = 760 };
    *s = (struct lus_sheet){
        .doc = doc, .d = d, .q = q, .width = round(q->width > 0 ? q->width : width)};
    d->is_synthetic = doc->is_synthetic;
    d->keep_script = q->keep_script;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    lus_string_put(&d->settings, "IS_STACKED = 0\nN_REST = 0\nSHADE = 0.13\n");
    d->template = lus_template_sheet;
    s->is_narrow = s->width < NARROW;
    s->left = s->is_narrow ? 14 : 24;
    s->from = s->is_narrow ? s->left + 14 : 0.31 * s->width;
    s->to = s->is_narrow ? s->width - s->left - 22 : 0.66 * s->width;
    s->right = 0.69 * s->width;
}

void lus_sheet_put(struct lus_sheet *s, const char *file, double x, double y, const char *text)
{
    lus_drawing_label(lus_drawing_file(s->d, file), x, y, text);
}

void lus_sheet_line(struct lus_sheet *s, const char *file, double x, double y, double to_x,
                    double to_y)
{
    lus_string_print(lus_drawing_file(s->d, file), "%.10g\t%.10g\t%.10g\t%.10g\n", x, y, to_x,
                     to_y);
}

void lus_sheet_mark(struct lus_sheet *s, const char *file, double x, double y, double to_x,
                    double to_y, double value)
{
    lus_string_print(lus_drawing_file(s->d, file), "%.10g\t%.10g\t%.10g\t%.10g\t%.10g\n", x, y,
                     to_x, to_y, value);
}

void lus_sheet_point(struct lus_sheet *s, const char *file, double x, double y)
{
    lus_string_print(lus_drawing_file(s->d, file), "%.10g\t%.10g\n", x, y);
}

struct block {
    struct lus_sheet *s;
    const char *file;
    double x, y, pitch;
};

static void put_line(void *context, size_t i, const char *text)
{
    struct block *b = context;
    lus_sheet_put(b->s, b->file, b->x, b->y + b->pitch * (double)i, text);
}

double lus_sheet_words(struct lus_sheet *s, const char *file, double x, double y, double width,
                       double size, const char *text)
{
    struct block b = {s, file, x, y, LUS_SHEET_LINE};
    size_t n = lus_chart_wrap(s->doc, text, (size_t)(width / (CHARACTER * size / 14.5)), put_line,
                              &b);
    return y + LUS_SHEET_LINE * (double)n;
}

void lus_sheet_quote(struct lus_sheet *s, double x, double y, const char *text)
{
    lus_sheet_line(s, "plates.dat", x - 3, y - 9, x + lus_sheet_width(text) + 3, y + 9);
    lus_sheet_put(s, "words.dat", x, y, text);
}

double lus_sheet_width(const char *text)
{
    return CHARACTER * (double)lus_utf8_width(text, strlen(text));
}

void lus_sheet_head(struct lus_sheet *s, const char *title, const char *subtitle)
{
    struct lus_document *doc = s->doc;
    double wide = s->width - 2 * s->left;
    if (s->q->title) title = s->q->title;
    else if (!title) title = doc->data_title ? doc->data_title : doc->file;
    s->d->title = lus_document_text(doc, "%s%s", title, doc->is_synthetic ? " (SYNTHETIC)" : "");
    if (!s->d->summary) s->d->summary = lus_document_text(doc, "%s.", subtitle);
    struct block b = {s, "title.dat", s->left, 30, TITLE_LINE};
    size_t n = lus_chart_wrap(s->doc, s->d->title, (size_t)(wide / 10.6), put_line, &b);
    s->y = lus_sheet_words(s, "text.dat", s->left, 34 + TITLE_LINE * (double)n, wide, 14.5,
                           subtitle);
}

void lus_sheet_end(struct lus_sheet *s)
{
    const char *from = s->doc->provenance ? s->doc->provenance : "";
    s->y = lus_sheet_words(
        s, "small.dat", s->left, s->y + 20, s->width - 2 * s->left, 12,
        lus_document_text(s->doc, "%s Statistics of a population, never advice to a person.",
                          from));
    lus_string_print(&s->d->settings, "WIDTH = %.0f\nHEIGHT = %.0f\n", s->width, ceil(s->y + 8));
}

double lus_sheet_on_axis(const struct lus_sheet *s, double value)
{
    double share = value < 0 ? 0 : value > s->axis_most ? 1 : value / s->axis_most;
    return s->from + share * (s->to - s->from);
}

double lus_round_up(double x)
{
    double power = pow(10, floor(log10(x > 0 ? x : 1)));
    static const double steps[] = {1, 2, 4, 8, 10};
    for (size_t i = 0; i < 5; i++)
        if (x <= steps[i] * power * (1 + 1e-9)) return steps[i] * power;
    return 10 * power;
}

static int n_steps(const struct lus_sheet *s)
{
    return s->axis_most == 100 ? 5 : 4;
}

void lus_sheet_grid(struct lus_sheet *s, double top, double bottom)
{
    for (int i = 0; i <= n_steps(s); i++) {
        double x = lus_sheet_on_axis(s, s->axis_most * i / n_steps(s));
        lus_sheet_line(s, "grid.dat", x, top, x, bottom);
    }
}

void lus_sheet_axis(struct lus_sheet *s)
{
    for (int i = 0; i <= n_steps(s); i++) {
        double value = s->axis_most * i / n_steps(s);
        lus_sheet_put(s, "tics.dat", lus_sheet_on_axis(s, value), s->y + 20,
                      lus_document_text(s->doc, "%.4g", value));
    }
    s->y += 34;
}
