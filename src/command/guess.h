/* What the columns of a file may be: what a known kind of file says, or guesses that a person
 * confirms. What is not known stays open. */
#ifndef LUS_COMMAND_GUESS_H
#define LUS_COMMAND_GUESS_H

#include "command/reading.h"
#include "people/people.h"

enum { LUS_GUESS_TIMES = 3, LUS_GUESS_LEVELS = 8, LUS_GUESS_ENDPOINTS = 12, LUS_GUESS_NAME = 160 };

/* Another endpoint that the file holds. */
struct lus_endpoint {
    const struct lus_profile_column *time, *event;
    const char *levels[LUS_GUESS_LEVELS];
    size_t n_levels;
    const char *measure; /* NULL: neither OS nor CSS */
};

struct lus_guess {
    const char *kind; /* "a cBioPortal patient file"; NULL: none that is known */
    /* the exit: of several the first that is there; n_times 0: it is not known */
    const struct lus_profile_column *times[LUS_GUESS_TIMES];
    size_t n_times;
    const struct lus_profile_column *origin, *entry, *event; /* NULL: there is none, or which? */
    const char *levels[LUS_GUESS_LEVELS];                    /* of the event; n_levels 0: which? */
    size_t n_levels;
    double code;      /* the largest time, where that is a code for unknown and no time; else NaN */
    const char *unit; /* NULL: which? */
    const char *measure; /* OS or CSS; NULL: left open */
    const char *where;   /* a parameter's rows, or NULL */
    const char *doubt;   /* why the time is a question although it is named; NULL */
    /* the time is the difference of these dates, which its unit is known by; NULL */
    const struct lus_profile_column *from_date, *to_date;
    bool has_fractions; /* the unit is known by the time's decimals: whole days over it */
    bool event_is_any;  /* the event's column holds dates: who has one has died */
    bool is_completed, time_is_sure, event_is_sure;
    /* who a row is of, where rows are more than people */
    const struct lus_profile_column *id;
    bool has_rows_of_cases; /* a patient's samples or treatments: the first serves */
    struct lus_endpoint endpoints[LUS_GUESS_ENDPOINTS]; /* others */
    size_t n_endpoints;
    const struct lus_profile_column *age, *sex, *year, *date, *birth; /* of the population */
};

/* guess.c; LUS_ENOMEM. */
int lus_guess_make(struct lus_guess *guess, const struct lus_profile *profile) LUS_MUST_CHECK;
/* By the name, or the label; else by the size: nobody is followed for 600 months, and days have no
 * decimals. NULL: which? */
const char *lus_guess_unit(const struct lus_profile_column *time);

/* guess_names.c. Points for a word in a column's name: anywhere in it, as the whole name (=), or as
 * a word of it (~), which marks and capitals part. */
struct lus_guess_word {
    const char *text;
    int points;
};
int lus_guess_points(const struct lus_profile_column *c, const struct lus_guess_word *words,
                     size_t n);
#define LUS_GUESS_POINTS(c, words) lus_guess_points(c, words, sizeof words / sizeof *words)
bool lus_guess_is_number(const struct lus_profile_column *c);
/* Whether more of a column's numbers are below 0 than bad rows would be. */
bool lus_guess_has_negatives(const struct lus_profile *p, const struct lus_profile_column *c);
/* How much a column looks like a time, or an event; below 1: it does not. */
int lus_guess_time_points(const struct lus_profile *p, const struct lus_profile_column *c);
int lus_guess_event_points(const struct lus_profile_column *c);
/* Whether all words of a name are such as stand in names of death and its status: deathCVD is of a
 * cause. */
bool lus_guess_has_known_words(const char *name);
/* Whether it is a date, or the name tells of a time; or of an event. */
bool lus_guess_is_named(const struct lus_profile *p, const struct lus_profile_column *c,
                        bool is_time);

/* guess_pair.c: the best pair of time and event; *is_sole: no other comes near it; LUS_ENOMEM. */
int lus_guess_pair(struct lus_guess *guess, const struct lus_profile *p,
                   bool *is_sole) LUS_MUST_CHECK;
/* Whether the name is of another endpoint than death. */
bool lus_guess_is_of_other(const struct lus_profile_column *c);
/* guess_levels.c: the levels of an event's column that mean it; false where they do not tell. */
bool lus_guess_levels(struct lus_guess *guess, const struct lus_profile_column *event);
/* relations.c: the unit of a time that is the difference of two dates, which it finds; NULL: it is
 * none. */
const char *lus_unit_between_dates(const struct lus_profile *p,
                                   const struct lus_profile_column *time,
                                   const struct lus_profile_column **from,
                                   const struct lus_profile_column **to);
/* The unit of a time whose decimals are whole days over it, 0.03288 of 12 days over 365; NULL: they
 * are not. */
const char *lus_unit_of_fractions(const struct lus_profile *p,
                                  const struct lus_profile_column *time);
/* Whether a time is an end less a start, by their names, which it finds: two ages. */
bool lus_is_difference(const struct lus_profile *p, const struct lus_profile_column *time,
                       const struct lus_profile_column **from,
                       const struct lus_profile_column **to);
/* Whether it is what lies between a start and a stop. */
bool lus_is_gap(const struct lus_profile *p, const struct lus_profile_column *start,
                const struct lus_profile_column *stop, const struct lus_profile_column *time);
/* Whether one column is nowhere less than another. */
bool lus_is_never_before(const struct lus_profile *p, const struct lus_profile_column *from,
                         const struct lus_profile_column *to);
/* Whether the rows of a person all have one value of a column; false where no person has two.
 * Then how many other columns of several values are so, at most `most` of them. */
bool lus_is_of_persons(const struct lus_profile *p, const struct lus_profile_column *id,
                       const struct lus_profile_column *c);
size_t lus_count_of_persons(const struct lus_profile *p, const struct lus_profile_column *id,
                            size_t most);
/* endpoints.c: the event's column of a time's name: OS_STATUS of OS_MONTHS; NULL: there is none.
 * measure: of the name, or NULL; where it is not NULL. */
const struct lus_profile_column *lus_guess_partner(const struct lus_profile *p,
                                                   const struct lus_profile_column *time,
                                                   const char **measure);
/* The endpoints beside the one of the guess. */
void lus_guess_endpoints(struct lus_guess *guess, const struct lus_profile *p);
/* conventions.c: the kinds of files that are known by their columns' names; false: none of them. */
bool lus_guess_convention(struct lus_guess *guess, const struct lus_profile *profile);

/* guess_people.c: who a row is of, where rows are more than people; age, sex and year of diagnosis,
 * where each is plain to see. */
void lus_guess_id(struct lus_guess *guess, const struct lus_profile *p);
void lus_guess_population(struct lus_guess *guess, const struct lus_profile *p);
/* guess_dates.c: origin and exit of dates, or of day numbers, and death by its date. */
void lus_guess_dates(struct lus_guess *guess, const struct lus_profile *p);
/* What the time counts from that begins in a column of dates: "diagnosis"; NULL: its name does not
 * tell. */
const char *lus_guess_origin_name(const struct lus_profile_column *c);

#endif
