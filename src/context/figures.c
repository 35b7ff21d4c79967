/* Files of figures: YAML, checked key by key. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/context.h"
#include "support/calendar.h"
#include "support/number.h"
#include "support/yaml.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

struct lus_figures_memory {
    struct lus_arena arena;
};

static const char *const statistics[] = {"survival", "median", "proportion", "median_of",
                                         "order",    "note",   "death",      "some"};
static const char *const measures[] = {"", "OS", "RS", "CSS"};

const char *lus_statistic_name(enum lus_statistic statistic)
{
    return statistics[statistic];
}

const char *lus_measure_name(enum lus_measure measure)
{
    return measures[measure];
}

struct reading {
    struct lus_arena *arena;
    const char *path;
    const struct lus_yaml *documents; /* NULL: the file has none */
    LUS_ARRAY(struct lus_figure) figures;
};

static int read_text(const struct reading *r, const struct lus_yaml *map, const char *key,
                     const char **out, struct lus_error *err)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    if (!node) return LUS_OK;
    if (node->kind != LUS_YAML_SCALAR || !*node->text)
        return lus_yaml_fail(err, r->path, node, "%s is a text", key);
    *out = node->text;
    return LUS_OK;
}

/* One of n words; *out stays as it is where the key is absent. */
static int read_word(const struct reading *r, const struct lus_yaml *map, const char *key,
                     const char *const *words, size_t n, const char *list, size_t *out,
                     struct lus_error *err)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    if (!node) return LUS_OK;
    for (size_t i = 0; i < n && node->kind == LUS_YAML_SCALAR; i++)
        if (*words[i] && strcmp(node->text, words[i]) == 0) {
            *out = i;
            return LUS_OK;
        }
    return lus_yaml_fail(err, r->path, node, "%s is one of %s", key, list);
}

static int read_number(const struct reading *r, const struct lus_yaml *map, const char *key,
                       double *out, struct lus_error *err)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    if (!node) return LUS_OK;
    if (node->kind == LUS_YAML_SCALAR &&
        lus_number_parse(node->text, strlen(node->text), out) == LUS_NUMBER_OK)
        return LUS_OK;
    return lus_yaml_fail(err, r->path, node, "%s is a number", key);
}

/* Half a unit of the last place that the text has: 0.27 is a rounded 27 %, 39.5 a rounded 39.5. */
static double rounding(const char *text)
{
    const char *dot = strchr(text, '.');
    return 0.5 * pow(10, dot ? -(double)strlen(dot + 1) : 0);
}

static bool is_share(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_DEATH ||
           f->statistic == LUS_STATISTIC_PROPORTION;
}

static int read_value(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                      struct lus_error *err)
{
    const struct lus_yaml *value = lus_yaml_get(map, "value");
    f->value = f->low = f->high = NAN;
    if (f->statistic == LUS_STATISTIC_NOTE || f->statistic == LUS_STATISTIC_ORDER ||
        f->statistic == LUS_STATISTIC_SOME)
        return value ? lus_yaml_fail(err, r->path, value,
                                     "%s has no value:", statistics[f->statistic])
                     : LUS_OK;
    if (f->qualifier == LUS_MOST) {
        f->value = 0.5;
        return value ? lus_yaml_fail(err, r->path, value, "most has no value: it is more than half")
                     : LUS_OK;
    }
    if (!value)
        return lus_yaml_fail(err, r->path, map,
                             "a figure needs a value: (a note has text: instead)");
    LUS_TRY(read_number(r, map, "value", &f->value, err));
    LUS_TRY(read_number(r, map, "low", &f->low, err));
    LUS_TRY(read_number(r, map, "high", &f->high, err));
    if (is_share(f) && !(f->value >= 0 && f->value <= 1))
        return lus_yaml_fail(err, r->path, value, "a share is a fraction, 0 to 1: 0.27 for 27 %%");
    if (f->value < 0) return lus_yaml_fail(err, r->path, value, "a value is not negative");
    if (isnan(f->low) != isnan(f->high))
        return lus_yaml_fail(err, r->path, map, "low: and high: go together");
    if (isnan(f->low))
        f->low = f->value - rounding(value->text), f->high = f->value + rounding(value->text);
    if (!(f->low <= f->value && f->value <= f->high))
        return lus_yaml_fail(err, r->path, map, "value: does not lie between low: and high:");
    return LUS_OK;
}

