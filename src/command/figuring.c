#include "command/figuring.h"

#include <math.h>
#include <stdlib.h>

#include "command/answering.h"
#include "recipe/plan.h"
#include "support/number.h"
#include "support/text.h"

/* --- words --- */

static bool is_share(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_PROPORTION ||
           f->statistic == LUS_STATISTIC_ORDER;
}

const char *lus_value_text(struct lus_result *r, const struct lus_figure *f, double value)
{
    struct lus_document *d = &r->document;
    if (isnan(value)) return "not available";
    if (f->statistic == LUS_STATISTIC_ORDER)
        return lus_document_text(d, "%+.1f points", 100 * value);
    if (is_share(f)) return lus_document_text(d, "%.3g %%", 100 * value);
    const char *unit = f->statistic == LUS_STATISTIC_MEDIAN ? lus_unit_name(f->unit)
                       : f->unit_text                       ? f->unit_text
                                                            : "";
    return lus_document_text(d, "%.4g%s%s", value, *unit ? " " : "", unit);
}

const char *lus_figure_text(struct lus_result *r, const struct lus_figure *f)
{
    static const char *const words[] = {"", "about ", "more than ", "less than "};
    if (f->statistic == LUS_STATISTIC_NOTE) return "";
    if (f->is_survivors) return "some";
    if (f->statistic == LUS_STATISTIC_ORDER)
        return f->qualifier == LUS_LESS_THAN ? "lower" : "higher";
    return lus_document_text(&r->document, "%s%s", words[f->qualifier],
                             lus_value_text(r, f, f->value));
}

const char *lus_figure_label(struct lus_result *r, const struct lus_figure *f)
{
    const char *measure = f->measure == LUS_MEASURE_RS    ? " relative"
                          : f->measure == LUS_MEASURE_CSS ? " cause-specific"
                                                          : "";
    return lus_document_text(&r->document, "%s%s, %s", lus_figure_text(r, f), measure,
                             f->document ? f->document : f->id);
}

bool lus_verdict_differs(enum lus_verdict v)
{
    return v == LUS_ABOVE || v == LUS_BELOW || v == LUS_CONTRADICTED || v == LUS_NOT_REPRODUCED ||
           v == LUS_HELD_OUT_ABOVE || v == LUS_HELD_OUT_BELOW;
}

/* --- options --- */

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

/* Those of --figures, or the recipe's figures:, which stands beside the recipe. */
static int read_figures(struct lus_figuring *x, struct lus_error *err)
{
    const char *named = x->recipe.figures;
    if (x->o->figures) {
        LUS_TRY(lus_figures_named(x->o->figures, &x->figures, err));
    } else if (named) {
        const char *slash = strrchr(x->recipe.path, '/');
        bool is_relative = named[0] != '/' && slash;
        const char *path = lus_arena_print(&x->recipe.arena, "%.*s%s",
                                           is_relative ? (int)(slash + 1 - x->recipe.path) : 0,
                                           x->recipe.path, named);
        if (!path) return lus_fail_memory(err);
        LUS_TRY(lus_figures_read(&path, 1, &x->figures, err));
    } else {
        return lus_fail(err, LUS_EUSAGE,
                        "which figures? --figures FILE names them (datasets/figures/documents.yaml "
                        "is one), or figures: in the recipe");
    }
    x->answers = lus_alloc_zeroed(x->figures.n, sizeof *x->answers);
    return x->answers ? LUS_OK : lus_fail_memory(err);
}

