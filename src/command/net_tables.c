/* The tables of net at horizons: columns and rows. */
#include <math.h>

#include "command/net.h"

void lus_net_add_key_columns(struct lus_net_tables *x, struct lus_table *t)
{
    struct lus_document *d = &x->n.r->document;
    lus_add_by_columns(x->n.r, t, &x->n.tally);
    if (x->n.n_periods > 1) COLUMN(.name = "period", .role = LUS_ROLE_KEY, .header = "period");
}

void lus_net_add_survival_columns(struct lus_net_tables *x, struct lus_table *t, const char *header)
{
    struct lus_document *d = &x->n.r->document;
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = header,
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    COLUMN(.name = "observed_survival", .role = LUS_ROLE_ESTIMATE, .header = "observed",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "expected_survival", .role = LUS_ROLE_ESTIMATE, .header = "population",
           .kind = LUS_COLUMN_SHARE);
}

static void add_columns(struct lus_net_tables *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->net;
    const char *percent = lus_document_text(
        d, "%s (%g %%)",
        x->n.query.method == LUS_POHAR_PERME ? "net survival" : "relative survival",
        100 * x->n.conf.level);
    lus_net_add_key_columns(x, t);
    COLUMN(.name = "method", .role = LUS_ROLE_KEY, .header = "method");
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "at", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "deaths", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "expected", .role = LUS_ROLE_ESTIMATE, .header = "expected",
           .kind = LUS_COLUMN_NUMBER);
    lus_net_add_survival_columns(x, t, percent);
    COLUMN(.name = "effective_n", .role = LUS_ROLE_ESTIMATE, .header = "effective n",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "expected_at_risk", .role = LUS_ROLE_ESTIMATE, .header = "of those at risk",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
}

static void add_crude_columns(struct lus_net_tables *x)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->crude;
    lus_net_add_key_columns(x, t);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "by", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "cause", .role = LUS_ROLE_KEY, .header = "cause");
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "probability", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "dead (%g %%)", 100 * x->n.conf.level),
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
}

int lus_net_tables_begin(struct lus_net_tables *x, struct lus_error *err)
{
    struct lus_document *d = &x->n.r->document;
    x->net = lus_document_table(d, "net", "");
    add_columns(x);
    LUS_TRY(lus_check_names(&x->n.tally, x->net, err));
    x->crude = lus_document_table(d, "crude", "Probability of having died");
    add_crude_columns(x);
    LUS_TRY(lus_check_names(&x->n.tally, x->crude, err));
    LUS_TRY(lus_add_net_test(x, err));
    if (!x->n.o->curve) return LUS_OK;
    x->curve = lus_document_table(d, "curve", "Curve");
    if (x->curve) x->curve->rows = LUS_ROWS_STEPS;
    lus_net_add_curve_columns(x);
    if (x->n.times.n) {
        x->at_risk = lus_document_table(d, "at_risk", NULL);
        lus_net_add_at_risk_columns(x);
    }
    return lus_check_names(&x->n.tally, x->curve, err);
}

void lus_net_add_keys(struct lus_net_tables *x, struct lus_table *t, const struct lus_net_row *row)
{
    lus_add_levels(x->n.r, t, &x->n.tally, row->stratum);
    lus_table_row_of_pair(&x->n.r->document, t, lus_number_of(x->n.r, &x->n.tally, row->stratum),
                          row->number);
    if (x->n.n_periods > 1) lus_table_text(&x->n.r->document, t, row->period->text);
}

void lus_net_put(struct lus_net_tables *x, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(&x->n.r->document, t,
                   (struct lus_cell){.number = number, .why = isnan(number) ? why : LUS_AVAILABLE});
}