static int read_measure(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                        struct lus_error *err)
{
    static const char *const stated[] = {"unstated", "OS", "RS", "CSS"};
    size_t measure = 0, presumed = 0;
    bool is_survival = f->statistic == LUS_STATISTIC_SURVIVAL ||
                       f->statistic == LUS_STATISTIC_DEATH ||
                       f->statistic == LUS_STATISTIC_MEDIAN || f->statistic == LUS_STATISTIC_ORDER;
    LUS_TRY(read_word(r, map, "measure", stated, 4,
                      "OS (overall), RS (relative), CSS (cause-specific) and unstated", &measure,
                      err));
    LUS_TRY(read_word(r, map, "presumed", measures, 4, "OS, RS and CSS", &presumed, err));
    if (is_survival && !lus_yaml_get(map, "measure"))
        return lus_yaml_fail(err, r->path, map,
                             "survival needs its measure: OS, RS, CSS or unstated");
    if (is_survival && !measure && !presumed)
        return lus_yaml_fail(err, r->path, map,
                             "where the measure is unstated, presumed: says how we read it");
    f->is_presumed = !measure && presumed;
    f->measure = (enum lus_measure)(measure ? measure : presumed);
    if (f->statistic == LUS_STATISTIC_DEATH && f->measure == LUS_MEASURE_CSS)
        return lus_yaml_fail(err, r->path, lus_yaml_get(map, "measure"),
                             "a death is OS (of any cause) or RS (net of other causes); deaths of "
                             "one cause among others are no 1 - survival");
    return LUS_OK;
}

static int read_times(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                      struct lus_error *err)
{
    const struct lus_yaml *at = lus_yaml_get(map, "at"), *unit = lus_yaml_get(map, "unit");
    bool needs_at = f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_DEATH ||
                    f->statistic == LUS_STATISTIC_ORDER;
    if (f->statistic == LUS_STATISTIC_SOME && !at && !lus_yaml_get(map, "where"))
        return lus_yaml_fail(err, r->path, map,
                             "some needs at: (somebody lives so long) or where: (there is "
                             "somebody of whom it holds)");
    if (needs_at && !at)
        return lus_yaml_fail(err, r->path, map, "%s needs at:, as in at: 5y",
                             statistics[f->statistic]);
    if (at) {
        struct lus_error inner = LUS_ERROR_INIT;
        if (at->kind != LUS_YAML_SCALAR ||
            lus_duration_parse(at->text, LUS_YEARS, &f->at, &inner) != LUS_OK)
            return lus_yaml_fail(err, r->path, at, "at: is a time, as in 5y or 36m");
    }
    f->unit = LUS_MONTHS;
    if (f->statistic == LUS_STATISTIC_MEDIAN &&
        (!unit || unit->kind != LUS_YAML_SCALAR || lus_unit_parse(unit->text, &f->unit) != LUS_OK))
        return lus_yaml_fail(err, r->path, unit ? unit : map,
                             "a median needs unit: days, weeks, months or years");
    f->unit_text = unit && unit->kind == LUS_YAML_SCALAR ? unit->text : NULL;
    return LUS_OK;
}

static int read_groups(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                       struct lus_error *err)
{
    const struct lus_yaml *groups = lus_yaml_get(map, "groups");
    if (f->statistic != LUS_STATISTIC_ORDER)
        return groups ? lus_yaml_fail(err, r->path, groups, "groups: go with statistic: order")
                      : LUS_OK;
    if (!groups || groups->kind != LUS_YAML_SEQUENCE || groups->n != 2 ||
        groups->pairs[0].value->kind != LUS_YAML_SCALAR ||
        groups->pairs[1].value->kind != LUS_YAML_SCALAR)
        return lus_yaml_fail(err, r->path, groups ? groups : map,
                             "an order has two groups: ['expression', 'expression'], the first "
                             "less than (or more than) the second");
    for (size_t i = 0; i < 2; i++)
        f->groups[i] = groups->pairs[i].value->text;
    if (f->qualifier != LUS_LESS_THAN && f->qualifier != LUS_MORE_THAN)
        return lus_yaml_fail(err, r->path, map, "an order's qualifier is less than or more than");
    return LUS_OK;
}

