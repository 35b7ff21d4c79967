#include <stdlib.h>

#include "people/profile.h"
#include "people/worker.h"
#include "support/number.h"
#include "tally/gather.h"

struct reading {
    const struct lus_plan *plan;
    struct lus_counter *counters;
    struct lus_grid grid;
    struct lus_profiler *profilers; /* by thread; NULL: nobody asks what the columns hold */
};

static int take_batch(void *context, int thread, const struct lus_batch *batch,
                      struct lus_error *err)
{
    struct reading *r = context;
    if (r->profilers && lus_profiler_take(&r->profilers[thread], r->plan, batch) != LUS_OK)
        return lus_fail_memory(err);
    return lus_count_batch(&r->counters[thread], r->plan, &r->grid, thread, batch, err);
}

/* One row per patient: chosen among all threads' rows, then counted where each was read. */
static int choose_rows(struct reading *r, size_t n_threads, struct lus_error *err)
{
    size_t n = 0;
    for (size_t t = 0; t < n_threads; t++)
        n += r->counters[t].cohort.rows.n;
    struct lus_cohort_row *rows = lus_alloc(n, sizeof *rows);
    if (!rows) return lus_fail_memory(err);
    n = 0;
    for (size_t t = 0; t < n_threads; t++) {
        const struct lus_cohort *cohort = &r->counters[t].cohort;
        if (cohort->rows.n) memcpy(rows + n, cohort->rows.at, cohort->rows.n * sizeof *rows);
        n += cohort->rows.n;
    }
    lus_cohort_choose(rows, n, r->plan->recipe.one_row_per.keep_last);
    int status = LUS_OK;
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = lus_count_chosen(&r->counters[rows[i].thread], r->plan, &r->grid, &rows[i], err);
    free(rows);
    return status;
}

/* Sums over the threads. */
struct totals {
    uint64_t status[LUS_ROW_NO_FACTOR], bad[LUS_N_BAD], n_bad, *no_factor;
    const struct lus_first_bad *first_bad;
    bool has_dates, has_bare_years;
};

static void add_up(struct totals *sum, struct lus_tally *tally, const struct reading *r,
                   size_t n_threads)
{
    for (size_t t = 0; t < n_threads; t++) {
        const struct lus_worker *w = &r->counters[t].worker;
        for (size_t i = 0; i < LUS_ROW_NO_FACTOR; i++)
            sum->status[i] += w->n_status[i];
        for (size_t i = 0; i < LUS_N_BAD; i++)
            sum->bad[i] += w->n_bad[i], sum->n_bad += w->n_bad[i];
        for (size_t k = 0; k < r->plan->n_keys; k++)
            sum->no_factor[k] += w->n_no_factor[k];
        if (w->first_bad.is_set && (!sum->first_bad || w->first_bad.row < sum->first_bad->row))
            sum->first_bad = &w->first_bad;
        tally->zero_times += w->seen.zero_times;
        tally->late_entries += w->seen.late_entries;
        if (w->seen.has_closing && (!tally->has_closing || w->seen.closing > tally->closing))
            tally->closing = w->seen.closing;
        tally->has_closing |= w->seen.has_closing;
        sum->has_dates |= w->seen.has_dates;
        sum->has_bare_years |= w->seen.has_bare_years;
        tally->rounded_time |= w->seen.rounded_time;
        tally->year_dates |= w->seen.year_dates;
        tally->month_dates |= w->seen.month_dates;
        tally->has_fractional_weights |= w->seen.fractional_weights;
    }
    tally->n_analysed = sum->status[LUS_ROW_KEPT];
}

static void add_rule(struct lus_tally *tally, const char *name, uint64_t left_out, bool always)
{
    if (left_out || always)
        tally->rules[tally->n_rules++] = (struct lus_rule){name ? name : "?", left_out};
}

static bool is_overlapping(const struct lus_key *key)
{
    return key->factor && key->factor->kind == LUS_FACTOR_ANY_OF;
}

