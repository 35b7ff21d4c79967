/* lustrum shares: what part of the people, with Wilson's interval, denominators and the missing
 * shown. */
#include <math.h>
#include <stdlib.h>

#include "command/option.h"
#include "command/reading.h"

static const struct lus_option options[] = {
    TEXT("of", 0, "COL|EXPR", of,
         "what is counted: the levels of a column or factor, or whether EXPR holds"),
    END};
const struct lus_option_group lus_counting_options = {"Counting", options};

/* The people of a by-group, strata [first, end), whose value is known. */
static double denominator(const struct lus_tally *tally, size_t first, size_t end)
{
    double sum = 0;
    for (size_t k = first; k < end; k++)
        if (tally->strata[k].levels[tally->n_by]) sum += tally->strata[k].table.total;
    return sum;
}

static struct lus_table *start_table(struct lus_result *r, const struct lus_tally *tally,
                                     const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = lus_document_table(d, "shares", "");
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "level", .role = LUS_ROLE_KEY,
           .header = lus_document_text(d, "%s", tally->labels[tally->n_by]));
    /* levels that overlap are those of a whole who have it, and who have not */
    COLUMN(.name = "n", .role = tally->n_of_levels ? LUS_ROLE_EVENTS : LUS_ROLE_COUNT,
           .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "of", .role = LUS_ROLE_COUNT, .header = "of", .kind = LUS_COLUMN_COUNT);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "share", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "share (%g %%)", 100 * conf->level),
           .kind = LUS_COLUMN_SHARE, .low = at + 1, .high = at + 2);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    return t;
}

/* A row of a stratum by its number. level: what stands in the column; NULL: missing, which has no
 * share. */
static void add_row(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_stratum *s, size_t number, const char *level, double n,
                    double of, const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    double low = NAN, high = NAN;
    if (level) lus_wilson(n, of, conf->level, &low, &high);
    lus_add_levels(r, t, tally, s);
    lus_table_row(d, t, number);
    lus_table_text(d, t, level ? lus_document_text(d, "%s", level) : "missing");
    lus_table_number(d, t, n);
    lus_table_cell(d, t, (struct lus_cell){.number = level ? of : NAN});
    lus_table_cell(d, t, (struct lus_cell){.number = level ? n / of : NAN});
    lus_table_number(d, t, low);
    lus_table_number(d, t, high);
}

static void add_levels(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                       const struct lus_conf *conf)
{
    size_t end = 0;
    double of = 0;
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        if (i == end) of = denominator(tally, i, end = lus_cell_end(tally, i));
        add_row(r, t, tally, s, lus_number_of(r, tally, s), s->levels[tally->n_by], s->table.total,
                of, conf);
    }
}

/* Levels that overlap: each is a question of its own, of those for whom it is known; all are
 * answered in one reading. */
static int ask_levels(struct lus_result *r, const struct lus_tally *all,
                      const struct lus_query *query, struct lus_inputs *inputs,
                      struct lus_tally *levels, struct lus_error *err)
{
    for (size_t k = 0; k < all->n_of_levels; k++) {
        struct lus_query one = *query;
        struct lus_string condition = {0};
        lus_string_quote(&condition, '`', all->keys[all->n_by]);
        lus_string_put(&condition, " == ");
        lus_string_quote(&condition, '"', all->of_levels[k]);
        one.of = lus_document_keep(&r->document, &condition);
        LUS_TRY(lus_reading_ask(inputs->reading, &one, &levels[k], err));
    }
    return LUS_OK;
}

/* A level of a by-group as the document knows it: of those for whom it is known, those who have
 * it. */
static size_t number_of_level(struct lus_result *r, const struct lus_tally *tally,
                              const struct lus_stratum *s, const char *level, double of)
{
    const char **levels = lus_alloc(tally->n_by + 1, sizeof *levels);
    if (!levels) {
        r->document.failed = true;
        return LUS_UNSAID;
    }
    for (size_t k = 0; k < tally->n_by; k++)
        levels[k] = s->levels[k];
    levels[tally->n_by] = level;
    size_t number = lus_document_stratum(&r->document,
                                         &(struct lus_headcount){levels, of, s->table.total});
    free(levels);
    return number;
}

