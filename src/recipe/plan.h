/* A plan: the query and the recipe, bound to the columns that the files have. Made once, then only
 * read. */
#ifndef LUS_RECIPE_PLAN_H
#define LUS_RECIPE_PLAN_H

#include "lustrum/population.h"
#include "read/reader.h"
#include "recipe/recipe.h"

/* A column in one use. The kind of value follows from the use, never from what the first rows
 * hold. */
enum lus_slot_kind {
    LUS_SLOT_LABEL,  /* uint32 codes of a dictionary */
    LUS_SLOT_NUMBER, /* double; NaN missing or bad, told apart by lus_is_bad_number */
    LUS_SLOT_TIME,   /* lus_time with a kind: a number of units, or a date as days since 1970 */
    LUS_SLOT_WEIGHT, /* int64 counts of 1e-9 */
    LUS_SLOT_TEXT,   /* the text itself */
};

#define LUS_NO_SLOT SIZE_MAX
struct lus_slot {
    enum lus_slot_kind kind;
    size_t field; /* index of the field that the reader keeps */
    size_t column;
    enum lus_unit unit; /* TIME */
    enum lus_date_form form;
    const struct lus_missing *missing; /* words */
    bool has_decimal_comma;
    bool is_quick;    /* digits are a number, whatever else there is */
    bool may_be_open; /* "90+" is 90 */
    size_t otherwise; /* the slot that serves where this one is missing, or LUS_NO_SLOT */
};

/* A by-variable: a column or a factor. */
struct lus_key {
    const char *name;
    const struct lus_factor *factor; /* NULL: a column */
    size_t index;                    /* of the slot, or of the factor */
    bool keeps_missing;
};

/* A column of which each patient's value is wanted. */
struct lus_plan_wanted {
    const char *name;
    bool is_number;
    size_t index; /* of the slot; or of the key */
};

/* What an event may be; rows have the number of their cause, from 1, or 0. */
struct lus_event_cause {
    const char *name; /* NULL: levels of which no cause is named */
    char **levels;    /* none: the words for yes */
    size_t n_levels;
    bool is_event; /* else people leave by it as by a censoring */
};
enum { LUS_MOST_CAUSES = 100, LUS_MOST_KEYS = 64 };

struct lus_plan {
    struct lus_recipe recipe;
    struct lus_header *header; /* of the files; what the plan asks for is kept */
    struct lus_arena arena;
    LUS_ARRAY(struct lus_slot) slots;
    LUS_ARRAY(size_t) factors; /* those in use, each after the ones that it needs */
    size_t n_leaves;           /* text comparisons, each with a cache of decisions */
    struct lus_key *keys;      /* by, then strata, then of */
    size_t n_by, n_strata, n_keys;
    struct lus_plan_wanted *wanted;
    size_t n_wanted;
    bool keeps_people; /* rows are kept, not counted */
    struct lus_event_cause *causes;
    size_t n_causes;                                      /* at least 1 */
    size_t exit, origin, entry, event, weight, id, order; /* slots, or LUS_NO_SLOT */
    bool joins_rows; /* of one id that follow each other in time; else one of each id is chosen */
    /* a column that looks like an id, whose repeats would make rows of people into people; the
     * field of its texts */
    const char *id_column;
    size_t id_field;
    bool has_named_unit, has_assumed_unit; /* read off the time's name; months, for want of one */
    struct {                               /* of the patients; slots, or LUS_NO_SLOT */
        const struct lus_demography *asks; /* NULL: nobody asks */
        size_t age, birth, sex, date;
        bool all_male, all_female; /* no column of sex */
        struct lus_operand *keys;  /* the life table's further factors */
        lus_time from, to;         /* --diagnosed: dates in [from, to); to 0: not asked */
    } demography;
    struct lus_factor *conditions; /* NULL: the query has none */
    struct lus_expr *where, *of;   /* of: the expression whose truth is the last key */
    bool without_time, has_entry, ignores_entry, drop_bad, may_be_empty;
    const char *unused_entry; /* NULL: none */
    bool years_are_dates;
    lus_time landmark; /* negative: none */
};

