/* Arguments to options. */
#include <math.h>
#include <stdlib.h>

#include "command/command.h"
#include "support/number.h"

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

static int set_option(const struct lus_option *o, const char *value, struct lus_options *options,
                      struct lus_error *err)
{
    char *member = (char *)options + o->offset;
    double number = 0;
    if (o->kind == LUS_OPTION_FLAG) {
        *(bool *)member = true;
        return LUS_OK;
    }
    if (o->kind == LUS_OPTION_TEXT) {
        *(const char **)member = value;
        return LUS_OK;
    }
    if (lus_number_parse(value, strlen(value), &number) != LUS_NUMBER_OK)
        return lus_fail(err, LUS_EUSAGE, "--%s takes a number, not \"%s\"", o->name, value);
    if (o->kind == LUS_OPTION_REAL) {
        *(double *)member = number;
        return LUS_OK;
    }
    if (number != floor(number) || number < 0 || number > 1e9)
        return lus_fail(err, LUS_EUSAGE, "--%s takes a whole number, not \"%s\"", o->name, value);
    *(long *)member = (long)number;
    return LUS_OK;
}

int lus_parse_arguments(const struct lus_command *command, int argc, char **argv,
                        const char **files, struct lus_options *options, bool *wants_help,
                        struct lus_error *err)
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
        if (o->metavar && !value) {
            if (i + 1 == argc)
                return lus_fail(err, LUS_EUSAGE, "--%s needs a value: %s", o->name, o->metavar);
            value = argv[++i];
        }
        LUS_TRY(set_option(o, value, options, err));
    }
    if (!options->n_files && !options->pair)
        return lus_fail(err, LUS_EUSAGE, "no file is given: lustrum %s %s", command->name,
                        command->arguments);
    return LUS_OK;
}
