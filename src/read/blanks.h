/* Text whose fields are parted by runs of blanks. */
#ifndef LUS_READ_BLANKS_H
#define LUS_READ_BLANKS_H

#include "read/fields.h"
#include "read/stream.h"

/* Whether the first lines say so: no other delimiter, as many fields in each line (the first may
 * have one fewer), and somewhere two blanks together, or one at an end. is_end: the bytes are
 * all of the file. */
bool lus_are_blanks(const char *bytes, size_t n, bool is_end);
/* Turns an open stream, of which n bytes were read already, into one of fields parted by commas. */
int lus_blanks_apply(const char *read, size_t n, struct lus_stream *stream,
                     struct lus_error *err) LUS_MUST_CHECK;

#endif
