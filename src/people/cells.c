#include "people/cells.h"

#include <ctype.h>
#include <math.h>

#include "support/number.h"

bool lus_is_missing(const struct lus_slot *slot, struct lus_text text)
{
    for (size_t i = 0; i < slot->missing->n; i++)
        if (lus_text_equal(text, slot->missing->words[i])) return true;
    return false;
}

bool lus_is_unknown_word(struct lus_text text)
{
    static const char *const words[] = {"unknown",
                                        "unk",
                                        "n/a",
                                        "na",
                                        "nan",
                                        "null",
                                        "not available",
                                        "not known",
                                        "missing",
                                        "not stated",
                                        "not reported",
                                        "not recorded",
                                        "not specified",
                                        "not applicable",
                                        "not evaluated",
                                        "undetermined",
                                        "unspecified",
                                        "discrepancy",
                                        "blank(s)",
                                        "blank",
                                        "no data",
                                        "#n/a",
                                        "#null!",
                                        "n.a.",
                                        "<na>",
                                        "?",
                                        ".",
                                        "-",
                                        "--",
                                        "'--"};
    if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = (struct lus_text){text.p + 1, text.n - 2};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lus_text_equal_any_case(text, words[i])) return true;
    return false;
}

void lus_cell_doubt_add(struct lus_cell_doubt *sum, const struct lus_cell_doubt *other)
{
    sum->largest = fmax(sum->largest, other->largest);
    sum->units |= other->units;
    if (*other->unknown && (!*sum->unknown || strcmp(other->unknown, sum->unknown) < 0))
        memcpy(sum->unknown, other->unknown, sizeof sum->unknown);
}

static void doubt_unknown(struct lus_cell_doubt *doubt, struct lus_text text)
{
    struct lus_cell_doubt one = {.largest = 0};
    memcpy(one.unknown, text.p, text.n < sizeof one.unknown ? text.n : sizeof one.unknown - 1);
    lus_cell_doubt_add(doubt, &one);
}

