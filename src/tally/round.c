/* Times on a coarser grid, so that a stored tally is smaller. */
#include "support/series.h"
#include "tally/gather.h"

static int round_counts(struct lus_time_counts *c, lus_time step)
{
    for (size_t i = 0; i < c->n; i++) {
        lus_time rest = c->at[i].time % step;
        c->at[i].time += rest >= step - rest ? step - rest : -rest; /* half goes up */
    }
    return c->n ? lus_marks_collapse(c->at, &c->n) : LUS_OK;
}

static int note(struct lus_tally *t, lus_time step, struct lus_error *err)
{
    struct lus_arena *a = &t->memory->arena;
    double units = lus_time_in(step, t->unit);
    const char *text = lus_arena_print(a, "Times were rounded to multiples of %.6g %s.", units,
                                       lus_unit_name(t->unit));
    struct lus_doubt *doubts = lus_arena_alloc(a, t->n_doubts + 1, sizeof *doubts);
    t->question = lus_arena_print(a, "%srounded to %.6g %s; ", t->question, units,
                                  lus_unit_name(t->unit));
    if (!text || !doubts || !t->question) return lus_fail_memory(err);
    if (t->n_doubts) memcpy(doubts, t->doubts, t->n_doubts * sizeof *doubts);
    doubts[t->n_doubts++] = (struct lus_doubt){text, text, false};
    t->doubts = doubts;
    return LUS_OK;
}

int lus_tally_round(struct lus_tally *t, lus_time step, struct lus_error *err)
{
    int status = LUS_OK;
    if (step < 1) return lus_fail(err, LUS_EUSAGE, "times are rounded to a time above 0");
    for (size_t s = 0; s < t->n_strata; s++)
        if (t->strata[s].counts.late.n)
            return lus_fail(err, LUS_EUSAGE,
                            "times are not rounded where some enter late: an entry could fall on "
                            "its exit");
    for (size_t s = 0; s < t->n_strata && status == LUS_OK; s++)
        for (size_t k = 0; k <= t->n_causes && status == LUS_OK; k++)
            status = round_counts(&t->strata[s].counts.gone[k], step);
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA, "the weights add up to more than 9e9; scale them down");
    return status == LUS_OK ? note(t, step, err) : lus_fail_memory(err);
}
