/* What the columns of a file may be, by their names and what they hold. */
#include "command/guess.h"

#include "support/number.h"

/* Points for words in a column's name. */
struct word {
    const char *text;
    int points;
};

static int points_of(const char *name, const struct word *words, size_t n)
{
    int points = 0;
    for (size_t i = 0; i < n; i++)
        if (strcasestr(name, words[i].text)) points += words[i].points;
    return points;
}

bool lus_guess_is_number(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER || c->kind == LUS_PROFILE_NUMBER;
}

const struct lus_profile_column *lus_guess_time(const struct lus_profile *p)
{
    static const struct word words[] = {
        {"survival", 3}, {"follow", 3},  {"futime", 4},     {"time", 2},   {"months", 2},
        {"days", 1},     {"overall", 1}, {"age", -3},       {"rtime", -1}, {"recur", -2},
        {"relapse", -2}, {"entry", -3},  {"diagnosis", -2}, {"year", -1}};
    const struct lus_profile_column *best = NULL;
    int most = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        int points = points_of(p->columns[i].name, words, sizeof words / sizeof *words);
        if (points <= most || !lus_guess_is_number(&p->columns[i]) || p->columns[i].n_distinct < 4)
            continue;
        most = points;
        best = &p->columns[i];
    }
    return best;
}

const struct lus_profile_column *lus_guess_event(const struct lus_profile *p)
{
    static const struct word words[] = {
        {"vital", 3},      {"survival status", 3}, {"death", 3}, {"dead", 3},
        {"status", 2},     {"event", 2},           {"cens", 1},  {"deceased", 3},
        {"er status", -4}, {"pr status", -4},      {"her2", -4}, {"marital", -4},
        {"estrogen", -4},  {"progesterone", -4},   {"time", -2}, {"menopaus", -4},
        {"hr status", -4}, {"receptor", -4}};
    const struct lus_profile_column *best = NULL;
    int most = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        int points = points_of(p->columns[i].name, words, sizeof words / sizeof *words);
        if (points <= most || p->columns[i].n_distinct < 2 || p->columns[i].n_distinct > 6)
            continue;
        most = points;
        best = &p->columns[i];
    }
    return best;
}

/* The value that most likely means the event. */
const char *lus_guess_level(const struct lus_profile_column *c)
{
    static const struct word words[] = {{"dead", 3},  {"deceased", 3}, {"died", 3},
                                        {"yes", 2},   {"true", 2},     {"1", 1},
                                        {"event", 1}, {"alive", -3},   {"living", -3}};
    const char *best = c->n_values ? c->values[c->n_values - 1] : "1";
    int most = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        int points = points_of(c->values[i], words, sizeof words / sizeof *words);
        if (points > most) most = points, best = c->values[i];
    }
    return best;
}

/* By the name, else by the size: nobody is followed for 600 months. */
const char *lus_guess_unit(const struct lus_profile_column *c)
{
    const char *name = c->name;
    double largest = 0;
    if (strcasestr(name, "day")) return "days";
    if (strcasestr(name, "week")) return "weeks";
    if (strcasestr(name, "year")) return "years";
    if (strcasestr(name, "month")) return "months";
    (void)lus_number_parse(c->largest, strlen(c->largest), &largest);
    return largest > 600 ? "days" : "months";
}
