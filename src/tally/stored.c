/* A tally out of bytes: its header, its checksum, its body. */
#include "tally/stored.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>

#include "read/reader.h"

static const char magic[] = LUS_TALLY_MAGIC, version[] = "1\n";

/* A tally's bytes while they are read. */
struct source {
    const char *name;        /* of the file, for messages */
    const unsigned char *at; /* of this tally; n bytes to the end of the file */
    size_t n, i;             /* where reading is */
    bool is_first;           /* of the file */
    struct lus_tally *tally;
    struct lus_arena *arena;
    struct grid {
        uint64_t time, weight;
    } grid;
    uint64_t n_strata, n_marks, n_body;
    LUS_ARRAY(struct lus_rule) rules;
    LUS_ARRAY(struct lus_tally_cause) causes;
    LUS_ARRAY(struct lus_event_text) event_texts;
    LUS_ARRAY(struct lus_tally_file) files;
    LUS_ARRAY(struct lus_doubt) doubts;
    LUS_ARRAY(const char *) parts;
    LUS_ARRAY(const char *) keys;
    LUS_ARRAY(const char *) labels;
    LUS_ARRAY(bool) are_ordered;
    struct lus_error *err;
};

static int fail_broken(const struct source *s, const char *what)
{
    return lus_fail(s->err, LUS_EDATA,
                    "%s: the tally is broken: %s; make it anew (lustrum tally FILE -o A.tally)",
                    s->name, what);
}

/* --- the header --- */

/* The text of a line, out of its escapes, in the arena. */
static const char *take_text(struct source *s, struct lus_text text)
{
    char *out = lus_arena_alloc(s->arena, text.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; out && i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' && i + 1 < text.n) {
            c = text.p[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
        out[n++] = c;
    }
    return out;
}

/* A number at the text's beginning, with the blank behind it. */
static bool take_number(struct lus_text *text, uint64_t *out)
{
    size_t i = 0;
    uint64_t value = 0;
    for (; i < text->n && text->p[i] >= '0' && text->p[i] <= '9'; i++)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text->p[i] - '0'), &value))
            return false;
    bool is_number = i > 0 && (i == text->n || text->p[i] == ' ');
    i += i < text->n;
    text->p += i, text->n -= i;
    *out = value;
    return is_number;
}

static bool *flag_of(struct lus_tally *t, const char *name)
{
#define IS_FLAG(word, field) \
    if (strcmp(name, word) == 0) return &t->field;
    LUS_STORED_FLAGS(IS_FLAG)
    return NULL;
}

static const char **text_of(struct lus_tally *t, struct lus_text name)
{
#define IS_TEXT(word, field) \
    if (lus_text_equal(name, lus_text_of(word))) return &t->field;
    LUS_STORED_TEXTS(IS_TEXT)
    return NULL;
}

