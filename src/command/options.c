/* The rows of options, by group. One row is parser, variable and help line. */
#include <math.h>

#include "command/option.h"
#include "command/reading.h"

const struct lus_options lus_options_default = {.suppress = -1,
                                                .threads = -1,
                                                .join_thin = -1,
                                                .n = -1,
                                                .seed = -1,
                                                .rounds = -1,
                                                .conf_level = NAN,
                                                .rho = NAN,
                                                .dpi = NAN,
                                                .gamma = NAN};

static const struct lus_option reading[] = {
    TEXT("recipe", 0, "FILE", recipe,
         "YAML that says what the columns mean (default: FILE.yaml beside FILE)"),
    TEXT("time", 0, "COL", time,
         "follow-up time, from the origin to the exit; of COL,COL the first that is there"),
    TEXT("from", 0, "COL", from,
         "in place of --time: the date at the origin, as in --from dx --to last"),
    TEXT("to", 0, "COL", to, "the date at the exit; of COL,COL the first that is there"),
    TEXT("event", 0, "COL=LEVEL,...", event,
         "the event's column and level(s); COL=*: any value, as a date of death; COL alone: 1/0, "
         "true/false, yes/no, dead/alive"),
    TEXT("unit", 0, "UNIT", unit,
         "days, weeks, months or years: the unit of times (default: months)"),
    TEXT("entry", 0, "COL", entry, "delayed entry, from the same origin"),
    FLAG("no-entry", no_entry,
         "follow everybody from the origin, although the recipe has an entry"),
    TEXT("weight", 0, "COL", weight, "case weights"),
    TEXT("weight-is", 0, "copies|sampling", weight_is,
         "a weight is so many rows alike, or so many people behind a row (robust errors)"),
    LIST("by", "COL,...", by, "strata: columns, or factors of the recipe"),
    EXPRESSION("where", "EXPR", where,
               "keep the rows for which EXPR holds, as in 'age >= 50 and er == \"Positive\"'; "
               "given twice, both hold"),
    TEXT("missing", 0, "drop|level", missing,
         "a missing --by value: leave the row out (default), or a level of its own"),
    TEXT("bad-rows", 0, "stop|drop", bad_rows,
         "at a bad value: stop with exit code 3 (default), or leave the row out"),
    TEXT("landmark", 0, "TIME", landmark, "those still followed then, with times from there on"),
    WHOLE("suppress", "N", suppress, "hide cells under N people"),
    TEXT("conf", 0, "NAME", conf, "interval: log-log (default), log, plain, logit, arcsin"),
    REAL("conf-level", "P", conf_level, "level of intervals (default: 0.95)"),
    TEXT("id", 0, "COL", id,
         "who a row is of: rows of one person that follow each other are one; none: each row is "
         "one"),
    LIST("cut", "COL=N,...", cut, "a factor by cuts, as in --cut age=50,65 --by age"),
    LIST("dates", "FORM|COL=FORM,...", dates,
         "dd/mm/yyyy, mm/dd/yyyy, dd/mm/yy, mm/dd/yy, yyyymmdd, excel, sas, stata, r (default: "
         "what tells itself)"),
    TEXT("decimal", 0, ".|,", decimal, "the decimal mark (default: what the first rows show)"),
    TEXT("delimiter", 0, "CHAR", delimiter, "what parts the fields (default: found in the header)"),
    TEXT("encoding", 0, "NAME", encoding,
         "of the files, as latin1 (default: UTF-8, or UTF-16 by its mark)"),
    TEXT("layout", 0, "FILE", layout,
         "what the columns are: a SEER*Stat dictionary, or a SAS program for text of fixed width "
         "(default: FILE.dic beside FILE)"),
    TEXT("join", 0, "FILE=COL", join, "a table of the same patients, by a column that both have"),
    WHOLE("threads", "N", threads,
          "threads (default: one for each core); results are the same for every N"),
    END};

