#include "people/fast/pattern.h"

#include <math.h>
#include <stdlib.h>

#include "support/number.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOW(n) ((n) <= 0 ? 0 : (n) >= 8 ? ~0ULL : ~0ULL >> (8 * (8 - (n)) & 63))
#define KEEP(n) [n + 1] = {{LOW(n), LOW(n - 8)}, {LOW(n - 16), LOW(n - 24)}}
const lus_word lus_text_masks[LUS_PATTERN_WIDE + 1][2] = {
    [1] = {{0xff, 0}}, KEEP(1),  KEEP(2),  KEEP(3),  KEEP(4),  KEEP(5),  KEEP(6),  KEEP(7),
    KEEP(8),           KEEP(9),  KEEP(10), KEEP(11), KEEP(12), KEEP(13), KEEP(14), KEEP(15),
    KEEP(16),          KEEP(17), KEEP(18), KEEP(19), KEEP(20), KEEP(21), KEEP(22), KEEP(23),
    KEEP(24),          KEEP(25), KEEP(26), KEEP(27), KEEP(28), KEEP(29), KEEP(30)};
const uint64_t lus_number_masks[LUS_PATTERN_WIDE + 1] = {[1] = 0xff, LOW(1), LOW(2), LOW(3), LOW(4),
                                                         LOW(5),     LOW(6), LOW(7), LOW(8)};
#else /* no row has a pattern there */
const lus_word lus_text_masks[LUS_PATTERN_WIDE + 1][2];
const uint64_t lus_number_masks[LUS_PATTERN_WIDE + 1];
#endif

enum { BAD_SIDE = 0xffff, MISSING_SIDE = 0xfffe, MOST_EDGES = 1000 };

/* --- which columns make a key --- */

static int add_edge(struct lus_sides *sides, double at, bool is_passed)
{
    for (size_t i = 0; i < sides->edges.n; i++)
        if (sides->edges.at[i].at == at && sides->edges.at[i].is_passed == is_passed) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&sides->edges, 1));
    sides->edges.at[sides->edges.n++] = (struct lus_edge){at, is_passed};
    return LUS_OK;
}

/* The constants that an expression compares the slot with; equal is where one edge is reached and
 * the other not passed. */
static int edges_of_expression(struct lus_sides *sides, const struct lus_expr *e, size_t slot)
{
    if (!e) return LUS_OK;
    LUS_TRY(edges_of_expression(sides, e->left, slot));
    LUS_TRY(edges_of_expression(sides, e->right, slot));
    if (e->kind != LUS_EXPR_NUMBER || e->operand.is_factor || e->operand.index != slot)
        return LUS_OK;
    bool is_reached = e->op != LUS_OP_GT && e->op != LUS_OP_LE,
         is_passed = e->op != LUS_OP_GE && e->op != LUS_OP_LT;
    for (size_t i = 0; i < e->n_values; i++) {
        if (is_reached) LUS_TRY(add_edge(sides, e->numbers[i], false));
        if (is_passed) LUS_TRY(add_edge(sides, e->numbers[i], true));
    }
    return LUS_OK;
}

static int edges_of_factor(struct lus_sides *sides, const struct lus_factor *factor, size_t slot,
                           const char *column)
{
    bool is_cut = factor->kind == LUS_FACTOR_CUTS && strcmp(factor->column, column) == 0;
    for (size_t k = 0; is_cut && k + 1 < factor->n_levels; k++)
        LUS_TRY(add_edge(sides, factor->cuts[k], false));
    for (size_t k = 0; factor->conditions && k < factor->n_levels; k++)
        if (!factor->absent || !factor->absent[k])
            LUS_TRY(edges_of_expression(sides, factor->conditions[k], slot));
    return LUS_OK;
}

