/* Figures that documents quote, and what data say of them.
 *
 *     const char *files[] = {"datasets/stage4.csv"}; // synthetic; its recipe names figures
 *     struct lus_query patients = LUS_QUERY_INIT;
 *     patients.files = files, patients.n_files = 1;
 *     struct lus_context_query query = {.patients = &patients};
 *     struct lus_context context;
 *     struct lus_fitting fitting = lus_fitting_default(false);
 *     int status = lus_context_open(&query, &context, &err);
 *     if (status == LUS_OK) status = lus_context_compare(&context, &fitting, &err);
 *     const struct lus_answer *a = &context.answers[8];
 *     if (status == LUS_OK) printf("%s: %s\n", a->figure->id, lus_verdict_text(a->verdict));
 *     lus_context_free(&context);
 *
 * prints `komen-survival-5y: lower`.
 */
#ifndef LUSTRUM_CONTEXT_H
#define LUSTRUM_CONTEXT_H

#include "lustrum/relative.h"

enum lus_statistic {
    LUS_STATISTIC_SURVIVAL,
    LUS_STATISTIC_MEDIAN,
    LUS_STATISTIC_PROPORTION,
    LUS_STATISTIC_MEDIAN_OF,
    LUS_STATISTIC_ORDER,
    LUS_STATISTIC_NOTE,
    LUS_STATISTIC_DEATH, /* the share who have died by a time */
    LUS_STATISTIC_SOME   /* there is somebody who lives so long, or of whom `where` holds */
};
enum lus_qualifier { LUS_STATED, LUS_ABOUT, LUS_MORE_THAN, LUS_LESS_THAN, LUS_MOST };
enum lus_measure { LUS_MEASURE_NONE, LUS_MEASURE_OS, LUS_MEASURE_RS, LUS_MEASURE_CSS };

/* value, low, high: a fraction, or a time or number in `unit`. low and high are the file's, else
 * the band for which a rounded value stands: half a unit of its last place on either side, [low,
 * high). "most" is more than a half and has no band: low and high are NaN. Texts that are not there
 * are NULL. */
