#include "command/figuring.h"

#include <math.h>
#include <stdlib.h>

#include "population/plan.h"
#include "support/number.h"

/* --- words --- */

static bool is_share(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_PROPORTION || f->statistic == LUS_STATISTIC_ORDER;
}

const char *lus_value_text(struct lus_result *r, const struct lus_figure *f, double value)
{
    struct lus_document *d = &r->document;
    if (isnan(value)) return "not available";
    if (f->statistic == LUS_STATISTIC_ORDER) return lus_document_text(d, "%+.1f points", 100 * value);
    if (is_share(f)) return lus_document_text(d, "%.3g %%", 100 * value);
    const char *unit = f->statistic == LUS_STATISTIC_MEDIAN ? lus_unit_name(f->unit) : f->unit_text ? f->unit_text : "";
    return lus_document_text(d, "%.4g%s%s", value, *unit ? " " : "", unit);
}

const char *lus_figure_text(struct lus_result *r, const struct lus_figure *f)
{
    static const char *const words[] = {"", "about ", "more than ", "less than "};
    if (f->statistic == LUS_STATISTIC_NOTE) return "";
    if (f->is_survivors) return "some";
    if (f->statistic == LUS_STATISTIC_ORDER) return f->qualifier == LUS_LESS_THAN ? "lower" : "higher";
    return lus_document_text(&r->document, "%s%s", words[f->qualifier], lus_value_text(r, f, f->value));
}

bool lus_verdict_differs(enum lus_verdict v)
{
    return v == LUS_ABOVE || v == LUS_BELOW || v == LUS_CONTRADICTED || v == LUS_NOT_REPRODUCED || v == LUS_HELD_OUT_ABOVE || v == LUS_HELD_OUT_BELOW;
}

/* --- options --- */

static int read_recipe(struct lus_figuring *x, struct lus_error *err)
{
    LUS_TRY(lus_recipe_init(&x->recipe, err));
    const char *path = x->o->recipe;
    if (!path && x->o->n_files && strcmp(x->o->files[0], "-") != 0) path = lus_recipe_beside(&x->recipe.arena, x->o->files[0]);
    return path ? lus_recipe_read(&x->recipe, path, err) : LUS_OK;
}

/* The recipe's figures: stands beside the recipe. */
static int read_figures(struct lus_figuring *x, struct lus_error *err)
{
    struct lus_arena *arena = &x->recipe.arena;
    char **paths = NULL, *beside = NULL;
    size_t n = 1;
    if (x->o->figures) {
        LUS_TRY(lus_list_split(arena, x->o->figures, &paths, &n, err));
    } else if (x->recipe.figures) {
        const char *slash = strrchr(x->recipe.path, '/');
        bool is_relative = x->recipe.figures[0] != '/' && slash;
        beside = is_relative ? lus_arena_print(arena, "%.*s/%s", (int)(slash - x->recipe.path), x->recipe.path, x->recipe.figures) : lus_arena_print(arena, "%s", x->recipe.figures);
        if (!beside) return lus_fail_memory(err);
        paths = &beside;
    } else {
        return lus_fail(err, LUS_EUSAGE, "which figures? --figures FILE names them (datasets/figures/documents.yaml is one), or figures: in the recipe");
    }
    LUS_TRY(lus_figures_read((const char *const *)paths, n, &x->figures, err));
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
    if (!equals) return lus_fail(err, LUS_EUSAGE, "--mix takes FACTOR=LEVEL:SHARE,..., as in receptor=\"HR+/HER2-\":0.7,\"Triple negative\":0.3");
    x->mix_factor = lus_arena_copy(arena, x->o->mix, (size_t)(equals - x->o->mix));
    LUS_TRY(lus_list_split(arena, equals + 1, &parts, &x->n_mix, err));
    x->mix_levels = lus_arena_alloc(arena, x->n_mix, sizeof *x->mix_levels);
    x->mix_shares = lus_arena_alloc(arena, x->n_mix, sizeof *x->mix_shares);
    if (!x->mix_factor || !x->mix_levels || !x->mix_shares) return lus_fail_memory(err);
    for (size_t i = 0; i < x->n_mix; i++) {
        char *colon = strrchr(parts[i], ':');
        if (!colon || lus_number_parse(colon + 1, strlen(colon + 1), &x->mix_shares[i]) != LUS_NUMBER_OK || x->mix_shares[i] < 0)
            return lus_fail(err, LUS_EUSAGE, "--mix: \"%s\" is not LEVEL:SHARE", parts[i]);
        *colon = 0;
        size_t quoted = strlen(parts[i]);
        x->mix_levels[i] = parts[i];
        if (quoted >= 2 && parts[i][0] == '"' && parts[i][quoted - 1] == '"') parts[i][quoted - 1] = 0, x->mix_levels[i]++;
        sum += x->mix_shares[i];
    }
    if (fabs(sum - 1) > 1e-6) return lus_fail(err, LUS_EUSAGE, "--mix: the shares add up to %.6g, not to 1", sum);
    return LUS_OK;
}

