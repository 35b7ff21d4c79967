/* Factors on a batch: the level of each row, or the mask of levels of an overlapping factor. */
#include <math.h>
#include <stdlib.h>

#include "people/levels.h"

static void level_cuts(const struct lus_values *v, const struct lus_factor *factor, uint32_t *codes)
{
    const double *numbers = v->columns[factor->slot].numbers;
    size_t n = v->batch->fields->n;
    for (size_t i = 0; i < n; i++)
        codes[i] = 1;
    /* one cut over all rows at a time: no branch, many rows at once */
    for (size_t k = 0; k + 1 < factor->n_levels; k++) {
        double cut = factor->cuts[k];
        for (size_t i = 0; i < n; i++)
            codes[i] += numbers[i] >= cut;
    }
    for (size_t i = 0; i < n; i++)
        if (isnan(numbers[i]))
            codes[i] = lus_is_bad_number(numbers[i]) ? LUS_BAD_LEVEL : LUS_MISSING_CODE;
}

/* The first level that holds; an earlier one that is unknown makes the value missing. */
static int level_first_match(struct lus_truths *t, const struct lus_factor *factor, uint32_t *codes,
                             struct lus_error *err)
{
    size_t n = t->values->batch->fields->n;
    const uint32_t open = UINT32_MAX - 1;
    for (size_t i = 0; i < n; i++)
        codes[i] = open;
    for (size_t k = 0; k < factor->n_levels; k++) {
        uint8_t *truth;
        size_t used = t->n_used;
        LUS_TRY(lus_evaluate(t, factor->conditions[k], &truth, err));
        const uint32_t becomes[] = {[LUS_FALSE] = open,
                                    [LUS_TRUE] = (uint32_t)k + 1,
                                    [LUS_UNKNOWN] = LUS_MISSING_CODE,
                                    [LUS_BAD] = LUS_BAD_LEVEL};
        for (size_t i = 0; i < n; i++) {
            uint32_t next = becomes[truth[i]];
            codes[i] = codes[i] == open ? next : codes[i];
        }
        lus_truths_release(t, used);
    }
    for (size_t i = 0; i < n; i++)
        if (codes[i] == open) codes[i] = LUS_MISSING_CODE;
    return LUS_OK;
}

/* Every level that holds. A row of which none is known to hold is missing where one is unknown;
 * else it is in no level, which is known (the empty mask). */
static int level_any_of(struct lus_truths *t, const struct lus_factor *factor,
                        struct lus_levels *levels, struct lus_error *err)
{
    size_t n = t->values->batch->fields->n;
    memset(levels->masks, 0, n * sizeof *levels->masks);
    memset(levels->unknown, 0, n * sizeof *levels->unknown);
    memset(levels->codes, 0, n * sizeof *levels->codes);
    for (size_t k = 0; k < factor->n_levels; k++) {
        uint8_t *truth;
        size_t used = t->n_used;
        if (factor->absent && factor->absent[k]) continue;
        if (!factor->conditions[k]) {
            for (size_t i = 0; i < n; i++)
                levels->masks[i] |= UINT64_C(1) << k;
            continue;
        }
        LUS_TRY(lus_evaluate(t, factor->conditions[k], &truth, err));
        for (size_t i = 0; i < n; i++) {
            levels->masks[i] |= (uint64_t)(truth[i] == LUS_TRUE) << k;
            levels->unknown[i] |= (uint64_t)(truth[i] >= LUS_UNKNOWN) << k;
            if (truth[i] == LUS_BAD && !factor->of_query) levels->codes[i] = LUS_BAD_LEVEL;
        }
        lus_truths_release(t, used);
    }
    for (size_t i = 0; i < n; i++)
        if (levels->codes[i] != LUS_BAD_LEVEL)
            levels->codes[i] = levels->masks[i] || !levels->unknown[i];
    return LUS_OK;
}

static void level_tnm(const struct lus_values *v, const struct lus_factor *factor, uint32_t *codes)
{
    const struct lus_plan *plan = v->plan;
    size_t t = plan->slots.at[lus_slot_of(plan, factor->t, LUS_SLOT_TEXT)].field;
    size_t n = plan->slots.at[lus_slot_of(plan, factor->n, LUS_SLOT_TEXT)].field;
    size_t m = plan->slots.at[lus_slot_of(plan, factor->m, LUS_SLOT_TEXT)].field;
    const struct lus_fields *f = v->batch->fields;
    for (size_t i = 0; i < f->n; i++)
        codes[i] = (uint32_t)(lus_tnm_stage(lus_field_at(f, t, i), lus_field_at(f, n, i),
                                            lus_field_at(f, m, i), factor->edition) +
                              1);
}

static int reserve(struct lus_levels *levels, bool with_masks, size_t n)
{
    if (levels->room >= n) return LUS_OK;
    size_t room = n + n / 2;
    uint32_t *codes = lus_realloc(levels->codes, room, sizeof *codes);
    if (!codes) return LUS_ENOMEM;
    levels->codes = codes;
    if (with_masks) {
        uint64_t *masks = lus_realloc(levels->masks, room, sizeof *masks);
        if (!masks) return LUS_ENOMEM;
        levels->masks = masks;
        uint64_t *unknown = lus_realloc(levels->unknown, room, sizeof *unknown);
        if (!unknown) return LUS_ENOMEM;
        levels->unknown = unknown;
    }
    levels->room = room;
    return LUS_OK;
}

int lus_levels_take(struct lus_values *v, struct lus_truths *t, struct lus_error *err)
{
    for (size_t i = 0; i < v->plan->factors.n; i++) {
        const struct lus_factor *factor = &v->plan->recipe.factors[v->plan->factors.at[i]];
        struct lus_levels *levels = &v->levels[v->plan->factors.at[i]];
        if (factor->kind == LUS_FACTOR_COLUMN) continue;
        if (reserve(levels, factor->kind == LUS_FACTOR_ANY_OF, v->batch->fields->n) != LUS_OK)
            return lus_fail_memory(err);
        switch (factor->kind) {
        case LUS_FACTOR_CUTS: level_cuts(v, factor, levels->codes); break;
        case LUS_FACTOR_LEVELS: LUS_TRY(level_first_match(t, factor, levels->codes, err)); break;
        case LUS_FACTOR_ANY_OF: LUS_TRY(level_any_of(t, factor, levels, err)); break;
        case LUS_FACTOR_TNM: level_tnm(v, factor, levels->codes); break;
        case LUS_FACTOR_AGE: break; /* by groups.c, once ages are known */
        case LUS_FACTOR_COLUMN: break;
        }
    }
    return LUS_OK;
}
