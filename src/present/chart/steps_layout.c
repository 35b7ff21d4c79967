/* The sheet of step curves: curves and bands as lines, names at their ends, axes, marks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "present/chart/steps.h"

/* Layout, in units of the y axis: 1 is 100 %. */
static const double NAME_GAP = 0.055, SUBTITLE_ROW = 0.065, CHARACTER = 0.0158;
enum { LONGEST_ROW_NAME = 16, LONGEST_NAME = 24, LONGEST_LINE = 84 };

/* The files that curves are made of. */
struct sheet {
    struct lus_string *medians, *censored, *figures, *leaders, *words, *steps, *bands, *title,
        *subtitle, *left, *right, *centre, *names;
};

static bool has_moved(double now, double then, double by)
{
    return isnan(now) != isnan(then) || fabs(now - then) > by;
}

/*
 * Which points of a step curve its picture needs, half a pixel being the grain: those that move the
 * curve or its band, unless the next stands so near to the last one kept that the step may as well
 * be taken there; and where the line grows lighter.
 */
static bool is_visible(const struct lus_steps *steps, const struct lus_series *s, size_t i,
                       size_t last)
{
    static const double ACROSS = 1.0 / 1200, DOWN = 1.0 / 1000;
    if (i == 0 || i + 1 == s->n || (s->x[last] < s->few_from && s->x[i] >= s->few_from))
        return true;
    if (s->x[i + 1] <= steps->x_max && s->x[i + 1] - s->x[last] < steps->x_max * ACROSS)
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

static void put_series(struct sheet *sheet, const struct lus_steps *steps,
                       const struct lus_series *s)
{
    double y = s->from, low = steps->start, high = y;
    size_t last = 0;
    put_step(sheet->steps, 0, y, s->few_from);
    lus_string_print(sheet->bands, "0\t%.10g\t%.10g\n", low, high);
    for (size_t i = 0; i < s->n && s->x[i] <= steps->x_max; i++) {
        if (!is_visible(steps, s, i, last)) continue;
        last = i;
        if (!steps->q->hides_single) {
            put_step(sheet->steps, s->x[i], y, s->few_from);
            lus_string_print(sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
        }
        y = s->y[i];
        low = isnan(s->low[i]) ? y : s->low[i];
        high = isnan(s->high[i]) ? y : s->high[i];
        put_step(sheet->steps, s->x[i], y, s->few_from);
        lus_string_print(sheet->bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
    }
    if (s->n && s->x[s->n - 1] > steps->x_max && !steps->q->hides_single)
        put_step(sheet->steps, steps->x_max, y, s->few_from);
    lus_string_put(sheet->steps, "\n\n");
    lus_string_put(sheet->bands, "\n\n");
}

/* The height at which a curve ends inside the chart; of an area its middle. */
static double end_height(const struct lus_steps *steps, const struct lus_series *s)
{
    double y = steps->start;
    for (size_t i = 0; i < s->n && s->x[i] <= steps->x_max; i++)
        y = steps->is_stacked ? (s->low[i] + s->high[i]) / 2 : s->y[i];
    return y;
}

/* Names at the ends of their curves, pushed apart where they would collide. */
static void put_names(struct sheet *sheet, const struct lus_steps *steps)
{
    double height[LUS_MOST_SERIES];
    size_t order[LUS_MOST_SERIES], n = steps->n_series;
    for (size_t i = 0; i < n; i++) {
        height[i] = end_height(steps, &steps->series[i]);
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
        const char *name = steps->n_series > 1 && steps->series[i].n ? steps->series[i].label : " ";
        lus_drawing_label(sheet->names, 1.015 * steps->x_max, height[i],
                          lus_chart_cut(steps->d, name, LONGEST_NAME));
        lus_string_put(sheet->names, "\n\n");
    }
}

/* The bytes of a text's first line: up to the last space within the room, or all of it. */
static size_t line_length(const char *text)
{
    size_t n = strlen(text), kept = 0;
    if (lus_utf8_width(text, n) <= LONGEST_LINE) return n;
    for (size_t i = 1; i < n; i++)
        if (text[i] == ' ' && (!kept || lus_utf8_width(text, i) <= LONGEST_LINE)) kept = i;
    return kept ? kept : n;
}

static void put_axes(struct sheet *sheet, const struct lus_steps *steps,
                     const struct lus_steps_edges *edges, const char *title)
{
    double left = (edges->left + 0.01) * steps->x_max;
    char text[64];
    for (int i = 0; i <= 5; i++) {
        (void)snprintf(text, sizeof text, "%d %%", 20 * i);
        lus_drawing_label(sheet->right, -0.012 * steps->x_max, 0.2 * i, text);
    }
    for (double x = 0; x <= steps->x_max * (1 + 1e-9); x += steps->tic) {
        (void)snprintf(text, sizeof text, "%g", x);
        lus_drawing_label(sheet->centre, x, -0.045, text);
    }
    lus_drawing_label(sheet->centre, steps->x_max / 2, -0.105, steps->x_label);
    lus_drawing_label(sheet->left, left, 1.06, steps->y_label);
    lus_drawing_label(sheet->title, left, edges->top - 0.045, title);
    const char *rest = steps->subtitle;
    for (double y = edges->top - 0.12; *rest; y -= SUBTITLE_ROW) {
        size_t n = line_length(rest);
        char line[512];
        (void)snprintf(line, sizeof line, "%.*s", (int)n, rest);
        lus_drawing_label(sheet->subtitle, left, y, line);
        rest += n + strspn(rest + n, " ");
    }
}

/* The height of a curve at x. */
static double height_at(const struct lus_steps *steps, const struct lus_series *s, double x)
{
    double y = steps->start;
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

/* A quoted figure on the sheet. */
struct mark {
    double x, y;
    const char *label;
};

/* The lowest figures first, and of those on one height the last: so that, as words move up, no
 * leading line crosses another. */
static int by_height(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return x->y != y->y ? (x->y > y->y) - (x->y < y->y) : (x->x < y->x) - (x->x > y->x);
}

/* Quoted figures as points, their words beside them; words that would collide move up, and a line
 * leads to the point. */
static void put_figures(struct sheet *sheet, const struct lus_steps *steps)
{
    struct mark marks[LUS_MOST_QUOTED];
    struct words placed[LUS_MOST_QUOTED];
    size_t n = 0;
    for (size_t i = 0; i < steps->q->n_quoted; i++) {
        const struct lus_quoted *f = &steps->q->quoted[i];
        double x = (f->is_median ? f->value : f->at) / steps->unit;
        if (x <= steps->x_max && n < LUS_MOST_QUOTED)
            marks[n++] = (struct mark){x, f->is_median ? 0.5 : f->value, f->label};
    }
    qsort(marks, n, sizeof *marks, by_height);
    for (size_t i = 0; i < n; i++) {
        const struct mark *mark = &marks[i];
        double width = CHARACTER * steps->x_max *
                       (double)lus_utf8_width(mark->label, strlen(mark->label));
        double x = fmax(0, fmin(mark->x + 0.02 * steps->x_max, steps->x_max - width));
        struct words w = {x, x + width, fmax(mark->y, 0.03)};
        while (!is_free(placed, i, w) && w.y < 1)
            w.y += NAME_GAP / 8;
        placed[i] = w;
        lus_string_print(sheet->figures, "%.10g\t%.10g\n", mark->x, mark->y);
        lus_string_print(sheet->leaders, "%.10g\t%.10g\n%.10g\t%.10g\n\n", mark->x, mark->y,
                         w.x - 0.004 * steps->x_max, w.y);
        lus_drawing_label(sheet->words, w.x, w.y, mark->label);
    }
}

/* Medians, censorings and quoted figures; one index for each series. */
static void put_marks(struct sheet *sheet, const struct lus_steps *steps)
{
    for (size_t i = 0; i < steps->n_series; i++) {
        const struct lus_series *s = &steps->series[i];
        bool has_median = !isnan(s->median) && s->median <= steps->x_max;
        lus_string_print(sheet->medians, "%.10g\t%.10g\n\n\n", has_median ? s->median : -1e9,
                         has_median ? 0.5 : -1e9);
        for (size_t k = 0; k < s->n_censored; k++)
            if (s->n && s->censored[k] <= fmin(s->x[s->n - 1], steps->x_max))
                lus_string_print(sheet->censored, "%.10g\t%.10g\n", s->censored[k],
                                 height_at(steps, s, s->censored[k]));
        lus_string_put(sheet->censored, "-1e9\t-1e9\n\n\n");
    }
    put_figures(sheet, steps);
}

void lus_steps_lay_out(const struct lus_steps *steps, const struct lus_steps_edges *edges,
                       struct lus_drawing *out)
{
    struct sheet sheet;
    const struct {
        const char *name;
        struct lus_string **text;
    } files[] = {{"medians.dat", &sheet.medians}, {"censored.dat", &sheet.censored},
                 {"figures.dat", &sheet.figures}, {"leaders.dat", &sheet.leaders},
                 {"words.dat", &sheet.words},     {"steps.dat", &sheet.steps},
                 {"bands.dat", &sheet.bands},     {"title.dat", &sheet.title},
                 {"left.dat", &sheet.left},       {"subtitle.dat", &sheet.subtitle},
                 {"right.dat", &sheet.right},     {"centre.dat", &sheet.centre},
                 {"names.dat", &sheet.names}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        *files[i].text = lus_drawing_file(out, files[i].name);
    for (size_t i = 0; i < steps->n_series; i++)
        put_series(&sheet, steps, &steps->series[i]);
    put_names(&sheet, steps);
    put_axes(&sheet, steps, edges, out->title);
    put_marks(&sheet, steps);
}

/* --- how large the sheet is --- */

/* The upper edge: room for the title and the lines of the subtitle. */
static double top_of(const struct lus_steps *steps)
{
    double top = 1.26;
    const char *rest = steps->subtitle;
    for (size_t n = line_length(rest); rest[n]; n = line_length(rest)) {
        rest += n + strspn(rest + n, " ");
        top += SUBTITLE_ROW;
    }
    return top;
}

/* How far the sheet reaches beside the axis, where names stand: by the longest. */
static double reach(const struct lus_steps *steps, size_t most, double least)
{
    size_t widest = 0;
    for (size_t i = 0; i < steps->n_series && steps->n_series > 1; i++) {
        size_t width = lus_utf8_width(steps->series[i].label, strlen(steps->series[i].label));
        if (width > widest) widest = width;
    }
    double wanted = 0.05 + CHARACTER * (double)(widest < most ? widest : most);
    return wanted > least ? wanted : least;
}

struct lus_steps_edges lus_steps_edges_of(const struct lus_steps *steps)
{
    return (struct lus_steps_edges){.top = top_of(steps),
                                    .bottom = lus_steps_bottom(steps),
                                    .left = -reach(steps, LONGEST_ROW_NAME, 0.12) - 0.05,
                                    .right = 1 + reach(steps, LONGEST_NAME, 0.05)};
}
