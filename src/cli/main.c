#include <gsl/gsl_errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "support/output.h"

static void on_interrupt(int number)
{
    lus_output_abandon();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static int say(const char *text, FILE *to)
{
    if (fputs(text, to) < 0 || fflush(to) != 0) {
        perror("lustrum: standard output");
        return LUS_EXIT_FAILED;
    }
    return LUS_EXIT_OK;
}

static int say_string(struct lus_string *s, FILE *to)
{
    int code = s->failed ? LUS_EXIT_FAILED : say(s->at, to);
    if (s->failed) (void)fputs("lustrum: out of memory\n", stderr);
    lus_string_free(s);
    return code;
}

static int fail_command(const char *name)
{
    const char *names[40];
    size_t n = 0;
    for (const struct lus_command *c = lus_commands; c->name && n < 30; c++)
        names[n++] = c->name;
    names[n++] = "help";
    names[n++] = "version";
    names[n++] = "completion";
    names[n++] = "doctor";
    const char *near = lus_nearest(lus_text_of(name), names, n);
    if (near) (void)fprintf(stderr, "lustrum: no command \"%s\"; did you mean %s?\n", name, near);
    else (void)fprintf(stderr, "lustrum: no command \"%s\"; lustrum help lists them\n", name);
    return LUS_EXIT_USAGE;
}

/* A word that is no command on data. */
static bool is_own_word(const char *name)
{
    static const char *const words[] = {"help", "version", "doctor", "completion", "--help", "-h"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0) return true;
    return false;
}

/* help, help COMMAND, help TOPIC; for the manual pages help --options COMMAND, and help --options
 * options for those that several share. */
static int help(int argc, char **argv)
{
    struct lus_string out = {0};
    bool options_only = argc > 0 && strcmp(argv[0], "--options") == 0;
    const char *name = argc > options_only ? argv[options_only] : NULL;
    const struct lus_command *command = name ? lus_command_find(name) : NULL;
    if (name && !command && !options_only && lus_print_topic(&out, name))
        return say_string(&out, stdout);
    bool is_own = name && is_own_word(name);
    bool is_shared = options_only && name && strcmp(name, "options") == 0;
    if (name && !command && !is_own && !is_shared) return fail_command(name);
    if (is_shared) lus_print_shared_options(&out);
    else if (!command) lus_print_usage(&out);
    else if (options_only) lus_print_options(&out, command);
    else lus_print_help(&out, command);
    return say_string(&out, stdout);
}

static int complete(const char *shell)
{
    struct lus_string out = {0};
    if (shell && lus_print_completion(&out, shell)) return say_string(&out, stdout);
    (void)fprintf(stderr, "lustrum: completion for what shell? bash, zsh and fish are known "
                          "(source <(lustrum completion bash))\n");
    return LUS_EXIT_USAGE;
}

static int examine(void)
{
    struct lus_string out = {0};
    lus_print_doctor(&out);
    return say_string(&out, stdout);
}

int main(int argc, char **argv)
{
    /* Memory that is given back is soon asked for again: keep it, since pages cost more than what
     * is done with them. */
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
    /* it is process-wide and would abort; every status is checked instead */
    (void)gsl_set_error_handler_off();
    (void)signal(SIGINT, on_interrupt);
    (void)signal(SIGTERM, on_interrupt);
    (void)signal(SIGHUP, on_interrupt);
    if (argc < 2) {
        struct lus_string usage = {0};
        lus_print_usage(&usage);
        return say_string(&usage, stderr) == LUS_EXIT_OK ? LUS_EXIT_USAGE : LUS_EXIT_FAILED;
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(name, "doctor") == 0) return examine();
    if (strcmp(name, "completion") == 0) return complete(argc > 2 ? argv[2] : NULL);
    if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return say("lustrum " LUS_VERSION "\n", stdout);
    const struct lus_command *command = lus_command_find(name);
    return command ? lus_print_command(command, argc - 2, argv + 2) : fail_command(name);
}
