/* Quoted figures beside the data's estimates, grouped by document, verdicts in words; published
 * figures as a range behind them. Of the tables `context` and `figures`, row by row. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/context.h"
#include "present/chart/dots.h"

enum { SHARES = 1, LENGTHS = 2 };

struct sheet {
    struct lus_document *doc;
    const struct lus_table *t, *figures;
    struct lus_drawing *d;
    double longest;    /* where the axis of medians ends */
    double year;       /* in the file's unit: medians are drawn in years */
    bool any_document; /* published figures have no rows of their own then */
};

static const char *text_of(const struct lus_table *t, size_t row, const char *column)
{
    const char *text = lus_chart_cell(t, row, column)->text;
    return text ? text : "";
}

static bool is_of(const struct sheet *x, size_t row, enum lus_statistic statistic)
{
    return strcmp(text_of(x->t, row, "statistic"), lus_statistic_name(statistic)) == 0;
}

static bool is_length(const struct sheet *x, size_t row)
{
    return is_of(x, row, LUS_STATISTIC_MEDIAN);
}

static bool has_document(const struct sheet *x, size_t row)
{
    return *text_of(x->figures, row, "title") != 0;
}

static bool has_row(const struct sheet *x, size_t row)
{
    return !is_of(x, row, LUS_STATISTIC_NOTE) && (has_document(x, row) || !x->any_document);
}

/* In the panel's unit: shares as they are, medians in years. */
static double in_panel(const struct sheet *x, size_t row, double value)
{
    return is_length(x, row) ? value / x->year : value;
}

static double number(const struct sheet *x, const struct lus_table *t, size_t row,
                     const char *column)
{
    return in_panel(x, row, lus_chart_number(t, row, column));
}

/* "alive at 5 years: 27 % (RS, presumed)" */
static const char *label_of(const struct sheet *x, size_t row)
{
    const char *measure = text_of(x->t, row, "measure");
    return lus_document_text(x->doc, "%s: %s%s", text_of(x->figures, row, "what"),
                             text_of(x->t, row, "figure_value"),
                             *measure ? lus_document_text(x->doc, " (%s)", measure) : "");
}

/* Range, dot with interval, diamond with its rounding band. */
static void add_marks(struct sheet *x, size_t row, double y)
{
    int p = is_length(x, row) ? LENGTHS : SHARES;
    const struct lus_cell *data = lus_chart_cell(x->t, row, "data_value");
    double low = number(x, x->figures, row, "low"), high = number(x, x->figures, row, "high"),
           from = number(x, x->figures, row, "published_low"),
           to = number(x, x->figures, row, "published_high");
    if (!is_length(x, row) && !is_of(x, row, LUS_STATISTIC_SURVIVAL) &&
        !is_of(x, row, LUS_STATISTIC_PROPORTION))
        return;
    if (x->any_document && !isnan(from)) lus_dots_range(x->d, p, y, from, to);
    lus_dots_data(x->d, p, y, in_panel(x, row, data->number), number(x, x->t, row, "conf_low"),
                  number(x, x->t, row, "conf_high"), data->is_few);
    if (!isnan(low)) lus_dots_figure(x->d, p, y, number(x, x->t, row, "figure_value"), low, high);
}

static void add_row(struct sheet *x, size_t row, double y)
{
    struct lus_document *doc = x->doc;
    const char *label = label_of(x, row), *verdict = text_of(x->t, row, "verdict"),
               *data = text_of(x->figures, row, "data"),
               *reason = text_of(x->figures, row, "reason");
    bool is_compared = *verdict && strcmp(verdict, lus_verdict_text(LUS_NOT_COMPARABLE)) != 0;
    lus_dots_words(x->d, "names.dat", 1, y, lus_chart_cut(doc, label, 58));
    add_marks(x, row, y);
    const char *text = lus_document_text(
        doc, "%s%s%s%s", *data ? lus_document_text(doc, "data %s: ", data) : "",
        *verdict ? verdict : "not shown", !is_compared && *reason ? ": " : "",
        is_compared ? "" : reason);
    lus_dots_words(x->d, is_compared ? "words.dat" : "pale.dat", SHARES, y,
                   lus_chart_cut(doc, text, 44));
    x->d->summary = lus_document_text(doc, "%s %s, %s: %s.", x->d->summary,
                                      text_of(x->t, row, "figure"), label, text);
}

