/* Running gnuplot, and a browser that prints: no initialisation files, an empty environment, a
 * folder of its own, a limit of time; and a keeper that clears up behind it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "present/chart/form.h"
#include "support/error.h"
#include "support/input.h"
#include "support/text.h"

enum { SECONDS = 60, LARGEST = 256 << 20, TOO_SLOW = -1 };

/* What is said of a tool that is missing, fails or hangs. */
static const struct tool {
    const char *name, *package, *missing, *slow;
} tools[] = {{"gnuplot", "gnuplot-nox", "; --keep-script DIR keeps the script and its data",
              "; --keep-script DIR keeps what it was to draw"},
             {"chromium", "chromium", "; -o FILE.html is a page that any browser prints", ""}};

/* ---- in the keeper, which is one thread of a copy of the program: it asks for no memory ---- */

/* In the process of gnuplot alone. */
static void become_gnuplot(char *const *environment)
{
    char *arguments[] = {"gnuplot", "-d", "chart.gp", NULL};
    (void)execvpe("gnuplot", arguments, environment);
}

/* In the browser's: root has no sandbox to give away. */
static void become_browser(const char *folder, char *const *environment)
{
    static char *const names[] = {"chromium", "chromium-browser", "google-chrome",
                                  "google-chrome-stable"};
    char profile[LUS_FOLDER_ROOM + 64], page[LUS_FOLDER_ROOM + 64], out[LUS_FOLDER_ROOM + 64];
    (void)snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", folder);
    (void)snprintf(page, sizeof page, "file://%s/page.html", folder);
    (void)snprintf(out, sizeof out, "--print-to-pdf=%s/page.pdf", folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *arguments[] = {names[i],
                             "--headless",
                             "--disable-gpu",
                             "--no-first-run",
                             "--no-pdf-header-footer",
                             "--disable-dev-shm-usage",
                             profile,
                             out,
                             geteuid() == 0 ? "--no-sandbox" : "--disable-extensions",
                             page,
                             NULL};
        (void)execvpe(names[i], arguments, environment);
    }
}

/* In the program's own process: nothing but its own business. */
static _Noreturn void become(enum lus_tool tool, const char *folder)
{
    static char locale[] = "LC_ALL=C";
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    char path[4096], home[LUS_FOLDER_ROOM + 16], under[LUS_FOLDER_ROOM + 16];
    const char *search = getenv("PATH");
    (void)snprintf(path, sizeof path, "PATH=%s", search ? search : "/usr/local/bin:/usr/bin:/bin");
    (void)snprintf(home, sizeof home, "HOME=%s", tool == LUS_GNUPLOT ? "/nonexistent" : folder);
    (void)snprintf(under, sizeof under, "TMPDIR=%s", folder);
    char *environment[] = {locale, home, path, under, NULL};
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        (void)signal(ignored[i], SIG_DFL);
    int null = open("/dev/null", O_RDWR), log = open("/dev/null", O_WRONLY);
    if (chdir(folder) == 0) {
        int kept = open("said.log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (kept >= 0) log = kept;
    }
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    if (tool == LUS_GNUPLOT) become_gnuplot(environment);
    else become_browser(folder, environment);
    _exit(errno == ENOENT ? 127 : 126);
}

/* Until it has ended, or the owner, or its time is over. */
static int wait_for(pid_t child, int owner)
{
    enum { NAP = 5 }; /* milliseconds */
    struct timespec start, now;
    int status;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        struct pollfd end = {.fd = owner};
        pid_t got = waitpid(child, &status, WNOHANG);
        if (got == child) return status;
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if (poll(&end, 1, NAP) > 0 || now.tv_sec - start.tv_sec >= SECONDS) return TOO_SLOW;
    }
}

static int run_tool(enum lus_tool tool, const char *folder, int owner)
{
    pid_t child = fork();
    if (child < 0) return 126 << 8;
    if (child == 0) become(tool, folder);
    (void)setpgid(child, child); /* whoever of the two is first */
    int status = wait_for(child, owner);
    (void)kill(-child, SIGKILL); /* and what it has started */
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    return status;
}

