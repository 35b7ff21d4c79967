/* What one thread needs to turn rows of text into people: typed columns, truth values, factor
 * levels, strata.
 *
 *     fields ─▶ convert.c ─▶ evaluate.c, factor.c ─▶ people.c
 *     texts     columns      truth and levels        status, times, event, weight, group
 */
#ifndef LUS_PEOPLE_WORKER_H
#define LUS_PEOPLE_WORKER_H

#include "people/selection.h"
#include "recipe/plan.h"
#include "support/calendar.h"
#include "support/dictionary.h"

enum lus_time_kind {
    LUS_TIME_NUMBER,
    LUS_TIME_DATE,
    LUS_TIME_MISSING,
    LUS_TIME_BAD,
    LUS_TIME_LARGE
};

/* A label of up to sixteen bytes: its first and its last eight. */
struct lus_short_label {
    uint64_t head, tail;
    uint32_t code, n;
    uint64_t unused; /* a size that is a power of two is indexed by a shift */
};

/* The values of one slot, by row. */
struct lus_column {
    size_t room;
    uint32_t *codes;
    double *numbers;
    lus_time *times;
    uint8_t *kinds;   /* TIME and WEIGHT: lus_time_kind */
    bool all_numbers; /* TIME: every kind of this batch is LUS_TIME_NUMBER */
    struct lus_dictionary dictionary;
    struct lus_short_label *shorts; /* recent labels of two to sixteen bytes */
    uint32_t *of_byte;              /* codes of labels of one byte; UINT32_MAX: not seen */
};

/* Levels by row: codes from 1, 0 missing, LUS_BAD_LEVEL where text stands for a number. any_of:
 * masks. */
#define LUS_BAD_LEVEL UINT32_MAX
struct lus_levels {
    size_t room;
    uint32_t *codes;
    uint64_t *masks, *unknown; /* any_of; bit i: level i holds; it is not known whether it does */
};

struct lus_bad {
    uint8_t reason;
    size_t slot; /* whose text is shown; LUS_NO_SLOT for a row */
};

/* One row each, in the order of the file. */
struct lus_people {
    size_t n, room;
    uint8_t *status;
    struct lus_bad *bad; /* where status is LUS_ROW_BAD */
    uint8_t *event;      /* 0, or the number of the cause */
    lus_time *exit, *entry;
    int64_t *weight; /* counts of 1e-9; only where there are weights */
    uint32_t *group;
    lus_time *age, *date; /* at the origin; only where the plan has a demography */
    uint16_t *life;       /* which of the life table's columns: sex * n_by + by */
};

/* (previous, code) to a number, in the order of first sight. */
struct lus_pairs {
    uint32_t *dense; /* small pairs: number + 1 at [previous * 64 + code] */
    uint64_t *keys;  /* the others: open addressing */
    uint32_t *values;
    size_t n_slots, n_used;
    LUS_ARRAY(uint64_t) seen; /* previous << 32 | code, by number */
};

/* What the words of sex and of the life table's further factors mean, by code; codes below n are
 * decided. */
struct lus_life_words {
    uint8_t *sex;
    size_t n_sex;
    struct lus_pairs pairs; /* of further factors: (previous, code) to a number */
    LUS_ARRAY(uint32_t) by; /* by that number: the table's combination; UINT32_MAX: it has none */
};

/* Truth by code, for the codes below n_decided. */
struct lus_decisions {
    uint8_t *at;
    size_t n, n_decided;
};

struct lus_worker {
    const struct lus_plan *plan;
    const struct lus_batch *batch;
    struct lus_column *columns;      /* by slot */
    struct lus_levels *levels;       /* by factor of the recipe */
    struct lus_decisions *decisions; /* by leaf */
    LUS_ARRAY(uint8_t *) truths;     /* a stack of rows of truth values, for nested expressions */
    size_t truths_room, n_truths_used;
    uint8_t *event_words; /* by code of the event column: 0, a cause, or what person.c has beside */
    size_t n_event_words;
    bool any_bad_event; /* in this batch */
    size_t failed_row;  /* of the batch, that holds a label which cannot be read */
    struct lus_life_words life_words;
    struct lus_pairs *groups;  /* by key */
    LUS_ARRAY(uint64_t) masks; /* of any_of keys, by code - 1 */
    struct lus_people people;
    struct lus_selection selection;
};

