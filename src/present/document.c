#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "present/present.h"

int lus_document_init(struct lus_document *d)
{
    *d = (struct lus_document){.memory = lus_alloc_zeroed(1, sizeof *d->memory)};
    if (!d->memory) return LUS_ENOMEM;
    if (lus_dictionary_init(&d->memory->said, NULL, 0) == LUS_OK) return LUS_OK;
    lus_document_free(d);
    return LUS_ENOMEM;
}

void lus_table_clear(struct lus_table *t)
{
    free(t->columns), free(t->cells), free(t->behind);
}

void lus_document_free(struct lus_document *d)
{
    for (size_t i = 0; i < d->n_tables; i++)
        lus_table_clear(d->tables[i]);
    free(d->tables);
    free(d->notes);
    if (d->memory) {
        lus_arena_free(&d->memory->arena);
        lus_dictionary_free(&d->memory->said);
        LUS_ARRAY_FREE(&d->memory->keys);
        LUS_ARRAY_FREE(&d->memory->strata);
    }
    free(d->memory);
    *d = (struct lus_document){0};
}

/* A text, kept as people may see it: a level or a name must not steer the terminal. */
static const char *keep_shown(struct lus_document *d, const char *text)
{
    struct lus_string shown = {0};
    lus_string_show(&shown, text);
    const char *copy = shown.failed
                           ? NULL
                           : lus_arena_copy(&d->memory->arena, shown.at ? shown.at : "", shown.n);
    lus_string_free(&shown);
    if (!copy) d->failed = true;
    return copy ? copy : "";
}

static const char *print(struct lus_document *d, const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) {
        d->failed = true;
        return "";
    }
    const char *copy = keep_shown(d, text);
    free(text);
    return copy;
}

const char *lus_document_text(struct lus_document *d, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(d, format, arguments);
    va_end(arguments);
    return text;
}

const char *lus_document_keep(struct lus_document *d, struct lus_string *text)
{
    const char *copy = text->failed || !text->at ? "" : lus_document_text(d, "%s", text->at);
    d->failed |= text->failed;
    lus_string_free(text);
    return copy;
}

void lus_document_note(struct lus_document *d, struct lus_subject subject, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(d, format, arguments);
    va_end(arguments);
    uint32_t code;
    size_t n_said = d->memory->said.texts.n;
    if (lus_dictionary_code(&d->memory->said, lus_text_of(text), &code) != LUS_OK) d->failed = true;
    if (d->memory->said.texts.n == n_said) return;
    struct lus_note *notes = lus_realloc(d->notes, d->n_notes + 1, sizeof *notes);
    if (!notes) {
        d->failed = true;
        return;
    }
    if (subject.discreet) subject.discreet = keep_shown(d, subject.discreet);
    d->notes = notes;
    d->notes[d->n_notes++] = (struct lus_note){text, subject};
}

void lus_document_key(struct lus_document *d, enum lus_key_kind key)
{
    if (LUS_ARRAY_RESERVE(&d->memory->keys, 1) == LUS_OK)
        d->memory->keys.at[d->memory->keys.n++] = key;
    else d->failed = true;
}

/* The levels of a stratum, copied; a missing one is NULL. */
static const char *const *copy_levels(struct lus_document *d, const char *const *levels)
{
    size_t n = d->memory->keys.n;
    const char **copies = lus_arena_alloc(&d->memory->arena, n + 1, sizeof *copies);
    for (size_t k = 0; copies && k < n; k++)
        if (levels[k] &&
            !(copies[k] = lus_arena_copy(&d->memory->arena, levels[k], strlen(levels[k]))))
            return NULL;
    return copies;
}

size_t lus_document_stratum(struct lus_document *d, const struct lus_headcount *people)
{
    struct lus_headcount copy = *people;
    if (people->levels) copy.levels = copy_levels(d, people->levels);
    if ((people->levels && !copy.levels) || LUS_ARRAY_RESERVE(&d->memory->strata, 1) != LUS_OK) {
        d->failed = true;
        return LUS_UNSAID;
    }
    d->memory->strata.at[d->memory->strata.n] = copy;
    return LUS_FIRST_STRATUM + d->memory->strata.n++;
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
    if (!t || d->failed) return;
    if (t->n_columns == t->column_room &&
        lus_array_grow((void **)&t->columns, t->n_columns, &t->column_room, 1, sizeof column) !=
            LUS_OK) {
        d->failed = true;
        return;
    }
    column.header = keep_shown(d, column.header);
    t->columns[t->n_columns++] = column;
}

void lus_table_row_of_pair(struct lus_document *d, struct lus_table *t, size_t first, size_t second)
{
    if (!t || d->failed) return;
    if (t->behind_room <= t->n_rows &&
        lus_array_grow((void **)&t->behind, t->n_behind, &t->behind_room,
                       t->n_rows + 1 - t->n_behind, sizeof *t->behind) != LUS_OK) {
        d->failed = true;
        return;
    }
    for (; t->n_behind <= t->n_rows; t->n_behind++)
        t->behind[t->n_behind][0] = t->behind[t->n_behind][1] = LUS_UNSAID;
    t->behind[t->n_rows][0] = first;
    t->behind[t->n_rows][1] = second;
}

void lus_table_row(struct lus_document *d, struct lus_table *t, size_t stratum)
{
    lus_table_row_of_pair(d, t, stratum, stratum);
}

void lus_table_cell(struct lus_document *d, struct lus_table *t, struct lus_cell cell)
{
    if (!t || d->failed) return; /* without all of its columns a table has no rows */
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
    case LUS_COLUMN_RATIO:
        if (x >= 0.095 && x < 9.995) lus_string_print(out, "%.2f", x);
        else lus_string_print(out, "%.3g", x);
        return;
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
    if (cell->text) {
        lus_string_show(out, cell->brief ? cell->brief : cell->text);
    } else if (c->kind == LUS_COLUMN_TEXT || isnan(cell->number)) {
        lus_string_put(out, dash);
    } else {
        format_number(out, c->kind, cell->number);
    }
    bool has_width = c->high && cells[c->low].number != cells[c->high].number;
    if (has_width && !(isnan(cells[c->low].number) && isnan(cells[c->high].number))) {
        lus_string_put(out, " (");
        format_limit(out, c->kind, cells[c->low].number, dash);
        lus_string_put(out, " to ");
        format_limit(out, c->kind, cells[c->high].number, dash);
        lus_string_put(out, ")");
    }
    if (cell->is_few) lus_string_put(out, " *");
}
