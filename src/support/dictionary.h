/* Texts and their codes: code 0 is the missing value, whatever words stand for it. */
#ifndef LUS_SUPPORT_DICTIONARY_H
#define LUS_SUPPORT_DICTIONARY_H

#include "support/text.h"

enum { LUS_MISSING_CODE = 0 };

struct lus_dictionary_word {
    struct lus_text text;
    uint32_t code;
};

struct lus_dictionary {
    struct lus_arena arena;                      /* the texts */
    LUS_ARRAY(struct lus_text) texts;            /* by code; texts.at[0] is empty */
    LUS_ARRAY(struct lus_dictionary_word) words; /* several may mean missing */
    uint32_t *slots; /* index of a word + 1, 0 is free; n_slots is a power of two */
    size_t n_slots;
};

/* Starts with the words that mean missing, all of code 0. Freed by lus_dictionary_free, on failure
 * too. */
int lus_dictionary_init(struct lus_dictionary *d, const struct lus_text *missing,
                        size_t n_missing) LUS_MUST_CHECK;
/* The code of text, a new one where the text is new. */
int lus_dictionary_code(struct lus_dictionary *d, struct lus_text text,
                        uint32_t *code) LUS_MUST_CHECK;
/* Whether a text is one of the words that mean missing. */
bool lus_dictionary_is_missing(const struct lus_dictionary *d, struct lus_text text);
void lus_dictionary_free(struct lus_dictionary *d);

#endif
