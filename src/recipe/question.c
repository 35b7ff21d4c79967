/* A question in one line: all that decides what is counted, in an order of its own. Two plans of
 * equal lines count the same of the same rows. */
#include "recipe/plan.h"

static void put_list(struct lus_string *out, char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lus_string_print(out, "%s\"%s\"", i ? "," : "", texts[i]);
}

/* "name `column` unit; " */
static void put_column(struct lus_string *out, const char *name, const struct lus_time_column *c)
{
    if (!c->column) return;
    lus_string_print(out, "%s `%s`", name, c->column);
    for (size_t i = 0; i < c->n_otherwise; i++)
        lus_string_print(out, " else `%s`", c->otherwise[i]);
    lus_string_print(out, " %s; ", lus_unit_name(c->unit));
}

static void put_time(struct lus_string *out, const struct lus_plan *plan)
{
    const struct lus_recipe *r = &plan->recipe;
    if (plan->without_time) {
        lus_string_put(out, "people; ");
        return;
    }
    lus_string_print(out, "unit %s; ", lus_unit_name(r->time.unit));
    put_column(out, "exit", &r->time.exit);
    put_column(out, "origin", &r->time.origin);
    put_column(out, "entry", &r->time.entry);
    if (plan->has_entry)
        lus_string_print(out, "entries %s%s; ", plan->ignores_entry ? "ignored" : "used",
                         r->time.clip_entry ? ", clipped" : "");
    if (r->time.from) lus_string_print(out, "from \"%s\"; ", r->time.from);
    if (r->time.completed) lus_string_put(out, "completed units; ");
    if (plan->landmark >= 0) lus_string_print(out, "landmark %lld; ", (long long)plan->landmark);
}

static void put_events(struct lus_string *out, const struct lus_plan *plan)
{
    if (plan->without_time) return;
    lus_string_print(out, "event `%s`", plan->recipe.event.column);
    for (size_t c = 0; c < plan->n_causes; c++) {
        const struct lus_event_cause *cause = &plan->causes[c];
        lus_string_print(out, " %s%s(", cause->name ? cause->name : "", cause->is_event ? "" : "-");
        put_list(out, cause->levels, cause->n_levels);
        lus_string_put(out, ")");
    }
    lus_string_put(out, "; ");
}

/* Both filters are parsed texts: their sources say all. */
static void put_filter(struct lus_string *out, const struct lus_expr *e)
{
    if (!e) return;
    bool is_joined = e->kind == LUS_EXPR_AND && e->left->source != e->source;
    if (is_joined) lus_string_print(out, "where %s; ", e->left->source);
    lus_string_print(out, "where %s; ", e->source);
}

static void put_factor(struct lus_string *out, const struct lus_factor *f)
{
    lus_string_print(out, "factor %s", f->name);
    if (f->column) lus_string_print(out, " `%s`", f->column);
    for (size_t i = 0; i < f->n_otherwise; i++)
        lus_string_print(out, " else `%s`", f->otherwise[i]);
    if (f->kind == LUS_FACTOR_TNM)
        lus_string_print(out, " tnm(`%s`,`%s`,`%s`,%d)", f->t, f->n, f->m, f->edition);
    for (size_t k = 0; k < f->n_levels; k++) {
        lus_string_print(out, " \"%s\"", f->levels[k]);
        if (f->conditions && f->conditions[k])
            lus_string_print(out, "(%s)", f->conditions[k]->source);
        if (f->cuts && k + 1 < f->n_levels) lus_string_print(out, "<%.17g", f->cuts[k]);
    }
    lus_string_print(out, "%s; ", f->kind == LUS_FACTOR_ANY_OF ? " overlapping" : "");
}

static void put_keys(struct lus_string *out, const struct lus_plan *plan)
{
    for (size_t i = 0; i < plan->factors.n; i++)
        put_factor(out, &plan->recipe.factors[plan->factors.at[i]]);
    for (size_t k = 0; k < plan->n_keys; k++) {
        const struct lus_key *key = &plan->keys[k];
        const char *use = k < plan->n_by ? "by" : k < plan->n_by + plan->n_strata ? "strata" : "of";
        lus_string_print(out, "%s %s%s; ", use, key->name, key->keeps_missing ? " or missing" : "");
        if (key->factor && key->factor->kind == LUS_FACTOR_AGE) put_factor(out, key->factor);
    }
    if (plan->of) lus_string_print(out, "of whether %s; ", plan->of->source);
}

static void put_words(struct lus_string *out, const struct lus_missing *missing)
{
    for (size_t i = 0; i < missing->n; i++)
        lus_string_print(out, " \"%.*s\"", (int)missing->words[i].n, missing->words[i].p);
}

static void put_rows(struct lus_string *out, const struct lus_plan *plan)
{
    const struct lus_recipe *r = &plan->recipe;
    lus_string_put(out, "missing");
    put_words(out, &r->missing);
    for (size_t i = 0; i < r->n_missing_of; i++) {
        lus_string_print(out, ", of `%s`", r->missing_of[i].column);
        put_words(out, &r->missing_of[i]);
    }
    for (size_t i = 0; i < r->n_dates; i++)
        lus_string_print(out, "; dates %s %d", r->dates[i].column ? r->dates[i].column : "",
                         (int)r->dates[i].form);
    lus_string_print(out, "; bad rows %s; ", plan->drop_bad ? "dropped" : "stop");
    if (r->weight) lus_string_print(out, "weight `%s`; ", r->weight);
    if (r->one_row_per.column)
        lus_string_print(out, "one row per `%s` by `%s` %s; ", r->one_row_per.column,
                         r->one_row_per.order ? r->one_row_per.order : "",
                         r->one_row_per.keep_last ? "last" : "first");
    if (plan->demography.to)
        lus_string_print(out, "diagnosed %lld to %lld; ", (long long)plan->demography.from,
                         (long long)plan->demography.to);
}

void lus_plan_question(const struct lus_plan *plan, struct lus_string *out)
{
    put_time(out, plan);
    put_events(out, plan);
    put_filter(out, plan->where);
    put_rows(out, plan);
    put_keys(out, plan);
}
