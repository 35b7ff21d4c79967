#include "tally/bins.h"

#include <stdlib.h>

#include "tally/count.h"

enum { MOST_BINS = 256, FREE_ROWS = 4096 /* may need more than their pattern before anybody asks how many they are */ };

int lus_bins_init(struct lus_bins *bins, const struct lus_plan *plan)
{
    *bins = (struct lus_bins){0};
    LUS_TRY(lus_patterns_init(&bins->patterns, plan, &bins->are_open));
    bins->are_open = bins->are_open && !plan->missing_may_be_digits;
    return LUS_OK;
}

void lus_bins_free(struct lus_bins *bins)
{
    for (size_t i = 0; i < bins->bins.n; i++)
        lus_pages_free(bins->bins.at[i].counts, LUS_GRID_STEPS, sizeof *bins->bins.at[i].counts);
    LUS_ARRAY_FREE(&bins->bins);
    lus_patterns_free(&bins->patterns);
}

/* One batch on its way. */
struct taking {
    struct lus_counter *counter;
    const struct lus_plan *plan;
    const struct lus_grid *grid;
    const struct lus_batch *batch;
};

/* The bin of what a row turned out to be; MOST_BINS where there are too many. */
static int find_bin(struct lus_bins *bins, struct lus_bin what, size_t *out)
{
    for (*out = 0; *out < bins->bins.n; ++*out) {
        const struct lus_bin *bin = &bins->bins.at[*out];
        if (bin->status == what.status && (what.status != LUS_ROW_KEPT || (bin->group == what.group && bin->event == what.event))) return LUS_OK;
    }
    if (*out == MOST_BINS) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&bins->bins, 1));
    if (!(what.counts = lus_pages_alloc(LUS_GRID_STEPS, sizeof *what.counts))) return LUS_ENOMEM;
    bins->bins.at[bins->bins.n++] = what;
    return LUS_OK;
}

/* Enters the pattern of a row that was just taken by itself. What hangs on its time says nothing of other rows. */
static int learn(struct lus_counter *c, struct lus_pattern *place, const lus_word *key)
{
    const struct lus_people *p = &c->worker.people;
    size_t bin;
    if (p->status[0] == LUS_ROW_BAD || p->status[0] == LUS_ROW_NO_TIME) return LUS_OK;
    LUS_TRY(find_bin(&c->bins, (struct lus_bin){.status = p->status[0], .group = p->group[0], .event = p->event[0]}, &bin));
    if (bin < MOST_BINS) lus_pattern_enter(&c->bins.patterns, place, key, (struct lus_pattern){c->bins.bins.at[bin].counts, bin});
    return LUS_OK;
}

/* A row whose pattern is known, at any time. */
static int count_time(struct taking *t, const struct lus_bin *bin, lus_time time)
{
    struct lus_counter *c = t->counter;
    uint64_t step = (uint64_t)(time / t->grid->step);
    if (step < LUS_GRID_STEPS && (int64_t)step * t->grid->step == time) {
        bin->counts[step]++;
        return LUS_OK;
    }
    lus_worker_count_status(&c->worker, bin->status, 1);
    if (bin->status != LUS_ROW_KEPT) return LUS_OK;
    return lus_series_add(&c->series.at[(size_t)bin->group * LUS_N_SERIES + bin->event], t->grid, time, 1);
}

