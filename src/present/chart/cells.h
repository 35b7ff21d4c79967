/* Charts of squares, drawn by plots/heat.gp and plots/people.gp. */
#ifndef LUS_PRESENT_CHART_CELLS_H
#define LUS_PRESENT_CHART_CELLS_H

#include "present/chart/form.h"

/* Title and subtitle, whose width the sheet has; the summary begins with the subtitle. */
void lus_cells_begin(struct lus_drawing *d, struct lus_document *doc,
                     const struct lus_chart_request *q, const char *subtitle);

#endif
