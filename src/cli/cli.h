/* The command line: printing and exit codes. */
#ifndef LUS_CLI_CLI_H
#define LUS_CLI_CLI_H

#include "command/command.h"

enum { LUS_EXIT_OK = 0, LUS_EXIT_FAILED = 1, LUS_EXIT_USAGE = 2, LUS_EXIT_DATA = 3 };

/* Runs a command with its arguments and prints what it made. An exit code. */
int lus_print_command(const struct lus_command *command, int argc, char **argv);

#endif
