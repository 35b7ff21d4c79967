/* Quoted figures beside data, for tables and charts: options to the question, and figures as
 * texts. */
#ifndef LUS_COMMAND_COMPARISON_H
#define LUS_COMMAND_COMPARISON_H

#include "command/reading.h"
#include "lustrum/context.h"

struct lus_comparison {
    const struct lus_options *o;
    struct lus_result *r;
    struct lus_context context;
    struct lus_tally tally; /* the context's; the figures' conditions are nobody's strata */
    struct lus_fitting fitting;
    struct lus_life_table table; /* n_ages 0: none */
    struct lus_mix mix;
    const char *const *adjust; /* columns; n_adjust */
    size_t n_adjust;
    struct lus_arena arena;
};

/* Reads figures and data, and compares. Free it on failure too. */
int lus_comparison_read(const struct lus_options *o, struct lus_result *r,
                        struct lus_comparison *out, struct lus_error *err) LUS_MUST_CHECK;
void lus_comparison_free(struct lus_comparison *x);
/* The figures of files named in a list, as --figures takes them. */
int lus_figures_named(const char *list, struct lus_figures *out,
                      struct lus_error *err) LUS_MUST_CHECK;

/* figure_text.c */
/* "27 %", "more than 70 %", "3 years" */
const char *lus_figure_text(struct lus_result *r, const struct lus_figure *f);
/* The figure in a chart: "27 % relative, verywell". */
const char *lus_figure_label(struct lus_result *r, const struct lus_figure *f);
/* A value in the figure's unit as text: "26.3 %", "48.2 months". */
const char *lus_value_text(struct lus_result *r, const struct lus_figure *f, double value);
/* "26.3 % (23.8 to 28.8)"; no interval of synthetic data. */
const char *lus_data_text(const struct lus_comparison *x, const struct lus_answer *a);
/* The verdict in words, with a direction and a distance: "the figure is 26 of 100 lower". */
const char *lus_finding_text(const struct lus_comparison *x, const struct lus_answer *a);
/* What the figure is about, and why it cannot be compared; discreet: without what is told by the
 * people of the data. */
const char *lus_answer_note(const struct lus_comparison *x, const struct lus_answer *a,
                            bool is_discreet);
/* The number that the document gives those whom a value tells of. */
size_t lus_number_of_value(struct lus_comparison *x, const struct lus_data_value *value);
/* A value of the figure in the units of tables: medians in the file's. */
double lus_figure_in_unit(const struct lus_comparison *x, const struct lus_figure *f, double value);

/* The columns of --adjust: "age, extent". */
const char *lus_adjust_text(struct lus_comparison *x);
/* context_checks.c: what differs between figure and data whatever the numbers: "years of
 * diagnosis"; "" where nothing is known to. */
const char *lus_differs_text(struct lus_comparison *x, const struct lus_answer *a);
/* The tables beside the main one: context_figures.c, context_checks.c, context_tables.c. */
void lus_add_figures(struct lus_comparison *x);
void lus_add_checks(struct lus_comparison *x);
void lus_add_mix(struct lus_comparison *x);
int lus_add_pairs(struct lus_comparison *x, struct lus_error *err) LUS_MUST_CHECK;

#endif
