/* The strata of a tally as groups and as strata of a test. */
#include <stdlib.h>
#include <string.h>

#include "lustrum/compare.h"
#include "support/error.h"
#include "support/memory.h"

static bool same_levels(const struct lus_stratum *a, const struct lus_stratum *b, size_t from,
                        size_t to)
{
    for (size_t k = from; k < to; k++) {
        if (!a->levels[k] != !b->levels[k]) return false;
        if (a->levels[k] && strcmp(a->levels[k], b->levels[k]) != 0) return false;
    }
    return true;
}

/* Groups are in the tally's order already; strata are numbered as they are met. */
static void number(const struct lus_tally *t, struct lus_groups *g)
{
    for (size_t i = 0; i < t->n_strata; i++) {
        if (!i || !same_levels(&t->strata[i], &t->strata[i - 1], 0, t->n_by))
            g->first[g->n_groups++] = &t->strata[i];
        g->group_of[i] = g->n_groups - 1;
        g->stratum_of[i] = g->n_strata;
        for (size_t j = 0; j < i && g->stratum_of[i] == g->n_strata; j++)
            if (same_levels(&t->strata[i], &t->strata[j], t->n_by, t->n_keys))
                g->stratum_of[i] = g->stratum_of[j];
        g->n_strata += g->stratum_of[i] == g->n_strata;
    }
}

/* own: room for as many tables as there are strata. */
static int sum_group(struct lus_groups *g, size_t group, const struct lus_event_table **own)
{
    size_t parts = 0;
    for (size_t s = 0; s < g->n_strata; s++)
        if (g->tables[s * g->n_groups + group]) own[parts++] = g->tables[s * g->n_groups + group];
    g->wholes[group] = parts == 1 ? own[0] : &g->sums[group];
    return parts > 1 ? lus_event_table_sum(own, parts, &g->sums[group]) : LUS_OK;
}

static int put_tables(const struct lus_tally *t, struct lus_groups *g)
{
    g->tables = lus_alloc_zeroed(g->n_groups * g->n_strata, sizeof *g->tables);
    g->wholes = lus_alloc_zeroed(g->n_groups, sizeof *g->wholes);
    g->sums = lus_alloc_zeroed(g->n_groups, sizeof *g->sums);
    const struct lus_event_table **own = lus_alloc_zeroed(g->n_strata, sizeof *own);
    int status = g->tables && g->wholes && g->sums && own ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < t->n_strata && status == LUS_OK; i++)
        g->tables[g->stratum_of[i] * g->n_groups + g->group_of[i]] = &t->strata[i].table;
    for (size_t group = 0; group < g->n_groups && status == LUS_OK; group++)
        status = sum_group(g, group, own);
    free(own);
    return status;
}

int lus_groups_make(const struct lus_tally *t, struct lus_groups *out, struct lus_error *err)
{
    *out = (struct lus_groups){
        .first = lus_alloc_zeroed(t->n_strata, sizeof *out->first),
        .group_of = lus_alloc_zeroed(t->n_strata, sizeof *out->group_of),
        .stratum_of = lus_alloc_zeroed(t->n_strata, sizeof *out->stratum_of)};
    int status = out->first && out->group_of && out->stratum_of ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK) {
        number(t, out);
        status = put_tables(t, out);
    }
    if (status == LUS_OK) return LUS_OK;
    lus_groups_free(out);
    return lus_fail_memory(err);
}

void lus_groups_free(struct lus_groups *g)
{
    for (size_t i = 0; g->sums && i < g->n_groups; i++)
        lus_event_table_free(&g->sums[i]);
    free(g->first), free(g->group_of), free(g->stratum_of);
    free(g->tables), free(g->wholes), free(g->sums);
    *g = (struct lus_groups){0};
}
