/* Markdown (GitHub's tables), LaTeX and HTML: the tables that people see. Each escapes in one
 * place. */
#include "present/present.h"

typedef void (*escape_fn)(struct lus_string *out, const char *text);

static void cell_of(struct lus_string *out, const struct lus_table *t, size_t row, size_t column,
                    escape_fn escape)
{
    struct lus_string cell = {0};
    lus_cell_for_people(&cell, t, row, column, "–");
    escape(out, cell.at ? cell.at : "");
    out->failed |= cell.failed;
    lus_string_free(&cell);
}

static void escape_markdown(struct lus_string *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\n' || *c == '\r') lus_string_put(out, " ");
        else if (*c == '<') lus_string_put(out, "&lt;");
        else if (*c == '&') lus_string_put(out, "&amp;");
        else {
            if (strchr("\\`*_{}[]>|#!~", *c)) lus_string_put(out, "\\");
            lus_string_add(out, c, 1);
        }
    }
}

void lus_write_markdown(struct lus_string *out, const struct lus_document *d,
                        const struct lus_writing *how)
{
    (void)how;
    if (d->title) {
        lus_string_put(out, "## ");
        escape_markdown(out, d->title);
        lus_string_put(out, "\n\n");
    }
    for (size_t i = 0; i < d->n_tables; i++) {
        const struct lus_table *t = d->tables[i];
        if (!t->title) continue;
        if (*t->title) {
            lus_string_put(out, "### ");
            escape_markdown(out, t->title);
            lus_string_put(out, "\n\n");
        }
        for (int line = 0; line < 2; line++) {
            lus_string_put(out, "|");
            for (size_t c = 0; c < t->n_columns; c++) {
                if (!lus_column_is_shown(t, c)) continue;
                if (line)
                    lus_string_put(out,
                                   t->columns[c].kind == LUS_COLUMN_TEXT ? " :-- |" : " --: |");
                else
                    lus_string_put(out, " "), escape_markdown(out, t->columns[c].header),
                        lus_string_put(out, " |");
            }
            lus_string_put(out, "\n");
        }
        for (size_t row = 0; row < t->n_rows; row++) {
            lus_string_put(out, "|");
            for (size_t c = 0; c < t->n_columns; c++) {
                if (!lus_column_is_shown(t, c)) continue;
                lus_string_put(out, " ");
                cell_of(out, t, row, c, escape_markdown);
                lus_string_put(out, " |");
            }
            lus_string_put(out, "\n");
        }
        lus_string_put(out, "\n");
    }
    for (size_t i = 0; i < d->n_notes; i++) {
        lus_string_put(out, "- ");
        escape_markdown(out, d->notes[i].text);
        lus_string_put(out, "\n");
    }
}

static void escape_latex(struct lus_string *out, const char *text)
{
    static const struct {
        char c;
        const char *written;
    } special[] = {{'\\', "\\textbackslash{}"},
                   {'~', "\\textasciitilde{}"},
                   {'^', "\\textasciicircum{}"},
                   {'&', "\\&"},
                   {'%', "\\%"},
                   {'$', "\\$"},
                   {'#', "\\#"},
                   {'_', "\\_"},
                   {'{', "\\{"},
                   {'}', "\\}"},
                   {'<', "\\textless{}"},
                   {'>', "\\textgreater{}"},
                   {'\n', " "},
                   {'\r', " "}};
    for (const char *c = text; *c; c++) {
        const char *written = NULL;
        for (size_t i = 0; i < sizeof special / sizeof *special && !written; i++)
            if (*c == special[i].c) written = special[i].written;
        if (written) lus_string_put(out, written);
        /* behind the end of a row, LaTeX takes them for what belongs to it */
        else if (c == text && (*c == '[' || *c == '*')) lus_string_print(out, "{%c}", *c);
        else lus_string_add(out, c, 1);
    }
}

