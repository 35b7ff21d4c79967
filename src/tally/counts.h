/* The counts of a stratum, and the tables that are made of them. */
#ifndef LUS_TALLY_COUNTS_H
#define LUS_TALLY_COUNTS_H

#include "lustrum/tally.h"
#include "support/series.h"

/* Room for n_causes. Free it on failure too. */
int lus_counts_init(struct lus_counts *counts, size_t n_causes) LUS_MUST_CHECK;
void lus_counts_free(struct lus_counts *counts, size_t n_causes);
/* The kind-th of them: 0 without an event, 1 to n_causes by cause, then the late entries. */
struct lus_time_counts *lus_counts_of(const struct lus_counts *counts, size_t n_causes,
                                      size_t kind);
/* Adds other's counts. LUS_ENOMEM; LUS_EDATA where a sum of weights overflows. */
int lus_counts_add(struct lus_counts *counts, const struct lus_counts *other,
                   size_t n_causes) LUS_MUST_CHECK;
/* Both tables of a stratum that a tally shows, made anew. */
int lus_stratum_tabulate(const struct lus_tally *tally, struct lus_stratum *stratum) LUS_MUST_CHECK;

#endif
