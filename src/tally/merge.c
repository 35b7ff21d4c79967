/* The sum of two tallies of one question: what one reading of all their rows gives. */
#include <stdlib.h>

#include "support/parallel.h"
#include "tally/gather.h"

int lus_stratum_level_order(const struct lus_stratum *a, const struct lus_stratum *b, size_t key)
{
    const char *x = a->levels[key], *y = b->levels[key];
    if (!x || !y) return x ? -1 : y ? 1 : 0; /* what is missing comes last */
    /* levels without a place come behind those that have one */
    unsigned long p = (unsigned long)a->places[key], q = (unsigned long)b->places[key];
    if (p != q) return p < q ? -1 : 1;
    return lus_text_order(lus_text_of(x), lus_text_of(y));
}

static int by_levels(const struct lus_stratum *a, const struct lus_stratum *b, size_t n_keys)
{
    int order = 0;
    for (size_t k = 0; k < n_keys && !order; k++)
        order = lus_stratum_level_order(a, b, k);
    return order;
}

/* --- strata --- */

static int copy_stratum(const struct lus_tally *into, const struct lus_stratum *s,
                        struct lus_stratum *out)
{
    struct lus_arena *arena = &into->memory->arena;
    const char **levels = lus_arena_alloc(arena, into->n_keys + 1, sizeof *levels);
    long *places = lus_arena_alloc(arena, into->n_keys + 1, sizeof *places);
    *out = (struct lus_stratum){.levels = levels, .places = places, .n_people = s->n_people};
    if (!levels || !places) return LUS_ENOMEM;
    for (size_t k = 0; k < into->n_keys; k++) {
        places[k] = s->places[k];
        if (!s->levels[k]) continue;
        levels[k] = lus_arena_copy(arena, s->levels[k], strlen(s->levels[k]));
        if (!levels[k]) return LUS_ENOMEM;
    }
    LUS_TRY(lus_counts_init(&out->counts, into->n_causes));
    return lus_counts_add(&out->counts, &s->counts, into->n_causes);
}

/* Strata of both, in their common order; those of `from` that are new are copied. */
static int merge_strata(struct lus_tally *into, const struct lus_tally *from)
{
    size_t n = into->n_strata, i = 0, j = 0, m = 0;
    struct lus_stratum *out = lus_alloc_zeroed(n + from->n_strata, sizeof *out);
    int status = out ? LUS_OK : LUS_ENOMEM;
    while (status == LUS_OK && (i < n || j < from->n_strata)) {
        const struct lus_stratum *next = j < from->n_strata ? &from->strata[j] : NULL;
        int order = !next ? -1 : i == n ? 1 : by_levels(&into->strata[i], next, into->n_keys);
        if (order > 0) {
            status = copy_stratum(into, next, &out[m++]);
        } else {
            out[m++] = into->strata[i++];
            if (order == 0) {
                status = lus_counts_add(&out[m - 1].counts, &next->counts, into->n_causes);
                out[m - 1].n_people += next->n_people;
            }
        }
        j += order >= 0;
    }
    if (!out) return status;
    for (; i < n; i++) /* after a failure: all are still to be freed */
        out[m++] = into->strata[i];
    free(into->strata);
    into->strata = out;
    into->n_strata = m;
    return status;
}

static int tabulate(void *context, size_t i)
{
    struct lus_tally *tally = context;
    return lus_stratum_tabulate(tally, &tally->strata[i]);
}

/* --- rules and notes --- */

static struct lus_rule *rule_of(struct lus_rule *rules, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rules[i].name, name) == 0) return &rules[i];
    return NULL;
}

/* Rules stand in one order, and either list may lack some. */
static int merge_rules(struct lus_tally *into, const struct lus_tally *from)
{
    struct lus_arena *arena = &into->memory->arena;
    struct lus_rule *out = lus_arena_alloc(arena, into->n_rules + from->n_rules, sizeof *out);
    size_t i = 0, n = 0;
    if (!out) return LUS_ENOMEM;
    for (size_t j = 0; j < from->n_rules; j++) {
        const struct lus_rule *rule = &from->rules[j];
        bool is_common = rule_of(into->rules + i, into->n_rules - i, rule->name) != NULL;
        while (is_common && strcmp(into->rules[i].name, rule->name) != 0)
            out[n++] = into->rules[i++];
        out[n] = is_common ? into->rules[i++] : *rule;
        if (is_common) out[n].left_out += rule->left_out;
        else out[n].name = lus_arena_copy(arena, rule->name, strlen(rule->name));
        if (!out[n++].name) return LUS_ENOMEM;
    }
    while (i < into->n_rules)
        out[n++] = into->rules[i++];
    into->rules = out;
    into->n_rules = n;
    return LUS_OK;
}

static int by_event_text(const void *a, const void *b)
{
    const struct lus_event_text *x = a, *y = b;
    return lus_text_order(lus_text_of(x->text), lus_text_of(y->text));
}

