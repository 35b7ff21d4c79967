#include "support/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/memory.h"

/*
 * What a signal handler must reach, and no caller can hand to it: the names of the temporary files
 * that there are. One place for each file that is being written, in a list that only grows: places
 * are used again and never freed, so that a walk needs no lock.
 *
 *   UNUSED ─▶ TAKEN ─▶ MAKING ─▶ THERE ─▶ UNUSED
 *
 * The handler calls nothing but poll and unlink and reads atomics, all of which a handler may do.
 * It finds every file: it says first that it has begun and walks then; who is MAKING either sees
 * that and makes nothing, or is waited for. The wait ends, since a thread that is MAKING has its
 * signals blocked and so is never the one that waits. A path changes in MAKING alone, and no longer
 * once the handler has begun: what it reads stands still.
 */
enum { UNUSED, TAKEN, MAKING, THERE };

struct temporary {
    struct temporary *next;
    atomic_int state;
    char path[PATH_MAX + 16];
};

static struct temporary *_Atomic temporaries;
static atomic_bool is_abandoned;

void lus_output_abandon(void)
{
    atomic_store(&is_abandoned, true);
    for (struct temporary *t = atomic_load(&temporaries); t; t = t->next) {
        while (atomic_load(&t->state) == MAKING)
            (void)poll(NULL, 0, 1);
        if (atomic_load(&t->state) == THERE) (void)unlink(t->path);
    }
}

static struct temporary *take_temporary(void)
{
    struct temporary *t = atomic_load(&temporaries);
    for (; t; t = t->next) {
        int unused = UNUSED;
        if (atomic_compare_exchange_strong(&t->state, &unused, TAKEN)) return t;
    }
    t = lus_alloc_zeroed(1, sizeof *t);
    if (!t) return NULL;
    atomic_store(&t->state, TAKEN);
    t->next = atomic_load(&temporaries);
    while (!atomic_compare_exchange_weak(&temporaries, &t->next, t)) {}
    return t;
}

/* A file of a name that was free, beside target. The mask of the process makes its mode, and asking
 * for the mask would mean to change it under other threads. */
static int open_new(struct temporary *t, const char *target, mode_t mode)
{
    enum { ATTEMPTS = 100 };
    int fd = -1;
    for (int i = 0; i < ATTEMPTS; i++) {
        uint64_t bits;
        if (getrandom(&bits, sizeof bits, 0) != sizeof bits) return -1;
        (void)snprintf(t->path, sizeof t->path, "%s.%08x", target, (unsigned)bits);
        fd = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EEXIST) break;
    }
    return fd;
}

static int make_temporary(struct temporary *t, const char *target, mode_t mode)
{
    sigset_t all, before;
    int fd = -1, error = EINTR;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    atomic_store(&t->state, MAKING);
    if (!atomic_load(&is_abandoned)) {
        fd = open_new(t, target, mode);
        error = errno;
    }
    atomic_store(&t->state, fd < 0 ? TAKEN : THERE);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return fd;
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
    if (exists && !realpath(path, resolved)) return fail(path, err);
    const char *target = exists ? resolved : path;
    if (strlen(target) >= PATH_MAX) return lus_fail(err, LUS_EIO, "%s: the name is too long", path);
    struct temporary *t = take_temporary();
    if (!t) return lus_fail_memory(err);
    int fd = make_temporary(t, target, exists ? 0600 : 0666);
    int status = fd < 0 ? fail(path, err) : write_all(fd, path, bytes, n, err);
    if (status == LUS_OK && exists && fchmod(fd, st.st_mode & 07777) != 0) status = fail(path, err);
    if (status == LUS_OK && fsync(fd) != 0) status = fail(path, err);
    if (fd >= 0 && close(fd) != 0 && status == LUS_OK) status = fail(path, err);
    if (status == LUS_OK && rename(t->path, target) != 0) status = fail(path, err);
    if (status != LUS_OK && fd >= 0) (void)unlink(t->path);
    atomic_store(&t->state, UNUSED);
    return status;
}
