/* Rows of text from files, whatever the files are: the face of read/.
 *
 * A reader knows the columns and gives batches of rows to several threads. What they mean is
 * nothing to it: a recipe says that. Text with delimiters fills it today (source.h, scan.h); a
 * reader of another kind of file gives batches whose texts are its cells, and whose bytes are NULL.
 */
#ifndef LUS_READ_READER_H
#define LUS_READ_READER_H

#include "read/fields.h"

/* Some rows, next to each other in one file, and where they stand. */
struct lus_batch {
    const struct lus_fields *fields;
    const char *file;    /* its name */
    uint64_t first_line; /* of the first row, from 1 */
    uint64_t first_row;  /* rows of all files before this batch */
};
/* The line of its file on which a row of a batch begins. */
uint64_t lus_batch_line(const struct lus_batch *batch, size_t row);

/* Called for each batch, by the thread of that number; batches of one thread come in order. */
typedef int (*lus_batch_fn)(void *context, int thread, const struct lus_batch *batch,
                            struct lus_error *err);

/* By how many threads, and whom to tell how far it has come. */
struct lus_scan {
    size_t n_threads;
    void (*progress)(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows); /* or NULL */
    void *progress_context;
};

struct lus_reader {
    struct lus_header *header; /* whoever asks for a column keeps it (lus_header_keep) */
    struct lus_source *source;
};

/* Opens the files, which have one header. format: delimiter 0 is found in it. block_bytes: 0, or
 * the size of a block, on which nothing depends. Close it on failure too. */
int lus_reader_open(struct lus_reader *reader, const char *const *paths, size_t n,
                    const struct lus_format *format, size_t block_bytes,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Reads to the end. *n_rows: rows read. LUS_EDATA at the first row that cannot be read at all. */
int lus_reader_scan(const struct lus_reader *reader, const struct lus_scan *how, lus_batch_fn take,
                    void *context, uint64_t *n_rows, struct lus_error *err) LUS_MUST_CHECK;
/* A file of the reader: its name, and its SHA-256 in 64 letters, "" where that cannot be had. */
struct lus_read_file {
    const char *name;
    char sha256[65];
};
/* What parts the fields. */
char lus_reader_delimiter(const struct lus_reader *reader);
size_t lus_reader_n_files(const struct lus_reader *reader);
uint64_t lus_reader_bytes(const struct lus_reader *reader);
void lus_reader_file(const struct lus_reader *reader, size_t i, bool wants_hash,
                     struct lus_read_file *out);
/* Back to the first row, without opening a file again. LUS_EIO where one has gone by (a pipe). */
int lus_reader_rewind(const struct lus_reader *reader, struct lus_error *err) LUS_MUST_CHECK;
/* Makes it a reader of a text of its own, rows parted by commas below a header, under the name of
 * its first file; the text and the notes are taken over. */
int lus_reader_replace(struct lus_reader *reader, struct lus_string *text, struct lus_string *notes,
                       struct lus_error *err) LUS_MUST_CHECK;
void lus_reader_close(struct lus_reader *reader);

/* The column of that name. LUS_EDATA where there is none, or more than one, with the remedy. also:
 * n further names that may have been meant. */
int lus_header_find(const struct lus_header *header, const char *name, const char *const *also,
                    size_t n, size_t *column, struct lus_error *err) LUS_MUST_CHECK;

#endif
