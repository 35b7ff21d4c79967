/* A stored tally, seen by some of its keys. */
#include <math.h>
#include <stdlib.h>

#include "support/number.h"
#include "support/parallel.h"
#include "tally/frame.h"
#include "tally/stored.h"

/* What a query asks that only rows tell. */
static int refuse(const struct lus_tally *whole, const struct lus_query *q, struct lus_error *err)
{
    const struct {
        const char *option, *value;
    } asks[] = {{"--recipe", q->recipe},
                {"--time", q->time},
                {"--from", q->from},
                {"--to", q->to},
                {"--event", q->event},
                {"--unit", q->unit},
                {"--entry", q->entry},
                {"--weight", q->weight},
                {"--where", q->where},
                {"--landmark", q->landmark},
                {"--cut", q->cut},
                {"--id", q->id},
                {"--causes", q->causes},
                {"--diagnosed", q->diagnosed},
                {"--join", q->join},
                {"--layout", q->layout},
                {"--dates", q->dates},
                {"--decimal", q->decimal},
                {"--encoding", q->encoding},
                {"--delimiter", q->delimiter},
                {"--header-from", q->header_from},
                {"--bad-rows", q->drop_bad >= 0 ? "" : NULL},
                {"--weight-is", q->weight_is}};
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        if (asks[i].value)
            return lus_fail(err, LUS_EUSAGE,
                            "%s: %s is asked of rows, and a tally has counted them; it says: %s",
                            whole->file, asks[i].option, whole->question);
    bool needs_people = (q->demography && !q->demography_is_optional) || q->n_age_groups ||
                        q->n_conditions;
    if (q->no_recipe)
        return lus_fail(err, LUS_EDATA,
                        "%s: this is a tally, which has no columns; lustrum describe tells of it",
                        whole->file);
    if (needs_people)
        return lus_fail(err, LUS_EUSAGE,
                        "%s: this needs the people themselves, and a tally has counts alone; give "
                        "the files of rows",
                        whole->file);
    return LUS_OK;
}

/* The keys that a query asks for, by their places in the whole. */
struct chosen {
    size_t at[LUS_MOST_KEYS], n, n_by, n_split;
    bool keeps_missing;
};

static int find_key(const struct lus_tally *whole, const char *name, struct chosen *c,
                    struct lus_error *err)
{
    struct lus_string names = {0};
    size_t k = 0;
    while (k < whole->n_keys && strcmp(whole->keys[k], name) != 0)
        k++;
    if (k < whole->n_keys && c->n < LUS_MOST_KEYS) {
        c->at[c->n++] = k;
        return LUS_OK;
    }
    for (size_t i = 0; i < whole->n_keys; i++)
        lus_string_print(&names, "%s%s", i ? ", " : "", whole->keys[i]);
    struct lus_string said = {0};
    lus_string_print(&said, "%s: the tally has no key \"%s\"; it has %s", whole->file, name,
                     names.n ? names.at : "none");
    said.failed |= names.failed;
    lus_string_free(&names);
    return lus_fail_string(err, LUS_EDATA, &said);
}

static int find_keys(const struct lus_tally *whole, const char *list, struct chosen *c,
                     struct lus_error *err)
{
    struct lus_arena arena = {0};
    char **names;
    size_t n = 0;
    if (!list) return LUS_OK;
    int status = lus_list_split(&arena, list, &names, &n, err);
    for (size_t i = 0; i < n && status == LUS_OK; i++)
        status = find_key(whole, names[i], c, err);
    lus_arena_free(&arena);
    return status;
}

static int choose(const struct lus_tally *whole, const struct lus_query *q, struct chosen *c,
                  struct lus_error *err)
{
    *c = (struct chosen){.keeps_missing = q->missing_as_level};
    LUS_TRY(find_keys(whole, q->by, c, err));
    c->n_by = c->n;
    LUS_TRY(find_keys(whole, q->strata, c, err));
    c->n_split = c->n - c->n_by;
    LUS_TRY(find_keys(whole, q->of, c, err));
    for (size_t i = 0; i < q->n_wanted && q->keeps_people; i++)
        LUS_TRY(find_key(whole, q->wanted[i].name, c, err));
    if (q->keeps_people) c->n_split = c->n;
    return LUS_OK;
}

