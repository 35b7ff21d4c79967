/* What the first rows of a file tell of columns together: differences, order, persons. */
#include <math.h>

#include "command/guess.h"

enum { LEAST_ROWS = 5 }; /* that tell anything */

/* Whether nearly all rows have the time between two columns, in a unit of days; slack: how far off
 * it may be, and a share of it. */
static bool is_between(const struct lus_profile *p, const struct lus_profile_column *from,
                       const struct lus_profile_column *to, const struct lus_profile_column *time,
                       double days, double slack, double share)
{
    size_t n = 0, n_off = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        double between = to->numbers[row] - from->numbers[row], said = time->numbers[row];
        if (isnan(between) || isnan(said)) continue;
        n++;
        n_off += fabs(between / days - said) > slack + share * fmax(said, 1);
        if (n_off * 20 > p->n_sample) return false;
    }
    return n >= LEAST_ROWS && n_off * 20 <= n;
}

/* A date, or the number of a day under a name of dates. */
static bool counts_days(const struct lus_profile_column *c)
{
    static const struct lus_guess_word words[] = {{"date", 1},  {"diag", 1},  {"exit", 1},
                                                  {"entry", 1}, {"death", 1}, {"last", 1}};
    return c->kind == LUS_PROFILE_DATE || (c->kind == LUS_PROFILE_INTEGER && c->min > 2500 &&
                                           c->max < 60000 && LUS_GUESS_POINTS(c, words));
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
            if (a == b || !counts_days(*from) || !counts_days(*to)) continue;
            for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
                double days = units[i].days;
                if (is_between(p, *from, *to, time, days, days == 1 ? 1.01 : 1.5 / days,
                               days == 1 ? 0 : 0.006))
                    return units[i].unit;
            }
        }
    return NULL;
}

/* Decimals of a text; 0 where it has none. */
static size_t decimals_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? strspn(point + 1, "0123456789") : 0;
}

/* Whether a column's numbers are whole days in units of so many: all but a few, of those with so
 * many decimals that chance would not make them so. */
static bool are_days_over(const struct lus_profile *p, const struct lus_profile_column *c,
                          double days)
{
    size_t n = 0, n_off = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        size_t decimals = decimals_of(c->texts[row]);
        double x = c->numbers[row] * days, slack = days * pow(10, -(double)decimals);
        if (isnan(x) || slack > 0.05) continue;
        n++;
        n_off += fabs(x - round(x)) > slack + 1e-9 * x;
    }
    return n >= 4 * LEAST_ROWS && n_off * 50 <= n;
}

const char *lus_unit_of_fractions(const struct lus_profile *p,
                                  const struct lus_profile_column *time)
{
    static const struct {
        const char *unit;
        double days[5];
    } units[] = {{"years", {365.25, 365, 365.24, 365.2425, 365.242}},
                 {"months", {30.4375, 30.44, 30.5, 30.4, 30}},
                 {"weeks", {7}}};
    const char *found = NULL;
    if (time->kind != LUS_PROFILE_NUMBER) return NULL;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        bool is_so = false;
        for (size_t k = 0; k < 5 && units[i].days[k] > 0; k++)
            is_so |= are_days_over(p, time, units[i].days[k]);
        if (is_so) found = units[i].unit; /* whole days over a month are so over twelve */
    }
    return found;
}

bool lus_is_difference(const struct lus_profile *p, const struct lus_profile_column *time,
                       const struct lus_profile_column **from, const struct lus_profile_column **to)
{
    static const struct lus_guess_word starts[] = {{"age", 1},
                                                   {"entry", 1},
                                                   {"enter", 1},
                                                   {"start", 1},
                                                   {"begin", 1}},
                                       ends[] = {{"age", 1}, {"exit", 1}, {"stop", 1}, {"end", 1}};
    double slack = time->kind == LUS_PROFILE_INTEGER ? 1.01 : 0.02;
    if (!(time->max > 20 * slack)) return false; /* any two numbers are that near */
    for (size_t a = 0; a < p->n_columns; a++) {
        *from = &p->columns[a];
        if (!lus_guess_is_number(*from) || *from == time || !((*from)->min > 0) ||
            (*from)->n_distinct <= LEAST_ROWS || !LUS_GUESS_POINTS(*from, starts))
            continue;
        for (size_t b = 0; b < p->n_columns; b++) {
            *to = &p->columns[b];
            if (b != a && *to != time && lus_guess_is_number(*to) && LUS_GUESS_POINTS(*to, ends) &&
                is_between(p, *from, *to, time, 1, slack, 0))
                return true;
        }
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

/* For each row the nearest before it of the same person; the row itself where there is none. */
struct visits {
    size_t before[LUS_PROFILE_SAMPLE];
};

static void find_visits(struct visits *v, const struct lus_profile *p,
                        const struct lus_profile_column *id)
{
    for (size_t row = 0; row < p->n_sample; row++) {
        size_t before = row;
        while (before > 0 && strcmp(id->texts[row], id->texts[before - 1]) != 0)
            before--;
        v->before[row] = *id->texts[row] && before > 0 ? before - 1 : row;
    }
}

static bool is_of_visits(const struct lus_profile *p, const struct visits *v,
                         const struct lus_profile_column *c)
{
    size_t n = 0;
    for (size_t row = 0; row < p->n_sample; row++) {
        if (v->before[row] == row) continue;
        if (strcmp(c->texts[row], c->texts[v->before[row]]) != 0) return false;
        n++;
    }
    return n > 0;
}

bool lus_is_of_persons(const struct lus_profile *p, const struct lus_profile_column *id,
                       const struct lus_profile_column *c)
{
    struct visits v;
    find_visits(&v, p, id);
    return is_of_visits(p, &v, c);
}

size_t lus_count_of_persons(const struct lus_profile *p, const struct lus_profile_column *id,
                            size_t most)
{
    struct visits v;
    size_t n = 0;
    find_visits(&v, p, id);
    for (size_t i = 0; i < p->n_columns && n < most; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        n += c != id && c->n_distinct > 1 && is_of_visits(p, &v, c);
    }
    return n;
}
