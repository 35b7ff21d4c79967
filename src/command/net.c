/* lustrum net: net and relative survival against the population's mortality, crude probabilities of
 * death. */
#include <math.h>
#include <stdlib.h>

#include "command/net_analysis.h"

struct net {
    struct lus_net_analysis n;
    struct lus_table *table, *crude, *curve;
    bool has_few;
    /* of the cells whose survival rises, or whose weights are uneven: the most of their fewest, 0
     * where there is none */
    double rises, is_uneven;
};

#define COLUMN(...) lus_table_column(d, t, (struct lus_table_column){__VA_ARGS__})

static void add_key_columns(struct net *x, struct lus_table *t)
{
    struct lus_document *d = &x->n.r->document;
    lus_add_by_columns(x->n.r, t, &x->n.tally);
    if (x->n.n_periods > 1) COLUMN(.name = "period", .role = LUS_ROLE_KEY, .header = "period");
}

static void add_columns(struct net *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->table;
    const char *percent = lus_document_text(
        d, "%s (%g %%)",
        x->n.query.method == LUS_POHAR_PERME ? "net survival" : "relative survival",
        100 * x->n.conf.level);
    add_key_columns(x, t);
    COLUMN(.name = "method", .role = LUS_ROLE_KEY, .header = "method");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "deaths", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "expected", .role = LUS_ROLE_ESTIMATE, .header = "expected",
           .kind = LUS_COLUMN_NUMBER);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = percent,
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    COLUMN(.name = "std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_SHARE,
           .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "observed_survival", .role = LUS_ROLE_ESTIMATE, .header = "observed",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "expected_survival", .role = LUS_ROLE_ESTIMATE, .header = "population",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "effective_n", .role = LUS_ROLE_ESTIMATE, .header = "effective n",
           .kind = LUS_COLUMN_NUMBER);
}

static void add_crude_columns(struct net *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->crude;
    add_key_columns(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "by", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "cause", .role = LUS_ROLE_KEY, .header = "cause");
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "probability", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "dead (%g %%)", 100 * x->n.conf.level),
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    COLUMN(.name = "std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_SHARE,
           .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
}

static void add_curve_columns(struct net *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->curve;
    add_key_columns(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(x->n.tally.unit)),
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "deaths",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "expected", .is_step = true, .role = LUS_ROLE_ESTIMATE, .header = "expected",
           .kind = LUS_COLUMN_NUMBER);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = "survival",
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    COLUMN(.name = "std_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
    COLUMN(.name = "conf_low", .role = LUS_ROLE_ESTIMATE, .header = "low", .kind = LUS_COLUMN_SHARE,
           .machines_only = true);
    COLUMN(.name = "conf_high", .role = LUS_ROLE_ESTIMATE, .header = "high",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "observed_survival", .role = LUS_ROLE_ESTIMATE, .header = "observed",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "expected_survival", .role = LUS_ROLE_ESTIMATE, .header = "population",
           .kind = LUS_COLUMN_SHARE);
}
#undef COLUMN

/* One stratum in one period. */
struct cell {
    const struct lus_stratum *stratum;
    const struct lus_period *period;
    const char *name;
    double fewest;
    size_t number; /* that the document gave it */
};

static void add_keys(struct net *x, struct lus_table *t, const struct cell *cell)
{
    lus_add_levels(x->n.r, t, &x->n.tally, cell->stratum);
    lus_table_row_of_pair(&x->n.r->document, t, lus_number_of(x->n.r, &x->n.tally, cell->stratum),
                          cell->number);
    if (x->n.n_periods > 1) lus_table_text(&x->n.r->document, t, cell->period->text);
}

static void put(struct net *x, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(&x->n.r->document, t,
                   (struct lus_cell){.number = number, .why = isnan(number) ? why : LUS_AVAILABLE});
}

