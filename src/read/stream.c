#include "read/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "support/input.h"

enum { IN_ROOM = 1 << 17, RAW_ROOM = 1 << 16 };

/* From another encoding: raw bytes that are not turned into UTF-8 yet. */
struct lus_recoder {
    iconv_t iconv;
    const char *encoding;
    size_t at, n;
    char raw[RAW_ROOM];
};

static int fail_read(const struct lus_stream *s, struct lus_error *err)
{
    return lus_fail(err, LUS_EIO, "%s: %s", s->name, strerror(errno));
}

static int refill(struct lus_stream *s, struct lus_error *err)
{
    if (s->in_at < s->in_n || s->is_end) return LUS_OK;
    ssize_t got;
    do
        got = read(s->fd, s->in, IN_ROOM);
    while (got < 0 && errno == EINTR);
    if (got < 0) return fail_read(s, err);
    s->is_end = got == 0;
    s->in_at = 0;
    s->in_n = (size_t)got;
    s->n_taken += (uint64_t)got;
    return LUS_OK;
}

/* The first bytes, which tell the kind, however small the pieces in which a pipe gives them. */
static int peek(struct lus_stream *s, struct lus_error *err)
{
    while (s->in_n < LUS_KIND_BYTES && !s->is_end) {
        ssize_t got = read(s->fd, s->in + s->in_n, IN_ROOM - s->in_n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_read(s, err);
        s->is_end = got == 0;
        s->in_n += (size_t)got;
        s->n_taken += (uint64_t)got;
    }
    return LUS_OK;
}

static int start_decoder(struct lus_stream *s, struct lus_error *err)
{
    static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    if (s->in_n >= 2 && memcmp(s->in, gzip, 2) == 0) {
        s->kind = LUS_STREAM_GZIP;
        z_stream *z = calloc(1, sizeof *z);
        s->decoder = z;
        if (!z || inflateInit2(z, 15 + 16) != Z_OK) return lus_fail_memory(err);
    } else if (s->in_n >= 4 && memcmp(s->in, zstd, 4) == 0) {
        s->kind = LUS_STREAM_ZSTD;
        s->decoder = ZSTD_createDStream();
        if (!s->decoder) return lus_fail_memory(err);
    }
    return LUS_OK;
}

static int start_recoder(struct lus_stream *s, const char *encoding, struct lus_error *err)
{
    bool is_utf16 = s->kind == LUS_STREAM_PLAIN && s->in_n >= 2 &&
                    ((s->in[0] == 0xff && s->in[1] == 0xfe) ||
                     (s->in[0] == 0xfe && s->in[1] == 0xff));
    if (!encoding && is_utf16) encoding = "UTF-16";
    if (!encoding || strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0)
        return LUS_OK;
    iconv_t opened = iconv_open("UTF-8", encoding);
    if (opened == (iconv_t)-1)
        return lus_fail(err, errno == ENOMEM ? LUS_ENOMEM : LUS_EDATA,
                        "encoding: \"%s\" is not known; latin1, windows-1252, UTF-16 and what "
                        "iconv -l lists are",
                        encoding);
    s->recoder = lus_alloc(1, sizeof *s->recoder);
    if (!s->recoder) {
        (void)iconv_close(opened);
        return lus_fail_memory(err);
    }
    s->recoder->iconv = opened, s->recoder->encoding = encoding;
    s->recoder->at = s->recoder->n = 0;
    return LUS_OK;
}

static void free_decoder(struct lus_stream *s)
{
    if (s->decoder && s->kind == LUS_STREAM_GZIP) (void)inflateEnd(s->decoder), free(s->decoder);
    if (s->decoder && s->kind == LUS_STREAM_ZSTD) (void)ZSTD_freeDStream(s->decoder);
    s->decoder = NULL;
}

static void free_recoder(struct lus_stream *s)
{
    if (s->recoder) (void)iconv_close(s->recoder->iconv);
    free(s->recoder);
    s->recoder = NULL;
}

/* Counts are no rows: whoever asked for rows may read them as counts, from a file alone. */
static int refuse_tally(const struct lus_stream *s, struct lus_error *err)
{
    size_t n = strlen(LUS_TALLY_MAGIC);
    if (s->in_n < n || memcmp(s->in, LUS_TALLY_MAGIC, n) != 0) return LUS_OK;
    struct lus_fault fault = {.code = s->is_file ? LUS_ERROR_TALLY : LUS_ERROR_OTHER,
                              .file = s->name};
    return lus_fail_with(err, LUS_EDATA, &fault, "this is a tally, %s",
                         s->is_file ? "counts in place of rows; rows are wanted here"
                                    : "which is read from a file alone");
}

/* What is not text with delimiters becomes it, in memory, or is named with its remedy. */
static int convert(struct lus_stream *s, struct lus_error *err)
{
    const struct lus_kind *kind = lus_kind_of(s->in, s->in_n);
    if (!kind) return LUS_OK;
    if (!kind->convert)
        return lus_fail(err, LUS_EDATA, "%s: this is %s; %s", s->name, kind->name, kind->remedy);
    if (!s->is_file)
        return lus_fail(err, LUS_EDATA, "%s: this is %s, which is read from a file alone", s->name,
                        kind->name);
    struct lus_conversion c = {.fd = s->fd, .name = s->name};
    int status = kind->convert(&c, err);
    s->text = c.text, s->notes = c.notes, s->labels = c.labels;
    s->kind = LUS_STREAM_CONVERTED;
    s->converted = kind;
    return status == LUS_OK && (c.text.failed || c.notes.failed) ? lus_fail_memory(err) : status;
}

static struct lus_identity identity_of(const struct stat *st)
{
    return (struct lus_identity){(uint64_t)st->st_dev, (uint64_t)st->st_ino, (uint64_t)st->st_size,
                                 (uint64_t)st->st_mtim.tv_sec * 1000000000 +
                                     (uint64_t)st->st_mtim.tv_nsec};
}

int lus_stream_check(const struct lus_stream *s, struct lus_error *err)
{
    struct stat st;
    if (!s->is_file || s->fd < 0) return LUS_OK;
    if (fstat(s->fd, &st) != 0) return fail_read(s, err);
    struct lus_identity now = identity_of(&st);
    bool is_same = now.size == s->was.size && now.changed == s->was.changed;
    if (is_same && stat(s->path, &st) == 0) {
        now = identity_of(&st);
        is_same = lus_same_file(&now, &s->was);
    }
    return is_same ? LUS_OK
                   : lus_fail(err, LUS_EIO, "%s: the file was changed while it was read", s->name);
}

int lus_stream_open(struct lus_stream *s, const char *path, const char *encoding,
                    struct lus_error *err)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    *s = (struct lus_stream){
        .path = path, .name = is_standard_input ? "standard input" : path, .fd = -1};
    s->fd = is_standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (s->fd < 0 || fstat(s->fd, &st) != 0) return fail_read(s, err);
    if (S_ISDIR(st.st_mode))
        return lus_fail(err, LUS_EIO, "%s: is a directory; a table of patients is wanted", s->name);
    LUS_TRY(lus_input_remember(s->fd, s->name, err));
    s->in = malloc(IN_ROOM);
    if (!s->in) return lus_fail_memory(err);
    s->is_file = S_ISREG(st.st_mode) && !is_standard_input;
    if (S_ISREG(st.st_mode)) s->size = (uint64_t)st.st_size;
    s->was = identity_of(&st);
    LUS_TRY(peek(s, err));
    LUS_TRY(refuse_tally(s, err));
    LUS_TRY(start_decoder(s, err));
    if (s->kind == LUS_STREAM_PLAIN) LUS_TRY(convert(s, err));
    if (s->kind != LUS_STREAM_CONVERTED) LUS_TRY(start_recoder(s, encoding, err));
    /* Standard input may have been read by somebody before us; then offsets in it are not ours. */
    s->is_regular = s->is_file && s->kind == LUS_STREAM_PLAIN && !s->recoder;
    return LUS_OK;
}

