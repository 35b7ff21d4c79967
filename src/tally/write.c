/* A tally as the bytes of a file (stored.h). */
#include <inttypes.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdlib.h>

#include "tally/stored.h"

/* A line of the header: a word and its text, in which line ends and marks are escaped. */
static void put_text(struct lus_string *out, const char *word, const char *text)
{
    lus_string_print(out, "%s ", word); /* behind numbers that stand there already: "" */
    for (; *text; text++) {
        const char *escaped = *text == '\n'   ? "\\n"
                              : *text == '\r' ? "\\r"
                              : *text == '\t' ? "\\t"
                              : *text == '\\' ? "\\\\"
                                              : NULL;
        if (escaped) lus_string_put(out, escaped);
        else lus_string_add(out, text, 1);
    }
    lus_string_put(out, "\n");
}

static void put_varint(struct lus_string *out, uint64_t value)
{
    unsigned char bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (unsigned char)(value | 0x80);
    bytes[n++] = (unsigned char)value;
    lus_string_add(out, (const char *)bytes, n);
}

/* What all times and all weights are multiples of. */
struct grid {
    uint64_t time, weight;
};

static uint64_t common(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b, b = rest;
    }
    return a;
}

static const struct lus_time_counts *kind_of(const struct lus_tally *t, size_t stratum, size_t kind)
{
    return lus_counts_of(&t->strata[stratum].counts, t->n_causes, kind);
}

static struct grid find_grid(const struct lus_tally *t, uint64_t *n_marks)
{
    struct grid g = {0, 0};
    *n_marks = 0;
    for (size_t s = 0; s < t->n_strata; s++)
        for (size_t kind = 0; kind < t->n_causes + 2; kind++) {
            const struct lus_time_counts *c = kind_of(t, s, kind);
            *n_marks += c->n;
            for (size_t i = 0; i < c->n; i++) {
                g.time = common(g.time, (uint64_t)c->at[i].time);
                g.weight = common(g.weight, (uint64_t)c->at[i].weight);
            }
        }
    return (struct grid){g.time ? g.time : 1, g.weight ? g.weight : 1};
}

static void put_counts(struct lus_string *out, const struct lus_time_counts *c, struct grid g)
{
    lus_time before = 0;
    put_varint(out, c->n);
    for (size_t i = 0; i < c->n; i++) {
        put_varint(out, (uint64_t)(c->at[i].time - before) / g.time);
        put_varint(out, (uint64_t)c->at[i].weight / g.weight);
        before = c->at[i].time;
    }
}

static void put_stratum(struct lus_string *out, const struct lus_tally *t, size_t s, struct grid g)
{
    const struct lus_stratum *stratum = &t->strata[s];
    for (size_t k = 0; k < t->n_keys; k++) {
        const char *level = stratum->levels[k];
        size_t n = level ? strlen(level) : 0;
        put_varint(out, level ? n + 1 : 0);
        if (level) lus_string_add(out, level, n);
        if (level) put_varint(out, (uint64_t)(stratum->places[k] + 1));
    }
    put_varint(out, (uint64_t)llround(stratum->n_people));
    for (size_t kind = 0; kind < t->n_causes + 2; kind++)
        put_counts(out, kind_of(t, s, kind), g);
}

static void put_fields(struct lus_string *out, const struct lus_tally *t)
{
#define PUT_FLAG(word, field) \
    if (t->field) put_text(out, "is", word);
#define PUT_TEXT(word, field) \
    if (t->field && *t->field) put_text(out, word, t->field);
    LUS_STORED_TEXTS(PUT_TEXT)
    LUS_STORED_FLAGS(PUT_FLAG)
    put_text(out, "unit", lus_unit_name(t->unit));
}

