#include "recipe/expression.h"

#include <ctype.h>
#include <math.h>

#include "support/number.h"

/* nesting and length that a person writes, and a stack holds */
enum { DEEPEST = 100, MOST_NODES = 2000 };

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_TEXT,
    TOKEN_NUMBER,
    TOKEN_OP,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA
};

struct token {
    enum token_kind kind;
    struct lus_text text; /* name or text, unquoted */
    bool is_backquoted;
    enum lus_expr_op op;
    double number;
    size_t at; /* character, from 1 */
};

struct parser {
    struct lus_arena *arena;
    const char *text, *next;
    struct token token;
    struct lus_error *err;
    int depth, n_nodes;
};

static int fail(struct parser *p, size_t at, const char *what)
{
    return lus_fail(p->err, LUS_EDATA, "%s at character %zu of the expression: %.200s", what, at,
                    p->text);
}

static int quoted(struct parser *p, char quote, struct lus_text *out)
{
    const char *start = p->next;
    char *copy = lus_arena_alloc(p->arena, strlen(start) + 1, 1);
    if (!copy) return lus_fail_memory(p->err);
    size_t n = 0;
    for (const char *c = start + 1; *c; c++) {
        if (*c == quote && c[1] == quote) {
            copy[n++] = *c++;
        } else if (*c == quote) {
            p->next = c + 1;
            *out = (struct lus_text){copy, n};
            return LUS_OK;
        } else {
            copy[n++] = *c;
        }
    }
    return fail(p, (size_t)(start - p->text) + 1, "a quote that is not closed");
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || (c & 0x80);
}

static int take_operator(struct parser *p, struct token *token)
{
    static const struct {
        const char *text;
        enum lus_expr_op op;
    } operators[] = {{"==", LUS_OP_EQ}, {"!=", LUS_OP_NE}, {"<=", LUS_OP_LE},
                     {">=", LUS_OP_GE}, {"<", LUS_OP_LT},  {">", LUS_OP_GT}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i].text);
        if (strncmp(p->next, operators[i].text, n) == 0) {
            token->kind = TOKEN_OP;
            token->op = operators[i].op;
            p->next += n;
            return LUS_OK;
        }
    }
    const char *remedy = *p->next == '='   ? "\"=\" (equality is written ==)"
                         : *p->next == '&' ? "\"&\" (written and)"
                         : *p->next == '|' ? "\"|\" (written or)"
                         : *p->next == '!' ? "\"!\" (written not)"
                                           : "an unexpected character";
    return fail(p, token->at, remedy);
}

static int take_number(struct parser *p, struct token *token)
{
    const char *end = p->next + (*p->next == '-' || *p->next == '+');
    while (is_name_byte(*end) ||
           ((*end == '-' || *end == '+') && (end[-1] == 'e' || end[-1] == 'E')))
        end++;
    if (lus_number_parse(p->next, (size_t)(end - p->next), &token->number) != LUS_NUMBER_OK)
        return fail(p, token->at,
                    "something that begins like a number and is none (names that do are written in "
                    "backquotes)");
    token->kind = TOKEN_NUMBER;
    token->text = (struct lus_text){p->next, (size_t)(end - p->next)};
    p->next = end;
    return LUS_OK;
}

static int advance(struct parser *p)
{
    while (isspace((unsigned char)*p->next))
        p->next++;
    struct token *token = &p->token;
    *token = (struct token){.at = (size_t)(p->next - p->text) + 1};
    char c = *p->next;
    switch (c) {
    case 0: token->kind = TOKEN_END; return LUS_OK;
    case '(': token->kind = TOKEN_OPEN, p->next++; return LUS_OK;
    case ')': token->kind = TOKEN_CLOSE, p->next++; return LUS_OK;
    case ',': token->kind = TOKEN_COMMA, p->next++; return LUS_OK;
    case '"':
    case '\'': token->kind = TOKEN_TEXT; return quoted(p, c, &token->text);
    case '`':
        token->kind = TOKEN_NAME;
        token->is_backquoted = true;
        return quoted(p, c, &token->text);
    default: break;
    }
    if (isdigit((unsigned char)c) || ((c == '-' || c == '+' || c == '.') &&
                                      (isdigit((unsigned char)p->next[1]) || p->next[1] == '.')))
        return take_number(p, token);
    if (!is_name_byte(c)) return take_operator(p, token);
    const char *start = p->next;
    while (is_name_byte(*p->next))
        p->next++;
    token->kind = TOKEN_NAME;
    token->text = (struct lus_text){start, (size_t)(p->next - start)};
    return LUS_OK;
}

static bool is_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_NAME && !p->token.is_backquoted &&
           p->token.text.n == strlen(word) && memcmp(p->token.text.p, word, p->token.text.n) == 0;
}