/* What is in a folder, and what is in what is in it. readdir(3) would ask for memory. */
static void empty_folder(int fd, int depth)
{
    enum { DEEPEST = 16 };
    char entries[4096];
    ssize_t n;
    while (fd >= 0 && (n = getdents64(fd, entries, sizeof entries)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct dirent64 *entry = (const void *)(entries + at);
            const char *name = entry->d_name;
            at += entry->d_reclen;
            if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
            if (unlinkat(fd, name, 0) == 0 || depth == DEEPEST) continue;
            int inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
            empty_folder(inner, depth + 1);
            (void)unlinkat(fd, name, AT_REMOVEDIR);
        }
    if (fd >= 0) (void)close(fd);
}

static void remove_folder(const char *folder)
{
    empty_folder(open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0);
    (void)rmdir(folder);
}

struct message {
    int error;
    char folder[LUS_FOLDER_ROOM];
};

/* Makes the folder and says its name; runs a tool when it is told which; ends when the owner's end
 * of the pipe is closed, as it is when the owner dies, whatever it dies of. */
static _Noreturn void keep(struct message *m, int owner, int out)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    (void)setpgid(0, 0);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        (void)signal(ignored[i], SIG_IGN);
    m->error = mkdtemp(m->folder) ? 0 : errno;
    bool is_kept = !m->error;
    if (write(out, m, sizeof *m) == sizeof *m && is_kept) {
        char go;
        while (read(owner, &go, 1) == 1) {
            int status = run_tool((enum lus_tool)go, m->folder, owner);
            if (write(out, &status, sizeof status) != sizeof status) break;
        }
    }
    if (is_kept) remove_folder(m->folder);
    _exit(0);
}

/* ---- in the program ---- */

/* The keeper's ends, as descriptors 0 and 1; it holds nothing else that is open. */
static _Noreturn void become_keeper(struct message *m, int owner, int out)
{
    int in_place = fcntl(owner, F_DUPFD, 3), out_place = fcntl(out, F_DUPFD, 3);
    (void)dup2(in_place, STDIN_FILENO);
    (void)dup2(out_place, STDOUT_FILENO);
    (void)close_range(STDERR_FILENO, ~0u, 0);
    keep(m, STDIN_FILENO, STDOUT_FILENO);
}

static int read_all(int fd, void *to, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = read(fd, (char *)to + done, n - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return LUS_EIO;
        done += (size_t)got;
    }
    return LUS_OK;
}

static int fork_keeper(struct lus_keeper *k, struct message *m, struct lus_error *err)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0)
        return lus_fail(err, LUS_EIO, "gnuplot cannot be started: %s", strerror(errno));
    if (pipe2(from, O_CLOEXEC) != 0) {
        int error = errno;
        (void)close(to[0]), (void)close(to[1]);
        return lus_fail(err, LUS_EIO, "gnuplot cannot be started: %s", strerror(error));
    }
    k->pid = fork();
    int error = errno;
    if (k->pid == 0) become_keeper(m, to[0], from[1]);
    (void)close(to[0]), (void)close(from[1]);
    k->to = to[1], k->from = from[0];
    if (k->pid > 0) return LUS_OK;
    (void)close(k->to), (void)close(k->from);
    return lus_fail(err, LUS_EIO, "gnuplot cannot be started: %s", strerror(error));
}

int lus_keeper_start(struct lus_keeper *k, struct lus_error *err)
{
    struct message m = {0};
    const char *under = getenv("TMPDIR");
    if (!under || !*under) under = "/tmp";
    int n = snprintf(m.folder, sizeof m.folder, "%s/lustrum-chart-XXXXXX", under);
    *k = (struct lus_keeper){0};
    if (n < 0 || (size_t)n >= sizeof m.folder)
        return lus_fail(err, LUS_EIO, "TMPDIR: the name of the folder is too long");
    LUS_TRY(fork_keeper(k, &m, err));
    int status = read_all(k->from, &m, sizeof m);
    if (status != LUS_OK) status = lus_fail(err, LUS_EIO, "gnuplot's keeper was stopped");
    else if (m.error) status = lus_fail(err, LUS_EIO, "%s: %s", under, strerror(m.error));
    memcpy(k->folder, m.folder, sizeof k->folder);
    if (status != LUS_OK) lus_keeper_end(k);
    return status;
}

