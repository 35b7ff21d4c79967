/* What a life table asks of each patient: age and date at the origin, sex, and the table's further
 * factors. */
#include <math.h>
#include <stdlib.h>

#include "people/ages.h"
#include "support/calendar.h"

enum { OLDEST = 130, FIRST_YEAR = 1800, LAST_YEAR = 2200 };
enum { SEX_UNDECIDED, SEX_MALE, SEX_FEMALE, SEX_BAD, SEX_NOT_IN_TABLE };

static bool is_word_of(struct lus_text word, char *const *codes, size_t n,
                       const char *const words[2])
{
    for (size_t i = 0; i < n; i++)
        if (lus_text_equal(word, lus_text_of(codes[i]))) return true;
    return !n &&
           (lus_text_equal_any_case(word, words[0]) || lus_text_equal_any_case(word, words[1]));
}

static uint8_t sex_word(const struct lus_plan *plan, struct lus_text word)
{
    static const char *const male[] = {"male", "m"}, *const female[] = {"female", "f"};
    const struct lus_recipe *r = &plan->recipe;
    bool has_codes = r->population.n_male || r->population.n_female;
    bool is_male = (r->population.n_male || !has_codes) &&
                   is_word_of(word, r->population.male, r->population.n_male, male);
    bool is_female = (r->population.n_female || !has_codes) &&
                     is_word_of(word, r->population.female, r->population.n_female, female);
    if (!is_male && !is_female) return SEX_BAD;
    return plan->demography.asks->has_sex[is_male ? LUS_MALE : LUS_FEMALE]
               ? (is_male ? SEX_MALE : SEX_FEMALE)
               : SEX_NOT_IN_TABLE;
}

static int take_sex(const struct lus_values *v, struct lus_life_words *words, struct lus_people *p,
                    struct lus_error *err)
{
    const struct lus_plan *plan = v->plan;
    size_t n_by = plan->demography.asks->n_by ? plan->demography.asks->n_by : 1;
    if (plan->demography.sex == LUS_NO_SLOT) {
        for (size_t i = 0; i < p->n; i++)
            p->life[i] = (uint16_t)(plan->demography.all_female ? n_by : 0);
        return LUS_OK;
    }
    const struct lus_column *column = &v->columns[plan->demography.sex];
    size_t n = column->dictionary.texts.n;
    if (words->n_sex < n) {
        uint8_t *grown = lus_realloc(words->sex, n * 2, 1);
        if (!grown) return lus_fail_memory(err);
        words->sex = grown;
        for (; words->n_sex < n; words->n_sex++)
            grown[words->n_sex] = words->n_sex
                                      ? sex_word(plan, column->dictionary.texts.at[words->n_sex])
                                      : SEX_UNDECIDED;
    }
    for (size_t i = 0; i < p->n; i++) {
        uint8_t word = words->sex[column->codes[i]];
        if (word == SEX_UNDECIDED) lus_people_set_missing(p, i, LUS_ROW_NO_SEX);
        if (word == SEX_BAD) lus_people_set_bad(p, i, LUS_BAD_SEX, plan->demography.sex);
        if (word == SEX_NOT_IN_TABLE)
            lus_people_set_bad(p, i, LUS_BAD_SEX_OF_TABLE, plan->demography.sex);
        p->life[i] = (uint16_t)(word == SEX_FEMALE ? n_by : 0);
    }
    return LUS_OK;
}

/* The table's combination that a group of codes names; UINT32_MAX where it has none. */
static uint32_t find_combination(const struct lus_values *v, const uint32_t *codes)
{
    const struct lus_demography *asks = v->plan->demography.asks;
    for (size_t b = 0; b < asks->n_by; b++) {
        bool same = true;
        for (size_t k = 0; k < asks->n_keys && same; k++)
            same = lus_text_equal(lus_text_of_code(v, &v->plan->demography.keys[k], codes[k]),
                                  lus_text_of(asks->by_levels[b * asks->n_keys + k]));
        if (same) return (uint32_t)b;
    }
    return UINT32_MAX;
}

/* The table's further factors: each combination of the patients' codes is looked up once. */
static int take_keys(const struct lus_values *v, struct lus_life_words *words, struct lus_people *p,
                     struct lus_error *err)
{
    const struct lus_plan *plan = v->plan;
    enum { MOST = 16 };
    size_t n_keys = plan->demography.asks->n_keys;
    const uint32_t *codes[MOST];
    uint32_t row[MOST], number = 0;
    if (n_keys > MOST)
        return lus_fail(err, LUS_EUSAGE, "a life table has at most %d further factors", MOST);
    for (size_t k = 0; k < n_keys; k++)
        codes[k] = lus_codes_of(v, &plan->demography.keys[k]);
    for (size_t i = 0; i < p->n && n_keys; i++) {
        number = 0;
        for (size_t k = 0; k < n_keys; k++) {
            row[k] = codes[k][i];
            if (row[k] == LUS_MISSING_CODE || row[k] == LUS_BAD_LEVEL)
                lus_people_set_missing(p, i, LUS_ROW_NO_LIFE);
            if (p->status[i] == LUS_ROW_KEPT &&
                lus_pair_number(&words->pairs, number * (uint32_t)n_keys + (uint32_t)k, row[k],
                                &number) != LUS_OK)
                return lus_fail_memory(err);
        }
        if (p->status[i] != LUS_ROW_KEPT) continue;
        while (words->by.n <= number) {
            if (LUS_ARRAY_RESERVE(&words->by, 1) != LUS_OK) return lus_fail_memory(err);
            words->by.at[words->by.n++] = UINT32_MAX - 1; /* not looked up yet */
        }
        if (words->by.at[number] == UINT32_MAX - 1) words->by.at[number] = find_combination(v, row);
        if (words->by.at[number] == UINT32_MAX) {
            size_t slot = plan->demography.keys[0].is_factor ? LUS_NO_SLOT
                                                             : plan->demography.keys[0].index;
            lus_people_set_bad(p, i, LUS_BAD_LIFE, slot);
        } else {
            p->life[i] = (uint16_t)(p->life[i] + words->by.at[number]);
        }
    }
    return LUS_OK;
}

