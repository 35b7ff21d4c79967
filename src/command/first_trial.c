/* What stops a file that is read as a first recipe guesses it. */
#include <math.h>
#include <stdio.h>

#include "command/first.h"

static void put_option(struct lus_string *out, const struct lus_profile_column *const *columns,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? "," : "");
        lus_string_quote(out, '`', columns[i]->name);
    }
}

/* The query that the guess amounts to; its texts are in `texts`. */
struct trial {
    struct lus_query query;
    struct lus_string exit, origin, event, entry, where;
};

static void free_trial(struct trial *t)
{
    lus_string_free(&t->exit), lus_string_free(&t->origin);
    lus_string_free(&t->event), lus_string_free(&t->entry), lus_string_free(&t->where);
}

static int make_trial(const struct lus_guess *g, const struct lus_options *o, struct trial *t,
                      struct lus_error *err)
{
    LUS_TRY(lus_query_of(o, &t->query, err));
    put_option(&t->exit, g->times, g->n_times);
    put_option(&t->event, &g->event, 1);
    for (size_t i = 0; i < g->n_levels; i++) {
        lus_string_put(&t->event, i ? "," : "=");
        lus_string_quote(&t->event, '`', g->levels[i]);
    }
    if (g->origin) put_option(&t->origin, &g->origin, 1);
    if (g->entry) put_option(&t->entry, &g->entry, 1);
    if (g->where) lus_string_print(&t->where, "(%s)", g->where);
    if (!isnan(g->code)) { /* what will be missing */
        lus_string_put(&t->where, t->where.n ? " and " : "");
        lus_string_quote(&t->where, '`', g->times[0]->name);
        lus_string_print(&t->where, " != %.0f", g->code);
    }
    t->query.no_recipe = true, t->query.unit = g->unit;
    t->query.event = t->event.at, t->query.where = t->where.at;
    t->query.time = g->origin ? NULL : t->exit.at, t->query.to = g->origin ? t->exit.at : NULL;
    t->query.from = g->origin ? t->origin.at : NULL;
    t->query.entry = g->entry ? t->entry.at : NULL;
    if (!g->entry) t->query.id = "none"; /* its question is put below */
    bool failed = t->exit.failed || t->origin.failed || t->event.failed || t->entry.failed ||
                  t->where.failed;
    return failed ? lus_fail_memory(err) : LUS_OK;
}

/* Reads; what stops it is said in `trouble`. */
static int run_trial(const struct lus_query *query, char *trouble, size_t room, uint64_t *n_bad,
                     struct lus_error *err)
{
    struct lus_tally tally = {0};
    struct lus_error said = LUS_ERROR_INIT;
    *trouble = 0;
    int status = lus_tally_read(query, &tally, &said);
    for (size_t i = 0; status == LUS_OK && i < tally.n_rules; i++)
        if (strncmp(tally.rules[i].name, "bad", 3) == 0) *n_bad += tally.rules[i].left_out;
    lus_tally_free(&tally);
    if (status != LUS_EDATA && status != LUS_EUSAGE)
        return status == LUS_OK ? LUS_OK : lus_fail_as(err, status, &said);
    (void)snprintf(trouble, room, "%s", said.message);
    return LUS_OK;
}

/* A row for each change of state that could happen, as mstate makes them: the same days of a person
 * stand in several rows, and which state is the event nobody can tell. */
static bool has_transitions(struct lus_first *f)
{
    const struct lus_profile_column *to = lus_profile_find(&f->profile, "to");
    if (!to || !lus_profile_find(&f->profile, "from") || !lus_profile_find(&f->profile, "trans"))
        return false;
    (void)snprintf(f->trouble, sizeof f->trouble,
                   "each row is a change of state that could happen (from, to): which state is the "
                   "event? `where: 'to == %s'` takes the rows that lead there",
                   to->n_values ? to->values[to->n_values - 1] : "3");
    return true;
}

bool lus_first_has_open_dates(const struct lus_guess *g)
{
    bool is_open = g->origin && (g->origin->is_ambiguous || g->origin->has_short_years);
    for (size_t i = 0; i < g->n_times; i++)
        is_open |= g->times[i]->is_ambiguous || g->times[i]->has_short_years;
    return is_open;
}

/* Reads the file as the guess has it: what would stop there is a question here. A few bad rows are
 * one of their own: which columns are meant is plain all the same. */
int lus_first_try(struct lus_first *f, const struct lus_options *o, struct lus_error *err)
{
    enum { ONE_IN = 20 };
    const struct lus_guess *g = &f->guess;
    struct trial t = {.exit = {0}};
    if (has_transitions(f) || lus_first_has_open_dates(g) || !g->n_times || !g->unit || !g->event ||
        !g->n_levels)
        return LUS_OK;
    int status = make_trial(g, o, &t, err);
    if (status == LUS_OK)
        status = run_trial(&t.query, f->trouble, sizeof f->trouble, &f->n_bad, err);
    if (status == LUS_OK && *f->trouble) {
        char again[sizeof f->trouble];
        t.query.drop_bad = 1, f->n_bad = 0;
        status = run_trial(&t.query, again, sizeof again, &f->n_bad, err);
        if (status == LUS_OK && !*again && f->n_bad && f->n_bad * ONE_IN <= f->profile.n_rows) {
            memcpy(f->bad_row, f->trouble, sizeof f->bad_row);
            *f->trouble = 0;
        }
    }
    free_trial(&t);
    return status;
}