/* FACTOR=LEVEL:SHARE,... */
static int parse_mix(struct lus_figuring *x, struct lus_error *err)
{
    struct lus_arena *arena = &x->recipe.arena;
    const char *equals = x->o->mix ? strchr(x->o->mix, '=') : NULL;
    char **parts;
    double sum = 0;
    if (!x->o->mix) return LUS_OK;
    if (!equals)
        return lus_fail(err, LUS_EUSAGE,
                        "--mix takes FACTOR=LEVEL:SHARE,..., as in "
                        "receptor=\"HR+/HER2-\":0.7,\"Triple negative\":0.3");
    x->mix_factor = lus_arena_copy(arena, x->o->mix, (size_t)(equals - x->o->mix));
    LUS_TRY(lus_list_split(arena, equals + 1, &parts, &x->n_mix, err));
    x->mix_levels = lus_arena_alloc(arena, x->n_mix, sizeof *x->mix_levels);
    x->mix_shares = lus_arena_alloc(arena, x->n_mix, sizeof *x->mix_shares);
    if (!x->mix_factor || !x->mix_levels || !x->mix_shares) return lus_fail_memory(err);
    for (size_t i = 0; i < x->n_mix; i++) {
        char *colon = strrchr(parts[i], ':');
        if (!colon ||
            lus_number_parse(colon + 1, strlen(colon + 1), &x->mix_shares[i]) != LUS_NUMBER_OK ||
            x->mix_shares[i] < 0)
            return lus_fail(err, LUS_EUSAGE, "--mix: \"%s\" is not LEVEL:SHARE", parts[i]);
        *colon = 0;
        size_t quoted = strlen(parts[i]);
        x->mix_levels[i] = parts[i];
        if (quoted >= 2 && parts[i][0] == '"' && parts[i][quoted - 1] == '"')
            parts[i][quoted - 1] = 0, x->mix_levels[i]++;
        sum += x->mix_shares[i];
    }
    if (fabs(sum - 1) > 1e-6)
        return lus_fail(err, LUS_EUSAGE, "--mix: the shares add up to %.6g, not to 1", sum);
    return LUS_OK;
}

static int read_life_table(struct lus_figuring *x, struct lus_error *err)
{
    if (x->o->period || x->o->closing)
        return lus_fail(err, LUS_EUSAGE, "--period and --closing go with lustrum net");
    if (!x->o->lifetable) return LUS_OK;
    LUS_TRY(lus_life_table_read(x->o->lifetable, x->o->lifetable_recipe, &x->table, err));
    const struct lus_life_table *t = &x->table;
    x->demography = (struct lus_demography){.year_days = t->year_days,
                                            .has_sex = {t->has_sex[0], t->has_sex[1]},
                                            .n_keys = t->n_keys,
                                            .n_by = t->n_by,
                                            .keys = t->keys,
                                            .by_levels = t->by_levels};
    return LUS_OK;
}

/* --- readings --- */

static int query_of(struct lus_figuring *x, const struct lus_conditions *c, struct lus_query *query,
                    struct lus_error *err)
{
    LUS_TRY(lus_query_of(x->o, query, err));
    if (query->by)
        return lus_fail(err, LUS_EUSAGE,
                        "context compares the whole population, or what --where leaves of it; --by "
                        "does not go with it");
    query->conditions = c->at;
    query->n_conditions = c->n;
    if (x->n_mix) query->by = x->mix_factor, query->missing_as_level = true;
    if (x->table.n_ages && x->recipe.population.sex) query->demography = &x->demography;
    return LUS_OK;
}

static bool is_asked_in(const struct lus_answer *a, bool css, bool numbers)
{
    bool is_number = a->figure->statistic == LUS_STATISTIC_MEDIAN_OF;
    bool is_note = a->figure->statistic == LUS_STATISTIC_NOTE;
    return !is_note && is_number == numbers &&
           (numbers || (a->figure->measure == LUS_MEASURE_CSS) == css);
}

/* One reading: overall and relative survival, proportions and orders; or, with css, deaths of the
 * cancer alone. */
static int answer_chunk(struct lus_figuring *x, const struct lus_conditions *c, size_t first,
                        size_t end, bool css, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    LUS_TRY(query_of(x, c, &query, err));
    bool is_needed = !css;
    for (size_t i = first; i < end && css; i++)
        is_needed |= is_asked_in(&x->answers[i], true, false);
    if (!is_needed) return LUS_OK;
    if (css && lus_measure_of_data(x) == LUS_MEASURE_OS && lus_cancer_of(x)) {
        struct lus_string event = {0};
        lus_string_print(&event, "`%s`=", x->recipe.event.column);
        for (size_t i = 0; i < lus_cancer_of(x)->n_levels; i++)
            lus_string_print(&event, "%s`%s`", i ? "," : "", lus_cancer_of(x)->levels[i]);
        query.event = event.failed ? NULL : lus_document_text(&x->r->document, "%s", event.at);
        lus_string_free(&event);
    }
    LUS_TRY(lus_read(&query, &tally, x->r, err));
    int status = lus_fitting_of(x->o, &tally, &x->fitting, err);
    for (size_t i = first; i < end && status == LUS_OK; i++)
        if (is_asked_in(&x->answers[i], css, false))
            status = lus_answer_figure(x, &x->answers[i], &tally, err);
    if (css || x->has_tally) lus_tally_free(&tally);
    else x->tally = tally, x->has_tally = true;
    return status;
}

