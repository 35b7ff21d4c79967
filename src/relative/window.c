/* Persons in a window of calendar time, and persons of several lists as one. */
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

int lus_persons_window(const struct lus_persons *persons, lus_time from, lus_time to,
                       struct lus_persons *out)
{
    struct lus_person *rows = lus_alloc(persons->n, sizeof *rows);
    size_t n = 0;
    *out = (struct lus_persons){0};
    if (!rows) return LUS_ENOMEM;
    for (size_t i = 0; i < persons->n; i++) {
        rows[n] = lus_person_at(persons, i);
        n += cut_to_window(&rows[n], from, to);
    }
    int status = lus_persons_make(rows, n, out);
    free(rows);
    return status;
}

int lus_persons_join(const struct lus_persons *const *lists, size_t n, struct lus_persons *out)
{
    size_t total = 0, k = 0;
    for (size_t i = 0; i < n; i++)
        total += lists[i]->n;
    struct lus_person *rows = lus_alloc(total, sizeof *rows);
    *out = (struct lus_persons){0};
    if (!rows) return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++)
        for (size_t p = 0; p < lists[i]->n; p++)
            rows[k++] = lus_person_at(lists[i], p);
    int status = lus_persons_make(rows, k, out);
    free(rows);
    return status;
}
