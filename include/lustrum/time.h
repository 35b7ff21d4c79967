/* Exact time: an int64 count of sixteenths of a nanoday.
 *
 * A day is 16e9 ticks, a week 112e9, a month (365.25/12 days) 487e9, a year (365.25 days) 5844e9;
 * so every decimal with up to nine places in any of these units is exact, and so are sums,
 * differences and conversions. Ties are equality. The range is 1.5 million years; what passes it is
 * an error, never a wrapped number.
 */
#ifndef LUSTRUM_TIME_H
#define LUSTRUM_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lustrum/error.h"

typedef int64_t lus_time;
#define LUS_TIME_MAX INT64_MAX

enum lus_unit { LUS_DAYS, LUS_WEEKS, LUS_MONTHS, LUS_YEARS };

/* Ticks in one unit, a multiple of 1e9. */
LUS_API int64_t lus_unit_ticks(enum lus_unit unit);
/* "days", "weeks", "months", "years" */
LUS_API const char *lus_unit_name(enum lus_unit unit);
/* The unit of that name, singular or plural; LUS_EUSAGE where there is none. */
LUS_API int lus_unit_parse(const char *name, enum lus_unit *out) LUS_MUST_CHECK;

/* A time as a number of units: the double nearest to the exact quotient. */
LUS_API double lus_time_in(lus_time time, enum lus_unit unit);

/* "5y", "18m", "90d", "6w", or a bare number in `bare`. Non-negative. LUS_EUSAGE with the remedy in
 * err. */
LUS_API int lus_duration_parse(const char *text, enum lus_unit bare, lus_time *out,
                               struct lus_error *err) LUS_MUST_CHECK;

#endif
