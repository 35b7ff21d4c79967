#include "command/guess.h"

#include <ctype.h>
#include <math.h>

#include "people/people.h"

/* --- names --- */

void lus_guess_plain(const char *name, char out[LUS_GUESS_NAME])
{
    size_t n = 0;
    for (; *name && n + 1 < LUS_GUESS_NAME; name++)
        if (isalnum((unsigned char)*name)) out[n++] = (char)tolower((unsigned char)*name);
    out[n] = 0;
}

const struct lus_profile_column *lus_guess_column(const struct lus_profile *p, const char *plain)
{
    char own[LUS_GUESS_NAME];
    for (int behind_point = 0; behind_point < 2; behind_point++)
        for (size_t i = 0; i < p->n_columns; i++) {
            const char *name = p->columns[i].name, *point = strrchr(name, '.');
            if (behind_point && !point) continue;
            lus_guess_plain(behind_point ? point + 1 : name, own);
            if (strcmp(own, plain) == 0) return &p->columns[i];
        }
    return NULL;
}

/* Points for words in a column's name: anywhere in it, as the whole name (=), or as a word of it
 * (~), which marks and capitals part. */
struct word {
    const char *text;
    int points;
};

/* Whether a word stands in a name between marks, or begins with a capital. */
static bool has_word(const char *name, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = name; (at = strcasestr(at, word)) != NULL; at++) {
        bool begins = at == name || !isalpha((unsigned char)at[-1]) ||
                      (isupper((unsigned char)*at) && islower((unsigned char)at[-1]));
        bool ends = !isalpha((unsigned char)at[n]) ||
                    (isupper((unsigned char)at[n]) && islower((unsigned char)at[n - 1]));
        if (begins && ends) return true;
    }
    return false;
}

static bool has(const char *name, const char *plain, const char *word)
{
    if (word[0] == '=') return strcmp(plain, word + 1) == 0;
    if (word[0] == '~') return has_word(name, word + 1);
    return strstr(plain, word) != NULL;
}

static int points_of(const char *name, const struct word *words, size_t n)
{
    char plain[LUS_GUESS_NAME];
    int points = 0;
    lus_guess_plain(name, plain);
    for (size_t i = 0; i < n; i++)
        if (has(name, plain, words[i].text)) points += words[i].points;
    return points;
}
#define POINTS(name, words) points_of(name, words, sizeof words / sizeof *words)

bool lus_guess_is_number(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER || c->kind == LUS_PROFILE_NUMBER;
}

/* --- time and event, as a pair --- */

/* Of other endpoints than death. */
static const struct word endpoints[] = {
    {"recur", 1}, {"relap", 1},    {"rfs", 1},   {"pfs", 1},    {"dfs", 1},      {"dfi", 1},
    {"pfi", 1},   {"progress", 1}, {"rtime", 1}, {"metast", 1}, {"newtumor", 1}, {"efs", 1}};

bool lus_guess_has_negatives(const struct lus_profile_column *c)
{
    size_t n = 0, n_less = 0;
    if (c->min >= 0) return false;
    for (size_t row = 0; row < LUS_PROFILE_SAMPLE; row++)
        if (!isnan(c->numbers[row])) n++, n_less += c->numbers[row] < 0;
    return n_less * 50 > n; /* a few are bad rows of a time */
}

/* 1 to 12, under the name of a month: of the year, not of follow-up. */
static bool is_calendar_month(const struct lus_profile_column *c)
{
    char plain[LUS_GUESS_NAME];
    lus_guess_plain(c->name, plain);
    return c->kind == LUS_PROFILE_INTEGER && c->min >= 1 && c->max <= 12 &&
           strstr(plain, "month") && !strstr(plain, "months");
}

