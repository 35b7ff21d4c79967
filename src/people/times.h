/* From when to when people are followed, and with which weight. */
#ifndef LUS_PEOPLE_TIMES_H
#define LUS_PEOPLE_TIMES_H

#include "people/events.h"

/* Exits, entries and events of a batch; what is missing or bad leaves the row out. */
int lus_times_take(const struct lus_values *v, struct lus_events *e, struct lus_people *p,
                   struct lus_error *err) LUS_MUST_CHECK;
void lus_weights_take(const struct lus_values *v, struct lus_people *p);
/* A landmark is a new origin: those who are followed there, from there on. */
void lus_landmark_take(const struct lus_plan *plan, struct lus_people *p);

/* The exit of a row, as far as it can be read. */
bool lus_row_exit(const struct lus_values *v, size_t row, lus_time *out);
/* Whether a number is a calendar year, and the date that stands for it, its 1 July. */
bool lus_is_year(lus_time value, enum lus_unit unit);
lus_time lus_date_of_year(lus_time year, enum lus_unit unit);

#endif
