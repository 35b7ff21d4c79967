#include "people/join.h"

#include <stdlib.h>

#include "support/dictionary.h"

/* The other table: its rows by the codes of their keys. */
struct other {
    struct lus_reader reader;
    struct lus_dictionary keys;
    LUS_ARRAY(struct lus_text *) rows; /* by code: the cells; NULL where there is none */
    LUS_ARRAY(bool) is_used;
    struct lus_arena arena;
    size_t by; /* the column */
    enum lus_join_keep keep;
    size_t n_again; /* rows of a key that had one */
};

struct joining {
    struct other *other;
    const struct lus_header *header; /* of the file's own */
    size_t by;
    struct lus_string out;
    size_t n_rows, n_without;
};

static void keep_all(struct lus_header *header)
{
    for (size_t i = 0; i < header->n; i++)
        (void)lus_header_keep(header, i);
}

static int check_ragged(const struct lus_batch *batch, size_t n, struct lus_error *err)
{
    if (!batch->fields->ragged.n) return LUS_OK;
    const struct lus_ragged *r = &batch->fields->ragged.at[0];
    return lus_fail(err, LUS_EDATA, "%s:%llu: %zu fields, the header has %zu", batch->file,
                    (unsigned long long)lus_batch_line(batch, r->row), r->n_columns, n);
}

/* --- the other table --- */

static int copy_row(struct other *o, const struct lus_fields *fields, size_t row,
                    struct lus_text **out)
{
    const struct lus_header *h = o->reader.header;
    *out = lus_arena_alloc(&o->arena, h->n + 1, sizeof **out);
    if (!*out) return LUS_ENOMEM;
    for (size_t c = 0; c < h->n; c++) {
        struct lus_text text = lus_field_at(fields, h->field_of[c], row);
        char *copy = lus_arena_copy(&o->arena, text.p, text.n);
        if (!copy) return LUS_ENOMEM;
        (*out)[c] = (struct lus_text){copy, text.n};
    }
    return LUS_OK;
}

static int take_other_row(struct other *o, const struct lus_fields *fields, size_t row)
{
    struct lus_text key = lus_field_at(fields, o->reader.header->field_of[o->by], row);
    uint32_t code;
    if (!key.n) return LUS_OK;
    LUS_TRY(lus_dictionary_code(&o->keys, key, &code));
    while (o->rows.n <= code) {
        LUS_TRY(LUS_ARRAY_RESERVE(&o->rows, 1));
        LUS_TRY(LUS_ARRAY_RESERVE(&o->is_used, 1));
        o->is_used.at[o->is_used.n++] = false;
        o->rows.at[o->rows.n++] = NULL;
    }
    bool is_again = o->rows.at[code] != NULL;
    o->n_again += is_again;
    return is_again && o->keep != LUS_JOIN_LAST ? LUS_OK
                                                : copy_row(o, fields, row, &o->rows.at[code]);
}

static int take_other(void *context, int thread, const struct lus_batch *batch,
                      struct lus_error *err)
{
    struct other *o = context;
    (void)thread;
    LUS_TRY(check_ragged(batch, o->reader.header->n, err));
    for (size_t row = 0; row < batch->fields->n; row++)
        if (take_other_row(o, batch->fields, row) != LUS_OK) return lus_fail_memory(err);
    return LUS_OK;
}

static int read_other(struct other *o, const char *path, const char *by,
                      const struct lus_format *like, struct lus_error *err)
{
    const struct lus_scan alone = {.n_threads = 1};
    const struct lus_format format = {.encoding = like->encoding};
    uint64_t n_rows;
    LUS_TRY(lus_reader_open(&o->reader, &path, 1, &format, 0, err));
    LUS_TRY(lus_header_find(o->reader.header, by, NULL, 0, &o->by, err));
    if (lus_dictionary_init(&o->keys, NULL, 0) != LUS_OK) return lus_fail_memory(err);
    keep_all(o->reader.header);
    LUS_TRY(lus_reader_scan(&o->reader, &alone, take_other, o, &n_rows, err));
    if (o->n_again && o->keep == LUS_JOIN_ONE)
        return lus_fail(err, LUS_EDATA,
                        "%s: %zu times a %s comes again; which row counts? `keep: first` or "
                        "`keep: last` in the recipe's join",
                        path, o->n_again, by);
    return LUS_OK;
}

static void free_other(struct other *o)
{
    lus_reader_close(&o->reader);
    lus_dictionary_free(&o->keys);
    LUS_ARRAY_FREE(&o->rows);
    LUS_ARRAY_FREE(&o->is_used);
    lus_arena_free(&o->arena);
}