static inline void lus_people_set_bad(struct lus_people *p, size_t row, enum lus_bad_reason reason,
                                      size_t slot)
{
    if (p->status[row] != LUS_ROW_KEPT) return;
    p->status[row] = LUS_ROW_BAD;
    p->bad[row] = (struct lus_bad){(uint8_t)reason, slot};
}

static inline void lus_people_set_missing(struct lus_people *p, size_t row,
                                          enum lus_status_of_row status)
{
    if (p->status[row] == LUS_ROW_KEPT) p->status[row] = (uint8_t)status;
}

int lus_worker_init(struct lus_worker *w, const struct lus_plan *plan,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_worker_free(struct lus_worker *w);

/* group.c: the group of each row that is kept, and the codes of a group, one for each key (and the
 * truth of --of). */
int lus_worker_group(struct lus_worker *w, struct lus_error *err) LUS_MUST_CHECK;
int lus_pair_number(struct lus_pairs *pairs, uint32_t previous, uint32_t code,
                    uint32_t *out) LUS_MUST_CHECK;
void lus_pairs_free(struct lus_pairs *pairs);
void lus_worker_group_codes(const struct lus_worker *w, uint32_t group, uint32_t *codes);
size_t lus_worker_n_groups(const struct lus_worker *w);

/* people.c: all of the above, for one batch; leaves w->people. Nothing is counted yet. */
int lus_worker_take(struct lus_worker *w, const struct lus_batch *batch,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Counts the rows of the batch by status. */
void lus_worker_count_batch(struct lus_worker *w);
/* Counts a row by its status, remembering the first bad one. */
void lus_worker_count(struct lus_worker *w, size_t row);
/* "file:line: column: what is wrong" for a bad row of the current batch. */
void lus_worker_bad_message(const struct lus_worker *w, size_t row, char *out, size_t room);

/* convert.c */
int lus_convert(struct lus_worker *w, struct lus_error *err) LUS_MUST_CHECK;
bool lus_is_missing(const struct lus_plan *plan, struct lus_text text);
bool lus_is_bad_number(double value);
/* A time in the slot's unit, or a date; an enum lus_time_kind. *out is set where it is one of the
 * two. */
uint8_t lus_time_of_text(struct lus_worker *w, const struct lus_slot *slot, struct lus_text text,
                         lus_time *out);
/* days since 1970-01-01 of YYYY-MM-DD (YYYY-MM: the 15th, *is_month set); false where it is no
 * date. */
bool lus_date_parse(struct lus_text text, int64_t *days, bool *is_month);

/* people.c: the exit of a row, as far as it can be read; whether a number is a calendar year, and
 * the date that stands for it. */
bool lus_row_exit(struct lus_worker *w, size_t row, lus_time *out);
bool lus_is_year(lus_time value, enum lus_unit unit);
lus_time lus_date_of_year(lus_time year, enum lus_unit unit);

/* demography.c: age, date and life-table column at the origin; and --diagnosed. */
int lus_take_demography(struct lus_worker *w, struct lus_error *err) LUS_MUST_CHECK;
void lus_life_words_free(struct lus_life_words *words);

/* evaluate.c: truth by row. The result belongs to the worker and holds until lus_truths_release. */
int lus_evaluate(struct lus_worker *w, const struct lus_expr *e, uint8_t **out,
                 struct lus_error *err) LUS_MUST_CHECK;
void lus_truths_release(struct lus_worker *w, size_t to);
/* The slot whose text makes the expression BAD on a row. */
size_t lus_find_bad_slot(const struct lus_worker *w, const struct lus_expr *e, size_t row);

/* factor.c */
int lus_evaluate_factors(struct lus_worker *w, struct lus_error *err) LUS_MUST_CHECK;
/* The codes of a factor or column by row, and the text of a code. */
const uint32_t *lus_codes_of(const struct lus_worker *w, const struct lus_operand *operand);
/* codes of a column, with 0 */
size_t lus_n_labels_of(const struct lus_worker *w, const struct lus_operand *operand);
struct lus_text lus_text_of_code(const struct lus_worker *w, const struct lus_operand *operand,
                                 uint32_t code);
size_t lus_factor_bad_slot(const struct lus_worker *w, const struct lus_factor *factor, size_t row);

/* stage.c: index of the level of the TNM stage (see recipe_factor.c), or -1 where it cannot be
 * told. */
int lus_tnm_stage(struct lus_text t, struct lus_text n, struct lus_text m, int edition);

#endif
