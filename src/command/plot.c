/* lustrum plot: charts. A kind is a command, whose tables are drawn, and the form of the chart. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/comparison.h"
#include "command/option.h"

static const struct lus_option options[] = {
    TEXT("title", 0, "TEXT", title, "title (default: the recipe's, or the file's name)"),
    LIST("at", "TIME,...", at,
         "horizon of rates, heatmap, trend and icons (default: 5y); of timeline (default: "
         "1y,2y,5y,10y)"),
    TEXT("risk-table", 0, "plain|extended", risk_table,
         "below curves: at risk, or at risk, censored and events"),
    TEXT(
        "width", 0, "85mm|174mm|320px", width,
        "how wide (default: 620px to 1150px, by kind); words go below what they are of where there "
        "is no room beside"),
    TEXT("theme", 0, "screen|print|grey|dark", theme,
         "colours; an SVG for the screen (default) has no ground, and turns light on a dark page"),
    REAL("dpi", "N", dpi, "dots to the inch of a PNG (default: 192)"),
    TEXT("panels", 0, "always|never", panels,
         "of curves: one for each (default: from 5 curves on)"),
    TEXT("annotate", 0, "test|difference|rmst", annotate,
         "of curves: the log-rank test; of two, the difference of survival or of restricted means "
         "at "
         "--at"),
    TEXT("bandwidth", 0, "TIME|auto", bandwidth,
         "of hazard: of the kernel (default: auto, by the number of events)"),
    TEXT("cause", 0, "NAME", cause,
         "of incidence: the curves of one cause (default: the first; without --by all, as areas)"),
    TEXT("horizon", 0, "TIME", horizon, "of calibration"),
    TEXT("until", 0, "TIME", until,
         "end of the time axis (default: where fewer than 10 are at risk)"),
    TEXT("keep-script", 0, "DIR", keep_script,
         "keep gnuplot's script and data, which run by themselves"),
    END};
const struct lus_option_group lus_drawing_options = {"Drawing", options};

/* What goes with a kind. */
enum {
    DRAWS_FIGURES = 1, /* quoted ones, of --figures */
    LIFE_TABLE = 2,    /* --lifetable; of people: the dead are told apart by cause */
    PERIOD = 4,        /* --period, --closing: curves of net survival */
    PEOPLE = 8,        /* a hundred of them */
    HORIZONS = 16,     /* several, of --at */
    QUANTILES = 32,    /* of survival time: the tenths and quarters */
    BY_CAUSE = 64,     /* --causes, --cause */
    BY_MODEL = 128,    /* --model and what goes with it */
    ADJUSTED = 256,    /* --standardise COL, of the model */
    CALIBRATED = 512,  /* --horizon */
    OVER_TIME = 1024,  /* effects of a model over time */
    SMOOTHED = 2048,   /* --bandwidth */
    EACH = 4096        /* each factor of --by on its own */
};
struct kind {
    const char *name;
    int (*command)(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
    lus_chart_form *form;
    const char *at; /* horizons where none are asked */
    unsigned goes;
    const char *without; /* options that it does not use */
};

const char lus_plot_summary[] = "charts as SVG, PNG or PDF: curve, rates, heatmap, trend, context, "
                                "net, crude, incidence, hazard, cumulative-hazard, forest, "
                                "adjusted, proportionality, calibration, log-minus-log, icons, "
                                "timeline, spread, flow";
/* clang-format off */
#define NO_STEPS "risk-table, until, panels, annotate, bandwidth"
#define NO_TABLE "beyond, lifetable-recipe"
static const struct kind kinds[] = {
    {"curve",    lus_curve_command, lus_chart_survival, "5y",           DRAWS_FIGURES,
     "bandwidth, " NO_TABLE},
    {"rates",    lus_rates,         lus_chart_rates,    "5y",           DRAWS_FIGURES,
     NO_STEPS ", " NO_TABLE},
    {"heatmap",  lus_rates,         lus_chart_heatmap,  "5y",           0,
     "figures, conf, conf-level, " NO_STEPS ", " NO_TABLE},
    {"trend",    lus_rates,         lus_chart_trend,    "5y",           0,
     "figures, " NO_STEPS ", " NO_TABLE},
    {"context",  lus_context,       lus_chart_context,  NULL,           LIFE_TABLE,
     "at, " NO_STEPS},
    {"net",      lus_net_command,   lus_chart_net,      "5y",           LIFE_TABLE | PERIOD,
     "at, figures, annotate, bandwidth"},
    {"crude",    lus_net_command,   lus_chart_crude,    "5y",           LIFE_TABLE | PERIOD,
     "at, figures, panels, annotate, bandwidth"},
    {"incidence", lus_incidence,    lus_chart_incidence, "5y",          BY_CAUSE,
     "figures, method, interval, given, lifetable, annotate, bandwidth, " NO_TABLE},
    {"hazard",   lus_curve_command, lus_chart_hazard,   "5y",           SMOOTHED,
     "at, figures, annotate, " NO_TABLE},
    {"cumulative-hazard", lus_curve_command, lus_chart_cumulative_hazard, "5y", 0,
     "at, figures, annotate, bandwidth, " NO_TABLE},
    {"forest",   lus_cox_command,   lus_chart_forest,   NULL,           BY_CAUSE | BY_MODEL,
     "at, figures, by, method, interval, given, lifetable, " NO_STEPS ", " NO_TABLE},
    {"adjusted", lus_cox_command,   lus_chart_adjusted, "5y",           BY_MODEL | ADJUSTED,
     "figures, by, method, interval, given, lifetable, causes, cause, subdistribution, "
     "censoring-by, annotate, bandwidth, " NO_TABLE},
    {"proportionality", lus_cox_command, lus_chart_proportionality, NULL,
     BY_CAUSE | BY_MODEL | OVER_TIME,
     "at, figures, by, method, interval, given, lifetable, subdistribution, censoring-by, "
     NO_STEPS ", " NO_TABLE},
    {"calibration", lus_cox_command, lus_chart_calibration, NULL,
     BY_CAUSE | BY_MODEL | CALIBRATED,
     "at, figures, by, method, interval, given, lifetable, subdistribution, censoring-by, "
     NO_STEPS ", " NO_TABLE},
    {"log-minus-log", lus_curve_command, lus_chart_log_minus_log, "5y", 0,
     "at, figures, " NO_STEPS ", " NO_TABLE},
    {"icons",    lus_rates,         lus_chart_icons,    "5y",           LIFE_TABLE | PEOPLE,
     "figures, conf, conf-level, " NO_STEPS},
    {"timeline", lus_rates,         lus_chart_timeline, "1y,2y,5y,10y",
     LIFE_TABLE | PEOPLE | HORIZONS, "figures, conf, conf-level, " NO_STEPS},
    {"spread",   lus_rates,         lus_chart_spread,   "5y",           QUANTILES,
     "at, figures, conf, conf-level, " NO_STEPS ", " NO_TABLE},
    {"flow",     lus_rates,         lus_chart_flow,     "5y",           0,
     "at, figures, conf, conf-level, by, method, interval, given, " NO_STEPS ", " NO_TABLE},
};
/* a forest without a model */
static const struct kind forest_of_rates =
    {"forest",   lus_rates,         lus_chart_rates,    "5y",           DRAWS_FIGURES | EACH,
     NO_STEPS ", " NO_TABLE};
/* clang-format on */
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static int find_kind(const char *name, const struct kind **out, struct lus_error *err)
{
    struct lus_string said = {0};
    for (size_t i = 0; name && i < N_KINDS; i++)
        if (strcmp(name, kinds[i].name) == 0) {
            *out = &kinds[i];
            return LUS_OK;
        }
    const char *names[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++)
        names[i] = kinds[i].name;
    const char *near = name ? lus_nearest(lus_text_of(name), names, N_KINDS) : NULL;
    lus_string_put(&said, "plot draws a KIND, one of: ");
    for (size_t i = 0; i < N_KINDS; i++)
        lus_string_print(&said, "%s%s", i ? ", " : "", names[i]);
    if (near) lus_string_print(&said, "; did you mean \"%s\"?", near);
    else lus_string_put(&said, " (lustrum plot curve FILE -o chart.svg)");
    return lus_fail_string(err, LUS_EUSAGE, &said);
}

static int check_options(const struct lus_options *o, const struct kind *kind,
                         struct lus_error *err)
{
    if (!o->output)
        return lus_fail(
            err, LUS_EUSAGE,
            "plot writes a chart to -o FILE, whose ending says the format: .svg, .png or .pdf");
    LUS_TRY(lus_chart_check_path(o->output, err));
    char who[64];
    (void)snprintf(who, sizeof who, "plot %s", kind->name);
    LUS_TRY(lus_refuse_options(lus_command_find("plot"), o, kind->without, who, err));
    if (o->lifetable && !(kind->goes & LIFE_TABLE))
        return lus_fail(err, LUS_EUSAGE,
                        "--lifetable goes with plot net, crude, context, icons and timeline");
    if ((o->causes || o->cause) && !(kind->goes & BY_CAUSE))
        return lus_fail(err, LUS_EUSAGE, "--causes and --cause go with plot incidence and forest");
    bool has_model = o->model || o->ties || o->robust || o->subdistribution || o->censoring_by ||
                     o->firth;
    if (has_model && !(kind->goes & BY_MODEL))
        return lus_fail(
            err, LUS_EUSAGE,
            "--model, --ties, --subdistribution, --censoring-by, --firth and --robust go with "
            "plot forest, adjusted, proportionality and calibration");
    if ((o->period || o->closing) && !(kind->goes & PERIOD))
        return lus_fail(err, LUS_EUSAGE, "--period and --closing go with plot net and plot crude");
    if (o->standardise && !(kind->goes & (PERIOD | ADJUSTED)))
        return lus_fail(err, LUS_EUSAGE,
                        "--standardise goes with plot net, plot crude and plot adjusted");
    if ((kind->goes & ADJUSTED) && !o->standardise)
        return lus_fail(err, LUS_EUSAGE, "plot adjusted wants --standardise COL");
    if (o->horizon && !(kind->goes & CALIBRATED))
        return lus_fail(err, LUS_EUSAGE, "--horizon goes with plot calibration");
    if ((kind->goes & CALIBRATED) && !o->horizon)
        return lus_fail(err, LUS_EUSAGE, "plot calibration wants --horizon TIME");
    if (o->standardise && !(kind->goes & ADJUSTED))
        return lus_fail(
            err, LUS_EUSAGE,
            "a standardised curve is not drawn; lustrum net --standardise tabulates it");
    if (o->risk_table && strcmp(o->risk_table, "extended") != 0 &&
        strcmp(o->risk_table, "plain") != 0)
        return lus_fail(err, LUS_EUSAGE, "--risk-table is plain or extended, not \"%s\"",
                        o->risk_table);
    if (o->at && strchr(o->at, ',') && !(kind->goes & HORIZONS))
        return lus_fail(err, LUS_EUSAGE, "plot %s draws one horizon, --at 5y", kind->name);
    return LUS_OK;
}

/* Figures of everybody that are survival at a time or a median: points and lines on curves and
 * rates. The caller frees them. */
static int list_quoted(const struct lus_options *o, struct lus_result *r,
                       struct lus_chart_request *q, struct lus_error *err)
{
    struct lus_figures figures;
    enum lus_unit unit = r->document.unit;
    if (!o->figures) return LUS_OK;
    LUS_TRY(lus_figures_named(o->figures, &figures, err));
    struct lus_quoted *quoted = lus_alloc(figures.n, sizeof *quoted);
    for (size_t i = 0; quoted && i < figures.n; i++) {
        const struct lus_figure *f = &figures.at[i];
        bool is_median = f->statistic == LUS_STATISTIC_MEDIAN;
        if (!lus_figure_is_of_curve(f, r->document.measure, r->document.origin)) continue;
        double scale = is_median ? (double)lus_unit_ticks(f->unit) / (double)lus_unit_ticks(unit)
                                 : 1;
        quoted[q->n_quoted++] = (struct lus_quoted){is_median, lus_time_in(f->at, unit),
                                                    scale * f->value, lus_figure_label(r, f)};
    }
    q->quoted = quoted;
    if (q->n_quoted < figures.n)
        lus_document_note(&r->document, lus_of_method(),
                          "Of %zu figures %zu are drawn: those of this measure, counted from this "
                          "origin, of everybody (lustrum context compares the others).",
                          figures.n, q->n_quoted);
    lus_figures_free(&figures);
    return quoted ? LUS_OK : lus_fail_memory(err);
}

/* 85mm, 320px or 320. */
static int parse_width(const char *text, double *out, struct lus_error *err)
{
    enum { LEAST = 280, MOST = 4000 };
    static const double PIXELS_OF_MM = 96 / 25.4;
    char *end;
    double width = strtod(text, &end);
    if (strcmp(end, "mm") == 0) width *= PIXELS_OF_MM;
    else if (*end && strcmp(end, "px") != 0) width = NAN;
    *out = width;
    return width >= LEAST && width <= MOST
               ? LUS_OK
               : lus_fail(err, LUS_EUSAGE, "--width is %d to %d pixels, as in 85mm, 174mm or 320px",
                          LEAST, MOST);
}

/* --theme, --dpi and --panels. */
static int parse_look(const struct lus_options *o, struct lus_chart_request *q,
                      struct lus_error *err)
{
    static const char *const themes[] = {"screen", "print", "grey", "dark"};
    enum { LEAST = 36, MOST = 1200 };
    bool is_known = !o->theme;
    for (size_t i = 0; i < sizeof themes / sizeof *themes && !is_known; i++)
        is_known = strcmp(o->theme, themes[i]) == 0;
    if (!is_known)
        return lus_fail(err, LUS_EUSAGE, "--theme is screen, print, grey or dark, not \"%s\"",
                        o->theme);
    if (!isnan(o->dpi) && !(o->dpi >= LEAST && o->dpi <= MOST))
        return lus_fail(err, LUS_EUSAGE, "--dpi is %d to %d, as in 300", LEAST, MOST);
    if (o->annotate && strcmp(o->annotate, "test") != 0 && strcmp(o->annotate, "difference") != 0 &&
        strcmp(o->annotate, "rmst") != 0)
        return lus_fail(err, LUS_EUSAGE, "--annotate is test, difference or rmst, not \"%s\"",
                        o->annotate);
    if (!o->panels) return LUS_OK;
    bool is_always = strcmp(o->panels, "always") == 0;
    if (!is_always && strcmp(o->panels, "never") != 0)
        return lus_fail(err, LUS_EUSAGE, "--panels is always or never, not \"%s\"", o->panels);
    q->panels = is_always ? LUS_PANELS_ALWAYS : LUS_PANELS_NEVER;
    return LUS_OK;
}

/* A chart lightens what stands on few; the mark that tables have for it is not there. */
static void drop_marks(struct lus_document *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->n_notes; i++)
        if (d->notes[i].subject.kind != LUS_SUBJECT_MARKS) d->notes[kept++] = d->notes[i];
    d->n_notes = kept;
}

