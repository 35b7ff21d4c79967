/* A recipe: what the columns of a file mean. Read from YAML, or made from the defaults; options
 * change it afterwards. */
#ifndef LUS_RECIPE_RECIPE_H
#define LUS_RECIPE_RECIPE_H

#include "lustrum/time.h"
#include "recipe/expression.h"
#include "support/calendar.h"
#include "support/yaml.h"

enum lus_factor_kind {
    LUS_FACTOR_COLUMN, /* another name, or a declared order, for a column */
    LUS_FACTOR_CUTS,
    LUS_FACTOR_LEVELS,
    LUS_FACTOR_ANY_OF, /* overlapping */
    LUS_FACTOR_TNM,
    LUS_FACTOR_AGE, /* groups of age at the origin; made by a query, not by a recipe */
};

struct lus_factor {
    const char *name, *label;
    enum lus_factor_kind kind;
    const struct lus_yaml *at;
    const char *column;     /* COLUMN, CUTS */
    char *const *otherwise; /* where it is missing, the first of these that is there */
    size_t n_otherwise;
    size_t slot;                  /* of the column, once the plan has bound it */
    double *cuts;                 /* CUTS: ascending, n_levels - 1 of them */
    const char **levels;          /* by index from 0; COLUMN: the declared order, may be empty */
    struct lus_expr **conditions; /* LEVELS, ANY_OF: one for each level */
    size_t n_levels;
    const char *t, *n, *m; /* TNM: columns */
    int edition;
    /* ANY_OF: of a query's conditions; a NULL condition always holds, bad numbers are unknown */
    bool of_query;
    /* by condition: NULL, or why it cannot be had, and then it never holds */
    const char **absent;
    int state; /* while the plan binds it: 0 new, 1 under way, 2 done */
};

/* What the numbers of a life table are. */
enum lus_rate_kind { LUS_HAZARD_PER_DAY, LUS_RATE_PER_YEAR, LUS_PROBABILITY, LUS_SURVIVING };

struct lus_time_column {
    const char *column; /* NULL: none */
    enum lus_unit unit;
    /* where it is missing, the first of these that is there */
    char *const *otherwise;
    size_t n_otherwise;
};

/* The words that stand for no value. */
struct lus_missing {
    const char *column; /* NULL: of every column that has none of its own */
    struct lus_text *words;
    size_t n;
};

/* A table of the same patients, whose columns are put beside the file's own. */
struct lus_join {
    const char *file, *by; /* NULL: there is none; the column that both have */
    enum lus_join_keep { LUS_JOIN_ONE, LUS_JOIN_FIRST, LUS_JOIN_LAST } keep;
};

struct lus_recipe {
    struct lus_arena arena; /* owns all that is below */
    const char *path;       /* NULL where there is no file */
    const char *title, *source, *licence, *figures;
    int from_year, to_year; /* of diagnosis; 0: not said */
    const char *selected;   /* how the people were chosen; NULL: they are all who were diagnosed */
    bool synthetic;
    char delimiter; /* 0: the header tells */
    bool no_quotes;
    const char *encoding; /* NULL: UTF-8, or by the file's mark */
    const char *layout;   /* file of what the columns are; NULL: none */
    bool has_no_header;
    char **names; /* of columns, where there is no header */
    size_t n_names;
    struct lus_join join;
    char decimal; /* 0: what the first rows show */
    struct lus_dates {
        const char *column; /* NULL: of every column */
        enum lus_date_form form;
    } * dates;
    size_t n_dates;
    struct lus_missing missing, *missing_of; /* of all columns; of n_missing_of of them */
    size_t n_missing_of;
    const char *skip;     /* lines that begin so are comments */
    const char *id;       /* who a row is of; NULL: not said */
    bool rows_are_people; /* `id: none`: whatever ids there are */
    char **guessed;       /* keys that nobody has checked yet */
    size_t n_guessed;
    enum lus_weight_kind { LUS_WEIGHTS_UNSAID, LUS_WEIGHTS_COPIES, LUS_WEIGHTS_SAMPLING } weight_is;
    struct {
        enum lus_unit unit; /* of results */
        bool has_unit;      /* it is said */
        const char *from;   /* the origin's name */
        struct lus_time_column exit, origin, entry;
        bool clip_entry, completed;
    } time;
    struct {
        const char *column, *measure;
        char **levels; /* none: the words for yes and no */
        size_t n_levels;
        struct lus_cause {
            const char *name;
            char **levels;
            size_t n_levels;
        } * causes;
        size_t n_causes;
        const struct lus_cause *cause; /* that cause-specific survival is of; NULL: no causes */
    } event;
    const char *weight;
    struct lus_expr *where;
    bool drop_bad;
    struct {
        const char *column, *order;
        bool keep_last;
    } one_row_per;
    struct lus_factor *factors;
    size_t n_factors;
    struct lus_claim {
        const char *name;
        struct lus_expr *condition;
    } * claims;
    size_t n_claims;
    struct lus_origin { /* from where figures count, as time here does */
        const char *name;
        struct lus_expr *where; /* of whom that is true; NULL: of everybody */
        const char *label;      /* those, in words */
    } * origins;
    size_t n_origins;
    struct {               /* factors to look at where a figure differs; NULL: none */
        const char *apart; /* whose levels are shown beside it */
        const char *mix;   /* whose mix may differ */
    } context;
    const char *targets; /* the file of what synthetic data were made to meet */
    struct {             /* what relative survival asks of each patient, at the origin of time */
        /* columns; exactly one of them; both NULL: there is no such block */
        const char *age, *birth;
        enum lus_unit age_unit;
        bool age_completed;    /* in completed years */
        const char *sex;       /* column, or "male" or "female" of all */
        char **male, **female; /* codes; none: the words */
        size_t n_male, n_female;
        const char *date, *year; /* columns; exactly one of them */
        const char *table; /* the file of the population's mortality; NULL: an option names it */
    } population;
    struct {
        /* columns; age NULL: the recipe is not of a life table */
        const char *age, *year, *sex, *value;
        char **male, **female, **by;
        size_t n_male, n_female, n_by;
        enum lus_rate_kind kind;
        double year_days;
    } lifetable;
};

