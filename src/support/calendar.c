#include "support/calendar.h"

#include <ctype.h>
#include <stdlib.h>

#include "support/number.h"

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

static int year_of(int64_t day)
{
    int64_t year;
    unsigned month, of_month;
    lus_civil_from_days(day, &year, &month, &of_month);
    return (int)year;
}

bool lus_years_span(const char *text, int *first, int *last)
{
    int64_t from, to;
    if (!lus_years_parse(text, &from, &to)) return false;
    *first = year_of(from), *last = year_of(to - 1);
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

bool lus_date_form_parse(const char *text, enum lus_date_form *out)
{
    static const struct {
        const char *name;
        enum lus_date_form form;
    } forms[] = {{"ddmmyyyy", LUS_DATE_DAY_FIRST},
                 {"mmddyyyy", LUS_DATE_MONTH_FIRST},
                 {"ddmmyy", LUS_DATE_DAY_FIRST_SHORT},
                 {"mmddyy", LUS_DATE_MONTH_FIRST_SHORT},
                 {"yyyymmdd", LUS_DATE_DIGITS},
                 {"yyyymm", LUS_DATE_DIGITS},
                 {"ddmonyyyy", LUS_DATE_PLAIN},
                 {"iso", LUS_DATE_PLAIN},
                 {"excel", LUS_DATE_EXCEL},
                 {"sas", LUS_DATE_SAS},
                 {"stata", LUS_DATE_SAS},
                 {"r", LUS_DATE_R}};
    char letters[16];
    size_t n = 0;
    bool has_marks = false;
    for (; *text && n + 1 < sizeof letters; text++) {
        if (strchr("/.- ", *text)) has_marks = true;
        else letters[n++] = (char)tolower((unsigned char)*text);
    }
    letters[n] = 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && !*text; i++)
        if (strcmp(letters, forms[i].name) == 0) {
            bool is_iso = forms[i].form == LUS_DATE_DIGITS && has_marks;
            *out = is_iso ? LUS_DATE_PLAIN : forms[i].form;
            return true;
        }
    return false;
}

/* A date in parts: runs of digits and of letters. */
struct parts {
    unsigned value[3];
    size_t n_digits[3]; /* 0: the name of a month */
    size_t n;
};

/* 1 to 12 for "Dec" and "December"; 0 for another word. */
static unsigned month_of(const char *word, size_t n)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    for (unsigned m = 0; m < 12; m++)
        if ((n == 3 || n == strlen(months[m])) && strncasecmp(word, months[m], n) == 0)
            return m + 1;
    return 0;
}

/* What may follow a date: a time of day. */
static bool is_time(const char *p, const char *end)
{
    if (p == end) return true;
    bool is_marked = *p == 'T' || *p == 't' || *p == ' ' || *p == ':';
    if (!is_marked || ++p == end || !isdigit((unsigned char)*p)) return false;
    for (; p < end; p++)
        if (!isdigit((unsigned char)*p) && !strchr(":.,+-Zz AaPpMm", *p)) return false;
    return true;
}

/* Takes a date apart; behind the parts stands nothing but a time. */
static bool take_parts(struct lus_text text, struct parts *out)
{
    const char *p = text.p, *end = text.p + text.n;
    *out = (struct parts){0};
    while (p < end && out->n < 3) {
        const char *start = p;
        size_t i = out->n;
        while (p < end && isdigit((unsigned char)*p) && p - start < 5)
            out->value[i] = out->value[i] * 10 + (unsigned)(*p++ - '0');
        out->n_digits[i] = (size_t)(p - start);
        if (p == start) {
            while (p < end && isalpha((unsigned char)*p))
                p++;
            out->value[i] = month_of(start, (size_t)(p - start));
            if (!out->value[i]) return false;
        }
        out->n++;
        const char *mark = p;
        if (out->n == 3) break;
        if (p < end && *p == ',') p++;
        if (p < end && strchr("/.- ", *p)) p++;
        bool has_more = p < end && isalnum((unsigned char)*p) && !is_time(mark, end);
        if (out->n == 2 && !has_more) {
            p = mark;
            break;
        }
    }
    return out->n >= 2 && is_time(p, end);
}

static bool civil(unsigned year, unsigned month, unsigned day, int64_t *days)
{
    static const unsigned lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) return false;
    if (month == 2 && day == 29 && !is_leap) return false;
    *days = lus_days_from_civil(year, month, day);
    return true;
}

