/* log(-log S) against the logarithm of time: curves of groups whose hazards are in proportion run
 * side by side. Of the tables `curve` and `summary`. */
#include <math.h>

#include "present/chart/ends.h"
#include "present/chart/panel.h"

enum { MOST_GROUPS = 6, EDGE = 76, APART = 34 };

struct lines {
    struct lus_sheet s;
    struct lus_panel p;
    const struct lus_table *curve, *summary;
    double unit; /* how many of the file's units the axis's is */
    struct lus_end ends[MOST_GROUPS];
};

/* A row's place; false: it has none. */
static bool place_of(const struct lines *l, size_t row, double out[2])
{
    double time = lus_chart_number(l->curve, row, "time") / l->unit,
           survival = lus_chart_number(l->curve, row, "survival");
    out[0] = log10(time), out[1] = log(-log(survival));
    return time > 0 && survival > 0 && survival < 1;
}

static bool is_of(const struct lines *l, size_t row, size_t group)
{
    for (size_t k = 0; k < lus_chart_n_keys(l->summary); k++)
        if (strcmp(l->curve->cells[row * l->curve->n_columns + k].text,
                   l->summary->cells[group * l->summary->n_columns + k].text) != 0)
            return false;
    return true;
}

static bool set_range(struct lines *l)
{
    double from[2] = {INFINITY, INFINITY}, to[2] = {-INFINITY, -INFINITY}, at[2];
    for (size_t row = 0; row < l->curve->n_rows; row++)
        for (int i = 0; i < 2 && place_of(l, row, at); i++)
            from[i] = fmin(from[i], at[i]), to[i] = fmax(to[i], at[i]);
    if (!(to[0] > from[0]) || !(to[1] > from[1])) return false;
    for (int i = 0; i < 2; i++) {
        double margin = 0.03 * (to[i] - from[i]);
        l->p.from[i] = from[i] - margin, l->p.to[i] = to[i] + margin;
    }
    return true;
}

static void add_axes(struct lines *l)
{
    struct lus_document *d = l->s.doc;
    static const double shares[] = {0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double y = log(-log(shares[i]));
        if (y >= l->p.from[1] && y <= l->p.to[1])
            lus_panel_tic_y(&l->p, y, lus_document_text(d, "%.4g %%", 100 * shares[i]));
    }
    double last = -INFINITY;
    for (double power = floor(l->p.from[0]); power <= l->p.to[0]; power++)
        for (int k = 1; k <= 5; k += k < 2 ? 1 : 3) {
            double x = power + log10(k);
            if (x < l->p.from[0] || x > l->p.to[0] || lus_panel_x(&l->p, x) - last < APART)
                continue;
            last = lus_panel_x(&l->p, x);
            lus_panel_tic_x(&l->p, x, lus_document_text(d, "%.4g", pow(10, power) * k));
        }
    const char *label = lus_document_text(d, "%s%s%s, on a logarithmic scale",
                                          lus_unit_name(d->axis_unit), d->origin ? " since " : "",
                                          d->origin ? d->origin : "");
    l->s.y = lus_sheet_words(&l->s, "text.dat", l->p.left, l->p.bottom + 40,
                             l->s.width - l->s.left - l->p.left, 14.5, label);
}

/* A group's steps as a curve, in pixels. */
static void add_group(struct lines *l, size_t group)
{
    struct lus_string *out = lus_drawing_file(l->s.d, "steps.dat");
    double y = NAN, at[2];
    for (size_t row = 0; row < l->curve->n_rows; row++) {
        if (!is_of(l, row, group) || !place_of(l, row, at)) continue;
        double x = lus_panel_x(&l->p, at[0]);
        if (!isnan(y)) lus_string_print(out, "%.10g\t%.10g\tNaN\n", x, y);
        y = lus_panel_y(&l->p, at[1]);
        lus_string_print(out, "%.10g\t%.10g\tNaN\n", x, y);
        l->ends[group] = (struct lus_end){lus_chart_row_name(l->s.doc, l->summary, group), x, y};
    }
    lus_string_put(out, isnan(y) ? "-1e9\t-1e9\tNaN\n\n\n" : "\n\n");
    static const char *const others[] = {"bands.dat", "medians.dat", "censored.dat", "rows.dat"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        lus_string_put(lus_drawing_file(l->s.d, others[i]), "-1e9\t-1e9\t-1e9\n\n\n");
}

/* Of the room beside the panel. */
static double names_width(const struct lines *l)
{
    double widest = 0;
    for (size_t row = 0; row < l->summary->n_rows; row++)
        widest = fmax(widest, lus_sheet_width(lus_chart_row_name(l->s.doc, l->summary, row)));
    return fmin(widest + 44, 0.4 * l->s.width);
}

/* Curves are written in pixels. */
static void put_settings(const struct lines *l)
{
    struct lus_string *out = &l->s.d->settings;
    lus_string_print(out,
                     "N_SERIES = %zu\nACROSS = 1\nUP = -1\narray PANEL_LEFT[1] = [0]\n"
                     "array PANEL_BOTTOM[1] = [0]\narray PANEL_OF[%d] = [1",
                     l->summary->n_rows, MOST_GROUPS);
    for (int i = 1; i < MOST_GROUPS; i++)
        lus_string_put(out, ", 1");
    lus_string_put(out, "]\n");
}

int lus_chart_log_minus_log(struct lus_document *d, const struct lus_chart_request *q,
                            struct lus_drawing *out, struct lus_error *err)
{
    struct lines l = {.curve = lus_document_find(d, "curve"),
                      .summary = lus_document_find(d, "summary"),
                      .unit = (double)lus_unit_ticks(d->axis_unit) /
                              (double)lus_unit_ticks(d->unit)};
    struct lus_sheet *s = &l.s;
    if (!l.curve || !l.summary || !l.summary->n_rows)
        return lus_fail(err, LUS_EDATA, "nobody is left to draw");
    if (l.summary->n_rows > MOST_GROUPS)
        return lus_fail(err, LUS_EUSAGE, "%zu strata; plot log-minus-log shows at most %d",
                        l.summary->n_rows, MOST_GROUPS);
    lus_sheet_begin(s, d, out, q, 860);
    lus_sheet_head(
        s, NULL,
        lus_document_text(
            d, "%s; on a scale on which proportional hazards run side by side",
            lus_chart_subject(d, lus_chart_measure(d), l.summary, lus_chart_people(d, l.summary))));
    lus_sheet_put(s, "text.dat", s->left, s->y + 8, "Alive, on the scale log(-log)");
    s->y += 24;
    l.p = lus_panel_begin(s, s->left + EDGE, s->width - 2 * s->left - EDGE - names_width(&l), 400);
    if (!set_range(&l)) return lus_fail(err, LUS_EDATA, "there is no curve to draw");
    add_axes(&l);
    out->summary = lus_document_text(d, "%s Curves at equal distance have proportional hazards.",
                                     out->summary);
    for (size_t group = 0; group < l.summary->n_rows; group++)
        add_group(&l, group);
    lus_ends_put(s, l.ends, l.summary->n_rows, l.p.right + 8, l.p.top);
    put_settings(&l);
    s->y -= 8;
    lus_sheet_end(s);
    return LUS_OK;
}
