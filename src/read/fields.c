#include "read/fields.h"

#include <csv.h>
#include <stdlib.h>

/* What the callbacks of libcsv need. */
struct collector {
    struct lus_fields *out;
    const struct lus_format *format;
    size_t column; /* of the next field */
    size_t row_at; /* where the current row began */
    bool failed;
};

/* Room for more fields; each has as many rows as the others. */
static int add_fields(struct lus_fields *out, size_t n_fields)
{
    if (n_fields > out->field_room) {
        size_t room = n_fields + n_fields / 2;
        struct lus_text **grown = lus_realloc(out->field, room, sizeof *grown);
        if (!grown) return LUS_ENOMEM;
        out->field = grown;
        out->field_room = room;
    }
    for (; out->n_fields < n_fields; out->n_fields++)
        if (!(out->field[out->n_fields] = lus_alloc(out->room + 1, sizeof **out->field)))
            return LUS_ENOMEM;
    return LUS_OK;
}

/* Room for more rows, in every field. */
static int add_rows(struct lus_fields *out)
{
    enum { FIRST_ROWS = 8 }; /* a wide table has few rows in a block */
    size_t room = out->room ? out->room * 2 : FIRST_ROWS;
    for (size_t f = 0; f < out->n_fields; f++) {
        struct lus_text *grown = lus_realloc(out->field[f], room, sizeof *grown);
        if (!grown) return LUS_ENOMEM;
        out->field[f] = grown;
    }
    uint32_t *row_at = lus_realloc(out->row_at, room, sizeof *row_at);
    if (!row_at) return LUS_ENOMEM;
    out->row_at = row_at;
    out->room = room;
    return LUS_OK;
}

static int reserve(struct lus_fields *out, size_t n_fields)
{
    if (out->n == out->room) LUS_TRY(add_rows(out));
    return n_fields > out->n_fields ? add_fields(out, n_fields) : LUS_OK;
}

static size_t field_of(const struct lus_format *format, size_t column)
{
    return format->header ? format->header->field_of[column] : column;
}

static void take_field(void *text, size_t n, void *context)
{
    struct collector *c = context;
    size_t column = c->column++;
    if (c->failed) return;
    if (c->format->n_columns && column >= c->format->n_columns) return;
    size_t field = field_of(c->format, column);
    if (field == SIZE_MAX) return;
    struct lus_fields *out = c->out;
    if (reserve(out, field + 1) != LUS_OK) {
        c->failed = true;
        return;
    }
    char *copy = n ? lus_arena_copy(&out->arena, text, n) : "";
    if (!copy) c->failed = true;
    else out->field[field][out->n] = (struct lus_text){copy, n};
}

/* A row that is too short has empty texts where fields lack, and is on the list of ragged rows. */
static void end_ragged(struct collector *c)
{
    struct lus_fields *out = c->out;
    for (size_t column = c->column; column < c->format->n_columns; column++) {
        size_t field = field_of(c->format, column);
        if (field != SIZE_MAX) out->field[field][out->n] = (struct lus_text){"", 0};
    }
    if (LUS_ARRAY_RESERVE(&out->ragged, 1) != LUS_OK) c->failed = true;
    else out->ragged.at[out->ragged.n++] = (struct lus_ragged){out->n, c->column};
}

static void end_row(int terminator, void *context)
{
    (void)terminator;
    struct collector *c = context;
    struct lus_fields *out = c->out;
    size_t n_kept = c->format->header ? c->format->header->n_fields : c->format->n_columns;
    if (!c->failed && reserve(out, n_kept) != LUS_OK) c->failed = true;
    if (c->failed) return;
    if (c->format->n_columns && c->column != c->format->n_columns) end_ragged(c);
    if (!out->n) out->n_first = c->column;
    out->row_at[out->n++] = (uint32_t)c->row_at;
    c->column = 0;
}

/* The end of the line that begins at p: past its LF, or past a CR. */
static const char *line_end(const char *p, const char *end)
{
    const char *newline = memchr(p, '\n', (size_t)(end - p));
    const char *stop = newline ? newline + 1 : end;
    const char *cr = memchr(p, '\r', (size_t)(stop - p));
    if (!cr) return stop;
    return cr + 1 < end && cr[1] == '\n' ? cr + 2 : cr + 1;
}