static const char *text_of(const struct lus_yaml *map, const char *key)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    return node && node->kind == LUS_YAML_SCALAR ? node->text : NULL;
}

static int read_document(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                         struct lus_error *err)
{
    LUS_TRY(read_text(r, map, "document", &f->document, err));
    if (!f->document) return LUS_OK;
    const struct lus_yaml *document = r->documents ? lus_yaml_get(r->documents, f->document) : NULL;
    if (!document)
        return lus_yaml_fail(err, r->path, lus_yaml_get(map, "document"),
                             "there is no document \"%s\" under documents:", f->document);
    f->title = text_of(document, "title");
    f->publisher = text_of(document, "publisher"), f->year = text_of(document, "year");
    if (!f->title) f->title = f->document;
    return LUS_OK;
}

static int read_origin(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                       struct lus_error *err)
{
    const char *presumed = NULL;
    LUS_TRY(read_text(r, map, "origin", &f->origin, err));
    LUS_TRY(read_text(r, map, "presumed_origin", &presumed, err));
    bool is_stated = f->origin && strcmp(f->origin, "unstated") != 0;
    if (presumed && is_stated)
        return lus_yaml_fail(err, r->path, lus_yaml_get(map, "presumed_origin"),
                             "presumed_origin goes with `origin: unstated`");
    f->is_origin_presumed = presumed != NULL;
    if (!is_stated) f->origin = presumed;
    return LUS_OK;
}

/* period: 2008-2018 or 2008; selected: true; confidence: A to D. */
static int read_people(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                       struct lus_error *err)
{
    const struct lus_yaml *period = lus_yaml_get(map, "period"),
                          *selected = lus_yaml_get(map, "selected"),
                          *confidence = lus_yaml_get(map, "confidence");
    if (period && (period->kind != LUS_YAML_SCALAR ||
                   !lus_years_span(period->text, &f->from_year, &f->to_year)))
        return lus_yaml_fail(err, r->path, period, "period is years of diagnosis, as in 2008-2018");
    if (selected && (selected->kind != LUS_YAML_SCALAR ||
                     (strcmp(selected->text, "true") != 0 && strcmp(selected->text, "false") != 0)))
        return lus_yaml_fail(err, r->path, selected, "selected is true or false");
    f->is_selected = selected && selected->text[0] == 't';
    if (!confidence) return LUS_OK;
    if (confidence->kind != LUS_YAML_SCALAR || strlen(confidence->text) != 1 ||
        !strchr("ABCD", confidence->text[0]))
        return lus_yaml_fail(err, r->path, confidence,
                             "confidence is A (read), B (read in another text), C (from memory) or "
                             "D (taken over unread)");
    f->confidence = confidence->text[0];
    return LUS_OK;
}

static int read_texts(const struct reading *r, const struct lus_yaml *map, struct lus_figure *f,
                      struct lus_error *err)
{
    const struct {
        const char *key, **out;
    } texts[] = {{"quote", &f->quote},  {"label", &f->label},
                 {"where", &f->where},  {"claim", &f->claim},
                 {"of", &f->of},        {"note", &f->note},
                 {"text", &f->text},    {"population", &f->population},
                 {"source", &f->source}};
    for (size_t i = 0; i < N_OF(texts); i++)
        LUS_TRY(read_text(r, map, texts[i].key, texts[i].out, err));
    if (f->statistic == LUS_STATISTIC_PROPORTION && !f->claim)
        return lus_yaml_fail(err, r->path, map,
                             "a proportion needs claim:, a name that a recipe's claims: defines");
    if (f->statistic == LUS_STATISTIC_MEDIAN_OF && !f->of)
        return lus_yaml_fail(err, r->path, map, "median_of needs of:, a number column");
    if (f->statistic == LUS_STATISTIC_NOTE && !f->text)
        return lus_yaml_fail(err, r->path, map, "a note needs its text:");
    return LUS_OK;
}

