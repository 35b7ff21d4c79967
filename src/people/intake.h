/* What one thread needs to turn rows of text into people, one way:
 *
 *     texts ─▶ columns ─▶ truth ─▶ levels ─▶ times ─▶ ages ─▶ groups ─▶ counted, or left out
 *
 * Each step stands in the file of its name and knows those before it only. */
#ifndef LUS_PEOPLE_INTAKE_H
#define LUS_PEOPLE_INTAKE_H

#include "people/ages.h"
#include "people/groups.h"

struct lus_intake {
    struct lus_values values;
    struct lus_truths truths;
    struct lus_events events;
    struct lus_life_words life_words;
    struct lus_grouping groups;
    struct lus_people people; /* of the batch that was taken last */
    struct lus_selection selection;
};

/* It stays where it is. Free it on failure too. */
int lus_intake_init(struct lus_intake *in, const struct lus_plan *plan,
                    struct lus_error *err) LUS_MUST_CHECK;
void lus_intake_free(struct lus_intake *in);
/* The people of a batch. Nothing is counted yet. */
int lus_intake_take(struct lus_intake *in, const struct lus_batch *batch,
                    struct lus_error *err) LUS_MUST_CHECK;
/* Counts the rows of the batch by status. */
void lus_intake_count_batch(struct lus_intake *in);
/* Counts a row by its status, the code of its event's text, and what is seen of its times. */
void lus_intake_count_person(struct lus_intake *in, uint8_t status, uint32_t level, lus_time exit,
                             lus_time entry, int64_t weight);
/* The code of the event's text on a row; 0 where events are not read. */
static inline uint32_t lus_event_level(const struct lus_intake *in, size_t row)
{
    size_t event = in->values.plan->event;
    return event == LUS_NO_SLOT ? 0 : in->values.columns[event].codes[row];
}
/* Counts a row by its status, remembering the first bad one. */
void lus_intake_count(struct lus_intake *in, size_t row);
/* "file:line: column: what is wrong" for a bad row of the batch. */
void lus_intake_bad_message(const struct lus_intake *in, size_t row, char *out, size_t room);

#endif
