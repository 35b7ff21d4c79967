/* What the first rows show of how values are written: decimal commas, forms of dates; and whether
 * values come again. */
#include <ctype.h>
#include <stdlib.h>

#include "read/header.h"
#include "support/number.h"

enum { SAMPLE_ROWS = 1000 };

static bool is_decimal_comma(struct lus_text text)
{
    size_t i = text.n && text.p[0] == '-', commas = 0;
    for (; i < text.n; i++) {
        if (text.p[i] == ',') commas++;
        else if (!isdigit((unsigned char)text.p[i])) return false;
    }
    return commas == 1 && isdigit((unsigned char)text.p[text.n - 1]) && text.p[0] != ',';
}

static bool is_decimal_point(struct lus_text text)
{
    double number;
    return memchr(text.p, '.', text.n) &&
           lus_number_parse(text.p, text.n, &number) == LUS_NUMBER_OK;
}

/* Decimal commas are told where fields are not parted by commas, and no number has a point. */
static bool has_decimal_commas(char delimiter, const struct lus_fields *rows)
{
    bool has_commas = false;
    if (delimiter == ',') return false;
    for (size_t c = 0; c < rows->n_fields; c++)
        for (size_t i = 0; i < rows->n && i < SAMPLE_ROWS; i++) {
            if (is_decimal_point(rows->field[c][i])) return false;
            has_commas |= is_decimal_comma(rows->field[c][i]);
        }
    return has_commas;
}

/* What the values of a column look like, as dates. */
struct date_counts {
    size_t n_day_first, n_month_first, n_either, n_dots; /* of dd/mm/yyyy with any mark */
    size_t n_digits, n_other;                            /* yyyymmdd or yyyymm; other numbers */
};

static void count_date(struct date_counts *counts, struct lus_text text)
{
    int64_t days, other;
    bool is_month = false, is_year = false;
    double number;
    bool is_day_first = lus_date_parse(text, LUS_DATE_DAY_FIRST, &days, &is_month, &is_year),
         is_month_first = lus_date_parse(text, LUS_DATE_MONTH_FIRST, &other, &is_month, &is_year),
         is_plain = lus_date_parse(text, LUS_DATE_PLAIN, &other, &is_month, &is_year);
    if (is_plain) return;
    if (is_day_first || is_month_first) {
        counts->n_dots += memchr(text.p, '.', text.n) != NULL;
        if (is_day_first && is_month_first) counts->n_either++;
        else if (is_day_first) counts->n_day_first++;
        else counts->n_month_first++;
        return;
    }
    if (text.n >= 6 && lus_date_parse(text, LUS_DATE_DIGITS, &days, &is_month, &is_year))
        counts->n_digits++;
    else if (lus_number_parse(text.p, text.n, &number) == LUS_NUMBER_OK) counts->n_other++;
}

/* Codes for what is not known do not speak against dates of digits. */
static bool is_code(struct lus_text text)
{
    return text.n && (strspn(text.p, "9") >= text.n || strspn(text.p, "8") >= text.n ||
                      strspn(text.p, "0") >= text.n);
}

static enum lus_date_form date_form(const struct lus_fields *rows, size_t column, bool *by_dots)
{
    struct date_counts c = {0};
    for (size_t i = 0; i < rows->n && i < SAMPLE_ROWS; i++)
        if (rows->field[column][i].n && !is_code(rows->field[column][i]))
            count_date(&c, rows->field[column][i]);
    if (c.n_digits && !c.n_other) return LUS_DATE_DIGITS;
    if (c.n_day_first >= c.n_month_first && c.n_day_first) return LUS_DATE_DAY_FIRST;
    if (c.n_month_first) return LUS_DATE_MONTH_FIRST;
    if (!c.n_either) return LUS_DATE_PLAIN;
    /* with points the day comes first, where people write so */
    if (c.n_dots != c.n_either) return LUS_DATE_QUESTION;
    *by_dots = true;
    return LUS_DATE_DAY_FIRST;
}

static int by_text(const void *a, const void *b)
{
    return lus_text_order(*(const struct lus_text *)a, *(const struct lus_text *)b);
}

/* Sorts the column's values among the first rows. */
static bool has_repeats(struct lus_fields *rows, size_t column)
{
    size_t n = rows->n < SAMPLE_ROWS ? rows->n : SAMPLE_ROWS;
    struct lus_text *values = rows->field[column];
    if (n) qsort(values, n, sizeof *values, by_text);
    for (size_t i = 1; i < n; i++)
        if (values[i].n && lus_text_equal(values[i - 1], values[i])) return true;
    return false;
}

/* Numbers, and the first texts that are none. Behind has_repeats: equal values stand together. */
static int sample_values(struct lus_arena *arena, const struct lus_fields *rows, size_t column,
                         struct lus_sampled *out)
{
    double number;
    for (size_t i = 0; i < rows->n && i < SAMPLE_ROWS && out->n < LUS_SAMPLED_TEXTS; i++) {
        struct lus_text text = rows->field[column][i];
        if (!text.n || (i && lus_text_equal(text, rows->field[column][i - 1]))) continue;
        if (lus_number_parse(text.p, text.n, &number) == LUS_NUMBER_OK) {
            out->has_numbers = true;
            continue;
        }
        const char *copy = lus_arena_copy(arena, text.p, text.n);
        if (!copy) return LUS_ENOMEM;
        out->texts[out->n++] = (struct lus_text){copy, text.n};
    }
    return LUS_OK;
}

int lus_sample_look(struct lus_header *h, char delimiter, struct lus_fields *rows,
                    struct lus_arena *arena, struct lus_string *notes)
{
    size_t n = h->n < rows->n_fields ? h->n : rows->n_fields;
    bool by_dots = false;
    for (size_t c = 0; c < n; c++)
        h->dates[c] = date_form(rows, c, &by_dots);
    if (by_dots) lus_string_put(notes, "Dates with points are read with the day first. ");
    h->has_decimal_commas = has_decimal_commas(delimiter, rows);
    if (h->has_decimal_commas) lus_string_put(notes, "Numbers are written with decimal commas. ");
    for (size_t c = 0; c < n; c++) {
        h->repeats[c] = has_repeats(rows, c); /* last: it sorts */
        LUS_TRY(sample_values(arena, rows, c, &h->sampled[c]));
    }
    return LUS_OK;
}
