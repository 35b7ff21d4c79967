/* The tally: patients counted by stratum and time. What most statistics read; memory does not grow
 * with rows.
 *
 *     const char *files[] = {"datasets/rotterdam.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1, query.by = "grade";
 *     struct lus_tally tally;
 *     if (lus_tally_read(&query, &tally, &err) != LUS_OK) return 1;
 *     const struct lus_stratum *first = &tally.strata[0];
 *     double died = first->table.total_events, all = first->table.total;
 *     printf("grade %s: %g of %g died\n", first->levels[0], died, all);
 *     lus_tally_free(&tally);
 *
 * prints `grade 2: 262 of 794 died`.
 *
 * Counts are exact (integers, or weights in units of 1e-9 summed in integers), so a tally is the
 * same for any number of threads, block size, split into files and order of rows.
 */
#ifndef LUSTRUM_TALLY_H
#define LUSTRUM_TALLY_H

#include "lustrum/cohort.h"
#include "lustrum/population.h"

/* Events and censorings of one stratum by time.
 * time      n distinct times of exit, ascending.
 * at_risk   at time[i]: entry < time[i] <= exit (at time 0: everybody who entered at 0).
 * Weights, which are counts of people where the query has none. */
struct lus_event_table {
    size_t n;
    lus_time *time;
    double *events, *censored, *at_risk;
    size_t n_entries;     /* distinct times of entry above 0 */
    lus_time *entry_time; /* ascending */
    double *entered;      /* at entry_time[i] */
    double entered_at_zero, total, total_events;
    lus_time first_entry, last_exit;
    struct lus_cohort rows; /* the rows behind it, with weights that are not whole; else n is 0 */
};

/* The number at risk just before t: entry < t <= exit; at 0 everybody who entered at 0.
 * Checked  tests/unit/test_kaplan_meier.c, by hand with late entries. */
LUS_API double lus_at_risk(const struct lus_event_table *table, lus_time t);

/* The counts of a stratum: integers, exact, the same for any order of rows. Weights, where there
 * are any, are counts of 1e-9. */
struct lus_counts {
    struct lus_time_counts {
        size_t n;
        struct lus_mark *at; /* ascending, each time once */
    } late,
        *gone; /* entries above 0; [0] who left without an event, [c] by cause c: n_causes + 1 */
};

struct lus_stratum {
    const char *const *levels; /* of the keys; NULL where the value is missing */
    /* of the levels in their declared order, from 0; -1 where none is declared */
    const long *places;
    double n_people;          /* rows, whatever their weights */
    struct lus_counts counts; /* where the query keeps them; else gone is NULL */
    struct lus_event_table table;
    struct lus_cohort cohort; /* where the query has a demography */
    /* where the query ignores an entry: the same people with it */
    struct lus_event_table with_entry;
};

/* A column of the people of a frame. */
struct lus_frame_column {
    const char *name, *label;
    bool is_number;
    const double *numbers; /* [n] of numbers; else NULL */
    size_t n_levels;       /* of levels that somebody has: in the recipe's order, else sorted */
    const char *const *levels;
    const uint32_t *level_of; /* by stratum of the frame, from 0 */
    bool is_ordered;          /* the order is declared, or numeric */
};

/* The people themselves, in the order of the files (query.keeps_people): for methods that need the
 * values of each. Arrays by person; NULL where the query has no such thing. */
struct lus_frame {
    size_t n, n_columns;
    lus_time *exit, *entry;
    uint8_t *cause;   /* by which number they leave; 0: none */
    double *weight;   /* NULL: 1 each */
    uint32_t *person; /* whose rows they are, from 0; NULL: each row is somebody's own */
    uint32_t *stratum;
    uint64_t *row; /* of all files, from 0 */
    size_t n_strata, n_people;
    double *numbers;                        /* that the columns point into */
    const struct lus_frame_column *columns; /* as they were wanted */
    bool weights_are_copies;
};

