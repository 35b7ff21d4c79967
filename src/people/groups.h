/* Groups: each combination of the keys' codes gets a number, in the order in which a thread first
 * sees it. */
#ifndef LUS_PEOPLE_GROUPS_H
#define LUS_PEOPLE_GROUPS_H

#include "people/levels.h"
#include "people/pairs.h"
#include "people/rows.h"

struct lus_grouping {
    const struct lus_plan *plan;
    struct lus_pairs *pairs;   /* by key; the last: the truth of --of */
    LUS_ARRAY(uint64_t) masks; /* of any_of keys, by code - 1 */
};

int lus_grouping_init(struct lus_grouping *g, const struct lus_plan *plan,
                      struct lus_error *err) LUS_MUST_CHECK;
void lus_grouping_free(struct lus_grouping *g);
/* The group of each row that is kept; a missing factor leaves it out. */
int lus_grouping_take(struct lus_grouping *g, struct lus_truths *t, struct lus_people *p,
                      struct lus_error *err) LUS_MUST_CHECK;
/* The codes of a group, one for each key and the truth of --of. */
void lus_group_codes(const struct lus_grouping *g, uint32_t group, uint32_t *codes);
size_t lus_n_groups(const struct lus_grouping *g);

#endif
