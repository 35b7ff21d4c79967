/* Files of other kinds than text with delimiters: told by their first bytes, and turned into such
 * text, or named with the one command that converts them. */
#ifndef LUS_READ_CONVERT_H
#define LUS_READ_CONVERT_H

#include "read/fields.h"

/* What converting had to decide, for the note below a table. */
struct lus_conversion {
    int fd; /* open, at any place */
    const char *name;
    struct lus_string text;   /* what comes out: commas, a header, quotes where they are needed */
    struct lus_string notes;  /* sentences, each with a full stop */
    struct lus_string labels; /* what the columns are called besides, a line each; may be empty */
};

struct lus_kind {
    const char *name;   /* "a Stata data set" */
    const char *remedy; /* where it is not read: how it becomes what is */
    int (*convert)(struct lus_conversion *c, struct lus_error *err); /* or NULL */
};

enum { LUS_KIND_BYTES = 640 }; /* so many first bytes tell */
/* The kind of a file that begins with these bytes; NULL: text, as far as they tell. */
const struct lus_kind *lus_kind_of(const unsigned char *bytes, size_t n);

/* statistics.c: by ReadStat; values that have a label become it, dates become YYYY-MM-DD. */
int lus_convert_stata(struct lus_conversion *c, struct lus_error *err);
int lus_convert_sas(struct lus_conversion *c, struct lus_error *err);
int lus_convert_transport(struct lus_conversion *c, struct lus_error *err);
int lus_convert_spss(struct lus_conversion *c, struct lus_error *err);
int lus_convert_portable(struct lus_conversion *c, struct lus_error *err);
/* workbook.c: the first sheet. */
int lus_convert_workbook(struct lus_conversion *c, struct lus_error *err);

#endif
