/* Standard populations: the international ones, and files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lustrum/estimate.h"
#include "people/people.h"
#include "support/memory.h"
#include "support/number.h"

struct lus_standard_memory {
    struct lus_arena arena;
};

enum { ICSS_GROUPS = 5 };
/* 1: most cancers, breast among them; 2: cancers whose incidence changes little with age; 3:
 * cancers of young adults. */
static const struct icss {
    const char *name, *title;
    double ages[ICSS_GROUPS], shares[ICSS_GROUPS];
} icss[] = {{"icss1", "ICSS 1", {15, 45, 55, 65, 75}, {7, 12, 23, 29, 29}},
            {"icss2", "ICSS 2", {15, 45, 55, 65, 75}, {28, 17, 21, 20, 14}},
            {"icss3", "ICSS 3", {15, 45, 55, 65, 75}, {60, 10, 10, 10, 10}},
            /* standard 1 in the groups in which men fall ill with it */
            {"icss1-prostate", "ICSS 1, prostate", {15, 55, 65, 75, 85}, {19, 23, 29, 23, 6}},
            /* the groups of standard 1; the shares are those of the people at hand */
            {"internal", "the people analysed", {15, 45, 55, 65, 75}, {0}}};

static int make_icss(const struct icss *from, struct lus_standard *s, struct lus_error *err)
{
    struct lus_arena *arena = &s->memory->arena;
    double *ages = lus_arena_alloc(arena, ICSS_GROUPS, sizeof *ages),
           *shares = lus_arena_alloc(arena, ICSS_GROUPS, sizeof *shares);
    if (!ages || !shares) return lus_fail_memory(err);
    for (size_t i = 0; i < ICSS_GROUPS; i++) {
        ages[i] = from->ages[i];
        shares[i] = from->shares[i] / 100;
    }
    s->name = from->title;
    s->n = ICSS_GROUPS, s->ages = ages, s->shares = shares;
    s->is_internal = strcmp(from->name, "internal") == 0;
    return LUS_OK;
}

struct reading {
    struct lus_files files;
    struct lus_standard *standard;
    LUS_ARRAY(const char *) levels;
    LUS_ARRAY(double) weights;
};

static int take_batch(void *context, int thread, const struct lus_batch *batch,
                      struct lus_error *err)
{
    struct reading *r = context;
    (void)thread;
    for (size_t row = 0; row < batch->fields->n; row++) {
        struct lus_text level = lus_field_at(batch->fields, 0, row),
                        weight = lus_field_at(batch->fields, 1, row);
        double value;
        if (lus_number_parse(weight.p, weight.n, &value) != LUS_NUMBER_OK || value < 0)
            return lus_fail(err, LUS_EDATA, "%s:%llu: %s: \"%.*s\" is not a weight, 0 or more",
                            batch->file, (unsigned long long)lus_batch_line(batch, row),
                            r->files.reader.header->names[1], (int)weight.n, weight.p);
        if (LUS_ARRAY_RESERVE(&r->levels, 1) != LUS_OK ||
            LUS_ARRAY_RESERVE(&r->weights, 1) != LUS_OK)
            return lus_fail_memory(err);
        const char *copy = lus_arena_copy(&r->standard->memory->arena, level.p, level.n);
        if (!copy) return lus_fail_memory(err);
        r->levels.at[r->levels.n++] = copy;
        r->weights.at[r->weights.n++] = value;
    }
    return LUS_OK;
}

static int take_ages(const struct reading *r, struct lus_standard *s, struct lus_error *err)
{
    double *ages = lus_arena_alloc(&s->memory->arena, s->n + 1, sizeof *ages);
    if (!ages) return lus_fail_memory(err);
    for (size_t i = 0; i < s->n; i++)
        if (lus_number_parse(s->levels[i], strlen(s->levels[i]), &ages[i]) != LUS_NUMBER_OK ||
            (i && ages[i] <= ages[i - 1]) || ages[i] < 0)
            return lus_fail(err, LUS_EDATA,
                            "%s: age: \"%s\" is not an age in years above the one before; each row "
                            "begins an age group",
                            r->files.reader.header->file, s->levels[i]);
    s->ages = ages;
    return LUS_OK;
}

