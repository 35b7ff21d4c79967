#include "people/profile.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "support/number.h"

struct lus_profiler_column {
    struct lus_dictionary values;
    uint64_t counts[LUS_PROFILE_VALUES + 1]; /* by code, of the first codes */
    uint64_t n_missing, example_row;
    uint32_t example; /* code; 0 where there is none */
    bool is_capped;
};

/* A plain name of a column, whole or behind its last point. */
struct name {
    const char *plain;
    const struct lus_profile_column *column;
    bool is_behind_point;
};

struct lus_profile_memory {
    struct lus_arena arena;
    struct name *names; /* sorted; whole names first, then by column */
    size_t n_names;
};

/* How many of the first rows are kept: enough to tell, and few cells where columns are many. */
static size_t sample_of(size_t n_columns)
{
    enum { CELLS = 400000, LEAST = 20 };
    size_t n = n_columns ? CELLS / n_columns : LUS_PROFILE_SAMPLE;
    return n < LEAST ? LEAST : n > LUS_PROFILE_SAMPLE ? LUS_PROFILE_SAMPLE : n;
}

static int init_values(struct lus_dictionary *values, const struct lus_plan *plan, size_t column)
{
    const struct lus_missing *missing = lus_recipe_missing(&plan->recipe,
                                                           plan->header->names[column]);
    return lus_dictionary_init(values, missing->words, missing->n);
}

static int take_value(struct lus_profiler_column *c, struct lus_text text, uint64_t row)
{
    uint32_t code;
    if (c->values.texts.n > LUS_PROFILE_MOST) {
        c->is_capped = true;
        c->n_missing += lus_dictionary_is_missing(&c->values, text);
        return LUS_OK;
    }
    LUS_TRY(lus_dictionary_code(&c->values, text, &code));
    if (code == LUS_MISSING_CODE) c->n_missing++;
    if (code <= LUS_PROFILE_VALUES) c->counts[code]++;
    if (code == LUS_MISSING_CODE || (c->example && c->example_row < row)) return LUS_OK;
    c->example = code;
    c->example_row = row;
    return LUS_OK;
}

/* The cells of the first rows are kept as they are. */
static int take_sample(struct lus_profiler *p, const struct lus_plan *plan,
                       const struct lus_batch *batch)
{
    if (batch->first_row >= p->n_sample) return LUS_OK;
    if (!p->sample) p->sample = lus_alloc_zeroed(p->n * p->n_sample, sizeof *p->sample);
    if (!p->sample) return LUS_ENOMEM;
    for (size_t i = 0; i < batch->fields->n && batch->first_row + i < p->n_sample; i++)
        for (size_t c = 0; c < p->n; c++) {
            struct lus_text text = lus_field_at(batch->fields, plan->header->field_of[c], i);
            const char *copy = lus_arena_copy(&p->arena, text.p, text.n);
            if (!copy) return LUS_ENOMEM;
            p->sample[(batch->first_row + i) * p->n + c] = copy;
        }
    return LUS_OK;
}

int lus_profiler_take(struct lus_profiler *p, const struct lus_plan *plan,
                      const struct lus_batch *batch)
{
    if (!p->columns) {
        p->n = plan->header->n;
        p->n_sample = sample_of(p->n);
        p->columns = lus_alloc_zeroed(p->n, sizeof *p->columns);
        if (!p->columns) return LUS_ENOMEM;
        for (size_t c = 0; c < p->n; c++)
            LUS_TRY(init_values(&p->columns[c].values, plan, c));
    }
    for (size_t c = 0; c < p->n; c++)
        for (size_t i = 0; i < batch->fields->n; i++)
            LUS_TRY(take_value(&p->columns[c],
                               lus_field_at(batch->fields, plan->header->field_of[c], i),
                               batch->first_row + i));
    return take_sample(p, plan, batch);
}

static enum lus_profile_kind join_kinds(enum lus_profile_kind a, enum lus_profile_kind b)
{
    if (a == LUS_PROFILE_EMPTY || a == b) return b;
    bool are_numbers = a <= LUS_PROFILE_NUMBER && b <= LUS_PROFILE_NUMBER;
    return are_numbers ? LUS_PROFILE_NUMBER : LUS_PROFILE_TEXT;
}