/* A date: of days, or a year alone, which is its 1 July. */
static bool take_date(const struct lus_values *v, struct lus_people *p, size_t i, lus_time *out)
{
    size_t slot = v->plan->demography.date;
    const struct lus_column *column = &v->columns[slot];
    if (column->kinds[i] == LUS_TIME_MISSING) lus_people_set_missing(p, i, LUS_ROW_NO_DATE);
    else if (column->kinds[i] == LUS_TIME_DATE) *out = column->times[i];
    else if (column->kinds[i] != LUS_TIME_NUMBER || !lus_is_year(column->times[i], LUS_YEARS))
        lus_people_set_bad(p, i, LUS_BAD_YEAR, slot);
    else *out = lus_date_of_year(column->times[i], LUS_YEARS), v->seen->year_dates = true;
    if (p->status[i] != LUS_ROW_KEPT) return false;
    int64_t day = lus_unit_ticks(LUS_DAYS);
    if (*out >= lus_days_from_civil(FIRST_YEAR, 1, 1) * day &&
        *out < lus_days_from_civil(LAST_YEAR, 1, 1) * day)
        return true;
    lus_people_set_bad(p, i, LUS_BAD_YEAR, slot);
    return false;
}

/* Years of 365.25 days as years of the table's length. */
static lus_time table_years(lus_time years, double year_days)
{
    /* life-table years have at most six places */
    __int128 product = (__int128)years * llround(year_days * 4e6);
    return (lus_time)(product / 1461000000);
}

static void take_age(const struct lus_values *v, struct lus_people *p, size_t i, lus_time date)
{
    const struct lus_plan *plan = v->plan;
    size_t slot = plan->demography.age != LUS_NO_SLOT ? plan->demography.age
                                                      : plan->demography.birth;
    const struct lus_column *column = &v->columns[slot];
    double year_days = plan->demography.asks->year_days;
    lus_time age = column->times[i],
             oldest = (lus_time)(OLDEST * year_days) * lus_unit_ticks(LUS_DAYS);
    if (column->kinds[i] == LUS_TIME_MISSING) {
        lus_people_set_missing(p, i, LUS_ROW_NO_AGE);
        return;
    }
    if (slot == plan->demography.birth) {
        if (column->kinds[i] != LUS_TIME_DATE || age > date)
            lus_people_set_bad(p, i, LUS_BAD_BIRTH, slot);
        age = date - age;
    } else if (column->kinds[i] != LUS_TIME_NUMBER) {
        lus_people_set_bad(p, i, LUS_BAD_AGE, slot);
    } else if (plan->recipe.population.age_unit == LUS_YEARS && age >= 0 && age < oldest * 2) {
        if (plan->recipe.population.age_completed) age += lus_unit_ticks(LUS_YEARS) / 2;
        age = table_years(age, year_days);
    }
    if (age < 0 || age > oldest) lus_people_set_bad(p, i, LUS_BAD_AGE, slot);
    p->age[i] = age;
}

/* The last day on which anybody of the file was seen, whatever leaves the row out later: a study's
 * closing date. */
static void see_closing(const struct lus_values *v, size_t i, uint8_t status)
{
    const struct lus_column *dates = &v->columns[v->plan->demography.date];
    lus_time exit, date;
    if ((status != LUS_ROW_KEPT && status != LUS_ROW_WHERE) || !lus_row_exit(v, i, &exit)) return;
    if (dates->kinds[i] == LUS_TIME_DATE) date = dates->times[i];
    else if (dates->kinds[i] == LUS_TIME_NUMBER && lus_is_year(dates->times[i], LUS_YEARS))
        date = lus_date_of_year(dates->times[i], LUS_YEARS);
    else return;
    if (!v->seen->has_closing || date + exit > v->seen->closing) v->seen->closing = date + exit;
    v->seen->has_closing = true;
}

int lus_ages_take(const struct lus_values *v, struct lus_life_words *words, struct lus_people *p,
                  struct lus_error *err)
{
    const struct lus_plan *plan = v->plan;
    if (!plan->demography.asks) return LUS_OK;
    for (size_t i = 0; i < p->n; i++) {
        lus_time date = 0;
        see_closing(v, i, p->status[i]);
        if (p->status[i] != LUS_ROW_KEPT || !take_date(v, p, i, &date)) continue;
        p->date[i] = date;
        if (plan->demography.to && (date < plan->demography.from || date >= plan->demography.to))
            p->status[i] = LUS_ROW_NOT_DIAGNOSED;
        else take_age(v, p, i, date);
    }
    LUS_TRY(take_sex(v, words, p, err));
    return take_keys(v, words, p, err);
}

void lus_life_words_free(struct lus_life_words *words)
{
    free(words->sex);
    lus_pairs_free(&words->pairs);
    LUS_ARRAY_FREE(&words->by);
}
