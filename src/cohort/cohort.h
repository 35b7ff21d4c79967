/* The face of cohort/: rows as they arrive, the cohort made of them, one row per patient. */
#ifndef LUS_COHORT_COHORT_H
#define LUS_COHORT_COHORT_H

#include "cohort/frame.h"
#include "cohort/list.h"
#include "cohort/one_row.h"

#endif
