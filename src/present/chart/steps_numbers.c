/* The numbers below step curves: at risk, and where asked censored and events by then, of the table
 * `at_risk`, on the same axis by construction: their rows are points below zero of the y axis. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/steps.h"

/* Layout, in units of the y axis. */
static const double ROW = 0.062, TABLE_TOP = -0.20;
enum { LONGEST_ROW_NAME = 16 };

static const struct {
    const char *head, *column;
} blocks[] = {
    {"At risk", "at_risk"}, {"Censored by then", "censored"}, {"Events by then", "events"}};

/* How many rows a block has. */
static size_t count_rows(const struct lus_steps *steps)
{
    size_t n = 0;
    for (size_t i = 0; i < steps->n_series; i++)
        n += steps->series[i].first_number != SIZE_MAX;
    return n;
}

double lus_steps_bottom(const struct lus_steps *steps)
{
    double n = (double)count_rows(steps);
    return TABLE_TOP - ROW * ((steps->q->is_extended ? 3 * n + 2.8 : n) + 0.6);
}

/* The height of a row of a block. */
static double row_height(const struct lus_steps *steps, size_t block, size_t row)
{
    return TABLE_TOP -
           ROW * ((double)block * ((double)count_rows(steps) + 1.4) + (double)row + 0.7);
}

static const char *count_text(struct lus_document *d, const struct lus_cell *count)
{
    double n = count->number;
    if (isnan(n) || n == floor(n)) return lus_chart_count_text(d, count);
    return lus_document_text(d, "%.1f", n); /* weights */
}

/* The counts of one series in one block. */
static void put_counts(const struct lus_steps *steps, const struct lus_series *s, size_t block,
                       double y, struct lus_drawing *out)
{
    for (size_t k = 0; k < steps->n_tics; k++) {
        const struct lus_cell *count = lus_chart_cell(steps->at_risk, s->first_number + k,
                                                      blocks[block].column);
        bool is_pale = block == 0 && lus_chart_is_few(count);
        lus_drawing_label(lus_drawing_file(out, is_pale ? "pale.dat" : "centre.dat"),
                          (double)k * steps->tic, y, count_text(steps->d, count));
    }
}

void lus_steps_put_numbers(const struct lus_steps *steps, double left, struct lus_drawing *out)
{
    struct lus_string *rows = lus_drawing_file(out, "rows.dat"),
                      *pale = lus_drawing_file(out, "pale.dat");
    size_t n_rows = count_rows(steps), row = 0, n_blocks = steps->q->is_extended ? 3 : 1;
    for (size_t b = 0; b < n_blocks; b++)
        lus_drawing_label(lus_drawing_file(out, "left.dat"), left,
                          row_height(steps, b, 0) + 0.7 * ROW + 0.02, blocks[b].head);
    for (size_t i = 0; i < steps->n_series; i++) {
        const struct lus_series *s = &steps->series[i];
        bool has_row = s->first_number != SIZE_MAX;
        const char *name = !has_row ? " " : n_rows > 1 ? s->label : "all";
        for (size_t b = 0; b < n_blocks; b++) {
            double y = row_height(steps, b, row);
            lus_drawing_label(rows, -0.05 * steps->x_max, y,
                              lus_chart_cut(steps->d, name, LONGEST_ROW_NAME));
            if (has_row) put_counts(steps, s, b, y, out);
        }
        lus_string_put(rows, "\n\n");
        row += has_row;
    }
    /* gnuplot refuses a plot of a file without a point */
    if (!pale->n) lus_drawing_label(pale, 0, 0, " ");
}
