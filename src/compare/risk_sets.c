#include "compare/risk_sets.h"

#include <stdlib.h>

#include "support/memory.h"

int lus_risk_sets_init(struct lus_risk_sets *r, const struct lus_event_table *const *tables, size_t n_groups)
{
    *r = (struct lus_risk_sets){.tables = tables, .n_groups = n_groups};
    r->next = lus_alloc_zeroed(n_groups, sizeof *r->next);
    r->entry = lus_alloc_zeroed(n_groups, sizeof *r->entry);
    r->inside = lus_alloc_zeroed(n_groups, sizeof *r->inside);
    r->at_risk = lus_alloc_zeroed(n_groups, sizeof *r->at_risk);
    r->events = lus_alloc_zeroed(n_groups, sizeof *r->events);
    r->head = lus_alloc(n_groups, sizeof *r->head);
    if (!r->head || !r->next || !r->entry || !r->inside || !r->at_risk || !r->events) {
        lus_risk_sets_free(r);
        return LUS_ENOMEM;
    }
    for (size_t g = 0; g < n_groups; g++) {
        r->head[g] = tables[g] && tables[g]->n ? tables[g]->time[0] : LUS_TIME_MAX;
        if (tables[g]) r->inside[g] = tables[g]->entered_at_zero;
        r->has_entries |= tables[g] && tables[g]->n_entries;
    }
    return LUS_OK;
}

void lus_risk_sets_free(struct lus_risk_sets *r)
{
    free(r->head), free(r->next), free(r->entry), free(r->inside), free(r->at_risk), free(r->events);
    *r = (struct lus_risk_sets){0};
}

/* Late entries before the time found: at risk there. */
static void let_in(struct lus_risk_sets *r)
{
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        for (; t && r->entry[g] < t->n_entries && t->entry_time[r->entry[g]] < r->time; r->entry[g]++)
            r->inside[g] += t->entered[r->entry[g]];
    }
}

/* The risk sets just before the time, the deaths there; then who leaves has left. */
static void step(struct lus_risk_sets *r)
{
    if (r->has_entries) let_in(r);
    r->n = r->d = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        r->at_risk[g] = r->inside[g];
        r->events[g] = 0;
        r->n += r->inside[g];
        if (r->head[g] != r->time) continue;
        const struct lus_event_table *t = r->tables[g];
        size_t i = r->next[g]++;
        r->events[g] = t->events[i];
        r->d += t->events[i];
        r->inside[g] -= t->events[i] + t->censored[i];
        r->head[g] = i + 1 < t->n ? t->time[i + 1] : LUS_TIME_MAX;
    }
}

bool lus_risk_sets_next(struct lus_risk_sets *r)
{
    for (;;) {
        r->time = LUS_TIME_MAX;
        for (size_t g = 0; g < r->n_groups; g++)
            r->time = r->head[g] < r->time ? r->head[g] : r->time;
        if (r->time == LUS_TIME_MAX) return false;
        step(r);
        if (r->d > 0) return true;
    }
}
