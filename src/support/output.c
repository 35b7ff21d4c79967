#include "support/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one thing here that a signal handler must reach: the name of the temporary file, set while it
 * exists. */
static char temporary[PATH_MAX];
static volatile sig_atomic_t has_temporary;

void lus_output_abandon(void)
{
    if (has_temporary) (void)unlink(temporary);
}

static int fail(const char *path, struct lus_error *err)
{
    return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
}

static int write_all(int fd, const char *path, const char *bytes, size_t n, struct lus_error *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t wrote = write(fd, bytes + done, n - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return fail(path, err);
        done += (size_t)wrote;
    }
    return LUS_OK;
}

static int write_through(const char *path, const char *bytes, size_t n, struct lus_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail(path, err);
    int status = write_all(fd, path, bytes, n, err);
    if (close(fd) != 0 && status == LUS_OK) status = fail(path, err);
    return status;
}

int lus_output_write(const char *path, const char *bytes, size_t n, struct lus_error *err)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return lus_fail(err, LUS_EIO, "%s: is a directory; a file to write is wanted", path);
    if (exists && !S_ISREG(st.st_mode)) return write_through(path, bytes, n, err);
    char resolved[PATH_MAX]; /* a link is followed, so that what it names is replaced */
    const char *target = exists && realpath(path, resolved) ? resolved : path;
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", target) >= (int)sizeof temporary)
        return lus_fail(err, LUS_EIO, "%s: the name is too long", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) return fail(path, err);
    has_temporary = 1;
    mode_t mask = umask(0);
    (void)umask(mask);
    int status = write_all(fd, path, bytes, n, err);
    if (status == LUS_OK && fchmod(fd, exists ? st.st_mode & 07777 : 0666 & ~mask) != 0)
        status = fail(path, err);
    if (status == LUS_OK && fsync(fd) != 0) status = fail(path, err);
    if (close(fd) != 0 && status == LUS_OK) status = fail(path, err);
    if (status == LUS_OK && rename(temporary, target) != 0) status = fail(path, err);
    if (status != LUS_OK) (void)unlink(temporary);
    has_temporary = 0;
    return status;
}
