/* Curves standardised to a population: those of its groups, put together with its shares. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lustrum/estimate.h"
#include "support/error.h"
#include "support/memory.h"

int lus_standard_split(const struct lus_standard *s, struct lus_query *query, struct lus_error *err)
{
    if (!s->n) return LUS_OK;
    if (s->key && query->strata)
        return lus_fail(err, LUS_EUSAGE, "a query that is split by %s has no further strata",
                        s->key);
    if (s->key) query->strata = s->key;
    else query->age_groups = s->ages, query->n_age_groups = s->n;
    return LUS_OK;
}

int lus_standard_group(const struct lus_standard *s, const struct lus_tally *tally,
                       const struct lus_stratum *stratum, size_t *out, struct lus_error *err)
{
    size_t k = tally->n_by + tally->n_split - 1;
    const char *level = stratum->levels[k];
    if (!s->key) {
        size_t group = (size_t)stratum->places[k];
        *out = s->joined ? s->joined[group] : group;
        return LUS_OK;
    }
    for (size_t i = 0; i < s->n; i++)
        if (level && strcmp(level, s->levels[i]) == 0) {
            *out = i;
            return LUS_OK;
        }
    return lus_fail(err, LUS_EDATA, "%s: %s has no weight for \"%s\"", s->name, s->key,
                    level ? level : "missing");
}

size_t lus_cell_end(const struct lus_tally *tally, size_t first)
{
    size_t end = first + 1;
    for (; end < tally->n_strata; end++)
        for (size_t k = 0; k < tally->n_by; k++) {
            const char *a = tally->strata[first].levels[k], *b = tally->strata[end].levels[k];
            if ((a == NULL) != (b == NULL) || (a && strcmp(a, b) != 0)) return end;
        }
    return end;
}

/* The tables of the strata of one group, or of all: SIZE_MAX. */
static int list_tables(const struct lus_standard *s, const struct lus_tally *tally, size_t first,
                       size_t end, size_t group, const struct lus_event_table **tables, size_t *n,
                       struct lus_error *err)
{
    *n = 0;
    for (size_t i = first; i < end; i++) {
        size_t g = 0;
        LUS_TRY(lus_standard_group(s, tally, &tally->strata[i], &g, err));
        if (g == group || group == SIZE_MAX) tables[(*n)++] = &tally->strata[i].table;
    }
    return LUS_OK;
}

static int sum_tables(const struct lus_event_table *const *tables, size_t n,
                      const struct lus_fitting *f, struct lus_event_table *out)
{
    struct lus_event_table sum;
    LUS_TRY(lus_event_table_sum(tables, n, &sum));
    if (!(f->given > 0)) {
        *out = sum;
        return LUS_OK;
    }
    int status = lus_event_table_given(&sum, f->given, out);
    lus_event_table_free(&sum);
    return status;
}

/* What a cell is put together of. */
struct cell {
    const struct lus_fitting *fitting;
    const struct lus_standard *standard;
    const struct lus_tally *tally;
    size_t first, end;
    const struct lus_event_table **tables; /* room for all strata */
};

/* The curve of one group; of nobody, an empty one. */
static int fit_group(const struct cell *c, size_t group, struct lus_event_table *sum,
                     struct lus_fit *fit, struct lus_error *err)
{
    size_t n = 0;
    LUS_TRY(list_tables(c->standard, c->tally, c->first, c->end, group, c->tables, &n, err));
    if (n > 1 && lus_event_table_sum(c->tables, n, sum) != LUS_OK) return lus_fail_memory(err);
    if (n) return lus_fit(c->fitting, n > 1 ? sum : c->tables[0], fit, err);
    fit->curve.zero_at = fit->curve.gap_at = -1;
    return LUS_OK;
}