static int time_points(const struct lus_profile_column *c)
{
    static const struct word words[] = {
        {"survival", 4}, {"surv", 2},       {"followup", 4},   {"futime", 6},
        {"time", 4},     {"month", 3},      {"days", 3},       {"years", 1},
        {"overall", 2},  {"osmonths", 4},   {"=t", 3},         {"=os", 1},
        {"~tte", 3},     {"=stop", 6},      {"=tstop", 6},     {"=days", 4},
        {"=months", 4},  {"age", -6},       {"entry", -6},     {"start", -6},
        {"diagnos", -5}, {"birth", -9},     {"year", -1},      {"flag", -9},
        {"treat", -6},   {"chemo", -6},     {"therap", -6},    {"transplant", -4},
        {"wait", -6},    {"surgery", -6},   {"status", -9},    {"event", -9},
        {"smok", -9},    {"timepoint", -9}, {"score", -9},     {"=time", 3},
        {"protime", -9}, {"diagtime", -9},  {"zeit", 4},       {"temps", 4},
        {"tiempo", 4},   {"interval", -3},  {"visit", -6},     {"=lasttime", -2},
        {"onset", -9},   {"lastobs", 8},    {"lastfollow", 6}, {"lastcontact", 6},
        {"toend", 2},    {"=years", 4},     {"lenfol", 6},     {"~ttr", 4},
        {"obstime", -9}, {"attempt", -9},   {"duration", 5},   {"timetoevent", 10},
        {"=week", 4},    {"=weeks", 4},     {"=day", 3},       {"ttdeath", 6},
        {"~fu", 4},      {"fuyrs", 5},      {"sobrevida", 4},  {"supervivencia", 4},
        {"survie", 4},   {"berleb", 4},     {"meses", 3},      {"monate", 3},
        {"jours", 3},    {"idade", -9},     {"edad", -6}};
    if (!lus_guess_is_number(c) || lus_guess_has_negatives(c) ||
        (c->n_distinct < 4 && !c->is_capped))
        return 0;
    if (is_calendar_month(c)) return 0;
    return POINTS(c->name, words);
}

/* Whether a column's words are of who lives and who is dead, whatever its name. */
static bool tells_of_death(const struct lus_profile_column *c)
{
    static const char *const words[] = {"dead", "deceased", "died", "alive", "living"};
    size_t n = 0, n_known = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        n_known++;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            n += strcasecmp(c->values[i], words[k]) == 0;
    }
    return n_known && n == n_known;
}

static int event_points(const struct lus_profile_column *c)
{
    static const struct word words[] = {{"vital", 6},          {"death", 6},
                                        {"dead", 6},           {"deceased", 6},
                                        {"died", 6},           {"status", 4},
                                        {"=status", 3},        {"=death", 5},
                                        {"=died", 5},          {"=dead", 5},
                                        {"fstat", 4},          {"exitstat", 6},
                                        {"=fail", 5},          {"=observed", 4},
                                        {"~alive", 5},         {"=event", 6},
                                        {"event", 4},          {"fustat", 6},
                                        {"cens", 3},           {"=d", 3},
                                        {"=delta", 3},         {"=os", 3},
                                        {"=ose", 6},           {"=e", 3},
                                        {"osstatus", 4},       {"survivalstatus", 4},
                                        {"erstatus", -9},      {"prstatus", -9},
                                        {"her2", -9},          {"marital", -9},
                                        {"estrogen", -9},      {"progest", -9},
                                        {"time", -4},          {"menopaus", -9},
                                        {"hrstatus", -9},      {"receptor", -9},
                                        {"=tot", 5},           {"=tod", 5},
                                        {"verstorben", 6},     {"deces", 6},
                                        {"muerte", 6},         {"tumorstatus", -6},
                                        {"diseasestatus", -6}, {"nodestatus", -9},
                                        {"smok", -9},          {"performance", -9},
                                        {"insurance", -9},     {"date", -6},
                                        {"cause", -4},         {"margin", -9},
                                        {"brca", -9},          {"month", -6},
                                        {"days", -6},          {"age", -3},
                                        {"mutation", -9},      {"msi", -9}};
    if (c->n_distinct < 1 || c->n_distinct > 12 || c->kind == LUS_PROFILE_DATE ||
        c->kind == LUS_PROFILE_NUMBER)
        return 0;
    /* 1, 2, 3, 4: the episodes of a person, or grades */
    if (c->kind == LUS_PROFILE_INTEGER && c->n_distinct > 3 && c->min >= 1) return 0;
    return POINTS(c->name, words) + (tells_of_death(c) ? 6 : 0);
}

bool lus_guess_is_named(const struct lus_profile_column *c, bool is_time)
{
    return is_time ? time_points(c) > 0 || c->kind == LUS_PROFILE_DATE : event_points(c) > 0;
}

/* How much two names belong together: they begin alike, as OS_MONTHS and OS_STATUS do. */
static int likeness(const char *time, const char *event)
{
    char a[LUS_GUESS_NAME], b[LUS_GUESS_NAME];
    size_t n = 0;
    lus_guess_plain(time, a);
    lus_guess_plain(event, b);
    while (a[n] && a[n] == b[n])
        n++;
    bool are_of_one = (POINTS(time, endpoints) > 0) == (POINTS(event, endpoints) > 0);
    return (n > 3 ? 3 : (int)n) + (are_of_one ? 0 : -6);
}

