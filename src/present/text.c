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

/* Some columns of a table, one below the other part. */
struct part {
    const struct lus_table *table;
    const size_t *width; /* by column; 0: not shown */
    const bool *is_here;
    bool has_color;
};

static void write_part(struct lus_string *out, const struct part *p, struct lus_string *cell)
{
    const struct lus_table *t = p->table;
    for (size_t line = 0; line <= t->n_rows; line++) {
        if (!line && p->has_color) lus_string_put(out, BOLD);
        for (size_t c = 0, shown = 0; c < t->n_columns; c++) {
            if (!p->width[c] || !p->is_here[c]) continue;
            pad(out, shown++ ? 2 : 0);
            if (line) cell_text(cell, t, line - 1, c);
            const char *text = line ? (cell->at ? cell->at : "") : t->columns[c].header;
            put_aligned(out, line && repeats(t, line - 1, c) ? "" : text, p->width[c],
                        is_left(t, c));
        }
        trim_right(out);
        if (!line && p->has_color) lus_string_put(out, PLAIN);
        lus_string_put(out, "\n");
    }
}

/* What names a row stands in every part. */
static bool names_row(const struct lus_table *t, size_t column)
{
    return t->columns[column].role == LUS_ROLE_KEY || t->columns[column].role == LUS_ROLE_ASKED;
}

/* As many columns from `from` on as fit beside those that name the row, one at least; where the
 * next part begins. */
static size_t fill_part(const struct lus_table *t, const size_t *width, size_t from, size_t room,
                        bool *is_here)
{
    size_t used = 0, n = 0, c = from;
    for (size_t k = 0; k < t->n_columns; k++) {
        is_here[k] = names_row(t, k);
        if (is_here[k] && width[k]) used += width[k] + 2;
    }
    for (; c < t->n_columns; c++) {
        if (is_here[c] || !width[c]) continue;
        if (n && used + width[c] > room) break;
        is_here[c] = true;
        used += width[c] + 2;
        n++;
    }
    return c;
}

/* A table wider than the room goes on below, its rows named again. */
static void write_table(struct lus_string *out, const struct lus_table *t,
                        const struct lus_writing *how)
{
    struct lus_string cell = {0};
    size_t *width = lus_alloc_zeroed(t->n_columns, sizeof *width), from = 0;
    bool *is_here = lus_alloc_zeroed(t->n_columns, sizeof *is_here);
    out->failed |= !width || !is_here;
    for (size_t c = 0; c < t->n_columns && !out->failed; c++)
        width[c] = lus_column_is_shown(t, c) ? width_of(t, c, &cell) : 0;
    while (!out->failed && from < t->n_columns) {
        if (from) lus_string_put(out, "\n");
        from = fill_part(t, width, from, how->width, is_here);
        write_part(out, &(struct part){t, width, is_here, how->has_color}, &cell);
    }
    out->failed |= cell.failed;
    free(width), free(is_here);
    lus_string_free(&cell);
}

/* A paragraph, later lines indented. */
static void write_note(struct lus_string *out, const char *note, size_t width)
{
    size_t at = 0;
    for (const char *word = note; *word;) {
        size_t n = strcspn(word, " "), wide = lus_utf8_width(word, n);
        if (at && at + 1 + wide > width) {
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
        write_table(out, t, how);
    }
    if (d->n_notes) lus_string_put(out, "\n");
    if (how->has_color && d->n_notes) lus_string_put(out, DIM);
    for (size_t i = 0; i < d->n_notes; i++)
        write_note(out, d->notes[i].text, how->width);
    if (how->has_color && d->n_notes) lus_string_put(out, PLAIN);
}
