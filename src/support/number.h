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

/* A decimal number, all n bytes of it: [+-] digits [. digits] [e[+-]digits]. No inf, nan or hexadecimal.
 * The double is the nearest one. */
enum lus_number_status lus_number_parse(const char *p, size_t n, double *out);
/* The same text as a count of 1e-9: exact up to nine places, else half to even with *rounded set. */
enum lus_number_status lus_nano_parse(const char *p, size_t n, int64_t *out, bool *rounded);

/* One to eight digits from eight readable bytes, by their value as one word; false where any is no digit. */
static inline bool lus_digits_parse(const char *p, size_t n, uint64_t *out)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    if (n - 1 > 7) return false;
    __builtin_memcpy(&word, p, 8);
    word = (word << (64 - 8 * n)) | (n == 8 ? 0 : 0x3030303030303030ULL >> (8 * n)); /* zeros in front */
    if (((word + 0x4646464646464646ULL) | (word - 0x3030303030303030ULL)) & 0x8080808080808080ULL) return false;
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

/* The shortest decimal that reads back to the same double, terminated; returns its length. NaN gives "". */
enum { LUS_NUMBER_ROOM = 32 };
size_t lus_number_print(char out[LUS_NUMBER_ROOM], double value);

#endif
