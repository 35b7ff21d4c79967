/* Groups: each combination of the keys' codes gets a number, in the order in which a thread first
 * sees it. */
#include <stdlib.h>

#include "people/groups.h"

#define IN_NO_LEVEL (UINT32_MAX - 1) /* of an overlapping factor, and that is known */
static int mask_code(struct lus_grouping *g, uint64_t mask, uint32_t *out)
{
    for (size_t i = 0; i < g->masks.n; i++)
        if (g->masks.at[i] == mask) {
            *out = (uint32_t)i + 1;
            return LUS_OK;
        }
    LUS_TRY(LUS_ARRAY_RESERVE(&g->masks, 1));
    g->masks.at[g->masks.n++] = mask;
    *out = (uint32_t)g->masks.n;
    return LUS_OK;
}

/* The code of one key on one row; LUS_MISSING_CODE and LUS_BAD_LEVEL are what they say. */
static int key_code(struct lus_grouping *g, const struct lus_values *v, const struct lus_key *key,
                    const uint32_t *codes, size_t row, uint32_t *out)
{
    *out = codes[row];
    bool is_mask = key->factor && key->factor->kind == LUS_FACTOR_ANY_OF &&
                   codes[row] != LUS_MISSING_CODE && codes[row] != LUS_BAD_LEVEL;
    if (is_mask && !v->levels[key->index].masks[row]) *out = IN_NO_LEVEL;
    else if (is_mask) return mask_code(g, v->levels[key->index].masks[row], out);
    return LUS_OK;
}

/* The plain case: a column's codes, of which 0 alone is special. */
static int group_by_codes(struct lus_grouping *g, struct lus_people *p, size_t k,
                          const uint32_t *codes, struct lus_error *err)
{
    bool keeps_missing = g->plan->keys[k].keeps_missing;
    struct lus_pairs *pairs = &g->pairs[k];
    uint32_t *group = p->group;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        if (codes[i] == LUS_MISSING_CODE && !keeps_missing)
            p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
        else if (lus_pair_find(pairs, group[i], codes[i], &group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

/* Groups of age at the origin; below the first they have none. */
static int group_by_age(struct lus_grouping *g, struct lus_people *p, size_t k,
                        struct lus_error *err)
{
    const struct lus_factor *factor = g->plan->keys[k].factor;
    double day = (double)lus_unit_ticks(LUS_DAYS), year = day * g->plan->demography.asks->year_days;
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code = 0;
        while (code < factor->n_levels && (double)p->age[i] >= factor->cuts[code] * year)
            code++;
        if (!code) p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
        else if (lus_pair_find(&g->pairs[k], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

static int group_by(struct lus_grouping *g, const struct lus_values *v, struct lus_people *p,
                    size_t k, struct lus_error *err)
{
    const struct lus_key *key = &g->plan->keys[k];
    if (key->factor && key->factor->kind == LUS_FACTOR_AGE) return group_by_age(g, p, k, err);
    struct lus_operand operand = {.is_factor = key->factor != NULL, .index = key->index};
    const uint32_t *codes = lus_codes_of(v, &operand);
    if (!key->factor || key->factor->kind == LUS_FACTOR_COLUMN)
        return group_by_codes(g, p, k, codes, err);
    for (size_t i = 0; i < p->n; i++) {
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code;
        if (key_code(g, v, key, codes, i, &code) != LUS_OK) return lus_fail_memory(err);
        if (code == LUS_BAD_LEVEL) {
            lus_people_set_bad(p, i, LUS_BAD_NUMBER, lus_factor_bad_slot(v, key->factor, i));
            continue;
        }
        if (code == IN_NO_LEVEL || (code == LUS_MISSING_CODE && !key->keeps_missing)) {
            p->status[i] = (uint8_t)(LUS_ROW_NO_FACTOR + k);
            continue;
        }
        if (lus_pair_find(&g->pairs[k], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    return LUS_OK;
}

/* The truth of --of is one more key, behind the others: 1 no, 2 yes, 0 unknown. */
static int group_by_truth(struct lus_grouping *g, struct lus_truths *t, struct lus_people *p,
                          struct lus_error *err)
{
    uint8_t *truth;
    LUS_TRY(lus_evaluate(t, g->plan->of, &truth, err));
    for (size_t i = 0; i < p->n; i++) {
        if (truth[i] == LUS_BAD)
            lus_people_set_bad(p, i, LUS_BAD_NUMBER, lus_find_bad_slot(t->values, g->plan->of, i));
        if (p->status[i] != LUS_ROW_KEPT) continue;
        uint32_t code = truth[i] == LUS_TRUE ? 2 : truth[i] == LUS_FALSE ? 1 : 0;
        if (lus_pair_find(&g->pairs[g->plan->n_keys], p->group[i], code, &p->group[i]) != LUS_OK)
            return lus_fail_memory(err);
    }
    lus_truths_release(t, 0);
    return LUS_OK;
}

int lus_grouping_take(struct lus_grouping *g, struct lus_truths *t, struct lus_people *p,
                      struct lus_error *err)
{
    memset(p->group, 0, p->n * sizeof *p->group);
    for (size_t k = 0; k < g->plan->n_keys; k++)
        LUS_TRY(group_by(g, t->values, p, k, err));
    return g->plan->of ? group_by_truth(g, t, p, err) : LUS_OK;
}

void lus_group_codes(const struct lus_grouping *g, uint32_t group, uint32_t *codes)
{
    size_t n = g->plan->n_keys + (g->plan->of != NULL);
    for (size_t k = n; k-- > 0;) {
        uint64_t pair = g->pairs[k].seen.at[group];
        codes[k] = (uint32_t)pair;
        group = (uint32_t)(pair >> 32);
    }
}

size_t lus_n_groups(const struct lus_grouping *g)
{
    size_t n = g->plan->n_keys + (g->plan->of != NULL);
    return n ? g->pairs[n - 1].seen.n : 1;
}

int lus_grouping_init(struct lus_grouping *g, const struct lus_plan *plan, struct lus_error *err)
{
    *g = (struct lus_grouping){.plan = plan};
    g->pairs = lus_alloc_zeroed(plan->n_keys + 1, sizeof *g->pairs);
    return g->pairs ? LUS_OK : lus_fail_memory(err);
}

void lus_grouping_free(struct lus_grouping *g)
{
    for (size_t i = 0; g->pairs && i <= g->plan->n_keys; i++)
        lus_pairs_free(&g->pairs[i]);
    free(g->pairs);
    LUS_ARRAY_FREE(&g->masks);
    *g = (struct lus_grouping){0};
}
