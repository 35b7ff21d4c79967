/* Charts: each form takes a document's tables and fills a drawing, which gnuplot draws from a
 * template of plots/. Looks live there, C writes data: no text of a user's stands in a script, it
 * is a column of a data file, drawn without markup. A form recomputes nothing; what the tables do
 * not show it does not know. */
#ifndef LUS_PRESENT_CHART_CHART_H
#define LUS_PRESENT_CHART_CHART_H

#include "lustrum/present.h"
#include "support/text.h"

enum { LUS_MOST_FILES = 64, LUS_MOST_SERIES = 12, LUS_MOST_QUOTED = 40 };

struct lus_drawing {
    const char *template;
    /* the finding in words, for those who do not see it; owned by the document */
    const char *title, *summary;
    bool is_synthetic;          /* which title and description say */
    const char *theme;          /* screen, print, grey, dark */
    double dpi;                 /* of a PNG */
    const char *keep_script;    /* folder that keeps script and data; NULL: none */
    struct lus_string settings; /* "NAME = number" lines, behind the format's */
    struct lus_drawing_part {
        const char *name;
        struct lus_string text;
    } files[LUS_MOST_FILES];
    size_t n_files;
};

/* A figure that somebody quotes: a share who live at a time, or a median. Times are the file's. */
struct lus_quoted {
    bool is_median;
    double at, value;
    const char *label;
};

/* What is asked of a chart besides tables. */
struct lus_chart_request {
    const char *title, *keep_script; /* or NULL */
    const char *annotation;          /* test, difference, rmst; or NULL */
    const char *cause;               /* whose curves of incidence; NULL: the first, or all */
    const struct lus_quoted *quoted;
    size_t n_quoted;
    double width; /* pixels; 0: the form's own */
    enum { LUS_PANELS_IF_MANY, LUS_PANELS_ALWAYS, LUS_PANELS_NEVER } panels; /* one a curve */
    double until;     /* end of the time axis; NaN: the last time of the table at_risk */
    bool is_extended; /* the numbers below tell censored and events too */
    /* times of single people are not shown: no medians and censorings, and between the times that
     * are shown curves go straight */
    bool hides_single;
    bool is_each; /* rates of several factors, each under a heading: keys `factor` and `level` */
};

/* Fills an empty drawing. LUS_EUSAGE and LUS_EDATA where the tables have more, less or other rows
 * than the chart can show; LUS_ENOMEM. */
typedef int lus_chart_form(struct lus_document *d, const struct lus_chart_request *q,
                           struct lus_drawing *out, struct lus_error *err);
lus_chart_form lus_chart_survival, lus_chart_rates, lus_chart_heatmap, lus_chart_trend,
    lus_chart_icons, lus_chart_timeline, lus_chart_context, lus_chart_net, lus_chart_crude,
    lus_chart_spread, lus_chart_flow, lus_chart_incidence, lus_chart_forest, lus_chart_adjusted,
    lus_chart_hazard, lus_chart_cumulative_hazard, lus_chart_calibration, lus_chart_log_minus_log,
    lus_chart_proportionality;

/* LUS_EUSAGE where the ending of path is none of svg, png, pdf. */
int lus_chart_check_path(const char *path, struct lus_error *err) LUS_MUST_CHECK;
/* Draws in the format that the ending of path names. LUS_EUSAGE for another; LUS_EIO where gnuplot
 * is missing, fails or hangs. The bytes are the caller's to free. */
int lus_drawing_draw(struct lus_drawing *drawing, const char *path, char **bytes, size_t *n,
                     struct lus_error *err) LUS_MUST_CHECK;
/* A page as PDF, by a browser. LUS_EIO where there is none, or it fails. The bytes are the caller's
 * to free. */
int lus_page_print(const char *html, size_t n_html, char **bytes, size_t *n,
                   struct lus_error *err) LUS_MUST_CHECK;
/* NULL is nothing. */
void lus_drawing_free(struct lus_drawing *drawing);

#endif
