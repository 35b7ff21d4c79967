#include <stdlib.h>

#include "tally/gather.h"

const struct lus_factor_summary *lus_tally_factors(const struct lus_tally *tally, size_t *n)
{
    *n = tally->memory->n_factors;
    return tally->memory->factors;
}

const char *lus_tally_condition(const struct lus_tally *tally, size_t k)
{
    return tally->absent[k];
}

size_t lus_stratum_condition(const struct lus_tally *tally, const struct lus_stratum *stratum)
{
    return (size_t)stratum->places[tally->n_by + tally->n_split - 1];
}

void lus_tally_free(struct lus_tally *tally)
{
    for (size_t i = 0; i < tally->n_strata; i++) {
        lus_event_table_free(&tally->strata[i].table);
        lus_event_table_free(&tally->strata[i].with_entry);
        lus_persons_free(&tally->strata[i].persons);
    }
    free(tally->strata);
    if (tally->memory) lus_arena_free(&tally->memory->arena);
    free(tally->memory);
    *tally = (struct lus_tally){0};
}