static int read_life_table(struct lus_figuring *x, struct lus_error *err)
{
    if (x->o->period || x->o->closing) return lus_fail(err, LUS_EUSAGE, "--period and --closing go with lustrum net");
    if (!x->o->lifetable) return LUS_OK;
    LUS_TRY(lus_life_table_read(x->o->lifetable, x->o->lifetable_recipe, &x->table, err));
    const struct lus_life_table *t = &x->table;
    x->demography = (struct lus_demography){.year_days = t->year_days, .has_sex = {t->has_sex[0], t->has_sex[1]}, .n_keys = t->n_keys, .n_by = t->n_by, .keys = t->keys, .by_levels = t->by_levels};
    return LUS_OK;
}

/* --- which people a figure is about --- */

/* The conditions of one reading; the first is everybody. */
struct conditions {
    struct lus_result *r;
    const char *at[LUS_MOST_CONDITIONS];
    size_t n;
};

/* The index of a condition; 0 for everybody. The list is full where it returns SIZE_MAX. */
static size_t condition_of(struct conditions *c, const char *text)
{
    if (!text) return 0;
    for (size_t i = 1; i < c->n; i++)
        if (strcmp(c->at[i], text) == 0) return i;
    if (c->n == LUS_MOST_CONDITIONS) return SIZE_MAX;
    c->at[c->n] = text;
    return c->n++;
}

static const char *both(struct lus_result *r, const char *a, const char *b)
{
    if (!a || !b) return a ? a : b;
    return lus_document_text(&r->document, "(%s) and (%s)", a, b);
}

static const char *claim_of(const struct lus_figuring *x, const char *name)
{
    for (size_t i = 0; i < x->recipe.n_claims; i++)
        if (strcmp(x->recipe.claims[i].name, name) == 0) return x->recipe.claims[i].condition->source;
    return NULL;
}

static bool has_presentation(const struct lus_figuring *x)
{
    const struct lus_factor *f = lus_recipe_factor(&x->recipe, "presentation");
    bool found = false;
    for (size_t i = 0; f && i < f->n_levels; i++)
        found |= strcmp(f->levels[i], "de novo") == 0;
    return found || (f && f->kind == LUS_FACTOR_COLUMN && !f->n_levels);
}

static const char *no_room = "too many conditions"; /* never seen: the reading begins anew */

/* Fills in the conditions of one figure; false where the list is full. */
static bool ask(struct lus_figuring *x, struct lus_answer *a, struct conditions *c)
{
    const struct lus_figure *f = a->figure;
    const char *base = f->where, *first = NULL, *second = NULL;
    bool is_survival = f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_MEDIAN;
    bool is_de_novo = f->origin && strcmp(f->origin, "diagnosis") == 0 && has_presentation(x) && (is_survival || f->statistic == LUS_STATISTIC_ORDER);
    if (is_de_novo) base = both(x->r, base, "presentation == \"de novo\"");
    first = base;
    if (f->statistic == LUS_STATISTIC_PROPORTION) {
        const char *claim = claim_of(x, f->claim);
        if (!claim) {
            a->reason = lus_document_text(&x->r->document, "the recipe's claims do not name %s", f->claim);
            return true;
        }
        first = both(x->r, base, claim);
        second = both(x->r, base, lus_document_text(&x->r->document, "not (%s)", claim));
    }
    if (f->statistic == LUS_STATISTIC_ORDER) first = both(x->r, base, f->groups[0]), second = both(x->r, base, f->groups[1]);
    a->condition[0] = condition_of(c, first);
    a->condition[1] = condition_of(c, second);
    if (is_survival && has_presentation(x) && !is_de_novo && !(f->where && strstr(f->where, "presentation"))) {
        a->presentation[0] = condition_of(c, both(x->r, base, "presentation == \"de novo\""));
        a->presentation[1] = condition_of(c, both(x->r, base, "presentation == \"recurrent\""));
    }
    return a->condition[0] != SIZE_MAX && a->condition[1] != SIZE_MAX && a->presentation[0] != SIZE_MAX && a->presentation[1] != SIZE_MAX;
}

