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
/* Days since 1970-01-01 of YYYY-MM-DD (YYYY-MM: the 15th, *is_month set); false where it is no
 * date. */
bool lus_date_parse(struct lus_text text, int64_t *days, bool *is_month);

#endif
