#include "people/fast/fast.h"

#include <stdlib.h>

#include "support/number.h"

enum {
    MOST_BINS = 256,
    FREE_ROWS = 4096 /* may need more than their pattern before anybody asks how many they are */
};

int lus_fast_init(struct lus_fast *fast, const struct lus_plan *plan)
{
    *fast = (struct lus_fast){0};
    return lus_patterns_init(&fast->patterns, plan, &fast->is_open);
}

void lus_fast_free(struct lus_fast *fast)
{
    for (size_t i = 0; i < fast->bins.n; i++)
        lus_pages_free(fast->bins.at[i].counts, LUS_GRID_STEPS, sizeof *fast->bins.at[i].counts);
    LUS_ARRAY_FREE(&fast->bins);
    lus_patterns_free(&fast->patterns);
}

/* One batch on its way. */
struct taking {
    struct lus_fast *fast;
    struct lus_intake *in;
    struct lus_group_series *series;
    const struct lus_plan *plan;
    const struct lus_batch *batch;
    lus_time longest;
    uint32_t n_steps; /* of the grid, below the longest time */
};

static size_t row_of(const struct taking *t, const uint32_t *at)
{
    return (size_t)(at - t->batch->fields->index.starts) / t->batch->fields->stride;
}

/* The bin of what a row turned out to be; MOST_BINS where there are too many. */
static int find_bin(struct lus_fast *fast, struct lus_bin what, size_t *out)
{
    for (*out = 0; *out < fast->bins.n; ++*out) {
        const struct lus_bin *bin = &fast->bins.at[*out];
        if (bin->status == what.status && bin->level == what.level && bin->event == what.event &&
            (what.status != LUS_ROW_KEPT || bin->group == what.group))
            return LUS_OK;
    }
    if (*out == MOST_BINS) return LUS_OK;
    LUS_TRY(LUS_ARRAY_RESERVE(&fast->bins, 1));
    if (!(what.counts = lus_pages_alloc(LUS_GRID_STEPS, sizeof *what.counts))) return LUS_ENOMEM;
    fast->bins.at[fast->bins.n++] = what;
    return LUS_OK;
}

/* Enters the pattern of a row that was just taken by itself. What hangs on its time says nothing of
 * other rows. */
static int learn(struct taking *t, struct lus_pattern *place, const lus_word *key)
{
    const struct lus_people *p = &t->in->people;
    size_t bin;
    if (p->status[0] == LUS_ROW_BAD || p->status[0] == LUS_ROW_NO_TIME) return LUS_OK;
    LUS_TRY(find_bin(t->fast,
                     (struct lus_bin){.status = p->status[0],
                                      .group = p->group[0],
                                      .level = lus_event_level(t->in, 0),
                                      .event = p->event[0]},
                     &bin));
    if (bin < MOST_BINS)
        lus_pattern_enter(&t->fast->patterns, place, key,
                          (struct lus_pattern){t->fast->bins.at[bin].counts, bin});
    return LUS_OK;
}