static int list_rules(struct lus_tally *tally, const struct totals *sum,
                      const struct lus_plan *plan, struct lus_error *err)
{
    static const char *const bad[LUS_N_BAD] = {
        [LUS_BAD_NUMBER] = "bad: not a number",
        [LUS_BAD_LARGE] = "bad: too large",
        [LUS_BAD_NEGATIVE] = "bad: negative time",
        [LUS_BAD_BEFORE_ORIGIN] = "bad: exit before origin",
        [LUS_BAD_ENTRY_BEFORE_ORIGIN] = "bad: entry before origin",
        [LUS_BAD_EXIT_BEFORE_ENTRY] = "bad: exit not after entry",
        [LUS_BAD_DATE] = "bad: a date without an origin",
        [LUS_BAD_MIXED] = "bad: a date beside a number",
        [LUS_BAD_EVENT] = "bad: unknown event",
        [LUS_BAD_WEIGHT] = "bad: negative weight",
        [LUS_BAD_RAGGED] = "bad: number of fields",
        [LUS_BAD_AGE] = "bad: age",
        [LUS_BAD_BIRTH] = "bad: date of birth",
        [LUS_BAD_SEX] = "bad: sex",
        [LUS_BAD_SEX_OF_TABLE] = "bad: sex is not in the life table",
        [LUS_BAD_YEAR] = "bad: date",
        [LUS_BAD_LIFE] = "bad: not in the life table"};
    struct lus_arena *arena = &tally->memory->arena;
    tally->rules = lus_arena_alloc(arena, LUS_ROW_NO_FACTOR + LUS_N_BAD + plan->n_keys,
                                   sizeof *tally->rules);
    if (!tally->rules) return lus_fail_memory(err);
    add_rule(tally, "where", sum->status[LUS_ROW_WHERE], plan->where != NULL);
    add_rule(tally, "missing time", sum->status[LUS_ROW_NO_TIME], !plan->without_time);
    add_rule(
        tally,
        lus_arena_print(arena, "no %s", plan->recipe.time.from ? plan->recipe.time.from : "origin"),
        sum->status[LUS_ROW_NO_ORIGIN], plan->origin != LUS_NO_SLOT && !plan->without_time);
    add_rule(tally, "missing entry", sum->status[LUS_ROW_NO_ENTRY], plan->has_entry);
    add_rule(tally, "missing event", sum->status[LUS_ROW_NO_EVENT], !plan->without_time);
    add_rule(tally, "missing weight", sum->status[LUS_ROW_NO_WEIGHT], plan->weight != LUS_NO_SLOT);
    if (plan->demography.asks) {
        add_rule(tally, "missing age", sum->status[LUS_ROW_NO_AGE], true);
        add_rule(tally, "missing sex", sum->status[LUS_ROW_NO_SEX],
                 plan->demography.sex != LUS_NO_SLOT);
        add_rule(tally, "missing date of diagnosis", sum->status[LUS_ROW_NO_DATE], true);
        add_rule(tally, "missing factor of the life table", sum->status[LUS_ROW_NO_LIFE],
                 plan->demography.asks->n_keys > 0);
        add_rule(tally, "not diagnosed in the years asked", sum->status[LUS_ROW_NOT_DIAGNOSED],
                 plan->demography.to != 0);
    }
    add_rule(tally, "other rows of the same patient", sum->status[LUS_ROW_OTHER_ROW],
             plan->id != LUS_NO_SLOT);
    for (size_t i = 1; i < LUS_N_BAD; i++)
        add_rule(tally, bad[i], sum->bad[i], false);
    add_rule(tally, "not followed at the landmark", sum->status[LUS_ROW_LANDMARK],
             plan->landmark >= 0);
    for (size_t k = 0; k < plan->n_keys; k++)
        add_rule(tally,
                 lus_arena_print(
                     arena, is_overlapping(&plan->keys[k]) ? "in no level of %s" : "missing %s",
                     plan->keys[k].name),
                 sum->no_factor[k], !plan->keys[k].keeps_missing);
    return LUS_OK;
}

static int by_text(const void *a, const void *b)
{
    return lus_text_order(lus_text_of(*(const char *const *)a),
                          lus_text_of(*(const char *const *)b));
}

