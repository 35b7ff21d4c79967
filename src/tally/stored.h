/* Tallies in files: counts that can be kept, sent and added.
 *
 *     lustrum tally 1                     what it is, and the version of the form
 *     question ...; rows ...; key ...     a header that people can read: a word and its text a line
 *     body 1234                           bytes that follow behind an empty line
 *     <strata: levels and counts, as varints>
 *     <SHA-256 of all before it>
 *
 * Tallies may follow each other in one file. The body holds, by stratum: of each key a length + 1
 * (0: missing), the level, and its place + 1; people; then by kind (without an event, by cause,
 * late entries) how many times, and of each the step from the one before and the weight, both over
 * the header's grid. */
#ifndef LUS_TALLY_STORED_H
#define LUS_TALLY_STORED_H

#include "tally/gather.h"

/* The header's words and the tally's fields: flags, and texts. */
#define LUS_STORED_FLAGS(FLAG)             \
    FLAG("completed", completed)           \
    FLAG("entry", has_entry)               \
    FLAG("entry-ignored", ignores_entry)   \
    FLAG("synthetic", is_synthetic)        \
    FLAG("weights", has_weights)           \
    FLAG("times-rounded", rounded_time)    \
    FLAG("year-dates", year_dates)         \
    FLAG("month-dates", month_dates)       \
    FLAG("dates", has_dates)               \
    FLAG("year-numbers", has_year_numbers) \
    FLAG("unit-named", has_named_unit)     \
    FLAG("unit-assumed", has_assumed_unit) \
    FLAG("one-row-of-each", needs_rows)
#define LUS_STORED_TEXTS(TEXT)         \
    TEXT("question", question)         \
    TEXT("title", title)               \
    TEXT("from", source)               \
    TEXT("time", time_column)          \
    TEXT("origin", origin)             \
    TEXT("entry", entry_column)        \
    TEXT("event", event_column)        \
    TEXT("measure", measure)           \
    TEXT("where", where)               \
    TEXT("sex", sex)                   \
    TEXT("entry-unused", unused_entry) \
    TEXT("note", file_notes)

/* project.c: a tally of some keys of a stored one, as a query asks for: strata that lack one of
 * them are left out, or kept as missing. LUS_EUSAGE where it asks for what only rows tell. */
int lus_tally_project(const struct lus_tally *whole, const struct lus_query *query,
                      struct lus_tally *out, struct lus_error *err) LUS_MUST_CHECK;
/* stored.c: the tally that begins at *at of a file's bytes, and how far it goes. To be freed on
 * failure too. */
int lus_tally_take(const struct lus_string *file, size_t *at, const char *name,
                   struct lus_tally *out, struct lus_error *err) LUS_MUST_CHECK;
/* tallies.c: the tallies of files, added up; each told as a file of the sum. */
int lus_tallies_read(const char *const *paths, size_t n, size_t n_threads, struct lus_tally *out,
                     struct lus_error *err) LUS_MUST_CHECK;

#endif
