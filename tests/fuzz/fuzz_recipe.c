/* libFuzzer: no recipe crashes the reader; one that is refused says so in one line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "recipe/recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char path[64];
    if (!*path) (void)snprintf(path, sizeof path, "/tmp/lustrum-fuzz-%d.yaml", (int)getpid());
    FILE *f = fopen(path, "wb");
    if (!f) return 0;
    (void)fwrite(data, 1, n, f);
    (void)fclose(f);
    struct lus_recipe recipe;
    struct lus_error err = LUS_ERROR_INIT;
    int status = lus_recipe_init(&recipe, &err);
    if (status == LUS_OK) status = lus_recipe_read(&recipe, path, &err);
    if (status != LUS_OK && (!*err.message || strchr(err.message, '\n'))) abort();
    lus_recipe_free(&recipe);
    (void)unlink(path);
    return 0;
}
