/* The files of a population, cut into blocks of bytes that can be parsed apart.
 *
 * A block ends behind a line end where there is one near, so nearly every row lies in one block;
 * what is not finished at the end of a block belongs in front of the next (scan.c joins them).
 * Blocks come in the order of the file's bytes, and blocks of regular files are read by several
 * threads at once.
 */
#ifndef LUS_READ_SOURCE_H
#define LUS_READ_SOURCE_H

#include <pthread.h>

#include "read/fields.h"
#include "read/layout.h"

struct lus_source_file {
    const char *path, *name; /* as given; for messages */
    struct lus_stream stream;
    struct lus_identity was; /* when it was opened first */
    bool is_away;            /* closed for now: one of too many files to be open at a time */
    size_t n_readers;        /* threads that read a block of it now */
    uint64_t data_at;        /* regular: offset of the first byte behind the header */
    uint64_t header_lines;   /* lines up to there */
    uint64_t next_at; /* regular: where the next block begins, before it is cut at a line end */
    char *carry;      /* stream: bytes that were read and not given yet */
    size_t carry_n, carry_room;
    bool is_done;
    char sha256[65]; /* of its bytes, once it was asked for; else "" */
};

struct lus_source {
    struct lus_source_file *files;
    size_t n_files, current;
    struct lus_layout layout; /* where the format names one */
    bool has_blanks;          /* fields were parted by runs of blanks (blanks.h) */
    struct lus_format format; /* its header is the one below, once that is read */
    struct lus_header header;
    size_t block_bytes;
    uint64_t n_blocks, bytes_total;
    pthread_mutex_t lock;
    struct lus_arena arena;
    struct lus_string notes; /* on how the files are read, sentences with a blank behind each */
};

enum { LUS_BLOCK_PADDING = 64 }; /* readable bytes behind a block, for loads of whole words */

struct lus_block {
    char *bytes; /* within the room */
    size_t n;
    char *room;
    size_t n_room;
    uint64_t index; /* in the order of bytes, over all files */
    size_t file;
    bool is_first, is_last; /* of its file */
};

/* Opens the files and reads their headers, which must be the same. format: delimiter 0 is found
 * from the header. */
int lus_source_open(struct lus_source *source, const char *const *paths, size_t n,
                    const struct lus_format *format, size_t block_bytes,
                    struct lus_error *err) LUS_MUST_CHECK;
/* The same of a text in memory, parted by commas; it and the notes are taken over. */
int lus_source_open_text(struct lus_source *source, const char *path, struct lus_string *text,
                         struct lus_string *notes, struct lus_error *err) LUS_MUST_CHECK;
/* The next block; *is_end when there is none. Any thread. The block's room is reused and freed by
 * the caller. */
int lus_source_next(struct lus_source *source, struct lus_block *block, bool *is_end,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Back to the first row, without opening anything again. LUS_EIO where a file has gone by, as a
 * pipe has. */
int lus_source_rewind(struct lus_source *source, struct lus_error *err) LUS_MUST_CHECK;
void lus_source_close(struct lus_source *source);

/* Room for n bytes and the padding. */
int lus_reserve_bytes(char **bytes, size_t *room, size_t n, struct lus_error *err) LUS_MUST_CHECK;
/* Reads until a file's carry holds n bytes or the stream ends. */
int lus_fill_carry(struct lus_source_file *file, size_t n, bool *is_end,
                   struct lus_error *err) LUS_MUST_CHECK;

#endif
