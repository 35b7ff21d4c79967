#include "regress/formula.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/number.h"

struct parser {
    struct lus_arena *arena;
    struct lus_formula *out;
    const char *option, *at;
    struct lus_error *err;
};

/* One factor of a term as it is read: a part, or strata() or offset(). */
struct factor {
    enum { IS_PART, IS_STRATA, IS_OFFSET } kind;
    size_t part;
};

static int fail(const struct parser *p, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int fail(const struct parser *p, const char *at, const char *format, ...)
{
    char what[300];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return lus_fail(p->err, LUS_EUSAGE, "%s: at character %zu of \"%s\": %s", p->option,
                    (size_t)(at - p->out->source) + 1, p->out->source, what);
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t\n");
}

static bool accept(struct parser *p, char c)
{
    skip_blanks(p);
    if (*p->at != c) return false;
    p->at++;
    skip_blanks(p);
    return true;
}

static int expect(struct parser *p, char c, const char *where)
{
    return accept(p, c) ? LUS_OK : fail(p, p->at, "\"%c\" is wanted %s", c, where);
}

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

/* A column's name: letters, digits, _ and ., or anything between backquotes. */
static int read_name(struct parser *p, const char **out)
{
    skip_blanks(p);
    const char *start = p->at;
    if (*start != '`') {
        while (is_of_name(*p->at))
            p->at++;
        if (p->at == start)
            return fail(p, start, "a column is wanted; names with other marks stand in backquotes");
        *out = lus_arena_copy(p->arena, start, (size_t)(p->at - start));
        return *out ? LUS_OK : lus_fail_memory(p->err);
    }
    char *name = lus_arena_copy(p->arena, start, strlen(start));
    size_t n = 0;
    if (!name) return lus_fail_memory(p->err);
    for (p->at++; *p->at; p->at++) {
        if (*p->at == '`' && *++p->at != '`') break;
        name[n++] = *p->at;
    }
    name[n] = 0;
    *out = name;
    if (p->at[-1] != '`' || p->at == start + 1) return fail(p, start, "a backquote is left open");
    return n ? LUS_OK : fail(p, start, "nothing stands between the backquotes");
}

static int read_number(struct parser *p, double *out)
{
    skip_blanks(p);
    size_t n = strspn(p->at, "+-0123456789.eE");
    if (lus_number_parse(p->at, n, out) != LUS_NUMBER_OK)
        return fail(p, p->at, "a number is wanted");
    p->at += n;
    return LUS_OK;
}

/* Numbers behind commas, as many as there are, ascending. */
static int read_numbers(struct parser *p, struct lus_part *part)
{
    size_t room = strlen(p->at) / 2 + 1;
    part->numbers = lus_arena_alloc(p->arena, room, sizeof *part->numbers);
    if (!part->numbers) return lus_fail_memory(p->err);
    do {
        const char *at = p->at;
        LUS_TRY(read_number(p, &part->numbers[part->n_numbers++]));
        if (part->n_numbers > 1 &&
            part->numbers[part->n_numbers - 1] <= part->numbers[part->n_numbers - 2])
            return fail(p, at, "numbers in ascending order are wanted");
    } while (accept(p, ','));
    return LUS_OK;
}

static int read_log(struct parser *p, struct lus_part *part)
{
    if (!accept(p, '+')) return LUS_OK;
    return read_number(p, &part->plus);
}

/* One whole number of at most ten: degrees of freedom. More, or one with a boundary: knots. */
static int read_spline(struct parser *p, struct lus_part *part)
{
    LUS_TRY(expect(p, ',', "behind the column: ns(x, 3), or knots, ns(x, 45, 55, 65; 30, 80)"));
    const char *start = p->at;
    LUS_TRY(read_numbers(p, part));
    if (accept(p, ';')) {
        part->has_boundary = true;
        LUS_TRY(read_number(p, &part->low));
        LUS_TRY(expect(p, ',', "between the two boundary knots"));
        LUS_TRY(read_number(p, &part->high));
        if (part->low < part->numbers[0] && part->high > part->numbers[part->n_numbers - 1])
            return LUS_OK;
        return fail(p, start, "the boundary knots lie outside the inner ones");
    }
    if (part->n_numbers > 1) return LUS_OK;
    double df = part->numbers[0];
    if (!(df >= 1 && df <= 10 && df == (double)(int)df))
        return fail(p, start,
                    "degrees of freedom are a whole number from 1 to 10; a single knot has its "
                    "boundary beside it, ns(x, 50; 30, 80)");
    part->df = (size_t)df;
    part->n_numbers = 0;
    return LUS_OK;
}

static int read_cut(struct parser *p, struct lus_part *part)
{
    LUS_TRY(expect(p, ',', "behind the column: cut(x, 50, 65)"));
    return read_numbers(p, part);
}

static int read_ref(struct parser *p, struct lus_part *part)
{
    LUS_TRY(expect(p, ',', "behind the column: ref(x, \"level\")"));
    const char *start = p->at;
    if (*p->at != '"') return fail(p, start, "the level stands between quotes: ref(x, \"level\")");
    const char *end = strchr(start + 1, '"');
    if (!end) return fail(p, start, "a quote is left open");
    part->level = lus_arena_copy(p->arena, start + 1, (size_t)(end - start - 1));
    p->at = end + 1;
    return part->level ? LUS_OK : lus_fail_memory(p->err);
}

static int read_at(struct parser *p, struct lus_part *part)
{
    part->times = lus_arena_alloc(p->arena, strlen(p->at) / 2 + 1, sizeof *part->times);
    if (!part->times) return lus_fail_memory(p->err);
    LUS_TRY(expect(p, ',', "behind the column: at(x, 2y, 5y)"));
    do {
        size_t n = strspn(p->at, "0123456789.dwmy");
        if (!n) return fail(p, p->at, "a duration is wanted: 2y, 6m, 30d");
        part->times[part->n_times] = lus_arena_copy(p->arena, p->at, n);
        if (!part->times[part->n_times++]) return lus_fail_memory(p->err);
        p->at += n;
    } while (accept(p, ','));
    return LUS_OK;
}

static int read_nothing(struct parser *p, struct lus_part *part)
{
    (void)p, (void)part;
    return LUS_OK;
}

static const struct function {
    const char *name;
    enum lus_part_kind kind;
    int (*read)(struct parser *, struct lus_part *); /* what stands behind the column */
} functions[] = {{"factor", LUS_PART_FACTOR, read_nothing}, {"ref", LUS_PART_REF, read_ref},
                 {"cut", LUS_PART_CUT, read_cut},           {"log", LUS_PART_LOG, read_log},
                 {"ns", LUS_PART_NS, read_spline},          {"at", LUS_PART_AT, read_at}};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static void put_numbers(struct lus_string *out, const struct lus_part *part)
{
    for (size_t k = 0; k < part->n_numbers; k++)
        lus_string_print(out, ", %.15g", part->numbers[k]);
}

static void put_column(struct lus_string *out, const char *column)
{
    bool is_plain = *column;
    for (const char *c = column; *c && is_plain; c++)
        is_plain = is_of_name(*c);
    if (is_plain) lus_string_put(out, column);
    else lus_string_quote(out, '`', column);
}

/* The part in the language again. */
static void put_part(struct lus_string *out, const struct lus_part *part)
{
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (functions[i].kind == part->kind) lus_string_print(out, "%s(", functions[i].name);
    put_column(out, part->column);
    if (part->level) lus_string_print(out, ", \"%s\"", part->level);
    if (part->plus != 0) lus_string_print(out, " + %.15g", part->plus);
    if (part->df) lus_string_print(out, ", %zu", part->df);
    put_numbers(out, part);
    if (part->has_boundary) lus_string_print(out, "; %.15g, %.15g", part->low, part->high);
    for (size_t k = 0; k < part->n_times; k++)
        lus_string_print(out, ", %s", part->times[k]);
    lus_string_put(out, ")");
}

/* A part that stands there already is shared. */
static int keep_part(struct parser *p, struct lus_part *part, const char *start, size_t *out)
{
    struct lus_string text = {0};
    if (part->kind != LUS_PART_PLAIN) put_part(&text, part);
    const char *kept = part->kind == LUS_PART_PLAIN
                           ? part->column
                           : lus_arena_copy(p->arena, text.at ? text.at : "", text.n);
    bool failed = text.failed || !kept;
    lus_string_free(&text);
    if (failed) return lus_fail_memory(p->err);
    part->text = kept;
    struct lus_formula *f = p->out;
    for (*out = 0; *out < f->n_parts; ++*out)
        if (f->parts[*out].kind == part->kind && strcmp(f->parts[*out].text, kept) == 0)
            return LUS_OK;
    if (f->n_parts == LUS_MOST_PARTS)
        return fail(p, start, "at most %d columns make a model", LUS_MOST_PARTS);
    f->parts[f->n_parts++] = *part;
    return LUS_OK;
}

static int read_columns(struct parser *p, const char **list, size_t *n)
{
    do {
        const char *start = p->at;
        if (*n == LUS_MOST_PARTS) return fail(p, start, "too many columns");
        LUS_TRY(read_name(p, &list[(*n)++]));
    } while (accept(p, ','));
    return expect(p, ')', "behind the columns");
}

static int fail_function(const struct parser *p, const char *start, const char *name)
{
    const char *names[N_FUNCTIONS + 2] = {"strata", "offset"};
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        names[i + 2] = functions[i].name;
    const char *near = lus_nearest(lus_text_of(name), names, N_FUNCTIONS + 2);
    return near ? fail(p, start, "no function \"%s\"; did you mean %s()?", name, near)
                : fail(p, start,
                       "no function \"%s\"; there are log, ns, cut, ref, factor, at, strata and "
                       "offset",
                       name);
}

/* name( was read. */
static int read_call(struct parser *p, const char *start, const char *name, struct factor *out)
{
    if (strcmp(name, "strata") == 0) {
        out->kind = IS_STRATA;
        return read_columns(p, p->out->strata, &p->out->n_strata);
    }
    if (strcmp(name, "offset") == 0) {
        out->kind = IS_OFFSET;
        return read_columns(p, p->out->offsets, &p->out->n_offsets);
    }
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        if (strcmp(name, functions[i].name) != 0) continue;
        struct lus_part part = {.kind = functions[i].kind};
        LUS_TRY(read_name(p, &part.column));
        skip_blanks(p);
        LUS_TRY(functions[i].read(p, &part));
        LUS_TRY(expect(p, ')', "here"));
        while (p->at > start && p->at[-1] == ' ')
            p->at--;
        return keep_part(p, &part, start, &out->part);
    }
    return fail_function(p, start, name);
}

