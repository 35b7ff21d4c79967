/* lustrum recipe: a first recipe from a file, its guesses marked, for a person to finish. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/first.h"
#include "command/option.h"
#include "people/people.h"

static const struct lus_option options[] = {
    LIST("dates", "FORM|COL=FORM,...", dates, "how dates are written, as dd/mm/yyyy"),
    TEXT("encoding", 0, "NAME", encoding, "of the files, as latin1 (default: UTF-8)"),
    TEXT("layout", 0, "FILE", layout,
         "what the columns are: a SEER*Stat dictionary, or a SAS program for text of fixed width "
         "(default: FILE.dic beside FILE)"),
    TEXT("delimiter", 0, "CHAR", delimiter, "what parts the fields (default: found in the header)"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default, and for -: standard output)"),
    FLAG("quiet", quiet, "no progress on standard error"),
    END};
const struct lus_option_group lus_recipe_options = {"Options", options};

/* "a", or [a, b]: of several the first that is there. */
static void put_column_names(struct lus_string *out,
                             const struct lus_profile_column *const *columns, size_t n)
{
    lus_string_put(out, n > 1 ? "[" : "");
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? ", " : "");
        lus_first_text(out, columns[i]->name);
    }
    lus_string_put(out, n > 1 ? "]" : "");
}

static bool has_time(const struct lus_first *f)
{
    return f->guess.n_times && f->guess.unit && !f->guess.doubt && !*f->trouble &&
           !lus_first_has_open_dates(&f->guess);
}

static bool has_event(const struct lus_first *f)
{
    return f->guess.event && f->guess.n_levels && !*f->trouble;
}

/* Names and numbers of rows, which are neither. */
static bool counts_rows(const struct lus_first *f, const struct lus_profile_column *c)
{
    static const char *const names[] = {"", "rownames", "rowname", "obs", "unnamed0", "x", "index"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(c->plain, names[i]) == 0 && c->n_distinct == f->profile.n_rows) return true;
    for (size_t i = 0; lus_id_names[i]; i++)
        if (strcmp(c->plain, lus_id_names[i]) == 0) return true;
    return c->kind == LUS_PROFILE_INTEGER && c->n_distinct == f->profile.n_rows && c->min == 1 &&
           c->max == (double)f->profile.n_rows;
}

static bool may_be(const struct lus_first *f, const struct lus_profile_column *c, bool is_time)
{
    if (counts_rows(f, c)) return false;
    if (!is_time) return c->kind != LUS_PROFILE_DATE && c->n_distinct > 1 && c->n_distinct <= 6;
    return c->kind == LUS_PROFILE_DATE ||
           (lus_guess_is_number(c) && c->n_distinct > 12 && !(c->min < 0));
}

/* The columns that may be one, by what their names tell of it: a question shows them. */
static void put_candidates(struct lus_string *out, const struct lus_first *f, bool are_times)
{
    enum { MOST = 12 };
    size_t n = 0, n_all = 0;
    for (size_t i = 0; i < f->profile.n_columns; i++)
        n_all += may_be(f, &f->profile.columns[i], are_times);
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < f->profile.n_columns && n < MOST; i++) {
            const struct lus_profile_column *c = &f->profile.columns[i];
            if (!may_be(f, c, are_times) || lus_guess_is_named(&f->profile, c, are_times) != named)
                continue;
            lus_string_put(out, n++ ? ", " : " Of these: ");
            lus_string_show(out, c->name);
        }
    if (n_all > n) lus_string_print(out, ", and %zu others", n_all - n);
    lus_string_put(out, "\n");
}

/* What the unit of a time is known by. */
static void put_dates_of_time(struct lus_string *out, const struct lus_guess *g)
{
    lus_string_put(out, "# ");
    lus_string_show(out, g->times[0]->name);
    lus_string_print(out, " is in %s: the time from ", g->unit);
    lus_string_show(out, g->from_date->name);
    lus_string_put(out, " to ");
    lus_string_show(out, g->to_date->name);
    lus_string_put(out, "\n");
}

