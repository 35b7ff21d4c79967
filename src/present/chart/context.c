/* Quoted figures beside the data: a panel for each quantity with its own axis; the page's words,
 * who says so, the figure with its rounding, the data with their interval, published studies as
 * dots, the finding in words. Of the tables `context`, `figures` and `published`. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "lustrum/context.h"
#include "present/chart/dots.h"

enum { MOST_ROWS = 60 };

struct sheet {
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

static const double LINE = 19, TITLE_LINE = 25, /* of words */
    CHARACTER = 7.2;                            /* how wide one is, on average */

static const char *text_of(const struct lus_table *t, size_t row, const char *column)
{
    const char *text = lus_chart_cell(t, row, column)->text;
    return text ? text : "";
}

static bool is_of(const struct sheet *x, size_t row, enum lus_statistic statistic)
{
    return strcmp(text_of(x->t, row, "statistic"), lus_statistic_name(statistic)) == 0;
}

static bool has_verdict(const struct sheet *x, size_t row, enum lus_verdict verdict)
{
    return strcmp(text_of(x->t, row, "verdict"), lus_verdict_text(verdict)) == 0;
}

/* A verdict that is hidden from view is none, and its row has no data. */
static bool is_compared(const struct sheet *x, size_t row)
{
    return !has_verdict(x, row, LUS_NOT_COMPARABLE);
}

static bool is_row(const struct sheet *x, size_t row)
{
    return !is_of(x, row, LUS_STATISTIC_NOTE) &&
           (*text_of(x->figures, row, "title") || !x->any_document);
}

static const char *panel_of(const struct sheet *x, size_t row)
{
    return text_of(x->figures, row, "panel");
}

static bool is_length(const struct sheet *x, size_t row)
{
    return is_of(x, row, LUS_STATISTIC_MEDIAN);
}

/* In the panel's unit: of 100, years, or what a column counts. */
static double in_panel(const struct sheet *x, size_t row, double value)
{
    if (is_length(x, row)) return value / x->year;
    return is_of(x, row, LUS_STATISTIC_MEDIAN_OF) ? value : 100 * value;
}

static double number(const struct sheet *x, const struct lus_table *t, size_t row,
                     const char *column)
{
    return in_panel(x, row, lus_chart_number(t, row, column));
}

/* --- words and marks --- */

static void put(struct sheet *x, const char *file, double at, double y, const char *text)
{
    lus_drawing_label(lus_drawing_file(x->d, file), at, y, text);
}

static void put_line(struct sheet *x, const char *file, double from, double y, double to,
                     double to_y)
{
    lus_string_print(lus_drawing_file(x->d, file), "%.10g\t%.10g\t%.10g\t%.10g\n", from, y, to,
                     to_y);
}

struct block {
    struct sheet *x;
    const char *file;
    double at, y, pitch;
};

static void put_wrapped_line(void *context, size_t i, const char *text)
{
    struct block *b = context;
    put(b->x, b->file, b->at, b->y + b->pitch * (double)i, text);
}

/* Words in lines within a width; returns where the next line would be. */
static double put_words(struct sheet *x, const char *file, double at, double y, double width,
                        double size, const char *text)
{
    struct block b = {x, file, at, y, LINE};
    size_t n = lus_chart_wrap(x->doc, text, (size_t)(width / (CHARACTER * size / 14.5)),
                              put_wrapped_line, &b);
    return y + LINE * (double)n;
}

static double on_axis(const struct sheet *x, double value)
{
    double share = value < 0 ? 0 : value > x->axis_most ? 1 : value / x->axis_most;
    return x->from + share * (x->to - x->from);
}

/* Steps of the axis. */
static int n_steps(const struct sheet *x)
{
    return x->axis_most == 100 ? 5 : 4;
}

static void add_grid(struct sheet *x, double top, double bottom)
{
    for (int i = 0; i <= n_steps(x); i++) {
        double at = on_axis(x, x->axis_most * i / n_steps(x));
        put_line(x, "grid.dat", at, top, at, bottom);
    }
}

/* The figure: its band, a thick mark, an arrow where it is a bound, and what it says. */
static void add_figure(struct sheet *x, size_t row, double y, double label_at)
{
    const char *says = text_of(x->figures, row, "says");
    double value = is_of(x, row, LUS_STATISTIC_SOME) ? 0 : number(x, x->t, row, "figure_value"),
           low = number(x, x->figures, row, "low"), high = number(x, x->figures, row, "high"),
           at = on_axis(x, value);
    bool is_bound = says[0] == '>' || says[0] == '<';
    if (!is_bound && !isnan(low))
        put_line(x, "bands.dat", fmin(on_axis(x, low), at - 2), y - 11,
                 fmax(on_axis(x, high), at + 2), y + 11);
    if (is_bound)
        put_line(x, "arrows.dat", at + (says[0] == '>' ? 4 : -4), y,
                 at + (says[0] == '>' ? 36 : -36), y);
    put_line(x, "figures.dat", at, y - 11, at, y + 11);
    put(x, "says.dat", label_at, y - 21, says);
}

