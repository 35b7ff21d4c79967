/* lustrum plot context: every quoted figure beside the data's estimate and interval, grouped by
 * document, verdicts in words; published figures as a range behind them. */
#include <math.h>
#include <stdlib.h>

#include "command/comparison.h"
#include "command/plot_dots.h"

static const double LEFT = -1.32, RIGHT = 2.02;

/* Figures of studies are a range behind those that documents quote. */
static bool is_published(const struct lus_figure *f)
{
    return !f->document;
}

static bool has_row(const struct lus_comparison *x, const struct lus_answer *a, bool any_document)
{
    (void)x;
    return a->figure->statistic != LUS_STATISTIC_NOTE && !(any_document && is_published(a->figure));
}

static const char *label_of(struct lus_comparison *x, const struct lus_figure *f)
{
    struct lus_document *d = &x->r->document;
    const char *what =
        f->statistic == LUS_STATISTIC_SURVIVAL
            ? lus_document_text(d, "alive at %s", lus_time_text(x->r, f->at, LUS_YEARS))
        : f->statistic == LUS_STATISTIC_MEDIAN     ? "median"
        : f->statistic == LUS_STATISTIC_PROPORTION ? f->claim
        : f->statistic == LUS_STATISTIC_MEDIAN_OF
            ? lus_document_text(d, "median of %s", f->of)
            : lus_document_text(d, "%s at %s", f->groups[0], lus_time_text(x->r, f->at, LUS_YEARS));
    return lus_document_text(d, "%s: %s%s", what, lus_figure_text(x->r, f),
                             f->measure
                                 ? lus_document_text(d, " (%s%s)", lus_measure_name(f->measure),
                                                     f->is_presumed ? ", presumed" : "")
                                 : "");
}

static bool is_length(const struct lus_figure *f)
{
    return f->statistic == LUS_STATISTIC_MEDIAN;
}

/* In the panel's unit: shares as they are, medians in years. */
static double in_panel(const struct lus_figure *f, double value)
{
    return is_length(f)
               ? value * (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(LUS_YEARS)
               : value;
}

/* The range of published figures of the same statistic, time and group. */
static void add_range(struct lus_comparison *x, struct lus_drawing *d, const struct lus_panel *p,
                      const struct lus_figure *f, double y)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_figure *g = &x->context.figures.at[i];
        bool same_where = (!f->where && !g->where) ||
                          (f->where && g->where && strcmp(f->where, g->where) == 0);
        bool same_claim = (!f->claim && !g->claim) ||
                          (f->claim && g->claim && strcmp(f->claim, g->claim) == 0);
        if (!is_published(g) || g->statistic != f->statistic || g->at != f->at || !same_where ||
            !same_claim)
            continue;
        low = fmin(low, in_panel(g, g->value)), high = fmax(high, in_panel(g, g->value));
    }
    if (low <= high) lus_dots_range(d, p, y, low, high);
}

static void add_row(struct lus_comparison *x, struct lus_drawing *d, const struct lus_panel *shares,
                    const struct lus_panel *lengths, const struct lus_answer *a, double y,
                    bool any_document)
{
    const struct lus_figure *f = a->figure;
    const struct lus_panel *p = is_length(f) ? lengths : shares;
    bool has_place = f->statistic == LUS_STATISTIC_SURVIVAL ||
                     f->statistic == LUS_STATISTIC_PROPORTION || is_length(f),
         is_few = a->data.at_risk < LUS_FEW;
    const char *label = label_of(x, f);
    struct lus_document *doc = &x->r->document;
    lus_drawing_label(lus_drawing_file(d, "left.dat"), LEFT + 0.05, -y,
                      lus_dots_cut(x->r, label, 58));
    if (has_place && any_document) add_range(x, d, p, f, y);
    bool has_interval = !x->context.is_synthetic;
    if (has_place && !isnan(a->data.value))
        lus_dots_data(d, p, y, in_panel(f, a->data.value),
                      has_interval ? in_panel(f, a->data.low) : NAN,
                      has_interval ? in_panel(f, a->data.high) : NAN, is_few);
    if (has_place && !f->is_survivors)
        lus_dots_figure(d, p, y, in_panel(f, f->value), in_panel(f, f->low), in_panel(f, f->high));
    const char *data = isnan(a->data.value)
                           ? ""
                           : lus_document_text(doc,
                                               "data %s: ", lus_value_text(x->r, f, a->data.value));
    bool has_reason = a->verdict == LUS_NOT_COMPARABLE && a->brief;
    const char *text = lus_document_text(doc, "%s%s%s%s", data, lus_verdict_text(a->verdict),
                                         has_reason ? ": " : "", has_reason ? a->brief : "");
    lus_drawing_label(
        lus_drawing_file(d, a->verdict == LUS_NOT_COMPARABLE ? "pale.dat" : "left.dat"), 1.04, -y,
        lus_dots_cut(x->r, text, 44));
    d->summary = lus_document_text(doc, "%s %s, %s: %s.", d->summary, f->id, label, text);
}

