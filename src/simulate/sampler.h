/* Patients drawn from a model, block by block. A block has a stream of random numbers of its own,
 * so that blocks can be drawn in any order and on any thread. */
#ifndef LUS_SIMULATE_SAMPLER_H
#define LUS_SIMULATE_SAMPLER_H

#include <gsl/gsl_rng.h>

#include "relative/walk.h"
#include "simulate/model.h"

enum { LUS_SAMPLER_BLOCK = 1000 }; /* patients */

/* A value of a variable. */
struct lus_drawn {
    char text[64];
    double number; /* of a number, a year or a date (its day); NaN of words */
};

/* What one thread draws with. */
struct lus_sampler {
    const struct lus_model *model;
    const struct lus_grid_of_cells *grids; /* by hazard */
    gsl_rng *rng;
    struct lus_drawn *values; /* by variable, of the patient that is drawn */
    struct lus_string out;    /* rows */
};

int lus_sampler_init(struct lus_sampler *d, const struct lus_model *model,
                     const struct lus_grid_of_cells *grids) LUS_MUST_CHECK;
void lus_sampler_free(struct lus_sampler *d);
/* Appends the first n patients of a block to d->out; their ids follow those of the block before.
 * LUS_EDATA where hardly anybody enters. */
int lus_sampler_block(struct lus_sampler *d, uint64_t seed, uint64_t block,
                      uint64_t n) LUS_MUST_CHECK;
/* The comment and the names of columns. */
void lus_sampler_header(struct lus_string *out, const struct lus_model *m, uint64_t n,
                        uint64_t seed);

#endif
