/* Which levels of an event's column mean the event, where words or codes tell. */
#include <ctype.h>
#include <string.h>

#include "command/guess.h"

/* Whether a value means the event, as far as the word tells: 1, 0 or -1. */
static int event_of(const char *word)
{
    static const char *const yes[] = {"died", "dead", "deceased", "death"}, *const no[] = {
                                                                                "alive", "living",
                                                                                "censored",
                                                                                "lost to follow",
                                                                                "loss to follow"};
    int said = lus_event_of_word(lus_text_of(word));
    for (size_t i = 0; i < sizeof yes / sizeof *yes && said < 0; i++)
        if (strncasecmp(word, yes[i], strlen(yes[i])) == 0) said = 1;
    for (size_t i = 0; i < sizeof no / sizeof *no && said < 0; i++)
        if (strncasecmp(word, no[i], strlen(no[i])) == 0) said = 0;
    return said;
}

/* Columns of whom is alive or censored: yes and 1 are no event there, or are, nobody knows. */
static bool counts_others(const struct lus_profile_column *c)
{
    static const char *const others[] = {"alive", "surviv", "cens", "living", "vital"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasestr(c->name, others[i])) return true;
    return false;
}

static bool is_yes_or_no(const char *word)
{
    static const char *const words[] = {"true", "false", "t", "f", "yes", "no", "y", "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(word, words[i]) == 0) return true;
    return false;
}

/* A and D, and nothing else: alive and dead. */
static bool are_letters(const struct lus_profile_column *c)
{
    bool has_a = false, has_d = false;
    for (size_t i = 0; i < c->n_values; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        bool is_a = strcasecmp(c->values[i], "a") == 0, is_d = strcasecmp(c->values[i], "d") == 0;
        if (!is_a && !is_d) return false;
        has_a |= is_a, has_d |= is_d;
    }
    return has_a && has_d;
}

/* Words that say which is which. */
static bool levels_of_words(struct lus_guess *guess, const struct lus_profile_column *c)
{
    if (are_letters(c)) {
        for (size_t i = 0; i < c->n_values; i++)
            if (strcasecmp(c->values[i], "d") == 0) guess->levels[guess->n_levels++] = c->values[i];
        return true;
    }
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

/* What the word beside a value in a name tells of it, 1 the event, 0 none, -1 nothing: "1-dead
 * 0-alive"; behind: "Dead 1_Alive_0". */
static int named_event(const char *name, const char *value, bool behind)
{
    static const char marks[] = " =:-_";
    size_t n = strlen(value);
    for (const char *at = name; n && (at = strstr(at, value)) != NULL; at += n) {
        bool begins = at == name || !isalnum((unsigned char)at[-1]),
             ends = !isalnum((unsigned char)at[n]);
        char word[16] = "";
        if (!begins || !ends) continue;
        const char *from = at + n, *to;
        if (behind) {
            for (to = at; to > name && strchr(marks, to[-1]);)
                to--;
            if (to == at) continue;
            for (from = to; from > name && isalpha((unsigned char)from[-1]);)
                from--;
        } else {
            from += strspn(from, marks);
            if (from == at + n) continue;
            for (to = from; isalpha((unsigned char)*to);)
                to++;
        }
        if (from == to || (size_t)(to - from) >= sizeof word) continue;
        memcpy(word, from, (size_t)(to - from));
        if (event_of(word) >= 0) return event_of(word);
    }
    return -1;
}

/* A column whose name, or label, says what its codes are: the codes behind their words, where such
 * a word stands in front of all codes. */
static bool levels_of_name(struct lus_guess *guess, const struct lus_profile_column *c,
                           const char *name)
{
    static const char *const words[] = {"dead",  "death",  "deceased", "died",
                                        "alive", "living", "censored"};
    const char *code = NULL, *first = NULL;
    for (size_t i = 0; i < c->n_values; i++) {
        const char *at = *c->values[i] ? strstr(name, c->values[i]) : NULL;
        if (at && (!code || at < code)) code = at;
    }
    for (size_t i = 0; code && i < sizeof words / sizeof *words; i++) {
        const char *at = strcasestr(name, words[i]);
        if (at && (!first || at < first)) first = at;
    }
    size_t n = 0, n_named = 0;
    for (size_t i = 0; first && i < c->n_values; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        int said = named_event(name, c->values[i], first < code);
        n++, n_named += said >= 0;
        if (said == 1 && guess->n_levels < LUS_GUESS_LEVELS)
            guess->levels[guess->n_levels++] = c->values[i];
    }
    if (n > 2 && n_named < n) guess->n_levels = 0; /* one that is not explained is a question */
    return guess->n_levels > 0;
}

/* A column that is called alive, and says yes or no in words: no is the event. */
static bool levels_of_alive(struct lus_guess *guess, const struct lus_profile_column *c)
{
    static const char *const names[] = {"alive", "isalive", "living", "patientalive"},
                             *const no[] = {"no", "n", "false"};
    bool is_alive = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        is_alive |= strcmp(c->plain, names[i]) == 0;
    for (size_t i = 0; i < c->n_values && is_alive; i++) {
        if (lus_is_unknown_word(lus_text_of(c->values[i]))) continue;
        if (!is_yes_or_no(c->values[i])) return false;
        for (size_t k = 0; k < sizeof no / sizeof *no; k++)
            if (strcasecmp(c->values[i], no[k]) == 0) {
                if (guess->n_levels) return false;
                guess->levels[guess->n_levels++] = c->values[i];
            }
    }
    return guess->n_levels > 0;
}

bool lus_guess_levels(struct lus_guess *guess, const struct lus_profile_column *c)
{
    guess->n_levels = 0;
    if (c->n_values < 1 || c->n_distinct > 12) return false;
    if (levels_of_name(guess, c, c->name) || levels_of_name(guess, c, c->label) ||
        levels_of_alive(guess, c))
        return true;
    guess->n_levels = 0;
    bool is_told = c->kind == LUS_PROFILE_INTEGER ? levels_of_codes(guess, c)
                                                  : levels_of_words(guess, c);
    if (!is_told) guess->n_levels = 0;
    return is_told;
}