/* Two parts: a year and a month. */
static bool month_date(const struct parts *p, int64_t *days, bool *is_month)
{
    size_t year = p->n_digits[0] == 4 ? 0 : 1, month = 1 - year;
    if (p->n_digits[year] != 4 || p->n_digits[month] > 2) return false;
    if (p->value[year] < 1800 || p->value[year] > 2199) return false; /* 8500/3 is a morphology */
    *is_month = true;
    return civil(p->value[year], p->value[month], 15, days);
}

/* A year of two digits in full. */
static void lengthen_year(struct parts *p)
{
    enum { FIRST = 69 };
    if (p->n != 3 || p->n_digits[2] != 2) return;
    p->value[2] += p->value[2] >= FIRST ? 1900 : 2000;
    p->n_digits[2] = 4;
}

static bool parted_date(const struct parts *p, enum lus_date_form form, int64_t *days,
                        bool *is_month)
{
    if (p->n == 2) return month_date(p, days, is_month);
    size_t year = p->n_digits[0] == 4 ? 0 : 2, month = 1, day = year == 0 ? 2 : 0;
    if (p->n_digits[year] != 4) return false;
    if (year == 2 && p->n_digits[0] == 0) month = 0, day = 1;
    bool has_name = p->n_digits[month] == 0;
    if (year == 2 && !has_name && form == LUS_DATE_MONTH_FIRST) month = 0, day = 1;
    else if (year == 2 && !has_name && form != LUS_DATE_DAY_FIRST) return false;
    if (p->n_digits[month] > 2 || p->n_digits[day] > 2 || !p->n_digits[day]) return false;
    return civil(p->value[year], p->value[month], p->value[day], days);
}

/* Eight digits, or as many as are known; 99 stands for a month or day that is not. */
static bool digits_date(struct lus_text text, int64_t *days, bool *is_month, bool *is_year)
{
    unsigned value[3] = {0};
    if (text.n != 4 && text.n != 6 && text.n != 8) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (!isdigit((unsigned char)text.p[i])) return false;
        unsigned *part = &value[i < 4 ? 0 : i < 6 ? 1 : 2];
        *part = *part * 10 + (unsigned)(text.p[i] - '0');
    }
    if (value[0] < 1800 || value[0] > 2199) return false;
    if (text.n == 4 || value[1] == 99) {
        *is_year = true;
        return civil(value[0], 7, 1, days);
    }
    if (text.n == 6 || value[2] == 99) {
        *is_month = true;
        return civil(value[0], value[1], 15, days);
    }
    return civil(value[0], value[1], value[2], days);
}

/* A count of days; a part of a day rounds down. */
static bool counted_date(struct lus_text text, int64_t epoch, int64_t *days)
{
    double number;
    if (lus_number_parse(text.p, text.n, &number) != LUS_NUMBER_OK || number < -1e6 || number > 1e6)
        return false;
    int64_t whole = (int64_t)number;
    *days = epoch + whole - (number < (double)whole);
    return true;
}

bool lus_date_parse(struct lus_text text, enum lus_date_form form, int64_t *days, bool *is_month,
                    bool *is_year)
{
    struct parts parts;
    switch (form) {
    case LUS_DATE_EXCEL: return counted_date(text, lus_days_from_civil(1899, 12, 30), days);
    case LUS_DATE_SAS: return counted_date(text, lus_days_from_civil(1960, 1, 1), days);
    case LUS_DATE_R: return counted_date(text, 0, days);
    case LUS_DATE_DIGITS:
        if (digits_date(text, days, is_month, is_year)) return true;
        break;
    case LUS_DATE_PLAIN:
    case LUS_DATE_DAY_FIRST:
    case LUS_DATE_MONTH_FIRST:
    case LUS_DATE_DAY_FIRST_SHORT:
    case LUS_DATE_MONTH_FIRST_SHORT:
    case LUS_DATE_QUESTION: break;
    }
    bool is_short = form == LUS_DATE_DAY_FIRST_SHORT || form == LUS_DATE_MONTH_FIRST_SHORT;
    if (text.n < (is_short ? 6 : 7) || text.n > 40 || !take_parts(text, &parts)) return false;
    if (is_short && parts.n != 3) return false;
    if (is_short) lengthen_year(&parts);
    if (form == LUS_DATE_DAY_FIRST_SHORT) form = LUS_DATE_DAY_FIRST;
    if (form == LUS_DATE_MONTH_FIRST_SHORT) form = LUS_DATE_MONTH_FIRST;
    return parted_date(&parts, form, days, is_month);
}