/* A level named with --event that no row has is most likely a slip: an error, unless the column
 * holds a single other word, as it does where nobody has died yet. */
static int check_event_levels(const struct lus_plan *plan, const struct reading *r,
                              size_t n_threads, struct lus_error *err)
{
    if (plan->event == LUS_NO_SLOT) return LUS_OK;
    LUS_ARRAY(const char *) words = {0};
    struct lus_arena arena = {0};
    int status = LUS_OK;
    for (size_t t = 0; t < n_threads; t++) {
        const struct lus_dictionary *d = &r->counters[t].worker.columns[plan->event].dictionary;
        for (size_t i = 1; i < d->texts.n && words.n < 100; i++) {
            bool is_known = false;
            for (size_t k = 0; k < words.n && !is_known; k++)
                is_known = lus_text_equal(d->texts.at[i], lus_text_of(words.at[k]));
            if (is_known) continue;
            char *copy = lus_arena_copy(&arena, d->texts.at[i].p, d->texts.at[i].n);
            if (!copy || LUS_ARRAY_RESERVE(&words, 1) != LUS_OK) {
                status = lus_fail_memory(err);
                goto done;
            }
            words.at[words.n++] = copy;
        }
    }
    if (words.n) qsort(words.at, words.n, sizeof *words.at, by_text);
    for (size_t l = 0; l < plan->recipe.event.n_levels && words.n > 1; l++) {
        const char *level = plan->recipe.event.levels[l];
        bool is_seen = words.n >= 100;
        double wanted, value;
        bool is_number = lus_number_parse(level, strlen(level), &wanted) == LUS_NUMBER_OK;
        for (size_t k = 0; k < words.n && !is_seen; k++)
            is_seen = strcmp(words.at[k], level) == 0 ||
                      (is_number &&
                       lus_number_parse(words.at[k], strlen(words.at[k]), &value) ==
                           LUS_NUMBER_OK &&
                       value == wanted);
        if (is_seen) continue;
        struct lus_string list = {0};
        for (size_t k = 0; k < words.n && list.n < 200; k++)
            lus_string_print(&list, "%s\"%s\"", k ? ", " : "", words.at[k]);
        status = lus_fail(err, LUS_EDATA,
                          "%s: %s: no row has the event level \"%s\"; the column holds %s",
                          plan->source.files[0].stream.name, plan->recipe.event.column, level,
                          list.failed ? "other words" : list.at);
        lus_string_free(&list);
        break;
    }
done:
    LUS_ARRAY_FREE(&words);
    lus_arena_free(&arena);
    return status;
}

static int describe(struct lus_tally *tally, struct lus_error *err)
{
    const struct lus_plan *plan = &tally->memory->plan;
    size_t n = plan->n_keys + (plan->of != NULL);
    const char **keys = lus_arena_alloc(&tally->memory->arena, n + 1, sizeof *keys);
    const char **labels = lus_arena_alloc(&tally->memory->arena, n + 1, sizeof *labels);
    bool *is_ordered = lus_arena_alloc(&tally->memory->arena, n + 1, sizeof *is_ordered);
    if (!keys || !labels || !is_ordered) return lus_fail_memory(err);
    for (size_t k = 0; k < plan->n_keys; k++) {
        const struct lus_factor *factor = plan->keys[k].factor;
        keys[k] = plan->keys[k].name;
        labels[k] = factor ? factor->label : plan->keys[k].name;
        is_ordered[k] = factor && factor->n_levels && factor->kind != LUS_FACTOR_ANY_OF;
        tally->overlaps |= factor && factor->kind == LUS_FACTOR_ANY_OF;
    }
    const struct lus_factor *of = plan->n_keys > plan->n_by + plan->n_strata
                                      ? plan->keys[plan->n_keys - 1].factor
                                      : NULL;
    if (of && of->kind == LUS_FACTOR_ANY_OF)
        tally->of_levels = of->levels, tally->n_of_levels = of->n_levels;
    if (plan->of) keys[plan->n_keys] = labels[plan->n_keys] = plan->of->source;
    tally->n_by = plan->n_by, tally->n_split = plan->n_strata, tally->n_keys = n;
    tally->keys = keys, tally->labels = labels, tally->is_ordered = is_ordered;
    tally->without_time = plan->without_time;
    tally->n_threads = plan->scan.n_threads;
    tally->unit = plan->recipe.time.unit;
    tally->has_entry = plan->has_entry && !plan->ignores_entry,
    tally->ignores_entry = plan->ignores_entry;
    tally->completed = plan->recipe.time.completed, tally->is_synthetic = plan->recipe.synthetic;
    tally->has_weights = plan->weight != LUS_NO_SLOT;
    tally->unused_entry = plan->unused_entry;
    tally->landmark = plan->landmark;
    tally->age_completed = plan->recipe.population.age_completed && plan->demography.asks;
    tally->origin = plan->recipe.time.from, tally->measure = plan->recipe.event.measure;
    tally->title = plan->recipe.title, tally->source = plan->recipe.source;
    tally->file = plan->source.files[0].stream.name;
    tally->time_column = plan->recipe.time.exit.column,
    tally->entry_column = plan->recipe.time.entry.column;
    return LUS_OK;
}