/* The horizon before this one, of those that are asked; NULL: none. */
static const struct lus_net_point *point_before(const struct net *x,
                                                const struct lus_net_point *points, size_t h)
{
    const struct lus_net_point *found = NULL;
    lus_time best = -1;
    for (size_t i = 0; i < x->n.n_horizons; i++)
        if (x->n.horizons[i].time < x->n.horizons[h].time && x->n.horizons[i].time > best) {
            best = x->n.horizons[i].time;
            found = &points[i];
        }
    return found;
}

static void add_row(struct net *x, const struct cell *cell, const struct lus_net_point *points,
                    size_t h)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->table;
    const struct lus_net_point *p = &points[h], *before = point_before(x, points, h);
    enum lus_why why = p->why, why_error = why != LUS_AVAILABLE ? why : LUS_WHY_ALL_DEAD;
    bool is_few = !isnan(p->survival) && (p->at_risk < LUS_FEW || p->effective < LUS_FEW);
    x->has_few |= is_few;
    if (p->survival > 1 || (before && p->survival > before->survival))
        x->rises = fmax(x->rises, cell->fewest);
    if (p->effective < p->at_risk / 4) x->is_uneven = fmax(x->is_uneven, cell->fewest);
    add_keys(x, t, cell);
    lus_table_text(d, t, lus_net_method_name(x->n.query.method));
    lus_table_cell(d, t,
                   (struct lus_cell){.number = lus_time_in(x->n.horizons[h].time, x->n.tally.unit),
                                     .text = x->n.horizons[h].text});
    lus_table_number(d, t, p->at_risk);
    lus_table_number(d, t, p->events - (before ? before->events : 0));
    lus_table_number(d, t, p->expected_deaths - (before ? before->expected_deaths : 0));
    lus_table_cell(d, t, (struct lus_cell){.number = p->survival, .why = why, .is_few = is_few});
    put(x, t, p->std_error, why_error);
    put(x, t, p->low, why_error);
    put(x, t, p->high, why_error);
    put(x, t, p->observed, why);
    put(x, t, p->expected, why);
    put(x, t, p->effective, why);
    bool is_named = x->n.tally.n_by || x->n.n_periods > 1,
         is_group = why == LUS_WHY_NO_ROWS && x->n.standard.n;
    if (why != LUS_AVAILABLE)
        lus_document_note(d, lus_of_stratum(cell->number), "%s%s%s is not available: %s.",
                          is_named ? cell->name : "", is_named ? ": " : "", x->n.horizons[h].text,
                          is_group ? "a group of the standard population has nobody"
                                   : lus_why_text(why));
}

/* The number of people who are part of no other row. */
static size_t alone(struct net *x, double people)
{
    return lus_document_stratum(&x->n.r->document, &(struct lus_headcount){NULL, people, 0});
}

/* The fewest at risk, or dead since the horizon before, that a row of a cell tells: rows could be
 * subtracted from one another, so too few hide them all. */
static double fewest(const struct net *x, const struct lus_net_point *points)
{
    double least = INFINITY;
    for (size_t h = 0; h < x->n.n_horizons; h++) {
        const struct lus_net_point *before = point_before(x, points, h);
        double dead = points[h].events - (before ? before->events : 0);
        if (points[h].at_risk > 0) least = fmin(least, points[h].at_risk);
        if (dead > 0) least = fmin(least, dead);
    }
    return least;
}

static void add_crude_row(struct net *x, const struct cell *cell, size_t h, const char *cause,
                          double probability, double error, enum lus_why why)
{
    struct lus_table *t = x->crude;
    double z = lus_conf_z(x->n.conf.level);
    add_keys(x, t, cell);
    lus_table_cell(&x->n.r->document, t,
                   (struct lus_cell){.number = lus_time_in(x->n.horizons[h].time, x->n.tally.unit),
                                     .text = x->n.horizons[h].text});
    lus_table_text(&x->n.r->document, t, cause);
    put(x, t, probability, why);
    put(x, t, error, why);
    /* the patients may die less than the population: below 0 */
    double low = probability - z * error, high = probability + z * error;
    put(x, t, low < 0 && probability >= 0 ? 0 : low, why);
    put(x, t, high > 1 ? 1 : high, why);
}

