/* What the first rows of a file tell of columns together: differences, order, persons. */
#include <math.h>

#include "command/guess.h"

enum { LEAST_ROWS = 5 }; /* that tell anything */

/* Whether nearly all rows have the time between two columns, or a day more, in a unit of days. */
static bool is_between(const struct lus_profile *p, const struct lus_profile_column *from,
                       const struct lus_profile_column *to, const struct lus_profile_column *time,
                       double days)
{
    size_t n = 0, n_same = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        double between = to->numbers[row] - from->numbers[row], said = time->numbers[row];
        if (isnan(between) || isnan(said)) continue;
        n++;
        double slack = days == 1 ? 1.01 : 0.006 * fmax(said, 1) + 1.5 / days;
        n_same += fabs(between / days - said) <= slack;
    }
    return n >= LEAST_ROWS && (double)n_same >= 0.95 * (double)n;
}

const char *lus_unit_between_dates(const struct lus_profile *p,
                                   const struct lus_profile_column *time,
                                   const struct lus_profile_column **from,
                                   const struct lus_profile_column **to)
{
    static const struct {
        const char *unit;
        double days;
    } units[] = {{"days", 1}, {"months", 30.4375}, {"years", 365.25}, {"weeks", 7}};
    if (!(time->max > 3)) return NULL; /* any two dates are that near */
    for (size_t a = 0; a < p->n_columns; a++)
        for (size_t b = 0; b < p->n_columns; b++) {
            *from = &p->columns[a], *to = &p->columns[b];
            if (a == b || (*from)->kind != LUS_PROFILE_DATE || (*to)->kind != LUS_PROFILE_DATE)
                continue;
            for (size_t i = 0; i < sizeof units / sizeof *units; i++)
                if (is_between(p, *from, *to, time, units[i].days)) return units[i].unit;
        }
    return NULL;
}

bool lus_is_difference(const struct lus_profile *p, const struct lus_profile_column *time,
                       const struct lus_profile_column **from, const struct lus_profile_column **to)
{
    for (size_t a = 0; a < p->n_columns; a++)
        for (size_t b = 0; b < p->n_columns; b++) {
            *from = &p->columns[a], *to = &p->columns[b];
            bool are_numbers = lus_guess_is_number(*from) && lus_guess_is_number(*to);
            if (a == b || !are_numbers || *from == time || *to == time || !((*from)->min > 0))
                continue;
            if (is_between(p, *from, *to, time, 1) && (*from)->n_distinct > LEAST_ROWS) return true;
        }
    return false;
}

bool lus_is_gap(const struct lus_profile *p, const struct lus_profile_column *start,
                const struct lus_profile_column *stop, const struct lus_profile_column *time)
{
    size_t n = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        double off = stop->numbers[row] - start->numbers[row] - time->numbers[row];
        if (fabs(off) > 1e-6 * (1 + fabs(time->numbers[row]))) return false;
        n += isnan(off) ? 0u : 1u;
    }
    return n >= LEAST_ROWS;
}

bool lus_is_never_before(const struct lus_profile *p, const struct lus_profile_column *from,
                         const struct lus_profile_column *to)
{
    size_t n = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        double between = to->numbers[row] - from->numbers[row];
        if (between < 0) return false;
        n += between >= 0;
    }
    return n >= LEAST_ROWS || n == p->n_sample;
}

bool lus_is_of_persons(const struct lus_profile *p, const struct lus_profile_column *id,
                       const struct lus_profile_column *c)
{
    size_t n = 0;
    for (size_t row = 1; row < p->n_sample; row++)
        for (size_t other = 0; other < row; other++) {
            if (!*id->texts[row] || strcmp(id->texts[row], id->texts[other]) != 0) continue;
            if (strcmp(c->texts[row], c->texts[other]) != 0) return false;
            n++;
        }
    return n > 0;
}
