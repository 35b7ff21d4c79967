/* Whether the scanner (every path) and libcsv read the same rows from the same bytes. */
#ifndef LUS_SAME_FIELDS_H
#define LUS_SAME_FIELDS_H

#include <stdio.h>
#include <stdlib.h>

#include "read/fields.h"

static inline int same_result(const struct lus_fields *a, size_t used_a, const struct lus_fields *b,
                              size_t used_b, size_t n_columns, char *said, size_t room)
{
    if (a->n != b->n || used_a != used_b || a->is_unclosed != b->is_unclosed ||
        a->n_lines != b->n_lines || a->ragged.n != b->ragged.n) {
        (void)snprintf(said, room,
                       "rows %zu and %zu, used %zu and %zu, unclosed %d and %d, lines %llu and "
                       "%llu, ragged %zu and %zu",
                       a->n, b->n, used_a, used_b, a->is_unclosed, b->is_unclosed,
                       (unsigned long long)a->n_lines, (unsigned long long)b->n_lines, a->ragged.n,
                       b->ragged.n);
        return 0;
    }
    for (size_t row = 0; row < a->n; row++) {
        if (lus_row_at(a, row) != lus_row_at(b, row)) {
            (void)snprintf(said, room, "row %zu at %zu and %zu", row, lus_row_at(a, row),
                           lus_row_at(b, row));
            return 0;
        }
        for (size_t c = 0; c < n_columns; c++)
            if (!lus_text_equal(lus_field_at(a, c, row), lus_field_at(b, c, row))) {
                (void)snprintf(said, room, "row %zu, column %zu differ", row, c);
                return 0;
            }
    }
    return 1;
}

/* 1 where they agree; else said tells. The bytes are read as a whole, and cut at `cut` as if more
 * came. */
static inline int same_fields(const unsigned char *bytes, size_t n, char delimiter,
                              size_t n_columns, size_t cut, int no_quotes, char *said, size_t room)
{
    static const char *const paths[] = {"scalar", "avx2", "avx512"};
    char *padded = calloc(n + 128, 1);
    struct lus_fields reference = {0}, scanned = {0};
    struct lus_error err = LUS_ERROR_INIT;
    int same = padded != NULL;
    if (padded && n) memcpy(padded, bytes, n);
    for (int is_end = 0; is_end < 2 && same; is_end++)
        for (size_t path = 0; path < 3 && same; path++) {
            size_t length = is_end ? n : cut < n ? cut : n, used_a, used_b;
            if (memchr(padded, 0, length)) continue; /* a NUL is an error before either is asked */
            struct lus_format format = {
                .delimiter = delimiter, .no_quotes = no_quotes != 0, .n_columns = n_columns};
            if (lus_fields_parse(&reference, &format, padded, length, is_end, &used_a, &err) !=
                LUS_OK)
                break;
            (void)setenv("LUSTRUM_CPU", paths[path], 1);
            format.index = lus_index_choose();
            if (lus_fields_parse(&scanned, &format, padded, length, is_end, &used_b, &err) !=
                LUS_OK)
                break;
            same = same_result(&reference, used_a, &scanned, used_b, n_columns, said, room);
        }
    lus_fields_free(&reference), lus_fields_free(&scanned);
    free(padded);
    return same;
}

#endif
