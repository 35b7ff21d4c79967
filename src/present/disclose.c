/* What of a document may be shown: small cells and those from which they could be had go, by the
 * roles of columns, the strata of rows and the subjects of notes. Nothing here reads a word. */
#include <math.h>
#include <stdlib.h>

#include "present/present.h"

/* Strata of the same levels are one cell. */
struct disclosure {
    struct lus_document *d;
    double least;
    size_t n;                        /* cells */
    size_t *cell_of;                 /* by stratum */
    const char *const **levels;      /* by cell; NULL: it stands alone */
    double *people, *events;         /* by cell */
    bool *is_hidden, *events_hidden; /* by cell */
    bool any_hidden;
};

/* What of a row may be shown. */
enum state { SHOWN, WITHOUT_EVENTS, HIDDEN };

static bool is_small(double n, double least)
{
    return n > 0 && n < least;
}

static bool same_level(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* --- cells --- */

/* Whether two cells agree on all keys but one. */
static bool same_line(const struct disclosure *x, size_t a, size_t b, size_t but)
{
    if (!x->levels[a] || !x->levels[b]) return a == b;
    for (size_t k = 0; k < x->d->memory->keys.n; k++)
        if (k != but && !same_level(x->levels[a][k], x->levels[b][k])) return false;
    return true;
}

/* One more cell, unless the one before has the same levels: strata come sorted by them. */
static size_t cell_of_levels(struct disclosure *x, const char *const *levels)
{
    x->levels[x->n] = levels;
    if (x->n && levels && same_line(x, x->n - 1, x->n, SIZE_MAX)) return x->n - 1;
    return x->n++;
}

static int list_cells(struct disclosure *x)
{
    size_t n = x->d->memory->strata.n;
    x->cell_of = lus_alloc_zeroed(n, sizeof *x->cell_of);
    x->levels = lus_alloc_zeroed(n, sizeof *x->levels);
    x->people = lus_alloc_zeroed(n, sizeof *x->people);
    x->events = lus_alloc_zeroed(n, sizeof *x->events);
    x->is_hidden = lus_alloc_zeroed(n, sizeof *x->is_hidden);
    x->events_hidden = lus_alloc_zeroed(n, sizeof *x->events_hidden);
    if (!x->cell_of || !x->levels || !x->people || !x->events || !x->is_hidden || !x->events_hidden)
        return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct lus_headcount *people = &x->d->memory->strata.at[i];
        size_t cell = x->cell_of[i] = cell_of_levels(x, people->levels);
        x->people[cell] += people->n;
        x->events[cell] += people->events;
    }
    return LUS_OK;
}

/* Whether a cell is part of the whole along key k. */
static bool counts_in(const struct disclosure *x, size_t i, size_t k)
{
    return x->levels[i] && (x->levels[i][k] || x->d->memory->keys.at[k] != LUS_KEY_OF_KNOWN);
}

/* Hides the smallest cell shown of the line along key k through cell i, where what is hidden of it
 * could be had: it is one, or fewer than `least` in all. True: one was. */
static bool hide_complement(const struct disclosure *x, const double *amount, bool *hidden,
                            size_t i, size_t k)
{
    size_t smallest = SIZE_MAX, n_hidden = 0;
    double sum = 0;
    for (size_t j = 0; j < x->n; j++) {
        if (!counts_in(x, j, k) || !same_line(x, i, j, k)) continue;
        if (hidden[j]) n_hidden++, sum += amount[j];
        else if (smallest == SIZE_MAX || amount[j] < amount[smallest]) smallest = j;
        if (n_hidden > 1 && !is_small(sum, x->least)) return false;
    }
    if (smallest == SIZE_MAX) return false;
    hidden[smallest] = true;
    return true;
}

/* Hides all of the line along key k through cell i. True: one was not. */
static bool hide_line(const struct disclosure *x, bool *hidden, size_t i, size_t k)
{
    bool changed = false;
    for (size_t j = 0; j < x->n; j++)
        if (!hidden[j] && same_line(x, i, j, k)) changed = hidden[j] = true;
    return changed;
}

