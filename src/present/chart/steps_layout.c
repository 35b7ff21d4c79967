/* The sheet of step curves: how large panels are, where they stand, their axes and names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "present/chart/ends.h"
#include "present/chart/steps.h"

/* In pixels. */
enum {
    MARKS = 56,        /* room for the words of the y axis */
    LONGEST_NAME = 24, /* in characters; longer ones stand above */
    SAMPLE = 26,
    TICS = 22,
    LABEL = 24,
    BETWEEN = 30,
    LEAST_PANEL = 200,
    FROM_APART = 5 /* curves, each of which has a panel of its own */
};

double lus_steps_x(const struct lus_steps_plan *plan, size_t panel, double x)
{
    return plan->left[panel] + x / plan->steps->x_max * plan->width;
}

double lus_steps_y(const struct lus_steps_plan *plan, size_t panel, double y)
{
    return plan->bottom[panel] - y / plan->steps->y_max * plan->height;
}

/* --- how large --- */

static double widest_name(const struct lus_steps *steps)
{
    double widest = 0;
    for (size_t i = 0; i < steps->n_series; i++)
        widest = fmax(widest, lus_sheet_width(steps->series[i].label));
    return widest;
}

static bool wants_panels(const struct lus_steps *steps)
{
    if (steps->is_stacked || steps->n_series < 2 || steps->q->panels == LUS_PANELS_NEVER)
        return false;
    return steps->q->panels == LUS_PANELS_ALWAYS || steps->n_series >= FROM_APART;
}

/* Each stride-th tic: words and numbers of neighbours keep apart. */
static size_t stride_of(const struct lus_steps_plan *plan)
{
    double tic = plan->width * plan->steps->tic / plan->steps->x_max,
           room = fmax(30, lus_steps_numbers_width(plan->steps) + 12);
    return tic > 0 && tic < room ? (size_t)ceil(room / tic) : 1;
}

static void plan_apart(struct lus_steps_plan *plan)
{
    const struct lus_sheet *s = &plan->s;
    double wide = s->width - 2 * s->left;
    plan->gutter = plan->steps->q->is_extended ? 124 : 62;
    plan->n_panels = plan->steps->n_series;
    size_t n = (size_t)fmax(1, floor((wide - plan->gutter + BETWEEN) / (LEAST_PANEL + BETWEEN)));
    size_t n_rows = (plan->n_panels + n - 1) / n;
    plan->n_across = (plan->n_panels + n_rows - 1) / n_rows; /* rows of one length */
    plan->width = (wide - plan->gutter - 8 + BETWEEN) / (double)plan->n_across - BETWEEN;
    plan->height = fmin(fmax(0.62 * plan->width, 120), 260);
}

static void plan_one(struct lus_steps_plan *plan)
{
    const struct lus_steps *steps = plan->steps;
    const struct lus_sheet *s = &plan->s;
    double wide = s->width - 2 * s->left, names = widest_name(steps);
    bool has_names = steps->n_series > 1, has_rows = lus_steps_count_rows(plan) > 1;
    enum { NARROW = 560 };
    plan->names_above = has_names && (s->width < NARROW || names > LONGEST_NAME * 7.2);
    double count = lus_steps_numbers_width(steps) / 2 + 10, beside = has_rows ? names : 56;
    plan->gutter = fmax(MARKS, plan->names_above ? MARKS : count + beside);
    double right = has_names && !plan->names_above ? names + SAMPLE + 18 : 16;
    plan->n_panels = plan->n_across = 1;
    plan->width = wide - plan->gutter - right;
    plan->height = fmin(fmax(0.62 * plan->width, 190), 380);
}

static struct lus_steps_plan plan_of(const struct lus_steps *steps, struct lus_drawing *out)
{
    struct lus_steps_plan plan = {.steps = steps};
    lus_sheet_begin(&plan.s, steps->d, out, steps->q, 860);
    plan.is_apart = wants_panels(steps);
    if (plan.is_apart) plan_apart(&plan);
    else plan_one(&plan);
    plan.stride = stride_of(&plan);
    lus_sheet_head(&plan.s, NULL, steps->subtitle);
    return plan;
}

