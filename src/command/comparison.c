#include "command/comparison.h"

#include <math.h>

#include "support/number.h"

int lus_figures_named(const char *list, struct lus_figures *out, struct lus_error *err)
{
    struct lus_arena arena = {0};
    char **paths;
    size_t n;
    int status = lus_list_split(&arena, list, &paths, &n, err);
    if (status == LUS_OK) status = lus_figures_read((const char *const *)paths, n, out, err);
    lus_arena_free(&arena);
    return status;
}

/* LEVEL:SHARE; the level may stand in quotes. */
static int parse_share(char *text, const char **level, double *share, struct lus_error *err)
{
    char *colon = strrchr(text, ':');
    if (!colon || lus_number_parse(colon + 1, strlen(colon + 1), share) != LUS_NUMBER_OK ||
        *share < 0)
        return lus_fail(err, LUS_EUSAGE, "--mix: \"%s\" is not LEVEL:SHARE", text);
    *colon = 0;
    *level = text;
    size_t n = strlen(text);
    if (n >= 2 && text[0] == '"' && text[n - 1] == '"') text[n - 1] = 0, ++*level;
    return LUS_OK;
}

/* FACTOR=LEVEL:SHARE,... */
static int parse_mix(struct lus_comparison *x, struct lus_error *err)
{
    const char *equals = x->o->mix ? strchr(x->o->mix, '=') : NULL;
    char **parts;
    size_t n;
    double sum = 0;
    if (!x->o->mix) return LUS_OK;
    if (!equals)
        return lus_fail(err, LUS_EUSAGE,
                        "--mix takes FACTOR=LEVEL:SHARE,..., as in "
                        "receptor=\"HR+/HER2-\":0.7,\"Triple negative\":0.3");
    LUS_TRY(lus_list_split(&x->arena, equals + 1, &parts, &n, err));
    const char **levels = lus_arena_alloc(&x->arena, n, sizeof *levels);
    double *shares = lus_arena_alloc(&x->arena, n, sizeof *shares);
    x->mix = (struct lus_mix){lus_arena_copy(&x->arena, x->o->mix, (size_t)(equals - x->o->mix)), n,
                              levels, shares};
    if (!x->mix.factor || !levels || !shares) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        LUS_TRY(parse_share(parts[i], &levels[i], &shares[i], err));
        sum += shares[i];
    }
    if (fabs(sum - 1) > 1e-6)
        return lus_fail(err, LUS_EUSAGE, "--mix: the shares add up to %.6g, not to 1", sum);
    return LUS_OK;
}

/* COL,... of --adjust. */
static int parse_adjust(struct lus_comparison *x, struct lus_context_query *query,
                        struct lus_error *err)
{
    char **columns;
    if (!x->o->adjust) return LUS_OK;
    if (!x->mix.n)
        return lus_fail(
            err, LUS_EUSAGE,
            "--adjust goes with --mix FACTOR=LEVEL:SHARE,...: which mix is to be had by "
            "the model?");
    LUS_TRY(lus_list_split(&x->arena, x->o->adjust, &columns, &query->n_adjust, err));
    query->adjust = x->adjust = (const char *const *)columns;
    x->n_adjust = query->n_adjust;
    return LUS_OK;
}

const char *lus_adjust_text(struct lus_comparison *x)
{
    const char *text = "";
    for (size_t i = 0; i < x->n_adjust; i++)
        text = lus_document_text(&x->r->document, "%s%s%s", text, i ? ", " : "", x->adjust[i]);
    return text;
}

static int open_context(struct lus_comparison *x, struct lus_error *err)
{
    const struct lus_options *o = x->o;
    struct lus_query patients;
    struct lus_context_query query = {
        .patients = &patients, .life_table = x->table.n_ages ? &x->table : NULL, .mix = x->mix};
    char **paths = NULL;
    LUS_TRY(lus_query_of(o, &patients, err));
    if (patients.by)
        return lus_fail(err, LUS_EUSAGE,
                        "context compares the whole population, or what --where leaves of it; --by "
                        "does not go with it");
    if (o->figures) LUS_TRY(lus_list_split(&x->arena, o->figures, &paths, &query.n_figures, err));
    LUS_TRY(parse_adjust(x, &query, err));
    if (!isnan(o->conf_level)) query.conf_level = o->conf_level;
    query.figures = (const char *const *)paths;
    return lus_context_open(&query, &x->context, err);
}

int lus_comparison_read(const struct lus_options *o, struct lus_result *r, struct lus_comparison *x,
                        struct lus_error *err)
{
    *x = (struct lus_comparison){.o = o, .r = r};
    if (o->period || o->closing)
        return lus_fail(err, LUS_EUSAGE, "--period and --closing go with lustrum net");
    LUS_TRY(parse_mix(x, err));
    if (o->lifetable && o->n_files)
        LUS_TRY(lus_life_table_read(o->lifetable, o->lifetable_recipe, &x->table, err));
    LUS_TRY(open_context(x, err));
    if (!x->context.tally) return LUS_OK;
    lus_add_heading(r, x->context.tally);
    LUS_TRY(lus_fitting_of(o, x->context.tally, &x->fitting, err));
    LUS_TRY(lus_context_compare(&x->context, &x->fitting, err));
    LUS_TRY(lus_check_missing(x->context.tally, err));
    LUS_TRY(lus_check_weights(&x->fitting, x->context.tally, err));
    x->tally = *x->context.tally;
    x->tally.overlaps = false;
    return LUS_OK;
}

void lus_comparison_free(struct lus_comparison *x)
{
    lus_context_free(&x->context);
    lus_life_table_free(&x->table);
    lus_arena_free(&x->arena);
    *x = (struct lus_comparison){0};
}
