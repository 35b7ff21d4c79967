/* Pairs of time and event of other endpoints than the one that a first recipe is of: DSS_MONTHS
 * with DSS_STATUS, PFI.time with PFI. */
#include <stdio.h>

#include "command/guess.h"

/* Endings of a time's name and of its event's. */
static const struct {
    const char *time, *event;
} endings[] = {{"months", "status"}, {"days", "status"}, {"time", "status"},
               {"months", "event"},  {"days", "event"},  {"time", "event"},
               {"time", ""},         {"months", ""},     {"months", "cens"},
               {"time", "cens"},     {"", "event"},      {"", "e"},
               {"time", "stat"},     {"days", "stat"},   {"", "ind"},
               {"", "stat"},         {"", "s"}};

/* The measures of names that say which: of death of any cause, of the cancer. */
static const char *measure_of(const char *stem)
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
        if (strcmp(stem, names[i][0]) == 0) return names[i][1];
    return NULL;
}

static bool is_in_use(const struct lus_guess *g, const struct lus_profile_column *c)
{
    bool is_used = c == g->event || c == g->origin || c == g->entry || c == g->id;
    for (size_t i = 0; i < g->n_times; i++)
        is_used |= c == g->times[i];
    return is_used;
}

/* The event's column of a time with such an ending, or NULL. */
static const struct lus_profile_column *partner(const struct lus_profile *p,
                                                const struct lus_profile_column *time,
                                                struct lus_endpoint *out)
{
    char plain[LUS_GUESS_NAME], name[LUS_GUESS_NAME + 8];
    lus_guess_plain(time->name, plain);
    size_t n = strlen(plain);
    if (n >= 2 && n <= 3 && *plain == 't') { /* T1 with D1 */
        (void)snprintf(name, sizeof name, "d%s", plain + 1);
        if (lus_guess_column(p, name)) return lus_guess_column(p, name);
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t behind = strlen(endings[i].time);
        if (n <= behind || strcmp(plain + n - behind, endings[i].time) != 0) continue;
        (void)snprintf(name, sizeof name, "%.*s%s", (int)(n - behind), plain, endings[i].event);
        const struct lus_profile_column *event = lus_guess_column(p, name);
        if (!event || event == time) continue;
        plain[n - behind] = 0;
        out->measure = measure_of(plain);
        return event;
    }
    return NULL;
}

static bool is_pair(const struct lus_guess *guess, const struct lus_profile *p,
                    const struct lus_profile_column *time, struct lus_endpoint *out)
{
    struct lus_guess levels = {0};
    if (!lus_guess_is_number(time) || time->min < 0 || is_in_use(guess, time)) return false;
    const struct lus_profile_column *event = partner(p, time, out);
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
