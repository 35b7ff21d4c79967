/* lustrum plot heatmap: survival by two factors, a cell each. lustrum plot icons: of a hundred such
 * people, how many live at a time, two groups side by side. lustrum plot timeline: the same hundred
 * at several times. Shares of people only, never relative survival. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/net_analysis.h"
#include "command/plot.h"
#include "command/plot_dots.h"
#include "command/suppress.h"
#include "support/calendar.h"

/* A sheet in units of so many pixels, as wide as its subtitle needs. */
static struct lus_drawing *begin(const struct lus_options *o, struct lus_result *r, double left,
                                 double right, double top, double bottom, double pixels,
                                 const char *subtitle)
{
    const double CHARACTER = 8.2;
    right = fmax(right,
                 left + 0.4 +
                     CHARACTER * (double)lus_utf8_width(subtitle, strlen(subtitle)) / pixels);
    static const char *const files[] = {"heat.dat",     "grey.dat", "people.dat", "title.dat",
                                        "subtitle.dat", "left.dat", "right.dat",  "centre.dat",
                                        "light.dat",    "pale.dat"};
    struct lus_drawing *d = r->drawing = lus_alloc_zeroed(1, sizeof *d);
    if (!d) return NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)lus_drawing_file(d, files[i]);
    d->template = lus_template_cells;
    d->keep_script = o->keep_script;
    d->width = (right - left) * pixels;
    d->height = (top - bottom) * pixels;
    lus_string_print(&d->settings, "LEFT = %.10g\nRIGHT = %.10g\nTOP = %.10g\nBOTTOM = %.10g\n",
                     left, right, top, bottom);
    return d;
}

static void set_title(struct lus_drawing *d, const struct lus_options *o, struct lus_result *r,
                      const struct lus_tally *t, double left, double top, double line,
                      const char *subtitle)
{
    const char *title = o->title ? o->title : t->title ? t->title : t->file;
    d->title = lus_document_text(&r->document, "%s%s", title,
                                 t->is_synthetic ? " (SYNTHETIC)" : "");
    d->is_synthetic = t->is_synthetic;
    d->summary = lus_document_text(&r->document, "%s.", subtitle);
    lus_drawing_label(lus_drawing_file(d, "title.dat"), left, top - line, d->title);
    lus_drawing_label(lus_drawing_file(d, "subtitle.dat"), left, top - 2.1 * line, subtitle);
}

/* --- heat map --- */

/* The distinct levels of one by-key, in the order of the strata. */
static size_t levels_of(const struct lus_tally *t, size_t key, const char **out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_strata; i++) {
        const char *level = t->strata[i].levels[key] ? t->strata[i].levels[key] : "missing";
        bool seen = false;
        for (size_t k = 0; k < n && !seen; k++)
            seen = strcmp(out[k], level) == 0;
        if (!seen && n < most) out[n++] = level;
    }
    return n;
}

/* Sorts places: levels of the second key come in the order of the first stratum that has them,
 * which may lack some. */
static int by_place(const void *a, const void *b, void *tally)
{
    const struct lus_tally *t = tally;
    const char *const *x = a, *const *y = b;
    long p = -1, q = -1;
    for (size_t i = 0; i < t->n_strata; i++) {
        const char *level = t->strata[i].levels[1] ? t->strata[i].levels[1] : "missing";
        if (strcmp(level, *x) == 0) p = t->strata[i].places[1];
        if (strcmp(level, *y) == 0) q = t->strata[i].places[1];
    }
    if (p != q && p >= 0 && q >= 0) return p < q ? -1 : 1;
    return lus_text_order(lus_text_of(*x), lus_text_of(*y));
}

static size_t place_of(const char *const *levels, size_t n, const char *level)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(levels[i], level ? level : "missing") == 0) return i;
    return 0;
}

