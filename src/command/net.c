/* lustrum net: net and relative survival against the population's mortality, crude probabilities of
 * death. */
#include <math.h>
#include <stdlib.h>

#include "command/net.h"
#include "command/option.h"

static const struct lus_option options[] = {
    TEXT("method", 0, "NAME", method, "pohar-perme (default), ederer2, ederer1, hakulinen"),
    LIST("at", "TIME,...", at,
         "horizons: 5y, 18m, 90d, 6w, or a number in the file's unit (default: 5y)"),
    TEXT("given", 0, "TIME", given, "conditional on being alive and followed then"),
    TEXT("interval", 0, "TIME", interval,
         "by intervals of constant hazard, as registries tabulate (default: exact times)"),
    FLAG("curve", curve, "a table `curve` with every row of the curves"),
    TEXT("test", 0, "NAME", test, "graffeo: are the net survivals of the strata equal?"),
    LIST("strata", "COL,...", strata, "stratified test: its sums run over these columns' levels"),
    END};
const struct lus_option_group lus_net_options = {"Estimating", options};

static int add_cell(struct lus_net_tables *x, struct lus_net_row *row,
                    const struct lus_net_cell *persons, struct lus_error *err)
{
    struct lus_net_point *points = lus_alloc(x->n.n_horizons, sizeof *points);
    struct lus_net curve = {0};
    int status = points ? lus_net_analysis_estimate(&x->n, persons, points,
                                                    x->curve ? &curve : NULL, err)
                        : lus_fail_memory(err);
    if (status == LUS_OK) lus_net_tables_add(x, row, points);
    if (status == LUS_OK && x->curve) lus_net_tables_add_curve(x, row, &curve);
    if (status == LUS_OK && x->at_risk) lus_net_tables_add_at_risk(x, row, &curve);
    lus_net_free(&curve);
    free(points);
    return status;
}

static const char *cell_name(struct lus_net_tables *x, const struct lus_stratum *stratum,
                             const struct lus_period *period)
{
    const char *name = lus_stratum_name(x->n.r, &x->n.tally, stratum);
    if (x->n.n_periods < 2) return name;
    return x->n.tally.n_by ? lus_document_text(&x->n.r->document, "%s, %s", name, period->text)
                           : period->text;
}

/* The number of people who are part of no other row. */
static size_t alone(struct lus_net_tables *x, double people)
{
    return lus_document_stratum(&x->n.r->document, &(struct lus_headcount){NULL, people, 0});
}

static int add_cells(struct lus_net_tables *x, struct lus_error *err)
{
    struct lus_tally *tally = &x->n.tally;
    for (size_t first = 0, end; first < tally->n_strata; first = end) {
        end = lus_cell_end(tally, first);
        for (size_t k = 0; k < x->n.n_periods; k++) {
            struct lus_net_cell persons;
            struct lus_net_row row = {&tally->strata[first], &x->n.periods[k],
                                      cell_name(x, &tally->strata[first], &x->n.periods[k]), 0,
                                      LUS_UNSAID};
            LUS_TRY(lus_net_analysis_cell(&x->n, first, end, row.period, &persons, err));
            int status = add_cell(x, &row, &persons, err);
            lus_net_cell_free(&persons);
            LUS_TRY(status);
        }
    }
    return LUS_OK;
}

static void add_notes(struct lus_net_tables *x)
{
    struct lus_document *d = &x->n.r->document;
    lus_add_net_notes(&x->n);
    lus_document_note(d, lus_of_method(),
                      "Dead of the cancer, or of other causes, as the population's mortality "
                      "shares them out (Ederer II type); plain intervals.");
    if (x->has_few)
        lus_document_note(
            d, lus_of_marks(),
            "* fewer than %d at risk%s, or an effective number under %d: read with care.", LUS_FEW,
            x->n.standard.n && !x->n.standard.weighs_people
                ? " in a group of the standard population"
                : "",
            LUS_FEW);
    if (x->is_outside)
        lus_document_note(
            d, lus_of_method(),
            "A probability below 0 %% or above 100 %% is shown as estimated: so few die, or "
            "so many, that the population's mortality cannot be taken off.");
    if (x->rises > 0)
        lus_document_note(d, lus_of_stratum(alone(x, x->rises)),
                          "Net survival rises or passes 100 %%: it is shown as estimated; the "
                          "patients die less than the population's tables expect.");
    if (x->is_uneven > 0)
        lus_document_note(d, lus_of_stratum(alone(x, x->is_uneven)),
                          "Weights are uneven: a few old patients stand for many; the effective "
                          "number says how many the estimate rests on.");
}

static int build(struct lus_net_tables *x, struct lus_error *err)
{
    lus_add_strata(x->n.r, &x->n.tally, x->n.tally.n_by);
    LUS_TRY(lus_net_tables_begin(x, err));
    LUS_TRY(add_cells(x, err));
    add_notes(x);
    lus_add_selection(x->n.r, &x->n.tally);
    return lus_add_warnings(x->n.o, x->n.r, &x->n.tally, &x->n.inputs, err);
}

int lus_net_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_net_tables x = {0};
    if (o->curve && o->standardise)
        return lus_fail(err, LUS_EUSAGE, "--curve goes without --standardise");
    int status = lus_net_analysis_read(o, r, o->curve, &x.n, err);
    if (status == LUS_OK) status = build(&x, err);
    lus_net_analysis_free(&x.n);
    return status;
}
