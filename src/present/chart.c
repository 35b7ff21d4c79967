#include "present/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "present/drawing.h"

/* Layout, in units of the y axis: 1 is 100 %. */
static const double ROW = 0.062, TABLE_TOP = -0.20, NAME_GAP = 0.055, SUBTITLE_ROW = 0.065;

void lus_chart_free(struct lus_chart *chart)
{
    if (!chart) return;
    for (size_t i = 0; i < chart->n_series; i++) {
        struct lus_chart_series *s = &chart->series[i];
        free(s->x), free(s->y), free(s->low), free(s->high), free(s->at_risk), free(s->censored_by),
            free(s->events_by), free(s->censored_x);
    }
    free(chart->series);
    free(chart->risk_times);
    free(chart->marks);
    free(chart);
}

/* The files that a chart is made of. */
struct sheet {
    struct lus_string *medians, *censored, *figures, *leaders, *words, *steps, *bands, *title,
        *subtitle, *left, *right, *centre, *pale, *names, *rows;
};

static void put_shortened(struct lus_string *out, double x, double y, const char *text, size_t most)
{
    size_t n = strlen(text);
    if (lus_utf8_width(text, n) <= most) {
        lus_drawing_label(out, x, y, text);
        return;
    }
    size_t kept = 0, width = 0;
    while (kept < n && width + 1 < most) {
        kept++;
        while (kept < n && ((unsigned char)text[kept] & 0xc0) == 0x80)
            kept++;
        width++;
    }
    struct lus_string cut = {0};
    lus_string_add(&cut, text, kept);
    lus_string_put(&cut, "…");
    lus_drawing_label(out, x, y, cut.at ? cut.at : "");
    out->failed |= cut.failed;
    lus_string_free(&cut);
}

static bool has_moved(double now, double then, double by)
{
    return isnan(now) != isnan(then) || fabs(now - then) > by;
}

/*
 * Which points of a step curve its picture needs, half a pixel being the grain: those that move the
 * curve or its band, unless the next stands so near to the last one kept that the step may as well
 * be taken there; and where the line grows lighter.
 */
static bool is_visible(const struct lus_chart *chart, const struct lus_chart_series *s, size_t i,
                       size_t last)
{
    static const double ACROSS = 1.0 / 1200, DOWN = 1.0 / 1000;
    if (i == 0 || i + 1 == s->n || (s->x[last] < s->few_from && s->x[i] >= s->few_from))
        return true;
    if (s->x[i + 1] <= chart->x_max && s->x[i + 1] - s->x[last] < chart->x_max * ACROSS)
        return false;
    return has_moved(s->y[i], s->y[last], DOWN) || has_moved(s->low[i], s->low[last], DOWN) ||
           has_moved(s->high[i], s->high[last], DOWN);
}

static void put_step(struct lus_string *out, double x, double y, double few_from)
{
    lus_string_print(out, "%.10g\t%.10g\t", x, y);
    if (x >= few_from) lus_string_print(out, "%.10g\n", y); /* the lighter core of the line */
    else lus_string_put(out, "NaN\n");
}

