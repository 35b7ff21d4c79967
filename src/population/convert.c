/* Texts to typed columns, one loop for each column. */
#include <math.h>
#include <stdlib.h>

#include "population/worker.h"
#include "support/number.h"

enum { N_SHORTS = 256 }; /* recent short labels; a column of a few levels never leaves it */

bool lus_is_missing(const struct lus_plan *plan, struct lus_text text)
{
    for (size_t i = 0; i < plan->recipe.n_missing; i++)
        if (lus_text_equal(text, plan->recipe.missing[i])) return true;
    return false;
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

int64_t lus_days_from_civil(int64_t year, unsigned month, unsigned day)
{
    /* Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March. */
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? (int64_t)month - 3 : (int64_t)month + 9) + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
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
    if ((text.n != 10 && text.n != 7) || text.p[4] != '-' || !digits(text.p, 4, &year) || !digits(text.p + 5, 2, &month)) return false;
    if (month < 1 || month > 12) return false;
    if (text.n == 10) {
        if (text.p[7] != '-' || !digits(text.p + 8, 2, &day) || day < 1 || day > lengths[month - 1]) return false;
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (month == 2 && day == 29 && !is_leap) return false;
    } else {
        *is_month = true;
    }
    *days = lus_days_from_civil(year, month, day);
    return true;
}

static int fail_label(const struct lus_worker *w, const struct lus_slot *slot, size_t row, const char *what, struct lus_error *err)
{
    const struct lus_plan *plan = w->plan;
    return lus_fail(err, LUS_EDATA, "%s:%llu: %s: %s", plan->source.files[w->batch->file].stream.name,
                    (unsigned long long)lus_worker_line(w, row), plan->fields.at[slot->field], what);
}

static int label_code(struct lus_worker *w, struct lus_column *column, const struct lus_slot *slot, size_t row, struct lus_text text,
                      uint32_t *code, struct lus_error *err)
{
    size_t before = column->dictionary.texts.n;
    if (lus_dictionary_code(&column->dictionary, text, code) != LUS_OK) return lus_fail_memory(err);
    if (column->dictionary.texts.n == before) return LUS_OK;
    if (memchr(text.p, 0, text.n)) return fail_label(w, slot, row, "a NUL byte; a text file is wanted", err);
    if (lus_utf8_bad(text.p, text.n) < text.n)
        return fail_label(w, slot, row, "not UTF-8; UTF-8 text is wanted (iconv -f LATIN1 -t UTF-8 may help)", err);
    return LUS_OK;
}

static int convert_labels(struct lus_worker *w, struct lus_column *column, const struct lus_slot *slot, struct lus_error *err)
{
    const struct lus_text *texts = w->batch->fields->field[slot->field];
    for (size_t i = 0; i < w->batch->fields->n; i++) {
        struct lus_text text = texts[i];
        if (text.n > 8) {
            LUS_TRY(label_code(w, column, slot, i, text, &column->codes[i], err));
            continue;
        }
        uint64_t key = 0;
        memcpy(&key, text.p, text.n);
        struct lus_short_label *recent = &column->shorts[(key * 0x9e3779b97f4a7c15ULL + text.n) >> 56];
        if (!recent->is_set || recent->key != key || recent->n != text.n) {
            uint32_t code;
            LUS_TRY(label_code(w, column, slot, i, text, &code, err));
            *recent = (struct lus_short_label){.key = key, .code = code, .n = (uint8_t)text.n, .is_set = true};
        }
        column->codes[i] = recent->code;
    }
    return LUS_OK;
}

static void convert_numbers(struct lus_worker *w, struct lus_column *column, const struct lus_slot *slot)
{
    const struct lus_text *texts = w->batch->fields->field[slot->field];
    for (size_t i = 0; i < w->batch->fields->n; i++) {
        if (lus_is_missing(w->plan, texts[i])) column->numbers[i] = NAN;
        else if (lus_number_parse(texts[i].p, texts[i].n, &column->numbers[i]) != LUS_NUMBER_OK) column->numbers[i] = bad_number();
    }
}