/* --- axes --- */

static const char *mark_text(const struct lus_steps *steps, double y)
{
    return steps->is_number ? lus_document_text(steps->d, "%.4g", y)
                            : lus_document_text(steps->d, "%.0f %%", 100 * y);
}

/* has_marks: the words of the y axis stand at the first panel of a row. */
static void put_axes(struct lus_steps_plan *plan, size_t p, bool has_marks)
{
    const struct lus_steps *steps = plan->steps;
    struct lus_sheet *s = &plan->s;
    double left = plan->left[p], right = left + plan->width, bottom = plan->bottom[p];
    int n_marks = (int)(steps->y_max / steps->y_step + 0.5);
    for (int i = 0; i <= n_marks; i++) {
        double value = steps->y_step * i, y = lus_steps_y(plan, p, value);
        lus_sheet_line(s, "grid.dat", left, y, right, y);
        if (has_marks) lus_sheet_put(s, "marks.dat", left - 8, y, mark_text(steps, value));
    }
    lus_sheet_line(s, "axes.dat", left, bottom, right, bottom);
    lus_sheet_line(s, "axes.dat", left, bottom, left, bottom - plan->height);
    for (size_t k = 0; (double)k * steps->tic <= steps->x_max * (1 + 1e-9); k++) {
        double value = (double)k * steps->tic, x = lus_steps_x(plan, p, value);
        lus_sheet_line(s, "axes.dat", x, bottom, x, bottom + 5);
        if (k % plan->stride == 0)
            lus_sheet_put(s, "tics.dat", x, bottom + 15, lus_document_text(steps->d, "%g", value));
    }
}

/* --- names --- */

/* One after the other in lines, each with a sample of its curve. */
static void put_names_above(struct lus_steps_plan *plan)
{
    struct lus_sheet *s = &plan->s;
    double right = s->width - s->left, x = s->left, y = s->y + 12;
    for (size_t i = 0; i < plan->steps->n_series; i++) {
        const char *name = plan->steps->series[i].label;
        double width = SAMPLE + lus_sheet_width(name) + 30;
        if (x > s->left && x + width > right) x = s->left, y += LUS_SHEET_LINE;
        y = lus_end_put(s, name, x, y, right - x) - LUS_SHEET_LINE;
        x += width;
    }
    s->y = y + LUS_SHEET_LINE;
}

static void put_names_beside(struct lus_steps_plan *plan)
{
    struct lus_end ends[LUS_MOST_SERIES];
    const struct lus_steps *steps = plan->steps;
    for (size_t i = 0; i < steps->n_series; i++) {
        double x = 0, y = 0;
        bool has_end = lus_steps_end(steps, i, &x, &y);
        ends[i] = (struct lus_end){has_end && steps->n_series > 1 ? steps->series[i].label : NULL,
                                   lus_steps_x(plan, 0, x), lus_steps_y(plan, 0, y)};
    }
    lus_ends_put(&plan->s, ends, steps->n_series, plan->left[0] + plan->width + 12,
                 plan->bottom[0] - plan->height);
}

/* --- panels --- */

static void set_panel(struct lus_steps_plan *plan, size_t p, double top)
{
    plan->left[p] = plan->s.left + plan->gutter +
                    (double)(p % plan->n_across) * (plan->width + BETWEEN);
    plan->bottom[p] = top + plan->height;
}

static void put_one(struct lus_steps_plan *plan)
{
    struct lus_sheet *s = &plan->s;
    if (plan->names_above) put_names_above(plan);
    lus_sheet_put(s, "text.dat", s->left, s->y + 12, plan->steps->y_label);
    set_panel(plan, 0, s->y + 34);
    put_axes(plan, 0, true);
    if (!plan->names_above) put_names_beside(plan);
    s->y = plan->bottom[0] + TICS;
    lus_sheet_put(s, "tics.dat", plan->left[0] + plan->width / 2, s->y + 14, plan->steps->x_label);
    s->y += LABEL + 6;
    lus_steps_put_numbers(plan, 0, s->y);
    s->y += lus_steps_numbers_height(plan);
}

