#include "support/calendar.h"

#include <stdlib.h>

int64_t lus_days_from_civil(int64_t year, unsigned month, unsigned day)
{
    /* Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on 1
     * March. */
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? (int64_t)month - 3 : (int64_t)month + 9) + 2) / 5 +
                          (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

bool lus_years_parse(const char *text, int64_t *from, int64_t *to)
{
    enum { FIRST = 1800, LAST = 2199 };
    char *end;
    long first = strtol(text, &end, 10), last = first;
    if (end != text + 4) return false;
    if (*end == '-') {
        const char *second = end + 1;
        last = strtol(second, &end, 10);
        if (end != second + 4) return false;
    }
    if (*end || first < FIRST || last > LAST || last < first) return false;
    *from = lus_days_from_civil(first, 1, 1);
    *to = lus_days_from_civil(last + 1, 1, 1);
    return true;
}

void lus_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100),
            shifted = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}
