/* Follow-up as two dates, or day numbers: which is the origin, which the exit; and death that a
 * date alone tells. */
#include <string.h>

#include "command/guess.h"

static const struct lus_guess_word
    origins[] = {{"diag", 4},   {"dx", 4},      {"surgery", 2}, {"=dgdate", 6}, {"index", 3},
                 {"origin", 3}, {"random", 3},  {"start", 2},   {"accept", 2},  {"entry", 3},
                 {"metast", 3}, {"onstudy", 4}, {"injec", 3},   {"base", 2},    {"=doe", 6},
                 {"admi", 3},   {"enrol", 3},   {"birth", -9},  {"dob", -9},    {"death", -9},
                 {"last", -9},  {"relap", -9},  {"recur", -9},  {"=dox", -9},   {"exit", -9},
                 {"end", -3},   {"dodth", -9},  {"follow", -9}, {"visit", -9},  {"died", -9}},
    exits[] = {{"last", 4},    {"contact", 4}, {"visit", 2},  {"follow", 4}, {"exit", 5},
               {"fudate", 4},  {"=exdate", 6}, {"censor", 3}, {"end", 2},    {"lfu", 4},
               {"=dox", 6},    {"death", 3},   {"dodth", 3},  {"=dod", 3},   {"deceased", 3},
               {"died", 3},    {"=fdate", 3},  {"diag", -9},  {"birth", -9}, {"dob", -9},
               {"relap", -9},  {"recur", -9},  {"start", -9}, {"=doe", -9},  {"entry", -9},
               {"gender", -9}, {"injec", -9},  {"=dx", -9}},
    deaths[] = {{"death", 1}, {"deceased", 1}, {"dodth", 1}, {"=dod", 1}, {"died", 1}};

/* The dates of a file in their roles. */
struct dates {
    const struct lus_profile_column *origin, *exit, *death;
};

/* Whole numbers of thousands that are no years: days from some day. */
static bool may_be_day_number(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER && c->min > 2500 && c->max < 60000 &&
           (c->n_distinct > 20 || c->is_capped);
}

static struct dates find_roles(const struct lus_profile *p, bool are_days)
{
    struct dates d = {NULL, NULL, NULL};
    const struct lus_profile_column *other = NULL;
    int best_origin = 0, best_exit = 0;
    size_t n_others = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        if (are_days ? !may_be_day_number(c) : c->kind != LUS_PROFILE_DATE) continue;
        int of_origin = LUS_GUESS_POINTS(c, origins), of_exit = LUS_GUESS_POINTS(c, exits);
        bool is_death = of_exit > 0 && LUS_GUESS_POINTS(c, deaths);
        if (of_origin > best_origin) best_origin = of_origin, d.origin = c;
        if (of_origin == 0 && of_exit <= 0) other = c, n_others++;
        if (is_death && c->n_missing) d.death = c;
        else if (of_exit > best_exit) best_exit = of_exit, d.exit = c;
    }
    if (!d.exit) d.exit = d.death, d.death = NULL;
    if (!d.origin && n_others == 1 && !are_days) d.origin = other; /* beside the last contact */
    return d;
}

/* Who has a date of death has died; where nothing else tells. */
static void take_death(struct lus_guess *guess, const struct dates *d)
{
    const struct lus_profile_column *death = d->death                            ? d->death
                                             : LUS_GUESS_POINTS(d->exit, deaths) ? d->exit
                                                                                 : NULL;
    if (guess->event || !death) return;
    guess->event = death;
    guess->event_is_any = true;
    guess->levels[0] = "*";
    guess->n_levels = 1;
    guess->measure = "OS";
}

void lus_guess_dates(struct lus_guess *guess, const struct lus_profile *p)
{
    struct dates d = find_roles(p, false);
    bool are_days = !d.origin || !d.exit;
    if (are_days) d = find_roles(p, true);
    if (!d.origin || !d.exit || d.origin == d.exit) return;
    if (are_days && !lus_is_never_before(p, d.origin, d.exit)) return;
    guess->origin = d.origin;
    guess->n_times = 0;
    if (d.death && d.death != d.exit) guess->times[guess->n_times++] = d.death;
    guess->times[guess->n_times++] = d.exit;
    guess->unit = are_days ? "days" : "months";
    if (!are_days) take_death(guess, &d);
    if (!guess->event) guess->doubt = "no event stands beside it: is it a planned end?";
}

const char *lus_guess_origin_name(const struct lus_profile_column *c)
{
    static const struct {
        struct lus_guess_word word;
        const char *origin;
    } names[] = {{{"metast", 1}, "first metastasis"},
                 {{"diag", 1}, "diagnosis"},
                 {{"dx", 1}, "diagnosis"},
                 {{"surg", 1}, "surgery"},
                 {{"random", 1}, "randomisation"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (lus_guess_points(c, &names[i].word, 1)) return names[i].origin;
    return NULL;
}