static void latex_row(struct lus_string *out, const struct lus_table *t, size_t row, bool is_header)
{
    for (size_t c = 0, shown = 0; c < t->n_columns; c++) {
        if (!lus_column_is_shown(t, c)) continue;
        lus_string_put(out, shown++ ? " & " : "");
        if (is_header) escape_latex(out, t->columns[c].header);
        else cell_of(out, t, row, c, escape_latex);
    }
    lus_string_put(out, " \\\\\n");
}

void lus_write_latex(struct lus_string *out, const struct lus_document *d,
                     const struct lus_writing *how)
{
    (void)how;
    for (size_t i = 0; i < d->n_tables; i++) {
        const struct lus_table *t = d->tables[i];
        if (!t->title) continue;
        lus_string_put(out, "\\begin{table}\n\\caption{");
        escape_latex(out, *t->title ? t->title : d->title ? d->title : t->name);
        lus_string_put(out, "}\n\\begin{tabular}{");
        for (size_t c = 0; c < t->n_columns; c++)
            if (lus_column_is_shown(t, c))
                lus_string_put(out, t->columns[c].kind == LUS_COLUMN_TEXT ? "l" : "r");
        lus_string_put(out, "}\n\\hline\n");
        latex_row(out, t, 0, true);
        lus_string_put(out, "\\hline\n");
        for (size_t row = 0; row < t->n_rows; row++)
            latex_row(out, t, row, false);
        lus_string_put(out, "\\hline\n\\end{tabular}\n\\end{table}\n");
    }
    for (size_t i = 0; i < d->n_notes; i++) {
        lus_string_put(out, "\\par ");
        escape_latex(out, d->notes[i].text);
        lus_string_put(out, "\n");
    }
}

void lus_escape_html(struct lus_string *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        const char *written = *c == '<'    ? "&lt;"
                              : *c == '>'  ? "&gt;"
                              : *c == '&'  ? "&amp;"
                              : *c == '"'  ? "&quot;"
                              : *c == '\'' ? "&#39;"
                                           : NULL;
        if (written) lus_string_put(out, written);
        else if ((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t') lus_string_add(out, c, 1);
    }
}

static void html_table(struct lus_string *out, const struct lus_document *d,
                       const struct lus_table *t)
{
    lus_string_put(out, "<table>\n");
    if (*t->title || d->title) {
        lus_string_put(out, "<caption>");
        lus_escape_html(out, *t->title ? t->title : d->title);
        lus_string_put(out, "</caption>\n");
    }
    lus_string_put(out, "<thead><tr>");
    for (size_t c = 0; c < t->n_columns; c++) {
        if (!lus_column_is_shown(t, c)) continue;
        lus_string_put(out, t->columns[c].kind == LUS_COLUMN_TEXT
                                ? "<th scope=\"col\">"
                                : "<th scope=\"col\" class=\"number\">");
        lus_escape_html(out, t->columns[c].header);
        lus_string_put(out, "</th>");
    }
    lus_string_put(out, "</tr></thead>\n<tbody>\n");
    for (size_t row = 0; row < t->n_rows; row++) {
        lus_string_put(out, "<tr>");
        for (size_t c = 0; c < t->n_columns; c++) {
            if (!lus_column_is_shown(t, c)) continue;
            lus_string_put(out, t->columns[c].kind == LUS_COLUMN_TEXT ? "<td>"
                                                                      : "<td class=\"number\">");
            cell_of(out, t, row, c, lus_escape_html);
            lus_string_put(out, "</td>");
        }
        lus_string_put(out, "</tr>\n");
    }
    lus_string_put(out, "</tbody>\n</table>\n");
}

void lus_write_html(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how)
{
    (void)how;
    lus_string_put(out, "<section class=\"lustrum\">\n");
    for (size_t i = 0; i < d->n_tables; i++)
        if (d->tables[i]->title) html_table(out, d, d->tables[i]);
    if (d->n_notes) {
        lus_string_put(out, "<ul class=\"notes\">\n");
        for (size_t i = 0; i < d->n_notes; i++) {
            lus_string_put(out, "<li>");
            lus_escape_html(out, d->notes[i].text);
            lus_string_put(out, "</li>\n");
        }
        lus_string_put(out, "</ul>\n");
    }
    lus_string_put(out, "</section>\n");
}
