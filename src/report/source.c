/* A source in pieces: Markdown, blocks that hold a command, and what stands in {{ }}. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/report.h"

struct splitting {
    struct lus_report *r;
    const char *at;
    size_t line;
    struct lus_string text; /* Markdown so far */
    size_t text_line;
    struct lus_error *err;
};

int lus_report_fail(const struct lus_report *r, size_t line, struct lus_error *err,
                    const char *format, ...)
{
    char message[512];
    va_list more;
    va_start(more, format);
    (void)vsnprintf(message, sizeof message, format, more);
    va_end(more);
    return lus_fail(err, LUS_EDATA, "%s:%zu: %s", r->path, line, message);
}

static const char *trimmed(struct lus_arena *arena, const char *p, size_t n)
{
    while (n && isspace((unsigned char)*p))
        p++, n--;
    while (n && isspace((unsigned char)p[n - 1]))
        n--;
    return lus_arena_copy(arena, p, n);
}

static int add_piece(struct splitting *s, struct lus_piece piece)
{
    struct lus_report *r = s->r;
    if (LUS_ARRAY_RESERVE(&r->pieces, 1) != LUS_OK) return lus_fail_memory(s->err);
    r->pieces.at[r->pieces.n++] = piece;
    return LUS_OK;
}

static int end_text(struct splitting *s)
{
    if (s->text.failed) return lus_fail_memory(s->err);
    if (!s->text.n) return LUS_OK;
    const char *text = lus_arena_copy(&s->r->arena, s->text.at, s->text.n);
    lus_string_free(&s->text);
    if (!text) return lus_fail_memory(s->err);
    return add_piece(s, (struct lus_piece){LUS_PIECE_TEXT, s->text_line, text, "", "", 0});
}

/* A command: run once, however often it stands there. */
static int add_run(struct splitting *s, const char *text, bool is_narrow, size_t *out)
{
    struct lus_report *r = s->r;
    for (size_t i = 0; i < r->runs.n; i++)
        if (r->runs.at[i].is_narrow == is_narrow && strcmp(r->runs.at[i].text, text) == 0) {
            *out = i;
            return LUS_OK;
        }
    if (LUS_ARRAY_RESERVE(&r->runs, 1) != LUS_OK) return lus_fail_memory(s->err);
    *out = r->runs.n;
    r->runs.at[r->runs.n++] = (struct lus_run){
        .text = text, .line = s->line, .is_narrow = is_narrow, .err = LUS_ERROR_INIT};
    return LUS_OK;
}

/* "command : what" of a value or an assertion; the last " : " parts them. */
static int add_asked(struct splitting *s, enum lus_piece_kind kind, const char *text)
{
    struct lus_arena *arena = &s->r->arena;
    const char *colon = NULL;
    for (const char *c = strstr(text, " : "); c; c = strstr(c + 1, " : "))
        colon = c;
    if (!colon)
        return lus_report_fail(s->r, s->line, s->err,
                               "{{command : column}} is wanted, as in {{rates women.csv --at 5y : "
                               "survival of 100}}, not {{%s}}",
                               text);
    struct lus_piece p = {kind,
                          s->line,
                          trimmed(arena, text, (size_t)(colon - text)),
                          trimmed(arena, colon + 3, strlen(colon + 3)),
                          "",
                          0};
    if (!p.text || !p.after) return lus_fail_memory(s->err);
    LUS_TRY(add_run(s, p.text, false, &p.run));
    return add_piece(s, p);
}

static int add_if(struct splitting *s, const char *text)
{
    struct lus_arena *arena = &s->r->arena;
    const char *has = strstr(text, " has ");
    if (!has)
        return lus_report_fail(s->r, s->line, s->err,
                               "{{if file has name}} is wanted, not {{if %s}}", text);
    struct lus_piece p = {LUS_PIECE_IF,
                          s->line,
                          trimmed(arena, text, (size_t)(has - text)),
                          trimmed(arena, has + 5, strlen(has + 5)),
                          "",
                          0};
    const char *command = p.text ? lus_arena_print(arena, "describe %s", p.text) : NULL;
    if (!p.after || !command) return lus_fail_memory(s->err);
    LUS_TRY(add_run(s, command, false, &p.run));
    return add_piece(s, p);
}

/* What stands between {{ and }}. */
static int add_braces(struct splitting *s, const char *text)
{
    static const struct {
        const char *word;
        enum lus_piece_kind kind;
    } words[] = {{"else", LUS_PIECE_ELSE},
                 {"end", LUS_PIECE_END},
                 {"box", LUS_PIECE_BOX},
                 {"glossary", LUS_PIECE_GLOSSARY}};
    LUS_TRY(end_text(s));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0)
            return add_piece(s, (struct lus_piece){words[i].kind, s->line, "", "", "", 0});
    if (strncmp(text, "if ", 3) == 0) return add_if(s, text + 3);
    if (strncmp(text, "sources ", 8) == 0)
        return add_piece(s, (struct lus_piece){LUS_PIECE_SOURCES, s->line, text + 8, "", "", 0});
    if (strncmp(text, "assert ", 7) == 0) return add_asked(s, LUS_PIECE_ASSERT, text + 7);
    return add_asked(s, LUS_PIECE_VALUE, text);
}

static void put_text(struct splitting *s, const char *p, size_t n)
{
    if (!s->text.n) s->text_line = s->line;
    lus_string_add(&s->text, p, n);
}