static int summarise_factors(struct lus_tally *tally, struct lus_error *err)
{
    const struct lus_recipe *recipe = &tally->memory->plan.recipe;
    struct lus_arena *arena = &tally->memory->arena;
    struct lus_factor_summary *out = lus_arena_alloc(arena, recipe->n_factors + 1, sizeof *out);
    if (!out) return lus_fail_memory(err);
    for (size_t i = 0; i < recipe->n_factors; i++) {
        const struct lus_factor *factor = &recipe->factors[i];
        struct lus_string levels = {0};
        lus_string_put(&levels, factor->kind == LUS_FACTOR_ANY_OF ? "any of: " : "");
        for (size_t k = 0; k < factor->n_levels; k++)
            lus_string_print(&levels, "%s%s", k ? ", " : "", factor->levels[k]);
        if (!factor->n_levels) lus_string_print(&levels, "those of the column %s", factor->column);
        out[i] = (struct lus_factor_summary){
            factor->name, factor->label,
            levels.failed ? NULL : lus_arena_copy(arena, levels.at, levels.n)};
        lus_string_free(&levels);
        if (!out[i].levels) return lus_fail_memory(err);
    }
    tally->memory->factors = out;
    return LUS_OK;
}

const struct lus_factor_summary *lus_tally_factors(const struct lus_tally *tally, size_t *n)
{
    *n = tally->memory->plan.recipe.n_factors;
    return tally->memory->factors;
}

const char *lus_tally_condition(const struct lus_tally *tally, size_t k)
{
    return tally->memory->plan.conditions->absent[k];
}

size_t lus_stratum_condition(const struct lus_tally *tally, const struct lus_stratum *stratum)
{
    return (size_t)stratum->places[tally->n_by + tally->n_split - 1];
}

static int finish(struct lus_tally *tally, struct reading *r, size_t n_threads,
                  struct lus_error *err)
{
    const struct lus_plan *plan = r->plan;
    struct totals sum = {.no_factor = lus_alloc_zeroed(plan->n_keys, sizeof(uint64_t))};
    if (!sum.no_factor) return lus_fail_memory(err);
    int status = plan->id != LUS_NO_SLOT ? choose_rows(r, n_threads, err) : LUS_OK;
    for (size_t t = 0; t < n_threads && status == LUS_OK; t++)
        status = lus_counter_close(&r->counters[t], &r->grid, err);
    if (status != LUS_OK) goto done;
    add_up(&sum, tally, r, n_threads);
    if (sum.has_dates && sum.has_bare_years && !plan->years_are_dates) {
        tally->needs_years = true; /* the numbers of some rows are years after all */
        goto done;
    }
    if ((status = check_event_levels(plan, r, n_threads, err)) != LUS_OK) goto done;
    if (sum.n_bad && !plan->drop_bad) {
        status = sum.n_bad == 1
                     ? lus_fail(err, LUS_EDATA, "%s", sum.first_bad->message)
                     : lus_fail(err, LUS_EDATA,
                                "%s (the first of %llu bad rows; --bad-rows drop leaves them out)",
                                sum.first_bad->message, (unsigned long long)sum.n_bad);
        goto done;
    }
    if (!tally->n_rows) {
        status = lus_fail(
            err, LUS_EDATA,
            "%s: there is no row below the header; one row for each patient is wanted",
            tally->file);
        goto done;
    }
    if ((status = list_rules(tally, &sum, plan, err)) == LUS_OK)
        status = lus_gather(tally, r->counters, n_threads, &r->grid, err);
done:
    free(sum.no_factor);
    return status;
}

