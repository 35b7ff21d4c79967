/* The scan: blocks are parsed by several threads and committed in the order of the file.
 *
 *     next block ─▶ parse it as if it  ─▶ wait for   ─▶ commit     ─▶ take the rows
 *     (threads)     began outside quotes  its turn      (in order)    (threads)
 *                   (threads)             (in order)
 *
 * At the commit it is known what the block before left unfinished. Nothing: the guess was right.
 * Something (a quoted field with a line end inside): it is put in front and the block is parsed
 * again. Lines and rows are counted there too, so every message knows its line.
 */
#ifndef LUS_READ_SCAN_H
#define LUS_READ_SCAN_H

#include "read/reader.h"
#include "read/source.h"

/* Reads a source to its end; as lus_reader_scan. */
int lus_source_scan(struct lus_source *source, const struct lus_scan *how, lus_batch_fn take,
                    void *context, uint64_t *n_rows, struct lus_error *err) LUS_MUST_CHECK;

#endif
