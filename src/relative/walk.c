#include "relative/walk.h"

#include <math.h>
#include <stdlib.h>

#include "support/calendar.h"
#include "support/memory.h"
#include "support/times.h"

int lus_grid_of_cells_make(const struct lus_life_table *table, struct lus_grid_of_cells *out)
{
    struct lus_grid_of_cells g = {.table = table};
    int64_t day = lus_unit_ticks(LUS_DAYS);
    *out = g;
    g.age_from = lus_alloc(table->n_ages, sizeof *g.age_from);
    g.year_from = lus_alloc(table->n_years, sizeof *g.year_from);
    if (!g.age_from || !g.year_from) {
        lus_grid_of_cells_free(&g);
        return LUS_ENOMEM;
    }
    for (size_t i = 0; i < table->n_ages; i++)
        g.age_from[i] = llround(table->ages[i] * table->year_days * 1e6) * (day / 1000000);
    for (size_t i = 0; i < table->n_years; i++)
        g.year_from[i] = lus_days_from_civil((int64_t)table->years[i], 1, 1) * day;
    *out = g;
    return LUS_OK;
}

void lus_grid_of_cells_free(struct lus_grid_of_cells *g)
{
    free(g->age_from), free(g->year_from);
    *g = (struct lus_grid_of_cells){0};
}

/* The last cell that begins at or before `at`, or the first. */
static size_t cell_at(const lus_time *from, size_t n, lus_time at)
{
    size_t after = lus_first_after(from, n, at);
    return after ? after - 1 : 0;
}

struct lus_walk lus_walk_begin(const struct lus_grid_of_cells *grid,
                               const struct lus_person *person)
{
    const struct lus_life_table *t = grid->table;
    struct lus_walk w = {.grid = grid, .age = person->age, .date = person->date};
    w.hazards = t->hazard_per_day + (size_t)person->life * t->n_ages * t->n_years;
    w.a = cell_at(grid->age_from, t->n_ages, person->age);
    w.y = cell_at(grid->year_from, t->n_years, person->date);
    lus_walk_enter(&w);
    return w;
}

uint64_t lus_beyond_table(const struct lus_life_table *t, const struct lus_cohort *persons,
                          lus_time until, uint64_t *ages)
{
    int64_t day = lus_unit_ticks(LUS_DAYS);
    lus_time first = lus_days_from_civil((int64_t)t->years[0], 1, 1) * day,
             last = lus_days_from_civil((int64_t)t->years[t->n_years - 1] + 1, 1, 1) * day;
    double year = t->year_days * (double)day;
    lus_time youngest = (lus_time)(t->ages[0] * year),
             oldest = (lus_time)((t->ages[t->n_ages - 1] + 1) * year);
    uint64_t n = 0;
    for (size_t i = 0; i < persons->n; i++) {
        struct lus_person p = lus_cohort_at(persons, i);
        lus_time leaves = p.exit < until ? p.exit : until;
        *ages += p.age + leaves >= oldest || p.age + p.entry < youngest ? p.count : 0;
        if (p.date + p.entry < first || p.date + leaves > last) n += p.count;
    }
    return n;
}
