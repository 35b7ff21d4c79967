/* What the data say of one figure. */
#include "command/answering.h"

#include <math.h>
#include <stdlib.h>

/* All strata of a condition as one table; free it. n 0 where there is nobody. */
static int table_of(const struct lus_tally *tally, size_t condition, const char *level,
                    struct lus_event_table *out, struct lus_error *err)
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
static enum lus_why read_off(const struct lus_figuring *x, const struct lus_figure *f,
                             const struct lus_curve *c, const struct lus_event_table *table,
                             struct lus_data_value *out)
{
    if (f->statistic == LUS_STATISTIC_MEDIAN) {
        struct lus_quantile q = lus_curve_quantile(c, 0.5, &x->fitting.conf);
        *out = (struct lus_data_value){
            in_figure_unit(f, q.time, q.why), in_figure_unit(f, q.low, q.why_low),
            in_figure_unit(f, q.high, q.why_high),
            q.why == LUS_AVAILABLE ? lus_at_risk(table, q.time) : 0, false};
        return q.why;
    }
    struct lus_point p = lus_curve_at(c, f->at, &x->fitting.conf);
    *out = (struct lus_data_value){p.survival, p.survival == 0 ? 0 : p.low,
                                   p.survival == 0 ? 0 : p.high, lus_at_risk(table, f->at), true};
    return p.why;
}

int lus_answer_value(struct lus_figuring *x, const struct lus_figure *f,
                     const struct lus_tally *tally, size_t condition, struct lus_data_value *out,
                     enum lus_why *why, double *people, struct lus_error *err)
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
static int net_of(struct lus_figuring *x, const struct lus_figure *f, const struct lus_tally *tally,
                  size_t condition, struct lus_data_value *out, enum lus_why *why,
                  struct lus_error *err)
{
    const struct lus_persons **lists = lus_alloc(tally->n_strata, sizeof *lists);
    struct lus_persons persons;
    size_t n = 0;
    *out = (struct lus_data_value){NAN, NAN, NAN, 0, true};
    *why = LUS_WHY_NO_ROWS;
    if (!lists) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++)
        if (lus_stratum_condition(tally, &tally->strata[i]) == condition)
            lists[n++] = &tally->strata[i].persons;
    int status = lus_persons_join(lists, n, &persons);
    free(lists);
    if (status != LUS_OK) return lus_fail_memory(err);
    struct lus_net net = {0};
    struct lus_net_query query = {
        .table = &x->table, .at = &f->at, .n_at = 1, .until = f->at, .n_threads = tally->n_threads};
    if (persons.n) status = lus_net_estimate(&query, &persons, &net, err);
    if (status == LUS_OK && persons.n) {
        struct lus_conf conf = {x->fitting.conf.level, LUS_LOG};
        struct lus_net_point p = lus_net_at(&net, f->at, &conf);
        *out = (struct lus_data_value){p.survival, p.low, p.high, fmin(p.at_risk, p.effective),
                                       true};
        *why = p.why;
    }
    lus_net_free(&net);
    lus_persons_free(&persons);
    return status;
}

static int answer_order(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally,
                        struct lus_error *err)
{
    struct lus_data_value first, second;
    enum lus_why why[2];
    double people[2];
    LUS_TRY(
        lus_answer_value(x, a->figure, tally, a->condition[0], &first, &why[0], &people[0], err));
    LUS_TRY(
        lus_answer_value(x, a->figure, tally, a->condition[1], &second, &why[1], &people[1], err));
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
        if (status == LUS_OK)
            errors[i] = lus_curve_at(&fit.curve, a->figure->at, &x->fitting.conf).std_error,
            lus_fit_free(&fit);
        lus_event_table_free(&tables[i]);
        LUS_TRY(status);
    }
    struct lus_difference difference = lus_difference(
        first.value, isnan(errors[0]) ? 0 : errors[0], second.value,
        isnan(errors[1]) ? 0 : errors[1], x->fitting.conf.level);
    a->data = (struct lus_data_value){difference.difference, difference.low, difference.high,
                                      fmin(first.at_risk, second.at_risk), true};
    return LUS_OK;
}

static double people_of(const struct lus_tally *tally, size_t condition)
{
    double n = 0;
    for (size_t i = 0; i < tally->n_strata; i++)
        if (lus_stratum_condition(tally, &tally->strata[i]) == condition)
            n += tally->strata[i].table.total;
    return n;
}

static void answer_proportion(struct lus_figuring *x, struct lus_answer *a,
                              const struct lus_tally *tally)
{
    double have = people_of(tally, a->condition[0]), lack = people_of(tally, a->condition[1]);
    a->people = have + lack;
    if (!(a->people > 0)) {
        a->reason = "nobody in the data is known to have it or not";
        return;
    }
    a->data = (struct lus_data_value){
        .value = have / a->people, .at_risk = a->people, .is_share = true};
    lus_wilson(have, a->people, x->fitting.conf.level, &a->data.low, &a->data.high);
}

/* What a change of mix alone moves (docs/methods.md, "Quoted figures"). */
static int mix(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally,
               struct lus_error *err)
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
        if (status == LUS_OK && !tables[i].n && x->mix_shares[i] > 0)
            a->mix_reason = lus_document_text(&x->r->document, "nobody has %s \"%s\"",
                                              x->mix_factor, x->mix_levels[i]);
    }
    if (status == LUS_OK && is_whole)
        status = lus_curve_mix(curves, x->mix_shares, x->n_mix, &mixed) == LUS_OK
                     ? LUS_OK
                     : lus_fail_memory(err);
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

static int answer_survival(struct lus_figuring *x, struct lus_answer *a,
                           const struct lus_tally *tally, struct lus_error *err)
{
    enum lus_why why, ignored;
    struct lus_data_value other;
    double people;
    LUS_TRY(
        lus_answer_value(x, a->figure, tally, a->condition[0], &a->data, &why, &a->people, err));
    for (size_t i = 0; i < 2; i++) {
        a->of_presentation[i] = NAN;
        if (!a->presentation[i] || lus_tally_condition(tally, a->presentation[i])) continue;
        LUS_TRY(lus_answer_value(x, a->figure, tally, a->presentation[i], &other, &ignored, &people,
                                 err));
        a->of_presentation[i] = other.value;
    }
    if (x->n_mix && a->measure != LUS_MEASURE_RS) LUS_TRY(mix(x, a, tally, err));
    bool has_net = x->table.n_ages && x->recipe.population.sex &&
                   a->figure->statistic == LUS_STATISTIC_SURVIVAL &&
                   lus_measure_of_data(x) == LUS_MEASURE_OS;
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
const char *lus_absent_reason(struct lus_figuring *x, const struct lus_tally *tally,
                              size_t condition)
{
    const char *said = lus_tally_condition(tally, condition);
    if (!said) return NULL;
    const char *file = strstr(said, tally->file) == said ? said + strlen(tally->file) + 2 : said;
    return lus_document_text(&x->r->document, "no such factor: %.*s", (int)strcspn(file, ";"),
                             file);
}

int lus_answer_figure(struct lus_figuring *x, struct lus_answer *a, const struct lus_tally *tally,
                      struct lus_error *err)
{
    const struct lus_figure *f = a->figure;
    for (size_t i = 0; i < 2 && !a->reason; i++)
        a->reason = lus_absent_reason(x, tally, a->condition[i]);
    if (!a->reason) a->reason = lus_origin_reason(x, f);
    if (!a->reason) a->reason = lus_measure_reason(x, f);
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
