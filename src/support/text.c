#include "support/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "support/number.h"

uint64_t lus_text_hash(struct lus_text text)
{
    uint64_t h = 0x9e3779b97f4a7c15ULL ^ text.n;
    size_t i = 0;
    for (; i + 8 <= text.n; i += 8) {
        uint64_t word;
        memcpy(&word, text.p + i, 8);
        h = (h ^ word) * 0xff51afd7ed558ccdULL;
        h ^= h >> 32;
    }
    uint64_t rest = 0;
    if (i < text.n) memcpy(&rest, text.p + i, text.n - i);
    h = (h ^ rest) * 0xff51afd7ed558ccdULL;
    return h ^ (h >> 29);
}

int lus_text_order(struct lus_text a, struct lus_text b)
{
    double x, y;
    bool a_is_number = lus_number_parse(a.p, a.n, &x) == LUS_NUMBER_OK;
    bool b_is_number = lus_number_parse(b.p, b.n, &y) == LUS_NUMBER_OK;
    if (a_is_number != b_is_number) return a_is_number ? -1 : 1;
    if (a_is_number && x != y) return x < y ? -1 : 1;
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order) return order;
    return (a.n > b.n) - (a.n < b.n);
}

bool lus_text_equal_any_case(struct lus_text a, const char *b)
{
    return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

/* The next byte that is no blank, in small letters; 0 at the end. */
static int next_bare(struct lus_text *text)
{
    while (text->n) {
        unsigned char byte = (unsigned char)*text->p++;
        text->n--;
        if (!isspace(byte) && byte != '_') return tolower(byte);
    }
    return 0;
}

bool lus_text_is_alike(struct lus_text a, struct lus_text b)
{
    for (;;) {
        int x = next_bare(&a), y = next_bare(&b);
        if (x != y || !x) return x == y;
    }
}

void lus_string_add_bare(struct lus_string *s, struct lus_text text)
{
    for (int byte; (byte = next_bare(&text)) != 0;) {
        char letter = (char)byte;
        lus_string_add(s, &letter, 1);
    }
}

/* The length of the UTF-8 sequence at p, 0 where it is none (overlong, surrogate and past U+10FFFF
 * included). */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80) return 1;
    if (p[0] >= 0xc2 && p[0] <= 0xdf) return left >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
    if (p[0] >= 0xe0 && p[0] <= 0xef) {
        if (left < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80) return 0;
        if (p[0] == 0xe0 && p[1] < 0xa0) return 0;
        return p[0] == 0xed && p[1] > 0x9f ? 0 : 3;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        if (left < 4 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 || (p[3] & 0xc0) != 0x80)
            return 0;
        if (p[0] == 0xf0 && p[1] < 0x90) return 0;
        return p[0] == 0xf4 && p[1] > 0x8f ? 0 : 4;
    }
    return 0;
}

size_t lus_utf8_bad(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n) {
        size_t step = utf8_sequence((const unsigned char *)p + i, n - i);
        if (!step) return i;
        i += step;
    }
    return n;
}

/* Bytes of a control of U+0080 to U+009F, or of a mark of direction; 0: it is neither. */
static size_t steering(const unsigned char *p)
{
    if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0) return 2;
    bool is_bidi = p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
                                    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
    return is_bidi ? 3 : 0;
}

void lus_string_field(struct lus_string *s, const char *text, char delimiter)
{
    bool needs_quotes = *text == ' ' || *text == '\t' ||
                        (*text &&
                         (text[strlen(text) - 1] == ' ' || text[strlen(text) - 1] == '\t'));
    for (const char *c = text; *c && !needs_quotes; c++)
        needs_quotes = *c == delimiter || *c == '"' || *c == '\n' || *c == '\r';
    if (!needs_quotes) {
        lus_string_put(s, text);
        return;
    }
    lus_string_put(s, "\"");
    for (const char *c = text; *c; c++)
        lus_string_add(s, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    lus_string_put(s, "\"");
}

void lus_string_show(struct lus_string *s, const char *text)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        size_t step = utf8_sequence((const unsigned char *)text + i, n - i),
               bad = step > 1 ? steering((const unsigned char *)text + i) : 0;
        if (!step || bad) lus_string_put(s, REPLACEMENT);
        else if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) lus_string_put(s, " ");
        else lus_string_add(s, text + i, step);
        i += step ? step : 1;
    }
}

