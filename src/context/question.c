/* Which people each figure is about. */
#include <string.h>

#include "context/context.h"

static int add_condition(struct lus_question *q, const char *text, struct lus_group *out,
                         struct lus_error *err)
{
    *out = (struct lus_group){.question = q};
    if (!q->conditions.n) { /* everybody */
        if (LUS_ARRAY_RESERVE(&q->conditions, 1) != LUS_OK) return lus_fail_memory(err);
        q->conditions.at[q->conditions.n++] = NULL;
    }
    for (size_t i = 1; i < q->conditions.n && text && !out->condition; i++)
        if (strcmp(q->conditions.at[i], text) == 0) out->condition = i;
    if (!text || out->condition) return LUS_OK;
    if (LUS_ARRAY_RESERVE(&q->conditions, 1) != LUS_OK) return lus_fail_memory(err);
    out->condition = q->conditions.n;
    q->conditions.at[q->conditions.n++] = text;
    return LUS_OK;
}

/* Both conditions as one; either may be NULL. */
static int both(struct lus_context *c, const char *a, const char *b, const char **out,
                struct lus_error *err)
{
    *out = a && b ? lus_arena_print(&c->memory->arena, "(%s) and (%s)", a, b) : a ? a : b;
    return *out || (!a && !b) ? LUS_OK : lus_fail_memory(err);
}

/* A name or a text in quotes; NULL where memory cannot be had. */
static const char *quoted(struct lus_arena *arena, const char *text, char quote)
{
    struct lus_string s = {0};
    lus_string_quote(&s, quote, text);
    const char *out = s.failed ? NULL : lus_arena_copy(arena, s.at, s.n);
    lus_string_free(&s);
    return out;
}

static const char *claim_of(const struct lus_recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->n_claims; i++)
        if (strcmp(recipe->claims[i].name, name) == 0) return recipe->claims[i].condition->source;
    return NULL;
}

static bool is_named(const struct lus_expr *e, const char *name)
{
    if (!e) return false;
    return (e->operand.name && strcmp(e->operand.name, name) == 0) ||
           (e->other.name && strcmp(e->other.name, name) == 0) || is_named(e->left, name) ||
           is_named(e->right, name);
}

/* Whether the figure's group is told by a factor already. */
static bool is_told_by(struct lus_context *c, const struct lus_figure *f, const char *factor)
{
    struct lus_error ignored = LUS_ERROR_INIT;
    struct lus_expr *where;
    return f->where && lus_expr_parse(&c->memory->arena, f->where, &where, &ignored) == LUS_OK &&
           is_named(where, factor);
}

/* The levels of the factor that is shown apart. */
static int ask_apart(struct lus_context *c, struct lus_asked *asked, struct lus_question *q,
                     const char *base, struct lus_error *err)
{
    struct lus_arena *arena = &c->memory->arena;
    asked->apart = lus_arena_alloc(arena, c->n_apart, sizeof *asked->apart);
    if (!asked->apart) return lus_fail_memory(err);
    for (size_t k = 0; k < c->n_apart; k++) {
        const char *name = quoted(arena, c->apart_factor, '`'),
                   *level = quoted(arena, c->apart_levels[k], '"');
        const char *is = name && level ? lus_arena_print(arena, "%s == %s", name, level) : NULL;
        if (!is) return lus_fail_memory(err);
        LUS_TRY(both(c, base, is, &is, err));
        LUS_TRY(add_condition(q, is, &asked->apart[k], err));
    }
    return LUS_OK;
}

/* The values of a column. */
static int ask_number(struct lus_context *c, struct lus_asked *asked, const struct lus_figure *f,
                      struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    const char *name = quoted(&m->arena, f->of, '`');
    struct lus_question *q = m->numbers;
    if (!name) return lus_fail_memory(err);
    while (q < m->numbers + m->n_numbers && strcmp(q->number, name) != 0)
        q++;
    if (q == m->numbers + m->n_numbers) m->n_numbers++;
    q->number = name;
    return add_condition(q, f->where, &asked->of[0], err);
}

static int ask(struct lus_context *c, struct lus_answer *a, struct lus_asked *asked,
               struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    const struct lus_recipe *recipe = m->recipe;
    const struct lus_figure *f = a->figure;
    const char *base = f->where, *first, *second = NULL;
    bool is_cause = f->measure == LUS_MEASURE_CSS && recipe->event.cause &&
                    lus_measure_of_data(recipe) == LUS_MEASURE_OS;
    struct lus_question *q = is_cause ? &m->of_cause : &m->overall;
    if (f->statistic == LUS_STATISTIC_NOTE) return LUS_OK;
    if (f->statistic == LUS_STATISTIC_MEDIAN_OF) return ask_number(c, asked, f, err);
    const struct lus_origin *origin = lus_origin_of(recipe, f);
    bool is_restricted = origin && origin->where && f->statistic != LUS_STATISTIC_PROPORTION &&
                         (f->statistic != LUS_STATISTIC_SOME || f->at > 0);
    if (is_restricted) {
        LUS_TRY(both(c, base, origin->where->source, &base, err));
        a->counted = origin->label;
    }
    first = base;
    if (f->statistic == LUS_STATISTIC_PROPORTION) {
        const char *claim = claim_of(recipe, f->claim);
        if (!claim) return lus_answer_refuse(c, a, LUS_REASON_NO_CLAIM, LUS_AVAILABLE, NULL, err);
        second = lus_arena_print(&m->arena, "not (%s)", claim);
        if (!second) return lus_fail_memory(err);
        LUS_TRY(both(c, base, claim, &first, err));
        LUS_TRY(both(c, base, second, &second, err));
    }
    if (f->statistic == LUS_STATISTIC_ORDER) {
        LUS_TRY(both(c, base, f->groups[0], &first, err));
        LUS_TRY(both(c, base, f->groups[1], &second, err));
    }
    LUS_TRY(add_condition(q, first, &asked->of[0], err));
    LUS_TRY(add_condition(q, second, &asked->of[1], err));
    if (!lus_is_survival(f)) return LUS_OK;
    if (f->measure == lus_measure_of_data(recipe))
        LUS_TRY(add_condition(&m->without_entry, first, &asked->without_entry, err));
    if (!c->n_apart || is_restricted || is_told_by(c, f, c->apart_factor)) return LUS_OK;
    return ask_apart(c, asked, q, base, err);
}

int lus_questions_collect(struct lus_context *c, struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    struct lus_group everybody;
    size_t n = c->figures.n;
    m->asked = lus_arena_alloc(&m->arena, n, sizeof *m->asked);
    m->numbers = lus_arena_alloc(&m->arena, n, sizeof *m->numbers);
    if (!m->asked || !m->numbers) return lus_fail_memory(err);
    m->without_entry.ignores_entry = true;
    m->of_cause.of_cause = true;
    LUS_TRY(add_condition(&m->overall, NULL, &everybody, err));
    for (size_t i = 0; i < n; i++)
        LUS_TRY(ask(c, &c->answers[i], &m->asked[i], err));
    return LUS_OK;
}
