/* A quoted figure against the data's value, and what two figures imply together (docs/methods.md,
 * "Quoted figures"). */
#include <math.h>
#include <string.h>

#include "lustrum/context.h"

static const double WIDE = 0.2; /* 20 points */

static enum lus_verdict of_bound(double bound, const struct lus_data_value *data, bool more)
{
    if (more ? data->low > bound : data->high < bound) return LUS_SUPPORTED;
    if (more ? data->high < bound : data->low > bound) return LUS_CONTRADICTED;
    return LUS_UNDECIDED;
}

enum lus_verdict lus_verdict(const struct lus_figure *f, const struct lus_data_value *data)
{
    bool more = f->qualifier == LUS_MORE_THAN;
    if (f->statistic == LUS_STATISTIC_NOTE) return LUS_NO_VERDICT;
    if (isnan(data->value)) return LUS_NOT_COMPARABLE;
    /* somebody is there, or nobody is */
    if (f->is_survivors)
        return data->value > 0 && data->at_risk > 0 ? LUS_SUPPORTED : LUS_CONTRADICTED;
    if (data->at_risk < LUS_FEW || (data->is_share && data->high - data->low > WIDE))
        return LUS_TOO_IMPRECISE;
    if (f->statistic == LUS_STATISTIC_ORDER) return of_bound(0, data, more);
    if (f->qualifier == LUS_MORE_THAN || f->qualifier == LUS_LESS_THAN)
        return of_bound(f->value, data, more);
    /* the band is half open, [low, high); an open end of the interval has no bound */
    if (!isnan(data->low) && f->high <= data->low) return LUS_BELOW;
    if (!isnan(data->high) && f->low > data->high) return LUS_ABOVE;
    return LUS_AGREES;
}

enum lus_verdict lus_verdict_synthetic(enum lus_verdict v, const struct lus_figure *f,
                                       bool is_target)
{
    if (v == LUS_NOT_COMPARABLE || v == LUS_NO_VERDICT) return v;
    if (v == LUS_TOO_IMPRECISE) return LUS_NOT_COMPARABLE;
    bool is_met = v == LUS_AGREES || v == LUS_SUPPORTED || v == LUS_UNDECIDED;
    if (is_target) return is_met ? LUS_REPRODUCED : LUS_NOT_REPRODUCED;
    if (is_met) return LUS_HELD_OUT_MEETS;
    if (v == LUS_CONTRADICTED)
        return f->qualifier == LUS_MORE_THAN ? LUS_HELD_OUT_ABOVE : LUS_HELD_OUT_BELOW;
    return v == LUS_ABOVE ? LUS_HELD_OUT_ABOVE : LUS_HELD_OUT_BELOW;
}

const char *lus_verdict_text(enum lus_verdict verdict)
{
    static const char *const texts[] = {[LUS_AGREES] = "agrees",
                                        [LUS_ABOVE] = "above",
                                        [LUS_BELOW] = "below",
                                        [LUS_SUPPORTED] = "supported",
                                        [LUS_CONTRADICTED] = "contradicted",
                                        [LUS_UNDECIDED] = "undecided",
                                        [LUS_TOO_IMPRECISE] = "too imprecise",
                                        [LUS_NOT_COMPARABLE] = "not comparable",
                                        [LUS_NO_VERDICT] = "note",
                                        [LUS_REPRODUCED] = "reproduced",
                                        [LUS_NOT_REPRODUCED] = "not reproduced",
                                        [LUS_HELD_OUT_MEETS] = "held out: meets",
                                        [LUS_HELD_OUT_ABOVE] = "held out: above",
                                        [LUS_HELD_OUT_BELOW] = "held out: below"};
    return texts[verdict];
}

bool lus_verdict_differs(enum lus_verdict v)
{
    return v == LUS_ABOVE || v == LUS_BELOW || v == LUS_CONTRADICTED || v == LUS_NOT_REPRODUCED ||
           v == LUS_HELD_OUT_ABOVE || v == LUS_HELD_OUT_BELOW;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool is_stated(const struct lus_figure *f)
{
    return f->qualifier == LUS_STATED || f->qualifier == LUS_ABOUT;
}

bool lus_figures_pair(const struct lus_figure *s, const struct lus_figure *m)
{
    bool same_document = s->document || m->document ? same_text(s->document, m->document)
                                                    : s->source && same_text(s->source, m->source);
    return s->statistic == LUS_STATISTIC_SURVIVAL && m->statistic == LUS_STATISTIC_MEDIAN &&
           is_stated(s) && is_stated(m) && same_document && same_text(s->where, m->where) &&
           s->value > 0 && s->value < 1;
}

static double shape_of(double survival, double t, double median)
{
    return log(-log(survival) / log(2)) / log(t / median);
}

struct lus_implied lus_figures_imply(const struct lus_figure *survival,
                                     const struct lus_figure *median)
{
    double unit = (double)lus_unit_ticks(median->unit), t = (double)survival->at / unit,
           m = median->value, s = survival->value;
    struct lus_implied r = {.survival_of_median = exp2(-t / m),
                            .median_of_survival = t * log(2) / -log(s),
                            .shape = shape_of(s, t, m)};
    double ten = 10 * (double)lus_unit_ticks(LUS_YEARS) / unit;
    r.at_ten_years = exp(-log(2) * pow(ten / m, r.shape));
    r.shape_low = INFINITY, r.shape_high = -INFINITY;
    for (int i = 0; i < 4; i++) { /* the corners of both bands; the shape is monotone in each */
        double k = shape_of(i & 1 ? survival->high : survival->low, t,
                            i & 2 ? median->high : median->low);
        r.shape_low = fmin(r.shape_low, k), r.shape_high = fmax(r.shape_high, k);
    }
    return r;
}
