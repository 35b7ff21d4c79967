/* The tidy table that every command makes, the seven formats that it is written in, and what of it
 * may be shown.
 *
 * A document owns its tables and notes. Building cannot fail half-way: running out of memory is
 * remembered, and lus_document_disclose and lus_document_write return it.
 *
 *     struct lus_document d;
 *     int status = lus_document_init(&d);
 *     lus_document_key(&d, LUS_KEY_ADDS_UP);
 *     const char *levels[] = {"2"};
 *     size_t grade_2 = lus_document_stratum(&d, &(struct lus_headcount){levels, 794, 262});
 *     struct lus_table *t = lus_document_table(&d, "rates", "");
 *     lus_table_column(&d, t, (struct lus_table_column){.name = "grade", .header = "Grade",
 *                                                       .role = LUS_ROLE_KEY});
 *     lus_table_column(&d, t, (struct lus_table_column){.name = "n", .header = "n",
 *                                                       .kind = LUS_COLUMN_COUNT,
 *                                                       .role = LUS_ROLE_COUNT});
 *     lus_table_row(&d, t, grade_2);
 *     lus_table_text(&d, t, "2");
 *     lus_table_number(&d, t, 794);
 *     lus_document_note(&d, lus_of_method(), "Kaplan-Meier estimate.");
 *     if (status == LUS_OK) status = lus_document_disclose(&d, 10, &err);
 *     if (status == LUS_OK)
 *         status = lus_document_write(&d, LUS_FORMAT_CSV, NULL, false, &text, &n, &err);
 *     lus_document_free(&d);
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

/* What a column tells of people, by which lus_document_disclose hides it. */
enum lus_role {
    LUS_ROLE_NONE,     /* nobody has said: hidden */
    LUS_ROLE_KEY,      /* names the row: strata, tests, figures; always shown */
    LUS_ROLE_ASKED,    /* was asked for, or comes of what was, such as a time; always shown */
    LUS_ROLE_COUNT,    /* people */
    LUS_ROLE_EVENTS,   /* those of them who die, or leave, or have a level */
    LUS_ROLE_ESTIMATE, /* made of both */
    LUS_ROLE_DATA,     /* the value of a single person, such as an example or the longest time */
};

struct lus_table_column {
    const char *name;   /* for machines: the contract's */
    const char *header; /* for people */
    enum lus_column_kind kind;
    enum lus_role role;
    int low, high; /* indices of its limits, shown to people in brackets behind it; 0: none */
    bool machines_only;
    bool is_step; /* counts since the row before: rows that are joined add it up */
};

struct lus_cell {
    double number;
    /* of a text column; else, where not NULL, what people see instead of the number */
    const char *text;
    /* of a text column: what stands here where the row's people are hidden; NULL: nothing */
    const char *discreet;
    enum lus_why why; /* why the number is NaN */
    bool is_few;      /* stands on fewer than 10 people: marked */
};

/* What the rows of a table are to each other. */
enum lus_rows {
    LUS_ROWS_APART,
    LUS_ROWS_SUM,      /* parts of one sum, with the strata: one that is hidden hides them all */
    LUS_ROWS_STEPS,    /* of a curve: joined until each counts enough; of hidden strata left out */
    LUS_ROWS_FINDINGS, /* that a row is there tells something: those of hidden strata left out */
};

/* The people behind rows and notes, by number: the strata of the document, or */
enum {
    LUS_UNSAID, /* nobody has said: hidden */
    LUS_NOBODY, /* nobody of the data: life tables, figures, names */
    LUS_FIRST_STRATUM
};
struct lus_headcount {
    /* by the document's keys; NULL: of none, so that nothing can be had of it by subtraction */
    const char *const *levels;
    double n, events; /* events: those who die, or have what is counted */
};

/* What the strata along one key are to each other. */
enum lus_key_kind {
    LUS_KEY_ADDS_UP,  /* parts of a whole: of one that is hidden the next smallest hides the size */
    LUS_KEY_OF_KNOWN, /* the same, but a missing level is not in the whole */
    LUS_KEY_OVERLAPS, /* people may be in several, and no whole is shown */
    LUS_KEY_SHARES,   /* the same, but shares of a whole that is shown: one hides all */
};

