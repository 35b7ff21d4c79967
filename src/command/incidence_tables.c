/* The tables of incidence: probabilities at horizons, curves. */
#include <math.h>

#include "command/incidence.h"

static void add_columns(struct lus_incidence_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    const char *percent = lus_document_text(d, "%g %%", 100 * x->conf.level);
    lus_add_by_columns(x->r, t, &x->tally);
    COLUMN(.name = "cause", .role = LUS_ROLE_KEY, .header = "cause");
    COLUMN(.name = "n", .role = LUS_ROLE_COUNT, .header = "n", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .role = LUS_ROLE_EVENTS, .header = "events", .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "time", .role = LUS_ROLE_ASKED, .header = "by", .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events_by", .role = LUS_ROLE_EVENTS, .header = "events by",
           .kind = LUS_COLUMN_COUNT, .machines_only = true);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "incidence", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "incidence (%s)", percent), .kind = LUS_COLUMN_SHARE,
           .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    COLUMN(.name = "years_lost", .role = LUS_ROLE_ESTIMATE, .header = "years lost",
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "years_lost_error", .role = LUS_ROLE_ESTIMATE, .header = "standard error",
           .kind = LUS_COLUMN_NUMBER, .machines_only = true);
}

static void add_curve_columns(struct lus_incidence_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->curve;
    lus_add_by_columns(x->r, t, &x->tally);
    COLUMN(.name = "cause", .role = LUS_ROLE_KEY, .header = "cause");
    COLUMN(.name = "time", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "time, %s", lus_unit_name(x->tally.unit)),
           .kind = LUS_COLUMN_TIME);
    COLUMN(.name = "at_risk", .role = LUS_ROLE_COUNT, .header = "at risk",
           .kind = LUS_COLUMN_COUNT);
    COLUMN(.name = "events", .is_step = true, .role = LUS_ROLE_EVENTS, .header = "events",
           .kind = LUS_COLUMN_COUNT);
    int at = t ? (int)t->n_columns : 0;
    COLUMN(.name = "incidence", .role = LUS_ROLE_ESTIMATE,
           .header = lus_document_text(d, "incidence (%g %%)", 100 * x->conf.level),
           .kind = LUS_COLUMN_SHARE, .low = at + 2, .high = at + 3);
    lus_add_error_column(d, t);
    lus_add_limit_columns(d, t, LUS_COLUMN_SHARE);
    COLUMN(.name = "survival", .role = LUS_ROLE_ESTIMATE, .header = "alive",
           .kind = LUS_COLUMN_SHARE);
    COLUMN(.name = "up_to", .role = LUS_ROLE_ESTIMATE, .header = "of this cause and those above",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
    COLUMN(.name = "below", .role = LUS_ROLE_ESTIMATE, .header = "of those above",
           .kind = LUS_COLUMN_SHARE, .machines_only = true);
}

static void add_test_columns(struct lus_incidence_asked *x)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->tests;
    COLUMN(.name = "cause", .role = LUS_ROLE_KEY, .header = "cause");
    COLUMN(.name = "test", .role = LUS_ROLE_KEY, .header = "test");
    COLUMN(.name = "rho", .role = LUS_ROLE_ASKED, .header = "rho", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "statistic", .role = LUS_ROLE_ESTIMATE, .header = "chi-square",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "df", .role = LUS_ROLE_ASKED, .header = "df", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "p_value", .role = LUS_ROLE_ESTIMATE, .header = "p", .kind = LUS_COLUMN_P);
}

int lus_incidence_tables_begin(struct lus_incidence_asked *x, struct lus_error *err)
{
    struct lus_document *d = &x->r->document;
    const struct lus_options *o = x->o;
    x->table = lus_document_table(d, "incidence", "");
    add_columns(x);
    LUS_TRY(lus_check_names(&x->tally, x->table, err));
    if (x->tally.n_by) {
        x->tests = lus_document_table(d, "tests", "Gray's test");
        add_test_columns(x);
    }
    if (!o->curve && !o->wants_round_times && !(o->table && strcmp(o->table, "curve") == 0))
        return LUS_OK;
    x->curve = lus_document_table(d, "curve", "Curves");
    if (x->curve) x->curve->rows = LUS_ROWS_STEPS;
    add_curve_columns(x);
    LUS_TRY(lus_check_names(&x->tally, x->curve, err));
    if (o->wants_round_times) x->at_risk = lus_add_at_risk(x->r, &x->tally);
    return LUS_OK;
}