static int draw(const struct lus_options *o, const struct kind *kind, struct lus_chart_request *q,
                struct lus_result *r, struct lus_error *err)
{
    struct lus_document *d = &r->document;
    lus_time until = 0;
    if (!d->n_tables || !d->tables[0]->n_rows)
        return lus_fail(err, LUS_EDATA, "%s: nobody is left to draw", d->file ? d->file : "");
    LUS_TRY(lus_document_disclose(d, (double)o->suppress, err));
    drop_marks(d);
    if (o->width) LUS_TRY(parse_width(o->width, &q->width, err));
    if (o->until) LUS_TRY(lus_duration_parse(o->until, d->unit, &until, err));
    if (o->until) q->until = lus_time_in(until, d->unit);
    if (kind->goes & DRAWS_FIGURES) LUS_TRY(list_quoted(o, r, q, err));
    r->drawing = lus_alloc_zeroed(1, sizeof *r->drawing);
    if (!r->drawing) return lus_fail_memory(err);
    r->drawing->theme = o->theme ? o->theme : "screen";
    r->drawing->dpi = isnan(o->dpi) ? 192 : o->dpi;
    LUS_TRY(kind->form(d, q, r->drawing, err));
    if (d->provenance)
        r->drawing->summary = lus_document_text(d, "%s %s", r->drawing->summary, d->provenance);
    return d->failed ? lus_fail_memory(err) : LUS_OK;
}

