/* The tidy table that every command makes, the seven formats that it is written in, and what of it
 * may be shown.
 *
 * A document owns its tables and notes. Building cannot fail half-way: running out of memory is
 * remembered, and lus_document_disclose and lus_document_write return it.
 *
 *     struct lus_document d;
 *     if (lus_document_init(&d) != LUS_OK) return 1;
 *     lus_document_key(&d, LUS_KEY_ADDS_UP);
 *     const char *levels[] = {"2"};
 *     size_t grade_2 = lus_document_stratum(&d, &(struct lus_headcount){levels, 794, 262});
 *     struct lus_table_column grade = {.name = "grade", .header = "Grade", .role = LUS_ROLE_KEY};
 *     struct lus_table_column people = {.name = "n", .header = "n", .role = LUS_ROLE_COUNT};
 *     people.kind = LUS_COLUMN_COUNT;
 *     struct lus_table *t = lus_document_table(&d, "rates", "");
 *     lus_table_column(&d, t, grade);
 *     lus_table_column(&d, t, people);
 *     lus_table_row(&d, t, grade_2);
 *     lus_table_text(&d, t, "2");
 *     lus_table_number(&d, t, 794);
 *     const struct lus_writer *csv;
 *     char *text;
 *     size_t n;
 *     int status = lus_writer_find("csv", &csv, &err);
 *     if (status == LUS_OK) status = lus_document_disclose(&d, 10, &err);
 *     if (status == LUS_OK) status = lus_document_write(&d, csv, NULL, false, &text, &n, &err);
 *     if (status == LUS_OK) printf("%s", text), free(text);
 *     lus_document_free(&d);
 *
 * prints `grade,n
 * 2,794`.
 */
#ifndef LUSTRUM_PRESENT_H
#define LUSTRUM_PRESENT_H

#include "lustrum/time.h"

/* How a column is shown to people; machines get numbers. */
enum lus_column_kind {
    LUS_COLUMN_TEXT,
    LUS_COLUMN_COUNT,  /* people or weights */
    LUS_COLUMN_NUMBER, /* five significant digits */
    LUS_COLUMN_SHARE,  /* a probability: 27.3 % */
    LUS_COLUMN_TIME,   /* in the document's unit, four significant digits */
    LUS_COLUMN_P,      /* a p-value */
    LUS_COLUMN_RATIO,  /* of hazards or probabilities: 1.57, 0.042, 12.3 */
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
    const char *brief; /* of a text column: what people see instead of the text; NULL: the text */
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
    /* where numbers come from, beside those; NULL: nobody has said */
    const char *sha256, *where, *command, *life_table, *provenance; /* provenance: in a sentence */
    /* what charts say of the data and of how numbers were made; NULL and 0 where nobody has said */
    const char *data_title, *estimator, *transform, *period, *years;
    const char *people;            /* women, men or people */
    double conf_level, given;      /* given: in the unit of times */
    enum lus_unit unit, axis_unit; /* of times, and of an axis of them */
    bool has_entry, from_landmark, is_relative;
    bool is_synthetic, failed;
    size_t width; /* of text, in columns; 0: 80 */
    struct lus_document_memory *memory;
};

/* An empty document, to be freed with lus_document_free.
 * Returns   LUS_OK; LUS_ENOMEM, after which nothing may be added to it.
 * Checked   tests/unit/test_document.c. */
LUS_API int lus_document_init(struct lus_document *d) LUS_MUST_CHECK;
LUS_API void lus_document_free(struct lus_document *d);
/* A text that lives as long as the document, "" where there is no memory.
 * Checked   tests/unit/test_disclose.c, through lus_document_disclose. */
LUS_API const char *lus_document_text(struct lus_document *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A note on a subject, shown to people without control characters; the same text twice is one note.
 * Checked   tests/unit/test_disclose.c. */
LUS_API void lus_document_note(struct lus_document *d, struct lus_subject subject,
                               const char *format, ...) __attribute__((format(printf, 3, 4)));
/* One more key of the strata, before the first of them.
 * Checked   tests/unit/test_disclose.c. */
LUS_API void lus_document_key(struct lus_document *d, enum lus_key_kind key);
/* The number of a stratum more, whose levels are copied; strata of the same levels, one after the
 * other, are one cell. LUS_UNSAID where there is no memory.
 * Checked   tests/unit/test_disclose.c. */
LUS_API size_t lus_document_stratum(struct lus_document *d, const struct lus_headcount *people);
/* One more table, which the document owns. name and title are not copied. NULL where there is no
 * memory, which the functions below take.
 * Checked   tests/unit/test_document.c. */
LUS_API struct lus_table *lus_document_table(struct lus_document *d, const char *name,
                                             const char *title);
/* The first table of a name; NULL where there is none.
 * Checked   tests/cli/errors.tests, as --table. */
LUS_API const struct lus_table *lus_document_find(const struct lus_document *d, const char *name);

/* Building a table: its columns first (lus_table_column); then for each row whose it is
 * (lus_table_row, or lus_table_row_of_pair where two strata are compared) and its cells from left
 * to right (lus_table_text, lus_table_number, lus_table_cell). Texts are not copied: they live as
 * long as the document (lus_document_text).
 * stratum   by lus_document_stratum, or LUS_NOBODY.
 * Checked   tests/unit/test_document.c, tests/unit/test_disclose.c, by hand. */
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
 * Checked   tests/unit/test_disclose.c, by hand; tests/property/suppress.pl. */
LUS_API int lus_document_disclose(struct lus_document *d, double least,
                                  struct lus_error *err) LUS_MUST_CHECK;

struct lus_string;
struct lus_writing;
/* A format that documents are written in: one row of the table that options take its name from.
 * Another one is another row (src/present/writers.c). */
struct lus_writer {
    const char *name;  /* "csv" */
    bool is_one_table; /* without notes */
    void (*write)(struct lus_string *out, const struct lus_document *d,
                  const struct lus_writing *how);
};
/* Ended by a row without a name; the first, text, is the default. */
LUS_API extern const struct lus_writer lus_writers[];
/* The writer of that name; NULL: the default.
 * Returns   LUS_OK; LUS_EUSAGE with the names that there are in err.
 * Checked   tests/unit/test_document.c. */
LUS_API int lus_writer_find(const char *name, const struct lus_writer **out,
                            struct lus_error *err) LUS_MUST_CHECK;
/* Writes a document into a buffer of n bytes, which the caller frees with free.
 * table     of formats of one table: its name; NULL: the first.
 * has_color text only: for a terminal.
 * out, n    as they were on error.
 * Returns   LUS_OK; LUS_EUSAGE where there is no such table; LUS_ENOMEM, also of what the document
 *           remembers.
 * Checked   tests/unit/test_document.c, by hand. */
LUS_API int lus_document_write(const struct lus_document *d, const struct lus_writer *writer,
                               const char *table, bool has_color, char **out, size_t *n,
                               struct lus_error *err) LUS_MUST_CHECK;

#endif
