/* The command line: arguments to options, printing, exit codes. */
#ifndef LUS_CLI_CLI_H
#define LUS_CLI_CLI_H

#include "command/command.h"

enum { LUS_EXIT_OK = 0, LUS_EXIT_FAILED = 1, LUS_EXIT_USAGE = 2, LUS_EXIT_DATA = 3 };

/* Fills options from argv (behind the command's name); files go to files, which has room for argc.
 * *wants_help: --help. */
int lus_parse_arguments(const struct lus_command *command, int argc, char **argv,
                        const char **files, struct lus_options *options, bool *wants_help,
                        struct lus_error *err) LUS_MUST_CHECK;
void lus_print_usage(struct lus_string *out);
void lus_print_help(struct lus_string *out, const struct lus_command *command);
/* The OPTIONS section of a manual page, in Markdown. */
void lus_print_options(struct lus_string *out, const struct lus_command *command);
/* Runs a command and writes what it made. An exit code. */
int lus_run_command(const struct lus_command *command, int argc, char **argv);

#endif