int lus_plot(const struct lus_options *given, struct lus_result *r, struct lus_error *err)
{
    struct lus_options o = *given;
    const struct kind *kind = NULL;
    struct lus_chart_request q = {.title = o.title,
                                  .keep_script = o.keep_script,
                                  .cause = o.cause,
                                  .until = NAN,
                                  .is_extended = o.risk_table && o.risk_table[0] == 'e',
                                  .hides_single = o.suppress > 0};
    LUS_TRY(find_kind(o.n_files ? o.files[0] : NULL, &kind, err));
    if (kind->form == lus_chart_forest && !o.model) {
        if (!o.by)
            return lus_fail(err, LUS_EUSAGE,
                            "plot forest wants --model, or --by: the factors, each on its own");
        kind = &forest_of_rates;
    }
    LUS_TRY(check_options(&o, kind, err));
    o.each = q.is_each = kind->goes & EACH;
    q.hides_single |= kind->goes & ADJUSTED; /* at many times, and straight between them */
    if (kind->form == lus_chart_survival && o.at && (!o.annotate || o.annotate[0] == 't'))
        return lus_fail(
            err, LUS_EUSAGE,
            "--at goes with plot curve --annotate difference and rmst; --until ends the "
            "axis");
    if (o.annotate && !o.by)
        return lus_fail(err, LUS_EUSAGE, "--annotate compares groups: --by COL names them");
    LUS_TRY(parse_look(&o, &q, err));
    q.annotation = o.annotate;
    if (o.annotate && o.annotate[0] == 'r') o.rmst = o.at ? o.at : kind->at;
    o.files++, o.n_files--;
    if (!o.at) o.at = kind->at;
    o.wants_years = kind->goes & PEOPLE; /* where the recipe says when people were diagnosed */
    if ((kind->goes & SMOOTHED) && !o.bandwidth) o.bandwidth = "auto";
    if (kind->goes & QUANTILES) o.quantiles = "10,25,50,75,90";
    o.curve = (kind->goes & (PERIOD | BY_CAUSE)) && !(kind->goes & BY_MODEL);
    o.wants_round_times = o.curve || (kind->goes & ADJUSTED);
    if (kind->goes & BY_MODEL) {
        o.table = kind->goes & ADJUSTED     ? "standardised"
                  : kind->goes & CALIBRATED ? "calibration"
                                            : "coefficients";
        o.wants_effects = kind->goes & OVER_TIME;
        if (o.wants_effects) o.residuals = "scaled";
    }
    bool by_cause = (kind->goes & PEOPLE) && o.lifetable;
    LUS_TRY((by_cause ? lus_net_command : kind->command)(&o, r, err));
    int status = draw(&o, kind, &q, r, err);
    free((void *)(uintptr_t)q.quoted);
    return status;
}
