/* Net survival by stratum and period, of one stratum with observed and expected survival beside it;
 * and the shares who have died of the cancer and of other causes, one area upon the other. Of the
 * tables `curve`, `at_risk`, `net` and `crude`. */
#include <math.h>

#include "lustrum/estimate.h"
#include "present/chart/steps.h"

/* Net survival may pass 1 without bound; the chart ends a little above it. */
static const double TOP = 1.03;

static bool cut_at_top(struct lus_series *s)
{
    bool is_cut = false;
    for (size_t i = 0; i < s->n; i++) {
        is_cut |= s->y[i] > TOP;
        s->y[i] = fmin(s->y[i], TOP);
        if (!isnan(s->low[i])) s->low[i] = fmin(s->low[i], TOP), s->high[i] = fmin(s->high[i], TOP);
    }
    return is_cut;
}

/* One of the estimates of a stratum. */
static int add_curve(struct lus_steps *steps, size_t stratum, const struct lus_series_form *form,
                     const char *label, bool has_numbers, bool *is_cut)
{
    const struct lus_table *t = lus_document_find(steps->d, "curve");
    struct lus_rows_of_curve rows = lus_steps_rows(steps, t, stratum * steps->n_tics);
    struct lus_series *s = lus_steps_add(steps, label,
                                         has_numbers ? stratum * steps->n_tics : SIZE_MAX);
    LUS_TRY(lus_steps_read(steps, t, rows, form, s));
    if (has_numbers) s->few_from = lus_steps_few_from(steps, t, rows);
    if (!steps->is_stacked) *is_cut |= cut_at_top(s);
    return LUS_OK;
}

static const char *name_of(const struct lus_steps *steps, size_t stratum)
{
    return lus_chart_row_name(steps->d, steps->at_risk, stratum * steps->n_tics);
}

static const char *net_words(struct lus_document *d, const char *name, const struct lus_table *t,
                             size_t row)
{
    const struct lus_cell *net = lus_chart_cell(t, row, "survival");
    if (isnan(net->number))
        return lus_document_text(d, "%s: %s at 5 years.", name, lus_chart_absence(net));
    return lus_document_text(
        d,
        "%s: at 5 years net survival is %.1f %% (%.1f to %.1f), observed %.1f %%, expected of the "
        "population %.1f %%.",
        name, 100 * net->number, 100 * lus_chart_number(t, row, "conf_low"),
        100 * lus_chart_number(t, row, "conf_high"),
        100 * lus_chart_number(t, row, "observed_survival"),
        100 * lus_chart_number(t, row, "expected_survival"));
}

static const char *crude_words(struct lus_document *d, const char *name, const struct lus_table *t)
{
    const struct lus_cell *cancer = lus_chart_cell(t, 0, "probability"),
                          *other = lus_chart_cell(t, 1, "probability");
    if (isnan(cancer->number))
        return lus_document_text(d, "%s: %s at 5 years.", name, lus_chart_absence(cancer));
    return lus_document_text(
        d, "%s: by 5 years %.1f %% have died of the cancer and %.1f %% of other causes.", name,
        100 * cancer->number, 100 * other->number);
}

/* "Pohar Perme net survival from primary surgery by grade, period 1985-1989; n = 10; ..." */
static const char *subtitle_of(struct lus_document *d, const char *what, const struct lus_table *t,
                               const char *rest)
{
    size_t n_keys = lus_chart_n_keys(t);
    double n = lus_chart_analysed(d);
    bool by_period = n_keys && strcmp(t->columns[n_keys - 1].name, "period") == 0;
    return lus_document_text(
        d, "%s%s%s; %s", lus_chart_subject(d, what, t, NAN),
        d->period && !by_period ? lus_document_text(d, ", period %s", d->period) : "",
        isnan(n) ? "" : lus_document_text(d, "; %s", lus_chart_n(d, n)), rest);
}

static int draw_net(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form net = {"survival", "conf_low", "conf_high", NULL},
                                        observed = {"observed_survival", NULL, NULL, NULL},
                                        expected = {"expected_survival", NULL, NULL, NULL};
    struct lus_document *d = steps->d;
    const struct lus_table *t = lus_document_find(d, "net");
    size_t n = lus_steps_count_strata(steps);
    bool is_cut = false;
    steps->has_bands = true;
    steps->y_label = d->is_relative ? "Alive, relative to the population"
                                    : "Alive, had there been no other causes of death";
    steps->subtitle = subtitle_of(
        d, d->estimator, steps->at_risk,
        lus_document_text(d, "%g %% bands (%s)", 100 * d->conf_level, d->transform));
    out->summary = lus_document_text(d, "%s.", steps->subtitle);
    for (size_t i = 0; i < n; i++) {
        const char *name = name_of(steps, i), *alone = d->is_relative ? "relative" : "net";
        LUS_TRY(add_curve(steps, i, &net, n == 1 ? alone : name, true, &is_cut));
        out->summary = lus_document_text(d, "%s %s", out->summary, net_words(d, name, t, i));
    }
    if (n == 1) LUS_TRY(add_curve(steps, 0, &observed, "observed", false, &is_cut));
    if (n == 1) LUS_TRY(add_curve(steps, 0, &expected, "population", false, &is_cut));
    if (is_cut)
        lus_document_note(d, lus_of_method(),
                          "Net survival passes 100 %%: the chart cuts it off there; lustrum net "
                          "--curve shows it as estimated.");
    return LUS_OK;
}

static int draw_crude(struct lus_steps *steps, struct lus_drawing *out)
{
    static const struct lus_series_form cancer = {"crude_cancer", NULL, NULL, NULL},
                                        other = {"crude_other", NULL, NULL, "crude_cancer"};
    struct lus_document *d = steps->d;
    bool is_cut = false;
    steps->start = 0, steps->is_stacked = true;
    steps->y_label = "Dead";
    steps->subtitle = subtitle_of(d, "Crude probability of death", steps->at_risk,
                                  "Ederer II type");
    out->summary = lus_document_text(
        d, "%s. %s", steps->subtitle,
        crude_words(d, name_of(steps, 0), lus_document_find(d, "crude")));
    LUS_TRY(add_curve(steps, 0, &cancer, "of the cancer", true, &is_cut));
    return add_curve(steps, 0, &other, "of other causes", false, &is_cut);
}

int lus_chart_net(struct lus_document *d, const struct lus_chart_request *q,
                  struct lus_drawing *out, struct lus_error *err)
{
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    return lus_steps_finish(steps, lus_steps_check(steps, err), draw_net, out, err);
}

int lus_chart_crude(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    struct lus_steps *steps = lus_steps_begin(d, q);
    if (!steps) return lus_fail_memory(err);
    int status = lus_steps_count_strata(steps) == 1
                     ? LUS_OK
                     : lus_fail(err, LUS_EUSAGE,
                                "crude probabilities are drawn of one stratum; choose it with "
                                "--where");
    return lus_steps_finish(steps, status, draw_crude, out, err);
}
