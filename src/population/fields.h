/* Rows of text: what libcsv (lax mode) says that bytes mean. */
#ifndef LUS_POPULATION_FIELDS_H
#define LUS_POPULATION_FIELDS_H

#include <stdint.h>

#include "support/text.h"

struct lus_format {
    char delimiter;
    bool no_quotes;
    const char *skip;  /* lines that begin so, outside quotes, are comments; NULL: none */
    size_t n_columns;  /* of the header; 0 while it is being read itself */
    size_t *wanted;    /* by column: index of the field that keeps it, or SIZE_MAX; NULL: keep every column */
    size_t n_fields;   /* kept in each row */
};

/* A row whose number of fields is not the header's. */
struct lus_ragged {
    size_t row, n_columns;
};

/* The rows of some bytes, by columns. Texts point into the bytes or into the arena. */
struct lus_fields {
    const char *bytes;
    size_t n, room;          /* rows */
    struct lus_text **field; /* [n_fields][n] */
    size_t n_fields;
    uint32_t *row_at;        /* offset of each row in bytes */
    LUS_ARRAY(struct lus_ragged) ragged;
    struct lus_arena arena;
    bool is_unclosed;        /* the bytes end within a quoted field that began on the row that starts at unclosed_at */
    size_t unclosed_at;
};

/* Parses the rows of bytes[0, n), the last one too when is_end, where a quoted field that never closes is told by
 * is_unclosed. *used: where the first row that is not finished begins (n when is_end). */
int lus_fields_parse(struct lus_fields *out, const struct lus_format *format, const char *bytes, size_t n, bool is_end,
                     size_t *used, struct lus_error *err) LUS_MUST_CHECK;
void lus_fields_free(struct lus_fields *out);

/* Line ends (LF, CRLF or a lone CR) in bytes[0, n). */
uint64_t lus_count_lines(const char *bytes, size_t n);

#endif
