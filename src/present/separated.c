/* CSV (RFC 4180) and TSV, UTF-8, LF, one header; not available is empty. */
#include <math.h>

#include "present/present.h"
#include "support/number.h"

static void put_field(struct lus_string *out, const char *text, char delimiter)
{
    bool needs_quotes = *text == ' ' || *text == '\t' ||
                        (*text &&
                         (text[strlen(text) - 1] == ' ' || text[strlen(text) - 1] == '\t'));
    for (const char *c = text; *c && !needs_quotes; c++)
        needs_quotes = *c == delimiter || *c == '"' || *c == '\n' || *c == '\r';
    if (!needs_quotes) {
        lus_string_put(out, text);
        return;
    }
    lus_string_put(out, "\"");
    for (const char *c = text; *c; c++)
        lus_string_add(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    lus_string_put(out, "\"");
}

void lus_write_separated(struct lus_string *out, const struct lus_table *t, char delimiter)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (c) lus_string_add(out, &delimiter, 1);
        put_field(out, t->columns[c].name, delimiter);
    }
    lus_string_put(out, "\n");
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t c = 0; c < t->n_columns; c++) {
            const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
            if (c) lus_string_add(out, &delimiter, 1);
            if (t->columns[c].kind == LUS_COLUMN_TEXT) {
                put_field(out, cell->text ? cell->text : "", delimiter);
            } else {
                char number[LUS_NUMBER_ROOM];
                lus_string_add(out, number, lus_number_print(number, cell->number));
            }
        }
        lus_string_put(out, "\n");
    }
}
