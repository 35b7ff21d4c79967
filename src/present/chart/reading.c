/* Tables as charts read them. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/form.h"

size_t lus_chart_column(const struct lus_table *t, const char *name)
{
    for (size_t c = t->n_columns; c-- > 0;) /* a by-column never has a name of the table's own */
        if (strcmp(t->columns[c].name, name) == 0) return c;
    return SIZE_MAX;
}

const struct lus_cell *lus_chart_cell(const struct lus_table *t, size_t row, const char *column)
{
    static const struct lus_cell none = {.number = NAN, .why = LUS_WHY_NO_ROWS};
    size_t c = lus_chart_column(t, column);
    return c == SIZE_MAX ? &none : &t->cells[row * t->n_columns + c];
}

size_t lus_chart_n_keys(const struct lus_table *t)
{
    size_t n = 0;
    while (n < t->n_columns && t->columns[n].role == LUS_ROLE_KEY)
        n++;
    return n;
}

const char *lus_chart_row_name(struct lus_document *d, const struct lus_table *t, size_t row)
{
    const char *name = "all";
    for (size_t k = 0; k < lus_chart_n_keys(t); k++) {
        const char *level = t->cells[row * t->n_columns + k].text;
        name = k ? lus_document_text(d, "%s, %s", name, level) : level;
    }
    return name;
}

bool lus_chart_same_keys(const struct lus_table *t, size_t a, size_t b)
{
    for (size_t k = 0; k < lus_chart_n_keys(t); k++)
        if (strcmp(t->cells[a * t->n_columns + k].text, t->cells[b * t->n_columns + k].text) != 0)
            return false;
    return true;
}

const char *lus_chart_count_text(struct lus_document *d, const struct lus_cell *count)
{
    if (isnan(count->number)) return count->text ? count->text : "–";
    return lus_document_text(d, "%.10g", count->number);
}

bool lus_chart_is_few(const struct lus_cell *count)
{
    return isnan(count->number) ? count->text != NULL : count->number < LUS_FEW;
}

const char *lus_chart_absence(const struct lus_cell *cell)
{
    return cell->why == LUS_WHY_TOO_FEW ? "not shown" : "not available";
}
