#include "support/input.h"

#include <errno.h>
#include <stdio.h>

int lus_file_read(const char *path, size_t most, struct lus_string *out, struct lus_error *err)
{
    char piece[65536];
    FILE *f = fopen(path, "rb");
    if (!f && errno == ENOMEM) return lus_fail_memory(err);
    if (!f) return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
    size_t before = out->n, n;
    while (out->n - before < most && (n = fread(piece, 1, sizeof piece, f)) > 0)
        lus_string_add(out, piece, n);
    int failed = ferror(f) ? errno : 0;
    (void)fclose(f);
    if (failed == ENOMEM || out->failed) return lus_fail_memory(err);
    return failed ? lus_fail(err, LUS_EIO, "%s: %s", path, strerror(failed)) : LUS_OK;
}
