#include "people/pairs.h"

#include <stdlib.h>

static size_t slot_of(const struct lus_pairs *pairs, uint64_t key)
{
    size_t k = (key * 0x9e3779b97f4a7c15ULL >> 20) & (pairs->n_slots - 1);
    while (pairs->values[k] && pairs->keys[k] != key)
        k = (k + 1) & (pairs->n_slots - 1);
    return k;
}

static int widen(struct lus_pairs *pairs)
{
    struct lus_pairs wide = {.n_slots = pairs->n_slots ? pairs->n_slots * 2 : 256};
    wide.keys = lus_alloc_zeroed(wide.n_slots, sizeof *wide.keys);
    wide.values = lus_alloc_zeroed(wide.n_slots, sizeof *wide.values);
    if (!wide.keys || !wide.values) {
        free(wide.keys), free(wide.values);
        return LUS_ENOMEM;
    }
    for (size_t i = 0; i < pairs->n_slots; i++) {
        if (!pairs->values[i]) continue;
        size_t k = slot_of(&wide, pairs->keys[i]);
        wide.keys[k] = pairs->keys[i];
        wide.values[k] = pairs->values[i];
    }
    free(pairs->keys), free(pairs->values);
    pairs->keys = wide.keys;
    pairs->values = wide.values;
    pairs->n_slots = wide.n_slots;
    return LUS_OK;
}

int lus_pair_number(struct lus_pairs *pairs, uint32_t previous, uint32_t code, uint32_t *out)
{
    uint64_t key = (uint64_t)previous << 32 | code;
    uint32_t *place;
    if (previous < LUS_DENSE_PREVIOUS && code < LUS_DENSE_CODES) {
        if (!pairs->dense)
            pairs->dense = lus_alloc_zeroed(LUS_DENSE_PREVIOUS * LUS_DENSE_CODES,
                                            sizeof *pairs->dense);
        if (!pairs->dense) return LUS_ENOMEM;
        place = &pairs->dense[previous * LUS_DENSE_CODES + code];
    } else {
        if ((pairs->n_used + 1) * 2 > pairs->n_slots) LUS_TRY(widen(pairs));
        size_t k = slot_of(pairs, key);
        pairs->n_used += !pairs->values[k];
        pairs->keys[k] = key;
        place = &pairs->values[k];
    }
    if (!*place) {
        LUS_TRY(LUS_ARRAY_RESERVE(&pairs->seen, 1));
        pairs->seen.at[pairs->seen.n++] = key;
        *place = (uint32_t)pairs->seen.n;
    }
    *out = *place - 1;
    return LUS_OK;
}

void lus_pairs_free(struct lus_pairs *pairs)
{
    free(pairs->dense), free(pairs->keys), free(pairs->values);
    LUS_ARRAY_FREE(&pairs->seen);
    *pairs = (struct lus_pairs){0};
}
