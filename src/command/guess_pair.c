/* Time and event as a pair: which two columns' names belong together best. */
#include <ctype.h>
#include <stdlib.h>

#include "command/guess.h"

/* A column that may be a time, or an event. */
struct candidate {
    const struct lus_profile_column *column;
    int points;
    bool is_of_other;                         /* an endpoint other than death, by its name */
    bool needs_name;                          /* an event only by a time that carries its name */
    const struct lus_profile_column *partner; /* a time's event, by its name; NULL */
};

typedef LUS_ARRAY(struct candidate) candidates;

bool lus_guess_is_of_other(const struct lus_profile_column *c)
{
    static const struct lus_guess_word words[] = {
        {"recur", 1}, {"relap", 1},    {"rfs", 1},   {"pfs", 1},    {"dfs", 1},      {"dfi", 1},
        {"pfi", 1},   {"progress", 1}, {"rtime", 1}, {"metast", 1}, {"newtumor", 1}, {"efs", 1}};
    return LUS_GUESS_POINTS(c, words) > 0;
}

/* How much two names belong together: they begin alike, as OS_MONTHS and OS_STATUS do. */
static int likeness(const struct candidate *time, const struct candidate *event)
{
    const char *a = time->column->plain, *b = event->column->plain;
    int n = 0;
    while (n < 3 && a[n] && a[n] == b[n])
        n++;
    return n + (time->is_of_other == event->is_of_other ? 0 : -6);
}

/* Whether the letters of a stem stand in a name in their order, from the first. */
static bool is_short_for(const char *stem, size_t n, const char *name)
{
    if (*stem != *name) return false;
    for (const char *end = stem + n; stem < end; stem++, name++) {
        while (*name && *name != *stem)
            name++;
        if (!*name) return false;
    }
    return true;
}

/* Whether a time's name is that of the event with a word of time before or behind: TIMEDTH is of
 * DEATH. */
static bool carries_name(const char *time, const char *event)
{
    static const char *const words[] = {"timeto", "time", "days", "months", "years"};
    size_t all = strlen(time), n_event = strlen(event);
    if (all > n_event + 2 && strcmp(time + all - n_event, event) == 0 &&
        strncmp(time + all - n_event - 2, "to", 2) == 0)
        return true; /* time_biopsy_to_death with death */
    if (strncmp(time, "tt", 2) == 0 && strcmp(time + 2, event) == 0) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (all < n + 3) continue;
        if (strncmp(time, words[i], n) == 0) return is_short_for(time + n, all - n, event);
        if (strcmp(time + all - n, words[i]) == 0) return is_short_for(time, all - n, event);
    }
    return false;
}

static int find_times(candidates *times, const struct lus_profile *p)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        int points = lus_guess_time_points(p, c);
        if (points <= 0) continue;
        LUS_TRY(LUS_ARRAY_RESERVE(times, 1));
        times->at[times->n++] = (struct candidate){c, points, lus_guess_is_of_other(c), false,
                                                   lus_guess_partner(p, c, NULL)};
    }
    return LUS_OK;
}

/* Whether some time is "time to" this column, which has two levels. */
static bool is_named_by_time(const candidates *times, const struct lus_profile_column *c)
{
    struct lus_guess levels = {0};
    if (c->n_distinct != 2 || !lus_guess_levels(&levels, c)) return false;
    for (size_t t = 0; t < times->n; t++)
        if (times->at[t].column != c && carries_name(times->at[t].column->plain, c->plain))
            return true;
    return false;
}

static int find_events(candidates *events, const candidates *times, const struct lus_profile *p)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        int points = lus_guess_event_points(c);
        bool needs_name = points == 0 && is_named_by_time(times, c);
        if (needs_name) points = 6;
        if (points <= 0) continue;
        struct lus_guess levels = {0};
        bool is_of_other = lus_guess_is_of_other(c), is_plain = lus_guess_levels(&levels, c);
        LUS_TRY(LUS_ARRAY_RESERVE(events, 1));
        events->at[events->n++] = (struct candidate){c, points + is_plain - (is_of_other ? 3 : 0),
                                                     is_of_other, needs_name, NULL};
    }
    return LUS_OK;
}

/* Below 1: they are no pair. */
static int points_of_pair(const struct candidate *time, const struct candidate *event)
{
    if (time->column == event->column) return 0;
    bool has_name = carries_name(time->column->plain, event->column->plain);
    if (event->needs_name && !has_name) return 0;
    return event->points + time->points + likeness(time, event) +
           (has_name || time->partner == event->column ? 6 : 0);
}

int lus_guess_pair(struct lus_guess *guess, const struct lus_profile *p, bool *is_sole)
{
    candidates times = {0}, events = {0};
    const struct candidate *time = NULL, *event = NULL;
    int best = 0, second = 0, status = find_times(&times, p);
    bool is_of_one = true; /* all the best pairs have one event */
    if (status == LUS_OK) status = find_events(&events, &times, p);
    for (size_t e = 0; e < events.n && status == LUS_OK; e++)
        for (size_t t = 0; t < times.n; t++) {
            int points = points_of_pair(&times.at[t], &events.at[e]);
            if (points > second) second = points;
            if (points == best && event != &events.at[e]) is_of_one = false;
            if (points <= best) continue;
            is_of_one = true;
            second = best, best = points;
            time = &times.at[t], event = &events.at[e];
        }
    *is_sole = best > second || !best;
    if (time) {
        guess->times[0] = time->column, guess->n_times = 1;
        guess->event = is_of_one ? event->column : NULL;
    }
    LUS_ARRAY_FREE(&times);
    LUS_ARRAY_FREE(&events);
    return status;
}