static int take_groups(const struct reading *r, struct lus_standard *s, struct lus_error *err)
{
    double sum = 0;
    size_t n = r->levels.n;
    const char **levels = lus_arena_alloc(&s->memory->arena, n + 1, sizeof *levels);
    double *shares = lus_arena_alloc(&s->memory->arena, n + 1, sizeof *shares);
    if (!levels || !shares) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        sum += r->weights.at[i];
    if (!(sum > 0))
        return lus_fail(err, LUS_EDATA, "%s: the weights add up to nothing",
                        r->files.reader.header->file);
    for (size_t i = 0; i < n; i++) {
        levels[i] = r->levels.at[i];
        shares[i] = r->weights.at[i] / sum;
    }
    s->n = n, s->levels = levels, s->shares = shares;
    return LUS_OK;
}

static int bind(struct reading *r, struct lus_standard *s, struct lus_error *err)
{
    struct lus_header *header = r->files.reader.header;
    if (header->n != 2 || strcmp(header->names[1], "weight") != 0)
        return lus_fail(err, LUS_EDATA,
                        "%s:1: the header of a standard population is age,weight (lower ends of "
                        "age groups) or FACTOR,weight",
                        header->file);
    for (size_t i = 0; i < 2; i++)
        (void)lus_header_keep(header, i);
    if (strcmp(header->names[0], "age") == 0) return LUS_OK;
    s->key = lus_arena_copy(&s->memory->arena, header->names[0], strlen(header->names[0]));
    return s->key ? LUS_OK : lus_fail_memory(err);
}

static int read_file(const char *path, struct lus_standard *s, struct lus_error *err)
{
    struct reading r = {.standard = s};
    const struct lus_scan alone = {.n_threads = 1};
    uint64_t n_rows;
    int status = lus_file_open(&r.files, path, NULL, err);
    if (status == LUS_OK) status = bind(&r, s, err);
    if (status == LUS_OK)
        status = lus_reader_scan(&r.files.reader, &alone, take_batch, &r, &n_rows, err);
    if (status == LUS_OK) status = take_groups(&r, s, err);
    if (status == LUS_OK && !s->key) status = take_ages(&r, s, err);
    lus_files_close(&r.files);
    LUS_ARRAY_FREE(&r.levels);
    LUS_ARRAY_FREE(&r.weights);
    s->name = lus_arena_copy(&s->memory->arena, path, strlen(path));
    return status == LUS_OK && !s->name ? lus_fail_memory(err) : status;
}

