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

const struct lus_writer lus_writers[] = {
    {"text", false, lus_write_text},
    {"csv", true, write_csv},
    {"tsv", true, write_tsv},
    {"json", false, lus_write_json},
    {"markdown", false, lus_write_markdown},
    {"latex", false, lus_write_latex},
    {"html", false, lus_write_html},
    {NULL, false, NULL},
};

int lus_writer_find(const char *name, const struct lus_writer **out, struct lus_error *err)
{
    const struct lus_writer *w = lus_writers;
    while (name && w->name && strcmp(w->name, name) != 0)
        w++;
    *out = w;
    if (w->name) return LUS_OK;
    struct lus_string s = {0};
    lus_string_put(&s, "--format is ");
    for (w = lus_writers; w->name; w++)
        lus_string_print(&s, "%s%s", w == lus_writers ? "" : w[1].name ? ", " : " or ", w->name);
    lus_string_print(&s, ", not \"%s\"", name);
    return lus_fail_string(err, LUS_EUSAGE, &s);
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

int lus_document_write(const struct lus_document *d, const struct lus_writer *writer,
                       const char *table, bool has_color, char **out, size_t *n,
                       struct lus_error *err)
{
    struct lus_string s = {0};
    struct lus_writing how = {.has_color = has_color, .width = d->width ? d->width : 80};
    if (d->failed) return lus_fail_memory(err);
    LUS_TRY(find_table(d, table, &how.table, err));
    writer->write(&s, d, &how);
    if (s.failed) {
        lus_string_free(&s);
        return lus_fail_memory(err);
    }
    *out = s.at;
    *n = s.n;
    return LUS_OK;
}
