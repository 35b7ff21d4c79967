/* A sheet measured in pixels, y downward, drawn by plots/sheet.gp: forms say where things stand,
 * the template how they look. */
#ifndef LUS_PRESENT_CHART_SHEET_H
#define LUS_PRESENT_CHART_SHEET_H

#include "present/chart/form.h"

struct lus_sheet {
    struct lus_document *doc;
    struct lus_drawing *d;
    double width, y;              /* y: where the next thing begins */
    bool is_narrow;               /* words and axis stand below each other */
    double left, from, to, right; /* words, the axis, what is said of it */
    double axis_most;             /* the axis reaches from 0 to here */
};

enum { LUS_SHEET_LINE = 19 }; /* of words */

/* Begins a sheet; width 0: the usual one. */
void lus_sheet_begin(struct lus_sheet *s, struct lus_document *doc, struct lus_drawing *d,
                     double width);
/* Title and subtitle, which is the description's beginning. */
void lus_sheet_head(struct lus_sheet *s, const char *title, const char *subtitle);
/* The last line, and how high the sheet is. */
void lus_sheet_end(struct lus_sheet *s);
/* A text that begins (or is centred) at a place, in a file of the template. */
void lus_sheet_put(struct lus_sheet *s, const char *file, double x, double y, const char *text);
/* A line or box between two places. */
void lus_sheet_line(struct lus_sheet *s, const char *file, double x, double y, double to_x,
                    double to_y);
void lus_sheet_point(struct lus_sheet *s, const char *file, double x, double y);
/* Words in lines within a width, of a size in pixels; returns where the next line would be. */
double lus_sheet_words(struct lus_sheet *s, const char *file, double x, double y, double width,
                       double size, const char *text);
/* How wide a line of words is, about. */
double lus_sheet_width(const char *text);
double lus_sheet_on_axis(const struct lus_sheet *s, double value);
/* Lines of the axis between two heights; its numbers below y, which moves on. */
void lus_sheet_grid(struct lus_sheet *s, double top, double bottom);
void lus_sheet_axis(struct lus_sheet *s);

#endif
