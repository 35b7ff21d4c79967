/* Persons in a window of calendar time. */
#include <stdlib.h>

#include "relative/walk.h"
#include "support/memory.h"

/* False where the person is not seen in the window. */
static bool cut_to_window(struct lus_person *p, lus_time from, lus_time to)
{
    lus_time start = from - p->date, end = to - p->date;
    if (end <= 0) return false;
    if (p->entry < start) p->entry = start;
    if (p->exit >= end) { /* the window is half open: what happens on its last day is outside */
        p->exit = end;
        p->is_event = false;
    }
    return p->exit > p->entry || (p->exit == 0 && p->entry == 0);
}

int lus_cohort_window(const struct lus_cohort *persons, lus_time from, lus_time to,
                      struct lus_cohort *out)
{
    struct lus_person *rows = lus_alloc(persons->n, sizeof *rows);
    size_t n = 0;
    *out = (struct lus_cohort){0};
    if (!rows) return LUS_ENOMEM;
    for (size_t i = 0; i < persons->n; i++) {
        rows[n] = lus_cohort_at(persons, i);
        n += cut_to_window(&rows[n], from, to);
    }
    int status = lus_cohort_make(rows, n, NULL, 0, out);
    free(rows);
    return status;
}
