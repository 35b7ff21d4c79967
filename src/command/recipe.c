/* lustrum recipe: a first recipe from a file, its guesses marked, for a person to finish. */
#include <ctype.h>
#include <stdlib.h>

#include "command/guess.h"
#include "command/option.h"
#include "support/number.h"

static const struct lus_option options[] = {
    TEXT("delimiter", 0, "CHAR", delimiter, "what parts the fields (default: found in the header)"),
    TEXT("output", 'o', "FILE", output,
         "write FILE, whole or not at all (default: standard output)"),
    FLAG("quiet", quiet, "no progress on standard error"), END};
const struct lus_option_group lus_recipe_options = {"Options", options};

/* A YAML text: double quotes, with what they escape. */
static void put_text(struct lus_string *out, const char *text)
{
    lus_string_put(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') lus_string_add(out, "\\", 1);
        if (*c == '\n' || *c == '\r' || *c == '\t') lus_string_put(out, *c == '\t' ? "\\t" : " ");
        else lus_string_add(out, c, 1);
    }
    lus_string_put(out, "\"");
}

static void put_comment(struct lus_string *out, const char *text)
{
    for (const char *c = text; *c; c++)
        lus_string_add(out, (unsigned char)*c < ' ' ? " " : c, 1);
}

static void put_values(struct lus_string *out, const struct lus_profile_column *c)
{
    for (size_t i = 0; i < c->n_values && i < 12; i++) {
        lus_string_put(out, i ? ", " : "");
        put_comment(out, c->values[i]);
    }
    if (c->n_distinct > 12) lus_string_put(out, ", ...");
}

static void put_time_and_event(struct lus_string *out, const struct lus_profile *p)
{
    const struct lus_profile_column *time = lus_guess_time(p), *event = lus_guess_event(p);
    if (time) {
        lus_string_put(out,
                       "# guess: the unit is read off the name; `completed: true` where months are "
                       "completed months; `entry:` for delayed entry\ntime: {column: ");
        put_text(out, time->name);
        lus_string_print(out, ", unit: %s, from: diagnosis}\n", lus_guess_unit(time));
    } else {
        lus_string_put(out, "# no column looks like a follow-up time; with ages or dates:\n"
                            "# time: {from: diagnosis, exit: {column: X, unit: days}, origin: "
                            "{column: Y, unit: days}}\n");
    }
    if (event) {
        lus_string_put(out, "# guess: the column holds ");
        put_values(out, event);
        lus_string_put(out, "\nevent: {column: ");
        put_text(out, event->name);
        lus_string_put(out, ", is: [");
        put_text(out, lus_guess_level(event));
        lus_string_put(out, "], measure: OS}\n");
    } else {
        lus_string_put(
            out, "# no column looks like an event: event: {column: X, is: [Dead], measure: OS}\n");
    }
}

static void put_patient(struct lus_string *out, const struct lus_profile *p, uint64_t n_rows)
{
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        if (!strcasestr(c->name, "patient") || !strcasestr(c->name, "id") || c->is_capped ||
            c->n_distinct + c->n_missing >= n_rows)
            continue;
        lus_string_print(out, "# guess: %llu rows of %llu patients\none_row_per: {column: ",
                         (unsigned long long)n_rows, (unsigned long long)c->n_distinct);
        put_text(out, c->name);
        lus_string_put(out, ", keep: first}\n");
        return;
    }
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
    return !c->is_capped && c->n_distinct >= 2 && c->n_distinct <= most;
}

/* Two columns may come to one factor name; only the first of them becomes a factor. */
static bool is_name_taken(struct lus_string *out, const struct lus_profile *p, size_t column)
{
    struct lus_string own = {0}, other = {0};
    bool taken = false;
    put_factor_name(&own, p->columns[column].name);
    for (size_t i = 0; i < column && !taken; i++) {
        other.n = 0;
        put_factor_name(&other, p->columns[i].name);
        out->failed |= own.failed || other.failed;
        taken = !out->failed && strcmp(own.at, other.at) == 0;
    }
    lus_string_free(&own), lus_string_free(&other);
    return taken;
}

static void put_factors(struct lus_string *out, const struct lus_profile *p)
{
    const struct lus_profile_column *event = lus_guess_event(p);
    bool is_first = true;
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        bool is_age = lus_guess_is_number(c) && strncasecmp(c->name, "age", 3) == 0 &&
                      c->n_distinct > 6;
        if (c == event || (!has_few_values(c) && !is_age) || is_name_taken(out, p, i)) continue;
        lus_string_put(out, is_first ? "factors:\n" : "");
        is_first = false;
        lus_string_put(out, "  ");
        put_factor_name(out, c->name);
        lus_string_put(out, ": {label: ");
        put_text(out, c->name);
        lus_string_put(out, ", column: ");
        put_text(out, c->name);
        if (is_age) {
            lus_string_put(out, ", cuts: [50, 65, 75]}   # guess\n");
            continue;
        }
        lus_string_put(out, ", order: [");
        for (size_t k = 0; k < c->n_values; k++) {
            lus_string_put(out, k ? ", " : "");
            put_text(out, c->values[k]);
        }
        lus_string_put(out, "]}   # guess: the order\n");
    }
}

static void put_columns(struct lus_string *out, const struct lus_profile *p)
{
    lus_string_put(out, "\n# The columns of the file:\n");
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        lus_string_put(out, "#   ");
        put_comment(out, c->name);
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

int lus_recipe_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    struct lus_profile profile = {0};
    struct lus_string *out = &r->text;
    int status = lus_query_of(o, &query, err);
    query.profile = &profile;
    query.without_time = true;
    query.no_recipe = true; /* what stands beside the file is what this is to replace */
    if (status == LUS_OK) status = lus_tally_read(&query, &tally, err);
    if (status == LUS_OK) {
        lus_string_put(out, "# A first recipe, made from the file's columns. What is marked as a "
                            "guess is one: look at each, then take the mark away.\n"
                            "# man lustrum-recipe explains every key.\ntitle: ");
        put_text(out, tally.file);
        lus_string_put(out, "\n");
        put_time_and_event(out, &profile);
        put_patient(out, &profile, tally.n_rows);
        put_factors(out, &profile);
        put_columns(out, &profile);
        if (out->failed) status = lus_fail_memory(err);
    }
    lus_profile_free(&profile);
    lus_tally_free(&tally);
    return status;
}