void lus_stream_of_text(struct lus_stream *s, const char *path, struct lus_string *text,
                        struct lus_string *notes)
{
    *s = (struct lus_stream){.path = path,
                             .name = strcmp(path, "-") == 0 ? "standard input" : path,
                             .fd = -1,
                             .kind = LUS_STREAM_CONVERTED,
                             .text = *text,
                             .notes = *notes};
    *text = *notes = (struct lus_string){0};
}

void lus_stream_take_text(struct lus_stream *s, struct lus_string *text)
{
    free_decoder(s);
    free_recoder(s);
    lus_string_free(&s->text);
    s->text = *text;
    s->text_at = 0;
    s->kind = LUS_STREAM_CONVERTED;
    s->is_regular = false;
    *text = (struct lus_string){0};
}

static int read_gzip(struct lus_stream *s, char *out, size_t room, size_t *got,
                     struct lus_error *err)
{
    z_stream *z = s->decoder;
    z->next_out = (unsigned char *)out;
    z->avail_out = room > 1u << 30 ? 1u << 30 : (uInt)room;
    uInt asked = z->avail_out;
    while (z->avail_out == asked) {
        LUS_TRY(refill(s, err));
        if (s->in_at == s->in_n && s->is_end) {
            if (s->is_between) break;
            return lus_fail(err, LUS_EDATA, "%s: the gzip data end too early; the file is cut off",
                            s->name);
        }
        if (s->is_between && s->in[s->in_at] == 0) { /* padding between or behind members */
            s->in_at++;
            continue;
        }
        if (s->is_between && s->n_members && s->in[s->in_at] != 0x1f)
            return lus_fail(err, LUS_EDATA, "%s: there is something else behind the gzip data",
                            s->name);
        z->next_in = s->in + s->in_at;
        z->avail_in = (uInt)(s->in_n - s->in_at);
        s->is_between = false;
        int result = inflate(z, Z_NO_FLUSH);
        s->in_at = s->in_n - z->avail_in;
        if (result == Z_STREAM_END) {
            s->is_between = true;
            s->n_members++;
            (void)inflateReset(z);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return lus_fail(err, LUS_EDATA, "%s: the gzip data are broken: %s", s->name,
                            z->msg ? z->msg : "unknown");
        }
    }
    *got = asked - z->avail_out;
    return LUS_OK;
}

