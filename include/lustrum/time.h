/* Exact time: an int64 count of sixteenths of a nanoday.
 *
 *     lus_time time;
 *     if (lus_duration_parse("18m", LUS_DAYS, &time, &err) != LUS_OK) return 1;
 *     printf("%g years, %g days\n", lus_time_in(time, LUS_YEARS), lus_time_in(time, LUS_DAYS));
 *
 * prints `1.5 years, 547.875 days`.
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

/* How much weight falls on a time. */
struct lus_mark {
    lus_time time;
    int64_t weight; /* people, or counts of 1e-9 */
};

/* Ticks in one unit, a multiple of 1e9: day 16e9, week 112e9, month 487e9, year 5844e9.
 * Checked   tests/unit/test_number.c: 12 months are a year, 100 years are 36525 days. */
LUS_API int64_t lus_unit_ticks(enum lus_unit unit);
/* "days", "weeks", "months", "years", constant; and lus_unit_parse, the unit of such a name,
 * singular or plural.
 * Returns   LUS_OK; LUS_EUSAGE where there is none, and out is as it was.
 * Checked   tests/cli/errors.tests, as --unit. */
LUS_API const char *lus_unit_name(enum lus_unit unit);
LUS_API int lus_unit_parse(const char *name, enum lus_unit *out) LUS_MUST_CHECK;

/* A time as a number of units: the double nearest to the exact quotient, where that has at most
 * nine places and a count of nanounits below 2^53; else that of the quotient as a long double.
 * Checked   tests/unit/test_number.c. */
LUS_API double lus_time_in(lus_time time, enum lus_unit unit);

/* A duration from its text: "5y", "18m", "90d", "6w", or a bare number in `bare`.
 * Returns   LUS_OK; LUS_EUSAGE with the remedy in err: it is none, is below 0, or is past 1.5
 *           million years.
 * Checked   tests/unit/test_number.c. */
LUS_API int lus_duration_parse(const char *text, enum lus_unit bare, lus_time *out,
                               struct lus_error *err) LUS_MUST_CHECK;

#endif
