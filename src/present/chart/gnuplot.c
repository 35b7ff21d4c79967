/* Running gnuplot: no initialisation files, an empty environment, its own folder, a time limit. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "present/chart/form.h"
#include "support/error.h"
#include "support/input.h"
#include "support/text.h"

enum { SECONDS = 60, LARGEST = 256 << 20 };

static int read_file(const char *path, char **bytes, size_t *n, struct lus_error *err)
{
    struct lus_string s = {0};
    int status = lus_file_read(path, LARGEST, &s, err);
    if (status == LUS_EIO || (status == LUS_OK && !s.n))
        status = lus_fail(err, LUS_EIO, "gnuplot has drawn nothing");
    if (status != LUS_OK) {
        lus_string_free(&s);
        return status;
    }
    *bytes = s.at;
    *n = s.n;
    return LUS_OK;
}

/* In the child: nothing but gnuplot's own business. */
static _Noreturn void become_gnuplot(const char *folder, const char *script)
{
    static char locale[] = "LC_ALL=C", home[] = "HOME=/nonexistent";
    char path[4096];
    const char *search = getenv("PATH");
    (void)snprintf(path, sizeof path, "PATH=%s", search ? search : "/usr/local/bin:/usr/bin:/bin");
    char *environment[] = {locale, home, path, NULL};
    char *arguments[] = {"gnuplot", "-d", (char *)script, NULL};
    int null = open("/dev/null", O_RDWR), log = open("/dev/null", O_WRONLY);
    if (chdir(folder) == 0) {
        int kept = open("gnuplot.log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (kept >= 0) log = kept;
    }
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    (void)execvpe("gnuplot", arguments, environment);
    _exit(errno == ENOENT ? 127 : 126);
}

/* Waits, and kills what takes too long. */
static int wait_for(pid_t child, int *status)
{
    struct timespec nap = {0, 5000000}, start, now;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        pid_t got = waitpid(child, status, WNOHANG);
        if (got == child) return LUS_OK;
        if (got < 0 && errno != EINTR) return LUS_EIO;
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - start.tv_sec >= SECONDS) {
            (void)kill(child, SIGKILL);
            (void)waitpid(child, status, 0);
            return LUS_EIO;
        }
        (void)nanosleep(&nap, NULL);
    }
}

/* The line of gnuplot's log that says what is wrong. */
static int read_log(const char *folder, char *out, size_t room, struct lus_error *err)
{
    char path[4096], line[256];
    out[0] = 0;
    (void)snprintf(path, sizeof path, "%s/gnuplot.log", folder);
    FILE *f = fopen(path, "r");
    if (!f && errno == ENOMEM) return lus_fail_memory(err);
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (strspn(line, " ^\t") < strlen(line)) (void)snprintf(out, room, "%s", line);
    }
    if (f) (void)fclose(f);
    return LUS_OK;
}

int lus_gnuplot_run(const char *folder, const char *script, const char *output, char **bytes,
                    size_t *n, struct lus_error *err)
{
    int status = 0;
    char path[4096], said[256];
    pid_t child = fork();
    if (child < 0) return lus_fail(err, LUS_EIO, "gnuplot cannot be started: %s", strerror(errno));
    if (child == 0) become_gnuplot(folder, script);
    if (wait_for(child, &status) != LUS_OK)
        return lus_fail(err, LUS_EIO,
                        "gnuplot took more than %d seconds and was stopped; --keep-script DIR "
                        "keeps what it was to draw",
                        SECONDS);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return lus_fail(err, LUS_EIO,
                        "gnuplot is not installed (Debian: apt-get install gnuplot-nox); "
                        "--keep-script DIR keeps the script and its data");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        LUS_TRY(read_log(folder, said, sizeof said, err));
        return lus_fail(err, LUS_EIO,
                        "gnuplot failed%s%s; --keep-script DIR keeps the script and its data",
                        *said ? ": " : "", said);
    }
    (void)snprintf(path, sizeof path, "%s/%s", folder, output);
    return read_file(path, bytes, n, err);
}
