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

/* The shortest decimal that reads back to the same double, terminated; returns its length. NaN gives "". */
enum { LUS_NUMBER_ROOM = 32 };
size_t lus_number_print(char out[LUS_NUMBER_ROOM], double value);

#endif
