#include "read/layout.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LONGEST_LINE = 1 << 20, MOST_COLUMNS = 16384 };

/* Labels by code, of one variable. */
struct label_list {
    const char *format;
    LUS_ARRAY(struct lus_label) labels;
};

/* What a layout is read with. */
struct work {
    struct lus_layout *layout;
    LUS_ARRAY(struct lus_layout_column) columns;
    LUS_ARRAY(const char *) formats; /* by column: the variable that it is made of, or NULL */
    LUS_ARRAY(struct label_list) lists;
    bool are_numeric;
};

static const char *keep(struct work *w, struct lus_text text)
{
    return lus_arena_copy(&w->layout->arena, text.p, text.n);
}

static struct lus_text trimmed(struct lus_text t)
{
    while (t.n && isspace((unsigned char)t.p[0]))
        t.p++, t.n--;
    while (t.n && isspace((unsigned char)t.p[t.n - 1]))
        t.n--;
    return t;
}

static int add_column(struct work *w, struct lus_text name, size_t start, size_t width)
{
    struct lus_layout_column c = {.name = keep(w, name), .start = start, .width = width};
    if (!c.name || LUS_ARRAY_RESERVE(&w->columns, 1) != LUS_OK ||
        LUS_ARRAY_RESERVE(&w->formats, 1) != LUS_OK)
        return LUS_ENOMEM;
    w->columns.at[w->columns.n++] = c;
    w->formats.at[w->formats.n++] = NULL;
    return LUS_OK;
}

/* --- SEER*Stat's dictionary: sections in brackets, KEY=VALUE --- */

static bool is_value(struct lus_text value, const char *word)
{
    return lus_text_equal_any_case(value, word);
}

static char delimiter_of(struct lus_text value)
{
    static const struct {
        const char *name;
        char is;
    } names[] = {{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"space", ' '}, {"pipe", '|'}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_value(value, names[i].name)) return names[i].is;
    return value.n == 1 ? *value.p : 0;
}

/* "Var12Name" and "Var12Base": the number; *rest: what stands behind it. */
static bool is_variable(struct lus_text key, unsigned long *number, const char **rest)
{
    if (key.n < 5 || strncasecmp(key.p, "Var", 3) != 0 || !isdigit((unsigned char)key.p[3]))
        return false;
    char *end;
    *number = strtoul(key.p + 3, &end, 10);
    *rest = end;
    return true;
}

static int take_variable(struct work *w, struct lus_text key, struct lus_text value)
{
    unsigned long number;
    const char *rest;
    if (!is_variable(key, &number, &rest)) return LUS_OK;
    size_t n = (size_t)(key.p + key.n - rest);
    if (n == 4 && strncasecmp(rest, "Name", 4) == 0) return add_column(w, value, 0, 0);
    if (n != 4 || strncasecmp(rest, "Base", 4) != 0 || !w->columns.n) return LUS_OK;
    const char *base = w->formats.at[w->columns.n - 1] = keep(w, value);
    return base ? LUS_OK : LUS_ENOMEM;
}

static void take_option(struct work *w, struct lus_text key, struct lus_text value)
{
    if (is_value(key, "Field delimiter")) w->layout->delimiter = delimiter_of(value);
    if (is_value(key, "Variable names included")) w->layout->has_header = is_value(value, "true");
    if (is_value(key, "Variable format")) w->are_numeric = is_value(value, "numeric");
}

static int take_label(struct work *w, struct lus_text code, struct lus_text label)
{
    if (!w->lists.n) return LUS_OK;
    struct label_list *l = &w->lists.at[w->lists.n - 1];
    struct lus_label one = {keep(w, code), keep(w, label), l->labels.n};
    if (!one.code || !one.label || LUS_ARRAY_RESERVE(&l->labels, 1) != LUS_OK) return LUS_ENOMEM;
    l->labels.at[l->labels.n++] = one;
    return LUS_OK;
}

static int begin_format(struct work *w, struct lus_text name)
{
    if (LUS_ARRAY_RESERVE(&w->lists, 1) != LUS_OK) return LUS_ENOMEM;
    struct label_list *l = &w->lists.at[w->lists.n++];
    *l = (struct label_list){.format = keep(w, name)};
    return l->format ? LUS_OK : LUS_ENOMEM;
}