static int read_factor(struct parser *p, struct factor *out)
{
    skip_blanks(p);
    const char *start = p->at;
    *out = (struct factor){.kind = IS_PART};
    if (*start == '-')
        return fail(p, start, "terms are added; what shall not be in the model is left out");
    struct lus_part part = {.kind = LUS_PART_PLAIN};
    LUS_TRY(read_name(p, &part.column));
    if (*start != '`' && *p->at == '(') {
        p->at++;
        return read_call(p, start, part.column, out);
    }
    return keep_part(p, &part, start, &out->part);
}

static bool has_part(const struct lus_term *term, size_t part)
{
    for (size_t i = 0; i < term->n; i++)
        if (term->parts[i] == part) return true;
    return false;
}

static bool is_same(const struct lus_term *a, const struct lus_term *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++)
        same = has_part(b, a->parts[i]);
    return same;
}

static int add_term(struct parser *p, const char *at, struct lus_term term)
{
    struct lus_formula *f = p->out;
    for (size_t i = 0; i < f->n_terms; i++)
        if (is_same(&f->terms[i], &term)) return LUS_OK;
    if (f->n_terms == LUS_MOST_TERMS)
        return fail(p, at, "at most %d terms make a model", LUS_MOST_TERMS);
    struct lus_string text = {0};
    for (size_t i = 0; i < term.n; i++)
        lus_string_print(&text, "%s%s", i ? ":" : "", f->parts[term.parts[i]].text);
    term.text = lus_arena_copy(p->arena, text.at ? text.at : "", text.n);
    bool failed = text.failed || !term.text;
    lus_string_free(&text);
    if (failed) return lus_fail_memory(p->err);
    f->terms[f->n_terms++] = term;
    return LUS_OK;
}

