/* Files that are opened once and read once, and the questions that they answer. */
#include <stdlib.h>
#include <unistd.h>

#include "people/people.h"
#include "support/number.h"
#include "tally/doubt.h"
#include "tally/stored.h"
#include "tally/tally.h"

struct question {
    struct lus_plan plan;
    struct lus_tally *tally;
    bool keeps_counts;
    struct lus_profile *profile; /* NULL: nobody asks what the columns hold */
    /* by thread */
    struct lus_counter *counters;
    struct lus_profiler *profilers;
    bool is_answered;
};

struct lus_reading {
    struct lus_tally stored; /* of tallies in place of rows; memory NULL: of rows */
    struct lus_files files;
    struct lus_scan scan;
    LUS_ARRAY(struct question *) questions;
};

/* --- asking --- */

/* Tallies in place of rows: the first bytes tell. */
static int open_files(struct lus_reading *r, const struct lus_query *query, struct lus_error *err)
{
    struct lus_error inner = LUS_ERROR_INIT;
    int status = lus_files_open(&r->files, query, &inner);
    if (status == LUS_OK) return LUS_OK;
    if (inner.code != LUS_ERROR_TALLY) return lus_fail_as(err, status, &inner);
    lus_files_close(&r->files);
    r->files = (struct lus_files){0};
    return lus_tallies_read(query->files, query->n_files, r->scan.n_threads, &r->stored, err);
}

int lus_reading_open(const struct lus_query *query, struct lus_reading **out, struct lus_error *err)
{
    struct lus_reading *r = *out = lus_alloc_zeroed(1, sizeof *r);
    if (!r) return lus_fail_memory(err);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    r->scan = (struct lus_scan){.n_threads = query->n_threads > 0 ? (size_t)query->n_threads
                                             : cores > 0          ? (size_t)cores
                                                                  : 1,
                                .progress = query->progress,
                                .progress_context = query->progress_context};
    int status = open_files(r, query, err);
    if (status == LUS_OK) return LUS_OK;
    lus_reading_close(r);
    *out = NULL;
    return status;
}