static int add_heat(struct lus_drawing *d, struct lus_result *r, const struct lus_tally *t,
                    const struct lus_fitting *f, const struct lus_stratum *s, lus_time at, double x,
                    double y, struct lus_error *err)
{
    struct lus_fit fit;
    LUS_TRY(lus_fit(f, &s->table, &fit, err));
    struct lus_point p = lus_curve_at(&fit.curve, at, &f->conf);
    double at_risk = lus_at_risk(fit.table, at);
    bool is_pale = isnan(p.survival) || at_risk < LUS_FEW;
    const char *file = is_pale ? "pale.dat" : p.survival > 0.5 ? "light.dat" : "centre.dat";
    const char *rate = isnan(p.survival)
                           ? "–"
                           : lus_document_text(&r->document, "%.1f %%", 100 * p.survival);
    lus_string_print(lus_drawing_file(d, is_pale ? "grey.dat" : "heat.dat"),
                     "%.10g\t%.10g\t%.10g\n", x, y, is_pale ? 0 : p.survival);
    lus_drawing_label(lus_drawing_file(d, file), x, y + 0.16, rate);
    lus_drawing_label(lus_drawing_file(d, file), x, y - 0.18,
                      lus_document_text(&r->document, "n %.10g", s->table.total));
    d->summary = lus_document_text(&r->document, "%s %s: %s, n %.10g.", d->summary,
                                   lus_stratum_name(r, t, s), rate, s->table.total);
    lus_fit_free(&fit);
    return LUS_OK;
}

static int draw_heatmap(const struct lus_options *o, struct lus_result *r,
                        const struct lus_tally *t, struct lus_error *err)
{
    enum { MOST = 30 };
    const char *columns[MOST], *rows[MOST];
    struct lus_document *doc = &r->document;
    struct lus_fitting f;
    struct lus_horizon *h;
    size_t n_horizons;
    if (t->n_by != 2)
        return lus_fail(err, LUS_EUSAGE, "plot heatmap takes two factors: --by receptor,site_only");
    LUS_TRY(lus_fitting_of(o, t, &f, err));
    LUS_TRY(lus_horizons_of(r, "--at", o->at ? o->at : "5y", t->unit, &h, &n_horizons, err));
    struct lus_horizon at = h[0];
    free(h);
    size_t n_rows = levels_of(t, 0, rows, MOST), n_columns = levels_of(t, 1, columns, MOST);
    qsort_r(columns, n_columns, sizeof *columns, by_place, (void *)(uintptr_t)t);
    if (n_rows == MOST || n_columns > 12)
        return lus_fail(err, LUS_EUSAGE, "a heat map has at most 29 rows and 12 columns");
    double left = -2.6, top = 1.75;
    const char *subtitle = lus_document_text(
        doc, "Alive at %s%s%s by %s and %s; n = %llu; grey: fewer than %d at risk", at.text,
        t->origin ? " from " : "", t->origin ? t->origin : "", t->labels[0], t->labels[1],
        (unsigned long long)t->n_analysed, LUS_FEW);
    struct lus_drawing *d = begin(o, r, left, (double)n_columns, top, -(double)n_rows - 0.1, 105,
                                  subtitle);
    if (!d) return lus_fail_memory(err);
    set_title(d, o, r, t, left + 0.1, top, 0.33, subtitle);
    for (size_t k = 0; k < n_columns; k++)
        lus_drawing_label(lus_drawing_file(d, "centre.dat"), (double)k + 0.5, 0.3,
                          lus_dots_cut(r, columns[k], 13));
    for (size_t k = 0; k < n_rows; k++)
        lus_drawing_label(lus_drawing_file(d, "right.dat"), -0.1, -(double)k - 0.5,
                          lus_dots_cut(r, rows[k], 26));
    int status = LUS_OK;
    for (size_t i = 0; i < t->n_strata && status == LUS_OK; i++) {
        const struct lus_stratum *s = &t->strata[i];
        status = add_heat(d, r, t, &f, s, at.time,
                          (double)place_of(columns, n_columns, s->levels[1]) + 0.5,
                          -(double)place_of(rows, n_rows, s->levels[0]) - 0.5, err);
    }
    return status;
}