/* A row that is worked out by itself, from its columns. */
static int take_alone(struct taking *t, const uint32_t *at, struct lus_error *err)
{
    struct lus_fields one = *t->batch->fields;
    struct lus_batch batch = *t->batch;
    one.index.starts = (uint32_t *)(uintptr_t)at;
    one.n = 1;
    batch.fields = &one;
    batch.first_row += row_of(t, at);
    LUS_TRY(lus_intake_take(t->in, &batch, err));
    lus_intake_count_batch(t->in);
    return lus_group_series_add_batch(t->series, t->in) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

/* A time is missing: with the event or without, where that is known. */
static void count_no_time(struct taking *t, const struct lus_bin *bin)
{
    int cause = lus_cause_of_code(&t->in->events, bin->level);
    if (cause >= 0) t->in->selection.seen.no_time[lus_is_event(t->plan, (uint8_t)cause)]++;
}

/* A row whose pattern is known, at a time that is not negative. */
static int count_time(struct taking *t, const struct lus_bin *bin, lus_time time)
{
    uint64_t step = lus_grid_step(&t->series->grid, time);
    if (step < LUS_GRID_STEPS && (int64_t)step * t->series->grid.step == time) {
        bin->counts[step]++;
        t->fast->any_step |= (uint32_t)step;
        return LUS_OK;
    }
    lus_selection_count(&t->in->selection, bin->status, 1);
    if (bin->status != LUS_ROW_KEPT) return LUS_OK;
    t->in->events.kept[bin->level]++;
    return lus_group_series_add(t->series, bin->group, bin->event, time, 1);
}

/* A time that is missing, quoted, negative, very long or no time at all. */
static int take_odd_time(struct taking *t, const uint32_t *at, const struct lus_bin *bin,
                         struct lus_error *err)
{
    struct lus_intake *in = t->in;
    const struct lus_slot *exit = &t->plan->slots.at[t->plan->exit];
    struct lus_text text = lus_field_at(t->batch->fields, exit->field, row_of(t, at));
    uint64_t digits;
    lus_time time;
    if (lus_digits_parse(text.p, text.n, &digits) && digits < t->n_steps) {
        bin->counts[digits]++;
        t->fast->any_step |= (uint32_t)digits;
        return LUS_OK;
    }
    switch (lus_time_of_text(&in->selection.seen, &in->values.columns[t->plan->exit].doubt, exit,
                             text, &time)) {
    case LUS_TIME_MISSING: /* the first reason for leaving out, but for where */
        if (bin->status == LUS_ROW_WHERE) lus_selection_count(&in->selection, LUS_ROW_WHERE, 1);
        else lus_selection_count(&in->selection, LUS_ROW_NO_TIME, 1), count_no_time(t, bin);
        return LUS_OK;
    case LUS_TIME_NUMBER:
        if (time >= 0 && time <= t->longest)
            return count_time(t, bin, time) == LUS_OK ? LUS_OK : lus_fail_memory(err);
        break;
    default: break;
    }
    return take_alone(t, at, err);
}

/* A row whose pattern is known and whose time is anything but a short row of digits; most often a
 * decimal number. */
static __attribute__((noinline)) int take_time(struct taking *t, const uint32_t *at,
                                               const struct lus_pattern *pattern,
                                               struct lus_error *err)
{
    const struct lus_bin *bin = &t->fast->bins.at[pattern->bin];
    const uint32_t *exit = at + t->plan->slots.at[t->plan->exit].column;
    lus_time time;
    bool is_decimal = lus_decimal_parse(t->batch->fields->bytes + exit[0], exit[1] - exit[0] - 1,
                                        &time);
    if (!is_decimal || __builtin_mul_overflow(time, t->series->grid.step / 1000000000, &time) ||
        time > t->longest)
        return take_odd_time(t, at, bin, err);
    return count_time(t, bin, time) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

/* A row whose pattern is not found at one look: it is new, or a field is long. */
static __attribute__((noinline)) int take_slowly(struct taking *t, const uint32_t *at,
                                                 struct lus_error *err)
{
    struct lus_patterns *p = &t->fast->patterns;
    lus_word key[LUS_PATTERN_WORDS];
    t->fast->n_slow++;
    if (lus_pattern_key(p, t->batch->fields, row_of(t, at), key) != LUS_OK)
        return lus_fail_memory(err);
    struct lus_pattern *place = lus_pattern_find(p, key);
    if (place->counts) return take_time(t, at, place, err);
    LUS_TRY(take_alone(t, at, err));
    return learn(t, place, key) == LUS_OK ? LUS_OK : lus_fail_memory(err);
}

/* What is text in the four bytes in front of a separator, and the zeros to be taken from its
 * digits, by the width of the field with its separator. Of any other width no digits are left. */
#define NONE4                     \
    {0, ~0U}, {0, ~0U}, {0, ~0U}, \
    {                             \
        0, ~0U                    \
    }
static const struct {
    uint32_t text, zeros;
} digits_of_width[LUS_PATTERN_WIDE + 1] = {{0, ~0U},
                                           {0, ~0U},
                                           {0xff000000, 0x30000000},
                                           {0xffff0000, 0x30300000},
                                           {0xffffff00, 0x30303000},
                                           {0xffffffff, 0x30303030},
                                           {0, ~0U},
                                           {0, ~0U},
                                           NONE4,
                                           NONE4,
                                           NONE4,
                                           NONE4,
                                           NONE4,
                                           NONE4};

enum { NO_DIGITS = UINT32_MAX };

static inline uint32_t read_digits(const char *separator, uint32_t width)
{
    uint32_t word;
    memcpy(&word, separator - 4, sizeof word);
    word = (word & digits_of_width[width].text) ^ digits_of_width[width].zeros;
    if (__builtin_expect((((word + 0x76767676) | word) & 0x80808080) != 0, 0)) return NO_DIGITS;
    word = word * 2561 >> 8 & 0x00ff00ff; /* pairs, then four */
    return word * 6553601 >> 16;
}

static inline uint64_t side_of_number(struct taking *t, struct lus_sides *sides, const uint32_t *at,
                                      const char *text, uint32_t width)
{
    uint64_t word = lus_load_word(text)[0] & lus_number_masks[width];
    struct lus_side *recent = &sides->recent[word * 0x9e3779b97f4a7c15ULL >> (64 - LUS_SIDES_BITS)];
    return __builtin_expect(recent->text == word, 1)
               ? recent->side
               : lus_side_find(sides, t->batch->fields, at, word, recent);
}

/* Rows on their way from the bytes to their patterns: their keys one behind the other. */
enum { STAGED = 16 };
struct staged {
    lus_word keys[STAGED * LUS_PATTERN_WORDS];
    const uint32_t *at[STAGED];
    uint32_t place[STAGED], step[STAGED]; /* by hash; of time, or NO_DIGITS */
};

/* The shape of a key, constants to the compiler. */
struct shape {
    size_t n_texts, n_halves, n_words;
    bool has_numbers;
};

/* What the loop looks at for every row, by value. */
struct view {
    const char *bytes;
    const lus_word *table;
    size_t exit, texts[LUS_PATTERN_TEXTS]; /* columns */
    uint32_t n_steps;
};

/* The field of a column: where it begins, and its width with the separator behind it. */
struct field {
    uint32_t at, width;
};

static inline struct field field_of(const uint32_t *row, size_t column)
{
    uint64_t both; /* its start and the next one's */
    memcpy(&both, row + column, sizeof both);
    return (struct field){(uint32_t)both, (uint32_t)(both >> 32) - (uint32_t)both};
}

/* The key of row i, where it is looked for and its time; false where a field is too long. */
static inline __attribute__((always_inline)) bool stage_row(struct taking *t,
                                                            const struct shape shape,
                                                            const struct view view,
                                                            const uint32_t *at, struct staged *out,
                                                            size_t i)
{
    struct lus_patterns *p = &t->fast->patterns;
    const size_t n_numbers = shape.has_numbers ? p->n_numbers : 0;
    struct field exit = field_of(at, view.exit), text[LUS_PATTERN_TEXTS],
                 number[LUS_PATTERN_NUMBERS];
    /* or a little more: the limits are powers of two, less one */
    uint32_t widest = exit.width, widest_text = 0;
    for (size_t c = 0; c < shape.n_texts; c++) {
        text[c] = field_of(at, view.texts[c]);
        widest_text |= text[c].width;
    }
    for (size_t c = 0; c < n_numbers; c++) {
        number[c] = field_of(at, p->numbers[c].column);
        widest |= number[c].width;
    }
    const uint32_t text_limit = shape.n_halves == 1 ? LUS_PATTERN_NARROW : LUS_PATTERN_WIDE;
    if (__builtin_expect(
            ((widest & ~(uint32_t)LUS_PATTERN_WIDE) | (widest_text & ~text_limit)) != 0, 0))
        return false;
    lus_word hash = {0, 0}, *key = out->keys + i * shape.n_words;
    for (size_t c = 0; c < shape.n_texts; c++) {
        *key = lus_load_word(view.bytes + text[c].at) & lus_text_masks[text[c].width][0];
        hash = lus_hash_add(hash, *key++);
        if (shape.n_halves == 1) continue;
        *key = lus_load_word(view.bytes + text[c].at + sizeof *key) &
               lus_text_masks[text[c].width][1];
        hash = lus_hash_add_half(hash, *key++);
    }
    uint64_t sides = 0;
    for (size_t c = 0; c < n_numbers; c++)
        sides = sides << 16 |
                side_of_number(t, &p->numbers[c], at, view.bytes + number[c].at, number[c].width);
    if (shape.has_numbers) hash = lus_hash_add(hash, *key = lus_sides_word(sides));
    out->at[i] = at;
    out->place[i] = (uint32_t)lus_hash_index(hash, LUS_PATTERN_BITS);
    out->step[i] = read_digits(view.bytes + exit.at + exit.width - 1, exit.width);
    return true;
}

/* Counts staged row i. */
static inline __attribute__((always_inline)) int count_row(
    struct taking *t, const struct shape shape, const struct view view, const struct staged *staged,
    size_t i, uint32_t *any_step, struct lus_error *err)
{
    const lus_word *key = staged->keys + i * shape.n_words;
    for (const lus_word *place = view.table + staged->place[i] * (shape.n_words + 1);;
         place += shape.n_words + 1) {
        const struct lus_pattern *pattern =
            (const struct lus_pattern *)(const void *)(place + shape.n_words);
        lus_word difference = place[0] ^ key[0];
        for (size_t c = 1; c < shape.n_words; c++)
            difference |= place[c] ^ key[c];
        if (__builtin_expect(lus_word_is_zero(difference), 1)) {
            if (__builtin_expect(staged->step[i] >= view.n_steps, 0))
                return take_time(t, staged->at[i], pattern, err);
            pattern->counts[staged->step[i]]++;
            *any_step |= staged->step[i];
            return LUS_OK;
        }
        if (!pattern->counts) return take_slowly(t, staged->at[i], err);
    }
}

static inline __attribute__((always_inline)) int count_rows(
    struct taking *t, const struct shape shape, const struct view view, const struct staged *staged,
    size_t n, uint32_t *any_step, struct lus_error *err)
{
    for (size_t i = 0; i < n; i++)
        LUS_TRY(count_row(t, shape, view, staged, i, any_step, err));
    return LUS_OK;
}

/* The loop over the rows. A key, its hash and its place hang on each other, so the keys of several
 * rows are made before the table is asked for the first. No branch hangs on the data but those that
 * are hardly ever taken. */
static inline __attribute__((always_inline)) int take_rows(struct taking *t,
                                                           const struct shape shape,
                                                           struct lus_error *err)
{
    const struct lus_fields *fields = t->batch->fields;
    const size_t stride = fields->stride;
    const uint32_t *at = fields->index.starts, *const end = at + fields->n * stride;
    struct view view = {.bytes = fields->bytes,
                        .table = t->fast->patterns.table,
                        .exit = t->plan->slots.at[t->plan->exit].column,
                        .n_steps = t->n_steps};
    struct staged staged;
    uint32_t any_step = 0;
    memcpy(view.texts, t->fast->patterns.columns, sizeof view.texts);
    /* four bytes are looked at in front of any separator */
    for (; at != end && *at < 4; at += stride)
        LUS_TRY(take_slowly(t, at, err));
    while (at != end) {
        const uint32_t *stop = (size_t)(end - at) > STAGED * stride ? at + STAGED * stride : end;
        size_t n = 0;
        for (; at != stop; at += stride) {
            if (__builtin_expect(stage_row(t, shape, view, at, &staged, n), 1)) {
                n++;
                continue;
            }
            /* in the order of the file, which an error is told by */
            LUS_TRY(count_rows(t, shape, view, &staged, n, &any_step, err));
            n = 0;
            LUS_TRY(take_slowly(t, at, err));
        }
        LUS_TRY(count_rows(t, shape, view, &staged, n, &any_step, err));
    }
    t->fast->any_step |= any_step;
    return LUS_OK;
}

typedef int (*take_fn)(struct taking *t, struct lus_error *err);
#define TAKE(n, halves, numbers)                                                        \
    static int take_##n##_##halves##_##numbers(struct taking *t, struct lus_error *err) \
    {                                                                                   \
        return take_rows(t,                                                             \
                         (struct shape){.n_texts = n,                                   \
                                        .n_halves = halves,                             \
                                        .n_words = n * halves + numbers,                \
                                        .has_numbers = numbers},                        \
                         err);                                                          \
    }
#define TAKE_ALL(n) TAKE(n, 1, 0) TAKE(n, 1, 1) TAKE(n, 2, 0) TAKE(n, 2, 1)
TAKE_ALL(1)
TAKE_ALL(2)
TAKE_ALL(3)
TAKE_ALL(4)
TAKE_ALL(5)
TAKE_ALL(6)
#define TAKERS(n)                          \
    {                                      \
        {take_##n##_1_0, take_##n##_1_1},  \
        {                                  \
            take_##n##_2_0, take_##n##_2_1 \
        }                                  \
    }
static const take_fn takers[LUS_PATTERN_TEXTS][2][2] = {TAKERS(1), TAKERS(2), TAKERS(3),
                                                        TAKERS(4), TAKERS(5), TAKERS(6)};

int lus_fast_take(struct lus_fast *fast, struct lus_intake *in, struct lus_group_series *series,
                  const struct lus_batch *batch, struct lus_error *err)
{
    struct taking t = {.fast = fast,
                       .in = in,
                       .series = series,
                       .plan = in->values.plan,
                       .batch = batch,
                       .longest = LUS_LONGEST_YEARS * lus_unit_ticks(LUS_YEARS)};
    uint64_t below = (uint64_t)(t.longest / series->grid.step) + 1;
    t.n_steps = below < LUS_GRID_STEPS ? (uint32_t)below : LUS_GRID_STEPS;
    struct lus_patterns *p = &fast->patterns;
    LUS_TRY(takers[p->n_texts - 1][p->n_halves - 1][p->n_numbers > 0](&t, err));
    fast->n_rows += batch->fields->n;
    if (p->wants_width) {
        fast->n_rows = fast->n_slow = 0;
        return lus_patterns_widen(p) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    }
    fast->is_open = fast->n_slow <= FREE_ROWS + fast->n_rows / 16;
    return LUS_OK;
}

int lus_fast_pour(struct lus_fast *fast, struct lus_intake *in, struct lus_group_series *series)
{
    for (size_t i = 0; i < fast->patterns.n_numbers; i++) {
        const struct lus_sides *sides = &fast->patterns.numbers[i];
        size_t slot = (size_t)(sides->slot - in->values.plan->slots.at);
        lus_cell_doubt_add(&in->values.columns[slot].doubt, &sides->doubt);
    }
    for (size_t i = 0; i < fast->bins.n; i++) {
        const struct lus_bin *bin = &fast->bins.at[i];
        bool is_kept = bin->status == LUS_ROW_KEPT; /* else it has no group */
        uint64_t n = 0;
        for (size_t step = 0; step <= fast->any_step; step++) {
            uint64_t here = bin->counts[step];
            n += here;
            if (!here || !is_kept) continue;
            LUS_TRY(lus_group_series_add(series, bin->group, bin->event,
                                         (int64_t)step * series->grid.step, (int64_t)here));
        }
        lus_selection_count(&in->selection, bin->status, n);
        if (!is_kept || !n) continue;
        in->selection.seen.zero_times += bin->counts[0];
        in->events.kept[bin->level] += n;
    }
    return LUS_OK;
}
