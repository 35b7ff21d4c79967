/* Factors on a batch: the level of each row, or the mask of levels of an overlapping factor. */
#ifndef LUS_PEOPLE_LEVELS_H
#define LUS_PEOPLE_LEVELS_H

#include "people/truth.h"

/* Fills the levels of all factors in use, each after the ones that it needs. */
int lus_levels_take(struct lus_values *v, struct lus_truths *t,
                    struct lus_error *err) LUS_MUST_CHECK;
/* stage.c: index of the level of the TNM stage, or -1 where it cannot be told. */
int lus_tnm_stage(struct lus_text t, struct lus_text n, struct lus_text m, int edition);

#endif
