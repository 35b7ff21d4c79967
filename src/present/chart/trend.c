/* Survival at a horizon by a number, such as the year of diagnosis. Of the table `rates`. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/estimate.h"
#include "present/chart/panel.h"
#include "support/memory.h"
#include "support/number.h"

struct trend {
    struct lus_sheet s;
    struct lus_panel p;
    const struct lus_table *t;
    double *x, from, to; /* x by row */
};

static int read_numbers(struct trend *x, struct lus_error *err)
{
    x->from = INFINITY, x->to = -INFINITY;
    for (size_t i = 0; i < x->t->n_rows; i++) {
        const char *level = x->t->cells[i * x->t->n_columns].text;
        if (lus_number_parse(level, strlen(level), &x->x[i]) != LUS_NUMBER_OK)
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: \"%s\" is no number; a trend is by a number, such as the year",
                            x->s.doc->file, x->t->columns[0].name, level);
        x->from = fmin(x->from, x->x[i]), x->to = fmax(x->to, x->x[i]);
    }
    return LUS_OK;
}

/* The rate of a row as a dot with its interval, joined to the one before. */
static void add_point(struct trend *x, size_t row)
{
    struct lus_sheet *s = &x->s;
    const struct lus_cell *rate = lus_chart_cell(x->t, row, "survival");
    const char *level = x->t->cells[row * x->t->n_columns].text;
    double survival = rate->number, low = lus_chart_number(x->t, row, "conf_low"),
           high = lus_chart_number(x->t, row, "conf_high"),
           before = row ? lus_chart_number(x->t, row - 1, "survival") : NAN;
    bool is_few = lus_chart_is_few(lus_chart_cell(x->t, row, "at_risk"));
    if (!isnan(survival)) {
        double at = x->x[row];
        if (!isnan(before))
            lus_panel_line(&x->p, "thin.dat", (double[]){x->x[row - 1], before},
                           (double[]){at, survival});
        lus_panel_line(&x->p, is_few ? "thin.dat" : "intervals.dat",
                       (double[]){at, isnan(low) ? survival : low},
                       (double[]){at, isnan(high) ? survival : high});
        lus_sheet_point(s, is_few ? "hollow.dat" : "dots.dat", lus_panel_x(&x->p, at),
                        lus_panel_y(&x->p, survival));
    }
    s->d->summary =
        isnan(survival)
            ? lus_document_text(s->doc, "%s %s: %s.", s->d->summary, level, lus_chart_absence(rate))
            : lus_document_text(s->doc, "%s %s: %.1f %%.", s->d->summary, level, 100 * survival);
}

/* What fits side by side of the numbers and of how many people stand behind them. */
static void add_words(struct trend *x)
{
    struct lus_sheet *s = &x->s;
    double widest = 30;
    for (size_t row = 0; row < x->t->n_rows; row++)
        widest = fmax(
            widest, lus_sheet_width(lus_chart_count_text(s->doc, lus_chart_cell(x->t, row, "n"))));
    double last = -INFINITY;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        double at = lus_panel_x(&x->p, x->x[row]);
        if (at - last < widest + 12) continue;
        last = at;
        bool is_few = lus_chart_is_few(lus_chart_cell(x->t, row, "at_risk"));
        lus_sheet_put(s, "tics.dat", at, x->p.bottom + 16, x->t->cells[row * x->t->n_columns].text);
        lus_sheet_put(s, is_few ? "few.dat" : "counts.dat", at, x->p.bottom + 46,
                      lus_chart_count_text(s->doc, lus_chart_cell(x->t, row, "n")));
    }
    lus_sheet_put(s, "text.dat", s->left, x->p.bottom + 46, "n");
}

static void draw(struct trend *x)
{
    enum { EDGE = 56, MARGIN = 24 };
    struct lus_sheet *s = &x->s;
    struct lus_document *d = s->doc;
    lus_sheet_head(
        s, NULL,
        lus_document_text(
            d, "%s; %g %% intervals (%s); hollow: fewer than %d at risk",
            lus_chart_subject(
                d, lus_document_text(d, "Alive at %s", lus_chart_cell(x->t, 0, "time")->text), x->t,
                lus_chart_analysed(d)),
            100 * d->conf_level, d->transform, LUS_FEW));
    s->y += 16;
    double wide = s->width - 2 * s->left - EDGE;
    x->p = lus_panel_begin(s, s->left + EDGE, wide, fmin(fmax(0.5 * wide, 180), 380));
    double margin = (x->to > x->from ? x->to - x->from : 1) * MARGIN / wide;
    x->p.from[0] = x->from - margin, x->p.to[0] = x->to + margin, x->p.to[1] = 1;
    for (int i = 0; i <= 5; i++)
        lus_panel_tic_y(&x->p, 0.2 * i, lus_document_text(d, "%d %%", 20 * i));
    for (size_t row = 0; row < x->t->n_rows; row++)
        add_point(x, row);
    add_words(x);
    s->y = x->p.bottom + 56;
    lus_sheet_end(s);
}

int lus_chart_trend(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    struct trend x = {.t = lus_document_find(d, "rates")};
    lus_sheet_begin(&x.s, d, out, q, 860);
    if (lus_chart_n_keys(x.t) != 1)
        return lus_fail(err, LUS_EUSAGE, "plot trend takes one number column: --by year");
    if (!(x.x = lus_alloc(x.t->n_rows, sizeof *x.x))) return lus_fail_memory(err);
    int status = read_numbers(&x, err);
    if (status == LUS_OK) draw(&x);
    free(x.x);
    return status;
}
