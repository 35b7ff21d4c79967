/* Standard populations: what share of it each group is. */
#ifndef LUS_RELATIVE_STANDARD_H
#define LUS_RELATIVE_STANDARD_H

#include "support/memory.h"

struct lus_standard {
    struct lus_arena arena;
    const char *name; /* for people: "ICSS 1", or the file */
    const char *key;  /* the factor whose levels are the groups; NULL: age */
    size_t n;
    double *ages;        /* age: lower ends in years, ascending */
    const char **levels; /* a factor's levels */
    double *shares;      /* add up to 1 */
};

/* icss1, icss2, icss3; else a CSV whose header is age,weight (an age is a group's lower end) or
 * FACTOR,weight.
 * Source  Corazziari, Quinn & Capocaccia, Eur J Cancer 40 (2004) 2307-2316: International Cancer
 *         Survival Standards. */
int lus_standard_read(const char *name, struct lus_standard *out,
                      struct lus_error *err) LUS_MUST_CHECK;
void lus_standard_free(struct lus_standard *standard);

#endif
