#include "relative/life_table.h"

#include <math.h>
#include <stdlib.h>

#include "people/people.h"
#include "support/number.h"
#include "support/times.h"

struct lus_life_table_memory {
    struct lus_arena arena;
};

enum { OLDEST = 150 }; /* an age above it is in days, or a slip */

/* --- reading a CSV with its recipe --- */

enum column { AGE, YEAR, SEX, VALUE, N_COLUMNS };

struct reading {
    struct lus_files files;
    const struct lus_batch *batch;
    size_t columns[N_COLUMNS], *by; /* of the file */
    struct lus_life_cells cells;
    /* of the row at hand; counting from the block's beginning for each row would take longer than
     * reading it */
    uint64_t line;
    const char *line_at;
};

static struct lus_text text_at(const struct reading *r, size_t column, size_t row)
{
    return lus_field_at(r->batch->fields, r->files.reader.header->field_of[column], row);
}

static int fail_cell(const struct reading *r, size_t row, size_t column, const char *what,
                     struct lus_error *err)
{
    struct lus_text text = text_at(r, column, row);
    return lus_fail(err, LUS_EDATA, "%s:%llu: %s: \"%.*s\" %s", r->cells.path,
                    (unsigned long long)lus_batch_line(r->batch, row),
                    r->files.reader.header->names[column], text.n > 60 ? 60 : (int)text.n, text.p,
                    what);
}

static int number_at(const struct reading *r, size_t row, enum column column, double *out,
                     struct lus_error *err)
{
    struct lus_text text = text_at(r, r->columns[column], row);
    if (lus_number_parse(text.p, text.n, out) == LUS_NUMBER_OK && *out >= 0) return LUS_OK;
    return fail_cell(r, row, r->columns[column], "is not a number, 0 or more", err);
}

static bool is_one_of(struct lus_text text, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lus_text_equal(text, lus_text_of(words[i]))) return true;
    return false;
}

/* The table's number as a hazard per day. */
static int hazard_of(const struct reading *r, size_t row, double value, double *out,
                     struct lus_error *err)
{
    switch (r->files.recipe.lifetable.kind) {
    case LUS_HAZARD_PER_DAY: *out = value; break;
    case LUS_RATE_PER_YEAR: *out = value / r->cells.year_days; break;
    case LUS_PROBABILITY:
        if (value > 1)
            return fail_cell(r, row, r->columns[VALUE],
                             "is above 1; a probability of dying within a year is not (hazards are "
                             "`hazard_per_day` or `rate_per_year`)",
                             err);
        *out = value == 1 ? INFINITY : -log1p(-value) / r->cells.year_days;
        break;
    case LUS_SURVIVING:
        if (value > 1)
            return fail_cell(r, row, r->columns[VALUE],
                             "is above 1; a probability of surviving a year is not", err);
        *out = value == 0 ? INFINITY : -log(value) / r->cells.year_days;
        break;
    }
    return LUS_OK;
}

/* The number of a combination of further factors. */
static int by_at(struct reading *r, size_t row, uint32_t *out)
{
    struct lus_life_cells *c = &r->cells;
    for (size_t i = 0; i < c->by.n; i++) {
        bool same = true;
        for (size_t k = 0; k < c->n_keys && same; k++)
            same = lus_text_equal(text_at(r, r->by[k], row), lus_text_of(c->by.at[i][k]));
        if (same) {
            *out = (uint32_t)i;
            return LUS_OK;
        }
    }
    const char **levels = lus_arena_alloc(&c->arena, c->n_keys + 1, sizeof *levels);
    if (!levels || LUS_ARRAY_RESERVE(&c->by, 1) != LUS_OK) return LUS_ENOMEM;
    for (size_t k = 0; k < c->n_keys; k++) {
        struct lus_text text = text_at(r, r->by[k], row);
        if (!(levels[k] = lus_arena_copy(&c->arena, text.p, text.n))) return LUS_ENOMEM;
    }
    *out = (uint32_t)c->by.n;
    c->by.at[c->by.n++] = levels;
    return LUS_OK;
}

