/* The one rule of what may be compared: the same measure, counted from the same origin, of people
 * of the same years, chosen or not as the others are. */
#include <string.h>
#include <strings.h>

#include "context/context.h"

bool lus_is_survival(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_DEATH ||
           f->statistic == LUS_STATISTIC_MEDIAN;
}

/* Whether time comes into it. */
static bool is_timed(const struct lus_figure *f)
{
    return lus_is_survival(f) || f->statistic == LUS_STATISTIC_ORDER ||
           (f->statistic == LUS_STATISTIC_SOME && f->at > 0);
}

const struct lus_origin *lus_origin_of(const struct lus_recipe *recipe, const struct lus_figure *f)
{
    for (size_t i = 0; f->origin && i < recipe->n_origins; i++)
        if (strcasecmp(recipe->origins[i].name, f->origin) == 0) return &recipe->origins[i];
    return NULL;
}

/* Time counts from an origin of that name, or one whose last word it is: "metastasis" is the origin
 * "first metastasis". */
static bool is_from(const char *from, const char *origin)
{
    size_t n = strlen(from), k = strlen(origin);
    return k <= n && strcasecmp(from + n - k, origin) == 0 && (k == n || from[n - k - 1] == ' ');
}

static enum lus_reason of_origin(const struct lus_recipe *recipe, const struct lus_figure *f)
{
    if (!f->origin || !is_timed(f) || lus_origin_of(recipe, f)) return LUS_REASON_NONE;
    if (!recipe->time.from) return LUS_REASON_NO_ORIGIN;
    return is_from(recipe->time.from, f->origin) ? LUS_REASON_NONE : LUS_REASON_OTHER_ORIGIN;
}

enum lus_measure lus_measure_of_data(const struct lus_recipe *recipe)
{
    return recipe->event.measure && recipe->event.measure[0] == 'C' ? LUS_MEASURE_CSS
                                                                    : LUS_MEASURE_OS;
}

static enum lus_reason of_measure(const struct lus_recipe *recipe, bool has_table,
                                  const struct lus_figure *f)
{
    enum lus_measure data = lus_measure_of_data(recipe);
    if (f->measure == LUS_MEASURE_NONE || f->measure == data) return LUS_REASON_NONE;
    if (f->measure == LUS_MEASURE_CSS && recipe->event.cause) return LUS_REASON_NONE;
    if (f->measure == LUS_MEASURE_RS && data == LUS_MEASURE_OS && has_table &&
        recipe->population.sex)
        return f->statistic == LUS_STATISTIC_MEDIAN ? LUS_REASON_NET_MEDIAN : LUS_REASON_NONE;
    return LUS_REASON_OTHER_MEASURE;
}

bool lus_years_meet(int from, int to, int other_from, int other_to)
{
    return !from || !other_from || (from <= other_to && other_from <= to);
}

enum lus_reason lus_reason_of(const struct lus_recipe *recipe, bool has_table,
                              const struct lus_figure *f)
{
    enum lus_reason reason = of_origin(recipe, f);
    if (reason == LUS_REASON_NONE) reason = of_measure(recipe, has_table, f);
    if (reason != LUS_REASON_NONE) return reason;
    if (!lus_years_meet(f->from_year, f->to_year, recipe->from_year, recipe->to_year))
        return LUS_REASON_OTHER_YEARS;
    return f->is_selected && !recipe->selected ? LUS_REASON_SELECTED : LUS_REASON_NONE;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

bool lus_figure_is_of_curve(const struct lus_figure *f, const char *measure, const char *from)
{
    enum lus_measure data = measure && measure[0] == 'C' ? LUS_MEASURE_CSS : LUS_MEASURE_OS;
    bool is_drawn = f->statistic == LUS_STATISTIC_SURVIVAL || f->statistic == LUS_STATISTIC_MEDIAN;
    return is_drawn && !f->where && f->measure == data &&
           (!f->origin || (from && is_from(from, f->origin)));
}

bool lus_figures_alike(const struct lus_figure *a, const struct lus_figure *b)
{
    return a->statistic == b->statistic && a->at == b->at && a->measure == b->measure &&
           same_text(a->origin, b->origin) && same_text(a->where, b->where) &&
           same_text(a->claim, b->claim) && same_text(a->of, b->of) &&
           a->is_selected == b->is_selected;
}
