/* lustrum recipe: a first recipe from a file, its guesses marked, for a person to finish. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/guess.h"
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

/* A YAML text: double quotes, with what they escape. A byte that is no UTF-8 cannot be written. */
static void put_text(struct lus_string *out, const char *text)
{
    size_t n = strlen(text), bad = lus_utf8_bad(text, n);
    lus_string_put(out, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (i == bad)
            bad = i + 1 + lus_utf8_bad(text + i + 1, n - i - 1), lus_string_put(out, "\\uFFFD");
        else if (c < ' ' || c == 0x7f) lus_string_print(out, "\\x%02x", c);
        else if (c == '"' || c == '\\') lus_string_print(out, "\\%c", c);
        else if (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)
            lus_string_print(out, "\\x%02x", (unsigned char)text[++i]);
        else lus_string_add(out, text + i, 1);
    }
    lus_string_put(out, "\"");
}

/* "0 (232), 1 (25), 2 (161)" */
static void put_values(struct lus_string *out, const struct lus_profile_column *c)
{
    for (size_t i = 0; i < c->n_values && i < 12; i++) {
        lus_string_put(out, i ? ", " : "");
        lus_string_show(out, c->values[i]);
        if (c->counts[i]) lus_string_print(out, " (%llu)", (unsigned long long)c->counts[i]);
    }
    if (c->n_distinct > 12) lus_string_put(out, ", ...");
}

/* "a", or [a, b]: of several the first that is there. */
static void put_column_names(struct lus_string *out,
                             const struct lus_profile_column *const *columns, size_t n)
{
    lus_string_put(out, n > 1 ? "[" : "");
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? ", " : "");
        put_text(out, columns[i]->name);
    }
    lus_string_put(out, n > 1 ? "]" : "");
}

/* What a first recipe is written from. */
struct first {
    struct lus_guess guess;
    struct lus_profile profile;
    char trouble[1200]; /* why time and event cannot be so; "": they can */
};

static bool has_time(const struct first *f)
{
    return f->guess.n_times && f->guess.unit && !*f->trouble;
}

static bool has_event(const struct first *f)
{
    return f->guess.event && f->guess.n_levels && !*f->trouble;
}

/* The columns that may be one: a question shows them. */
static void put_candidates(struct lus_string *out, const struct first *f, bool are_times)
{
    size_t n = 0;
    for (size_t i = 0; i < f->profile.n_columns && n < 12; i++) {
        const struct lus_profile_column *c = &f->profile.columns[i];
        bool may_be = are_times ? (lus_guess_is_number(c) && c->n_distinct > 12) ||
                                      c->kind == LUS_PROFILE_DATE
                                : c->n_distinct > 1 && c->n_distinct <= 6;
        if (!may_be) continue;
        lus_string_put(out, n++ ? ", " : " Of these: ");
        lus_string_show(out, c->name);
    }
    lus_string_put(out, "\n");
}

static void put_time(struct lus_string *out, const struct first *f)
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
    if (!g->unit) {
        lus_string_put(out, "# question: in which unit is ");
        lus_string_show(out, g->times[0]->name);
        lus_string_print(out, " (%g to %g): days, weeks, months or years?\n", g->times[0]->min,
                         g->times[0]->max);
    } else if (!g->time_is_sure) {
        lus_string_put(out,
                       "# guess: the column and its unit; `from:` names the origin, `completed: "
                       "true` is for completed months, `entry:` for delayed entry\n");
    }
    if (!g->entry && lus_guess_column(&f->profile, "entry"))
        lus_string_put(out, "# question: do people come under watch late, at entry, counted as the "
                            "time is? Then `entry: entry` belongs into time:\n");
    lus_string_put(out, is_said ? "time: {" : "# time: {");
    if (g->origin) {
        const char *from = lus_guess_origin_name(g->origin->name);
        if (from) lus_string_print(out, "from: %s, ", from);
        lus_string_print(out, "unit: %s, exit: {column: ", g->unit ? g->unit : "days");
        put_column_names(out, g->times, g->n_times);
        lus_string_put(out, "}, origin: {column: ");
        put_text(out, g->origin->name);
        lus_string_put(out, "}");
    } else {
        lus_string_put(out, "column: ");
        put_column_names(out, g->times, g->n_times);
        lus_string_print(out, ", unit: %s", g->unit ? g->unit : "?");
    }
    if (g->entry) {
        lus_string_put(out, ", entry: ");
        put_text(out, g->entry->name);
    }
    lus_string_put(out, g->is_completed ? ", completed: true}\n" : "}\n");
}