/* All that is between stars, in every combination: a*b is a, b and a:b. */
static int add_crossed(struct parser *p, const char *at, const struct lus_term *groups, size_t n)
{
    for (size_t chosen = 1; chosen < (size_t)1 << n; chosen++) {
        struct lus_term term = {0};
        for (size_t g = 0; g < n; g++) {
            for (size_t i = 0; chosen >> g & 1 && i < groups[g].n; i++) {
                if (has_part(&term, groups[g].parts[i])) continue;
                if (term.n == LUS_MOST_FACTORS)
                    return fail(p, at, "at most %d columns are crossed", LUS_MOST_FACTORS);
                term.parts[term.n++] = groups[g].parts[i];
            }
        }
        LUS_TRY(add_term(p, at, term));
    }
    return LUS_OK;
}

static int read_term(struct parser *p)
{
    struct lus_term groups[LUS_MOST_FACTORS] = {0};
    size_t n = 1, n_factors = 0;
    skip_blanks(p);
    const char *start = p->at;
    bool is_alone = true, has_at = false;
    for (;;) {
        struct factor factor;
        LUS_TRY(read_factor(p, &factor));
        n_factors++;
        is_alone &= factor.kind == IS_PART;
        has_at |= factor.kind == IS_PART && p->out->parts[factor.part].kind == LUS_PART_AT;
        struct lus_term *group = &groups[n - 1];
        if (factor.kind == IS_PART && !has_part(group, factor.part)) {
            if (group->n == LUS_MOST_FACTORS)
                return fail(p, start, "at most %d columns are crossed", LUS_MOST_FACTORS);
            group->parts[group->n++] = factor.part;
        }
        if (accept(p, ':')) continue;
        if (!accept(p, '*')) break;
        if (n++ == LUS_MOST_FACTORS)
            return fail(p, start, "at most %d columns are crossed", LUS_MOST_FACTORS);
    }
    if (n_factors > 1 && (!is_alone || has_at))
        return fail(p, start, "strata(), offset() and at() are terms of their own, joined by +");
    return is_alone ? add_crossed(p, start, groups, n) : LUS_OK;
}

