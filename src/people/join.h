/* A table of the same patients, whose columns are put beside the file's own. */
#ifndef LUS_PEOPLE_JOIN_H
#define LUS_PEOPLE_JOIN_H

#include "people/files.h"

/* Reads the rows of the files' reader, puts beside each the row of `path` that has the same value
 * in the column `by`, and makes the reader one of the joined rows. format: of the files, for the
 * other table's encoding. LUS_EDATA where a patient has several rows there and keep does not
 * choose. */
int lus_files_join(struct lus_files *files, const char *path, const char *by,
                   enum lus_join_keep keep, const struct lus_format *format,
                   struct lus_error *err) LUS_MUST_CHECK;

#endif
