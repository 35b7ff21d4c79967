/* A model of a population: variables in the order in which they are drawn, causes of death,
 * follow-up, and what is written. */
#ifndef LUS_SIMULATE_MODEL_H
#define LUS_SIMULATE_MODEL_H

#include "lustrum/relative.h"
#include "recipe/plan.h"
#include "support/yaml.h"

enum lus_draw_kind { LUS_DRAW_SHARES, LUS_DRAW_NORMAL, LUS_DRAW_DATE };

/* A distribution. */
struct lus_draw {
    enum lus_draw_kind kind;
    struct lus_expr *condition; /* NULL: always */
    size_t n;                   /* SHARES */
    const char **levels;
    double *shares; /* add up to 1 */
    double mean, sd, least, most;
    int places;       /* NORMAL: as written; negative where it is not rounded */
    int64_t from, to; /* DATE: days, both included */
};

enum lus_variable_kind {
    LUS_VARIABLE_DRAWN,
    LUS_VARIABLE_LEVELS,
    LUS_VARIABLE_COUNT,
    LUS_VARIABLE_YEAR
};

struct lus_variable {
    const char *name;
    enum lus_variable_kind kind;
    struct lus_draw *draws; /* DRAWN: the first whose condition holds; the last has none */
    size_t n_draws;
    const char **levels; /* LEVELS: the first whose condition holds */
    struct lus_expr **conditions;
    size_t n_levels;
    size_t *counted, n_counted; /* COUNT: how many of these are `is` */
    const char *is;
    int top;        /* that many and more is "4+"; 0: no top */
    size_t of;      /* YEAR: of this date */
    double missing; /* share that is written empty */
    bool hidden;
};

struct lus_effect {
    struct lus_expr *condition;
    double ratio;
};

/* A cause of death: its hazard is baseline times the product of the ratios whose conditions
 * hold. */
struct lus_hazard {
    const char *name;
    double *from, *per_year; /* piecewise, years; n_pieces 0: Weibull, or a life table */
    size_t n_pieces;
    double shape, scale; /* Weibull: (t/scale)^shape */
    bool has_table;
    struct lus_life_table table;
    size_t age, date;  /* variables; age in years */
    bool is_completed; /* completed years: half a year more */
    enum lus_sex sex;
    struct lus_effect *effects;
    size_t n_effects;
};

/* A number of a model that may be fitted, and where it stands in the file. */
struct lus_free_number {
    double *value;
    size_t line, column, length; /* from 1 */
};

struct lus_model {
    struct lus_arena arena;
    LUS_ARRAY(struct lus_free_number) free;
    const char *path, *title;
    struct lus_variable *variables;
    size_t n_variables;
    struct lus_hazard *hazards;
    size_t n_hazards;
    size_t origin;   /* a date variable */
    int64_t closing; /* day */
    double lost_per_year;
    /* delayed entry: that share of people, exponential with that mean */
    double entry_share, entry_years;
    const char *time, *event, *cause, *entry; /* columns; cause and entry may be NULL */
    double unit_days;
    int places;
};

int lus_model_read(struct lus_model *model, const char *path, struct lus_error *err) LUS_MUST_CHECK;
void lus_model_free(struct lus_model *model);

#endif
