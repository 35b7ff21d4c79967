/* What a column's name, and a look at its values, tell of its part: points for words, weighed by
 * what stands in public files. */
#include <ctype.h>
#include <math.h>

#include "command/guess.h"

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

static bool has(const struct lus_profile_column *c, const char *word)
{
    if (word[0] == '=') return strcmp(c->plain, word + 1) == 0;
    if (word[0] == '~') return has_word(c->name, word + 1);
    return strstr(c->plain, word) != NULL;
}

int lus_guess_points(const struct lus_profile_column *c, const struct lus_guess_word *words,
                     size_t n)
{
    int points = 0;
    for (size_t i = 0; i < n; i++)
        if (has(c, words[i].text)) points += words[i].points;
    return points;
}

bool lus_guess_is_number(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER || c->kind == LUS_PROFILE_NUMBER;
}

bool lus_guess_has_negatives(const struct lus_profile *p, const struct lus_profile_column *c)
{
    size_t n = 0, n_less = 0;
    if (c->min >= 0) return false;
    for (size_t row = 0; row < p->n_sample; row++)
        if (!isnan(c->numbers[row])) n++, n_less += c->numbers[row] < 0;
    return n_less * 50 > n; /* a few are bad rows of a time */
}

/* 1 to 12, under the name of a month: of the year, not of follow-up. */
static bool is_calendar_month(const struct lus_profile_column *c)
{
    return c->kind == LUS_PROFILE_INTEGER && c->min >= 1 && c->max <= 12 &&
           strstr(c->plain, "month") && !strstr(c->plain, "months");
}

int lus_guess_time_points(const struct lus_profile *p, const struct lus_profile_column *c)
{
    static const struct lus_guess_word words[] = {
        {"survival", 4},      {"surv", 2},         {"followup", 4},
        {"futime", 6},        {"time", 4},         {"month", 3},
        {"days", 3},          {"years", 1},        {"overall", 2},
        {"osmonths", 4},      {"=t", 3},           {"=os", 1},
        {"~tte", 3},          {"=stop", 6},        {"=tstop", 6},
        {"=days", 4},         {"=months", 4},      {"age", -6},
        {"entry", -6},        {"start", -6},       {"diagnos", -5},
        {"birth", -9},        {"year", -1},        {"flag", -9},
        {"treat", -6},        {"chemo", -6},       {"therap", -6},
        {"transplant", -4},   {"wait", -6},        {"surgery", -6},
        {"status", -9},       {"event", -9},       {"smok", -9},
        {"timepoint", -9},    {"score", -9},       {"=time", 3},
        {"protime", -9},      {"diagtime", -9},    {"zeit", 4},
        {"temps", 4},         {"tiempo", 4},       {"interval", -3},
        {"visit", -6},        {"=lasttime", -2},   {"onset", -9},
        {"lastobs", 8},       {"lastfollow", 6},   {"lastcontact", 6},
        {"toend", 2},         {"=years", 4},       {"lenfol", 6},
        {"~ttr", 4},          {"obstime", -9},     {"attempt", -9},
        {"duration", 5},      {"timetoevent", 10}, {"eventtime", 13},
        {"=eventt", 13},      {"~os", 3},          {"=week", 4},
        {"=weeks", 4},        {"=day", 3},         {"ttdeath", 6},
        {"~fu", 4},           {"fuyrs", 5},        {"sobrevida", 4},
        {"supervivencia", 4}, {"survie", 4},       {"berleb", 4},
        {"meses", 3},         {"monate", 3},       {"jours", 3},
        {"idade", -9},        {"edad", -6}};
    if (!lus_guess_is_number(c) || lus_guess_has_negatives(p, c) ||
        (c->n_distinct < 4 && !c->is_capped))
        return 0;
    if (is_calendar_month(c)) return 0;
    return LUS_GUESS_POINTS(c, words);
}

/* Whether a column's words are of who lives and who is dead, whatever its name. */
static bool tells_of_death(const struct lus_profile_column *c)
{
    static const char *const words[] = {"dead", "deceased", "died", "alive", "living"};
    size_t n = 0, n_known = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        n_known++;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            size_t length = strlen(words[k]); /* "dead," as well */
            n += strncasecmp(c->values[i], words[k], length) == 0 &&
                 strspn(c->values[i] + length, " ,;.") == strlen(c->values[i] + length);
        }
    }
    return n_known && n == n_known;
}

bool lus_guess_has_known_words(const char *name)
{
    static const char *const known[] = {
        "death",  "dead",     "deceased", "died",      "vital", "status",  "event",    "recode",
        "study",  "cutoff",   "used",     "patient",   "s",     "overall", "survival", "os",
        "is",     "has",      "ind",      "indicator", "flag",  "fu",      "at",       "last",
        "follow", "up",       "of",       "the",       "exit",  "fin",     "final",    "followup",
        "pt",     "subject",  "current",  "outcome",   "stat",  "contact", "code",     "cens",
        "censor", "censored", "surv",     "alive",     "or",    "living"};
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
        char *status = strstr(word, "status"); /* vitalstatus, statusT */
        if (status && (status > word ? strlen(status) == 6 : n < 9)) *status = 0;
        bool is_known = !*word || !word[1]; /* one letter tells nothing */
        for (size_t i = 0; i < sizeof known / sizeof *known && !is_known; i++)
            is_known = strcmp(word, known[i]) == 0;
        if (!is_known) return false;
    }
    return true;
}

/* A status, or a state, of something else than life: Radio_status. */
static bool is_status_of_other(const struct lus_profile_column *c)
{
    static const struct lus_guess_word others[] = {
        {"death", 1}, {"dead", 1}, {"deceased", 1}, {"died", 1}, {"vital", 1}, {"surviv", 1},
        {"alive", 1}, {"cens", 1}, {"event", 1},    {"dss", 1},  {"css", 1}};
    return strstr(c->plain, "status") && !LUS_GUESS_POINTS(c, others) &&
           !lus_guess_is_of_other(c) && !tells_of_death(c) && !lus_guess_has_known_words(c->name);
}

int lus_guess_event_points(const struct lus_profile_column *c)
{
    static const struct lus_guess_word words[] = {{"vital", 6},
                                                  {"death", 6},
                                                  {"dead", 6},
                                                  {"deceased", 6},
                                                  {"died", 6},
                                                  {"status", 4},
                                                  {"=status", 3},
                                                  {"=death", 5},
                                                  {"=died", 5},
                                                  {"=dead", 5},
                                                  {"fstat", 4},
                                                  {"=stat", 4},
                                                  {"=dc", 3},
                                                  {"exitstat", 6},
                                                  {"=fail", 5},
                                                  {"=observed", 4},
                                                  {"~alive", 5},
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
    /* 1, 2, 3, 4: the episodes of a person, or grades */
    if (c->kind == LUS_PROFILE_INTEGER && c->n_distinct > 3 && c->min >= 1) return 0;
    if (is_status_of_other(c)) return 0;
    return LUS_GUESS_POINTS(c, words) + (tells_of_death(c) ? 6 : 0);
}

bool lus_guess_is_named(const struct lus_profile *p, const struct lus_profile_column *c,
                        bool is_time)
{
    return is_time ? lus_guess_time_points(p, c) > 0 || c->kind == LUS_PROFILE_DATE
                   : lus_guess_event_points(c) > 0;
}