struct lus_tally {
    size_t n_strata;
    /* sorted: levels in the recipe's order, else numbers by value and text by bytes */
    struct lus_stratum *strata;
    size_t n_by, n_split, n_keys; /* keys: by, then strata (age groups last), then of */
    const char *const *keys;      /* names */
    const char *const *labels;    /* for people */
    const bool *is_ordered;       /* the order of a key's levels is declared, or numeric */
    size_t n_of_levels;           /* 0, or what is counted overlaps: */
    const char *const *of_levels; /* its levels */
    bool overlaps;                /* a person may be in several strata (any_of) */
    uint64_t n_rows, n_analysed;
    size_t n_threads; /* that read it, and may be used on it */
    size_t n_rules;
    struct lus_rule *rules; /* in the order in which they apply */
    size_t n_causes;        /* of the event, at least 1 */
    struct lus_tally_cause {
        const char *name; /* NULL: levels of which no cause is named */
        bool is_event;    /* else people leave by it as by a censoring */
    } * causes;
    enum lus_unit unit; /* of results */
    bool without_time;  /* people only: exits and events mean nothing */
    bool has_entry, ignores_entry, completed, is_synthetic, has_weights, has_fractional_weights;
    bool rounded_time, year_dates, month_dates;
    /* by condition of the query: NULL, or why it cannot be had of these data */
    const char *const *absent;
    /* with a demography: the last day on which anybody of the file was seen, whatever left the row
     * out (ticks since 1970-01-01) */
    bool has_closing;
    lus_time closing;
    bool age_completed; /* ages in completed years count half a year more */
    uint64_t zero_times, late_entries;
    lus_time landmark;      /* negative: none */
    struct lus_frame frame; /* n is 0 where the query does not keep people */
    const char *question; /* all that was asked, in one line: tallies of equal ones can be merged */
    bool needs_rows;      /* one row of each patient was chosen, or a life table asks of each */
    bool has_dates, has_year_numbers; /* times were dates; numbers that might be years were not */
    /* what each text of the event's column counts as, among those analysed; sorted by text */
    struct lus_event_text {
        const char *text;
        uint64_t n;
        size_t cause; /* 0: no event */
    } * event_texts;
    size_t n_event_texts;
    /* what makes one doubt the numbers, in sentences; in the order in which they matter */
    struct lus_doubt {
        const char *text, *discreet; /* without counts; NULL: nothing is left of it then */
        bool is_warning;
    } * doubts;
    size_t n_doubts;
    /* the files, with their SHA-256 in 64 letters; "" of what has gone by, is joined or large */
    struct lus_tally_file {
        const char *name, *sha256;
    } * files;
    size_t n_files;
    const char *where;      /* the filter; NULL: none */
    const char *file_notes; /* on how the files are read, sentences; "" where there are none */
    const char *event_column;
    bool has_named_unit, has_assumed_unit; /* the unit is the time's name's; or months, unsaid */
    /* a column that looks like a delayed entry and is not used; NULL: none */
    const char *unused_entry;
    const char *origin, *measure, *title, *source, *file, *time_column, *entry_column;
    const char *sex; /* the recipe's: a column, or male or female where all are; NULL: none */
    struct lus_tally_memory *memory;
};

/* Files that are opened once and read once, whatever is asked of them.
 *
 *     const char *files[] = {"datasets/rotterdam.csv"};
 *     struct lus_query query = LUS_QUERY_INIT;
 *     query.files = files, query.n_files = 1;
 *     struct lus_reading *reading;
 *     struct lus_tally by_grade = {0}, by_size = {0};
 *     int status = lus_reading_open(&query, &reading, &err);
 *     query.by = "grade";
 *     if (status == LUS_OK) status = lus_reading_ask(reading, &query, &by_grade, &err);
 *     query.by = "size";
 *     if (status == LUS_OK) status = lus_reading_ask(reading, &query, &by_size, &err);
 *     if (status == LUS_OK) status = lus_reading_run(reading, &err);
 *     lus_reading_close(reading);
 *     printf("%zu grades, %zu sizes\n", by_grade.n_strata, by_size.n_strata);
 *     lus_tally_free(&by_grade), lus_tally_free(&by_size);
 *
 * prints `2 grades, 3 sizes`.
 */
struct lus_reading;

/* Opens the files and the recipe that a query names, and reads their headers.
 * query    files, recipe, no_recipe, delimiter, encoding, join, n_threads, block_bytes and progress
 *          count here.
 * out      NULL on failure; else closed by the caller with lus_reading_close.
 * Returns  LUS_OK; LUS_EIO; LUS_EUSAGE; LUS_EDATA (recipe, header); LUS_ENOMEM.
 * Checked  tests/cli/errors.tests; tests/house/opened_once.pl: each input is opened once. */
