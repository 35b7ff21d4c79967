/* Charts of rows: dots with intervals beside text. x is 0 to 1 in the first panel; y counts rows
 * downward. */
#ifndef LUS_PRESENT_CHART_DOTS_H
#define LUS_PRESENT_CHART_DOTS_H

#include "present/chart/form.h"

/* A panel: values from 0 to `most` lie between x and x + width. */
struct lus_panel {
    double x, width, most;
    bool is_share;
};

/* A drawing of n rows; the sheet reaches from left to right. */
void lus_dots_begin(struct lus_drawing *d, double n_rows, double left, double right, double width);
/* Title and subtitle, and what is said above the panels. */
void lus_dots_title(struct lus_drawing *d, double left, const char *title, const char *subtitle);
/* Grid lines over rows [from, to) with their values above, and a heading. */
void lus_dots_axis(struct lus_document *doc, struct lus_drawing *d, const struct lus_panel *p,
                   double from, double to, const char *heading);
/* Data: a dot at y with its interval (NaN: open, drawn to the panel's edge); hollow where few stand
 * behind it. */
void lus_dots_data(struct lus_drawing *d, const struct lus_panel *p, double y, double value,
                   double low, double high, bool is_few);
/* A figure: a diamond with its rounding band. */
void lus_dots_figure(struct lus_drawing *d, const struct lus_panel *p, double y, double value,
                     double low, double high);
/* A range behind a row. */
void lus_dots_range(struct lus_drawing *d, const struct lus_panel *p, double y, double low,
                    double high);
/* A vertical line of a figure over rows [from, to), named below. */
void lus_dots_line(struct lus_drawing *d, const struct lus_panel *p, double from, double to,
                   double value, const char *name, double height);
/* A round number of at least x, for the end of an axis. */
double lus_round_up(double x);

#endif
