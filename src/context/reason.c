/* The words of reasons. */
#include <string.h>

#include "context/context.h"
#include "support/error.h"

/* By reason, as what follows "because"; NULL where they hold what the reason speaks of. */
static const char *const briefs[] = {
    [LUS_REASON_NO_FACTOR] = "the data have no such factor",
    [LUS_REASON_NO_ORIGIN] = "the recipe does not say from where time counts",
    [LUS_REASON_NET_MEDIAN] = "a median of relative survival is not computed",
    [LUS_REASON_SELECTED] = "the figure is of people who were chosen, the data of all",
    [LUS_REASON_SHORT] = "follow-up is too short",
    [LUS_REASON_SHORT_MEDIAN] = "follow-up is too short",
    [LUS_REASON_NOBODY] = "nobody in the data is such",
    [LUS_REASON_NOBODY_KNOWN] = "nobody in the data is known to have it or not",
    [LUS_REASON_NO_COLUMN] = "the data have no such column",
    [LUS_REASON_NOT_A_NUMBER] = NULL,
};

static const char *measure_words(enum lus_measure m)
{
    static const char *const words[] = {"", "overall", "relative", "cause-specific"};
    return words[m];
}

/* Which remedy the data have for a measure that they do not give. */
static const char *remedy_of(const struct lus_recipe *recipe, const struct lus_figure *f)
{
    if (f->measure != LUS_MEASURE_RS || lus_measure_of_data(recipe) != LUS_MEASURE_OS) return "";
    return recipe->population.sex ? "--lifetable gives relative survival"
                                  : "the recipe has no population:";
}

/* What follows the brief words and a colon; "" where nothing does. */
static const char *rest_of(struct lus_context *c, const struct lus_answer *a, const char *detail)
{
    struct lus_arena *arena = &c->memory->arena;
    const struct lus_recipe *recipe = c->memory->recipe;
    const struct lus_figure *f = a->figure;
    switch (a->reason) {
    case LUS_REASON_NO_FACTOR: return detail;
    case LUS_REASON_NO_ORIGIN: return "time: from:";
    case LUS_REASON_OTHER_MEASURE: return remedy_of(recipe, f);
    case LUS_REASON_SHORT_MEDIAN: return "the median is not reached";
    case LUS_REASON_NO_COLUMN: return f->of;
    case LUS_REASON_NOT_A_NUMBER: return lus_arena_print(arena, "\"%s\"", detail);
    default: return "";
    }
}

/* "2008" or "2008 to 2018" */
static const char *years_text(struct lus_arena *arena, int from, int to)
{
    const char *text = from == to ? lus_arena_print(arena, "%d", from)
                                  : lus_arena_print(arena, "%d to %d", from, to);
    return text ? text : "";
}

static const char *brief_of(struct lus_context *c, const struct lus_answer *a, enum lus_why why)
{
    struct lus_arena *arena = &c->memory->arena;
    const struct lus_recipe *recipe = c->memory->recipe;
    const struct lus_figure *f = a->figure;
    switch (a->reason) {
    case LUS_REASON_OTHER_ORIGIN:
        return lus_arena_print(arena, "the figure counts from %s, the data from %s", f->origin,
                               recipe->time.from);
    case LUS_REASON_OTHER_MEASURE:
        return lus_arena_print(arena, "the figure is %s%s, the data give %s survival",
                               f->is_presumed ? "presumed to be " : "", measure_words(f->measure),
                               measure_words(lus_measure_of_data(recipe)));
    case LUS_REASON_OTHER_YEARS:
        return lus_arena_print(arena, "the figure is of %s, the data are of %s",
                               years_text(arena, f->from_year, f->to_year),
                               years_text(arena, recipe->from_year, recipe->to_year));
    case LUS_REASON_NO_CLAIM:
        return lus_arena_print(arena, "the recipe's claims do not name %s", a->figure->claim);
    case LUS_REASON_NOT_A_NUMBER:
        return lus_arena_print(arena, "%s is not a number column", a->figure->of);
    case LUS_REASON_NOT_AVAILABLE: return lus_why_text(why);
    default: return briefs[a->reason];
    }
}

int lus_answer_refuse(struct lus_context *c, struct lus_answer *a, enum lus_reason reason,
                      enum lus_why why, const char *detail, struct lus_error *err)
{
    a->reason = reason;
    a->brief = brief_of(c, a, why);
    const char *rest = rest_of(c, a, detail);
    if (!a->brief || !rest) return lus_fail_memory(err);
    a->words = *rest ? lus_arena_print(&c->memory->arena, "%s (%s)", a->brief, rest) : a->brief;
    return a->words ? LUS_OK : lus_fail_memory(err);
}