/* Whether time counts from where the figure's does; else why not. */
static const char *origin_reason(const struct lus_figuring *x, const struct lus_figure *f)
{
    const char *from = x->recipe.time.from;
    if (!f->origin || f->statistic == LUS_STATISTIC_PROPORTION || f->statistic == LUS_STATISTIC_MEDIAN_OF) return NULL;
    if (!from) return lus_document_text(&x->r->document, "other origin of time: the figure counts from %s, the recipe does not say from where the data do (time: from:)", f->origin);
    bool is_metastasis = strcasestr(from, "metasta") != NULL, is_diagnosis = strcasestr(from, "diagnosis") != NULL && !is_metastasis;
    if (strcmp(f->origin, "metastasis") == 0 && is_metastasis) return NULL;
    if (strcmp(f->origin, "diagnosis") == 0 && is_diagnosis) return NULL;
    if (strcmp(f->origin, "diagnosis") == 0 && is_metastasis && has_presentation(x)) return NULL; /* de novo: the same day */
    return lus_document_text(&x->r->document, "other origin of time: the figure counts from %s, the data from %s", f->origin, from);
}

static const char *measure_name(enum lus_measure m)
{
    static const char *const names[] = {"", "overall", "relative", "cause-specific"};
    return names[m];
}

static enum lus_measure measure_of_data(const struct lus_figuring *x)
{
    return x->recipe.event.measure && x->recipe.event.measure[0] == 'C' ? LUS_MEASURE_CSS : LUS_MEASURE_OS;
}

static const struct lus_cause *cancer_of(const struct lus_figuring *x)
{
    for (size_t i = 0; i < x->recipe.event.n_causes; i++)
        if (strcmp(x->recipe.event.causes[i].name, "cancer") == 0) return &x->recipe.event.causes[i];
    return NULL;
}

/* Whether the data can give the figure's measure; else why not. */
static const char *measure_reason(const struct lus_figuring *x, const struct lus_figure *f)
{
    enum lus_measure data = measure_of_data(x);
    struct lus_document *d = &x->r->document;
    if (f->measure == LUS_MEASURE_NONE || f->measure == data) return NULL;
    if (f->measure == LUS_MEASURE_CSS && cancer_of(x)) return NULL;
    if (f->measure == LUS_MEASURE_RS && data == LUS_MEASURE_OS && x->table.n_ages && x->recipe.population.sex) {
        return f->statistic == LUS_STATISTIC_SURVIVAL ? NULL : "a median of relative survival is not computed";
    }
    const char *remedy = f->measure != LUS_MEASURE_RS || data != LUS_MEASURE_OS ? "" : x->recipe.population.sex ? " (--lifetable gives relative survival)" : " (the recipe has no population:)";
    return lus_document_text(d, "other measure: the figure is %s%s, the data give %s survival%s", f->is_presumed ? "presumed to be " : "", measure_name(f->measure), measure_name(data), remedy);
}

/* --- answers --- */

/* All strata of a condition as one table; free it. n 0 where there is nobody. */
static int table_of(const struct lus_tally *tally, size_t condition, const char *level, struct lus_event_table *out, struct lus_error *err)
{
    const struct lus_event_table **tables = lus_alloc(tally->n_strata, sizeof *tables);
    size_t n = 0;
    if (!tables) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        if (lus_stratum_condition(tally, s) != condition) continue;
        if (level && !(s->levels[0] && strcmp(s->levels[0], level) == 0)) continue;
        tables[n++] = &s->table;
    }
    int status = lus_event_table_sum(tables, n, out);
    free(tables);
    return status == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

