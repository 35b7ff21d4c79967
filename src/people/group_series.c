#include "people/group_series.h"

#include <stdlib.h>
#include <string.h>

struct lus_group_series lus_group_series_of(const struct lus_plan *plan)
{
    /* Differences of dates fall on whole days, times on whole units. */
    enum lus_unit unit = plan->origin != LUS_NO_SLOT ? LUS_DAYS : plan->recipe.time.exit.unit;
    int64_t step = lus_unit_ticks(unit);
    return (struct lus_group_series){.n_kinds = plan->n_causes + 2,
                                     .grid = {step, 1.0 / (double)step}};
}

void lus_group_series_free(struct lus_group_series *s)
{
    for (size_t i = 0; i < s->series.n; i++)
        lus_series_free(&s->series.at[i]);
    LUS_ARRAY_FREE(&s->series);
}

int lus_group_series_reserve(struct lus_group_series *s, size_t n)
{
    n *= s->n_kinds;
    if (n <= s->series.n) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&s->series, n - s->series.n));
    memset(s->series.at + s->series.n, 0, (n - s->series.n) * sizeof *s->series.at);
    s->series.n = n;
    return LUS_OK;
}

int lus_group_series_add_batch(struct lus_group_series *s, const struct lus_intake *in)
{
    const struct lus_people *p = &in->people;
    LUS_TRY(lus_group_series_reserve(s, lus_n_groups(&in->groups)));
    for (size_t i = 0; i < p->n; i++)
        if (p->status[i] == LUS_ROW_KEPT)
            LUS_TRY(lus_group_series_add(s, p->group[i], p->event[i], p->exit[i], 1));
    return LUS_OK;
}