static struct lus_expr *node(struct parser *p, enum lus_expr_kind kind)
{
    if (++p->n_nodes > MOST_NODES) {
        (void)fail(p, p->token.at,
                   "an expression of more than 2000 parts; a factor with levels says it better:");
        return NULL;
    }
    struct lus_expr *e = lus_arena_alloc(p->arena, 1, sizeof *e);
    if (e) {
        e->kind = kind;
        e->source = p->text;
    } else {
        (void)lus_fail_memory(p->err);
    }
    return e;
}

static int parse_or(struct parser *p, struct lus_expr **out);

static int take_name(struct parser *p, struct lus_operand *out)
{
    if (p->token.kind != TOKEN_NAME || is_word(p, "and") || is_word(p, "or") || is_word(p, "in"))
        return fail(p, p->token.at,
                    p->token.kind == TOKEN_END ? "the expression ends where a column is wanted"
                                               : "a column is wanted");
    out->name = lus_arena_copy(p->arena, p->token.text.p, p->token.text.n);
    if (!out->name) return lus_fail_memory(p->err);
    return advance(p);
}

/* One literal into the leaf; texts and numbers do not mix. */
static int take_value(struct parser *p, struct lus_expr *leaf)
{
    if (p->token.kind != TOKEN_TEXT && p->token.kind != TOKEN_NUMBER)
        return fail(p, p->token.at,
                    p->token.kind == TOKEN_NAME
                        ? "a text in quotes or a number is wanted (text stands in \"...\")"
                        : "a text in quotes or a number is wanted");
    enum lus_expr_kind kind = p->token.kind == TOKEN_TEXT ? LUS_EXPR_TEXT : LUS_EXPR_NUMBER;
    if (leaf->n_values && leaf->kind != kind)
        return fail(p, p->token.at, "texts and numbers in one list: write all as texts");
    leaf->kind = kind;
    struct lus_text *texts = lus_arena_alloc(p->arena, leaf->n_values + 1, sizeof *texts);
    double *numbers = lus_arena_alloc(p->arena, leaf->n_values + 1, sizeof *numbers);
    if (!texts || !numbers) return lus_fail_memory(p->err);
    if (leaf->n_values) {
        memcpy(texts, leaf->texts, leaf->n_values * sizeof *texts);
        memcpy(numbers, leaf->numbers, leaf->n_values * sizeof *numbers);
    }
    texts[leaf->n_values] = p->token.text;
    numbers[leaf->n_values++] = p->token.number;
    leaf->texts = texts;
    leaf->numbers = numbers;
    return advance(p);
}

static int parse_in(struct parser *p, struct lus_expr *leaf)
{
    LUS_TRY(advance(p));
    if (p->token.kind != TOKEN_OPEN)
        return fail(p, p->token.at, "in wants its list in brackets, in (\"a\", \"b\"),");
    do {
        LUS_TRY(advance(p));
        LUS_TRY(take_value(p, leaf));
    } while (p->token.kind == TOKEN_COMMA);
    if (p->token.kind != TOKEN_CLOSE)
        return fail(p, p->token.at, "a bracket that closes the list is wanted");
    return advance(p);
}

static enum lus_expr_op mirrored(enum lus_expr_op op)
{
    static const enum lus_expr_op mirror[] = {LUS_OP_EQ, LUS_OP_NE, LUS_OP_GT,
                                              LUS_OP_GE, LUS_OP_LT, LUS_OP_LE};
    return mirror[op];
}

/* name op value, value op name, name op name, name in (...) */
static int parse_comparison(struct parser *p, struct lus_expr **out)
{
    struct lus_expr *leaf = node(p, LUS_EXPR_TEXT);
    if (!leaf) return p->err ? (int)p->err->status : LUS_EDATA;
    *out = leaf;
    bool value_first = p->token.kind == TOKEN_TEXT || p->token.kind == TOKEN_NUMBER;
    if (value_first) LUS_TRY(take_value(p, leaf));
    else LUS_TRY(take_name(p, &leaf->operand));
    if (!value_first && is_word(p, "in")) return parse_in(p, leaf);
    if (!value_first && is_word(p, "not")) {
        LUS_TRY(advance(p));
        if (!is_word(p, "in")) return fail(p, p->token.at, "not in (...) is wanted");
        struct lus_expr *negation = node(p, LUS_EXPR_NOT);
        if (!negation) return p->err ? (int)p->err->status : LUS_EDATA;
        negation->left = leaf;
        *out = negation;
        return parse_in(p, leaf);
    }
    if (p->token.kind != TOKEN_OP)
        return fail(p, p->token.at, "a comparison (== != < <= > >= in) is wanted");
    leaf->op = value_first ? mirrored(p->token.op) : p->token.op;
    LUS_TRY(advance(p));
    if (value_first) return take_name(p, &leaf->operand);
    if (p->token.kind == TOKEN_NAME) {
        leaf->kind = LUS_EXPR_COLUMNS;
        return take_name(p, &leaf->other);
    }
    return take_value(p, leaf);
}

