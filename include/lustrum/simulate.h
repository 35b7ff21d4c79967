/* Synthetic populations from a model file: factors with conditional shares, hazards of several
 * causes of death, censoring.
 *
 *     struct lus_simulation s = {.model = "datasets/stage4-model.yaml", .n = 100, .seed = 1};
 *     char *csv;
 *     size_t n;
 *     if (lus_simulate(&s, &csv, &n, &err) != LUS_OK) return 1;
 *     printf("%.11s\n", csv);
 *     free(csv);
 *
 * prints `# SYNTHETIC`.
 */
#ifndef LUSTRUM_SIMULATE_H
#define LUSTRUM_SIMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "lustrum/error.h"

/* What is drawn. */
struct lus_simulation {
    const char *model; /* the path of a YAML file, lustrum-model(5) */
    uint64_t n;        /* patients */
    uint64_t seed;
    int n_threads; /* 0: one for each core */
    /* Called from time to time with the bytes so far, how many it will be about, and the patients
     * so far; NULL: not. */
    void (*progress)(void *context, uint64_t bytes, uint64_t of_bytes, uint64_t rows);
    void *progress_context;
};

/* Patients drawn from a model, as CSV, whose first line is a comment that begins "# SYNTHETIC". The
 * same bytes for the same model, n and seed on any CPU and on any number of threads; the first
 * patients do not depend on n.
 * csv       gets *bytes bytes, which the caller frees with free; as it was on error.
 * Returns   LUS_OK; LUS_EDATA at file:line:column of the model, or where its dates and hazards
 *           leave hardly anybody to enter; LUS_EIO; LUS_ENOMEM.
 * Checked   tests/cli/simulate.tests: the hazards that went in come out; the same bytes. */
LUS_API int lus_simulate(const struct lus_simulation *simulation, char **csv, size_t *bytes,
                         struct lus_error *err) LUS_MUST_CHECK;

#endif
