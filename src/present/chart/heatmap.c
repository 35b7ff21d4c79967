/* Survival by two factors, a cell each, as dark as the share alive. Of the table `rates`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/sheet.h"

enum { MOST_ROWS = 29, MOST_COLUMNS = 12 };

/* The distinct levels of a key. */
struct levels {
    const char *at[MOST_ROWS + 1];
    size_t n;
};

static const char *level_of(const struct lus_table *t, size_t row, size_t key)
{
    return t->cells[row * t->n_columns + key].text;
}

static size_t place_of(const struct levels *levels, const char *level)
{
    size_t i = 0;
    while (i < levels->n && strcmp(levels->at[i], level) != 0)
        i++;
    return i;
}

/* In the order of the rows. */
static void list_levels(const struct lus_table *t, size_t key, struct levels *out)
{
    out->n = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        const char *level = level_of(t, row, key);
        if (place_of(out, level) == out->n && out->n <= MOST_ROWS) out->at[out->n++] = level;
    }
}

/* Whether a level that is not placed yet stands before this one within some level of the first
 * key. */
static bool has_earlier(const struct lus_table *t, const struct levels *placed, const char *level)
{
    for (size_t row = 1; row < t->n_rows; row++) {
        if (strcmp(level_of(t, row, 1), level) != 0) continue;
        for (size_t i = row; i-- > 0 && strcmp(level_of(t, i, 0), level_of(t, row, 0)) == 0;)
            if (place_of(placed, level_of(t, i, 1)) == placed->n) return true;
    }
    return false;
}

/* Each level of the first key has some levels of the second, in their order: one order that agrees
 * with all of them, by value or name where they do not say. */
static void order_columns(const struct lus_table *t, struct levels *columns)
{
    struct levels placed = {.n = 0};
    while (placed.n < columns->n) {
        const char *next = NULL;
        for (size_t i = 0; i < columns->n; i++) {
            const char *level = columns->at[i];
            if (place_of(&placed, level) < placed.n || has_earlier(t, &placed, level)) continue;
            if (!next || lus_text_order(lus_text_of(level), lus_text_of(next)) < 0) next = level;
        }
        if (!next) return; /* rows that are in no order */
        placed.at[placed.n++] = next;
    }
    *columns = placed;
}

struct map {
    struct lus_sheet s;
    const struct lus_table *t;
    struct levels rows, columns;
    double left, top, width; /* of the cells */
};

enum { HEIGHT = 50, LEAST_CELL = 58, MOST_CELL = 105, MOST_NAMES = 200 };

/* Words in a cell, whose colour goes by the share that it shows. */
static void put_share(struct lus_sheet *s, double x, double y, double share, const char *text)
{
    struct lus_string *out = lus_drawing_file(s->d, "shares.dat");
    lus_string_print(out, "%.10g\t%.10g\t%.10g\t", x, y, share);
    lus_drawing_text(out, text);
}

static void add_cell(struct map *m, size_t row)
{
    struct lus_sheet *s = &m->s;
    struct lus_document *doc = s->doc;
    const struct lus_table *t = m->t;
    const struct lus_cell *rate = lus_chart_cell(t, row, "survival");
    const char *n = lus_chart_count_text(doc, lus_chart_cell(t, row, "n"));
    double survival = rate->number,
           x = m->left + m->width * (double)place_of(&m->columns, level_of(t, row, 1)),
           y = m->top + HEIGHT * (double)place_of(&m->rows, level_of(t, row, 0)),
           middle = x + m->width / 2;
    bool is_pale = isnan(survival) || lus_chart_is_few(lus_chart_cell(t, row, "at_risk"));
    const char *text = !isnan(survival) ? lus_document_text(doc, "%.1f %%", 100 * survival)
                       : rate->why == LUS_WHY_TOO_FEW ? "not shown"
                                                      : "–",
               *people = lus_document_text(doc, "n %s", n);
    double right = x + m->width - 1, bottom = y + HEIGHT - 1;
    if (is_pale) {
        lus_sheet_line(s, "hidden.dat", x + 1, y + 1, right, bottom);
        lus_sheet_put(s, "few.dat", middle, y + 16, text);
        lus_sheet_put(s, "few.dat", middle, y + 34, people);
    } else {
        lus_sheet_mark(s, "cells.dat", x + 1, y + 1, right, bottom, survival);
        put_share(s, middle, y + 16, survival, text);
        put_share(s, middle, y + 34, survival, people);
    }
    s->d->summary = lus_document_text(doc, "%s %s: %s, n %s.", s->d->summary,
                                      lus_chart_row_name(doc, t, row), text, n);
}