/* Rows come in order. */
static uint64_t line_of(struct reading *r, size_t row)
{
    const char *at = r->batch->fields->bytes + lus_row_at(r->batch->fields, row);
    r->line += lus_count_lines(r->line_at, (size_t)(at - r->line_at));
    r->line_at = at;
    return r->line;
}

static int take_row(struct reading *r, size_t row, struct lus_error *err)
{
    const struct lus_recipe *recipe = &r->files.recipe;
    struct lus_life_cell cell = {.line = line_of(r, row)};
    double value;
    LUS_TRY(number_at(r, row, AGE, &cell.age, err));
    LUS_TRY(number_at(r, row, YEAR, &cell.year, err));
    LUS_TRY(number_at(r, row, VALUE, &value, err));
    LUS_TRY(hazard_of(r, row, value, &cell.hazard_per_day, err));
    if (cell.age > OLDEST)
        return fail_cell(
            r, row, r->columns[AGE],
            "is no age in years; a life table's ages are whole years (these may be days)", err);
    struct lus_text sex = text_at(r, r->columns[SEX], row);
    if (is_one_of(sex, recipe->lifetable.male, recipe->lifetable.n_male)) cell.sex = LUS_MALE;
    else if (is_one_of(sex, recipe->lifetable.female, recipe->lifetable.n_female))
        cell.sex = LUS_FEMALE;
    else
        return fail_cell(r, row, r->columns[SEX], "is neither of the recipe's male and female",
                         err);
    if (by_at(r, row, &cell.by) != LUS_OK || LUS_ARRAY_RESERVE(&r->cells.cells, 1) != LUS_OK)
        return lus_fail_memory(err);
    r->cells.cells.at[r->cells.cells.n++] = cell;
    return LUS_OK;
}

static int take_batch(void *context, int thread, const struct lus_batch *batch,
                      struct lus_error *err)
{
    struct reading *r = context;
    (void)thread;
    r->batch = batch;
    r->line = batch->first_line;
    r->line_at = batch->fields->bytes;
    for (size_t i = 0; i < batch->fields->ragged.n; i++) {
        const struct lus_ragged *ragged = &batch->fields->ragged.at[i];
        return lus_fail(err, LUS_EDATA, "%s:%llu: %zu fields, the header has %zu", r->cells.path,
                        (unsigned long long)lus_batch_line(r->batch, ragged->row),
                        ragged->n_columns, r->files.reader.header->n);
    }
    for (size_t row = 0; row < batch->fields->n; row++)
        LUS_TRY(take_row(r, row, err));
    return LUS_OK;
}

int lus_life_cells_unknown(const struct lus_life_cells *cells, struct lus_error *err)
{
    return lus_fail(err, LUS_EDATA,
                    "%s: no recipe says what its numbers are: `lifetable: {age: .., year: .., sex: "
                    ".., male: [..], female: [..], hazard_per_day: ..}`",
                    cells->path);
}

static int bind_column(struct reading *r, const char *name, size_t *out, struct lus_error *err)
{
    LUS_TRY(lus_header_find(r->files.reader.header, name, NULL, 0, out, err));
    (void)lus_header_keep(r->files.reader.header, *out);
    return LUS_OK;
}

/* Tables that need no recipe, since their columns' names are a convention: of strs (probabilities
 * of surviving a year) and of popEpi (rates). */