static int mix_groups(const struct cell *c, struct lus_curve *out, struct lus_error *err)
{
    const struct lus_standard *s = c->standard;
    struct lus_fit *fits = lus_alloc_zeroed(s->n, sizeof *fits);
    struct lus_event_table *sums = lus_alloc_zeroed(s->n, sizeof *sums);
    const struct lus_curve **curves = lus_alloc_zeroed(s->n, sizeof *curves);
    int status = fits && sums && curves ? LUS_OK : lus_fail_memory(err);
    bool lacks_one = false;
    *out = (struct lus_curve){.zero_at = -1, .gap_at = -1};
    for (size_t g = 0; g < s->n && status == LUS_OK; g++) {
        status = fit_group(c, g, &sums[g], &fits[g], err);
        curves[g] = &fits[g].curve;
        /* never standardised to the groups that happen to be there */
        lacks_one |= !fits[g].table && s->shares[g] > 0;
    }
    if (status == LUS_OK && !lacks_one && lus_curve_mix(curves, s->shares, s->n, out) != LUS_OK)
        status = lus_fail_memory(err);
    for (size_t g = 0; fits && sums && g < s->n; g++) {
        lus_fit_free(&fits[g]);
        lus_event_table_free(&sums[g]);
    }
    free(fits), free(sums), free(curves);
    return status;
}

/* The curve of people who are weighed, as one of its own. */
static int fit_weighed(const struct cell *c, const struct lus_event_table *weighed,
                       struct lus_curve *out, struct lus_error *err)
{
    static const double whole[] = {1};
    struct lus_fit fit;
    LUS_TRY(lus_fit(c->fitting, weighed, &fit, err));
    const struct lus_curve *curves[] = {&fit.curve};
    int status = lus_curve_mix(curves, whole, 1, out) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    lus_fit_free(&fit);
    return status;
}

static int weigh_people(const struct cell *c, struct lus_curve *out, struct lus_error *err)
{
    size_t n = c->end - c->first, n_tables = 0;
    const struct lus_standard *s = c->standard;
    double *of_groups = lus_alloc(s->n, sizeof *of_groups),
           *weights = lus_alloc(n, sizeof *weights);
    struct lus_event_table weighed = {0};
    int status = of_groups && weights ? LUS_OK : lus_fail_memory(err);
    bool lacks_one = false;
    *out = (struct lus_curve){.zero_at = -1, .gap_at = -1};
    if (status == LUS_OK)
        status = lus_standard_weights(s, c->tally, c->first, c->end, of_groups, err);
    for (size_t g = 0; g < s->n && status == LUS_OK; g++)
        lacks_one |= isnan(of_groups[g]);
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        size_t g = 0;
        status = lus_standard_group(s, c->tally, &c->tally->strata[c->first + i], &g, err);
        weights[i] = of_groups[g];
    }
    if (status == LUS_OK)
        status = list_tables(s, c->tally, c->first, c->end, SIZE_MAX, c->tables, &n_tables, err);
    if (status == LUS_OK && !lacks_one) {
        status = lus_event_table_weigh(c->tables, weights, n_tables, &weighed);
        if (status == LUS_EUSAGE)
            (void)lus_fail(err, status,
                           "people cannot be weighed where some enter late (--standardise-by "
                           "groups)");
        else if (status != LUS_OK) status = lus_fail_memory(err);
        if (status == LUS_OK) status = fit_weighed(c, &weighed, out, err);
    }
    lus_event_table_free(&weighed);
    free(of_groups), free(weights);
    return status;
}

int lus_fit_cell(const struct lus_fitting *f, const struct lus_standard *s,
                 const struct lus_tally *tally, size_t first, size_t end, struct lus_fit *out,
                 struct lus_error *err)
{
    if (!s->n) return lus_fit(f, &tally->strata[first].table, out, err);
    *out = (struct lus_fit){0};
    struct cell c = {f, s, tally, first, end, lus_alloc(end - first, sizeof *c.tables)};
    size_t n = 0;
    int status = c.tables ? list_tables(s, tally, first, end, SIZE_MAX, c.tables, &n, err)
                          : lus_fail_memory(err);
    if (status == LUS_OK && sum_tables(c.tables, n, f, &out->after) != LUS_OK)
        status = lus_fail_memory(err);
    out->table = &out->after;
    if (status == LUS_OK)
        status = s->weighs_people ? weigh_people(&c, &out->curve, err)
                                  : mix_groups(&c, &out->curve, err);
    free(c.tables);
    return status;
}
