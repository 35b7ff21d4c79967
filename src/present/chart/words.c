/* Titles and subtitles. */
#include <math.h>

#include "present/chart/form.h"
#include "present/present.h"

/* " by grade, size"; "" without keys. */
static const char *by_text(struct lus_document *d, const struct lus_table *t)
{
    const char *text = "";
    for (size_t k = 0; t && k < lus_chart_n_keys(t); k++)
        text = lus_document_text(d, "%s%s%s", text, k ? ", " : " by ", t->columns[k].header);
    return text;
}

const char *lus_chart_subject(struct lus_document *d, const char *what, const struct lus_table *t,
                              double n)
{
    return lus_document_text(d, "%s%s%s%s%s%s%s", what, d->origin ? " from " : "",
                             d->origin ? d->origin : "", by_text(d, t),
                             isnan(n) ? "" : lus_document_text(d, "; %s", lus_chart_n(d, n)),
                             d->where ? ", where " : "", d->where ? d->where : "");
}

const char *lus_chart_measure(const struct lus_document *d)
{
    if (!d->measure) return "Survival"; /* nobody says of which event */
    return d->measure[0] == 'C' ? "Cause-specific survival" : "Overall survival";
}

double lus_chart_analysed(const struct lus_document *d)
{
    const struct lus_table *t = lus_document_find(d, "selection");
    return t && t->n_rows ? lus_chart_number(t, t->n_rows - 1, "remaining") : NAN;
}

/* People that were read, before any was left out; NaN: not shown. */
static double rows_read(const struct lus_document *d)
{
    const struct lus_table *t = lus_document_find(d, "selection");
    return t && t->n_rows ? lus_chart_number(t, 0, "remaining") : NAN;
}

const char *lus_chart_n(struct lus_document *d, double n)
{
    double all = rows_read(d);
    if (isnan(n)) return "";
    return all > n ? lus_document_text(d, "n = %.10g of %.10g", n, all)
                   : lus_document_text(d, "n = %.10g", n);
}

double lus_chart_people(const struct lus_document *d, const struct lus_table *t)
{
    double n = 0;
    for (size_t k = 0; k < d->memory->keys.n; k++)
        if (d->memory->keys.at[k] == LUS_KEY_OVERLAPS) return lus_chart_analysed(d);
    for (size_t row = 0; row < t->n_rows; row++)
        if (!row || !lus_chart_same_keys(t, row - 1, row)) n += lus_chart_number(t, row, "n");
    return n;
}

/* How much of a text fits into n characters: to the last blank, or all of a word that is longer. */
static size_t fitting(const char *text, size_t n)
{
    size_t width = 0, at = 0, blank = 0;
    while (text[at] && width <= n) {
        if (text[at] == ' ') blank = at;
        do
            at++;
        while (((unsigned char)text[at] & 0xc0) == 0x80);
        width++;
    }
    if (width <= n) return at;
    if (blank) return blank;
    while (text[at] && text[at] != ' ')
        at++;
    return at;
}

size_t lus_chart_wrap(struct lus_document *d, const char *text, size_t n,
                      void (*line)(void *context, size_t i, const char *text), void *context)
{
    size_t n_lines = 0;
    while (*text == ' ')
        text++;
    while (*text) {
        size_t length = fitting(text, n);
        if (line) line(context, n_lines, lus_document_text(d, "%.*s", (int)length, text));
        n_lines++;
        text += length;
        while (*text == ' ')
            text++;
    }
    return n_lines;
}