int lus_reading_ask(struct lus_reading *r, const struct lus_query *query, struct lus_tally *out,
                    struct lus_error *err)
{
    if (r->stored.memory) return lus_tally_project(&r->stored, query, out, err);
    *out = (struct lus_tally){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    struct question *q = out->memory ? lus_alloc_zeroed(1, sizeof *q) : NULL;
    if (!q || LUS_ARRAY_RESERVE(&r->questions, 1) != LUS_OK) {
        free(q);
        return lus_fail_memory(err);
    }
    q->tally = out;
    q->profile = query->profile;
    q->keeps_counts = query->keeps_counts;
    struct lus_header *header = r->files.reader.header;
    int status = lus_plan_make(&q->plan, &r->files.tree, query, header, err);
    if (status == LUS_OK) status = lus_tally_describe(out, &q->plan, r->scan.n_threads, err);
    if (status != LUS_OK) { /* a question that cannot be asked is none */
        lus_plan_free(&q->plan);
        free(q);
        return status;
    }
    r->questions.at[r->questions.n++] = q;
    for (size_t i = 0; i < header->n && q->profile; i++)
        (void)lus_header_keep(header, i);
    return LUS_OK;
}

const struct lus_recipe *lus_reading_recipe(const struct lus_reading *r)
{
    return &r->files.recipe;
}

/* --- reading --- */

static int start(struct question *q, size_t n_threads, struct lus_error *err)
{
    q->counters = lus_alloc_zeroed(n_threads, sizeof *q->counters);
    if (!q->counters) return lus_fail_memory(err);
    for (size_t t = 0; t < n_threads; t++)
        LUS_TRY(lus_counter_init(&q->counters[t], &q->plan, err));
    if (!q->profile) return LUS_OK;
    q->profilers = lus_alloc_zeroed(n_threads, sizeof *q->profilers);
    return q->profilers ? LUS_OK : lus_fail_memory(err);
}

static void stop(struct question *q, size_t n_threads)
{
    for (size_t t = 0; q->counters && t < n_threads; t++)
        lus_counter_free(&q->counters[t]);
    free(q->counters);
    q->counters = NULL;
    lus_profilers_free(q->profilers, n_threads);
    q->profilers = NULL;
}

static int take_batch(void *context, int thread, const struct lus_batch *batch,
                      struct lus_error *err)
{
    struct lus_reading *r = context;
    for (size_t i = 0; i < r->questions.n; i++) {
        struct question *q = r->questions.at[i];
        if (q->is_answered) continue;
        if (q->profilers && lus_profiler_take(&q->profilers[thread], &q->plan, batch) != LUS_OK)
            return lus_fail_memory(err);
        LUS_TRY(lus_count_batch(&q->counters[thread], thread, batch, err));
    }
    return LUS_OK;
}

/* --- answering --- */

/* One row per patient: chosen among all threads' rows, then counted where each was read. */
static int choose_rows(struct question *q, size_t n_threads, struct lus_error *err)
{
    size_t n = 0;
    for (size_t t = 0; t < n_threads; t++)
        n += q->counters[t].candidates.rows.n;
    struct lus_candidate *rows = lus_alloc(n, sizeof *rows);
    if (!rows) return lus_fail_memory(err);
    n = 0;
    for (size_t t = 0; t < n_threads; t++) {
        const struct lus_candidates *here = &q->counters[t].candidates;
        if (here->rows.n) memcpy(rows + n, here->rows.at, here->rows.n * sizeof *rows);
        n += here->rows.n;
    }
    int status = LUS_OK;
    if (q->plan.joins_rows) status = lus_candidates_join(rows, n, &q->plan, err);
    else lus_candidates_choose(rows, n, q->plan.recipe.one_row_per.keep_last);
    if (q->plan.keeps_people) lus_candidates_number(rows, n);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = lus_count_chosen(&q->counters[rows[i].thread], &rows[i], err);
    free(rows);
    return status;
}

static int check_events(const struct question *q, size_t n_threads, struct lus_error *err)
{
    const struct lus_values **values = lus_alloc(n_threads, sizeof *values);
    if (!values) return lus_fail_memory(err);
    for (size_t t = 0; t < n_threads; t++)
        values[t] = &q->counters[t].intake.values;
    int status = lus_events_check(&q->plan, values, n_threads, err);
    free(values);
    return status;
}

static void note_seen(struct lus_tally *tally, const struct lus_selection *sum)
{
    const struct lus_seen *seen = &sum->seen;
    tally->n_analysed = sum->status[LUS_ROW_KEPT];
    tally->zero_times = seen->zero_times;
    tally->late_entries = seen->late_entries;
    tally->has_closing = seen->has_closing;
    tally->closing = seen->closing;
    tally->rounded_time = seen->rounded_time;
    tally->year_dates = seen->year_dates;
    tally->has_dates = seen->has_dates;
    tally->month_dates = seen->month_dates;
    tally->has_fractional_weights = seen->fractional_weights;
}

static int check_rows(const struct question *q, const struct lus_selection *sum,
                      struct lus_error *err)
{
    uint64_t n_bad = lus_selection_n_bad(sum);
    if (n_bad == 1 && !q->plan.drop_bad)
        return lus_fail(err, LUS_EDATA, "%s", sum->first_bad.message);
    if (n_bad && !q->plan.drop_bad)
        return lus_fail(err, LUS_EDATA,
                        "%s (the first of %llu bad rows; --bad-rows drop leaves them out)",
                        sum->first_bad.message, (unsigned long long)n_bad);
    if (!q->tally->n_rows)
        return lus_fail(err, LUS_EDATA,
                        "%s: there is no row below the header; one row for each patient is wanted",
                        q->tally->file);
    return LUS_OK;
}

/* Which files they were: told on everything that is made of them. Of large ones the hash would take
 * longer than the reading. */
static int note_files(const struct lus_reading *r, struct lus_tally *tally, struct lus_error *err)
{
    enum { MOST_FILES = 64, MOST_BYTES = 64 << 20 };
    struct lus_arena *arena = &tally->memory->arena;
    size_t n = lus_reader_n_files(&r->files.reader);
    bool wants_hash = n <= MOST_FILES && lus_reader_bytes(&r->files.reader) <= MOST_BYTES;
    tally->files = lus_arena_alloc(arena, n, sizeof *tally->files);
    if (!tally->files) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct lus_read_file file;
        lus_reader_file(&r->files.reader, i, wants_hash, &file);
        tally->files[i].name = lus_arena_copy(arena, file.name, strlen(file.name));
        tally->files[i].sha256 = lus_arena_copy(arena, file.sha256, strlen(file.sha256));
        if (!tally->files[i].name || !tally->files[i].sha256) return lus_fail_memory(err);
    }
    tally->n_files = n;
    return LUS_OK;
}

/* From what the threads counted to the tally. Numbers of some rows may turn out to be years, since
 * others hold dates: then the question stays open. */