/* The event's texts of both, with their counts. */
static int merge_event_texts(struct lus_tally *into, const struct lus_tally *from)
{
    struct lus_arena *arena = &into->memory->arena;
    size_t n = into->n_event_texts;
    struct lus_event_text *out = lus_arena_alloc(arena, n + from->n_event_texts + 1, sizeof *out);
    if (!out) return LUS_ENOMEM;
    if (n) memcpy(out, into->event_texts, n * sizeof *out);
    for (size_t i = 0; i < from->n_event_texts; i++) {
        const struct lus_event_text *text = &from->event_texts[i];
        size_t k = 0;
        while (k < n && strcmp(out[k].text, text->text) != 0)
            k++;
        if (k < n) {
            out[k].n += text->n;
            continue;
        }
        out[n] = *text;
        out[n].text = lus_arena_copy(arena, text->text, strlen(text->text));
        if (!out[n++].text) return LUS_ENOMEM;
    }
    if (n) qsort(out, n, sizeof *out, by_event_text);
    into->event_texts = out, into->n_event_texts = n;
    return LUS_OK;
}

/* Doubts of both, each once. */
static int merge_doubts(struct lus_tally *into, const struct lus_tally *from)
{
    struct lus_arena *arena = &into->memory->arena;
    size_t n = into->n_doubts;
    struct lus_doubt *out = lus_arena_alloc(arena, n + from->n_doubts + 1, sizeof *out);
    if (!out) return LUS_ENOMEM;
    if (n) memcpy(out, into->doubts, n * sizeof *out);
    for (size_t i = 0; i < from->n_doubts; i++) {
        const struct lus_doubt *d = &from->doubts[i];
        size_t k = 0;
        while (k < n && strcmp(out[k].text, d->text) != 0)
            k++;
        if (k < n) continue;
        out[n] = (struct lus_doubt){lus_arena_copy(arena, d->text, strlen(d->text)), NULL,
                                    d->is_warning};
        if (d->discreet) out[n].discreet = lus_arena_copy(arena, d->discreet, strlen(d->discreet));
        if (!out[n].text || (d->discreet && !out[n].discreet)) return LUS_ENOMEM;
        n++;
    }
    into->doubts = out, into->n_doubts = n;
    return LUS_OK;
}

static void merge_notes(struct lus_tally *into, const struct lus_tally *from)
{
    into->n_rows += from->n_rows;
    into->n_analysed += from->n_analysed;
    into->zero_times += from->zero_times;
    into->late_entries += from->late_entries;
    into->rounded_time |= from->rounded_time;
    into->year_dates |= from->year_dates;
    into->has_dates |= from->has_dates;
    into->has_year_numbers |= from->has_year_numbers;
    into->month_dates |= from->month_dates;
}

/* --- what can be merged --- */

/* The clause at p and its length, without "; ". */
static size_t clause(const char *p)
{
    const char *end = strstr(p, "; ");
    return end ? (size_t)(end - p) : strlen(p);
}

static int fail_question(const char *a, const char *b, struct lus_error *err)
{
    while (*a && *b && clause(a) == clause(b) && strncmp(a, b, clause(a)) == 0) {
        a += clause(a) + 2;
        b += clause(b) + 2;
    }
    return lus_fail(err, LUS_EUSAGE, "tallies of two questions: \"%.*s\" here, \"%.*s\" there",
                    (int)clause(a), a, (int)clause(b), b);
}

static int check(const struct lus_tally *a, const struct lus_tally *b, struct lus_error *err)
{
    if (strcmp(a->question, b->question) != 0) return fail_question(a->question, b->question, err);
    if (a->needs_rows || a->has_fractional_weights || b->has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE,
                        "what needs single rows (weights that are not whole, one row per patient, "
                        "a life table) cannot be merged from counts");
    if ((a->has_dates && b->has_year_numbers) || (b->has_dates && a->has_year_numbers))
        return lus_fail(err, LUS_EUSAGE,
                        "the dates of one tally say that numbers of the other are years; write "
                        "years as YYYY-07-01");
    for (size_t i = 0; i < a->n_strata + b->n_strata; i++) {
        const struct lus_stratum *s = i < a->n_strata ? &a->strata[i] : &b->strata[i - a->n_strata];
        if (!s->counts.gone)
            return lus_fail(err, LUS_EUSAGE, "a tally that kept no counts cannot be merged");
    }
    return LUS_OK;
}

int lus_tally_merge(struct lus_tally *into, const struct lus_tally *from, struct lus_error *err)
{
    LUS_TRY(check(into, from, err));
    int status = merge_rules(into, from);
    if (status == LUS_OK) status = merge_event_texts(into, from);
    if (status == LUS_OK) status = merge_doubts(into, from);
    if (status == LUS_OK) status = merge_strata(into, from);
    if (status == LUS_OK) status = lus_parallel(into->n_strata, into->n_threads, tabulate, into);
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "the weights add up to more than 9e9; scale them down");
    if (status != LUS_OK) return lus_fail_memory(err);
    merge_notes(into, from);
    return LUS_OK;
}
