/* A life table while it is being read: cells in any order, then a complete grid. */
#ifndef LUS_RELATIVE_LIFE_TABLE_H
#define LUS_RELATIVE_LIFE_TABLE_H

#include "lustrum/relative.h"
#include "support/text.h"

struct lus_life_cell {
    double age, year, hazard_per_day;
    uint32_t by;
    uint8_t sex;
    uint64_t line;
};

struct lus_life_cells {
    const char *path;
    struct lus_arena arena;
    LUS_ARRAY(struct lus_life_cell) cells;
    LUS_ARRAY(const char **) by; /* combinations of further factors, in the order of first sight */
    const char **keys;
    size_t n_keys;
    double year_days;
};

/* LUS_EDATA: nothing says what the table's numbers are. */
int lus_life_cells_unknown(const struct lus_life_cells *cells, struct lus_error *err);
/* hmd.c: the cells of a file of the Human Mortality Database; *is_one: it is such a file. */
int lus_hmd_read(const char *path, struct lus_life_cells *cells, bool *is_one,
                 struct lus_error *err) LUS_MUST_CHECK;

#endif
