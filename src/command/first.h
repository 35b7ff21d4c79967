/* A first recipe: what it is written from, and its parts. */
#ifndef LUS_COMMAND_FIRST_H
#define LUS_COMMAND_FIRST_H

#include "command/guess.h"

/* What a first recipe is written from. */
struct lus_first {
    struct lus_guess guess;
    struct lus_profile profile;
    char trouble[1200]; /* why time and event cannot be so; "": they can */
    char bad_row[1200]; /* a row that is bad although they can; "": there is none */
    uint64_t n_bad;     /* how many there are */
};

/* first_trial.c: reads the file as the guess has it: what would stop there is a question. A few bad
 * rows are one of their own: which columns are meant is plain all the same. */
int lus_first_try(struct lus_first *f, const struct lus_options *o, struct lus_error *err);

/* Whether its dates could be read in two ways, or have years of two digits: questions of their
 * own. */
bool lus_first_has_open_dates(const struct lus_guess *guess);

/* first_factors.c: the factors that the columns suggest; LUS_ENOMEM. */
int lus_first_factors(struct lus_string *out, const struct lus_first *f) LUS_MUST_CHECK;
/* What each column of the file holds, as comments. */
void lus_first_columns(struct lus_string *out, const struct lus_profile *p);
/* A YAML text. */
void lus_first_text(struct lus_string *out, const char *text);
/* "0 (232), 1 (25), 2 (161)" */
void lus_first_values(struct lus_string *out, const struct lus_profile_column *c);

#endif