/* How many lines the longest name has above its panel. */
static double head_height(struct lus_steps_plan *plan)
{
    size_t most = 1, room = (size_t)((plan->width - SAMPLE) / 7.2);
    for (size_t i = 0; i < plan->steps->n_series; i++) {
        size_t n = lus_chart_wrap(plan->s.doc, plan->steps->series[i].label, room, NULL, NULL);
        if (n > most) most = n;
    }
    return (double)most * LUS_SHEET_LINE;
}

static void put_apart(struct lus_steps_plan *plan)
{
    struct lus_sheet *s = &plan->s;
    double head = head_height(plan);
    lus_sheet_put(s, "text.dat", s->left, s->y + 12,
                  lus_document_text(s->doc, "%s; %s", plan->steps->y_label, plan->steps->x_label));
    s->y += 24;
    for (size_t p = 0; p < plan->n_panels; p++) {
        if (p && p % plan->n_across == 0)
            s->y += head + plan->height + TICS + lus_steps_numbers_height(plan) + 16;
        set_panel(plan, p, s->y + head + 4);
        (void)lus_end_put(s, plan->steps->series[p].label, plan->left[p], s->y + 8, plan->width);
        put_axes(plan, p, p % plan->n_across == 0);
        lus_steps_put_numbers(plan, p, plan->bottom[p] + TICS + 4);
    }
    s->y += head + plan->height + TICS + lus_steps_numbers_height(plan) + 4;
}

/* What the template makes pixels of. */
static void put_settings(const struct lus_steps_plan *plan)
{
    const struct lus_steps *steps = plan->steps;
    struct lus_string *out = &plan->s.d->settings;
    lus_string_print(out,
                     "N_SERIES = %zu\nN_BEHIND = %zu\nIS_STACKED = %d\nN_REST = %zu\nSHADE = %s\n"
                     "X_MAX = %.10g\nY_MAX = %.10g\nTIC = %.10g\nACROSS = %.10g\nUP = %.10g\n",
                     steps->n_series, plan->is_apart ? plan->n_panels : 0, steps->is_stacked,
                     steps->rest, steps->is_stacked ? "1" : "0.13", steps->x_max, steps->y_max,
                     steps->tic, plan->width / steps->x_max, plan->height / steps->y_max);
    const double *of[] = {plan->left, plan->bottom};
    for (int a = 0; a < 2; a++) {
        lus_string_print(out, "array PANEL_%s[%zu] = [", a ? "BOTTOM" : "LEFT", plan->n_panels);
        for (size_t p = 0; p < plan->n_panels; p++)
            lus_string_print(out, "%s%.10g", p ? ", " : "", of[a][p]);
        lus_string_put(out, "]\n");
    }
    lus_string_print(out, "array PANEL_OF[%zu] = [", steps->n_series);
    for (size_t i = 0; i < steps->n_series; i++)
        lus_string_print(out, "%s%zu", i ? ", " : "", lus_steps_panel(plan, i) + 1);
    lus_string_put(out, "]\n");
}

void lus_steps_draw(const struct lus_steps *steps, struct lus_drawing *out)
{
    struct lus_steps_plan plan = plan_of(steps, out);
    struct lus_sheet *s = &plan.s;
    if (steps->annotation)
        s->y = lus_sheet_words(s, "strong.dat", s->left, s->y + 4, s->width - 2 * s->left, 16,
                               steps->annotation);
    if (plan.is_apart) put_apart(&plan);
    else put_one(&plan);
    lus_steps_put_curves(&plan);
    lus_steps_put_key(&plan);
    put_settings(&plan);
    lus_sheet_end(s);
}
