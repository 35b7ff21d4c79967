/* Files that are read: a small one whole; and which they were, so that none is written over. */
#ifndef LUS_SUPPORT_INPUT_H
#define LUS_SUPPORT_INPUT_H

#include <stdbool.h>

#include "support/error.h"
#include "support/text.h"

/* Appends a file of at most `most` bytes; what is beyond is not read. LUS_EIO with the path. */
int lus_file_read(const char *path, size_t most, struct lus_string *out,
                  struct lus_error *err) LUS_MUST_CHECK;

/* Likewise one that the program itself has had made: an input of nobody. */
int lus_own_file_read(const char *path, size_t most, struct lus_string *out,
                      struct lus_error *err) LUS_MUST_CHECK;

/* Remembers that an open file is read: LUS_EDATA where reading is confined and it stands elsewhere,
 * by whatever name or link. Every file that is read passes here. Any thread. */
int lus_input_remember(int fd, const char *name, struct lus_error *err) LUS_MUST_CHECK;
/* Whether a path is one of those, by whatever name or link. */
bool lus_input_was_read(const char *path);
/* As if none had been read. */
void lus_input_forget(void);
/* From now on only files below one of n folders are read (their real paths, which outlive the
 * reading); n 0: any. */
void lus_input_confine(const char *const *folders, size_t n);

#endif
