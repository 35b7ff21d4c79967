/* The page: Markdown with a mark for each table and chart, made to HTML by cmark, put into the
 * frame. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <ctype.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

#include "present/present.h"
#include "report/report.h"

extern const char lus_report_frame[];

struct page {
    struct lus_report *r;
    struct lus_string markdown, contents, body;
    struct lus_string parts; /* HTML that goes in behind cmark, one behind the other */
    LUS_ARRAY(size_t) ends;  /* where each part ends */
    size_t n_figures, n_tables;
    struct lus_error *err;
};

/* --- tables and charts --- */

static void put_data_link(struct lus_string *out, const struct lus_run *run, const char *name)
{
    struct lus_string code = {0};
    char encoded[BASE64_ENCODE_RAW_LENGTH(3072) + 1];
    for (size_t at = 0; at < run->n_csv; at += 3072) { /* a multiple of 3: pieces join */
        size_t n = run->n_csv - at < 3072 ? run->n_csv - at : 3072;
        base64_encode_raw(encoded, n, (const uint8_t *)run->csv + at);
        lus_string_add(&code, encoded, BASE64_ENCODE_RAW_LENGTH(n));
    }
    lus_string_print(out, "<p><a download=\"%s.csv\" href=\"data:text/csv;base64,", name);
    lus_string_add(out, code.at ? code.at : "", code.n);
    lus_string_put(out, "\">The numbers as CSV</a></p>\n");
    out->failed |= code.failed;
    lus_string_free(&code);
}

static void put_command(struct lus_string *out, const struct lus_run *run)
{
    lus_string_put(out, "<pre><code>lustrum ");
    lus_escape_html(out, run->text);
    lus_string_put(out, "</code></pre>\n");
}

static const struct lus_run *narrow_of(const struct lus_report *r, const struct lus_run *run)
{
    for (size_t i = 0; i < r->runs.n; i++)
        if (r->runs.at[i].is_narrow && strcmp(r->runs.at[i].text, run->text) == 0)
            return &r->runs.at[i];
    return NULL;
}

/* An SVG from its first element on. */
static void put_svg(struct lus_string *out, const struct lus_run *run)
{
    const char *svg = memmem(run->bytes, run->n, "<svg", 4);
    if (svg) lus_string_add(out, svg, run->n - (size_t)(svg - run->bytes));
}

static void put_chart(struct page *p, const struct lus_piece *piece, const struct lus_run *run)
{
    struct lus_string *out = &p->parts;
    const struct lus_run *narrow = narrow_of(p->r, run);
    char name[32];
    (void)snprintf(name, sizeof name, "figure-%zu", ++p->n_figures);
    lus_string_print(out, "<figure id=\"%s\">\n<div class=\"chart%s\">\n", name,
                     narrow ? " wide" : "");
    put_svg(out, run);
    lus_string_put(out, "</div>\n");
    if (narrow) {
        lus_string_put(out, "<div class=\"chart narrow\">\n");
        put_svg(out, narrow);
        lus_string_put(out, "</div>\n");
    }
    lus_string_print(out, "<figcaption><b>Figure %zu.</b> ", p->n_figures);
    lus_escape_html(out, *piece->caption ? piece->caption : run->result.drawing->title);
    lus_string_put(out,
                   "</figcaption>\n<details><summary>In words, command and data</summary>\n<p>");
    lus_escape_html(out, run->result.drawing->summary);
    lus_string_put(out, "</p>\n");
    put_command(out, run);
    put_data_link(out, run, name);
    lus_string_put(out, "</details>\n</figure>\n");
}

static void put_table(struct page *p, const struct lus_piece *piece, const struct lus_run *run)
{
    static const char NOTES[] = "<ul class=\"notes\">", END[] = "</section>";
    struct lus_string *out = &p->parts;
    char name[32];
    (void)snprintf(name, sizeof name, "table-%zu", ++p->n_tables);
    lus_string_print(out, "<figure id=\"%s\">\n<figcaption><b>Table %zu.</b> ", name, p->n_tables);
    lus_escape_html(out, *piece->caption ? piece->caption : run->text);
    lus_string_put(out, "</figcaption>\n");
    lus_report_open_scroll(out, "table", p->n_tables);
    const char *notes = memmem(run->bytes, run->n, NOTES, sizeof NOTES - 1),
               *begin = memmem(run->bytes, run->n, "<table", 6);
    const char *end = memmem(run->bytes, run->n, END, sizeof END - 1);
    if (!end) end = run->bytes + run->n;
    const char *stop = notes ? notes : end;
    if (begin && begin < stop) lus_string_add(out, begin, (size_t)(stop - begin));
    lus_string_put(out, "</div>\n<details><summary>Notes, command and data</summary>\n");
    if (notes) lus_string_add(out, notes, (size_t)(end - notes));
    put_command(out, run);
    put_data_link(out, run, name);
    lus_string_put(out, "</details>\n</figure>\n");
}

