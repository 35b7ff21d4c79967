/* Mortality of a population: life tables.
 *
 *     struct lus_life_table table;
 *     lus_life_table_read("datasets/lifetables/us.csv", NULL, &table, &err);
 *     double h = lus_life_table_hazard(&table, LUS_FEMALE, 0, 61.5, 1994.2);
 *     lus_life_table_free(&table);
 */
#ifndef LUSTRUM_RELATIVE_H
#define LUSTRUM_RELATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "lustrum/error.h"

enum lus_sex { LUS_MALE, LUS_FEMALE, LUS_N_SEXES };

/* Hazards per day by sex, further factors, age and calendar year. A cell holds from its age and year until the next one that
 * the table has, the last for all that is later, the first for all that is earlier.
 * ages, years   ascending, whole; hazards in the order [sex][by][age][year]; a sex that the table lacks has NaN. */
struct lus_life_table {
    size_t n_ages, n_years, n_by; /* n_by: combinations of further factors, at least 1 */
    double *ages, *years;
    double *hazard_per_day;
    bool has_sex[LUS_N_SEXES];
    double year_days;             /* days in a life-table year: 365.25 unless the recipe says otherwise */
    size_t n_keys;                /* further factors */
    const char **keys;
    const char **by_levels;       /* [n_by][n_keys] */
    const char *title, *source;
    struct lus_life_table_memory *memory;
};

/* Reads a CSV with its recipe (`lifetable:`; NULL: FILE.yaml beside it), or a life table of the Human Mortality Database (text: two
 * header lines, then Year Age mx qx ...; the sex is read off its first line).
 * Returns  LUS_OK; LUS_EIO; LUS_EDATA at file, line and column: a number that is none, a probability above 1, ages in days, hazards
 *          that no population has, a cell that is there twice or not at all. */
LUS_API int lus_life_table_read(const char *path, const char *recipe, struct lus_life_table *out, struct lus_error *err) LUS_MUST_CHECK;
/* The hazard per day of a person of that sex in the by-th combination, at an age and a calendar year (both with fractions). */
LUS_API double lus_life_table_hazard(const struct lus_life_table *table, enum lus_sex sex, size_t by, double age_years, double year);
LUS_API void lus_life_table_free(struct lus_life_table *table);

#endif