uint64_t lus_count_lines(const char *bytes, size_t n)
{
    uint64_t lines = 0;
    const char *end = bytes + n;
    if (!memchr(bytes, '\r', n)) {
        for (const char *p = bytes; p < end; p++)
            lines += *p == '\n';
        return lines;
    }
    for (const char *p = bytes; p < end;) {
        const char *next = line_end(p, end);
        lines += next[-1] == '\n' || next[-1] == '\r';
        p = next;
    }
    return lines;
}

static bool is_comment(const struct lus_format *format, const char *p, const char *end)
{
    size_t n = format->skip ? strlen(format->skip) : 0;
    return n && (size_t)(end - p) >= n && memcmp(p, format->skip, n) == 0;
}

/* Feeds libcsv line by line: it has no positions of its own, and so every row knows where it
 * began. */
static int feed(struct csv_parser *parser, struct collector *c, const char *bytes, size_t n,
                struct lus_error *err)
{
    const char *end = bytes + n;
    for (const char *p = bytes; p < end && !c->failed;) {
        bool is_outside = parser->pstate == 0 && c->column == 0; /* of any row */
        if (is_outside && *p == '\n') {                          /* libcsv passes over it too */
            p++;
            continue;
        }
        const char *next = line_end(p, end);
        if (is_outside) {
            c->row_at = (size_t)(p - bytes);
            if (is_comment(c->format, p, next)) {
                p = next;
                continue;
            }
        }
        size_t length = (size_t)(next - p);
        if (csv_parse(parser, p, length, take_field, end_row, c) != length)
            return lus_fail_memory(err);
        p = next;
    }
    return c->failed ? lus_fail_memory(err) : LUS_OK;
}

/* Whether every row has as many fields as the header: each stride of separators ends with a line
 * end, and no other one is. */
static bool is_regular(const struct lus_fields *out, size_t n_separators, uint64_t n_row_ends)
{
    size_t rows = n_separators / out->stride;
    if (rows * out->stride != n_separators || rows != n_row_ends) return false;
    for (size_t row = 1; row <= rows; row++)
        if (out->bytes[out->index.starts[row * out->stride] - 1] != '\n') return false;
    return true;
}

/* Tries to index the bytes instead of parsing them; false where libcsv must decide. */
static bool index_rows(struct lus_fields *out, const struct lus_format *format, const char *bytes,
                       size_t n, bool is_end, size_t *used)
{
    struct lus_index *index = &out->index;
    if (!format->index || format->skip || format->n_columns < 2 || n >= UINT32_MAX - 64)
        return false;
    if (n && bytes[n - 1] == '\r') return false; /* a CR that ends a row by itself */
    /* the last field has no line end to be trimmed against */
    if (is_end && n && strchr(" \t\"", bytes[n - 1])) return false;
    if (format->index(index, bytes, n, format->delimiter, format->no_quotes) != LUS_OK ||
        (index->ends_in_quotes && is_end))
        return false;
    out->stride = format->n_columns;
    out->column_of = format->header ? format->header->column_of : NULL;
    size_t n_separators = index->n, rest = 0;
    bool has_open_row = n && (bytes[n - 1] != '\n' || index->ends_in_quotes);
    /* the end of the file ends the row: one separator more, for which there is room */
    if (has_open_row && is_end) {
        if (n_separators % out->stride != out->stride - 1) return false;
        index->starts[n_separators + 1] = (uint32_t)n + 1;
        rest = 1;
    } else if (has_open_row) {
        n_separators = index->n_row_ends * out->stride;
        /* an open row that is too long already */
        if (n_separators > index->n || index->n - n_separators >= out->stride) return false;
    }
    if (!is_regular(out, n_separators + rest - rest * out->stride, index->n_row_ends)) return false;
    out->n = (n_separators + rest) / out->stride;
    size_t open_at = has_open_row && !is_end ? index->starts[n_separators] : n, at = open_at;
    while (at < n && (bytes[at] == ' ' || bytes[at] == '\t'))
        at++;
    if (open_at < n && at == n) return false; /* blanks alone begin no row yet */
    *used = open_at;
    out->n_lines = index->n_lines;
    return true;
}

