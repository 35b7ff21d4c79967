/* Paths that files name. */
#ifndef LUS_SUPPORT_PATH_H
#define LUS_SUPPORT_PATH_H

#include "support/memory.h"

/* A path that a file names, as seen from where the file is: NULL stands for no file, and then, and
 * where it is absolute, it is as named. NULL where memory cannot be had. */
const char *lus_path_beside(struct lus_arena *arena, const char *file, const char *named);
/* Where what comes with the program is installed: LUSTRUM_SHARE, else share/lustrum under the
 * prefix, else beside the folder that the program is in. */
const char *lus_path_share(void);
/* A file by its name: where it is, or where what comes with the program is installed
 * (LUSTRUM_SHARE, else share/lustrum under the prefix) when no such file is in the way. NULL where
 * memory cannot be had; a name that is nowhere is as it was. */
const char *lus_path_find(struct lus_arena *arena, const char *named);

#endif