int lus_standard_read(const char *name, struct lus_standard *out, struct lus_error *err)
{
    *out = (struct lus_standard){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    if (!out->memory) return lus_fail_memory(err);
    const struct icss *found = NULL;
    for (size_t i = 0; i < sizeof icss / sizeof *icss; i++)
        if (strcmp(name, icss[i].name) == 0) found = &icss[i];
    int status = found ? make_icss(found, out, err) : read_file(name, out, err);
    if (status != LUS_OK) lus_standard_free(out);
    return status;
}

int lus_standard_fill(struct lus_standard *s, const struct lus_tally *tally, struct lus_error *err)
{
    double sum = 0;
    if (!s->is_internal) return LUS_OK;
    double *shares = lus_arena_alloc(&s->memory->arena, s->n, sizeof *shares);
    if (!shares) return lus_fail_memory(err);
    for (size_t i = 0; i < tally->n_strata; i++) {
        size_t g = 0;
        LUS_TRY(lus_standard_group(s, tally, &tally->strata[i], &g, err));
        shares[g] += tally->strata[i].n_people;
        sum += tally->strata[i].n_people;
    }
    for (size_t g = 0; g < s->n && sum > 0; g++)
        shares[g] /= sum;
    s->shares = shares;
    return LUS_OK;
}

/* --- groups that join --- */

/* The fewest people of each group in any cell. */
static int count_fewest(const struct lus_standard *s, const struct lus_tally *tally, double *fewest,
                        struct lus_error *err)
{
    double *here = lus_alloc(s->n, sizeof *here);
    int status = here ? LUS_OK : lus_fail_memory(err);
    for (size_t g = 0; g < s->n; g++)
        fewest[g] = INFINITY;
    for (size_t first = 0, end; status == LUS_OK && first < tally->n_strata; first = end) {
        end = lus_cell_end(tally, first);
        memset(here, 0, s->n * sizeof *here);
        for (size_t i = first; i < end && status == LUS_OK; i++) {
            size_t g = 0;
            status = lus_standard_group(s, tally, &tally->strata[i], &g, err);
            if (status == LUS_OK) here[g] += tally->strata[i].n_people;
        }
        for (size_t g = 0; g < s->n; g++)
            fewest[g] = fmin(fewest[g], here[g]);
    }
    free(here);
    return status;
}

/* Group g and the one after it are one: what its numbers are then. */
static void join_next(struct lus_standard *s, double *shares, double *ages, size_t *joined,
                      size_t n_split, size_t g)
{
    shares[g] += shares[g + 1];
    for (size_t i = g + 1; i + 1 < s->n; i++)
        shares[i] = shares[i + 1], ages[i] = ages[i + 1];
    for (size_t i = 0; i < n_split; i++)
        joined[i] -= joined[i] > g;
    s->n--;
}

int lus_standard_join(struct lus_standard *s, const struct lus_tally *tally, double least,
                      struct lus_error *err)
{
    size_t n_split = s->n;
    if (!s->n || s->key)
        return lus_fail(err, LUS_EUSAGE,
                        "--join-thin goes with --standardise by groups of age, which have "
                        "neighbours");
    if (s->joined) return lus_fail(err, LUS_EUSAGE, "the standard's groups are joined already");
    struct lus_arena *arena = &s->memory->arena;
    double *shares = lus_arena_alloc(arena, s->n, sizeof *shares),
           *ages = lus_arena_alloc(arena, s->n, sizeof *ages),
           *fewest = lus_arena_alloc(arena, s->n, sizeof *fewest);
    size_t *joined = lus_arena_alloc(arena, s->n, sizeof *joined);
    if (!shares || !ages || !fewest || !joined) return lus_fail_memory(err);
    for (size_t i = 0; i < s->n; i++)
        shares[i] = s->shares[i], ages[i] = s->ages[i], joined[i] = i;
    s->shares = shares, s->ages = ages, s->joined = joined;
    for (size_t thin = 0; s->n > 1;) {
        LUS_TRY(count_fewest(s, tally, fewest, err));
        for (thin = 0; thin < s->n && !(fewest[thin] < least);)
            thin++;
        if (thin == s->n) break;
        bool is_with_next = !thin || (thin + 1 < s->n && shares[thin + 1] < shares[thin - 1]);
        join_next(s, shares, ages, joined, n_split, is_with_next ? thin : thin - 1);
    }
    return LUS_OK;
}

/* --- people that are weighed --- */

int lus_standard_weights(const struct lus_standard *s, const struct lus_tally *tally, size_t first,
                         size_t end, double *weights, struct lus_error *err)
{
    double all = 0;
    for (size_t g = 0; g < s->n; g++)
        weights[g] = 0;
    for (size_t i = first; i < end; i++) {
        size_t g = 0;
        LUS_TRY(lus_standard_group(s, tally, &tally->strata[i], &g, err));
        weights[g] += tally->strata[i].n_people;
        all += tally->strata[i].n_people;
    }
    for (size_t g = 0; g < s->n; g++)
        weights[g] = !(s->shares[g] > 0) ? 0
                     : weights[g] > 0    ? s->shares[g] * all / weights[g]
                                         : NAN;
    return LUS_OK;
}

void lus_standard_free(struct lus_standard *s)
{
    if (s->memory) lus_arena_free(&s->memory->arena);
    free(s->memory);
    *s = (struct lus_standard){0};
}