static void put_event_line(struct lus_string *out, const struct lus_profile_column *event,
                           const char *const *levels, size_t n, const char *measure)
{
    lus_string_put(out, "event: {column: ");
    put_text(out, event->name);
    lus_string_put(out, ", is: [");
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? ", " : "");
        put_text(out, levels[i]);
    }
    lus_string_print(out, "]%s%s}\n", measure ? ", measure: " : "", measure ? measure : "");
}

static void put_event(struct lus_string *out, const struct first *f)
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
    lus_string_put(out, " holds ");
    put_values(out, g->event);
    lus_string_put(out, g->n_levels && !g->event_is_sure ? "; guess: the event\n" : "\n");
    if (!g->measure)
        lus_string_put(out,
                       "# question: `measure: OS` (death of any cause), `measure: CSS` (of the "
                       "cancer), or another event, which has none?\n");
    lus_string_put(out, has_event(f) ? "" : "# ");
    put_event_line(out, g->event, g->levels, g->n_levels, g->measure);
}

/* The other endpoints, ready to take the place of time and event. */
static void put_endpoints(struct lus_string *out, const struct first *f)
{
    for (size_t i = 0; i < f->guess.n_endpoints; i++) {
        const struct lus_endpoint *e = &f->guess.endpoints[i];
        const char *unit = lus_guess_unit(e->time);
        if (!unit) unit = f->guess.unit;
        lus_string_put(out, i ? "# or\n" : "# in place of time and event, another endpoint:\n");
        lus_string_put(out, "#   time: {column: ");
        put_text(out, e->time->name);
        lus_string_print(out, ", unit: %s}\n#   ", unit ? unit : "?");
        put_event_line(out, e->event, e->levels, e->n_levels, e->measure);
    }
}

/* What nobody has looked at yet: results say so until the list is empty. */
static void put_guessed(struct lus_string *out, const struct first *f)
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

/* Words of unknown in the columns of time, event and age. */
static void put_missing(struct lus_string *out, const struct first *f)
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
        put_text(out, words[i]);
    }
    lus_string_put(out, "]");
    if (has_code) {
        lus_string_put(out, ", ");
        put_text(out, g->times[0]->name);
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
    put_text(out, whole ? whole : is_beside && slash ? slash + 1 : layout);
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
        put_text(out, strcmp(said[i][1], "\\t") == 0 ? "\t" : said[i][1]);
        lus_string_put(out, "\n");
    }
    if (o->layout) put_layout(out, o->layout, o->files[0]);
}

static void put_dates(struct lus_string *out, const struct first *f)
{
    const struct lus_guess *g = &f->guess;
    if ((g->origin && g->origin->is_ambiguous) || (g->n_times && g->times[0]->is_ambiguous))
        lus_string_put(out, "# question: does the day or the month come first?\n"
                            "# dates: dd/mm/yyyy\n");
    if (f->profile.has_decimal_commas) lus_string_put(out, "decimal: \",\"\n");
}

/* A column that parts a person's rows into kinds, the same for everybody. */
static const struct lus_profile_column *find_kinds(const struct first *f)
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

static void put_rows(struct lus_string *out, const struct first *f)
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
        put_text(out, g->id->name);
        lus_string_put(out, "\n");
        return;
    }
    lus_string_put(out,
                   g->has_rows_of_cases ? "one_row_per: {column: " : "# one_row_per: {column: ");
    put_text(out, g->id->name);
    lus_string_put(out, ", keep: first}\n");
    const struct lus_profile_column *kinds = g->has_rows_of_cases ? NULL : find_kinds(f);
    for (size_t k = 0; kinds && k < kinds->n_values; k++) {
        lus_string_put(out, "# where: '`");
        lus_string_show(out, kinds->name);
        lus_string_put(out, "` == \"");
        lus_string_show(out, kinds->values[k]);
        lus_string_put(out, "\"'\n");
    }
}

static void put_population(struct lus_string *out, const struct first *f)
{
    const struct lus_guess *g = &f->guess;
    const struct lus_profile_column *when = g->date ? g->date : g->year;
    if (!g->age || !g->sex || !when) return;
    lus_string_put(out,
                   "# for net survival; `age_completed: true` where ages are in completed years\n"
                   "population: {age: ");
    put_text(out, g->age->name);
    lus_string_put(out, ", sex: ");
    put_text(out, g->sex->name);
    lus_string_put(out, g->date ? ", date: " : ", year: ");
    put_text(out, when->name);
    lus_string_put(out, "}\n");
}

