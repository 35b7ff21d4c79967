/* Questions to tallies, each of as many conditions as one takes, all of one reading; and the people
 * of a group. */
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "support/error.h"
#include "support/number.h"

/* The first condition of every tally is everybody. */
enum { EACH = LUS_MOST_CONDITIONS - 1 };

static size_t tally_of(size_t condition)
{
    return condition ? (condition - 1) / EACH : 0;
}

static size_t place_of(size_t condition)
{
    return condition ? (condition - 1) % EACH + 1 : 0;
}

/* The event of a cause, as --event says it: `column`=`level`,`level`. */
static int name_event(struct lus_context_memory *m, const char **out, struct lus_error *err)
{
    const struct lus_cause *cause = m->recipe->event.cause;
    struct lus_string event = {0};
    lus_string_quote(&event, '`', m->recipe->event.column);
    for (size_t i = 0; i < cause->n_levels; i++) {
        lus_string_put(&event, i ? "," : "=");
        lus_string_quote(&event, '`', cause->levels[i]);
    }
    *out = event.failed ? NULL : lus_arena_copy(&m->arena, event.at, event.n);
    lus_string_free(&event);
    return *out ? LUS_OK : lus_fail_memory(err);
}

int lus_question_query(struct lus_context_memory *m, const struct lus_question *q,
                       struct lus_query *query, struct lus_error *err)
{
    *query = *m->query.patients;
    bool counts_persons = m->query.life_table && m->recipe->population.sex && !q->ignores_entry &&
                          !q->number;
    if (counts_persons) query->demography = &m->demography;
    if (q->number) {
        query->by = q->number, query->without_time = true;
    } else if (m->query.mix.n) {
        query->by = m->query.mix.factor, query->missing_as_level = true;
    }
    if (q->ignores_entry) query->ignore_entry = true;
    return q->of_cause ? name_event(m, &query->event, err) : LUS_OK;
}

static int ask_question(struct lus_context_memory *m, struct lus_question *q, struct lus_error *err)
{
    const char *conditions[LUS_MOST_CONDITIONS] = {NULL};
    struct lus_query query;
    struct lus_error inner = LUS_ERROR_INIT;
    if (!q->conditions.n) return LUS_OK;
    LUS_TRY(lus_question_query(m, q, &query, err));
    query.conditions = conditions;
    size_t n = tally_of(q->conditions.n - 1) + 1;
    q->tallies = lus_alloc_zeroed(n, sizeof *q->tallies);
    if (!q->tallies) return lus_fail_memory(err);
    for (; q->n_tallies < n; q->n_tallies++) {
        size_t t = q->n_tallies;
        query.n_conditions = 1;
        for (size_t k = t * EACH + 1; k < q->conditions.n && tally_of(k) == t; k++)
            conditions[query.n_conditions++] = q->conditions.at[k];
        int status = lus_reading_ask(m->reading, &query, &q->tallies[t], &inner);
        if (status == LUS_OK) continue;
        lus_tally_free(&q->tallies[t]);
        if (inner.code == LUS_ERROR_NO_COLUMN && q->number) q->is_absent = true;
        return q->is_absent ? LUS_OK : lus_fail_as(err, status, &inner);
    }
    return LUS_OK;
}

int lus_questions_ask(struct lus_context *c, struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    LUS_TRY(ask_question(m, &m->overall, err));
    c->tally = &m->overall.tallies[0];
    if (c->tally->has_entry) LUS_TRY(ask_question(m, &m->without_entry, err));
    LUS_TRY(ask_question(m, &m->of_cause, err));
    for (size_t i = 0; i < m->n_numbers; i++)
        LUS_TRY(ask_question(m, &m->numbers[i], err));
    return LUS_OK;
}

void lus_question_free(struct lus_question *q)
{
    for (size_t t = 0; t < q->n_tallies; t++)
        lus_tally_free(&q->tallies[t]);
    free(q->tallies);
    LUS_ARRAY_FREE(&q->conditions);
}

/* --- groups --- */

const char *lus_group_absent(struct lus_group group)
{
    const struct lus_question *q = group.question;
    return q && q->n_tallies ? lus_tally_condition(&q->tallies[tally_of(group.condition)],
                                                   place_of(group.condition))
                             : NULL;
}

/* Whether a stratum is of the group, and of one level of the first key where not NULL. */
static bool is_of(struct lus_group group, const struct lus_tally *tally,
                  const struct lus_stratum *s, const char *level)
{
    return lus_stratum_condition(tally, s) == place_of(group.condition) &&
           (!level || (s->levels[0] && strcmp(s->levels[0], level) == 0));
}

int lus_group_table(struct lus_group group, const char *level, struct lus_event_table *out,
                    struct lus_error *err)
{
    const struct lus_tally *tally = &group.question->tallies[tally_of(group.condition)];
    const struct lus_event_table **tables = lus_alloc(tally->n_strata, sizeof *tables);
    size_t n = 0;
    if (!tables) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++)
        if (is_of(group, tally, &tally->strata[i], level)) tables[n++] = &tally->strata[i].table;
    int status = lus_event_table_sum(tables, n, out);
    free(tables);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

double lus_group_people(struct lus_group group)
{
    const struct lus_tally *tally = &group.question->tallies[tally_of(group.condition)];
    double n = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (is_of(group, tally, &tally->strata[i], NULL)) n += tally->strata[i].table.total;
    return n;
}

double lus_group_rows(struct lus_group group, const char *level)
{
    const struct lus_tally *tally = &group.question->tallies[tally_of(group.condition)];
    double n = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (is_of(group, tally, &tally->strata[i], level)) n += tally->strata[i].n_people;
    return n;
}

int lus_group_persons(struct lus_group group, struct lus_cohort *out, struct lus_error *err)
{
    const struct lus_tally *tally = &group.question->tallies[tally_of(group.condition)];
    const struct lus_cohort **lists = lus_alloc(tally->n_strata, sizeof *lists);
    size_t n = 0;
    if (!lists) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++)
        if (is_of(group, tally, &tally->strata[i], NULL)) lists[n++] = &tally->strata[i].cohort;
    int status = lus_cohort_join(lists, n, out);
    free(lists);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_group_counts(struct lus_group group, struct lus_counted **out, size_t *n,
                     const char **not_a_number, struct lus_error *err)
{
    const struct lus_tally *tally = &group.question->tallies[tally_of(group.condition)];
    struct lus_counted *counts = lus_alloc(tally->n_strata, sizeof *counts);
    *out = counts, *n = 0, *not_a_number = NULL;
    if (!counts) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        const char *text = s->levels[0];
        if (!text || !is_of(group, tally, s, NULL)) continue;
        if (lus_number_parse(text, strlen(text), &counts[*n].value) == LUS_NUMBER_OK)
            counts[(*n)++].n = s->table.total;
        else if (!*not_a_number) *not_a_number = text;
    }
    return LUS_OK;
}