size_t lus_utf8_width(const char *p, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if ((c & 0xc0) == 0x80) continue;
        bool combining = (c == 0xcc || (c == 0xcd && i + 1 < n && (unsigned char)p[i + 1] < 0xb0));
        if (!combining) width++;
    }
    return width;
}

/* Edit distance without regard to case, capped by the length of the names that a file has. */
static size_t distance(struct lus_text a, struct lus_text b)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1];
    if (a.n > LONGEST || b.n > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j],
                   change = diagonal + (strncasecmp(a.p + i - 1, b.p + j - 1, 1) != 0);
            size_t best = above + 1 < row[j - 1] + 1 ? above + 1 : row[j - 1] + 1;
            row[j] = change < best ? change : best;
            diagonal = above;
        }
    }
    return row[b.n];
}

const char *lus_nearest(struct lus_text name, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(name, lus_text_of(candidates[i]));
        if (d < least) {
            least = d;
            best = candidates[i];
        }
    }
    size_t near = name.n / 3 + 1; /* a third of the letters wrong is still the same word */
    return least <= near && least < name.n ? best : NULL;
}

void lus_string_add(struct lus_string *s, const char *p, size_t n)
{
    if (s->failed) return;
    if (s->room - s->n < n + 1 &&
        lus_array_grow((void **)&s->at, s->n, &s->room, n + 1, 1) != LUS_OK) {
        s->failed = true;
        return;
    }
    if (n) memcpy(s->at + s->n, p, n);
    s->n += n;
    s->at[s->n] = 0;
}

void lus_string_print(struct lus_string *s, const char *format, ...)
{
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(small, sizeof small, format, arguments);
    if (n >= 0 && (size_t)n < sizeof small) {
        lus_string_add(s, small, (size_t)n);
    } else if (n >= 0) {
        char *large = malloc((size_t)n + 1);
        if (large) {
            (void)vsnprintf(large, (size_t)n + 1, format, again);
            lus_string_add(s, large, (size_t)n);
        } else {
            s->failed = true;
        }
        free(large);
    }
    va_end(again);
    va_end(arguments);
}

void lus_string_quote(struct lus_string *s, char quote, const char *text)
{
    lus_string_add(s, &quote, 1);
    for (const char *c = text; *c; c++) {
        if (*c == quote) lus_string_add(s, c, 1);
        lus_string_add(s, c, 1);
    }
    lus_string_add(s, &quote, 1);
}

void lus_string_free(struct lus_string *s)
{
    free(s->at);
    *s = (struct lus_string){0};
}

int lus_fail_string(struct lus_error *err, enum lus_status status, struct lus_string *message)
{
    status = message->failed ? LUS_ENOMEM : status;
    (void)lus_fail(err, status, "%s", message->at ? message->at : "");
    lus_string_free(message);
    return status;
}

int lus_list_split(struct lus_arena *arena, const char *text, char ***parts, size_t *n,
                   struct lus_error *err)
{
    size_t length = strlen(text), room = 1;
    for (const char *c = text; *c; c++)
        room += *c == ',';
    char **out = lus_arena_alloc(arena, room, sizeof *out);
    char *part = lus_arena_alloc(arena, length + 1, 1);
    if (!out || !part) return lus_fail_memory(err);
    size_t count = 0, filled = 0;
    int depth = 0;
    bool quoted = false, was_quoted = false;
    for (const char *c = text;; c++) {
        if (*c == '`' && quoted && c[1] == '`') {
            part[filled++] = *c++;
        } else if (*c == '`') {
            quoted = !quoted;
            was_quoted = true;
        } else if (*c == 0 || (*c == ',' && !quoted && depth == 0)) {
            if (quoted)
                return lus_fail(err, LUS_EUSAGE, "a backquote is not closed in \"%s\"", text);
            if (!filled && !was_quoted)
                return lus_fail(err, LUS_EUSAGE, "an empty name in the list \"%s\"", text);
            out[count] = lus_arena_copy(arena, part, filled);
            if (!out[count++]) return lus_fail_memory(err);
            filled = 0;
            was_quoted = false;
            if (*c == 0) break;
        } else {
            if (!quoted) depth += (*c == '(') - (*c == ')');
            part[filled++] = *c;
        }
    }
    *parts = out;
    *n = count;
    return LUS_OK;
}