static void find_convention(struct lus_recipe *recipe, const struct lus_header *header)
{
    static char *male[] = {"1", "male", "Male", "Males", "males", "0"},
                *female[] = {"2", "female", "Female", "Females", "females", "1"};
    static const struct {
        const char *age, *year, *sex, *value;
        enum lus_rate_kind kind;
        size_t first; /* of the codes: popEpi's men are 0, its women 1 */
    } conventions[] = {{"_age", "_year", "sex", "prob", LUS_SURVIVING, 0},
                       {"agegroup", "year", "sex", "haz", LUS_RATE_PER_YEAR, 1}};
    for (size_t k = 0; k < sizeof conventions / sizeof *conventions; k++) {
        size_t n = 0;
        for (size_t i = 0; i < header->n; i++)
            n += strcmp(header->names[i], conventions[k].age) == 0 ||
                 strcmp(header->names[i], conventions[k].year) == 0 ||
                 strcmp(header->names[i], conventions[k].sex) == 0 ||
                 strcmp(header->names[i], conventions[k].value) == 0;
        if (n != N_COLUMNS) continue;
        recipe->lifetable.age = conventions[k].age, recipe->lifetable.year = conventions[k].year;
        recipe->lifetable.sex = conventions[k].sex, recipe->lifetable.value = conventions[k].value;
        recipe->lifetable.kind = conventions[k].kind;
        recipe->lifetable.male = male + conventions[k].first;
        recipe->lifetable.female = female + conventions[k].first;
        recipe->lifetable.n_male = recipe->lifetable.n_female = 5;
        return;
    }
}

static int bind(struct reading *r, struct lus_error *err)
{
    const struct lus_recipe *recipe = &r->files.recipe;
    if (!recipe->lifetable.age) find_convention(&r->files.recipe, r->files.reader.header);
    const char *const columns[N_COLUMNS] = {recipe->lifetable.age, recipe->lifetable.year,
                                            recipe->lifetable.sex, recipe->lifetable.value};
    if (!recipe->lifetable.age) return lus_life_cells_unknown(&r->cells, err);
    for (size_t i = 0; i < N_COLUMNS; i++)
        LUS_TRY(bind_column(r, columns[i], &r->columns[i], err));
    r->cells.n_keys = recipe->lifetable.n_by;
    r->by = lus_arena_alloc(&r->cells.arena, r->cells.n_keys + 1, sizeof *r->by);
    r->cells.keys = lus_arena_alloc(&r->cells.arena, r->cells.n_keys + 1, sizeof *r->cells.keys);
    if (!r->by || !r->cells.keys) return lus_fail_memory(err);
    for (size_t k = 0; k < r->cells.n_keys; k++) {
        LUS_TRY(bind_column(r, recipe->lifetable.by[k], &r->by[k], err));
        r->cells.keys[k] = lus_arena_copy(&r->cells.arena, recipe->lifetable.by[k],
                                          strlen(recipe->lifetable.by[k]));
        if (!r->cells.keys[k]) return lus_fail_memory(err);
    }
    r->cells.year_days = recipe->lifetable.year_days;
    return LUS_OK;
}

/* A text of the recipe, as long as the cells last. */
static int keep_text(struct lus_life_cells *cells, const char *text, const char **out,
                     struct lus_error *err)
{
    if (text && !(*out = lus_arena_copy(&cells->arena, text, strlen(text))))
        return lus_fail_memory(err);
    return LUS_OK;
}

static int read_csv(const char *path, const char *recipe, struct lus_life_cells *out,
                    const char **title, const char **source, struct lus_error *err)
{
    struct reading r = {.cells = *out};
    const struct lus_scan alone = {.n_threads = 1};
    uint64_t n_rows;
    int status = lus_file_open(&r.files, path, recipe, err);
    if (status == LUS_OK) status = bind(&r, err);
    if (status == LUS_OK)
        status = lus_reader_scan(&r.files.reader, &alone, take_batch, &r, &n_rows, err);
    if (status == LUS_OK) status = keep_text(&r.cells, r.files.recipe.title, title, err);
    if (status == LUS_OK) status = keep_text(&r.cells, r.files.recipe.source, source, err);
    lus_files_close(&r.files);
    *out = r.cells;
    return status;
}

/* --- from cells to a grid --- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The distinct values of one member of the cells, ascending. */
static double *distinct(struct lus_arena *arena, const struct lus_life_cells *cells, size_t offset,
                        size_t *n)
{
    double *all = lus_arena_alloc(arena, cells->cells.n, sizeof *all);
    *n = 0;
    if (!all) return NULL;
    for (size_t i = 0; i < cells->cells.n; i++)
        all[i] = *(const double *)(const void *)((const char *)&cells->cells.at[i] + offset);
    qsort(all, cells->cells.n, sizeof *all, by_value);
    for (size_t i = 0; i < cells->cells.n; i++)
        if (!i || all[i] != all[*n - 1]) all[(*n)++] = all[i];
    return all;
}

