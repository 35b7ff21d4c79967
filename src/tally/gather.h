/* From the threads' counts to sorted strata. */
#ifndef LUS_TALLY_GATHER_H
#define LUS_TALLY_GATHER_H

#include "population/cohort.h"
#include "tally/event_table.h"
#include "tally/persons.h"

enum lus_series_kind { LUS_CENSORED, LUS_EVENTS, LUS_LATE, LUS_N_SERIES };

/* A row of a person whose weight may not be whole. */
struct lus_weighted_row {
    uint32_t group;
    uint8_t event;
    lus_time entry, exit;
    int64_t weight;
};

/* What one thread has counted, by its own group numbers. */
struct lus_counter {
    struct lus_worker worker;
    LUS_ARRAY(struct lus_series) series; /* [group * LUS_N_SERIES + kind] */
    LUS_ARRAY(struct lus_weighted_row) rows; /* with weights only */
    LUS_ARRAY(struct lus_person_list) persons; /* by group; with a demography only */
    LUS_ARRAY(uint64_t) people; /* with weights only: rows by group */
    struct lus_cohort cohort;
};

struct lus_tally_memory {
    struct lus_plan plan;
    struct lus_arena arena;
    struct lus_factor_summary *factors;
};

/* Strata of the counters into tally->strata, whose texts the tally's arena owns. */
int lus_gather(struct lus_tally *tally, struct lus_counter *counters, size_t n, const struct lus_grid *grid, struct lus_error *err) LUS_MUST_CHECK;

#endif