/* Sees a distinct value: what kind it makes of its column. */
static void see_value(struct lus_profile_column *out, const struct lus_slot *slot,
                      struct lus_text text)
{
    struct lus_cell_doubt doubt = {.largest = 0};
    int64_t days;
    bool is_month = false, is_year = false;
    if (lus_is_unknown_word(text)) return;
    double plain;
    bool is_digits = slot->form == LUS_DATE_DIGITS && text.n >= 6;
    bool is_plain = lus_number_parse(text.p, text.n, &plain) == LUS_NUMBER_OK,
         /* 10.1589 is a number before it is October 1589 */
        is_decimal = is_plain && !slot->has_decimal_comma && memchr(text.p, '.', text.n);
    if ((is_digits || (slot->form < LUS_DATE_DIGITS && !is_decimal)) &&
        lus_date_parse(text, slot->form, &days, &is_month, &is_year)) {
        out->kind = join_kinds(out->kind, LUS_PROFILE_DATE);
        return;
    }
    double number = lus_number_of_text(slot, &doubt, text);
    if (isnan(number)) {
        bool is_date = slot->form == LUS_DATE_QUESTION &&
                       lus_date_parse(text, LUS_DATE_DAY_FIRST, &days, &is_month, &is_year);
        bool day = lus_date_parse(text, LUS_DATE_DAY_FIRST_SHORT, &days, &is_month, &is_year),
             month = lus_date_parse(text, LUS_DATE_MONTH_FIRST_SHORT, &days, &is_month, &is_year);
        out->is_ambiguous |= is_date;
        if (!is_date && (day || month)) {
            is_date = out->has_short_years = true;
            out->is_day_first |= day && !month;
        }
        out->kind = join_kinds(out->kind, is_date ? LUS_PROFILE_DATE : LUS_PROFILE_TEXT);
        return;
    }
    out->has_units |= doubt.units != 0 || (!is_plain && !slot->has_decimal_comma);
    out->min = fmin(out->min, number), out->max = fmax(out->max, number);
    out->kind = join_kinds(out->kind,
                           number == floor(number) ? LUS_PROFILE_INTEGER : LUS_PROFILE_NUMBER);
}

/* The distinct values of a column, over all threads. */
struct values {
    struct lus_dictionary all;
    uint64_t counts[LUS_PROFILE_VALUES + 1]; /* by code */
    uint64_t first;                          /* row of the example */
};

static int add_values(struct values *v, struct lus_profile_column *out, struct lus_arena *arena,
                      const struct lus_profiler_column *own, const struct lus_slot *slot)
{
    out->n_missing += own->n_missing;
    out->is_capped |= own->is_capped;
    for (size_t i = 1; i < own->values.texts.n; i++) {
        uint32_t code;
        size_t before = v->all.texts.n;
        LUS_TRY(lus_dictionary_code(&v->all, own->values.texts.at[i], &code));
        if (v->all.texts.n > before) see_value(out, slot, own->values.texts.at[i]);
        if (i <= LUS_PROFILE_VALUES && code <= LUS_PROFILE_VALUES)
            v->counts[code] += own->counts[i];
    }
    if (!own->example || own->example_row >= v->first) return LUS_OK;
    struct lus_text text = own->values.texts.at[own->example];
    v->first = own->example_row;
    out->example = lus_arena_copy(arena, text.p, text.n);
    return out->example ? LUS_OK : LUS_ENOMEM;
}

struct counted {
    struct lus_text text;
    uint64_t n;
};

static int by_text(const void *a, const void *b)
{
    return lus_text_order(((const struct counted *)a)->text, ((const struct counted *)b)->text);
}

