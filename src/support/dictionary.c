#include "support/dictionary.h"

#include <stdlib.h>

static size_t slot_of(const struct lus_dictionary *d, struct lus_text text)
{
    size_t mask = d->n_slots - 1, i = lus_text_hash(text) & mask;
    while (d->slots[i] && !lus_text_equal(d->words.at[d->slots[i] - 1].text, text))
        i = (i + 1) & mask;
    return i;
}

static int widen(struct lus_dictionary *d)
{
    size_t n_slots = d->n_slots ? d->n_slots * 2 : 64;
    uint32_t *slots = lus_alloc_zeroed(n_slots, sizeof *slots);
    if (!slots) return LUS_ENOMEM;
    free(d->slots);
    d->slots = slots;
    d->n_slots = n_slots;
    for (size_t i = 0; i < d->words.n; i++)
        d->slots[slot_of(d, d->words.at[i].text)] = (uint32_t)i + 1;
    return LUS_OK;
}

/* A word that is not there yet, with the code given. */
static int enter(struct lus_dictionary *d, struct lus_text text, uint32_t code)
{
    if (d->words.n >= UINT32_MAX - 1) return LUS_ENOMEM;
    if ((d->words.n + 1) * 2 > d->n_slots) LUS_TRY(widen(d));
    char *copy = lus_arena_copy(&d->arena, text.p, text.n);
    if (!copy) return LUS_ENOMEM;
    LUS_TRY(LUS_ARRAY_RESERVE(&d->words, 1));
    size_t slot = slot_of(d, text);
    d->words.at[d->words.n++] = (struct lus_dictionary_word){{copy, text.n}, code};
    d->slots[slot] = (uint32_t)d->words.n;
    return LUS_OK;
}

int lus_dictionary_init(struct lus_dictionary *d, const struct lus_text *missing, size_t n_missing)
{
    *d = (struct lus_dictionary){0};
    LUS_TRY(widen(d));
    LUS_TRY(LUS_ARRAY_RESERVE(&d->texts, 1));
    d->texts.at[d->texts.n++] = (struct lus_text){"", 0};
    for (size_t i = 0; i < n_missing; i++)
        if (!d->slots[slot_of(d, missing[i])]) LUS_TRY(enter(d, missing[i], LUS_MISSING_CODE));
    return LUS_OK;
}

int lus_dictionary_code(struct lus_dictionary *d, struct lus_text text, uint32_t *code)
{
    size_t slot = slot_of(d, text);
    if (d->slots[slot]) {
        *code = d->words.at[d->slots[slot] - 1].code;
        return LUS_OK;
    }
    LUS_TRY(LUS_ARRAY_RESERVE(&d->texts, 1));
    LUS_TRY(enter(d, text, (uint32_t)d->texts.n));
    *code = (uint32_t)d->texts.n;
    d->texts.at[d->texts.n++] = d->words.at[d->words.n - 1].text;
    return LUS_OK;
}

bool lus_dictionary_is_missing(const struct lus_dictionary *d, struct lus_text text)
{
    size_t slot = slot_of(d, text);
    return d->slots[slot] && d->words.at[d->slots[slot] - 1].code == LUS_MISSING_CODE;
}

void lus_dictionary_free(struct lus_dictionary *d)
{
    lus_arena_free(&d->arena);
    LUS_ARRAY_FREE(&d->texts);
    LUS_ARRAY_FREE(&d->words);
    free(d->slots);
    *d = (struct lus_dictionary){0};
}
