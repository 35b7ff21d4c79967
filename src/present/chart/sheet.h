/* The sheet of every chart, measured in pixels, y downward, drawn by plots/sheet.gp: forms say
 * where things stand, the template how they look. */
#ifndef LUS_PRESENT_CHART_SHEET_H
#define LUS_PRESENT_CHART_SHEET_H

#include "present/chart/form.h"

struct lus_sheet {
    struct lus_document *doc;
    struct lus_drawing *d;
    const struct lus_chart_request *q;
    double width, y;              /* y: where the next thing begins */
    bool is_narrow;               /* words and axis stand below each other */
    double left, from, to, right; /* words, the axis, what is said of it */
    double axis_most;             /* the axis reaches from 0 to here */
};

/* Lines of words, and the width of a sheet with words beside its marks. */
enum { LUS_SHEET_LINE = 19, LUS_SHEET_WIDE = 1150 };

/* Begins a sheet as wide as was asked for, else of this width. */
void lus_sheet_begin(struct lus_sheet *s, struct lus_document *doc, struct lus_drawing *d,
                     const struct lus_chart_request *q, double width);
/* The title that was asked for, else this one, else the data's; and the subtitle, with which the
 * description begins. */
void lus_sheet_head(struct lus_sheet *s, const char *title, const char *subtitle);
/* The last line, and how high the sheet is. */
void lus_sheet_end(struct lus_sheet *s);
/* A text that begins (or is centred) at a place, in a file of the template. */
void lus_sheet_put(struct lus_sheet *s, const char *file, double x, double y, const char *text);
/* A line or box between two places. */
void lus_sheet_line(struct lus_sheet *s, const char *file, double x, double y, double to_x,
                    double to_y);
/* One that has a value: the share that a cell shows, the number of a line's colour. */
void lus_sheet_mark(struct lus_sheet *s, const char *file, double x, double y, double to_x,
                    double to_y, double value);
void lus_sheet_point(struct lus_sheet *s, const char *file, double x, double y);
/* Words in lines within a width, of a size in pixels; returns where the next line would be. */
double lus_sheet_words(struct lus_sheet *s, const char *file, double x, double y, double width,
                       double size, const char *text);
/* The words of a quoted figure, on a plate of paper. */
void lus_sheet_quote(struct lus_sheet *s, double x, double y, const char *text);
/* How wide a line of words is, about. */
double lus_sheet_width(const char *text);
double lus_sheet_on_axis(const struct lus_sheet *s, double value);
/* Lines of the axis between two heights; its numbers below y, which moves on. */
void lus_sheet_grid(struct lus_sheet *s, double top, double bottom);
void lus_sheet_axis(struct lus_sheet *s);
/* A round number of at least x, for the end of an axis. */
double lus_round_up(double x);

#endif