static int add_number(struct lus_patterns *p, const struct lus_plan *plan, size_t slot)
{
    const struct lus_slot *s = &plan->slots.at[slot];
    struct lus_sides *sides = &p->numbers[p->n_numbers++];
    sides->column = s->column, sides->field = s->field, sides->slot = s;
    LUS_TRY(edges_of_expression(sides, plan->where, slot));
    LUS_TRY(edges_of_expression(sides, plan->of, slot));
    for (size_t i = 0; i < plan->factors.n; i++)
        LUS_TRY(edges_of_factor(sides, &plan->recipe.factors[plan->factors.at[i]], slot,
                                lus_slot_name(plan, slot)));
    sides->recent = lus_alloc((size_t)1 << LUS_SIDES_BITS, sizeof *sides->recent);
    if (!sides->recent) return LUS_ENOMEM;
    for (size_t i = 0; i < (size_t)1 << LUS_SIDES_BITS; i++)
        sides->recent[i].text = UINT64_MAX;
    return LUS_OK;
}

static bool has_text(const struct lus_patterns *p, size_t column)
{
    for (size_t i = 0; i < p->n_texts; i++)
        if (p->columns[i] == column) return true;
    return false;
}

/* Columns that are asked for as texts; those that are only compared as numbers come behind. */
static bool list_texts(struct lus_patterns *p, const struct lus_plan *plan)
{
    for (size_t i = 0; i < plan->slots.n; i++) {
        const struct lus_slot *slot = &plan->slots.at[i];
        if ((slot->kind != LUS_SLOT_LABEL && slot->kind != LUS_SLOT_TEXT) ||
            has_text(p, slot->column))
            continue;
        if (p->n_texts == LUS_PATTERN_TEXTS) return false;
        p->columns[p->n_texts++] = slot->column;
    }
    return true;
}

static void free_table(struct lus_patterns *p)
{
    lus_pages_free(p->table, LUS_PATTERN_PLACES, (p->n_words + 1) * sizeof *p->table);
    p->table = NULL;
    p->n = 0;
}

static int make_table(struct lus_patterns *p, size_t n_halves)
{
    free_table(p);
    p->n_halves = n_halves;
    p->n_words = p->n_texts * n_halves + (p->n_numbers > 0);
    p->table = lus_pages_alloc(LUS_PATTERN_PLACES, (p->n_words + 1) * sizeof *p->table);
    return p->table ? LUS_OK : LUS_ENOMEM;
}

/* A time that stands in one column, whose digits are a number. */
static bool is_plain_time(const struct lus_plan *plan)
{
    const struct lus_slot *exit = &plan->slots.at[plan->exit];
    for (size_t i = 0; i < plan->slots.n; i++)
        if (plan->slots.at[i].otherwise != LUS_NO_SLOT) return false;
    return exit->is_quick && !exit->has_decimal_comma;
}

int lus_patterns_init(struct lus_patterns *p, const struct lus_plan *plan, bool *are_had)
{
    *p = (struct lus_patterns){0};
    *are_had = false;
    bool is_plain = !plan->without_time && plan->origin == LUS_NO_SLOT && !plan->has_entry &&
                    plan->weight == LUS_NO_SLOT && plan->id == LUS_NO_SLOT &&
                    !plan->demography.asks && !plan->keeps_people && plan->landmark < 0 &&
                    is_plain_time(plan) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    if (!is_plain || !list_texts(p, plan)) return LUS_OK;
    for (size_t i = 0; i < plan->slots.n; i++) {
        const struct lus_slot *slot = &plan->slots.at[i];
        if (slot->kind != LUS_SLOT_NUMBER || has_text(p, slot->column)) continue;
        if (p->n_numbers == LUS_PATTERN_NUMBERS) return LUS_OK;
        LUS_TRY(add_number(p, plan, i));
        if (p->numbers[p->n_numbers - 1].edges.n > MOST_EDGES) return LUS_OK;
    }
    for (size_t i = 0; i < p->n_texts; i++)
        LUS_TRY(lus_dictionary_init(&p->long_texts[i], NULL, 0));
    *are_had = true;
    return make_table(p, 1);
}

int lus_patterns_widen(struct lus_patterns *p)
{
    p->wants_width = false;
    return make_table(p, 2);
}

