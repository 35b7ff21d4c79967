#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "present/present.h"

int lus_document_init(struct lus_document *d)
{
    *d = (struct lus_document){.memory = lus_alloc_zeroed(1, sizeof *d->memory)};
    return d->memory ? LUS_OK : LUS_ENOMEM;
}

void lus_document_free(struct lus_document *d)
{
    for (size_t i = 0; i < d->n_tables; i++) {
        free(d->tables[i]->columns);
        free(d->tables[i]->cells);
    }
    free(d->tables);
    free(d->notes);
    if (d->memory) lus_arena_free(&d->memory->arena);
    free(d->memory);
    *d = (struct lus_document){0};
}

/* Prints a text that shows to people: a level must not steer the terminal. */
static void clean(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f) *text = ' ';
}

static const char *print(struct lus_document *d, const char *format, bool is_shown,
                         va_list arguments)
{
    char *text = NULL;
    const char *copy = NULL;
    if (vasprintf(&text, format, arguments) >= 0) {
        if (is_shown) clean(text);
        copy = lus_arena_copy(&d->memory->arena, text, strlen(text));
        free(text);
    }
    if (!copy) d->failed = true;
    return copy ? copy : "";
}

const char *lus_document_text(struct lus_document *d, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(d, format, false, arguments);
    va_end(arguments);
    return text;
}

void lus_document_note(struct lus_document *d, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(d, format, true, arguments);
    va_end(arguments);
    for (size_t i = 0; i < d->n_notes; i++)
        if (strcmp(d->notes[i], text) == 0) return;
    const char **notes = lus_realloc(d->notes, d->n_notes + 1, sizeof *notes);
    if (!notes) {
        d->failed = true;
        return;
    }
    d->notes = notes;
    d->notes[d->n_notes++] = text;
}

struct lus_table *lus_document_table(struct lus_document *d, const char *name, const char *title)
{
    struct lus_table *t = lus_arena_alloc(&d->memory->arena, 1, sizeof *t);
    struct lus_table **tables = lus_realloc(d->tables, d->n_tables + 1, sizeof(struct lus_table *));
    if (tables) d->tables = tables;
    if (!t || !tables) {
        d->failed = true;
        return NULL;
    }
    t->name = name;
    t->title = title;
    d->tables[d->n_tables++] = t;
    return t;
}

const struct lus_table *lus_document_find(const struct lus_document *d, const char *name)
{
    for (size_t i = 0; i < d->n_tables; i++)
        if (strcmp(d->tables[i]->name, name) == 0) return d->tables[i];
    return NULL;
}

void lus_table_column(struct lus_document *d, struct lus_table *t, struct lus_table_column column)
{
    if (!t) return;
    if (t->n_columns == t->column_room &&
        lus_array_grow((void **)&t->columns, t->n_columns, &t->column_room, 1, sizeof column) !=
            LUS_OK) {
        d->failed = true;
        return;
    }
    if (strpbrk(column.header, "\n\r\t\x1b")) {
        char *header = lus_arena_copy(&d->memory->arena, column.header, strlen(column.header));
        if (header) clean(header), column.header = header;
    }
    t->columns[t->n_columns++] = column;
}

void lus_table_cell(struct lus_document *d, struct lus_table *t, struct lus_cell cell)
{
    if (!t) return;
    if (t->n_cells == t->cell_room &&
        lus_array_grow((void **)&t->cells, t->n_cells, &t->cell_room, 1, sizeof cell) != LUS_OK) {
        d->failed = true;
        return;
    }
    t->cells[t->n_cells++] = cell;
    t->n_rows = t->n_cells / t->n_columns;
}

void lus_table_text(struct lus_document *d, struct lus_table *t, const char *text)
{
    lus_table_cell(d, t, (struct lus_cell){.text = text ? text : ""});
}

void lus_table_number(struct lus_document *d, struct lus_table *t, double number)
{
    lus_table_cell(d, t, (struct lus_cell){.number = number});
}

static void format_number(struct lus_string *out, enum lus_column_kind kind, double x)
{
    switch (kind) {
    case LUS_COLUMN_SHARE: lus_string_print(out, "%.1f %%", 100 * x); break;
    case LUS_COLUMN_COUNT:
        if (x == floor(x)) lus_string_print(out, "%.0f", x);
        else lus_string_print(out, "%.1f", x);
        break;
    case LUS_COLUMN_P:
        if (x < 0.0001) lus_string_put(out, "<0.0001");
        else lus_string_print(out, "%.4f", x);
        break;
    case LUS_COLUMN_TIME:
        if (fabs(x) >= 1000) lus_string_print(out, "%.0f", x);
        else lus_string_print(out, "%.4g", x);
        break;
    default: lus_string_print(out, "%.5g", x);
    }
}

/* A limit repeats no percent sign. */
static void format_limit(struct lus_string *out, enum lus_column_kind kind, double x,
                         const char *dash)
{
    if (isnan(x)) lus_string_put(out, dash);
    else if (kind == LUS_COLUMN_SHARE) lus_string_print(out, "%.1f", 100 * x);
    else format_number(out, kind, x);
}

void lus_cell_for_people(struct lus_string *out, const struct lus_table *t, size_t row,
                         size_t column, const char *dash)
{
    const struct lus_table_column *c = &t->columns[column];
    const struct lus_cell *cells = &t->cells[row * t->n_columns], *cell = &cells[column];
    if (c->kind == LUS_COLUMN_TEXT || cell->text) {
        /* a level must not steer the terminal */
        for (const char *p = cell->text ? cell->text : ""; *p; p++)
            lus_string_add(out, (unsigned char)*p < ' ' || *p == 0x7f ? " " : p, 1);
    } else if (isnan(cell->number)) {
        lus_string_put(out, dash);
    } else {
        format_number(out, c->kind, cell->number);
    }
    if (c->high && !(isnan(cells[c->low].number) && isnan(cells[c->high].number))) {
        lus_string_put(out, " (");
        format_limit(out, c->kind, cells[c->low].number, dash);
        lus_string_put(out, " to ");
        format_limit(out, c->kind, cells[c->high].number, dash);
        lus_string_put(out, ")");
    }
    if (cell->is_few) lus_string_put(out, " *");
}