/* Where the axis of medians ends. */
static double longest(const struct sheet *x)
{
    double most = 1;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        if (!is_length(x, row)) continue;
        double high = number(x, x->t, row, "conf_high");
        most = fmax(most, number(x, x->figures, row, "high"));
        most = fmax(most, isnan(high) ? number(x, x->t, row, "data_value") : high);
    }
    return lus_round_up(most);
}

/* Where each row stands; rows of another document than the one before stand lower, below its
 * title. -1: it has no row. Returns how high all are. */
static double place_rows(const struct sheet *x, double first, double *y)
{
    const char *before = "";
    double at = first;
    for (size_t row = 0; row < x->t->n_rows; row++) {
        const char *group = text_of(x->figures, row, "title");
        y[row] = -1;
        if (!has_row(x, row)) continue;
        if (strcmp(group, before) != 0) at += 1.2, before = group;
        y[row] = at++;
    }
    return at - first;
}

static void add_heads(struct sheet *x, const double *y)
{
    const char *before = "";
    for (size_t row = 0; row < x->t->n_rows; row++) {
        const char *group = text_of(x->figures, row, "title");
        if (y[row] < 0 || strcmp(group, before) == 0) continue;
        lus_dots_words(x->d, "heads.dat", 1, y[row] - 1.2, lus_chart_cut(x->doc, group, 62));
        before = group;
    }
}

static void begin(struct sheet *x, const struct lus_chart_request *q, double n_rows)
{
    struct lus_document *doc = x->doc;
    double n = lus_chart_analysed(doc);
    lus_dots_begin(x->d, lus_template_quoted, n_rows, 0, (double[]){1, x->longest});
    lus_chart_set_title(x->d, doc, q);
    x->d->title = lus_document_text(doc, "Quoted figures beside the data: %s", x->d->title);
    const char *subtitle = lus_document_text(
        doc, "%s%s%s%s%s; years for medians on the same line, 0 to %g", doc->origin ? "from " : "",
        doc->origin ? lus_document_text(doc, "%s; ", doc->origin) : "",
        isnan(n) ? "" : lus_document_text(doc, "n = %.10g; ", n),
        doc->is_synthetic ? "no interval: made by a model"
                          : lus_document_text(doc, "%g %% intervals", 100 * doc->conf_level),
        doc->has_entry ? ", delayed entry" : "", x->longest);
    x->d->summary = lus_document_text(doc, "%s.", subtitle);
    lus_dots_title(x->d, subtitle);
    lus_dots_tics(x->d, "tics.dat", SHARES, 1, 100, " %");
    lus_dots_heading(x->d, SHARES, "share, or median in years below");
    lus_dots_tics(x->d, "below.dat", LENGTHS, x->longest, 1, " y");
    lus_dots_words(
        x->d, "legend.dat", 1, 0,
        lus_document_text(doc, "diamond: the figure with its rounding band; dot: the data%s%s",
                          doc->is_synthetic ? "" : " with its interval",
                          x->any_document ? "; grey: published figures" : ""));
}

static int draw(struct sheet *x, const struct lus_chart_request *q, double *y,
                struct lus_error *err)
{
    for (size_t row = 0; row < x->t->n_rows; row++)
        x->any_document |= has_document(x, row);
    double n_rows = place_rows(x, 0.3, y);
    if (n_rows > 90)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most 90 figures; choose a file");
    if (!(n_rows > 0)) return lus_fail(err, LUS_EDATA, "the files have no figure with a number");
    x->longest = longest(x);
    begin(x, q, n_rows);
    add_heads(x, y);
    for (size_t row = 0; row < x->t->n_rows; row++)
        if (y[row] >= 0) add_row(x, row, y[row]);
    return LUS_OK;
}

int lus_chart_context(struct lus_document *d, const struct lus_chart_request *q,
                      struct lus_drawing *out, struct lus_error *err)
{
    struct sheet x = {.doc = d,
                      .t = lus_document_find(d, "context"),
                      .figures = lus_document_find(d, "figures"),
                      .d = out,
                      .year = (double)lus_unit_ticks(LUS_YEARS) / (double)lus_unit_ticks(d->unit)};
    double *y = lus_alloc(x.t->n_rows, sizeof *y);
    int status = y ? draw(&x, q, y, err) : lus_fail_memory(err);
    free(y);
    return status;
}
