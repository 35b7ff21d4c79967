/* Levels that differ only in case or blanks: one was meant, so it is a question what to do. */
#include <stdlib.h>

#include "tally/doubt.h"

/* Texts by what is left of them; at[code - 1] is the first of each. */
struct bare_texts {
    struct lus_dictionary codes;
    LUS_ARRAY(struct lus_text) at;
    struct lus_string bare;
};

static int bare_texts_init(struct bare_texts *b)
{
    *b = (struct bare_texts){0};
    return lus_dictionary_init(&b->codes, NULL, 0);
}

static void bare_texts_free(struct bare_texts *b)
{
    lus_dictionary_free(&b->codes);
    LUS_ARRAY_FREE(&b->at);
    lus_string_free(&b->bare);
}

/* The first text that is like this one: itself where it is the first. */
static int first_alike(struct bare_texts *b, struct lus_text text, struct lus_text *first)
{
    uint32_t code;
    b->bare.n = 0;
    lus_string_add_bare(&b->bare, text);
    if (b->bare.failed) return LUS_ENOMEM;
    struct lus_text bare = {b->bare.n ? b->bare.at : "", b->bare.n};
    LUS_TRY(lus_dictionary_code(&b->codes, bare, &code));
    if (code > b->at.n) {
        LUS_TRY(LUS_ARRAY_RESERVE(&b->at, 1));
        b->at.at[b->at.n++] = text;
    }
    *first = b->at.at[code - 1];
    return LUS_OK;
}

/* --- the event --- */

static int check_event(const struct lus_tally *t, struct bare_texts *b, struct lus_error *err)
{
    for (size_t i = 0; i < t->n_event_texts; i++) {
        struct lus_text first, text = lus_text_of(t->event_texts[i].text);
        if (first_alike(b, text, &first) != LUS_OK) return lus_fail_memory(err);
        size_t k = 0;
        while (t->event_texts[k].text != first.p)
            k++;
        if (t->event_texts[i].cause != t->event_texts[k].cause)
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: \"%s\" and \"%s\" differ only in case or blanks, and one is "
                            "the event; name both, --event COL=LEVEL,LEVEL",
                            t->file, t->event_column, first.p, text.p);
    }
    return LUS_OK;
}

/* --- strata --- */

/* Declared levels are as they were meant, also beside each other; what is like one of them, or like
 * another that is not declared, is a question. */
static int check_key(const struct lus_tally *t, const struct lus_plan *plan, size_t key,
                     struct bare_texts *b, struct lus_error *err)
{
    const struct lus_factor *factor = plan->keys[key].factor;
    const char *column = factor && factor->column ? factor->column : t->keys[key];
    for (size_t i = 0; i < 2 * t->n_strata; i++) {
        const struct lus_stratum *s = &t->strata[i % t->n_strata];
        const char *level = s->levels[key];
        bool is_declared = s->places[key] >= 0;
        if (!level || is_declared != (i < t->n_strata)) continue;
        struct lus_text first, text = lus_text_of(level);
        if (first_alike(b, text, &first) != LUS_OK) return lus_fail_memory(err);
        if (!is_declared && !lus_text_equal(first, text))
            return lus_fail(
                err, LUS_EDATA,
                "%s: %s: \"%s\" and \"%s\" differ only in case or blanks, and would be "
                "two groups; in a recipe's factors {levels: {\"%s\": '`%s` in (\"%s\", "
                "\"%s\")'}} joins them, {column: \"%s\", order: [\"%s\", \"%s\"]} keeps "
                "them apart",
                t->file, t->keys[key], first.p, level, first.p, column, first.p, level, column,
                first.p, level);
    }
    return LUS_OK;
}

/* --- expressions --- */

/* A text that an expression compares a column with. */
struct named {
    size_t slot;
    struct lus_text text;
    const char *source; /* of the expression */
};
struct all_named {
    LUS_ARRAY(struct named) list;
};

