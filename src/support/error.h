/* Filling a struct lus_error, once, where the fault is found. */
#ifndef LUS_SUPPORT_ERROR_H
#define LUS_SUPPORT_ERROR_H

#include "lustrum/error.h"

/* Writes the message unless one stands there already, and returns status. */
int lus_fail(struct lus_error *err, enum lus_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int lus_fail_memory(struct lus_error *err);
/* What is known of a fault beside its words. Zeroed, nothing is. */
struct lus_fault {
    enum lus_error_code code;
    const char
        *file; /* stands before the words, with the line and the column where they are not 0 */
    size_t line, column;
    const char *remedy;           /* stands behind them and a semicolon */
    const struct lus_error *said; /* stands as it is behind them; its code and words are kept */
};
int lus_fail_with(struct lus_error *err, enum lus_status status, const struct lus_fault *fault,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Passes on what another call said, whatever it said: a status without words, too. */
int lus_fail_as(struct lus_error *err, int status, const struct lus_error *said);

/* Passes a failure up. */
#define LUS_TRY(call)                                  \
    do {                                               \
        int try_status_ = (call);                      \
        if (try_status_ != LUS_OK) return try_status_; \
    } while (0)

#endif
