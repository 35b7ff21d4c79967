/* What the forms of charts share: data files, what they read off tables, and their words. */
#ifndef LUS_PRESENT_CHART_FORM_H
#define LUS_PRESENT_CHART_FORM_H

#include "present/chart/chart.h"

extern const char lus_template_sheet[]; /* templates.S */

/* --- drawing.c --- */

/* The text of one of its data files, which begins empty. */
struct lus_string *lus_drawing_file(struct lus_drawing *drawing, const char *name);
/* A text as the last column of a line; and a line "x y text" of a file of labels. */
void lus_drawing_text(struct lus_string *out, const char *text);
void lus_drawing_label(struct lus_string *out, double x, double y, const char *text);

/* --- keeper.c --- */

/* The keeper of another program: a process of its own that makes a folder under TMPDIR, runs the
 * program in it and removes both, with what that has started, when it is ended or when lustrum
 * dies, whatever it dies of. */
enum { LUS_FOLDER_ROOM = 1024 };
struct lus_keeper {
    char folder[LUS_FOLDER_ROOM];
    int pid, to, from;
};
/* On failure there is none to end. */
int lus_keeper_start(struct lus_keeper *keeper, struct lus_error *err) LUS_MUST_CHECK;
/* Runs gnuplot on the template, or a browser that prints page.html to page.pdf, which the folder
 * holds, and hands over the file that it has made, which is whole; the caller frees the bytes. */
enum lus_tool { LUS_GNUPLOT = 'g', LUS_BROWSER = 'b' };
int lus_keeper_run(struct lus_keeper *keeper, enum lus_tool tool, const char *output, char **bytes,
                   size_t *n, struct lus_error *err) LUS_MUST_CHECK;
void lus_keeper_end(struct lus_keeper *keeper);

/* --- reading.c: tables as charts read them --- */

/* A column of a name; SIZE_MAX: there is none. */
size_t lus_chart_column(const struct lus_table *t, const char *name);
const struct lus_cell *lus_chart_cell(const struct lus_table *t, size_t row, const char *column);
static inline double lus_chart_number(const struct lus_table *t, size_t row, const char *column)
{
    return lus_chart_cell(t, row, column)->number;
}
/* The keys that a table begins with. */
size_t lus_chart_n_keys(const struct lus_table *t);
/* "grade 3, post"; "all" where there is no key. */
const char *lus_chart_row_name(struct lus_document *d, const struct lus_table *t, size_t row);
/* Whether two rows have the same keys. */
bool lus_chart_same_keys(const struct lus_table *t, size_t a, size_t b);
/* A count as it may be shown. */
const char *lus_chart_count_text(struct lus_document *d, const struct lus_cell *count);
/* Whether a count is of so few people that what is made of it is lightened; "<5" is. */
bool lus_chart_is_few(const struct lus_cell *count);
/* "not available", or "not shown" where it would tell too few people. */
const char *lus_chart_absence(const struct lus_cell *cell);

/* --- words.c --- */

/* "Overall survival from primary surgery by grade; n = 10": words, origin, keys of a table, people.
 * t NULL: no keys; n NaN: not shown. */
const char *lus_chart_subject(struct lus_document *d, const char *what, const struct lus_table *t,
                              double n);
/* "n = 10", "n = 10 of 12", where two of those read were left out; "" where n is not shown. */
const char *lus_chart_n(struct lus_document *d, double n);
/* "Overall survival" */
const char *lus_chart_measure(const struct lus_document *d);
/* People of all strata: the sum of the column n over the rows, or those analysed where strata
 * overlap; those analysed; NaN where one is not shown. */
double lus_chart_people(const struct lus_document *d, const struct lus_table *t);
double lus_chart_analysed(const struct lus_document *d);
/* A text in lines of at most n characters, broken at blanks: each gets a call with its number from
 * 0. Returns how many there are. */
size_t lus_chart_wrap(struct lus_document *d, const char *text, size_t n,
                      void (*line)(void *context, size_t i, const char *text), void *context);

#endif
