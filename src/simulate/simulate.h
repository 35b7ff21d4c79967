/* Within simulate: a population of a model that stands in memory. */
#ifndef LUS_SIMULATE_SIMULATE_H
#define LUS_SIMULATE_SIMULATE_H

#include "lustrum/simulate.h"
#include "simulate/sampler.h"

/* Appends the population to out, as CSV; s->model is not looked at. */
int lus_model_draw(const struct lus_model *model, const struct lus_simulation *s,
                   struct lus_string *out, struct lus_error *err) LUS_MUST_CHECK;

#endif
