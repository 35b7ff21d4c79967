#include "people/events.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "support/number.h"

/* What a word of the event column says: 0, the number of a cause, or one of these. */
enum { EVENT_NONE = 0, EVENT_BAD = 254, EVENT_UNDECIDED = 255 };

int lus_event_of_word(struct lus_text word)
{
    static const char *const yes[] = {"true", "t",     "yes",      "y",     "dead",
                                      "died", "death", "deceased", "event", "exitus"},
                             *const no[] = {"false",    "f",          "no",        "n",
                                            "alive",    "living",     "censored",  "no event",
                                            "survived", "event-free", "event free"};
    double value;
    if (lus_number_parse(word.p, word.n, &value) == LUS_NUMBER_OK)
        return value == 1 ? 1 : value == 0 ? 0 : -1;
    if (word.n > 2 && word.p[1] == ':' && (word.p[0] == '0' || word.p[0] == '1'))
        return word.p[0] - '0'; /* cBioPortal: "1:DECEASED", "1:DEAD WITH TUMOR" */
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (lus_text_equal_any_case(word, yes[i])) return 1;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (lus_text_equal_any_case(word, no[i])) return 0;
    return -1;
}

/* A mark that may mean "no" is no word of unknown. */
static bool is_unknown(struct lus_text word)
{
    return lus_is_unknown_word(word) && !lus_text_equal(word, lus_text_of("-")) &&
           !lus_text_equal(word, lus_text_of("--"));
}

static bool is_whole(struct lus_text word)
{
    double value;
    return lus_number_parse(word.p, word.n, &value) == LUS_NUMBER_OK && value == floor(value) &&
           value >= 0;
}

/* Without levels. CDISC's CNSR counts censorings: 0 is the event. */
static uint8_t plain_word(const struct lus_plan *plan, struct lus_text word)
{
    int event = lus_event_of_word(word);
    bool is_censoring = strcasecmp(lus_slot_name(plan, plan->event), "CNSR") == 0;
    if (is_censoring && event < 0 && is_whole(word)) event = 1; /* kinds of censoring */
    if (event < 0) return is_unknown(word) ? EVENT_UNDECIDED : EVENT_BAD;
    return (uint8_t)(is_censoring ? !event : event);
}

size_t lus_event_of_any(const struct lus_plan *plan)
{
    for (size_t c = 0; c < plan->n_causes; c++)
        for (size_t i = 0; i < plan->causes[c].n_levels; i++)
            if (strcmp(plan->causes[c].levels[i], "*") == 0) return c + 1;
    return 0;
}

static uint8_t event_word(const struct lus_plan *plan, struct lus_text word)
{
    double value, number;
    if (!plan->causes[0].n_levels) return plain_word(plan, word);
    size_t any = lus_event_of_any(plan);
    if (any) return word.n && !is_unknown(word) ? (uint8_t)any : EVENT_NONE;
    bool is_number = lus_number_parse(word.p, word.n, &value) == LUS_NUMBER_OK;
    for (size_t c = 0; c < plan->n_causes; c++)
        for (size_t i = 0; i < plan->causes[c].n_levels; i++) {
            struct lus_text level = lus_text_of(plan->causes[c].levels[i]);
            if (lus_text_equal(word, level) ||
                (is_number && lus_number_parse(level.p, level.n, &number) == LUS_NUMBER_OK &&
                 value == number))
                return (uint8_t)(c + 1);
        }
    return is_unknown(word) ? EVENT_UNDECIDED : EVENT_NONE;
}

int lus_cause_of_code(const struct lus_events *e, uint32_t code)
{
    return code < e->n && e->words[code] < EVENT_BAD ? (int)e->words[code] : -1;
}