/* By their number of factors, else as they came. */
static void sort_terms(struct lus_formula *f)
{
    for (size_t i = 1; i < f->n_terms; i++)
        for (size_t k = i; k && f->terms[k - 1].n > f->terms[k].n; k--) {
            struct lus_term moved = f->terms[k];
            f->terms[k] = f->terms[k - 1];
            f->terms[k - 1] = moved;
        }
}

int lus_formula_parse(struct lus_arena *arena, const char *option, const char *text,
                      struct lus_formula *out, struct lus_error *err)
{
    struct parser p = {.arena = arena, .out = out, .option = option, .at = text, .err = err};
    *out = (struct lus_formula){.source = text};
    out->parts = lus_arena_alloc(arena, LUS_MOST_PARTS, sizeof *out->parts);
    out->terms = lus_arena_alloc(arena, LUS_MOST_TERMS, sizeof *out->terms);
    out->strata = lus_arena_alloc(arena, LUS_MOST_PARTS, sizeof *out->strata);
    out->offsets = lus_arena_alloc(arena, LUS_MOST_PARTS, sizeof *out->offsets);
    if (!out->parts || !out->terms || !out->strata || !out->offsets) return lus_fail_memory(err);
    const char *tilde = strchr(text, '~');
    if (tilde && tilde[strspn(tilde, "~ ")]) /* R's habit */
        return lus_fail(err, LUS_EUSAGE,
                        "%s: \"%s\": what stands behind the ~ is wanted alone; the time and the "
                        "event are named by --time and --event or a recipe",
                        option, text);
    if (lus_utf8_bad(text, strlen(text)) < strlen(text))
        return lus_fail(err, LUS_EUSAGE, "%s: it is not UTF-8", option);
    do
        LUS_TRY(read_term(&p));
    while (accept(&p, '+'));
    if (*p.at == ')') return fail(&p, p.at, "a bracket is closed that was not opened");
    if (*p.at) return fail(&p, p.at, "\"+\", \"*\" or \":\" is wanted between columns");
    sort_terms(out);
    return LUS_OK;
}