static void put_series(struct sheet *sheet, const struct lus_chart *chart,
                       const struct lus_chart_series *s)
{
    double y = chart->start, low = y, high = y;
    size_t last = 0;
    put_step(sheet->steps, 0, y, s->few_from);
    lus_string_print(sheet->bands, "0\t%.10g\t%.10g\n", y, y);
    for (size_t i = 0; i < s->n && s->x[i] <= chart->x_max; i++) {
        if (!is_visible(chart, s, i, last)) continue;
        last = i;
        put_step(sheet->steps, s->x[i], y, s->few_from);
        lus_string_print(sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
        y = s->y[i];
        low = isnan(s->low[i]) ? y : s->low[i];
        high = isnan(s->high[i]) ? y : s->high[i];
        put_step(sheet->steps, s->x[i], y, s->few_from);
        lus_string_print(sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
    }
    if (s->n && s->x[s->n - 1] > chart->x_max) put_step(sheet->steps, chart->x_max, y, s->few_from);
    lus_string_put(sheet->steps, "\n\n");
    lus_string_put(sheet->bands, "\n\n");
}

/* Where a curve ends inside the chart. */
static double end_height(const struct lus_chart *chart, const struct lus_chart_series *s, double *x)
{
    double y = chart->start;
    *x = 0;
    for (size_t i = 0; i < s->n && s->x[i] <= chart->x_max; i++) {
        y = chart->is_stacked ? (s->low[i] + s->high[i]) / 2 : s->y[i];
        *x = s->x[i];
    }
    if (s->n && s->x[s->n - 1] > chart->x_max) *x = chart->x_max;
    return y;
}

/* How far the sheet reaches to the left of the axis, where the risk table's names stand, and to the
 * right of it, where the curves' names stand: in units of the axis, by the longest name. */
enum { LONGEST_ROW_NAME = 16, LONGEST_NAME = 24, LONGEST_LINE = 100 };
static const double CHARACTER = 0.0158;

static double reach(const struct lus_chart *chart, size_t most, double least)
{
    size_t widest = 0;
    for (size_t i = 0; i < chart->n_series && chart->n_series > 1; i++) {
        size_t width = lus_utf8_width(chart->series[i].label, strlen(chart->series[i].label));
        if (width > widest) widest = width;
    }
    double wanted = 0.05 + CHARACTER * (double)(widest < most ? widest : most);
    return wanted > least ? wanted : least;
}

static double left_reach(const struct lus_chart *chart)
{
    return reach(chart, LONGEST_ROW_NAME, 0.12) + 0.05;
}

/* Names at the ends of their curves, pushed apart where they would collide. */
static void put_names(struct sheet *sheet, const struct lus_chart *chart)
{
    double height[LUS_MOST_SERIES], x;
    size_t order[LUS_MOST_SERIES], n = chart->n_series;
    for (size_t i = 0; i < n; i++) {
        height[i] = end_height(chart, &chart->series[i], &x);
        size_t k = i;
        for (; k > 0 && height[order[k - 1]] > height[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    for (size_t k = 0; k < n; k++) {
        double floor_here = k ? height[order[k - 1]] + NAME_GAP : 0.015;
        if (height[order[k]] < floor_here) height[order[k]] = floor_here;
    }
    for (size_t i = 0; i < n; i++) {
        put_shortened(sheet->names, 1.015 * chart->x_max, height[i],
                      chart->n_series > 1 && chart->series[i].n ? chart->series[i].label : " ",
                      LONGEST_NAME);
        lus_string_put(sheet->names, "\n\n");
    }
}

/* The bytes of a text's first line: up to the last space within the room, or all of it. */
static size_t line_length(const char *text, size_t room)
{
    size_t n = strlen(text), kept = 0;
    if (lus_utf8_width(text, n) <= room) return n;
    for (size_t i = 1; i < n; i++)
        if (text[i] == ' ' && (!kept || lus_utf8_width(text, i) <= room)) kept = i;
    return kept ? kept : n;
}

/* The upper edge: room for the title and the lines of the subtitle. */
static double top_of(const struct lus_chart *chart)
{
    double top = 1.26;
    const char *rest = chart->subtitle;
    for (size_t n = line_length(rest, LONGEST_LINE); rest[n]; n = line_length(rest, LONGEST_LINE)) {
        rest += n + strspn(rest + n, " ");
        top += SUBTITLE_ROW;
    }
    return top;
}

static void put_axes(struct sheet *sheet, const struct lus_chart *chart)
{
    double left = -(left_reach(chart) - 0.01) * chart->x_max;
    char text[64];
    for (int i = 0; i <= 5; i++) {
        (void)snprintf(text, sizeof text, "%d %%", 20 * i);
        lus_drawing_label(sheet->right, -0.012 * chart->x_max, 0.2 * i, text);
    }
    for (double x = 0; x <= chart->x_max * (1 + 1e-9); x += chart->tic) {
        (void)snprintf(text, sizeof text, "%g", x);
        lus_drawing_label(sheet->centre, x, -0.045, text);
    }
    lus_drawing_label(sheet->centre, chart->x_max / 2, -0.105, chart->x_label);
    lus_drawing_label(sheet->left, left, 1.06, chart->y_label);
    lus_drawing_label(sheet->title, left, top_of(chart) - 0.045, chart->title);
    const char *rest = chart->subtitle;
    for (double y = top_of(chart) - 0.12; *rest; y -= SUBTITLE_ROW) {
        size_t n = line_length(rest, LONGEST_LINE);
        char line[512];
        (void)snprintf(line, sizeof line, "%.*s", (int)n, rest);
        lus_drawing_label(sheet->subtitle, left, y, line);
        rest += n + strspn(rest + n, " ");
    }
}

static size_t count_rows(const struct lus_chart *chart)
{
    size_t n = 0;
    for (size_t i = 0; i < chart->n_series; i++)
        n += chart->series[i].at_risk != NULL;
    return n;
}

/* The height of a row of the table's block. */
static double row_height(const struct lus_chart *chart, size_t block, size_t row)
{
    return TABLE_TOP -
           ROW * ((double)block * ((double)count_rows(chart) + 1.4) + (double)row + 0.7);
}

static void put_count(struct sheet *sheet, const struct lus_chart *chart, double x, double y,
                      double n, bool is_risk)
{
    char text[64];
    if (n > 0 && n < chart->least_shown)
        (void)snprintf(text, sizeof text, "<%.10g", chart->least_shown);
    else (void)snprintf(text, sizeof text, n == floor(n) ? "%.0f" : "%.1f", n);
    lus_drawing_label(is_risk && n < 10 ? sheet->pale : sheet->centre, x, y, text);
}

/* The height of a curve at x. */
static double height_at(const struct lus_chart *chart, const struct lus_chart_series *s, double x)
{
    double y = chart->start;
    for (size_t i = 0; i < s->n && s->x[i] <= x; i++)
        y = s->y[i];
    return y;
}

/* Where words stand: from x to right, in the line that has y in its middle. */
struct words {
    double x, right, y;
};

static bool is_free(const struct words *placed, size_t n, struct words w)
{
    for (size_t i = 0; i < n; i++)
        if (w.x < placed[i].right && placed[i].x < w.right &&
            fabs(w.y - placed[i].y) < NAME_GAP - 1e-9)
            return false;
    return true;
}

/* The lowest figures first, and of those on one height the last: so that, as words move up, no
 * leading line crosses another. */
static int by_height(const void *a, const void *b)
{
    const struct lus_chart_mark *x = a, *y = b;
    return x->y != y->y ? (x->y > y->y) - (x->y < y->y) : (x->x < y->x) - (x->x > y->x);
}

/* Quoted figures as points, their words beside them; words that would collide move up, and a line
 * leads to the point. */
static void put_figures(struct sheet *sheet, const struct lus_chart *chart)
{
    struct lus_chart_mark marks[LUS_MOST_MARKS];
    struct words placed[LUS_MOST_MARKS];
    for (size_t i = 0; i < chart->n_marks; i++)
        marks[i] = chart->marks[i];
    qsort(marks, chart->n_marks, sizeof *marks, by_height);
    for (size_t i = 0; i < chart->n_marks; i++) {
        const struct lus_chart_mark *mark = &marks[i];
        double width = CHARACTER * chart->x_max *
                       (double)lus_utf8_width(mark->label, strlen(mark->label));
        double x = fmax(0, fmin(mark->x + 0.02 * chart->x_max, chart->x_max - width));
        struct words w = {x, x + width, fmax(mark->y, 0.03)};
        while (!is_free(placed, i, w) && w.y < 1)
            w.y += NAME_GAP / 8;
        placed[i] = w;
        lus_string_print(sheet->figures, "%.10g\t%.10g\n", mark->x, mark->y);
        lus_string_print(sheet->leaders, "%.10g\t%.10g\n%.10g\t%.10g\n\n", mark->x, mark->y,
                         w.x - 0.004 * chart->x_max, w.y);
        lus_drawing_label(sheet->words, w.x, w.y, mark->label);
    }
}

/* Medians, censorings and quoted figures; one index for each series. */
static void put_marks(struct sheet *sheet, const struct lus_chart *chart)
{
    for (size_t i = 0; i < chart->n_series; i++) {
        const struct lus_chart_series *s = &chart->series[i];
        bool has_median = !isnan(s->median) && s->median <= chart->x_max;
        lus_string_print(sheet->medians, "%.10g\t%.10g\n\n\n", has_median ? s->median : -1e9,
                         has_median ? 0.5 : -1e9);
        for (size_t k = 0; k < s->n_censored; k++)
            if (s->n && s->censored_x[k] <= fmin(s->x[s->n - 1], chart->x_max))
                lus_string_print(sheet->censored, "%.10g\t%.10g\n", s->censored_x[k],
                                 height_at(chart, s, s->censored_x[k]));
        lus_string_put(sheet->censored, "-1e9\t-1e9\n\n\n");
    }
    put_figures(sheet, chart);
}

static void put_risk_table(struct sheet *sheet, const struct lus_chart *chart)
{
    static const char *const heads[] = {"At risk", "Censored by then", "Events by then"};
    size_t n_rows = count_rows(chart), row = 0, n_blocks = chart->is_extended ? 3 : 1;
    for (size_t b = 0; b < n_blocks; b++)
        lus_drawing_label(sheet->left, -(left_reach(chart) - 0.01) * chart->x_max,
                          row_height(chart, b, 0) + 0.7 * ROW + 0.02, heads[b]);
    for (size_t i = 0; i < chart->n_series; i++) {
        const struct lus_chart_series *s = &chart->series[i];
        const double *numbers[] = {s->at_risk, s->censored_by, s->events_by};
        for (size_t b = 0; b < n_blocks; b++) {
            double y = row_height(chart, b, row);
            put_shortened(sheet->rows, -0.05 * chart->x_max, y,
                          !s->at_risk  ? " "
                          : n_rows > 1 ? s->label
                                       : "all",
                          LONGEST_ROW_NAME);
            for (size_t k = 0; numbers[b] && k < chart->n_risk_times; k++)
                put_count(sheet, chart, chart->risk_times[k], y, numbers[b][k], b == 0);
        }
        lus_string_put(sheet->rows, "\n\n");
        row += s->at_risk != NULL;
    }
    /* gnuplot refuses a plot of a file without a point */
    if (!sheet->pale->n) lus_drawing_label(sheet->pale, 0, 0, " ");
}

static void put_settings(struct lus_drawing *drawing, const struct lus_chart *chart)
{
    double n_rows = (double)count_rows(chart),
           bottom = TABLE_TOP - ROW * ((chart->is_extended ? 3 * n_rows + 2.8 : n_rows) + 0.6);
    drawing->height = 400 * (top_of(chart) - bottom);
    lus_string_print(&drawing->settings,
                     "N_SERIES = %zu\nSHADE = %s\nX_MAX = %.10g\nTIC = %.10g\nTOP = %.10g\nBOTTOM "
                     "= %.10g\nLEFT = %.10g\nRIGHT = %.10g\n",
                     chart->n_series, chart->is_stacked ? "0.55" : "0.13", chart->x_max, chart->tic,
                     top_of(chart), bottom, -left_reach(chart),
                     1 + reach(chart, LONGEST_NAME, 0.05));
}

int lus_chart_draw(const struct lus_chart *chart, const char *path, char **bytes, size_t *n,
                   struct lus_error *err)
{
    struct lus_drawing drawing = {.template = lus_template_curve,
                                  .title = chart->title,
                                  .summary = chart->summary,
                                  .is_synthetic = chart->is_synthetic,
                                  .width = 860,
                                  .keep_script = chart->keep_script};
    struct sheet sheet;
    const struct {
        const char *name;
        struct lus_string **text;
    } files[] = {{"medians.dat", &sheet.medians},   {"censored.dat", &sheet.censored},
                 {"figures.dat", &sheet.figures},   {"leaders.dat", &sheet.leaders},
                 {"words.dat", &sheet.words},       {"steps.dat", &sheet.steps},
                 {"bands.dat", &sheet.bands},       {"title.dat", &sheet.title},
                 {"subtitle.dat", &sheet.subtitle}, {"left.dat", &sheet.left},
                 {"right.dat", &sheet.right},       {"centre.dat", &sheet.centre},
                 {"pale.dat", &sheet.pale},         {"names.dat", &sheet.names},
                 {"rows.dat", &sheet.rows}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        *files[i].text = lus_drawing_file(&drawing, files[i].name);
    put_settings(&drawing, chart);
    for (size_t i = 0; i < chart->n_series; i++)
        put_series(&sheet, chart, &chart->series[i]);
    put_names(&sheet, chart);
    put_axes(&sheet, chart);
    put_risk_table(&sheet, chart);
    put_marks(&sheet, chart);
    int status = lus_drawing_draw(&drawing, path, bytes, n, err);
    lus_drawing_clear(&drawing);
    return status;
}