/* The strata of levels that overlap may be subtracted from one another in ways that nobody can
 * foresee, as those of a level that is one of two others: of a group all are hidden or none. */
static void add_overlapping_keys(struct lus_result *r, const struct lus_tally *tally)
{
    for (size_t k = 0; k < tally->n_by; k++)
        lus_document_key(&r->document, tally->overlaps ? LUS_KEY_OVERLAPS : LUS_KEY_ADDS_UP);
    lus_document_key(&r->document, LUS_KEY_SHARES);
}

static void add_level_rows(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                           const char *level, const struct lus_conf *conf)
{
    size_t end = 0;
    double of = 0;
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        const char *truth = s->levels[tally->n_by];
        if (i == end) of = denominator(tally, i, end = lus_cell_end(tally, i));
        if (truth && strcmp(truth, "yes") == 0)
            add_row(r, t, tally, s, number_of_level(r, tally, s, level, of), level, s->table.total,
                    of, conf);
    }
}

static void add_overlapping(struct lus_result *r, struct lus_table *t, const struct lus_tally *all,
                            const struct lus_tally *levels, const struct lus_conf *conf)
{
    add_overlapping_keys(r, &levels[0]);
    for (size_t k = 0; k < all->n_of_levels; k++)
        add_level_rows(r, t, &levels[k], all->of_levels[k], conf);
    lus_document_note(&r->document, lus_of_method(),
                      "The levels overlap; each is a share of those for whom it is known.");
}

struct shares {
    struct lus_inputs inputs;
    struct lus_tally tally, *levels; /* levels: by level that overlaps */
    struct lus_conf conf;
};

static int read_rows(struct shares *x, const struct lus_options *o, struct lus_result *r,
                     struct lus_error *err)
{
    struct lus_query query;
    LUS_TRY(lus_query_of(o, &query, err));
    query.of = o->of;
    query.without_time = true;
    LUS_TRY(lus_conf_of(o, &x->conf, err));
    LUS_TRY(lus_inputs_ask(o, &query, &x->inputs, &x->tally, r, err));
    x->levels = lus_alloc_zeroed(x->tally.n_of_levels + 1, sizeof *x->levels);
    if (!x->levels) return lus_fail_memory(err);
    LUS_TRY(ask_levels(r, &x->tally, &query, &x->inputs, x->levels, err));
    return lus_inputs_read(&x->inputs, &x->tally, err);
}

static int build(struct shares *x, struct lus_result *r, struct lus_error *err)
{
    if (x->tally.has_fractional_weights)
        return lus_fail(
            err, LUS_EDATA,
            "%s: shares take weights that are copies: whole numbers, or --weight-is copies",
            x->tally.file);
    struct lus_table *t = start_table(r, &x->tally, &x->conf);
    LUS_TRY(lus_check_names(&x->tally, t, err));
    if (x->tally.n_of_levels) add_overlapping(r, t, &x->tally, x->levels, &x->conf);
    else lus_add_strata(r, &x->tally, x->tally.n_by + 1), add_levels(r, t, &x->tally, &x->conf);
    lus_document_note(&r->document, lus_of_method(),
                      "Shares of the people whose value is known; Wilson's interval, %g %%.",
                      100 * x->conf.level);
    lus_add_selection(r, &x->tally);
    return LUS_OK;
}

int lus_shares(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct shares x = {0};
    if (!o->of) return lus_fail(err, LUS_EUSAGE, "shares needs --of COL or --of EXPR");
    int status = read_rows(&x, o, r, err);
    if (status == LUS_OK) status = build(&x, r, err);
    lus_inputs_free(&x.inputs);
    for (size_t k = 0; x.levels && k < x.tally.n_of_levels; k++)
        lus_tally_free(&x.levels[k]);
    free(x.levels);
    lus_tally_free(&x.tally);
    return status;
}