LUS_API int lus_reading_open(const struct lus_query *query, struct lus_reading **out,
                             struct lus_error *err) LUS_MUST_CHECK;
/* Asks one more question; all of it is checked now, before a row is read.
 * query    all but what counted at opening.
 * out      describes the question at once (unit, keys, origin, ...): strata, rules and counts come
 *          with lus_reading_run, until when it stays where it is. The caller frees it with
 *          lus_tally_free, on failure too.
 * Returns  LUS_OK; LUS_EUSAGE or LUS_EDATA with the remedy in err; LUS_ENOMEM.
 * Checked  tests/cli/errors.tests. */
LUS_API int lus_reading_ask(struct lus_reading *reading, const struct lus_query *query,
                            struct lus_tally *out, struct lus_error *err) LUS_MUST_CHECK;
/* Reads the rows, once, and answers every question asked so far. Once for each reading.
 * Returns  LUS_OK; LUS_EDATA at the first bad row of the first question that has one; LUS_EIO;
 *          LUS_ENOMEM.
 * Checked  tests/unit/test_patterns.c, through lus_tally_read: row by row gives the same. */
LUS_API int lus_reading_run(struct lus_reading *reading, struct lus_error *err) LUS_MUST_CHECK;
/* Closes a reading, NULL too; the tallies that it answered stay. */
LUS_API void lus_reading_close(struct lus_reading *reading);

/* Opens, asks one question, runs and closes.
 * out      overwritten; the caller frees it with lus_tally_free. All zero on error.
 * Returns  LUS_OK; LUS_EIO, LUS_EUSAGE or LUS_EDATA with one line in err; LUS_ENOMEM.
 * Checked  tests/unit/test_tally.c. */
LUS_API int lus_tally_read(const struct lus_query *query, struct lus_tally *out,
                           struct lus_error *err) LUS_MUST_CHECK;
struct lus_factor_summary {
    const char *name, *label, *levels;
};
/* The n factors that the recipe defines, each with its levels as one line; the tally owns them.
 * Checked  tests/cli/commands.tests, in the table `factors` of describe. */
LUS_API const struct lus_factor_summary *lus_tally_factors(const struct lus_tally *tally,
                                                           size_t *n);
/* Why the k-th condition of the query, from 0, cannot be had of these data; NULL where it can.
 * Checked  tests/cli/context.tests: no such factor. */
LUS_API const char *lus_tally_condition(const struct lus_tally *tally, size_t k);
/* The number of the condition, from 0, that holds in a stratum of a query with conditions.
 * Checked  tests/unit/test_context_data.c, through lus_context_compare. */
LUS_API size_t lus_stratum_condition(const struct lus_tally *tally,
                                     const struct lus_stratum *stratum);
/* The number of the cause of that name, from 1; 0 where there is none.
 * Checked  tests/unit/test_tally.c. */
LUS_API size_t lus_tally_cause(const struct lus_tally *tally, const char *name);
/* Adds what another tally counted of the same question, of other rows: the sum is what one reading
 * of all rows gives, to the bit. Both keep their counts (query.keeps_counts).
 * into     gains strata, counts, rules and rows; its tables are made anew.
 * Returns  LUS_OK; LUS_EUSAGE where the questions differ, naming both, or counts were not kept, or
 *          rows would be needed (weights that are not whole, one row per patient, a demography),
 *          or the dates of one say that numbers of the other are years; LUS_EDATA where weights add
 *          up to too much; LUS_ENOMEM, after which only lus_tally_free is allowed.
 * Checked  tests/unit/test_tally.c: any split of rows into tallies, merged in any order. */
