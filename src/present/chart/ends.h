/* Names of curves, each with a sample of its line: at their ends, or where there is room. The i-th
 * call of a drawing is of its i-th curve. */
#ifndef LUS_PRESENT_CHART_ENDS_H
#define LUS_PRESENT_CHART_ENDS_H

#include "present/chart/sheet.h"

/* Where a curve ends, in pixels; name NULL: it has none. */
struct lus_end {
    const char *name;
    double x, y;
};

/* The names of n curves from x on, in the order of their heights, none above top; those that move
 * to keep apart are led to. */
void lus_ends_put(struct lus_sheet *s, const struct lus_end *ends, size_t n, double x, double top);
/* One name, in lines within a width; returns where the next line would be. */
double lus_end_put(struct lus_sheet *s, const char *name, double x, double y, double width);

#endif
