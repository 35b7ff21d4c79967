/* Step curves with bands, and the numbers below them: series are read off tables (steps.c) and laid
 * out on a sheet (steps_layout.c, steps_numbers.c). */
#ifndef LUS_PRESENT_CHART_STEPS_H
#define LUS_PRESENT_CHART_STEPS_H

#include "present/chart/form.h"

/* One curve: n steps, and the band round it. Times are the axis's. */
struct lus_series {
    const char *label;
    size_t n;
    double *x, *y, *low, *high; /* after each step; low and high may be NaN */
    double from;                /* y before the first step */
    double few_from;            /* x from which few are at risk to the end; NaN: never */
    double median;              /* NaN: not marked */
    /* n_censored times at which somebody is censored; none where they are many */
    double *censored;
    size_t n_censored;
    size_t first_number; /* row of the table at_risk; SIZE_MAX: it has none */
};

struct lus_steps {
    struct lus_document *d;
    const struct lus_chart_request *q;
    const struct lus_table *at_risk;
    const char *subtitle, *y_label, *x_label;
    struct lus_series series[LUS_MOST_SERIES];
    size_t n_series, n_tics;
    double unit;       /* how many of the file's units the axis's is */
    double x_max, tic; /* in the axis's */
    double start;      /* of every series at x = 0: 1, or 0 where they rise */
    /* bands are areas, one upon the other, and their names stand in their middle */
    bool is_stacked;
};

/* Rows of one stratum: [first, end) of `curve`. */
struct lus_rows_of_curve {
    size_t first, end;
};
/* Which columns of `curve` a series is made of; NULL: it has none. */
struct lus_series_form {
    const char *value, *low, *high;
    const char *upon; /* the column that an area stands upon */
};

/* --- steps.c --- */

/* The axis that the table at_risk makes; NULL where there is no memory. */
struct lus_steps *lus_steps_begin(struct lus_document *d, const struct lus_chart_request *q);
void lus_steps_finish(const struct lus_steps *steps, struct lus_drawing *out);
void lus_steps_free(struct lus_steps *steps);
/* Strata of the table at_risk, each with as many rows as there are tics. */
size_t lus_steps_count_strata(const struct lus_steps *steps);
/* The rows of `curve` that have the keys of a row of `at_risk`. */
struct lus_rows_of_curve lus_steps_rows(const struct lus_steps *steps, const struct lus_table *t,
                                        size_t key_row);
/* An empty series more. */
struct lus_series *lus_steps_add(struct lus_steps *steps, const char *label, size_t first_number);
/* From the first row that is available to the last before one that is not. LUS_OK; LUS_ENOMEM. */
int lus_steps_read(struct lus_steps *steps, const struct lus_table *t,
                   struct lus_rows_of_curve rows, const struct lus_series_form *form,
                   struct lus_series *s) LUS_MUST_CHECK;
/* Where the last rows begin that all have few at risk. */
double lus_steps_few_from(const struct lus_steps *steps, const struct lus_table *t,
                          struct lus_rows_of_curve rows);
/* Times of censoring, where they are sparse enough to be seen as marks. LUS_OK; LUS_ENOMEM. */
int lus_steps_read_censorings(const struct lus_steps *steps, const struct lus_table *t,
                              struct lus_rows_of_curve rows, struct lus_series *s) LUS_MUST_CHECK;

/* --- steps_layout.c --- */

/* How high the sheet reaches above 100 % and below 0, how far left of 0 and right of the axis's
 * end, in units of the axes. */
struct lus_steps_edges {
    double top, bottom, left, right;
};
struct lus_steps_edges lus_steps_edges_of(const struct lus_steps *steps);
/* Curves, bands, names, axes, marks. */
void lus_steps_lay_out(const struct lus_steps *steps, const struct lus_steps_edges *edges,
                       struct lus_drawing *out);

/* --- steps_numbers.c --- */

/* The numbers below the axis: where they end, and the rows. */
double lus_steps_bottom(const struct lus_steps *steps);
void lus_steps_put_numbers(const struct lus_steps *steps, double left, struct lus_drawing *out);

#endif
