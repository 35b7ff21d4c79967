/* Texts to typed columns, one loop for each column. */
#include <math.h>
#include <stdlib.h>

#include "people/columns.h"
#include "support/calendar.h"
#include "support/number.h"

enum { N_SHORTS = 128 }; /* recent short labels; a column of a few levels never leaves it */

static int fail_label(struct lus_values *v, const struct lus_slot *slot, size_t row,
                      const char *what, struct lus_error *err)
{
    v->failed_row = row;
    return lus_fail(err, LUS_EDATA, "%s:%llu: %s: %s", v->batch->file,
                    (unsigned long long)lus_batch_line(v->batch, row),
                    v->plan->header->names[slot->column], what);
}

static int label_code(struct lus_values *v, struct lus_column *column, const struct lus_slot *slot,
                      size_t row, struct lus_text text, uint32_t *code, struct lus_error *err)
{
    size_t before = column->dictionary.texts.n;
    if (lus_dictionary_code(&column->dictionary, text, code) != LUS_OK) return lus_fail_memory(err);
    if (column->dictionary.texts.n == before) return LUS_OK;
    if (memchr(text.p, 0, text.n))
        return fail_label(v, slot, row, "a NUL byte; a text file is wanted", err);
    if (lus_utf8_bad(text.p, text.n) < text.n)
        return fail_label(
            v, slot, row,
            "not UTF-8; `encoding: windows-1252` in a recipe, or --encoding, says what it is", err);
    return LUS_OK;
}

static inline uint64_t load64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

/* A label of up to sixteen bytes is its first eight, its last eight and its length; without a
 * branch on the length, which would be guessed wrong where labels differ in it. */
static inline void put_short(struct lus_text text, struct lus_short_label *out)
{
    static const uint64_t masks[9] = {0,          0xff,         0xffff,         0xffffff,
                                      0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
                                      ~0ULL};
    size_t behind = text.n > 8 ? text.n - 8 : 0;
    out->head = load64(text.p) & masks[text.n - behind];
    out->tail = load64(text.p + behind) & (behind ? ~0ULL : 0);
    out->n = (uint32_t)text.n;
}

/* The code of the text on a row whose recent label is another. */
static int replace_recent(struct lus_values *v, struct lus_column *column,
                          const struct lus_slot *slot, size_t row, struct lus_text text,
                          struct lus_short_label *recent, struct lus_short_label label,
                          struct lus_error *err)
{
    LUS_TRY(label_code(v, column, slot, row, text, &label.code, err));
    *recent = label;
    return LUS_OK;
}

static inline __attribute__((always_inline)) int labels_loop(
    struct lus_values *v, struct lus_column *column, const struct lus_slot *slot,
    struct lus_text (*field_at)(const struct lus_fields *, size_t, size_t), struct lus_error *err)
{
    const struct lus_fields *fields = v->batch->fields;
    uint32_t *codes = column->codes;
    for (size_t i = 0; i < fields->n; i++) {
        struct lus_text text = field_at(fields, slot->field, i);
        struct lus_short_label label;
        if (text.n == 1) { /* 0 and 1, F and M: the byte itself tells */
            uint32_t *code = &column->of_byte[(unsigned char)*text.p];
            if (*code == UINT32_MAX) LUS_TRY(label_code(v, column, slot, i, text, code, err));
            codes[i] = *code;
            continue;
        }
        if (text.n > 16) {
            LUS_TRY(label_code(v, column, slot, i, text, &codes[i], err));
            continue;
        }
        put_short(text, &label);
        struct lus_short_label *recent =
            &column->shorts[((label.head ^ label.tail) * 0x9e3779b97f4a7c15ULL + label.n) >> 57];
        if (((recent->head ^ label.head) | (recent->tail ^ label.tail) | (recent->n ^ label.n)) !=
            0)
            LUS_TRY(replace_recent(v, column, slot, i, text, recent, label, err));
        codes[i] = recent->code;
    }
    return LUS_OK;
}

