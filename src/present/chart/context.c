/* Quoted figures beside the data: a panel for each quantity with its own axis; the page's words,
 * who says so, the figure with its rounding, the data with their interval, published studies as
 * dots, the finding in words. Of the tables `context`, `figures` and `published`. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "lustrum/context.h"
#include "present/chart/sheet.h"

enum { MOST_ROWS = 60 };

struct page {
    struct lus_sheet s;
    struct lus_document *doc;
    const struct lus_table *t, *figures, *published;
    struct lus_drawing *d;
    bool *is_shown;               /* by row: in a panel */
    bool any_document;            /* published figures are dots then, and have no rows */
    double year;                  /* in the file's unit: medians are drawn in years */
    double width, y;              /* pixels; y: where the next thing begins */
    bool is_narrow;               /* words and axis stand below each other */
    double left, from, to, right; /* words, the axis, the finding */
    double axis_most;             /* of the panel that is drawn */
};

static const char *text_of(const struct lus_table *t, size_t row, const char *column)
{
    const char *text = lus_chart_cell(t, row, column)->text;
    return text ? text : "";
}

static bool is_of(const struct page *x, size_t row, enum lus_statistic statistic)
{
    return strcmp(text_of(x->t, row, "statistic"), lus_statistic_name(statistic)) == 0;
}

static bool has_verdict(const struct page *x, size_t row, enum lus_verdict verdict)
{
    return strcmp(text_of(x->t, row, "verdict"), lus_verdict_text(verdict)) == 0;
}

/* A verdict that is hidden from view is none, and its row has no data. */
static bool is_compared(const struct page *x, size_t row)
{
    return !has_verdict(x, row, LUS_NOT_COMPARABLE);
}

static bool is_row(const struct page *x, size_t row)
{
    return !is_of(x, row, LUS_STATISTIC_NOTE) &&
           (*text_of(x->figures, row, "title") || !x->any_document);
}

static const char *panel_of(const struct page *x, size_t row)
{
    return text_of(x->figures, row, "panel");
}

static bool is_length(const struct page *x, size_t row)
{
    return is_of(x, row, LUS_STATISTIC_MEDIAN);
}

/* In the panel's unit: of 100, years, or what a column counts. */
static double in_panel(const struct page *x, size_t row, double value)
{
    if (is_length(x, row)) return value / x->year;
    return is_of(x, row, LUS_STATISTIC_MEDIAN_OF) ? value : 100 * value;
}

static double number(const struct page *x, const struct lus_table *t, size_t row,
                     const char *column)
{
    return in_panel(x, row, lus_chart_number(t, row, column));
}

/* The figure: its band, a thick mark, an arrow where it is a bound, and what it says. */
static void add_figure(struct page *x, size_t row, double y, double label_at)
{
    const char *says = text_of(x->figures, row, "says");
    double value = is_of(x, row, LUS_STATISTIC_SOME) ? 0 : number(x, x->t, row, "figure_value"),
           low = number(x, x->figures, row, "low"), high = number(x, x->figures, row, "high"),
           at = lus_sheet_on_axis(&x->s, value);
    bool is_bound = says[0] == '>' || says[0] == '<';
    if (!is_bound && !isnan(low))
        lus_sheet_line(&x->s, "ranges.dat", fmin(lus_sheet_on_axis(&x->s, low), at - 2), y - 11,
                       fmax(lus_sheet_on_axis(&x->s, high), at + 2), y + 11);
    if (is_bound)
        lus_sheet_line(&x->s, "arrows.dat", at + (says[0] == '>' ? 4 : -4), y,
                       at + (says[0] == '>' ? 36 : -36), y);
    lus_sheet_line(&x->s, "figures.dat", at, y - 11, at, y + 11);
    lus_sheet_put(&x->s, "says.dat", label_at, y - 21, says);
}

