/* For people at a terminal: aligned columns, percentages with their intervals, notes below. */
#include <stdlib.h>

#include "present/present.h"

static const char *const DASH = "–", *const BOLD = "\x1b[1m", *const DIM = "\x1b[2m",
                         *const PLAIN = "\x1b[0m";

static bool is_left(const struct lus_table *t, size_t column)
{
    return t->columns[column].kind == LUS_COLUMN_TEXT;
}

static void pad(struct lus_string *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lus_string_add(out, " ", 1);
}

static void put_aligned(struct lus_string *out, const char *text, size_t width, bool left)
{
    size_t own = lus_utf8_width(text, strlen(text)), gap = width > own ? width - own : 0;
    if (!left) pad(out, gap);
    lus_string_put(out, text);
    if (left) pad(out, gap);
}

static void cell_text(struct lus_string *cell, const struct lus_table *t, size_t row, size_t column)
{
    cell->n = 0;
    lus_string_add(cell, "", 0);
    lus_cell_for_people(cell, t, row, column, DASH);
}

static size_t width_of(const struct lus_table *t, size_t column, struct lus_string *cell)
{
    const char *header = t->columns[column].header;
    size_t width = lus_utf8_width(header, strlen(header));
    for (size_t row = 0; row < t->n_rows; row++) {
        cell_text(cell, t, row, column);
        size_t own = cell->at ? lus_utf8_width(cell->at, cell->n) : 0;
        if (own > width) width = own;
    }
    return width;
}

static void trim_right(struct lus_string *out)
{
    while (out->n && out->at[out->n - 1] == ' ')
        out->at[--out->n] = 0;
}

/* A level that repeats the one above it is not printed again. */
static bool repeats(const struct lus_table *t, size_t row, size_t column)
{
    if (!row || !is_left(t, column)) return false;
    for (size_t c = 0; c <= column; c++) {
        const char *here = t->cells[row * t->n_columns + c].text,
                   *above = t->cells[(row - 1) * t->n_columns + c].text;
        if (t->columns[c].kind != LUS_COLUMN_TEXT || !here || !above || strcmp(here, above) != 0)
            return false;
    }
    return column + 1 < t->n_columns && t->columns[column + 1].kind == LUS_COLUMN_TEXT;
}

static void write_table(struct lus_string *out, const struct lus_table *t, bool has_color)
{
    struct lus_string cell = {0};
    size_t *width = lus_alloc_zeroed(t->n_columns, sizeof *width);
    if (!width) {
        out->failed = true;
        return;
    }
    for (size_t c = 0; c < t->n_columns; c++)
        width[c] = lus_column_is_shown(t, c) ? width_of(t, c, &cell) : 0;
    if (has_color) lus_string_put(out, BOLD);
    for (size_t c = 0, shown = 0; c < t->n_columns; c++) {
        if (!lus_column_is_shown(t, c)) continue;
        pad(out, shown++ ? 2 : 0);
        put_aligned(out, t->columns[c].header, width[c], is_left(t, c));
    }
    trim_right(out);
    if (has_color) lus_string_put(out, PLAIN);
    lus_string_put(out, "\n");
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t c = 0, shown = 0; c < t->n_columns; c++) {
            if (!lus_column_is_shown(t, c)) continue;
            cell_text(&cell, t, row, c);
            pad(out, shown++ ? 2 : 0);
            put_aligned(out, repeats(t, row, c) || !cell.at ? "" : cell.at, width[c],
                        is_left(t, c));
        }
        trim_right(out);
        lus_string_put(out, "\n");
    }
    out->failed |= cell.failed;
    free(width);
    lus_string_free(&cell);
}

/* A paragraph of at most 100 columns, later lines indented. */
static void write_note(struct lus_string *out, const char *note)
{
    size_t at = 0;
    for (const char *word = note; *word;) {
        size_t n = strcspn(word, " "), wide = lus_utf8_width(word, n);
        if (at && at + 1 + wide > 100) {
            lus_string_put(out, "\n  ");
            at = 2;
        } else if (at) {
            lus_string_put(out, " ");
            at++;
        }
        lus_string_add(out, word, n);
        at += wide;
        word += n;
        word += strspn(word, " ");
    }
    lus_string_put(out, "\n");
}

void lus_write_text(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how)
{
    if (d->title) {
        if (how->has_color) lus_string_put(out, BOLD);
        lus_string_print(out, "%s\n", d->title);
        if (how->has_color) lus_string_put(out, PLAIN);
        lus_string_put(out, "\n");
    }
    for (size_t i = 0, shown = 0; i < d->n_tables; i++) {
        const struct lus_table *t = d->tables[i];
        if (!t->title) continue; /* for machines alone */
        if (shown++) lus_string_put(out, "\n");
        if (*t->title) lus_string_print(out, "%s\n", t->title);
        write_table(out, t, how->has_color);
    }
    if (d->n_notes) lus_string_put(out, "\n");
    if (how->has_color && d->n_notes) lus_string_put(out, DIM);
    for (size_t i = 0; i < d->n_notes; i++)
        write_note(out, d->notes[i].text);
    if (how->has_color && d->n_notes) lus_string_put(out, PLAIN);
}
