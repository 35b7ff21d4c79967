#ifndef LUS_TALLY_EVENT_TABLE_H
#define LUS_TALLY_EVENT_TABLE_H

#include "lustrum/tally.h"
#include "support/series.h"

/* Builds a table from marks of events, censorings and late entries, each ascending with distinct
 * times; one is the weight of a person. Everybody who does not enter late enters at 0. LUS_ENOMEM;
 * LUS_EDATA where 128 bits do not hold a sum. */
int lus_event_table_build(const lus_marks *events, const lus_marks *censored, const lus_marks *late,
                          double one, struct lus_event_table *out) LUS_MUST_CHECK;

#endif
