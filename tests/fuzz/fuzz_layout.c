/* libFuzzer: no layout crashes its reader, and no text the layout that is applied to it. The bytes
 * up to the first FF are the layout. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "read/layout.h"

/* A file of these bytes that a path names. */
static int file_of(const uint8_t *data, size_t n, char path[32])
{
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, data, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0) abort();
    (void)snprintf(path, 32, "/dev/fd/%d", fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *mark = n ? memchr(data, 0xff, n) : NULL;
    size_t first = mark ? (size_t)(mark - data) : n;
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_layout layout;
    struct lus_stream stream = {.fd = -1};
    char path[32], text[32];
    int of_layout = file_of(data, first, path),
        of_text = file_of(mark ? mark + 1 : data, mark ? n - first - 1 : 0, text);
    if (lus_layout_read(path, &layout, &err) == LUS_OK) {
        if (!layout.n || !layout.names[layout.n - 1]) abort();
        if (lus_stream_open(&stream, text, NULL, &err) == LUS_OK)
            (void)lus_layout_apply(&layout, &stream, &err);
        lus_stream_close(&stream);
    }
    lus_layout_free(&layout);
    (void)close(of_layout), (void)close(of_text);
    return 0;
}
