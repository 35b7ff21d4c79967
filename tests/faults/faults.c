/*
 * Fails the n-th allocation of a program, for n = 1, 2, ... until a run has no n-th one: whatever
 * fails, the run must end as if nothing had (the same exit code, bytes and notes), or with exit
 * code 1, one line on standard error that says memory, the old output file, nothing left behind
 * and nothing leaked.
 *
 * Loaded before the C library (LD_PRELOAD) it fails allocations of the program and of all
 * libraries, and keeps an account of what is not freed. Linked to the program with -DFAULTS_WRAPPED
 * and --wrap it fails those of the program alone, and leaves the account to a sanitizer. Either
 * way the constructor below forks a run for each n, so that a run costs no start of a program.
 *
 * The current folder is the runs' own. In the environment:
 *   FAULTS_INPUT   what is given as standard input
 *   FAULTS_OUTPUT  a file that the run writes: old or new as a whole
 *   FAULTS_CODE    the exit code of a run in which nothing fails (0)
 *   FAULTS_STAYS   1: all later allocations fail, too
 *   FAULTS_STEP    only each such n (1)
 *   FAULTS_ONLY    only this n, with the places of the failure
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 20, MOST_CALLERS = 512, MOST_BLOCKS = 1 << 14, MOST_BAD = 5, ROOM = 4 << 20 };

/* Who asked for blocks that stood when a run ended, and how many. */
struct caller {
    uintptr_t at;
    long n;
};

/* What a run tells the process that watches it. */
static struct told {
    atomic_long count; /* of allocations so far */
    char folder[64];   /* the last one that mkdtemp made */
    size_t n_callers;
    struct caller callers[MOST_CALLERS];
} * told;

static long fails_at;
static bool is_on, stays, is_shown;

static bool fails(void)
{
    if (!is_on) return false;
    long n = atomic_fetch_add(&told->count, 1) + 1;
    if (n != fails_at && !(stays && fails_at && n > fails_at)) return false;
    if (is_shown && n == fails_at) {
        void *places[24];
        is_on = false;
        int depth = backtrace(places, 24);
        backtrace_symbols_fd(places, depth, STDERR_FILENO);
        is_on = true;
    }
    errno = ENOMEM;
    return true;
}

#ifdef FAULTS_WRAPPED

#define NAME(f) __wrap_##f
#define REAL(f) __real_##f
void *REAL(malloc)(size_t n);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *old, size_t n);
void *REAL(mmap)(void *at, size_t n, int protection, int flags, int fd, off_t offset);
char *REAL(mkdtemp)(char *template);
int REAL(pthread_create)(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *x);
#define KEEP(block) (block)
#define GIVE_UP(block) (void)(block)

#else

#define NAME(f) f
#define REAL(f) real_##f
extern void *__libc_malloc(size_t n), *__libc_calloc(size_t n, size_t size),
    *__libc_realloc(void *old, size_t n), __libc_free(void *block);
#define real_malloc __libc_malloc
#define real_calloc __libc_calloc
#define real_realloc __libc_realloc
static void *(*real_mmap)(void *at, size_t n, int protection, int flags, int fd, off_t offset);
static char *(*real_mkdtemp)(char *template);
static int (*real_pthread_create)(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *),
                                  void *x);

/* The blocks that stand: open addressing, a freed one leaves a mark. */
static struct block {
    void *at;
    uintptr_t caller;
} * blocks;
static atomic_flag is_locked = ATOMIC_FLAG_INIT;
static void *const FREED = (void *)1;

static size_t slot_of(const void *block)
{
    size_t slot = ((uintptr_t)block >> 4) * 2654435761u % MOST_BLOCKS;
    while (blocks[slot].at && blocks[slot].at != block)
        slot = (slot + 1) % MOST_BLOCKS;
    return slot;
}

static void *keep(void *block, void *caller)
{
    if (!is_on || !block) return block;
    while (atomic_flag_test_and_set(&is_locked)) {}
    size_t slot = ((uintptr_t)block >> 4) * 2654435761u % MOST_BLOCKS;
    while (blocks[slot].at && blocks[slot].at != FREED)
        slot = (slot + 1) % MOST_BLOCKS;
    blocks[slot] = (struct block){block, (uintptr_t)caller};
    atomic_flag_clear(&is_locked);
    return block;
}

static void give_up(void *block)
{
    if (!is_on || !block) return;
    while (atomic_flag_test_and_set(&is_locked)) {}
    size_t slot = slot_of(block);
    if (blocks[slot].at) blocks[slot].at = FREED;
    atomic_flag_clear(&is_locked);
}

#define KEEP(block) keep(block, __builtin_return_address(0))
#define GIVE_UP(block) give_up(block)

void free(void *block)
{
    GIVE_UP(block);
    __libc_free(block);
}

