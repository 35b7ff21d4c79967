/* The design of a regression: a formula and people make a matrix, one row for each stretch of time
 * of a person.
 *
 *     formula ─▶ bases (one for each part) ─▶ columns (products of bases) ─▶ rows, sorted
 */
#ifndef LUS_REGRESS_DESIGN_H
#define LUS_REGRESS_DESIGN_H

#include "lustrum/tally.h"
#include "regress/formula.h"

/* What a part of the formula gives for a value: a number, the functions of a spline, or one of
 * several levels. */
struct lus_basis {
    size_t width; /* of the value, before at() */
    bool has_levels;
    const char **levels; /* the reference first */
    size_t *position;    /* of a frame's level */
    double *knots;       /* of a spline: boundary, inner, boundary */
    size_t n_knots;
    lus_time *times; /* of at() */
    size_t n_times;
};

/* A column is a product: of each part of its term, one function of its basis. */
struct lus_design_column {
    size_t term;
    size_t at[LUS_MOST_FACTORS]; /* by part of the term; of at(): interval * width + function */
    const char *level;           /* "3", "20-50, yes"; NULL: a number */
    bool is_level;               /* all its parts are levels */
    double n, events;            /* of those who have it; of a number: of all */
};

struct lus_design {
    const struct lus_formula *formula;
    const struct lus_frame *frame;
    const struct lus_frame_column *given; /* the formula's columns of the frame */
    struct lus_basis *bases;              /* by part */
    struct lus_design_column *columns;
    size_t p;
    size_t *first_of_term; /* by term, one more behind the last */
    /* rows: by stratum, then by exit, the latest first, then events before others */
    size_t n, n_strata, n_clusters;
    double *x; /* [n_x][p]: of row i the i-th, or where rows share them the pattern[i]-th */
    size_t n_x;
    uint32_t *pattern;       /* NULL: each row has its own */
    lus_time *entry, *exit;  /* entry NULL: all from 0 */
    uint8_t *cause;          /* of the exit; 0 where the stretch ends before the person leaves */
    double *weight, *offset; /* NULL: 1 and 0 */
    uint32_t *stratum, *cluster;
    uint32_t *source;          /* whose row of the frame it is */
    size_t *stratum_begins;    /* n_strata + 1 */
    const char **strata_names; /* "3", "3, yes"; "" without strata */
    double total_weight, total_events;
    bool weights_are_copies; /* a weight counts people who are equal */
};

enum { LUS_MOST_COLUMNS = 500, LUS_MOST_LEVELS = 200 };

/* What a query has to ask for, in the order in which the design looks for it: parts, strata,
 * offsets, cluster and the groups of censoring (NULL: none). The array lives in the arena. */
int lus_design_wanted(struct lus_arena *arena, const struct lus_formula *formula,
                      const char *cluster, const char *censoring_by, const struct lus_wanted **out,
                      size_t *n, struct lus_error *err) LUS_MUST_CHECK;

/* Makes the design of a tally's people, whose frame has the formula's columns from `first` on.
 * event: by cause number, whether it is the event. keeps_rows: people who are alike stay apart.
 * Returns LUS_OK; LUS_EDATA where a factor has one level or too many, a logarithm has no value, a
 * reference is none of the levels; LUS_EUSAGE of at(); LUS_ENOMEM. Free it on failure too. */
int lus_design_make(struct lus_arena *arena, const struct lus_tally *tally,
                    const struct lus_formula *formula, size_t first, bool has_cluster,
                    bool keeps_rows, const bool *event, struct lus_design *out,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_design_free(struct lus_design *design);

static inline size_t lus_design_place(const struct lus_design *d, size_t row)
{
    return d->pattern ? d->pattern[row] : row;
}
/* The columns of a row. */
static inline const double *lus_design_x(const struct lus_design *d, size_t row)
{
    return d->x + lus_design_place(d, row) * d->p;
}

/* The values of one person, by part: a number, or the position of a level in its basis. */
struct lus_profile_value {
    double number;
    size_t position;
};
/* The columns at given values, in the stretch of time that begins at `since`. */
void lus_design_row(const struct lus_design *design, const struct lus_profile_value *values,
                    lus_time since, double *out);
/* The values of a row of the frame. */
void lus_design_values(const struct lus_design *design, size_t row, struct lus_profile_value *out);

#endif
