/* Whom a thread counted: of each group several series of times. */
#ifndef LUS_PEOPLE_GROUP_SERIES_H
#define LUS_PEOPLE_GROUP_SERIES_H

#include "people/intake.h"
#include "support/series.h"

/* Of each group n_kinds: who left without an event, by cause 1, 2, ..., who entered late. */
struct lus_group_series {
    size_t n_kinds;
    struct lus_grid grid;
    LUS_ARRAY(struct lus_series) series; /* [group * n_kinds + kind] */
};

/* A grid of the plan's unit. */
struct lus_group_series lus_group_series_of(const struct lus_plan *plan);
void lus_group_series_free(struct lus_group_series *s);
/* Room for n groups. */
int lus_group_series_reserve(struct lus_group_series *s, size_t n) LUS_MUST_CHECK;
static inline struct lus_series *lus_series_of(const struct lus_group_series *s, size_t group,
                                               size_t kind)
{
    return &s->series.at[group * s->n_kinds + kind];
}
static inline int lus_group_series_add(const struct lus_group_series *s, size_t group, size_t kind,
                                       lus_time time, int64_t weight)
{
    return lus_series_add(lus_series_of(s, group, kind), &s->grid, time, weight);
}
/* Adds the people of the intake's batch, one each, nobody late. */
int lus_group_series_add_batch(struct lus_group_series *s,
                               const struct lus_intake *in) LUS_MUST_CHECK;

#endif