static int list_named(struct all_named *all, const struct lus_expr *e)
{
    if (!e) return LUS_OK;
    LUS_TRY(list_named(all, e->left));
    LUS_TRY(list_named(all, e->right));
    if (e->kind != LUS_EXPR_TEXT || e->operand.is_factor) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&all->list, e->n_values));
    for (size_t i = 0; i < e->n_values; i++)
        all->list.at[all->list.n++] = (struct named){e->operand.index, e->texts[i], e->source};
    return LUS_OK;
}

static int list_all_named(struct all_named *all, const struct lus_plan *plan)
{
    LUS_TRY(list_named(all, plan->where));
    LUS_TRY(list_named(all, plan->of));
    for (size_t i = 0; i < plan->factors.n; i++) {
        const struct lus_factor *f = &plan->recipe.factors[plan->factors.at[i]];
        for (size_t k = 0; f->conditions && k < f->n_levels; k++)
            LUS_TRY(list_named(all, f->conditions[k]));
    }
    return LUS_OK;
}

static bool is_named(const struct all_named *all, size_t slot, struct lus_text text)
{
    for (size_t i = 0; i < all->list.n; i++)
        if (all->list.at[i].slot == slot && lus_text_equal(all->list.at[i].text, text)) return true;
    return false;
}

/* The texts of one column, after those that expressions name: who is like one of them is one. */
static int check_texts(const struct lus_plan *plan, const struct all_named *all, size_t slot,
                       const struct lus_dictionary *texts, struct bare_texts *b,
                       struct lus_error *err)
{
    struct lus_text first;
    const char *source = NULL;
    for (size_t i = 0; i < all->list.n; i++) {
        if (all->list.at[i].slot != slot) continue;
        source = all->list.at[i].source;
        if (first_alike(b, all->list.at[i].text, &first) != LUS_OK) return lus_fail_memory(err);
    }
    for (size_t i = 1; source && i < texts->texts.n; i++) {
        struct lus_text text = texts->texts.at[i];
        if (first_alike(b, text, &first) != LUS_OK) return lus_fail_memory(err);
        if (!is_named(all, slot, first) || is_named(all, slot, text)) continue;
        const char *name = lus_slot_name(plan, slot);
        return lus_fail(err, LUS_EDATA,
                        "%s: %s holds \"%.*s\" too, which differs from \"%.*s\" only in case or "
                        "blanks; name both: `%s` in (\"%.*s\", \"%.*s\") (in the expression: %s)",
                        plan->header->file, name, (int)text.n, text.p, (int)first.n, first.p, name,
                        (int)first.n, first.p, (int)text.n, text.p, source);
    }
    return LUS_OK;
}

static int check_expressions(const struct lus_plan *plan, const struct lus_counter *counters,
                             size_t n, struct lus_error *err)
{
    struct all_named all = {0};
    int status = list_all_named(&all, plan) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    for (size_t slot = 0; slot < plan->slots.n && all.list.n; slot++) {
        if (plan->slots.at[slot].kind != LUS_SLOT_LABEL) continue;
        for (size_t t = 0; t < n && status == LUS_OK; t++) {
            struct bare_texts b;
            status = bare_texts_init(&b) == LUS_OK ? LUS_OK : lus_fail_memory(err);
            if (status == LUS_OK)
                status = check_texts(plan, &all, slot,
                                     &counters[t].intake.values.columns[slot].dictionary, &b, err);
            bare_texts_free(&b);
        }
    }
    LUS_ARRAY_FREE(&all.list);
    return status;
}

int lus_check_alike(const struct lus_tally *tally, const struct lus_plan *plan,
                    const struct lus_counter *counters, size_t n, struct lus_error *err)
{
    LUS_TRY(check_expressions(plan, counters, n, err));
    for (size_t key = 0; key <= plan->n_keys; key++) {
        bool is_event = key == plan->n_keys;
        struct bare_texts b;
        int status = bare_texts_init(&b) == LUS_OK ? LUS_OK : lus_fail_memory(err);
        if (status == LUS_OK && !is_event) status = check_key(tally, plan, key, &b, err);
        if (status == LUS_OK && is_event && !plan->without_time)
            status = check_event(tally, &b, err);
        bare_texts_free(&b);
        LUS_TRY(status);
    }
    return LUS_OK;
}
