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
#ifndef LUS_POPULATION_SCAN_H
#define LUS_POPULATION_SCAN_H

#include "population/worker.h"

/* Called for each batch, by the thread of that number; batches of one thread come in order. */
typedef int (*lus_batch_fn)(void *context, int thread, const struct lus_batch *batch,
                            struct lus_error *err);

/* Reads the plan's source to its end. *n_rows: rows read. LUS_EDATA at the first row that cannot be
 * read at all. */
int lus_scan(struct lus_plan *plan, lus_batch_fn take, void *context, uint64_t *n_rows,
             struct lus_error *err) LUS_MUST_CHECK;

#endif
