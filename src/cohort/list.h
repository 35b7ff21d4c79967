/* Rows as they arrive, and the cohort that is made of them. */
#ifndef LUS_COHORT_LIST_H
#define LUS_COHORT_LIST_H

#include "lustrum/cohort.h"
#include "support/memory.h"

/* Times in sixteenths of a day. rest: the weight; or age (22 bits), life (16) and date (24, above
 * the first that fits). */
struct lus_packed_person {
    uint64_t entry : 22, exit : 22, count : 12, cause : 7, is_event : 1;
    uint64_t has_weight : 1, rest : 63;
};
_Static_assert(sizeof(struct lus_packed_person) == 16, "a person is packed in 16 bytes");

/* As they arrive, by one thread, of one group. */
struct lus_cohort_list {
    LUS_ARRAY(struct lus_packed_person) packed;
    LUS_ARRAY(struct lus_person) wide;
};

int lus_cohort_list_add(struct lus_cohort_list *list,
                        const struct lus_person *person) LUS_MUST_CHECK;
static inline size_t lus_cohort_list_n(const struct lus_cohort_list *list)
{
    return list->packed.n + list->wide.n;
}
struct lus_person lus_cohort_list_at(const struct lus_cohort_list *list, size_t i);
void lus_cohort_list_free(struct lus_cohort_list *list);
/* All of n lists as a cohort. consumes: each list is freed as soon as it has been read. */
int lus_cohort_gather(struct lus_cohort_list *const *lists, size_t n, bool consumes,
                      size_t n_threads, struct lus_cohort *out) LUS_MUST_CHECK;

#endif
