/* Text slices, UTF-8, near names, and a growable string. */
#ifndef LUS_SUPPORT_TEXT_H
#define LUS_SUPPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "support/memory.h"

/* A slice: n bytes from p, not terminated, not owned. */
struct lus_text {
    const char *p;
    size_t n;
};
static inline struct lus_text lus_text_of(const char *s)
{
    return (struct lus_text){s, strlen(s)};
}
static inline bool lus_text_equal(struct lus_text a, struct lus_text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* Sixty-four bits of all its bytes. */
uint64_t lus_text_hash(struct lus_text text);
/* Numbers by value and before other text, which goes by its bytes. Negative, 0 or positive. */
int lus_text_order(struct lus_text a, struct lus_text b);
bool lus_text_equal_any_case(struct lus_text a, const char *b);
/* Whether two texts differ in nothing but case and blanks (a _ is one). */
bool lus_text_is_alike(struct lus_text a, struct lus_text b);

/* Index of the first byte that is not UTF-8; n where all are. */
size_t lus_utf8_bad(const char *p, size_t n);
/* Columns on a terminal, counting each code point once and combining marks not at all. */
size_t lus_utf8_width(const char *p, size_t n);

/* The candidate that is nearest to name by edits and case, or NULL where none is near. */
const char *lus_nearest(struct lus_text name, const char *const *candidates, size_t n);

/* A growable string. Failure is remembered: check `failed` once, at the end. */
struct lus_string {
    char *at;
    size_t n, room;
    bool failed;
};
void lus_string_add(struct lus_string *s, const char *p, size_t n);
void lus_string_print(struct lus_string *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void lus_string_put(struct lus_string *s, const char *text)
{
    lus_string_add(s, text, strlen(text));
}
/* Appends a text as people may see it: valid UTF-8, without controls and marks that turn the
 * direction of writing; a blank or U+FFFD stands for them. */
void lus_string_show(struct lus_string *s, const char *text);
/* Appends a text without blanks and in small letters: the same for texts that are alike. */
void lus_string_add_bare(struct lus_string *s, struct lus_text text);
/* A field of CSV or TSV, in quotes where it needs them (RFC 4180). */
void lus_string_field(struct lus_string *s, const char *text, char delimiter);
/* Between quotes of a kind, those inside doubled. */
void lus_string_quote(struct lus_string *s, char quote, const char *text);
void lus_string_free(struct lus_string *s);
/* Fails with a message that was built in a string; with want of memory where that could not be
 * built. Frees it. */
int lus_fail_string(struct lus_error *err, enum lus_status status, struct lus_string *message);

/* Splits at commas outside backquotes and round brackets; backquotes are taken off, doubled ones
 * inside become one. The parts are copied into the arena. */
int lus_list_split(struct lus_arena *arena, const char *text, char ***parts, size_t *n,
                   struct lus_error *err) LUS_MUST_CHECK;

#endif