int lus_events_take(struct lus_events *e, const struct lus_values *v, struct lus_people *p,
                    struct lus_error *err)
{
    const struct lus_column *column = &v->columns[v->plan->event];
    size_t n_words = column->dictionary.texts.n;
    if (e->n < n_words) {
        uint8_t *words = lus_realloc(e->words, n_words * 2, 1);
        if (!words) return lus_fail_memory(err);
        e->words = words;
        uint64_t *kept = lus_realloc(e->kept, n_words * 2, sizeof *kept);
        if (!kept) return lus_fail_memory(err);
        e->kept = kept;
        for (; e->n < n_words; e->n++)
            kept[e->n] = 0,
            words[e->n] = e->n ? event_word(v->plan, column->dictionary.texts.at[e->n])
                          : lus_event_of_any(v->plan) ? EVENT_NONE
                                                      : EVENT_UNDECIDED;
    }
    bool any_missing = false;
    e->any_bad = false;
    for (size_t i = 0; i < p->n; i++) {
        uint8_t word = e->words[column->codes[i]];
        p->event[i] = word;
        any_missing |= word == EVENT_UNDECIDED;
        e->any_bad |= word == EVENT_BAD;
    }
    for (size_t i = 0; i < p->n && any_missing; i++)
        if (p->event[i] == EVENT_UNDECIDED) lus_people_set_missing(p, i, LUS_ROW_NO_EVENT);
    return LUS_OK;
}

bool lus_event_is_bad(const struct lus_events *e, const struct lus_values *v, size_t row)
{
    return e->words[v->columns[v->plan->event].codes[row]] == EVENT_BAD;
}

void lus_events_free(struct lus_events *e)
{
    free(e->words), free(e->kept);
    *e = (struct lus_events){0};
}

static int by_text(const void *a, const void *b)
{
    return lus_text_order(lus_text_of(*(const char *const *)a),
                          lus_text_of(*(const char *const *)b));
}

/* The distinct words of a column, over all threads; enough of them to tell. */
struct words {
    struct lus_arena arena;
    LUS_ARRAY(const char *) list;
};
enum { MOST_WORDS = 100 };

static int add_word(struct words *w, struct lus_text word)
{
    for (size_t k = 0; k < w->list.n; k++)
        if (lus_text_equal(word, lus_text_of(w->list.at[k]))) return LUS_OK;
    char *copy = lus_arena_copy(&w->arena, word.p, word.n);
    if (!copy) return LUS_ENOMEM;
    LUS_TRY(LUS_ARRAY_RESERVE(&w->list, 1));
    w->list.at[w->list.n++] = copy;
    return LUS_OK;
}

static bool is_seen(const struct words *w, const char *level)
{
    double wanted, value;
    bool is_number = lus_number_parse(level, strlen(level), &wanted) == LUS_NUMBER_OK;
    for (size_t k = 0; k < w->list.n; k++) {
        const char *word = w->list.at[k];
        if (strcmp(word, level) == 0) return true;
        if (is_number && lus_number_parse(word, strlen(word), &value) == LUS_NUMBER_OK &&
            value == wanted)
            return true;
    }
    return w->list.n >= MOST_WORDS;
}

static int fail_level(const struct lus_plan *plan, const struct words *w, const char *level,
                      struct lus_error *err)
{
    struct lus_string s = {0};
    lus_string_print(&s, "%s: %s: no row has the event level \"%s\"; the column holds ",
                     plan->header->file, plan->recipe.event.column, level);
    size_t most = s.n + 200;
    for (size_t k = 0; k < w->list.n && s.n < most; k++)
        lus_string_print(&s, "%s\"%s\"", k ? ", " : "", w->list.at[k]);
    return lus_fail_string(err, LUS_EDATA, &s);
}

int lus_events_check(const struct lus_plan *plan, const struct lus_values *const *values, size_t n,
                     struct lus_error *err)
{
    struct words words = {0};
    int status = LUS_OK;
    for (size_t t = 0; t < n && plan->event != LUS_NO_SLOT; t++) {
        const struct lus_dictionary *d = &values[t]->columns[plan->event].dictionary;
        for (size_t i = 1; i < d->texts.n && words.list.n < MOST_WORDS && status == LUS_OK; i++)
            status = add_word(&words, d->texts.at[i]);
    }
    if (status == LUS_ENOMEM) (void)lus_fail_memory(err);
    if (words.list.n) qsort(words.list.at, words.list.n, sizeof *words.list.at, by_text);
    for (size_t l = 0; l < plan->recipe.event.n_levels && words.list.n > 1 && status == LUS_OK &&
                       !plan->may_be_empty && !lus_event_of_any(plan);
         l++)
        if (!is_seen(&words, plan->recipe.event.levels[l]))
            status = fail_level(plan, &words, plan->recipe.event.levels[l], err);
    LUS_ARRAY_FREE(&words.list);
    lus_arena_free(&words.arena);
    return status;
}
