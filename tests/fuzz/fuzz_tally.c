/* libFuzzer: no bytes crash the reader of tallies, and a tally that is read is written as it was
 * read. The checksum is set right, so that what stands behind it is reached. */
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lustrum/tally.h"

/* The same bytes with the checksum of those before it. */
static int file_of(const char *data, size_t n, char path[32])
{
    unsigned char digest[SHA256_DIGEST_SIZE] = {0};
    size_t end = n > sizeof digest ? n - sizeof digest : 0;
    int fd = memfd_create("fuzz", 0);
    struct sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, end, (const uint8_t *)data);
    sha256_digest(&hash, sizeof digest, digest);
    if (fd < 0 || write(fd, data, end) != (ssize_t)end ||
        write(fd, digest, sizeof digest) != (ssize_t)sizeof digest || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    (void)snprintf(path, 32, "/dev/fd/%d", fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_tally tally, again;
    char path[32], other[32], *first = NULL, *second = NULL;
    const char *paths[] = {path}, *others[] = {other};
    size_t n_first = 0, n_second = 0;
    int fd = file_of((const char *)data, n, path);
    if (lus_tally_file_read(paths, 1, &tally, &err) == LUS_OK) {
        if (lus_tally_write(&tally, &first, &n_first, &err) == LUS_OK) {
            int copy = file_of(first, n_first, other);
            if (lus_tally_file_read(others, 1, &again, &err) != LUS_OK) abort();
            if (lus_tally_write(&again, &second, &n_second, &err) != LUS_OK) abort();
            if (n_first != n_second || memcmp(first, second, n_first) != 0) abort();
            lus_tally_free(&again);
            (void)close(copy);
        }
        lus_tally_free(&tally);
    }
    free(first), free(second);
    (void)close(fd);
    return 0;
}