static int take_line(struct work *w, struct lus_text line, bool *is_format)
{
    static const char head[] = "Format=";
    line = trimmed(line);
    if (line.n > 1 && line.p[0] == '[' && line.p[line.n - 1] == ']') {
        struct lus_text section = {line.p + 1, line.n - 2};
        *is_format = section.n > strlen(head) && strncasecmp(section.p, head, strlen(head)) == 0;
        struct lus_text name = {section.p + strlen(head), section.n - strlen(head)};
        return *is_format ? begin_format(w, name) : LUS_OK;
    }
    const char *equals = line.n ? memchr(line.p, '=', line.n) : NULL;
    if (!equals) return LUS_OK;
    struct lus_text key = trimmed((struct lus_text){line.p, (size_t)(equals - line.p)}),
                    value = trimmed(
                        (struct lus_text){equals + 1, (size_t)(line.p + line.n - equals - 1)});
    if (*is_format) return take_label(w, key, value);
    take_option(w, key, value);
    return take_variable(w, key, value);
}

/* A column's labels are those of its own name, or of the variable that it is made of. */
static void give_labels(struct work *w)
{
    for (size_t i = 0; i < w->columns.n; i++) {
        struct lus_layout_column *c = &w->columns.at[i];
        for (size_t k = 0; k < w->lists.n && w->are_numeric; k++) {
            const struct label_list *l = &w->lists.at[k];
            bool is_own = strcmp(l->format, c->name) == 0,
                 is_base = w->formats.at[i] && strcmp(l->format, w->formats.at[i]) == 0;
            if (!is_own && (!is_base || c->n_labels)) continue;
            c->n_labels = l->labels.n;
            c->labels = l->labels.at;
            w->layout->has_labels |= c->n_labels > 0;
        }
    }
}

static int read_dictionary(struct work *w, struct lus_text text)
{
    bool is_format = false;
    while (text.n) {
        const char *newline = memchr(text.p, '\n', text.n);
        size_t n = newline ? (size_t)(newline - text.p) : text.n;
        LUS_TRY(take_line(w, (struct lus_text){text.p, n}, &is_format));
        text.p += n + (newline != NULL), text.n -= n + (newline != NULL);
    }
    give_labels(w);
    return LUS_OK;
}

/* --- a SAS program --- */

/* Comments become blanks, in place. */
static void blank_comments(char *p, size_t n)
{
    bool begins_statement = true;
    for (size_t i = 0; i < n; i++) {
        size_t end = i;
        if (p[i] == '/' && i + 1 < n && p[i + 1] == '*') {
            const char *stop = memmem(p + i + 2, n - i - 2, "*/", 2);
            end = stop ? (size_t)(stop - p) + 2 : n;
        } else if (p[i] == '*' && begins_statement) {
            const char *stop = memchr(p + i, ';', n - i);
            end = stop ? (size_t)(stop - p) + 1 : n;
        }
        for (size_t k = i; k < end; k++)
            if (p[k] != '\n') p[k] = ' ';
        if (end > i) i = end - 1;
        else if (!isspace((unsigned char)p[i])) begins_statement = p[i] == ';';
    }
}

struct place {
    size_t start, width;
};

static bool take_number(const char **at, const char *end, size_t *out)
{
    const char *p = *at;
    size_t value = 0;
    while (p < end && isspace((unsigned char)*p))
        p++;
    const char *first = p;
    while (p < end && isdigit((unsigned char)*p) && value < LONGEST_LINE)
        value = 10 * value + (size_t)(*p++ - '0');
    *out = value, *at = p;
    return p > first;
}

/* Behind "@ 19": NAME $char1. or NAME 4. */
static bool take_place(const char **at, const char *end, struct lus_text *name, struct place *place,
                       bool *has_decimals)
{
    const char *p = *at;
    if (!take_number(&p, end, &place->start) || !place->start) return false;
    while (p < end && isspace((unsigned char)*p))
        p++;
    name->p = p;
    while (p < end && (isalnum((unsigned char)*p) || *p == '_'))
        p++;
    name->n = (size_t)(p - name->p);
    while (p < end && isspace((unsigned char)*p))
        p++;
    if (p < end && *p == '$') p++;
    while (p < end && isalpha((unsigned char)*p))
        p++;
    size_t decimals = 0;
    if (!name->n || !take_number(&p, end, &place->width) || !place->width || p >= end || *p != '.')
        return false;
    p++;
    *has_decimals = take_number(&p, end, &decimals) && decimals > 0 &&
                    !isspace((unsigned char)p[-1]);
    place->start--;
    *at = p;
    return place->start + place->width <= LONGEST_LINE;
}