static void add_data(struct sheet *x, size_t row, double y, double label_at)
{
    const struct lus_cell *data = lus_chart_cell(x->t, row, "data_value");
    double low = number(x, x->t, row, "conf_low"), high = number(x, x->t, row, "conf_high"),
           at = on_axis(x, in_panel(x, row, data->number));
    if (!isnan(low) || !isnan(high))
        put_line(x, "intervals.dat", isnan(low) ? x->from : on_axis(x, low), y,
                 isnan(high) ? x->to : on_axis(x, high), y);
    lus_string_print(lus_drawing_file(x->d, data->is_few ? "hollow.dat" : "dots.dat"),
                     "%.10g\t%.10g\n", at, y);
    put(x, "found.dat", label_at, y - 21, text_of(x->figures, row, "data"));
}

/* A row's marks around y. */
static void add_marks(struct sheet *x, size_t row, double y)
{
    enum { APART = 38 };
    double value = is_of(x, row, LUS_STATISTIC_SOME) ? 0 : number(x, x->t, row, "figure_value"),
           data = in_panel(x, row, lus_chart_number(x->t, row, "data_value")),
           says_at = on_axis(x, value), found_at = on_axis(x, data);
    if (!isnan(data) && fabs(says_at - found_at) < APART) { /* the words make room */
        double middle = (says_at + found_at) / 2, side = says_at <= found_at ? 1 : -1;
        says_at = middle - side * APART / 2, found_at = middle + side * APART / 2;
    }
    if (!isnan(data) && lus_verdict_differs(has_verdict(x, row, LUS_LOWER)    ? LUS_LOWER
                                            : has_verdict(x, row, LUS_HIGHER) ? LUS_HIGHER
                                                                              : LUS_FITS))
        put_line(x, "gaps.dat", on_axis(x, value), y, on_axis(x, data), y);
    add_figure(x, row, y, says_at);
    if (!isnan(data)) add_data(x, row, y, found_at);
    for (size_t i = 0; i < x->published->n_rows; i++)
        if (strcmp(text_of(x->published, i, "figure"), text_of(x->t, row, "figure")) == 0)
            lus_string_print(
                lus_drawing_file(x->d, "studies.dat"), "%.10g\t%.10g\n",
                on_axis(x, in_panel(x, row, lus_chart_number(x->published, i, "value"))), y + 19);
}

/* --- rows and panels --- */

static const char *finding_of(const struct sheet *x, size_t row)
{
    const char *finding = text_of(x->t, row, "finding");
    if (!*finding) return "Not shown";
    if (has_verdict(x, row, LUS_NOT_COMPARABLE)) return "Cannot be compared here";
    return lus_document_text(x->doc, "%c%s", toupper((unsigned char)finding[0]), finding + 1);
}

/* Two pages that say the same of the same people share a row. */
static bool is_same(const struct sheet *x, size_t a, size_t b)
{
    static const char *const columns[] = {"panel", "says", "data", "checked"};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(text_of(x->figures, a, columns[i]), text_of(x->figures, b, columns[i])) != 0)
            return false;
    return x->is_shown[a] && x->is_shown[b] &&
           strcmp(text_of(x->t, a, "measure"), text_of(x->t, b, "measure")) == 0;
}

/* The texts of all pages that share a row. */
static const char *shared(const struct sheet *x, size_t row, const char *column,
                          const char *between)
{
    const char *text = text_of(x->figures, row, column);
    for (size_t k = row + 1; k < x->t->n_rows; k++)
        if (is_same(x, row, k) && !strstr(text, text_of(x->figures, k, column)))
            text = lus_document_text(x->doc, "%s%s%s", text, between,
                                     text_of(x->figures, k, column));
    return text;
}

static bool is_told_above(const struct sheet *x, size_t row)
{
    for (size_t above = 0; above < row; above++)
        if (is_same(x, above, row)) return true;
    return false;
}

