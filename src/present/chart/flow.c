/* Who was left out, and who is analysed: a box for each number of people, what is left out at the
 * side, as STROBE draws it. Of the table `selection`. */
#include <math.h>

#include "present/chart/sheet.h"

struct page {
    struct lus_sheet s;
    const struct lus_table *t;
    double x, wide; /* of the boxes in the middle */
};

static const char *text_of(const struct page *x, size_t row, const char *column)
{
    const struct lus_cell *cell = lus_chart_cell(x->t, row, column);
    return cell->text ? cell->text : lus_chart_count_text(x->s.doc, cell);
}

static void add_box(struct page *x, const char *name, const char *n)
{
    enum { HEIGHT = 44 };
    struct lus_sheet *s = &x->s;
    lus_sheet_line(s, "boxes.dat", x->x, s->y, x->x + x->wide, s->y + HEIGHT);
    lus_sheet_put(s, "strong.dat", x->x + 14, s->y + 22,
                  lus_document_text(s->doc, "%s: %s", name, n));
    s->y += HEIGHT;
}

/* What a rule leaves out: an arrow to the side, and the way on. */
static void add_left_out(struct page *x, size_t row)
{
    struct lus_sheet *s = &x->s;
    double middle = x->x + x->wide / 2,
           side = s->is_narrow ? x->x + x->wide / 2 + 24 : 0.36 * s->width;
    const char *text = lus_document_text(s->doc, "%s left out: %s", text_of(x, row, "left_out"),
                                         text_of(x, row, "rule"));
    lus_sheet_line(s, "ways.dat", middle, s->y + 24, side - 6, s->y + 24);
    double end = lus_sheet_words(s, "text.dat", side, s->y + 24, s->width - s->left - side, 14.5,
                                 text);
    end = fmax(end + 4, s->y + 46);
    lus_sheet_line(s, "gaps.dat", middle, s->y, middle, end);
    s->y = end;
}

int lus_chart_flow(struct lus_document *d, const struct lus_chart_request *q,
                   struct lus_drawing *out, struct lus_error *err)
{
    struct page x = {.t = lus_document_find(d, "selection")};
    struct lus_sheet *s = &x.s;
    if (!x.t || x.t->n_rows < 2) return lus_fail(err, LUS_EDATA, "nobody was counted");
    lus_sheet_begin(s, d, out, q, LUS_SHEET_WIDE);
    lus_sheet_head(s, "Who is analysed",
                   lus_document_text(d, "%s%s", d->data_title ? d->data_title : d->file,
                                     d->is_synthetic ? " (SYNTHETIC)" : ""));
    x.x = s->left, x.wide = s->is_narrow ? 0.7 * s->width : 0.3 * s->width;
    s->y += 12;
    size_t last = x.t->n_rows - 1;
    add_box(&x, "rows read", text_of(&x, 0, "remaining"));
    out->summary = lus_document_text(d, "%s %s rows read", out->summary,
                                     text_of(&x, 0, "remaining"));
    for (size_t row = 1; row < last; row++) {
        if (lus_chart_number(x.t, row, "left_out") == 0) continue;
        add_left_out(&x, row);
        out->summary = lus_document_text(d, "%s; %s left out: %s", out->summary,
                                         text_of(&x, row, "left_out"), text_of(&x, row, "rule"));
    }
    lus_sheet_line(s, "gaps.dat", x.x + x.wide / 2, s->y, x.x + x.wide / 2, s->y + 16);
    s->y += 16;
    add_box(&x, "analysed", text_of(&x, last, "remaining"));
    out->summary = lus_document_text(d, "%s; %s analysed.", out->summary,
                                     text_of(&x, last, "remaining"));
    s->y += 6;
    lus_sheet_end(s);
    return LUS_OK;
}
