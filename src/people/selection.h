/* Who was left out, and why: every row has one status, and statuses are counted. */
#ifndef LUS_PEOPLE_SELECTION_H
#define LUS_PEOPLE_SELECTION_H

#include "recipe/plan.h"

enum lus_status_of_row {
    LUS_ROW_KEPT,
    LUS_ROW_WHERE,
    LUS_ROW_NO_TIME,
    LUS_ROW_NO_ORIGIN,
    LUS_ROW_NO_ENTRY,
    LUS_ROW_NO_EVENT,
    LUS_ROW_NO_WEIGHT,
    LUS_ROW_NO_AGE,
    LUS_ROW_NO_SEX,
    LUS_ROW_NO_DATE,
    LUS_ROW_NO_LIFE,       /* a further factor of the life table is missing */
    LUS_ROW_NOT_DIAGNOSED, /* then */
    LUS_ROW_OTHER_ROW,     /* another row of the same patient is kept */
    LUS_ROW_JOINED,        /* to the row of the same person that it follows */
    LUS_ROW_BAD,
    LUS_ROW_LANDMARK,
    LUS_ROW_NO_FACTOR, /* + index of the key, or behind them of what is wanted */
};

enum lus_bad_reason {
    LUS_BAD_NONE,
    LUS_BAD_NUMBER,
    LUS_BAD_LARGE,
    LUS_BAD_NEGATIVE,
    LUS_BAD_LONG,
    LUS_BAD_BEFORE_ORIGIN,
    LUS_BAD_ENTRY_BEFORE_ORIGIN,
    LUS_BAD_EXIT_BEFORE_ENTRY,
    LUS_BAD_DATE,
    LUS_BAD_MIXED,
    LUS_BAD_EVENT,
    LUS_BAD_WEIGHT,
    LUS_BAD_RAGGED,
    LUS_BAD_AGE,
    LUS_BAD_BIRTH,
    LUS_BAD_SEX,
    LUS_BAD_SEX_OF_TABLE,
    LUS_BAD_YEAR,
    LUS_BAD_LIFE,
    LUS_N_BAD,
};

struct lus_first_bad {
    bool is_set;
    uint64_t row;
    char message[600];
};

/* What the notes below a table tell. */
struct lus_seen {
    bool has_dates, has_bare_years; /* differences of dates; of numbers that may be years */
    bool rounded_time, year_dates, month_dates, fractional_weights;
    uint64_t zero_times, late_entries;
    uint64_t no_time[2];    /* without the event, with it: a time is missing */
    bool has_other_numbers; /* differences of numbers that are no years */
    bool has_closing;
    lus_time closing; /* the last day seen, over all rows */
};

/* Nobody is followed for longer. */
enum { LUS_LONGEST_YEARS = 130 };

/* What one thread counted, or all of them. */
struct lus_selection {
    uint64_t status[LUS_ROW_NO_FACTOR], bad[LUS_N_BAD];
    uint64_t *no_factor; /* by key, then by what is wanted; n_keys of both */
    size_t n_keys;
    struct lus_first_bad first_bad;
    struct lus_seen seen;
};

int lus_selection_init(struct lus_selection *s, const struct lus_plan *plan) LUS_MUST_CHECK;
/* Counts n rows of a status; LUS_ROW_NO_FACTOR + k: they lack k. */
void lus_selection_count(struct lus_selection *s, uint8_t status, uint64_t n);
/* Counts a bad row (beside its status); true where it is the first one so far, whose message is
 * wanted. */
bool lus_selection_count_bad(struct lus_selection *s, uint8_t reason, uint64_t row);
/* Adds what another thread counted. */
void lus_selection_add(struct lus_selection *s, const struct lus_selection *other);
uint64_t lus_selection_n_bad(const struct lus_selection *s);
void lus_selection_free(struct lus_selection *s);

/* The rules in the order in which they apply (docs/methods.md, "Who is counted"), with how many
 * each left out. */
struct lus_rules {
    struct lus_rule *at;
    size_t n;
};
int lus_selection_rules(const struct lus_selection *s, const struct lus_plan *plan,
                        struct lus_arena *arena, struct lus_rules *out,
                        struct lus_error *err) LUS_MUST_CHECK;

#endif
