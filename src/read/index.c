/* One core, three ways to look at 64 bytes: plain C, AVX2, AVX-512. The core is inlined into each.
 *
 * 64 bytes become bit masks, bit i for byte i: delimiters, line ends, quotes. A running exclusive
 * or of the quotes tells which bytes lie inside them. What remains of the separators is written out
 * as offsets.
 * Source    Langdale & Lemire, VLDB J 28 (2019) 941-960, for the masks and the exclusive or.
 */
#include "read/index.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* What the core asks of 64 bytes. */
struct masks {
    uint64_t delimiters, newlines;
    uint64_t low; /* bytes up to the double quote: line ends, blanks, quotes, NUL */
};
struct rare_masks {
    uint64_t quotes, crs, blanks, nuls;
};

typedef struct masks (*masks_fn)(const char *p, char delimiter);
typedef struct rare_masks (*rare_fn)(const char *p);
typedef uint32_t *(*write_fn)(uint32_t *out, uint64_t mask, uint32_t base);

/* --- plain C: eight bytes in one word --- */

static const uint64_t ONES = 0x0101010101010101ULL, HIGHS = 0x8080808080808080ULL;

/* The high bit of each byte, gathered into eight bits. */
static inline uint64_t gather(uint64_t highs)
{
    return (highs >> 7) * 0x0102040810204080ULL >> 56;
}

static inline uint64_t load64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The high bit of each byte that equals c; exact, unlike the usual borrow trick. */
static inline uint64_t equals(uint64_t word, unsigned char c)
{
    uint64_t x = word ^ (ONES * c);
    return ~(((x & ~HIGHS) + ~HIGHS) | x) & HIGHS;
}

static inline struct masks masks_scalar(const char *p, char delimiter)
{
    struct masks m = {0};
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word = load64(p + 8 * i);
        uint64_t low = ~(((word & ~HIGHS) + ONES * (0x80 - 0x23)) | word) & HIGHS;
        m.delimiters |= gather(equals(word, (unsigned char)delimiter)) << (8 * i);
        m.newlines |= gather(equals(word, '\n')) << (8 * i);
        m.low |= gather(low) << (8 * i);
    }
    return m;
}

static inline struct rare_masks rare_scalar(const char *p)
{
    struct rare_masks m = {0};
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word = load64(p + 8 * i);
        m.quotes |= gather(equals(word, '"')) << (8 * i);
        m.crs |= gather(equals(word, '\r')) << (8 * i);
        m.blanks |= gather(equals(word, ' ') | equals(word, '\t')) << (8 * i);
        m.nuls |= gather(equals(word, 0)) << (8 * i);
    }
    return m;
}

static inline uint32_t *write_scalar(uint32_t *out, uint64_t mask, uint32_t base)
{
    for (; mask; mask &= mask - 1)
        *out++ = base + (uint32_t)__builtin_ctzll(mask);
    return out;
}

/* --- the core --- */

static inline uint64_t inside_quotes(uint64_t quotes)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

/* What one group of 64 bytes hands on to the next: whether it ends inside quotes, and its last
 * byte. */
struct carry {
    uint64_t inside;                        /* all ones inside */
    uint64_t separator, blank, cr, closing; /* bit 0: the last byte was one */
    uint64_t is_pending; /* not 0: inside, behind a blank, a CR or a closing quote */
};

/* The separators of 64 bytes that hold quotes, CRs, blanks or NULs, up to `valid`; false where
 * libcsv must decide. */
