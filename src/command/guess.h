/* What the columns of a file may be: guesses that a person confirms. */
#ifndef LUS_COMMAND_GUESS_H
#define LUS_COMMAND_GUESS_H

#include "command/reading.h"

/* The columns that are most likely the follow-up time and the event; NULL where none is. */
const struct lus_profile_column *lus_guess_time(const struct lus_profile *p);
const struct lus_profile_column *lus_guess_event(const struct lus_profile *p);
/* The value of such an event that most likely means it. */
const char *lus_guess_level(const struct lus_profile_column *c);
/* The unit of such a time, by its name, else by its size. */
const char *lus_guess_unit(const struct lus_profile_column *c);
bool lus_guess_is_number(const struct lus_profile_column *c);

#endif