static bool hide_around(const struct disclosure *x, const double *amount, bool *hidden, size_t i,
                        size_t k)
{
    if (!counts_in(x, i, k) || x->d->memory->keys.at[k] == LUS_KEY_OVERLAPS) return false;
    return x->d->memory->keys.at[k] == LUS_KEY_SHARES ? hide_line(x, hidden, i, k)
                                                      : hide_complement(x, amount, hidden, i, k);
}

static void hide_complements(const struct disclosure *x, const double *amount, bool *hidden)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < x->n; i++)
            for (size_t k = 0; k < x->d->memory->keys.n && hidden[i]; k++)
                changed |= hide_around(x, amount, hidden, i, k);
    }
}

/* The cell of a stratum that a row rests on; SIZE_MAX: of nobody, or not said. */
static size_t cell_of_stratum(const struct disclosure *x, size_t stratum)
{
    return stratum >= LUS_FIRST_STRATUM && stratum - LUS_FIRST_STRATUM < x->d->memory->strata.n
               ? x->cell_of[stratum - LUS_FIRST_STRATUM]
               : SIZE_MAX;
}

static bool has_few_events(const struct disclosure *x, const struct lus_table *t, size_t row)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].role == LUS_ROLE_EVENTS && t->columns[c].kind == LUS_COLUMN_COUNT &&
            !t->columns[c].is_step && is_small(t->cells[row * t->n_columns + c].number, x->least))
            return true;
    return false;
}

/* Where the events of one of a cell's rows are few, as those by one year, or what lies between its
 * rows, the events of the cell go: else the other cells of its line would tell them. */
static void hide_rows_of_few(struct disclosure *x)
{
    for (size_t i = 0; i < x->d->n_tables; i++) {
        const struct lus_table *t = x->d->tables[i];
        for (size_t row = 0; row < t->n_rows && row < t->n_behind; row++) {
            size_t cell = cell_of_stratum(x, t->behind[row][0]),
                   between = cell_of_stratum(x, t->behind[row][1]);
            if (cell == SIZE_MAX || !x->levels[cell]) continue;
            if (has_few_events(x, t, row) ||
                (between != SIZE_MAX && !x->levels[between] && x->events_hidden[between]))
                x->events_hidden[cell] = true;
        }
    }
}

static int find_hidden(struct disclosure *x)
{
    LUS_TRY(list_cells(x));
    for (size_t i = 0; i < x->n; i++)
        x->is_hidden[i] = is_small(x->people[i], x->least);
    hide_complements(x, x->people, x->is_hidden);
    for (size_t i = 0; i < x->n; i++)
        x->events_hidden[i] = x->is_hidden[i] || is_small(x->events[i], x->least) ||
                              is_small(x->people[i] - x->events[i], x->least);
    hide_rows_of_few(x);
    hide_complements(x, x->events, x->events_hidden);
    for (size_t i = 0; i < x->n; i++)
        x->any_hidden |= x->is_hidden[i] && x->levels[i];
    return LUS_OK;
}

static enum state state_of(const struct disclosure *x, size_t stratum)
{
    if (stratum == LUS_NOBODY) return SHOWN;
    if (stratum == LUS_UNSAID || stratum - LUS_FIRST_STRATUM >= x->d->memory->strata.n)
        return HIDDEN;
    size_t cell = x->cell_of[stratum - LUS_FIRST_STRATUM];
    return x->is_hidden[cell] ? HIDDEN : x->events_hidden[cell] ? WITHOUT_EVENTS : SHOWN;
}

/* --- tables --- */

/* The worse state of the two whose the row is. */
static enum state row_state(const struct disclosure *x, const struct lus_table *t, size_t row)
{
    if (row >= t->n_behind) return HIDDEN;
    enum state a = state_of(x, t->behind[row][0]), b = state_of(x, t->behind[row][1]);
    return a > b ? a : b;
}

