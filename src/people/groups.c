/* Groups: each combination of the keys' codes gets a number, in the order in which a thread first
 * sees it. */
#include <stdlib.h>

#include "people/worker.h"

#define IN_NO_LEVEL (UINT32_MAX - 1) /* of an overlapping factor, and that is known */
/* 256 KiB of pairs without hashing, hardly touched */
enum { DENSE_PREVIOUS = 1024, DENSE_CODES = 64 };

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

/* The number of a pair: 0, 1, ... in the order in which pairs are first seen. */
int lus_pair_number(struct lus_pairs *pairs, uint32_t previous, uint32_t code, uint32_t *out)
{
    uint64_t key = (uint64_t)previous << 32 | code;
    uint32_t *place;
    if (previous < DENSE_PREVIOUS && code < DENSE_CODES) {
        if (!pairs->dense)
            pairs->dense = lus_alloc_zeroed(DENSE_PREVIOUS * DENSE_CODES, sizeof *pairs->dense);
        if (!pairs->dense) return LUS_ENOMEM;
        place = &pairs->dense[previous * DENSE_CODES + code];
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

static inline int pair_number(struct lus_pairs *pairs, uint32_t previous, uint32_t code,
                              uint32_t *out)
{
    if (previous < DENSE_PREVIOUS && code < DENSE_CODES && pairs->dense) {
        uint32_t number = pairs->dense[previous * DENSE_CODES + code];
        *out = number - 1;
        if (number) return LUS_OK;
    }
    return lus_pair_number(pairs, previous, code, out);
}

static int mask_code(struct lus_worker *w, uint64_t mask, uint32_t *out)
{
    for (size_t i = 0; i < w->masks.n; i++)
        if (w->masks.at[i] == mask) {
            *out = (uint32_t)i + 1;
            return LUS_OK;
        }
    LUS_TRY(LUS_ARRAY_RESERVE(&w->masks, 1));
    w->masks.at[w->masks.n++] = mask;
    *out = (uint32_t)w->masks.n;
    return LUS_OK;
}

/* The code of one key on one row; LUS_MISSING_CODE and LUS_BAD_LEVEL are what they say. */
static int key_code(struct lus_worker *w, const struct lus_key *key, const uint32_t *codes,
                    size_t row, uint32_t *out)
{
    *out = codes[row];
    bool is_mask = key->factor && key->factor->kind == LUS_FACTOR_ANY_OF &&
                   codes[row] != LUS_MISSING_CODE && codes[row] != LUS_BAD_LEVEL;
    if (is_mask && !w->levels[key->index].masks[row]) *out = IN_NO_LEVEL;
    else if (is_mask) return mask_code(w, w->levels[key->index].masks[row], out);
    return LUS_OK;
}

/* The plain case: a column's codes, of which 0 alone is special. */
static int group_by_codes(struct lus_worker *w, size_t k, const uint32_t *codes,
                          struct lus_error *err)
{
    struct lus_people *p = &w->people;
    bool keeps_missing = w->plan->keys[k].keeps_missing;
    struct lus_pairs *pairs = &w->groups[k];
    uint32_t *group = p->group;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        if (codes[i] == LUS_MISSING_CODE && !keeps_missing)
            p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
        else if (pair_number(pairs, group[i], codes[i], &group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

/* Groups of age at the origin; below the first they have none. */
static int group_by_age(struct lus_worker *w, size_t k, struct lus_error *err)
{
    const struct lus_factor *factor = w->plan->keys[k].factor;
    struct lus_people *p = &w->people;
    double day = (double)lus_unit_ticks(LUS_DAYS), year = day * w->plan->demography.asks->year_days;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code = 0;
        while (code < factor->n_levels && (double)p->age[i] >= factor->cuts[code] * year)
            code++;
        if (!code) p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
        else if (pair_number(&w->groups[k], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

static int group_by(struct lus_worker *w, size_t k, struct lus_error *err)
{
    const struct lus_key *key = &w->plan->keys[k];
    if (key->factor && key->factor->kind == LUS_FACTOR_AGE) return group_by_age(w, k, err);
    struct lus_operand operand = {.is_factor = key->factor != NULL, .index = key->index};
    const uint32_t *codes = lus_codes_of(w, &operand);
    struct lus_people *p = &w->people;
    if (!key->factor || key->factor->kind == LUS_FACTOR_COLUMN)
        return group_by_codes(w, k, codes, err);
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code;
        if (key_code(w, key, codes, i, &code) != LUS_OK) return lus_fail_memory(err);
        if (code == LUS_BAD_LEVEL) {
            lus_people_set_bad(p, i, LUS_BAD_NUMBER, lus_factor_bad_slot(w, key->factor, i));
            continue;
        }
        if (code == IN_NO_LEVEL || (code == LUS_MISSING_CODE && !key->keeps_missing)) {
            p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
            continue;
        }
        if (pair_number(&w->groups[k], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

/* The truth of --of is one more key, behind the others: 1 no, 2 yes, 0 unknown. */
static int group_by_truth(struct lus_worker *w, struct lus_error *err)
{
    struct lus_people *p = &w->people;
    uint8_t *truth;
    LUS_TRY(lus_evaluate(w, w->plan->of, &truth, err));
    for (size_t i = 0; i < p->n; i++) {
        if (truth[i] == LUS_BAD)
            lus_people_set_bad(p, i, LUS_BAD_NUMBER, lus_find_bad_slot(w, w->plan->of, i));
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code = truth[i] == LUS_TRUE ? 2 : truth[i] == LUS_FALSE ? 1 : 0;
        if (pair_number(&w->groups[w->plan->n_keys], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    lus_truths_release(w, 0);
    return LUS_OK;
}

void lus_pairs_free(struct lus_pairs *pairs)
{
    free(pairs->dense), free(pairs->keys), free(pairs->values);
    LUS_ARRAY_FREE(&pairs->seen);
}

int lus_worker_group(struct lus_worker *w, struct lus_error *err)
{
    memset(w->people.group, 0, w->people.n * sizeof *w->people.group);
    for (size_t k = 0; k < w->plan->n_keys; k++)
        LUS_TRY(group_by(w, k, err));
    return w->plan->of ? group_by_truth(w, err) : LUS_OK;
}

void lus_worker_group_codes(const struct lus_worker *w, uint32_t group, uint32_t *codes)
{
    size_t n = w->plan->n_keys + (w->plan->of != NULL);
    for (size_t k = n; k-- > 0;) {
        uint64_t pair = w->groups[k].seen.at[group];
        codes[k] = (uint32_t)pair;
        group = (uint32_t)(pair >> 32);
    }
}

size_t lus_worker_n_groups(const struct lus_worker *w)
{
    size_t n = w->plan->n_keys + (w->plan->of != NULL);
    return n ? w->groups[n - 1].seen.n : 1;
}
