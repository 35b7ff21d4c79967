/* Pairs of time and event of other endpoints than the one that a first recipe is of: DSS_MONTHS
 * with DSS_STATUS, PFI.time with PFI. */
#include <stdio.h>

#include "command/guess.h"

/* Endings of a time's name and of its event's. */
static const struct {
    const char *time, *event;
} endings[] = {{"months", "status"},
               {"days", "status"},
               {"time", "status"},
               {"months", "event"},
               {"days", "event"},
               {"time", "event"},
               {"years", "status"},
               {"yrs", "status"},
               {"weeks", "status"},
               {"years", "event"},
               {"time", ""},
               {"months", ""},
               {"years", ""},
               {"months", "cens"},
               {"time", "cens"},
               {"", "event"},
               {"", "e"},
               {"time", "stat"},
               {"days", "stat"},
               {"", "ind"},
               {"", "stat"},
               {"", "s"}};

/* The measures of names that say which: of death of any cause, of the cancer. */
static const char *measure_of(const char *stem, size_t n)
{
    static const char *const names[][2] = {{"os", "OS"},
                                           {"overallsurvival", "OS"},
                                           {"srv", "OS"},
                                           {"surv", "OS"},
                                           {"dss", "CSS"},
                                           {"css", "CSS"},
                                           {"diseasespecific", "CSS"},
                                           {"diseasespecificsurvival", "CSS"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i][0]) == n && strncmp(stem, names[i][0], n) == 0) return names[i][1];
    return NULL;
}

static bool is_in_use(const struct lus_guess *g, const struct lus_profile_column *c)
{
    bool is_used = c == g->event || c == g->origin || c == g->entry || c == g->id;
    for (size_t i = 0; i < g->n_times; i++)
        is_used |= c == g->times[i];
    return is_used;
}

/* The column of a name in three parts. */
static const struct lus_profile_column *named(const struct lus_profile *p, const char *stem,
                                              size_t n, const char *ending, const char *last)
{
    char name[LUS_GUESS_NAME];
    int all = snprintf(name, sizeof name, "%.*s%s%s", (int)n, stem, ending, last);
    return all > 0 && (size_t)all < sizeof name ? lus_profile_find(p, name) : NULL;
}

/* Words that files get behind their columns' names: OS_time_new. */
static size_t without_last(const char *plain, const char **last)
{
    static const char *const words[] = {"new", "final", "updated", "v2"};
    size_t n = strlen(plain);
    *last = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t m = strlen(words[i]);
        if (n > m + 2 && strcmp(plain + n - m, words[i]) == 0) {
            *last = words[i];
            return n - m;
        }
    }
    return n;
}

/* A time with its word in front: T1 with D1, timeT with statusT. */
static const struct lus_profile_column *of_front(const struct lus_profile *p, const char *plain)
{
    static const char *const fronts[][2] = {
        {"time", "status"}, {"time", "event"}, {"time", "stat"}};
    size_t n = strlen(plain);
    if (n >= 2 && n <= 3 && *plain == 't' && named(p, "d", 1, plain + 1, ""))
        return named(p, "d", 1, plain + 1, "");
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        size_t m = strlen(fronts[i][0]);
        if (n <= m || strncmp(plain, fronts[i][0], m) != 0) continue;
        const struct lus_profile_column *c = named(p, fronts[i][1], strlen(fronts[i][1]), plain + m,
                                                   "");
        if (c) return c;
    }
    return NULL;
}

const struct lus_profile_column *lus_guess_partner(const struct lus_profile *p,
                                                   const struct lus_profile_column *time,
                                                   const char **measure)
{
    const char *last, *plain = time->plain;
    const struct lus_profile_column *event = of_front(p, plain);
    if (event && event != time) return event;
    size_t n = without_last(plain, &last);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t behind = strlen(endings[i].time);
        if (n <= behind || strncmp(plain + n - behind, endings[i].time, behind) != 0) continue;
        event = named(p, plain, n - behind, endings[i].event, last);
        if (!event || event == time) continue;
        if (measure) *measure = measure_of(plain, n - behind);
        return event;
    }
    return NULL;
}

static bool is_pair(const struct lus_guess *guess, const struct lus_profile *p,
                    const struct lus_profile_column *time, struct lus_endpoint *out)
{
    struct lus_guess levels = {0};
    if (!lus_guess_is_number(time) || lus_guess_has_negatives(p, time) || is_in_use(guess, time))
        return false;
    const struct lus_profile_column *event = lus_guess_partner(p, time, &out->measure);
    if (!event || is_in_use(guess, event) || !lus_guess_levels(&levels, event)) return false;
    out->time = time, out->event = event;
    out->n_levels = levels.n_levels;
    memcpy(out->levels, levels.levels, sizeof out->levels);
    return true;
}

void lus_guess_endpoints(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t i = 0; i < p->n_columns && guess->n_endpoints < LUS_GUESS_ENDPOINTS; i++)
        if (is_pair(guess, p, &p->columns[i], &guess->endpoints[guess->n_endpoints]))
            guess->n_endpoints++;
}