/* Delayed entry: the same people, as if they had been followed from the origin. */
static int answer_without_entry(struct lus_figuring *x, const struct lus_conditions *c,
                                size_t first, size_t end, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    if (!x->tally.has_entry) return LUS_OK;
    LUS_TRY(query_of(x, c, &query, err));
    if (!x->o->diagnosed) query.demography = NULL;
    query.ignore_entry = true;
    LUS_TRY(lus_tally_read(&query, &tally, err));
    int status = LUS_OK;
    for (size_t i = first; i < end && status == LUS_OK; i++) {
        struct lus_answer *a = &x->answers[i];
        struct lus_data_value value = {.value = NAN};
        enum lus_why why;
        double people;
        bool is_survival = a->figure->statistic == LUS_STATISTIC_SURVIVAL ||
                           a->figure->statistic == LUS_STATISTIC_MEDIAN;
        if (!is_survival || a->reason || a->measure != lus_measure_of_data(x)) continue;
        status = lus_answer_value(x, a->figure, &tally, a->condition[0], &value, &why, &people,
                                  err);
        a->without_entry = value.value;
    }
    lus_tally_free(&tally);
    return status;
}

/* --- medians of a number column: counted by value, without time --- */

struct counted {
    double value, n;
};

static int by_value(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* The value of the k-th of the sorted people, k from 1. */
static double kth(const struct counted *c, size_t n, double k)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if ((sum += c[i].n) >= k) return c[i].value;
    return n ? c[n - 1].value : NAN;
}

/* The median, and the order statistics at n/2 -+ z sqrt(n)/2 (binomial, by its normal limit). */
static struct lus_data_value median_of(struct counted *c, size_t n, double z)
{
    double total = 0;
    if (n) qsort(c, n, sizeof *c, by_value);
    for (size_t i = 0; i < n; i++)
        total += c[i].n;
    if (!(total > 0)) return (struct lus_data_value){NAN, NAN, NAN, 0, false};
    double low = floor(total / 2 - z * sqrt(total) / 2),
           high = ceil(total / 2 + z * sqrt(total) / 2) + 1;
    double middle = (kth(c, n, floor((total + 1) / 2)) + kth(c, n, floor(total / 2) + 1)) / 2;
    return (struct lus_data_value){middle, kth(c, n, fmax(low, 1)), kth(c, n, fmin(high, total)),
                                   total, false};
}

static int answer_median_of(struct lus_figuring *x, struct lus_answer *a,
                            const struct lus_conditions *c, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    struct lus_error inner = LUS_ERROR_INIT;
    LUS_TRY(query_of(x, c, &query, err));
    if (!x->o->diagnosed) query.demography = NULL;
    query.without_time = true;
    const char *column = lus_document_text(&x->r->document, "`%s`", a->figure->of);
    query.by = column, query.missing_as_level = false;
    int status = lus_tally_read(&query, &tally, &inner);
    if (status == LUS_EDATA && strstr(inner.message, "no column")) {
        a->reason = lus_document_text(&x->r->document, "no such column: %s", a->figure->of);
        return LUS_OK;
    }
    if (status != LUS_OK) return lus_fail(err, inner.status, "%s", inner.message);
    struct counted *counts = lus_alloc(tally.n_strata, sizeof *counts);
    size_t n = 0;
    if (!counts) status = lus_fail_memory(err);
    else a->reason = lus_absent_reason(x, &tally, a->condition[0]);
    for (size_t i = 0; i < tally.n_strata && status == LUS_OK && !a->reason; i++) {
        const struct lus_stratum *s = &tally.strata[i];
        const char *text = s->levels[0];
        if (lus_stratum_condition(&tally, s) != a->condition[0] || !text) continue;
        if (lus_number_parse(text, strlen(text), &counts[n].value) != LUS_NUMBER_OK)
            a->reason = lus_document_text(&x->r->document, "%s is not a number column: \"%s\"",
                                          a->figure->of, text);
        else counts[n++].n = s->table.total;
    }
    if (status == LUS_OK && !a->reason) {
        a->data = median_of(counts, n, lus_conf_z(x->fitting.conf.level));
        a->people = a->data.at_risk;
        if (!n) a->reason = "nobody in the data is such";
    }
    free(counts);
    lus_tally_free(&tally);
    return status;
}

