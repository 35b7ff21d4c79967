#include "read/header.h"

#include <stdlib.h>

enum {
    /* fits the second-level cache beside its columns; 1 MiB was slower */
    DEFAULT_BLOCK = 256 * 1024,
    CUT_REACH = 4096, /* how far behind a block's end a line end is looked for */
    MOST_OPEN = 64,   /* files that stay open all the time; of more, those that are read now */
};

int lus_reserve_bytes(char **bytes, size_t *room, size_t n, struct lus_error *err)
{
    if (*room >= n + LUS_BLOCK_PADDING) return LUS_OK;
    size_t want = n + n / 4 + LUS_BLOCK_PADDING;
    char *grown = lus_realloc(*bytes, want, 1);
    if (!grown) return lus_fail_memory(err);
    *bytes = grown;
    *room = want;
    return LUS_OK;
}

int lus_fill_carry(struct lus_source_file *file, size_t n, bool *is_end, struct lus_error *err)
{
    LUS_TRY(lus_reserve_bytes(&file->carry, &file->carry_room, n, err));
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

/* --- opening --- */

static int open_stream(const struct lus_source *source, struct lus_source_file *file,
                       struct lus_error *err)
{
    LUS_TRY(lus_stream_open(&file->stream, file->path, source->format.encoding, err));
    return source->format.layout ? lus_layout_apply(&source->layout, &file->stream, err) : LUS_OK;
}

/* What a layout says of the text, over what else is said. */
static int read_layout(struct lus_source *source, struct lus_error *err)
{
    struct lus_layout *l = &source->layout;
    struct lus_format *f = &source->format;
    if (!f->layout) return LUS_OK;
    LUS_TRY(lus_layout_read(f->layout, l, err));
    bool is_made_anew = l->is_fixed || l->has_labels;
    if (is_made_anew || !l->has_header)
        f->has_no_header = true, f->names = l->names, f->n_names = l->n;
    if (is_made_anew) f->delimiter = ',';
    else if (!f->delimiter) f->delimiter = l->delimiter;
    return LUS_OK;
}

static int open_file(struct lus_source *source, struct lus_source_file *file, struct lus_error *err)
{
    LUS_TRY(open_stream(source, file, err));
    LUS_TRY(lus_header_read(source, file, err));
    return LUS_OK;
}

/* The same files together, each in the order in which they are given; what is no file by its
 * path. */
static int by_identity(const void *a, const void *b)
{
    const struct lus_source_file *x = *(const struct lus_source_file *const *)a,
                                 *y = *(const struct lus_source_file *const *)b;
    if (!x->was.inode != !y->was.inode) return x->was.inode ? 1 : -1;
    if (x->was.device != y->was.device) return x->was.device < y->was.device ? -1 : 1;
    if (x->was.inode != y->was.inode) return x->was.inode < y->was.inode ? -1 : 1;
    int order = x->was.inode ? 0 : strcmp(x->path, y->path);
    return order ? order : (x > y) - (x < y);
}

/* A file that is given twice would be counted twice. */
static int check_twice(const struct lus_source *source, struct lus_error *err)
{
    const struct lus_source_file **files = lus_alloc(source->n_files, sizeof *files);
    int status = files ? LUS_OK : lus_fail_memory(err);
    for (size_t i = 0; files && i < source->n_files; i++)
        files[i] = &source->files[i];
    if (files) qsort(files, source->n_files, sizeof *files, by_identity);
    for (size_t i = 1; i < source->n_files && status == LUS_OK; i++) {
        const struct lus_source_file *one = files[i - 1], *other = files[i];
        bool is_same = other->was.inode ? lus_same_file(&one->was, &other->was)
                                        : strcmp(one->path, other->path) == 0;
        if (is_same)
            status = lus_fail(err, LUS_EUSAGE,
                              "%s is the same file as %s; its rows would be counted twice",
                              other->path, one->path);
    }
    free(files);
    return status;
}

/* Gives up what an open file holds, for it to be opened again when its turn comes. */
static void put_away(struct lus_source_file *file)
{
    if (!file->stream.is_file) return;
    lus_stream_close(&file->stream);
    free(file->carry);
    file->carry = NULL;
    file->carry_n = file->carry_room = 0;
    file->is_away = true;
}

static void finish_open(struct lus_source *source)
{
    source->format.n_columns = source->header.n;
    source->format.header = &source->header;
    source->format.index = lus_index_choose();
}

int lus_source_open(struct lus_source *source, const char *const *paths, size_t n,
                    const struct lus_format *format, size_t block_bytes, struct lus_error *err)
{
    *source = (struct lus_source){.format = *format,
                                  .block_bytes = block_bytes ? block_bytes : DEFAULT_BLOCK};
    (void)pthread_mutex_init(&source->lock, NULL);
    if (!n) return lus_fail(err, LUS_EUSAGE, "no file is given");
    LUS_TRY(read_layout(source, err));
    source->files = lus_alloc_zeroed(n, sizeof *source->files);
    if (!source->files) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        source->files[i].stream.fd = -1;
    for (size_t i = 0; i < n; i++) {
        struct lus_source_file *file = &source->files[i];
        source->n_files = i + 1;
        file->path = paths[i];
        file->name = strcmp(paths[i], "-") == 0 ? "standard input" : paths[i];
        LUS_TRY(open_file(source, file, err));
        file->was = file->stream.was;
        source->bytes_total += file->stream.size;
        if (n > MOST_OPEN) put_away(file);
    }
    LUS_TRY(check_twice(source, err));
    finish_open(source);
    return LUS_OK;
}

int lus_source_open_text(struct lus_source *source, const char *path, struct lus_string *text,
                         struct lus_string *notes, struct lus_error *err)
{
    *source = (struct lus_source){.format = {.delimiter = ','}, .block_bytes = DEFAULT_BLOCK};
    (void)pthread_mutex_init(&source->lock, NULL);
    source->files = lus_alloc_zeroed(1, sizeof *source->files);
    if (!source->files) return lus_fail_memory(err);
    struct lus_source_file *file = &source->files[0];
    source->n_files = 1;
    file->path = path;
    file->name = strcmp(path, "-") == 0 ? "standard input" : path;
    lus_stream_of_text(&file->stream, path, text, notes);
    source->bytes_total = file->stream.text.n;
    LUS_TRY(lus_header_read(source, file, err));
    finish_open(source);
    return LUS_OK;
}

/* With the lock held: a file that was put away, as it was. */
static int fetch(struct lus_source *source, struct lus_source_file *file, struct lus_error *err)
{
    if (!file->is_away) return LUS_OK;
    file->is_away = false;
    uint64_t at = file->next_at;
    LUS_TRY(open_stream(source, file, err));
    if (!lus_same_file(&file->stream.was, &file->was) ||
        file->stream.was.changed != file->was.changed)
        return lus_fail(err, LUS_EIO, "%s: the file was changed while it was read", file->name);
    if (!file->stream.is_regular) LUS_TRY(lus_header_read(source, file, err));
    file->next_at = at;
    return LUS_OK;
}

static int rewind_file(struct lus_source *source, struct lus_source_file *file,
                       struct lus_error *err)
{
    file->is_done = false;
    file->next_at = file->data_at;
    if (file->is_away || file->stream.is_regular) return LUS_OK;
    file->carry_n = 0;
    LUS_TRY(lus_stream_rewind(&file->stream, err));
    return lus_header_read(source, file, err);
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
    lus_string_free(&source->notes);
    lus_layout_free(&source->layout);
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
    LUS_TRY(lus_reserve_bytes(&block->room, &block->n_room, want, err));
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
    LUS_TRY(lus_fill_carry(file, source->block_bytes, &is_end, err));
    const char *newline = is_end ? NULL : memrchr(file->carry, '\n', file->carry_n);
    size_t n = newline ? (size_t)(newline - file->carry) + 1 : file->carry_n;
    LUS_TRY(lus_reserve_bytes(&block->room, &block->n_room, n, err));
    block->bytes = memcpy(block->room, file->carry, n);
    block->n = n;
    file->carry_n -= n;
    memmove(file->carry, file->carry + n, file->carry_n);
    file->is_done = block->is_last = is_end;
    return LUS_OK;
}

/* With the lock held: the next block's place, and its bytes where they come from a stream. */
static int begin_block(struct lus_source *source, struct lus_source_file *file,
                       struct lus_block *block, uint64_t *at, struct lus_error *err)
{
    block->file = source->current;
    block->index = source->n_blocks++;
    file->n_readers++;
    LUS_TRY(fetch(source, file, err));
    *at = file->next_at;
    block->is_first = *at == file->data_at;
    file->next_at += source->block_bytes;
    if (!file->stream.is_regular) return take_carry(source, file, block, err);
    file->is_done = block->is_last = file->next_at >= file->stream.size;
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
    if (file) status = begin_block(source, file, block, &at, err);
    if (status != LUS_OK) file->is_done = true; /* nothing more can be had of it */
    (void)pthread_mutex_unlock(&source->lock);
    if (*is_end) return LUS_OK;
    if (status == LUS_OK && file->stream.is_regular)
        status = read_regular(source, file, block, at, err);
    (void)pthread_mutex_lock(&source->lock);
    if (--file->n_readers == 0 && file->is_done && source->n_files > MOST_OPEN) put_away(file);
    (void)pthread_mutex_unlock(&source->lock);
    return status;
}