static int convert_labels(struct lus_values *v, struct lus_column *column,
                          const struct lus_slot *slot, struct lus_error *err)
{
    const struct lus_fields *fields = v->batch->fields;
    if (lus_fields_are_bare(fields)) return labels_loop(v, column, slot, lus_bare_field_at, err);
    if (fields->is_indexed) return labels_loop(v, column, slot, lus_field_at, err);
    for (size_t i = 0; i < fields->n; i++)
        LUS_TRY(label_code(v, column, slot, i, lus_field_at(fields, slot->field, i),
                           &column->codes[i], err));
    return LUS_OK;
}

static inline __attribute__((always_inline)) void numbers_loop(
    const struct lus_values *v, double *numbers, struct lus_cell_doubt *doubt,
    const struct lus_slot *slot,
    struct lus_text (*field_at)(const struct lus_fields *, size_t, size_t))
{
    const struct lus_fields *fields = v->batch->fields;
    bool may_be_quick = fields->is_indexed && slot->is_quick;
    uint64_t most = 0;
    for (size_t i = 0; i < fields->n; i++) {
        struct lus_text text = field_at(fields, slot->field, i);
        uint64_t digits;
        if (may_be_quick && lus_digits_parse(text.p, text.n, &digits)) {
            numbers[i] = (double)digits;
            most = digits > most ? digits : most;
        } else {
            numbers[i] = lus_number_of_text(slot, doubt, text);
        }
    }
    doubt->largest = fmax(doubt->largest, (double)most);
}

static void convert_numbers(struct lus_values *v, struct lus_column *column,
                            const struct lus_slot *slot)
{
    if (lus_fields_are_bare(v->batch->fields))
        numbers_loop(v, column->numbers, &column->doubt, slot, lus_bare_field_at);
    else numbers_loop(v, column->numbers, &column->doubt, slot, lus_field_at);
}

static inline __attribute__((always_inline)) void times_loop(
    struct lus_values *v, struct lus_column *column, const struct lus_slot *slot, bool may_be_quick,
    struct lus_text (*field_at)(const struct lus_fields *, size_t, size_t))
{
    const struct lus_fields *fields = v->batch->fields;
    int64_t ticks = lus_unit_ticks(slot->unit);
    lus_time *times = column->times;
    uint8_t *kinds = column->kinds;
    bool all_numbers = true;
    for (size_t i = 0; i < fields->n; i++) {
        struct lus_text text = field_at(fields, slot->field, i);
        uint64_t digits;
        /* below 1e6 units no product with ticks overflows */
        if (may_be_quick && lus_digits_parse(text.p, text.n, &digits) && digits < 1000000) {
            times[i] = (int64_t)digits * ticks;
            kinds[i] = LUS_TIME_NUMBER;
            continue;
        }
        kinds[i] = lus_time_of_text(v->seen, &column->doubt, slot, text, &times[i]);
        all_numbers &= kinds[i] == LUS_TIME_NUMBER;
    }
    column->all_numbers = all_numbers;
}

static void convert_times(struct lus_values *v, struct lus_column *column,
                          const struct lus_slot *slot)
{
    const struct lus_fields *fields = v->batch->fields;
    bool may_be_quick = fields->is_indexed && slot->is_quick;
    if (lus_fields_are_bare(fields)) times_loop(v, column, slot, may_be_quick, lus_bare_field_at);
    else times_loop(v, column, slot, may_be_quick, lus_field_at);
}

static void convert_weights(struct lus_values *v, struct lus_column *column,
                            const struct lus_slot *slot)
{
    for (size_t i = 0; i < v->batch->fields->n; i++) {
        struct lus_text text = lus_field_at(v->batch->fields, slot->field, i);
        column->kinds[i] = lus_weight_of_text(&column->doubt, slot, text, &column->times[i]);
    }
}

/* Room for n of a size; what is there stays where no more can be had. */
static int grow(void *at, size_t n, size_t size)
{
    void *old, *grown;
    memcpy(&old, at, sizeof old);
    if (!(grown = lus_realloc(old, n, size))) return LUS_ENOMEM;
    memcpy(at, &grown, sizeof grown);
    return LUS_OK;
}

