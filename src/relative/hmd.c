/* Files of the Human Mortality Database, as they are downloaded. Life tables (fltper_1x1.txt,
 * mltper_1x1.txt): a line that names the population and the sex, a blank line, then Year Age mx qx
 * ax lx dx Lx Tx ex, with 110+ for the open age. Death rates (Mx_1x1.txt): Year Age Female Male
 * Total. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "relative/life_table.h"
#include "support/number.h"

enum { LINE = 4096 };

/* The next blank-separated word of a line; empty at its end. */
static struct lus_text next_word(const char **at)
{
    const char *start = *at + strspn(*at, " \t\r\n");
    size_t n = strcspn(start, " \t\r\n");
    *at = start + n;
    return (struct lus_text){start, n};
}

static bool begins_with(const char *line, const char *const names[4])
{
    for (size_t i = 0; i < 4; i++)
        if (!lus_text_equal(next_word(&line), lus_text_of(names[i]))) return false;
    return true;
}

/* Which columns follow year and age. */
enum table { NO_TABLE, OF_ONE_SEX, OF_BOTH };
static enum table table_of(const char *line)
{
    static const char *const one[4] = {"Year", "Age", "mx", "qx"}, *const both[4] = {"Year", "Age",
                                                                                     "Female",
                                                                                     "Male"};
    return begins_with(line, one) ? OF_ONE_SEX : begins_with(line, both) ? OF_BOTH : NO_TABLE;
}

/* -1 where the first line names no sex. */
static int sex_of(const char *line)
{
    if (strcasestr(line, "female")) return LUS_FEMALE;
    return strcasestr(line, "male") ? LUS_MALE : -1;
}

static int add_rate(struct lus_life_cells *cells, struct lus_life_cell cell, int sex,
                    struct lus_text rate, struct lus_error *err)
{
    double mx;
    if (lus_number_parse(rate.p, rate.n, &mx) != LUS_NUMBER_OK || mx < 0)
        return lus_fail(err, LUS_EDATA, "%s:%llu: \"%.*s\" is not a rate of death", cells->path,
                        (unsigned long long)cell.line, (int)rate.n, rate.p);
    cell.sex = (uint8_t)sex;
    cell.hazard_per_day = mx / cells->year_days;
    if (LUS_ARRAY_RESERVE(&cells->cells, 1) != LUS_OK) return lus_fail_memory(err);
    cells->cells.at[cells->cells.n++] = cell;
    return LUS_OK;
}

/* Year, age and the rate, or the rates of both sexes, of one line. */
static int take_line(struct lus_life_cells *cells, const char *line, uint64_t number,
                     enum table table, int sex, struct lus_error *err)
{
    const char *at = line;
    struct lus_text year = next_word(&at), age = next_word(&at), rate = next_word(&at);
    struct lus_life_cell cell = {.line = number};
    if (!year.n) return LUS_OK;
    if (age.n && age.p[age.n - 1] == '+') age.n--;
    if (lus_number_parse(year.p, year.n, &cell.year) != LUS_NUMBER_OK ||
        lus_number_parse(age.p, age.n, &cell.age) != LUS_NUMBER_OK)
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: a year and an age are wanted (1x1 tables: single years)",
                        cells->path, (unsigned long long)number);
    if (table == OF_ONE_SEX) return add_rate(cells, cell, sex, rate, err);
    LUS_TRY(add_rate(cells, cell, LUS_FEMALE, rate, err));
    return add_rate(cells, cell, LUS_MALE, next_word(&at), err);
}

enum { MOST_ABOVE = 4 }; /* lines down to the header */

/* A line down to the header: the first one names the sex. */
static int take_above(const struct lus_life_cells *cells, const char *line, uint64_t number,
                      int *sex, enum table *table, struct lus_error *err)
{
    if (number == 1) *sex = sex_of(line);
    *table = table_of(line);
    if (*table == OF_ONE_SEX && *sex < 0)
        return lus_fail(err, LUS_EDATA,
                        "%s:1: the line names neither Females nor Males; one file is of one sex",
                        cells->path);
    return LUS_OK;
}

int lus_hmd_read(const char *path, struct lus_life_cells *cells, bool *is_one,
                 struct lus_error *err)
{
    char line[LINE];
    FILE *f = fopen(path, "r");
    int sex = -1, status = LUS_OK;
    uint64_t number = 0;
    enum table table = NO_TABLE;
    if (!f && errno == ENOMEM) return lus_fail_memory(err);
    if (!f) return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
    cells->year_days = 365.25;
    while (status == LUS_OK && (table || number < MOST_ABOVE) && fgets(line, sizeof line, f)) {
        number++;
        status = table ? take_line(cells, line, number, table, sex, err)
                       : take_above(cells, line, number, &sex, &table, err);
    }
    if (status == LUS_OK && ferror(f)) status = lus_fail(err, LUS_EIO, "%s: cannot be read", path);
    *is_one = table != NO_TABLE;
    (void)fclose(f);
    return status;
}
