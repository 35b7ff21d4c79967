/* The texts of help. */
#include <stdio.h>

#include "command/command.h"

void lus_print_usage(struct lus_string *out)
{
    lus_string_put(out, "lustrum: survival statistics from a table of patients\n\nUsage: lustrum "
                        "COMMAND FILE... [options]\n\nCommands:\n");
    for (const struct lus_command *c = lus_commands; c->name; c++)
        lus_string_print(out, "  %-10s %s\n", c->name, c->summary);
    lus_string_put(
        out,
        "  help       this page, or a command's: lustrum help rates; figures, files, model, "
        "options, "
        "tutorial\n"
        "  version    the version\n"
        "  doctor     what is there of what lustrum uses, and what a missing thing costs\n"
        "  completion what a shell completes: lustrum completion bash, zsh or fish\n\n"
        "Example:\n  lustrum rates datasets/rotterdam.csv --by grade --at 5y,10y\n\n"
        "FILE is CSV or TSV, plain, gzip or zstd, or a file of Excel, Stata, SAS or SPSS; - is "
        "standard "
        "input.\n"
        "lustrum COMMAND --help lists a command's options; man lustrum-COMMAND explains them.\n");
}

struct lus_string lus_option_help(const struct lus_option *o)
{
    struct lus_string help = {0};
    if (o->help) lus_string_put(&help, o->help);
    else o->list(&help);
    return help;
}

/* Wraps the help text at 100 columns, behind the option's column. */
static void print_row(struct lus_string *out, const struct lus_option *o)
{
    enum { BEHIND = 28, WIDTH = 100 };
    char left[80];
    if (o->letter)
        (void)snprintf(left, sizeof left, "  -%c, --%s%s%s", o->letter, o->name,
                       o->metavar ? " " : "", o->metavar ? o->metavar : "");
    else
        (void)snprintf(left, sizeof left, "  --%s%s%s", o->name, o->metavar ? " " : "",
                       o->metavar ? o->metavar : "");
    lus_string_print(out, "%-*s", BEHIND, left);
    size_t at = strlen(left) < BEHIND ? BEHIND : strlen(left);
    if (strlen(left) >= BEHIND) lus_string_print(out, "\n%*s", BEHIND, ""), at = BEHIND;
    struct lus_string help = lus_option_help(o);
    for (const char *word = help.n ? help.at : ""; *word;) {
        size_t n = strcspn(word, " ");
        if (at + 1 + n > WIDTH) lus_string_print(out, "\n%*s", BEHIND, ""), at = BEHIND;
        else if (word != help.at) lus_string_put(out, " "), at++;
        lus_string_add(out, word, n);
        word += n;
        word += *word == ' ';
        at += n;
    }
    lus_string_put(out, "\n");
    out->failed |= help.failed;
    lus_string_free(&help);
}

/* The manual pages that are of no command. */
static const struct {
    const char *name, *section, *what;
} topics[] = {
    {"figures", "5", "files of figures that documents quote"},
    {"model", "5", "models of synthetic populations"},
    {"model", "7", "the language of regression models"},
    {"files", "7", "the files of the field, and how each is read"},
    {"options", "7", "the options that several commands share"},
    {"tutorial", "7", "from a raw file to a chart in ten minutes"},
};

bool lus_print_topic(struct lus_string *out, const char *name)
{
    bool is_one = false;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (strcmp(topics[i].name, name) != 0) continue;
        is_one = true;
        lus_string_print(out, "%s: man %s lustrum-%s\n", topics[i].what, topics[i].section, name);
    }
    return is_one;
}

void lus_print_help(struct lus_string *out, const struct lus_command *command)
{
    lus_string_print(out, "lustrum %s: %s\n\nUsage: lustrum %s %s [options]\n", command->name,
                     command->summary, command->name, command->arguments);
    for (const struct lus_option_group *const *g = command->options; *g; g++) {
        lus_string_print(out, "\n%s:\n", (*g)->title);
        for (const struct lus_option *o = (*g)->rows; o->name; o++)
            if (!lus_list_has(command->without, o->name)) print_row(out, o);
    }
    if (command->tables) lus_string_print(out, "\nTables: %s\n", command->tables);
    lus_string_print(out, "\nExamples and what each column means: man lustrum-%s\n", command->name);
}

static void print_option(struct lus_string *out, const struct lus_option *o)
{
    if (o->letter) lus_string_print(out, "**-%c**, ", o->letter);
    lus_string_print(out, "**\\-\\-%s**%s%s%s\n: ", o->name, o->metavar ? " *" : "",
                     o->metavar ? o->metavar : "", o->metavar ? "*" : "");
    struct lus_string text = lus_option_help(o);
    lus_string_print(out, "%s\n\n", text.n ? text.at : "");
    out->failed |= text.failed;
    lus_string_free(&text);
}

static bool has_group(const struct lus_command *c, const struct lus_option_group *group)
{
    for (const struct lus_option_group *const *g = c->options; *g; g++)
        if (*g == group) return true;
    return false;
}

/* A group that several commands have stands in lustrum-options(7), once. */
static bool is_shared(const struct lus_option_group *group)
{
    size_t n = 0;
    for (const struct lus_command *c = lus_commands; c->name; c++)
        n += has_group(c, group);
    return n > 1;
}

/* The names of a shared group, of those that the command uses. */
static void list_group(struct lus_string *out, const struct lus_command *command,
                       const struct lus_option_group *group)
{
    bool is_first = true;
    lus_string_print(out, "- %s: ", group->title);
    for (const struct lus_option *o = group->rows; o->name; o++) {
        if (lus_list_has(command->without, o->name)) continue;
        lus_string_print(out, "%s`--%s`", is_first ? "" : ", ", o->name);
        is_first = false;
    }
    lus_string_put(out, "\n");
}

void lus_print_options(struct lus_string *out, const struct lus_command *command)
{
    bool has_shared = false;
    for (const struct lus_option_group *const *g = command->options; *g; g++) {
        has_shared |= is_shared(*g);
        if (is_shared(*g)) continue;
        lus_string_print(out, "### %s\n\n", (*g)->title);
        for (const struct lus_option *o = (*g)->rows; o->name; o++)
            if (!lus_list_has(command->without, o->name)) print_option(out, o);
    }
    if (!has_shared) return;
    lus_string_put(out, "### Those of several commands, in lustrum-options(7)\n\n");
    for (const struct lus_option_group *const *g = command->options; *g; g++)
        if (is_shared(*g)) list_group(out, command, *g);
    lus_string_put(out, "\n");
}

void lus_print_shared_options(struct lus_string *out)
{
    for (const struct lus_command *first = lus_commands; first->name; first++)
        for (const struct lus_option_group *const *g = first->options; *g; g++) {
            bool is_told = !is_shared(*g);
            for (const struct lus_command *c = lus_commands; c < first; c++)
                is_told |= has_group(c, *g);
            if (is_told) continue;
            lus_string_print(out, "## %s\n\nOf ", (*g)->title);
            for (const struct lus_command *c = first; c->name; c++)
                if (has_group(c, *g))
                    lus_string_print(out, "%s%s", c == first ? "" : ", ", c->name);
            lus_string_put(out, ".\n\n");
            for (const struct lus_option *o = (*g)->rows; o->name; o++)
                print_option(out, o);
        }
}
