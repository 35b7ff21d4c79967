/* A command of the program, by its words, from another program: what bindings stand on.
 *
 *     const char *words[] = {"rates", "datasets/rotterdam.csv", "--by", "grade", "--at", "5y"};
 *     struct lus_called *called = lus_call(6, words);
 *     if (called && lus_called_status(called) == LUS_OK)
 *         printf("%zu tables\n", lus_called_document(called)->n_tables);
 *     lus_called_free(called);
 *
 * prints `2 tables`.
 *
 * What a command is asked and what its tables hold stand in the manual pages; --suppress hides as
 * it does there. One call at a time: a command uses as many threads as --threads says. GSL's error
 * handler is turned off.
 */
#ifndef LUSTRUM_CALL_H
#define LUSTRUM_CALL_H

#include "lustrum/present.h"

struct lus_called;

/* Runs a command: its name, then files and options as on a command line. -o FILE writes what the
 * program would write there: a table, a chart, a report; without it nothing is written.
 * n         how many words.
 * Returns   what came of it, to be freed with lus_called_free; NULL where there is no memory.
 * Checked   tests/unit/test_call.c. */
LUS_API struct lus_called *lus_call(size_t n, const char *const *words) LUS_MUST_CHECK;
/* LUS_OK, or what failed; and lus_called_message in words, "" where nothing did: one line, as the
 * program prints it.
 * Checked   tests/unit/test_call.c. */
LUS_API int lus_called_status(const struct lus_called *called);
LUS_API const char *lus_called_message(const struct lus_called *called);
/* The tables and notes; of commands that make a text (recipe, simulate) none, but lus_called_text.
 * They live as long as `called`.
 * Checked   tests/unit/test_call.c. */
LUS_API const struct lus_document *lus_called_document(const struct lus_called *called);
LUS_API const char *lus_called_text(const struct lus_called *called);
/* All tables and notes as JSON, as --format json writes them; NULL where the call failed or there
 * is no memory. It lives as long as `called`.
 * Checked   tests/unit/test_call.c; bindings/python. */
LUS_API const char *lus_called_json(struct lus_called *called);
/* NULL is nothing. */
LUS_API void lus_called_free(struct lus_called *called);

#endif
