/* All of lustrum. docs/example.c is a program of fifty lines that reads a file and prints rates. */
#ifndef LUSTRUM_LUSTRUM_H
#define LUSTRUM_LUSTRUM_H

#include "lustrum/call.h"
#include "lustrum/cohort.h"
#include "lustrum/compare.h"
#include "lustrum/context.h"
#include "lustrum/error.h"
#include "lustrum/estimate.h"
#include "lustrum/incidence.h"
#include "lustrum/population.h"
#include "lustrum/present.h"
#include "lustrum/regress.h"
#include "lustrum/relative.h"
#include "lustrum/simulate.h"
#include "lustrum/tally.h"
#include "lustrum/time.h"

#endif
