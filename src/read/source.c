#include "read/source.h"

#include <stdlib.h>

enum {
    /* fits the second-level cache beside its columns; 1 MiB was slower */
    DEFAULT_BLOCK = 256 * 1024,
    CUT_REACH = 4096, /* how far behind a block's end a line end is looked for */
    LONGEST_HEADER = 1 << 20,
};

static int reserve(char **bytes, size_t *room, size_t n, struct lus_error *err)
{
    if (*room >= n + LUS_BLOCK_PADDING) return LUS_OK;
    size_t want = n + n / 4 + LUS_BLOCK_PADDING;
    char *grown = lus_realloc(*bytes, want, 1);
    if (!grown) return lus_fail_memory(err);
    *bytes = grown;
    *room = want;
    return LUS_OK;
}

/* Reads until the carry holds n bytes or the stream ends. */
static int fill_carry(struct lus_source_file *file, size_t n, bool *is_end, struct lus_error *err)
{
    LUS_TRY(reserve(&file->carry, &file->carry_room, n, err));
    *is_end = false;
    while (file->carry_n < n) {
        size_t got;
        LUS_TRY(lus_stream_read(&file->stream, file->carry + file->carry_n, n - file->carry_n, &got,
                                err));
        if (!got) {
            *is_end = true;
            break;
        }
        file->carry_n += got;
    }
    return LUS_OK;
}

/* The delimiter that the first line holds most of, outside quotes; a comma where it holds none. */
static char find_delimiter(const char *p, size_t n)
{
    static const char candidates[] = ",\t;|";
    size_t counts[sizeof candidates - 1] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < n && p[i] != '\n' && p[i] != '\r'; i++) {
        if (p[i] == '"') quoted = !quoted;
        const char *found = quoted || !p[i] ? NULL : strchr(candidates, p[i]);
        if (found) counts[found - candidates]++;
    }
    for (size_t k = 1; k < sizeof counts / sizeof *counts; k++)
        if (counts[k] > counts[best]) best = k;
    return candidates[best];
}

/* Past a BOM, blank lines and comments. */
static size_t first_line(const struct lus_format *format, const char *p, size_t n, uint64_t *lines)
{
    size_t i = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t skip = format->skip ? strlen(format->skip) : 0;
    for (;;) {
        size_t end = i;
        while (end < n && p[end] != '\n' && p[end] != '\r')
            end++;
        bool is_comment = skip && end - i >= skip && memcmp(p + i, format->skip, skip) == 0;
        if (end == n || (end > i && !is_comment)) return i;
        end += p[end] == '\r' && end + 1 < n && p[end + 1] == '\n' ? 2 : 1;
        i = end;
        ++*lines;
    }
}

static int check_encoding(const struct lus_source_file *file, struct lus_error *err)
{
    const unsigned char *p = (const unsigned char *)file->carry;
    if (file->carry_n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff)))
        return lus_fail(err, LUS_EDATA,
                        "%s: the file is UTF-16; UTF-8 is wanted (iconv -f UTF-16 -t UTF-8)",
                        file->stream.name);
    return LUS_OK;
}

static int make_header(struct lus_source *source, char **columns, size_t n, struct lus_error *err)
{
    struct lus_header *h = &source->header;
    h->field_of = lus_arena_alloc(&source->arena, n, sizeof *h->field_of);
    h->column_of = lus_arena_alloc(&source->arena, n, sizeof *h->column_of);
    if (!h->field_of || !h->column_of) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        h->field_of[i] = SIZE_MAX;
    h->file = source->files[0].stream.name;
    h->n = n;
    h->names = columns;
    return LUS_OK;
}

static int take_columns(struct lus_source *source, const struct lus_source_file *file,
                        const struct lus_fields *rows, uint64_t line, struct lus_error *err)
{
    size_t n = rows->n_fields;
    char **columns = lus_arena_alloc(&source->arena, n, sizeof *columns);
    if (!columns) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct lus_text name = rows->field[i][0];
        if (memchr(name.p, 0, name.n))
            return lus_fail(err, LUS_EDATA,
                            "%s:%llu: a NUL byte in the header; a text file is wanted",
                            file->stream.name, (unsigned long long)line);
        if (lus_utf8_bad(name.p, name.n) < name.n)
            return lus_fail(err, LUS_EDATA,
                            "%s:%llu: the header is not UTF-8 (iconv -f LATIN1 -t UTF-8 may help)",
                            file->stream.name, (unsigned long long)line);
        if (!(columns[i] = lus_arena_copy(&source->arena, name.p, name.n)))
            return lus_fail_memory(err);
    }
    if (!source->header.names) return make_header(source, columns, n, err);
    for (size_t i = 0; i < n && i < source->header.n; i++)
        if (strcmp(columns[i], source->header.names[i]) != 0)
            return lus_fail(err, LUS_EDATA,
                            "%s:%llu: column %zu is \"%s\", in %s it is \"%s\"; files read "
                            "together have one header",
                            file->stream.name, (unsigned long long)line, i + 1, columns[i],
                            source->files[0].stream.name, source->header.names[i]);
    if (n != source->header.n)
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: %zu columns, %s has %zu; files read together have one header",
                        file->stream.name, (unsigned long long)line, n,
                        source->files[0].stream.name, source->header.n);
    return LUS_OK;
}