static void hide(struct lus_cell *cell)
{
    *cell = (struct lus_cell){
        .number = NAN, .why = LUS_WHY_TOO_FEW, .text = cell->discreet, .discreet = cell->discreet};
}

/* "<10": how many is not told, that it is few is. */
static void hide_few(const struct disclosure *x, struct lus_cell *cell)
{
    *cell = (struct lus_cell){
        .number = NAN, .why = LUS_WHY_TOO_FEW, .text = lus_document_text(x->d, "<%.10g", x->least)};
}

static bool is_hidden_in(enum lus_role role, enum state state)
{
    switch (role) {
    case LUS_ROLE_KEY:
    case LUS_ROLE_ASKED: return false;
    case LUS_ROLE_COUNT: return state == HIDDEN;
    case LUS_ROLE_EVENTS:
    case LUS_ROLE_ESTIMATE: return state != SHOWN;
    case LUS_ROLE_NONE:
    case LUS_ROLE_DATA: break;
    }
    return true;
}

static void disclose_row(const struct disclosure *x, const struct lus_table *t, size_t row,
                         enum state state)
{
    struct lus_cell *cells = &t->cells[row * t->n_columns];
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].role == LUS_ROLE_EVENTS && is_small(cells[c].number, x->least) &&
            state == SHOWN)
            state = WITHOUT_EVENTS;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (is_hidden_in(t->columns[c].role, state)) hide(&cells[c]);
        else if (t->columns[c].role == LUS_ROLE_COUNT && is_small(cells[c].number, x->least))
            hide_few(x, &cells[c]);
    }
}

/* A count under `least`, or a hidden stratum, could be had from the others of the sum. */
static void disclose_sum(const struct disclosure *x, const struct lus_table *t)
{
    bool hides = x->any_hidden;
    for (size_t i = 0; i < t->n_cells; i++)
        hides |= t->columns[i % t->n_columns].role == LUS_ROLE_COUNT &&
                 is_small(t->cells[i].number, x->least);
    for (size_t row = 0; row < t->n_rows; row++)
        disclose_row(x, t, row, hides ? HIDDEN : row_state(x, t, row));
}

/* Moves a row up, over rows that are left out. */
static void keep_row(struct lus_table *t, size_t row, size_t *kept)
{
    memmove(&t->cells[*kept * t->n_columns], &t->cells[row * t->n_columns],
            t->n_columns * sizeof *t->cells);
    memmove(t->behind[*kept], t->behind[row], sizeof *t->behind);
    ++*kept;
}

static void cut_rows(struct lus_table *t, size_t kept)
{
    t->n_rows = t->n_behind = kept;
    t->n_cells = kept * t->n_columns;
}

/* A table without a finding is not there. */
static void drop_empty(struct lus_document *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->n_tables; i++) {
        if (d->tables[i]->rows == LUS_ROWS_FINDINGS && !d->tables[i]->n_rows)
            lus_table_clear(d->tables[i]);
        else d->tables[kept++] = d->tables[i];
    }
    d->n_tables = kept;
}

static void disclose_findings(const struct disclosure *x, struct lus_table *t)
{
    size_t kept = 0;
    for (size_t row = 0; row < t->n_rows; row++)
        if (row_state(x, t, row) == SHOWN) {
            disclose_row(x, t, row, SHOWN);
            keep_row(t, row, &kept);
        }
    cut_rows(t, kept);
}

/* Whether a joined row may be shown: of the first kind of events, by which steps go, there are
 * `least`; of all other counts none or as many. */
static bool is_full(const struct disclosure *x, const struct lus_table *t,
                    const struct lus_cell *cells)
{
    bool has_events = false;
    for (size_t c = 0; c < t->n_columns; c++) {
        enum lus_role role = t->columns[c].role;
        if (!t->columns[c].is_step || (role != LUS_ROLE_EVENTS && role != LUS_ROLE_COUNT)) continue;
        bool is_first = role == LUS_ROLE_EVENTS && !has_events;
        has_events |= role == LUS_ROLE_EVENTS;
        if (is_first ? cells[c].number < x->least : is_small(cells[c].number, x->least))
            return false;
    }
    return true;
}