/* Recent labels, and codes of labels of one byte. */
static int make_shorts(struct lus_column *column)
{
    if (!column->shorts) column->shorts = lus_alloc_zeroed(N_SHORTS, sizeof *column->shorts);
    if (!column->of_byte) column->of_byte = lus_alloc(256, sizeof *column->of_byte);
    if (!column->shorts || !column->of_byte) return LUS_ENOMEM;
    for (size_t i = 0; i < N_SHORTS; i++)
        column->shorts[i].n = UINT32_MAX; /* no text is that long */
    memset(column->of_byte, 0xff, 256 * sizeof *column->of_byte);
    return LUS_OK;
}

static int reserve(struct lus_column *column, enum lus_slot_kind kind, size_t n)
{
    if (column->room >= n) return LUS_OK;
    size_t room = n + n / 2;
    switch (kind) {
    case LUS_SLOT_LABEL:
        LUS_TRY(grow(&column->codes, room, sizeof *column->codes));
        if (!column->shorts || !column->of_byte) LUS_TRY(make_shorts(column));
        break;
    case LUS_SLOT_NUMBER: LUS_TRY(grow(&column->numbers, room, sizeof *column->numbers)); break;
    case LUS_SLOT_TIME:
    case LUS_SLOT_WEIGHT:
        LUS_TRY(grow(&column->times, room, sizeof *column->times));
        LUS_TRY(grow(&column->kinds, room, sizeof *column->kinds));
        break;
    case LUS_SLOT_TEXT: break;
    }
    column->room = room;
    return LUS_OK;
}

/* A label of slot i cannot be read; an earlier row of a later column may have one too, and the
 * first row is told. */
static int fail_first(struct lus_values *v, size_t i, struct lus_error *err)
{
    const struct lus_batch *whole = v->batch;
    struct lus_fields fields = *whole->fields;
    struct lus_batch batch = *whole;
    batch.fields = &fields;
    v->batch = &batch;
    for (i++; i < v->plan->slots.n; i++) {
        struct lus_error inner = LUS_ERROR_INIT;
        fields.n = v->failed_row;
        if (v->plan->slots.at[i].kind != LUS_SLOT_LABEL ||
            reserve(&v->columns[i], LUS_SLOT_LABEL, fields.n) != LUS_OK)
            continue;
        if (convert_labels(v, &v->columns[i], &v->plan->slots.at[i], &inner) != LUS_OK)
            *err = inner;
    }
    v->batch = whole;
    return err->status;
}

/* What is missing in a slot is taken from the one that serves then. */
static int fill(struct lus_values *v, size_t slot, struct lus_error *err)
{
    struct lus_column *column = &v->columns[slot];
    size_t from = v->plan->slots.at[slot].otherwise;
    const struct lus_column *other = &v->columns[from];
    enum lus_slot_kind kind = v->plan->slots.at[slot].kind;
    for (size_t i = 0; i < v->batch->fields->n; i++) {
        if (kind == LUS_SLOT_NUMBER) {
            bool is_missing = isnan(column->numbers[i]) && !lus_is_bad_number(column->numbers[i]);
            if (is_missing) column->numbers[i] = other->numbers[i];
        } else if (kind == LUS_SLOT_TIME) {
            if (column->kinds[i] != LUS_TIME_MISSING) continue;
            column->kinds[i] = other->kinds[i];
            column->times[i] = other->times[i];
        } else if (column->codes[i] == LUS_MISSING_CODE && other->codes[i] != LUS_MISSING_CODE) {
            struct lus_text text = lus_field_at(v->batch->fields, v->plan->slots.at[from].field, i);
            LUS_TRY(
                label_code(v, column, &v->plan->slots.at[from], i, text, &column->codes[i], err));
        }
    }
    if (kind == LUS_SLOT_TIME) column->all_numbers = false;
    return LUS_OK;
}

