/* Reading a small file whole. */
#ifndef LUS_SUPPORT_INPUT_H
#define LUS_SUPPORT_INPUT_H

#include "support/text.h"

/* Appends a file of at most `most` bytes; what is beyond is not read. LUS_EIO with the path. */
int lus_file_read(const char *path, size_t most, struct lus_string *out,
                  struct lus_error *err) LUS_MUST_CHECK;

#endif
