/* The table of estimators, and the curve that a fitting asks for. */
#include <string.h>

#include "lustrum/estimate.h"
#include "support/error.h"

static int kaplan_meier(const struct lus_event_table *table, const struct lus_fitting *f,
                        struct lus_curve *out)
{
    return lus_kaplan_meier(table, f->given, out);
}

static int actuarial(const struct lus_event_table *table, const struct lus_fitting *f,
                     struct lus_curve *out)
{
    return lus_actuarial(table, f->given, f->interval, out);
}

static int nelson_aalen(const struct lus_event_table *table, const struct lus_fitting *f,
                        struct lus_curve *out)
{
    return lus_nelson_aalen(table, f->given, false, out);
}

static int fleming_harrington(const struct lus_event_table *table, const struct lus_fitting *f,
                              struct lus_curve *out)
{
    return lus_nelson_aalen(table, f->given, true, out);
}

const struct lus_estimator lus_estimators[] = {
    {.name = "kaplan-meier",
     .words = "Kaplan-Meier",
     .title = "Kaplan-Meier",
     .error = "Greenwood",
     .usual = "default",
     .is_product_limit = true,
     .curve = kaplan_meier},
    {.name = "actuarial",
     .words = "Actuarial",
     .title = "actuarial",
     .error = "Greenwood",
     .usual = "default for completed months",
     .by_intervals = true,
     .curve = actuarial},
    {.name = "nelson-aalen",
     .words = "Nelson-Aalen, exp(-H)",
     .title = "Nelson-Aalen",
     .error = "variance of the hazard",
     .curve = nelson_aalen},
    {.name = "fleming-harrington",
     .words = "Fleming-Harrington, exp(-H)",
     .title = "Fleming-Harrington",
     .error = "variance of the hazard",
     .curve = fleming_harrington},
    {.name = NULL},
};

const struct lus_estimator *lus_estimator_find(const char *name)
{
    for (const struct lus_estimator *e = lus_estimators; e->name; e++)
        if (strcmp(e->name, name) == 0) return e;
    return NULL;
}

struct lus_fitting lus_fitting_default(bool is_completed)
{
    const struct lus_estimator *e = lus_estimators;
    for (; is_completed && !e->by_intervals; e++) {}
    return (struct lus_fitting){
        .estimator = e, .interval = lus_unit_ticks(LUS_MONTHS), .conf = LUS_CONF_DEFAULT};
}

int lus_fit(const struct lus_fitting *f, const struct lus_event_table *whole, struct lus_fit *out,
            struct lus_error *err)
{
    int status = LUS_OK;
    *out = (struct lus_fit){.table = whole};
    if (f->given > 0) {
        /* An interval holds the exits at its own beginning. */
        lus_time after = f->estimator->by_intervals ? f->given - 1 : f->given;
        status = lus_event_table_given(whole, after, &out->after);
        out->table = &out->after;
    }
    if (status == LUS_OK) status = f->estimator->curve(out->table, f, &out->curve);
    if (status == LUS_OK) return LUS_OK;
    lus_fit_free(out);
    return lus_fail(err, (enum lus_status)status, "the curve cannot be computed");
}

void lus_fit_free(struct lus_fit *fit)
{
    lus_curve_free(&fit->curve);
    lus_event_table_free(&fit->after);
    fit->table = NULL;
}