/* Whether a time's name is that of the event with a word of time before or behind: TIMEDTH is of
 * DEATH. */
static bool carries_name(const char *time, const char *event)
{
    static const char *const words[] = {"timeto", "time", "days", "months", "years"};
    char a[LUS_GUESS_NAME], b[LUS_GUESS_NAME];
    lus_guess_plain(time, a);
    lus_guess_plain(event, b);
    size_t n_a = strlen(a), n_b = strlen(b);
    if (n_a > n_b + 2 && strcmp(a + n_a - n_b, b) == 0 && strncmp(a + n_a - n_b - 2, "to", 2) == 0)
        return true; /* time_biopsy_to_death with death */
    if (strncmp(a, "tt", 2) == 0 && strcmp(a + 2, b) == 0) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]), all = strlen(a);
        const char *stem = a;
        if (all < n + 3) continue;
        if (strncmp(a, words[i], n) == 0) stem = a + n;
        else if (strcmp(a + all - n, words[i]) == 0) a[all - n] = 0;
        else continue;
        const char *at = b; /* its letters, in their order, from the first */
        bool is_of = *stem == *b;
        for (const char *c = stem; *c && is_of; c++) {
            while (*at && *at != *c)
                at++;
            is_of = *at != 0;
            at += is_of;
        }
        return is_of;
    }
    return false;
}

/* Whether some time is "time to" this column, which has two levels. */
static bool is_named_by_time(const struct lus_profile *p, const struct lus_profile_column *c)
{
    struct lus_guess levels = {0};
    if (c->n_distinct != 2 || !lus_guess_levels(&levels, c)) return false;
    for (size_t t = 0; t < p->n_columns; t++)
        if (&p->columns[t] != c && time_points(&p->columns[t]) > 0 &&
            carries_name(p->columns[t].name, c->name))
            return true;
    return false;
}

/* The best pair; *is_sole: no other pair of columns comes near it. */
static void find_pair(struct lus_guess *guess, const struct lus_profile *p, bool *is_sole)
{
    int best = 0, second = 0;
    const struct lus_profile_column *time = NULL, *event = NULL;
    for (size_t e = 0; e < p->n_columns; e++) {
        int of_event = event_points(&p->columns[e]);
        bool is_of_name = of_event == 0 && is_named_by_time(p, &p->columns[e]);
        if (is_of_name) of_event = 6;
        if (of_event <= 0) continue;
        if (POINTS(p->columns[e].name, endpoints)) of_event -= 3;
        for (size_t t = 0; t < p->n_columns; t++) {
            int of_time = time_points(&p->columns[t]);
            if (of_time <= 0 || t == e) continue;
            int points = of_event + of_time + likeness(p->columns[t].name, p->columns[e].name);
            bool has_name = carries_name(p->columns[t].name, p->columns[e].name);
            if (is_of_name && !has_name) continue;
            if (has_name || lus_guess_partner(p, &p->columns[t], NULL) == &p->columns[e])
                points += 6;
            if (points > best) {
                second = best;
                best = points, time = &p->columns[t], event = &p->columns[e];
            } else if (points > second) {
                second = points;
            }
        }
    }
    *is_sole = best > second || !best;
    if (!time) return;
    guess->times[0] = time, guess->n_times = 1;
    guess->event = event;
}

/* Where there is no pair: the only column that looks like either. */
static const struct lus_profile_column *find_one(
    const struct lus_profile *p, int (*points_of_column)(const struct lus_profile_column *))
{
    const struct lus_profile_column *best = NULL;
    int most = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        int points = points_of_column(&p->columns[i]);
        if (points > most) most = points, best = &p->columns[i];
        else if (points == most && points > 0) best = NULL;
    }
    return best;
}

const char *lus_guess_unit(const struct lus_profile_column *c)
{
    enum lus_unit unit;
    if (lus_unit_of_name(c->name, &unit)) return lus_unit_name(unit);
    if (c->max > 600) return "days";
    return c->kind == LUS_PROFILE_NUMBER && c->max > 40 ? "months" : NULL;
}

