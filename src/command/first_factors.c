/* The factors of a first recipe, and what its columns hold. */
#include <ctype.h>
#include <string.h>

#include "command/first.h"
#include "people/people.h"

/* A YAML text: double quotes, with what they escape. A byte that is no UTF-8 cannot be written. */
void lus_first_text(struct lus_string *out, const char *text)
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
void lus_first_values(struct lus_string *out, const struct lus_profile_column *c)
{
    for (size_t i = 0; i < c->n_values && i < 12; i++) {
        lus_string_put(out, i ? ", " : "");
        lus_string_show(out, c->values[i]);
        if (c->counts[i]) lus_string_print(out, " (%llu)", (unsigned long long)c->counts[i]);
    }
    if (c->n_distinct > 12) lus_string_put(out, ", ...");
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
    lus_first_text(out, s.n ? s.at : "factor");
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
        is_named |= lus_profile_find(p, lus_id_names[i]) == c;
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
        lus_first_text(out, c->values[k]);
    }
    lus_string_put(out, "]}   # guess: the order\n");
    for (size_t k = 0; k < c->n_values; k++) {
        if (!find_alike(c, k)) continue;
        lus_string_put(out, "  # question: are ");
        lus_first_text(out, find_alike(c, k));
        lus_string_put(out, " and ");
        lus_first_text(out, c->values[k]);
        lus_string_put(out, " one level? `levels:` joins them, both in `order:` keep them apart\n");
    }
}

int lus_first_factors(struct lus_string *out, const struct lus_first *f)
{
    struct lus_dictionary names; /* two columns may come to one: the first becomes a factor */
    bool is_first = true;
    int status = lus_dictionary_init(&names, NULL, 0);
    for (size_t i = 0; i < f->profile.n_columns && status == LUS_OK; i++) {
        const struct lus_profile_column *c = &f->profile.columns[i];
        bool is_age = lus_guess_is_number(c) && strncasecmp(c->name, "age", 3) == 0 &&
                      (c->n_distinct > 6 || c->has_units) && c->max > 65 && c->max <= 120;
        bool names_rows = c->n_distinct >= 5 && c->n_distinct == f->profile.n_rows;
        if (!*c->name || has_part(&f->guess, &f->profile, c) ||
            (!is_age && (names_rows || !has_few_values(c))))
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
            lus_first_text(out, *c->label ? c->label : c->name);
            lus_string_put(out, ", column: ");
            lus_first_text(out, c->name);
            if (is_age) lus_string_put(out, ", cuts: [50, 65, 75]}   # guess\n");
            else put_order(out, c);
        }
        lus_string_free(&name);
    }
    lus_dictionary_free(&names);
    return status;
}

void lus_first_columns(struct lus_string *out, const struct lus_profile *p)
{
    lus_string_put(out, "\n# The columns of the file:\n");
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct lus_profile_column *c = &p->columns[i];
        lus_string_put(out, "#   ");
        lus_string_show(out, c->name);
        if (*c->label) {
            lus_string_put(out, " (");
            lus_string_show(out, c->label);
            lus_string_put(out, ")");
        }
        if (c->is_capped)
            lus_string_print(out, ": %s, more than %d values\n", lus_profile_kind_name(c->kind),
                             LUS_PROFILE_MOST);
        else {
            lus_string_print(out,
                             ": %s, %llu missing, %llu distinct: ", lus_profile_kind_name(c->kind),
                             (unsigned long long)c->n_missing, (unsigned long long)c->n_distinct);
            lus_first_values(out, c);
            lus_string_put(out, "\n");
        }
    }
}