static const char *subtitle_of(struct lus_document *doc, const struct lus_table *t)
{
    double n = lus_chart_analysed(doc);
    return lus_document_text(
        doc, "Alive at %s%s%s by %s and %s%s; grey: fewer than %d at risk",
        lus_chart_cell(t, 0, "time")->text, doc->origin ? " from " : "",
        doc->origin ? doc->origin : "", t->columns[0].header, t->columns[1].header,
        isnan(n) ? "" : lus_document_text(doc, "; %s", lus_chart_n(doc, n)), LUS_FEW);
}

/* Names of the columns stand above their cells, of the rows beside theirs, in as many lines as they
 * need. */
static void add_names(struct map *m)
{
    struct lus_sheet *s = &m->s;
    size_t room = (size_t)((m->width - 6) / 7.2), most = 1;
    for (size_t k = 0; k < m->columns.n; k++) {
        size_t n = lus_chart_wrap(s->doc, m->columns.at[k], room, NULL, NULL);
        if (n > most) most = n;
    }
    for (size_t k = 0; k < m->columns.n; k++)
        (void)lus_sheet_words(s, "counts.dat", m->left + m->width * ((double)k + 0.5), s->y + 14,
                              m->width - 6, 14.5, m->columns.at[k]);
    m->top = s->y + LUS_SHEET_LINE * (double)most + 10;
    for (size_t k = 0; k < m->rows.n; k++) {
        double wide = m->left - s->left - 8;
        size_t n = lus_chart_wrap(s->doc, m->rows.at[k], (size_t)(wide / 7.2), NULL, NULL);
        (void)lus_sheet_words(s, "legend.dat", s->left,
                              m->top + HEIGHT * ((double)k + 0.5) -
                                  LUS_SHEET_LINE * ((double)n - 1) / 2,
                              wide, 14.5, m->rows.at[k]);
    }
}

static double names_width(const struct map *m)
{
    double widest = 0;
    for (size_t k = 0; k < m->rows.n; k++)
        widest = fmax(widest, lus_sheet_width(m->rows.at[k]));
    return widest + 12;
}

static int place(struct map *m, struct lus_error *err)
{
    struct lus_sheet *s = &m->s;
    double wide = s->width - 2 * s->left,
           names = fmin(fmin(names_width(m), MOST_NAMES), 0.34 * wide);
    m->left = s->left + names;
    m->width = fmin(MOST_CELL, (wide - names) / (double)m->columns.n);
    if (m->width >= LEAST_CELL) return LUS_OK;
    return lus_fail(err, LUS_EUSAGE,
                    "--width: a heat map of %zu columns is at least %.0f pixels wide", m->columns.n,
                    2 * s->left + LEAST_CELL * (double)m->columns.n / 0.66 + 1);
}

int lus_chart_heatmap(struct lus_document *doc, const struct lus_chart_request *q,
                      struct lus_drawing *d, struct lus_error *err)
{
    struct map m = {.t = lus_document_find(doc, "rates")};
    if (lus_chart_n_keys(m.t) != 2)
        return lus_fail(err, LUS_EUSAGE, "plot heatmap takes two factors: --by receptor,site_only");
    list_levels(m.t, 0, &m.rows);
    list_levels(m.t, 1, &m.columns);
    if (m.rows.n > MOST_ROWS || m.columns.n > MOST_COLUMNS)
        return lus_fail(err, LUS_EUSAGE, "a heat map has at most %d rows and %d columns", MOST_ROWS,
                        MOST_COLUMNS);
    order_columns(m.t, &m.columns);
    double own = fmin(names_width(&m), MOST_NAMES) + MOST_CELL * (double)m.columns.n + 60;
    lus_sheet_begin(&m.s, doc, d, q, fmax(own, 760));
    lus_sheet_head(&m.s, NULL, subtitle_of(doc, m.t));
    LUS_TRY(place(&m, err));
    add_names(&m);
    for (size_t row = 0; row < m.t->n_rows; row++)
        add_cell(&m, row);
    m.s.y = m.top + HEIGHT * (double)m.rows.n;
    lus_sheet_end(&m.s);
    return LUS_OK;
}