static uint8_t convert_time(struct lus_worker *w, const struct lus_slot *slot, struct lus_text text, lus_time *out)
{
    if (lus_is_missing(w->plan, text)) return LUS_TIME_MISSING;
    int64_t nano, days;
    enum lus_number_status status = lus_nano_parse(text.p, text.n, &nano, &w->seen.rounded_time);
    if (status == LUS_NUMBER_OK && !__builtin_mul_overflow(nano, lus_unit_ticks(slot->unit) / 1000000000, out)) return LUS_TIME_NUMBER;
    if (status != LUS_NUMBER_BAD) return LUS_TIME_LARGE;
    if (!lus_date_parse(text, &days, &w->seen.month_dates)) return LUS_TIME_BAD;
    *out = days * lus_unit_ticks(LUS_DAYS); /* four-digit years cannot overflow */
    return LUS_TIME_DATE;
}

static void convert_times(struct lus_worker *w, struct lus_column *column, const struct lus_slot *slot)
{
    const struct lus_text *texts = w->batch->fields->field[slot->field];
    for (size_t i = 0; i < w->batch->fields->n; i++)
        column->kinds[i] = convert_time(w, slot, texts[i], &column->times[i]);
}

static void convert_weights(struct lus_worker *w, struct lus_column *column, const struct lus_slot *slot)
{
    const struct lus_text *texts = w->batch->fields->field[slot->field];
    for (size_t i = 0; i < w->batch->fields->n; i++) {
        bool rounded = false;
        enum lus_number_status status = LUS_NUMBER_OK;
        if (lus_is_missing(w->plan, texts[i])) {
            column->kinds[i] = LUS_TIME_MISSING;
            continue;
        }
        status = lus_nano_parse(texts[i].p, texts[i].n, &column->times[i], &rounded);
        column->kinds[i] = status == LUS_NUMBER_OK ? LUS_TIME_NUMBER : status == LUS_NUMBER_LARGE ? LUS_TIME_LARGE : LUS_TIME_BAD;
    }
}

static int reserve(struct lus_column *column, enum lus_slot_kind kind, size_t n)
{
    if (column->room >= n) return LUS_OK;
    size_t room = n + n / 2;
    void *grown = NULL;
    if (kind == LUS_SLOT_LABEL) grown = column->codes = lus_realloc(column->codes, room, sizeof *column->codes);
    if (kind == LUS_SLOT_NUMBER) grown = column->numbers = lus_realloc(column->numbers, room, sizeof *column->numbers);
    if (kind == LUS_SLOT_TIME || kind == LUS_SLOT_WEIGHT) {
        grown = column->times = lus_realloc(column->times, room, sizeof *column->times);
        column->kinds = lus_realloc(column->kinds, room, 1);
        if (!column->kinds) return LUS_ENOMEM;
    }
    if (kind == LUS_SLOT_LABEL && !column->shorts) {
        column->shorts = lus_alloc_zeroed(N_SHORTS, sizeof *column->shorts);
        if (!column->shorts) return LUS_ENOMEM;
    }
    if (!grown && kind != LUS_SLOT_TEXT) return LUS_ENOMEM;
    column->room = room;
    return LUS_OK;
}

int lus_convert(struct lus_worker *w, struct lus_error *err)
{
    for (size_t i = 0; i < w->plan->slots.n; i++) {
        const struct lus_slot *slot = &w->plan->slots.at[i];
        struct lus_column *column = &w->columns[i];
        if (reserve(column, slot->kind, w->batch->fields->n) != LUS_OK) return lus_fail_memory(err);
        switch (slot->kind) {
        case LUS_SLOT_LABEL: LUS_TRY(convert_labels(w, column, slot, err)); break;
        case LUS_SLOT_NUMBER: convert_numbers(w, column, slot); break;
        case LUS_SLOT_TIME: convert_times(w, column, slot); break;
        case LUS_SLOT_WEIGHT: convert_weights(w, column, slot); break;
        case LUS_SLOT_TEXT: break;
        }
    }
    return LUS_OK;
}
