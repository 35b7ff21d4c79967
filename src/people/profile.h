/* What each column of the files holds: kind, missing and distinct values, an example. */
#ifndef LUS_PEOPLE_PROFILE_H
#define LUS_PEOPLE_PROFILE_H

#include "people/columns.h"

/* One thread's view of every column. */
struct lus_profiler {
    struct lus_profiler_column *columns;
    size_t n;
    struct lus_arena arena;
    const char **sample; /* texts by row and column of the first rows, of those that it took */
};

int lus_profiler_take(struct lus_profiler *p, const struct lus_plan *plan,
                      const struct lus_batch *batch) LUS_MUST_CHECK;
int lus_profile_merge(struct lus_profile *out, const struct lus_profiler *profilers, size_t n,
                      const struct lus_plan *plan) LUS_MUST_CHECK;
void lus_profilers_free(struct lus_profiler *profilers, size_t n);

#endif