/* The horizon before this one, of those that are asked; NULL: none. */
static const struct lus_net_point *point_before(const struct lus_net_tables *x,
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

/* The fewest at risk, or dead since the horizon before, that a row of a cell tells: rows could be
 * subtracted from one another, so too few hide them all. */
static double fewest(const struct lus_net_tables *x, const struct lus_net_point *points)
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

static void add_row(struct lus_net_tables *x, const struct lus_net_row *row,
                    const struct lus_net_point *points, size_t h)
{
    struct lus_document *d = &x->n.r->document;
    struct lus_table *t = x->net;
    const struct lus_net_point *p = &points[h], *before = point_before(x, points, h);
    enum lus_why why = p->why, why_error = p->why_error;
    bool is_few = !isnan(p->survival) && (p->least_at_risk < LUS_FEW || p->effective < LUS_FEW);
    x->has_few |= is_few;
    if (p->survival > 1 || (before && p->survival > before->survival))
        x->rises = fmax(x->rises, row->fewest);
    if (p->effective < p->at_risk / 4) x->is_uneven = fmax(x->is_uneven, row->fewest);
    lus_net_add_keys(x, t, row);
    lus_table_text(d, t, lus_net_method_name(x->n.query.method));
    lus_table_cell(d, t,
                   (struct lus_cell){.number = lus_time_in(x->n.horizons[h].time, x->n.tally.unit),
                                     .text = x->n.horizons[h].text});
    lus_table_number(d, t, p->at_risk);
    lus_table_number(d, t, p->events - (before ? before->events : 0));
    lus_table_number(d, t, p->expected_deaths - (before ? before->expected_deaths : 0));
    lus_table_cell(d, t, (struct lus_cell){.number = p->survival, .why = why, .is_few = is_few});
    lus_net_put(x, t, p->std_error, why_error);
    lus_net_put(x, t, p->low, why_error);
    lus_net_put(x, t, p->high, why_error);
    lus_net_put(x, t, p->observed, why);
    lus_net_put(x, t, p->expected, why);
    lus_net_put(x, t, p->effective, why);
    lus_net_put(x, t, p->expected_at_risk, why);
    bool is_named = x->n.tally.n_by || x->n.n_periods > 1,
         is_group = why == LUS_WHY_NO_ROWS && x->n.standard.n;
    if (why == LUS_AVAILABLE &&
        (why_error == LUS_WHY_NO_EVENT || why_error == LUS_WHY_GROUP_ALL_DEAD))
        lus_document_note(d, lus_of_stratum(row->number), "%s%s%s has no interval: %s.",
                          is_named ? row->name : "", is_named ? ": " : "", x->n.horizons[h].text,
                          lus_why_text(why_error));
    if (why != LUS_AVAILABLE)
        lus_document_note(d, lus_of_stratum(row->number), "%s%s%s is not available: %s.",
                          is_named ? row->name : "", is_named ? ": " : "", x->n.horizons[h].text,
                          is_group ? "a group of the standard population has nobody"
                                   : lus_why_text(why));
}

static void add_crude_row(struct lus_net_tables *x, const struct lus_net_row *row, size_t h,
                          const char *cause, double probability, double error, enum lus_why why,
                          enum lus_why why_error)
{
    struct lus_table *t = x->crude;
    double low, high;
    lus_net_add_keys(x, t, row);
    lus_table_cell(&x->n.r->document, t,
                   (struct lus_cell){.number = lus_time_in(x->n.horizons[h].time, x->n.tally.unit),
                                     .text = x->n.horizons[h].text});
    lus_table_text(&x->n.r->document, t, cause);
    lus_net_put(x, t, probability, why);
    lus_net_put(x, t, error, why_error);
    lus_crude_interval(probability, error, x->n.conf.level, &low, &high);
    lus_net_put(x, t, low, why_error);
    lus_net_put(x, t, high, why_error);
    x->is_outside |= probability < 0 || probability > 1;
}

void lus_net_tables_add(struct lus_net_tables *x, struct lus_net_row *row,
                        const struct lus_net_point *points)
{
    row->fewest = fewest(x, points);
    row->number = lus_document_stratum(&x->n.r->document,
                                       &(struct lus_headcount){NULL, row->fewest, 0});
    for (size_t h = 0; h < x->n.n_horizons; h++) {
        add_row(x, row, points, h);
        add_crude_row(x, row, h, "cancer", points[h].cancer, points[h].cancer_error, points[h].why,
                      points[h].why_error);
        add_crude_row(x, row, h, "other", points[h].other, points[h].other_error, points[h].why,
                      points[h].why_error);
    }
}
