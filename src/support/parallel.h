/* Independent pieces of work on several threads. */
#ifndef LUS_SUPPORT_PARALLEL_H
#define LUS_SUPPORT_PARALLEL_H

#include <stddef.h>

#include "support/error.h"

/* Calls fn(context, i) for every i below n, in no order, on up to n_threads threads. The status of
 * the lowest i that failed. */
int lus_parallel(size_t n, size_t n_threads, int (*fn)(void *context, size_t i),
                 void *context) LUS_MUST_CHECK;

#endif
