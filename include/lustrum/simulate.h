/* Synthetic populations from a model file: factors with conditional shares, hazards of several
 * causes of death, censoring.
 *
 *     char *csv;
 *     size_t n;
 *     if (lus_simulate("datasets/stage4-model.yaml", 100, 1, &csv, &n, &err) != LUS_OK) return 1;
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

/* n patients drawn from a model (lustrum-model(5)) as CSV, whose first line is a comment that
 * begins "# SYNTHETIC". The same bytes for the same model, n and seed on any CPU; the first
 * patients do not depend on n.
 * model     the path of a YAML file.
 * csv       gets *bytes bytes, which the caller frees with free; as it was on error.
 * Returns   LUS_OK; LUS_EDATA at file:line:column of the model, or where its dates and hazards
 *           leave hardly anybody to enter; LUS_EIO; LUS_ENOMEM.
 * Checked   tests/cli/simulate.tests: the hazards that went in come out; the same bytes. */
LUS_API int lus_simulate(const char *model, uint64_t n, uint64_t seed, char **csv, size_t *bytes,
                         struct lus_error *err) LUS_MUST_CHECK;

#endif