/* --- what the projection says of itself --- */

static const char *copy(struct lus_arena *arena, const char *text, bool *failed)
{
    const char *out = text ? lus_arena_copy(arena, text, strlen(text)) : NULL;
    *failed |= text && !out;
    return out;
}

static void copy_texts(const struct lus_tally *whole, struct lus_arena *a, struct lus_tally *t,
                       bool *failed)
{
    t->title = copy(a, whole->title, failed), t->source = copy(a, whole->source, failed);
    t->file = copy(a, whole->file, failed), t->where = copy(a, whole->where, failed);
    t->time_column = copy(a, whole->time_column, failed);
    t->entry_column = copy(a, whole->entry_column, failed);
    t->event_column = copy(a, whole->event_column, failed);
    t->origin = copy(a, whole->origin, failed), t->measure = copy(a, whole->measure, failed);
    t->sex = copy(a, whole->sex, failed), t->question = copy(a, whole->question, failed);
    const char *keys = "";
    for (size_t i = 0; i < whole->n_keys && keys; i++)
        keys = lus_arena_print(a, "%s%s%s", keys, i ? ", " : ", counted by ", whole->keys[i]);
    t->file_notes = keys ? lus_arena_print(a, "%sRead from %s%s. ", whole->file_notes, whole->file,
                                           keys)
                         : NULL;
    *failed |= !t->file_notes;
    t->unused_entry = NULL; /* what it would change cannot be counted any more */
}

static void copy_lists(const struct lus_tally *whole, const struct lus_query *q,
                       struct lus_arena *a, struct lus_tally *t, bool *failed)
{
    struct lus_tally_cause *causes = lus_arena_alloc(a, whole->n_causes, sizeof *causes);
    struct lus_tally_file *files = lus_arena_alloc(a, whole->n_files + 1, sizeof *files);
    struct lus_doubt *doubts = lus_arena_alloc(a, whole->n_doubts + 1, sizeof *doubts);
    *failed |= !causes || !files || !doubts;
    for (size_t i = 0; i < whole->n_causes && !*failed; i++)
        causes[i] = (struct lus_tally_cause){copy(a, whole->causes[i].name, failed),
                                             whole->causes[i].is_event ||
                                                 (q->every_cause && whole->causes[i].name)};
    for (size_t i = 0; i < whole->n_files && !*failed; i++)
        files[i] = (struct lus_tally_file){copy(a, whole->files[i].name, failed),
                                           copy(a, whole->files[i].sha256, failed)};
    for (size_t i = 0; i < whole->n_doubts && !*failed; i++)
        doubts[i] = (struct lus_doubt){copy(a, whole->doubts[i].text, failed),
                                       copy(a, whole->doubts[i].discreet, failed),
                                       whole->doubts[i].is_warning};
    t->causes = causes, t->n_causes = whole->n_causes;
    t->files = files, t->n_files = whole->n_files;
    t->doubts = doubts, t->n_doubts = whole->n_doubts;
}

static void copy_keys(const struct lus_tally *whole, const struct chosen *c, struct lus_arena *a,
                      struct lus_tally *t, bool *failed)
{
    const char **keys = lus_arena_alloc(a, c->n + 1, sizeof *keys),
               **labels = lus_arena_alloc(a, c->n + 1, sizeof *labels);
    bool *is_ordered = lus_arena_alloc(a, c->n + 1, sizeof *is_ordered);
    *failed |= !keys || !labels || !is_ordered;
    for (size_t i = 0; i < c->n && !*failed; i++) {
        keys[i] = copy(a, whole->keys[c->at[i]], failed);
        labels[i] = copy(a, whole->labels[c->at[i]], failed);
        is_ordered[i] = whole->is_ordered[c->at[i]];
    }
    t->keys = keys, t->labels = labels, t->is_ordered = is_ordered;
    t->n_by = c->n_by, t->n_split = c->n_split, t->n_keys = c->n;
}