/* A column that by its name is an entry, and times that are the difference of two. */
static void put_entry_question(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    const struct lus_profile_column *from, *to, *time = g->n_times == 1 ? g->times[0] : NULL,
                                                *entry = lus_profile_find(&f->profile, "entry");
    if (g->entry || g->origin || !time) return;
    if (!g->from_date && lus_is_difference(&f->profile, time, &from, &to)) {
        lus_string_put(out, "# ");
        lus_string_show(out, time->name);
        lus_string_put(out, " is ");
        lus_string_show(out, to->name);
        lus_string_put(out, " less ");
        lus_string_show(out, from->name);
        lus_string_put(out, "; counted from where these are, with delayed entry: time: {column: ");
        lus_first_text(out, to->name);
        lus_string_put(out, ", entry: ");
        lus_first_text(out, from->name);
        lus_string_put(out, "}\n");
    } else if (entry && lus_guess_is_number(entry) && entry->min < time->max) {
        lus_string_put(out, "# question: do people come under watch late, at entry, counted as the "
                            "time is? Then `entry: entry` belongs into time:\n");
    }
}

static void put_time(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    bool is_said = has_time(f);
    if (!g->n_times) {
        lus_string_put(out, "# question: which column is the time from the origin to the exit?");
        put_candidates(out, f, true);
        lus_string_put(out,
                       "# time: {column: X, unit: months}\n# or, of dates: time: {from: diagnosis, "
                       "exit: {column: X}, origin: {column: Y}}\n");
        return;
    }
    if (g->doubt) {
        lus_string_put(out, "# question: is ");
        lus_string_show(out, g->times[0]->name);
        lus_string_print(out, " the time from the origin to the exit? %c%s\n",
                         toupper((unsigned char)*g->doubt), g->doubt + 1);
    } else if (g->from_date) {
        put_dates_of_time(out, g);
    } else if (!g->unit) {
        lus_string_put(out, "# question: in which unit is ");
        lus_string_show(out, g->times[0]->name);
        lus_string_print(out, " (%g to %g): days, weeks, months or years?\n", g->times[0]->min,
                         g->times[0]->max);
    } else if (g->has_fractions) {
        lus_string_put(out, "# ");
        lus_string_show(out, g->times[0]->name);
        lus_string_print(out, " is in %s: its decimals are whole days of them\n", g->unit);
    } else if (!g->time_is_sure) {
        lus_string_put(out,
                       "# guess: the column and its unit; `from:` names the origin, `completed: "
                       "true` is for completed months, `entry:` for delayed entry\n");
    }
    put_entry_question(out, f);
    lus_string_put(out, is_said ? "time: {" : "# time: {");
    if (g->origin) {
        const char *from = lus_guess_origin_name(g->origin);
        if (from) lus_string_print(out, "from: %s, ", from);
        lus_string_print(out, "unit: %s, exit: {column: ", g->unit ? g->unit : "days");
        put_column_names(out, g->times, g->n_times);
        lus_string_put(out, "}, origin: {column: ");
        lus_first_text(out, g->origin->name);
        lus_string_put(out, "}");
    } else {
        lus_string_put(out, "column: ");
        put_column_names(out, g->times, g->n_times);
        lus_string_print(out, ", unit: %s", g->unit ? g->unit : "?");
    }
    if (g->entry) {
        lus_string_put(out, ", entry: ");
        lus_first_text(out, g->entry->name);
    }
    lus_string_put(out, g->is_completed ? ", completed: true}\n" : "}\n");
}

static void put_event_line(struct lus_string *out, const struct lus_profile_column *event,
                           const char *const *levels, size_t n, const char *measure)
{
    lus_string_put(out, "event: {column: ");
    lus_first_text(out, event->name);
    lus_string_put(out, ", is: [");
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? ", " : "");
        lus_first_text(out, levels[i]);
    }
    lus_string_print(out, "]%s%s}\n", measure ? ", measure: " : "", measure ? measure : "");
}

