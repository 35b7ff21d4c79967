/* Which patients, and what their columns mean: the question that every reading function of lustrum
 * takes.
 *
 *     const char *files[] = {"datasets/rotterdam.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1, query.no_recipe = true;
 *     query.time = "dtime", query.unit = "days", query.event = "death=1", query.where = "age < 50";
 *     struct lus_tally young;
 *     if (lus_tally_read(&query, &young, &err) != LUS_OK) return 1;
 *     printf("%d of %d\n", (int)young.n_analysed, (int)young.n_rows);
 *     lus_tally_free(&young);
 *
 * prints `1123 of 2982`.
 */
#ifndef LUSTRUM_POPULATION_H
#define LUSTRUM_POPULATION_H

#include "lustrum/time.h"

enum lus_sex { LUS_MALE, LUS_FEMALE, LUS_N_SEXES };

/* What a life table asks of each patient beside the follow-up (a recipe's population: says where it
 * stands). */
struct lus_demography {
    double year_days;             /* days in a year of age */
    bool has_sex[LUS_N_SEXES];    /* which sexes the table has; none: sex is not read */
    size_t n_keys, n_by;          /* further factors, and their combinations in the table */
    const char *const *keys;      /* columns or factors of the patients have the same names */
    const char *const *by_levels; /* [n_by][n_keys] */
};

/* A column or factor of which the value of each patient is wanted. */
struct lus_wanted {
    const char *name;
    /* as it is: levels of a recipe's factor, or of a column whose first rows hold texts; else a
     * number */
    enum lus_wanted_as { LUS_WANTED_AS_IS, LUS_WANTED_LEVELS, LUS_WANTED_NUMBER } as;
};

/* All text has the grammar of the command line (lustrum-rates(1)); NULL is "not given": the recipe
 * decides. The caller keeps the texts alive for as long as a call lasts. */
struct lus_query {
    const char *const *files; /* read as one population; "-" is standard input */
    size_t n_files;
    const char *recipe; /* NULL: FILE.yaml beside the first file, where there is one */
    /* whole numbers from 1000 to 2999 in origin, exit and entry are calendar years (found by itself
     * where other rows hold dates) */
    bool years_are_dates;
    bool no_recipe; /* read none, also where one stands beside the file */
    /* columns, of several the first that is there: from origin to exit; delayed entry, from the
     * same origin */
    const char *time, *entry;
    const char *from, *to; /* in place of time: the origin and the exit, dates or numbers */
    const char *unit;      /* days, weeks, months, years */
    const char *event;     /* COL or COL=LEVEL[,LEVEL...] */
    /* NAME=LEVEL[,NAME=LEVEL...]: causes of the event, in place of the recipe's */
    const char *causes;
    bool every_cause;   /* whoever leaves by a named cause has the event */
    const char *weight; /* column: case weights */
    const char *by;     /* COL[,COL...] */
    /* COL[,COL...]: further columns that split the tally, for stratified tests */
    const char *strata;
    const char *of;        /* COL or EXPR: what shares are counted of */
    const char *where;     /* EXPR */
    const char *delimiter; /* one character */
    const char *encoding;  /* of the files, as iconv(3) calls it */
    const char *layout;    /* file of what the columns are: a SEER*Stat dictionary, a SAS program */
    const char *header_from; /* file whose header names the columns: the others have none */
    const char *dates;       /* FORM or COL=FORM[,COL=FORM...]: how dates are written */
    const char *decimal;     /* "," or "." */
    const char *cut;         /* COL=CUT[,CUT...][,COL=...]: factors of those names */
    const char *id;          /* column: who a row is of; "none": each row is one */
    const char *weight_is;   /* copies or sampling */
    const char *join;     /* FILE=COL: a table of the same patients, by a column that both have */
    const char *landmark; /* duration */
    /* NULL, or: age, date and sex at the origin are read, and persons kept apart */
    const struct lus_demography *demography;
    /* "2003-2011": only those whose date at the origin is in these years; needs demography */
    const char *diagnosed;
    /* EXPR each, NULL for everybody: one more split, whose levels overlap; one that names what the
     * data lack */
    const char *const *conditions;
    /* is remembered with its reason (lus_tally_condition). At most LUS_MOST_CONDITIONS. */
    size_t n_conditions;
    /* a further split by age at the origin, in years: lower ends, ascending; needs demography */
    const double *age_groups;
    size_t n_age_groups;
    int drop_bad;          /* 1 drop bad rows, 0 stop at them, -1 as the recipe says */
    bool missing_as_level; /* a missing value in a by column is a level of its own */
    /* follow the same people from the origin, although the recipe has an entry */
    bool ignore_entry;
    /* the tally keeps the people themselves, with n_wanted of their columns, in place of tables;
     * who lacks one of them is left out */
    bool keeps_people;
    const struct lus_wanted *wanted;
    size_t n_wanted;
    bool may_be_empty; /* that nobody is left is an answer, and no mistake */
    bool keeps_counts; /* the tally keeps the integer counts that its tables are made of */
    bool without_time; /* count people only: time and event are not read */
    /* the same where neither the query nor the recipe names a time and an event */
    bool time_is_optional;
    /* the demography is asked for only where the recipe has a population: */
    bool demography_is_optional;
    struct lus_profile *profile; /* NULL, or filled: what each column of the files holds */
    int n_threads;               /* 0: one for each core */
    size_t block_bytes;          /* 0: 256 KiB. Results do not depend on it. */
    /* NULL: none; one call at a time */
    void (*progress)(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows);
    void *progress_context;
};
enum { LUS_MOST_CONDITIONS = 64 };
/* clang-format off */
#define LUS_QUERY_INIT {.drop_bad = -1}
/* clang-format on */