/* The place of the last value that is not above x, or 0. */
static size_t place_of(const double *values, size_t n, double x)
{
    size_t after = LUS_FIRST(n, i, values[i] <= x);
    return after ? after - 1 : 0;
}

static double *cell_of(const struct lus_life_table *t, enum lus_sex sex, size_t by, size_t age,
                       size_t year)
{
    return &t->hazard_per_day[(((size_t)sex * t->n_by + by) * t->n_ages + age) * t->n_years + year];
}

static const char *sex_name(int sex)
{
    return sex == LUS_MALE ? "male" : "female";
}

static int fill_grid(const struct lus_life_cells *cells, struct lus_life_table *t,
                     struct lus_error *err)
{
    for (size_t i = 0; i < cells->cells.n; i++) {
        const struct lus_life_cell *c = &cells->cells.at[i];
        double *cell = cell_of(t, (enum lus_sex)c->sex, c->by, place_of(t->ages, t->n_ages, c->age),
                               place_of(t->years, t->n_years, c->year));
        if (!isnan(*cell))
            return lus_fail(err, LUS_EDATA, "%s:%llu: a second row for %s, age %g, year %g",
                            cells->path, (unsigned long long)c->line, sex_name(c->sex), c->age,
                            c->year);
        *cell = c->hazard_per_day;
        t->has_sex[c->sex] = true;
    }
    for (int sex = 0; sex < LUS_N_SEXES; sex++)
        for (size_t by = 0; by < t->n_by && t->has_sex[sex]; by++)
            for (size_t a = 0; a < t->n_ages; a++)
                for (size_t y = 0; y < t->n_years; y++)
                    if (isnan(*cell_of(t, (enum lus_sex)sex, by, a, y)))
                        return lus_fail(err, LUS_EDATA,
                                        "%s: no row for %s, age %g, year %g%s%s; a life table has "
                                        "every age in every year",
                                        cells->path, sex_name(sex), t->ages[a], t->years[y],
                                        t->n_keys ? ", " : "",
                                        t->n_keys ? t->by_levels[by * t->n_keys] : "");
    return LUS_OK;
}

/* Units are the mistake that is made with life tables. Between 20 and 40 every population on record
 * has lost less than 10 % a year, and above 80 more than 0.3 %: what lies outside is in other
 * units. */
static int check_hazards(const struct lus_life_cells *cells, const struct lus_life_table *t,
                         struct lus_error *err)
{
    const double MOST_YOUNG = 0.1 / 365.25, LEAST_OLD = 0.003 / 365.25;
    double young = 0, old = 0;
    size_t n_young = 0, n_old = 0;
    for (size_t i = 0; i < cells->cells.n; i++) {
        const struct lus_life_cell *c = &cells->cells.at[i];
        if (c->age >= 20 && c->age <= 40) young += c->hazard_per_day, n_young++;
        if (c->age >= 80 && isfinite(c->hazard_per_day)) old += c->hazard_per_day, n_old++;
    }
    if (n_young && young / (double)n_young > MOST_YOUNG)
        return lus_fail(err, LUS_EDATA,
                        "%s: %.2g of the people of 20 to 40 would die in a year, which no "
                        "population does; are the numbers yearly rates (`rate_per_year`)?",
                        cells->path, young / (double)n_young * t->year_days);
    if (n_old && old / (double)n_old < LEAST_OLD)
        return lus_fail(err, LUS_EDATA,
                        "%s: %.2g of the people over 80 would die in a year, which is too few; are "
                        "the numbers hazards per day (`hazard_per_day`)?",
                        cells->path, old / (double)n_old * t->year_days);
    return LUS_OK;
}