void lus_patterns_free(struct lus_patterns *p)
{
    for (size_t i = 0; i < p->n_texts; i++)
        lus_dictionary_free(&p->long_texts[i]);
    for (size_t i = 0; i < p->n_numbers; i++)
        LUS_ARRAY_FREE(&p->numbers[i].edges), free(p->numbers[i].recent);
    free_table(p);
    *p = (struct lus_patterns){0};
}

/* --- keys --- */

/* One more than the edges that a number has reached or passed. */
static uint64_t side_of(struct lus_sides *sides, struct lus_text text)
{
    double value = lus_number_of_text(sides->slot, &sides->doubt, text);
    uint64_t side = 1;
    if (isnan(value)) return lus_is_bad_number(value) ? BAD_SIDE : MISSING_SIDE;
    for (size_t i = 0; i < sides->edges.n; i++) {
        const struct lus_edge *edge = &sides->edges.at[i];
        side += edge->is_passed ? value > edge->at : value >= edge->at;
    }
    return side;
}

uint64_t lus_side_find(struct lus_sides *sides, const struct lus_fields *fields, const uint32_t *at,
                       uint64_t text, struct lus_side *recent)
{
    size_t row = (size_t)(at - fields->index.starts) / fields->stride;
    uint64_t side = side_of(sides, lus_field_at(fields, sides->field, row));
    if (text) *recent = (struct lus_side){text, side};
    return side;
}

/* One text of a key, in one word or two. */
static int key_text(struct lus_patterns *p, size_t i, const char *text, uint32_t width,
                    lus_word *out)
{
    uint32_t code;
    p->wants_width |= p->n_halves == 1 && width > LUS_PATTERN_NARROW && width <= LUS_PATTERN_WIDE;
    if (width <= (p->n_halves == 1 ? LUS_PATTERN_NARROW : LUS_PATTERN_WIDE)) {
        for (size_t half = 0; half < p->n_halves; half++)
            out[half] = lus_load_word(text + sizeof *out * half) & lus_text_masks[width][half];
        return LUS_OK;
    }
    LUS_TRY(lus_dictionary_code(&p->long_texts[i], (struct lus_text){text, width - 1}, &code));
    out[0] = (lus_word){code, UINT64_MAX}; /* no text ends in such bytes */
    if (p->n_halves > 1) out[1] = (lus_word){0, 0};
    return LUS_OK;
}

int lus_pattern_key(struct lus_patterns *p, const struct lus_fields *fields, size_t row,
                    lus_word *key)
{
    const uint32_t *at = fields->index.starts + row * fields->stride;
    for (size_t i = 0; i < p->n_texts; i++) {
        const uint32_t *text = at + p->columns[i];
        LUS_TRY(key_text(p, i, fields->bytes + text[0], text[1] - text[0], key + i * p->n_halves));
    }
    uint64_t sides = 0;
    for (size_t i = 0; i < p->n_numbers; i++)
        sides = sides << 16 |
                side_of(&p->numbers[i], lus_field_at(fields, p->numbers[i].field, row));
    if (p->n_numbers) key[p->n_texts * p->n_halves] = lus_sides_word(sides);
    return LUS_OK;
}

struct lus_pattern *lus_pattern_find(const struct lus_patterns *p, const lus_word *key)
{
    lus_word hash = {0, 0};
    for (size_t i = 0; i < p->n_words; i++)
        hash = p->n_halves == 2 && i % 2 && i < 2 * p->n_texts ? lus_hash_add_half(hash, key[i])
                                                               : lus_hash_add(hash, key[i]);
    for (lus_word *place = p->table + lus_hash_index(hash, LUS_PATTERN_BITS) * (p->n_words + 1);;
         place += p->n_words + 1) {
        struct lus_pattern *pattern = (struct lus_pattern *)(void *)(place + p->n_words);
        if (!pattern->counts || memcmp(place, key, p->n_words * sizeof *key) == 0) return pattern;
    }
}

void lus_pattern_enter(struct lus_patterns *p, struct lus_pattern *place, const lus_word *key,
                       struct lus_pattern worth)
{
    if (p->n == LUS_PATTERN_MOST) return;
    memcpy((lus_word *)(void *)place - p->n_words, key, p->n_words * sizeof *key);
    *place = worth;
    p->n++;
}
