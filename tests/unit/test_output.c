/* Files written whole or not at all, by several threads at once, and under interrupts. */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/output.h"
#include "unit.h"

enum { FILES = 100, BYTES = 30000, WRITERS = 3 };

static char folder[64];

static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/lustrum-output-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

/* What thread `mark` writes into its file i. */
static void fill(char *bytes, char mark, int i)
{
    memset(bytes, mark, BYTES);
    (void)snprintf(bytes, 16, "%c%d", mark, i);
}

static void name(char *path, size_t room, char mark, int i)
{
    (void)snprintf(path, room, "%s/%c%d", folder, mark, i);
}

static void *write_files(void *context)
{
    char mark = *(const char *)context, path[100], bytes[BYTES];
    for (int i = 0; i < FILES; i++) {
        name(path, sizeof path, mark, i);
        fill(bytes, mark, i);
        struct lus_error err = LUS_ERROR_INIT;
        if (lus_output_write(path, bytes, BYTES, &err) != LUS_OK) return context;
    }
    return NULL;
}

/* Whether a file holds what the thread named by its first letter wrote into it. */
static bool is_whole(const char *file)
{
    char path[400], want[BYTES], got[BYTES + 1];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(got, 1, sizeof got, f);
    (void)fclose(f);
    fill(want, file[0], atoi(file + 1));
    return n == BYTES && memcmp(got, want, BYTES) == 0;
}

/* Removes the folder's files, and the folder; counts those that are whole and those that are not,
 * and those of other names. */
static void sweep(int *whole, int *broken, int *strange)
{
    *whole = *broken = *strange = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[400];
        if (e->d_name[0] == '.') continue;
        if (strchr(e->d_name, '.')) ++*strange;
        else ++*(is_whole(e->d_name) ? whole : broken);
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        assert_int_equal(unlink(path), 0);
    }
    (void)closedir(d);
    assert_int_equal(rmdir(folder), 0);
}

static void two_threads(void **state)
{
    (void)state;
    make_folder();
    char marks[2] = {'a', 'b'}, path[100];
    mode_t mask = umask(027);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_files, &marks[i]), 0);
    for (int i = 0; i < 2; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_int_equal(umask(mask), 027);
    struct stat st;
    name(path, sizeof path, 'b', FILES - 1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    int whole, broken, strange;
    sweep(&whole, &broken, &strange);
    assert_int_equal(whole, 2 * FILES);
    assert_int_equal(broken, 0);
    assert_int_equal(strange, 0);
}

static void on_signal(int number)
{
    lus_output_abandon();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* A process whose threads write without end, until the signal comes. */
static _Noreturn void write_for_ever(void)
{
    static char marks[WRITERS] = {'a', 'b', 'c'};
    pthread_t threads[WRITERS];
    (void)signal(SIGTERM, on_signal);
    for (;;) {
        for (int i = 0; i < WRITERS; i++)
            if (pthread_create(&threads[i], NULL, write_files, &marks[i]) != 0) _exit(1);
        for (int i = 0; i < WRITERS; i++)
            (void)pthread_join(threads[i], NULL);
    }
}

static void interrupts(void **state)
{
    (void)state;
    int all = 0;
    for (int round = 0; round < 40; round++) {
        make_folder();
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) write_for_ever();
        struct timespec nap = {0, 5000000 + 700000 * round};
        (void)nanosleep(&nap, NULL);
        assert_int_equal(kill(child, SIGTERM), 0);
        int status, whole, broken, strange;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
        sweep(&whole, &broken, &strange);
        all += whole;
        assert_int_equal(broken, 0);
        assert_int_equal(strange, 0);
    }
    assert_true(all > 0);
}

/* The old file's mode stays, and a link still points to what it named. */
static void old_file(void **state)
{
    (void)state;
    make_folder();
    char path[100], link[100], bytes[BYTES];
    name(path, sizeof path, 'a', 1);
    name(link, sizeof link, 'a', 2);
    struct lus_error err = LUS_ERROR_INIT;
    assert_int_equal(lus_output_write(path, "old", 3, &err), LUS_OK);
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(symlink(path, link), 0);
    fill(bytes, 'a', 1);
    assert_int_equal(lus_output_write(link, bytes, BYTES, &err), LUS_OK);
    struct stat st;
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0604);
    assert_int_equal(unlink(link), 0);
    int whole, broken, strange;
    sweep(&whole, &broken, &strange);
    assert_int_equal(whole, 1);
    assert_int_equal(broken + strange, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_threads), cmocka_unit_test(interrupts),
                                       cmocka_unit_test(old_file)};
    return RUN(tests);
}