/* The life table that the recipe of a query names (population: {lifetable: ..}).
 * out       gets its path, which the caller frees with free; NULL where there is none.
 * Returns   LUS_OK; LUS_EIO, LUS_EDATA of the recipe; LUS_ENOMEM.
 * Checked   tests/cli/net.tests. */
LUS_API int lus_query_life_table(const struct lus_query *query, char **out,
                                 struct lus_error *err) LUS_MUST_CHECK;

struct lus_rule {
    const char *name; /* "where", "missing grade", "bad: is not a number" */
    uint64_t left_out;
    bool is_missing; /* for a missing value */
    bool is_of_by;   /* of a by-key: missing_as_level keeps them */
};

enum lus_profile_kind {
    LUS_PROFILE_EMPTY,
    LUS_PROFILE_INTEGER,
    LUS_PROFILE_NUMBER,
    LUS_PROFILE_DATE,
    LUS_PROFILE_TEXT
};

/* What one column holds. Values are counted apart up to LUS_PROFILE_MOST. */
struct lus_profile_column {
    const char *name;
    const char *plain; /* the name's letters and digits, small */
    const char *label; /* what a Stata, SAS or SPSS file calls it besides; "" elsewhere */
    enum lus_profile_kind kind;
    uint64_t n_missing, n_distinct;
    bool is_capped;      /* there are more distinct values than are counted */
    const char *example; /* of the first row that has one; "" where none has */
    double min, max;     /* of numbers; NaN where there is none */
    bool has_units;      /* "61 years": numbers with a word behind them */
    bool is_ambiguous;   /* dates whose day or month may come first */
    /* dates whose years have two digits, which nobody has said to read; is_day_first: some tell */
    bool has_short_years, is_day_first;
    uint64_t n_unknown;  /* cells that say so: "Unknown" */
    const char *unknown; /* the first such word; "" where there is none */
    /* sorted, the first n_values of them, with how many rows hold each (those of columns with at
     * most LUS_PROFILE_VALUES distinct values; else 0) */
    const char **values;
    uint64_t *counts;
    size_t n_values;
    /* the cells of the profile's first rows, n_sample of them, by row (LUS_PROFILE_SAMPLE, fewer
     * where there are more than a thousand columns): numbers, dates in days; NaN:
     * neither. Their texts; "" where a cell is missing */
    double *numbers;
    const char **texts;
};
enum { LUS_PROFILE_MOST = 100000, LUS_PROFILE_VALUES = 32, LUS_PROFILE_SAMPLE = 400 };

struct lus_profile {
    size_t n_columns;
    struct lus_profile_column *columns;
    uint64_t n_rows;
    size_t n_sample;
    bool has_decimal_commas;
    struct lus_profile_memory *memory;
};
/* Frees what reading filled, and zeroes it; a profile of zeroes too. */
LUS_API void lus_profile_free(struct lus_profile *profile);
/* "integer", "number", "date", "text", "empty", constant.
 * Checked   tests/cli/commands.tests, in the table `columns` of describe. */
LUS_API const char *lus_profile_kind_name(enum lus_profile_kind kind);

#endif