static double in_figure_unit(const struct lus_figure *f, lus_time time, enum lus_why why)
{
    return why == LUS_AVAILABLE ? lus_time_in(time, f->unit) : NAN;
}

/* Survival at the figure's time, or the median, of a curve. */
static enum lus_why read_off(const struct lus_figuring *x, const struct lus_figure *f, const struct lus_curve *c, const struct lus_event_table *table, struct lus_data_value *out)
{
    if (f->statistic == LUS_STATISTIC_MEDIAN) {
        struct lus_quantile q = lus_curve_quantile(c, 0.5, &x->fitting.conf);
        *out = (struct lus_data_value){in_figure_unit(f, q.time, q.why), in_figure_unit(f, q.low, q.why_low), in_figure_unit(f, q.high, q.why_high),
                                       q.why == LUS_AVAILABLE ? lus_at_risk(table, q.time) : 0, false};
        return q.why;
    }
    struct lus_point p = lus_curve_at(c, f->at, &x->fitting.conf);
    *out = (struct lus_data_value){p.survival, p.survival == 0 ? 0 : p.low, p.survival == 0 ? 0 : p.high, lus_at_risk(table, f->at), true};
    return p.why;
}

static int value_of(struct lus_figuring *x, const struct lus_figure *f, const struct lus_tally *tally, size_t condition, struct lus_data_value *out, enum lus_why *why, double *people,
                    struct lus_error *err)
{
    struct lus_event_table table;
    struct lus_fit fit;
    LUS_TRY(table_of(tally, condition, NULL, &table, err));
    *out = (struct lus_data_value){NAN, NAN, NAN, 0, true};
    *why = LUS_WHY_NO_ROWS;
    *people = table.total;
    int status = LUS_OK;
    if (table.n && (status = lus_fit(&x->fitting, &table, &fit, err)) == LUS_OK) {
        *why = read_off(x, f, &fit.curve, fit.table, out);
        lus_fit_free(&fit);
    }
    lus_event_table_free(&table);
    return status;
}

static const char *why_reason(enum lus_why why)
{
    if (why == LUS_WHY_BEYOND_FOLLOW_UP) return "follow-up too short";
    if (why == LUS_WHY_NOT_REACHED) return "follow-up too short: the median is not reached";
    if (why == LUS_WHY_NO_ROWS) return "nobody in the data is such";
    return lus_why_text(why);
}

/* Net survival of a condition at the figure's time. */
static int net_of(struct lus_figuring *x, const struct lus_figure *f, const struct lus_tally *tally, size_t condition, struct lus_data_value *out, enum lus_why *why, struct lus_error *err)
{
    const struct lus_persons **lists = lus_alloc(tally->n_strata, sizeof *lists);
    struct lus_persons persons;
    size_t n = 0;
    *out = (struct lus_data_value){NAN, NAN, NAN, 0, true};
    *why = LUS_WHY_NO_ROWS;
    if (!lists) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++)
        if (lus_stratum_condition(tally, &tally->strata[i]) == condition) lists[n++] = &tally->strata[i].persons;
    int status = lus_persons_join(lists, n, &persons);
    free(lists);
    if (status != LUS_OK) return lus_fail_memory(err);
    struct lus_net net = {0};
    struct lus_net_query query = {.table = &x->table, .at = &f->at, .n_at = 1, .until = f->at, .n_threads = tally->n_threads};
    if (persons.n) status = lus_net_estimate(&query, &persons, &net, err);
    if (status == LUS_OK && persons.n) {
        struct lus_conf conf = {x->fitting.conf.level, LUS_LOG};
        struct lus_net_point p = lus_net_at(&net, f->at, &conf);
        *out = (struct lus_data_value){p.survival, p.low, p.high, fmin(p.at_risk, p.effective), true};
        *why = p.why;
    }
    lus_net_free(&net);
    lus_persons_free(&persons);
    return status;
}