static void add_curve(struct net *x, const struct cell *cell, const struct lus_net *net)
{
    struct lus_table *t = x->curve;
    for (size_t i = 0; i < net->n; i++) {
        double low, high;
        lus_net_interval(&x->n.conf, net->survival[i], net->std_error[i], &low, &high);
        add_keys(x, t, cell);
        lus_table_number(&x->n.r->document, t, lus_time_in(net->time[i], x->n.tally.unit));
        lus_table_number(&x->n.r->document, t, net->at_risk[i]);
        lus_table_number(&x->n.r->document, t, net->events[i] - (i ? net->events[i - 1] : 0));
        lus_table_number(&x->n.r->document, t,
                         net->expected_deaths[i] - (i ? net->expected_deaths[i - 1] : 0));
        put(x, t, net->survival[i], net->why[i]);
        put(x, t, net->std_error[i], LUS_WHY_ALL_DEAD);
        put(x, t, low, LUS_WHY_ALL_DEAD);
        put(x, t, high, LUS_WHY_ALL_DEAD);
        put(x, t, net->observed[i], net->why[i]);
        put(x, t, net->expected[i], net->why[i]);
    }
}

static int add_cell(struct net *x, struct cell *cell, const struct lus_net_cell *persons,
                    struct lus_error *err)
{
    struct lus_net_point *points = lus_alloc(x->n.n_horizons, sizeof *points);
    struct lus_net curve = {0};
    int status = points ? lus_net_analysis_estimate(&x->n, persons, points,
                                                    x->curve ? &curve : NULL, err)
                        : lus_fail_memory(err);
    if (status == LUS_OK)
        cell->number = lus_document_stratum(&x->n.r->document,
                                            &(struct lus_headcount){NULL, fewest(x, points), 0});
    for (size_t h = 0; h < x->n.n_horizons && status == LUS_OK; h++) {
        add_row(x, cell, points, h);
        add_crude_row(x, cell, h, "cancer", points[h].cancer, points[h].cancer_error,
                      points[h].why);
        add_crude_row(x, cell, h, "other", points[h].other, points[h].other_error, points[h].why);
    }
    if (status == LUS_OK && x->curve) add_curve(x, cell, &curve);
    lus_net_free(&curve);
    free(points);
    return status;
}

static const char *cell_name(struct net *x, const struct lus_stratum *stratum,
                             const struct lus_period *period)
{
    const char *name = lus_stratum_name(x->n.r, &x->n.tally, stratum);
    if (x->n.n_periods < 2) return name;
    return x->n.tally.n_by ? lus_document_text(&x->n.r->document, "%s, %s", name, period->text)
                           : period->text;
}

static void warn_thin_group(struct net *x, const struct cell *cell, double people, double percent)
{
    struct lus_document *d = &x->n.r->document;
    const char *discreet = lus_document_text(
        d, "WARNING: %s: few people in a group that is %.4g %% of the standard population.",
        cell->name, percent);
    size_t group = alone(x, people);
    lus_document_note(d, lus_of_warning(group, discreet),
                      "WARNING: %s: only %.0f people in a group that is %.4g %% of the standard "
                      "population.",
                      cell->name, people, percent);
}

/* Warns of groups of a standard population that stand on few. */
static void note_thin_groups(struct net *x, const struct cell *cell,
                             const struct lus_net_cell *persons)
{
    for (size_t g = 0; g < persons->n && x->n.standard.n; g++) {
        double people = 0;
        for (size_t i = 0; i < persons->groups[g].n; i++)
            people += lus_person_at(&persons->groups[g], i).count;
        if (people < LUS_FEW) warn_thin_group(x, cell, people, 100 * x->n.standard.shares[g]);
    }
}