static void put(struct lus_incidence_asked *x, struct lus_table *t, double number, enum lus_why why)
{
    lus_table_cell(&x->r->document, t,
                   (struct lus_cell){.number = number, .why = isnan(number) ? why : LUS_AVAILABLE});
}

/* The fewest who have the event by one cause, in all or between two of the horizons: rows could be
 * subtracted from one another, and from everybody. */
static double fewest(const struct lus_incidence_asked *x, size_t group)
{
    double fewest = INFINITY;
    for (size_t k = 0; k < x->n_causes; k++) {
        double all = x->wholes[group * x->n_causes + k]->total_events;
        if (all > 0) fewest = fmin(fewest, all);
        for (size_t h = 0; h < x->n_horizons; h++)
            for (size_t g = 0; g < x->n_horizons; g++) {
                const struct lus_incidence *c = &x->curves[group];
                double events = lus_incidence_at(c, k, x->horizons[h].time, &x->conf).events_by -
                                lus_incidence_at(c, k, x->horizons[g].time, &x->conf).events_by;
                if (events > 0) fewest = fmin(fewest, events);
            }
    }
    return fewest;
}

/* What 1 - Kaplan-Meier would say, of causes of which it is a point or more beside what happens. */
static int note_naive(struct lus_incidence_asked *x, size_t group, size_t between,
                      const struct lus_horizon *h)
{
    static const double POINT = 0.01;
    const struct lus_stratum *s = x->groups.first[group];
    struct lus_string said = {0};
    for (size_t k = 0; k < x->n_causes && x->n_causes > 1; k++) {
        double own = lus_incidence_at(&x->curves[group], k, h->time, &x->conf).incidence;
        struct lus_curve alone;
        int status = lus_kaplan_meier(x->wholes[group * x->n_causes + k], 0, &alone);
        if (status != LUS_OK) {
            lus_string_free(&said);
            return status;
        }
        double naive = 1 - lus_curve_at(&alone, h->time, &x->conf).survival;
        lus_curve_free(&alone);
        if (naive - own > POINT)
            lus_string_print(&said, "%s%s %.1f %% (it is %.1f %%)", said.n ? ", " : "",
                             lus_cause_name(x, k), 100 * naive, 100 * own);
    }
    if (said.n || said.failed)
        lus_document_note(&x->r->document, lus_of_counts(between, NULL),
                          "%s1 - Kaplan-Meier takes other deaths for people lost, and by %s would "
                          "say %s.",
                          lus_stratum_prefix(x->r, &x->tally, s), h->text,
                          lus_document_keep(&x->r->document, &said));
    lus_string_free(&said);
    return LUS_OK;
}

static void note_not_available(struct lus_incidence_asked *x, size_t group,
                               const struct lus_horizon *h, enum lus_why why)
{
    const struct lus_stratum *s = x->groups.first[group];
    if (why == LUS_AVAILABLE) return;
    lus_document_note(&x->r->document, lus_of_stratum(lus_number_of(x->r, &x->tally, s)),
                      "%s%s is not available: %s.", lus_stratum_prefix(x->r, &x->tally, s), h->text,
                      lus_why_text(why));
}

