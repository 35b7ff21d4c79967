#include "tally/counts.h"

#include <stdlib.h>
#include <string.h>

#include "tally/event_table.h"

int lus_counts_init(struct lus_counts *counts, size_t n_causes)
{
    *counts = (struct lus_counts){.gone = lus_alloc_zeroed(n_causes + 1, sizeof *counts->gone)};
    return counts->gone ? LUS_OK : LUS_ENOMEM;
}

void lus_counts_free(struct lus_counts *counts, size_t n_causes)
{
    for (size_t k = 0; counts->gone && k <= n_causes; k++)
        free(counts->gone[k].at);
    free(counts->gone);
    free(counts->late.at);
    *counts = (struct lus_counts){0};
}

struct lus_time_counts *lus_counts_of(const struct lus_counts *counts, size_t n_causes, size_t kind)
{
    return kind <= n_causes ? &counts->gone[kind] : (struct lus_time_counts *)&counts->late;
}

static lus_marks marks_of(const struct lus_time_counts *c)
{
    return (lus_marks){.at = c->at, .n = c->n, .room = c->n};
}

static int add_counts(struct lus_time_counts *sum, const struct lus_time_counts *other)
{
    lus_marks a = marks_of(sum), b = marks_of(other), merged;
    int status = lus_marks_merge(&a, &b, &merged);
    if (status != LUS_OK) {
        LUS_ARRAY_FREE(&merged);
        return status;
    }
    free(sum->at);
    *sum = (struct lus_time_counts){merged.n, merged.at};
    return LUS_OK;
}

int lus_counts_add(struct lus_counts *counts, const struct lus_counts *other, size_t n_causes)
{
    for (size_t kind = 0; kind < n_causes + 2; kind++)
        LUS_TRY(add_counts(lus_counts_of(counts, n_causes, kind),
                           lus_counts_of(other, n_causes, kind)));
    return LUS_OK;
}

/* Those who have the event, or those who leave without it: one list, borrowed where there is but
 * one. */
static int join(const struct lus_tally *tally, const struct lus_counts *counts, size_t cause,
                bool with_event, struct lus_time_counts *owned, lus_marks *out)
{
    const struct lus_time_counts *first = NULL;
    for (size_t k = 0; k <= tally->n_causes; k++) {
        bool is_event = k && (cause ? k == cause : tally->causes[k - 1].is_event);
        if (is_event != with_event) continue;
        if (first && !owned->at) LUS_TRY(add_counts(owned, first));
        if (first) LUS_TRY(add_counts(owned, &counts->gone[k]));
        first = first ? first : &counts->gone[k];
    }
    *out = owned->at || !first ? marks_of(owned) : marks_of(first);
    return LUS_OK;
}

int lus_stratum_table(const struct lus_tally *tally, const struct lus_stratum *stratum,
                      size_t cause, bool ignore_entry, struct lus_event_table *out)
{
    const struct lus_counts *counts = &stratum->counts;
    struct lus_time_counts owned[2] = {{0}};
    lus_marks events, gone, late = ignore_entry ? (lus_marks){0} : marks_of(&counts->late);
    *out = (struct lus_event_table){0};
    if (!counts->gone || cause > tally->n_causes) return LUS_EUSAGE;
    int status = join(tally, counts, cause, true, &owned[0], &events);
    if (status == LUS_OK) status = join(tally, counts, cause, false, &owned[1], &gone);
    if (status == LUS_OK)
        status = lus_event_table_build(&events, &gone, &late, tally->has_weights ? 1e9 : 1, out);
    free(owned[0].at), free(owned[1].at);
    return status;
}

int lus_stratum_tabulate(const struct lus_tally *tally, struct lus_stratum *s)
{
    lus_event_table_free(&s->table);
    lus_event_table_free(&s->with_entry);
    LUS_TRY(lus_stratum_table(tally, s, 0, tally->ignores_entry, &s->table));
    return tally->ignores_entry ? lus_stratum_table(tally, s, 0, false, &s->with_entry) : LUS_OK;
}
