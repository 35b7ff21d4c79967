/* What a model predicts against what is observed, by fifths of the predicted. Of the tables
 * `calibration` and `brier`. */
#include <math.h>

#include "present/chart/panel.h"

static void add_axes(const struct lus_panel *p)
{
    struct lus_document *d = p->s->doc;
    double step, first = lus_round_steps(100 * p->from[0], 100 * p->to[0],
                                         (int)fmax(2, (p->right - p->left) / 62), &step);
    for (double v = first; v <= 100 * p->to[0] + 1e-9; v += step) {
        lus_panel_tic_x(p, v / 100, lus_document_text(d, "%.4g %%", v));
        lus_panel_tic_y(p, v / 100, lus_document_text(d, "%.4g %%", v));
    }
    double a[2] = {p->from[0], p->from[1]}, b[2] = {p->to[0], p->to[1]};
    lus_panel_line(p, "gaps.dat", a, b);
}

static void add_group(const struct lus_panel *p, const struct lus_table *t, size_t row)
{
    struct lus_sheet *s = p->s;
    double predicted = lus_chart_number(t, row, "predicted"),
           observed = lus_chart_number(t, row, "observed"),
           low = lus_chart_number(t, row, "conf_low"), high = lus_chart_number(t, row, "conf_high");
    const char *n = lus_chart_count_text(s->doc, lus_chart_cell(t, row, "n")),
               *group = lus_chart_cell(t, row, "group")->text;
    if (isnan(observed) || isnan(predicted)) return;
    double from[2] = {predicted, low}, to[2] = {predicted, high};
    if (!isnan(low) && !isnan(high)) lus_panel_line(p, "intervals.dat", from, to);
    if (lus_panel_holds(p, predicted, observed))
        lus_sheet_point(s, "dots.dat", lus_panel_x(p, predicted), lus_panel_y(p, observed));
    s->d->summary = lus_document_text(
        s->doc, "%s Fifth %s, n %s: predicted %.1f %%, observed %.1f %% (%.1f to %.1f).",
        s->d->summary, group, n, 100 * predicted, 100 * observed, 100 * low, 100 * high);
}

/* Both axes alike, from the least to the largest of all, in tenths. */
static void set_range(struct lus_panel *p, const struct lus_table *t)
{
    double least = 1, most = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        least = fmin(least, fmin(lus_chart_number(t, row, "predicted"),
                                 lus_chart_number(t, row, "conf_low")));
        most = fmax(most, fmax(lus_chart_number(t, row, "predicted"),
                               lus_chart_number(t, row, "conf_high")));
    }
    if (!(most > least)) least = 0, most = 1;
    for (int i = 0; i < 2; i++)
        p->from[i] = floor(least * 10) / 10, p->to[i] = ceil(most * 10) / 10;
}

int lus_chart_calibration(struct lus_document *d, const struct lus_chart_request *q,
                          struct lus_drawing *out, struct lus_error *err)
{
    enum { SIDE = 420, EDGE = 70 };
    const struct lus_table *t = lus_document_find(d, "calibration"),
                           *brier = lus_document_find(d, "brier");
    struct lus_sheet s;
    if (!t || !t->n_rows) return lus_fail(err, LUS_EUSAGE, "plot calibration wants --horizon TIME");
    lus_sheet_begin(&s, d, out, q, 620);
    const char *at = lus_chart_cell(t, 0, "time")->text;
    lus_sheet_head(&s, NULL,
                   lus_document_text(d, "Survival at %s, predicted and observed; %s; %s",
                                     at ? at : "", d->estimator,
                                     lus_chart_n(d, lus_chart_analysed(d))));
    s.y = lus_sheet_words(&s, "legend.dat", s.left, s.y + 8, s.width - 2 * s.left, 14.5,
                          lus_document_text(d,
                                            "each dot a fifth of the people by predicted survival; "
                                            "line: %g %% interval of Kaplan-Meier; dotted: where "
                                            "both are the same",
                                            100 * d->conf_level));
    lus_sheet_put(&s, "text.dat", s.left, s.y + 8, "Observed");
    s.y += 26;
    double side = fmin(SIDE, s.width - s.left - EDGE - 20);
    struct lus_panel p = lus_panel_begin(&s, s.left + EDGE, side, side);
    set_range(&p, t);
    add_axes(&p);
    for (size_t row = 0; row < t->n_rows; row++)
        add_group(&p, t, row);
    lus_sheet_put(&s, "tics.dat", (p.left + p.right) / 2, p.bottom + 40, "Predicted");
    s.y = p.bottom + 52;
    if (brier && brier->n_rows)
        s.y = lus_sheet_words(&s, "legend.dat", s.left, s.y + 12, s.width - 2 * s.left, 14.5,
                              lus_document_text(d, "Brier score %.3f; of one curve for all %.3f",
                                                lus_chart_number(brier, 0, "brier"),
                                                lus_chart_number(brier, 0, "brier_none")));
    lus_sheet_end(&s);
    return LUS_OK;
}
