/* Another mix by a model: everybody of a group at each level of the mix's factor, the other columns
 * as they are, put together with the mix's shares. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "regress/regress.h"
#include "support/error.h"
#include "support/number.h"

/* A model of a group's people. */
struct lus_adjusted {
    struct lus_group group;
    struct lus_cox *fit;
    struct lus_cox_sums sums;
    size_t part;       /* of the formula: the mix's factor */
    double *shares;    /* by its levels */
    const char *words; /* why there is none; NULL: there is */
};

/* "factor(`receptor`) + `age_group`" */
static const char *model_of(struct lus_context_memory *m)
{
    const struct lus_context_query *q = &m->query;
    struct lus_string s = {0};
    lus_string_put(&s, "factor(");
    lus_string_quote(&s, '`', q->mix.factor);
    lus_string_put(&s, ")");
    for (size_t i = 0; i < q->n_adjust; i++) {
        if (strcmp(q->adjust[i], q->mix.factor) == 0) continue;
        lus_string_put(&s, " + ");
        lus_string_quote(&s, '`', q->adjust[i]);
    }
    const char *out = s.failed ? NULL : lus_arena_copy(&m->arena, s.at, s.n);
    lus_string_free(&s);
    return out;
}

/* The query of a group alone. */
static int query_of(struct lus_context_memory *m, struct lus_group group, struct lus_query *query,
                    struct lus_error *err)
{
    const char *is = group.question->conditions.at[group.condition];
    LUS_TRY(lus_question_query(m, group.question, query, err));
    query->demography = NULL, query->missing_as_level = false, query->may_be_empty = true;
    if (is && query->where) is = lus_arena_print(&m->arena, "(%s) and (%s)", query->where, is);
    if (is) query->where = is;
    return group.condition && !is ? lus_fail_memory(err) : LUS_OK;
}

static struct lus_adjusted *find(struct lus_context_memory *m, struct lus_group group)
{
    for (size_t i = 0; i < m->n_adjusted; i++)
        if (m->adjusted[i].group.question == group.question &&
            m->adjusted[i].group.condition == group.condition)
            return &m->adjusted[i];
    return NULL;
}

static int ask(struct lus_context_memory *m, struct lus_group group, const char *model,
               struct lus_error *err)
{
    struct lus_adjusted *a = &m->adjusted[m->n_adjusted++];
    struct lus_query query;
    const struct lus_cox_question question = {
        .model = model, .ties = LUS_TIES_EFRON, .conf_level = m->query.conf_level};
    *a = (struct lus_adjusted){.group = group};
    LUS_TRY(query_of(m, group, &query, err));
    LUS_TRY(lus_cox_open(&question, &query, &a->fit, err));
    LUS_TRY(lus_reading_ask(m->reading, &query, &a->fit->tally, err));
    return lus_cox_find_events(a->fit, err);
}

static bool is_asked(const struct lus_context *c, size_t i)
{
    const struct lus_figure *f = c->answers[i].figure;
    const struct lus_group group = c->memory->asked[i].of[0];
    bool is_survival = lus_is_survival(f) || (f->statistic == LUS_STATISTIC_SOME && f->at > 0);
    return is_survival && f->measure != LUS_MEASURE_RS && group.question &&
           group.question->n_tallies && !lus_group_absent(group);
}

int lus_adjust_ask(struct lus_context *c, struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    if (!m->query.n_adjust) return LUS_OK;
    const char *model = model_of(m);
    m->adjusted = lus_arena_alloc(&m->arena, c->figures.n + 1, sizeof *m->adjusted);
    if (!model || !m->adjusted) return lus_fail_memory(err);
    for (size_t i = 0; i < c->figures.n; i++)
        if (is_asked(c, i) && !find(m, m->asked[i].of[0]))
            LUS_TRY(ask(m, m->asked[i].of[0], model, err));
    return LUS_OK;
}

