/* A file as a stream of bytes: plain, gzip or zstd, told apart by their first bytes; in UTF-8,
 * whatever encoding it has. A file of another kind (convert.h) is text in memory at once. */
#ifndef LUS_READ_STREAM_H
#define LUS_READ_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "read/convert.h"

enum lus_stream_kind { LUS_STREAM_PLAIN, LUS_STREAM_GZIP, LUS_STREAM_ZSTD, LUS_STREAM_CONVERTED };

/* Which file it is, and when it was changed last. */
struct lus_identity {
    uint64_t device, inode, size, changed; /* nanoseconds */
};
static inline bool lus_same_file(const struct lus_identity *a, const struct lus_identity *b)
{
    return a->inode && a->device == b->device && a->inode == b->inode;
}

struct lus_stream {
    const char *path; /* as given; "-" is standard input */
    const char *name; /* for messages */
    int fd;
    enum lus_stream_kind kind;
    bool is_regular; /* a plain regular file: blocks of it can be read in any order */
    bool is_file;    /* a regular one that is named: it can be opened again */
    uint64_t size;   /* bytes on disk, 0 where unknown */
    struct lus_identity was;
    uint64_t n_taken; /* bytes read from fd */
    unsigned char *in;
    size_t in_at, in_n;
    bool is_end;        /* of fd */
    bool is_between;    /* between two members of a compressed file, where it may end */
    uint64_t n_members; /* of gzip, read to their ends */
    void *decoder;
    struct lus_recoder *recoder;      /* NULL: the bytes are UTF-8 */
    const struct lus_kind *converted; /* NULL: the file is text */
    struct lus_string text, notes;    /* of what was converted; text_at of it is read */
    struct lus_string labels; /* of the columns, a line each; empty where the file has none */
    size_t text_at;
};

/* Opens path; LUS_EIO where it cannot be read (a directory, no such file), LUS_EDATA where it is of
 * a kind that is not. encoding: as iconv(3) calls it; NULL: UTF-8, or UTF-16 by its mark. Close it
 * on failure too. */
int lus_stream_open(struct lus_stream *s, const char *path, const char *encoding,
                    struct lus_error *err) LUS_MUST_CHECK;
/* LUS_EIO where the file has been changed, cut off or replaced since it was opened. */
int lus_stream_check(const struct lus_stream *s, struct lus_error *err) LUS_MUST_CHECK;
/* A stream of a text, which it takes over with the notes on it. */
void lus_stream_of_text(struct lus_stream *s, const char *path, struct lus_string *text,
                        struct lus_string *notes);
/* Makes an open stream one of a text that was made of it, and takes that over. */
void lus_stream_take_text(struct lus_stream *s, struct lus_string *text);
/* Fills out with up to room bytes; *got is 0 at the end alone. LUS_EDATA where compressed data are
 * broken. */
int lus_stream_read(struct lus_stream *s, char *out, size_t room, size_t *got,
                    struct lus_error *err) LUS_MUST_CHECK;
/* The rest of its text, added to what `out` holds. */
int lus_stream_read_all(struct lus_stream *stream, struct lus_string *out,
                        struct lus_error *err) LUS_MUST_CHECK;
/* Bytes at an offset of a regular file: n of them, or fewer at its end. Any thread. */
int lus_stream_read_at(const struct lus_stream *s, uint64_t offset, char *out, size_t n,
                       size_t *got, struct lus_error *err) LUS_MUST_CHECK;
/* The SHA-256 of the file as it is on the disk; false where it has gone by, or was put away. */
bool lus_stream_hash(const struct lus_stream *s, unsigned char out[32]);
/* Back to the first byte; LUS_EIO where what was read has gone by. */
int lus_stream_rewind(struct lus_stream *s, struct lus_error *err) LUS_MUST_CHECK;
void lus_stream_close(struct lus_stream *s);

#endif