LUS_API int lus_tally_merge(struct lus_tally *into, const struct lus_tally *from,
                            struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_tally_free(struct lus_tally *tally);

/* A tally as the bytes of a file: a header that people can read, counts, a checksum. Reading such
 * files in place of rows (lus_reading_open) gives the same strata, to the bit, by any of its keys.
 * tally    keeps its counts (query.keeps_counts), missing values as levels (missing_as_level).
 * bytes    n of them, freed by the caller with free().
 * Returns  LUS_OK; LUS_EUSAGE where strata overlap, weights are not whole or counts were not kept;
 *          LUS_ENOMEM.
 * Checked  tests/cli/tally.tests: the same output as of rows, for any parts and keys. */
LUS_API int lus_tally_write(const struct lus_tally *tally, char **bytes, size_t *n,
                            struct lus_error *err) LUS_MUST_CHECK;
/* Times to the nearest multiple of a step, half up; the question says so. Counts alone: tables stay
 * as they were.
 * Returns  LUS_OK; LUS_EUSAGE where somebody enters late; LUS_EDATA; LUS_ENOMEM.
 * Checked  tests/cli/tally.tests, by hand. */
LUS_API int lus_tally_round(struct lus_tally *tally, lus_time step,
                            struct lus_error *err) LUS_MUST_CHECK;
/* The sum of the tallies of n files, by all their keys; a file may hold several, "-" is standard
 * input. Its strata have counts and, of a single tally, no tables: lus_stratum_table makes them.
 * out      overwritten; the caller frees it with lus_tally_free. All zero on error.
 * Returns  LUS_OK; LUS_EIO; LUS_EDATA where one is broken, or counts rows that another has counted;
 *          as lus_tally_merge.
 * Checked  tests/cli/tally.tests; tests/fuzz/fuzz_tally.c. */
LUS_API int lus_tally_file_read(const char *const *paths, size_t n, struct lus_tally *out,
                                struct lus_error *err) LUS_MUST_CHECK;

/* A table of a stratum's counts for one cause, by whose number people have the event; 0: any that
 * is the event. Who dies of another leaves then.
 * stratum      with counts.
 * ignore_entry everybody is followed from the origin.
 * out          overwritten; the caller frees it with lus_event_table_free.
 * Returns      LUS_OK; LUS_EUSAGE where the stratum has no counts, or there is no such cause;
 *              LUS_ENOMEM.
 * Checked      tests/unit/test_tally.c, by hand. */
LUS_API int lus_stratum_table(const struct lus_tally *tally, const struct lus_stratum *stratum,
                              size_t cause, bool ignore_entry,
                              struct lus_event_table *out) LUS_MUST_CHECK;

/* Counts over strata as one: the sum of n tables, with their rows where they have some.
 * out      overwritten; the caller frees it with lus_event_table_free. All zero on error.
 * Returns  LUS_OK; LUS_EDATA where weights add up to more than 9e9 at one time; LUS_ENOMEM.
 * Checked  tests/unit/test_standardise.c, through lus_fit_cell. */
LUS_API int lus_event_table_sum(const struct lus_event_table *const *tables, size_t n,
                                struct lus_event_table *out) LUS_MUST_CHECK;
/* The same with a weight for each table's people; it keeps its rows.
 * weights  of the tables, from 0.
 * Returns  LUS_OK; LUS_EUSAGE where a table has late entries and no rows; LUS_EDATA where weights
 *          add up to more than 9e9 at one time; LUS_ENOMEM.
 * Checked  tests/unit/test_standardise.c, through lus_fit_cell. */
LUS_API int lus_event_table_weigh(const struct lus_event_table *const *tables,
                                  const double *weights, size_t n,
                                  struct lus_event_table *out) LUS_MUST_CHECK;
/* Those still followed after a time, from there on: exits later than it, entries not before it.
 * given    from the origin, as all times of out are.
 * out      overwritten; the caller frees it with lus_event_table_free. All zero on error.
 * Returns  LUS_OK; LUS_ENOMEM.
 * Checked  tests/unit/test_kaplan_meier.c, by hand. */
LUS_API int lus_event_table_given(const struct lus_event_table *table, lus_time given,
                                  struct lus_event_table *out) LUS_MUST_CHECK;
/* A table of n rows in any order.
 * event    0, or the number of the cause of which the exit is an event.
 * entry    NULL: all from 0.
 * weight   NULL: 1 each; else from 0, below 9e9, to the nearest 1e-9. Where one is not whole the
 *          table keeps
 *          the rows.
 * out      overwritten; the caller frees it with lus_event_table_free. All zero on error.
 * Returns  LUS_OK; LUS_EUSAGE where a time is negative, an entry not before its exit, or a weight
 *          outside; LUS_EDATA where weights add up to more than 9e9 at one time; LUS_ENOMEM.
 * Checked  tests/unit/test_kaplan_meier.c, through table_of of unit.h. */
LUS_API int lus_event_table_make(const lus_time *exit, const unsigned char *event,
                                 const lus_time *entry, const double *weight, size_t n,
                                 struct lus_event_table *out) LUS_MUST_CHECK;
LUS_API void lus_event_table_free(struct lus_event_table *table);

#endif
