#include "cohort/frame.h"

#include <stdlib.h>

size_t lus_n_wanted_numbers(const struct lus_plan *plan)
{
    size_t n = 0;
    for (size_t k = 0; k < plan->n_wanted; k++)
        n += plan->wanted[k].is_number;
    return n;
}

void lus_wanted_numbers(const struct lus_values *values, size_t row, double *out)
{
    const struct lus_plan *plan = values->plan;
    for (size_t k = 0, n = 0; k < plan->n_wanted; k++)
        if (plan->wanted[k].is_number)
            out[n++] = values->columns[plan->wanted[k].index].numbers[row];
}

#define PUSH(array, value)                    \
    do {                                      \
        LUS_TRY(LUS_ARRAY_RESERVE(array, 1)); \
        (array)->at[(array)->n++] = (value);  \
    } while (0)

int lus_frame_list_add(struct lus_frame_list *list, const struct lus_plan *plan, uint32_t group,
                       const struct lus_person *person, uint64_t row, const double *numbers)
{
    size_t n = lus_n_wanted_numbers(plan);
    PUSH(&list->exit, person->exit);
    if (plan->has_entry) PUSH(&list->entry, plan->ignores_entry ? 0 : person->entry);
    if (plan->weight != LUS_NO_SLOT) PUSH(&list->weight, person->weight);
    if (plan->id != LUS_NO_SLOT) PUSH(&list->person, person->cluster);
    PUSH(&list->group, group);
    PUSH(&list->row, row);
    PUSH(&list->cause, person->cause);
    LUS_TRY(LUS_ARRAY_RESERVE(&list->numbers, n));
    for (size_t k = 0; k < n; k++)
        list->numbers.at[list->numbers.n++] = numbers[k];
    return LUS_OK;
}

void lus_frame_list_free(struct lus_frame_list *list)
{
    LUS_ARRAY_FREE(&list->exit);
    LUS_ARRAY_FREE(&list->entry);
    LUS_ARRAY_FREE(&list->weight);
    LUS_ARRAY_FREE(&list->person);
    LUS_ARRAY_FREE(&list->group);
    LUS_ARRAY_FREE(&list->row);
    LUS_ARRAY_FREE(&list->cause);
    LUS_ARRAY_FREE(&list->numbers);
}
