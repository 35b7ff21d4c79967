/* The table of Graffeo's test: are the net survivals of the strata equal? */
#include <math.h>

#include "command/net.h"

static int add_period(struct lus_net_tables *x, struct lus_table *t,
                      const struct lus_groups *groups, const struct lus_period *period,
                      struct lus_error *err)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_test_result result;
    LUS_TRY(lus_net_test_groups(&x->n.table, &x->n.tally, groups,
                                period->text ? &period->window : NULL, x->n.query.n_threads,
                                &result, err));
    const double numbers[] = {result.statistic, result.df, result.p_value};
    lus_table_row(d, t, x->n.r->everybody);
    if (x->n.n_periods > 1) lus_table_text(d, t, period->text);
    lus_table_text(d, t, "graffeo");
    for (size_t i = 0; i < 3; i++)
        lus_table_cell(d, t,
                       (struct lus_cell){.number = numbers[i],
                                         .why = isnan(numbers[i]) ? result.why : LUS_AVAILABLE});
    lus_test_result_free(&result);
    return LUS_OK;
}

int lus_add_net_test(struct lus_net_tables *x, struct lus_error *err)
{
    struct lus_document *d = &x->n.r->document;
    if (!x->n.o->test) return LUS_OK;
    if (x->n.tally.overlaps)
        return lus_fail(err, LUS_EUSAGE, "the strata overlap; a test needs groups that do not");
    if (x->n.standard.n)
        return lus_fail(err, LUS_EUSAGE,
                        "--test goes without --standardise; --strata makes it a stratified one");
    struct lus_table *t = lus_document_table(d, "test", "Test of equal net survival");
    if (x->n.n_periods > 1) COLUMN(.name = "period", .role = LUS_ROLE_KEY, .header = "period");
    COLUMN(.name = "test", .role = LUS_ROLE_KEY, .header = "test");
    COLUMN(.name = "statistic", .role = LUS_ROLE_ESTIMATE, .header = "chi-square",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "df", .role = LUS_ROLE_ESTIMATE, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
    struct lus_groups groups;
    LUS_TRY(lus_groups_make(&x->n.tally, &groups, err));
    int status = LUS_OK;
    for (size_t k = 0; k < x->n.n_periods && status == LUS_OK; k++)
        status = add_period(x, t, &groups, &x->n.periods[k], err);
    lus_groups_free(&groups);
    return status;
}
