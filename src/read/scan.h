/* The scan: blocks are parsed by several threads and committed in the order of the file.
 *
 *     next block ─▶ parse it as if it began outside quotes ─▶ wait for its turn ─▶
 *     commit ─▶ take the rows
 *     (threads)     (threads)                                 (in order)           (in order)
 *                   (threads)
 *
 * At the commit it is known what the block before left unfinished. Nothing: the guess was right.
 * Something (a quoted field with a line end inside): it is put in front and the block is parsed
 * again. Lines and rows are counted there too, so every message knows its line.
 */
#ifndef LUS_READ_SCAN_H
#define LUS_READ_SCAN_H

#include "read/source.h"

/* A committed block: its rows and where they stand. */
struct lus_batch {
    const struct lus_fields *fields;
    size_t file;
    uint64_t first_line; /* of bytes[0], from 1 */
    uint64_t first_row;  /* rows of all files before this block */
};

/* Called for each batch, by the thread of that number; batches of one thread come in order. */
typedef int (*lus_batch_fn)(void *context, int thread, const struct lus_batch *batch,
                            struct lus_error *err);

/* By how many threads, and whom to tell how far it has come. */
struct lus_scan {
    size_t n_threads;
    void (*progress)(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows); /* or NULL */
    void *progress_context;
};

/* Reads a source to its end. *n_rows: rows read. LUS_EDATA at the first row that cannot be read at
 * all. */
int lus_scan(const struct lus_scan *how, struct lus_source *source, lus_batch_fn take,
             void *context, uint64_t *n_rows, struct lus_error *err) LUS_MUST_CHECK;

#endif
