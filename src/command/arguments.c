/* Arguments to options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "support/number.h"
#include "support/path.h"

bool lus_list_has(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (; list; list = strchr(list, ',')) {
        list += strspn(list, ", ");
        if (strncmp(list, name, n) == 0 && (list[n] == ',' || !list[n])) return true;
    }
    return false;
}

static bool is_given(const struct lus_option *o, const struct lus_options *options)
{
    const char *member = (const char *)options + o->offset,
               *usual = (const char *)&lus_options_default + o->offset;
    switch (o->kind) {
    case LUS_OPTION_FLAG: return *(const bool *)member;
    case LUS_OPTION_WHOLE:
        return *(const long *)(const void *)member != *(const long *)(const void *)usual;
    case LUS_OPTION_REAL: return !isnan(*(const double *)(const void *)member);
    case LUS_OPTION_TEXT:
    case LUS_OPTION_LIST:
    case LUS_OPTION_EXPRESSION:
    case LUS_OPTION_LINES:
    case LUS_OPTION_MAYBE: break;
    }
    return *(const char *const *)(const void *)member != NULL;
}

int lus_refuse_options(const struct lus_command *command, const struct lus_options *options,
                       const char *list, const char *who, struct lus_error *err)
{
    for (const struct lus_option_group *const *g = command->options; *g; g++)
        for (const struct lus_option *o = (*g)->rows; o->name; o++)
            if (lus_list_has(list, o->name) && is_given(o, options))
                return lus_fail(err, LUS_EUSAGE, "%s does not use --%s", who, o->name);
    return LUS_OK;
}

static const struct lus_option *find_option(const struct lus_command *command, const char *name,
                                            size_t n, char letter)
{
    for (const struct lus_option_group *const *g = command->options; *g; g++)
        for (const struct lus_option *o = (*g)->rows; o->name; o++)
            if (letter ? o->letter == letter
                       : strlen(o->name) == n && strncmp(o->name, name, n) == 0)
                return o;
    return NULL;
}

static int fail_unknown(const struct lus_command *command, const char *argument, size_t n,
                        struct lus_error *err)
{
    const char *names[128];
    size_t count = 0;
    for (const struct lus_option_group *const *g = command->options; *g; g++)
        for (const struct lus_option *o = (*g)->rows; o->name && count < 128; o++)
            names[count++] = o->name;
    const char *near = argument[1] == '-'
                           ? lus_nearest((struct lus_text){argument + 2, n - 2}, names, count)
                           : NULL;
    if (near)
        return lus_fail(err, LUS_EUSAGE, "no option %.*s; did you mean --%s?", (int)n, argument,
                        near);
    return lus_fail(err, LUS_EUSAGE, "no option %.*s; lustrum %s --help lists them", (int)n,
                    argument, command->name);
}

/* A list that is given again goes on; expressions hold together. */
static int add_text(const struct lus_option *o, const char *value, const char **member,
                    struct lus_arena *arena, struct lus_error *err)
{
    if (!*member) {
        *member = value;
        return LUS_OK;
    }
    if (o->kind == LUS_OPTION_TEXT || o->kind == LUS_OPTION_MAYBE)
        return lus_fail(err, LUS_EUSAGE, "--%s is given twice: %s and %s", o->name, *member, value);
    *member = o->kind == LUS_OPTION_LIST ? lus_arena_print(arena, "%s,%s", *member, value)
              : o->kind == LUS_OPTION_LINES
                  ? lus_arena_print(arena, "%s\n%s", *member, value)
                  : lus_arena_print(arena, "(%s) and (%s)", *member, value);
    return *member ? LUS_OK : lus_fail_memory(err);
}

static int set_number(const struct lus_option *o, const char *value, char *member,
                      struct lus_error *err)
{
    double number = 0;
    if (lus_number_parse(value, strlen(value), &number) != LUS_NUMBER_OK)
        return lus_fail(err, LUS_EUSAGE, "--%s takes a number, not \"%s\"", o->name, value);
    bool is_real = o->kind == LUS_OPTION_REAL,
         is_set = is_real ? !isnan(*(double *)(void *)member) : *(long *)(void *)member >= 0;
    if (is_set)
        return lus_fail(err, LUS_EUSAGE, "--%s is given twice, the second time as %s", o->name,
                        value);
    if (is_real) {
        *(double *)(void *)member = number;
        return LUS_OK;
    }
    if (number != floor(number) || number < 0 || number > 1e9)
        return lus_fail(err, LUS_EUSAGE, "--%s takes a whole number, not \"%s\"", o->name, value);
    *(long *)(void *)member = (long)number;
    return LUS_OK;
}

