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
    if (!r->next || !r->entry || !r->inside || !r->at_risk || !r->events) {
        lus_risk_sets_free(r);
        return LUS_ENOMEM;
    }
    for (size_t g = 0; g < n_groups; g++)
        if (tables[g]) r->inside[g] = tables[g]->entered_at_zero;
    return LUS_OK;
}

void lus_risk_sets_free(struct lus_risk_sets *r)
{
    free(r->next), free(r->entry), free(r->inside), free(r->at_risk), free(r->events);
    *r = (struct lus_risk_sets){0};
}

/* The earliest time of exit that any group still has; false where none has. */
static bool earliest(const struct lus_risk_sets *r, lus_time *out)
{
    bool found = false;
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        if (!t || r->next[g] == t->n || (found && t->time[r->next[g]] >= *out)) continue;
        *out = t->time[r->next[g]];
        found = true;
    }
    return found;
}

/* Every group to `time`: its risk set just before, its deaths there; then who leaves has left. */
static void step(struct lus_risk_sets *r)
{
    r->n = r->d = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        const struct lus_event_table *t = r->tables[g];
        r->at_risk[g] = r->events[g] = 0;
        if (!t) continue;
        for (; r->entry[g] < t->n_entries && t->entry_time[r->entry[g]] < r->time; r->entry[g]++)
            r->inside[g] += t->entered[r->entry[g]];
        r->at_risk[g] = r->inside[g];
        if (r->next[g] < t->n && t->time[r->next[g]] == r->time) {
            r->events[g] = t->events[r->next[g]];
            r->inside[g] -= r->events[g] + t->censored[r->next[g]];
            r->next[g]++;
        }
        r->n += r->at_risk[g];
        r->d += r->events[g];
    }
}

bool lus_risk_sets_next(struct lus_risk_sets *r)
{
    while (earliest(r, &r->time)) {
        step(r);
        if (r->d > 0) return true;
    }
    return false;
}
