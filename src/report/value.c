/* One value of a command's tables, in words or as a number. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "support/number.h"

/* "survival of 100, HR+/HER2+, 5 years": a column, how it is said, and the texts that its row has.
 * "quantiles.time" is the column of a table. */
struct asked {
    const char *table;           /* NULL: the first that has the column */
    const char *column, *manner; /* manner: "of 100", "years", "months" or "" */
    const char **levels;
    size_t n_levels;
};

static int parse_asked(struct lus_report *r, const char *text, struct asked *out,
                       struct lus_error *err)
{
    struct lus_arena *arena = &r->arena;
    char *copy = lus_arena_copy(arena, text, strlen(text));
    *out = (struct asked){.manner = ""};
    out->levels = lus_arena_alloc(arena, strlen(text) / 2 + 2, sizeof *out->levels);
    if (!copy || !out->levels) return lus_fail_memory(err);
    for (char *part = copy, *next; part; part = next) {
        next = strstr(part, ", ");
        if (next) *next = 0, next += 2;
        if (out->column) {
            out->levels[out->n_levels++] = part;
            continue;
        }
        char *blank = strchr(part, ' ');
        if (blank) *blank = 0, out->manner = blank + 1;
        char *point = strchr(part, '.');
        if (point) *point = 0, out->table = part;
        out->column = point ? point + 1 : part;
    }
    return LUS_OK;
}

static size_t column_of(const struct lus_table *t, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c].name, name) == 0) return c;
    return SIZE_MAX;
}

/* Whether a row has a text among its keys and what was asked. */
static bool has_text(const struct lus_table *t, size_t row, const char *text)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
        bool names = t->columns[c].role == LUS_ROLE_KEY || t->columns[c].role == LUS_ROLE_ASKED;
        char number[32];
        (void)snprintf(number, sizeof number, "%.10g", cell->number);
        if (names && strcmp(cell->text ? cell->text : number, text) == 0) return true;
    }
    return false;
}

/* The only row that has all the texts. */
static const struct lus_cell *find(const struct lus_table *t, size_t column, const struct asked *a,
                                   size_t *n_found)
{
    const struct lus_cell *found = NULL;
    *n_found = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        bool is_it = true;
        for (size_t k = 0; k < a->n_levels; k++)
            is_it &= has_text(t, row, a->levels[k]);
        if (!is_it) continue;
        if (!found) found = &t->cells[row * t->n_columns + column];
        ++*n_found;
    }
    return found;
}

static int find_cell(struct lus_report *r, const struct lus_piece *p, const struct asked *a,
                     const struct lus_cell **cell, enum lus_column_kind *kind,
                     struct lus_error *err)
{
    const struct lus_document *d = &r->runs.at[p->run].result.document;
    size_t n = 0;
    bool is_there = false;
    for (size_t i = 0; i < d->n_tables; i++) {
        const struct lus_table *t = d->tables[i];
        size_t column = column_of(t, a->column);
        if (column == SIZE_MAX || (a->table && strcmp(a->table, t->name) != 0)) continue;
        is_there = true;
        *cell = find(t, column, a, &n);
        *kind = t->columns[column].kind;
        if (n == 1) return LUS_OK;
        if (n > 1) break;
    }
    if (n > 1)
        return lus_report_fail(r, p->line, err,
                               "%s has %zu rows of that; name the one, as in {{... : %s, LEVEL}}",
                               r->runs.at[p->run].text, n, a->column);
    return is_there ? lus_report_fail(r, p->line, err, "%s has no such row: %s",
                                      r->runs.at[p->run].text, p->after)
                    : lus_report_fail(r, p->line, err, "%s has no column \"%s\"",
                                      r->runs.at[p->run].text, a->column);
}

/* A time of the document's unit in another. */
static double in_unit(const struct lus_document *d, double time, enum lus_unit unit)
{
    return time * (double)lus_unit_ticks(d->unit) / (double)lus_unit_ticks(unit);
}