/* The end of a run: the account. */
__attribute__((destructor)) static void account(void)
{
    if (!is_on) return;
    is_on = false;
    for (size_t i = 0; i < MOST_BLOCKS; i++) {
        if (!blocks[i].at || blocks[i].at == FREED) continue;
        size_t k = 0;
        while (k < told->n_callers && told->callers[k].at != blocks[i].caller)
            k++;
        if (k == MOST_CALLERS) continue;
        if (k == told->n_callers) told->callers[told->n_callers++].at = blocks[i].caller;
        told->callers[k].n++;
    }
}

#endif

void *NAME(malloc)(size_t n)
{
    return fails() ? NULL : KEEP(REAL(malloc)(n));
}

void *NAME(calloc)(size_t n, size_t size)
{
    return fails() ? NULL : KEEP(REAL(calloc)(n, size));
}

void *NAME(realloc)(void *old, size_t n)
{
    if (fails()) return NULL;
    GIVE_UP(old);
    return KEEP(REAL(realloc)(old, n));
}

void *NAME(mmap)(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) && fails()) return MAP_FAILED;
    return REAL(mmap)(at, n, protection, flags, fd, offset);
}

int NAME(pthread_create)(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *x)
{
    return fails() ? EAGAIN : REAL(pthread_create)(t, a, f, x);
}

char *NAME(mkdtemp)(char *template)
{
    char *made = REAL(mkdtemp)(template);
    if (made && told) (void)snprintf(told->folder, sizeof told->folder, "%s", made);
    return made;
}

/* No run waits for a disk. */
int NAME(fsync)(int fd);
int NAME(fsync)(int fd)
{
    (void)fd;
    return 0;
}

/* --- watching --- */

/* How a run ended. */
struct end {
    int code; /* exit code, 128 and the number of a signal, or -1: it took too long */
    size_t n_out, n_err, n_file, n_entries;
    char *out, *err, *file;
    struct told told;
};

static char *slurp(const char *path, size_t *n)
{
    static char nothing[1];
    *n = 0;
    int fd = path ? open(path, O_RDONLY) : -1;
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !st.st_size) {
        if (fd >= 0) (void)close(fd);
        return nothing;
    }
    /* pages: what the run allocates and leaves is its own */
    char *bytes = REAL(mmap)(NULL, (size_t)st.st_size + 1, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ssize_t got = bytes != MAP_FAILED ? read(fd, bytes, (size_t)st.st_size) : -1;
    (void)close(fd);
    if (got != st.st_size) _exit(97);
    *n = (size_t)got;
    return bytes;
}

static size_t count_entries(void)
{
    DIR *d = opendir(".");
    size_t n = 0;
    while (d && readdir(d))
        n++;
    if (d) (void)closedir(d);
    return n;
}

static void put_old(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || write(fd, "OLD\n", 4) != 4 || close(fd) != 0) _exit(96);
}

static void redirect(const char *path, int flags, int to)
{
    int fd = open(path, flags, 0644);
    if (fd < 0 || dup2(fd, to) < 0) _exit(98);
    (void)close(fd);
}