/* A recipe's file as it was read: from it each question makes a recipe of its own. */
struct lus_recipe_tree {
    struct lus_arena arena;
    const char *path; /* NULL: there is no file */
    struct lus_yaml *root;
};
/* *out: the file of another ending beside FILE, in the arena; NULL where there is none. Beside
 * x.y.csv.gz that is x.y.csv.gz.yaml, x.y.csv.yaml or x.y.yaml, the first that is there; never
 * x.yaml, which is of another file. */
int lus_recipe_beside(struct lus_arena *arena, const char *file, const char *ending,
                      const char **out, struct lus_error *err) LUS_MUST_CHECK;
/* LUS_EUSAGE: nobody has said what a key of the recipe says; with the question that a first recipe
 * asks there, else what would say it. */
int lus_recipe_fail_open(const struct lus_recipe *recipe, const char *file, const char *key,
                         const char *what, struct lus_error *err);
/* Reads path; NULL: an empty tree. Free it on failure too. */
int lus_recipe_tree_read(struct lus_recipe_tree *tree, const char *path,
                         struct lus_error *err) LUS_MUST_CHECK;
void lus_recipe_tree_free(struct lus_recipe_tree *tree);

/* The defaults: months, empty and NA missing. */
int lus_recipe_init(struct lus_recipe *recipe, struct lus_error *err) LUS_MUST_CHECK;
/* What a tree says, over the defaults. The tree outlives the recipe. */
int lus_recipe_make(struct lus_recipe *recipe, const struct lus_recipe_tree *tree,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Reads path over the defaults. */
int lus_recipe_read(struct lus_recipe *recipe, const char *path,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_recipe_free(struct lus_recipe *recipe);
const struct lus_factor *lus_recipe_factor(const struct lus_recipe *recipe, const char *name);

/* A column, or a list of them: the first, and those that serve where it is missing. */
int lus_recipe_columns(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                       const char **first, char *const **otherwise, size_t *n_otherwise,
                       struct lus_error *err) LUS_MUST_CHECK;
/* factors.c: the factors: block. */
int lus_recipe_read_factors(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err) LUS_MUST_CHECK;
/* The level of a number between cuts, from 0: "<50", "50-64", "65+". NULL: no memory. */
const char *lus_cut_label(struct lus_arena *arena, const double *cuts, size_t n_cuts, size_t level);
/* A factor of n rising cut points, which the recipe keeps. */
int lus_recipe_cut_factor(struct lus_recipe *recipe, struct lus_factor *factor, double *cuts,
                          size_t n, struct lus_error *err) LUS_MUST_CHECK;
/* figures.c: what figures ask of a recipe. The check of context: comes when all keys are read. */
int lus_recipe_read_claims(struct lus_recipe *recipe, const struct lus_yaml *map,
                           struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_origins(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_context(struct lus_recipe *recipe, const struct lus_yaml *map,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_check_context(const struct lus_recipe *recipe, const struct lus_yaml *map,
                             struct lus_error *err) LUS_MUST_CHECK;
/* populations.c: the population: and lifetable: blocks. */
int lus_recipe_read_population(struct lus_recipe *recipe, const struct lus_yaml *map,
                               struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_lifetable(struct lus_recipe *recipe, const struct lus_yaml *map,
                              struct lus_error *err) LUS_MUST_CHECK;
/* true or false; days, weeks, months or years. */
int lus_recipe_flag(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                    bool *out, struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_unit(struct lus_recipe *recipe, const struct lus_yaml *node, enum lus_unit *out,
                    struct lus_error *err) LUS_MUST_CHECK;
/* notation.c: how values are written. */
int lus_recipe_read_missing(struct lus_recipe *recipe, const struct lus_yaml *node,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_dates(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_decimal(struct lus_recipe *recipe, const struct lus_yaml *node,
                            struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_header(struct lus_recipe *recipe, const struct lus_yaml *node,
                           struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_join(struct lus_recipe *recipe, const struct lus_yaml *node,
                         struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_delimiter(struct lus_recipe *recipe, const struct lus_yaml *node,
                              struct lus_error *err) LUS_MUST_CHECK;
int lus_recipe_read_quote(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_error *err) LUS_MUST_CHECK;
/* The words of a column; how its dates are written: what the recipe says, else what was seen. */
const struct lus_missing *lus_recipe_missing(const struct lus_recipe *recipe, const char *column);
enum lus_date_form lus_recipe_dates(const struct lus_recipe *recipe, const char *column,
                                    enum lus_date_form seen);

/* An expression at a node of the recipe. */
int lus_recipe_expression(struct lus_recipe *recipe, const struct lus_yaml *node,
                          struct lus_expr **out, struct lus_error *err) LUS_MUST_CHECK;
/* The text of a scalar node; LUS_EDATA where it is none or empty. */
int lus_recipe_text(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                    const char **out, struct lus_error *err) LUS_MUST_CHECK;
/* A list of texts, or one text as a list of one. */
int lus_recipe_texts(struct lus_recipe *recipe, const struct lus_yaml *node, const char *what,
                     char ***out, size_t *n, struct lus_error *err) LUS_MUST_CHECK;

#endif