/* --- a hundred people --- */

enum { ALIVE = 1, OF_CANCER, OF_OTHER, DEAD };

/* Whole people of a hundred that add up to a hundred: the largest remainders are rounded up. */
static void of_hundred(const double *shares, size_t n, int *people)
{
    int left = 100;
    double rest[4];
    for (size_t i = 0; i < n; i++) {
        people[i] = (int)floor(100 * shares[i] + 1e-9);
        rest[i] = 100 * shares[i] - people[i];
        left -= people[i];
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (rest[i] > rest[best]) best = i;
        people[best]++;
        rest[best] = -1;
    }
}

struct crowd {
    const char *name;
    double alive, cancer, other; /* cancer NaN: causes are not told apart */
    bool is_few;
};

/* Ten rows of ten, alive first. */
static void add_crowd(struct lus_drawing *d, struct lus_result *r, const struct crowd *c, double x,
                      const char *head)
{
    if (c->is_few) {
        lus_drawing_label(lus_drawing_file(d, "pale.dat"), x + 5, -13.2, "fewer than 10 at risk");
        lus_document_note(&r->document, lus_of_method(),
                          "%s: fewer than %d at risk: read with care.", head, LUS_FEW);
    }
    struct lus_document *doc = &r->document;
    bool has_causes = !isnan(c->cancer);
    double shares[3] = {c->alive, has_causes ? fmax(0, c->cancer) : 1 - c->alive,
                        has_causes ? fmin(c->other, 1 - c->alive) : 0};
    int people[3], kinds[3] = {ALIVE, has_causes ? OF_CANCER : DEAD, OF_OTHER}, n = 0;
    if (has_causes) shares[1] = 1 - shares[0] - shares[2];
    of_hundred(shares, has_causes ? 3 : 2, people);
    for (size_t k = 0; k < (has_causes ? 3 : 2); k++)
        for (int i = 0; i < people[k]; i++, n++)
            lus_string_print(lus_drawing_file(d, "people.dat"), "%.10g\t%.10g\t%d\n",
                             x + n % 10 + 0.5, -(double)(n / 10) - 0.5, kinds[k]);
    lus_drawing_label(lus_drawing_file(d, "left.dat"), x + 0.1, 0.6, lus_dots_cut(r, head, 26));
    const char *words =
        has_causes ? lus_document_text(doc, "%d alive, %d dead of the cancer, %d of other causes",
                                       people[0], people[1], people[2])
                   : lus_document_text(doc, "%d alive, %d dead", people[0], people[1]);
    lus_drawing_label(lus_drawing_file(d, "left.dat"), x + 0.1, -10.6,
                      lus_document_text(doc, "%d alive", people[0]));
    if (has_causes)
        lus_drawing_label(lus_drawing_file(d, "left.dat"), x + 0.1, -11.4,
                          lus_document_text(doc, "%d dead of the cancer", people[1]));
    lus_drawing_label(lus_drawing_file(d, "left.dat"), x + 0.1, has_causes ? -12.2 : -11.4,
                      has_causes ? lus_document_text(doc, "%d dead of other causes", people[2])
                                 : lus_document_text(doc, "%d dead", people[1]));
    d->summary = lus_document_text(doc, "%s %s: of 100, %s.", d->summary, head, words);
}

/* Shares of a stratum at a time: overall survival; with a life table crude probabilities too. */
static int count_crowd(struct lus_net_analysis *net, const struct lus_tally *t,
                       const struct lus_fitting *f, size_t stratum, lus_time at, struct crowd *out,
                       struct lus_error *err)
{
    struct lus_fit fit;
    LUS_TRY(lus_fit(f, &t->strata[stratum].table, &fit, err));
    out->alive = lus_curve_at(&fit.curve, at, &f->conf).survival;
    out->cancer = out->other = NAN;
    out->is_few = lus_at_risk(fit.table, at) < LUS_FEW;
    lus_fit_free(&fit);
    if (isnan(out->alive))
        return lus_fail(err, LUS_EDATA,
                        "%s: survival is not available so late; choose an earlier --at", t->file);
    if (!net) return LUS_OK;
    struct lus_net estimate;
    struct lus_net_query q = net->query;
    q.at = &at, q.n_at = 1, q.until = at;
    LUS_TRY(lus_net_estimate(&q, &t->strata[stratum].persons, &estimate, err));
    struct lus_net_point p = lus_net_at(&estimate, at, &f->conf);
    if (p.why == LUS_AVAILABLE)
        out->alive = p.observed, out->cancer = p.cancer, out->other = p.other;
    lus_net_free(&estimate);
    return LUS_OK;
}