static int read_zstd(struct lus_stream *s, char *out, size_t room, size_t *got,
                     struct lus_error *err)
{
    ZSTD_outBuffer o = {out, room, 0};
    while (o.pos == 0) {
        LUS_TRY(refill(s, err));
        if (s->in_at == s->in_n && s->is_end) {
            if (s->is_between) break;
            return lus_fail(err, LUS_EDATA, "%s: the zstd data end too early; the file is cut off",
                            s->name);
        }
        ZSTD_inBuffer i = {s->in, s->in_n, s->in_at};
        size_t result = ZSTD_decompressStream(s->decoder, &o, &i);
        s->in_at = i.pos;
        if (ZSTD_isError(result))
            return lus_fail(err, LUS_EDATA, "%s: the zstd data are broken: %s", s->name,
                            ZSTD_getErrorName(result));
        s->is_between = result == 0;
    }
    *got = o.pos;
    return LUS_OK;
}

static int read_converted(struct lus_stream *s, char *out, size_t room, size_t *got)
{
    size_t n = s->text.n - s->text_at < room ? s->text.n - s->text_at : room;
    if (n) memcpy(out, s->text.at + s->text_at, n);
    s->text_at += n;
    *got = n;
    return LUS_OK;
}

/* Bytes as they are in the file, decompressed. */
static int read_raw(struct lus_stream *s, char *out, size_t room, size_t *got,
                    struct lus_error *err)
{
    if (s->kind == LUS_STREAM_GZIP) return read_gzip(s, out, room, got, err);
    if (s->kind == LUS_STREAM_ZSTD) return read_zstd(s, out, room, got, err);
    if (s->kind == LUS_STREAM_CONVERTED) return read_converted(s, out, room, got);
    LUS_TRY(refill(s, err));
    size_t n = s->in_n - s->in_at < room ? s->in_n - s->in_at : room;
    memcpy(out, s->in + s->in_at, n);
    s->in_at += n;
    *got = n;
    return LUS_OK;
}