static void add_row(struct sheet *x, size_t row)
{
    const char *finding = finding_of(x, row), *checked = text_of(x->figures, row, "checked"),
               *who = shared(x, row, "who", "; "), *quote = shared(x, row, "quote", ", ");
    double top = x->y, wide = (x->is_narrow ? x->width - x->left : x->from - 14) - x->left,
           words = put_words(x, "text.dat", x->left,
                             put_words(x, "strong.dat", x->left, top + 18, wide, 16, quote) + 1,
                             wide, 14.5, who);
    double marks = x->is_narrow ? words + 22 : top + 30, at = x->is_narrow ? x->left : x->right,
           below = x->is_narrow ? marks + 42 : top + 18, room = x->width - x->left - at;
    if (x->is_narrow) add_grid(x, marks - 14, marks + 24); /* words stand between the rows' */
    add_marks(x, row, marks);
    below = put_words(x, is_compared(x, row) ? "strong.dat" : "faint.dat", at, below, room, 16,
                      finding);
    below = put_words(x, "text.dat", at, below + 1, room, 14.5, checked);
    x->y = fmax(fmax(words, below) + 2, marks + 36);
    put_line(x, "rules.dat", x->left, x->y, x->width - x->left, x->y);
    x->d->summary = lus_document_text(
        x->doc, "%s %s: %s, %s: %s%s%s. %s", x->d->summary, panel_of(x, row), quote, who,
        *text_of(x->figures, row, "data") ? "data " : "", text_of(x->figures, row, "data"),
        *text_of(x->figures, row, "data") ? lus_document_text(x->doc, "; %s", finding) : finding,
        checked);
}

/* Where the axis of a panel ends. */
static double axis_most(const struct sheet *x, size_t first)
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

static void add_axis(struct sheet *x, double top)
{
    if (!x->is_narrow) add_grid(x, top, x->y + 6);
    for (int i = 0; i <= n_steps(x); i++) {
        double value = x->axis_most * i / n_steps(x);
        put(x, "tics.dat", on_axis(x, value), x->y + 20, lus_document_text(x->doc, "%.4g", value));
    }
    x->y += 34;
}

static void add_panel(struct sheet *x, size_t first)
{
    x->axis_most = axis_most(x, first);
    put(x, "panels.dat", x->left, x->y + 14, panel_of(x, first));
    put(x, "text.dat", x->left, x->y + 36, text_of(x->figures, first, "unit"));
    x->y += 54;
    double top = x->y;
    for (size_t row = first; row < x->t->n_rows; row++)
        if (x->is_shown[row] && strcmp(panel_of(x, row), panel_of(x, first)) == 0 &&
            !is_told_above(x, row))
            add_row(x, row);
    add_axis(x, top);
}

/* Whether a row of the same panel stands above it. */
static bool is_begun(const struct sheet *x, size_t row)
{
    for (size_t above = 0; above < row; above++)
        if (x->is_shown[above] && strcmp(panel_of(x, above), panel_of(x, row)) == 0) return true;
    return false;
}

/* --- the head --- */

/* "A page says 15 of 100 live 5 years; in these data 29 do" of one row. */
static const char *sentence_of(const struct sheet *x, size_t row)
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
static const char *finding_title(const struct sheet *x)
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

static const char *subtitle_of(const struct sheet *x)
{
    struct lus_document *doc = x->doc;
    double n = lus_chart_analysed(doc);
    return lus_document_text(doc, "%s%s%s%s%s%s%s%s", doc->data_title ? doc->data_title : doc->file,
                             doc->is_synthetic ? " (SYNTHETIC)" : "", doc->origin ? "; from " : "",
                             doc->origin ? doc->origin : "",
                             isnan(n) ? "" : lus_document_text(doc, "; n = %.10g", n),
                             doc->where ? lus_document_text(doc, ", where %s", doc->where) : "",
                             doc->has_entry ? "; delayed entry" : "",
                             doc->is_synthetic ? "; no interval: made by a model" : "");
}

/* A sign and its words; returns how wide they are. */
static double add_key(struct sheet *x, double at, double y, int sign, const char *text)
{
    if (sign == 0) {
        put_line(x, "bands.dat", at, y - 9, at + 16, y + 9);
        put_line(x, "figures.dat", at + 8, y - 9, at + 8, y + 9);
    } else if (sign == 1) {
        put_line(x, "intervals.dat", at - 6, y, at + 24, y);
        lus_string_print(lus_drawing_file(x->d, "dots.dat"), "%.10g\t%.10g\n", at + 9, y);
    } else {
        lus_string_print(lus_drawing_file(x->d, "studies.dat"), "%.10g\t%.10g\n", at + 8, y);
    }
    put(x, "legend.dat", at + 30, y, text);
    return 30 + CHARACTER * (double)lus_utf8_width(text, strlen(text)) + 28;
}

static void add_legend(struct sheet *x)
{
    const char *keys[] = {"what the page says, with its rounding",
                          x->doc->is_synthetic ? "the data"
                                               : lus_document_text(x->doc,
                                                                   "the data, with %g %% interval "
                                                                   "(hollow: fewer than 10)",
                                                                   100 * x->doc->conf_level),
                          "published: same measure, same origin"};
    double at = x->left + 4;
    for (int i = 0; i < 3; i++) {
        if (i == 2 && !x->published->n_rows) break;
        double wide = 58 + CHARACTER * (double)lus_utf8_width(keys[i], strlen(keys[i]));
        if (i && at + wide > x->width) at = x->left + 4, x->y += 26;
        at += add_key(x, at, x->y + 6, i, keys[i]);
    }
    x->y += 34;
}

