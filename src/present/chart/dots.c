#include "present/chart/dots.h"

#include <math.h>

void lus_dots_begin(struct lus_drawing *d, const char *template, double n_rows, double n_lines,
                    const double most[2])
{
    static const char *const files[] = {
        "ranges.dat", "tics.dat",   "lines.dat",     "figures.dat", "intervals.dat",
        "data.dat",   "few.dat",    "title.dat",     "panels.dat",  "heads.dat",
        "names.dat",  "words.dat",  "subtitle.dat",  "pale.dat",    "below.dat",
        "legend.dat", "counts.dat", "few_counts.dat"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    d->template = template;
    lus_string_print(&d->settings,
                     "N_ROWS = %.10g\nN_LINES = %.10g\nMOST_1 = %.17g\nMOST_2 = %.17g\n", n_rows,
                     n_lines, most[0], most[1]);
}

void lus_dots_title(struct lus_drawing *d, const char *subtitle)
{
    lus_drawing_text(lus_drawing_file(d, "title.dat"), d->title);
    lus_drawing_text(lus_drawing_file(d, "subtitle.dat"), subtitle);
}

void lus_dots_tics(struct lus_drawing *d, const char *file, int panel, double most, double scale,
                   const char *unit)
{
    for (int i = 0; i <= 4; i++)
        lus_string_print(lus_drawing_file(d, file), "%d\t%.10g\t%.4g%s\n", panel, most * i / 4,
                         scale * most * i / 4, unit);
}

void lus_dots_heading(struct lus_drawing *d, int panel, const char *text)
{
    lus_string_print(lus_drawing_file(d, "panels.dat"), "%d\t", panel);
    lus_drawing_text(lus_drawing_file(d, "panels.dat"), text);
}

void lus_dots_words(struct lus_drawing *d, const char *file, int panel, double row,
                    const char *text)
{
    lus_drawing_label(lus_drawing_file(d, file), panel, row, text);
}

void lus_dots_data(struct lus_drawing *d, int panel, double row, double value, double low,
                   double high, bool is_few)
{
    if (isnan(value)) return;
    lus_string_print(lus_drawing_file(d, is_few ? "few.dat" : "data.dat"), "%d\t%.10g\t%.10g\n",
                     panel, row, value);
    if (isnan(low) && isnan(high)) return;
    const double PAST_EVERY_AXIS = 1e99;
    lus_string_print(lus_drawing_file(d, "intervals.dat"), "%d\t%.10g\t%.10g\t%.10g\t%.10g\n",
                     panel, row, value, isnan(low) ? 0 : low, isnan(high) ? PAST_EVERY_AXIS : high);
}

void lus_dots_figure(struct lus_drawing *d, int panel, double row, double value, double low,
                     double high)
{
    lus_string_print(lus_drawing_file(d, "figures.dat"), "%d\t%.10g\t%.10g\t%.10g\t%.10g\n", panel,
                     row, value, low, high);
}

void lus_dots_range(struct lus_drawing *d, int panel, double row, double low, double high)
{
    lus_string_print(lus_drawing_file(d, "ranges.dat"), "%d\t%.10g\t%.10g\t%.10g\n", panel, row,
                     low, high);
}

void lus_dots_line(struct lus_drawing *d, int panel, double value, size_t n, const char *name)
{
    lus_string_print(lus_drawing_file(d, "lines.dat"), "%d\t%zu\t%.10g\t", panel, n, value);
    lus_drawing_text(lus_drawing_file(d, "lines.dat"), name);
}

double lus_round_up(double x)
{
    double power = pow(10, floor(log10(x > 0 ? x : 1)));
    static const double steps[] = {1, 2, 4, 8, 10};
    for (size_t i = 0; i < 5; i++)
        if (x <= steps[i] * power * (1 + 1e-9)) return steps[i] * power;
    return 10 * power;
}
