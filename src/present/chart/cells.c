/* Survival by two factors, a cell each, as dark as the share alive. Of the table `rates`. */
#include "present/chart/cells.h"

#include <math.h>

#include "lustrum/estimate.h"

void lus_cells_begin(struct lus_drawing *d, struct lus_document *doc,
                     const struct lus_chart_request *q, const char *subtitle)
{
    lus_string_print(&d->settings, "CHARACTERS = %zu\n",
                     lus_utf8_width(subtitle, strlen(subtitle)));
    lus_chart_set_title(d, doc, q);
    d->summary = lus_document_text(doc, "%s.", subtitle);
    lus_drawing_text(lus_drawing_file(d, "title.dat"), d->title);
    lus_drawing_text(lus_drawing_file(d, "subtitle.dat"), subtitle);
}

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

/* One of the two lines in a cell. */
static void add_line(struct lus_drawing *d, const char *file, size_t column, size_t row, int line,
                     const char *text)
{
    lus_string_print(lus_drawing_file(d, file), "%zu\t%zu\t%d\t", column, row, line);
    lus_drawing_text(lus_drawing_file(d, file), text);
}

static void add_cell(struct lus_drawing *d, struct lus_document *doc, const struct lus_table *t,
                     size_t row, size_t x, size_t y)
{
    const struct lus_cell *rate = lus_chart_cell(t, row, "survival");
    const char *n = lus_chart_count_text(doc, lus_chart_cell(t, row, "n"));
    double survival = rate->number;
    bool is_pale = isnan(survival) || lus_chart_is_few(lus_chart_cell(t, row, "at_risk"));
    const char *file = is_pale ? "pale.dat" : survival > 0.5 ? "light.dat" : "dark.dat";
    const char *text = !isnan(survival) ? lus_document_text(doc, "%.1f %%", 100 * survival)
                       : rate->why == LUS_WHY_TOO_FEW ? "not shown"
                                                      : "–";
    lus_string_print(lus_drawing_file(d, is_pale ? "grey.dat" : "heat.dat"), "%zu\t%zu\t%.10g\n", x,
                     y, is_pale ? 0 : survival);
    add_line(d, file, x, y, 0, text);
    add_line(d, file, x, y, 1, lus_document_text(doc, "n %s", n));
    d->summary = lus_document_text(doc, "%s %s: %s, n %s.", d->summary,
                                   lus_chart_row_name(doc, t, row), text, n);
}

static const char *subtitle_of(struct lus_document *doc, const struct lus_table *t)
{
    double n = lus_chart_analysed(doc);
    return lus_document_text(doc, "Alive at %s%s%s by %s and %s%s; grey: fewer than %d at risk",
                             lus_chart_cell(t, 0, "time")->text, doc->origin ? " from " : "",
                             doc->origin ? doc->origin : "", t->columns[0].header,
                             t->columns[1].header,
                             isnan(n) ? "" : lus_document_text(doc, "; n = %.10g", n), LUS_FEW);
}

static void add_labels(struct lus_drawing *d, struct lus_document *doc, const char *file,
                       const struct levels *levels, size_t longest)
{
    for (size_t k = 0; k < levels->n; k++) {
        lus_string_print(lus_drawing_file(d, file), "%zu\t", k);
        lus_drawing_text(lus_drawing_file(d, file), lus_chart_cut(doc, levels->at[k], longest));
    }
}

int lus_chart_heatmap(struct lus_document *doc, const struct lus_chart_request *q,
                      struct lus_drawing *d, struct lus_error *err)
{
    const struct lus_table *t = lus_document_find(doc, "rates");
    struct levels rows, columns;
    if (lus_chart_n_keys(t) != 2)
        return lus_fail(err, LUS_EUSAGE, "plot heatmap takes two factors: --by receptor,site_only");
    list_levels(t, 0, &rows);
    list_levels(t, 1, &columns);
    if (rows.n > MOST_ROWS || columns.n > MOST_COLUMNS)
        return lus_fail(err, LUS_EUSAGE, "a heat map has at most %d rows and %d columns", MOST_ROWS,
                        MOST_COLUMNS);
    order_columns(t, &columns);
    static const char *const files[] = {"heat.dat", "grey.dat", "dark.dat", "light.dat",
                                        "pale.dat"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    d->template = lus_template_heat;
    lus_string_print(&d->settings, "N_COLUMNS = %zu\nN_ROWS = %zu\n", columns.n, rows.n);
    lus_cells_begin(d, doc, q, subtitle_of(doc, t));
    add_labels(d, doc, "columns.dat", &columns, 13);
    add_labels(d, doc, "rows.dat", &rows, 26);
    for (size_t i = 0; i < t->n_rows; i++)
        add_cell(d, doc, t, i, place_of(&columns, level_of(t, i, 1)),
                 place_of(&rows, level_of(t, i, 0)));
    return LUS_OK;
}