/* A mark in the Markdown for the part that was just written. */
static int mark_part(struct page *p)
{
    if (LUS_ARRAY_RESERVE(&p->ends, 1) != LUS_OK) return lus_fail_memory(p->err);
    lus_string_print(&p->markdown, "\n\n<!--part:%zu-->\n\n", p->ends.n);
    p->ends.at[p->ends.n++] = p->parts.n;
    return LUS_OK;
}

/* --- pieces to Markdown --- */

static int put_piece(struct page *p, const struct lus_piece *piece)
{
    struct lus_report *r = p->r;
    const struct lus_run *run = r->runs.n ? &r->runs.at[piece->run] : NULL;
    const char *value = "";
    switch (piece->kind) {
    case LUS_PIECE_TEXT: lus_string_put(&p->markdown, piece->text); return LUS_OK;
    case LUS_PIECE_BLOCK:
        if (r->is_markdown)
            return lus_report_block_markdown(r, &p->markdown, piece,
                                             p->n_tables += !run->result.drawing, p->err);
        if (run->result.drawing) put_chart(p, piece, run);
        else put_table(p, piece, run);
        return mark_part(p);
    case LUS_PIECE_VALUE:
        LUS_TRY(lus_report_value(r, piece, &value, p->err));
        if (r->is_markdown) lus_string_put(&p->markdown, value);
        else lus_escape_html(&p->markdown, value);
        return LUS_OK;
    case LUS_PIECE_ASSERT: return lus_report_assert(r, piece, p->err);
    case LUS_PIECE_BOX:
        lus_string_put(&p->markdown,
                       r->is_markdown ? "\n\n---\n\n" : "\n\n<aside class=\"box\">\n\n");
        return LUS_OK;
    case LUS_PIECE_GLOSSARY: return lus_report_glossary(r, &p->markdown, p->err);
    case LUS_PIECE_SOURCES:
        if (r->is_markdown) return lus_report_sources(r, piece, &p->markdown, p->err);
        LUS_TRY(lus_report_sources(r, piece, &p->parts, p->err));
        return mark_part(p);
    case LUS_PIECE_IF:
    case LUS_PIECE_ELSE:
    case LUS_PIECE_END: break;
    }
    return LUS_OK;
}

/* What is open: a box, or an if of which this part counts or does not. */
enum open { OPEN_BOX, OPEN_SAID, OPEN_UNSAID };
enum { MOST_OPEN = 32 };

static bool is_said(const enum open *open, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (open[i] == OPEN_UNSAID) return false;
    return true;
}

static int put_pieces(struct page *p)
{
    enum open open[MOST_OPEN];
    size_t n = 0;
    for (size_t i = 0; i < p->r->pieces.n; i++) {
        const struct lus_piece *piece = &p->r->pieces.at[i];
        bool opens = piece->kind == LUS_PIECE_IF || piece->kind == LUS_PIECE_BOX;
        if (opens && n == MOST_OPEN)
            return lus_report_fail(p->r, piece->line, p->err, "more than %d are open", MOST_OPEN);
        if (is_said(open, n)) LUS_TRY(put_piece(p, piece));
        if (piece->kind == LUS_PIECE_IF)
            open[n++] = lus_report_has(p->r, piece) ? OPEN_SAID : OPEN_UNSAID;
        if (piece->kind == LUS_PIECE_BOX) open[n++] = OPEN_BOX;
        if (piece->kind == LUS_PIECE_ELSE && open[n - 1] != OPEN_BOX)
            open[n - 1] = open[n - 1] == OPEN_SAID ? OPEN_UNSAID : OPEN_SAID;
        if (piece->kind == LUS_PIECE_END && open[--n] == OPEN_BOX && is_said(open, n))
            lus_string_put(&p->markdown, p->r->is_markdown ? "\n\n---\n\n" : "\n\n</aside>\n\n");
    }
    return p->markdown.failed || p->parts.failed ? lus_fail_memory(p->err) : LUS_OK;
}

