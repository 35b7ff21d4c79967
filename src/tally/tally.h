/* What other folders of the library ask of a tally, beside the public header. */
#ifndef LUS_TALLY_TALLY_H
#define LUS_TALLY_TALLY_H

#include "lustrum/tally.h"
#include "recipe/plan.h"

/* The recipe of the files; lives as long as the reading. */
const struct lus_recipe *lus_reading_recipe(const struct lus_reading *reading);

#endif