/* Parses the header from the carry; *end: the offset behind it, 0 while it is not complete. */
static int parse_header(struct lus_source *source, struct lus_source_file *file, bool is_end,
                        size_t *end, struct lus_error *err)
{
    struct lus_format format = source->format;
    format.n_columns = 0;
    format.header = NULL;
    format.index = NULL;
    *end = 0;
    uint64_t lines = 0;
    size_t start = first_line(&format, file->carry, file->carry_n, &lines);
    if (!format.delimiter)
        format.delimiter = find_delimiter(file->carry + start, file->carry_n - start);
    size_t stop = start;
    struct lus_fields rows = {0};
    int status = LUS_OK;
    /* line by line, until the header row is whole */
    while (stop < file->carry_n && !rows.n && status == LUS_OK) {
        while (stop < file->carry_n && file->carry[stop] != '\n' && file->carry[stop] != '\r')
            stop++;
        if (stop == file->carry_n && !is_end) break;
        if (stop < file->carry_n)
            stop += file->carry[stop] == '\r' && stop + 1 < file->carry_n &&
                            file->carry[stop + 1] == '\n'
                        ? 2
                        : 1;
        size_t used;
        status = lus_fields_parse(&rows, &format, file->carry + start, stop - start,
                                  is_end && stop == file->carry_n, &used, err);
    }
    if (status == LUS_OK && rows.n) {
        status = take_columns(source, file, &rows, lines + 1, err);
        source->format.delimiter = format.delimiter;
        file->header_lines = lines + lus_count_lines(file->carry + start, stop - start);
        *end = stop;
    } else if (status == LUS_OK && rows.is_unclosed) {
        status = lus_fail(err, LUS_EDATA, "%s:%llu: a quote in the header is not closed",
                          file->stream.name, (unsigned long long)lines + 1);
    }
    lus_fields_free(&rows);
    return status;
}

static int read_header(struct lus_source *source, struct lus_source_file *file,
                       struct lus_error *err)
{
    size_t end = 0, want = source->block_bytes > 4096 ? source->block_bytes : 4096;
    bool is_end = false;
    while (!end && !is_end && want <= LONGEST_HEADER * 2) {
        LUS_TRY(fill_carry(file, want, &is_end, err));
        LUS_TRY(check_encoding(file, err));
        LUS_TRY(parse_header(source, file, is_end, &end, err));
        want *= 2;
    }
    if (!end && is_end)
        return lus_fail(err, LUS_EDATA,
                        "%s: the file is empty; a header and one row for each patient are wanted",
                        file->stream.name);
    if (!end)
        return lus_fail(err, LUS_EDATA,
                        "%s:1: the header is longer than 1 MiB; a table of patients is wanted",
                        file->stream.name);
    file->data_at = file->next_at = end;
    file->carry_n -= end;
    memmove(file->carry, file->carry + end, file->carry_n);
    return LUS_OK;
}

int lus_source_open(struct lus_source *source, const char *const *paths, size_t n,
                    const struct lus_format *format, size_t block_bytes, struct lus_error *err)
{
    *source = (struct lus_source){.format = *format,
                                  .block_bytes = block_bytes ? block_bytes : DEFAULT_BLOCK};
    (void)pthread_mutex_init(&source->lock, NULL);
    if (!n) return lus_fail(err, LUS_EUSAGE, "no file is given");
    source->files = lus_alloc_zeroed(n, sizeof *source->files);
    if (!source->files) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        source->files[i].stream.fd = -1;
    for (size_t i = 0; i < n; i++) {
        struct lus_source_file *file = &source->files[i];
        source->n_files = i + 1;
        LUS_TRY(lus_stream_open(&file->stream, paths[i], err));
        LUS_TRY(read_header(source, file, err));
        source->bytes_total += file->stream.size;
    }
    source->format.n_columns = source->header.n;
    source->format.header = &source->header;
    source->format.index = lus_index_choose();
    return LUS_OK;
}

