/* lustrum tally: counts of people by key and time, to be kept, sent and added. */
#include <stdlib.h>

#include "command/command.h"
#include "command/option.h"
#include "command/reading.h"

static const struct lus_option options[] = {
    FLAG("merge", merge, "add up tallies in place of counting rows"),
    TEXT("header-from", 0, "FILE", header_from,
         "the rows have no header: this file's names their columns (a split of lines, as - )"),
    TEXT("part", 0, "NAME", part, "what these rows are called in the tally, in place of the file"),
    TEXT("round", 0, "TIME", round,
         "times to the nearest multiple, as 1d: where decimal times all differ, a smaller file"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default, and for -: standard output)"),
    FLAG("quiet", quiet, "no notes and no progress on standard error"),
    FLAG("progress", progress, "progress on standard error (default: on a terminal)"),
    END};
const struct lus_option_group lus_tally_options = {"Options", options};

/* Counts the rows by all keys that are named; who lacks one is a level of its own. */
static int count_rows(const struct lus_options *o, struct lus_tally *tally, struct lus_error *err)
{
    struct lus_query query;
    struct lus_reading *reading;
    LUS_TRY(lus_query_of(o, &query, err));
    query.header_from = o->header_from;
    query.keeps_counts = query.missing_as_level = query.may_be_empty = true;
    LUS_TRY(lus_reading_open(&query, &reading, err));
    int status = lus_reading_ask(reading, &query, tally, err);
    if (status == LUS_OK) status = lus_reading_run(reading, err);
    lus_reading_close(reading);
    for (size_t i = 0; status == LUS_OK && o->part && i < tally->n_files; i++)
        tally->files[i].name = o->part;
    return status;
}

static int add_up(const struct lus_options *o, struct lus_tally *tally, struct lus_error *err)
{
    if (o->by || o->where || o->time || o->event)
        return lus_fail(err, LUS_EUSAGE,
                        "--merge adds up tallies as they are; keys are chosen when they are read");
    return lus_tally_file_read(o->files, o->n_files, tally, err);
}

static int round_times(const struct lus_options *o, struct lus_tally *tally, struct lus_error *err)
{
    lus_time step;
    if (!o->round) return LUS_OK;
    LUS_TRY(lus_duration_parse(o->round, tally->unit, &step, err));
    return lus_tally_round(tally, step, err);
}

int lus_tally_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_tally tally = {0};
    char *bytes = NULL;
    size_t n = 0;
    int status = o->merge ? add_up(o, &tally, err) : count_rows(o, &tally, err);
    if (status == LUS_OK) status = round_times(o, &tally, err);
    if (status == LUS_OK) status = lus_tally_write(&tally, &bytes, &n, err);
    if (status == LUS_OK) lus_string_add(&r->text, bytes, n);
    if (status == LUS_OK && r->text.failed) status = lus_fail_memory(err);
    free(bytes);
    lus_tally_free(&tally);
    return status;
}
