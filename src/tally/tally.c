#include <stdlib.h>

#include "tally/frame.h"
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

size_t lus_tally_cause(const struct lus_tally *tally, const char *name)
{
    for (size_t i = 0; i < tally->n_causes; i++)
        if (tally->causes[i].name && strcmp(tally->causes[i].name, name) == 0) return i + 1;
    return 0;
}

void lus_stratum_free(const struct lus_tally *tally, struct lus_stratum *s)
{
    lus_event_table_free(&s->table);
    lus_event_table_free(&s->with_entry);
    lus_cohort_free(&s->cohort);
    lus_counts_free(&s->counts, tally->n_causes);
}

void lus_tally_free(struct lus_tally *tally)
{
    for (size_t i = 0; i < tally->n_strata; i++)
        lus_stratum_free(tally, &tally->strata[i]);
    free(tally->strata);
    lus_frame_free(&tally->frame);
    if (tally->memory) lus_arena_free(&tally->memory->arena);
    free(tally->memory);
    *tally = (struct lus_tally){0};
}
