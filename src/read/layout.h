/* A layout: what a file's columns are, in a file of its own. Of two kinds, told by what they hold:
 * the dictionary that SEER*Stat writes beside an export (.dic), for text with delimiters, and a SAS
 * program whose INPUT statement names the places of fields in text of fixed width. */
#ifndef LUS_READ_LAYOUT_H
#define LUS_READ_LAYOUT_H

#include "read/stream.h"

struct lus_label {
    const char *code, *label;
    size_t order; /* of codes that come twice the first counts */
};
struct lus_layout_column {
    const char *name;
    size_t start, width; /* of fixed width: from 0, in bytes */
    size_t n_labels;     /* by code; codes without one stay */
    const struct lus_label *labels;
};

struct lus_layout {
    const char *path;
    bool is_fixed;      /* text of fixed width */
    bool has_header;    /* the first line names the columns */
    char delimiter;     /* 0: the text tells */
    bool has_labels;    /* codes become labels */
    const char **names; /* of the columns */
    size_t n;
    struct lus_layout_column *columns;
    struct lus_arena arena;
};

/* Reads a layout. LUS_EIO; LUS_EDATA where it names no column, or in a way that is not read, with
 * the line. Free it on failure too. */
int lus_layout_read(const char *path, struct lus_layout *out, struct lus_error *err) LUS_MUST_CHECK;
/* Turns an open stream of text of fixed width, or of codes that have labels, into one of fields
 * parted by commas, without a header; any other stays as it is. */
int lus_layout_apply(const struct lus_layout *layout, struct lus_stream *stream,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_layout_free(struct lus_layout *layout);

#endif
