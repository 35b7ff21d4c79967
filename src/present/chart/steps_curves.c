/* What stands in the panels of step curves, in the values of their axes: lines, bands, marks; and
 * the key that says what the marks mean. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/estimate.h"
#include "present/chart/steps.h"

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
    const double across = steps->x_max / 1200, down = steps->y_max / 1000;
    if (i == 0 || i + 1 == s->n || s->x[i + 1] > steps->x_max ||
        (s->x[last] < s->few_from && s->x[i] >= s->few_from))
        return true;
    if (s->x[i + 1] - s->x[last] < across) return false;
    return has_moved(s->y[i], s->y[last], down) || has_moved(s->low[i], s->low[last], down) ||
           has_moved(s->high[i], s->high[last], down);
}

static void put_step(struct lus_string *out, double x, double y, double few_from)
{
    lus_string_print(out, "%.10g\t%.10g\t", x, y);
    if (x >= few_from) lus_string_print(out, "%.10g\n", y); /* the lighter core of the line */
    else lus_string_put(out, "NaN\n");
}

static void put_series(struct lus_string *lines, struct lus_string *bands,
                       const struct lus_steps *steps, const struct lus_series *s)
{
    double y = s->from, low = steps->start, high = y;
    bool is_straight = steps->q->hides_single || steps->is_smooth;
    size_t last = 0;
    if (!steps->is_smooth) {
        put_step(lines, 0, y, s->few_from);
        lus_string_print(bands, "0\t%.10g\t%.10g\n", low, high);
    }
    for (size_t i = 0; i < s->n && s->x[i] <= steps->x_max; i++) {
        if (!is_visible(steps, s, i, last)) continue;
        last = i;
        if (!is_straight) {
            put_step(lines, s->x[i], y, s->few_from);
            lus_string_print(bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
        }
        y = s->y[i];
        low = isnan(s->low[i]) ? y : s->low[i];
        high = isnan(s->high[i]) ? y : s->high[i];
        put_step(lines, s->x[i], y, s->few_from);
        lus_string_print(bands, "%.10g\t%.10g\t%.10g\n", s->x[i], low, high);
    }
    if (s->n && s->x[s->n - 1] > steps->x_max && !is_straight) {
        put_step(lines, steps->x_max, y, s->few_from);
        lus_string_print(bands, "%.10g\t%.10g\t%.10g\n", steps->x_max, low, high);
    }
    lus_string_put(lines, "\n\n");
    lus_string_put(bands, "\n\n");
}

/* The height of a curve at x. */
static double height_at(const struct lus_steps *steps, const struct lus_series *s, double x)
{
    double y = steps->start;
    for (size_t i = 0; i < s->n && s->x[i] <= x; i++)
        y = s->y[i];
    return y;
}

bool lus_steps_end(const struct lus_steps *steps, size_t series, double *x, double *y)
{
    const struct lus_series *s = &steps->series[series];
    *x = 0, *y = steps->start;
    for (size_t i = 0; i < s->n && s->x[i] <= steps->x_max; i++) {
        *x = s->x[i];
        *y = steps->is_stacked ? (s->low[i] + s->high[i]) / 2 : s->y[i];
    }
    if (s->n && s->x[s->n - 1] > steps->x_max) *x = steps->x_max;
    return s->n > 0;
}

/* --- marks --- */

static bool has_median(const struct lus_steps *steps, const struct lus_series *s)
{
    return !isnan(s->median) && s->median <= steps->x_max;
}

static bool is_censored_here(const struct lus_steps *steps, const struct lus_series *s, size_t k)
{
    return s->n && s->censored[k] <= fmin(s->x[s->n - 1], steps->x_max);
}

/* Medians and censorings; one index for each series. */
static void put_marks(struct lus_drawing *d, const struct lus_steps *steps)
{
    struct lus_string *medians = lus_drawing_file(d, "medians.dat"),
                      *censored = lus_drawing_file(d, "censored.dat");
    for (size_t i = 0; i < steps->n_series; i++) {
        const struct lus_series *s = &steps->series[i];
        if (has_median(steps, s)) lus_string_print(medians, "%.10g\t0.5\n\n\n", s->median);
        else lus_string_put(medians, "-1e9\t-1e9\n\n\n");
        for (size_t k = 0; k < s->n_censored; k++)
            if (is_censored_here(steps, s, k))
                lus_string_print(censored, "%.10g\t%.10g\n", s->censored[k],
                                 height_at(steps, s, s->censored[k]));
        lus_string_put(censored, "-1e9\t-1e9\n\n\n");
    }
}

/* --- quoted figures --- */

/* A quoted figure in the panel, its words in pixels: from x to right, y in their middle. */
struct mark {
    double at, value;
    const char *label;
    double x, right, y;
};

static bool is_free(const struct mark *placed, size_t n, const struct mark *m)
{
    for (size_t i = 0; i < n; i++)
        if (m->x < placed[i].right && placed[i].x < m->right &&
            fabs(m->y - placed[i].y) < LUS_SHEET_LINE - 1e-9)
            return false;
    return true;
}

/* The lowest figures first, and of those on one height the last: so that, as words move up, no
 * leading line crosses another. */
static int by_height(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                                : (x->at < y->at) - (x->at > y->at);
}

static size_t list_figures(const struct lus_steps *steps, struct mark *marks)
{
    size_t n = 0;
    for (size_t i = 0; i < steps->q->n_quoted && n < LUS_MOST_QUOTED; i++) {
        const struct lus_quoted *f = &steps->q->quoted[i];
        double x = (f->is_median ? f->value : f->at) / steps->unit;
        if (x <= steps->x_max)
            marks[n++] = (struct mark){
                .at = x, .value = f->is_median ? 0.5 : f->value, .label = f->label};
    }
    qsort(marks, n, sizeof *marks, by_height);
    return n;
}

/* Quoted figures as points, their words beside them; words that would collide move up, and a line
 * leads to the point. */
static void put_figures(struct lus_steps_plan *plan)
{
    struct mark marks[LUS_MOST_QUOTED];
    const struct lus_steps *steps = plan->steps;
    struct lus_sheet *s = &plan->s;
    size_t n = list_figures(steps, marks);
    double left = plan->left[0], right = left + plan->width, top = plan->bottom[0] - plan->height;
    for (size_t i = 0; i < n; i++) {
        struct mark *m = &marks[i];
        double width = lus_sheet_width(m->label), x = lus_steps_x(plan, 0, m->at);
        m->x = fmax(left + 4, fmin(x + 12, right - width));
        m->right = m->x + width;
        m->y = fmin(lus_steps_y(plan, 0, m->value), plan->bottom[0] - 10);
        while (!is_free(marks, i, m) && m->y > top)
            m->y -= 2;
        lus_string_print(lus_drawing_file(s->d, "quoted.dat"), "%.10g\t%.10g\n", m->at, m->value);
        lus_sheet_line(s, "leaders.dat", x, lus_steps_y(plan, 0, m->value), m->x - 2, m->y);
        lus_sheet_quote(s, m->x, m->y, m->label);
    }
}

void lus_steps_put_curves(struct lus_steps_plan *plan)
{
    const struct lus_steps *steps = plan->steps;
    struct lus_drawing *d = plan->s.d;
    for (size_t i = 0; i < steps->n_series; i++)
        put_series(lus_drawing_file(d, "steps.dat"), lus_drawing_file(d, "bands.dat"), steps,
                   &steps->series[i]);
    put_marks(d, steps);
    if (!plan->is_apart) put_figures(plan);
}

/* --- the key --- */

/* Where the next mark of the key stands. */
struct key {
    struct lus_sheet *s;
    double x, y;
};

/* Words behind a mark that is `wide`; a new line where they would not fit. Returns where the mark
 * begins. */
static double put_words(struct key *k, double wide, const char *text)
{
    struct lus_sheet *s = k->s;
    double room = s->width - s->left - k->x, wanted = wide + lus_sheet_width(text);
    if (k->x > s->left && wanted > room) k->x = s->left, k->y += LUS_SHEET_LINE;
    double at = k->x, next = lus_sheet_words(s, "text.dat", at + wide, k->y,
                                             s->width - s->left - at - wide, 14.5, text);
    k->x = at + wanted + 22;
    k->y = fmax(k->y, next - LUS_SHEET_LINE);
    return at;
}

static void put_axis_end(struct key *k, const struct lus_steps *steps)
{
    struct lus_document *d = steps->d;
    const char *end = lus_document_text(d,
                                        "The axis ends at %.3g %s, where fewer than %d are at "
                                        "risk%s.",
                                        steps->x_max, lus_unit_name(d->axis_unit), LUS_FEW,
                                        lus_steps_count_strata(steps) > 1 ? " in each" : "");
    if (steps->is_cut) (void)put_words(k, 0, end);
    if (d->has_entry)
        (void)put_words(k, 0,
                        "Late entry: people are at risk from when they were first seen, so the "
                        "numbers can rise.");
}

static bool any_few(const struct lus_steps *steps)
{
    for (size_t i = 0; i < steps->n_series; i++)
        if (steps->series[i].few_from < steps->x_max) return true;
    return false;
}

static bool any_median(const struct lus_steps *steps)
{
    for (size_t i = 0; i < steps->n_series; i++)
        if (has_median(steps, &steps->series[i])) return true;
    return false;
}

static bool any_censored(const struct lus_steps *steps)
{
    for (size_t i = 0; i < steps->n_series; i++)
        for (size_t k = 0; k < steps->series[i].n_censored; k++)
            if (is_censored_here(steps, &steps->series[i], k)) return true;
    return false;
}

void lus_steps_put_key(struct lus_steps_plan *plan)
{
    const struct lus_steps *steps = plan->steps;
    struct lus_sheet *s = &plan->s;
    struct lus_document *d = steps->d;
    struct key k = {s, s->left, s->y + 20};
    struct mark marks[LUS_MOST_QUOTED];
    double x;
    if (steps->has_bands) {
        x = put_words(&k, 30, lus_document_text(d, "%g %% interval", 100 * d->conf_level));
        lus_sheet_line(s, "key_band.dat", x, k.y - 6, x + 22, k.y + 6);
    }
    if (any_median(steps)) {
        x = put_words(&k, 20, "median");
        lus_sheet_point(s, "key_median.dat", x + 7, k.y);
    }
    if (any_censored(steps)) {
        x = put_words(&k, 20, "censored");
        lus_sheet_point(s, "key_censored.dat", x + 7, k.y);
    }
    if (any_few(steps)) {
        x = put_words(&k, 30, lus_document_text(d, "fewer than %d at risk", LUS_FEW));
        lus_sheet_line(s, "key_few.dat", x, k.y, x + 22, k.y);
    }
    if (!plan->is_apart && list_figures(steps, marks)) {
        x = put_words(&k, 20, "quoted");
        lus_sheet_point(s, "key_quoted.dat", x + 7, k.y);
    }
    if (plan->is_apart) (void)put_words(&k, 0, "The others stand grey behind each.");
    put_axis_end(&k, steps);
    bool is_empty = k.x == s->left && k.y == s->y + 20;
    s->y = is_empty ? s->y + 4 : k.y + 6;
}