static void add_data(struct page *x, size_t row, double y, double label_at)
{
    const struct lus_cell *data = lus_chart_cell(x->t, row, "data_value");
    double low = number(x, x->t, row, "conf_low"), high = number(x, x->t, row, "conf_high"),
           at = lus_sheet_on_axis(&x->s, in_panel(x, row, data->number));
    if (!isnan(low) || !isnan(high))
        lus_sheet_line(&x->s, "intervals.dat",
                       isnan(low) ? x->s.from : lus_sheet_on_axis(&x->s, low), y,
                       isnan(high) ? x->s.to : lus_sheet_on_axis(&x->s, high), y);
    lus_sheet_point(&x->s, data->is_few ? "hollow.dat" : "dots.dat", at, y);
    lus_sheet_put(&x->s, "found.dat", label_at, y - 21, text_of(x->figures, row, "data"));
}

/* A row's marks around y. */
static void add_marks(struct page *x, size_t row, double y)
{
    enum { APART = 38 };
    double value = is_of(x, row, LUS_STATISTIC_SOME) ? 0 : number(x, x->t, row, "figure_value"),
           data = in_panel(x, row, lus_chart_number(x->t, row, "data_value")),
           says_at = lus_sheet_on_axis(&x->s, value), found_at = lus_sheet_on_axis(&x->s, data);
    if (!isnan(data) && fabs(says_at - found_at) < APART) { /* the words make room */
        double middle = (says_at + found_at) / 2, side = says_at <= found_at ? 1 : -1;
        says_at = middle - side * APART / 2, found_at = middle + side * APART / 2;
    }
    if (!isnan(data) && lus_verdict_differs(has_verdict(x, row, LUS_LOWER)    ? LUS_LOWER
                                            : has_verdict(x, row, LUS_HIGHER) ? LUS_HIGHER
                                                                              : LUS_FITS))
        lus_sheet_line(&x->s, "gaps.dat", lus_sheet_on_axis(&x->s, value), y,
                       lus_sheet_on_axis(&x->s, data), y);
    add_figure(x, row, y, says_at);
    if (!isnan(data)) add_data(x, row, y, found_at);
    for (size_t i = 0; i < x->published->n_rows; i++)
        if (strcmp(text_of(x->published, i, "figure"), text_of(x->t, row, "figure")) == 0)
            lus_sheet_point(
                &x->s, "studies.dat",
                lus_sheet_on_axis(&x->s,
                                  in_panel(x, row, lus_chart_number(x->published, i, "value"))),
                y + 19);
}

/* --- rows and panels --- */

static const char *finding_of(const struct page *x, size_t row)
{
    const char *finding = text_of(x->t, row, "finding");
    if (!*finding) return "Not shown";
    if (has_verdict(x, row, LUS_NOT_COMPARABLE)) return "Cannot be compared here";
    return lus_document_text(x->doc, "%c%s", toupper((unsigned char)finding[0]), finding + 1);
}

/* Two pages that say the same of the same people share a row. */
static bool is_same(const struct page *x, size_t a, size_t b)
{
    static const char *const columns[] = {"panel", "says", "data", "checked"};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(text_of(x->figures, a, columns[i]), text_of(x->figures, b, columns[i])) != 0)
            return false;
    return x->is_shown[a] && x->is_shown[b] &&
           strcmp(text_of(x->t, a, "measure"), text_of(x->t, b, "measure")) == 0;
}

/* The texts of all pages that share a row. */
static const char *shared(const struct page *x, size_t row, const char *column, const char *between)
{
    const char *text = text_of(x->figures, row, column);
    for (size_t k = row + 1; k < x->t->n_rows; k++)
        if (is_same(x, row, k) && !strstr(text, text_of(x->figures, k, column)))
            text = lus_document_text(x->doc, "%s%s%s", text, between,
                                     text_of(x->figures, k, column));
    return text;
}

static bool is_told_above(const struct page *x, size_t row)
{
    for (size_t above = 0; above < row; above++)
        if (is_same(x, above, row)) return true;
    return false;
}