static int answer_order(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally, struct lus_error *err)
{
    struct lus_data_value first, second;
    enum lus_why why[2];
    double people[2];
    LUS_TRY(value_of(x, a->figure, tally, a->condition[0], &first, &why[0], &people[0], err));
    LUS_TRY(value_of(x, a->figure, tally, a->condition[1], &second, &why[1], &people[1], err));
    a->people = people[0] + people[1];
    if (why[0] != LUS_AVAILABLE || why[1] != LUS_AVAILABLE) {
        a->reason = why_reason(why[0] != LUS_AVAILABLE ? why[0] : why[1]);
        return LUS_OK;
    }
    struct lus_event_table tables[2];
    double errors[2] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
        struct lus_fit fit;
        LUS_TRY(table_of(tally, a->condition[i], NULL, &tables[i], err));
        int status = lus_fit(&x->fitting, &tables[i], &fit, err);
        if (status == LUS_OK) errors[i] = lus_curve_at(&fit.curve, a->figure->at, &x->fitting.conf).std_error, lus_fit_free(&fit);
        lus_event_table_free(&tables[i]);
        LUS_TRY(status);
    }
    struct lus_difference difference = lus_difference(first.value, isnan(errors[0]) ? 0 : errors[0], second.value, isnan(errors[1]) ? 0 : errors[1], x->fitting.conf.level);
    a->data = (struct lus_data_value){difference.difference, difference.low, difference.high, fmin(first.at_risk, second.at_risk), true};
    return LUS_OK;
}

static double people_of(const struct lus_tally *tally, size_t condition)
{
    double n = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (lus_stratum_condition(tally, &tally->strata[i]) == condition) n += tally->strata[i].table.total;
    return n;
}

static void answer_proportion(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally)
{
    double have = people_of(tally, a->condition[0]), lack = people_of(tally, a->condition[1]);
    a->people = have + lack;
    if (!(a->people > 0)) {
        a->reason = "nobody in the data is known to have it or not";
        return;
    }
    a->data = (struct lus_data_value){.value = have / a->people, .at_risk = a->people, .is_share = true};
    lus_wilson(have, a->people, x->fitting.conf.level, &a->data.low, &a->data.high);
}

/* What a change of mix alone moves (METHODS 24). */
static int mix(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally, struct lus_error *err)
{
    struct lus_event_table *tables = lus_alloc_zeroed(x->n_mix, sizeof *tables);
    struct lus_fit *fits = lus_alloc_zeroed(x->n_mix, sizeof *fits);
    const struct lus_curve **curves = lus_alloc_zeroed(x->n_mix, sizeof *curves);
    struct lus_curve mixed = {0};
    int status = tables && fits && curves ? LUS_OK : lus_fail_memory(err);
    bool is_whole = status == LUS_OK;
    for (size_t i = 0; i < x->n_mix && status == LUS_OK; i++) {
        status = table_of(tally, a->condition[0], x->mix_levels[i], &tables[i], err);
        if (status == LUS_OK) status = lus_fit(&x->fitting, &tables[i], &fits[i], err);
        curves[i] = &fits[i].curve;
        is_whole &= status == LUS_OK && (tables[i].n || x->mix_shares[i] == 0);
        if (status == LUS_OK && !tables[i].n && x->mix_shares[i] > 0) a->mix_reason = lus_document_text(&x->r->document, "nobody has %s \"%s\"", x->mix_factor, x->mix_levels[i]);
    }
    if (status == LUS_OK && is_whole) status = lus_curve_mix(curves, x->mix_shares, x->n_mix, &mixed) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    if (status == LUS_OK && is_whole) {
        struct lus_data_value value;
        struct lus_event_table nobody = {0};
        enum lus_why why = read_off(x, a->figure, &mixed, &nobody, &value);
        a->mixed = value.value, a->mixed_low = value.low, a->mixed_high = value.high;
        if (why != LUS_AVAILABLE) a->mix_reason = lus_why_text(why);
    }
    a->is_mixed = true;
    for (size_t i = 0; i < x->n_mix; i++) {
        if (fits) lus_fit_free(&fits[i]);
        if (tables) lus_event_table_free(&tables[i]);
    }
    lus_curve_free(&mixed);
    free(tables), free(fits), free(curves);
    return status;
}

