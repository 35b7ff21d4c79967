/* The order of a regression's rows: by stratum, then by exit, the latest first, events before
 * others, then as they stand in the files. */
#ifndef LUS_REGRESS_ORDER_H
#define LUS_REGRESS_ORDER_H

#include "lustrum/time.h"
#include "support/memory.h"

/* A stretch of a person's time. */
struct lus_stretch {
    lus_time entry, exit;
    uint32_t source, stratum;
    uint8_t cause;
    bool is_event;
};

/* The place of each stretch in their order. */
int lus_stretches_place(const struct lus_stretch *at, size_t n, size_t n_strata,
                        uint32_t *out) LUS_MUST_CHECK;
/* The numbers of n rows by value, the largest first; equal values as they stand. value: not
 * negative. */
int lus_order_falling(const lus_time *value, size_t n, uint32_t *out) LUS_MUST_CHECK;

#endif
