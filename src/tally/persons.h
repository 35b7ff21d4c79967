/* Persons: one record for each patient, for methods that need rows. 16 bytes where every time is a
 * whole number of sixteenths of a day, which whole days, weeks, months and years are, and none is
 * beyond 717 years; else 48. Sorted into a total order, equal ones as one with a count. */
#ifndef LUS_TALLY_PERSONS_H
#define LUS_TALLY_PERSONS_H

#include "lustrum/tally.h"
#include "support/memory.h"

struct lus_packed_person { /* sixteenths of a day */
    uint64_t entry : 22, exit : 22, count : 19, is_event : 1;
    uint64_t age : 22, life : 16, date : 24; /* date: above the first that fits */
};
_Static_assert(sizeof(struct lus_packed_person) == 16, "a person is packed in 16 bytes");

/* As they arrive, by one thread, of one group. */
struct lus_person_list {
    LUS_ARRAY(struct lus_packed_person) packed;
    LUS_ARRAY(struct lus_person) wide;
};

int lus_person_list_add(struct lus_person_list *list,
                        const struct lus_person *person) LUS_MUST_CHECK;
void lus_person_list_free(struct lus_person_list *list);
/* All of n lists as sorted persons. consumes: each list is freed as soon as it has been read. */
int lus_persons_gather(struct lus_person_list *const *lists, size_t n, bool consumes,
                       size_t n_threads, struct lus_persons *out) LUS_MUST_CHECK;

#endif
