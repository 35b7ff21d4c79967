/* A command: options in; tables, notes and charts out. No printing, no exit. The table of commands
 * (commands.c) drives dispatch, --help, the manual pages and the tests that each command has all of
 * them; the rows of options drive parsing and help alike. */
#ifndef LUS_COMMAND_COMMAND_H
#define LUS_COMMAND_COMMAND_H

#include "lustrum/compare.h"
#include "lustrum/present.h"
#include "present/present.h"
#include "support/text.h"

/* COLUMN(.name = "time", .role = ...): a column of the table t of the document d, as the caller
 * calls them. */
#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

/* Everything the command line can say. NULL, NaN and -1 are "not given". */
struct lus_options {
    const char *const *files;
    size_t n_files;
    /* reading */
    const char *recipe, *time, *entry, *unit, *event, *weight, *by, *where, *missing, *bad_rows,
        *delimiter;
    const char *encoding, *layout, *dates, *decimal, *from, *to, *cut, *id, *weight_is, *join;
    const char *landmark, *given;
    bool no_entry;
    long suppress, threads, join_thin;
    /* estimating */
    const char *conf, *method, *interval, *at, *quantiles, *rmst;
    double conf_level;
    /* against the population */
    const char *lifetable, *lifetable_recipe, *period, *diagnosed, *standardise, *standardise_by,
        *closing, *beyond;
    bool curve;
    /* comparing */
    const char *test, *strata, *scores;
    double rho, gamma;
    bool trend;
    /* by cause */
    const char *causes, *cause, *variance;
    /* by a model */
    const char *model, *ties, *robust, *censoring_by, *predict, *compare_model, *horizon,
        *residuals, *time_scale;
    bool subdistribution, firth;
    bool each;
    /* counting */
    const char *of;
    /* figures */
    const char *figures, *mix, *adjust;
    const char *allow; /* of report */
    /* of tally */
    bool merge;
    const char *round, *header_from, *part;
    bool pair;
    /* simulating */
    const char *targets, *save;
    bool fresh;
    long n, seed, rounds;
    /* drawing */
    const char *title, *keep_script, *until, *risk_table, *width, *theme, *panels, *annotate,
        *bandwidth;
    double dpi;
    /* what charts ask and no option says: the years in which time began; net survival at round
     * times too, with a table at_risk */
    bool wants_years, wants_round_times;
    bool wants_effects; /* of a model, over time */
    /* writing */
    const char *format, *table, *output;
    bool quiet, progress, no_color;
    void (*on_progress)(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows);
    void *progress_context;
};

enum lus_option_kind {
    LUS_OPTION_TEXT,
    LUS_OPTION_LIST,
    LUS_OPTION_EXPRESSION,
    LUS_OPTION_LINES, /* texts, one for each time it is given, parted by line ends */
    LUS_OPTION_MAYBE, /* a text behind =, which may be left out: "" */
    LUS_OPTION_FLAG,
    LUS_OPTION_WHOLE,
    LUS_OPTION_REAL
};

struct lus_option {
    const char *name;    /* without the dashes */
    char letter;         /* or 0 */
    const char *metavar; /* NULL for a flag */
    enum lus_option_kind kind;
    size_t offset; /* in struct lus_options */
    const char *help;
    /* where help is NULL: the names of a table, each with when it is the default */
    void (*list)(struct lus_string *out);
};

/* A group of options, ended by a row without a name. */
struct lus_option_group {
    const char *title;
    const struct lus_option *rows;
};
extern const struct lus_option_group lus_reading_options, lus_estimating_options,
    lus_horizon_options, lus_rates_options, lus_cause_options, lus_incidence_options,
    lus_model_options, lus_cox_options, lus_comparing_options, lus_curve_options,
    lus_counting_options, lus_population_options, lus_net_options, lus_quoting_options,
    lus_figure_options, lus_simulating_options, lus_calibrating_options, lus_report_options,
    lus_standard_options, lus_drawing_options, lus_recipe_options, lus_lifetable_options,
    lus_tally_options, lus_writing_options;

