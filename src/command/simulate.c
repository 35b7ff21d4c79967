/* lustrum simulate: synthetic patients from a model. */
#include <stdlib.h>

#include "command/command.h"
#include "command/option.h"
#include "lustrum/simulate.h"

static const struct lus_option options[] = {
    WHOLE("n", "N", n, "how many patients"),
    WHOLE("seed", "S", seed, "the same number makes the same patients, on any machine"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default: standard output)"),
    FLAG("quiet", quiet, "no progress on standard error"), END};
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
    LUS_TRY(lus_simulate(o->files[0], (uint64_t)o->n, (uint64_t)o->seed, &csv, &n, err));
    lus_string_add(&r->text, csv, n);
    free(csv);
    return r->text.failed ? lus_fail_memory(err) : LUS_OK;
}