static uint64_t *number_of(struct source *s, struct lus_text word)
{
    const struct {
        const char *word;
        uint64_t *at;
    } numbers[] = {{"rows", &s->tally->n_rows},
                   {"analysed", &s->tally->n_analysed},
                   {"zero-times", &s->tally->zero_times},
                   {"late", &s->tally->late_entries},
                   {"strata", &s->n_strata},
                   {"times", &s->n_marks},
                   {"body", &s->n_body}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (lus_text_equal(word, lus_text_of(numbers[i].word))) return numbers[i].at;
    return NULL;
}

#define ADD(list, ...)                                            \
    do {                                                          \
        if (LUS_ARRAY_RESERVE(&(list), 1) != LUS_OK) return NULL; \
        (list).at[(list).n++] = __VA_ARGS__;                      \
    } while (0)

/* Lines that come again: NULL where memory cannot be had, "" where the line is as it should be,
 * else what is wrong with it. */
static const char *take_item(struct source *s, struct lus_text word, struct lus_text text)
{
    static const char wrong[] = "a line of its header";
    static const struct {
        const char *word;
        size_t n_numbers; /* before its text */
    } items[] = {{"rule", 2},   {"cause", 1}, {"counts-as", 2}, {"doubt", 1}, {"discreet", 0},
                 {"source", 0}, {"part", 0},  {"key", 1},       {"label", 0}};
    uint64_t a = 0, b = 0;
    size_t i = 0;
    while (i < sizeof items / sizeof *items && !lus_text_equal(word, lus_text_of(items[i].word)))
        i++;
    if (i == sizeof items / sizeof *items)
        return "a word of its header is not known; a newer lustrum made it?";
    if (items[i].n_numbers > 0 && !take_number(&text, &a)) return wrong;
    if (items[i].n_numbers > 1 && !take_number(&text, &b)) return wrong;
    const char *said = take_text(s, text);
    if (!said) return NULL;
    if (lus_text_equal(word, lus_text_of("rule")))
        ADD(s->rules, (struct lus_rule){.name = said, .left_out = a, .is_missing = b != 0});
    else if (lus_text_equal(word, lus_text_of("cause")))
        ADD(s->causes, (struct lus_tally_cause){*said ? said : NULL, a != 0});
    else if (lus_text_equal(word, lus_text_of("counts-as")))
        ADD(s->event_texts, (struct lus_event_text){.text = said, .cause = (size_t)a, .n = b});
    else if (lus_text_equal(word, lus_text_of("part"))) ADD(s->parts, said);
    else if (lus_text_equal(word, lus_text_of("doubt")))
        ADD(s->doubts, (struct lus_doubt){said, NULL, a != 0});
    else if (lus_text_equal(word, lus_text_of("discreet")) && s->doubts.n)
        s->doubts.at[s->doubts.n - 1].discreet = said;
    else if (lus_text_equal(word, lus_text_of("source"))) {
        const char *blank = strchr(said, ' ');
        if (!blank) return wrong;
        char *hash = lus_arena_copy(s->arena, said, (size_t)(blank - said));
        if (!hash) return NULL;
        ADD(s->files, (struct lus_tally_file){blank + 1, strcmp(hash, "-") == 0 ? "" : hash});
    } else if (lus_text_equal(word, lus_text_of("key"))) {
        if (s->keys.n == LUS_MOST_KEYS) return wrong;
        ADD(s->keys, said);
        ADD(s->labels, said);
        ADD(s->are_ordered, a != 0);
    } else if (lus_text_equal(word, lus_text_of("label")) && s->labels.n) {
        s->labels.at[s->labels.n - 1] = said;
    } else {
        return wrong;
    }
    return "";
}

static int take_line(struct source *s, struct lus_text line)
{
    const char *blank = line.n ? memchr(line.p, ' ', line.n) : NULL;
    struct lus_text word = {line.p, blank ? (size_t)(blank - line.p) : line.n};
    struct lus_text text = {line.p + word.n, line.n - word.n};
    if (text.n) text.p++, text.n--;
    const char **field = text_of(s->tally, word);
    uint64_t *number = number_of(s, word), landmark = 0;
    if (field) return (*field = take_text(s, text)) ? LUS_OK : lus_fail_memory(s->err);
    if (number) return take_number(&text, number) && !text.n ? LUS_OK : fail_broken(s, "a number");
    if (lus_text_equal(word, lus_text_of("confidential"))) return LUS_OK;
    if (lus_text_equal(word, lus_text_of("landmark"))) {
        bool is_good = take_number(&text, &landmark) && landmark < (uint64_t)LUS_TIME_MAX;
        s->tally->landmark = (lus_time)landmark;
        return is_good ? LUS_OK : fail_broken(s, "a number");
    }
    if (lus_text_equal(word, lus_text_of("grid")))
        return take_number(&text, &s->grid.time) && take_number(&text, &s->grid.weight) &&
                       s->grid.time && s->grid.weight
                   ? LUS_OK
                   : fail_broken(s, "a number");
    const char *said = take_text(s, text);
    if (!said) return lus_fail_memory(s->err);
    if (lus_text_equal(word, lus_text_of("unit")))
        return lus_unit_parse(said, &s->tally->unit) == LUS_OK ? LUS_OK
                                                               : fail_broken(s, "its unit");
    if (lus_text_equal(word, lus_text_of("is"))) {
        bool *flag = flag_of(s->tally, said);
        if (flag) *flag = true;
        return flag ? LUS_OK
                    : fail_broken(s, "a word of its header is not known; a newer lustrum made it?");
    }
    said = take_item(s, word, text);
    return !said ? lus_fail_memory(s->err) : *said ? fail_broken(s, said) : LUS_OK;
}

static int take_header(struct source *s)
{
    size_t n = strlen(magic), m = strlen(version);
    if (s->n < n + m || memcmp(s->at, magic, n) != 0)
        return lus_fail(s->err, LUS_EDATA,
                        "%s: %s no tally; lustrum tally FILE -o A.tally makes one (tallies and "
                        "files of rows are not read together)",
                        s->name, s->is_first ? "this is" : "behind its first tally stands");
    if (memcmp(s->at + n, version, m) != 0)
        return lus_fail(s->err, LUS_EDATA, "%s: this tally is of another version of lustrum",
                        s->name);
    for (s->i = n + m;;) {
        const unsigned char *newline = memchr(s->at + s->i, '\n', s->n - s->i);
        if (!newline) return fail_broken(s, "it is cut off");
        struct lus_text line = {(const char *)s->at + s->i, (size_t)(newline - s->at) - s->i};
        s->i += line.n + 1;
        if (!line.n) break;
        if (memchr(line.p, 0, line.n) || lus_utf8_bad(line.p, line.n) < line.n)
            return fail_broken(s, "its header is no text");
        LUS_TRY(take_line(s, line));
    }
    struct lus_tally *t = s->tally;
    bool is_asked = t->question && *t->question && t->time_column && *t->time_column &&
                    t->event_column && *t->event_column;
    if (!is_asked || !s->causes.n || s->causes.n > LUS_MOST_CAUSES || !s->grid.time)
        return fail_broken(s, "its header lacks a line");
    if (!t->file_notes) t->file_notes = "";
    for (size_t i = 0; i < s->event_texts.n; i++)
        if (s->event_texts.at[i].cause > s->causes.n) return fail_broken(s, "a cause");
    return LUS_OK;
}

/* --- the checksum: before the body is believed --- */

/* A tally that no others were added to is a part itself. */
static int name_part(struct source *s, const unsigned char *digest)
{
    enum { BYTES = 16 };
    char letters[2 * BYTES + 1];
    for (size_t i = 0; i < BYTES; i++)
        (void)snprintf(letters + 2 * i, 3, "%02x", digest[i]);
    const char *part = lus_arena_copy(s->arena, letters, 2 * BYTES);
    if (!part || LUS_ARRAY_RESERVE(&s->parts, 1) != LUS_OK) return lus_fail_memory(s->err);
    s->parts.at[s->parts.n++] = part;
    return LUS_OK;
}

static int check_sum(struct source *s)
{
    unsigned char digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx hash;
    uint64_t left = s->n - s->i;
    if (left < SHA256_DIGEST_SIZE || s->n_body > left - SHA256_DIGEST_SIZE)
        return fail_broken(s, "it is cut off");
    size_t end = s->i + (size_t)s->n_body;
    sha256_init(&hash);
    sha256_update(&hash, end, s->at);
    sha256_digest(&hash, sizeof digest, digest);
    if (memcmp(digest, s->at + end, sizeof digest) != 0)
        return fail_broken(s, "its checksum is another, so it was changed");
    return s->parts.n ? LUS_OK : name_part(s, digest);
}

/* --- the body --- */

/* Within the body, which the checksum has shown to be whole: what does not fit was made so. */
static bool take_varint(struct source *s, size_t end, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; s->i < end && shift < 64; shift += 7) {
        unsigned char byte = s->at[s->i++];
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool take_level(struct source *s, size_t end, const char **level, long *place, bool *failed)
{
    uint64_t n, at;
    *level = NULL, *place = -1;
    if (!take_varint(s, end, &n)) return false;
    if (!n) return true;
    if (n - 1 > end - s->i || lus_utf8_bad((const char *)s->at + s->i, n - 1) < n - 1 ||
        memchr(s->at + s->i, 0, n - 1))
        return false;
    *level = lus_arena_copy(s->arena, (const char *)s->at + s->i, n - 1);
    *failed |= !*level;
    s->i += n - 1;
    if (!take_varint(s, end, &at) || at > UINT32_MAX) return false;
    *place = (long)at - 1;
    return true;
}

static bool take_counts(struct source *s, size_t end, struct lus_time_counts *out, bool *failed)
{
    uint64_t n, step, weight, before = 0;
    if (!take_varint(s, end, &n) || n > (end - s->i) / 2) return false;
    out->at = lus_alloc(n, sizeof *out->at);
    *failed |= !out->at;
    for (uint64_t i = 0; i < n && out->at; i++) {
        if (!take_varint(s, end, &step) || !take_varint(s, end, &weight) || !weight ||
            (i && !step) || __builtin_mul_overflow(step, s->grid.time, &step) ||
            __builtin_mul_overflow(weight, s->grid.weight, &weight) ||
            __builtin_add_overflow(before, step, &before) || before >= (uint64_t)LUS_TIME_MAX ||
            weight > INT64_MAX)
            return false;
        out->at[out->n++] = (struct lus_mark){(lus_time)before, (int64_t)weight};
    }
    return true;
}

static bool take_stratum(struct source *s, size_t end, struct lus_stratum *out, bool *failed)
{
    struct lus_tally *t = s->tally;
    const char **levels = lus_arena_alloc(s->arena, t->n_keys + 1, sizeof *levels);
    long *places = lus_arena_alloc(s->arena, t->n_keys + 1, sizeof *places);
    uint64_t n_people;
    *failed |= !levels || !places || lus_counts_init(&out->counts, t->n_causes) != LUS_OK;
    if (*failed) return true;
    for (size_t k = 0; k < t->n_keys; k++)
        if (!take_level(s, end, &levels[k], &places[k], failed)) return false;
    if (!take_varint(s, end, &n_people) || n_people > (uint64_t)1 << 52) return false;
    out->levels = levels, out->places = places, out->n_people = (double)n_people;
    for (size_t kind = 0; kind < t->n_causes + 2 && !*failed; kind++)
        if (!take_counts(s, end, lus_counts_of(&out->counts, t->n_causes, kind), failed))
            return false;
    return true;
}

static int take_body(struct source *s)
{
    struct lus_tally *t = s->tally;
    size_t end = s->i + (size_t)s->n_body;
    bool failed = false;
    if (s->n_strata > s->n_body + 1) return fail_broken(s, "its strata");
    t->strata = lus_alloc_zeroed((size_t)s->n_strata, sizeof *t->strata);
    if (!t->strata) return lus_fail_memory(s->err);
    for (uint64_t i = 0; i < s->n_strata; i++) {
        bool is_good = take_stratum(s, end, &t->strata[t->n_strata++], &failed);
        if (failed) return lus_fail_memory(s->err);
        if (!is_good) return fail_broken(s, "its strata");
    }
    if (s->i != end) return fail_broken(s, "its strata");
    s->i += SHA256_DIGEST_SIZE;
    return LUS_OK;
}

/* --- one tally --- */

/* The lists of the header move into the tally. */
static int keep_lists(struct source *s)
{
#define KEEP(list, field, count)                                                                \
    do {                                                                                        \
        s->tally->field = lus_arena_alloc(s->arena, (list).n + 1, sizeof *(list).at);           \
        if (!s->tally->field) return LUS_ENOMEM;                                                \
        if ((list).n) memcpy((void *)s->tally->field, (list).at, (list).n * sizeof *(list).at); \
        s->tally->count = (list).n;                                                             \
    } while (0)
    KEEP(s->rules, rules, n_rules);
    KEEP(s->causes, causes, n_causes);
    KEEP(s->event_texts, event_texts, n_event_texts);
    KEEP(s->files, files, n_files);
    KEEP(s->doubts, doubts, n_doubts);
    KEEP(s->labels, labels, n_keys);
    KEEP(s->are_ordered, is_ordered, n_keys);
    KEEP(s->keys, keys, n_keys);
    KEEP(s->parts, memory->parts, memory->n_parts);
    s->tally->n_by = s->tally->n_keys;
    return LUS_OK;
}

static int take(struct source *s, struct lus_tally *out)
{
    *out = (struct lus_tally){.memory = lus_alloc_zeroed(1, sizeof *out->memory), .landmark = -1};
    if (!out->memory) return lus_fail_memory(s->err);
    s->tally = out, s->arena = &out->memory->arena;
    int status = take_header(s);
    if (status == LUS_OK) status = check_sum(s);
    if (status == LUS_OK && keep_lists(s) != LUS_OK) status = lus_fail_memory(s->err);
    out->file = lus_arena_copy(s->arena, s->name, strlen(s->name));
    if (status == LUS_OK && !out->file) status = lus_fail_memory(s->err);
    if (status == LUS_OK) status = take_body(s);
    LUS_ARRAY_FREE(&s->rules), LUS_ARRAY_FREE(&s->causes), LUS_ARRAY_FREE(&s->event_texts);
    LUS_ARRAY_FREE(&s->files), LUS_ARRAY_FREE(&s->doubts), LUS_ARRAY_FREE(&s->keys);
    LUS_ARRAY_FREE(&s->labels), LUS_ARRAY_FREE(&s->are_ordered), LUS_ARRAY_FREE(&s->parts);
    return status;
}

int lus_tally_take(const struct lus_string *file, size_t *at, const char *name,
                   struct lus_tally *out, struct lus_error *err)
{
    struct source s = {.name = name,
                       .at = (const unsigned char *)(file->n ? file->at : "") + *at,
                       .n = file->n - *at,
                       .is_first = !*at,
                       .err = err};
    int status = take(&s, out);
    *at += s.i;
    return status;
}
