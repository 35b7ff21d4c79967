/* Survival at a horizon by a number, such as the year of diagnosis. Of the table `rates`. */
#include <math.h>
#include <stdlib.h>

#include "lustrum/estimate.h"
#include "present/chart/form.h"
#include "support/memory.h"
#include "support/number.h"

struct sheet {
    struct lus_document *doc;
    const struct lus_table *t;
    struct lus_drawing *d;
    double *x, from, span; /* x by row */
};

static int read_numbers(struct sheet *s, struct lus_error *err)
{
    double to = -INFINITY;
    s->from = INFINITY;
    for (size_t i = 0; i < s->t->n_rows; i++) {
        const char *level = s->t->cells[i * s->t->n_columns].text;
        if (lus_number_parse(level, strlen(level), &s->x[i]) != LUS_NUMBER_OK)
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: \"%s\" is no number; a trend is by a number, such as the year",
                            s->doc->file, s->t->columns[0].name, level);
        s->from = fmin(s->from, s->x[i]), to = fmax(to, s->x[i]);
    }
    s->span = to > s->from ? to - s->from : 1;
    return LUS_OK;
}

static void add_point(struct sheet *s, size_t row, bool is_labelled)
{
    const struct lus_cell *rate = lus_chart_cell(s->t, row, "survival");
    const char *level = s->t->cells[row * s->t->n_columns].text;
    double survival = rate->number, low = lus_chart_number(s->t, row, "conf_low"),
           high = lus_chart_number(s->t, row, "conf_high");
    bool is_few = lus_chart_is_few(lus_chart_cell(s->t, row, "at_risk"));
    if (!isnan(survival))
        lus_string_print(lus_drawing_file(s->d, is_few ? "few.dat" : "data.dat"),
                         "%.10g\t%.10g\t%.10g\t%.10g\n", s->x[row], survival,
                         isnan(low) ? survival : low, isnan(high) ? survival : high);
    if (is_labelled) {
        lus_drawing_label(lus_drawing_file(s->d, "levels.dat"), s->x[row], 0, level);
        lus_drawing_label(lus_drawing_file(s->d, is_few ? "few_counts.dat" : "counts.dat"),
                          s->x[row], 0,
                          lus_chart_count_text(s->doc, lus_chart_cell(s->t, row, "n")));
    }
    s->d->summary =
        isnan(survival)
            ? lus_document_text(s->doc, "%s %s: %s.", s->d->summary, level, lus_chart_absence(rate))
            : lus_document_text(s->doc, "%s %s: %.1f %%.", s->d->summary, level, 100 * survival);
}

static void begin(struct sheet *s, const struct lus_chart_request *q)
{
    static const char *const files[] = {"data.dat",     "few.dat",    "title.dat",     "levels.dat",
                                        "subtitle.dat", "counts.dat", "few_counts.dat"};
    struct lus_document *doc = s->doc;
    struct lus_drawing *d = s->d;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    d->template = lus_template_trend;
    lus_string_print(&d->settings, "FROM = %.10g\nSPAN = %.10g\n", s->from, s->span);
    lus_chart_set_title(d, doc, q);
    const char *subtitle = lus_document_text(
        doc, "%s; %g %% intervals (%s)",
        lus_chart_subject(
            doc, lus_document_text(doc, "Alive at %s", lus_chart_cell(s->t, 0, "time")->text), s->t,
            lus_chart_analysed(doc)),
        100 * doc->conf_level, doc->transform);
    d->summary = lus_document_text(doc, "%s.", subtitle);
    lus_drawing_text(lus_drawing_file(d, "title.dat"), d->title);
    lus_drawing_text(lus_drawing_file(d, "subtitle.dat"), subtitle);
}

int lus_chart_trend(struct lus_document *d, const struct lus_chart_request *q,
                    struct lus_drawing *out, struct lus_error *err)
{
    struct sheet s = {.doc = d, .t = lus_document_find(d, "rates"), .d = out};
    if (lus_chart_n_keys(s.t) != 1)
        return lus_fail(err, LUS_EUSAGE, "plot trend takes one number column: --by year");
    if (!(s.x = lus_alloc(s.t->n_rows, sizeof *s.x))) return lus_fail_memory(err);
    int status = read_numbers(&s, err);
    if (status == LUS_OK) {
        begin(&s, q);
        size_t every = (s.t->n_rows + 11) / 12; /* labels that fit side by side */
        for (size_t i = 0; i < s.t->n_rows; i++)
            add_point(&s, i, i % every == 0);
    }
    free(s.x);
    return status;
}