static void put_event(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    if (!g->event) {
        lus_string_put(out, "# question: which column is the event, and which of its levels?");
        put_candidates(out, f, false);
        lus_string_put(out, "# event: {column: X, is: [Dead], measure: OS}\n");
        return;
    }
    lus_string_put(out, g->n_levels ? "# " : "# question: which level is the event? ");
    lus_string_show(out, g->event->name);
    if (g->event_is_any) {
        lus_string_print(
            out, " is given in %llu of %llu rows; guess: who has one has died\n",
            (unsigned long long)(f->profile.n_rows - g->event->n_missing - g->event->n_unknown),
            (unsigned long long)f->profile.n_rows);
    } else {
        lus_string_put(out, " holds ");
        lus_first_values(out, g->event);
        lus_string_put(out, g->n_levels && !g->event_is_sure ? "; guess: the event\n" : "\n");
    }
    if (!g->measure && !lus_guess_is_of_other(g->event))
        lus_string_put(out,
                       "# question: `measure: OS` (death of any cause), `measure: CSS` (of the "
                       "cancer), or another event, which has none?\n");
    lus_string_put(out, has_event(f) ? "" : "# ");
    put_event_line(out, g->event, g->levels, g->n_levels, g->measure);
}

/* The other endpoints, ready to take the place of time and event. */
static void put_endpoints(struct lus_string *out, const struct lus_first *f)
{
    for (size_t i = 0; i < f->guess.n_endpoints; i++) {
        const struct lus_endpoint *e = &f->guess.endpoints[i];
        const char *unit = lus_guess_unit(e->time);
        if (!unit) unit = f->guess.unit;
        lus_string_put(out, i ? "# or\n" : "# in place of time and event, another endpoint:\n");
        lus_string_put(out, "#   time: {column: ");
        lus_first_text(out, e->time->name);
        lus_string_print(out, ", unit: %s}\n#   ", unit ? unit : "?");
        put_event_line(out, e->event, e->levels, e->n_levels, e->measure);
    }
}

/* What nobody has looked at yet: results say so until the list is empty. */
static void put_guessed(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    bool time = has_time(f) && !g->time_is_sure, event = has_event(f) && !g->event_is_sure;
    if (time || event)
        lus_string_print(out, "guessed: [%s%s%s]   # take out what you have looked at\n",
                         time ? "time" : "", time && event ? ", " : "", event ? "event" : "");
    if (*f->trouble) {
        lus_string_put(out, "# question: as they stand, time and event do not go: ");
        lus_string_show(out, f->trouble);
        lus_string_put(out, "\n");
    }
}

/* Rows that are bad, where the columns are plain: they stop every command until somebody says. */
static void put_bad_rows(struct lus_string *out, const struct lus_first *f)
{
    if (!*f->bad_row) return;
    lus_string_print(out, "# question: %llu of %llu rows are bad: are they to be left out? ",
                     (unsigned long long)f->n_bad, (unsigned long long)f->profile.n_rows);
    lus_string_show(out, f->bad_row);
    lus_string_put(out, "\n# bad_rows: drop\n");
}

/* Words of unknown in the columns of time, event and age. */
static void put_missing(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    const struct lus_profile_column *columns[LUS_GUESS_TIMES + 5] = {g->event, g->origin, g->age,
                                                                     g->sex, g->year};
    const char *words[LUS_GUESS_TIMES + 5];
    size_t n = 5, n_words = 0;
    for (size_t i = 0; i < g->n_times; i++)
        columns[n++] = g->times[i];
    for (size_t i = 0; i < n; i++) {
        const char *word = columns[i] ? columns[i]->unknown : "";
        for (size_t k = 0; k < n_words && *word; k++)
            if (strcmp(words[k], word) == 0) word = "";
        if (*word) words[n_words++] = word;
    }
    bool has_code = !isnan(g->code);
    if (!n_words && !has_code) return;
    lus_string_put(out, has_code ? "missing: {\"*\": [\"\", NA" : "missing: [\"\", NA");
    for (size_t i = 0; i < n_words; i++) {
        lus_string_put(out, ", ");
        lus_first_text(out, words[i]);
    }
    lus_string_put(out, "]");
    if (has_code) {
        lus_string_put(out, ", ");
        lus_first_text(out, g->times[0]->name);
        lus_string_print(out, ": [%.0f]}", g->code);
    }
    lus_string_put(out, "\n");
}

