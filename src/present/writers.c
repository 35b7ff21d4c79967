/* The formats: a row each. */
#include "present/present.h"

static void write_csv(struct lus_string *out, const struct lus_document *d,
                      const struct lus_writing *how)
{
    (void)d;
    lus_write_separated(out, how->table, ',');
}

static void write_tsv(struct lus_string *out, const struct lus_document *d,
                      const struct lus_writing *how)
{
    (void)d;
    lus_write_separated(out, how->table, '\t');
}

static const struct {
    const char *name;
    bool is_one_table; /* without notes */
    void (*write)(struct lus_string *out, const struct lus_document *d,
                  const struct lus_writing *how);
} formats[] = {[LUS_FORMAT_TEXT] = {"text", false, lus_write_text},
               [LUS_FORMAT_CSV] = {"csv", true, write_csv},
               [LUS_FORMAT_TSV] = {"tsv", true, write_tsv},
               [LUS_FORMAT_JSON] = {"json", false, lus_write_json},
               [LUS_FORMAT_MARKDOWN] = {"markdown", false, lus_write_markdown},
               [LUS_FORMAT_LATEX] = {"latex", false, lus_write_latex},
               [LUS_FORMAT_HTML] = {"html", false, lus_write_html}};

enum { N_FORMATS = sizeof formats / sizeof *formats };

int lus_format_parse(const char *name, enum lus_format_name *out, struct lus_error *err)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (strcmp(name, formats[i].name) == 0) {
            *out = (enum lus_format_name)i;
            return LUS_OK;
        }
    struct lus_string s = {0};
    lus_string_put(&s, "--format is ");
    for (size_t i = 0; i < N_FORMATS; i++)
        lus_string_print(&s, "%s%s", formats[i].name,
                         i + 2 < N_FORMATS   ? ", "
                         : i + 1 < N_FORMATS ? " or "
                                             : "");
    lus_string_print(&s, ", not \"%s\"", name);
    return lus_fail_string(err, LUS_EUSAGE, &s);
}

bool lus_format_is_one_table(enum lus_format_name format)
{
    return formats[format].is_one_table;
}

static int find_table(const struct lus_document *d, const char *name, const struct lus_table **out,
                      struct lus_error *err)
{
    *out = name ? lus_document_find(d, name) : d->n_tables ? d->tables[0] : NULL;
    if (*out) return LUS_OK;
    struct lus_string s = {0};
    lus_string_print(&s, "no table \"%s\"; there are ", name ? name : "");
    for (size_t i = 0; i < d->n_tables; i++)
        lus_string_print(&s, "%s%s", i ? ", " : "", d->tables[i]->name);
    lus_string_put(&s, d->n_tables ? "" : "none");
    return lus_fail_string(err, LUS_EUSAGE, &s);
}

int lus_document_write(const struct lus_document *d, enum lus_format_name format, const char *table,
                       bool has_color, char **out, size_t *n, struct lus_error *err)
{
    struct lus_string s = {0};
    struct lus_writing how = {.has_color = has_color};
    if (d->failed) return lus_fail_memory(err);
    LUS_TRY(find_table(d, table, &how.table, err));
    formats[format].write(&s, d, &how);
    if (s.failed) {
        lus_string_free(&s);
        return lus_fail_memory(err);
    }
    *out = s.at;
    *n = s.n;
    return LUS_OK;
}