/* Checks that the cells make a grid of plausible hazards, and lays it out; takes the arena over. */
static int build(struct lus_life_cells *cells, struct lus_life_table *out, struct lus_error *err)
{
    struct lus_life_table t = {.n_by = cells->by.n ? cells->by.n : 1,
                               .year_days = cells->year_days,
                               .n_keys = cells->n_keys,
                               .keys = cells->keys};
    if (!cells->cells.n)
        return lus_fail(err, LUS_EDATA, "%s: the life table has no row", cells->path);
    t.ages = distinct(&cells->arena, cells, offsetof(struct lus_life_cell, age), &t.n_ages);
    t.years = distinct(&cells->arena, cells, offsetof(struct lus_life_cell, year), &t.n_years);
    size_t n = LUS_N_SEXES * t.n_by * t.n_ages * t.n_years;
    t.hazard_per_day = lus_arena_alloc(&cells->arena, n, sizeof *t.hazard_per_day);
    t.by_levels = lus_arena_alloc(&cells->arena, t.n_by * t.n_keys + 1, sizeof *t.by_levels);
    t.memory = lus_arena_alloc(&cells->arena, 1, sizeof *t.memory);
    if (!t.ages || !t.years || !t.hazard_per_day || !t.by_levels || !t.memory)
        return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        t.hazard_per_day[i] = NAN;
    for (size_t b = 0; b < cells->by.n; b++)
        for (size_t k = 0; k < t.n_keys; k++)
            t.by_levels[b * t.n_keys + k] = cells->by.at[b][k];
    LUS_TRY(fill_grid(cells, &t, err));
    LUS_TRY(check_hazards(cells, &t, err));
    t.memory->arena = cells->arena; /* the arena owns the table, and the note of itself */
    cells->arena = (struct lus_arena){0};
    *out = t;
    return LUS_OK;
}

/* One file of a table, added to the cells. */
static int read_file(const char *path, const char *recipe, struct lus_life_cells *cells,
                     const char **title, const char **source, struct lus_error *err)
{
    struct lus_arena arena = {0};
    bool is_hmd = false;
    cells->path = path;
    int status = recipe ? LUS_OK : lus_recipe_beside(&arena, path, "yaml", &recipe, err);
    /* what has no recipe can only be one that needs none; so a table with one is opened once */
    if (status == LUS_OK && !recipe) status = lus_hmd_read(path, cells, &is_hmd, err);
    if (status == LUS_OK && !is_hmd) status = read_csv(path, recipe, cells, title, source, err);
    lus_arena_free(&arena);
    return status;
}

int lus_life_table_read(const char *path, const char *recipe, struct lus_life_table *out,
                        struct lus_error *err)
{
    struct lus_life_cells cells = {.path = path};
    const char *title = NULL, *source = NULL;
    char **files;
    size_t n;
    struct lus_arena arena = {0};
    *out = (struct lus_life_table){0};
    int status = lus_list_split(&arena, path, &files, &n, err);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = read_file(files[i], recipe, &cells, &title, &source, err);
    if (status == LUS_OK) status = build(&cells, out, err);
    if (status == LUS_OK) {
        out->title = title;
        out->source = source;
    }
    lus_arena_free(&arena);
    lus_arena_free(&cells.arena);
    LUS_ARRAY_FREE(&cells.cells);
    LUS_ARRAY_FREE(&cells.by);
    return status;
}

double lus_life_table_hazard(const struct lus_life_table *t, enum lus_sex sex, size_t by,
                             double age_years, double year)
{
    return *cell_of(t, sex, by, place_of(t->ages, t->n_ages, age_years),
                    place_of(t->years, t->n_years, year));
}

struct lus_demography lus_life_table_demography(const struct lus_life_table *t)
{
    return (struct lus_demography){.year_days = t->year_days,
                                   .has_sex = {t->has_sex[0], t->has_sex[1]},
                                   .n_keys = t->n_keys,
                                   .n_by = t->n_by,
                                   .keys = t->keys,
                                   .by_levels = t->by_levels};
}

void lus_life_table_free(struct lus_life_table *t)
{
    if (t->memory) {
        struct lus_arena arena = t->memory->arena;
        lus_arena_free(&arena);
    }
    *t = (struct lus_life_table){0};
}
