/* What the unit tests share: cmocka, and comparison of doubles to a relative tolerance. */
#ifndef LUS_UNIT_H
#define LUS_UNIT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "lustrum/lustrum.h"

#define MONTH ((lus_time)487000000000)
#define DAY ((lus_time)16000000000)

/* To 1e-12 relative, or 1e-15 near zero. */
static inline void assert_near_at(double a, double b, const char *what, const char *file, int line)
{
    if (fabs(a - b) <= 1e-12 * fmax(1e-3, fabs(b))) return;
    print_error("%s is %.17g, not %.17g\n", what, a, b);
    _fail(file, line);
}
#define assert_near(a, b) assert_near_at(a, b, #a " against " #b, __FILE__, __LINE__)

#define RUN(tests) (gsl_set_error_handler_off(), cmocka_run_group_tests(tests, NULL, NULL))

/* A table of whole months: exits and events, entries and weights where not NULL. */
static inline struct lus_event_table table_of(const double *exit, const int *event,
                                              const double *entry, const double *weight, size_t n)
{
    lus_time x[256], e[256];
    unsigned char d[256];
    struct lus_event_table t;
    for (size_t i = 0; i < n; i++) {
        x[i] = (lus_time)llround(exit[i] * (double)MONTH);
        d[i] = (unsigned char)event[i];
        if (entry) e[i] = (lus_time)llround(entry[i] * (double)MONTH);
    }
    assert_int_equal(lus_event_table_make(x, d, entry ? e : NULL, weight, n, &t), LUS_OK);
    return t;
}

#endif
