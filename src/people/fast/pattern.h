/* Patterns: all that a row says apart from its times, in the bytes in which it says it.
 *
 * Rows of one pattern are kept or left out alike, have the same event and belong to the same group.
 * So that is worked out once for each pattern, by the code that takes any row (the intake), and
 * looked up for all further rows. Of a number that is only compared with constants the pattern
 * holds on which side of each it lies.
 *
 *     row ──▶ key ──▶ table ──▶ what its pattern is worth (the caller's)
 *              sixteen bytes for each text (or twice as many), and sixteen for the sides of all
 *              numbers together
 */
#ifndef LUS_PEOPLE_PATTERN_H
#define LUS_PEOPLE_PATTERN_H

#include "people/columns.h"

enum {
    LUS_PATTERN_TEXTS = 6,
    LUS_PATTERN_NUMBERS = 4,
    LUS_PATTERN_WORDS = 2 * LUS_PATTERN_TEXTS + 1,
    /* bytes of a text and its separator that a key of one word for each text holds as they are */
    LUS_PATTERN_NARROW = 15,
    LUS_PATTERN_WIDE = 31,   /* of two words; of longer ones the key holds a code */
    LUS_PATTERN_BITS = 14,   /* of an index into the table */
    LUS_PATTERN_MOST = 4096, /* in the table */
    /* room to run on behind the last */
    LUS_PATTERN_PLACES = (1 << LUS_PATTERN_BITS) + LUS_PATTERN_MOST + 1,
    LUS_SIDES_BITS = 8, /* of an index into the recent sides */
};

/* Sixteen bytes that are worked on together. */
typedef uint64_t lus_word __attribute__((vector_size(16)));
typedef uint32_t lus_quarters __attribute__((vector_size(16)));

/* The side of a number for a text seen lately. */
struct lus_side {
    uint64_t text; /* up to eight bytes; UINT64_MAX, which is no text: none */
    uint64_t side;
};

/* A constant that a number is compared with: what counts is whether the number reaches it, or
 * passes it. */
struct lus_edge {
    double at;
    bool is_passed;
};

/* A number column. How many of its edges a number has behind it tells all comparisons. */
struct lus_sides {
    size_t column, field;
    const struct lus_slot *slot;
    struct lus_cell_doubt doubt; /* of the texts that were looked at */
    LUS_ARRAY(struct lus_edge) edges;
    struct lus_side *recent; /* [1 << LUS_SIDES_BITS], by the hash of the text */
};

/* What the caller keeps beside a key; counts is NULL where the place is free. */
struct lus_pattern {
    uint64_t *counts;
    uint64_t bin;
};

struct lus_patterns {
    size_t n_texts, n_numbers; /* of a key */
    size_t n_halves, n_words;  /* words for each text, in all */
    bool wants_width;          /* a text was met that two words would hold */
    size_t columns[LUS_PATTERN_TEXTS];
    struct lus_sides numbers[LUS_PATTERN_NUMBERS];
    struct lus_dictionary long_texts[LUS_PATTERN_TEXTS];
    /* places by hash: a key and a struct lus_pattern each; whoever finds another key goes on to the
     * next */
    lus_word *table;
    size_t n;
};

/* Whether the plan's rows have patterns: few enough columns, no time but the one to the exit, and
 * none that may be a missing word. *out is to be freed in any case. */
int lus_patterns_init(struct lus_patterns *out, const struct lus_plan *plan,
                      bool *are_had) LUS_MUST_CHECK;
void lus_patterns_free(struct lus_patterns *p);

/* Two words for each text from now on; all patterns are forgotten. */
int lus_patterns_widen(struct lus_patterns *p) LUS_MUST_CHECK;
/* The key of any row, also with long texts. */
int lus_pattern_key(struct lus_patterns *p, const struct lus_fields *fields, size_t row,
                    lus_word *key) LUS_MUST_CHECK;
/* The place of a key in the table; its counts are NULL where it is not there yet. */
struct lus_pattern *lus_pattern_find(const struct lus_patterns *p, const lus_word *key);
/* Enters a key at the place that lus_pattern_find gave; nothing where the table is full. */
void lus_pattern_enter(struct lus_patterns *p, struct lus_pattern *place, const lus_word *key,
                       struct lus_pattern worth);

/* The side of the number on the row that begins at `at` of the index, whose text is not among the
 * recent. */
uint64_t lus_side_find(struct lus_sides *sides, const struct lus_fields *fields, const uint32_t *at,
                       uint64_t text, struct lus_side *recent);

/* By the width of a text with its separator: what of two words belongs to the text. Of an empty one
 * the separator is kept (behind the last row there is a line end, scan.c), which no text begins
 * with: so no key is all zeros, as a free place is. */
extern const lus_word lus_text_masks[LUS_PATTERN_WIDE + 1][2];
/* The same for a number of up to eight bytes; of a longer one it leaves nothing, and such a number
 * is not remembered. */
extern const uint64_t lus_number_masks[LUS_PATTERN_WIDE + 1];

static inline lus_word lus_load_word(const char *p)
{
    lus_word word;
    memcpy(&word, p, sizeof word);
    return word;
}
static inline bool lus_word_is_zero(lus_word word)
{
    return (word[0] | word[1]) == 0;
}
/* Turned by 32 bits, so many times; a macro, for constants of the compiler. */
#ifdef __clang__
#define lus_word_turn(word, by)                                                            \
    ((lus_word)__builtin_shufflevector((lus_quarters)(word), (lus_quarters)(word), (by)&3, \
                                       ((by) + 1) & 3, ((by) + 2) & 3, ((by) + 3) & 3))
#else
#define lus_word_turn(word, by)   \
    ((lus_word)__builtin_shuffle( \
        (lus_quarters)(word),     \
        (lus_quarters){(by)&3, ((by) + 1) & 3, ((by) + 2) & 3, ((by) + 3) & 3}))
#endif
/* Spread over all bits, so that small numbers do not undo small differences of letters in the
 * sum. */
static inline lus_word lus_sides_word(uint64_t sides)
{
    return (lus_word){sides * 0xff51afd7ed558ccdULL, 0};
}
/* Texts are added one by one, the sum turned by a quarter in between; second halves are turned by a
 * half. */
static inline lus_word lus_hash_add(lus_word hash, lus_word word)
{
    return lus_word_turn(hash, 1) + word;
}
static inline lus_word lus_hash_add_half(lus_word hash, lus_word word)
{
    return lus_word_turn(word, 2) + hash;
}
static inline size_t lus_hash_index(lus_word hash, unsigned bits)
{
    return (size_t)((hash[0] * 0x9e3779b97f4a7c15ULL + hash[1] * 0xc4ceb9fe1a85ec53ULL) >>
                    (64 - bits));
}

#endif