static int parse_missing(struct parser *p, struct lus_expr **out)
{
    struct lus_expr *e = node(p, LUS_EXPR_MISSING);
    if (!e) return p->err ? (int)p->err->status : LUS_EDATA;
    *out = e;
    LUS_TRY(advance(p)); /* the bracket, which the caller has seen */
    LUS_TRY(advance(p));
    LUS_TRY(take_name(p, &e->operand));
    if (p->token.kind != TOKEN_CLOSE)
        return fail(p, p->token.at, "a bracket that closes missing( is wanted");
    return advance(p);
}

static bool bracket_follows(const struct parser *p)
{
    const char *c = p->next;
    while (isspace((unsigned char)*c))
        c++;
    return *c == '(';
}

static int parse_not(struct parser *p, struct lus_expr **out)
{
    if (p->token.kind == TOKEN_OPEN) {
        LUS_TRY(advance(p));
        LUS_TRY(parse_or(p, out));
        if (p->token.kind != TOKEN_CLOSE)
            return fail(p, p->token.at, "a bracket that closes is wanted");
        return advance(p);
    }
    if (is_word(p, "not")) {
        if (++p->depth > DEEPEST) return fail(p, p->token.at, "nested too deeply");
        struct lus_expr *e = node(p, LUS_EXPR_NOT);
        if (!e) return p->err ? (int)p->err->status : LUS_EDATA;
        *out = e;
        LUS_TRY(advance(p));
        LUS_TRY(parse_not(p, &e->left));
        p->depth--;
        return LUS_OK;
    }
    if (is_word(p, "missing") && bracket_follows(p)) return parse_missing(p, out);
    return parse_comparison(p, out);
}

static int parse_chain(struct parser *p, const char *word, enum lus_expr_kind kind,
                       int (*part)(struct parser *, struct lus_expr **), struct lus_expr **out)
{
    LUS_TRY(part(p, out));
    while (is_word(p, word)) {
        struct lus_expr *e = node(p, kind);
        if (!e) return p->err ? (int)p->err->status : LUS_EDATA;
        e->left = *out;
        *out = e;
        LUS_TRY(advance(p));
        LUS_TRY(part(p, &e->right));
    }
    return LUS_OK;
}

static int parse_and(struct parser *p, struct lus_expr **out)
{
    return parse_chain(p, "and", LUS_EXPR_AND, parse_not, out);
}

static int parse_or(struct parser *p, struct lus_expr **out)
{
    if (++p->depth > DEEPEST) return fail(p, p->token.at, "nested too deeply");
    LUS_TRY(parse_chain(p, "or", LUS_EXPR_OR, parse_and, out));
    p->depth--;
    return LUS_OK;
}

int lus_expr_parse(struct lus_arena *arena, const char *text, struct lus_expr **out,
                   struct lus_error *err)
{
    char *copy = lus_arena_copy(arena, text, strlen(text));
    if (!copy) return lus_fail_memory(err);
    struct parser p = {.arena = arena, .text = copy, .next = copy, .err = err};
    size_t bad = lus_utf8_bad(copy, strlen(copy));
    if (copy[bad]) return fail(&p, bad + 1, "a byte that is not UTF-8");
    LUS_TRY(advance(&p));
    if (p.token.kind == TOKEN_END)
        return lus_fail(err, LUS_EDATA,
                        "an empty expression; a condition such as er == \"Positive\" is wanted");
    LUS_TRY(parse_or(&p, out));
    if (p.token.kind != TOKEN_END)
        return fail(&p, p.token.at, "something left over (and, or, or the end is wanted)");
    return LUS_OK;
}

static enum lus_truth compare(int order, enum lus_expr_op op)
{
    switch (op) {
    case LUS_OP_EQ: return order == 0;
    case LUS_OP_NE: return order != 0;
    case LUS_OP_LT: return order < 0;
    case LUS_OP_LE: return order <= 0;
    case LUS_OP_GT: return order > 0;
    case LUS_OP_GE: return order >= 0;
    }
    return LUS_UNKNOWN;
}

enum lus_truth lus_expr_decide_text(const struct lus_expr *leaf, struct lus_text value)
{
    for (size_t i = 0; i < leaf->n_values; i++) {
        int order = lus_text_equal(value, leaf->texts[i]) ? 0
                                                          : lus_text_order(value, leaf->texts[i]);
        if (leaf->op == LUS_OP_EQ || leaf->op == LUS_OP_NE)
            order = !lus_text_equal(value, leaf->texts[i]);
        if (compare(order, leaf->op) == LUS_TRUE) return LUS_TRUE;
    }
    return LUS_FALSE;
}

enum lus_truth lus_expr_decide_number(const struct lus_expr *leaf, double value)
{
    for (size_t i = 0; i < leaf->n_values; i++)
        if (compare((value > leaf->numbers[i]) - (value < leaf->numbers[i]), leaf->op) == LUS_TRUE)
            return LUS_TRUE;
    return LUS_FALSE;
}