static inline __attribute__((always_inline)) bool careful(
    const struct masks *m, const struct rare_masks *rare, uint64_t odd, uint64_t valid,
    bool no_quotes, struct carry *c, struct lus_index *index, uint64_t *separators)
{
    uint64_t quotes = no_quotes ? 0 : rare->quotes & valid, crs = rare->crs & valid;
    /* the opening quote is inside, the closing one is not */
    uint64_t inside = inside_quotes(quotes) ^ c->inside;
    uint64_t true_separators = (m->delimiters | m->newlines) & ~inside & valid,
             newlines = m->newlines & true_separators;
    uint64_t ends = true_separators | crs, opening = quotes & inside, closing = quotes & ~inside;
    uint64_t after_separator = true_separators << 1 | c->separator,
             after_closing = closing << 1 | c->closing;
    /* two quotes within a quoted field: one that is meant */
    uint64_t escapes = opening & after_closing;
    /* a quote that begins inside a field, also behind blanks */
    uint64_t is_odd = (opening & ~after_separator & ~escapes)
                      /* something behind a closing quote */
                      | (after_closing & ~ends & ~escapes & valid) |
                      ((crs << 1 | c->cr) & ~newlines & valid); /* a CR that is no line end */
    uint64_t blanks = 0, trimmed = 0;
    if ((odd & ~(quotes | crs)) | c->blank) {
        /* a tab or a space may be the delimiter itself */
        blanks = rare->blanks & ~m->delimiters & valid;
        trimmed = (blanks & after_separator & ~inside) |
                  ((blanks << 1 | c->blank) & ends & ~after_closing);
        is_odd |= rare->nuls & valid;
    }
    if (is_odd) return false;
    c->inside = (uint64_t)((int64_t)inside >> 63);
    c->separator = true_separators >> 63, c->blank = (blanks & ~inside) >> 63, c->cr = crs >> 63,
    c->closing = closing >> 63;
    c->is_pending = c->inside | c->blank | c->cr | c->closing;
    index->has_quotes |= quotes != 0;
    index->has_crs |= crs != 0;
    index->has_blanks |= trimmed != 0;
    index->has_escapes |= escapes != 0;
    index->n_quoted_lines += (uint64_t)__builtin_popcountll(m->newlines & inside & valid);
    *separators = true_separators;
    return true;
}

/* 64 bytes, of which those in `valid` count; false where libcsv must decide. */
static inline __attribute__((always_inline)) bool take_group(struct lus_index *index, const char *p,
                                                             uint64_t valid, char delimiter,
                                                             bool no_quotes, struct carry *c,
                                                             masks_fn masks, rare_fn rare,
                                                             uint64_t *separators, uint64_t *lines)
{
    struct masks m = masks(p, delimiter);
    *separators = (m.delimiters | m.newlines) & valid;
    *lines += (uint64_t)__builtin_popcountll(m.newlines & valid);
    uint64_t odd = m.low & ~(m.delimiters | m.newlines) & valid;
    if (__builtin_expect((odd | c->is_pending) == 0, 1)) {
        c->separator = *separators >> 63;
        return true;
    }
    struct rare_masks r = rare(p);
    return careful(&m, &r, odd, valid, no_quotes, c, index, separators);
}

void lus_index_free(struct lus_index *index)
{
    lus_pages_free(index->starts, index->room, sizeof *index->starts);
    index->starts = NULL;
    index->room = 0;
}

static inline __attribute__((always_inline)) int index_core(struct lus_index *index,
                                                            const char *bytes, size_t n,
                                                            char delimiter, bool no_quotes,
                                                            masks_fn masks, rare_fn rare,
                                                            write_fn write)
{
    /* as many as there are bytes, and what is written past the last */
    if (index->room < n + 2 * 64) {
        lus_index_free(index);
        index->starts = lus_pages_alloc(n + n / 4 + 2 * 64, sizeof *index->starts);
        if (!index->starts) return LUS_ENOMEM;
        index->room = n + n / 4 + 2 * 64;
    }
    uint32_t *out = index->starts + 1;
    struct carry c = {.separator = 1};
    uint64_t lines = 0, separators;
    size_t at = 0;
    index->n_quoted_lines = 0;
    index->has_quotes = index->has_crs = index->has_blanks = index->has_escapes = false;
    index->starts[0] = 0;
    for (; n - at >= 64; at += 64) {
        if (!take_group(index, bytes + at, ~0ULL, delimiter, no_quotes, &c, masks, rare,
                        &separators, &lines))
            return LUS_INDEX_ODD;
        out = write(out, separators, (uint32_t)at + 1);
    }
    if (at < n) {
        if (!take_group(index, bytes + at, (1ULL << (n - at)) - 1, delimiter, no_quotes, &c, masks,
                        rare, &separators, &lines))
            return LUS_INDEX_ODD;
        out = write(out, separators, (uint32_t)at + 1);
    }
    index->n = (size_t)(out - index->starts) - 1;
    index->n_lines = lines;
    index->n_row_ends = lines - index->n_quoted_lines;
    index->ends_in_quotes = c.inside != 0;
    /* a CR or a blank as the very last byte waits for what comes: not ours to decide */
    return n % 64 == 0 && (c.cr | c.blank) ? LUS_INDEX_ODD : LUS_OK;
}

