/* Numbers as text: reading them exactly, writing them in the shortest way that reads back. */
#ifndef LUS_SUPPORT_NUMBER_H
#define LUS_SUPPORT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lus_number_status {
    LUS_NUMBER_OK,
    LUS_NUMBER_BAD,   /* not a decimal number */
    LUS_NUMBER_LARGE, /* a number that is too large */
};

/* A decimal number, all n bytes of it: [+-] digits [. digits] [e[+-]digits]. No inf, nan or
 * hexadecimal. The double is the nearest one. */
enum lus_number_status lus_number_parse(const char *p, size_t n, double *out);
/* The same text as a count of 1e-9: exact up to nine places, else half to even with *rounded
 * set. */
enum lus_number_status lus_nano_parse(const char *p, size_t n, int64_t *out, bool *rounded);

/* One to eight digits from eight readable bytes, by their value as one word; false where any is no
 * digit. */
static inline bool lus_digits_parse(const char *p, size_t n, uint64_t *out)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    if (n - 1 > 7) return false;
    __builtin_memcpy(&word, p, 8);
    /* zeros in front */
    word = (word << (64 - 8 * n)) | (n == 8 ? 0 : 0x3030303030303030ULL >> (8 * n));
    if (((word + 0x4646464646464646ULL) | (word - 0x3030303030303030ULL)) & 0x8080808080808080ULL)
        return false;
    word = (word & 0x0f0f0f0f0f0f0f0fULL) * 2561 >> 8; /* pairs, fours, eight */
    word = (word & 0x00ff00ff00ff00ffULL) * 6553601 >> 16;
    *out = (word & 0x0000ffff0000ffffULL) * 42949672960001ULL >> 32;
    return true;
#else
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        *out = *out * 10 + (uint64_t)(p[i] - '0');
    }
    return n - 1 <= 7;
#endif
}

/* One to seven digits, a point and one to nine digits as a count of 1e-9; false where the text is
 * anything else. Twenty-four bytes from p are readable. */
static inline bool lus_decimal_parse(const char *p, size_t n, int64_t *out)
{
    static const int64_t scale[10] = {1000000000, 100000000, 10000000, 1000000, 100000,
                                      10000,      1000,      100,      10,      1};
    uint64_t word, whole, part, last = 0;
    __builtin_memcpy(&word, p, 8);
    word ^= 0x2e2e2e2e2e2e2e2eULL;
    /* the lowest is right */
    uint64_t points = (word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    size_t at = points ? (size_t)__builtin_ctzll(points) / 8 : n;
#else
    size_t at = 0;
    while (at < n && at < 8 && p[at] != '.')
        at++;
    (void)points;
#endif
    if (at + 1 >= n || n - at > 10) return false;
    size_t behind = n - at - 1;
    if (!lus_digits_parse(p, at, &whole) ||
        !lus_digits_parse(p + at + 1, behind < 8 ? behind : 8, &part))
        return false;
    if (behind == 9 && !lus_digits_parse(p + n - 1, 1, &last)) return false;
    *out = (int64_t)whole * 1000000000 +
           (behind == 9 ? (int64_t)(part * 10 + last) : (int64_t)part * scale[behind]);
    return true;
}

/* The shortest decimal that reads back to the same double, terminated; returns its length. NaN
 * gives "". */
enum { LUS_NUMBER_ROOM = 32 };
size_t lus_number_print(char out[LUS_NUMBER_ROOM], double value);

#endif