static int add_cells(struct net *x, struct lus_error *err)
{
    struct lus_tally *tally = &x->n.tally;
    for (size_t first = 0, end; first < tally->n_strata; first = end) {
        end = lus_cell_end(tally, first);
        for (size_t k = 0; k < x->n.n_periods; k++) {
            struct lus_net_cell persons;
            struct cell cell = {&tally->strata[first], &x->n.periods[k],
                                cell_name(x, &tally->strata[first], &x->n.periods[k]), 0,
                                LUS_UNSAID};
            LUS_TRY(lus_net_analysis_cell(&x->n, first, end, cell.period, &persons, err));
            note_thin_groups(x, &cell, &persons);
            int status = add_cell(x, &cell, &persons, err);
            lus_net_cell_free(&persons);
            LUS_TRY(status);
        }
    }
    return LUS_OK;
}

/* --- Graffeo's test --- */

/* The distinct levels of the split keys, each a stratum of the test; -1 where a cell has none. */
static size_t split_of(const struct lus_tally *tally, size_t i)
{
    for (size_t k = 0; k <= i; k++) {
        bool same = true;
        for (size_t s = tally->n_by; s < tally->n_by + tally->n_split && same; s++)
            same = strcmp(tally->strata[k].levels[s] ? tally->strata[k].levels[s] : "",
                          tally->strata[i].levels[s] ? tally->strata[i].levels[s] : "") == 0;
        if (same) return k;
    }
    return i;
}

/* groups[stratum * n_groups + group], empty where a group is absent from a stratum. */
static int list_groups(const struct net *x, const struct lus_period *period,
                       struct lus_persons *persons, size_t n_groups, struct lus_error *err)
{
    const struct lus_tally *tally = &x->n.tally;
    size_t group = 0;
    for (size_t first = 0, end; first < tally->n_strata; first = end, group++) {
        end = lus_cell_end(tally, first);
        for (size_t i = first; i < end; i++) {
            const struct lus_persons *lists[] = {&tally->strata[i].persons};
            struct lus_persons *out = &persons[split_of(tally, i) * n_groups + group];
            int status = period->text ? lus_persons_window(lists[0], period->window.from,
                                                           period->window.to, out)
                                      : lus_persons_join(lists, 1, out);
            if (status != LUS_OK) return lus_fail_memory(err);
        }
    }
    return LUS_OK;
}

static int test_period(struct net *x, struct lus_table *t, const struct lus_period *period,
                       size_t n_groups, struct lus_error *err)
{
    size_t n = x->n.tally.n_strata * n_groups, n_strata = x->n.tally.n_strata;
    struct lus_document *d = &x->n.r->document;
    struct lus_persons *persons = lus_alloc_zeroed(n, sizeof *persons);
    const struct lus_persons **groups = lus_alloc_zeroed(n, sizeof *groups);
    struct lus_test_result result = {0};
    int status = persons && groups ? list_groups(x, period, persons, n_groups, err)
                                   : lus_fail_memory(err);
    for (size_t i = 0; groups && i < n; i++)
        groups[i] = &persons[i];
    if (status == LUS_OK && lus_net_test(&x->n.table, groups, n_groups, n_strata, LUS_TIME_MAX,
                                         x->n.query.n_threads, &result) != LUS_OK)
        status = lus_fail_memory(err);
    if (status == LUS_OK) {
        lus_table_row(d, t, x->n.r->everybody);
        if (x->n.n_periods > 1) lus_table_text(d, t, period->text);
        lus_table_text(d, t, "graffeo");
        put(x, t, result.statistic, result.why), put(x, t, result.df, result.why),
            put(x, t, result.p_value, result.why);
    }
    lus_test_result_free(&result);
    for (size_t i = 0; persons && i < n; i++)
        lus_persons_free(&persons[i]);
    free(persons), free(groups);
    return status;
}

