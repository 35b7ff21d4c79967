/* How rows of options are written: in the files of commands, and in options.c for those that
 * several commands take. A group ends with END. */
#ifndef LUS_COMMAND_OPTION_H
#define LUS_COMMAND_OPTION_H

#include <stddef.h>

#include "command/command.h"

/* clang-format off */
#define TEXT(name, letter, metavar, member, help) \
    {name, letter, metavar, LUS_OPTION_TEXT, offsetof(struct lus_options, member), help, NULL}
/* Given again, it adds to the list; both expressions hold. */
#define LIST(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_LIST, offsetof(struct lus_options, member), help, NULL}
#define EXPRESSION(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_EXPRESSION, offsetof(struct lus_options, member), help, NULL}
#define LINES(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_LINES, offsetof(struct lus_options, member), help, NULL}
#define MAYBE(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_MAYBE, offsetof(struct lus_options, member), help, NULL}
#define LISTED(name, metavar, member, list) \
    {name, 0, metavar, LUS_OPTION_TEXT, offsetof(struct lus_options, member), NULL, list}
#define WHOLE(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_WHOLE, offsetof(struct lus_options, member), help, NULL}
#define REAL(name, metavar, member, help) \
    {name, 0, metavar, LUS_OPTION_REAL, offsetof(struct lus_options, member), help, NULL}
#define FLAG(name, member, help) \
    {name, 0, NULL, LUS_OPTION_FLAG, offsetof(struct lus_options, member), help, NULL}
#define END \
    {NULL, 0, NULL, LUS_OPTION_FLAG, 0, NULL, NULL}
/* clang-format on */

#endif
