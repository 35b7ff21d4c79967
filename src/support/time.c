#include "lustrum/time.h"

#include <math.h>
#include <string.h>

#include "support/error.h"
#include "support/number.h"

static const struct {
    const char *name;
    int64_t ticks;
} units[] = {
    [LUS_DAYS] = {"days", 16000000000LL},
    [LUS_WEEKS] = {"weeks", 112000000000LL},
    [LUS_MONTHS] = {"months", 487000000000LL},
    [LUS_YEARS] = {"years", 5844000000000LL},
};

int64_t lus_unit_ticks(enum lus_unit unit)
{
    return units[unit].ticks;
}

const char *lus_unit_name(enum lus_unit unit)
{
    return units[unit].name;
}

int lus_unit_parse(const char *name, enum lus_unit *out)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t full = strlen(units[i].name);
        if ((n == full || n + 1 == full) && strncmp(name, units[i].name, n) == 0) {
            *out = (enum lus_unit)i;
            return LUS_OK;
        }
    }
    return LUS_EUSAGE;
}

double lus_time_in(lus_time time, enum lus_unit unit)
{
    int64_t ticks = units[unit].ticks, per_nano = ticks / 1000000000;
    /* nine places or fewer: one rounding when the count is below 2^53 */
    if (time % per_nano == 0) {
        int64_t nano = time / per_nano;
        if (nano % 1000000000 == 0) return (double)(nano / 1000000000);
        return (double)nano / 1e9;
    }
    return (double)((long double)time / (long double)ticks);
}

int lus_duration_parse(const char *text, enum lus_unit bare, lus_time *out, struct lus_error *err)
{
    static const struct {
        char letter;
        enum lus_unit unit;
    } letters[] = {{'d', LUS_DAYS}, {'w', LUS_WEEKS}, {'m', LUS_MONTHS}, {'y', LUS_YEARS}};
    size_t n = strlen(text);
    enum lus_unit unit = bare;
    for (size_t i = 0; n && i < 4; i++)
        if (text[n - 1] == letters[i].letter) {
            unit = letters[i].unit;
            n--;
            break;
        }
    int64_t nano;
    bool rounded = false;
    enum lus_number_status status = lus_nano_parse(text, n, &nano, &rounded);
    if (status != LUS_NUMBER_OK ||
        __builtin_mul_overflow(nano, units[unit].ticks / 1000000000, out) || *out < 0)
        return lus_fail(
            err, LUS_EUSAGE,
            "\"%s\" is not a duration; 5y, 18m, 6w, 90d or a number in the file's unit is wanted",
            text);
    return LUS_OK;
}
