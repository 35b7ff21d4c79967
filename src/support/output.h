/* Writing a file whole or not at all. */
#ifndef LUS_SUPPORT_OUTPUT_H
#define LUS_SUPPORT_OUTPUT_H

#include <stddef.h>

#include "support/error.h"

/* Writes n bytes to path: into a temporary file beside it, which is then renamed; straight into it
 * where path is no regular file (a pipe, /dev/stdout). LUS_EIO, and the old file is as it was.
 * Threads may write at once. */
int lus_output_write(const char *path, const char *bytes, size_t n,
                     struct lus_error *err) LUS_MUST_CHECK;
/* Removes the temporary files of all writes under way; for a signal handler that then ends the
 * process: what is written afterwards fails. */
void lus_output_abandon(void);

#endif
