#include "read/scan.h"

#include <stdlib.h>

enum { LONGEST_ROW = 1 << 20 }; /* a row that long is a quote that never closes */

struct scan {
    const struct lus_scan *how;
    struct lus_source *source;
    lus_batch_fn take;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    uint64_t next_commit; /* index of the block whose turn it is */
    char *leftover;       /* what the block before left unfinished */
    size_t n_leftover, leftover_room;
    uint64_t line, row; /* of the next block's first byte, without the leftover; rows so far */
    uint64_t leftover_lines;
    uint64_t failed_at;     /* the earliest block that failed, or UINT64_MAX */
    struct lus_error error; /* its error */
    uint64_t bytes_done;
};

struct thread {
    struct scan *scan;
    int number;
    struct lus_block block;
    struct lus_fields fields;
    size_t used;
    pthread_t id;
    bool is_started;
};

static int parse(struct thread *t, struct lus_error *err)
{
    /* in the padding: an end of line behind a last row that has none */
    t->block.bytes[t->block.n] = '\n';
    return lus_fields_parse(&t->fields, &t->scan->source->format, t->block.bytes, t->block.n,
                            t->block.is_last, &t->used, err);
}

static int fail_nul(const struct thread *t, uint64_t line, const char *nul, struct lus_error *err)
{
    return lus_fail(err, LUS_EDATA,
                    "%s:%llu: a NUL byte; a text file is wanted (UTF-16? iconv -t UTF-8)",
                    t->scan->source->files[t->block.file].name,
                    (unsigned long long)(line + lus_count_lines(t->block.bytes,
                                                                (size_t)(nul - t->block.bytes))));
}

/* Puts what the block before left unfinished in front, and parses again. */
static int prepend(struct thread *t, struct lus_error *err)
{
    struct scan *s = t->scan;
    struct lus_block *b = &t->block;
    size_t n = s->n_leftover + b->n;
    if (b->n_room < n + LUS_BLOCK_PADDING) {
        size_t offset = (size_t)(b->bytes - b->room);
        char *grown = lus_realloc(b->room, n + LUS_BLOCK_PADDING, 1);
        if (!grown) return lus_fail_memory(err);
        b->room = grown;
        b->bytes = grown + offset;
        b->n_room = n + LUS_BLOCK_PADDING;
    }
    memmove(b->room + s->n_leftover, b->bytes, b->n);
    b->bytes = memcpy(b->room, s->leftover, s->n_leftover);
    b->n = n;
    s->line -= s->leftover_lines;
    s->n_leftover = 0;
    s->leftover_lines = 0;
    return parse(t, err);
}

static int keep_leftover(struct thread *t, struct lus_error *err)
{
    struct scan *s = t->scan;
    size_t n = t->block.n - t->used;
    if (n > LONGEST_ROW)
        return lus_fail(
            err, LUS_EDATA,
            "%s:%llu: a row of more than 1 MiB; a quote that begins there may not be closed",
            s->source->files[t->block.file].name,
            (unsigned long long)(s->line + lus_count_lines(t->block.bytes, t->used)));
    if (s->leftover_room < n) {
        char *grown = lus_realloc(s->leftover, n * 2, 1);
        if (!grown) return lus_fail_memory(err);
        s->leftover = grown;
        s->leftover_room = n * 2;
    }
    memcpy(s->leftover, t->block.bytes + t->used, n);
    s->n_leftover = n;
    s->leftover_lines = lus_count_lines(s->leftover, n);
    return LUS_OK;
}

/* With the lock held, in the order of blocks: the seam, the line and the row of this block's first
 * byte. */
