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

static bool digits(const char *p, size_t n, unsigned *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        *out = *out * 10 + (unsigned)(p[i] - '0');
    }
    return true;
}

bool lus_date_parse(struct lus_text text, int64_t *days, bool *is_month)
{
    static const unsigned lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year, month, day = 15;
    if ((text.n != 10 && text.n != 7) || text.p[4] != '-' || !digits(text.p, 4, &year) ||
        !digits(text.p + 5, 2, &month))
        return false;
    if (month < 1 || month > 12) return false;
    if (text.n == 10) {
        if (text.p[7] != '-' || !digits(text.p + 8, 2, &day) || day < 1 || day > lengths[month - 1])
            return false;
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (month == 2 && day == 29 && !is_leap) return false;
    } else {
        *is_month = true;
    }
    *days = lus_days_from_civil(year, month, day);
    return true;
}
