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

static void hide(struct lus_document *d, struct lus_cell *cell, double least)
{
    *cell = (struct lus_cell){.number = NAN,
                              .why = LUS_WHY_TOO_FEW,
                              .text = least > 0 ? lus_document_text(d, "<%.10g", least) : NULL};
}

static size_t column_of(const struct lus_table *t, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c].name, name) == 0) return c;
    return SIZE_MAX;
}

static const char *level_text(const char *level)
{
    return level ? level : "missing";
}

/* Whether the row's first columns name a cell that is in `hidden`, or its first two columns two
 * names of which one is. */
static bool row_is_in(struct lus_result *r, const struct lus_tally *tally,
                      const struct lus_cells *cells, const bool *hidden, const struct lus_table *t,
                      const struct lus_cell *row)
{
    bool is_pair = column_of(t, "first") == 0, has_keys = true;
    for (size_t k = 0; k < cells->n_by && !is_pair; k++)
        has_keys &= k < t->n_columns && strcmp(t->columns[k].name, tally->keys[k]) == 0;
    for (size_t i = 0; i < cells->n && has_keys; i++) {
        if (!hidden[i]) continue;
        if (is_pair) {
            const char *name = lus_stratum_name(r, tally, cells->first[i]);
            if (strcmp(row[0].text, name) == 0 || strcmp(row[1].text, name) == 0) return true;
            continue;
        }
        bool same = true;
        for (size_t k = 0; k < cells->n_keys && same; k++)
            same = row[k].text && strcmp(row[k].text, level_text(cells->first[i]->levels[k])) == 0;
        if (same) return true;
    }
    return false;
}

/* A time that was asked for tells nothing; one that the people's own times made does. */
static bool is_asked_time(const struct lus_table *t, size_t c)
{
    return strcmp(t->columns[c].name, "time") == 0 &&
           (strcmp(t->name, "rates") == 0 || strcmp(t->name, "differences") == 0 ||
            strcmp(t->name, "net") == 0 || strcmp(t->name, "crude") == 0);
}

static void hide_numbers(struct lus_document *d, const struct lus_table *t, struct lus_cell *row)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].kind != LUS_COLUMN_TEXT && !is_asked_time(t, c)) hide(d, &row[c], 0);
}

static bool is_estimate(const struct lus_table *t, size_t c)
{
    const char *name = t->columns[c].name;
    bool is_count = strcmp(name, "events") == 0 || strcmp(name, "events_by") == 0 ||
                    strcmp(name, "censored") == 0;
    return is_count || t->columns[c].kind == LUS_COLUMN_SHARE ||
           (t->columns[c].kind == LUS_COLUMN_NUMBER && strcmp(name, "quantile") != 0) ||
           (t->columns[c].kind == LUS_COLUMN_TIME && !is_asked_time(t, c));
}

/* Deaths or survivors under N, or such as would tell them: they go, and every estimate that is made
 * of them. */
static void hide_small_counts(struct lus_document *d, const struct lus_table *t,
                              struct lus_cell *row, bool events_hidden, double least)
{
    size_t by = column_of(t, "events_by"), observed = column_of(t, "observed");
    bool hides_estimates = events_hidden && strcmp(t->name, "shares") != 0;
    if (by != SIZE_MAX && is_small(row[by].number, least)) hides_estimates = true;
    if (observed != SIZE_MAX && is_small(row[observed].number, least)) hides_estimates = true;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (hides_estimates && is_estimate(t, c)) hide(d, &row[c], 0);
        else if (t->columns[c].kind == LUS_COLUMN_COUNT && is_small(row[c].number, least))
            hide(d, &row[c], least);
    }
}

/* Examples are people's values; a count of missing values under N, or of the others, is not for
 * showing. */
static void hide_columns_row(struct lus_document *d, const struct lus_table *t,
                             struct lus_cell *row, double n_rows, double least)
{
    size_t missing = column_of(t, "missing"), example = column_of(t, "example"),
           distinct = column_of(t, "distinct");
    if (example != SIZE_MAX) row[example].text = "";
    if (missing == SIZE_MAX) return;
    if (is_small(row[missing].number, least) || is_small(n_rows - row[missing].number, least))
        hide(d, &row[missing], 0), hide(d, &row[distinct], 0);
}

/* A rule that left out fewer than N hides the whole selection, and so does a hidden stratum: sums
 * would tell them. */
static void hide_selection(struct lus_document *d, struct lus_table *t, bool any_hidden,
                           double least)
{
    for (size_t i = 1; i + 1 < t->n_rows; i++)
        any_hidden |= is_small(t->cells[i * t->n_columns + 1].number, least);
    for (size_t i = 0; i < t->n_rows && any_hidden; i++) {
        hide(d, &t->cells[i * t->n_columns + 1], 0);
        hide(d, &t->cells[i * t->n_columns + 2], 0);
    }
}

/* Notes that count people or tell single strata are not for showing. */
static void hide_notes(struct lus_result *r, const struct lus_cells *cells)
{
    static const char *const telling[] = {
        " read",     " left out", " with a time of 0", "survival is ", " enter after the origin",
        "nobody is", "no event:", "not reached",       "not available"};
    struct lus_document *d = &r->document;
    size_t kept = 0;
    for (size_t i = 0; i < d->n_notes; i++) {
        bool is_kept = true;
        for (size_t w = 0; w < sizeof telling / sizeof *telling && is_kept; w++)
            is_kept = !strstr(d->notes[i], telling[w]);
        if (is_kept) d->notes[kept++] = d->notes[i];
    }
    d->n_notes = kept;
    lus_document_note(d,
                      "Cells under %.10g people are not shown, nor those from which they could be "
                      "had by subtraction, nor what is estimated from them.",
                      cells->least);
}

int lus_suppress(struct lus_result *r, const struct lus_tally *tally, size_t n_keys, long least,
                 struct lus_error *err)
{
    struct lus_cells cells;
    struct lus_document *d = &r->document;
    LUS_TRY(lus_cells_make(&cells, tally, n_keys, least, err));
    for (size_t i = 0; i < d->n_tables && cells.least > 0; i++) {
        struct lus_table *t = d->tables[i];
        bool is_selection = strcmp(t->name, "selection") == 0,
             is_columns = strcmp(t->name, "columns") == 0;
        if (is_selection) hide_selection(d, t, cells.any_hidden, cells.least);
        for (size_t row = 0; row < t->n_rows && !is_selection; row++) {
            struct lus_cell *at = &t->cells[row * t->n_columns];
            if (is_columns) hide_columns_row(d, t, at, (double)tally->n_rows, cells.least);
            else if (row_is_in(r, tally, &cells, cells.hidden, t, at)) hide_numbers(d, t, at);
            else
                hide_small_counts(d, t, at, row_is_in(r, tally, &cells, cells.events_hidden, t, at),
                                  cells.least);
        }
    }
    if (cells.least > 0) hide_notes(r, &cells);
    lus_cells_free(&cells);
    return LUS_OK;
}
