/* What a life table asks of each person: age and date at the origin, sex, and the table's further
 * factors. */
#ifndef LUS_PEOPLE_AGES_H
#define LUS_PEOPLE_AGES_H

#include "people/pairs.h"
#include "people/times.h"

/* What the words of sex and of the life table's further factors mean, by code; codes below n are
 * decided. */
struct lus_life_words {
    uint8_t *sex;
    size_t n_sex;
    struct lus_pairs pairs; /* of further factors: (previous, code) to a number */
    LUS_ARRAY(uint32_t) by; /* by that number: the table's combination; UINT32_MAX: it has none */
};

/* Age, date and life-table column of each row, where the plan has a demography; and --diagnosed. */
int lus_ages_take(const struct lus_values *v, struct lus_life_words *words, struct lus_people *p,
                  struct lus_error *err) LUS_MUST_CHECK;
void lus_life_words_free(struct lus_life_words *words);

#endif
