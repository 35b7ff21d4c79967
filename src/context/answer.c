/* What the data say of one figure. */
#include <math.h>
#include <stdlib.h>

#include "context/context.h"
#include "support/error.h"

static int refuse_why(struct lus_context *c, struct lus_answer *a, enum lus_why why,
                      struct lus_error *err)
{
    enum lus_reason reason = why == LUS_WHY_BEYOND_FOLLOW_UP ? LUS_REASON_SHORT
                             : why == LUS_WHY_NOT_REACHED    ? LUS_REASON_SHORT_MEDIAN
                             : why == LUS_WHY_NO_ROWS        ? LUS_REASON_NOBODY
                                                             : LUS_REASON_NOT_AVAILABLE;
    return lus_answer_refuse(c, a, reason, why, NULL, err);
}

static int answer_order(struct lus_context *c, struct lus_answer *a, const struct lus_asked *asked,
                        struct lus_error *err)
{
    struct lus_data_value of[2];
    enum lus_why why[2];
    double people[2], errors[2] = {0, 0};
    for (size_t i = 0; i < 2; i++)
        LUS_TRY(lus_group_value(c, a->figure, asked->of[i], &of[i], &why[i], &people[i], &errors[i],
                                err));
    a->people = people[0] + people[1];
    a->data.fewest = lus_fewer(of[0].fewest, of[1].fewest);
    for (size_t i = 0; i < 2; i++)
        if (why[i] != LUS_AVAILABLE) return refuse_why(c, a, why[i], err);
    /* of a group that has died out it is not available */
    struct lus_difference d = lus_difference(of[0].value, isnan(errors[0]) ? 0 : errors[0],
                                             of[1].value, isnan(errors[1]) ? 0 : errors[1],
                                             c->memory->fitting.conf.level);
    a->data = (struct lus_data_value){
        d.difference, d.low, d.high, fmin(of[0].at_risk, of[1].at_risk), true, a->data.fewest};
    return LUS_OK;
}

static double fewest_in(struct lus_group group)
{
    return lus_fewer(lus_group_people(group), lus_group_rows(group, NULL));
}

static int answer_proportion(struct lus_context *c, struct lus_answer *a,
                             const struct lus_asked *asked, struct lus_error *err)
{
    double have = lus_group_people(asked->of[0]);
    a->people = have + lus_group_people(asked->of[1]);
    if (!(a->people > 0))
        return lus_answer_refuse(c, a, LUS_REASON_NOBODY_KNOWN, LUS_AVAILABLE, NULL, err);
    a->data = (struct lus_data_value){
        .value = have / a->people,
        .at_risk = a->people,
        .is_share = true,
        .fewest = lus_fewer(fewest_in(asked->of[0]), fewest_in(asked->of[1]))};
    lus_wilson(have, a->people, c->memory->fitting.conf.level, &a->data.low, &a->data.high);
    return LUS_OK;
}

/* Whether there is anybody of whom the figure's `where` holds. */
static int answer_some(struct lus_context *c, struct lus_answer *a, const struct lus_asked *asked,
                       struct lus_error *err)
{
    (void)c, (void)err;
    double n = lus_group_people(asked->of[0]);
    a->people = n;
    a->data = (struct lus_data_value){n, NAN, NAN, n, false, fewest_in(asked->of[0])};
    return LUS_OK;
}

static int answer_number(struct lus_context *c, struct lus_answer *a, const struct lus_asked *asked,
                         struct lus_error *err)
{
    struct lus_counted *counts;
    const char *text;
    size_t n;
    if (asked->of[0].question->is_absent)
        return lus_answer_refuse(c, a, LUS_REASON_NO_COLUMN, LUS_AVAILABLE, NULL, err);
    const char *absent = lus_group_absent(asked->of[0]);
    if (absent) return lus_answer_refuse(c, a, LUS_REASON_NO_FACTOR, LUS_AVAILABLE, absent, err);
    int status = lus_group_counts(asked->of[0], &counts, &n, &text, err);
    if (status == LUS_OK && text)
        status = lus_answer_refuse(c, a, LUS_REASON_NOT_A_NUMBER, LUS_AVAILABLE, text, err);
    else if (status == LUS_OK && !n) status = refuse_why(c, a, LUS_WHY_NO_ROWS, err);
    if (status == LUS_OK && a->reason == LUS_REASON_NONE) {
        struct lus_median m = lus_median_of(counts, n, c->memory->fitting.conf.level);
        a->data = (struct lus_data_value){m.median, m.low, m.high,
                                          m.n,      false, fewest_in(asked->of[0])};
        a->people = m.n;
    }
    free(counts);
    return status;
}