static inline bool lus_is_event(const struct lus_plan *plan, uint8_t cause)
{
    return cause && plan->causes[cause - 1].is_event;
}

/* Binds a query and the recipe of a tree to the columns: every name, all of it before a row is
 * read. LUS_EUSAGE or LUS_EDATA with the remedy in err. Free it on failure too. */
int lus_plan_make(struct lus_plan *plan, const struct lus_recipe_tree *tree,
                  const struct lus_query *query, struct lus_header *header,
                  struct lus_error *err) LUS_MUST_CHECK;
/* Names, without marks and in small letters, that say whose row it is, the surest first; ends with
 * NULL. */
extern const char *const lus_id_names[];
/* The unit that a column's name speaks of: OS_MONTHS, days_to_death, survival_yrs. */
bool lus_unit_of_name(const char *name, enum lus_unit *out);
/* The name of a slot's column. */
const char *lus_slot_name(const struct lus_plan *plan, size_t slot);
void lus_plan_free(struct lus_plan *plan);
/* question.c: all that the plan asks, in one line of clauses that end with "; ". */
void lus_plan_question(const struct lus_plan *plan, struct lus_string *out);

/* apply.c: a query's words on how values are written, over the recipe's; its factors by cuts. */
int lus_plan_apply_notation(struct lus_plan *plan, const struct lus_query *query,
                            struct lus_error *err) LUS_MUST_CHECK;
/* Parts at commas outside backquotes, which stay. */
int lus_plan_split_list(struct lus_plan *plan, const char *text, char ***parts, size_t *n,
                        struct lus_error *err) LUS_MUST_CHECK;
/* "COL=REST": the column, out of its backquotes, and what stands behind; both NULL where there is
 * no = outside them. */
int lus_plan_split_pair(struct lus_plan *plan, const char *text, const char **column,
                        const char **rest, struct lus_error *err) LUS_MUST_CHECK;
int lus_plan_apply_cuts(struct lus_plan *plan, const struct lus_query *query,
                        struct lus_error *err) LUS_MUST_CHECK;

/* bind.c: names to slots and factors. */
int lus_plan_slot(struct lus_plan *plan, const char *column, enum lus_slot_kind kind,
                  enum lus_unit unit, size_t *slot, struct lus_error *err) LUS_MUST_CHECK;
/* The same of several columns, the first that is there; and of a time's. */
int lus_plan_first_slot(struct lus_plan *plan, const char *first, char *const *otherwise, size_t n,
                        enum lus_slot_kind kind, enum lus_unit unit, size_t *slot,
                        struct lus_error *err) LUS_MUST_CHECK;
int lus_plan_time_slot(struct lus_plan *plan, const struct lus_time_column *column, size_t *slot,
                       struct lus_error *err) LUS_MUST_CHECK;
int lus_plan_key(struct lus_plan *plan, const char *name, struct lus_key *key,
                 struct lus_error *err) LUS_MUST_CHECK;
/* wanted.c: the columns of which each patient's value is wanted, as keys and slots of numbers. */
int lus_plan_bind_wanted(struct lus_plan *plan, const struct lus_query *query,
                         struct lus_error *err) LUS_MUST_CHECK;
/* conditions.c: a query's conditions as a factor; added before anything is bound, bound behind the
 * source's opening. */
int lus_plan_add_conditions(struct lus_plan *plan, const struct lus_query *query,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_plan_bind_conditions(struct lus_plan *plan, struct lus_error *err) LUS_MUST_CHECK;
/* demography.c */
int lus_plan_bind_demography(struct lus_plan *plan, const struct lus_query *query,
                             struct lus_error *err) LUS_MUST_CHECK;
int lus_plan_bind(struct lus_plan *plan, struct lus_expr *e, const struct lus_factor *inside,
                  struct lus_error *err) LUS_MUST_CHECK;

#endif
