/* Within context: the questions that figures ask of the data, and the people whom they are of. */
#ifndef LUS_CONTEXT_CONTEXT_H
#define LUS_CONTEXT_CONTEXT_H

#include "context/targets.h"
#include "lustrum/context.h"
#include "tally/tally.h"

/* One question to the data: the same people and events for any number of groups, each told by a
 * condition; the first is everybody. */
struct lus_question {
    const char *number; /* NULL, or the column whose values are counted, in backquotes */
    bool is_absent;     /* there is no such column */
    bool of_cause;      /* deaths of the recipe's cause alone */
    bool ignores_entry;
    LUS_ARRAY(const char *) conditions;
    struct lus_tally *tallies; /* each of as many conditions as one takes */
    size_t n_tallies;
};

/* A group: the people of whom a condition of a question is true. */
struct lus_group {
    const struct lus_question *question;
    size_t condition;
};

/* The groups that one figure asks for. */
struct lus_asked {
    /* the group; the second group, or those who do not have the claim */
    struct lus_group of[2];
    struct lus_group *apart; /* by level of the factor; NULL: not asked */
    struct lus_group without_entry;
};

struct lus_context_memory {
    struct lus_arena arena;
    struct lus_reading *reading; /* NULL where no files are given */
    struct lus_recipe own;       /* then */
    const struct lus_recipe *recipe;
    struct lus_demography demography;
    struct lus_context_query query;
    struct lus_fitting fitting;
    struct lus_targets targets;
    struct lus_life_table own_table; /* the recipe's; n_ages 0: none */
    struct lus_question overall, without_entry, of_cause;
    struct lus_question *numbers; /* one for each column; n_numbers */
    size_t n_numbers;
    struct lus_asked *asked;       /* by figure */
    struct lus_adjusted *adjusted; /* models, by group; n_adjusted */
    size_t n_adjusted;
};

/* question.c: the groups of all figures. */
int lus_questions_collect(struct lus_context *c, struct lus_error *err) LUS_MUST_CHECK;

/* rule.c: why a figure may not be compared with data of a recipe; has_table: of a life table. */
enum lus_reason lus_reason_of(const struct lus_recipe *recipe, bool has_table,
                              const struct lus_figure *f);
/* What the recipe's event measures: overall or cause-specific survival. */
enum lus_measure lus_measure_of_data(const struct lus_recipe *recipe);
/* The origin of the recipe's that a figure counts from; NULL: it has none of that name. */
const struct lus_origin *lus_origin_of(const struct lus_recipe *recipe, const struct lus_figure *f);
/* Survival or death at a time, or a median. */
bool lus_is_survival(const struct lus_figure *f);
/* Whether two spans of years have one in common; what is not known does not part them. */
bool lus_years_meet(int from, int to, int other_from, int other_to);

/* groups.c: the query of a question, but for its conditions. */
int lus_question_query(struct lus_context_memory *m, const struct lus_question *q,
                       struct lus_query *query, struct lus_error *err) LUS_MUST_CHECK;
/* Asks the reading all questions; afterwards, the people of a group. */
int lus_questions_ask(struct lus_context *c, struct lus_error *err) LUS_MUST_CHECK;
void lus_question_free(struct lus_question *q);
/* Why the data do not have a group; NULL where they do. */
const char *lus_group_absent(struct lus_group group);
/* All strata of a group, or those of one level of the first key, as one table; the caller frees it.
 * n 0 where there is nobody. */
int lus_group_table(struct lus_group group, const char *level, struct lus_event_table *out,
                    struct lus_error *err) LUS_MUST_CHECK;
double lus_group_people(struct lus_group group);
/* Rows, whatever their weights; level as above. */
double lus_group_rows(struct lus_group group, const char *level);
int lus_group_persons(struct lus_group group, struct lus_cohort *out,
                      struct lus_error *err) LUS_MUST_CHECK;
/* The values of the question's column, counted; the first that is no number. The caller frees
 * them. */
int lus_group_counts(struct lus_group group, struct lus_counted **out, size_t *n,
                     const char **not_a_number, struct lus_error *err) LUS_MUST_CHECK;

/* answer.c: what the data say of the i-th figure. */
int lus_context_answer(struct lus_context *c, size_t i, struct lus_error *err) LUS_MUST_CHECK;
/* value.c: the lesser of two counts that is not 0. */
double lus_fewer(double a, double b);
/* Survival at the figure's time, or its median, of a group; std_error NULL or that of survival. */
int lus_group_value(const struct lus_context *c, const struct lus_figure *f, struct lus_group group,
                    struct lus_data_value *out, enum lus_why *why, double *people,
                    double *std_error, struct lus_error *err) LUS_MUST_CHECK;
/* Net survival of a group at the figure's time. */
int lus_group_net(const struct lus_context *c, const struct lus_figure *f, struct lus_group group,
                  struct lus_data_value *out, enum lus_why *why,
                  struct lus_error *err) LUS_MUST_CHECK;
/* What a change of mix alone moves a group's value to. */
int lus_group_mix(struct lus_context *c, struct lus_answer *a, struct lus_group group,
                  struct lus_error *err) LUS_MUST_CHECK;

/* adjust.c: asks the reading for the people of the figures' groups; fits, behind the reading; and
 * what the mix gives by the model of a group. */
int lus_adjust_ask(struct lus_context *c, struct lus_error *err) LUS_MUST_CHECK;
int lus_adjust_fit(struct lus_context *c, struct lus_error *err) LUS_MUST_CHECK;
int lus_adjust_value(struct lus_context *c, struct lus_answer *answer, struct lus_group group,
                     struct lus_error *err) LUS_MUST_CHECK;
void lus_adjust_free(struct lus_context_memory *m);

/* reason.c: sets the reason with its words. detail: what NO_FACTOR and NOT_A_NUMBER speak of. */
int lus_answer_refuse(struct lus_context *c, struct lus_answer *a, enum lus_reason reason,
                      enum lus_why why, const char *detail, struct lus_error *err) LUS_MUST_CHECK;

#endif
