#include "people/profile.h"

#include <math.h>
#include <stdlib.h>

#include "support/calendar.h"
#include "support/number.h"

struct lus_profiler_column {
    struct lus_dictionary values;
    uint64_t n_missing, example_row;
    uint32_t example; /* code; 0 where there is none */
    bool is_capped;
};

struct lus_profile_memory {
    struct lus_arena arena;
};

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
    if (code == LUS_MISSING_CODE || (c->example && c->example_row < row)) return LUS_OK;
    c->example = code;
    c->example_row = row;
    return LUS_OK;
}

int lus_profiler_take(struct lus_profiler *p, const struct lus_plan *plan,
                      const struct lus_batch *batch)
{
    if (!p->columns) {
        p->n = plan->header->n;
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
    return LUS_OK;
}

static enum lus_profile_kind kind_of(struct lus_text text)
{
    double number;
    int64_t days;
    bool is_month = false, is_year = false;
    if (lus_number_parse(text.p, text.n, &number) == LUS_NUMBER_OK)
        return number == floor(number) ? LUS_PROFILE_INTEGER : LUS_PROFILE_NUMBER;
    return lus_date_parse(text, LUS_DATE_PLAIN, &days, &is_month, &is_year) ? LUS_PROFILE_DATE
                                                                            : LUS_PROFILE_TEXT;
}

static enum lus_profile_kind join_kinds(enum lus_profile_kind a, enum lus_profile_kind b)
{
    if (a == LUS_PROFILE_EMPTY || a == b) return b;
    bool are_numbers = a <= LUS_PROFILE_NUMBER && b <= LUS_PROFILE_NUMBER;
    return are_numbers ? LUS_PROFILE_NUMBER : LUS_PROFILE_TEXT;
}

static int by_text(const void *a, const void *b)
{
    return lus_text_order(*(const struct lus_text *)a, *(const struct lus_text *)b);
}

static int list_values(struct lus_profile_column *out, struct lus_arena *arena,
                       const struct lus_dictionary *all)
{
    size_t n = all->texts.n - 1;
    struct lus_text *sorted = lus_alloc(n, sizeof *sorted);
    out->n_values = n < LUS_PROFILE_VALUES ? n : LUS_PROFILE_VALUES;
    out->values = lus_arena_alloc(arena, out->n_values, sizeof *out->values);
    int status = sorted && out->values ? LUS_OK : LUS_ENOMEM;
    if (status == LUS_OK && n) {
        memcpy(sorted, all->texts.at + 1, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, by_text);
    }
    for (size_t i = 0; i < out->n_values && status == LUS_OK; i++)
        if (!(out->values[i] = lus_arena_copy(arena, sorted[i].p, sorted[i].n)))
            status = LUS_ENOMEM;
    out->largest = n && status == LUS_OK ? lus_arena_copy(arena, sorted[n - 1].p, sorted[n - 1].n)
                                         : "";
    if (!out->largest) status = LUS_ENOMEM;
    free(sorted);
    return status;
}

static int merge_column(struct lus_profile_column *out, struct lus_arena *arena,
                        const struct lus_profiler *profilers, size_t n, size_t c,
                        const struct lus_plan *plan)
{
    struct lus_dictionary all;
    uint64_t first = UINT64_MAX;
    int status = init_values(&all, plan, c);
    out->example = "";
    for (size_t t = 0; t < n && status == LUS_OK; t++) {
        if (!profilers[t].columns) continue;
        const struct lus_profiler_column *own = &profilers[t].columns[c];
        out->n_missing += own->n_missing;
        out->is_capped |= own->is_capped;
        for (size_t i = 1; i < own->values.texts.n && status == LUS_OK; i++) {
            uint32_t code;
            out->kind = join_kinds(out->kind, kind_of(own->values.texts.at[i]));
            status = lus_dictionary_code(&all, own->values.texts.at[i], &code);
        }
        if (status == LUS_OK && own->example && own->example_row < first) {
            struct lus_text text = own->values.texts.at[own->example];
            first = own->example_row;
            out->example = lus_arena_copy(arena, text.p, text.n);
            if (!out->example) status = LUS_ENOMEM;
        }
    }
    out->n_distinct = all.texts.n ? all.texts.n - 1 : 0;
    out->is_capped |= out->n_distinct > LUS_PROFILE_MOST;
    if (status == LUS_OK) status = list_values(out, arena, &all);
    lus_dictionary_free(&all);
    return status;
}

int lus_profile_merge(struct lus_profile *out, const struct lus_profiler *profilers, size_t n,
                      const struct lus_plan *plan)
{
    *out = (struct lus_profile){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    if (!out->memory) return LUS_ENOMEM;
    size_t n_columns = plan->header->n;
    out->columns = lus_arena_alloc(&out->memory->arena, n_columns, sizeof *out->columns);
    int status = out->columns ? LUS_OK : LUS_ENOMEM;
    for (size_t c = 0; c < n_columns && status == LUS_OK; c++) {
        const char *name = plan->header->names[c];
        out->columns[c].name = lus_arena_copy(&out->memory->arena, name, strlen(name));
        status = out->columns[c].name
                     ? merge_column(&out->columns[c], &out->memory->arena, profilers, n, c, plan)
                     : LUS_ENOMEM;
    }
    out->n_columns = n_columns;
    if (status != LUS_OK) lus_profile_free(out);
    return status;
}

void lus_profilers_free(struct lus_profiler *profilers, size_t n)
{
    for (size_t t = 0; profilers && t < n; t++) {
        for (size_t c = 0; profilers[t].columns && c < profilers[t].n; c++)
            lus_dictionary_free(&profilers[t].columns[c].values);
        free(profilers[t].columns);
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