static double count_rows(const struct lus_comparison *x, bool any_document, double *longest)
{
    const char *before = "";
    double n = 0;
    *longest = 1;
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_answer *a = &x->context.answers[i];
        if (is_length(a->figure)) {
            *longest = fmax(*longest, in_panel(a->figure, a->figure->high));
            *longest = fmax(*longest,
                            isnan(a->data.high)
                                ? isnan(a->data.value) ? 0 : in_panel(a->figure, a->data.value)
                                : in_panel(a->figure, a->data.high));
        }
        if (!has_row(x, a, any_document)) continue;
        const char *group = a->figure->document ? a->figure->document : "";
        if (strcmp(group, before) != 0) n += 1.2, before = group;
        n++;
    }
    return n;
}

static int draw(struct lus_comparison *x, struct lus_error *err)
{
    struct lus_document *doc = &x->r->document;
    bool any_document = false;
    double longest;
    for (size_t i = 0; i < x->context.figures.n; i++)
        any_document |= x->context.figures.at[i].document != NULL;
    double n_rows = count_rows(x, any_document, &longest), y = 0.3;
    if (n_rows > 90)
        return lus_fail(err, LUS_EUSAGE, "a chart shows at most 90 figures; choose a file");
    if (!(n_rows > 0)) return lus_fail(err, LUS_EDATA, "the files have no figure with a number");
    struct lus_drawing *d = lus_dots_begin(x->o, x->r, n_rows + 2.2, LEFT, RIGHT, 1240);
    if (!d) return lus_fail_memory(err);
    struct lus_panel shares = {0, 1, 1, true}, lengths = {0, 1, lus_round_up(longest), false};
    const struct lus_tally *t = &x->tally;
    const char *title = x->o->title ? x->o->title : t->title ? t->title : t->file;
    d->title = lus_document_text(doc, "Quoted figures beside the data: %s%s", title,
                                 x->context.is_synthetic ? " (SYNTHETIC)" : "");
    d->is_synthetic = x->context.is_synthetic;
    const char *subtitle = lus_document_text(
        doc, "%s%sn = %llu; %s%s; years for medians on the same line, 0 to %g",
        t->origin ? "from " : "", t->origin ? lus_document_text(doc, "%s; ", t->origin) : "",
        (unsigned long long)t->n_analysed,
        x->context.is_synthetic
            ? "no interval: made by a model"
            : lus_document_text(doc, "%g %% intervals", 100 * x->fitting.conf.level),
        t->has_entry ? ", delayed entry" : "", lengths.most);
    d->summary = lus_document_text(doc, "%s.", subtitle);
    lus_dots_title(d, LEFT, d->title, subtitle);
    lus_dots_axis(x->r, d, &shares, 0, n_rows, "share, or median in years below");
    for (int i = 0; i <= 4; i++)
        lus_drawing_label(
            lus_drawing_file(d, "centre.dat"), 0.25 * i, -n_rows - 0.1,
            lus_document_text(doc, "%.3g %s", lengths.most * i / 4, i ? "y" : "years"));
    const char *before = "";
    for (size_t i = 0; i < x->context.figures.n; i++) {
        const struct lus_answer *a = &x->context.answers[i];
        if (!has_row(x, a, any_document)) continue;
        const char *group = a->figure->document ? a->figure->document : "";
        if (strcmp(group, before) != 0) {
            lus_drawing_label(lus_drawing_file(d, "heads.dat"), LEFT + 0.01, -y - 0.1,
                              lus_dots_cut(x->r, a->figure->title ? a->figure->title : group, 62));
            y += 1.2, before = group;
        }
        add_row(x, d, &shares, &lengths, a, y, any_document);
        y++;
    }
    lus_drawing_label(
        lus_drawing_file(d, "left.dat"), LEFT + 0.01, -n_rows - 1.2,
        lus_document_text(doc, "diamond: the figure with its rounding band; dot: the data%s%s",
                          x->context.is_synthetic ? "" : " with its interval",
                          any_document ? "; grey: published figures" : ""));
    lus_add_selection(x->r, &x->tally);
    return LUS_OK;
}

int lus_plot_context(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_comparison x;
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE,
                        "--suppress cannot protect groups of figures, which overlap");
    int status = lus_comparison_read(o, r, &x, err);
    if (status == LUS_OK) status = draw(&x, err);
    lus_comparison_free(&x);
    return status;
}
