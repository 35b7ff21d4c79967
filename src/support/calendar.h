/* The proleptic Gregorian calendar. */
#ifndef LUS_SUPPORT_CALENDAR_H
#define LUS_SUPPORT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "support/text.h"

/* Days from 1970-01-01. */
int64_t lus_days_from_civil(int64_t year, unsigned month, unsigned day);
/* The day's year, month and day of the month. */
void lus_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day);
/* "2003-2011" or "2005", years 1800 to 2199, as days from the first 1 January to the one after the
 * last, half open. */
bool lus_years_parse(const char *text, int64_t *from, int64_t *to);
/* The same as years, both included. */
bool lus_years_span(const char *text, int *first, int *last);
/* How dates are written. What names its month or begins with a year of four digits and a mark is
 * read in every form: 2015-12-31, 2015/12/31, 31-Dec-2015, 31DEC2015, Dec 31, 2015. */
enum lus_date_form {
    LUS_DATE_PLAIN,     /* those alone */
    LUS_DATE_DAY_FIRST, /* 31/12/2015, 31.12.2015, 31-12-2015 */
    LUS_DATE_MONTH_FIRST,
    /* 31/12/15: years of two digits, 69 to 99 of 1900 and 00 to 68 of 2000, as POSIX has them */
    LUS_DATE_DAY_FIRST_SHORT,
    LUS_DATE_MONTH_FIRST_SHORT,
    LUS_DATE_DIGITS,   /* 20151231; 201512 and 2015, or 99 for what is not known */
    LUS_DATE_EXCEL,    /* days from 1899-12-30 */
    LUS_DATE_SAS,      /* days from 1960-01-01, as Stata counts too */
    LUS_DATE_R,        /* days from 1970-01-01 */
    LUS_DATE_QUESTION, /* day or month first: what was seen does not tell */
};
/* "dd/mm/yyyy", "mm/dd/yyyy", "dd/mm/yy", "mm/dd/yy", "yyyymmdd", "yyyy-mm-dd", "dd-mon-yyyy",
 * "excel", "sas", "stata", "r", any case and mark. False where it is none of them. */
bool lus_date_form_parse(const char *text, enum lus_date_form *out);
/* Days since 1970-01-01 of a date, and of the day of a date with a time. A month without a day is
 * its 15th, *is_month set; a year without a month its 1 July, *is_year set. False where it is no
 * date in that form. */
bool lus_date_parse(struct lus_text text, enum lus_date_form form, int64_t *days, bool *is_month,
                    bool *is_year);

#endif
