/* Texts of a batch as typed columns, one for each slot of a plan, and the levels of its factors. */
#ifndef LUS_PEOPLE_COLUMNS_H
#define LUS_PEOPLE_COLUMNS_H

#include "people/cells.h"
#include "support/dictionary.h"

/* A label of up to sixteen bytes: its first and its last eight. */
struct lus_short_label {
    uint64_t head, tail;
    uint32_t code, n;
    uint64_t unused; /* a size that is a power of two is indexed by a shift */
};

/* The values of one slot, by row. */
struct lus_column {
    size_t room;
    uint32_t *codes;
    double *numbers;
    lus_time *times;
    uint8_t *kinds;   /* TIME and WEIGHT: lus_time_kind */
    bool all_numbers; /* TIME: every kind of this batch is LUS_TIME_NUMBER */
    struct lus_dictionary dictionary;
    struct lus_short_label *shorts; /* recent labels of two to sixteen bytes */
    uint32_t *of_byte;              /* codes of labels of one byte; UINT32_MAX: not seen */
    struct lus_cell_doubt doubt;
};

/* Levels by row: codes from 1, 0 missing, LUS_BAD_LEVEL where text stands for a number. any_of:
 * masks. */
#define LUS_BAD_LEVEL UINT32_MAX
struct lus_levels {
    size_t room;
    uint32_t *codes;
    uint64_t *masks, *unknown; /* any_of; bit i: level i holds; it is not known whether it does */
};

/* The values of one thread's batch. */
struct lus_values {
    const struct lus_plan *plan;
    const struct lus_batch *batch;
    struct lus_column *columns; /* by slot */
    struct lus_levels *levels;  /* by factor of the recipe; levels.h fills them */
    struct lus_seen *seen;      /* of the selection */
    size_t failed_row;          /* of the batch, that holds a label which cannot be read */
};

int lus_values_init(struct lus_values *v, const struct lus_plan *plan, struct lus_seen *seen,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_values_free(struct lus_values *v);
/* Makes the columns of a batch. */
int lus_values_take(struct lus_values *v, const struct lus_batch *batch,
                    struct lus_error *err) LUS_MUST_CHECK;

/* The slot that keeps a column as a kind; LUS_NO_SLOT where none does. */
size_t lus_slot_of(const struct lus_plan *plan, const char *column, enum lus_slot_kind kind);
/* The codes of a factor or column by row, and the text of a code. */
const uint32_t *lus_codes_of(const struct lus_values *v, const struct lus_operand *operand);
/* codes of a column, with 0 */
size_t lus_n_labels_of(const struct lus_values *v, const struct lus_operand *operand);
struct lus_text lus_text_of_code(const struct lus_values *v, const struct lus_operand *operand,
                                 uint32_t code);

#endif