/* A row that is not to be had in one look: its pattern is new or not at its first place, a text is long, the time is no short row of digits. */
static __attribute__((noinline)) int take_slowly(struct taking *t, const uint32_t *at, struct lus_error *err)
{
    struct lus_counter *c = t->counter;
    const struct lus_fields *fields = t->batch->fields;
    const struct lus_slot *exit = &t->plan->slots.at[t->plan->exit];
    size_t row = (size_t)(at - fields->index.starts) / fields->stride;
    lus_word key[LUS_PATTERN_WORDS];
    lus_time time;
    if (lus_pattern_key(&c->bins.patterns, t->plan, fields, row, key) != LUS_OK) return lus_fail_memory(err);
    struct lus_pattern *pattern = lus_pattern_find(&c->bins.patterns, key);
    if (pattern->counts && lus_time_of_text(&c->worker, exit, lus_field_at(fields, exit->field, row), &time) == LUS_TIME_NUMBER && time >= 0)
        return count_time(t, &c->bins.bins.at[pattern->bin], time) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    c->bins.n_alone++;
    struct lus_fields one = *fields;
    one.index.starts += row * fields->stride;
    one.n = 1;
    struct lus_batch batch = *t->batch;
    batch.fields = &one;
    batch.first_row += row;
    LUS_TRY(lus_count_rows(c, t->plan, t->grid, &batch, err));
    if (pattern->counts) return LUS_OK;
    return learn(c, pattern, key) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

/* What is text in the four bytes in front of a separator, and the zeros to be taken from its digits, by the width of the field with
 * its separator. Of any other width no digits are left. */
static const struct {
    uint32_t text, zeros;
} digits_of_width[LUS_PATTERN_WIDEST + 2] = {
    {0, ~0U}, {0, ~0U}, {0xff000000, 0x30000000}, {0xffff0000, 0x30300000}, {0xffffff00, 0x30303000}, {0xffffffff, 0x30303030},
    {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U}, {0, ~0U},
};

static inline bool read_digits(const char *separator, uint32_t width, uint32_t *out)
{
    uint32_t word;
    memcpy(&word, separator - 4, sizeof word);
    word = (word & digits_of_width[width].text) ^ digits_of_width[width].zeros;
    if (((word + 0x76767676) | word) & 0x80808080) return false;
    word = word * 2561 >> 8 & 0x00ff00ff; /* pairs, then four */
    *out = word * 6553601 >> 16;
    return true;
}

static inline uint64_t side_of_number(struct taking *t, struct lus_sides *sides, const uint32_t *at, const char *text, uint32_t width)
{
    uint64_t word = lus_load_word(text)[0] & lus_number_masks[width];
    struct lus_side *recent = &sides->recent[word * 0x9e3779b97f4a7c15ULL >> 56];
    return __builtin_expect(recent->text == word, 1) ? recent->side : lus_side_find(sides, t->plan, t->batch->fields, at, word, recent);
}

struct staged {
    lus_word key[LUS_PATTERN_WORDS];
    const uint32_t *at;
    uint32_t place, time;
};
enum { STAGED = 16 };

/* The loop over the rows: n_texts is a constant to the compiler. No branch in it hangs on the data but those that are hardly ever taken. */
static inline __attribute__((always_inline)) int take_rows(struct taking *t, const size_t n_texts, const bool has_numbers, struct lus_error *err)
{
    struct lus_patterns *p = &t->counter->bins.patterns;
    const struct lus_fields *fields = t->batch->fields;
    const char *const bytes = fields->bytes;
    const size_t stride = fields->stride, n_words = n_texts + has_numbers, n_numbers = has_numbers ? p->n_numbers : 0;
    const uint32_t *at = fields->index.starts, *const end = at + fields->n * stride;
    const size_t exit = t->plan->slots.at[t->plan->exit].column;
    const lus_word *const table = p->table;
    size_t columns[LUS_PATTERN_TEXTS];
    for (size_t i = 0; i < n_texts; i++)
        columns[i] = p->columns[i];
    for (; at != end && *at < 4; at += stride) /* four bytes are looked at in front of any separator */
        LUS_TRY(take_slowly(t, at, err));
    while (at != end) {
        struct staged staged[STAGED];
        size_t n_staged = 0;
        const uint32_t *stop = (size_t)(end - at) > STAGED * stride ? at + STAGED * stride : end;
        for (; at != stop; at += stride) {
            uint32_t text[LUS_PATTERN_TEXTS], width[LUS_PATTERN_TEXTS], number[LUS_PATTERN_NUMBERS], number_width[LUS_PATTERN_NUMBERS];
            uint32_t exit_end = at[exit + 1], exit_width = exit_end - at[exit], widest = exit_width;
            struct staged *row = &staged[n_staged];
            for (size_t i = 0; i < n_texts; i++) {
                text[i] = at[columns[i]];
                widest |= width[i] = at[columns[i] + 1] - text[i];
            }
            for (size_t i = 0; i < n_numbers; i++) {
                number[i] = at[p->numbers[i].column];
                widest |= number_width[i] = at[p->numbers[i].column + 1] - number[i];
            }
            if (__builtin_expect(widest > LUS_PATTERN_WIDEST + 1 || !read_digits(bytes + exit_end - 1, exit_width, &row->time), 0)) {
                LUS_TRY(take_slowly(t, at, err));
                continue;
            }
            lus_word hash = {0, 0};
            uint64_t sides = 0;
            for (size_t i = 0; i < n_texts; i++) {
                row->key[i] = lus_load_word(bytes + text[i]) & lus_text_masks[width[i]];
                hash = lus_hash_add(hash, row->key[i]);
            }
            for (size_t i = 0; i < n_numbers; i++)
                sides = sides << 16 | side_of_number(t, &p->numbers[i], at, bytes + number[i], number_width[i]);
            if (has_numbers) hash = lus_hash_add(hash, row->key[n_texts] = lus_sides_word(sides));
            row->place = (uint32_t)lus_hash_index(hash, LUS_PATTERN_BITS);
            row->at = at;
            n_staged++;
        }
        for (const struct staged *row = staged; row != staged + n_staged; row++) {
            for (const lus_word *place = table + row->place * (n_words + 1);; place += n_words + 1) {
                uint64_t *counts = ((const struct lus_pattern *)(const void *)(place + n_words))->counts;
                lus_word difference = place[0] ^ row->key[0];
                for (size_t i = 1; i < n_words; i++)
                    difference |= place[i] ^ row->key[i];
                if (__builtin_expect(lus_word_is_zero(difference), 1)) {
                    counts[row->time]++;
                    break;
                }
                if (counts) continue;
                LUS_TRY(take_slowly(t, row->at, err));
                break;
            }
        }
    }
    return LUS_OK;
}

static int take_batch(struct taking *t, struct lus_error *err)
{
    bool has_numbers = t->counter->bins.patterns.n_numbers > 0;
    switch (t->counter->bins.patterns.n_texts) {
    case 1: return has_numbers ? take_rows(t, 1, true, err) : take_rows(t, 1, false, err);
    case 2: return has_numbers ? take_rows(t, 2, true, err) : take_rows(t, 2, false, err);
    case 3: return has_numbers ? take_rows(t, 3, true, err) : take_rows(t, 3, false, err);
    case 4: return has_numbers ? take_rows(t, 4, true, err) : take_rows(t, 4, false, err);
    case 5: return has_numbers ? take_rows(t, 5, true, err) : take_rows(t, 5, false, err);
    default: return has_numbers ? take_rows(t, 6, true, err) : take_rows(t, 6, false, err);
    }
}

int lus_bins_take(struct lus_counter *c, const struct lus_plan *plan, const struct lus_grid *grid, const struct lus_batch *batch, struct lus_error *err)
{
    struct taking t = {c, plan, grid, batch};
    struct lus_bins *bins = &c->bins;
    LUS_TRY(take_batch(&t, err));
    bins->n_rows += batch->fields->n;
    bins->are_open = bins->n_alone <= FREE_ROWS + bins->n_rows / 16;
    return LUS_OK;
}

int lus_bins_pour(struct lus_counter *c, const struct lus_grid *grid)
{
    for (size_t i = 0; i < c->bins.bins.n; i++) {
        const struct lus_bin *bin = &c->bins.bins.at[i];
        struct lus_series *series = &c->series.at[(size_t)bin->group * LUS_N_SERIES + bin->event];
        uint64_t n = 0;
        for (size_t step = 0; step < LUS_GRID_STEPS; step++) {
            uint64_t here = bin->counts[step];
            n += here;
            if (here && bin->status == LUS_ROW_KEPT) LUS_TRY(lus_series_add(series, grid, (int64_t)step * grid->step, (int64_t)here));
        }
        lus_worker_count_status(&c->worker, bin->status, n);
        if (bin->status == LUS_ROW_KEPT) c->worker.seen.zero_times += bin->counts[0];
    }
    return LUS_OK;
}
