/* Charts of rows: dots with intervals beside text, drawn by plots/dots.gp. Data are written by
 * panel, row and value; rows count downward, and where they stand the template says. */
#ifndef LUS_PRESENT_CHART_DOTS_H
#define LUS_PRESENT_CHART_DOTS_H

#include "present/chart/form.h"

/* Begins the drawing: n rows, n lines of words below them; values reach from 0 to `most`, by panel.
 */
void lus_dots_begin(struct lus_drawing *d, const char *template, double n_rows, double n_lines,
                    const double most[2]);
/* Data: a dot with its interval (NaN: an open end); hollow where few stand behind it. Panels are
 * 1 and 2. */
void lus_dots_data(struct lus_drawing *d, int panel, double row, double value, double low,
                   double high, bool is_few);
/* A figure: a diamond with its rounding band. */
void lus_dots_figure(struct lus_drawing *d, int panel, double row, double value, double low,
                     double high);
/* A range behind a row. */
void lus_dots_range(struct lus_drawing *d, int panel, double row, double low, double high);
/* A figure as a line through all rows, named in the n-th line below. */
void lus_dots_line(struct lus_drawing *d, int panel, double value, size_t n, const char *name);
/* Five marks of an axis, with a grid and above the rows (tics.dat) or below them: in words
 * scale * value with its unit. */
void lus_dots_tics(struct lus_drawing *d, const char *file, int panel, double most, double scale,
                   const char *unit);
/* What a panel shows. */
void lus_dots_heading(struct lus_drawing *d, int panel, const char *text);
/* A text of a row. */
void lus_dots_words(struct lus_drawing *d, const char *file, int panel, double row,
                    const char *text);
/* Title and subtitle. */
void lus_dots_title(struct lus_drawing *d, const char *subtitle);
/* A round number of at least x, for the end of an axis. */
double lus_round_up(double x);

#endif
