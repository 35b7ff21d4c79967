/* Curves standardised to a population: those of its groups, put together with its shares. */
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
        *out = (size_t)stratum->places[k];
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

static int sum_tables(const struct lus_tally *tally, size_t first, size_t end,
                      const struct lus_fitting *f, struct lus_event_table *out)
{
    const struct lus_event_table **tables = lus_alloc(end - first, sizeof *tables);
    struct lus_event_table sum;
    if (!tables) return LUS_ENOMEM;
    for (size_t i = first; i < end; i++)
        tables[i - first] = &tally->strata[i].table;
    int status = lus_event_table_sum(tables, end - first, &sum);
    free(tables);
    LUS_TRY(status);
    if (!(f->given > 0)) {
        *out = sum;
        return LUS_OK;
    }
    status = lus_event_table_given(&sum, f->given, out);
    lus_event_table_free(&sum);
    return status;
}

/* The curves of a cell's groups; curves[g] is NULL where a group has nobody. */
static int mix_groups(const struct lus_fitting *f, const struct lus_standard *s,
                      const struct lus_tally *tally, size_t first, size_t end,
                      const struct lus_curve **curves, struct lus_fit *fits, struct lus_curve *out,
                      struct lus_error *err)
{
    for (size_t i = first; i < end; i++) {
        size_t g = 0;
        LUS_TRY(lus_standard_group(s, tally, &tally->strata[i], &g, err));
        LUS_TRY(lus_fit(f, &tally->strata[i].table, &fits[i - first], err));
        curves[g] = &fits[i - first].curve;
    }
    static const struct lus_curve nobody = {.zero_at = -1, .gap_at = -1};
    *out = nobody;
    for (size_t g = 0; g < s->n; g++) {
        /* never standardised to the groups that happen to be there */
        if (!curves[g] && s->shares[g] > 0) return LUS_OK;
        if (!curves[g]) curves[g] = &nobody;
    }
    return lus_curve_mix(curves, s->shares, s->n, out) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

int lus_fit_cell(const struct lus_fitting *f, const struct lus_standard *s,
                 const struct lus_tally *tally, size_t first, size_t end, struct lus_fit *out,
                 struct lus_error *err)
{
    if (!s->n) return lus_fit(f, &tally->strata[first].table, out, err);
    *out = (struct lus_fit){0};
    struct lus_fit *fits = lus_alloc_zeroed(end - first, sizeof *fits);
    const struct lus_curve **curves = lus_alloc_zeroed(s->n, sizeof *curves);
    int status = fits && curves && sum_tables(tally, first, end, f, &out->after) == LUS_OK
                     ? LUS_OK
                     : lus_fail_memory(err);
    out->table = &out->after;
    if (status == LUS_OK)
        status = mix_groups(f, s, tally, first, end, curves, fits, &out->curve, err);
    for (size_t i = 0; fits && i < end - first; i++)
        lus_fit_free(&fits[i]);
    free(fits), free(curves);
    return status;
}