/* Lets the child go, which is now the program; watches it in the parent. False in the child. */
static bool run(long n, struct end *end)
{
    const char *input = getenv("FAULTS_INPUT"), *output = getenv("FAULTS_OUTPUT");
    sigset_t chld, before;
    struct timespec limit = {SECONDS, 0};
    *told = (struct told){0};
    if (output) put_old(output);
    (void)unlink("kept/chart.gp"); /* --keep-script overwrites nothing */
    (void)sigemptyset(&chld);
    (void)sigaddset(&chld, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &chld, &before);
    pid_t child = fork();
    if (child == 0) {
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
        redirect(input ? input : "/dev/null", O_RDONLY, STDIN_FILENO);
        redirect("stdout", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
        redirect("stderr", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
        fails_at = n;
        is_on = true;
        return false;
    }
    int status = 0;
    bool is_late = sigtimedwait(&chld, NULL, &limit) < 0;
    if (is_late) (void)kill(child, SIGKILL);
    if (waitpid(child, &status, 0) != child) _exit(95);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    *end = (struct end){.code = is_late               ? -1
                                : WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                                      : WEXITSTATUS(status),
                        .n_entries = count_entries(),
                        .told = *told};
    end->out = slurp("stdout", &end->n_out);
    end->err = slurp("stderr", &end->n_err);
    end->file = slurp(output, &end->n_file);
    return true;
}

static void forget(struct end *end)
{
    if (end->n_out) (void)munmap(end->out, end->n_out + 1);
    if (end->n_err) (void)munmap(end->err, end->n_err + 1);
    if (end->n_file) (void)munmap(end->file, end->n_file + 1);
}

static bool is_same(const char *a, size_t n, const char *b, size_t m)
{
    return n == m && memcmp(a, b, n) == 0;
}

/* Who asked for a block that stands now and did not when nothing failed; 0: nobody. */
static uintptr_t find_leak(const struct told *now, const struct told *then)
{
    for (size_t i = 0; i < now->n_callers; i++) {
        long n = now->callers[i].n;
        for (size_t k = 0; k < then->n_callers; k++)
            if (then->callers[k].at == now->callers[i].at) n -= then->callers[k].n;
        if (n > 0) return now->callers[i].at;
    }
    return 0;
}

/* What is wrong about a run; NULL: nothing. */
static const char *judge(const struct end *e, const struct end *good)
{
    static char text[400];
    struct stat st;
    bool ends_the_same = e->code == good->code &&
                         is_same(e->out, e->n_out, good->out, good->n_out) &&
                         is_same(e->err, e->n_err, good->err, good->n_err) &&
                         is_same(e->file, e->n_file, good->file, good->n_file);
    const char *line_end = memchr(e->err, '\n', e->n_err);
    bool says_memory = e->code == 1 && line_end == e->err + e->n_err - 1 && e->n_err &&
                       strncmp(e->err, "lustrum: ", 9) == 0 && strstr(e->err, "memory");
    if (!ends_the_same && !says_memory) {
        (void)snprintf(text, sizeof text, "exit code %d%s: %.200s", e->code,
                       e->code == good->code ? ", other output" : "", e->err);
        return text;
    }
    if (!ends_the_same && e->n_file && !is_same(e->file, e->n_file, "OLD\n", 4))
        return "the output file is neither old nor new";
    if (!ends_the_same && e->n_out) return "it fails, and standard output holds something";
    if (e->n_entries != good->n_entries) return "a file is left behind";
    if (*e->told.folder && stat(e->told.folder, &st) == 0)
        return "a temporary folder is left behind";
    uintptr_t leak = find_leak(&e->told, &good->told);
    Dl_info where;
    /* the loader keeps what threads had for the next ones */
    if (leak && dladdr((void *)leak, &where) && !strstr(where.dli_fname, "/ld-linux")) {
        (void)snprintf(text, sizeof text, "leaked: %s(+0x%lx)", where.dli_fname,
                       (unsigned long)(leak - (uintptr_t)where.dli_fbase));
        return text;
    }
    return NULL;
}

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

__attribute__((constructor)) static void watch(void)
{
    if (!getenv("FAULTS_STEP")) return; /* a library that was loaded for something else */
    const int shared = MAP_SHARED | MAP_ANONYMOUS, both = PROT_READ | PROT_WRITE;
#ifndef FAULTS_WRAPPED
    *(void **)&real_mmap = dlsym(RTLD_NEXT, "mmap");
    *(void **)&real_mkdtemp = dlsym(RTLD_NEXT, "mkdtemp");
    *(void **)&real_pthread_create = dlsym(RTLD_NEXT, "pthread_create");
    blocks = real_mmap(NULL, MOST_BLOCKS * sizeof *blocks, both, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                       0);
    if (blocks == MAP_FAILED) _exit(94);
#endif
    told = REAL(mmap)(NULL, sizeof *told, both, shared, -1, 0);
    if (told == MAP_FAILED) _exit(94);
    void *places[2];
    (void)backtrace(places, 2); /* loads what it needs */
    struct end good, end;
    long step = number_of("FAULTS_STEP", 1), only = number_of("FAULTS_ONLY", 0), n_bad = 0;
    stays = number_of("FAULTS_STAYS", 0) != 0;
    put_old("stdout"), put_old("stderr");
    if (!run(0, &good)) return;
    if (good.code != number_of("FAULTS_CODE", 0)) {
        (void)dprintf(STDOUT_FILENO, "ends with %d: %s\n", good.code, good.err);
        _exit(1);
    }
    long n = only ? only : 1;
    for (bool goes_on = true; goes_on && n_bad < MOST_BAD; n += step) {
        is_shown = false;
        if (!run(n, &end)) return;
        goes_on = atomic_load(&end.told.count) >= n && !only;
        const char *wrong = judge(&end, &good);
        if (wrong) {
            n_bad++;
            (void)dprintf(STDOUT_FILENO, "allocation %ld: %s\n", n, wrong);
            forget(&end);
            is_shown = true;
            if (!run(n, &end)) return;
            (void)dprintf(STDOUT_FILENO, "%s\n", end.err);
        }
        forget(&end);
    }
    struct rusage used;
    (void)getrusage(RUSAGE_CHILDREN, &used);
    (void)dprintf(STDOUT_FILENO, "%ld runs of %ld ms\n", (n - 1) / step,
                  (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                      (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
    _exit(n_bad > 0);
}