static int in_words(struct lus_report *r, const struct lus_piece *p, const struct asked *a,
                    const struct lus_cell *cell, enum lus_column_kind kind, const char **out,
                    struct lus_error *err)
{
    const struct lus_document *d = &r->runs.at[p->run].result.document;
    struct lus_arena *arena = &r->arena;
    if (kind == LUS_COLUMN_TEXT) {
        *out = cell->text;
        return *out ? LUS_OK : lus_report_fail(r, p->line, err, "%s is not shown", a->column);
    }
    if (isnan(cell->number))
        return lus_report_fail(r, p->line, err, "%s: %s is not available", r->runs.at[p->run].text,
                               p->after);
    if (strcmp(a->manner, "of 100") == 0) *out = lus_arena_print(arena, "%.0f", 100 * cell->number);
    else if (strcmp(a->manner, "years") == 0)
        *out = lus_arena_print(arena, "%.1f", in_unit(d, cell->number, LUS_YEARS));
    else if (strcmp(a->manner, "months") == 0)
        *out = lus_arena_print(arena, "%.0f", in_unit(d, cell->number, LUS_MONTHS));
    else if (*a->manner)
        return lus_report_fail(r, p->line, err,
                               "a value is said of 100, in years or in months, not \"%s\"",
                               a->manner);
    else if (kind == LUS_COLUMN_SHARE) *out = lus_arena_print(arena, "%.1f %%", 100 * cell->number);
    else if (kind == LUS_COLUMN_COUNT) *out = lus_arena_print(arena, "%'.0f", cell->number);
    else *out = cell->text ? cell->text : lus_arena_print(arena, "%.4g", cell->number);
    return *out ? LUS_OK : lus_fail_memory(err);
}

int lus_report_value(struct lus_report *r, const struct lus_piece *p, const char **out,
                     struct lus_error *err)
{
    struct asked a;
    const struct lus_cell *cell;
    enum lus_column_kind kind;
    LUS_TRY(parse_asked(r, p->after, &a, err));
    LUS_TRY(find_cell(r, p, &a, &cell, &kind, err));
    return in_words(r, p, &a, cell, kind, out, err);
}

/* A side of an assertion: a number, with %, or a value. */
static int side(struct lus_report *r, const struct lus_piece *p, const char *text, double *out,
                struct lus_error *err)
{
    size_t n = strlen(text);
    bool is_percent = n && text[n - 1] == '%';
    while (n && (text[n - 1] == '%' || text[n - 1] == ' '))
        n--;
    if (lus_number_parse(text, n, out) == LUS_NUMBER_OK) {
        if (is_percent) *out /= 100;
        return LUS_OK;
    }
    struct asked a;
    const struct lus_cell *cell;
    enum lus_column_kind kind;
    LUS_TRY(parse_asked(r, text, &a, err));
    LUS_TRY(find_cell(r, p, &a, &cell, &kind, err));
    *out = cell->number;
    if (isnan(*out)) return lus_report_fail(r, p->line, err, "%s is not available", text);
    if (strcmp(a.manner, "years") == 0)
        *out = in_unit(&r->runs.at[p->run].result.document, *out, LUS_YEARS);
    return LUS_OK;
}

int lus_report_assert(struct lus_report *r, const struct lus_piece *p, struct lus_error *err)
{
    static const char *const signs[] = {" <= ", " >= ", " < ", " > "};
    for (size_t i = 0; i < 4; i++) {
        const char *sign = strstr(p->after, signs[i]);
        if (!sign) continue;
        const char *left = lus_arena_copy(&r->arena, p->after, (size_t)(sign - p->after)),
                   *right = sign + strlen(signs[i]);
        double a, b;
        if (!left) return lus_fail_memory(err);
        LUS_TRY(side(r, p, left, &a, err));
        LUS_TRY(side(r, p, right, &b, err));
        bool holds = i == 0 ? a <= b : i == 1 ? a >= b : i == 2 ? a < b : a > b;
        return holds ? LUS_OK
                     : lus_report_fail(r, p->line, err, "not borne out: %s: %.4g and %.4g",
                                       p->after, a, b);
    }
    return lus_report_fail(r, p->line, err, "an assertion compares: {{assert command : a < b}}");
}

bool lus_report_has(const struct lus_report *r, const struct lus_piece *p)
{
    static const char *const tables[] = {"columns", "factors"};
    const struct lus_document *d = &r->runs.at[p->run].result.document;
    for (size_t i = 0; i < 2; i++) {
        const struct lus_table *t = lus_document_find(d, tables[i]);
        for (size_t row = 0; t && row < t->n_rows; row++) {
            const char *name = t->cells[row * t->n_columns].text;
            if (name && strcmp(name, p->after) == 0) return true;
        }
    }
    return false;
}
