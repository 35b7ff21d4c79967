/* Patterns: all that a row says apart from its times, in the bytes in which it says it.
 *
 * Rows of one pattern are kept or left out alike, have the same event and belong to the same group. So that is worked out once
 * for each pattern, by the code that takes any row (people.c), and looked up for all further rows. Of a number that is only
 * compared with constants the pattern holds on which side of each it lies.
 *
 *     row ──▶ key ──▶ table ──▶ what its pattern is worth (the caller's)
 *              sixteen bytes for each text, and sixteen for the sides of all numbers together
 */
#ifndef LUS_POPULATION_PATTERN_H
#define LUS_POPULATION_PATTERN_H

#include "population/worker.h"

enum {
    LUS_PATTERN_TEXTS = 6,
    LUS_PATTERN_NUMBERS = 4,
    LUS_PATTERN_WORDS = LUS_PATTERN_TEXTS + 1,
    LUS_PATTERN_WIDEST = 14, /* bytes of a text that a key holds as they are; of longer ones it holds a code */
    LUS_PATTERN_BITS = 13,   /* of an index into the table */
    LUS_SIDES_RECENT = 256,
};

/* Sixteen bytes that are worked on together. */
typedef uint64_t lus_word __attribute__((vector_size(16)));

/* The side of a number for a text seen lately. */
struct lus_side {
    lus_word text;
    uint64_t side;
};

/* A number column, and the constants that it is compared with, ascending. */
struct lus_sides {
    size_t column, field;
    double *edges;
    size_t n_edges;
    struct lus_side *recent; /* [LUS_SIDES_RECENT], by the hash of the text */
};

/* What the caller keeps beside a key; counts is NULL where the place is free. */
struct lus_pattern {
    uint64_t *counts;
    uint64_t bin;
};

struct lus_patterns {
    size_t n_texts, n_numbers, n_words; /* of a key */
    size_t columns[LUS_PATTERN_TEXTS], fields[LUS_PATTERN_TEXTS];
    struct lus_sides numbers[LUS_PATTERN_NUMBERS];
    struct lus_dictionary long_texts[LUS_PATTERN_TEXTS];
    lus_word *table; /* 1 << LUS_PATTERN_BITS places: a key, and a struct lus_pattern */
    size_t n;
};

/* Whether the plan's rows have patterns: few enough columns, and no time but the one to the exit. *out is to be freed in any case. */
int lus_patterns_init(struct lus_patterns *out, const struct lus_plan *plan, bool *are_had) LUS_MUST_CHECK;
void lus_patterns_free(struct lus_patterns *p);

/* The key of any row, also with long texts and quotes. */
int lus_pattern_key(struct lus_patterns *p, const struct lus_plan *plan, const struct lus_fields *fields, size_t row, lus_word *key) LUS_MUST_CHECK;
/* The place of a key in the table; its counts are NULL where it is not there yet. */
struct lus_pattern *lus_pattern_find(const struct lus_patterns *p, const lus_word *key);
/* Enters a key at the place that lus_pattern_find gave; false where the table is full. */
bool lus_pattern_enter(struct lus_patterns *p, struct lus_pattern *place, const lus_word *key, struct lus_pattern worth);

/* The side of a number that is not among the recent. */
uint64_t lus_side_find(struct lus_sides *sides, const struct lus_plan *plan, const struct lus_fields *fields, size_t row, lus_word text, struct lus_side *recent);

/* Keeps the text of d - 1 bytes that stands in front of a separator; of an empty one the separator, which no text begins with:
 * so no key is all zeros, as a free place is. */
extern const lus_word lus_text_masks[LUS_PATTERN_WIDEST + 2];

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
/* Texts are added one by one, the sum turned by 32 bits in between. */
static inline lus_word lus_hash_add(lus_word hash, lus_word word)
{
    typedef uint32_t quarters __attribute__((vector_size(16)));
#ifdef __clang__
    quarters turned = __builtin_shufflevector((quarters)hash, (quarters)hash, 1, 2, 3, 0);
#else
    quarters turned = __builtin_shuffle((quarters)hash, (quarters){1, 2, 3, 0});
#endif
    return (lus_word)turned + word;
}
static inline size_t lus_hash_index(lus_word hash, unsigned bits)
{
    return (size_t)((hash[0] ^ hash[1] << 7) * 0x9e3779b97f4a7c15ULL >> (64 - bits));
}

#endif
