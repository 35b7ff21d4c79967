#include "support/path.h"

#include <string.h>

const char *lus_path_beside(struct lus_arena *arena, const char *file, const char *named)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (named[0] == '/' || !slash) return named;
    return lus_arena_print(arena, "%.*s%s", (int)(slash + 1 - file), file, named);
}
