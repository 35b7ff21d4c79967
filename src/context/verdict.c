/* A quoted figure against the data's value, and what two figures imply together (docs/methods.md,
 * "Quoted figures"). */
#include <math.h>
#include <string.h>

#include "lustrum/context.h"

static const double WIDE = 0.2; /* 20 points */

static enum lus_verdict of_bound(double bound, const struct lus_data_value *data, bool more)
{
    if (more ? data->low > bound : data->high < bound) return LUS_BORNE_OUT;
    if (more ? data->high < bound : data->low > bound) return LUS_NOT_BORNE_OUT;
    return LUS_CANNOT_TELL;
}

static bool is_more(const struct lus_figure *f)
{
    return f->qualifier == LUS_MORE_THAN || f->qualifier == LUS_MOST;
}

static bool is_bound(const struct lus_figure *f)
{
    return is_more(f) || f->qualifier == LUS_LESS_THAN;
}

enum lus_verdict lus_verdict(const struct lus_figure *f, const struct lus_data_value *data)
{
    if (f->statistic == LUS_STATISTIC_NOTE) return LUS_NO_VERDICT;
    if (isnan(data->value)) return LUS_NOT_COMPARABLE;
    if (f->statistic == LUS_STATISTIC_SOME)
        return data->value > 0 && data->at_risk > 0 ? LUS_BORNE_OUT : LUS_NOT_BORNE_OUT;
    if (data->at_risk < LUS_FEW || (data->is_share && data->high - data->low > WIDE))
        return LUS_CANNOT_TELL;
    if (f->statistic == LUS_STATISTIC_ORDER) return of_bound(0, data, is_more(f));
    if (is_bound(f)) return of_bound(f->value, data, is_more(f));
    /* the band is half open, [low, high); an open end of the interval has no bound */
    if (!isnan(data->low) && f->high <= data->low) return LUS_LOWER;
    if (!isnan(data->high) && f->low > data->high) return LUS_HIGHER;
    return LUS_FITS;
}

/* A bound, an order or somebody: as if the value were known. */
static enum lus_verdict of_value(const struct lus_figure *f, const struct lus_data_value *data)
{
    double bound = f->statistic == LUS_STATISTIC_ORDER ? 0 : f->value;
    return (is_more(f) ? data->value > bound : data->value < bound) ? LUS_BORNE_OUT
                                                                    : LUS_NOT_BORNE_OUT;
}

enum lus_verdict lus_verdict_synthetic(const struct lus_figure *f,
                                       const struct lus_data_value *data, double tolerance,
                                       bool is_target)
{
    if (f->statistic == LUS_STATISTIC_NOTE || f->statistic == LUS_STATISTIC_SOME ||
        isnan(data->value))
        return lus_verdict(f, data);
    if (data->at_risk < LUS_FEW || (data->is_share && data->high - data->low > WIDE))
        return LUS_CANNOT_TELL;
    if (f->statistic == LUS_STATISTIC_ORDER || is_bound(f)) return of_value(f, data);
    double low = fmin(f->low, f->value - tolerance), high = fmax(f->high, f->value + tolerance);
    bool is_below = high<data->low, is_above = low> data->high;
    if (is_target) return is_below || is_above ? LUS_TARGET_MISSED : LUS_TARGET_MET;
    return is_below ? LUS_LOWER : is_above ? LUS_HIGHER : LUS_FITS;
}

const char *lus_verdict_text(enum lus_verdict verdict)
{
    static const char *const texts[] = {[LUS_FITS] = "fits",
                                        [LUS_HIGHER] = "higher",
                                        [LUS_LOWER] = "lower",
                                        [LUS_BORNE_OUT] = "borne out",
                                        [LUS_NOT_BORNE_OUT] = "not borne out",
                                        [LUS_CANNOT_TELL] = "cannot tell",
                                        [LUS_NOT_COMPARABLE] = "not comparable",
                                        [LUS_NO_VERDICT] = "note",
                                        [LUS_TARGET_MET] = "target met",
                                        [LUS_TARGET_MISSED] = "target missed"};
    return texts[verdict];
}

bool lus_verdict_differs(enum lus_verdict v)
{
    return v == LUS_HIGHER || v == LUS_LOWER || v == LUS_NOT_BORNE_OUT || v == LUS_TARGET_MISSED;
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
