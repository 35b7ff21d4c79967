/* lustrum shares: what part of the people, with Wilson's interval, denominators and the missing
 * shown. */
#include <math.h>

#include "command/suppress.h"
#include "read/stream.h"

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

static bool same_by(const struct lus_tally *tally, const struct lus_stratum *a,
                    const struct lus_stratum *b)
{
    for (size_t k = 0; k < tally->n_by; k++) {
        if (!a->levels[k] != !b->levels[k]) return false;
        if (a->levels[k] && strcmp(a->levels[k], b->levels[k]) != 0) return false;
    }
    return true;
}

/* The people of a by-group whose value is known: of the run of strata, which are sorted, that
 * begins at *first and ends before *end. Both are moved on when stratum i is beyond. */
static double denominator(const struct lus_tally *tally, size_t i, size_t *first, size_t *end)
{
    if (i >= *end) {
        *first = i;
        for (*end = i + 1;
             *end < tally->n_strata && same_by(tally, &tally->strata[i], &tally->strata[*end]);)
            ++*end;
    }
    double sum = 0;
    for (size_t k = *first; k < *end; k++)
        if (tally->strata[k].levels[tally->n_by]) sum += tally->strata[k].table.total;
    return sum;
}

static struct lus_table *start_table(struct lus_result *r, const struct lus_tally *tally,
                                     const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = lus_document_table(d, "shares", "");
    lus_add_by_columns(r, t, tally);
    COLUMN(.name = "level", .header = lus_document_text(d, "%s", tally->labels[tally->n_by]));
    COLUMN(.name = "n", .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "of", .header = "of", .kind = LUS_COLUMN_COUNT);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "share", .header = lus_document_text(d, "share (%g %%)", 100 * conf->level),
           .kind = LUS_COLUMN_SHARE, .low = at + 1, .high = at + 2);
    COLUMN(.name = "conf_low", .header = "low", .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "conf_high", .header = "high", .kind = LUS_COLUMN_SHARE, .machines_only = true);
    return t;
}

/* level: what stands in the column; NULL: missing, which has no share. */
static void add_row(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_stratum *s, const char *level, double n, double of,
                    const struct lus_conf *conf)
{
    struct lus_document *d = &r->document;
    double low = NAN, high = NAN;
    if (level) lus_wilson(n, of, conf->level, &low, &high);
    lus_add_levels(r, t, tally, s);
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
    size_t first = 0, end = 0;
    double of = 0;
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        if (i >= end) of = denominator(tally, i, &first, &end); /* one sum for each by-group */
        add_row(r, t, tally, s, s->levels[tally->n_by], s->table.total, of, conf);
    }
}

/* A name or a text as an expression has it: quotes inside are doubled. */
static void put_quoted(struct lus_string *out, char quote, const char *text)
{
    lus_string_add(out, &quote, 1);
    for (const char *c = text; *c; c++) {
        if (*c == quote) lus_string_add(out, c, 1);
        lus_string_add(out, c, 1);
    }
    lus_string_add(out, &quote, 1);
}

/* Levels that overlap are counted one by one, each of those for whom it is known, in one reading
 * each. */
static int add_overlapping(struct lus_result *r, struct lus_table *t, const struct lus_tally *all,
                           const struct lus_query *query, const struct lus_conf *conf,
                           long suppress, struct lus_error *err)
{
    if (!lus_can_read_again(query->files, query->n_files))
        return lus_fail(err, LUS_EUSAGE,
                        "levels that overlap are counted in one reading each: give a regular file");
    if (suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress cannot protect shares of levels that overlap");
    for (size_t k = 0; k < all->n_of_levels; k++) {
        struct lus_query one = *query;
        struct lus_tally tally;
        struct lus_string condition = {0};
        put_quoted(&condition, '`', all->keys[all->n_by]);
        lus_string_put(&condition, " == ");
        put_quoted(&condition, '"', all->of_levels[k]);
        one.of = condition.failed ? NULL : lus_document_text(&r->document, "%s", condition.at);
        lus_string_free(&condition);
        if (!one.of) return lus_fail_memory(err);
        LUS_TRY(lus_tally_read(&one, &tally, err));
        size_t first = 0, end = 0;
        for (size_t i = 0; i < tally.n_strata; i++) {
            const struct lus_stratum *s = &tally.strata[i];
            const char *truth = s->levels[tally.n_by];
            double of = denominator(&tally, i, &first, &end);
            if (truth && strcmp(truth, "yes") == 0)
                add_row(r, t, &tally, s, all->of_levels[k], s->table.total, of, conf);
        }
        lus_tally_free(&tally);
    }
    lus_document_note(&r->document,
                      "The levels overlap; each is a share of those for whom it is known.");
    return LUS_OK;
}

int lus_shares(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    struct lus_conf conf;
    int status = lus_query_of(o, &query, err);
    if (status == LUS_OK && !o->of)
        status = lus_fail(err, LUS_EUSAGE, "shares needs --of COL or --of EXPR");
    query.of = o->of;
    query.without_time = true;
    if (status == LUS_OK) status = lus_conf_of(o, &conf, err);
    if (status == LUS_OK) status = lus_read(&query, &tally, r, err);
    if (status == LUS_OK && tally.has_fractional_weights)
        status = lus_fail(err, LUS_EDATA, "%s: shares take case weights that are whole numbers",
                          tally.file);
    if (status == LUS_OK) {
        struct lus_table *t = start_table(r, &tally, &conf);
        status = lus_check_names(&tally, t, err);
        if (status == LUS_OK && tally.n_of_levels)
            status = add_overlapping(r, t, &tally, &query, &conf, o->suppress, err);
        else if (status == LUS_OK) add_levels(r, t, &tally, &conf);
    }
    if (status == LUS_OK) {
        lus_document_note(&r->document,
                          "Shares of the people whose value is known; Wilson's interval, %g %%.",
                          100 * conf.level);
        lus_add_selection(r, &tally);
        status = lus_suppress(r, &tally, tally.n_by + 1, o->suppress, err);
    }
    lus_tally_free(&tally);
    return status;
}