static int rewind_file(struct lus_source *source, struct lus_source_file *file,
                       struct lus_error *err)
{
    file->is_done = false;
    file->next_at = file->data_at;
    if (file->stream.is_regular) return LUS_OK;
    file->carry_n = 0;
    LUS_TRY(lus_stream_rewind(&file->stream, err));
    return read_header(source, file, err);
}

int lus_source_rewind(struct lus_source *source, struct lus_error *err)
{
    source->current = 0;
    source->n_blocks = 0;
    for (size_t i = 0; i < source->n_files; i++)
        LUS_TRY(rewind_file(source, &source->files[i], err));
    return LUS_OK;
}

void lus_source_close(struct lus_source *source)
{
    for (size_t i = 0; i < source->n_files; i++) {
        lus_stream_close(&source->files[i].stream);
        free(source->files[i].carry);
    }
    free(source->files);
    lus_arena_free(&source->arena);
    (void)pthread_mutex_destroy(&source->lock);
    *source = (struct lus_source){0};
}

/* Where to cut near `at` in a regular file: behind the first line end from at - 1 on, or at `at`
 * where none is near. Both blocks that meet there read the same bytes, and so cut alike. bytes
 * begin at the file's offset `from`. */
static size_t cut(const char *bytes, size_t n, uint64_t from, uint64_t at)
{
    size_t start = (size_t)(at - 1 - from), reach = n - start < CUT_REACH ? n - start : CUT_REACH;
    const char *newline = memchr(bytes + start, '\n', reach);
    return newline ? (size_t)(newline - bytes) + 1 : start + 1;
}

static int read_regular(const struct lus_source *source, const struct lus_source_file *file,
                        struct lus_block *block, uint64_t at, struct lus_error *err)
{
    uint64_t stop = at + source->block_bytes, from = block->is_first ? at : at - 1;
    size_t want = (size_t)(stop - from) + CUT_REACH, got;
    LUS_TRY(reserve(&block->room, &block->n_room, want, err));
    LUS_TRY(lus_stream_read_at(&file->stream, from, block->room, want, &got, err));
    size_t start = block->is_first || !got ? 0 : cut(block->room, got, from, at);
    size_t end = block->is_last || got < stop - from ? got : cut(block->room, got, from, stop);
    if (start > end) start = end; /* a line longer than a block: the one before has it */
    block->n = end - start;
    block->bytes = block->room + start;
    return LUS_OK;
}

/* What lies in front of the last line end of the carry; all of it at the end of the stream. */
static int take_carry(const struct lus_source *source, struct lus_source_file *file,
                      struct lus_block *block, struct lus_error *err)
{
    bool is_end;
    LUS_TRY(fill_carry(file, source->block_bytes, &is_end, err));
    const char *newline = is_end ? NULL : memrchr(file->carry, '\n', file->carry_n);
    size_t n = newline ? (size_t)(newline - file->carry) + 1 : file->carry_n;
    LUS_TRY(reserve(&block->room, &block->n_room, n, err));
    block->bytes = memcpy(block->room, file->carry, n);
    block->n = n;
    file->carry_n -= n;
    memmove(file->carry, file->carry + n, file->carry_n);
    file->is_done = block->is_last = is_end;
    return LUS_OK;
}

int lus_source_next(struct lus_source *source, struct lus_block *block, bool *is_end,
                    struct lus_error *err)
{
    int status = LUS_OK;
    uint64_t at = 0;
    (void)pthread_mutex_lock(&source->lock);
    while (source->current < source->n_files && source->files[source->current].is_done)
        source->current++;
    *is_end = source->current == source->n_files;
    struct lus_source_file *file = *is_end ? NULL : &source->files[source->current];
    if (file) {
        block->file = source->current;
        block->index = source->n_blocks++;
        at = file->next_at;
        block->is_first = at == file->data_at;
        file->next_at += source->block_bytes;
        if (file->stream.is_regular)
            file->is_done = block->is_last = file->next_at >= file->stream.size;
        else status = take_carry(source, file, block, err);
    }
    (void)pthread_mutex_unlock(&source->lock);
    if (status == LUS_OK && file && file->stream.is_regular)
        status = read_regular(source, file, block, at, err);
    return status;
}
