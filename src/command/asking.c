/* Which people a figure is about, and whether the data count from where it does and measure what it
 * does. */
#include "command/answering.h"

#include <string.h>

/* The index of a condition; 0 for everybody. The list is full where it returns SIZE_MAX. */
static size_t condition_of(struct lus_conditions *c, const char *text)
{
    if (!text) return 0;
    for (size_t i = 1; i < c->n; i++)
        if (strcmp(c->at[i], text) == 0) return i;
    if (c->n == LUS_MOST_CONDITIONS) return SIZE_MAX;
    c->at[c->n] = text;
    return c->n++;
}

static const char *both(struct lus_result *r, const char *a, const char *b)
{
    if (!a || !b) return a ? a : b;
    return lus_document_text(&r->document, "(%s) and (%s)", a, b);
}

static const char *claim_of(const struct lus_figuring *x, const char *name)
{
    for (size_t i = 0; i < x->recipe.n_claims; i++)
        if (strcmp(x->recipe.claims[i].name, name) == 0)
            return x->recipe.claims[i].condition->source;
    return NULL;
}

static bool has_presentation(const struct lus_figuring *x)
{
    const struct lus_factor *f = lus_recipe_factor(&x->recipe, "presentation");
    bool found = false;
    for (size_t i = 0; f && i < f->n_levels; i++)
        found |= strcmp(f->levels[i], "de novo") == 0;
    return found || (f && f->kind == LUS_FACTOR_COLUMN && !f->n_levels);
}

/* Fills in the conditions of one figure; false where the list is full. */
bool lus_ask(struct lus_figuring *x, struct lus_answer *a, struct lus_conditions *c)
{
    const struct lus_figure *f = a->figure;
    const char *base = f->where, *first = NULL, *second = NULL;
    bool is_survival = f->statistic == LUS_STATISTIC_SURVIVAL ||
                       f->statistic == LUS_STATISTIC_MEDIAN;
    bool is_de_novo = f->origin && strcmp(f->origin, "diagnosis") == 0 && has_presentation(x) &&
                      (is_survival || f->statistic == LUS_STATISTIC_ORDER);
    if (is_de_novo) base = both(x->r, base, "presentation == \"de novo\"");
    first = base;
    if (f->statistic == LUS_STATISTIC_PROPORTION) {
        const char *claim = claim_of(x, f->claim);
        if (!claim) {
            a->reason = lus_document_text(&x->r->document, "the recipe's claims do not name %s",
                                          f->claim);
            return true;
        }
        first = both(x->r, base, claim);
        second = both(x->r, base, lus_document_text(&x->r->document, "not (%s)", claim));
    }
    if (f->statistic == LUS_STATISTIC_ORDER)
        first = both(x->r, base, f->groups[0]), second = both(x->r, base, f->groups[1]);
    a->condition[0] = condition_of(c, first);
    a->condition[1] = condition_of(c, second);
    if (is_survival && has_presentation(x) && !is_de_novo &&
        !(f->where && strstr(f->where, "presentation"))) {
        a->presentation[0] = condition_of(c, both(x->r, base, "presentation == \"de novo\""));
        a->presentation[1] = condition_of(c, both(x->r, base, "presentation == \"recurrent\""));
    }
    return a->condition[0] != SIZE_MAX && a->condition[1] != SIZE_MAX &&
           a->presentation[0] != SIZE_MAX && a->presentation[1] != SIZE_MAX;
}

/* Whether time counts from where the figure's does; else why not. */
const char *lus_origin_reason(const struct lus_figuring *x, const struct lus_figure *f)
{
    const char *from = x->recipe.time.from;
    if (!f->origin || f->statistic == LUS_STATISTIC_PROPORTION ||
        f->statistic == LUS_STATISTIC_MEDIAN_OF)
        return NULL;
    if (!from)
        return lus_document_text(&x->r->document,
                                 "other origin of time: the figure counts from %s, the recipe does "
                                 "not say from where the data do (time: from:)",
                                 f->origin);
    bool is_metastasis = strcasestr(from, "metasta") != NULL,
         is_diagnosis = strcasestr(from, "diagnosis") != NULL && !is_metastasis;
    if (strcmp(f->origin, "metastasis") == 0 && is_metastasis) return NULL;
    if (strcmp(f->origin, "diagnosis") == 0 && is_diagnosis) return NULL;
    /* de novo: the same day */
    if (strcmp(f->origin, "diagnosis") == 0 && is_metastasis && has_presentation(x)) return NULL;
    return lus_document_text(&x->r->document,
                             "other origin of time: the figure counts from %s, the data from %s",
                             f->origin, from);
}

static const char *measure_name(enum lus_measure m)
{
    static const char *const names[] = {"", "overall", "relative", "cause-specific"};
    return names[m];
}

enum lus_measure lus_measure_of_data(const struct lus_figuring *x)
{
    return x->recipe.event.measure && x->recipe.event.measure[0] == 'C' ? LUS_MEASURE_CSS
                                                                        : LUS_MEASURE_OS;
}

const struct lus_cause *lus_cancer_of(const struct lus_figuring *x)
{
    for (size_t i = 0; i < x->recipe.event.n_causes; i++)
        if (strcmp(x->recipe.event.causes[i].name, "cancer") == 0)
            return &x->recipe.event.causes[i];
    return NULL;
}

/* Whether the data can give the figure's measure; else why not. */
const char *lus_measure_reason(const struct lus_figuring *x, const struct lus_figure *f)
{
    enum lus_measure data = lus_measure_of_data(x);
    struct lus_document *d = &x->r->document;
    if (f->measure == LUS_MEASURE_NONE || f->measure == data) return NULL;
    if (f->measure == LUS_MEASURE_CSS && lus_cancer_of(x)) return NULL;
    if (f->measure == LUS_MEASURE_RS && data == LUS_MEASURE_OS && x->table.n_ages &&
        x->recipe.population.sex) {
        return f->statistic == LUS_STATISTIC_SURVIVAL
                   ? NULL
                   : "a median of relative survival is not computed";
    }
    const char *remedy = f->measure != LUS_MEASURE_RS || data != LUS_MEASURE_OS ? ""
                         : x->recipe.population.sex ? " (--lifetable gives relative survival)"
                                                    : " (the recipe has no population:)";
    return lus_document_text(d, "other measure: the figure is %s%s, the data give %s survival%s",
                             f->is_presumed ? "presumed to be " : "", measure_name(f->measure),
                             measure_name(data), remedy);
}