/* Whether an event's name is of death, and of nothing that says of what: deathCVD is of a cause. */
static bool is_of_any_death(const char *name)
{
    static const char *const known[] = {
        "death",  "dead",   "deceased", "died",      "vital", "status",  "event",    "recode",
        "study",  "cutoff", "used",     "patient",   "s",     "overall", "survival", "os",
        "is",     "has",    "ind",      "indicator", "flag",  "fu",      "at",       "last",
        "follow", "up",     "of",       "the",       "exit",  "fin"};
    char word[LUS_GUESS_NAME];
    for (const char *c = name; *c;) {
        size_t n = 0;
        while (*c && !isalpha((unsigned char)*c))
            c++;
        bool is_upper = isupper((unsigned char)*c) && isupper((unsigned char)c[1]);
        while (isalpha((unsigned char)*c) && n + 1 < sizeof word) {
            if (n && !is_upper && isupper((unsigned char)*c)) break;
            word[n++] = (char)tolower((unsigned char)*c++);
        }
        word[n] = 0;
        bool is_known = !n;
        for (size_t i = 0; i < sizeof known / sizeof *known && !is_known; i++)
            is_known = strcmp(word, known[i]) == 0;
        if (!is_known) return false;
    }
    return true;
}

static void find_measure(struct lus_guess *guess)
{
    const struct lus_profile_column *event = guess->event;
    if (!event || strcasestr(event->name, "event") != NULL) return;
    bool is_of_death = !POINTS(event->name, endpoints) && event_points(event) >= 6 &&
                       is_of_any_death(event->name);
    for (size_t i = 0; i < guess->n_levels; i++)
        is_of_death |= strcasestr(guess->levels[i], "dead") ||
                       strcasestr(guess->levels[i], "died") ||
                       strcasestr(guess->levels[i], "deceased");
    if (is_of_death) guess->measure = "OS";
}

/* Of a time of last contact alone the dead would lack theirs: where a time of death stands beside
 * it, that comes first. */
static void add_time_of_death(struct lus_guess *guess, const struct lus_profile *p)
{
    static const struct word contact[] = {{"lastcontact", 1}, {"lastfollow", 1}, {"lastvisit", 1}};
    if (guess->n_times != 1 || !POINTS(guess->times[0]->name, contact)) return;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        static const struct word death[] = {{"death", 1}, {"died", 1}, {"deceased", 1}},
                                 time[] = {{"day", 1}, {"month", 1}, {"time", 1}};
        if (c == guess->event || !lus_guess_is_number(c) || !(c->max > 1) ||
            !POINTS(c->name, death) || !POINTS(c->name, time))
            continue;
        guess->times[1] = guess->times[0];
        guess->times[0] = c;
        guess->n_times = 2;
        return;
    }
}

/* A time of overall survival by its name, with its event: OS Time and OS event. */
static bool take_named_pair(struct lus_guess *guess, const struct lus_profile *p)
{
    struct lus_guess all = {0};
    lus_guess_endpoints(&all, p);
    for (size_t i = 0; i < all.n_endpoints; i++) {
        const struct lus_endpoint *e = &all.endpoints[i];
        if (!e->measure || strcmp(e->measure, "OS") != 0) continue;
        guess->times[0] = e->time, guess->n_times = 1;
        guess->event = e->event, guess->n_levels = e->n_levels;
        memcpy(guess->levels, e->levels, sizeof e->levels);
        guess->measure = e->measure;
        return true;
    }
    return false;
}

/* Late entry belongs to the end of the same interval: a start with its stop. A time that is what
 * lies between them is the length of a spell, not its end; where no time is known, they are it. */