static int describe(const struct lus_tally *whole, const struct lus_query *q,
                    const struct chosen *c, struct lus_tally *t, struct lus_error *err)
{
    struct lus_arena *a = &t->memory->arena;
    bool failed = false;
    t->n_threads = whole->n_threads, t->unit = whole->unit, t->landmark = whole->landmark;
    t->completed = whole->completed, t->is_synthetic = whole->is_synthetic;
    t->has_weights = whole->has_weights, t->rounded_time = whole->rounded_time;
    t->year_dates = whole->year_dates, t->month_dates = whole->month_dates;
    t->has_dates = whole->has_dates, t->has_year_numbers = whole->has_year_numbers;
    t->has_named_unit = whole->has_named_unit, t->has_assumed_unit = whole->has_assumed_unit;
    t->ignores_entry = whole->ignores_entry || (q->ignore_entry && whole->has_entry);
    t->has_entry = whole->has_entry && !t->ignores_entry;
    t->without_time = q->without_time;
    t->n_rows = whole->n_rows, t->needs_rows = whole->needs_rows;
    copy_texts(whole, a, t, &failed);
    copy_lists(whole, q, a, t, &failed);
    copy_keys(whole, c, a, t, &failed);
    return failed ? lus_fail_memory(err) : LUS_OK;
}

/* --- strata --- */

/* By the chosen keys; equal where all are. */
static int by_chosen(const void *a, const void *b, void *context)
{
    const struct lus_stratum *x = *(const struct lus_stratum *const *)a,
                             *y = *(const struct lus_stratum *const *)b;
    const struct chosen *c = context;
    for (size_t i = 0; i < c->n; i++) {
        size_t k = c->at[i];
        int order = lus_stratum_level_order(x, y, k);
        if (order) return order;
    }
    return 0;
}

static int copy_stratum(const struct lus_stratum *from, const struct chosen *c, struct lus_tally *t,
                        struct lus_stratum *out)
{
    struct lus_arena *a = &t->memory->arena;
    const char **levels = lus_arena_alloc(a, c->n + 1, sizeof *levels);
    long *places = lus_arena_alloc(a, c->n + 1, sizeof *places);
    bool failed = !levels || !places;
    for (size_t i = 0; i < c->n && !failed; i++) {
        levels[i] = copy(a, from->levels[c->at[i]], &failed);
        places[i] = from->places[c->at[i]];
    }
    *out = (struct lus_stratum){.levels = levels, .places = places};
    if (failed) return LUS_ENOMEM;
    return lus_counts_init(&out->counts, t->n_causes);
}

/* Keys whose missing values leave people out: of what is counted (shares) they are told. */
static size_t n_strict(const struct chosen *c)
{
    return c->keeps_missing ? 0 : c->n_by + c->n_split;
}

/* The first of those whose value a stratum lacks; c->n: none. */
static size_t lacks(const struct lus_stratum *s, const struct chosen *c)
{
    for (size_t i = 0; i < n_strict(c); i++)
        if (!s->levels[c->at[i]]) return i;
    return c->n;
}

/* Those that count, in order; who lacks a key is added up by it. */
static size_t list_strata(const struct lus_tally *whole, struct chosen *c,
                          const struct lus_stratum **list, double *left_out)
{
    size_t n = 0;
    for (size_t s = 0; s < whole->n_strata; s++) {
        size_t key = lacks(&whole->strata[s], c);
        if (key < c->n) left_out[key] += whole->strata[s].n_people;
        else list[n++] = &whole->strata[s];
    }
    if (n) qsort_r(list, n, sizeof *list, by_chosen, c);
    return n;
}

static int add_strata(struct chosen *c, const struct lus_stratum *const *list, size_t n,
                      struct lus_tally *t)
{
    t->strata = lus_alloc_zeroed(n, sizeof *t->strata);
    if (!t->strata) return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!i || by_chosen(&list[i - 1], &list[i], c) != 0)
            LUS_TRY(copy_stratum(list[i], c, t, &t->strata[t->n_strata++]));
        struct lus_stratum *s = &t->strata[t->n_strata - 1];
        LUS_TRY(lus_counts_add(&s->counts, &list[i]->counts, t->n_causes));
        s->n_people += list[i]->n_people;
    }
    return LUS_OK;
}

/* --- people, of methods that need the values of each --- */