/* --- the joined rows --- */

static bool has_name(const struct lus_header *h, const char *name)
{
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->names[i], name) == 0) return true;
    return false;
}

/* The file's own columns, then the other's but the key; a name that both have is the file's. */
static void put_header(struct joining *j)
{
    const struct lus_header *own = j->header, *other = j->other->reader.header;
    for (size_t i = 0; i < own->n; i++)
        lus_cell_put(&j->out, i == 0, own->names[i], strlen(own->names[i]));
    for (size_t i = 0; i < other->n; i++) {
        if (i == j->other->by) continue;
        struct lus_string name = {0};
        lus_string_print(&name, "%s%s", other->names[i],
                         has_name(own, other->names[i]) ? " (joined)" : "");
        lus_cell_put(&j->out, false, name.failed ? "" : name.at, name.n);
        j->out.failed |= name.failed;
        lus_string_free(&name);
    }
    lus_string_put(&j->out, "\n");
}

static void put_row(struct joining *j, const struct lus_fields *fields, size_t row)
{
    struct other *o = j->other;
    struct lus_text key = lus_field_at(fields, j->header->field_of[j->by], row);
    uint32_t code = 0;
    for (size_t i = 0; i < j->header->n; i++) {
        struct lus_text text = lus_field_at(fields, j->header->field_of[i], row);
        lus_cell_put(&j->out, i == 0, text.p, text.n);
    }
    if (lus_dictionary_code(&o->keys, key, &code) != LUS_OK) j->out.failed = true;
    const struct lus_text *found = code < o->rows.n ? o->rows.at[code] : NULL;
    if (found) o->is_used.at[code] = true;
    else j->n_without++;
    for (size_t i = 0; i < o->reader.header->n; i++)
        if (i != o->by)
            lus_cell_put(&j->out, false, found ? found[i].p : "", found ? found[i].n : 0);
    lus_string_put(&j->out, "\n");
    j->n_rows++;
}

static int take_own(void *context, int thread, const struct lus_batch *batch, struct lus_error *err)
{
    struct joining *j = context;
    (void)thread;
    LUS_TRY(check_ragged(batch, j->header->n, err));
    for (size_t row = 0; row < batch->fields->n; row++) {
        uint64_t line = lus_batch_line(batch, row);
        /* blank lines keep the numbers of lines that messages tell, of one file */
        while (!j->n_rows && lus_count_lines(j->out.at, j->out.n) + 1 < line && !j->out.failed &&
               batch->first_row == 0 && row == 0)
            lus_string_put(&j->out, "\n");
        put_row(j, batch->fields, row);
    }
    return j->out.failed ? lus_fail_memory(err) : LUS_OK;
}

static void put_note(struct lus_string *notes, const struct joining *j, const char *path,
                     const char *by)
{
    size_t n_unused = 0;
    for (size_t i = 1; i < j->other->rows.n; i++)
        n_unused += j->other->rows.at[i] && !j->other->is_used.at[i];
    lus_string_print(notes, "Joined to %s by %s: %zu rows", path, by, j->n_rows);
    if (j->n_without) lus_string_print(notes, ", %zu of them without one there", j->n_without);
    if (n_unused)
        lus_string_print(notes, "; %zu there %s of nobody here", n_unused,
                         n_unused == 1 ? "is" : "are");
    if (j->other->n_again)
        lus_string_print(notes, "; %zu that come again there are left out", j->other->n_again);
    lus_string_put(notes, ". ");
}

int lus_files_join(struct lus_files *files, const char *path, const char *by,
                   enum lus_join_keep keep, const struct lus_format *format, struct lus_error *err)
{
    struct other other = {.keep = keep};
    struct joining j = {.other = &other, .header = files->reader.header};
    const struct lus_scan alone = {.n_threads = 1};
    struct lus_string notes = {0};
    uint64_t n_rows;
    int status = lus_header_find(j.header, by, NULL, 0, &j.by, err);
    if (status == LUS_OK) status = read_other(&other, path, by, format, err);
    if (status == LUS_OK) {
        keep_all(files->reader.header);
        put_header(&j);
        status = lus_reader_scan(&files->reader, &alone, take_own, &j, &n_rows, err);
    }
    lus_string_put(&notes, files->reader.header ? files->reader.header->notes : "");
    put_note(&notes, &j, path, by);
    if (status == LUS_OK && (notes.failed || j.out.failed)) status = lus_fail_memory(err);
    if (status == LUS_OK) status = lus_reader_replace(&files->reader, &j.out, &notes, err);
    lus_string_free(&j.out), lus_string_free(&notes);
    free_other(&other);
    return status;
}