static int commit(struct thread *t, struct lus_batch *batch, struct lus_error *err)
{
    struct scan *s = t->scan;
    const struct lus_source_file *file = &s->source->files[t->block.file];
    if (t->block.is_first) s->line = file->header_lines + 1;
    if (s->n_leftover) LUS_TRY(prepend(t, err));
    /* the index has looked already */
    const char *nul = t->fields.is_indexed ? NULL : memchr(t->block.bytes, 0, t->block.n);
    if (nul) return fail_nul(t, s->line, nul, err);
    if (t->fields.is_unclosed)
        return lus_fail(
            err, LUS_EDATA, "%s:%llu: a quote that begins on this row is never closed", file->name,
            (unsigned long long)(s->line + lus_count_lines(t->block.bytes, t->fields.unclosed_at)));
    *batch = (struct lus_batch){
        .fields = &t->fields, .file = file->name, .first_line = s->line, .first_row = s->row};
    if (t->used < t->block.n) LUS_TRY(keep_leftover(t, err));
    s->line += t->fields.n_lines;
    s->row += t->fields.n;
    s->bytes_done += t->block.n;
    if (s->how->progress)
        s->how->progress(s->how->progress_context, s->bytes_done, s->source->bytes_total, s->row);
    return LUS_OK;
}

static void record_failure(struct scan *s, uint64_t block, const struct lus_error *err)
{
    if (block >= s->failed_at) return;
    s->failed_at = block;
    s->error = *err;
}

/* One block, from bytes to rows taken. *is_end when there was none. */
static int one_block(struct thread *t, bool *is_end, struct lus_error *err)
{
    struct scan *s = t->scan;
    int status = lus_source_next(s->source, &t->block, is_end, err);
    if (*is_end) return status;
    if (status == LUS_OK) status = parse(t, err);
    struct lus_batch batch = {0};
    (void)pthread_mutex_lock(&s->lock);
    while (s->next_commit != t->block.index)
        (void)pthread_cond_wait(&s->turn, &s->lock);
    bool is_stopped = s->failed_at < t->block.index;
    if (status == LUS_OK && !is_stopped) status = commit(t, &batch, err);
    if (status != LUS_OK) record_failure(s, t->block.index, err);
    s->next_commit++;
    (void)pthread_cond_broadcast(&s->turn);
    (void)pthread_mutex_unlock(&s->lock);
    if (is_stopped) *is_end = true;
    if (status != LUS_OK || is_stopped || !t->fields.n) return status;
    status = s->take(s->context, t->number, &batch, err);
    if (status != LUS_OK) {
        (void)pthread_mutex_lock(&s->lock);
        record_failure(s, t->block.index, err);
        (void)pthread_mutex_unlock(&s->lock);
    }
    return status;
}

static void *run(void *argument)
{
    struct thread *t = argument;
    struct lus_error err = LUS_ERROR_INIT;
    bool is_end = false;
    while (!is_end && one_block(t, &is_end, &err) == LUS_OK)
        ;
    return NULL;
}

int lus_source_scan(struct lus_source *source, const struct lus_scan *how, lus_batch_fn take,
                    void *context, uint64_t *n_rows, struct lus_error *err)
{
    struct scan s = {
        .how = how, .source = source, .take = take, .context = context, .failed_at = UINT64_MAX};
    size_t n = how->n_threads;
    struct thread *threads = lus_alloc_zeroed(n, sizeof *threads);
    if (!threads) return lus_fail_memory(err);
    (void)pthread_mutex_init(&s.lock, NULL);
    (void)pthread_cond_init(&s.turn, NULL);
    for (size_t i = 0; i < n; i++)
        threads[i] = (struct thread){.scan = &s, .number = (int)i};
    for (size_t i = 1; i < n; i++) /* a thread that cannot be had is done without */
        threads[i].is_started = pthread_create(&threads[i].id, NULL, run, &threads[i]) == 0;
    run(&threads[0]);
    for (size_t i = 1; i < n; i++)
        if (threads[i].is_started) (void)pthread_join(threads[i].id, NULL);
    for (size_t i = 0; i < n; i++) {
        lus_fields_free(&threads[i].fields);
        free(threads[i].block.room);
    }
    free(threads);
    free(s.leftover);
    (void)pthread_mutex_destroy(&s.lock);
    (void)pthread_cond_destroy(&s.turn);
    *n_rows = s.row;
    /* a file that was cut off while it was read is not one with a bad row */
    for (size_t i = 0; i < source->n_files; i++)
        LUS_TRY(lus_stream_check(&source->files[i].stream, err));
    return s.failed_at == UINT64_MAX ? LUS_OK
                                     : lus_fail(err, s.error.status, "%s", s.error.message);
}
