#include "present/chart/ends.h"

#include <math.h>

enum { SAMPLE = 20, GAP = 6, LINE = 19 };

/* A curve without a name: gnuplot wants a point of it all the same. */
static void put_none(struct lus_sheet *s)
{
    lus_sheet_line(s, "samples.dat", -1e9, -1e9, -1e9, -1e9);
    lus_sheet_put(s, "names.dat", -1e9, -1e9, " ");
}

static void end_blocks(struct lus_sheet *s)
{
    lus_string_put(lus_drawing_file(s->d, "samples.dat"), "\n\n");
    lus_string_put(lus_drawing_file(s->d, "names.dat"), "\n\n");
}

double lus_end_put(struct lus_sheet *s, const char *name, double x, double y, double width)
{
    lus_sheet_line(s, "samples.dat", x, y, x + SAMPLE, y);
    double next = lus_sheet_words(s, "names.dat", x + SAMPLE + GAP, y, width - SAMPLE - GAP, 14.5,
                                  name);
    end_blocks(s);
    return next;
}

/* The heights of names, in the order of the curves' ends, pushed up where they would collide, and
 * down again where they would pass the top. */
static void push_apart(const struct lus_end *ends, size_t n, double top, double *height)
{
    size_t order[LUS_MOST_SERIES], n_named = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ends[i].name) continue;
        height[i] = ends[i].y;
        size_t k = n_named++;
        for (; k > 0 && height[order[k - 1]] < height[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    for (size_t k = 1; k < n_named; k++)
        height[order[k]] = fmin(height[order[k]], height[order[k - 1]] - LINE);
    double least = top;
    for (size_t k = n_named; k-- > 0; least = height[order[k]] + LINE)
        height[order[k]] = fmax(height[order[k]], least);
}

void lus_ends_put(struct lus_sheet *s, const struct lus_end *ends, size_t n, double x, double top)
{
    double height[LUS_MOST_SERIES];
    push_apart(ends, n, top, height);
    for (size_t i = 0; i < n; i++) {
        if (!ends[i].name) {
            put_none(s);
            end_blocks(s);
            continue;
        }
        lus_sheet_line(s, "leaders.dat", ends[i].x, ends[i].y, x - 3, height[i]);
        (void)lus_end_put(s, ends[i].name, x, height[i], s->width - x);
    }
}
