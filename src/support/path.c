#include "support/path.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *lus_path_beside(struct lus_arena *arena, const char *file, const char *named)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (named[0] == '/' || !slash) return named;
    return lus_arena_print(arena, "%.*s%s", (int)(slash + 1 - file), file, named);
}

/* share/lustrum beside the program's own bin, for a tree that was put elsewhere than it was built
 * for. */
static char beside_program[PATH_MAX + 32];

static void find_beside_program(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash) *slash = 0;
    int length = snprintf(beside_program, sizeof beside_program, "%s/../share/lustrum", self);
    if (!slash || length < 0 || (size_t)length >= sizeof beside_program ||
        access(beside_program, R_OK | X_OK) != 0)
        *beside_program = 0;
}

const char *lus_path_share(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *own = getenv("LUSTRUM_SHARE");
    if (own && *own) return own;
    (void)pthread_once(&once, find_beside_program);
    return access(LUS_SHARE, F_OK) != 0 && *beside_program ? beside_program : LUS_SHARE;
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