static void add_row(struct page *x, size_t row)
{
    const char *finding = finding_of(x, row), *checked = text_of(x->figures, row, "checked"),
               *who = shared(x, row, "who", "; "), *quote = shared(x, row, "quote", ", ");
    double top = x->s.y,
           wide = (x->s.is_narrow ? x->s.width - x->s.left : x->s.from - 14) - x->s.left,
           words = lus_sheet_words(
               &x->s, "text.dat", x->s.left,
               lus_sheet_words(&x->s, "strong.dat", x->s.left, top + 18, wide, 16, quote) + 1, wide,
               14.5, who);
    double marks = x->s.is_narrow ? words + 22 : top + 30,
           at = x->s.is_narrow ? x->s.left : x->s.right,
           below = x->s.is_narrow ? marks + 42 : top + 18, room = x->s.width - x->s.left - at;
    if (x->s.is_narrow)
        lus_sheet_grid(&x->s, marks - 14, marks + 24); /* words stand between the rows' */
    add_marks(x, row, marks);
    below = lus_sheet_words(&x->s, is_compared(x, row) ? "strong.dat" : "faint.dat", at, below,
                            room, 16, finding);
    below = lus_sheet_words(&x->s, "text.dat", at, below + 1, room, 14.5, checked);
    x->s.y = fmax(fmax(words, below) + 2, marks + 36);
    lus_sheet_line(&x->s, "rules.dat", x->s.left, x->s.y, x->s.width - x->s.left, x->s.y);
    x->d->summary = lus_document_text(
        x->doc, "%s %s: %s, %s: %s%s%s. %s", x->d->summary, panel_of(x, row), quote, who,
        *text_of(x->figures, row, "data") ? "data " : "", text_of(x->figures, row, "data"),
        *text_of(x->figures, row, "data") ? lus_document_text(x->doc, "; %s", finding) : finding,
        checked);
}

/* Where the axis of a panel ends. */
static double axis_most(const struct page *x, size_t first)
{
    double most = 0;
    if (!is_length(x, first) && !is_of(x, first, LUS_STATISTIC_MEDIAN_OF)) return 100;
    for (size_t row = first; row < x->t->n_rows; row++) {
        if (!x->is_shown[row] || strcmp(panel_of(x, row), panel_of(x, first)) != 0) continue;
        double data = number(x, x->t, row, "data_value"), high = number(x, x->t, row, "conf_high");
        most = fmax(most, number(x, x->t, row, "figure_value"));
        most = fmax(most, isnan(high) ? data : high);
    }
    return lus_round_up(most * 1.15);
}

static void add_panel(struct page *x, size_t first)
{
    x->s.axis_most = axis_most(x, first);
    lus_sheet_put(&x->s, "panels.dat", x->s.left, x->s.y + 14, panel_of(x, first));
    lus_sheet_put(&x->s, "text.dat", x->s.left, x->s.y + 36, text_of(x->figures, first, "unit"));
    x->s.y += 54;
    double top = x->s.y;
    for (size_t row = first; row < x->t->n_rows; row++)
        if (x->is_shown[row] && strcmp(panel_of(x, row), panel_of(x, first)) == 0 &&
            !is_told_above(x, row))
            add_row(x, row);
    if (!x->s.is_narrow) lus_sheet_grid(&x->s, top, x->s.y + 6);
    lus_sheet_axis(&x->s);
}

/* Whether a row of the same panel stands above it. */
static bool is_begun(const struct page *x, size_t row)
{
    for (size_t above = 0; above < row; above++)
        if (x->is_shown[above] && strcmp(panel_of(x, above), panel_of(x, row)) == 0) return true;
    return false;
}

/* --- the head --- */

