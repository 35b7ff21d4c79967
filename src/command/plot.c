/* lustrum plot: charts. Each kind is drawn by the file of its name. */
#include "command/plot.h"

#include <stdlib.h>

static const struct {
    const char *name;
    int (*draw)(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
    bool has_life_table, has_period;
} kinds[] = {{"curve", lus_plot_curve, false, false},     {"rates", lus_plot_rates, false, false},
             {"heatmap", lus_plot_heatmap, false, false}, {"trend", lus_plot_trend, false, false},
             {"context", lus_plot_context, true, false},  {"net", lus_plot_net, true, true},
             {"crude", lus_plot_crude, true, true},       {"icons", lus_plot_icons, true, false},
             {"timeline", lus_plot_timeline, true, false}};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

static int fail_kind(struct lus_error *err)
{
    struct lus_string s = {0};
    lus_string_put(&s, "plot draws a KIND, one of: ");
    for (size_t i = 0; i < N_KINDS; i++)
        lus_string_print(&s, "%s%s", i ? ", " : "", kinds[i].name);
    lus_string_put(&s, " (lustrum plot curve FILE -o chart.svg)");
    return lus_fail_string(err, LUS_EUSAGE, &s);
}

int lus_plot(const struct lus_options *given, struct lus_result *r, struct lus_error *err)
{
    struct lus_options o = *given;
    size_t kind = 0;
    while (kind < N_KINDS && (o.n_files < 1 || strcmp(o.files[0], kinds[kind].name) != 0))
        kind++;
    if (kind == N_KINDS) return fail_kind(err);
    if (!o.output)
        return lus_fail(
            err, LUS_EUSAGE,
            "plot writes a chart to -o FILE, whose ending says the format: .svg, .png or .pdf");
    LUS_TRY(lus_chart_check_path(o.output, err));
    if (o.lifetable && !kinds[kind].has_life_table)
        return lus_fail(err, LUS_EUSAGE,
                        "--lifetable goes with plot net, crude, context, icons and timeline");
    if ((o.period || o.closing || o.standardise) && !kinds[kind].has_period)
        return lus_fail(err, LUS_EUSAGE,
                        "--period, --closing and --standardise go with plot net and plot crude");
    o.files++;
    o.n_files--;
    return kinds[kind].draw(&o, r, err);
}
