/* lustrum rates --each: everybody, and below them each factor of --by on its own, all of one
 * reading. */
#include <stdlib.h>

#include "command/rates.h"

struct each {
    char **names;
    size_t n; /* of parts: everybody first, then the names */
    struct lus_rates_asked *parts;
    struct lus_inputs inputs;
};

static int check(const struct lus_options *o, struct lus_error *err)
{
    if (!o->by) return lus_fail(err, LUS_EUSAGE, "--each wants --by: the factors");
    if (o->standardise) return lus_fail(err, LUS_EUSAGE, "--standardise goes without --each");
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE,
                        "--suppress goes without --each: what one factor hides another could "
                        "tell; give one factor at a time");
    return LUS_OK;
}

/* Asks for everybody and for each factor; the tables begin with the first. */
static int ask(struct each *e, const struct lus_options *o, struct lus_query *query,
               struct lus_result *r, struct lus_error *err)
{
    for (size_t i = 0; i < e->n; i++) {
        struct lus_rates_asked *x = &e->parts[i];
        *x = (struct lus_rates_asked){.o = o, .r = r, .is_each = true};
        query->by = i ? e->names[i - 1] : NULL;
        if (i) LUS_TRY(lus_reading_ask(e->inputs.reading, query, &x->tally, err));
        else LUS_TRY(lus_inputs_ask(o, query, &e->inputs, &x->tally, r, err));
        LUS_TRY(lus_rates_prepare(x, err));
        if (!i) LUS_TRY(lus_rates_tables_begin(x, err));
        x->table = e->parts->table, x->quantile_table = e->parts->quantile_table;
    }
    return LUS_OK;
}

/* Who is in none of a factor's levels. */
static void note_missing(const struct lus_rates_asked *all, const struct lus_rates_asked *x)
{
    uint64_t n = all->tally.n_analysed, of_levels = x->tally.n_analysed;
    if (of_levels < n)
        lus_document_note(&x->r->document, lus_of_method(),
                          "%s: %llu of %llu have no value and stand in no level.",
                          x->tally.labels[0], (unsigned long long)(n - of_levels),
                          (unsigned long long)n);
}

static int build(struct each *e, struct lus_result *r, struct lus_error *err)
{
    struct lus_rates_asked *all = e->parts;
    lus_document_key(&r->document,
                     LUS_KEY_OVERLAPS); /* who has a level of one has one of another */
    for (size_t i = 0; i < e->n; i++) {
        struct lus_rates_asked *x = &e->parts[i];
        LUS_TRY(lus_check_missing(&x->tally, err));
        lus_add_strata(r, &x->tally, 0);
        LUS_TRY(lus_rates_add(x, err));
        if (i) note_missing(all, x);
    }
    lus_add_method_notes(r, &all->tally, &all->fitting, false);
    lus_add_selection(r, &all->tally);
    return lus_add_warnings(all->o, r, &all->tally, &e->inputs, err);
}

int lus_rates_each(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct each e = {.names = NULL};
    struct lus_arena arena = {0};
    struct lus_query query;
    LUS_TRY(check(o, err));
    int status = lus_list_split(&arena, o->by, &e.names, &e.n, err);
    e.n++;
    if (status == LUS_OK && !(e.parts = lus_alloc_zeroed(e.n, sizeof *e.parts)))
        status = lus_fail_memory(err);
    if (status == LUS_OK) status = lus_query_of(o, &query, err);
    if (status == LUS_OK) status = ask(&e, o, &query, r, err);
    if (status == LUS_OK) status = lus_inputs_read(&e.inputs, &e.parts->tally, err);
    if (status == LUS_OK) status = build(&e, r, err);
    for (size_t i = 0; e.parts && i < e.n; i++)
        lus_rates_finish(&e.parts[i]);
    free(e.parts);
    lus_inputs_free(&e.inputs);
    lus_arena_free(&arena);
    return status;
}