/* A line of Markdown; {{ in code spans is as it stands. */
static int split_line(struct splitting *s, const char *p, size_t n)
{
    bool is_code = false;
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '`') is_code = !is_code;
        if (is_code || i + 1 >= n || p[i] != '{' || p[i + 1] != '{') continue;
        const char *close = memmem(p + i + 2, n - i - 2, "}}", 2);
        if (!close) return lus_report_fail(s->r, s->line, s->err, "{{ has no }} on this line");
        const char *text = trimmed(&s->r->arena, p + i + 2, (size_t)(close - p) - i - 2);
        if (!text) return lus_fail_memory(s->err);
        put_text(s, p + from, i - from);
        LUS_TRY(add_braces(s, text));
        i = (size_t)(close - p) + 1;
        from = i + 1;
    }
    put_text(s, p + from, n - from);
    return LUS_OK;
}

static size_t line_length(const char *p)
{
    const char *end = strchr(p, '\n');
    return end ? (size_t)(end - p) + 1 : strlen(p);
}

static const char *next_line(struct splitting *s, size_t *n)
{
    const char *p = s->at;
    *n = line_length(p);
    s->at += *n;
    s->line++;
    return *n ? p : NULL;
}

static bool is_fence(const char *p)
{
    return strncmp(p + strspn(p, " "), "```", 3) == 0;
}

/* Charts that a phone shows drawn anew, in one column: all but those of cells, unless their width
 * is said. */
static bool has_width(const char *command)
{
    return strncmp(command, "plot ", 5) == 0 && strncmp(command, "plot heatmap ", 13) != 0 &&
           !strstr(command, "--width");
}

/* A fenced block whose word is lustrum: its lines are one command. */
static int split_block(struct splitting *s, const char *caption, size_t n_caption)
{
    struct lus_arena *arena = &s->r->arena;
    struct lus_string command = {0};
    struct lus_piece p = {.kind = LUS_PIECE_BLOCK, .line = s->line + 1, .after = ""};
    size_t n, ignored;
    const char *line;
    size_t first = s->line;
    LUS_TRY(end_text(s));
    while ((line = next_line(s, &n)) && !is_fence(line))
        lus_string_add(&command, line, n);
    if (!line) {
        lus_string_free(&command);
        return lus_report_fail(s->r, first, s->err, "the block is not closed by ```");
    }
    for (size_t i = 0; i < command.n; i++)
        if (command.at[i] == '\n' || command.at[i] == '\\') command.at[i] = ' ';
    p.text = command.failed ? NULL : trimmed(arena, command.at ? command.at : "", command.n);
    p.caption = trimmed(arena, caption, n_caption);
    lus_string_free(&command);
    if (!p.text || !p.caption) return lus_fail_memory(s->err);
    if (strncmp(p.text, "lustrum ", 8) == 0) p.text += 8;
    size_t end = s->line;
    s->line = p.line;
    LUS_TRY(add_run(s, p.text, false, &p.run));
    if (has_width(p.text)) LUS_TRY(add_run(s, p.text, true, &ignored));
    s->line = end;
    return add_piece(s, p);
}

/* A fenced block of another kind is as it stands. */
static void pass_block(struct splitting *s)
{
    size_t n;
    const char *line;
    while ((line = next_line(s, &n))) {
        put_text(s, line, n);
        if (is_fence(line)) return;
    }
}

/* The first heading is the title. */
static int take_title(struct splitting *s, const char *line, size_t n)
{
    if (s->r->title || n < 3 || line[0] != '#' || line[1] != ' ') return LUS_OK;
    s->r->title = trimmed(&s->r->arena, line + 2, n - 2);
    return s->r->title ? LUS_OK : lus_fail_memory(s->err);
}

static int split(struct splitting *s)
{
    size_t n;
    const char *line;
    while ((line = next_line(s, &n))) {
        size_t indent = strspn(line, " ");
        if (strncmp(line + indent, "<!--", 4) == 0) { /* remarks are not for readers */
            while (line && !memmem(line, n, "-->", 3))
                line = next_line(s, &n);
            continue;
        }
        if (is_fence(line)) {
            const char *word = line + indent + 3;
            if (strncmp(word, "lustrum", 7) == 0 && isspace((unsigned char)word[7])) {
                LUS_TRY(split_block(s, word + 7, (size_t)(line + n - word) - 7));
            } else {
                put_text(s, line, n);
                pass_block(s);
            }
            continue;
        }
        LUS_TRY(take_title(s, line, n));
        LUS_TRY(split_line(s, line, n));
    }
    return end_text(s);
}

int lus_source_split(struct lus_report *r, const char *text, struct lus_error *err)
{
    struct splitting s = {.r = r, .at = text, .err = err};
    int status = split(&s), depth = 0;
    lus_string_free(&s.text);
    for (size_t i = 0; i < r->pieces.n && status == LUS_OK; i++) {
        const struct lus_piece *p = &r->pieces.at[i];
        depth += p->kind == LUS_PIECE_IF || p->kind == LUS_PIECE_BOX;
        if (!depth && (p->kind == LUS_PIECE_END || p->kind == LUS_PIECE_ELSE))
            status = lus_report_fail(r, p->line, err, "nothing is open here: {{if}} or {{box}}");
        depth -= p->kind == LUS_PIECE_END;
    }
    if (status == LUS_OK && depth)
        status = lus_report_fail(r, s.line, err, "an {{if}} or {{box}} is not closed by {{end}}");
    return status;
}