/* "1978", "1978 to 1993": the years in which time began; NULL where no dates were read. */
static const char *years_of(struct lus_result *r, const struct lus_tally *t)
{
    lus_time first = LUS_TIME_MAX, last = -LUS_TIME_MAX, day = lus_unit_ticks(LUS_DAYS);
    for (size_t i = 0; i < t->n_strata; i++)
        for (size_t k = 0; k < t->strata[i].persons.n; k++) {
            lus_time date = lus_person_at(&t->strata[i].persons, k).date;
            first = date < first ? date : first, last = date > last ? date : last;
        }
    if (first > last) return NULL;
    int64_t from, to;
    unsigned month, of_month;
    lus_civil_from_days((int64_t)floor((double)first / (double)day), &from, &month, &of_month);
    lus_civil_from_days((int64_t)floor((double)last / (double)day), &to, &month, &of_month);
    return from == to
               ? lus_document_text(&r->document, "%lld", (long long)from)
               : lus_document_text(&r->document, "%lld to %lld", (long long)from, (long long)to);
}

/* "Of 100 such women, counted from primary surgery in 1978 to 1993; ..." */
static const char *such_people(struct lus_result *r, const char *people, const struct lus_tally *t,
                               bool has_causes)
{
    const char *years = years_of(r, t), *from = t->origin ? t->origin : "the origin";
    return lus_document_text(&r->document,
                             "Of 100 such %s, counted from %s%s%s; n = %llu; %s; figures of "
                             "populations, never advice to a person",
                             people, from, years ? " in " : "", years ? years : "",
                             (unsigned long long)t->n_analysed,
                             has_causes ? "crude probabilities of death" : "overall survival");
}

static int draw_icons(const struct lus_options *o, struct lus_result *r, const char *people,
                      struct lus_net_analysis *net, const struct lus_tally *t,
                      struct lus_error *err)
{
    struct lus_fitting f;
    struct lus_horizon *h;
    size_t n;
    struct crowd crowd;
    if (t->n_strata > 2)
        return lus_fail(err, LUS_EUSAGE,
                        "%zu strata; plot icons shows one or two side by side (--where chooses)",
                        t->n_strata);
    LUS_TRY(lus_fitting_of(o, t, &f, err));
    LUS_TRY(lus_horizons_of(r, "--at", o->at ? o->at : "5y", t->unit, &h, &n, err));
    struct lus_horizon at = h[0];
    free(h);
    double top = 4.6;
    const char *subtitle = such_people(r, people, t, net != NULL);
    struct lus_drawing *d = begin(o, r, -0.5, 12 * (double)t->n_strata, top, -13.6, 27, subtitle);
    if (!d) return lus_fail_memory(err);
    set_title(d, o, r, t, -0.3, top, 1.2, subtitle);
    for (size_t i = 0; i < t->n_strata; i++) {
        LUS_TRY(count_crowd(net, t, &f, i, at.time, &crowd, err));
        const char *name = t->n_by ? lus_dots_cut(r, lus_stratum_name(r, t, &t->strata[i]), 14)
                                   : "";
        add_crowd(
            d, r, &crowd, 13 * (double)i,
            lus_document_text(&r->document, "%s%safter %s", name, *name ? ", " : "", at.text));
    }
    return LUS_OK;
}