/* A layout as seen from the file's folder. */
static void put_layout(struct lus_string *out, const char *layout, const char *file)
{
    const char *slash = strrchr(layout, '/'), *other = strrchr(file, '/');
    size_t n = slash ? (size_t)(slash - layout) : 0, m = other ? (size_t)(other - file) : 0;
    bool is_beside = n == m && strncmp(layout, file, n) == 0;
    char *whole = is_beside ? NULL : realpath(layout, NULL);
    lus_string_put(out, "layout: ");
    lus_first_text(out, whole ? whole : is_beside && slash ? slash + 1 : layout);
    lus_string_put(out, "\n");
    free(whole);
}

/* How the file is read, where options said it. */
static void put_reading(struct lus_string *out, const struct lus_options *o)
{
    const char *const said[][2] = {{"encoding", o->encoding}, {"delimiter", o->delimiter}};
    for (size_t i = 0; i < 2; i++) {
        if (!said[i][1]) continue;
        lus_string_print(out, "%s: ", said[i][0]);
        lus_first_text(out, strcmp(said[i][1], "\\t") == 0 ? "\t" : said[i][1]);
        lus_string_put(out, "\n");
    }
    if (o->layout) put_layout(out, o->layout, o->files[0]);
}

/* A month that is a word: which number is which is plain. */
static bool has_letters(const char *date)
{
    while (*date && !isalpha((unsigned char)*date))
        date++;
    return *date;
}

static void put_dates(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    if ((g->origin && g->origin->is_ambiguous) || (g->n_times && g->times[0]->is_ambiguous))
        lus_string_put(out, "# question: does the day or the month come first?\n"
                            "# dates: dd/mm/yyyy\n");
    for (size_t i = 0; i < f->profile.n_columns; i++) {
        const struct lus_profile_column *c = &f->profile.columns[i];
        if (!c->has_short_years || c->kind != LUS_PROFILE_DATE) continue;
        lus_string_put(out, "# question: the years of ");
        lus_string_show(out, c->name);
        lus_string_put(out, " have two digits (");
        lus_string_show(out, c->example);
        lus_string_print(out, "): are 69 to 99 those of 1900, and 00 to 68 of 2000?\n# dates: %s\n",
                         c->is_day_first || has_letters(c->example) ? "dd/mm/yy"
                                                                    : "dd/mm/yy   # or mm/dd/yy");
        break;
    }
    if (f->profile.has_decimal_commas) lus_string_put(out, "decimal: \",\"\n");
}

/* A column that parts a person's rows into kinds, the same for everybody. */
static const struct lus_profile_column *find_kinds(const struct lus_first *f)
{
    const struct lus_profile_column *id = f->guess.id;
    for (size_t i = 0; i < f->profile.n_columns; i++) {
        const struct lus_profile_column *c = &f->profile.columns[i];
        bool are_even = c->n_distinct > 1 && c->n_distinct * id->n_distinct == f->profile.n_rows;
        for (size_t k = 0; k < c->n_values && are_even; k++)
            are_even = c->counts[k] == id->n_distinct;
        if (are_even && c != f->guess.event) return c;
    }
    return NULL;
}

