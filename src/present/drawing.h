/* A drawing: a template of plots/ and the data files that it reads. Looks live in the template, C
 * writes data: no text of a user's ever stands in a script, it is a column of a data file, drawn
 * without markup. */
#ifndef LUS_PRESENT_DRAWING_H
#define LUS_PRESENT_DRAWING_H

#include <stdbool.h>

#include "support/text.h"

/* templates.S */
extern const char lus_template_curve[], lus_template_dots[], lus_template_cells[],
    lus_template_trend[];

enum { LUS_MOST_FILES = 24 };

struct lus_drawing {
    const char *template;
    /* the finding in words, for those who do not see it; owned by the document */
    const char *title, *summary;
    bool is_synthetic;
    double width, height;       /* pixels of an SVG */
    const char *keep_script;    /* folder that keeps script and data; NULL: none */
    struct lus_string settings; /* "NAME = number" lines, behind the terminal's */
    struct lus_drawing_part {
        const char *name;
        struct lus_string text;
    } files[LUS_MOST_FILES];
    size_t n_files;
};

/* The text of one of its data files, which begins empty. */
struct lus_string *lus_drawing_file(struct lus_drawing *drawing, const char *name);
/* A line "x y text" of a file of labels. */
void lus_drawing_label(struct lus_string *out, double x, double y, const char *text);
/* Draws in the format that the ending of path names. LUS_EUSAGE for another; LUS_EIO where gnuplot
 * is missing, fails or hangs. The bytes are the caller's to free. */
int lus_drawing_draw(struct lus_drawing *drawing, const char *path, char **bytes, size_t *n,
                     struct lus_error *err) LUS_MUST_CHECK;
/* Frees its texts; lus_drawing_free the drawing too (NULL is nothing). */
void lus_drawing_clear(struct lus_drawing *drawing);
void lus_drawing_free(struct lus_drawing *drawing);

#endif