static void put_lists(struct lus_string *out, const struct lus_tally *t)
{
    for (size_t i = 0; i < t->n_files; i++) {
        lus_string_print(out, "source %s", *t->files[i].sha256 ? t->files[i].sha256 : "-");
        put_text(out, "", t->files[i].name);
    }
    for (size_t i = 0; i < t->memory->n_parts; i++)
        put_text(out, "part", t->memory->parts[i]);
    for (size_t i = 0; i < t->n_rules; i++) {
        lus_string_print(out, "rule %" PRIu64 " %d", t->rules[i].left_out, t->rules[i].is_missing);
        put_text(out, "", t->rules[i].name);
    }
    for (size_t i = 0; i < t->n_causes; i++) {
        lus_string_print(out, "cause %d", t->causes[i].is_event);
        put_text(out, "", t->causes[i].name ? t->causes[i].name : "");
    }
    for (size_t i = 0; i < t->n_event_texts; i++) {
        lus_string_print(out, "counts-as %zu %" PRIu64, t->event_texts[i].cause,
                         t->event_texts[i].n);
        put_text(out, "", t->event_texts[i].text);
    }
    for (size_t k = 0; k < t->n_keys; k++) {
        lus_string_print(out, "key %d", t->is_ordered[k]);
        put_text(out, "", t->keys[k]);
        put_text(out, "label", t->labels[k]);
    }
    for (size_t i = 0; i < t->n_doubts; i++) {
        lus_string_print(out, "doubt %d", t->doubts[i].is_warning);
        put_text(out, "", t->doubts[i].text);
        if (t->doubts[i].discreet) put_text(out, "discreet", t->doubts[i].discreet);
    }
}

static int check(const struct lus_tally *t, struct lus_error *err)
{
    if (t->overlaps)
        return lus_fail(err, LUS_EUSAGE,
                        "levels that overlap cannot be keys of a tally: a person would be in "
                        "several strata");
    if (t->has_fractional_weights)
        return lus_fail(err, LUS_EUSAGE,
                        "weights that are not whole need the rows themselves: no tally is of them");
    for (size_t s = 0; s < t->n_strata; s++)
        if (!t->strata[s].counts.gone)
            return lus_fail(err, LUS_EUSAGE, "a tally that kept no counts cannot be written");
    return LUS_OK;
}

int lus_tally_write(const struct lus_tally *t, char **bytes, size_t *n, struct lus_error *err)
{
    struct lus_string out = {0}, body = {0};
    uint64_t n_marks;
    *bytes = NULL, *n = 0;
    LUS_TRY(check(t, err));
    struct grid g = find_grid(t, &n_marks);
    for (size_t s = 0; s < t->n_strata; s++)
        put_stratum(&body, t, s, g);
    lus_string_put(&out, "lustrum tally 1\n");
    put_text(&out, "confidential", "as the rows are: it counts single people");
    put_fields(&out, t);
    put_lists(&out, t);
    lus_string_print(&out, "rows %" PRIu64 "\nanalysed %" PRIu64 "\n", t->n_rows, t->n_analysed);
    lus_string_print(&out, "zero-times %" PRIu64 "\nlate %" PRIu64 "\n", t->zero_times,
                     t->late_entries);
    if (t->landmark >= 0) lus_string_print(&out, "landmark %" PRId64 "\n", (int64_t)t->landmark);
    lus_string_print(&out, "grid %" PRIu64 " %" PRIu64 "\n", g.time, g.weight);
    lus_string_print(&out, "strata %zu\ntimes %" PRIu64 "\nbody %zu\n\n", t->n_strata, n_marks,
                     body.n);
    lus_string_add(&out, body.n ? body.at : "", body.n);
    unsigned char digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx hash;
    sha256_init(&hash);
    if (!out.failed) sha256_update(&hash, out.n, (const uint8_t *)out.at);
    sha256_digest(&hash, sizeof digest, digest);
    lus_string_add(&out, (const char *)digest, sizeof digest);
    bool failed = out.failed || body.failed;
    lus_string_free(&body);
    if (failed) {
        lus_string_free(&out);
        return lus_fail_memory(err);
    }
    *bytes = out.at, *n = out.n;
    return LUS_OK;
}
