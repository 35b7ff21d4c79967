/* What every reading command does first: options to a query, the tally, the document's heading, the
 * selection. */
#ifndef LUS_COMMAND_READING_H
#define LUS_COMMAND_READING_H

#include "command/command.h"
#include "recipe/plan.h"

/* Asks for age and date at the origin, of no life table. */
extern const struct lus_demography lus_ages_and_dates;
/* The query that the options ask. */
int lus_query_of(const struct lus_options *o, struct lus_query *query,
                 struct lus_error *err) LUS_MUST_CHECK;
/* What a command reads: its question's files, and what an entry that nobody uses would change. */
struct lus_inputs {
    struct lus_reading *reading;
    struct lus_tally entry; /* as if the column that looks like an entry were one */
    bool has_entry;
};
/* Opens the files and asks the question: the tally describes it, the document has its heading, and
 * options can be checked before a row is read. Free all on failure too. */
int lus_inputs_ask(const struct lus_options *o, const struct lus_query *query,
                   struct lus_inputs *inputs, struct lus_tally *tally, struct lus_result *r,
                   struct lus_error *err) LUS_MUST_CHECK;
/* Reads the rows. */
int lus_inputs_read(struct lus_inputs *inputs, const struct lus_tally *tally,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_inputs_free(struct lus_inputs *inputs);
/* The document's title and source. */
void lus_add_heading(struct lus_result *r, const struct lus_tally *tally);
/* LUS_EDATA where a level cannot be told from missing ones. */
int lus_check_missing(const struct lus_tally *tally, struct lus_error *err) LUS_MUST_CHECK;

/* selection.c: the selection's table, its line, and what the data make worth knowing: added behind
 * the command's own tables. */
void lus_add_selection(struct lus_result *r, const struct lus_tally *tally);
/* warnings.c: notes on an entry that is not used, groups by treatment, rows lost to missing values.
 * inputs may be NULL. */
int lus_add_warnings(const struct lus_options *o, struct lus_result *r,
                     const struct lus_tally *tally, const struct lus_inputs *inputs,
                     struct lus_error *err) LUS_MUST_CHECK;
/* strata.c: tells the document who the strata are, by the first n_keys keys, before a table has
 * rows. */
void lus_add_strata(struct lus_result *r, const struct lus_tally *tally, size_t n_keys);
/* The number that the document gave a stratum of the tally. */
size_t lus_number_of(const struct lus_result *r, const struct lus_tally *tally,
                     const struct lus_stratum *stratum);
/* One column for each by-key. */
void lus_add_by_columns(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally);
/* Begins a row of a stratum, with its levels. */
void lus_add_levels(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_stratum *stratum);
/* Columns behind an estimate that people see in brackets, or not at all: std_error; conf_low and
 * conf_high. */
void lus_add_error_column(struct lus_document *d, struct lus_table *t);
void lus_add_limit_columns(struct lus_document *d, struct lus_table *t, enum lus_column_kind kind);
/* LUS_EUSAGE where a by-key has the name of a column of the table. */
int lus_check_names(const struct lus_tally *tally, const struct lus_table *t,
                    struct lus_error *err) LUS_MUST_CHECK;
/* "grade 3, post"; "all" where there is no key. */
const char *lus_stratum_name(struct lus_result *r, const struct lus_tally *tally,
                             const struct lus_stratum *stratum);
/* The same before a note, "grade 3: "; "" where there is no key. */
const char *lus_stratum_prefix(struct lus_result *r, const struct lus_tally *tally,
                               const struct lus_stratum *stratum);

/* fitting.c: the interval that --conf and --conf-level ask. */
int lus_conf_of(const struct lus_options *o, struct lus_conf *conf,
                struct lus_error *err) LUS_MUST_CHECK;
/* A list of durations; the texts are for people, "5 years". */
struct lus_horizon {
    lus_time time;
    const char *text;
};
int lus_horizons_of(struct lus_result *r, const char *option, const char *list, enum lus_unit unit,
                    struct lus_horizon **out, size_t *n, struct lus_error *err) LUS_MUST_CHECK;
/* "5 years", "18 months" */
const char *lus_time_text(struct lus_result *r, lus_time time, enum lus_unit unit);

/* The standard population that the options name, n 0 where they name none; and what it becomes once
 * the tally is there. */
int lus_standard_of(const struct lus_options *o, struct lus_standard *out,
                    struct lus_error *err) LUS_MUST_CHECK;
int lus_standard_finish(const struct lus_options *o, struct lus_standard *standard,
                        const struct lus_tally *tally, struct lus_result *r,
                        struct lus_error *err) LUS_MUST_CHECK;
/* How it was standardised; what: of the groups, "estimates". */
void lus_note_standard(struct lus_result *r, const struct lus_standard *standard, const char *what);
/* The curve of one stratum as --method, --interval and --given ask. */
int lus_fitting_of(const struct lus_options *o, const struct lus_tally *tally,
                   struct lus_fitting *out, struct lus_error *err) LUS_MUST_CHECK;
/* LUS_EUSAGE where the estimator takes whole weights only, once it is known that some are not. */
int lus_check_weights(const struct lus_fitting *f, const struct lus_tally *tally,
                      struct lus_error *err) LUS_MUST_CHECK;
/* "kaplan-meier (default), actuarial (default for completed months), ..." */
void lus_list_estimators(struct lus_string *out);
/* Notes that say how the numbers were made. is_weighed: of people that a standard weighs. */
void lus_add_method_notes(struct lus_result *r, const struct lus_tally *tally,
                          const struct lus_fitting *f, bool is_weighed);
/* What late entry makes of a curve: nobody followed at first, nobody at risk for a while. */
void lus_add_entry_notes(struct lus_result *r, const struct lus_tally *tally,
                         const struct lus_stratum *stratum, const struct lus_curve *curve);

#endif
