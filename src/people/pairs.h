/* Numbers for pairs of codes, in the order of first sight: combinations of many codes are made of
 * pairs, one after the other. */
#ifndef LUS_PEOPLE_PAIRS_H
#define LUS_PEOPLE_PAIRS_H

#include <stdint.h>

#include "support/memory.h"

/* (previous, code) to a number, in the order of first sight. */
struct lus_pairs {
    uint32_t *dense; /* small pairs: number + 1 at [previous * 64 + code] */
    uint64_t *keys;  /* the others: open addressing */
    uint32_t *values;
    size_t n_slots, n_used;
    LUS_ARRAY(uint64_t) seen; /* previous << 32 | code, by number */
};

enum { LUS_DENSE_PREVIOUS = 1024, LUS_DENSE_CODES = 64 }; /* 256 KiB, hardly touched */

/* The number of a pair: 0, 1, ... in the order in which pairs are first seen. */
int lus_pair_number(struct lus_pairs *pairs, uint32_t previous, uint32_t code,
                    uint32_t *out) LUS_MUST_CHECK;
/* The same, a look-up for pairs that are known. */
static inline int lus_pair_find(struct lus_pairs *pairs, uint32_t previous, uint32_t code,
                                uint32_t *out)
{
    if (previous < LUS_DENSE_PREVIOUS && code < LUS_DENSE_CODES && pairs->dense) {
        uint32_t number = pairs->dense[previous * LUS_DENSE_CODES + code];
        *out = number - 1;
        if (number) return LUS_OK;
    }
    return lus_pair_number(pairs, previous, code, out);
}
void lus_pairs_free(struct lus_pairs *pairs);

#endif
