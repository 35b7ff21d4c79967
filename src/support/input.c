#include "support/input.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The last ones that were opened; a program reads fewer. */
enum { MOST = 4096 };
struct one {
    dev_t device;
    ino_t inode;
};
static struct one files[MOST];
static size_t n_files;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_known(struct one file)
{
    for (size_t i = 0; i < n_files && i < MOST; i++)
        if (files[i].device == file.device && files[i].inode == file.inode) return true;
    return false;
}

/* --- where files may stand --- */

static const char *const *allowed;
static size_t n_allowed;

void lus_input_confine(const char *const *folders, size_t n)
{
    allowed = folders, n_allowed = n;
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    while (n && folder[n - 1] == '/')
        n--;
    return strncmp(path, folder, n) == 0 && (path[n] == '/' || !path[n]);
}

/* The kernel says where an open file is, whatever links led to it; one in memory is our own. */
static int check_place(int fd, const char *name, struct lus_error *err)
{
    char link[32], path[PATH_MAX];
    if (!n_allowed) return LUS_OK;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = 0;
    if (strncmp(path, "/memfd:", 7) == 0) return LUS_OK;
    for (size_t i = 0; i < n_allowed && *path; i++)
        if (is_below(path, allowed[i])) return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: stands outside %s, where a report may read; --allow DIR opens another "
                    "folder",
                    name, allowed[0]);
}

int lus_input_remember(int fd, const char *name, struct lus_error *err)
{
    struct stat st;
    LUS_TRY(check_place(fd, name, err));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return LUS_OK;
    struct one file = {st.st_dev, st.st_ino};
    (void)pthread_mutex_lock(&lock);
    if (!is_known(file)) files[n_files++ % MOST] = file;
    (void)pthread_mutex_unlock(&lock);
    return LUS_OK;
}

void lus_input_forget(void)
{
    (void)pthread_mutex_lock(&lock);
    n_files = 0;
    (void)pthread_mutex_unlock(&lock);
}

bool lus_input_was_read(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) return false;
    (void)pthread_mutex_lock(&lock);
    bool is_one = is_known((struct one){st.st_dev, st.st_ino});
    (void)pthread_mutex_unlock(&lock);
    return is_one;
}

/* --- whole files --- */

static int read_whole(const char *path, bool is_own, size_t most, struct lus_string *out,
                      struct lus_error *err)
{
    char piece[65536];
    FILE *f = fopen(path, "rb");
    if (!f && errno == ENOMEM) return lus_fail_memory(err);
    if (!f) return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
    int status = is_own ? LUS_OK : lus_input_remember(fileno(f), path, err);
    size_t before = out->n, n;
    while (status == LUS_OK && out->n - before < most && (n = fread(piece, 1, sizeof piece, f)) > 0)
        lus_string_add(out, piece, n);
    int failed = ferror(f) ? errno : 0;
    (void)fclose(f);
    if (status != LUS_OK) return status;
    if (failed == ENOMEM || out->failed) return lus_fail_memory(err);
    return failed ? lus_fail(err, LUS_EIO, "%s: %s", path, strerror(failed)) : LUS_OK;
}

int lus_file_read(const char *path, size_t most, struct lus_string *out, struct lus_error *err)
{
    return read_whole(path, false, most, out, err);
}

int lus_own_file_read(const char *path, size_t most, struct lus_string *out, struct lus_error *err)
{
    return read_whole(path, true, most, out, err);
}
