/* Charts, drawn by gnuplot from templates in plots/: looks live there, C writes data.
 *
 * No text of a user's ever stands in a script: titles, labels and levels are columns of data files,
 * drawn without markup.
 */
#ifndef LUS_PRESENT_CHART_H
#define LUS_PRESENT_CHART_H

#include "lustrum/present.h"

/* One curve: n rows of steps, and the band round it. */
struct lus_chart_series {
    const char *label;
    size_t n;
    double *x, *y, *low, *high; /* after each step; low and high may be NaN */
    double few_from;            /* x from which fewer than 10 are at risk; NaN: never */
    /* with is_extended: up to and with the times of the risk table */
    double *censored_by, *events_by;
    double median; /* NaN: not marked */
    /* n_censored times at which somebody is censored; none where they are many */
    double *censored_x;
    size_t n_censored;
    double *at_risk; /* at the times of the risk table; NULL: it has no row there */
};

/* A quoted figure: a point with its words. */
struct lus_chart_mark {
    double x, y;
    const char *label;
};

struct lus_chart {
    const char *title, *subtitle, *x_label, *y_label; /* owned by the document */
    /* the finding in words, for those who do not see it */
    const char *summary;
    struct lus_chart_series *series;
    size_t n_series;
    double *risk_times;
    size_t n_risk_times;
    double x_max, tic;
    double start;      /* of every series at x = 0: 1, or 0 where they rise */
    bool is_synthetic; /* which title and description say */
    /* bands are areas, one upon the other, and their names stand in their middle */
    bool is_stacked;
    struct lus_chart_mark *marks;
    size_t n_marks;
    bool is_extended;        /* the table below tells at risk, censored and events */
    double least_shown;      /* numbers at risk under it are shown as "<N"; 0: all are shown */
    const char *keep_script; /* folder that keeps script and data; NULL: none */
};

enum { LUS_MOST_SERIES = 12, LUS_MOST_MARKS = 40 };

void lus_chart_free(struct lus_chart *chart);
/* LUS_EUSAGE where the ending of path is none of svg, png, pdf. */
int lus_chart_check_path(const char *path, struct lus_error *err) LUS_MUST_CHECK;
/* Draws in the format that the ending of path names: svg, png, pdf. LUS_EUSAGE for another; LUS_EIO
 * where gnuplot is missing, fails or hangs. The bytes are the caller's to free. */
int lus_chart_draw(const struct lus_chart *chart, const char *path, char **bytes, size_t *n,
                   struct lus_error *err) LUS_MUST_CHECK;

/* gnuplot.c: runs a template of plots/ in a folder that holds its data. */
int lus_gnuplot_run(const char *folder, const char *script, const char *output, char **bytes,
                    size_t *n, struct lus_error *err) LUS_MUST_CHECK;

#endif