static int answer(struct question *q, size_t n_threads, struct lus_error *err)
{
    struct lus_tally *tally = q->tally;
    struct lus_selection sum = {0};
    struct lus_rules rules;
    int status = q->plan.id != LUS_NO_SLOT ? choose_rows(q, n_threads, err) : LUS_OK;
    for (size_t t = 0; t < n_threads && status == LUS_OK; t++)
        status = lus_counter_close(&q->counters[t], err);
    if (status == LUS_OK && lus_selection_init(&sum, &q->plan) != LUS_OK)
        status = lus_fail_memory(err);
    if (status != LUS_OK) return status;
    for (size_t t = 0; t < n_threads; t++)
        lus_selection_add(&sum, &q->counters[t].intake.selection);
    q->is_answered = !(sum.seen.has_dates && sum.seen.has_bare_years) || q->plan.years_are_dates;
    if (!q->is_answered) goto done;
    note_seen(tally, &sum);
    tally->has_year_numbers = sum.seen.has_bare_years && !q->plan.years_are_dates;
    if ((status = check_events(q, n_threads, err)) != LUS_OK) goto done;
    if ((status = check_rows(q, &sum, err)) != LUS_OK) goto done;
    status = lus_selection_rules(&sum, &q->plan, &tally->memory->arena, &rules, err);
    if (status != LUS_OK) goto done;
    tally->rules = rules.at;
    tally->n_rules = rules.n;
    if ((status = lus_check_selection(tally, &q->plan, q->counters, n_threads, &sum, err)) !=
        LUS_OK)
        goto done;
    status = lus_gather(tally, &q->plan, q->counters, n_threads, q->keeps_counts, err);
    if (status == LUS_OK)
        status = lus_find_doubts(tally, &q->plan, q->counters, n_threads, &sum, err);
    if (status == LUS_OK && q->profile &&
        lus_profile_merge(q->profile, q->profilers, n_threads, &q->plan, tally->n_rows) != LUS_OK)
        status = lus_fail_memory(err);
done:
    lus_selection_free(&sum);
    return status;
}

/* One pass over the rows, for all questions that are open. */
static int read_rows(struct lus_reading *r, struct lus_error *err)
{
    struct lus_scan scan = r->scan;
    /* rows of one person are joined by groups' numbers, which are a thread's own */
    for (size_t i = 0; i < r->questions.n; i++)
        if (r->questions.at[i]->plan.joins_rows) scan.n_threads = 1;
    size_t n_threads = scan.n_threads;
    uint64_t n_rows = 0;
    int status = LUS_OK;
    for (size_t i = 0; i < r->questions.n && status == LUS_OK; i++)
        if (!r->questions.at[i]->is_answered) status = start(r->questions.at[i], n_threads, err);
    if (status == LUS_OK)
        status = lus_reader_scan(&r->files.reader, &scan, take_batch, r, &n_rows, err);
    for (size_t i = 0; i < r->questions.n; i++) {
        struct question *q = r->questions.at[i];
        if (q->is_answered) continue;
        q->tally->n_rows = n_rows;
        if (status == LUS_OK) status = answer(q, n_threads, err);
        if (status == LUS_OK && q->is_answered) status = note_files(r, q->tally, err);
        stop(q, n_threads);
    }
    return status;
}

int lus_reading_run(struct lus_reading *r, struct lus_error *err)
{
    bool is_done = true;
    if (r->stored.memory) return LUS_OK; /* questions were answered when they were asked */
    LUS_TRY(read_rows(r, err));
    for (size_t i = 0; i < r->questions.n; i++) {
        is_done &= r->questions.at[i]->is_answered;
        r->questions.at[i]->plan.years_are_dates = true;
    }
    if (is_done) return LUS_OK;
    struct lus_error ignored = LUS_ERROR_INIT;
    if (lus_reader_rewind(&r->files.reader, &ignored) != LUS_OK)
        return lus_fail(err, LUS_EDATA,
                        "%s: some rows hold dates and others years alone, which is known only at "
                        "the end; give a file, or write years as YYYY-07-01",
                        r->files.reader.header->file);
    return read_rows(r, err);
}

void lus_reading_close(struct lus_reading *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->questions.n; i++) {
        stop(r->questions.at[i], r->scan.n_threads);
        lus_plan_free(&r->questions.at[i]->plan);
        free(r->questions.at[i]);
    }
    LUS_ARRAY_FREE(&r->questions);
    lus_tally_free(&r->stored);
    lus_files_close(&r->files);
    free(r);
}

int lus_tally_read(const struct lus_query *query, struct lus_tally *out, struct lus_error *err)
{
    struct lus_reading *reading;
    *out = (struct lus_tally){0};
    int status = lus_reading_open(query, &reading, err);
    if (status == LUS_OK) status = lus_reading_ask(reading, query, out, err);
    if (status == LUS_OK) status = lus_reading_run(reading, err);
    lus_reading_close(reading);
    if (status != LUS_OK) lus_tally_free(out);
    return status;
}
