/* Figures that documents quote, and what data say of them.
 *
 *     struct lus_figures figures;
 *     lus_figures_read(paths, n, &figures, &err);
 *     struct lus_data_value data = {.value = 0.263, .low = 0.238, .high = 0.288, .at_risk = 274};
 *     puts(lus_verdict_text(lus_verdict(&figures.at[0], &data)));
 */
#ifndef LUSTRUM_CONTEXT_H
#define LUSTRUM_CONTEXT_H

#include "lustrum/estimate.h"

enum lus_statistic {
    LUS_STATISTIC_SURVIVAL,
    LUS_STATISTIC_MEDIAN,
    LUS_STATISTIC_PROPORTION,
    LUS_STATISTIC_MEDIAN_OF,
    LUS_STATISTIC_ORDER,
    LUS_STATISTIC_NOTE
};
enum lus_qualifier { LUS_STATED, LUS_ABOUT, LUS_MORE_THAN, LUS_LESS_THAN };
enum lus_measure { LUS_MEASURE_NONE, LUS_MEASURE_OS, LUS_MEASURE_RS, LUS_MEASURE_CSS };

/* value, low, high: a fraction, or a time or number in `unit`. low and high are the file's, else
 * the band for which a rounded value stands: half a unit of its last place on either side, [low,
 * high). Texts that are not there are NULL. */
struct lus_figure {
    const char *id, *document, *title; /* title: of the document */
    enum lus_statistic statistic;
    enum lus_qualifier qualifier;
    enum lus_measure measure;
    bool is_presumed;  /* the measure is our reading, not the document's word */
    bool is_survivors; /* "some live so long": more than 0 */
    double value, low, high;
    lus_time at;           /* survival and order */
    enum lus_unit unit;    /* of a median */
    const char *unit_text; /* of a median_of: cm */
    const char *origin;    /* diagnosis, metastasis */
    const char *where, *claim, *of, *groups[2];
    const char *population, *note, *source, *text;
    const char *file;
    size_t line;
};
struct lus_figures {
    size_t n;
    struct lus_figure *at;
    struct lus_figures_memory *memory;
};
/* Reads files of figures, checked like recipes: LUS_EDATA at file:line:column with the remedy.
 * Format: lustrum-figures(5). */
LUS_API int lus_figures_read(const char *const *paths, size_t n, struct lus_figures *out,
                             struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_figures_free(struct lus_figures *figures);
LUS_API const char *lus_statistic_name(enum lus_statistic statistic);
LUS_API const char *lus_measure_name(enum lus_measure measure);

/* What the data say: a value with its interval, in the figure's unit; NaN where an end is open. */
struct lus_data_value {
    double value, low, high, at_risk;
    /* survival, a proportion, a difference of survival: an interval wider than 20 points is too
     * imprecise */
    bool is_share;
};
enum lus_verdict {
    LUS_AGREES,
    LUS_ABOVE,
    LUS_BELOW, /* the figure is above or below the data */
    LUS_SUPPORTED,
    LUS_CONTRADICTED,
    LUS_UNDECIDED, /* more than, less than, an order */
    LUS_TOO_IMPRECISE,
    LUS_NOT_COMPARABLE,
    LUS_NO_VERDICT, /* a note has none */
    /* synthetic data */
    LUS_REPRODUCED,
    LUS_NOT_REPRODUCED,
    LUS_HELD_OUT_MEETS,
    LUS_HELD_OUT_ABOVE,
    LUS_HELD_OUT_BELOW,
};
LUS_API enum lus_verdict lus_verdict(const struct lus_figure *figure,
                                     const struct lus_data_value *data);
/* The verdict on synthetic data: never that they agree. */
LUS_API enum lus_verdict lus_verdict_synthetic(enum lus_verdict verdict,
                                               const struct lus_figure *figure, bool is_target);
LUS_API const char *lus_verdict_text(enum lus_verdict verdict);

/* What a survival at a time and a median imply together. A Weibull goes through any two points, so
 * this is no test.
 *   exponential from the median: S(t) = 2^(-t/m); from survival: m = t log 2 / -log S
 *   Weibull: shape k = log(-log S / log 2) / log(t/m), S(u) = exp(-log 2 (u/m)^k)
 * low and high: over the rounding of both figures. Times in units of at's. */
struct lus_implied {
    double survival_of_median, median_of_survival;
    double shape, shape_low, shape_high;
    double at_ten_years;
};
LUS_API struct lus_implied lus_figures_imply(const struct lus_figure *survival,
                                             const struct lus_figure *median);

#endif
