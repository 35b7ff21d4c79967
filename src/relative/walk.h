/* A person's way through the cells of a life table: age runs on, the calendar runs on, the hazard
 * changes where either enters another cell. */
#ifndef LUS_RELATIVE_WALK_H
#define LUS_RELATIVE_WALK_H

#include "lustrum/relative.h"

/* A life table with the ends of its cells in ticks. */
struct lus_grid_of_cells {
    const struct lus_life_table *table;
    /* where each row of ages and of years begins; the first holds for all that is earlier */
    lus_time *age_from, *year_from;
};

int lus_grid_of_cells_make(const struct lus_life_table *table,
                           struct lus_grid_of_cells *out) LUS_MUST_CHECK;
void lus_grid_of_cells_free(struct lus_grid_of_cells *grid);

struct lus_walk {
    const struct lus_grid_of_cells *grid;
    const double *hazards; /* of the person's column */
    lus_time age, date;    /* at the origin */
    size_t a, y;           /* the cell */
    /* of this stretch, from the origin; to is LUS_TIME_MAX in the last cell */
    lus_time from, to;
    double hazard; /* per day, in this stretch */
    double sum;    /* cumulative hazard at `from`, since the origin */
};

static inline double lus_days_of(lus_time time)
{
    return (double)time / 16e9;
}

static inline void lus_walk_enter(struct lus_walk *w)
{
    const struct lus_life_table *t = w->grid->table;
    lus_time by_age = w->a + 1 < t->n_ages ? w->grid->age_from[w->a + 1] - w->age : LUS_TIME_MAX;
    lus_time by_year = w->y + 1 < t->n_years ? w->grid->year_from[w->y + 1] - w->date
                                             : LUS_TIME_MAX;
    w->to = by_age < by_year ? by_age : by_year;
    w->hazard = w->hazards[w->a * t->n_years + w->y];
}

/* At the origin. */
struct lus_walk lus_walk_begin(const struct lus_grid_of_cells *grid,
                               const struct lus_person *person);

/* To the next cell, or to the two next where both end at once. */
static inline void lus_walk_next(struct lus_walk *w)
{
    const struct lus_life_table *t = w->grid->table;
    lus_time end = w->to;
    w->sum += w->hazard * lus_days_of(end - w->from);
    w->from = end;
    if (w->a + 1 < t->n_ages && w->grid->age_from[w->a + 1] - w->age == end) w->a++;
    if (w->y + 1 < t->n_years && w->grid->year_from[w->y + 1] - w->date == end) w->y++;
    lus_walk_enter(w);
}

/* The cumulative hazard at a time of this stretch. */
static inline double lus_walk_at(const struct lus_walk *w, lus_time time)
{
    return w->sum + w->hazard * lus_days_of(time - w->from);
}

/* How many persons are followed before the table's first year, or past its last; *ages gains those
 * who are followed younger than its first age, or older than its last one lasts. */
uint64_t lus_beyond_table(const struct lus_life_table *table, const struct lus_cohort *persons,
                          lus_time until, uint64_t *ages);

#endif
