#include "command/suppress.h"

#include <math.h>
#include <stdlib.h>

static bool same_level(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* Whether two strata agree on the first n keys, but for one of them (n: all). */
static bool same_line(const struct lus_stratum *a, const struct lus_stratum *b, size_t n, size_t but)
{
    for (size_t k = 0; k < n; k++)
        if (k != but && !same_level(a->levels[k], b->levels[k])) return false;
    return true;
}

static int list_cells(struct lus_cells *cells, const struct lus_tally *tally)
{
    cells->first = lus_alloc_zeroed(tally->n_strata, sizeof *cells->first);
    cells->total = lus_alloc_zeroed(tally->n_strata, sizeof *cells->total);
    cells->hidden = lus_alloc_zeroed(tally->n_strata, sizeof *cells->hidden);
    if (!cells->first || !cells->total || !cells->hidden) return LUS_ENOMEM;
    for (size_t i = 0; i < tally->n_strata; i++) { /* strata are sorted by their keys */
        const struct lus_stratum *s = &tally->strata[i];
        if (!cells->n || !same_line(s, cells->first[cells->n - 1], cells->n_keys, SIZE_MAX)) cells->first[cells->n++] = s;
        cells->total[cells->n - 1] += s->table.total;
    }
    return LUS_OK;
}

/* Hides the next smallest cell of the line along key k through cell i, where i is the only one hidden. True: one was. */
static bool hide_second(struct lus_cells *cells, size_t i, size_t k)
{
    size_t second = SIZE_MAX;
    for (size_t j = 0; j < cells->n; j++) {
        if (j == i || !same_line(cells->first[i], cells->first[j], cells->n_keys, k)) continue;
        if (cells->hidden[j]) return false;
        if (second == SIZE_MAX || cells->total[j] < cells->total[second]) second = j;
    }
    if (second != SIZE_MAX) cells->hidden[second] = true;
    return second != SIZE_MAX;
}

int lus_cells_make(struct lus_cells *cells, const struct lus_tally *tally, size_t n_keys, long least, struct lus_error *err)
{
    *cells = (struct lus_cells){.least = least > 0 ? (double)least : 0, .n_keys = n_keys};
    if (!(cells->least > 0)) return LUS_OK;
    if (list_cells(cells, tally) != LUS_OK) return lus_fail_memory(err);
    for (size_t i = 0; i < cells->n; i++)
        cells->hidden[i] = cells->total[i] > 0 && cells->total[i] < cells->least;
    bool changed = !tally->overlaps; /* overlapping cells do not add up, so nothing can be subtracted */
    while (changed) {
        changed = false;
        for (size_t i = 0; i < cells->n; i++)
            for (size_t k = 0; k < n_keys && cells->hidden[i]; k++)
                changed |= hide_second(cells, i, k);
    }
    return LUS_OK;
}

bool lus_cells_is_hidden(const struct lus_cells *cells, const struct lus_stratum *stratum)
{
    for (size_t i = 0; i < cells->n; i++)
        if (cells->hidden[i] && same_line(cells->first[i], stratum, cells->n_keys, SIZE_MAX)) return true;
    return false;
}

void lus_cells_free(struct lus_cells *cells)
{
    free(cells->first), free(cells->total), free(cells->hidden);
    *cells = (struct lus_cells){0};
}

static void hide(struct lus_document *d, struct lus_cell *cell, double least)
{
    *cell = (struct lus_cell){.number = NAN, .why = LUS_WHY_TOO_FEW, .text = least > 0 ? lus_document_text(d, "<%.10g", least) : NULL};
}

static bool is_small(double n, double least)
{
    return n > 0 && n < least;
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

/* Whether the row's first columns name a hidden cell, or its first two columns two names of which one is hidden. */
static bool row_is_hidden(struct lus_result *r, const struct lus_tally *tally, const struct lus_cells *cells, const struct lus_table *t, const struct lus_cell *row)
{
    bool is_pair = column_of(t, "first") == 0;
    for (size_t i = 0; i < cells->n; i++) {
        if (!cells->hidden[i]) continue;
        if (is_pair) {
            const char *name = lus_stratum_name(r, tally, cells->first[i]);
            if (strcmp(row[0].text, name) == 0 || strcmp(row[1].text, name) == 0) return true;
            continue;
        }
        bool same = cells->n_keys > 0;
        for (size_t k = 0; k < cells->n_keys && same; k++)
            same = k < t->n_columns && row[k].text && strcmp(row[k].text, level_text(cells->first[i]->levels[k])) == 0;
        if (same) return true;
    }
    return false;
}

static void hide_numbers(struct lus_document *d, const struct lus_table *t, struct lus_cell *row, size_t from)
{
    for (size_t c = from; c < t->n_columns; c++)
        if (t->columns[c].kind != LUS_COLUMN_TEXT && strcmp(t->columns[c].name, "time") != 0) hide(d, &row[c], 0);
}

/* Deaths under N, or survivors under N, hide the estimates that would tell them. */
static void hide_small_counts(struct lus_document *d, const struct lus_table *t, struct lus_cell *row, double least)
{
    size_t n = column_of(t, "n"), events = column_of(t, "events"), by = column_of(t, "events_by"), observed = column_of(t, "observed");
    bool hides_estimates = false;
    if (events != SIZE_MAX && n != SIZE_MAX && (is_small(row[events].number, least) || is_small(row[n].number - row[events].number, least))) {
        hide(d, &row[events], least);
        size_t censored = column_of(t, "censored");
        if (censored != SIZE_MAX) hide(d, &row[censored], least);
        hides_estimates = true;
    }
    if (by != SIZE_MAX && is_small(row[by].number, least)) hides_estimates = true;
    if (observed != SIZE_MAX && is_small(row[observed].number, least)) hides_estimates = true;
    for (size_t c = 0; c < t->n_columns; c++) {
        bool is_estimate = t->columns[c].kind == LUS_COLUMN_SHARE || t->columns[c].kind == LUS_COLUMN_NUMBER || strcmp(t->columns[c].name, "events_by") == 0;
        if (t->columns[c].kind == LUS_COLUMN_COUNT && is_small(row[c].number, least)) hide(d, &row[c], least);
        else if (hides_estimates && is_estimate) hide(d, &row[c], 0);
    }
}

/* The rule that left out fewer than N, and the next smallest one, so that sums do not tell it. */
static void hide_selection(struct lus_document *d, struct lus_table *t, double least)
{
    size_t small = 0, next = SIZE_MAX;
    for (size_t i = 1; i + 1 < t->n_rows; i++) {
        double left_out = t->cells[i * t->n_columns + 1].number;
        if (is_small(left_out, least)) small++;
        else if (left_out > 0 && (next == SIZE_MAX || left_out < t->cells[next * t->n_columns + 1].number)) next = i;
    }
    if (!small) return;
    for (size_t i = 1; i + 1 < t->n_rows; i++) {
        if (is_small(t->cells[i * t->n_columns + 1].number, least) || (small == 1 && i == next)) hide(d, &t->cells[i * t->n_columns + 1], least);
        hide(d, &t->cells[i * t->n_columns + 2], 0);
    }
    if (small == 1 && next == SIZE_MAX) hide(d, &t->cells[2], 0); /* the rows read would tell it */
}

/* Notes about hidden strata, and those that count people, are not for showing. */
static void hide_notes(struct lus_result *r, const struct lus_tally *tally, const struct lus_cells *cells)
{
    struct lus_document *d = &r->document;
    size_t kept = 0;
    for (size_t i = 0; i < d->n_notes; i++) {
        bool is_kept = !strstr(d->notes[i], " left out: ") && !strstr(d->notes[i], " with a time of 0") && !strstr(d->notes[i], "survival is ") &&
                       !strstr(d->notes[i], " enter after the origin");
        for (size_t c = 0; c < cells->n && is_kept; c++) {
            if (!cells->hidden[c]) continue;
            const char *name = lus_stratum_name(r, tally, cells->first[c]);
            is_kept = strncmp(d->notes[i], name, strlen(name)) != 0 || d->notes[i][strlen(name)] != ':';
        }
        if (is_kept) d->notes[kept++] = d->notes[i];
    }
    d->n_notes = kept;
    lus_document_note(d, "Cells under %.10g people are not shown, nor those from which they could be had by subtraction.", cells->least);
}

int lus_suppress(struct lus_result *r, const struct lus_tally *tally, size_t n_keys, long least, struct lus_error *err)
{
    struct lus_cells cells;
    struct lus_document *d = &r->document;
    LUS_TRY(lus_cells_make(&cells, tally, n_keys, least, err));
    for (size_t i = 0; i < d->n_tables && cells.least > 0; i++) {
        struct lus_table *t = d->tables[i];
        if (strcmp(t->name, "selection") == 0) {
            hide_selection(d, t, cells.least);
            continue;
        }
        for (size_t row = 0; row < t->n_rows; row++) {
            struct lus_cell *at = &t->cells[row * t->n_columns];
            if (row_is_hidden(r, tally, &cells, t, at)) hide_numbers(d, t, at, 0);
            else hide_small_counts(d, t, at, cells.least);
        }
    }
    if (cells.least > 0) hide_notes(r, tally, &cells);
    lus_cells_free(&cells);
    return LUS_OK;
}
