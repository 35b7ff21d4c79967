/* The header of a file: where it stands, which columns it names, and what the first rows below it
 * show of how values are written.
 *
 *     mark, blank lines, comments ─▶ the names ─▶ rows that only explain them ─▶ the first patient
 */
#ifndef LUS_READ_HEADER_H
#define LUS_READ_HEADER_H

#include "read/source.h"

/* Reads a file's header from the front of its carry, and takes it off. The first file's becomes the
 * source's; another one must be the same. LUS_EDATA where it cannot be read. */
int lus_header_read(struct lus_source *source, struct lus_source_file *file,
                    struct lus_error *err) LUS_MUST_CHECK;

/* sample.c: sees in the first rows how values are written and whether they come again; sorts the
 * rows' columns. A sentence for the notes where it had to decide. LUS_ENOMEM. */
int lus_sample_look(struct lus_header *header, char delimiter, struct lus_fields *rows,
                    struct lus_arena *arena, struct lus_string *notes) LUS_MUST_CHECK;

#endif