static int read_program(struct work *w, char *text, size_t n, struct lus_error *err)
{
    blank_comments(text, n);
    const char *end = text + n;
    w->layout->is_fixed = true;
    for (const char *p = text; (p = memchr(p, '@', (size_t)(end - p))) != NULL;) {
        struct lus_text name;
        struct place place;
        bool has_decimals = false;
        p++;
        if (!take_place(&p, end, &name, &place, &has_decimals)) continue;
        if (has_decimals)
            return lus_fail(err, LUS_EDATA,
                            "%s: %.*s has decimals that are implied, which are not read",
                            w->layout->path, (int)name.n, name.p);
        if (w->columns.n == MOST_COLUMNS)
            return lus_fail(err, LUS_EDATA, "%s: more than %d columns", w->layout->path,
                            MOST_COLUMNS);
        if (add_column(w, name, place.start, place.width) != LUS_OK) return lus_fail_memory(err);
    }
    return LUS_OK;
}

/* --- either --- */

static int by_code(const void *a, const void *b)
{
    const struct lus_label *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int take_columns(struct work *w, struct lus_error *err)
{
    struct lus_layout *l = w->layout;
    l->n = w->columns.n;
    if (!l->n)
        return lus_fail(err, LUS_EDATA,
                        "%s: no columns are named; a SEER*Stat dictionary (Var1Name=...) or a SAS "
                        "program (INPUT @ 1 NAME $char8.) is wanted",
                        l->path);
    l->columns = lus_arena_alloc(&l->arena, l->n, sizeof *l->columns);
    l->names = lus_arena_alloc(&l->arena, l->n, sizeof *l->names);
    if (!l->columns || !l->names) return lus_fail_memory(err);
    for (size_t i = 0; i < l->n; i++) {
        struct lus_layout_column *c = &l->columns[i];
        *c = w->columns.at[i];
        l->names[i] = c->name;
        if (!c->n_labels) continue;
        struct lus_label *labels = lus_arena_alloc(&l->arena, c->n_labels, sizeof *labels);
        if (!labels) return lus_fail_memory(err);
        memcpy(labels, c->labels, c->n_labels * sizeof *labels);
        qsort(labels, c->n_labels, sizeof *labels, by_code);
        c->labels = labels;
    }
    return LUS_OK;
}

static void work_free(struct work *w)
{
    for (size_t i = 0; i < w->lists.n; i++)
        LUS_ARRAY_FREE(&w->lists.at[i].labels);
    LUS_ARRAY_FREE(&w->lists);
    LUS_ARRAY_FREE(&w->columns);
    LUS_ARRAY_FREE(&w->formats);
}

/* The first thing that is no blank and no mark. */
static char first_of(const struct lus_string *s)
{
    struct lus_text t = {s->n ? s->at : "", s->n};
    if (t.n > 3 && memcmp(t.p, "\xef\xbb\xbf", 3) == 0) t.p += 3, t.n -= 3;
    t = trimmed(t);
    return t.n ? *t.p : 0;
}

int lus_layout_read(const char *path, struct lus_layout *out, struct lus_error *err)
{
    *out = (struct lus_layout){0};
    struct lus_stream stream = {.fd = -1};
    struct lus_string text = {0};
    struct work w = {.layout = out};
    out->path = lus_arena_copy(&out->arena, path, strlen(path));
    int status = out->path ? lus_stream_open(&stream, path, NULL, err) : lus_fail_memory(err);
    if (status == LUS_OK) status = lus_stream_read_all(&stream, &text, err);
    lus_stream_close(&stream);
    if (status == LUS_OK && first_of(&text) == '[')
        status = read_dictionary(&w, (struct lus_text){text.at, text.n}) == LUS_OK
                     ? LUS_OK
                     : lus_fail_memory(err);
    else if (status == LUS_OK && text.n) status = read_program(&w, text.at, text.n, err);
    if (status == LUS_OK) status = take_columns(&w, err);
    work_free(&w);
    lus_string_free(&text);
    return status;
}

/* --- the text itself --- */

/* The label of a code; NULL where it has none. */
static const char *label_of(const struct lus_layout_column *c, const char *code)
{
    size_t low = 0, high = c->n_labels; /* the first that is not before it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(c->labels[middle].code, code) < 0) low = middle + 1;
        else high = middle;
    }
    bool is_there = low < c->n_labels && strcmp(c->labels[low].code, code) == 0;
    return is_there ? c->labels[low].label : NULL;
}

static void put_field(struct lus_string *out, struct lus_string *cell,
                      const struct lus_layout_column *c, struct lus_text text)
{
    cell->n = 0;
    lus_string_put(cell, "");
    lus_string_add(cell, text.p, text.n);
    if (cell->failed) return;
    const char *label = label_of(c, cell->at);
    lus_string_field(out, label ? label : cell->at, ',');
}

static void put_fixed(const struct lus_layout *l, struct lus_text line, struct lus_string *cell,
                      struct lus_string *out)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lus_layout_column *c = &l->columns[i];
        size_t start = c->start < line.n ? c->start : line.n, left = line.n - start;
        struct lus_text text = {line.p + start, c->width < left ? c->width : left};
        if (i) lus_string_put(out, ",");
        put_field(out, cell, c, trimmed(text));
    }
    lus_string_put(out, "\n");
}

/* The next field of a line with delimiters, out of its quotes; false behind the last. */
static bool next_field(struct lus_text *line, char delimiter, struct lus_string *cell,
                       bool *is_last)
{
    bool is_quoted = false;
    size_t i = 0;
    cell->n = 0;
    lus_string_put(cell, "");
    if (*is_last) return false;
    for (; i < line->n; i++) {
        char c = line->p[i];
        if (c == '"' && is_quoted && i + 1 < line->n && line->p[i + 1] == '"') i++;
        else if (c == '"') {
            is_quoted = !is_quoted;
            continue;
        } else if (c == delimiter && !is_quoted) break;
        lus_string_add(cell, &c, 1);
    }
    *is_last = i == line->n;
    line->p += i + !*is_last, line->n -= i + !*is_last;
    return true;
}

static int put_coded(const struct lus_layout *l, struct lus_text line, struct lus_string *cell,
                     struct lus_string *out, uint64_t number, const char *name,
                     struct lus_error *err)
{
    static const struct lus_layout_column none = {0};
    bool is_last = false;
    size_t n = 0;
    struct lus_string text = {0};
    for (; next_field(&line, l->delimiter ? l->delimiter : '\t', cell, &is_last); n++) {
        if (n) lus_string_put(out, ",");
        put_field(out, &text, n < l->n ? &l->columns[n] : &none,
                  trimmed((struct lus_text){cell->at, cell->n}));
    }
    lus_string_put(out, "\n");
    out->failed |= text.failed;
    lus_string_free(&text);
    if (n == l->n) return LUS_OK;
    return lus_fail(err, LUS_EDATA, "%s:%llu: %zu fields, %s names %zu", name,
                    (unsigned long long)number, n, l->path, l->n);
}

int lus_layout_apply(const struct lus_layout *l, struct lus_stream *stream, struct lus_error *err)
{
    struct lus_string all = {0}, out = {0}, cell = {0};
    if (!l->is_fixed && !l->has_labels) return LUS_OK;
    int status = lus_stream_read_all(stream, &all, err);
    struct lus_text left = {all.n ? all.at : "", all.n};
    for (uint64_t number = 1; status == LUS_OK && left.n; number++) {
        const char *newline = memchr(left.p, '\n', left.n);
        struct lus_text line = {left.p, newline ? (size_t)(newline - left.p) : left.n};
        left.p += line.n + (newline != NULL), left.n -= line.n + (newline != NULL);
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        if (memchr(line.p, 0, line.n))
            status = lus_fail(err, LUS_EDATA, "%s:%llu: a NUL byte; a text file is wanted",
                              stream->name, (unsigned long long)number);
        else if (!line.n || (number == 1 && l->has_header)) lus_string_put(&out, "\n");
        else if (l->is_fixed) put_fixed(l, line, &cell, &out);
        else status = put_coded(l, line, &cell, &out, number, stream->name, err);
    }
    if (status == LUS_OK && (out.failed || cell.failed)) status = lus_fail_memory(err);
    lus_string_free(&all);
    lus_string_free(&cell);
    if (status == LUS_OK) lus_stream_take_text(stream, &out);
    lus_string_free(&out);
    return status;
}

void lus_layout_free(struct lus_layout *l)
{
    lus_arena_free(&l->arena);
    *l = (struct lus_layout){0};
}