/* --- all of it --- */

static int answer_figures(struct lus_figuring *x, const struct lus_conditions *c, size_t first,
                          size_t end, struct lus_error *err)
{
    LUS_TRY(answer_chunk(x, c, first, end, false, err));
    LUS_TRY(answer_without_entry(x, c, first, end, err));
    LUS_TRY(answer_chunk(x, c, first, end, true, err));
    for (size_t i = first; i < end; i++)
        if (is_asked_in(&x->answers[i], false, true))
            LUS_TRY(answer_median_of(x, &x->answers[i], c, err));
    return LUS_OK;
}

static const char *no_room = "too many conditions"; /* never seen: the reading begins anew */

/* As many figures at a time as there is room for their conditions: nearly always all, in one
 * reading. */
static int answer_all(struct lus_figuring *x, struct lus_error *err)
{
    struct lus_conditions c = {.r = x->r, .n = 1};
    size_t first = 0;
    for (size_t i = 0; i < x->figures.n; i++) {
        struct lus_answer *a = &x->answers[i];
        *a = (struct lus_answer){.figure = &x->figures.at[i],
                                 .other_measure = NAN,
                                 .without_entry = NAN,
                                 .of_presentation = {NAN, NAN},
                                 .mixed = NAN,
                                 .mixed_low = NAN,
                                 .mixed_high = NAN,
                                 .data = {NAN, NAN, NAN, 0, false},
                                 .measure = x->figures.at[i].measure};
        if (lus_ask(x, a, &c)) continue;
        if (first == i) return lus_fail(err, LUS_EUSAGE, "%s: %s", a->figure->id, no_room);
        LUS_TRY(answer_figures(x, &c, first, i, err));
        c = (struct lus_conditions){.r = x->r, .n = 1};
        first = i--;
    }
    return answer_figures(x, &c, first, x->figures.n, err);
}

static bool is_target(const struct lus_figuring *x, const char *id)
{
    for (size_t i = 0; i < x->recipe.n_targets; i++)
        if (strcmp(x->recipe.targets[i], id) == 0) return true;
    return false;
}

static void judge(struct lus_figuring *x)
{
    for (size_t i = 0; i < x->figures.n; i++) {
        struct lus_answer *a = &x->answers[i];
        if (a->reason) a->data = (struct lus_data_value){NAN, NAN, NAN, 0, false};
        a->verdict = lus_verdict(a->figure, &a->data);
        if (x->recipe.synthetic)
            a->verdict = lus_verdict_synthetic(a->verdict, a->figure, is_target(x, a->figure->id));
    }
}

int lus_figuring_read(const struct lus_options *o, struct lus_result *r, struct lus_figuring *x,
                      struct lus_error *err)
{
    *x = (struct lus_figuring){.o = o, .r = r};
    LUS_TRY(lus_recipe_of(o, &x->recipe, err));
    LUS_TRY(read_figures(x, err));
    if (!o->n_files && o->pair) return LUS_OK;
    LUS_TRY(parse_mix(x, err));
    LUS_TRY(read_life_table(x, err));
    LUS_TRY(answer_all(x, err));
    judge(x);
    return LUS_OK;
}

void lus_figuring_free(struct lus_figuring *x)
{
    if (x->has_tally) lus_tally_free(&x->tally);
    lus_figures_free(&x->figures);
    lus_life_table_free(&x->table);
    lus_recipe_free(&x->recipe);
    free(x->answers);
    *x = (struct lus_figuring){0};
}
