/* lustrum doctor: what is there of what lustrum uses, and what a missing thing costs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "command/command.h"
#include "read/reader.h"
#include "support/path.h"

static void say(struct lus_string *out, bool is_good, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say(struct lus_string *out, bool is_good, const char *what, const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lus_string_print(out, "%-8s  %-10s  %s\n", is_good ? "good" : "missing", what, text);
}

/* What a program prints, its first `size` bytes; empty: it is not there, or failed. */
static void ask(const char *command, char *text, size_t size)
{
    FILE *f = popen(command, "r");
    size_t n = f ? fread(text, 1, size - 1, f) : 0;
    text[f && pclose(f) == 0 ? n : 0] = 0;
    char *newline = strchr(text, '\n');
    if (newline) *newline = ' ';
}

static void look_at_charts(struct lus_string *out)
{
    char said[4000];
    ask("gnuplot -e 'set print \"-\"; print GPVAL_VERSION; print GPVAL_TERMINALS' 2>/dev/null",
        said, sizeof said);
    if (!*said) {
        say(out, false, "charts",
            "no gnuplot: plot and the charts of a report are refused, tables are not "
            "(apt-get install gnuplot-nox)");
        return;
    }
    bool has_svg = strstr(said, " svg "), has_png = strstr(said, " pngcairo "),
         has_pdf = strstr(said, " pdfcairo ");
    say(out, has_svg && has_png && has_pdf, "charts", "gnuplot %.*s: %s%s%s%s",
        (int)strcspn(said, " "), said, has_svg ? "SVG " : "", has_png ? "PNG " : "",
        has_pdf ? "PDF" : "",
        has_svg && has_png && has_pdf ? "" : "alone (gnuplot-nox of Debian has all three)");
}

static void look_at_browser(struct lus_string *out)
{
    char said[300];
    ask("for b in chromium chromium-browser google-chrome google-chrome-stable; do command -v $b "
        "&& break; done 2>/dev/null",
        said, sizeof said);
    if (*said) say(out, true, "PDF", "%.*s: reports as PDF", (int)strcspn(said, " "), said);
    else
        say(out, false, "PDF",
            "no chromium: a report is not written as PDF; any browser prints its page (apt-get "
            "install chromium)");
}

static void look_at_fonts(struct lus_string *out)
{
    char said[300];
    ask("fc-match -f '%{family}' 'Liberation Sans' 2>/dev/null", said, sizeof said);
    bool is_good = strstr(said, "Liberation Sans");
    if (is_good) say(out, true, "font", "Liberation Sans");
    else
        say(out, false, "font",
            "Liberation Sans, by which texts in charts are measured; %s stands for it, and texts "
            "may "
            "touch (apt-get install fonts-liberation fontconfig)",
            *said ? said : "what gnuplot finds");
}

static void look_at_shared_files(struct lus_string *out)
{
    const char *share = lus_path_share();
    if (access(share, R_OK | X_OK) == 0)
        say(out, true, "files", "%s: life tables, figures and data are found by name", share);
    else
        say(out, false, "files",
            "%s: life tables, figures and data are not found by name, by their path alone (make "
            "install, or LUSTRUM_SHARE=datasets)",
            share);
}

static void look_at_room(struct lus_string *out)
{
    const char *own = getenv("TMPDIR"), *folder = own && *own ? own : "/tmp";
    struct statvfs room;
    bool is_there = access(folder, W_OK | X_OK) == 0 && statvfs(folder, &room) == 0;
    double megabytes = is_there ? (double)room.f_bavail * (double)room.f_frsize / 1e6 : 0;
    if (megabytes >= 10)
        say(out, true, "room", "%s: %.0f MB for charts while they are drawn", folder, megabytes);
    else
        say(out, false, "room", "%s: %s; charts are drawn there (TMPDIR names another folder)",
            folder, is_there ? "less than 10 MB" : "nothing can be written");
}

static void look_at_machine(struct lus_string *out)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN), pages = sysconf(_SC_PHYS_PAGES),
         page = sysconf(_SC_PAGESIZE);
    say(out, true, "machine", "%ld thread%s at once, %.1f GB of memory; text is read by %s", cores,
        cores == 1 ? "" : "s", (double)pages * (double)page / 1e9, lus_index_name());
}

void lus_print_doctor(struct lus_string *out)
{
    look_at_machine(out);
    look_at_shared_files(out);
    look_at_charts(out);
    look_at_fonts(out);
    look_at_browser(out);
    look_at_room(out);
}
