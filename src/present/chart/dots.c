#include "present/chart/dots.h"

#include <math.h>

static const double HEAD = 4.0, ROW_PIXELS = 30; /* rows above the first, for titles and axes */

void lus_dots_begin(struct lus_drawing *d, double n_rows, double left, double right, double width)
{
    static const char *const files[] = {
        "bands.dat", "grid.dat", "refs.dat",    "rounding.dat", "intervals.dat",
        "data.dat",  "few.dat",  "figures.dat", "title.dat",    "subtitle.dat",
        "heads.dat", "left.dat", "pale.dat",    "centre.dat",   "right.dat"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    d->template = lus_template_dots;
    d->width = width;
    d->height = ROW_PIXELS * (n_rows + HEAD + 0.6);
    lus_string_print(&d->settings, "LEFT = %.10g\nRIGHT = %.10g\nTOP = %.10g\nBOTTOM = %.10g\n",
                     left, right, HEAD, -n_rows - 0.6);
}

void lus_dots_title(struct lus_drawing *d, double left, const char *title, const char *subtitle)
{
    lus_drawing_label(lus_drawing_file(d, "title.dat"), left + 0.01, HEAD - 0.7, title);
    lus_drawing_label(lus_drawing_file(d, "subtitle.dat"), left + 0.01, HEAD - 1.6, subtitle);
}

static double place(const struct lus_panel *p, double value)
{
    double share = value / p->most;
    return p->x + p->width * (share < 0 ? 0 : share > 1 ? 1 : share);
}

void lus_dots_axis(struct lus_document *doc, struct lus_drawing *d, const struct lus_panel *p,
                   double from, double to, const char *heading)
{
    for (int i = 0; i <= 4; i++) {
        double value = p->most * i / 4, x = place(p, value);
        lus_string_print(lus_drawing_file(d, "grid.dat"), "%.10g\t%.10g\t0\t%.10g\n", x,
                         -from + 0.45, from - to);
        lus_drawing_label(lus_drawing_file(d, "centre.dat"), x, -from + 0.75,
                          p->is_share ? lus_document_text(doc, "%.3g %%", 100 * value)
                                      : lus_document_text(doc, "%.4g", value));
    }
    lus_drawing_label(lus_drawing_file(d, "heads.dat"), p->x, -from + 1.45, heading);
}

void lus_dots_data(struct lus_drawing *d, const struct lus_panel *p, double y, double value,
                   double low, double high, bool is_few)
{
    double x = place(p, value);
    if (isnan(value)) return;
    lus_string_print(lus_drawing_file(d, is_few ? "few.dat" : "data.dat"), "%.10g\t%.10g\n", x, -y);
    if (isnan(low) && isnan(high)) return;
    lus_string_print(lus_drawing_file(d, "intervals.dat"), "%.10g\t%.10g\t%.10g\t%.10g\n", x,
                     isnan(low) ? p->x : place(p, low), -y,
                     isnan(high) ? p->x + p->width : place(p, high));
}

void lus_dots_figure(struct lus_drawing *d, const struct lus_panel *p, double y, double value,
                     double low, double high)
{
    double x = place(p, value);
    lus_string_print(lus_drawing_file(d, "figures.dat"), "%.10g\t%.10g\n", x, -y);
    lus_string_print(lus_drawing_file(d, "rounding.dat"), "%.10g\t%.10g\t%.10g\t%.10g\n", x,
                     place(p, low), -y, place(p, high));
}

void lus_dots_range(struct lus_drawing *d, const struct lus_panel *p, double y, double low,
                    double high)
{
    double x = place(p, low), end = place(p, high);
    if (end - x < 0.006) x -= 0.003, end += 0.003;
    lus_string_print(lus_drawing_file(d, "bands.dat"), "%.10g\t%.10g\t%.10g\t%.10g\n", x, -y - 0.38,
                     end, -y + 0.38);
}

void lus_dots_line(struct lus_drawing *d, const struct lus_panel *p, double from, double to,
                   double value, const char *name, double height)
{
    double x = place(p, value);
    lus_string_print(lus_drawing_file(d, "refs.dat"), "%.10g\t%.10g\t0\t%.10g\n", x, -from + 0.45,
                     from - to);
    lus_drawing_label(lus_drawing_file(d, "left.dat"), x + 0.01, -to + 0.1 - height, name);
}

double lus_round_up(double x)
{
    double power = pow(10, floor(log10(x > 0 ? x : 1)));
    static const double steps[] = {1, 2, 4, 8, 10};
    for (size_t i = 0; i < 5; i++)
        if (x <= steps[i] * power * (1 + 1e-9)) return steps[i] * power;
    return 10 * power;
}