/* A name that can stand bare in an expression. */
static void put_factor_name(struct lus_string *out, const char *name)
{
    struct lus_string s = {0};
    for (const char *c = name; *c; c++) {
        char letter = (char)tolower((unsigned char)*c);
        if (isalnum((unsigned char)letter) || (*c & 0x80)) lus_string_add(&s, &letter, 1);
        else if (s.n && s.at[s.n - 1] != '_') lus_string_put(&s, "_");
    }
    while (s.n && s.at[s.n - 1] == '_')
        s.at[--s.n] = 0;
    put_text(out, s.n ? s.at : "factor");
    out->failed |= s.failed;
    lus_string_free(&s);
}

static bool has_few_values(const struct lus_profile_column *c)
{
    size_t most = lus_guess_is_number(c) ? 6 : 12;
    return c->kind != LUS_PROFILE_DATE && !c->is_capped && c->n_distinct >= 2 &&
           c->n_distinct <= most;
}

/* A column that has a part of its own above is no factor. */
static bool has_part(const struct lus_guess *g, const struct lus_profile *p,
                     const struct lus_profile_column *c)
{
    bool is_named = false;
    for (size_t i = 0; i < g->n_times; i++)
        is_named |= c == g->times[i];
    for (size_t i = 0; i < g->n_endpoints; i++)
        is_named |= c == g->endpoints[i].time || c == g->endpoints[i].event;
    for (size_t i = 0; lus_id_names[i]; i++)
        is_named |= lus_guess_column(p, lus_id_names[i]) == c;
    return is_named || c == g->event || c == g->origin || c == g->entry || c == g->id;
}

/* Another value before this one that differs only in case or blanks; NULL: there is none. */
static const char *find_alike(const struct lus_profile_column *c, size_t value)
{
    for (size_t k = 0; k < value; k++)
        if (lus_text_is_alike(lus_text_of(c->values[k]), lus_text_of(c->values[value])))
            return c->values[k];
    return NULL;
}

static void put_order(struct lus_string *out, const struct lus_profile_column *c)
{
    size_t n = 0;
    lus_string_put(out, ", order: [");
    for (size_t k = 0; k < c->n_values; k++) {
        if (lus_is_unknown_word(lus_text_of(c->values[k])) || find_alike(c, k)) continue;
        lus_string_put(out, n++ ? ", " : "");
        put_text(out, c->values[k]);
    }
    lus_string_put(out, "]}   # guess: the order\n");
    for (size_t k = 0; k < c->n_values; k++) {
        if (!find_alike(c, k)) continue;
        lus_string_put(out, "  # question: are ");
        put_text(out, find_alike(c, k));
        lus_string_put(out, " and ");
        put_text(out, c->values[k]);
        lus_string_put(out, " one level? `levels:` joins them, both in `order:` keep them apart\n");
    }
}

static int put_factors(struct lus_string *out, const struct first *f)
{
    struct lus_dictionary names; /* two columns may come to one: the first becomes a factor */
    bool is_first = true;
    int status = lus_dictionary_init(&names, NULL, 0);
    for (size_t i = 0; i < f->profile.n_columns && status == LUS_OK; i++) {
        const struct lus_profile_column *c = &f->profile.columns[i];
        bool is_age = lus_guess_is_number(c) && strncasecmp(c->name, "age", 3) == 0 &&
                      (c->n_distinct > 6 || c->has_units);
        bool names_rows = c->n_distinct >= 5 && c->n_distinct == f->profile.n_rows;
        if (has_part(&f->guess, &f->profile, c) || (!is_age && (names_rows || !has_few_values(c))))
            continue;
        struct lus_string name = {0};
        uint32_t code;
        size_t before = names.texts.n;
        put_factor_name(&name, c->name);
        status = name.failed
                     ? LUS_ENOMEM
                     : lus_dictionary_code(&names, (struct lus_text){name.at, name.n}, &code);
        if (status == LUS_OK && names.texts.n > before) {
            lus_string_print(out, "%s  %s: {label: ", is_first ? "factors:\n" : "", name.at);
            is_first = false;
            put_text(out, c->name);
            lus_string_put(out, ", column: ");
            put_text(out, c->name);
            if (is_age) lus_string_put(out, ", cuts: [50, 65, 75]}   # guess\n");
            else put_order(out, c);
        }
        lus_string_free(&name);
    }
    lus_dictionary_free(&names);
    return status;
}

static void put_columns(struct lus_string *out, const struct lus_profile *p)
{
    lus_string_put(out, "\n# The columns of the file:\n");
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        lus_string_put(out, "#   ");
        lus_string_show(out, c->name);
        if (c->is_capped)
            lus_string_print(out, ": %s, more than %d values\n", lus_profile_kind_name(c->kind),
                             LUS_PROFILE_MOST);
        else {
            lus_string_print(out,
                             ": %s, %llu missing, %llu distinct: ", lus_profile_kind_name(c->kind),
                             (unsigned long long)c->n_missing, (unsigned long long)c->n_distinct);
            put_values(out, c);
            lus_string_put(out, "\n");
        }
    }
}