/* A quoted text with its doubled quotes made single. */
static int unescape(struct lus_fields *out, struct lus_text *text)
{
    const char *quote = text->n ? memchr(text->p, '"', text->n) : NULL;
    if (!quote) return LUS_OK;
    char *copy = lus_arena_copy(&out->arena, text->p, text->n), *to = copy;
    if (!copy) return LUS_ENOMEM;
    for (size_t i = 0; i < text->n; i++) {
        *to++ = text->p[i];
        i += text->p[i] == '"';
    }
    *text = (struct lus_text){copy, (size_t)(to - copy)};
    return LUS_OK;
}

/* Indexed rows with doubled quotes as arrays, where each text may be another than its bytes. */
static int spread(struct lus_fields *out, const struct lus_format *format)
{
    size_t n_kept = format->header ? format->header->n_fields : format->n_columns;
    while (out->room < out->n)
        LUS_TRY(add_rows(out));
    LUS_TRY(add_fields(out, n_kept));
    for (size_t f = 0; f < n_kept; f++)
        for (size_t row = 0; row < out->n; row++) {
            struct lus_text text = lus_field_at(out, f, row);
            LUS_TRY(unescape(out, &text));
            out->field[f][row] = text;
        }
    for (size_t row = 0; row < out->n; row++)
        out->row_at[row] = (uint32_t)lus_row_at(out, row);
    out->is_indexed = false;
    return LUS_OK;
}

int lus_fields_parse(struct lus_fields *out, const struct lus_format *format, const char *bytes,
                     size_t n, bool is_end, size_t *used, struct lus_error *err)
{
    struct csv_parser parser;
    struct collector c = {.out = out, .format = format};
    lus_arena_free(&out->arena);
    /* A CR at the very end may be half of a CRLF: it waits for what comes. */
    bool has_held = !is_end && n && bytes[n - 1] == '\r';
    n -= has_held;
    out->bytes = bytes;
    out->n = out->ragged.n = 0;
    out->is_unclosed = false;
    *used = n;
    out->is_indexed = index_rows(out, format, bytes, n, is_end, used);
    if (!out->is_indexed) out->n_lines = lus_count_lines(bytes, n);
    out->n_lines += has_held;
    if (out->is_indexed) {
        bool is_spread = !out->index.has_escapes || spread(out, format) == LUS_OK;
        return is_spread ? LUS_OK : lus_fail_memory(err);
    }
    out->n = 0;
    if (csv_init(&parser, 0) != 0) return lus_fail_memory(err);
    csv_set_delim(&parser, (unsigned char)format->delimiter);
    if (format->no_quotes) csv_set_quote(&parser, 0); /* a NUL never gets here */
    int status = feed(&parser, &c, bytes, n, err);
    bool is_inside = parser.pstate != 0 || c.column != 0;
    enum { FIELD_BEGUN = 2 };
    if (status == LUS_OK && is_inside && !is_end) {
        *used = c.row_at;
    } else if (status == LUS_OK && is_inside && parser.pstate == FIELD_BEGUN && parser.quoted) {
        out->is_unclosed = true;
        out->unclosed_at = c.row_at;
    } else if (status == LUS_OK) {
        if (csv_fini(&parser, take_field, end_row, &c) != 0 || c.failed)
            status = lus_fail_memory(err);
    }
    csv_free(&parser);
    return status;
}

void lus_fields_free(struct lus_fields *out)
{
    for (size_t f = 0; f < out->n_fields; f++)
        free(out->field[f]);
    free(out->field);
    free(out->row_at);
    lus_index_free(&out->index);
    LUS_ARRAY_FREE(&out->ragged);
    lus_arena_free(&out->arena);
    *out = (struct lus_fields){0};
}

void lus_cell_put(struct lus_string *out, bool is_first, const char *text, size_t n)
{
    if (!is_first) lus_string_add(out, ",", 1);
    bool is_plain = !n || (text[0] != ' ' && text[n - 1] != ' ' && text[0] != '#');
    for (size_t i = 0; i < n && is_plain; i++)
        is_plain = !memchr(",\"\r\n\t", text[i], 5);
    if (is_plain) {
        lus_string_add(out, text, n);
        return;
    }
    lus_string_add(out, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"') lus_string_add(out, "\"", 1);
        lus_string_add(out, text + i, 1);
    }
    lus_string_add(out, "\"", 1);
}
