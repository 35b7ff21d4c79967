/* Rows of text: what libcsv (lax mode) says that bytes mean.
 *
 * Bytes that are well formed and have the header's number of fields in every row are only indexed
 * (index.h), and a field is made when it is asked for. All others are parsed by libcsv into arrays.
 * Both give the same texts. */
#ifndef LUS_READ_FIELDS_H
#define LUS_READ_FIELDS_H

#include <stdint.h>

#include "read/index.h"
#include "support/calendar.h"
#include "support/text.h"

#define LUS_TALLY_MAGIC "lustrum tally " /* the first bytes of counts, which tally/ reads */

enum { LUS_SAMPLED_TEXTS = 8 };
/* The columns of the files. A field is a column that somebody asked for: it is kept in each row. */
struct lus_header {
    const char *file; /* the first one, for messages */
    size_t n;
    char **names;
    const char *
        *labels;      /* by column: what a statistical file calls it besides, or ""; NULL: none */
    size_t *field_of; /* by column; SIZE_MAX: nobody asked */
    size_t n_fields;
    size_t *column_of; /* by field */
    /* what the first rows show (header.h); a recipe may say otherwise */
    enum lus_date_form *dates; /* by column */
    bool *repeats;             /* by column: values come again among the first rows */
    /* by column: whether the first rows hold a number; of what else they hold the first texts */
    struct lus_sampled {
        bool has_numbers;
        size_t n;
        struct lus_text texts[LUS_SAMPLED_TEXTS];
    } * sampled;
    bool has_decimal_commas;
    const char *notes; /* on how the files are read: sentences, or "" */
};
/* The field that keeps a column, from now on. */
static inline size_t lus_header_keep(struct lus_header *h, size_t column)
{
    if (h->field_of[column] == SIZE_MAX) {
        h->column_of[h->n_fields] = column;
        h->field_of[column] = h->n_fields++;
    }
    return h->field_of[column];
}

struct lus_format {
    char delimiter;
    bool no_quotes;
    const char *encoding;     /* as iconv(3) calls it; NULL: UTF-8, or by the file's mark */
    bool has_no_header;       /* the first line is a row */
    const char *const *names; /* n_names of columns, where there is no header; else column_1, ... */
    size_t n_names;
    const char *layout; /* file that says what the columns are; NULL: the text does */
    const char *skip;   /* lines that begin so, outside quotes, are comments; NULL: none */
    size_t n_columns;   /* of the header; 0 while it is being read itself */
    const struct lus_header *header; /* says which columns are kept; NULL: every one */
    lus_index_fn index;              /* NULL: libcsv alone */
};

/* A row whose number of fields is not the header's. */
struct lus_ragged {
    size_t row, n_columns;
};

/* The rows of some bytes. Texts point into the bytes or into the arena. */
struct lus_fields {
    const char *bytes;
    size_t n, room;   /* rows */
    uint64_t n_lines; /* line ends in the bytes */
    bool is_indexed;
    /* where is_indexed: row r begins at starts[r * stride], its column c at starts[r * stride +
     * c] */
    struct lus_index index;
    size_t stride;
    const size_t *column_of;
    struct lus_text **field; /* else: [n_fields][n] */
    size_t n_fields, field_room;
    size_t n_first;   /* fields of the first row, where the width is not known */
    uint32_t *row_at; /* offset of each row in bytes */
    LUS_ARRAY(struct lus_ragged) ragged;
    struct lus_arena arena;
    /* the bytes end within a quoted field that began on the row that starts at unclosed_at */
    bool is_unclosed;
    size_t unclosed_at;
};

/* One field of one row. */
static inline struct lus_text lus_field_at(const struct lus_fields *f, size_t field, size_t row)
{
    if (!f->is_indexed) return f->field[field][row];
    size_t column = f->column_of ? f->column_of[field] : field;
    const uint32_t *at = &f->index.starts[row * f->stride + column];
    const char *start = f->bytes + at[0], *end = f->bytes + at[1] - 1;
    /* without branches: whether a field is quoted is not to be guessed */
    end -= f->index.has_crs && column + 1 == f->stride ? end[-1] == '\r' : 0;
    size_t quote = f->index.has_quotes ? *start == '"' : 0;
    if (f->index.has_blanks && !quote) {
        while (start < end && (*start == ' ' || *start == '\t'))
            start++;
        while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
    }
    return (struct lus_text){start + quote, (size_t)(end - start) - 2 * quote};
}
/* Indexed, without quotes, CRs and blanks: nothing has to be taken off. */
static inline bool lus_fields_are_bare(const struct lus_fields *f)
{
    return f->is_indexed && !f->index.has_crs && !f->index.has_quotes && !f->index.has_blanks &&
           f->column_of;
}
static inline struct lus_text lus_bare_field_at(const struct lus_fields *f, size_t field,
                                                size_t row)
{
    const uint32_t *at = &f->index.starts[row * f->stride + f->column_of[field]];
    return (struct lus_text){f->bytes + at[0], at[1] - 1 - at[0]};
}
static inline size_t lus_row_at(const struct lus_fields *f, size_t row)
{
    return f->is_indexed ? f->index.starts[row * f->stride] : f->row_at[row];
}

/* Parses the rows of bytes[0, n), the last one too when is_end, where a quoted field that never
 * closes is told by is_unclosed. *used: where the first row that is not finished begins (n when
 * is_end). */
int lus_fields_parse(struct lus_fields *out, const struct lus_format *format, const char *bytes,
                     size_t n, bool is_end, size_t *used, struct lus_error *err) LUS_MUST_CHECK;
void lus_fields_free(struct lus_fields *out);

/* Writes a cell that reads back to the same text, of rows parted by commas. */
void lus_cell_put(struct lus_string *out, bool is_first, const char *text, size_t n);

/* Line ends (LF, CRLF or a lone CR) in bytes[0, n). */
uint64_t lus_count_lines(const char *bytes, size_t n);

#endif
