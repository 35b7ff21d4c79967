/* The face of people/: files of a table, and their rows as persons. */
#ifndef LUS_PEOPLE_PEOPLE_H
#define LUS_PEOPLE_PEOPLE_H

#include "people/fast/fast.h"
#include "people/files.h"
#include "people/group_series.h"
#include "people/intake.h"
#include "people/profile.h"

#endif
