/* The numbers below step curves: at risk, and where asked censored and events by then, of the table
 * `at_risk`, each below its tic. */
#include <math.h>

#include "present/chart/steps.h"

enum { ROW = 21 };

static const struct {
    const char *head, *column;
} blocks[] = {
    {"At risk", "at_risk"}, {"Censored by then", "censored"}, {"Events by then", "events"}};

static size_t count_blocks(const struct lus_steps *steps)
{
    return steps->q->is_extended ? sizeof blocks / sizeof *blocks : 1;
}

size_t lus_steps_count_rows(const struct lus_steps_plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->steps->n_series; i++)
        n += plan->steps->series[i].first_number != SIZE_MAX;
    return plan->is_apart ? n > 0 : n;
}

/* A row of its own for what a block is, where several rows follow; rows of names that stand
 * above. */
static bool has_heads(const struct lus_steps_plan *plan)
{
    return !plan->is_apart && lus_steps_count_rows(plan) > 1;
}

static double row_height(const struct lus_steps_plan *plan)
{
    return plan->names_above && has_heads(plan) ? 2 * ROW - 2 : ROW;
}

static double block_height(const struct lus_steps_plan *plan)
{
    double n = (double)lus_steps_count_rows(plan);
    return (has_heads(plan) ? ROW + 6 : 0) + n * row_height(plan);
}

double lus_steps_numbers_height(const struct lus_steps_plan *plan)
{
    return (double)count_blocks(plan->steps) * block_height(plan);
}

static const char *count_text(struct lus_document *d, const struct lus_cell *count)
{
    double n = count->number;
    if (isnan(n) || n == floor(n)) return lus_chart_count_text(d, count);
    return lus_document_text(d, "%.1f", n); /* weights */
}

double lus_steps_numbers_width(const struct lus_steps *steps)
{
    double widest = 0;
    const struct lus_table *t = steps->at_risk;
    for (size_t b = 0; b < count_blocks(steps); b++)
        for (size_t row = 0; row < t->n_rows; row++)
            widest = fmax(widest, lus_sheet_width(count_text(
                                      steps->d, lus_chart_cell(t, row, blocks[b].column))));
    return widest;
}

/* The counts of one series in one block. */
static void put_counts(struct lus_steps_plan *plan, size_t panel, const struct lus_series *s,
                       size_t block, double y)
{
    const struct lus_steps *steps = plan->steps;
    for (size_t k = 0; k < steps->n_tics; k += plan->stride) {
        double at = (double)k * steps->tic;
        if (at > steps->x_max * (1 + 1e-9)) return;
        const struct lus_cell *count = lus_chart_cell(steps->at_risk, s->first_number + k,
                                                      blocks[block].column);
        bool is_pale = block == 0 && lus_chart_is_few(count);
        lus_sheet_put(&plan->s, is_pale ? "few.dat" : "counts.dat", lus_steps_x(plan, panel, at), y,
                      count_text(steps->d, count));
    }
}

/* A row of one series: its name, beside the counts or above them, and the counts. */
static void put_row(struct lus_steps_plan *plan, size_t panel, const struct lus_series *s,
                    size_t block, double y)
{
    struct lus_sheet *sheet = &plan->s;
    bool is_first = panel % plan->n_across == 0, is_above = plan->names_above && has_heads(plan);
    const char *name = has_heads(plan) ? s->label : blocks[block].head;
    if (has_heads(plan)) lus_sheet_put(sheet, "rows.dat", sheet->left, y, name);
    else if (is_first) lus_sheet_put(sheet, "text.dat", sheet->left, y, name);
    put_counts(plan, panel, s, block, is_above ? y + ROW - 2 : y);
}

/* Rows are colored by their series: a block of the file for each, of all the tables' rows. */
void lus_steps_put_numbers(struct lus_steps_plan *plan, size_t panel, double top)
{
    const struct lus_steps *steps = plan->steps;
    struct lus_string *rows = lus_drawing_file(plan->s.d, "rows.dat");
    size_t row = 0;
    for (size_t b = 0; b < count_blocks(steps) && has_heads(plan); b++)
        lus_sheet_put(&plan->s, "text.dat", plan->s.left, top + (double)b * block_height(plan) + 13,
                      blocks[b].head);
    for (size_t i = 0; i < steps->n_series; i++) {
        const struct lus_series *s = &steps->series[i];
        if (plan->is_apart && i != panel) continue;
        for (size_t b = 0; b < count_blocks(steps) && s->first_number != SIZE_MAX; b++)
            put_row(plan, panel, s, b,
                    top + (double)b * block_height(plan) + (has_heads(plan) ? ROW + 8 : 6) +
                        (double)row * row_height(plan) + 4);
        lus_string_put(rows, "-1e9\t-1e9\t \n\n\n");
        row += s->first_number != SIZE_MAX;
    }
}