/* Rows of people who are alike, with their number as a weight of copies. */
static int list_people(struct lus_tally *t)
{
    struct lus_frame *f = &t->frame;
    double one = t->has_weights ? 1e9 : 1;
    size_t n = 0;
    for (size_t s = 0; s < t->n_strata; s++)
        for (size_t k = 0; k <= t->n_causes; k++)
            n += t->strata[s].counts.gone[k].n;
    f->exit = lus_alloc(n, sizeof *f->exit), f->cause = lus_alloc(n, sizeof *f->cause);
    f->weight = lus_alloc(n, sizeof *f->weight), f->stratum = lus_alloc(n, sizeof *f->stratum);
    f->row = lus_alloc(n, sizeof *f->row);
    if (!f->exit || !f->cause || !f->weight || !f->stratum || !f->row) return LUS_ENOMEM;
    for (size_t s = 0; s < t->n_strata; s++)
        for (size_t k = 0; k <= t->n_causes; k++) {
            const struct lus_time_counts *gone = &t->strata[s].counts.gone[k];
            for (size_t i = 0; i < gone->n; i++, f->n++) {
                f->exit[f->n] = gone->at[i].time, f->cause[f->n] = (uint8_t)k;
                f->weight[f->n] = (double)gone->at[i].weight / one;
                f->stratum[f->n] = (uint32_t)s, f->row[f->n] = f->n;
            }
        }
    f->n_people = f->n, f->n_strata = t->n_strata, f->weights_are_copies = true;
    return LUS_OK;
}

/* A key's levels as numbers, by person; false where one is none. */
static bool put_numbers(const struct lus_tally *t, size_t key, double *out)
{
    const struct lus_frame *f = &t->frame;
    for (size_t i = 0; i < f->n; i++) {
        const char *level = t->strata[f->stratum[i]].levels[key];
        if (lus_number_parse(level, strlen(level), &out[i]) != LUS_NUMBER_OK) return false;
    }
    return true;
}