static void put_rows(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    if (g->where) lus_string_print(out, "where: '%s'\n", g->where);
    if (!g->id || g->where) return;
    lus_string_put(out, g->entry || g->has_rows_of_cases
                            ? "# "
                            : "# question: which row of a person counts? ");
    lus_string_show(out, g->id->name);
    lus_string_print(out, ": %llu rows of %llu persons\n", (unsigned long long)f->profile.n_rows,
                     (unsigned long long)g->id->n_distinct);
    if (g->entry) {
        lus_string_put(out, "id: ");
        lus_first_text(out, g->id->name);
        lus_string_put(out, "\n");
        return;
    }
    lus_string_put(out,
                   g->has_rows_of_cases ? "one_row_per: {column: " : "# one_row_per: {column: ");
    lus_first_text(out, g->id->name);
    bool differs = g->event && g->n_times && !lus_is_of_persons(&f->profile, g->id, g->event);
    if (differs && !g->has_rows_of_cases) {
        lus_string_put(out, ", keep: last, order: ");
        lus_first_text(out, g->times[g->n_times - 1]->name);
        lus_string_put(out, "}\n");
    } else {
        lus_string_put(out, ", keep: first}\n");
    }
    const struct lus_profile_column *kinds = g->has_rows_of_cases ? NULL : find_kinds(f);
    for (size_t k = 0; kinds && k < kinds->n_values; k++) {
        lus_string_put(out, "# where: '`");
        lus_string_show(out, kinds->name);
        lus_string_put(out, "` == \"");
        lus_string_show(out, kinds->values[k]);
        lus_string_put(out, "\"'\n");
    }
}

static void put_population(struct lus_string *out, const struct lus_first *f)
{
    const struct lus_guess *g = &f->guess;
    const struct lus_profile_column *when = g->date ? g->date : g->year;
    if (!g->age || !g->sex || !when) return;
    lus_string_put(out,
                   "# for net survival; `age_completed: true` where ages are in completed years\n"
                   "population: {age: ");
    lus_first_text(out, g->age->name);
    lus_string_put(out, ", sex: ");
    lus_first_text(out, g->sex->name);
    lus_string_put(out, g->date ? ", date: " : ", year: ");
    lus_first_text(out, when->name);
    lus_string_put(out, "}\n");
}

static int write_recipe(struct lus_string *out, const struct lus_first *f,
                        const struct lus_options *o, const struct lus_tally *tally)
{
    lus_string_put(out,
                   "# A first recipe, made from the file's columns. What is marked as a guess is "
                   "one: look at each, then take the mark away.\n"
                   "# What it asks stands behind `question:`, with what the column holds. man "
                   "lustrum-recipe explains every key.\n");
    if (f->guess.kind) lus_string_print(out, "# The file looks like %s.\n", f->guess.kind);
    lus_string_put(out, "title: ");
    lus_first_text(out, tally->file);
    lus_string_put(out, "\n");
    put_reading(out, o);
    put_guessed(out, f);
    put_bad_rows(out, f);
    put_missing(out, f);
    put_dates(out, f);
    put_time(out, f);
    put_event(out, f);
    put_endpoints(out, f);
    put_rows(out, f);
    put_population(out, f);
    int status = lus_first_factors(out, f);
    lus_first_columns(out, &f->profile);
    return out->failed ? LUS_ENOMEM : status;
}

int lus_recipe_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    struct lus_first f = {.profile = {0}};
    int status = lus_query_of(o, &query, err);
    query.profile = &f.profile;
    query.without_time = true;
    query.no_recipe = true; /* what stands beside the file is what this is to replace */
    if (status == LUS_OK) status = lus_tally_read(&query, &tally, err);
    if (status == LUS_OK) {
        if (lus_guess_make(&f.guess, &f.profile) != LUS_OK) status = lus_fail_memory(err);
        bool can_be_read_again = strcmp(o->files[0], "-") != 0;
        if (status == LUS_OK && can_be_read_again) status = lus_first_try(&f, o, err);
    }
    if (status == LUS_OK && write_recipe(&r->text, &f, o, &tally) != LUS_OK)
        status = lus_fail_memory(err);
    lus_profile_free(&f.profile);
    lus_tally_free(&tally);
    return status;
}