int lus_index_scalar(struct lus_index *index, const char *bytes, size_t n, char delimiter,
                     bool no_quotes)
{
    return index_core(index, bytes, n, delimiter, no_quotes, masks_scalar, rare_scalar,
                      write_scalar);
}

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

AVX2 static inline uint64_t equals_avx2(__m256i a, __m256i b, char c)
{
    __m256i x = _mm256_set1_epi8(c);
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, x)),
             high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, x));
    return low | (uint64_t)high << 32;
}

AVX2 static inline struct masks masks_avx2(const char *p, char delimiter)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p),
            b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    __m256i limit = _mm256_set1_epi8('"');
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(a, limit), a));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(b, limit), b));
    return (struct masks){equals_avx2(a, b, delimiter), equals_avx2(a, b, '\n'),
                          low | (uint64_t)high << 32};
}

AVX2 static inline struct rare_masks rare_avx2(const char *p)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p),
            b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    return (struct rare_masks){equals_avx2(a, b, '"'), equals_avx2(a, b, '\r'),
                               equals_avx2(a, b, ' ') | equals_avx2(a, b, '\t'),
                               equals_avx2(a, b, 0)};
}

/* Eight at a time whether there are so many or not: the room behind is there, and a branch would
 * cost more. */
AVX2 static inline uint32_t *write_avx2(uint32_t *out, uint64_t mask, uint32_t base)
{
    unsigned n = (unsigned)__builtin_popcountll(mask);
    for (unsigned done = 0; done < n; done += 8)
        for (unsigned i = 0; i < 8; i++) {
            out[done + i] = base + (uint32_t)_tzcnt_u64(mask);
            mask = _blsr_u64(mask);
        }
    return out + n;
}

AVX2 static int index_avx2(struct lus_index *index, const char *bytes, size_t n, char delimiter,
                           bool no_quotes)
{
    return index_core(index, bytes, n, delimiter, no_quotes, masks_avx2, rare_avx2, write_avx2);
}

#define AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

AVX512 static inline struct masks masks_avx512(const char *p, char delimiter)
{
    __m512i a = _mm512_loadu_si512((const void *)p);
    return (struct masks){_mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8(delimiter)),
                          _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\n')),
                          _mm512_cmple_epu8_mask(a, _mm512_set1_epi8('"'))};
}

AVX512 static inline struct rare_masks rare_avx512(const char *p)
{
    __m512i a = _mm512_loadu_si512((const void *)p);
    return (struct rare_masks){_mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('"')),
                               _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\r')),
                               _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8(' ')) |
                                   _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\t')),
                               _mm512_cmpeq_epi8_mask(a, _mm512_setzero_si512())};
}

/* The numbers of the set bits by one compression of the bytes 0 to 63, then widened sixteen at a
 * time. */
AVX512 static inline uint32_t *write_avx512(uint32_t *out, uint64_t mask, uint32_t base)
{
    static const unsigned char count[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    unsigned n = (unsigned)__builtin_popcountll(mask);
    __m512i packed = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512((const void *)count)),
            start = _mm512_set1_epi32((int)base);
    _mm512_storeu_si512(
        (void *)out, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    _mm512_storeu_si512(
        (void *)(out + 16),
        _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
    if (n > 32) {
        _mm512_storeu_si512(
            (void *)(out + 32),
            _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
        _mm512_storeu_si512(
            (void *)(out + 48),
            _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
    }
    return out + n;
}

AVX512 static int index_avx512(struct lus_index *index, const char *bytes, size_t n, char delimiter,
                               bool no_quotes)
{
    return index_core(index, bytes, n, delimiter, no_quotes, masks_avx512, rare_avx512,
                      write_avx512);
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

lus_index_fn lus_index_choose(void)
{
    const char *asked = getenv("LUSTRUM_CPU");
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    if (asked && strcmp(asked, "scalar") == 0) return lus_index_scalar;
    if (has_avx512() && !(asked && strcmp(asked, "avx2") == 0)) return index_avx512;
    return avx2 ? index_avx2 : lus_index_scalar;
}

const char *lus_index_name(void)
{
    lus_index_fn chosen = lus_index_choose();
    return chosen == index_avx512 ? "AVX-512"
           : chosen == index_avx2 ? "AVX2"
                                  : "one byte after the other";
}

#else

lus_index_fn lus_index_choose(void)
{
    return lus_index_scalar;
}

const char *lus_index_name(void)
{
    return "one byte after the other";
}

#endif
