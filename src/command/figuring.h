/* Quoted figures against the data: which people each is about, what the data say of them, and the
 * verdict. */
#ifndef LUS_COMMAND_FIGURING_H
#define LUS_COMMAND_FIGURING_H

#include "command/reading.h"
#include "lustrum/context.h"
#include "lustrum/relative.h"
#include "recipe/recipe.h"

/* What the data say of one figure. */
struct lus_answer {
    const struct lus_figure *figure;
    struct lus_data_value data; /* in the figure's unit: a median of months in months */
    enum lus_verdict verdict;
    enum lus_measure measure; /* that was compared */
    const char *reason;       /* why it is not comparable; NULL where it is */
    double people;            /* in the group */
    /* of the group; of the second group, or of those who do not have the claim */
    size_t condition[2];
    size_t presentation[2];    /* the same people, de novo and recurrent; 0: not asked */
    double of_presentation[2]; /* survival or median of these */
    /* overall where the figure is relative, and the other way; NaN */
    double other_measure;
    double without_entry; /* NaN, or as if nobody had entered late */
    double mixed, mixed_low, mixed_high;
    bool is_mixed;
    const char *mix_reason;
};

struct lus_figuring {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_figures figures;
    struct lus_recipe recipe;
    struct lus_life_table table; /* n_ages 0: none */
    struct lus_demography demography;
    struct lus_fitting fitting;
    struct lus_answer *answers; /* by figure */
    const char *mix_factor;
    char **mix_levels;
    double *mix_shares;
    size_t n_mix;
    struct lus_tally tally; /* of the last reading: its heading and selection */
    bool has_tally;
};

/* Reads figures and data, and answers. Free it on failure too. */
int lus_figuring_read(const struct lus_options *o, struct lus_result *r, struct lus_figuring *out,
                      struct lus_error *err) LUS_MUST_CHECK;
void lus_figuring_free(struct lus_figuring *x);
/* The figures of files named in a list, as --figures takes them. */
int lus_figures_named(const char *list, struct lus_figures *out,
                      struct lus_error *err) LUS_MUST_CHECK;
/* "27 %", "more than 70 %", "3 years" */
const char *lus_figure_text(struct lus_result *r, const struct lus_figure *f);
/* The figure in a chart: "27 % relative, verywell". */
const char *lus_figure_label(struct lus_result *r, const struct lus_figure *f);
/* A value in the figure's unit as text: "26.3 %", "48.2 months". */
const char *lus_value_text(struct lus_result *r, const struct lus_figure *f, double value);
/* Whether the verdict says that figure and data differ. */
bool lus_verdict_differs(enum lus_verdict verdict);

#endif