static void add_head(struct sheet *x, const struct lus_chart_request *q)
{
    struct lus_document *doc = x->doc;
    lus_chart_set_title(x->d, doc, q);
    const char *title = q->title ? q->title : finding_title(x);
    double wide = x->width - 2 * x->left;
    x->d->title = lus_document_text(doc, "%s%s", title, doc->is_synthetic ? " (SYNTHETIC)" : "");
    x->d->summary = lus_document_text(doc, "%s.", subtitle_of(x));
    struct block b = {x, "title.dat", x->left, 30, TITLE_LINE};
    size_t n = lus_chart_wrap(doc, x->d->title, (size_t)(wide / 10.6), put_wrapped_line, &b);
    x->y = put_words(x, "text.dat", x->left, 34 + TITLE_LINE * (double)n, wide, 14.5,
                     subtitle_of(x));
    add_legend(x);
}

/* --- what has no axis, and what cannot be compared --- */

static const char *name_of(const struct sheet *x, size_t row)
{
    const char *quote = text_of(x->figures, row, "quote"), *panel = panel_of(x, row);
    return *panel ? lus_document_text(x->doc, "%s, %s", panel, quote)
                  : text_of(x->figures, row, "label");
}

static void add_list(struct sheet *x, const char *head, bool are_compared)
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
    put(x, "strong.dat", x->left, x->y + 16, head);
    x->y = put_words(x, "text.dat", x->left, x->y + 37, x->width - 2 * x->left, 14.5, text) + 8;
    x->d->summary = lus_document_text(doc, "%s %s %s.", x->d->summary, head, text);
}

/* Why nothing can be compared: the reason that all have, or the first of them. */
static int refuse(const struct sheet *x, struct lus_error *err)
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
static size_t choose_rows(struct sheet *x)
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

static void begin(struct sheet *x)
{
    static const char *const files[] = {"rules.dat",  "grid.dat",    "bands.dat",   "gaps.dat",
                                        "arrows.dat", "figures.dat", "studies.dat", "intervals.dat",
                                        "hollow.dat", "dots.dat",    "title.dat",   "panels.dat",
                                        "strong.dat", "faint.dat",   "text.dat",    "legend.dat",
                                        "says.dat",   "found.dat",   "tics.dat"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(x->d, files[i]);
    x->d->template = lus_template_context;
    x->is_narrow = x->width < 760;
    x->left = x->is_narrow ? 14 : 24;
    x->from = x->is_narrow ? x->left + 14 : 0.31 * x->width;
    x->to = x->is_narrow ? x->width - x->left - 22 : 0.66 * x->width;
    x->right = 0.69 * x->width;
}

static int draw(struct sheet *x, const struct lus_chart_request *q, struct lus_error *err)
{
    size_t n = choose_rows(x);
    if (!n) return refuse(x, err);
    if (n > MOST_ROWS)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most %d figures; choose a file",
                        MOST_ROWS);
    begin(x);
    add_head(x, q);
    for (size_t row = 0; row < x->t->n_rows; row++)
        if (x->is_shown[row] && !is_begun(x, row)) add_panel(x, row);
    add_list(x, "Said without a number:", true);
    add_list(x, "Cannot be compared here:", false);
    x->y = put_words(x, "text.dat", x->left, x->y + 20, x->width - 2 * x->left, 14.5,
                     lus_document_text(x->doc,
                                       "%s Statistics of a population, never advice to a "
                                       "person.",
                                       x->doc->provenance ? x->doc->provenance : ""));
    lus_string_print(&x->d->settings, "WIDTH = %.10g\nHEIGHT = %.10g\n", x->width, x->y + 8);
    return LUS_OK;
}

int lus_chart_context(struct lus_document *d, const struct lus_chart_request *q,
                      struct lus_drawing *out, struct lus_error *err)
{
    struct sheet x = {.doc = d,
                      .t = lus_document_find(d, "context"),
                      .figures = lus_document_find(d, "figures"),
                      .published = lus_document_find(d, "published"),
                      .d = out,
                      .width = q->width > 0 ? q->width : 1150,
                      .year = (double)lus_unit_ticks(LUS_YEARS) / (double)lus_unit_ticks(d->unit)};
    x.is_shown = lus_alloc_zeroed(x.t->n_rows + 1, sizeof *x.is_shown);
    int status = x.is_shown ? draw(&x, q, err) : lus_fail_memory(err);
    free(x.is_shown);
    return status;
}
