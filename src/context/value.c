/* Survival at a time, or a median, of a group: as it is, net of other causes, with another mix. */
#include <math.h>
#include <stdlib.h>

#include "context/context.h"
#include "support/error.h"

static double in_figure_unit(const struct lus_figure *f, lus_time time, enum lus_why why)
{
    return why == LUS_AVAILABLE ? lus_time_in(time, f->unit) : NAN;
}

/* Who have not lived so long. */
static void turn_to_deaths(struct lus_data_value *v)
{
    *v = (struct lus_data_value){1 - v->value, 1 - v->high, 1 - v->low,
                                 v->at_risk,   v->is_share, v->fewest};
}

/* Survival at the figure's time, or its median, of a curve. */
static enum lus_why value_of(const struct lus_context *c, const struct lus_figure *f,
                             const struct lus_curve *curve, const struct lus_event_table *table,
                             struct lus_data_value *out)
{
    const struct lus_conf *conf = &c->memory->fitting.conf;
    if (f->statistic == LUS_STATISTIC_MEDIAN) {
        struct lus_quantile q = lus_curve_quantile(curve, 0.5, conf);
        *out = (struct lus_data_value){in_figure_unit(f, q.time, q.why),
                                       in_figure_unit(f, q.low, q.why_low),
                                       in_figure_unit(f, q.high, q.why_high),
                                       q.why == LUS_AVAILABLE ? lus_at_risk(table, q.time) : 0,
                                       false,
                                       0};
        return q.why;
    }
    struct lus_point p = lus_curve_at(curve, f->at, conf);
    *out = (struct lus_data_value){p.survival,
                                   p.survival == 0 ? 0 : p.low,
                                   p.survival == 0 ? 0 : p.high,
                                   lus_at_risk(table, f->at),
                                   true,
                                   0};
    if (f->statistic == LUS_STATISTIC_DEATH) turn_to_deaths(out);
    return p.why;
}

double lus_fewer(double a, double b)
{
    return !(a > 0) ? b : !(b > 0) ? a : fmin(a, b);
}

/* The fewest that a curve tells of at the figure's time: people, their weights, who dies, who
 * lives; 0 where there is nobody. */
static double fewest_of(const struct lus_context *c, const struct lus_figure *f, double rows,
                        const struct lus_event_table *table, const struct lus_curve *curve)
{
    double fewest = lus_fewer(rows, table->total);
    fewest = lus_fewer(fewest, table->total_events);
    fewest = lus_fewer(fewest, table->total - table->total_events);
    if (f->statistic == LUS_STATISTIC_MEDIAN) return fewest;
    return lus_fewer(fewest, lus_curve_at(curve, f->at, &c->memory->fitting.conf).events_by);
}

int lus_group_value(const struct lus_context *c, const struct lus_figure *f, struct lus_group group,
                    struct lus_data_value *out, enum lus_why *why, double *people,
                    double *std_error, struct lus_error *err)
{
    const struct lus_fitting *fitting = &c->memory->fitting;
    struct lus_event_table table;
    struct lus_fit fit;
    LUS_TRY(lus_group_table(group, NULL, &table, err));
    *out = (struct lus_data_value){NAN, NAN, NAN, 0, true, 0};
    *why = LUS_WHY_NO_ROWS;
    *people = table.total;
    int status = LUS_OK;
    if (table.n && (status = lus_fit(fitting, &table, &fit, err)) == LUS_OK) {
        *why = value_of(c, f, &fit.curve, fit.table, out);
        out->fewest = fewest_of(c, f, lus_group_rows(group, NULL), &table, &fit.curve);
        if (std_error) *std_error = lus_curve_at(&fit.curve, f->at, &fitting->conf).std_error;
        lus_fit_free(&fit);
    }
    lus_event_table_free(&table);
    return status;
}

