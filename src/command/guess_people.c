/* Who a row is of, and what relative survival asks of a person. */
#include <math.h>
#include <string.h>

#include "command/guess.h"

static bool ends_with_id(const struct lus_profile_column *c)
{
    size_t n = strlen(c->plain);
    return n > 2 && strcmp(c->plain + n - 2, "id") == 0;
}

/* Values that come back, and within which some other columns of several values never change. */
static bool may_be_id(const struct lus_profile *p, const struct lus_profile_column *id,
                      size_t n_others)
{
    return !id->is_capped && id->n_distinct + id->n_missing < p->n_rows &&
           id->n_distinct * 20 >= p->n_rows && id->n_distinct >= 10 &&
           lus_count_of_persons(p, id, n_others) == n_others;
}

/* A column at the front, of another name. */
static bool names_persons(const struct lus_profile *p, const struct lus_profile_column *id)
{
    return (id->kind == LUS_PROFILE_INTEGER || id->kind == LUS_PROFILE_TEXT) &&
           !lus_guess_is_named(p, id, true) && !lus_guess_is_named(p, id, false) &&
           may_be_id(p, id, 3);
}

void lus_guess_id(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t k = 0; lus_id_names[k] && !guess->id; k++) {
        const struct lus_profile_column *c = lus_profile_find(p, lus_id_names[k]);
        if (c && c->n_distinct == p->n_rows) return; /* each row is one */
        if (c && !c->is_capped && c->n_distinct + c->n_missing < p->n_rows &&
            c->n_distinct * 20 >= p->n_rows)
            guess->id = c;
    }
    for (size_t i = 0; i < p->n_columns && i < 2 && !guess->id; i++)
        if (names_persons(p, &p->columns[i])) guess->id = &p->columns[i];
    for (size_t i = 0; i < p->n_columns && !guess->id; i++)
        if (ends_with_id(&p->columns[i]) && may_be_id(p, &p->columns[i], 1))
            guess->id = &p->columns[i];
    guess->has_rows_of_cases |= lus_profile_find(p, "sampleid") != NULL;
}

static bool is_sex(const struct lus_profile_column *c)
{
    static const char *const words[] = {"male", "female", "m", "f"};
    size_t n = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        bool is_known = lus_is_unknown_word(lus_text_of(c->values[i]));
        for (size_t k = 0; k < 4; k++)
            if (strcasecmp(c->values[i], words[k]) == 0) is_known = true, n++;
        if (!is_known) return false;
    }
    return n > 0;
}

/* Age, sex and year of diagnosis, where each is plain to see. */
void lus_guess_population(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        const char *plain = c->plain;
        bool is_age = strncmp(plain, "age", 3) == 0 || strstr(plain, "ageat") ||
                      strstr(plain, "diagnosisage") || strcmp(plain, "dgage") == 0;
        if (!guess->age && is_age && lus_guess_is_number(c) && c->n_distinct > 6 && c->max <= 120 &&
            c->min >= 0)
            guess->age = c;
        if (!guess->sex && (strcmp(plain, "sex") == 0 || strcmp(plain, "gender") == 0) && is_sex(c))
            guess->sex = c;
        bool is_year = strstr(plain, "year") &&
                       (strstr(plain, "diag") || strcmp(plain, "year") == 0 || strstr(plain, "dx"));
        if (!guess->year && is_year && c->kind == LUS_PROFILE_INTEGER && c->min > 1900 &&
            c->max < 2100)
            guess->year = c;
    }
    if (guess->origin && guess->origin->kind == LUS_PROFILE_DATE) guess->date = guess->origin;
}
