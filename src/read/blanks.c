/* Text whose fields are parted by runs of blanks, in aligned columns or not: told by the first
 * lines, and turned into commas. */
#include "read/blanks.h"

#include <stdlib.h>

/* The next field of a line; false at its end. A quoted one is without its quotes, which may be
 * doubled within. */
static bool next_field(struct lus_text *line, struct lus_string *out)
{
    while (line->n && (*line->p == ' ' || *line->p == '\t'))
        line->p++, line->n--;
    if (!line->n) return false;
    out->n = 0;
    bool is_quoted = *line->p == '"';
    size_t i = is_quoted, from = i;
    for (; i < line->n; i++) {
        char c = line->p[i];
        if (!is_quoted && (c == ' ' || c == '\t')) break;
        if (!is_quoted || c != '"') continue;
        lus_string_add(out, line->p + from, i - from);
        from = i + 1;
        if (i + 1 == line->n || line->p[i + 1] != '"') break;
        i++; /* doubled: the second is meant */
        from = i;
    }
    lus_string_add(out, line->p + from, i > from ? i - from : 0);
    i += is_quoted && i < line->n;
    line->p += i, line->n -= i;
    return true;
}

/* The next line, without its end. */
static struct lus_text next_line(struct lus_text *left)
{
    const char *newline = memchr(left->p, '\n', left->n);
    struct lus_text line = {left->p, newline ? (size_t)(newline - left->p) : left->n};
    left->p += line.n + (newline != NULL), left->n -= line.n + (newline != NULL);
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    return line;
}

static size_t count_fields(struct lus_text line, struct lus_string *field)
{
    size_t n = 0;
    while (next_field(&line, field))
        n++;
    return n;
}

/* Whether a line has other delimiters outside quotes. */
static bool has_delimiter(struct lus_text line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        quoted ^= line.p[i] == '"';
        if (!quoted && line.p[i] && strchr(",;|\t", line.p[i])) return true;
    }
    return false;
}

/* Blanks at the ends of a line, or two together. */
static bool has_run(struct lus_text line)
{
    return line.n &&
           (line.p[0] == ' ' || line.p[line.n - 1] == ' ' || memmem(line.p, line.n, "  ", 2));
}

bool lus_are_blanks(const char *bytes, size_t n, bool is_end)
{
    enum { LINES = 20 };
    struct lus_text left = {bytes, n};
    struct lus_string field = {0};
    size_t first = 0, rows = 0, n_lines = 0;
    bool any_run = false, are_so = true;
    while (left.n && n_lines < LINES && are_so) {
        struct lus_text line = next_line(&left);
        if (!left.n && !is_end && bytes[n - 1] != '\n') break; /* it may go on */
        if (!line.n || (!n_lines && *line.p == '#')) continue; /* comments before the header */
        size_t here = count_fields(line, &field);
        any_run |= has_run(line);
        if (!n_lines++) first = here;
        else if (n_lines == 2) rows = here;
        are_so = !has_delimiter(line) && here > 1 && (n_lines < 3 || here == rows);
    }
    lus_string_free(&field);
    return are_so && any_run && n_lines > 1 && (rows == first || rows == first + 1);
}

int lus_blanks_apply(const char *read, size_t n, struct lus_stream *stream, struct lus_error *err)
{
    struct lus_string all = {0}, out = {0}, field = {0};
    lus_string_add(&all, read, n);
    int status = lus_stream_read_all(stream, &all, err);
    struct lus_text left = {all.n ? all.at : "", all.n};
    bool is_behind = false; /* the header */
    while (status == LUS_OK && left.n) {
        struct lus_text line = next_line(&left);
        size_t k = 0;
        is_behind |= line.n && *line.p != '#';
        if (!is_behind) lus_string_add(&out, line.p, line.n);
        else
            for (; next_field(&line, &field); k++)
                lus_cell_put(&out, !k, field.n ? field.at : "", field.n);
        lus_string_put(&out, "\n");
    }
    if (status == LUS_OK && (out.failed || field.failed || all.failed))
        status = lus_fail_memory(err);
    lus_string_free(&all);
    lus_string_free(&field);
    if (status == LUS_OK) lus_stream_take_text(stream, &out);
    lus_string_free(&out);
    return status;
}
