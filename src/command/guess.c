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

/* Points for words in a column's name; a whole name counts where the word begins with =. */
struct word {
    const char *text;
    int points;
};

static int points_of(const char *name, const struct word *words, size_t n)
{
    char plain[LUS_GUESS_NAME];
    int points = 0;
    lus_guess_plain(name, plain);
    for (size_t i = 0; i < n; i++)
        if (words[i].text[0] == '=' ? strcmp(plain, words[i].text + 1) == 0
                                    : strstr(plain, words[i].text) != NULL)
            points += words[i].points;
    return points;
}
#define POINTS(name, words) points_of(name, words, sizeof words / sizeof *words)

bool lus_guess_is_number(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER || c->kind == LUS_PROFILE_NUMBER;
}

/* --- the event's levels --- */

/* Whether a value means the event, as far as the word tells: 1, 0 or -1. */
static int event_of(const char *word)
{
    static const char *const yes[] = {"died", "dead", "deceased", "death"}, *const no[] = {
                                                                                "alive", "living",
                                                                                "censored",
                                                                                "lost to follow"};
    int said = lus_event_of_word(lus_text_of(word));
    for (size_t i = 0; i < 4 && said < 0; i++) {
        if (strncasecmp(word, yes[i], strlen(yes[i])) == 0) said = 1;
        if (strncasecmp(word, no[i], strlen(no[i])) == 0) said = 0;
    }
    return said;
}

/* Columns of whom is alive or censored: yes and 1 are no event there, or are, nobody knows. */
static bool counts_others(const struct lus_profile_column *c)
{
    static const struct word others[] = {
        {"alive", 1}, {"surviv", 1}, {"cens", 1}, {"living", 1}, {"vital", 1}};
    return POINTS(c->name, others) > 0;
}