static int make_column(struct lus_tally *t, const struct lus_wanted *wanted, size_t key,
                       double *numbers, struct lus_frame_column *c, struct lus_error *err)
{
    bool may_be_number = wanted->as == LUS_WANTED_NUMBER ||
                         (wanted->as == LUS_WANTED_AS_IS && !t->is_ordered[key]);
    *c = (struct lus_frame_column){
        .name = t->keys[key], .label = t->labels[key], .is_ordered = t->is_ordered[key]};
    if (may_be_number && put_numbers(t, key, numbers)) {
        c->is_number = c->is_ordered = true, c->numbers = numbers;
        return LUS_OK;
    }
    if (wanted->as == LUS_WANTED_NUMBER)
        return lus_fail(err, LUS_EDATA, "%s: the levels of the key \"%s\" are no numbers", t->file,
                        t->keys[key]);
    return lus_frame_levels(t, key, c) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

static int make_frame(const struct lus_query *q, struct lus_tally *t, struct lus_error *err)
{
    struct lus_frame *f = &t->frame;
    for (size_t s = 0; s < t->n_strata; s++)
        if (t->strata[s].counts.late.n)
            return lus_fail(err, LUS_EUSAGE,
                            "%s: some enter late, and counts do not tell who of them leaves when; "
                            "give the files of rows",
                            t->file);
    if (list_people(t) != LUS_OK) return lus_fail_memory(err);
    struct lus_frame_column *columns = lus_arena_alloc(&t->memory->arena, q->n_wanted + 1,
                                                       sizeof *columns);
    f->numbers = lus_alloc(q->n_wanted * f->n, sizeof *f->numbers);
    if (!columns || !f->numbers) return lus_fail_memory(err);
    for (size_t i = 0; i < q->n_wanted; i++)
        LUS_TRY(make_column(t, &q->wanted[i], i, f->numbers + i * f->n, &columns[i], err));
    f->columns = columns, f->n_columns = q->n_wanted;
    return LUS_OK;
}

static int tabulate(void *context, size_t i)
{
    struct lus_tally *tally = context;
    return lus_stratum_tabulate(tally, &tally->strata[i]);
}

/* --- rules and counts of the rows that are left --- */

static int add_rules(const struct lus_tally *whole, const struct chosen *c, const double *left_out,
                     struct lus_tally *t)
{
    struct lus_arena *a = &t->memory->arena;
    bool failed = false;
    t->rules = lus_arena_alloc(a, whole->n_rules + c->n + 1, sizeof *t->rules);
    if (!t->rules) return LUS_ENOMEM;
    for (size_t i = 0; i < whole->n_rules; i++) {
        t->rules[t->n_rules] = whole->rules[i];
        t->rules[t->n_rules++].name = copy(a, whole->rules[i].name, &failed);
    }
    for (size_t i = 0; i < n_strict(c); i++) {
        const char *name = lus_arena_print(a, "missing %s", whole->keys[c->at[i]]);
        failed |= !name;
        t->rules[t->n_rules++] = (struct lus_rule){name, (uint64_t)llround(left_out[i]), true,
                                                   i < c->n_by};
    }
    return failed ? LUS_ENOMEM : LUS_OK;
}

static uint64_t weight_of(const struct lus_time_counts *c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += (uint64_t)c->at[i].weight;
    return n;
}

/* Of those who are left: where all are, what the whole says; else what the counts say, of which
 * event's text a person was only where a cause has one. */
static int count_rest(const struct lus_tally *whole, struct lus_tally *t)
{
    bool failed = false;
    if (t->n_analysed == whole->n_analysed)
        t->zero_times = whole->zero_times, t->late_entries = whole->late_entries;
    for (size_t s = 0; s < t->n_strata && t->n_analysed != whole->n_analysed && !t->has_weights;
         s++) {
        t->late_entries += weight_of(&t->strata[s].counts.late);
        for (size_t k = 0; k <= t->n_causes; k++) {
            const struct lus_time_counts *gone = &t->strata[s].counts.gone[k];
            if (gone->n && gone->at[0].time == 0) t->zero_times += (uint64_t)gone->at[0].weight;
        }
    }
    struct lus_event_text *texts = lus_arena_alloc(&t->memory->arena, whole->n_event_texts + 1,
                                                   sizeof *texts);
    if (!texts) return LUS_ENOMEM;
    bool is_known = t->n_analysed == whole->n_analysed || !t->has_weights;
    for (size_t i = 0; i < whole->n_event_texts && is_known; i++) {
        texts[i] = whole->event_texts[i];
        texts[i].text = copy(&t->memory->arena, whole->event_texts[i].text, &failed);
        if (t->n_analysed == whole->n_analysed) continue;
        for (size_t k = 0; k < whole->n_event_texts; k++)
            is_known &= k == i || whole->event_texts[k].cause != texts[i].cause;
        texts[i].n = 0;
        for (size_t s = 0; s < t->n_strata; s++)
            texts[i].n += weight_of(&t->strata[s].counts.gone[texts[i].cause]);
    }
    t->event_texts = texts;
    t->n_event_texts = is_known ? whole->n_event_texts : 0;
    return failed ? LUS_ENOMEM : LUS_OK;
}

int lus_tally_project(const struct lus_tally *whole, const struct lus_query *query,
                      struct lus_tally *out, struct lus_error *err)
{
    struct chosen c;
    double left_out[LUS_MOST_KEYS + 1] = {0};
    *out = (struct lus_tally){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    if (!out->memory) return lus_fail_memory(err);
    LUS_TRY(refuse(whole, query, err));
    LUS_TRY(choose(whole, query, &c, err));
    LUS_TRY(describe(whole, query, &c, out, err));
    const struct lus_stratum **list = lus_alloc(whole->n_strata, sizeof *list);
    int status = list ? LUS_OK : LUS_ENOMEM;
    size_t n = list ? list_strata(whole, &c, list, left_out) : 0;
    out->n_analysed = whole->n_analysed;
    for (size_t i = 0; i < c.n; i++)
        out->n_analysed -= (uint64_t)llround(left_out[i]);
    if (status == LUS_OK) status = add_strata(&c, list, n, out);
    if (status == LUS_OK && !query->keeps_people)
        status = lus_parallel(out->n_strata, out->n_threads, tabulate, out);
    if (status == LUS_OK) status = add_rules(whole, &c, left_out, out);
    if (status == LUS_OK) status = count_rest(whole, out);
    free(list);
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "%s: the weights add up to more than 9e9", whole->file);
    if (status != LUS_OK) return lus_fail_memory(err);
    if (out->n_analysed && query->keeps_people) return make_frame(query, out, err);
    if (!out->n_analysed)
        return lus_fail(err, LUS_EDATA, "%s: nobody is left: all lack one of the keys",
                        whole->file);
    return LUS_OK;
}