void lus_keeper_end(struct lus_keeper *k)
{
    (void)close(k->to), (void)close(k->from);
    while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR) {}
}

/* A chart ends as its format does: a full disk cuts it off. */
static bool is_whole(const struct lus_string *s, const char *path)
{
    static const char *const ends[][2] = {{".svg", "</svg>"}, {".png", "IEND"}, {".pdf", "%%EOF"}};
    enum { REACH = 64 };
    size_t n = s->n < REACH ? s->n : REACH;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(path + strlen(path) - 4, ends[i][0]) == 0)
            return memmem(s->at + s->n - n, n, ends[i][1], strlen(ends[i][1])) != NULL;
    return true;
}

static int read_file(const struct lus_keeper *k, const char *tool, const char *path, char **bytes,
                     size_t *n, struct lus_error *err)
{
    struct lus_string s = {0};
    struct stat st;
    int status = lstat(path, &st) == 0 && S_ISREG(st.st_mode)
                     ? lus_own_file_read(path, LARGEST, &s, err)
                     : LUS_EIO;
    if (status == LUS_EIO || (status == LUS_OK && !s.n))
        status = lus_fail(err, LUS_EIO, "%s has drawn nothing", tool);
    if (status == LUS_OK && !is_whole(&s, path))
        status = lus_fail(err, LUS_EIO,
                          "%s has drawn a part alone; is there room on the disk of %s?", tool,
                          k->folder);
    if (status != LUS_OK) {
        lus_string_free(&s);
        return status;
    }
    *bytes = s.at;
    *n = s.n;
    return LUS_OK;
}

/* The line of a tool's log that says what is wrong. */
static int read_log(const char *folder, char *out, size_t room, struct lus_error *err)
{
    char path[LUS_FOLDER_ROOM + 64], line[256];
    out[0] = 0;
    (void)snprintf(path, sizeof path, "%s/said.log", folder);
    FILE *f = fopen(path, "r");
    if (!f && errno == ENOMEM) return lus_fail_memory(err);
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (strspn(line, " ^\t") < strlen(line)) (void)snprintf(out, room, "%s", line);
    }
    if (f) (void)fclose(f);
    return LUS_OK;
}

static int fail_tool(const struct lus_keeper *k, const struct tool *tool, int status,
                     struct lus_error *err)
{
    char said[256];
    if (status == TOO_SLOW)
        return lus_fail(err, LUS_EIO, "%s took more than %d seconds and was stopped%s", tool->name,
                        SECONDS, tool->slow);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return lus_fail(err, LUS_EIO, "%s is not installed (Debian: apt-get install %s)%s",
                        tool->name, tool->package, tool->missing);
    LUS_TRY(read_log(k->folder, said, sizeof said, err));
    return lus_fail(err, LUS_EIO, "%s failed%s%s%s", tool->name, *said ? ": " : "", said,
                    tool->missing);
}

int lus_keeper_run(struct lus_keeper *k, enum lus_tool which, const char *output, char **bytes,
                   size_t *n, struct lus_error *err)
{
    const struct tool *tool = &tools[which == LUS_BROWSER];
    char path[LUS_FOLDER_ROOM + 64], go = (char)which;
    int status = 0;
    if (write(k->to, &go, 1) != 1 || read_all(k->from, &status, sizeof status) != LUS_OK)
        return lus_fail(err, LUS_EIO, "%s's keeper was stopped", tool->name);
    if (status == TOO_SLOW || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail_tool(k, tool, status, err);
    (void)snprintf(path, sizeof path, "%s/%s", k->folder, output);
    return read_file(k, tool->name, path, bytes, n, err);
}
