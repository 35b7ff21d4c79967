#include "command/suppress.h"

#include <math.h>
#include <stdlib.h>

static bool same_level(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* Whether two strata agree on the first n keys, but for one of them (n: all). */
static bool same_line(const struct lus_stratum *a, const struct lus_stratum *b, size_t n,
                      size_t but)
{
    for (size_t k = 0; k < n; k++)
        if (k != but && !same_level(a->levels[k], b->levels[k])) return false;
    return true;
}

static int list_cells(struct lus_cells *cells, const struct lus_tally *tally)
{
    size_t n = tally->n_strata;
    cells->first = lus_alloc_zeroed(n, sizeof *cells->first);
    cells->people = lus_alloc_zeroed(n, sizeof *cells->people);
    cells->events = lus_alloc_zeroed(n, sizeof *cells->events);
    cells->hidden = lus_alloc_zeroed(n, sizeof *cells->hidden);
    cells->events_hidden = lus_alloc_zeroed(n, sizeof *cells->events_hidden);
    if (!cells->first || !cells->people || !cells->events || !cells->hidden ||
        !cells->events_hidden)
        return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++) { /* strata are sorted by their keys */
        const struct lus_stratum *s = &tally->strata[i];
        if (!cells->n || !same_line(s, cells->first[cells->n - 1], cells->n_keys, SIZE_MAX))
            cells->first[cells->n++] = s;
        cells->people[cells->n - 1] += s->n_people;
        cells->events[cells->n - 1] += s->table.total_events;
    }
    return LUS_OK;
}

/* A missing value of what shares are counted of is in no denominator, and so protects nobody. */
static bool counts_in(const struct lus_cells *cells, size_t i, size_t k)
{
    return k < cells->n_by || cells->first[i]->levels[k];
}

/* Hides the next smallest cell of the line along key k through cell i, where i is the only one
 * hidden. True: one was. */
static bool hide_second(const struct lus_cells *cells, const double *amount, bool *hidden, size_t i,
                        size_t k)
{
    size_t second = SIZE_MAX;
    if (!counts_in(cells, i, k)) return false;
    for (size_t j = 0; j < cells->n; j++) {
        if (j == i || !counts_in(cells, j, k) ||
            !same_line(cells->first[i], cells->first[j], cells->n_keys, k))
            continue;
        if (hidden[j]) return false;
        if (second == SIZE_MAX || amount[j] < amount[second]) second = j;
    }
    if (second != SIZE_MAX) hidden[second] = true;
    return second != SIZE_MAX;
}

static void hide_complements(const struct lus_cells *cells, const double *amount, bool *hidden)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < cells->n; i++)
            for (size_t k = 0; k < cells->n_keys && hidden[i]; k++)
                changed |= hide_second(cells, amount, hidden, i, k);
    }
}

static bool is_small(double n, double least)
{
    return n > 0 && n < least;
}

int lus_cells_make(struct lus_cells *cells, const struct lus_tally *tally, size_t n_keys,
                   long least, struct lus_error *err)
{
    *cells = (struct lus_cells){
        .least = least > 0 ? (double)least : 0, .n_keys = n_keys, .n_by = tally->n_by};
    if (!(cells->least > 0)) return LUS_OK;
    if (list_cells(cells, tally) != LUS_OK) {
        lus_cells_free(cells);
        return lus_fail_memory(err);
    }
    for (size_t i = 0; i < cells->n; i++)
        cells->hidden[i] = is_small(cells->people[i], cells->least);
    /* overlapping cells do not add up, so nothing can be subtracted */
    if (!tally->overlaps) hide_complements(cells, cells->people, cells->hidden);
    for (size_t i = 0; i < cells->n; i++)
        cells->events_hidden[i] = cells->hidden[i] || is_small(cells->events[i], cells->least) ||
                                  is_small(cells->people[i] - cells->events[i], cells->least);
    if (!tally->overlaps) hide_complements(cells, cells->events, cells->events_hidden);
    for (size_t i = 0; i < cells->n; i++)
        cells->any_hidden |= cells->hidden[i];
    return LUS_OK;
}

size_t lus_rows_shown(const struct lus_fit *fit, double least, size_t *rows)
{
    const struct lus_event_table *t = fit->table;
    double events = 0, censored = 0;
    size_t n = 0, row = 0;
    for (size_t i = 0; i < fit->curve.n; i++) {
        events += fit->curve.events[i];
        for (; row < t->n && t->time[row] <= fit->curve.time[i]; row++)
            censored += t->censored[row];
        if (least > 0 && (events < least || is_small(censored, least))) continue;
        rows[n++] = i;
        events = censored = 0;
    }
    return n;
}

bool lus_cells_is_hidden(const struct lus_cells *cells, const struct lus_stratum *stratum)
{
    for (size_t i = 0; i < cells->n; i++)
        if (cells->hidden[i] && same_line(cells->first[i], stratum, cells->n_keys, SIZE_MAX))
            return true;
    return false;
}

void lus_cells_free(struct lus_cells *cells)
{
    free(cells->first), free(cells->people), free(cells->events), free(cells->hidden),
        free(cells->events_hidden);
    *cells = (struct lus_cells){0};
}
