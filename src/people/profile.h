/* What each column of the files holds: kind, missing and distinct values, an example. */
#ifndef LUS_PEOPLE_PROFILE_H
#define LUS_PEOPLE_PROFILE_H

#include "people/columns.h"

/* One thread's view of every column. */
struct lus_profiler {
    struct lus_profiler_column *columns;
    size_t n;
    struct lus_arena arena;
    const char **sample; /* texts by row and column of the first n_sample, of those that it took */
    size_t n_sample;
};

int lus_profiler_take(struct lus_profiler *p, const struct lus_plan *plan,
                      const struct lus_batch *batch) LUS_MUST_CHECK;
int lus_profile_merge(struct lus_profile *out, const struct lus_profiler *profilers, size_t n,
                      const struct lus_plan *plan, uint64_t n_rows) LUS_MUST_CHECK;
/* The column whose plain name this is, else the first whose name ends with it behind a point: of
 * cases.submitter_id, submitterid. NULL: there is none. */
const struct lus_profile_column *lus_profile_find(const struct lus_profile *p, const char *plain);
void lus_profilers_free(struct lus_profiler *profilers, size_t n);

#endif