/* --- headings --- */

static void put_id(struct lus_string *out, const char *p, size_t n)
{
    bool gap = false;
    size_t before = out->n;
    for (size_t i = 0; i < n; i++) {
        char c = (char)tolower((unsigned char)p[i]);
        if (isalnum((unsigned char)c)) {
            if (gap && out->n > before) lus_string_put(out, "-");
            lus_string_add(out, &c, 1);
            gap = false;
        } else {
            gap = true;
        }
    }
}

/* Gives the headings of the second and third order a name, and lists the second. */
static void name_headings(struct page *p, struct lus_string *out)
{
    bool is_fenced = false;
    for (const char *line = p->markdown.at; line && *line;) {
        const char *end = strchr(line, '\n');
        size_t n = end ? (size_t)(end - line) + 1 : strlen(line), level = strspn(line, "#");
        if (strncmp(line, "```", 3) == 0) is_fenced = !is_fenced;
        if (!is_fenced && (level == 2 || level == 3) && line[level] == ' ') {
            const char *title = line + level + 1;
            size_t n_title = n - level - 1 - (end != NULL);
            lus_string_print(out, "%.*s <a id=\"", (int)level, line);
            put_id(out, title, n_title);
            lus_string_print(out, "\"></a>%.*s\n", (int)n_title, title);
            if (level == 2) {
                lus_string_put(&p->contents, "<li><a href=\"#");
                put_id(&p->contents, title, n_title);
                lus_string_put(&p->contents, "\">");
                char *plain = strndup(title, n_title);
                if (plain) lus_escape_html(&p->contents, plain);
                else p->contents.failed = true;
                free(plain);
                lus_string_put(&p->contents, "</a></li>\n");
            }
        } else {
            lus_string_add(out, line, n);
        }
        line += n;
    }
}

/* --- HTML --- */

static char *render(const char *markdown)
{
    enum { OPTIONS = CMARK_OPT_UNSAFE | CMARK_OPT_SMART };
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    cmark_syntax_extension *tables = cmark_find_syntax_extension("table");
    if (tables) cmark_parser_attach_syntax_extension(parser, tables);
    cmark_parser_feed(parser, markdown, strlen(markdown));
    cmark_node *root = cmark_parser_finish(parser);
    char *html = cmark_render_html(root, OPTIONS, cmark_parser_get_syntax_extensions(parser));
    cmark_node_free(root);
    cmark_parser_free(parser);
    return html;
}

/* The body with its parts in their places; the contents stand before the first heading of the
 * second order. */
static void put_body(struct page *p, const char *html)
{
    static const char MARK[] = "<!--part:", TABLE[] = "<table>", END[] = "</table>";
    size_t n_tables = 0; /* of the text */
    const char *first = strstr(html, "<h2>");
    for (const char *c = html; *c;) {
        if (c == first && p->contents.n) {
            lus_string_put(&p->body, "<nav aria-label=\"contents\"><h2>Contents</h2>\n<ol>\n");
            lus_string_add(&p->body, p->contents.at, p->contents.n);
            lus_string_put(&p->body, "</ol></nav>\n");
            first = NULL;
        }
        if (strncmp(c, MARK, sizeof MARK - 1) == 0) {
            char *end;
            size_t i = strtoul(c + sizeof MARK - 1, &end, 10);
            size_t from = i ? p->ends.at[i - 1] : 0;
            lus_string_add(&p->body, p->parts.at + from, p->ends.at[i] - from);
            c = end + strlen("-->");
        } else if (strncmp(c, TABLE, sizeof TABLE - 1) == 0) {
            lus_report_open_scroll(&p->body, "table of the text", ++n_tables);
            lus_string_put(&p->body, TABLE);
            c += sizeof TABLE - 1;
        } else if (strncmp(c, END, sizeof END - 1) == 0) {
            lus_string_put(&p->body, "</table></div>");
            c += sizeof END - 1;
        } else {
            size_t n = strcspn(c + 1, "<") + 1;
            lus_string_add(&p->body, c, n);
            c += n;
        }
    }
}

static bool is_synthetic(const struct lus_report *r)
{
    for (size_t i = 0; i < r->runs.n; i++)
        if (r->runs.at[i].result.document.is_synthetic) return true;
    return false;
}