/* A NaN of its own: text that is not a number is bad, not missing. */
static double bad_number(void)
{
    uint64_t bits = 0x7ff8000000000bad;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool lus_is_bad_number(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits == 0x7ff8000000000bad;
}

/* A number as the slot's file writes it, with a point for its comma. */
enum { LONGEST_NUMBER = 48 };
static bool with_point(const struct lus_slot *slot, struct lus_text text, char *room,
                       struct lus_text *out)
{
    *out = text;
    if (!slot->has_decimal_comma) return true;
    if (text.n > LONGEST_NUMBER || memchr(text.p, '.', text.n)) return false;
    memcpy(room, text.p, text.n);
    char *comma = memchr(room, ',', text.n);
    if (comma) *comma = '.';
    *out = (struct lus_text){room, text.n};
    return true;
}

/* "61 years", "90+ years", "12mo": the number in front; *unit, where there is one. False where
 * anything else follows it. */
static bool split_unit(struct lus_text text, struct lus_text *number, bool *is_open,
                       enum lus_unit *unit, bool *has_unit)
{
    static const struct {
        const char *name;
        enum lus_unit unit;
    } names[] = {{"d", LUS_DAYS},          {"day", LUS_DAYS},    {"days", LUS_DAYS},
                 {"wk", LUS_WEEKS},        {"wks", LUS_WEEKS},   {"week", LUS_WEEKS},
                 {"weeks", LUS_WEEKS},     {"mo", LUS_MONTHS},   {"mos", LUS_MONTHS},
                 {"mth", LUS_MONTHS},      {"mths", LUS_MONTHS}, {"month", LUS_MONTHS},
                 {"months", LUS_MONTHS},   {"y", LUS_YEARS},     {"yr", LUS_YEARS},
                 {"yrs", LUS_YEARS},       {"year", LUS_YEARS},  {"years", LUS_YEARS},
                 {"years old", LUS_YEARS}, {"y/o", LUS_YEARS}};
    size_t n = 0;
    while (n < text.n && (isdigit((unsigned char)text.p[n]) || strchr(".,-", text.p[n])))
        n++;
    *number = (struct lus_text){text.p, n};
    *is_open = n < text.n && text.p[n] == '+';
    *has_unit = false;
    size_t at = n + *is_open;
    while (at < text.n && text.p[at] == ' ')
        at++;
    struct lus_text word = {text.p + at, text.n - at};
    if (word.n && word.p[word.n - 1] == '.') word.n--;
    if (!word.n) return n && *is_open;
    for (size_t i = 0; i < sizeof names / sizeof *names && n; i++)
        if (lus_text_equal_any_case(word, names[i].name)) {
            *unit = names[i].unit;
            *has_unit = true;
            return true;
        }
    return false;
}

double lus_number_of_text(const struct lus_slot *slot, struct lus_cell_doubt *doubt,
                          struct lus_text text)
{
    char room[LONGEST_NUMBER];
    struct lus_text number;
    double value;
    bool is_open, has_unit;
    enum lus_unit unit;
    if (lus_is_missing(slot, text)) return NAN;
    if (with_point(slot, text, room, &number) &&
        lus_number_parse(number.p, number.n, &value) == LUS_NUMBER_OK) {
        doubt->largest = fmax(doubt->largest, value);
        return value;
    }
    if (split_unit(text, &number, &is_open, &unit, &has_unit) &&
        with_point(slot, number, room, &number) &&
        lus_number_parse(number.p, number.n, &value) == LUS_NUMBER_OK) {
        if (has_unit) doubt->units |= 1U << unit;
        return value;
    }
    if (!lus_is_unknown_word(text)) return bad_number();
    doubt_unknown(doubt, text);
    return NAN;
}

/* A number of units as ticks. */
static uint8_t time_of_number(struct lus_seen *seen, const struct lus_slot *slot,
                              struct lus_text text, enum lus_unit unit, lus_time *out)
{
    char room[LONGEST_NUMBER];
    int64_t nano;
    if (!with_point(slot, text, room, &text)) return LUS_TIME_BAD;
    enum lus_number_status status = lus_nano_parse(text.p, text.n, &nano, &seen->rounded_time);
    if (status == LUS_NUMBER_OK &&
        !__builtin_mul_overflow(nano, lus_unit_ticks(unit) / 1000000000, out))
        return LUS_TIME_NUMBER;
    return status == LUS_NUMBER_BAD ? LUS_TIME_BAD : LUS_TIME_LARGE;
}

static bool take_date(struct lus_seen *seen, const struct lus_slot *slot, struct lus_text text,
                      lus_time *out)
{
    int64_t days;
    if (!lus_date_parse(text, slot->form, &days, &seen->month_dates, &seen->year_dates))
        return false;
    *out = days * lus_unit_ticks(LUS_DAYS); /* days of a date cannot overflow */
    return true;
}

uint8_t lus_time_of_text(struct lus_seen *seen, struct lus_cell_doubt *doubt,
                         const struct lus_slot *slot, struct lus_text text, lus_time *out)
{
    struct lus_text number;
    bool is_open, has_unit;
    enum lus_unit unit = slot->unit;
    if (lus_is_missing(slot, text)) return LUS_TIME_MISSING;
    if (slot->form >= LUS_DATE_DIGITS && slot->form <= LUS_DATE_R &&
        take_date(seen, slot, text, out))
        return LUS_TIME_DATE;
    uint8_t kind = time_of_number(seen, slot, text, unit, out);
    if (kind != LUS_TIME_BAD) return kind;
    if (take_date(seen, slot, text, out)) return LUS_TIME_DATE;
    /* "306+" may be a censored time, as R prints one: only an age may be open above */
    if (split_unit(text, &number, &is_open, &unit, &has_unit) && (!is_open || slot->may_be_open)) {
        if (has_unit) doubt->units |= 1U << unit;
        return time_of_number(seen, slot, number, unit, out);
    }
    if (!lus_is_unknown_word(text)) return LUS_TIME_BAD;
    doubt_unknown(doubt, text);
    return LUS_TIME_MISSING;
}

uint8_t lus_weight_of_text(struct lus_cell_doubt *doubt, const struct lus_slot *slot,
                           struct lus_text text, int64_t *out)
{
    char room[LONGEST_NUMBER];
    bool rounded = false;
    struct lus_text number = text;
    if (lus_is_missing(slot, text)) return LUS_TIME_MISSING;
    enum lus_number_status status = LUS_NUMBER_BAD;
    if (with_point(slot, text, room, &number))
        status = lus_nano_parse(number.p, number.n, out, &rounded);
    if (status == LUS_NUMBER_OK) return LUS_TIME_NUMBER;
    if (status == LUS_NUMBER_LARGE) return LUS_TIME_LARGE;
    if (!lus_is_unknown_word(text)) return LUS_TIME_BAD;
    doubt_unknown(doubt, text);
    return LUS_TIME_MISSING;
}
