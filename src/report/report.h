/* Within report: a source in pieces, commands that are run once each, values of their tables. */
#ifndef LUS_REPORT_REPORT_H
#define LUS_REPORT_REPORT_H

#include "command/command.h"

/* What a piece of a source is. */
enum lus_piece_kind {
    LUS_PIECE_TEXT,   /* Markdown as it is */
    LUS_PIECE_BLOCK,  /* ```lustrum: a table or a chart */
    LUS_PIECE_VALUE,  /* {{command : column}} */
    LUS_PIECE_ASSERT, /* {{assert command : column > column}} */
    LUS_PIECE_IF,     /* {{if file has name}} */
    LUS_PIECE_ELSE,
    LUS_PIECE_END, /* {{end}} of if or box */
    LUS_PIECE_BOX,
    LUS_PIECE_GLOSSARY,
    LUS_PIECE_SOURCES /* {{sources file,...}}: of the figures */
};

struct lus_piece {
    enum lus_piece_kind kind;
    size_t line;         /* from 1 */
    const char *text;    /* Markdown; a command; the file of an if; files of sources */
    const char *after;   /* of a value and an assertion what is asked; the name of an if */
    const char *caption; /* of a block; "" where there is none */
    size_t run;          /* of block, value, assertion and if */
};

/* A command, and what came of it. */
struct lus_run {
    const char *text; /* "rates women.csv --at 5y" */
    size_t line;      /* where it stands first */
    bool is_narrow;   /* a chart for a phone */
    const struct lus_command *command;
    const char *table; /* the only one that is shown; NULL: all */
    struct lus_options options;
    struct lus_arena arena;
    struct lus_result result;
    char *bytes; /* HTML of tables, or an SVG */
    size_t n;
    char *csv; /* the numbers of a chart or table */
    size_t n_csv;
    int status;
    struct lus_error err;
};

struct lus_report {
    struct lus_arena arena;
    const char *path, *title; /* of the source */
    const char *output;       /* NULL: standard output */
    bool is_markdown;         /* as its ending says */
    LUS_ARRAY(struct lus_piece) pieces;
    LUS_ARRAY(struct lus_run) runs;
    LUS_ARRAY(size_t) images; /* runs of charts, in the order of the page; of Markdown */
    size_t n_sources;         /* lists of sources so far */
};

/* source.c: the pieces of a source's text. LUS_EDATA at path:line. */
int lus_source_split(struct lus_report *r, const char *text, struct lus_error *err) LUS_MUST_CHECK;
/* "path:line: message" */
int lus_report_fail(const struct lus_report *r, size_t line, struct lus_error *err,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* runs.c: runs all commands, several at once; the first that fails by its line. */
int lus_report_run(struct lus_report *r, size_t n_threads, struct lus_error *err) LUS_MUST_CHECK;
void lus_run_free(struct lus_run *run);
/* Words as a shell parts them: blanks, '...' and "...". */
int lus_words_split(struct lus_arena *arena, const char *text, char ***words, size_t *n,
                    struct lus_error *err) LUS_MUST_CHECK;

/* value.c: one value of a command's tables in words: "survival of 100, HR+/HER2+". */
int lus_report_value(struct lus_report *r, const struct lus_piece *p, const char **out,
                     struct lus_error *err) LUS_MUST_CHECK;
/* LUS_EDATA where what is asserted is not borne out. */
int lus_report_assert(struct lus_report *r, const struct lus_piece *p,
                      struct lus_error *err) LUS_MUST_CHECK;
/* Whether the data or the recipe of an {{if}} have a column or factor of that name. */
bool lus_report_has(const struct lus_report *r, const struct lus_piece *p);

/* page.c: the whole page. */
int lus_report_page(struct lus_report *r, struct lus_string *out,
                    struct lus_error *err) LUS_MUST_CHECK;
/* markdown.c: a block as Markdown; charts become images, which the last call writes. */
int lus_report_block_markdown(struct lus_report *r, struct lus_string *out,
                              const struct lus_piece *piece, size_t n_table,
                              struct lus_error *err) LUS_MUST_CHECK;
int lus_report_write_images(const struct lus_report *r, struct lus_error *err) LUS_MUST_CHECK;
/* words.c: what {{glossary}} and {{sources}} become: Markdown or HTML. */
int lus_report_glossary(struct lus_report *r, struct lus_string *out,
                        struct lus_error *err) LUS_MUST_CHECK;
int lus_report_sources(struct lus_report *r, const struct lus_piece *p, struct lus_string *out,
                       struct lus_error *err) LUS_MUST_CHECK;
/* Opens the frame of a wide table, of a name that no other has: "table 3". </div> ends it. */
void lus_report_open_scroll(struct lus_string *out, const char *what, size_t i);
/* fresh.c: a first source for a file of patients. */
int lus_report_fresh(const char *file, struct lus_string *out,
                     struct lus_error *err) LUS_MUST_CHECK;

#endif