static int list_values(struct lus_profile_column *out, struct lus_arena *arena,
                       const struct values *v)
{
    size_t n = v->all.texts.n - 1;
    struct counted *sorted = lus_alloc(n, sizeof *sorted);
    out->n_values = n < LUS_PROFILE_VALUES ? n : LUS_PROFILE_VALUES;
    out->values = lus_arena_alloc(arena, out->n_values, sizeof *out->values);
    out->counts = lus_arena_alloc(arena, out->n_values, sizeof *out->counts);
    int status = sorted && out->values && out->counts ? LUS_OK : LUS_ENOMEM;
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        sorted[i] = (struct counted){v->all.texts.at[i + 1],
                                     n <= LUS_PROFILE_VALUES ? v->counts[i + 1] : 0};
    if (status == LUS_OK && n) qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        if (i < out->n_values) {
            out->counts[i] = sorted[i].n;
            out->values[i] = lus_arena_copy(arena, sorted[i].text.p, sorted[i].text.n);
            if (!out->values[i]) status = LUS_ENOMEM;
        }
        if (!lus_is_unknown_word(sorted[i].text)) continue;
        out->n_unknown += sorted[i].n;
        if (!*out->unknown)
            out->unknown = lus_arena_copy(arena, sorted[i].text.p, sorted[i].text.n);
        if (!out->unknown) out->unknown = "", status = LUS_ENOMEM;
    }
    free(sorted);
    return status;
}

static bool is_missing(const struct lus_missing *missing, struct lus_text text)
{
    for (size_t i = 0; i < missing->n; i++)
        if (lus_text_equal(missing->words[i], text)) return true;
    return false;
}

/* The cells of the first rows, and what numbers they are. */
static int add_sample(struct lus_profile *p, size_t c, const struct lus_profiler *profilers,
                      size_t n, const struct lus_slot *slot)
{
    struct lus_arena *arena = &p->memory->arena;
    struct lus_profile_column *out = &p->columns[c];
    out->numbers = lus_arena_alloc(arena, p->n_sample, sizeof *out->numbers);
    out->texts = lus_arena_alloc(arena, p->n_sample, sizeof *out->texts);
    if (!out->numbers || !out->texts) return LUS_ENOMEM;
    for (size_t row = 0; row < p->n_sample; row++) {
        struct lus_cell_doubt doubt = {.largest = 0};
        const char *cell = NULL;
        int64_t days;
        bool is_month, is_year;
        for (size_t t = 0; t < n && !cell; t++)
            if (profilers[t].sample) cell = profilers[t].sample[row * profilers[t].n + c];
        out->numbers[row] = NAN, out->texts[row] = "";
        if (!cell || is_missing(slot->missing, lus_text_of(cell))) continue;
        struct lus_text text = lus_text_of(cell);
        out->texts[row] = lus_arena_copy(arena, text.p, text.n);
        if (!out->texts[row]) return LUS_ENOMEM;
        if (out->kind != LUS_PROFILE_DATE)
            out->numbers[row] = lus_number_of_text(slot, &doubt, text);
        else if (lus_date_parse(text, slot->form, &days, &is_month, &is_year))
            out->numbers[row] = (double)days;
    }
    return LUS_OK;
}

static int merge_column(struct lus_profile *p, size_t c, const struct lus_profiler *profilers,
                        size_t n, const struct lus_plan *plan)
{
    const struct lus_header *header = plan->header;
    struct lus_arena *arena = &p->memory->arena;
    struct lus_profile_column *out = &p->columns[c];
    const struct lus_slot slot = {
        .missing = lus_recipe_missing(&plan->recipe, header->names[c]),
        .form = lus_recipe_dates(&plan->recipe, header->names[c], header->dates[c]),
        .has_decimal_comma = plan->recipe.decimal ? plan->recipe.decimal == ','
                                                  : header->has_decimal_commas};
    struct values v = {.first = UINT64_MAX};
    int status = init_values(&v.all, plan, c);
    out->example = out->unknown = "";
    out->min = out->max = NAN;
    for (size_t t = 0; t < n && status == LUS_OK; t++)
        if (profilers[t].columns)
            status = add_values(&v, out, arena, &profilers[t].columns[c], &slot);
    out->n_distinct = v.all.texts.n ? v.all.texts.n - 1 : 0;
    out->is_capped |= out->n_distinct > LUS_PROFILE_MOST;
    if (status == LUS_OK) status = list_values(out, arena, &v);
    if (status == LUS_OK) status = add_sample(p, c, profilers, n, &slot);
    lus_dictionary_free(&v.all);
    return status;
}

/* --- names --- */

