/* lustrum plot trend: survival at a horizon by a number column, such as the year of diagnosis. */
#include <math.h>
#include <stdlib.h>

#include "command/plot.h"
#include "command/suppress.h"
#include "support/number.h"

static const char *const files[] = {"grid.dat",  "data.dat",     "few.dat",
                                    "title.dat", "subtitle.dat", "left.dat",
                                    "right.dat", "centre.dat",   "pale.dat"};

static int numbers_of(const struct lus_tally *t, double *x, double *from, double *to,
                      struct lus_error *err)
{
    *from = INFINITY, *to = -INFINITY;
    if (t->n_by != 1)
        return lus_fail(err, LUS_EUSAGE, "plot trend takes one number column: --by year");
    for (size_t i = 0; i < t->n_strata; i++) {
        const char *level = t->strata[i].levels[0];
        if (!level || lus_number_parse(level, strlen(level), &x[i]) != LUS_NUMBER_OK)
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: \"%s\" is no number; a trend is by a number, such as the year",
                            t->file, t->keys[0], level ? level : "missing");
        *from = fmin(*from, x[i]), *to = fmax(*to, x[i]);
    }
    return LUS_OK;
}

static int add_point(struct lus_drawing *d, struct lus_result *r, const struct lus_fitting *f,
                     const struct lus_stratum *s, lus_time at, double x, bool is_labelled,
                     struct lus_error *err)
{
    struct lus_fit fit;
    LUS_TRY(lus_fit(f, &s->table, &fit, err));
    struct lus_point p = lus_curve_at(&fit.curve, at, &f->conf);
    bool is_few = lus_at_risk(fit.table, at) < LUS_FEW;
    if (!isnan(p.survival))
        lus_string_print(lus_drawing_file(d, is_few ? "few.dat" : "data.dat"),
                         "%.10g\t%.10g\t%.10g\t%.10g\n", x, p.survival,
                         isnan(p.low) ? p.survival : p.low, isnan(p.high) ? p.survival : p.high);
    if (is_labelled) {
        lus_drawing_label(lus_drawing_file(d, "centre.dat"), x, -0.045, s->levels[0]);
        lus_drawing_label(lus_drawing_file(d, is_few ? "pale.dat" : "centre.dat"), x, -0.17,
                          lus_document_text(&r->document, "%.10g", s->table.total));
    }
    d->summary = lus_document_text(&r->document,
                                   isnan(p.survival) ? "%s %s: not available." : "%s %s: %.1f %%.",
                                   d->summary, s->levels[0], 100 * p.survival);
    lus_fit_free(&fit);
    return LUS_OK;
}

static int draw(const struct lus_options *o, struct lus_result *r, const struct lus_tally *t,
                const double *x, double from, double to, struct lus_error *err)
{
    struct lus_document *doc = &r->document;
    struct lus_fitting f;
    struct lus_horizon *h;
    size_t n;
    LUS_TRY(lus_fitting_of(o, t, &f, err));
    LUS_TRY(lus_horizons_of(r, "--at", o->at ? o->at : "5y", t->unit, &h, &n, err));
    struct lus_horizon at = h[0];
    free(h);
    struct lus_drawing *d = r->drawing = lus_alloc_zeroed(1, sizeof *d);
    if (!d) return lus_fail_memory(err);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    double span = to > from ? to - from : 1, left = from - 0.13 * span, right = to + 0.06 * span;
    d->template = lus_template_trend, d->keep_script = o->keep_script, d->width = 860,
    d->height = 560;
    lus_string_print(&d->settings, "LEFT = %.10g\nRIGHT = %.10g\n", left, right);
    const char *title = o->title ? o->title : t->title ? t->title : t->file;
    d->title = lus_document_text(doc, "%s%s", title, t->is_synthetic ? " (SYNTHETIC)" : "");
    d->is_synthetic = t->is_synthetic;
    const char *subtitle = lus_document_text(
        doc, "Alive at %s%s%s by %s; n = %llu; %g %% intervals (%s)", at.text,
        t->origin ? " from " : "", t->origin ? t->origin : "", t->labels[0],
        (unsigned long long)t->n_analysed, 100 * f.conf.level,
        lus_transform_name(f.conf.transform));
    d->summary = lus_document_text(doc, "%s.", subtitle);
    lus_drawing_label(lus_drawing_file(d, "title.dat"), left, 1.2, d->title);
    lus_drawing_label(lus_drawing_file(d, "subtitle.dat"), left, 1.12, subtitle);
    lus_drawing_label(lus_drawing_file(d, "left.dat"), left, -0.17, "n");
    for (int i = 0; i <= 5; i++) {
        lus_string_print(lus_drawing_file(d, "grid.dat"), "%.10g\t%.10g\t%.10g\n",
                         from - 0.04 * span, 0.2 * i, 1.08 * span);
        lus_drawing_label(lus_drawing_file(d, "right.dat"), from - 0.05 * span, 0.2 * i,
                          lus_document_text(doc, "%d %%", 20 * i));
    }
    size_t every = (t->n_strata + 11) / 12;
    for (size_t i = 0; i < t->n_strata; i++)
        LUS_TRY(add_point(d, r, &f, &t->strata[i], at.time, x[i], i % every == 0, err));
    return LUS_OK;
}

int lus_plot_trend(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    double from, to, *x = NULL;
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress goes with plot curve and with tables");
    LUS_TRY(lus_query_of(o, &query, err));
    int status = lus_read(&query, &tally, r, err);
    if (status == LUS_OK && !(x = lus_alloc(tally.n_strata, sizeof *x)))
        status = lus_fail_memory(err);
    if (status == LUS_OK) status = numbers_of(&tally, x, &from, &to, err);
    if (status == LUS_OK) status = draw(o, r, &tally, x, from, to, err);
    if (status == LUS_OK) lus_add_selection(r, &tally);
    free(x);
    lus_tally_free(&tally);
    return status;
}
