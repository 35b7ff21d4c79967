/* CSV (RFC 4180) and TSV, UTF-8, LF, one header; not available is empty. */
#include <math.h>

#include "present/present.h"
#include "support/number.h"

void lus_write_separated(struct lus_string *out, const struct lus_table *t, char delimiter)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) lus_string_add(out, &delimiter, 1);
        lus_string_field(out, t->columns[c].name, delimiter);
    }
    lus_string_put(out, "\n");
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t c = 0; c < t->n_columns; c++) {
            const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
            if (c) lus_string_add(out, &delimiter, 1);
            if (t->columns[c].kind == LUS_COLUMN_TEXT) {
                lus_string_field(out, cell->text ? cell->text : "", delimiter);
            } else {
                char number[LUS_NUMBER_ROOM];
                lus_string_add(out, number, lus_number_print(number, cell->number));
            }
        }
        lus_string_put(out, "\n");
    }
}