static void add_row(struct lus_incidence_asked *x, size_t group, size_t cause, size_t between,
                    const struct lus_horizon *h)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->table;
    const struct lus_stratum *s = x->groups.first[group];
    const struct lus_event_table *all = x->groups.wholes[group],
                                 *of_cause = x->wholes[group * x->n_causes + cause];
    const struct lus_incidence *c = &x->curves[group];
    struct lus_incidence_point p = lus_incidence_at(c, cause, h->time, &x->conf);
    struct lus_mean lost = lus_time_lost(all, of_cause, c, cause, h->time, x->conf.level);
    double at_risk = lus_at_risk(all, h->time), year = (double)lus_unit_ticks(LUS_YEARS);
    bool is_few = at_risk < LUS_FEW && !isnan(p.incidence);
    lus_add_levels(x->r, t, &x->tally, s);
    lus_table_row_of_pair(d, t, lus_number_of(x->r, &x->tally, s), between);
    lus_table_text(d, t, lus_document_text(d, "%s", lus_cause_name(x, cause)));
    lus_table_number(d, t, all->total);
    lus_table_number(d, t, of_cause->total_events);
    lus_table_cell(
        d, t, (struct lus_cell){.number = lus_time_in(h->time, x->tally.unit), .text = h->text});
    lus_table_number(d, t, at_risk);
    lus_table_number(d, t, p.events_by);
    lus_table_cell(d, t, (struct lus_cell){.number = p.incidence, .why = p.why, .is_few = is_few});
    put(x, t, p.std_error, p.why_error);
    put(x, t, p.low, p.why_error);
    put(x, t, p.high, p.why_error);
    put(x, t, lost.mean / year, lost.why);
    put(x, t, lost.std_error / year, lost.why);
    if (is_few)
        lus_document_note(d, lus_of_marks(), "* fewer than %d at risk: read with care.", LUS_FEW);
    if (p.why_error == LUS_WHY_NO_EVENT)
        lus_document_note(d, lus_of_stratum(lus_number_of(x->r, &x->tally, s)),
                          "%s%s by %s: no event, and so no interval.",
                          lus_stratum_prefix(x->r, &x->tally, s), lus_cause_name(x, cause),
                          h->text);
    if (!cause) note_not_available(x, group, h, p.why);
}

static void add_curve_row(struct lus_incidence_asked *x, size_t group, size_t cause, size_t i,
                          size_t own)
{
    struct lus_document *d = &x->r->document;
    struct lus_table *t = x->curve;
    const struct lus_incidence *c = &x->curves[group];
    const struct lus_stratum *s = x->groups.first[group];
    lus_time time = c->alive.time[i];
    struct lus_incidence_point p = lus_incidence_at(c, cause, time, &x->conf);
    double at_risk = c->alive.at_risk[i], below = 0;
    for (size_t k = 0; k < cause; k++)
        below += c->incidence[k * c->n + i];
    if (p.why != LUS_AVAILABLE) below = NAN;
    lus_add_levels(x->r, t, &x->tally, s);
    lus_table_row_of_pair(d, t, lus_number_of(x->r, &x->tally, s), own);
    lus_table_text(d, t, lus_document_text(d, "%s", lus_cause_name(x, cause)));
    lus_table_number(d, t, lus_time_in(time, x->tally.unit));
    lus_table_number(d, t, at_risk);
    lus_table_number(d, t, x->wholes[group * x->n_causes + cause]->events[i]);
    lus_table_cell(d, t,
                   (struct lus_cell){.number = p.incidence,
                                     .why = p.why,
                                     .is_few = at_risk < LUS_FEW && !isnan(p.incidence)});
    put(x, t, p.std_error, p.why_error);
    put(x, t, p.low, p.why_error);
    put(x, t, p.high, p.why_error);
    put(x, t, p.why == LUS_AVAILABLE ? c->alive.survival[i] : NAN, p.why);
    put(x, t, below + p.incidence, p.why);
    put(x, t, below, p.why);
}

int lus_incidence_tables_add(struct lus_incidence_asked *x, size_t group)
{
    struct lus_document *d = &x->r->document;
    const struct lus_stratum *s = x->groups.first[group];
    const struct lus_headcount least = {NULL, INFINITY, fewest(x, group)};
    size_t between = lus_document_stratum(d, &least);
    for (size_t h = 0; h < x->n_horizons; h++) {
        for (size_t k = 0; k < x->n_causes; k++)
            add_row(x, group, k, between, &x->horizons[h]);
        LUS_TRY(note_naive(x, group, between, &x->horizons[h]));
    }
    for (size_t k = 0; x->curve && k < x->n_causes; k++) {
        size_t own = lus_document_stratum(d, &least); /* rows of two causes are never joined */
        for (size_t i = 0; i < x->curves[group].n; i++)
            add_curve_row(x, group, k, i, own);
    }
    if (x->at_risk)
        lus_add_at_risk_rows(x->r, x->at_risk, &x->tally, s, x->groups.wholes[group], &x->times);
    lus_add_entry_notes(x->r, &x->tally, s, &x->curves[group].alive);
    return LUS_OK;
}