int lus_values_take(struct lus_values *v, const struct lus_batch *batch, struct lus_error *err)
{
    v->batch = batch;
    for (size_t i = 0; i < v->plan->slots.n; i++) {
        const struct lus_slot *slot = &v->plan->slots.at[i];
        struct lus_column *column = &v->columns[i];
        if (reserve(column, slot->kind, v->batch->fields->n) != LUS_OK) return lus_fail_memory(err);
        switch (slot->kind) {
        case LUS_SLOT_LABEL:
            if (convert_labels(v, column, slot, err) != LUS_OK) return fail_first(v, i, err);
            break;
        case LUS_SLOT_NUMBER: convert_numbers(v, column, slot); break;
        case LUS_SLOT_TIME: convert_times(v, column, slot); break;
        case LUS_SLOT_WEIGHT: convert_weights(v, column, slot); break;
        case LUS_SLOT_TEXT: break;
        }
    }
    /* the last that serves is bound last: from there on, each is whole when it is asked for */
    for (size_t i = v->plan->slots.n; i-- > 0;)
        if (v->plan->slots.at[i].otherwise != LUS_NO_SLOT) LUS_TRY(fill(v, i, err));
    return LUS_OK;
}

int lus_values_init(struct lus_values *v, const struct lus_plan *plan, struct lus_seen *seen,
                    struct lus_error *err)
{
    *v = (struct lus_values){.plan = plan, .seen = seen};
    v->columns = lus_alloc_zeroed(plan->slots.n, sizeof *v->columns);
    v->levels = lus_alloc_zeroed(plan->recipe.n_factors, sizeof *v->levels);
    if (!v->columns || !v->levels) return lus_fail_memory(err);
    for (size_t i = 0; i < plan->slots.n; i++)
        if (plan->slots.at[i].kind == LUS_SLOT_LABEL &&
            lus_dictionary_init(&v->columns[i].dictionary, plan->slots.at[i].missing->words,
                                plan->slots.at[i].missing->n) != LUS_OK)
            return lus_fail_memory(err);
    return LUS_OK;
}

void lus_values_free(struct lus_values *v)
{
    for (size_t i = 0; v->columns && i < v->plan->slots.n; i++) {
        struct lus_column *c = &v->columns[i];
        free(c->codes), free(c->numbers), free(c->times), free(c->kinds);
        free(c->shorts), free(c->of_byte);
        lus_dictionary_free(&c->dictionary);
    }
    for (size_t i = 0; v->levels && i < v->plan->recipe.n_factors; i++)
        free(v->levels[i].codes), free(v->levels[i].masks), free(v->levels[i].unknown);
    free(v->columns), free(v->levels);
    *v = (struct lus_values){0};
}

size_t lus_slot_of(const struct lus_plan *plan, const char *column, enum lus_slot_kind kind)
{
    for (size_t i = 0; i < plan->slots.n; i++)
        if (plan->slots.at[i].kind == kind && strcmp(lus_slot_name(plan, i), column) == 0) return i;
    return LUS_NO_SLOT;
}

const uint32_t *lus_codes_of(const struct lus_values *v, const struct lus_operand *operand)
{
    if (!operand->is_factor) return v->columns[operand->index].codes;
    const struct lus_factor *factor = &v->plan->recipe.factors[operand->index];
    if (factor->kind != LUS_FACTOR_COLUMN) return v->levels[operand->index].codes;
    return v->columns[factor->slot].codes;
}

size_t lus_n_labels_of(const struct lus_values *v, const struct lus_operand *operand)
{
    size_t slot = operand->is_factor ? v->plan->recipe.factors[operand->index].slot
                                     : operand->index;
    return v->columns[slot].dictionary.texts.n;
}

struct lus_text lus_text_of_code(const struct lus_values *v, const struct lus_operand *operand,
                                 uint32_t code)
{
    if (!operand->is_factor) return v->columns[operand->index].dictionary.texts.at[code];
    const struct lus_factor *factor = &v->plan->recipe.factors[operand->index];
    if (factor->kind != LUS_FACTOR_COLUMN) return lus_text_of(factor->levels[code - 1]);
    return v->columns[factor->slot].dictionary.texts.at[code];
}