/* Each source of numbers once. */
static void put_colophon(const struct lus_report *r, struct lus_string *out)
{
    const char *item = r->is_markdown ? "- " : "<li>", *end = r->is_markdown ? ".\n" : ".</li>\n";
    lus_string_put(out, r->is_markdown ? "" : "<ul>\n");
    for (size_t i = 0; i < r->runs.n; i++) {
        const char *from = r->runs.at[i].result.document.provenance;
        const char *by = from ? strstr(from, ", by lustrum") : NULL;
        bool is_told = !by;
        for (size_t k = 0; k < i && !is_told; k++) {
            const char *other = r->runs.at[k].result.document.provenance;
            is_told = other && strncmp(other, from, (size_t)(by - from)) == 0 &&
                      strncmp(other + (by - from), ", by", 4) == 0;
        }
        if (is_told) continue;
        char *text = strndup(from, (size_t)(by - from));
        lus_string_put(out, item);
        if (text) lus_escape_html(out, text);
        else out->failed = true;
        lus_string_put(out, end);
        free(text);
    }
    if (!r->is_markdown)
        lus_string_put(out,
                       "</ul>\n<p>How each number is defined stands in the manual of the command "
                       "below it. The page is one file: it asks for nothing from outside.</p>\n");
}

static void fill_frame(const struct page *p, struct lus_string *out)
{
    static const char BANNER[] =
        "<p class=\"banner\"><strong>SYNTHETIC.</strong> The people in this report were made by a "
        "computer model. Nobody is behind them, and their rates are no evidence.</p>\n";
    for (const char *c = lus_report_frame; *c;) {
        size_t n = strcspn(c, "@");
        lus_string_add(out, c, n);
        c += n;
        if (strncmp(c, "@TITLE@", 7) == 0) {
            lus_escape_html(out, p->r->title ? p->r->title : p->r->path), c += 7;
        } else if (strncmp(c, "@BANNER@", 8) == 0) {
            lus_string_put(out, is_synthetic(p->r) ? BANNER : ""), c += 8;
        } else if (strncmp(c, "@BODY@", 6) == 0) {
            lus_string_add(out, p->body.at ? p->body.at : "", p->body.n), c += 6;
        } else if (strncmp(c, "@COLOPHON@", 10) == 0) {
            put_colophon(p->r, out), c += 10;
        } else if (strncmp(c, "@VERSION@", 9) == 0) {
            lus_string_put(out, LUS_VERSION), c += 9;
        } else if (*c) {
            lus_string_add(out, c++, 1);
        }
    }
}

static void put_html(struct page *p, struct lus_string *named, struct lus_string *out)
{
    name_headings(p, named);
    char *html = named->failed ? NULL : render(named->at ? named->at : "");
    if (html) put_body(p, html);
    else out->failed = true;
    free(html);
    fill_frame(p, out);
}

/* As it is, with the banner above and where the numbers are from below. */
static void put_markdown(const struct page *p, struct lus_string *out)
{
    if (is_synthetic(p->r))
        lus_string_put(out, "> **SYNTHETIC.** The people in this report were made by a computer "
                            "model. Nobody is behind them, and their rates are no evidence.\n\n");
    size_t n_ends = 0; /* of lines, one after the other: two are enough */
    for (const char *c = p->markdown.at; c && *c; c++) {
        n_ends = *c == '\n' ? n_ends + 1 : *c == ' ' && n_ends ? n_ends : 0;
        if (n_ends <= 2) lus_string_add(out, c, 1);
    }
    lus_string_put(out, "\n\n---\n\nStatistics of populations, never advice to a person.\n\n");
    put_colophon(p->r, out);
}

int lus_report_page(struct lus_report *r, struct lus_string *out, struct lus_error *err)
{
    struct page p = {.r = r, .err = err};
    struct lus_string named = {0};
    int status = put_pieces(&p);
    if (status == LUS_OK && r->is_markdown) {
        put_markdown(&p, out);
    } else if (status == LUS_OK) {
        put_html(&p, &named, out);
    }
    if (status == LUS_OK && (named.failed || p.contents.failed || p.body.failed || out->failed))
        status = lus_fail_memory(err);
    lus_string_free(&named), lus_string_free(&p.markdown), lus_string_free(&p.contents);
    lus_string_free(&p.body), lus_string_free(&p.parts);
    free(p.ends.at);
    return status;
}
