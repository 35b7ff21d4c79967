/* How an effect changes over time: scaled Schoenfeld residuals of each event, their smooth with its
 * band, and the fit's coefficient; a panel for each. Of the tables `effects`, `schoenfeld` and
 * `proportionality`. */
#include <math.h>

#include "present/chart/panel.h"

enum { MOST_PANELS = 8, EDGE = 64, HEIGHT = 210, MOST_POINTS = 3000 };

struct effects {
    struct lus_sheet s;
    const struct lus_table *smooth, *points;
    double unit;
};

static size_t end_of(const struct lus_table *t, size_t row)
{
    const char *name = lus_chart_cell(t, row, "coefficient")->text;
    while (row < t->n_rows && strcmp(lus_chart_cell(t, row, "coefficient")->text, name) == 0)
        row++;
    return row;
}

/* From the smooth and its band, and the line at no effect. */
static void set_range(const struct effects *e, size_t from, size_t to, struct lus_panel *p)
{
    double least = 0, most = 0;
    for (size_t row = from; row < to; row++) {
        least = fmin(least, lus_chart_number(e->smooth, row, "conf_low"));
        most = fmax(most, lus_chart_number(e->smooth, row, "conf_high"));
    }
    double margin = 0.25 * (most - least) + 0.1;
    p->from[1] = least - margin, p->to[1] = most + margin;
    p->from[0] = 0, p->to[0] = lus_chart_number(e->smooth, to - 1, "time") / e->unit * 1.02;
}

/* Ratios from 1 up or down, as many as have room. */
static void add_ratios(const struct lus_panel *p, struct lus_document *d, bool upwards)
{
    enum { APART = 26 };
    static const double ratios[] = {1, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000};
    double before = INFINITY;
    for (size_t i = !upwards; i < sizeof ratios / sizeof *ratios; i++) {
        double value = upwards ? log(ratios[i]) : -log(ratios[i]), y = lus_panel_y(p, value);
        if (value < p->from[1] || value > p->to[1]) continue;
        if (!upwards && before == INFINITY) before = lus_panel_y(p, 0);
        if (fabs(y - before) < APART) continue;
        lus_panel_tic_y(p, value, lus_document_text(d, "%.3g", exp(value)));
        before = y;
    }
}

static void add_axes(const struct lus_panel *p, struct lus_document *d)
{
    double step, first = lus_round_steps(p->from[0], p->to[0], 8, &step);
    for (double v = first; v <= p->to[0]; v += step)
        lus_panel_tic_x(p, v, lus_document_text(d, "%.4g", v));
    add_ratios(p, d, true);
    add_ratios(p, d, false);
}

static void add_points(const struct effects *e, const struct lus_panel *p, const char *name)
{
    const struct lus_table *t = e->points;
    if (!t || t->n_rows > MOST_POINTS) return;
    for (size_t row = 0; row < t->n_rows; row++) {
        double x = lus_chart_number(t, row, "time") / e->unit,
               y = lus_chart_number(t, row, lus_document_text(e->s.doc, "scaled %s", name));
        if (lus_panel_holds(p, x, y))
            lus_sheet_point(p->s, "grains.dat", lus_panel_x(p, x), lus_panel_y(p, y));
    }
}

static void add_curve(const struct effects *e, const struct lus_panel *p, size_t from, size_t to,
                      const char *column, const char *file)
{
    for (size_t row = from + 1; row < to; row++) {
        double a[2] = {lus_chart_number(e->smooth, row - 1, "time") / e->unit,
                       lus_chart_number(e->smooth, row - 1, column)},
               b[2] = {lus_chart_number(e->smooth, row, "time") / e->unit,
                       lus_chart_number(e->smooth, row, column)};
        lus_panel_line(p, file, a, b);
    }
}

static void add_panel(struct effects *e, size_t from, size_t to)
{
    struct lus_sheet *s = &e->s;
    struct lus_document *d = s->doc;
    const char *name = lus_chart_cell(e->smooth, from, "coefficient")->text;
    double fitted = lus_chart_number(e->smooth, from, "fitted"),
           p_value = lus_chart_number(e->smooth, from, "p_value");
    lus_sheet_put(
        s, "strong.dat", s->left, s->y + 14,
        lus_document_text(
            d, "%s: hazard ratio %.2f%s", name, exp(fitted),
            isnan(p_value) ? ""
            : p_value < 0.0001
                ? "; that it is the same throughout: p < 0.0001"
                : lus_document_text(d, "; that it is the same throughout: p = %.4f", p_value)));
    s->y += 32;
    struct lus_panel p = lus_panel_begin(s, s->left + EDGE, s->width - 2 * s->left - EDGE, HEIGHT);
    set_range(e, from, to, &p);
    add_axes(&p, d);
    add_points(e, &p, name);
    double a[2] = {p.from[0], fitted}, b[2] = {p.to[0], fitted};
    lus_panel_line(&p, "gaps.dat", a, b);
    add_curve(e, &p, from, to, "conf_low", "thin.dat");
    add_curve(e, &p, from, to, "conf_high", "thin.dat");
    add_curve(e, &p, from, to, "effect", "intervals.dat");
    s->y = p.bottom + 34;
    double first = lus_chart_number(e->smooth, from, "effect"),
           last = lus_chart_number(e->smooth, to - 1, "effect");
    s->d->summary = lus_document_text(d, "%s %s: hazard ratio %.2f; smoothed from %.2f to %.2f.",
                                      s->d->summary, name, exp(fitted), exp(first), exp(last));
}

int lus_chart_proportionality(struct lus_document *d, const struct lus_chart_request *q,
                              struct lus_drawing *out, struct lus_error *err)
{
    struct effects e = {.smooth = lus_document_find(d, "effects"),
                        .points = lus_document_find(d, "schoenfeld"),
                        .unit = (double)lus_unit_ticks(d->axis_unit) /
                                (double)lus_unit_ticks(d->unit)};
    struct lus_sheet *s = &e.s;
    size_t n = 0;
    if (!e.smooth || !e.smooth->n_rows)
        return lus_fail(err, LUS_EDATA, "the model has no coefficient");
    for (size_t row = 0; row < e.smooth->n_rows; row = end_of(e.smooth, row))
        n++;
    if (isnan(lus_chart_number(e.smooth, 0, "time")))
        return lus_fail(err, LUS_EUSAGE,
                        "plot proportionality draws times of single people, which --suppress "
                        "hides");
    if (n > MOST_PANELS)
        return lus_fail(err, LUS_EUSAGE,
                        "%zu coefficients; plot proportionality shows at most %d: strata() takes "
                        "the others out",
                        n, MOST_PANELS);
    lus_sheet_begin(s, d, out, q, 760);
    lus_sheet_head(s, NULL,
                   lus_document_text(d, "Hazard ratios over time; %s; %s", d->estimator,
                                     lus_chart_n(d, lus_chart_analysed(d))));
    s->y = lus_sheet_words(
        s, "legend.dat", s->left, s->y + 8, s->width - 2 * s->left, 14.5,
        lus_document_text(
            d,
            "grey: scaled Schoenfeld residuals of events; blue: their smooth with its "
            "%g %% band; dotted: the model's ratio; in %s",
            100 * d->conf_level, lus_unit_name(d->axis_unit)));
    s->y += 10;
    for (size_t row = 0, end; row < e.smooth->n_rows; row = end) {
        end = end_of(e.smooth, row);
        add_panel(&e, row, end);
    }
    lus_sheet_end(s);
    return LUS_OK;
}