static int add_test(struct net *x, struct lus_error *err)
{
    struct lus_document *d = &x->n.r->document;
    if (!x->n.o->test) return LUS_OK;
    if (x->n.tally.overlaps)
        return lus_fail(err, LUS_EUSAGE, "the strata overlap; a test needs groups that do not");
    if (x->n.standard.n)
        return lus_fail(err, LUS_EUSAGE,
                        "--test goes without --standardise; --strata makes it a stratified one");
    size_t n_groups = 0;
    for (size_t first = 0; first < x->n.tally.n_strata; first = lus_cell_end(&x->n.tally, first))
        n_groups++;
    struct lus_table *t = lus_document_table(d, "test", "Test of equal net survival");
    if (x->n.n_periods > 1)
        lus_table_column(
            d, t,
            (struct lus_table_column){.name = "period", .role = LUS_ROLE_KEY, .header = "period"});
    lus_table_column(
        d, t, (struct lus_table_column){.name = "test", .role = LUS_ROLE_KEY, .header = "test"});
    lus_table_column(d, t,
                     (struct lus_table_column){.name = "statistic",
                                               .role = LUS_ROLE_ESTIMATE,
                                               .header = "chi-square",
                                               .kind = LUS_COLUMN_NUMBER});
    lus_table_column(
        d, t,
        (struct lus_table_column){
            .name = "df", .role = LUS_ROLE_ESTIMATE, .header = "df", .kind = LUS_COLUMN_NUMBER});
    lus_table_column(
        d, t,
        (struct lus_table_column){
            .name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P});
    for (size_t k = 0; k < x->n.n_periods; k++)
        LUS_TRY(test_period(x, t, &x->n.periods[k], n_groups, err));
    return LUS_OK;
}

static void add_notes(struct net *x)
{
    struct lus_document *d = &x->n.r->document;
    lus_add_net_notes(&x->n);
    lus_document_note(d, lus_of_method(),
                      "Dead of the cancer, or of other causes, as the population's mortality "
                      "shares them out (Ederer II type); plain intervals.");
    if (x->has_few)
        lus_document_note(
            d, lus_of_marks(),
            "* fewer than %d at risk, or an effective number under %d: read with care.", LUS_FEW,
            LUS_FEW);
    if (x->rises > 0)
        lus_document_note(d, lus_of_stratum(alone(x, x->rises)),
                          "Net survival rises or passes 100 %%: it is shown as estimated; the "
                          "patients die less than the population's tables expect.");
    if (x->is_uneven > 0)
        lus_document_note(d, lus_of_stratum(alone(x, x->is_uneven)),
                          "Weights are uneven: a few old patients stand for many; the effective "
                          "number says how many the estimate rests on.");
}

static int build(struct net *x, struct lus_error *err)
{
    struct lus_document *d = &x->n.r->document;
    lus_add_strata(x->n.r, &x->n.tally, x->n.tally.n_by);
    x->table = lus_document_table(d, "net", "");
    add_columns(x);
    LUS_TRY(lus_check_names(&x->n.tally, x->table, err));
    x->crude = lus_document_table(d, "crude", "Probability of having died");
    add_crude_columns(x);
    LUS_TRY(lus_check_names(&x->n.tally, x->crude, err));
    LUS_TRY(add_test(x, err));
    if (x->n.o->curve) {
        x->curve = lus_document_table(d, "curve", "Curve");
        if (x->curve) x->curve->rows = LUS_ROWS_STEPS;
        add_curve_columns(x);
        LUS_TRY(lus_check_names(&x->n.tally, x->curve, err));
    }
    LUS_TRY(add_cells(x, err));
    add_notes(x);
    lus_add_selection(x->n.r, &x->n.tally);
    return lus_add_warnings(x->n.o, x->n.r, &x->n.tally, &x->n.inputs, err);
}

int lus_net_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct net x = {0};
    if (o->curve && o->standardise)
        return lus_fail(err, LUS_EUSAGE, "--curve goes without --standardise");
    int status = lus_net_analysis_read(o, r, o->curve, &x.n, err);
    if (status == LUS_OK) status = build(&x, err);
    lus_net_analysis_free(&x.n);
    return status;
}
