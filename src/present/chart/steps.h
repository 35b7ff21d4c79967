/* Step curves with bands, and the numbers below them: series are read off tables (steps.c), laid
 * out in one panel or in one each (steps_layout.c), drawn (steps_curves.c, steps_numbers.c). */
#ifndef LUS_PRESENT_CHART_STEPS_H
#define LUS_PRESENT_CHART_STEPS_H

#include "present/chart/sheet.h"

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
    const char *annotation; /* a test or difference in words; NULL: none */
    struct lus_series series[LUS_MOST_SERIES];
    size_t n_series, n_tics;
    double unit;          /* how many of the file's units the axis's is */
    double x_max, tic;    /* in the axis's */
    double y_max, y_step; /* 1 and 0.2, of shares */
    bool is_cut;          /* the axis ends where few are at risk */
    bool is_number;       /* y is no share, but counts from 0 to y_max */
    bool is_smooth;       /* curves go straight from point to point, and begin with the first */
    bool has_bands;
    double start; /* of every series at x = 0: 1, or 0 where they rise */
    /* bands are areas, one upon the other, and their names stand in their middle */
    bool is_stacked;
    size_t rest; /* 1 + the area of those to whom nothing has happened; 0: there is none */
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

/* The axis that the table at_risk makes; it ends where fewer than ten are at risk in every stratum,
 * or where it was asked to. NULL where there is no memory. */
struct lus_steps *lus_steps_begin(struct lus_document *d, const struct lus_chart_request *q);
void lus_steps_free(struct lus_steps *steps);
/* LUS_EUSAGE where there are more strata than a chart shows. */
int lus_steps_check(const struct lus_steps *steps, struct lus_error *err) LUS_MUST_CHECK;
/* Draws what `read` reads, where all is well so far, and frees the steps. */
int lus_steps_finish(struct lus_steps *steps, int status,
                     int (*read)(struct lus_steps *steps, struct lus_drawing *out),
                     struct lus_drawing *out, struct lus_error *err) LUS_MUST_CHECK;
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

/* Where things stand, in pixels. */
struct lus_steps_plan {
    struct lus_sheet s;
    const struct lus_steps *steps;
    bool names_above; /* one below the other, since the sides have no room */
    bool is_apart;    /* a panel for each series */
    size_t n_panels, n_across;
    double gutter, width, height; /* left of a panel, and its own */
    double left[LUS_MOST_SERIES], bottom[LUS_MOST_SERIES];
    size_t stride; /* each stride-th tic has its words and numbers */
};
/* Lays out and draws what was read; the description begins with the subtitle. */
void lus_steps_draw(const struct lus_steps *steps, struct lus_drawing *out);
double lus_steps_x(const struct lus_steps_plan *plan, size_t panel, double x);
double lus_steps_y(const struct lus_steps_plan *plan, size_t panel, double y);
static inline size_t lus_steps_panel(const struct lus_steps_plan *plan, size_t series)
{
    return plan->is_apart ? series : 0;
}

/* --- steps_curves.c --- */

/* Curves, bands and marks, in the values of the axes. */
void lus_steps_put_curves(struct lus_steps_plan *plan);
/* Where a curve ends inside the chart; of an area its middle. False: it has no point. */
bool lus_steps_end(const struct lus_steps *steps, size_t series, double *x, double *y);
/* What the marks mean, in a line or more. */
void lus_steps_put_key(struct lus_steps_plan *plan);

/* --- steps_numbers.c --- */

/* The numbers of a panel, below its axis; the sheet moves on below them. */
void lus_steps_put_numbers(struct lus_steps_plan *plan, size_t panel, double top);
/* How high they are. */
double lus_steps_numbers_height(const struct lus_steps_plan *plan);
/* How wide the widest of them is. */
double lus_steps_numbers_width(const struct lus_steps *steps);
/* How many rows of a name a table of numbers has, in a panel. */
size_t lus_steps_count_rows(const struct lus_steps_plan *plan);

#endif