struct lus_table {
    const char *name, *title;
    enum lus_rows rows;
    size_t n_columns, n_rows;
    struct lus_table_column *columns;
    struct lus_cell *cells; /* row by row */
    size_t (*behind)[2];    /* by row: whose it is, of pairs both */
    size_t column_room, cell_room, n_cells, behind_room, n_behind;
};

/* What a note is about. */
enum lus_subject_kind {
    LUS_SUBJECT_METHOD,  /* how numbers are made; no people */
    LUS_SUBJECT_WARNING, /* what may be wrong with them */
    LUS_SUBJECT_COUNTS,  /* counts of people, or times of single ones */
    LUS_SUBJECT_STRATUM, /* what an estimate of a stratum lacks */
    LUS_SUBJECT_MARKS,   /* what the mark of a cell means */
};
struct lus_subject {
    enum lus_subject_kind kind;
    size_t stratum;
    const char *discreet; /* what may be said instead; NULL: nothing */
};
/* Always shown. */
static inline struct lus_subject lus_of_method(void)
{
    return (struct lus_subject){LUS_SUBJECT_METHOD, LUS_NOBODY, NULL};
}
/* Shown; where the stratum is hidden `discreet`. */
static inline struct lus_subject lus_of_warning(size_t stratum, const char *discreet)
{
    return (struct lus_subject){LUS_SUBJECT_WARNING, stratum, discreet};
}
/* Never shown under --suppress; where the stratum is not hidden `discreet`. */
static inline struct lus_subject lus_of_counts(size_t stratum, const char *discreet)
{
    return (struct lus_subject){LUS_SUBJECT_COUNTS, stratum, discreet};
}
/* Shown where the stratum is. */
static inline struct lus_subject lus_of_stratum(size_t stratum)
{
    return (struct lus_subject){LUS_SUBJECT_STRATUM, stratum, NULL};
}

/* Shown while a cell is marked. */
static inline struct lus_subject lus_of_marks(void)
{
    return (struct lus_subject){LUS_SUBJECT_MARKS, LUS_NOBODY, NULL};
}

struct lus_note {
    const char *text;
    struct lus_subject subject;
};

struct lus_document {
    struct lus_table **tables;
    size_t n_tables, n_notes;
    struct lus_note *notes;
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
LUS_API void lus_document_note(struct lus_document *d, struct lus_subject subject,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));
/* One more key of the strata, before the first of them. */
LUS_API void lus_document_key(struct lus_document *d, enum lus_key_kind key);
/* The number of a stratum more, whose levels are copied; strata of the same levels, one after the
 * other, are one cell. LUS_UNSAID where there is no memory. */
LUS_API size_t lus_document_stratum(struct lus_document *d, const struct lus_headcount *people);
LUS_API struct lus_table *lus_document_table(struct lus_document *d, const char *name,
                                             const char *title);
LUS_API const struct lus_table *lus_document_find(const struct lus_document *d, const char *name);

/* Columns first, then whose a row is and its cells from left to right, row after row. */
LUS_API void lus_table_column(struct lus_document *d, struct lus_table *t,
                              struct lus_table_column column);
LUS_API void lus_table_row(struct lus_document *d, struct lus_table *t, size_t stratum);
LUS_API void lus_table_row_of_pair(struct lus_document *d, struct lus_table *t, size_t first,
                                   size_t second);
LUS_API void lus_table_text(struct lus_document *d, struct lus_table *t, const char *text);
LUS_API void lus_table_number(struct lus_document *d, struct lus_table *t, double number);
LUS_API void lus_table_cell(struct lus_document *d, struct lus_table *t, struct lus_cell cell);

/* Hides what tells of fewer than `least` people: cells by the roles of their columns and the strata
 * of their rows, notes by their subjects.
 *   A stratum of fewer than `least` people is hidden, and along each key where those hidden are
 *   one, or fewer than `least` together, the next smallest. Its rows keep their keys and what was
 *   asked. Where fewer than `least` die or survive, events and estimates are hidden, and along each
 *   key the next fewest events in the same way.
 *   A count under `least` elsewhere is shown as "<least"; events under it hide their row's
 *   estimates.
 * least     below 1: nothing is done.
 * Returns   LUS_OK; LUS_ENOMEM, also of what the document remembers.
 * Checked   tests/unit/test_disclose.c, by hand. */
LUS_API int lus_document_disclose(struct lus_document *d, double least,
                                  struct lus_error *err) LUS_MUST_CHECK;

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