struct lus_figure {
    const char *id, *document;
    const char *title, *publisher, *year; /* of the document */
    const char *quote, *label;            /* the page's own words; a name for charts */
    enum lus_statistic statistic;
    enum lus_qualifier qualifier;
    enum lus_measure measure;
    bool is_presumed; /* the measure is our reading, not the document's word */
    double value, low, high;
    lus_time at;             /* survival, death, order and some; 0: of some, no time */
    enum lus_unit unit;      /* of a median */
    const char *unit_text;   /* of a median_of: cm */
    const char *origin;      /* from where time counts: a name that recipes' origins: share */
    bool is_origin_presumed; /* our reading, likewise */
    int from_year, to_year;  /* of diagnosis, both included; 0: not known */
    bool is_selected;        /* people who were chosen, and not all who were diagnosed */
    char confidence;         /* of the editor: A to D; 0: not said */
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
/* Reads files of figures (lustrum-figures(5)) as one list, checked like recipes.
 * out       overwritten; the caller frees it with lus_figures_free. All zero on error.
 * Returns   LUS_OK; LUS_EIO; LUS_EDATA at file:line:column with the remedy; LUS_ENOMEM.
 * Checked   tests/cli/context.tests. */
LUS_API int lus_figures_read(const char *const *paths, size_t n, struct lus_figures *out,
                             struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_figures_free(struct lus_figures *figures);
/* The word of a statistic in files of figures ("median_of"), constant.
 * Checked   tests/cli/context.tests, in the column `statistic`. */
LUS_API const char *lus_statistic_name(enum lus_statistic statistic);
/* "OS", "RS", "CSS"; "" of LUS_MEASURE_NONE; constant.
 * Checked   tests/cli/context.tests, in the column `measure`. */
LUS_API const char *lus_measure_name(enum lus_measure measure);

/* What the data say: a value with its interval, in the figure's unit; NaN where an end is open. */
struct lus_data_value {
    double value, low, high, at_risk;
    /* survival, a proportion, a difference of survival: an interval wider than 20 points is too
     * imprecise */
    bool is_share;
    double fewest; /* whom it tells of: people, those who die, who live; 0: of nobody */
};
enum lus_verdict {
    LUS_FITS,   /* the figure's band and the data's interval meet */
    LUS_HIGHER, /* the figure is higher or lower than the data */
    LUS_LOWER,
    LUS_BORNE_OUT, /* more than, less than, most, some, an order */
    LUS_NOT_BORNE_OUT,
    LUS_CANNOT_TELL, /* too few */
    LUS_NOT_COMPARABLE,
    LUS_NO_VERDICT, /* a note has none */
    /* synthetic data: the figure was used to build the model */
    LUS_TARGET_MET,
    LUS_TARGET_MISSED
};
/* What the data say of a figure (docs/methods.md, "Quoted figures").
 *   stated, about   its band [low, high) against the data's interval [low, high]
 *   more than x     borne out: low > x; not borne out: high < x; less than x: the mirror image
 *   most            more than a half
 *   an order        the same of the difference of its groups against 0
 *   some            borne out where the value is above 0 with somebody at risk
 * data      value NaN: not comparable. A low or high that is NaN bounds nothing.
 * Returns   LUS_CANNOT_TELL of fewer than 10 at risk, or of a share whose interval is wider than
 *           20 points; LUS_NO_VERDICT of a note.
 * Checked   tests/unit/test_context.c, by hand. */
LUS_API enum lus_verdict lus_verdict(const struct lus_figure *figure,
                                     const struct lus_data_value *data);
/* The same on synthetic data, where the number of people that were drawn is nobody's finding: the
 * figure's band, or value +- tolerance where that is wider, against the interval of the data.
 * tolerance  in the figure's unit.
 * Returns   LUS_TARGET_MET or LUS_TARGET_MISSED of a target of the model.
 * Checked   tests/unit/test_context.c. */
LUS_API enum lus_verdict lus_verdict_synthetic(const struct lus_figure *figure,
                                               const struct lus_data_value *data, double tolerance,
                                               bool is_target);
/* A word for machines: "fits", "not comparable", constant.
 * Checked   tests/unit/test_context.c. */
LUS_API const char *lus_verdict_text(enum lus_verdict verdict);
/* Whether a verdict says that figure and data differ.
 * Checked   tests/cli/context.tests, in the table `checks`. */
LUS_API bool lus_verdict_differs(enum lus_verdict verdict);

/* Times in the median's unit; low and high: over the rounding of both figures. */
struct lus_implied {
    double survival_of_median, median_of_survival;
    double shape, shape_low, shape_high;
    double at_ten_years;
};
/* What a survival at a time and a median imply together. A Weibull goes through any two points, so
 * this is no test.
 *   exponential from the median: S(t) = 2^(-t/m); from survival: m = t log 2 / -log S
 *   Weibull: shape k = log(-log S / log 2) / log(t/m), S(u) = exp(-log 2 (u/m)^k)
 * Checked   tests/unit/test_context.c, by hand: 27 % at 5 years and a median of 3 years. */
LUS_API struct lus_implied lus_figures_imply(const struct lus_figure *survival,
                                             const struct lus_figure *median);
/* Whether two figures are of the same quantity of the same people: statistic, time, measure, origin
 * and group, and both of all people or both of chosen ones. Their years may differ.
 * Checked   tests/cli/context.tests, in the table `published`. */
LUS_API bool lus_figures_alike(const struct lus_figure *a, const struct lus_figure *b);
/* Whether a figure may stand on a curve of everybody: a survival at a time or a median, of the same
 * measure ("OS", "CSS"; NULL: OS) and counted from the same origin (NULL: nobody says from where).
 * Checked   tests/cli/charts.tests. */
LUS_API bool lus_figure_is_of_curve(const struct lus_figure *figure, const char *measure,
                                    const char *from);
/* Whether two figures are such a pair: a survival and a median that one document states of one
 * group.
 * Checked   tests/cli/context.tests. */
LUS_API bool lus_figures_pair(const struct lus_figure *survival, const struct lus_figure *median);

/* Why data do not answer a figure; its words are in the answer. */
enum lus_reason {
    LUS_REASON_NONE = 0,
    LUS_REASON_NO_CLAIM,      /* the recipe does not say what the proportion counts */
    LUS_REASON_NO_FACTOR,     /* the group is told by what the data lack */
    LUS_REASON_NO_ORIGIN,     /* the recipe does not say from where time counts */
    LUS_REASON_OTHER_ORIGIN,  /* time counts from elsewhere */
    LUS_REASON_OTHER_MEASURE, /* overall, relative or cause-specific survival */
    LUS_REASON_OTHER_YEARS,   /* nobody was diagnosed in the same years */
    LUS_REASON_SELECTED,      /* the figure is of chosen people, the data of all */
    LUS_REASON_NET_MEDIAN,    /* a median of relative survival is not computed */
    LUS_REASON_SHORT,         /* follow-up too short for the time */
    LUS_REASON_SHORT_MEDIAN,  /* or for the median */
    LUS_REASON_NOBODY,        /* nobody is of the group */
    LUS_REASON_NOBODY_KNOWN,  /* nobody is known to have the claim or not */
    LUS_REASON_NOT_AVAILABLE, /* the estimate, for another lus_why */
    LUS_REASON_NO_COLUMN,     /* of a median_of */
    LUS_REASON_NOT_A_NUMBER,  /* its values are not */
};

/* Another mix of a factor's levels: shares that add up to 1. */
struct lus_mix {
    const char *factor;
    size_t n; /* 0: none is asked */
    const char *const *levels;
    const double *shares;
};

/* The mix by a model of the other columns too; a number that cannot be had is NaN. */
struct lus_adjusted_value {
    bool is_asked;
    double value, low, high; /* low, high: not of a median */
    size_t people;           /* of whom the model is: those whose columns are known */
    const char *words;       /* why it is not available; NULL where it is */
};

/* What the data say of one figure. A number that was not asked or cannot be had is NaN. */
struct lus_answer {
    const struct lus_figure *figure;
    struct lus_data_value data; /* in the figure's unit: a median of months in months */
    enum lus_verdict verdict;
    enum lus_measure measure; /* that was compared */
    double tolerance;         /* of a target, or of any figure beside synthetic data; else NaN */
    enum lus_reason reason;
    const char *brief, *words; /* of the reason: "follow-up too short", and all of it; NULL */
    double people;             /* in the group */
    const char *counted;       /* those whose time counts from the figure's origin; NULL: all */
    const struct lus_data_value *apart; /* the same by level of the context's factor `apart` */
    double other_measure; /* overall where the figure is relative, and the other way */
    double without_entry; /* as if nobody had entered late */
    struct {              /* what the mix asked alone moves it to */
        bool is_asked;
        double value, low, high, fewest;
        const char *words; /* why it is not available; NULL where it is */
    } mixed;
    struct lus_adjusted_value adjusted;
};

/* What is asked. All texts have to outlive the context. */
struct lus_context_query {
    const struct lus_query *patients; /* no files: the figures alone are read; needed at opening */
    const char *const *figures;       /* files; none: those of the recipe's figures: */
    size_t n_figures;
    const char *const *only; /* ids of the figures that are asked; none: all */
    size_t n_only;
    const struct lus_life_table *life_table; /* NULL: that of the recipe, if it names one */
    struct lus_mix mix;
    const char *const *adjust; /* columns of a model beside the mix's factor; none: no model */
    size_t n_adjust;
    double conf_level; /* of the model's intervals */
};

struct lus_context {
    struct lus_figures figures;
    struct lus_answer *answers; /* by figure */
    /* of the people as a whole, described at once and read with the rest; NULL where no files are
     * given */
    const struct lus_tally *tally;
    const char *title, *from;
    bool is_synthetic;
    /* synthetic: how far from a figure that was no target data may lie, in points and as a part of
     * a median */
    double share_tolerance, median_tolerance;
    const struct lus_life_table *life_table; /* the query's, or the recipe's; NULL: none */
    int from_year, to_year;                  /* of diagnosis, as the recipe says; 0: it does not */
    const char *selected; /* how the people were chosen; NULL: they are all who were diagnosed */
    /* the factors that the recipe's context: names; NULL: none */
    const char *mix_factor, *apart_factor;
    const char *const *apart_levels;
    size_t n_apart;
    struct lus_context_memory *memory;
};

/* Reads figures and recipe, opens the data, and asks all that all figures ask: any number of them,
 * in one reading. No row is read yet.
 * out       overwritten; the caller frees it with lus_context_free, on failure too.
 * Returns   LUS_OK; LUS_EUSAGE where no figures are named; else as lus_figures_read,
 *           lus_reading_open and lus_reading_ask.
 * Checked   tests/unit/test_context_data.c; tests/house/opened_once.pl (one reading). */
LUS_API int lus_context_open(const struct lus_context_query *query, struct lus_context *out,
                             struct lus_error *err) LUS_MUST_CHECK;
/* Reads the data, once, and answers: survival, medians, proportions and orders with intervals, the
 * verdicts, and what to look at where they differ. Compared is the same measure, of the same
 * people, from the same origin of time (docs/methods.md, "Quoted figures").
 * context   opened with files; its answers are filled.
 * fitting   the estimator and the interval of survival; not conditional.
 * Returns   as lus_reading_run; LUS_EUSAGE where the estimator has no curve of such data.
 * Checked   tests/unit/test_context_data.c, by hand. */
LUS_API int lus_context_compare(struct lus_context *context, const struct lus_fitting *fitting,
                                struct lus_error *err) LUS_MUST_CHECK;
/* Frees all that a context holds, its answers too, and zeroes it. */
LUS_API void lus_context_free(struct lus_context *context);

#endif