static void free_counters(struct lus_counter *counters, size_t n)
{
    for (size_t t = 0; counters && t < n; t++)
        lus_counter_free(&counters[t]);
    free(counters);
}

static int read_all(struct lus_tally *tally, struct lus_profile *profile, struct lus_error *err)
{
    struct lus_plan *plan = &tally->memory->plan;
    size_t n = plan->scan.n_threads;
    /* Differences of dates fall on whole days, times on whole units. */
    enum lus_unit unit = plan->origin != LUS_NO_SLOT ? LUS_DAYS : plan->recipe.time.exit.unit;
    struct reading r = {.plan = plan,
                        .grid = {lus_unit_ticks(unit), 1.0 / (double)lus_unit_ticks(unit)}};
    r.counters = lus_alloc_zeroed(n, sizeof *r.counters);
    int status = r.counters ? LUS_OK : lus_fail_memory(err);
    for (size_t t = 0; t < n && status == LUS_OK; t++)
        status = lus_counter_init(&r.counters[t], plan, err);
    if (profile && status == LUS_OK && !(r.profilers = lus_alloc_zeroed(n, sizeof *r.profilers)))
        status = lus_fail_memory(err);
    if (status == LUS_OK)
        status = lus_scan(&plan->scan, &plan->source, take_batch, &r, &tally->n_rows, err);
    if (status == LUS_OK) status = finish(tally, &r, n, err);
    if (r.profilers && status == LUS_OK &&
        lus_profile_merge(profile, r.profilers, n, plan) != LUS_OK)
        status = lus_fail_memory(err);
    lus_profilers_free(r.profilers, n);
    free_counters(r.counters, n);
    return status;
}

static int read_once(const struct lus_query *query, struct lus_tally *out, struct lus_error *err)
{
    struct lus_tally tally = {.memory = lus_alloc_zeroed(1, sizeof *tally.memory)};
    *out = (struct lus_tally){0};
    if (!tally.memory) return lus_fail_memory(err);
    int status = lus_plan_make(&tally.memory->plan, query, err);
    if (status == LUS_OK) status = describe(&tally, err);
    if (status == LUS_OK) status = summarise_factors(&tally, err);
    if (status == LUS_OK) status = read_all(&tally, query->profile, err);
    if (status != LUS_OK) lus_tally_free(&tally);
    else *out = tally;
    return status;
}

int lus_tally_read(const struct lus_query *query, struct lus_tally *out, struct lus_error *err)
{
    LUS_TRY(read_once(query, out, err));
    if (!out->needs_years) return LUS_OK;
    lus_tally_free(out);
    for (size_t i = 0; i < query->n_files; i++)
        if (strcmp(query->files[i], "-") == 0)
            return lus_fail(err, LUS_EDATA,
                            "standard input: some rows hold dates and others years alone, which is "
                            "known only at the end; give a file, or write years as YYYY-07-01");
    struct lus_query again = *query;
    again.years_are_dates = true;
    if (again.profile) lus_profile_free(again.profile);
    return read_once(&again, out, err);
}

void lus_tally_free(struct lus_tally *tally)
{
    for (size_t i = 0; i < tally->n_strata; i++) {
        lus_event_table_free(&tally->strata[i].table),
            lus_event_table_free(&tally->strata[i].with_entry);
        lus_persons_free(&tally->strata[i].persons);
    }
    free(tally->strata);
    if (tally->memory) {
        lus_plan_free(&tally->memory->plan);
        lus_arena_free(&tally->memory->arena);
    }
    free(tally->memory);
    *tally = (struct lus_tally){0};
}
