#include "read/reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "read/scan.h"

int lus_reader_open(struct lus_reader *reader, const char *const *paths, size_t n,
                    const struct lus_format *format, size_t block_bytes, struct lus_error *err)
{
    *reader = (struct lus_reader){.source = lus_alloc_zeroed(1, sizeof *reader->source)};
    if (!reader->source) return lus_fail_memory(err);
    reader->header = &reader->source->header;
    return lus_source_open(reader->source, paths, n, format, block_bytes, err);
}

int lus_reader_scan(const struct lus_reader *reader, const struct lus_scan *how, lus_batch_fn take,
                    void *context, uint64_t *n_rows, struct lus_error *err)
{
    return lus_source_scan(reader->source, how, take, context, n_rows, err);
}

char lus_reader_delimiter(const struct lus_reader *reader)
{
    return reader->source->format.delimiter;
}

size_t lus_reader_n_files(const struct lus_reader *reader)
{
    return reader->source->n_files;
}

uint64_t lus_reader_bytes(const struct lus_reader *reader)
{
    return reader->source->bytes_total;
}

void lus_reader_file(const struct lus_reader *reader, size_t i, bool wants_hash,
                     struct lus_read_file *out)
{
    struct lus_source_file *file = &reader->source->files[i];
    unsigned char hash[32];
    *out = (struct lus_read_file){.name = file->name};
    if (!wants_hash) return;
    if (!*file->sha256 && lus_stream_hash(&file->stream, hash)) /* once for all questions */
        for (size_t k = 0; k < sizeof hash; k++)
            (void)snprintf(file->sha256 + 2 * k, 3, "%02x", hash[k]);
    memcpy(out->sha256, file->sha256, sizeof out->sha256);
}

int lus_reader_rewind(const struct lus_reader *reader, struct lus_error *err)
{
    return lus_source_rewind(reader->source, err);
}

int lus_reader_replace(struct lus_reader *reader, struct lus_string *text, struct lus_string *notes,
                       struct lus_error *err)
{
    const char *path = reader->source->files[0].path;
    bool has_decimal_commas = reader->header->has_decimal_commas;
    lus_reader_close(reader);
    *reader = (struct lus_reader){.source = lus_alloc_zeroed(1, sizeof *reader->source)};
    if (!reader->source) return lus_fail_memory(err);
    reader->header = &reader->source->header;
    LUS_TRY(lus_source_open_text(reader->source, path, text, notes, err));
    reader->header->has_decimal_commas = has_decimal_commas;
    return LUS_OK;
}

void lus_reader_close(struct lus_reader *reader)
{
    if (reader->source) lus_source_close(reader->source);
    free(reader->source);
    *reader = (struct lus_reader){0};
}

uint64_t lus_batch_line(const struct lus_batch *batch, size_t row)
{
    const struct lus_fields *f = batch->fields;
    return batch->first_line + (f->bytes ? lus_count_lines(f->bytes, lus_row_at(f, row)) : row);
}

/* What was most likely meant, or else all that there is. */
static int fail_column(const struct lus_header *h, const char *name, const char *const *names,
                       size_t n, struct lus_error *err)
{
    const char *near = lus_nearest(lus_text_of(name), names, n);
    struct lus_string s = {0};
    if (near) lus_string_print(&s, "did you mean \"%s\"?", near);
    else lus_string_put(&s, n ? "there are " : "there are none");
    size_t most = s.n + 300;
    for (size_t i = 0; i < n && s.n < most && !near; i++)
        lus_string_print(&s, "%s%s", i ? ", " : "", names[i]);
    lus_string_put(&s, s.n >= most ? ", ..." : "");
    struct lus_fault fault = {.code = LUS_ERROR_NO_COLUMN, .file = h->file, .remedy = s.at};
    int status = s.failed ? lus_fail_memory(err)
                          : lus_fail_with(err, LUS_EDATA, &fault, "no column \"%s\"", name);
    lus_string_free(&s);
    return status;
}

int lus_header_find(const struct lus_header *h, const char *name, const char *const *also, size_t n,
                    size_t *column, struct lus_error *err)
{
    size_t n_found = 0;
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->names[i], name) == 0) {
            *column = i;
            n_found++;
        }
    if (n_found == 1) return LUS_OK;
    if (n_found > 1)
        return lus_fail_with(err, LUS_EDATA,
                             &(struct lus_fault){.code = LUS_ERROR_COLUMN_TWICE,
                                                 .file = h->file,
                                                 .line = 1,
                                                 .remedy = "rename all but one"},
                             "%s: %zu columns have this name", name, n_found);
    const char **names = lus_alloc(h->n + n, sizeof *names);
    if (!names) return lus_fail_memory(err);
    for (size_t i = 0; i < h->n + n; i++)
        names[i] = i < h->n ? h->names[i] : also[i - h->n];
    int status = fail_column(h, name, names, h->n + n, err);
    free(names);
    return status;
}
