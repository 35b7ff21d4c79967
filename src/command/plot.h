/* What the kinds of charts share. */
#ifndef LUS_COMMAND_PLOT_H
#define LUS_COMMAND_PLOT_H

#include "command/command.h"
#include "lustrum/tally.h"

int lus_plot_curve(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_rates(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_context(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_heatmap(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_trend(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_icons(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_timeline(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_net(const struct lus_options *o, struct lus_result *r, struct lus_error *err);
int lus_plot_crude(const struct lus_options *o, struct lus_result *r, struct lus_error *err);

/* An empty chart with room for n series. */
struct lus_chart *lus_chart_begin(const struct lus_options *o, struct lus_result *r,
                                  size_t n_series);
/* Where the time axis ends (--until, else the last follow-up, to the next tic), in which unit (four
 * years and more in years), and the times of the risk table. */
int lus_chart_set_axis(struct lus_chart *chart, const struct lus_options *o,
                       const struct lus_tally *tally, enum lus_unit *unit,
                       struct lus_error *err) LUS_MUST_CHECK;
/* Title, and the label of the time axis. */
void lus_chart_set_title(struct lus_chart *chart, const struct lus_options *o, struct lus_result *r,
                         const struct lus_tally *tally, enum lus_unit unit);
/* " by grade, size"; "" without keys. */
const char *lus_by_text(struct lus_result *r, const struct lus_tally *tally);

#endif
