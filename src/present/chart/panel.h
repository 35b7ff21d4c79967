/* A panel of a sheet with two axes: points and lines by their values. */
#ifndef LUS_PRESENT_CHART_PANEL_H
#define LUS_PRESENT_CHART_PANEL_H

#include "present/chart/sheet.h"

struct lus_panel {
    struct lus_sheet *s;
    double left, top, right, bottom; /* pixels */
    double from[2], to[2];           /* values of x and y at the edges */
};

/* Begins a panel below what stands on the sheet; the edges of its values are set by the caller. */
struct lus_panel lus_panel_begin(struct lus_sheet *s, double left, double width, double height);
double lus_panel_x(const struct lus_panel *p, double value);
double lus_panel_y(const struct lus_panel *p, double value);
bool lus_panel_holds(const struct lus_panel *p, double x, double y);
/* A line of the grid and its text, at a value of x (below) or of y (left). */
void lus_panel_tic_x(const struct lus_panel *p, double value, const char *text);
void lus_panel_tic_y(const struct lus_panel *p, double value, const char *text);
/* A piece of a line, cut off at the panel's top and bottom. */
void lus_panel_line(const struct lus_panel *p, const char *file, const double from[2],
                    const double to[2]);
/* Round steps within a range, about n of them; returns the first, *step the distance. */
double lus_round_steps(double from, double to, int n, double *step);

#endif