/* The mix's factor in the model, and the shares in the order of its levels. */
static int place_shares(struct lus_context_memory *m, struct lus_adjusted *a, struct lus_error *err)
{
    const struct lus_mix *mix = &m->query.mix;
    const struct lus_design *d = &a->fit->design;
    while (strcmp(a->fit->formula.parts[a->part].column, mix->factor) != 0)
        a->part++;
    const struct lus_basis *basis = &d->bases[a->part];
    a->shares = lus_arena_alloc(&m->arena, basis->width, sizeof *a->shares);
    if (!a->shares) return lus_fail_memory(err);
    for (size_t i = 0; i < mix->n; i++) {
        size_t l = 0;
        while (l < basis->width && strcmp(basis->levels[l], mix->levels[i]) != 0)
            l++;
        if (l < basis->width) a->shares[l] = mix->shares[i];
        else if (mix->shares[i] > 0)
            a->words = lus_arena_print(&m->arena, "nobody has %s \"%s\"", mix->factor,
                                       mix->levels[i]);
        if (l == basis->width && mix->shares[i] > 0 && !a->words) return lus_fail_memory(err);
    }
    return LUS_OK;
}

int lus_adjust_fit(struct lus_context *c, struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    for (size_t i = 0; i < m->n_adjusted; i++) {
        struct lus_adjusted *a = &m->adjusted[i];
        struct lus_error said = LUS_ERROR_INIT;
        if (!a->fit->tally.frame.n) {
            a->words = lus_why_text(LUS_WHY_NO_ROWS);
            continue;
        }
        int status = lus_cox_make(a->fit, &said);
        if (status == LUS_ENOMEM) return lus_fail_memory(err);
        if (status != LUS_OK) {
            a->words = lus_arena_print(&m->arena, "%s", said.message);
            if (!a->words) return lus_fail_memory(err);
            continue;
        }
        LUS_TRY(place_shares(m, a, err));
        if (lus_cox_sums_make(a->fit, &a->sums) != LUS_OK) return lus_fail_memory(err);
    }
    return LUS_OK;
}

void lus_adjust_free(struct lus_context_memory *m)
{
    for (size_t i = 0; i < m->n_adjusted; i++) {
        lus_cox_sums_free(&m->adjusted[i].sums);
        lus_cox_free(m->adjusted[i].fit);
    }
    m->n_adjusted = 0;
}

/* --- values --- */

/* The first time of events at which half of the people of the mix are dead; LUS_TIME_MAX: never.
 * Survival falls, so the times are halved. */
static int find_median(const struct lus_adjusted *a, lus_time *out)
{
    const struct lus_partial *q = &a->fit->partial;
    size_t n = q->n_times, low = 0, high = n; /* of the times from the earliest: */
    double survival, error;
    *out = LUS_TIME_MAX;
    if (a->fit->design.n_strata != 1) return LUS_OK;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        LUS_TRY(lus_cox_mix(a->fit, &a->sums, a->part, q->time[n - 1 - middle], a->shares,
                            &survival, &error));
        if (survival <= 0.5) high = middle;
        else low = middle + 1;
    }
    if (low < n) *out = q->time[n - 1 - low];
    return LUS_OK;
}

static int value_of(struct lus_context *c, struct lus_answer *answer, const struct lus_adjusted *a,
                    struct lus_error *err)
{
    const struct lus_figure *f = answer->figure;
    struct lus_adjusted_value *v = &answer->adjusted;
    double survival, error;
    lus_time median;
    if (f->statistic == LUS_STATISTIC_MEDIAN) {
        if (find_median(a, &median) != LUS_OK) return lus_fail_memory(err);
        if (median < LUS_TIME_MAX) v->value = lus_time_in(median, f->unit);
        else v->words = lus_why_text(LUS_WHY_NOT_REACHED);
        return LUS_OK;
    }
    if (f->at > lus_cox_last_exit(a->fit, 0)) {
        v->words = lus_why_text(LUS_WHY_BEYOND_FOLLOW_UP);
        return LUS_OK;
    }
    if (lus_cox_mix(a->fit, &a->sums, a->part, f->at, a->shares, &survival, &error) != LUS_OK)
        return lus_fail_memory(err);
    v->value = survival;
    lus_interval(&c->memory->fitting.conf, survival, error, &v->low, &v->high);
    if (f->statistic == LUS_STATISTIC_DEATH) {
        double low = v->low;
        v->value = 1 - v->value, v->low = 1 - v->high, v->high = 1 - low;
    }
    return LUS_OK;
}

int lus_adjust_value(struct lus_context *c, struct lus_answer *answer, struct lus_group group,
                     struct lus_error *err)
{
    const struct lus_adjusted *a = find(c->memory, group);
    if (!a) return LUS_OK;
    answer->adjusted.is_asked = true;
    answer->adjusted.people = a->fit->tally.frame.n_people;
    answer->adjusted.words = a->words;
    return a->words ? LUS_OK : value_of(c, answer, a, err);
}
