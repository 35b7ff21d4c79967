#include "relative/finder.h"

#include <stdlib.h>

#include "support/memory.h"

enum { MOST_ROWS = 1 << 22 }; /* of the table of rows */

/* By majority vote (Boyer & Moore 1981); any gap where none has a majority. */
static lus_time usual_gap(const lus_time *times, size_t n)
{
    lus_time gap = 1;
    size_t votes = 0;
    for (size_t i = 1; i < n; i++) {
        if (!votes) gap = times[i] - times[i - 1];
        if (times[i] - times[i - 1] == gap) votes++;
        else votes--;
    }
    return gap;
}

static lus_time grid_step(const lus_time *times, size_t n)
{
    lus_time day = lus_unit_ticks(LUS_DAYS);
    size_t n_days = 0;
    for (size_t i = 0; i < n; i++)
        n_days += times[i] % day == 0;
    return 2 * n_days > n ? day : usual_gap(times, n);
}

static int find_rows(struct lus_finder *f)
{
    lus_time quantum = lus_unit_ticks(LUS_DAYS);
    for (size_t i = 0; i < f->n; i++)
        while (quantum > 1 && f->times[i] % quantum)
            quantum = quantum > lus_unit_ticks(LUS_DAYS) / 16 ? lus_unit_ticks(LUS_DAYS) / 16 : 1;
    if (!f->n || quantum == 1 || f->times[f->n - 1] / quantum >= MOST_ROWS) return LUS_OK;
    f->quantum = quantum;
    f->n_rows = (size_t)(f->times[f->n - 1] / quantum) + 1;
    f->rows = lus_alloc(f->n_rows, sizeof *f->rows);
    if (!f->rows) return LUS_ENOMEM;
    size_t row = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        while (f->times[row] < (lus_time)i * quantum)
            row++;
        f->rows[i] = (uint32_t)row;
    }
    return LUS_OK;
}

int lus_finder_make(struct lus_finder *f, const lus_time *times, size_t n)
{
    *f = (struct lus_finder){.times = times,
                             .n = n,
                             .step = grid_step(times, n),
                             .ticks = lus_alloc(n, sizeof *f->ticks)};
    if (!f->ticks) return LUS_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        lus_time tick = times[i] / f->step;
        f->ticks[i] = times[i] % f->step || tick >= LUS_OFF ? LUS_OFF : (uint32_t)tick;
    }
    return find_rows(f);
}

void lus_finder_free(struct lus_finder *f)
{
    free(f->rows), free(f->ticks);
}