static int order_names(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = strcmp(x->plain, y->plain);
    if (order) return order;
    if (x->is_behind_point != y->is_behind_point) return x->is_behind_point ? 1 : -1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* Writes the letters and digits of a name, small; gives their number. */
static size_t put_plain(char *out, const char *name)
{
    size_t n = 0;
    for (; *name; name++)
        if (isalnum((unsigned char)*name)) out[n++] = (char)tolower((unsigned char)*name);
    out[n] = 0;
    return n;
}

static int add_name(struct lus_profile *p, struct lus_profile_column *c, const char *name)
{
    struct lus_profile_memory *m = p->memory;
    char *plain = lus_arena_copy(&m->arena, name, strlen(name));
    c->name = lus_arena_copy(&m->arena, name, strlen(name));
    if (!c->name || !plain) return LUS_ENOMEM;
    (void)put_plain(plain, name);
    c->plain = plain;
    m->names[m->n_names++] = (struct name){plain, c, false};
    const char *point = strrchr(name, '.');
    if (!point) return LUS_OK;
    char *behind = lus_arena_copy(&m->arena, point + 1, strlen(point + 1));
    if (!behind) return LUS_ENOMEM;
    (void)put_plain(behind, point + 1);
    m->names[m->n_names++] = (struct name){behind, c, true};
    return LUS_OK;
}

const struct lus_profile_column *lus_profile_find(const struct lus_profile *p, const char *plain)
{
    if (!p->memory) return NULL; /* of a tally, which holds no columns */
    const struct name *names = p->memory->names;
    size_t low = 0, high = p->memory->n_names;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names[middle].plain, plain) < 0) low = middle + 1;
        else high = middle;
    }
    bool is_there = low < p->memory->n_names && strcmp(names[low].plain, plain) == 0;
    return is_there ? names[low].column : NULL;
}

static int merge_columns(struct lus_profile *p, const struct lus_profiler *profilers, size_t n,
                         const struct lus_plan *plan)
{
    struct lus_profile_memory *m = p->memory;
    p->columns = lus_arena_alloc(&m->arena, p->n_columns, sizeof *p->columns);
    m->names = lus_arena_alloc(&m->arena, 2 * p->n_columns, sizeof *m->names);
    if (!p->columns || !m->names) return LUS_ENOMEM;
    for (size_t c = 0; c < p->n_columns; c++) {
        const char *label = plan->header->labels ? plan->header->labels[c] : "";
        LUS_TRY(add_name(p, &p->columns[c], plan->header->names[c]));
        p->columns[c].label = lus_arena_copy(&m->arena, label, strlen(label));
        if (!p->columns[c].label) return LUS_ENOMEM;
        LUS_TRY(merge_column(p, c, profilers, n, plan));
    }
    if (m->n_names) qsort(m->names, m->n_names, sizeof *m->names, order_names);
    return LUS_OK;
}

int lus_profile_merge(struct lus_profile *out, const struct lus_profiler *profilers, size_t n,
                      const struct lus_plan *plan, uint64_t n_rows)
{
    *out = (struct lus_profile){.n_columns = plan->header->n,
                                .n_rows = n_rows,
                                .n_sample = sample_of(plan->header->n),
                                .has_decimal_commas = plan->header->has_decimal_commas,
                                .memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    if (!out->memory) return LUS_ENOMEM;
    if (n_rows < out->n_sample) out->n_sample = (size_t)n_rows;
    int status = merge_columns(out, profilers, n, plan);
    if (status != LUS_OK) lus_profile_free(out);
    return status;
}

void lus_profilers_free(struct lus_profiler *profilers, size_t n)
{
    for (size_t t = 0; profilers && t < n; t++) {
        for (size_t c = 0; profilers[t].columns && c < profilers[t].n; c++)
            lus_dictionary_free(&profilers[t].columns[c].values);
        free(profilers[t].columns);
        free(profilers[t].sample);
        lus_arena_free(&profilers[t].arena);
    }
    free(profilers);
}

void lus_profile_free(struct lus_profile *profile)
{
    if (profile->memory) lus_arena_free(&profile->memory->arena);
    free(profile->memory);
    *profile = (struct lus_profile){0};
}

const char *lus_profile_kind_name(enum lus_profile_kind kind)
{
    static const char *const names[] = {"empty", "integer", "number", "date", "text"};
    return names[kind];
}