static int answer_survival(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally, struct lus_error *err)
{
    enum lus_why why, ignored;
    struct lus_data_value other;
    double people;
    LUS_TRY(value_of(x, a->figure, tally, a->condition[0], &a->data, &why, &a->people, err));
    for (size_t i = 0; i < 2; i++) {
        a->of_presentation[i] = NAN;
        if (!a->presentation[i] || lus_tally_condition(tally, a->presentation[i])) continue;
        LUS_TRY(value_of(x, a->figure, tally, a->presentation[i], &other, &ignored, &people, err));
        a->of_presentation[i] = other.value;
    }
    if (x->n_mix && a->measure != LUS_MEASURE_RS) LUS_TRY(mix(x, a, tally, err));
    bool has_net = x->table.n_ages && x->recipe.population.sex && a->figure->statistic == LUS_STATISTIC_SURVIVAL && measure_of_data(x) == LUS_MEASURE_OS;
    if (has_net && a->measure != LUS_MEASURE_CSS) {
        struct lus_data_value net;
        enum lus_why net_why;
        LUS_TRY(net_of(x, a->figure, tally, a->condition[0], &net, &net_why, err));
        a->other_measure = a->measure == LUS_MEASURE_RS ? a->data.value : net.value;
        if (a->measure == LUS_MEASURE_RS) a->data = net, why = net_why;
    }
    if (why != LUS_AVAILABLE) a->reason = why_reason(why);
    return LUS_OK;
}

/* Why the data do not have the figure's group: the first words of what binding it said. */
static const char *absent_reason(struct lus_figuring *x, const struct lus_tally *tally, size_t condition)
{
    const char *said = lus_tally_condition(tally, condition);
    if (!said) return NULL;
    const char *file = strstr(said, tally->file) == said ? said + strlen(tally->file) + 2 : said;
    return lus_document_text(&x->r->document, "no such factor: %.*s", (int)strcspn(file, ";"), file);
}

static int answer(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally, struct lus_error *err)
{
    const struct lus_figure *f = a->figure;
    for (size_t i = 0; i < 2 && !a->reason; i++)
        a->reason = absent_reason(x, tally, a->condition[i]);
    if (!a->reason) a->reason = origin_reason(x, f);
    if (!a->reason) a->reason = measure_reason(x, f);
    if (a->reason) return LUS_OK;
    a->measure = f->measure;
    switch (f->statistic) {
    case LUS_STATISTIC_SURVIVAL:
    case LUS_STATISTIC_MEDIAN: return answer_survival(x, a, tally, err);
    case LUS_STATISTIC_ORDER: return answer_order(x, a, tally, err);
    case LUS_STATISTIC_PROPORTION: answer_proportion(x, a, tally); break;
    case LUS_STATISTIC_MEDIAN_OF:
    case LUS_STATISTIC_NOTE: break;
    }
    return LUS_OK;
}

/* --- readings --- */

static int query_of(struct lus_figuring *x, const struct conditions *c, struct lus_query *query, struct lus_error *err)
{
    LUS_TRY(lus_query_of(x->o, query, err));
    if (query->by) return lus_fail(err, LUS_EUSAGE, "context compares the whole population, or what --where leaves of it; --by does not go with it");
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
    return !is_note && is_number == numbers && (numbers || (a->figure->measure == LUS_MEASURE_CSS) == css);
}

/* One reading: overall and relative survival, proportions and orders; or, with css, deaths of the cancer alone. */
static int answer_chunk(struct lus_figuring *x, const struct conditions *c, size_t first, size_t end, bool css, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    LUS_TRY(query_of(x, c, &query, err));
    bool is_needed = !css;
    for (size_t i = first; i < end && css; i++)
        is_needed |= is_asked_in(&x->answers[i], true, false);
    if (!is_needed) return LUS_OK;
    if (css && measure_of_data(x) == LUS_MEASURE_OS && cancer_of(x)) {
        struct lus_string event = {0};
        lus_string_print(&event, "`%s`=", x->recipe.event.column);
        for (size_t i = 0; i < cancer_of(x)->n_levels; i++)
            lus_string_print(&event, "%s`%s`", i ? "," : "", cancer_of(x)->levels[i]);
        query.event = event.failed ? NULL : lus_document_text(&x->r->document, "%s", event.at);
        lus_string_free(&event);
    }
    LUS_TRY(lus_read(&query, &tally, x->r, err));
    int status = lus_fitting_of(x->o, &tally, &x->fitting, err);
    for (size_t i = first; i < end && status == LUS_OK; i++)
        if (is_asked_in(&x->answers[i], css, false)) status = answer(x, &x->answers[i], &tally, err);
    if (css || x->has_tally) lus_tally_free(&tally);
    else x->tally = tally, x->has_tally = true;
    return status;
}

