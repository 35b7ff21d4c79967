/* The tidy table that every command makes, and the seven formats that it is written in.
 *
 * A document owns its tables and notes. Building cannot fail half-way: running out of memory is
 * remembered, and lus_document_write returns it.
 */
#ifndef LUSTRUM_PRESENT_H
#define LUSTRUM_PRESENT_H

#include "lustrum/time.h"

enum lus_format_name {
    LUS_FORMAT_TEXT,
    LUS_FORMAT_CSV,
    LUS_FORMAT_TSV,
    LUS_FORMAT_JSON,
    LUS_FORMAT_MARKDOWN,
    LUS_FORMAT_LATEX,
    LUS_FORMAT_HTML
};

/* How a column is shown to people; machines get numbers. */
enum lus_column_kind {
    LUS_COLUMN_TEXT,
    LUS_COLUMN_COUNT,  /* people or weights */
    LUS_COLUMN_NUMBER, /* five significant digits */
    LUS_COLUMN_SHARE,  /* a probability: 27.3 % */
    LUS_COLUMN_TIME,   /* in the document's unit, four significant digits */
    LUS_COLUMN_P,      /* a p-value */
};

struct lus_table_column {
    const char *name;   /* for machines: the contract's */
    const char *header; /* for people */
    enum lus_column_kind kind;
    int low, high; /* indices of its limits, shown to people in brackets behind it; 0: none */
    bool machines_only;
};

struct lus_cell {
    double number;
    /* of a text column; else, where not NULL, what people see instead of the number */
    const char *text;
    enum lus_why why; /* why the number is NaN */
    bool is_few;      /* stands on fewer than 10 people: marked */
};

struct lus_table {
    const char *name, *title;
    size_t n_columns, n_rows;
    struct lus_table_column *columns;
    struct lus_cell *cells; /* row by row */
    size_t column_room, cell_room, n_cells;
};

struct lus_document {
    struct lus_table **tables;
    size_t n_tables, n_notes;
    const char **notes;
    const char *title, *source, *file, *origin, *measure;
    bool is_synthetic, failed;
    struct lus_document_memory *memory;
};

LUS_API int lus_document_init(struct lus_document *d) LUS_MUST_CHECK;
LUS_API void lus_document_free(struct lus_document *d);
/* Texts are copied. */
LUS_API const char *lus_document_text(struct lus_document *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A note; the same note twice is one. */
LUS_API void lus_document_note(struct lus_document *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
LUS_API struct lus_table *lus_document_table(struct lus_document *d, const char *name,
                                             const char *title);
LUS_API const struct lus_table *lus_document_find(const struct lus_document *d, const char *name);

/* Columns first, then cells from left to right, row after row. */
LUS_API void lus_table_column(struct lus_document *d, struct lus_table *t,
                              struct lus_table_column column);
LUS_API void lus_table_text(struct lus_document *d, struct lus_table *t, const char *text);
LUS_API void lus_table_number(struct lus_document *d, struct lus_table *t, double number);
LUS_API void lus_table_cell(struct lus_document *d, struct lus_table *t, struct lus_cell cell);

/* Writes into a buffer that the caller frees. table: csv and tsv, NULL for the first. has_color:
 * text only. */
LUS_API int lus_document_write(const struct lus_document *d, enum lus_format_name format,
                               const char *table, bool has_color, char **out, size_t *n,
                               struct lus_error *err) LUS_MUST_CHECK;
/* LUS_EUSAGE with the names that there are. */
LUS_API int lus_format_parse(const char *name, enum lus_format_name *out,
                             struct lus_error *err) LUS_MUST_CHECK;
/* csv and tsv hold one table, and no notes. */
LUS_API bool lus_format_is_one_table(enum lus_format_name format);

#endif
