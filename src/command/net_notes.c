/* What net says of its numbers. */
#include "command/net_analysis.h"

static const char *words_of(enum lus_net_method method)
{
    static const char *const words[] = {"Pohar Perme net survival", "Ederer II relative survival",
                                        "Ederer I relative survival",
                                        "Hakulinen relative survival"};
    return words[method];
}

/* What a year of age is, and whom the table does not reach. */
static void note_ages(struct lus_net_analysis *n)
{
    struct lus_document *d = &n->r->document;
    const struct lus_life_table *t = &n->table;
    if (n->tally.age_completed)
        lus_document_note(
            d, lus_of_method(),
            "Ages in completed years count half a year more. A year of age has %g days.",
            t->year_days);
    else
        lus_document_note(d, lus_of_method(),
                          "A year of age has %g days; calendar years change on 1 January.",
                          t->year_days);
    if (n->n_beyond)
        lus_document_note(
            d,
            lus_of_counts(LUS_NOBODY,
                          lus_document_text(d,
                                            "The table's first and last year, %.0f and %.0f, serve "
                                            "for those followed outside them.",
                                            t->years[0], t->years[t->n_years - 1])),
            "%llu patient%s followed outside the table's years, %.0f to %.0f: its "
            "first and last year serve for them.",
            (unsigned long long)n->n_beyond, n->n_beyond == 1 ? " is" : "s are", t->years[0],
            t->years[t->n_years - 1]);
}

static void note_old_ages(struct lus_net_analysis *n)
{
    struct lus_document *d = &n->r->document;
    const struct lus_life_table *t = &n->table;
    if (!n->n_beyond_ages) return;
    const char *discreet = lus_document_text(
        d, "The table's first and last age, %.0f and %.0f, serve for those outside them.",
        t->ages[0], t->ages[t->n_ages - 1]);
    lus_document_note(
        d, lus_of_counts(LUS_NOBODY, discreet),
        "%llu patient%s followed outside the table's ages, %.0f to %.0f: its first and "
        "last age serve for them.",
        (unsigned long long)n->n_beyond_ages, n->n_beyond_ages == 1 ? " is" : "s are", t->ages[0],
        t->ages[t->n_ages - 1]);
}

void lus_add_net_notes(struct lus_net_analysis *n)
{
    struct lus_document *d = &n->r->document;
    const struct lus_life_table *t = &n->table;
    const struct lus_tally *tally = &n->tally;
    d->estimator = words_of(n->query.method);
    d->conf_level = n->conf.level, d->transform = lus_transform_name(n->conf.transform);
    d->is_relative = n->query.method != LUS_POHAR_PERME;
    d->period = n->o->period;
    d->life_table = lus_document_text(d, "%s",
                                      t->title          ? t->title
                                      : t->source       ? t->source
                                      : n->o->lifetable ? n->o->lifetable
                                                        : "the recipe's table");
    lus_document_note(d, lus_of_method(), "%s%s%s, against: %s; %g %% intervals, %s. Times in %s.",
                      words_of(n->query.method), tally->origin ? ", from " : "",
                      tally->origin ? tally->origin : "",
                      t->title          ? t->title
                      : t->source       ? t->source
                      : n->o->lifetable ? n->o->lifetable
                                        : "the recipe's table",
                      100 * n->conf.level, lus_transform_name(n->conf.transform),
                      lus_unit_name(tally->unit));
    if (n->query.interval)
        lus_document_note(d, lus_of_method(),
                          "By intervals of %s, in which hazards are taken to be constant; weights "
                          "in the middle of each.",
                          lus_time_text(n->r, n->query.interval, tally->unit));
    if (n->query.method == LUS_HAKULINEN && n->o->closing)
        lus_document_note(d, lus_of_method(),
                          "Everybody might have been followed to the closing date, %s.",
                          n->o->closing);
    else if (n->query.method == LUS_HAKULINEN)
        lus_document_note(d, lus_of_method(),
                          "The dead might have been followed to the last day in the file "
                          "(--closing DATE names another, for everybody).");
    lus_note_standard(n->r, &n->standard, "estimates");
    if (n->o->period)
        lus_document_note(d, lus_of_method(),
                          "Period: what is seen in these calendar years; those diagnosed before "
                          "enter late, weights count from the origin.");
    if (n->query.given > 0)
        lus_document_note(d, lus_of_method(),
                          "Conditional on being alive and followed %s after the origin.",
                          lus_time_text(n->r, n->query.given, tally->unit));
    note_ages(n);
    note_old_ages(n);
}