static int draw_timeline(const struct lus_options *o, struct lus_result *r, const char *people,
                         struct lus_net_analysis *net, const struct lus_tally *t,
                         struct lus_error *err)
{
    struct lus_fitting f;
    struct lus_horizon *h = NULL;
    size_t n = 0;
    struct crowd crowd;
    if (t->n_strata != 1)
        return lus_fail(err, LUS_EUSAGE,
                        "plot timeline shows one population; choose it with --where");
    LUS_TRY(lus_fitting_of(o, t, &f, err));
    LUS_TRY(lus_horizons_of(r, "--at", o->at ? o->at : "1y,2y,5y,10y", t->unit, &h, &n, err));
    int status = n > 6 ? lus_fail(err, LUS_EUSAGE, "plot timeline shows at most 6 times") : LUS_OK;
    double top = 4.6;
    const char *subtitle = such_people(r, people, t, net != NULL);
    struct lus_drawing *d = status == LUS_OK
                                ? begin(o, r, -0.5, 12 * (double)n, top, -13.6, 27, subtitle)
                                : NULL;
    if (status == LUS_OK && !d) status = lus_fail_memory(err);
    if (status == LUS_OK) set_title(d, o, r, t, -0.3, top, 1.2, subtitle);
    for (size_t i = 0; i < n && status == LUS_OK; i++) {
        status = count_crowd(net, t, &f, 0, h[i].time, &crowd, err);
        if (status == LUS_OK)
            add_crowd(d, r, &crowd, 12 * (double)i,
                      lus_document_text(&r->document, "after %s", h[i].text));
    }
    free(h);
    return status;
}

typedef int draw_people(const struct lus_options *o, struct lus_result *r, const char *people,
                        struct lus_net_analysis *net, const struct lus_tally *t,
                        struct lus_error *err);

/* Where the recipe has a population block the dates are read, with a life table what else it
 * asks. */
static int plot_people(const struct lus_options *o, struct lus_result *r, draw_people *draw,
                       struct lus_error *err)
{
    struct lus_net_analysis net = {0};
    struct lus_query query;
    struct lus_tally tally = {0};
    struct lus_recipe recipe;
    struct lus_options asked = *o;
    asked.at = NULL;
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress does not go with a hundred people");
    int status = lus_recipe_of(o, &recipe, err);
    const char *sex = status == LUS_OK && recipe.population.sex ? recipe.population.sex : "";
    const char *people = strcmp(sex, "female") == 0 ? "women"
                         : strcmp(sex, "male") == 0 ? "men"
                                                    : "people";
    if (status == LUS_OK && o->lifetable) {
        status = lus_net_analysis_read(&asked, r, false, &net, err);
        if (status == LUS_OK) status = draw(o, r, people, &net, &net.tally, err);
    } else if (status == LUS_OK) {
        status = lus_query_of(o, &query, err);
        if (*sex) query.demography = &lus_ages_and_dates;
        if (status == LUS_OK) status = lus_read(&query, &tally, r, err);
        if (status == LUS_OK) status = draw(o, r, people, NULL, &tally, err);
    }
    if (status == LUS_OK) lus_add_selection(r, o->lifetable ? &net.tally : &tally);
    lus_net_analysis_free(&net);
    lus_tally_free(&tally);
    lus_recipe_free(&recipe);
    return status;
}

int lus_plot_icons(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    return plot_people(o, r, draw_icons, err);
}

int lus_plot_timeline(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    return plot_people(o, r, draw_timeline, err);
}

int lus_plot_heatmap(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_query query;
    struct lus_tally tally = {0};
    if (o->suppress > 0)
        return lus_fail(err, LUS_EUSAGE, "--suppress goes with plot curve and with tables");
    LUS_TRY(lus_query_of(o, &query, err));
    int status = lus_read(&query, &tally, r, err);
    if (status == LUS_OK) status = draw_heatmap(o, r, &tally, err);
    if (status == LUS_OK) lus_add_selection(r, &tally);
    lus_tally_free(&tally);
    return status;
}