/* The same people by level of the factor that is shown apart. */
static int answer_apart(struct lus_context *c, struct lus_answer *a, const struct lus_asked *asked,
                        struct lus_error *err)
{
    struct lus_data_value *values = lus_arena_alloc(&c->memory->arena, c->n_apart, sizeof *values);
    if (!values) return lus_fail_memory(err);
    for (size_t k = 0; k < c->n_apart; k++) {
        enum lus_why why;
        double people;
        values[k].value = NAN;
        if (lus_group_absent(asked->apart[k])) continue;
        LUS_TRY(
            lus_group_value(c, a->figure, asked->apart[k], &values[k], &why, &people, NULL, err));
    }
    a->apart = values;
    return LUS_OK;
}

/* Overall where the figure is relative, and the other way. */
static int answer_net(struct lus_context *c, struct lus_answer *a, struct lus_group group,
                      enum lus_why *why, struct lus_error *err)
{
    const struct lus_recipe *recipe = c->memory->recipe;
    struct lus_data_value net;
    enum lus_why net_why;
    if (!c->memory->query.life_table || !recipe->population.sex ||
        a->figure->statistic == LUS_STATISTIC_MEDIAN || a->measure == LUS_MEASURE_CSS ||
        lus_measure_of_data(recipe) != LUS_MEASURE_OS)
        return LUS_OK;
    LUS_TRY(lus_group_net(c, a->figure, group, &net, &net_why, err));
    net.fewest = a->data.fewest; /* the same people */
    a->other_measure = a->measure == LUS_MEASURE_RS ? a->data.value : net.value;
    if (a->measure == LUS_MEASURE_RS) a->data = net, *why = net_why;
    return LUS_OK;
}

static int answer_survival(struct lus_context *c, struct lus_answer *a,
                           const struct lus_asked *asked, struct lus_error *err)
{
    enum lus_why why, ignored;
    double people;
    LUS_TRY(lus_group_value(c, a->figure, asked->of[0], &a->data, &why, &a->people, NULL, err));
    if (asked->apart) LUS_TRY(answer_apart(c, a, asked, err));
    if (c->memory->query.mix.n && a->measure != LUS_MEASURE_RS)
        LUS_TRY(lus_group_mix(c, a, asked->of[0], err));
    if (c->memory->n_adjusted && a->measure != LUS_MEASURE_RS)
        LUS_TRY(lus_adjust_value(c, a, asked->of[0], err));
    LUS_TRY(answer_net(c, a, asked->of[0], &why, err));
    if (why != LUS_AVAILABLE) return refuse_why(c, a, why, err);
    if (!asked->without_entry.question || !asked->without_entry.question->n_tallies) return LUS_OK;
    struct lus_data_value value;
    LUS_TRY(
        lus_group_value(c, a->figure, asked->without_entry, &value, &ignored, &people, NULL, err));
    a->without_entry = value.value;
    return LUS_OK;
}

int lus_context_answer(struct lus_context *c, size_t i, struct lus_error *err)
{
    struct lus_answer *a = &c->answers[i];
    const struct lus_asked *asked = &c->memory->asked[i];
    const struct lus_figure *f = a->figure;
    if (a->reason != LUS_REASON_NONE || f->statistic == LUS_STATISTIC_NOTE) return LUS_OK;
    enum lus_reason reason = lus_reason_of(c->memory->recipe, c->memory->query.life_table != NULL,
                                           f);
    if (f->statistic == LUS_STATISTIC_MEDIAN_OF && reason == LUS_REASON_NONE)
        return answer_number(c, a, asked, err);
    for (size_t k = 0; k < 2; k++) {
        const char *absent = lus_group_absent(asked->of[k]);
        if (absent)
            return lus_answer_refuse(c, a, LUS_REASON_NO_FACTOR, LUS_AVAILABLE, absent, err);
    }
    if (reason != LUS_REASON_NONE) return lus_answer_refuse(c, a, reason, LUS_AVAILABLE, NULL, err);
    if (f->statistic == LUS_STATISTIC_SOME && !f->at) return answer_some(c, a, asked, err);
    if (f->statistic == LUS_STATISTIC_ORDER) return answer_order(c, a, asked, err);
    if (f->statistic == LUS_STATISTIC_PROPORTION) return answer_proportion(c, a, asked, err);
    return answer_survival(c, a, asked, err);
}
