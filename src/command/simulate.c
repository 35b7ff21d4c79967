/* lustrum simulate: synthetic patients from a model. */
#include <stdlib.h>

#include "command/command.h"
#include "command/option.h"
#include "lustrum/simulate.h"

static const struct lus_option options[] = {
    WHOLE("n", "N", n, "how many patients"),
    WHOLE("seed", "S", seed, "the same number makes the same patients, on any machine"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default, and for -: standard output)"),
    WHOLE("threads", "N", threads,
          "threads (default: one for each core); results are the same for every N"),
    FLAG("quiet", quiet, "no progress on standard error"),
    FLAG("progress", progress, "progress on standard error (default: on a terminal)"),
    END};
const struct lus_option_group lus_simulating_options = {"Options", options};

int lus_simulate_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    char *csv;
    size_t n;
    if (o->n_files != 1) return lus_fail(err, LUS_EUSAGE, "simulate reads one model");
    if (o->n < 1) return lus_fail(err, LUS_EUSAGE, "how many patients? --n N");
    if (o->seed < 0)
        return lus_fail(err, LUS_EUSAGE,
                        "which patients? --seed S: the same number makes the same ones");
    if (o->threads == 0 || o->threads > 1024)
        return lus_fail(err, LUS_EUSAGE, "--threads is 1 to 1024");
    struct lus_simulation s = {.model = o->files[0],
                               .n = (uint64_t)o->n,
                               .seed = (uint64_t)o->seed,
                               .n_threads = o->threads < 0 ? 0 : (int)o->threads,
                               .progress = o->on_progress,
                               .progress_context = o->progress_context};
    LUS_TRY(lus_simulate(&s, &csv, &n, err));
    lus_string_add(&r->text, csv, n);
    free(csv);
    return r->text.failed ? lus_fail_memory(err) : LUS_OK;
}