/* "A page says 15 of 100 live 5 years; in these data 29 do" of one row. */
static const char *sentence_of(const struct page *x, size_t row)
{
    struct lus_document *d = x->doc;
    const char *says = text_of(x->figures, row, "says"), *data = text_of(x->figures, row, "data"),
               *in = d->is_synthetic ? "in this model" : "in these data",
               *who = x->any_document ? "A page" : "A study";
    bool is_about = strncmp(text_of(x->t, row, "figure_value"), "about ", 6) == 0;
    if (is_of(x, row, LUS_STATISTIC_SURVIVAL))
        return lus_document_text(d, "%s says %s%s of 100 live %s; %s %s do", who,
                                 is_about ? "about " : "", says,
                                 panel_of(x, row) + strlen("Alive after "), in, data);
    if (is_length(x, row))
        return lus_document_text(d, "%s says half live %s years; %s it is %s", who, says, in, data);
    return lus_document_text(d, "%s: %s says %s, %s %s", panel_of(x, row), who, says, in, data);
}

/* The finding of the figure that is furthest from the data. */
static const char *finding_title(const struct page *x)
{
    double furthest = 0;
    size_t best = SIZE_MAX, n = 0, n_fit = 0;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        if (!x->is_shown[row] || !is_compared(x, row)) continue;
        double value = lus_chart_number(x->t, row, "figure_value"),
               by = fabs(value - lus_chart_number(x->t, row, "data_value")) /
                    (is_length(x, row) ? 3 * value : 1);
        bool differs = has_verdict(x, row, LUS_LOWER) || has_verdict(x, row, LUS_HIGHER);
        n++, n_fit += has_verdict(x, row, LUS_FITS) || has_verdict(x, row, LUS_BORNE_OUT) ||
                      has_verdict(x, row, LUS_TARGET_MET);
        if (differs && by > furthest) furthest = by, best = row;
    }
    if (best != SIZE_MAX) return sentence_of(x, best);
    return n && n == n_fit ? "What the pages say fits these data"
                           : "What the pages say, beside the data";
}

static const char *subtitle_of(const struct page *x)
{
    struct lus_document *doc = x->doc;
    double n = lus_chart_analysed(doc);
    return lus_document_text(doc, "%s%s%s%s%s%s%s%s", doc->data_title ? doc->data_title : doc->file,
                             doc->is_synthetic ? " (SYNTHETIC)" : "", doc->origin ? "; from " : "",
                             doc->origin ? doc->origin : "",
                             isnan(n) ? "" : lus_document_text(doc, "; %s", lus_chart_n(doc, n)),
                             doc->where ? lus_document_text(doc, ", where %s", doc->where) : "",
                             doc->has_entry ? "; delayed entry" : "",
                             doc->is_synthetic ? "; no interval: made by a model" : "");
}

/* A sign and its words; returns how wide they are. */
static double add_key(struct page *x, double at, double y, int sign, const char *text)
{
    if (sign == 0) {
        lus_sheet_line(&x->s, "ranges.dat", at, y - 9, at + 16, y + 9);
        lus_sheet_line(&x->s, "figures.dat", at + 8, y - 9, at + 8, y + 9);
    } else if (sign == 1) {
        lus_sheet_line(&x->s, "intervals.dat", at - 6, y, at + 24, y);
        lus_sheet_point(&x->s, "dots.dat", at + 9, y);
    } else {
        lus_sheet_point(&x->s, "studies.dat", at + 8, y);
    }
    lus_sheet_put(&x->s, "legend.dat", at + 30, y, text);
    return 30 + lus_sheet_width(text) + 28;
}

static void add_legend(struct page *x)
{
    const char *keys[] = {"what the page says, with its rounding",
                          x->doc->is_synthetic ? "the data"
                                               : lus_document_text(x->doc,
                                                                   "the data, with %g %% interval "
                                                                   "(hollow: fewer than 10)",
                                                                   100 * x->doc->conf_level),
                          "published: same measure, same origin"};
    double at = x->s.left + 4;
    for (int i = 0; i < 3; i++) {
        if (i == 2 && !x->published->n_rows) break;
        double wide = 58 + lus_sheet_width(keys[i]);
        if (i && at + wide > x->s.width) at = x->s.left + 4, x->s.y += 26;
        at += add_key(x, at, x->s.y + 6, i, keys[i]);
    }
    x->s.y += 34;
}

static void add_head(struct page *x)
{
    lus_sheet_head(&x->s, finding_title(x), subtitle_of(x));
    add_legend(x);
}

