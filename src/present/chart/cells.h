/* Charts of squares: a sheet in units of so many pixels, as wide as its subtitle needs. */
#ifndef LUS_PRESENT_CHART_CELLS_H
#define LUS_PRESENT_CHART_CELLS_H

#include "present/chart/form.h"

struct lus_cells_sheet {
    double left, right, top, bottom, pixels; /* of one unit */
    double indent, line;                     /* where titles begin, and how far apart they are */
};
/* Title, subtitle and the sheet; the summary begins with the subtitle. */
void lus_cells_begin(struct lus_drawing *d, struct lus_document *doc,
                     const struct lus_chart_request *q, const struct lus_cells_sheet *sheet,
                     const char *subtitle);

#endif