/* --- trying it out --- */

static void put_option(struct lus_string *out, const struct lus_profile_column *const *columns,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        lus_string_put(out, i ? "," : "");
        lus_string_quote(out, '`', columns[i]->name);
    }
}

/* Reads the file as the guess has it: what would stop there is a question here. */
static int try_out(struct first *f, const struct lus_options *o, struct lus_error *err)
{
    const struct lus_guess *g = &f->guess;
    struct lus_string exit = {0}, origin = {0}, event = {0}, entry = {0}, where = {0};
    struct lus_query query;
    struct lus_tally tally = {0};
    struct lus_error said = LUS_ERROR_INIT;
    if (!g->n_times || !g->unit || !g->event || !g->n_levels) return LUS_OK;
    LUS_TRY(lus_query_of(o, &query, err));
    put_option(&exit, g->times, g->n_times);
    put_option(&event, &g->event, 1);
    for (size_t i = 0; i < g->n_levels; i++) {
        lus_string_put(&event, i ? "," : "=");
        lus_string_quote(&event, '`', g->levels[i]);
    }
    if (g->origin) put_option(&origin, &g->origin, 1);
    if (g->entry) put_option(&entry, &g->entry, 1);
    if (g->where) lus_string_print(&where, "(%s)", g->where);
    if (!isnan(g->code)) { /* what will be missing */
        lus_string_put(&where, where.n ? " and " : "");
        lus_string_quote(&where, '`', g->times[0]->name);
        lus_string_print(&where, " != %.0f", g->code);
    }
    query.no_recipe = true, query.unit = g->unit, query.event = event.at, query.where = where.at;
    query.time = g->origin ? NULL : exit.at, query.to = g->origin ? exit.at : NULL;
    query.from = g->origin ? origin.at : NULL, query.entry = g->entry ? entry.at : NULL;
    if (!g->entry) query.id = "none"; /* its question is put below */
    bool failed = exit.failed || origin.failed || event.failed || entry.failed || where.failed;
    int status = failed ? lus_fail_memory(err) : lus_tally_read(&query, &tally, &said);
    if (status == LUS_EDATA || status == LUS_EUSAGE) {
        (void)snprintf(f->trouble, sizeof f->trouble, "%s", said.message);
        status = LUS_OK;
    } else if (status != LUS_OK && !failed) {
        status = lus_fail_as(err, status, &said);
    }
    lus_string_free(&exit), lus_string_free(&origin);
    lus_string_free(&event), lus_string_free(&entry), lus_string_free(&where);
    lus_tally_free(&tally);
    return status;
}

static int write_recipe(struct lus_string *out, const struct first *f, const struct lus_options *o,
                        const struct lus_tally *tally)
{
    lus_string_put(out,
                   "# A first recipe, made from the file's columns. What is marked as a guess is "
                   "one: look at each, then take the mark away.\n"
                   "# What it asks stands behind `question:`, with what the column holds. man "
                   "lustrum-recipe explains every key.\n");
    if (f->guess.kind) lus_string_print(out, "# The file looks like %s.\n", f->guess.kind);
    lus_string_put(out, "title: ");
    put_text(out, tally->file);
    lus_string_put(out, "\n");
    put_reading(out, o);
    put_guessed(out, f);
    put_missing(out, f);
    put_dates(out, f);
    put_time(out, f);
    put_event(out, f);
    put_endpoints(out, f);
    put_rows(out, f);
    put_population(out, f);
    int status = put_factors(out, f);
    put_columns(out, &f->profile);
    return out->failed ? LUS_ENOMEM : status;
}

int lus_recipe_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    struct first f = {.profile = {0}};
    int status = lus_query_of(o, &query, err);
    query.profile = &f.profile;
    query.without_time = true;
    query.no_recipe = true; /* what stands beside the file is what this is to replace */
    if (status == LUS_OK) status = lus_tally_read(&query, &tally, err);
    if (status == LUS_OK) {
        lus_guess_make(&f.guess, &f.profile);
        bool can_be_read_again = strcmp(o->files[0], "-") != 0;
        if (can_be_read_again) status = try_out(&f, o, err);
    }
    if (status == LUS_OK && write_recipe(&r->text, &f, o, &tally) != LUS_OK)
        status = lus_fail_memory(err);
    lus_profile_free(&f.profile);
    lus_tally_free(&tally);
    return status;
}