static const struct lus_option estimating[] = {
    LISTED("method", "NAME", method, lus_list_estimators),
    TEXT("interval", 0, "TIME", interval, "length of actuarial intervals (default: 1m)"),
    TEXT("given", 0, "TIME", given, "conditional on being alive and followed then"), END};

static const struct lus_option horizons[] = {
    LIST("at", "TIME,...", at,
         "horizons: 5y, 18m, 90d, 6w, or a number in the file's unit (default: 5y)"),
    TEXT("rmst", 0, "TIME", rmst, "restricted mean survival time to there"), END};

static void list_writers(struct lus_string *out)
{
    for (const struct lus_writer *w = lus_writers; w->name; w++)
        lus_string_print(out, w == lus_writers ? "%s (default)" : ", %s", w->name);
}

static const struct lus_option writing[] = {
    LISTED("format", "NAME", format, list_writers),
    TEXT("table", 0, "NAME", table,
         "csv and tsv: which table (default: the first); selection is one of every command"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default, and for -: standard output)"),
    FLAG("quiet", quiet, "no notes and no progress on standard error"),
    FLAG("progress", progress, "progress on standard error (default: on a terminal)"),
    FLAG("no-color", no_color, "no colour on a terminal (NO_COLOR does the same)"),
    END};

static const struct lus_option reporting[] = {
    FLAG("new", fresh, "write a first source for a file of patients, with its recipe's factors"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default, and for -: standard output)"),
    LIST("allow", "DIR,...", allow,
         "folders that may be read beside the current one (or the source's, where that is "
         "elsewhere)"),
    WHOLE("threads", "N", threads, "commands that run at once (default: one for each core)"),
    FLAG("quiet", quiet, "no progress on standard error"),
    END};

static const struct lus_option population[] = {
    LIST("lifetable", "TABLE,...", lifetable,
         "the population's mortality: a CSV with its recipe, or files of the Human Mortality "
         "Database (of women and of men: FILE,FILE), of strs or popEpi"),
    TEXT("lifetable-recipe", 0, "FILE", lifetable_recipe,
         "what the table's numbers are (default: TABLE.yaml beside TABLE)"),
    LIST("period", "A-B,...", period,
         "what is seen in these calendar years; those diagnosed before enter late"),
    TEXT("closing", 0, "DATE", closing,
         "hakulinen: the date to which everybody might have been followed (default: the last day "
         "in the file, for the dead)"),
    TEXT("beyond", 0, "last|error", beyond,
         "outside the table's years: its first and last year serve (default), or stop"),
    END};

static const struct lus_option standards[] = {
    TEXT("diagnosed", 0, "A-B", diagnosed, "those whose date at the origin is in these years"),
    TEXT("standardise", 0, "NAME|FILE", standardise,
         "by age: icss1 (breast and most cancers), icss2, icss3, icss1-prostate, all from 15 on; "
         "internal (the people analysed); or a CSV `age,weight` or `FACTOR,weight`"),
    TEXT("standardise-by", 0, "groups|people", standardise_by,
         "groups: their estimates, times their shares (default); people: each is weighed, so that "
         "thin groups do not spoil the whole (Brenner)"),
    WHOLE("join-thin", "N", join_thin,
          "groups of age with fewer than N people join a neighbour, in all strata alike"),
    END};

static const struct lus_option quoting[] = {
    LIST("figures", "FILE,...", figures,
         "the quoted figures (default: the recipe's figures:); datasets/figures has two files"),
    END};

const struct lus_option_group lus_reading_options = {"Reading", reading};
const struct lus_option_group lus_estimating_options = {"Estimating", estimating};
const struct lus_option_group lus_horizon_options = {"Horizons", horizons};
const struct lus_option_group lus_writing_options = {"Writing", writing};
const struct lus_option_group lus_population_options = {"Against the population", population};
const struct lus_option_group lus_quoting_options = {"Quoted", quoting};
const struct lus_option_group lus_standard_options = {"Selecting and standardising", standards};
const struct lus_option_group lus_report_options = {"Report", reporting};