struct lus_result {
    struct lus_document document;
    size_t first_stratum, everybody; /* numbers that the document gave (lus_add_strata) */
    struct lus_string text;          /* what a command that writes no tables writes instead */
    /* or NULL: a chart, written to options->output; the document owns its texts */
    struct lus_drawing *drawing;
};

struct lus_command {
    const char *name, *arguments, *summary;
    const struct lus_option_group *const *options; /* ended by NULL */
    const char *without;                           /* names of theirs that it does not use */
    const char *tables;                            /* that it may make; NULL: none */
    int (*run)(const struct lus_options *options, struct lus_result *result, struct lus_error *err);
};
/* The table of commands, ended by a row without a name. */
extern const struct lus_command lus_commands[];
const struct lus_command *lus_command_find(const char *name);

int lus_tally_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_rates(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_curve_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_compare(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_describe(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_incidence(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_cox_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_shares(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_recipe_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_lifetable(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_context(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_calibrate_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_simulate_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_net_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_report_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
extern const char lus_plot_summary[]; /* names the kinds */

/* The defaults. */
extern const struct lus_options lus_options_default;

/* Fills options from argv (behind the command's name); files go to files, which has room for argc.
 * Texts that are put together stand in the arena. *wants_help: --help. */
int lus_parse_arguments(const struct lus_command *command, int argc, char **argv,
                        const char **files, struct lus_options *options, struct lus_arena *arena,
                        bool *wants_help, struct lus_error *err) LUS_MUST_CHECK;
/* Whether a list of names, parted by ", ", has one; NULL has none. */
bool lus_list_has(const char *list, const char *name);
/* LUS_EUSAGE where one of the command's options is given that is on the list. who: as the user
 * calls what does not use it, "plot icons". */
int lus_refuse_options(const struct lus_command *command, const struct lus_options *o,
                       const char *list, const char *who, struct lus_error *err) LUS_MUST_CHECK;
/* doctor.c: what is there of what lustrum uses, a line each. */
void lus_print_doctor(struct lus_string *out);
/* completion.c: what bash, zsh or fish is to read; false: another shell. */
bool lus_print_completion(struct lus_string *out, const char *shell) LUS_MUST_CHECK;
/* help.c: texts. lus_option_help: what an option does; the caller frees it.
 * lus_print_options: the OPTIONS section of a manual page, in Markdown. */
struct lus_string lus_option_help(const struct lus_option *o);
void lus_print_usage(struct lus_string *out);
/* The manual pages of a topic that is no command, as "figures"; false: there is none. */
bool lus_print_topic(struct lus_string *out, const char *name) LUS_MUST_CHECK;
void lus_print_help(struct lus_string *out, const struct lus_command *command);
void lus_print_options(struct lus_string *out, const struct lus_command *command);
/* Those that several commands have, group by group, for lustrum-options(7). */
void lus_print_shared_options(struct lus_string *out);

/* run.c: an empty result; free it on failure too. */
int lus_result_init(struct lus_result *r, struct lus_error *err) LUS_MUST_CHECK;
void lus_result_free(struct lus_result *r);
/* Checks what is to be written, runs, and hides what --suppress hides. */
int lus_command_run(const struct lus_command *command, const struct lus_options *o,
                    struct lus_result *r, struct lus_error *err) LUS_MUST_CHECK;
/* What a command made as bytes, in the options' format; the caller frees them. *notes_apart: they
 * hold no notes. */
int lus_result_write(const struct lus_result *r, const struct lus_options *o, bool has_color,
                     char **bytes, size_t *n, bool *notes_apart,
                     struct lus_error *err) LUS_MUST_CHECK;
/* Writes them to a file that nothing was read from. */
int lus_result_put(const char *path, const char *bytes, size_t n,
                   struct lus_error *err) LUS_MUST_CHECK;

#endif
