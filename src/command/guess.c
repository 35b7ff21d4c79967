/* A first guess of a file's time, event, entry, unit, people: by a known kind of file, else by the
 * names and what the values allow. */
#include "command/guess.h"

#include <math.h>

/* Where there is no pair: the only column that looks like either. */
static const struct lus_profile_column *find_one(const struct lus_profile *p, bool is_time)
{
    const struct lus_profile_column *best = NULL;
    int most = 0;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        int points = is_time ? lus_guess_time_points(p, c) : lus_guess_event_points(c);
        if (points > most) most = points, best = c;
        else if (points == most && points > 0) best = NULL;
    }
    return best;
}

const char *lus_guess_unit(const struct lus_profile_column *c)
{
    enum lus_unit unit;
    if (lus_unit_of_name(c->name, &unit) || lus_unit_of_name(c->label, &unit))
        return lus_unit_name(unit);
    if (c->max > 600) return "days";
    return c->kind == LUS_PROFILE_NUMBER && c->max > 40 ? "months" : NULL;
}

/* Of death of any cause, where the name or a level says so; of "status" alone nobody knows. */
static void find_measure(struct lus_guess *guess)
{
    static const struct lus_guess_word deaths[] = {
        {"death", 1}, {"dead", 1}, {"deceased", 1}, {"died", 1},    {"vital", 1},
        {"~os", 1},   {"=os", 1},  {"osstatus", 1}, {"osevent", 1}, {"overallsurvival", 1}};
    const struct lus_profile_column *event = guess->event;
    if (!event || lus_guess_is_of_other(event)) return;
    bool is_of_death = LUS_GUESS_POINTS(event, deaths) && lus_guess_has_known_words(event->name);
    for (size_t i = 0; i < guess->n_levels; i++)
        is_of_death |= strcasestr(guess->levels[i], "dead") ||
                       strcasestr(guess->levels[i], "died") ||
                       strcasestr(guess->levels[i], "deceased") ||
                       strcasecmp(guess->levels[i], "d") == 0; /* beside A */
    if (is_of_death) guess->measure = "OS";
}

/* Of a time of last contact alone the dead would lack theirs: where a time of death stands beside
 * it, that comes first. */
static void add_time_of_death(struct lus_guess *guess, const struct lus_profile *p)
{
    static const struct lus_guess_word contact[] = {
        {"lastcontact", 1}, {"lastfollow", 1}, {"lastvisit", 1}};
    if (guess->n_times != 1 || !LUS_GUESS_POINTS(guess->times[0], contact)) return;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        static const struct lus_guess_word death[] = {{"death", 1}, {"died", 1}, {"deceased", 1}},
                                           time[] = {{"day", 1}, {"month", 1}, {"time", 1}};
        if (c == guess->event || !lus_guess_is_number(c) || !(c->max > 1) ||
            !LUS_GUESS_POINTS(c, death) || !LUS_GUESS_POINTS(c, time))
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
        const struct lus_profile_column *start = lus_profile_find(p, pairs[i][0]),
                                        *stop = lus_profile_find(p, pairs[i][1]);
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

/* The only time whose event by its name is the one that is found: death.time of death.stat. */
static void take_time_of_event(struct lus_guess *guess, const struct lus_profile *p)
{
    if (guess->n_times || !guess->event) return;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        if (lus_guess_time_points(p, c) <= 0 || lus_guess_partner(p, c, NULL) != guess->event)
            continue;
        guess->times[0] = c;
        if (++guess->n_times > 1) break;
    }
    if (guess->n_times > 1) guess->n_times = 0;
}

static int guess_by_names(struct lus_guess *guess, const struct lus_profile *p)
{
    bool is_sole = true;
    if (!take_named_pair(guess, p)) LUS_TRY(lus_guess_pair(guess, p, &is_sole));
    if (!guess->event) guess->event = find_one(p, false);
    if (!guess->n_times) lus_guess_dates(guess, p);
    if (!guess->n_times && (guess->times[0] = find_one(p, true)) != NULL) guess->n_times = 1;
    add_time_of_death(guess, p);
    if (!is_sole) guess->n_times = 0; /* a question, not a choice */
    take_time_of_event(guess, p);
    find_entry(guess, p);
    if (guess->event && !guess->n_levels) (void)lus_guess_levels(guess, guess->event);
    if (!guess->measure) find_measure(guess);
    return LUS_OK;
}

/* In place of a time that changes within a person, whose event does not, one that does not. */
static void prefer_constant(struct lus_guess *guess, const struct lus_profile *p)
{
    if (!guess->id || guess->n_times != 1 || guess->entry || guess->origin || !guess->event ||
        guess->time_is_sure || lus_is_of_persons(p, guess->id, guess->times[0]) ||
        !lus_is_of_persons(p, guess->id, guess->event))
        return;
    for (size_t i = 0; i < p->n_columns; i++)
        if (lus_guess_time_points(p, &p->columns[i]) > 0 &&
            lus_is_of_persons(p, guess->id, &p->columns[i])) {
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
    if ((guess->unit = lus_unit_of_fractions(p, time)) != NULL) {
        guess->has_fractions = true;
        return;
    }
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

int lus_guess_make(struct lus_guess *guess, const struct lus_profile *p)
{
    if (!lus_guess_convention(guess, p)) LUS_TRY(guess_by_names(guess, p));
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
    return LUS_OK;
}
