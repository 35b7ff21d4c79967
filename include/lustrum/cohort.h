/* The cohort: one row for each patient, for methods that need rows: packed, in a total order, equal
 * rows as one with a count.
 *
 *     struct lus_person people[] = {{.exit = 900, .count = 1, .is_event = true},
 *                                   {.exit = 500, .count = 1},
 *                                   {.exit = 900, .count = 1, .is_event = true}};
 *     struct lus_cohort cohort;
 *     if (lus_cohort_make(people, 3, NULL, 0, &cohort) != LUS_OK) return 1;
 *     struct lus_person last = lus_cohort_at(&cohort, cohort.n - 1);
 *     printf("%zu rows, %u people in the last\n", cohort.n, (unsigned)last.count);
 *     lus_cohort_free(&cohort);
 *
 * prints `2 rows, 2 people in the last`.
 *
 * A row takes 16 bytes where every time is a whole number of sixteenths of a day (whole days,
 * weeks, months and years are), none is beyond 717 years, and it has no cluster nor a weight beside
 * an age; else all rows take those of a struct lus_person. Covariates take 8 bytes each beside.
 */
#ifndef LUSTRUM_COHORT_H
#define LUSTRUM_COHORT_H

#include "lustrum/time.h"

/* Columns that nobody asks for are 0. */
struct lus_person {
    lus_time entry, exit; /* from the origin */
    lus_time age, date;   /* at the origin; date in ticks since 1970-01-01 */
    uint32_t count;       /* how many are equal in all of it */
    uint16_t life;        /* which column of the life table: sex * n_by + by */
    bool is_event;
    uint8_t cause;    /* by which number people leave; 0: none */
    uint32_t cluster; /* whose rows belong together */
    int64_t weight;   /* counts of 1e-9; 0: the cohort has none */
};

/* How the rows are kept is the library's business. */
struct lus_cohort {
    size_t n;
    bool is_wide;
    void *rows;
    size_t n_covariates;
    double *covariates; /* [n][n_covariates] */
};

/* The i-th row, i < n.
 * Checked  tests/unit/test_cohort.c: every field comes back. */
LUS_API struct lus_person lus_cohort_at(const struct lus_cohort *cohort, size_t i);
/* The covariates of the i-th row; NULL where there are none.
 * Checked  tests/unit/test_cohort.c. */
LUS_API const double *lus_cohort_covariates(const struct lus_cohort *cohort, size_t i);
/* A cohort of n rows in any order: by life-table column, birth, date, exit, entry, event, cause,
 * cluster and weight, then by covariates; rows that are equal in all of it become one.
 * covariates  NULL, or [n][n_covariates].
 * out         overwritten; the caller frees it with lus_cohort_free. All zero on error.
 * Returns     LUS_OK; LUS_ENOMEM.
 * Checked     tests/unit/test_cohort.c: any order gives the same bytes. */
LUS_API int lus_cohort_make(const struct lus_person *people, size_t n, const double *covariates,
                            size_t n_covariates, struct lus_cohort *out) LUS_MUST_CHECK;
/* The rows of n cohorts without covariates as one.
 * out      overwritten; the caller frees it with lus_cohort_free. All zero on error.
 * Returns  LUS_OK; LUS_ENOMEM.
 * Checked  tests/unit/test_cohort.c: parts joined are the whole. */
LUS_API int lus_cohort_join(const struct lus_cohort *const *cohorts, size_t n,
                            struct lus_cohort *out) LUS_MUST_CHECK;
/* Bytes that a cohort of n rows takes, before rows that are equal become one.
 * Checked  tests/unit/test_cohort.c: 16 a row. */
LUS_API size_t lus_cohort_bytes(size_t n, bool is_wide, size_t n_covariates);
/* lus_cohort_free: safe on a zeroed one. */
LUS_API void lus_cohort_free(struct lus_cohort *cohort);

#endif
