/* Synthetic populations from a model file: factors with conditional shares, hazards of several
 * causes of death, censoring.
 *
 *     char *csv;
 *     size_t n;
 *     lus_simulate("datasets/stage4-model.yaml", 10000, 1, &csv, &n, &err);
 */
#ifndef LUSTRUM_SIMULATE_H
#define LUSTRUM_SIMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "lustrum/error.h"

/* n patients as CSV, which the caller frees. The first line is a comment that begins "# SYNTHETIC".
 * The same bytes for the same model, n and seed on any CPU; the first patients do not depend on n.
 * Returns  LUS_OK; LUS_EDATA at file:line:column of the model; LUS_EIO; LUS_ENOMEM. The format of
 *          models: lustrum-model(5). */
LUS_API int lus_simulate(const char *model, uint64_t n, uint64_t seed, char **csv, size_t *bytes,
                         struct lus_error *err) LUS_MUST_CHECK;

#endif