static bool is_yes_or_no(const char *word)
{
    static const char *const words[] = {"true", "false", "t", "f", "yes", "no", "y", "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(word, words[i]) == 0) return true;
    return false;
}

/* Words that say which is which. */
static bool levels_of_words(struct lus_guess *guess, const struct lus_profile_column *c)
{
    for (size_t i = 0; i < c->n_values && counts_others(c); i++)
        if (is_yes_or_no(c->values[i])) return false;
    for (size_t i = 0; i < c->n_values; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        int said = event_of(c->values[i]);
        if (said < 0 || guess->n_levels == LUS_GUESS_LEVELS) return false;
        if (said) guess->levels[guess->n_levels++] = c->values[i];
    }
    return guess->n_levels > 0;
}

/* Codes: of 0 and 1 the event is 1, of 1 and 2 it is 2, of SEER's 1 and 4 it is 4, unless the name
 * counts something else: of whom is alive or censored nobody knows which. */
static bool levels_of_codes(struct lus_guess *guess, const struct lus_profile_column *c)
{
    const char *codes[2];
    size_t n = 0;
    for (size_t i = 0; i < c->n_values; i++)
        if (!lus_is_unknown_word(lus_text_of(c->values[i])) && n++ < 2) codes[n - 1] = c->values[i];
    if (counts_others(c) || n != 2) return false;
    bool is_known = (c->min == 0 && c->max == 1) || (c->min == 1 && (c->max == 2 || c->max == 4));
    if (is_known) guess->levels[guess->n_levels++] = codes[1];
    return is_known;
}

bool lus_guess_levels(struct lus_guess *guess, const struct lus_profile_column *c)
{
    guess->n_levels = 0;
    if (c->n_values < 1 || c->n_distinct > 12) return false;
    bool is_told = c->kind == LUS_PROFILE_INTEGER ? levels_of_codes(guess, c)
                                                  : levels_of_words(guess, c);
    if (!is_told) guess->n_levels = 0;
    return is_told;
}

/* --- time and event, as a pair --- */

/* Of other endpoints than death. */
static const struct word endpoints[] = {
    {"recur", 1}, {"relap", 1},    {"rfs", 1},   {"pfs", 1},    {"dfs", 1},      {"dfi", 1},
    {"pfi", 1},   {"progress", 1}, {"rtime", 1}, {"metast", 1}, {"newtumor", 1}, {"efs", 1}};

static int time_points(const struct lus_profile_column *c)
{
    static const struct word words[] = {
        {"survival", 4}, {"surv", 2},       {"followup", 4},    {"futime", 6},     {"time", 4},
        {"month", 3},    {"days", 3},       {"years", 1},       {"overall", 2},    {"osmonths", 4},
        {"=t", 3},       {"=os", 1},        {"tte", 3},         {"=stop", 6},      {"=tstop", 6},
        {"=days", 4},    {"=months", 4},    {"age", -6},        {"entry", -6},     {"start", -6},
        {"diagnos", -5}, {"birth", -9},     {"year", -1},       {"flag", -9},      {"treat", -6},
        {"chemo", -6},   {"therap", -6},    {"transplant", -4}, {"wait", -6},      {"surgery", -6},
        {"status", -9},  {"event", -9},     {"smok", -9},       {"timepoint", -9}, {"score", -9},
        {"=time", 3},    {"protime", -9},   {"diagtime", -9},   {"zeit", 4},       {"temps", 4},
        {"tiempo", 4},   {"interval", -3},  {"visit", -6},      {"=lasttime", -2}, {"onset", -9},
        {"lastobs", 8},  {"lastfollow", 6}, {"lastcontact", 6}, {"toend", 2}};
    if (!lus_guess_is_number(c) || c->min < 0 || (c->n_distinct < 4 && !c->is_capped)) return 0;
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
    static const struct word words[] = {{"vital", 6},
                                        {"death", 6},
                                        {"dead", 6},
                                        {"deceased", 6},
                                        {"died", 6},
                                        {"status", 4},
                                        {"=event", 6},
                                        {"event", 4},
                                        {"fustat", 6},
                                        {"cens", 3},
                                        {"=d", 3},
                                        {"=delta", 3},
                                        {"=os", 3},
                                        {"=ose", 6},
                                        {"=e", 3},
                                        {"osstatus", 4},
                                        {"survivalstatus", 4},
                                        {"erstatus", -9},
                                        {"prstatus", -9},
                                        {"her2", -9},
                                        {"marital", -9},
                                        {"estrogen", -9},
                                        {"progest", -9},
                                        {"time", -4},
                                        {"menopaus", -9},
                                        {"hrstatus", -9},
                                        {"receptor", -9},
                                        {"=tot", 5},
                                        {"=tod", 5},
                                        {"verstorben", 6},
                                        {"deces", 6},
                                        {"muerte", 6},
                                        {"tumorstatus", -6},
                                        {"diseasestatus", -6},
                                        {"nodestatus", -9},
                                        {"smok", -9},
                                        {"performance", -9},
                                        {"insurance", -9},
                                        {"date", -6},
                                        {"cause", -4},
                                        {"margin", -9},
                                        {"brca", -9},
                                        {"month", -6},
                                        {"days", -6},
                                        {"age", -3},
                                        {"mutation", -9},
                                        {"msi", -9}};
    if (c->n_distinct < 1 || c->n_distinct > 12 || c->kind == LUS_PROFILE_DATE ||
        c->kind == LUS_PROFILE_NUMBER)
        return 0;
    return POINTS(c->name, words) + (tells_of_death(c) ? 6 : 0);
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

/* The best pair; *is_sole: no other pair of columns comes near it. */
static void find_pair(struct lus_guess *guess, const struct lus_profile *p, bool *is_sole)
{
    int best = 0, second = 0;
    const struct lus_profile_column *time = NULL, *event = NULL;
    for (size_t e = 0; e < p->n_columns; e++) {
        int of_event = event_points(&p->columns[e]);
        if (of_event <= 0) continue;
        if (POINTS(p->columns[e].name, endpoints)) of_event -= 3;
        for (size_t t = 0; t < p->n_columns; t++) {
            int of_time = time_points(&p->columns[t]);
            if (of_time <= 0 || t == e) continue;
            int points = of_event + of_time + likeness(p->columns[t].name, p->columns[e].name);
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

/* --- dates --- */

static void find_dates(struct lus_guess *guess, const struct lus_profile *p)
{
    static const struct word origins[] = {{"diag", 4},    {"dx", 4},     {"surgery", 2},
                                          {"=dgdate", 6}, {"index", 3},  {"origin", 3},
                                          {"random", 3},  {"start", 2},  {"accept", 2},
                                          {"entry", 1},   {"metast", 3}, {"birth", -9},
                                          {"dob", -9},    {"death", -9}, {"last", -9},
                                          {"relap", -9},  {"recur", -9}},
                             exits[] = {{"last", 4},   {"contact", 4}, {"follow", 4}, {"exit", 5},
                                        {"fudate", 4}, {"=exdate", 6}, {"censor", 3}, {"end", 2},
                                        {"lfu", 4},    {"death", 3},   {"dod", 3},    {"died", 3},
                                        {"diag", -9},  {"birth", -9},  {"dob", -9},   {"relap", -9},
                                        {"recur", -9}, {"start", -9},  {"dx", -4}};
    const struct lus_profile_column *origin = NULL, *exit = NULL, *death = NULL, *other = NULL;
    int best_origin = 0, best_exit = 0;
    size_t n_others = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        if (c->kind != LUS_PROFILE_DATE) continue;
        int of_origin = POINTS(c->name, origins), of_exit = POINTS(c->name, exits);
        bool is_death = of_exit == 3 && c->n_missing;
        if (of_origin > best_origin) best_origin = of_origin, origin = c;
        if (of_origin == 0 && of_exit <= 0) other = c, n_others++;
        if (is_death) death = c;
        else if (of_exit > best_exit) best_exit = of_exit, exit = c;
    }
    if (!exit) exit = death, death = NULL;
    if (!origin && n_others == 1) origin = other; /* the only date beside the last contact */
    if (!origin || !exit || origin == exit) return;
    guess->origin = origin;
    guess->n_times = 0;
    if (death && death != exit) guess->times[guess->n_times++] = death;
    guess->times[guess->n_times++] = exit;
    guess->unit = "months";
}

const char *lus_guess_origin_name(const char *column)
{
    static const struct {
        struct word word;
        const char *origin;
    } names[] = {{{"metast", 1}, "first metastasis"},
                 {{"diag", 1}, "diagnosis"},
                 {{"dx", 1}, "diagnosis"},
                 {{"surg", 1}, "surgery"},
                 {{"random", 1}, "randomisation"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (points_of(column, &names[i].word, 1)) return names[i].origin;
    return NULL;
}

/* --- rows, and the population --- */

static void find_id(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t k = 0; lus_id_names[k] && !guess->id; k++) {
        const struct lus_profile_column *c = lus_guess_column(p, lus_id_names[k]);
        if (c && c->n_distinct == p->n_rows) return; /* each row is one */
        if (c && !c->is_capped && c->n_distinct + c->n_missing < p->n_rows &&
            c->n_distinct * 20 >= p->n_rows)
            guess->id = c;
    }
    guess->has_rows_of_cases |= lus_guess_column(p, "sampleid") != NULL;
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

static bool is_sex(const struct lus_profile_column *c)
{
    static const char *const words[] = {"male", "female", "m", "f"};
    size_t n = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        bool is_known = lus_is_unknown_word(lus_text_of(c->values[i]));
        for (size_t k = 0; k < 4; k++)
            if (strcasecmp(c->values[i], words[k]) == 0) is_known = true, n++;
        if (!is_known) return false;
    }
    return n > 0;
}

/* Age, sex and year of diagnosis, where each is plain to see. */
static void find_population(struct lus_guess *guess, const struct lus_profile *p)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        char plain[LUS_GUESS_NAME];
        lus_guess_plain(c->name, plain);
        bool is_age = strncmp(plain, "age", 3) == 0 || strstr(plain, "ageat") ||
                      strstr(plain, "diagnosisage") || strcmp(plain, "dgage") == 0;
        if (!guess->age && is_age && lus_guess_is_number(c) && c->n_distinct > 6 && c->max <= 120 &&
            c->min >= 0)
            guess->age = c;
        if (!guess->sex && (strcmp(plain, "sex") == 0 || strcmp(plain, "gender") == 0) && is_sex(c))
            guess->sex = c;
        bool is_year = strstr(plain, "year") &&
                       (strstr(plain, "diag") || strcmp(plain, "year") == 0 || strstr(plain, "dx"));
        if (!guess->year && is_year && c->kind == LUS_PROFILE_INTEGER && c->min > 1900 &&
            c->max < 2100)
            guess->year = c;
    }
    if (guess->origin && guess->origin->kind == LUS_PROFILE_DATE) guess->date = guess->origin;
}

void lus_guess_make(struct lus_guess *guess, const struct lus_profile *p)
{
    bool is_sole = true;
    if (!lus_guess_convention(guess, p)) {
        find_pair(guess, p, &is_sole);
        if (!guess->event) guess->event = find_one(p, event_points);
        if (!guess->n_times) find_dates(guess, p);
        if (!guess->n_times && (guess->times[0] = find_one(p, time_points)) != NULL)
            guess->n_times = 1;
        guess->entry = lus_guess_column(p, "start");
        if (!guess->entry) guess->entry = lus_guess_column(p, "tstart");
        if (guess->event) (void)lus_guess_levels(guess, guess->event);
        bool is_of_death = guess->event && !POINTS(guess->event->name, endpoints) &&
                           event_points(guess->event) >= 6;
        for (size_t i = 0; i < guess->n_levels; i++)
            is_of_death |= strcasestr(guess->levels[i], "dead") ||
                           strcasestr(guess->levels[i], "died") ||
                           strcasestr(guess->levels[i], "deceased");
        if (is_of_death && guess->event && strcasestr(guess->event->name, "event") == NULL)
            guess->measure = "OS";
        if (!is_sole) guess->n_times = 0; /* a question, not a choice */
    }
    if (guess->n_times && !guess->origin && !guess->unit)
        guess->unit = lus_guess_unit(guess->times[0]);
    if (guess->origin && !guess->unit) guess->unit = "months";
    find_id(guess, p);
    find_population(guess, p);
    lus_guess_endpoints(guess, p);
    find_code(guess);
}