static int read_figure(struct reading *r, const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {
        "id",    "document",  "statistic",       "at",         "value",     "low",    "high",
        "unit",  "qualifier", "measure",         "presumed",   "origin",    "where",  "claim",
        "of",    "groups",    "presumed_origin", "population", "note",      "source", "text",
        "quote", "label",     "period",          "selected",   "confidence"};
    static const char *const qualifiers[] = {"stated", "about", "more than", "less than", "most"};
    struct lus_figure f = {.file = r->path, .line = map->line};
    size_t statistic = 0, qualifier = 0;
    LUS_TRY(lus_yaml_check_keys(map, r->path, "a figure", keys, N_OF(keys), err));
    LUS_TRY(read_text(r, map, "id", &f.id, err));
    if (!f.id) return lus_yaml_fail(err, r->path, map, "a figure needs an id:");
    for (size_t i = 0; i < r->figures.n; i++)
        if (strcmp(r->figures.at[i].id, f.id) == 0)
            return lus_yaml_fail(err, r->path, map, "the id \"%s\" stands twice (%s:%zu)", f.id,
                                 r->figures.at[i].file, r->figures.at[i].line);
    if (!lus_yaml_get(map, "statistic"))
        return lus_yaml_fail(
            err, r->path, map,
            "a figure needs its statistic: survival, death, median, proportion, median_of, order, "
            "some or note");
    LUS_TRY(read_word(r, map, "statistic", statistics, N_OF(statistics),
                      "survival, death, median, proportion, median_of, order, some and note",
                      &statistic, err));
    LUS_TRY(read_word(r, map, "qualifier", qualifiers, N_OF(qualifiers),
                      "stated, about, more than, less than and most", &qualifier, err));
    f.statistic = (enum lus_statistic)statistic;
    f.qualifier = (enum lus_qualifier)qualifier;
    LUS_TRY(read_document(r, map, &f, err));
    LUS_TRY(read_value(r, map, &f, err));
    LUS_TRY(read_measure(r, map, &f, err));
    LUS_TRY(read_times(r, map, &f, err));
    LUS_TRY(read_groups(r, map, &f, err));
    LUS_TRY(read_origin(r, map, &f, err));
    LUS_TRY(read_people(r, map, &f, err));
    LUS_TRY(read_texts(r, map, &f, err));
    if (LUS_ARRAY_RESERVE(&r->figures, 1) != LUS_OK) return lus_fail_memory(err);
    r->figures.at[r->figures.n++] = f;
    return LUS_OK;
}

static int read_file(struct reading *r, struct lus_error *err)
{
    static const char *const keys[] = {"documents", "figures", "factors"};
    struct lus_yaml *root;
    LUS_TRY(lus_yaml_read(r->arena, r->path, &root, err));
    LUS_TRY(lus_yaml_check_keys(root, r->path, "a file of figures", keys, N_OF(keys), err));
    const struct lus_yaml *figures = lus_yaml_get(root, "figures");
    r->documents = lus_yaml_get(root, "documents");
    if (r->documents && r->documents->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, r->path, r->documents, "documents is a mapping, id: {title: ..}");
    if (!figures || figures->kind != LUS_YAML_SEQUENCE)
        return lus_yaml_fail(err, r->path, figures ? figures : root,
                             "figures: is a list, - {id: .., statistic: .., value: ..}");
    for (size_t i = 0; i < figures->n; i++)
        LUS_TRY(read_figure(r, figures->pairs[i].value, err));
    return LUS_OK;
}

int lus_figures_read(const char *const *paths, size_t n, struct lus_figures *out,
                     struct lus_error *err)
{
    *out = (struct lus_figures){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    if (!out->memory) return lus_fail_memory(err);
    struct reading r = {.arena = &out->memory->arena};
    int status = LUS_OK;
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        r.path = lus_arena_copy(r.arena, paths[i], strlen(paths[i]));
        status = r.path ? read_file(&r, err) : lus_fail_memory(err);
    }
    out->at = r.figures.at;
    out->n = r.figures.n;
    if (status != LUS_OK) lus_figures_free(out);
    return status;
}

void lus_figures_free(struct lus_figures *figures)
{
    free(figures->at);
    if (figures->memory) lus_arena_free(&figures->memory->arena);
    free(figures->memory);
    *figures = (struct lus_figures){0};
}