/* Adds the steps of one row to those of the next. */
static void add_steps(const struct lus_table *t, const struct lus_cell *from, struct lus_cell *to)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (t->columns[c].is_step) to[c].number += from[c].number;
}

static bool same_people(const struct lus_table *t, size_t a, size_t b)
{
    return t->behind[a][0] == t->behind[b][0] && t->behind[a][1] == t->behind[b][1];
}

static void disclose_steps(const struct disclosure *x, struct lus_table *t)
{
    size_t kept = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        struct lus_cell *cells = &t->cells[row * t->n_columns];
        if (row_state(x, t, row) != SHOWN) continue;
        if (is_full(x, t, cells)) {
            disclose_row(x, t, row, SHOWN);
            keep_row(t, row, &kept);
        } else if (row + 1 < t->n_rows && row + 1 < t->n_behind && same_people(t, row, row + 1)) {
            add_steps(t, cells, cells + t->n_columns);
        }
    }
    cut_rows(t, kept);
}

static void disclose_table(const struct disclosure *x, struct lus_table *t)
{
    switch (t->rows) {
    case LUS_ROWS_SUM: disclose_sum(x, t); return;
    case LUS_ROWS_STEPS: disclose_steps(x, t); return;
    case LUS_ROWS_FINDINGS: disclose_findings(x, t); return;
    case LUS_ROWS_APART:
        for (size_t row = 0; row < t->n_rows; row++)
            disclose_row(x, t, row, row_state(x, t, row));
    }
}

/* --- notes --- */

static bool has_marks(const struct lus_document *d)
{
    bool has = false;
    for (size_t i = 0; i < d->n_tables; i++)
        for (size_t c = 0; c < d->tables[i]->n_cells; c++)
            has |= d->tables[i]->cells[c].is_few;
    return has;
}

/* The text that may be shown of a note; NULL: none. */
static const char *said(const struct disclosure *x, const struct lus_note *note)
{
    bool is_shown = state_of(x, note->subject.stratum) == SHOWN;
    switch (note->subject.kind) {
    case LUS_SUBJECT_METHOD: return note->text;
    case LUS_SUBJECT_WARNING: return is_shown ? note->text : note->subject.discreet;
    case LUS_SUBJECT_COUNTS: return is_shown ? note->subject.discreet : NULL;
    case LUS_SUBJECT_STRATUM: return is_shown ? note->text : NULL;
    case LUS_SUBJECT_MARKS: return has_marks(x->d) ? note->text : NULL;
    }
    return NULL;
}

static void disclose_notes(const struct disclosure *x)
{
    struct lus_document *d = x->d;
    size_t n = d->n_notes;
    d->n_notes = 0;
    for (size_t i = 0; i < n; i++) {
        const char *text = said(x, &d->notes[i]);
        if (text) d->notes[d->n_notes++] = (struct lus_note){text, d->notes[i].subject};
    }
    lus_document_note(d, lus_of_method(),
                      "Cells under %.10g people are not shown, nor those from which they could be "
                      "had by subtraction, nor what is estimated from them.",
                      x->least);
}

int lus_document_disclose(struct lus_document *d, double least, struct lus_error *err)
{
    struct disclosure x = {.d = d, .least = least};
    if (d->failed) return lus_fail_memory(err);
    if (!(least >= 1)) return LUS_OK;
    int status = find_hidden(&x);
    for (size_t i = 0; i < d->n_tables && status == LUS_OK; i++)
        disclose_table(&x, d->tables[i]);
    if (status == LUS_OK) drop_empty(d), disclose_notes(&x);
    free(x.cell_of), free(x.levels), free(x.people), free(x.events), free(x.is_hidden),
        free(x.events_hidden);
    return status == LUS_OK && !d->failed ? LUS_OK : lus_fail_memory(err);
}