/* --- what has no axis, and what cannot be compared --- */

static const char *name_of(const struct page *x, size_t row)
{
    const char *quote = text_of(x->figures, row, "quote"), *panel = panel_of(x, row);
    return *panel ? lus_document_text(x->doc, "%s, %s", panel, quote)
                  : text_of(x->figures, row, "label");
}

static void add_list(struct page *x, const char *head, bool are_compared)
{
    struct lus_document *doc = x->doc;
    const char *text = "";
    size_t n = 0;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        const char *why = are_compared ? finding_of(x, row) : text_of(x->figures, row, "checked");
        if (!is_row(x, row) || x->is_shown[row] || is_compared(x, row) != are_compared) continue;
        text = lus_document_text(doc, "%s%s%s (%s)", text, n++ ? " · " : "", name_of(x, row),
                                 *why ? why : "not shown");
    }
    if (!n) return;
    lus_sheet_put(&x->s, "strong.dat", x->s.left, x->s.y + 16, head);
    x->s.y = lus_sheet_words(&x->s, "text.dat", x->s.left, x->s.y + 37, x->s.width - 2 * x->s.left,
                             14.5, text) +
             8;
    x->d->summary = lus_document_text(doc, "%s %s %s.", x->d->summary, head, text);
}

/* Why nothing can be compared: the reason that all have, or the first of them. */
static int refuse(const struct page *x, struct lus_error *err)
{
    for (size_t row = 0; row < x->t->n_rows; row++) {
        const char *why = text_of(x->figures, row, "checked");
        if (is_row(x, row) && has_verdict(x, row, LUS_NOT_COMPARABLE) && *why)
            return lus_fail(err, LUS_EDATA, "%s: no figure can be compared with these data: %s",
                            x->doc->file ? x->doc->file : "the data", why);
    }
    return lus_fail(err, LUS_EDATA, "the files have no figure with a number");
}

/* Panels with a figure that can be compared are drawn, with all their figures. */
static size_t choose_rows(struct page *x)
{
    size_t n = 0;
    for (size_t row = 0; row < x->t->n_rows; row++)
        x->any_document |= *text_of(x->figures, row, "title") != 0;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        if (!is_row(x, row) || !*panel_of(x, row)) continue;
        for (size_t k = 0; k < x->t->n_rows && !x->is_shown[row]; k++)
            x->is_shown[row] = is_row(x, k) && strcmp(panel_of(x, k), panel_of(x, row)) == 0 &&
                               is_compared(x, k);
        n += x->is_shown[row];
    }
    return n;
}

static int draw(struct page *x, const struct lus_chart_request *q, struct lus_error *err)
{
    size_t n = choose_rows(x);
    if (!n) return refuse(x, err);
    if (n > MOST_ROWS)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most %d figures; choose a file",
                        MOST_ROWS);
    lus_sheet_begin(&x->s, x->doc, x->d, q, LUS_SHEET_WIDE);
    add_head(x);
    for (size_t row = 0; row < x->t->n_rows; row++)
        if (x->is_shown[row] && !is_begun(x, row)) add_panel(x, row);
    add_list(x, "Said without a number:", true);
    add_list(x, "Cannot be compared here:", false);
    lus_sheet_end(&x->s);
    return LUS_OK;
}

int lus_chart_context(struct lus_document *d, const struct lus_chart_request *q,
                      struct lus_drawing *out, struct lus_error *err)
{
    struct page x = {.doc = d,
                     .t = lus_document_find(d, "context"),
                     .figures = lus_document_find(d, "figures"),
                     .published = lus_document_find(d, "published"),
                     .d = out,
                     .year = (double)lus_unit_ticks(LUS_YEARS) / (double)lus_unit_ticks(d->unit)};
    x.is_shown = lus_alloc_zeroed(x.t->n_rows + 1, sizeof *x.is_shown);
    int status = x.is_shown ? draw(&x, q, err) : lus_fail_memory(err);
    free(x.is_shown);
    return status;
}