/* Delayed entry: the same people, as if they had been followed from the origin. */
static int answer_without_entry(struct lus_figuring *x, const struct conditions *c, size_t first, size_t end, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    if (!x->tally.has_entry) return LUS_OK;
    LUS_TRY(query_of(x, c, &query, err));
    query.ignore_entry = true, query.demography = NULL;
    LUS_TRY(lus_tally_read(&query, &tally, err));
    int status = LUS_OK;
    for (size_t i = first; i < end && status == LUS_OK; i++) {
        struct lus_answer *a = &x->answers[i];
        struct lus_data_value value = {.value = NAN};
        enum lus_why why;
        double people;
        bool is_survival = a->figure->statistic == LUS_STATISTIC_SURVIVAL || a->figure->statistic == LUS_STATISTIC_MEDIAN;
        if (!is_survival || a->reason || a->measure != measure_of_data(x)) continue;
        status = value_of(x, a->figure, &tally, a->condition[0], &value, &why, &people, err);
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
    double low = floor(total / 2 - z * sqrt(total) / 2), high = ceil(total / 2 + z * sqrt(total) / 2) + 1;
    double middle = (kth(c, n, floor((total + 1) / 2)) + kth(c, n, floor(total / 2) + 1)) / 2;
    return (struct lus_data_value){middle, kth(c, n, fmax(low, 1)), kth(c, n, fmin(high, total)), total, false};
}

static int answer_median_of(struct lus_figuring *x, struct lus_answer *a, const struct conditions *c, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally;
    struct lus_error inner = LUS_ERROR_INIT;
    LUS_TRY(query_of(x, c, &query, err));
    query.without_time = true, query.demography = NULL;
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
    else a->reason = absent_reason(x, &tally, a->condition[0]);
    for (size_t i = 0; i < tally.n_strata && status == LUS_OK && !a->reason; i++) {
        const struct lus_stratum *s = &tally.strata[i];
        const char *text = s->levels[0];
        if (lus_stratum_condition(&tally, s) != a->condition[0] || !text) continue;
        if (lus_number_parse(text, strlen(text), &counts[n].value) != LUS_NUMBER_OK) a->reason = lus_document_text(&x->r->document, "%s is not a number column: \"%s\"", a->figure->of, text);
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

static int answer_figures(struct lus_figuring *x, const struct conditions *c, size_t first, size_t end, struct lus_error *err)
{
    LUS_TRY(answer_chunk(x, c, first, end, false, err));
    LUS_TRY(answer_without_entry(x, c, first, end, err));
    LUS_TRY(answer_chunk(x, c, first, end, true, err));
    for (size_t i = first; i < end; i++)
        if (is_asked_in(&x->answers[i], false, true)) LUS_TRY(answer_median_of(x, &x->answers[i], c, err));
    return LUS_OK;
}

/* As many figures at a time as there is room for their conditions: nearly always all, in one reading. */
static int answer_all(struct lus_figuring *x, struct lus_error *err)
{
    struct conditions c = {.r = x->r, .n = 1};
    size_t first = 0;
    for (size_t i = 0; i < x->figures.n; i++) {
        struct lus_answer *a = &x->answers[i];
        *a = (struct lus_answer){.figure = &x->figures.at[i], .other_measure = NAN, .without_entry = NAN, .of_presentation = {NAN, NAN}, .mixed = NAN, .mixed_low = NAN, .mixed_high = NAN,
                                 .data = {NAN, NAN, NAN, 0, false}, .measure = x->figures.at[i].measure};
        if (ask(x, a, &c)) continue;
        if (first == i) return lus_fail(err, LUS_EUSAGE, "%s: %s", a->figure->id, no_room);
        LUS_TRY(answer_figures(x, &c, first, i, err));
        c = (struct conditions){.r = x->r, .n = 1};
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
        if (x->recipe.synthetic) a->verdict = lus_verdict_synthetic(a->verdict, a->figure, is_target(x, a->figure->id));
    }
}

int lus_figuring_read(const struct lus_options *o, struct lus_result *r, struct lus_figuring *x, struct lus_error *err)
{
    *x = (struct lus_figuring){.o = o, .r = r};
    LUS_TRY(read_recipe(x, err));
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
