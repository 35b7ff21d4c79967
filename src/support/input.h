/* Files that are read: a small one whole; and which they were, so that none is written over. */
#ifndef LUS_SUPPORT_INPUT_H
#define LUS_SUPPORT_INPUT_H

#include <stdbool.h>

#include "support/text.h"

/* Appends a file of at most `most` bytes; what is beyond is not read. LUS_EIO with the path. */
int lus_file_read(const char *path, size_t most, struct lus_string *out,
                  struct lus_error *err) LUS_MUST_CHECK;

/* Remembers that an open file is read; whether a path is one of those, by whatever name or link.
 * Any thread. */
void lus_input_remember(int fd);
bool lus_input_was_read(const char *path);

#endif