static int set_option(const struct lus_option *o, const char *value, struct lus_options *options,
                      struct lus_arena *arena, struct lus_error *err)
{
    char *member = (char *)options + o->offset;
    switch (o->kind) {
    case LUS_OPTION_FLAG: *(bool *)member = true; return LUS_OK;
    case LUS_OPTION_TEXT:
    case LUS_OPTION_LIST:
    case LUS_OPTION_EXPRESSION:
    case LUS_OPTION_LINES:
    case LUS_OPTION_MAYBE: return add_text(o, value, (const char **)(void *)member, arena, err);
    case LUS_OPTION_WHOLE:
    case LUS_OPTION_REAL: break;
    }
    return set_number(o, value, member, err);
}

/* The format that the ending of -o says; NULL: it says none. */
static const char *format_of_ending(const char *path)
{
    static const char *const endings[][2] = {
        {".csv", "csv"},   {".tsv", "tsv"},   {".json", "json"}, {".md", "markdown"},
        {".tex", "latex"}, {".html", "html"}, {".htm", "html"},  {".markdown", "markdown"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i][0]) == 0) return endings[i][1];
    return NULL;
}

/* The format of what is written; tables and texts to -o - go where they go without -o. */
static int set_format(const struct lus_command *command, struct lus_options *o,
                      struct lus_error *err)
{
    if (o->output && strcmp(o->output, "-") == 0 && strcmp(command->name, "plot") != 0)
        o->output = NULL;
    const char *said = o->output && command->tables ? format_of_ending(o->output) : NULL;
    if (said && o->format && strcmp(said, o->format) != 0)
        return lus_fail(err, LUS_EUSAGE, "-o %s is %s by its ending, and --format says %s",
                        o->output, said, o->format);
    if (said) o->format = said;
    return LUS_OK;
}

/* Each name of a list, found. */
static int find_list(const char **list, struct lus_arena *arena, struct lus_error *err)
{
    char **names;
    size_t n;
    if (!*list) return LUS_OK;
    LUS_TRY(lus_list_split(arena, *list, &names, &n, err));
    const char *found = "";
    bool is_other = false;
    for (size_t i = 0; i < n; i++) {
        const char *path = lus_path_find(arena, names[i]);
        is_other |= path != names[i];
        found = path ? lus_arena_print(arena, "%s%s%s", found, i ? "," : "", path) : NULL;
        if (!found) return lus_fail_memory(err);
    }
    if (is_other) *list = found;
    return LUS_OK;
}

/* What comes with the program is found by its name. */
static int find_files(struct lus_options *o, const char **files, struct lus_arena *arena,
                      struct lus_error *err)
{
    for (size_t i = 0; i < o->n_files; i++)
        if (!(files[i] = lus_path_find(arena, files[i]))) return lus_fail_memory(err);
    const char **const single[] = {&o->recipe, &o->targets};
    for (size_t i = 0; i < 2; i++)
        if (*single[i] && !(*single[i] = lus_path_find(arena, *single[i])))
            return lus_fail_memory(err);
    LUS_TRY(find_list(&o->lifetable, arena, err));
    return find_list(&o->figures, arena, err);
}

int lus_parse_arguments(const struct lus_command *command, int argc, char **argv,
                        const char **files, struct lus_options *options, struct lus_arena *arena,
                        bool *wants_help, struct lus_error *err)
{
    bool only_files = false;
    options->files = files;
    for (int i = 0; i < argc; i++) {
        const char *a = argv[i];
        if (only_files || a[0] != '-' || !a[1]) {
            files[options->n_files++] = a;
            continue;
        }
        if (strcmp(a, "--") == 0) {
            only_files = true;
            continue;
        }
        if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            *wants_help = true;
            return LUS_OK;
        }
        bool is_long = a[1] == '-';
        size_t n = is_long ? strcspn(a, "=") : 2;
        const struct lus_option *o = find_option(command, a + 2, n - 2, is_long ? 0 : a[1]);
        if (!o) return fail_unknown(command, a, n, err);
        const char *value = is_long ? (a[n] == '=' ? a + n + 1 : NULL) : (a[2] ? a + 2 : NULL);
        if (!o->metavar && value) return lus_fail(err, LUS_EUSAGE, "--%s takes no value", o->name);
        if (o->kind == LUS_OPTION_MAYBE && !value) value = "";
        if (o->metavar && !value) {
            if (i + 1 == argc)
                return lus_fail(err, LUS_EUSAGE, "--%s needs a value: %s", o->name, o->metavar);
            value = argv[++i];
        }
        LUS_TRY(set_option(o, value, options, arena, err));
    }
    LUS_TRY(find_files(options, files, arena, err));
    char who[64];
    (void)snprintf(who, sizeof who, "lustrum %s", command->name);
    LUS_TRY(lus_refuse_options(command, options, command->without, who, err));
    LUS_TRY(set_format(command, options, err));
    if (!options->n_files && !options->pair)
        return lus_fail(err, LUS_EUSAGE, "no file is given: lustrum %s %s", command->name,
                        command->arguments);
    return LUS_OK;
}
