#include "support/path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *lus_path_beside(struct lus_arena *arena, const char *file, const char *named)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (named[0] == '/' || !slash) return named;
    return lus_arena_print(arena, "%.*s%s", (int)(slash + 1 - file), file, named);
}

const char *lus_path_share(void)
{
    const char *own = getenv("LUSTRUM_SHARE");
    return own && *own ? own : LUS_SHARE;
}

const char *lus_path_find(struct lus_arena *arena, const char *named)
{
    static const char *const folders[] = {"", "lifetables/", "figures/", "recipes/", "reports/"};
    const char *share = lus_path_share();
    if (strchr(named, '/') || strcmp(named, "-") == 0 || access(named, F_OK) == 0) return named;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *path = lus_arena_print(arena, "%s/%s%s", share, folders[i], named);
        if (!path || access(path, F_OK) == 0) return path;
    }
    return named;
}
