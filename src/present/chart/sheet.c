#include "present/chart/sheet.h"

static const double TITLE_LINE = 25, CHARACTER = 7.2; /* how wide one is, on average */

void lus_sheet_begin(struct lus_sheet *s, struct lus_document *doc, struct lus_drawing *d,
                     double width)
{
    static const char *const files[] = {
        "rules.dat",  "grid.dat",   "bands.dat",   "bars.dat",    "gaps.dat",      "arrows.dat",
        "boxes.dat",  "ways.dat",   "figures.dat", "studies.dat", "intervals.dat", "hollow.dat",
        "dots.dat",   "title.dat",  "panels.dat",  "strong.dat",  "faint.dat",     "text.dat",
        "legend.dat", "says.dat",   "found.dat",   "tics.dat",    "line_1.dat",    "line_2.dat",
        "line_3.dat", "line_4.dat", "line_5.dat",  "line_6.dat",  "ways_thin.dat", "grains.dat"};
    enum { WIDTH = 1150, NARROW = 760 };
    *s = (struct lus_sheet){.doc = doc, .d = d, .width = width > 0 ? width : WIDTH};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
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

double lus_sheet_width(const char *text)
{
    return CHARACTER * (double)lus_utf8_width(text, strlen(text));
}

void lus_sheet_head(struct lus_sheet *s, const char *title, const char *subtitle)
{
    double wide = s->width - 2 * s->left;
    s->d->title = lus_document_text(s->doc, "%s%s", title,
                                    s->doc->is_synthetic ? " (SYNTHETIC)" : "");
    s->d->summary = lus_document_text(s->doc, "%s.", subtitle);
    struct block b = {s, "title.dat", s->left, 30, TITLE_LINE};
    size_t n = lus_chart_wrap(s->doc, s->d->title, (size_t)(wide / 10.6), put_line, &b);
    s->y = lus_sheet_words(s, "text.dat", s->left, 34 + TITLE_LINE * (double)n, wide, 14.5,
                           subtitle);
}

void lus_sheet_end(struct lus_sheet *s)
{
    const char *from = s->doc->provenance ? s->doc->provenance : "";
    s->y = lus_sheet_words(
        s, "text.dat", s->left, s->y + 20, s->width - 2 * s->left, 14.5,
        lus_document_text(s->doc, "%s Statistics of a population, never advice to a person.",
                          from));
    lus_string_print(&s->d->settings, "WIDTH = %.10g\nHEIGHT = %.10g\n", s->width, s->y + 8);
}

double lus_sheet_on_axis(const struct lus_sheet *s, double value)
{
    double share = value < 0 ? 0 : value > s->axis_most ? 1 : value / s->axis_most;
    return s->from + share * (s->to - s->from);
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