static void find_entry(struct lus_guess *guess, const struct lus_profile *p)
{
    static const char *const pairs[][2] = {
        {"start", "stop"}, {"tstart", "tstop"}, {"start", "end"},
        {"entry", "exit"}, {"enter", "exit"},   {"time0", "time1"},
        {"begin", "end"},  {"ageentry", "age"}, {"agein", "ageout"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && guess->n_times < 2; i++) {
        const struct lus_profile_column *start = lus_guess_column(p, pairs[i][0]),
                                        *stop = lus_guess_column(p, pairs[i][1]);
        if (!start || !stop || !lus_guess_is_number(start) || !lus_guess_is_number(stop) ||
            guess->origin || !lus_is_never_before(p, start, stop))
            continue;
        bool is_open = !guess->n_times && i > 2, is_end = stop == guess->times[0],
             is_gap = guess->n_times && i < 3 && lus_is_gap(p, start, stop, guess->times[0]);
        if (!is_open && !is_end && !is_gap) continue;
        guess->times[0] = stop, guess->n_times = 1;
        guess->entry = start;
        return;
    }
}

/* What speaks against the time that the names tell. */
static void doubt_time(struct lus_guess *guess, const struct lus_profile *p)
{
    const struct lus_profile_column *time = guess->n_times == 1 ? guess->times[0] : NULL;
    unsigned n_zero = 0, n = 0;
    if (!time || guess->time_is_sure || guess->origin || !guess->event || guess->entry) return;
    for (size_t row = 0; row < p->n_sample; row++)
        n += isnan(time->numbers[row]) ? 0u : 1u, n_zero += time->numbers[row] == 0 ? 1u : 0u;
    if (guess->id && !lus_is_of_persons(p, guess->id, time) &&
        lus_is_of_persons(p, guess->id, guess->event))
        guess->doubt = "it changes within a person whose event does not: the time of a visit?";
    else if (n >= 20 && n_zero * 5 > n) guess->doubt = "a fifth of the rows or more have 0";
}

static void guess_by_names(struct lus_guess *guess, const struct lus_profile *p)
{
    bool is_sole = true;
    if (!take_named_pair(guess, p)) find_pair(guess, p, &is_sole);
    if (!guess->event) guess->event = find_one(p, event_points);
    if (!guess->n_times) lus_guess_dates(guess, p);
    if (!guess->n_times && (guess->times[0] = find_one(p, time_points)) != NULL) guess->n_times = 1;
    add_time_of_death(guess, p);
    if (!is_sole) guess->n_times = 0; /* a question, not a choice */
    find_entry(guess, p);
    if (guess->event && !guess->n_levels) (void)lus_guess_levels(guess, guess->event);
    if (!guess->measure) find_measure(guess);
}

/* In place of a time that changes within a person, whose event does not, one that does not. */
static void prefer_constant(struct lus_guess *guess, const struct lus_profile *p)
{
    if (!guess->id || guess->n_times != 1 || guess->entry || guess->origin || !guess->event ||
        guess->time_is_sure || lus_is_of_persons(p, guess->id, guess->times[0]) ||
        !lus_is_of_persons(p, guess->id, guess->event))
        return;
    for (size_t i = 0; i < p->n_columns; i++)
        if (time_points(&p->columns[i]) > 0 && lus_is_of_persons(p, guess->id, &p->columns[i])) {
            guess->times[0] = &p->columns[i];
            return;
        }
}

/* By what it is the difference of; by its name or size. */
static void find_unit(struct lus_guess *guess, const struct lus_profile *p)
{
    const struct lus_profile_column *time = guess->n_times ? guess->times[0] : NULL;
    if (!time || guess->origin) {
        if (guess->origin && !guess->unit) guess->unit = "months";
        return;
    }
    enum lus_unit named;
    if (guess->unit || lus_unit_of_name(time->name, &named)) {
        if (!guess->unit) guess->unit = lus_guess_unit(time);
        return;
    }
    guess->unit = lus_unit_between_dates(p, time, &guess->from_date, &guess->to_date);
    if (guess->unit) return;
    guess->from_date = guess->to_date = NULL;
    /* of a kind that is known, or of ages, nothing is read off the size */
    if (!guess->time_is_sure && !(guess->entry && guess->entry->min > 0))
        guess->unit = lus_guess_unit(time);
}

/* 9999 months and the like, which nobody is followed for. */
static void find_code(struct lus_guess *guess)
{
    enum { NINES = 9 };
    const struct lus_profile_column *time = guess->n_times == 1 ? guess->times[0] : NULL;
    enum lus_unit unit;
    guess->code = NAN;
    if (!time || guess->origin || !guess->unit || !lus_guess_is_number(time) ||
        lus_unit_parse(guess->unit, &unit) != LUS_OK)
        return;
    double years = time->max * (double)lus_unit_ticks(unit) / (double)lus_unit_ticks(LUS_YEARS);
    double left = time->max;
    while (left > 0 && fmod(left, 10) == NINES)
        left = floor(left / 10);
    if (years > LUS_LONGEST_YEARS && left == 0) guess->code = time->max;
}

void lus_guess_make(struct lus_guess *guess, const struct lus_profile *p)
{
    if (!lus_guess_convention(guess, p)) guess_by_names(guess, p);
    lus_guess_id(guess, p);
    prefer_constant(guess, p);
    find_unit(guess, p);
    if (guess->id && !guess->entry && guess->event && guess->n_times)
        guess->has_rows_of_cases |= lus_is_of_persons(p, guess->id, guess->event) &&
                                    lus_is_of_persons(p, guess->id, guess->times[0]);
    doubt_time(guess, p);
    lus_guess_population(guess, p);
    lus_guess_endpoints(guess, p);
    find_code(guess);
}
