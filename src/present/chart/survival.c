/* Survival curves with bands and the numbers at risk. Of the tables `curve`, `at_risk` and
 * `summary`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/steps.h"

static const char *limit_text(struct lus_document *d, double limit)
{
    return isnan(limit) ? "–" : lus_document_text(d, "%.1f", 100 * limit);
}

static void add_words(struct lus_drawing *out, struct lus_document *d, const char *words)
{
    out->summary = lus_document_text(d, "%s %s", out->summary, words);
}

static const char *survival_words(struct lus_document *d, const struct lus_table *t, size_t row)
{
    const struct lus_cell *rate = lus_chart_cell(t, row, "survival"),
                          *median = lus_chart_cell(t, row, "median");
    const char *name = lus_chart_row_name(d, t, row),
               *n = lus_chart_count_text(d, lus_chart_cell(t, row, "n"));
    if (rate->why == LUS_WHY_TOO_FEW && isnan(rate->number))
        return lus_document_text(d, "%s: not shown.", name);
    const char *survival = isnan(rate->number)
                               ? "5-year survival not available"
                               : lus_document_text(
                                     d, "5-year survival %.1f %% (%s to %s)", 100 * rate->number,
                                     limit_text(d, lus_chart_number(t, row, "conf_low")),
                                     limit_text(d, lus_chart_number(t, row, "conf_high")));
    const char *middle = isnan(median->number)
                             ? "median not reached"
                             : lus_document_text(d, "median %.4g %s", median->number,
                                                 lus_unit_name(d->unit));
    return lus_document_text(d, "%s: %s, %s, n %s.", name, survival, middle, n);
}

static void add_quoted_words(const struct lus_steps *steps, struct lus_drawing *out)
{
    for (size_t i = 0; i < steps->q->n_quoted; i++) {
        const struct lus_quoted *f = &steps->q->quoted[i];
        if ((f->is_median ? f->value : f->at) / steps->unit <= steps->x_max)
            add_words(out, steps->d, lus_document_text(steps->d, "Quoted: %s.", f->label));
    }
}

static const char *p_text(struct lus_document *d, double p)
{
    return p < 0.0001 ? "p < 0.0001" : lus_document_text(d, "p = %.*f", p < 0.1 ? 4 : 2, p);
}

/* The row of differences of the first two groups that has a measure; SIZE_MAX: there is none. */
static size_t find_difference(const struct lus_table *t, const char *measure)
{
    for (size_t row = 0; row < t->n_rows; row++)
        if (strcmp(lus_chart_cell(t, row, "measure")->text, measure) == 0) return row;
    return SIZE_MAX;
}

/* "Survival at 5 years: 10.5 points (7.2 to 13.8) higher for grade 2 than for 3, p < 0.0001" */
static const char *difference_words(struct lus_document *d, bool is_mean)
{
    const struct lus_table *t = lus_document_find(d, "differences");
    size_t row = find_difference(t, is_mean ? "restricted mean" : "survival");
    double value = row == SIZE_MAX ? NAN : lus_chart_number(t, row, "difference"),
           low = row == SIZE_MAX ? NAN : lus_chart_number(t, row, "conf_low"),
           high = row == SIZE_MAX ? NAN : lus_chart_number(t, row, "conf_high"),
           scale = is_mean ? 1 : 100;
    if (isnan(value) || isnan(low)) return "The difference is not available.";
    const char *first = lus_chart_cell(t, row, "first")->text,
               *second = lus_chart_cell(t, row, "second")->text;
    bool is_less = value < 0;
    return lus_document_text(
        d, "%s %s: %.*f %s (%.*f to %.*f) more in %s than in %s, %s",
        is_mean ? "Mean time alive within" : "Survival at", lus_chart_cell(t, row, "time")->text,
        is_mean ? 2 : 1, scale * fabs(value), is_mean ? lus_unit_name(d->unit) : "points",
        is_mean ? 2 : 1, scale * (is_less ? -high : low), is_mean ? 2 : 1,
        scale * (is_less ? -low : high), is_less ? second : first, is_less ? first : second,
        p_text(d, lus_chart_number(t, row, "p_value")));
}

static const char *annotation_words(const struct lus_steps *steps)
{
    struct lus_document *d = steps->d;
    if (!steps->q->annotation) return NULL;
    if (steps->q->annotation[0] != 't') return difference_words(d, steps->q->annotation[0] == 'r');
    const struct lus_table *t = lus_document_find(d, "compare");
    double p = lus_chart_number(t, 0, "p_value");
    if (isnan(p)) return "Log-rank test: not available";
    return lus_document_text(d, "Log-rank test: %s (chi-square %.4g, %.0f df)", p_text(d, p),
                             lus_chart_number(t, 0, "statistic"), lus_chart_number(t, 0, "df"));
}

static int draw_survival(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form form = {"survival", "conf_low", "conf_high", NULL};
    struct lus_document *d = steps->d;
    const struct lus_table *t = lus_document_find(d, "curve"),
                           *summary = lus_document_find(d, "summary");
    steps->y_label = "Alive", steps->has_bands = true;
    steps->subtitle = lus_document_text(
        d, "%s; %s, %g %% bands (%s)%s",
        lus_chart_subject(d, lus_chart_measure(d), summary, lus_chart_people(d, summary)),
        d->estimator, 100 * d->conf_level, d->transform, d->has_entry ? ", delayed entry" : "");
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    steps->annotation = annotation_words(steps);
    if (steps->annotation) add_words(out, d, lus_document_text(d, "%s.", steps->annotation));
    add_quoted_words(steps, out);
    for (size_t i = 0; i < lus_steps_count_strata(steps); i++) {
        struct lus_rows_of_curve rows = lus_steps_rows(steps, t, i * steps->n_tics);
        struct lus_series *s = lus_steps_add(steps, lus_chart_row_name(d, summary, i),
                                             i * steps->n_tics);
        LUS_TRY(lus_steps_read(steps, t, rows, &form, s));
        s->few_from = lus_steps_few_from(steps, t, rows);
        if (!steps->q->hides_single) {
            s->median = (lus_chart_number(summary, i, "median") + d->given) / steps->unit;
            LUS_TRY(lus_steps_read_censorings(steps, t, rows, s));
        }
        add_words(out, d, survival_words(d, summary, i));
    }
    return LUS_OK;
}

static int check_quoted(const struct lus_steps *steps, struct lus_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < steps->q->n_quoted; i++) {
        const struct lus_quoted *f = &steps->q->quoted[i];
        n += (f->is_median ? f->value : f->at) / steps->unit <= steps->x_max;
    }
    if (n <= LUS_MOST_QUOTED) return LUS_OK;
    return lus_fail(err, LUS_EUSAGE,
                    "--figures: a chart shows at most %d figures (a table shows them all: lustrum "
                    "context)",
                    LUS_MOST_QUOTED);
}

int lus_chart_survival(struct lus_document *d, const struct lus_chart_request *q,
                       struct lus_drawing *out, struct lus_error *err)
{
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    int status = lus_steps_check(steps, err);
    if (status == LUS_OK && q->annotation && q->annotation[0] != 't' &&
        lus_steps_count_strata(steps) != 2)
        status = lus_fail(err, LUS_EUSAGE,
                          "--annotate %s is of two curves, not of %zu; --where chooses",
                          q->annotation, lus_steps_count_strata(steps));
    if (status == LUS_OK) status = check_quoted(steps, err);
    return lus_steps_finish(steps, status, draw_survival, out, err);
}