static int read_recoded(struct lus_stream *s, char *out, size_t room, size_t *got,
                        struct lus_error *err)
{
    struct lus_recoder *r = s->recoder;
    size_t left = room;
    while (left == room) {
        size_t more;
        memmove(r->raw, r->raw + r->at, r->n - r->at);
        r->n -= r->at, r->at = 0;
        LUS_TRY(read_raw(s, r->raw + r->n, sizeof r->raw - r->n, &more, err));
        r->n += more;
        if (!r->n) break;
        char *from = r->raw, *to = out;
        size_t n = r->n;
        size_t result = iconv(r->iconv, &from, &n, &to, &left);
        r->at = r->n - n;
        bool is_cut = result == (size_t)-1 && errno == EINVAL && !more && left == room;
        if ((result == (size_t)-1 && errno == EILSEQ && left == room) || is_cut)
            return lus_fail(err, LUS_EDATA, "%s: the byte 0x%02x is not %s text", s->name,
                            (unsigned char)r->raw[r->at], r->encoding);
    }
    *got = room - left;
    return LUS_OK;
}

int lus_stream_read(struct lus_stream *s, char *out, size_t room, size_t *got,
                    struct lus_error *err)
{
    return s->recoder ? read_recoded(s, out, room, got, err) : read_raw(s, out, room, got, err);
}

int lus_stream_read_all(struct lus_stream *s, struct lus_string *out, struct lus_error *err)
{
    enum { PIECE = 1 << 20 };
    char *piece = malloc(PIECE);
    size_t got = 1;
    int status = piece ? LUS_OK : lus_fail_memory(err);
    while (status == LUS_OK && got) {
        status = lus_stream_read(s, piece, PIECE, &got, err);
        if (status == LUS_OK) lus_string_add(out, piece, got);
    }
    free(piece);
    return status == LUS_OK && out->failed ? lus_fail_memory(err) : status;
}

int lus_stream_read_at(const struct lus_stream *s, uint64_t offset, char *out, size_t n,
                       size_t *got, struct lus_error *err)
{
    *got = 0;
    while (*got < n) {
        ssize_t piece = pread(s->fd, out + *got, n - *got, (off_t)(offset + *got));
        if (piece < 0 && errno == EINTR) continue;
        if (piece < 0) return fail_read(s, err);
        if (piece == 0) break;
        *got += (size_t)piece;
    }
    return LUS_OK;
}

bool lus_stream_hash(const struct lus_stream *s, unsigned char out[SHA256_DIGEST_SIZE])
{
    struct sha256_ctx hash;
    struct lus_error ignored = LUS_ERROR_INIT;
    char piece[1 << 14];
    size_t got = 0;
    uint64_t at = 0;
    if (!s->is_file || s->fd < 0) return false;
    sha256_init(&hash);
    do {
        if (lus_stream_read_at(s, at, piece, sizeof piece, &got, &ignored) != LUS_OK) return false;
        sha256_update(&hash, got, (const uint8_t *)piece);
        at += got;
    } while (got == sizeof piece);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, out);
    return true;
}

int lus_stream_rewind(struct lus_stream *s, struct lus_error *err)
{
    bool is_standard_input = strcmp(s->path, "-") == 0;
    s->text_at = 0;
    if (s->kind == LUS_STREAM_CONVERTED) return LUS_OK;
    if (s->recoder) {
        s->recoder->at = s->recoder->n = 0;
        (void)iconv(s->recoder->iconv, NULL, NULL, NULL, NULL);
    }
    if (is_standard_input || lseek(s->fd, 0, SEEK_SET) != 0)
        return lus_fail(err, LUS_EIO, "%s: what was read has gone by", s->name);
    free_decoder(s);
    s->n_taken = s->n_members = 0;
    s->in_at = s->in_n = 0;
    s->is_end = s->is_between = false;
    LUS_TRY(peek(s, err));
    return start_decoder(s, err);
}

void lus_stream_close(struct lus_stream *s)
{
    free_decoder(s);
    free_recoder(s);
    lus_string_free(&s->text), lus_string_free(&s->labels);
    lus_string_free(&s->notes);
    free(s->in);
    if (s->fd >= 0) (void)close(s->fd);
    *s = (struct lus_stream){.fd = -1};
}