int lus_group_net(const struct lus_context *c, const struct lus_figure *f, struct lus_group group,
                  struct lus_data_value *out, enum lus_why *why, struct lus_error *err)
{
    struct lus_cohort persons;
    struct lus_net net = {0};
    struct lus_net_query query = {.table = c->memory->query.life_table,
                                  .at = &f->at,
                                  .n_at = 1,
                                  .until = f->at,
                                  .n_threads = c->tally->n_threads};
    *out = (struct lus_data_value){NAN, NAN, NAN, 0, true, 0};
    *why = LUS_WHY_NO_ROWS;
    LUS_TRY(lus_group_persons(group, &persons, err));
    int status = persons.n ? lus_net_estimate(&query, &persons, &net, err) : LUS_OK;
    if (status == LUS_OK && persons.n) {
        struct lus_conf conf = {c->memory->fitting.conf.level, LUS_LOG};
        struct lus_net_point p = lus_net_at(&net, f->at, &conf);
        *out = (struct lus_data_value){p.survival, p.low, p.high, fmin(p.at_risk, p.effective),
                                       true,       0};
        if (f->statistic == LUS_STATISTIC_DEATH) turn_to_deaths(out);
        *why = p.why;
    }
    lus_net_free(&net);
    lus_cohort_free(&persons);
    return status;
}

/* The curves of the mix's levels; *missing: the first with a share that nobody has. */
static int fit_levels(const struct lus_context *c, struct lus_answer *a, struct lus_group group,
                      struct lus_event_table *tables, struct lus_fit *fits,
                      const struct lus_curve **curves, const char **missing, struct lus_error *err)
{
    const struct lus_mix *mix = &c->memory->query.mix;
    for (size_t i = 0; i < mix->n; i++) {
        LUS_TRY(lus_group_table(group, mix->levels[i], &tables[i], err));
        LUS_TRY(lus_fit(&c->memory->fitting, &tables[i], &fits[i], err));
        curves[i] = &fits[i].curve;
        double fewest = fewest_of(c, a->figure, lus_group_rows(group, mix->levels[i]), &tables[i],
                                  curves[i]);
        if (mix->shares[i] > 0) a->mixed.fewest = lus_fewer(a->mixed.fewest, fewest);
        if (!tables[i].n && mix->shares[i] > 0) *missing = mix->levels[i];
    }
    return LUS_OK;
}

static int mix_curves(struct lus_context *c, struct lus_answer *a,
                      const struct lus_curve *const *curves, struct lus_error *err)
{
    const struct lus_mix *mix = &c->memory->query.mix;
    struct lus_curve mixed = {0};
    struct lus_data_value value;
    struct lus_event_table nobody = {0};
    if (lus_curve_mix(curves, mix->shares, mix->n, &mixed) != LUS_OK) {
        lus_curve_free(&mixed);
        return lus_fail_memory(err);
    }
    enum lus_why why = value_of(c, a->figure, &mixed, &nobody, &value);
    a->mixed.value = value.value, a->mixed.low = value.low, a->mixed.high = value.high;
    if (why != LUS_AVAILABLE) a->mixed.words = lus_why_text(why);
    lus_curve_free(&mixed);
    return LUS_OK;
}

int lus_group_mix(struct lus_context *c, struct lus_answer *a, struct lus_group group,
                  struct lus_error *err)
{
    const struct lus_mix *mix = &c->memory->query.mix;
    struct lus_event_table *tables = lus_alloc_zeroed(mix->n, sizeof *tables);
    struct lus_fit *fits = lus_alloc_zeroed(mix->n, sizeof *fits);
    const struct lus_curve **curves = lus_alloc_zeroed(mix->n, sizeof *curves);
    const char *missing = NULL;
    a->mixed.is_asked = true;
    int status = tables && fits && curves
                     ? fit_levels(c, a, group, tables, fits, curves, &missing, err)
                     : lus_fail_memory(err);
    if (status == LUS_OK && missing) {
        a->mixed.words = lus_arena_print(&c->memory->arena, "nobody has %s \"%s\"", mix->factor,
                                         missing);
        if (!a->mixed.words) status = lus_fail_memory(err);
    } else if (status == LUS_OK) {
        status = mix_curves(c, a, curves, err);
    }
    for (size_t i = 0; i < mix->n; i++) {
        if (fits) lus_fit_free(&fits[i]);
        if (tables) lus_event_table_free(&tables[i]);
    }
    free(tables), free(fits), free(curves);
    return status;
}
