/* The strata of a command's rows: who they are, their columns and their names. */
#include "command/reading.h"

void lus_add_strata(struct lus_result *r, const struct lus_tally *tally, size_t n_keys)
{
    struct lus_document *d = &r->document;
    double events = 0;
    for (size_t k = 0; k < n_keys; k++) /* a key behind --by is what shares are counted of */
        lus_document_key(d, tally->overlaps   ? LUS_KEY_OVERLAPS
                            : k < tally->n_by ? LUS_KEY_ADDS_UP
                                              : LUS_KEY_OF_KNOWN);
    for (size_t i = 0; i < tally->n_strata; i++) {
        const struct lus_stratum *s = &tally->strata[i];
        struct lus_headcount people = {s->levels, s->n_people,
                                       tally->without_time ? 0 : s->table.total_events};
        size_t number = lus_document_stratum(d, &people);
        if (!i) r->first_stratum = number;
        events += people.events;
    }
    /* events of people who are in several strata would count twice */
    struct lus_headcount all = {NULL, (double)tally->n_analysed, tally->overlaps ? 0 : events};
    r->everybody = lus_document_stratum(d, &all);
}

size_t lus_number_of(const struct lus_result *r, const struct lus_tally *tally,
                     const struct lus_stratum *stratum)
{
    return r->first_stratum ? r->first_stratum + (size_t)(stratum - tally->strata) : LUS_UNSAID;
}

void lus_add_by_columns(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally)
{
    for (size_t k = 0; k < tally->n_by; k++)
        lus_table_column(&r->document, t,
                         (struct lus_table_column){
                             .name = lus_document_text(&r->document, "%s", tally->keys[k]),
                             .header = lus_document_text(&r->document, "%s", tally->labels[k]),
                             .role = LUS_ROLE_KEY});
}

void lus_add_levels(struct lus_result *r, struct lus_table *t, const struct lus_tally *tally,
                    const struct lus_stratum *stratum)
{
    lus_table_row(&r->document, t, lus_number_of(r, tally, stratum));
    for (size_t k = 0; k < tally->n_by; k++)
        lus_table_text(&r->document, t,
                       stratum->levels[k]
                           ? lus_document_text(&r->document, "%s", stratum->levels[k])
                           : "missing");
}

static void add_for_machines(struct lus_document *d, struct lus_table *t, const char *name,
                             const char *header, enum lus_column_kind kind)
{
    lus_table_column(d, t,
                     (struct lus_table_column){.name = name,
                                               .header = header,
                                               .kind = kind,
                                               .role = LUS_ROLE_ESTIMATE,
                                               .machines_only = true});
}

void lus_add_error_column(struct lus_document *d, struct lus_table *t)
{
    add_for_machines(d, t, "std_error", "standard error", LUS_COLUMN_NUMBER);
}

void lus_add_limit_columns(struct lus_document *d, struct lus_table *t, enum lus_column_kind kind)
{
    add_for_machines(d, t, "conf_low", "low", kind);
    add_for_machines(d, t, "conf_high", "high", kind);
}

int lus_check_names(const struct lus_tally *tally, const struct lus_table *t, struct lus_error *err)
{
    for (size_t k = 0; t && k < tally->n_by; k++)
        for (size_t c = tally->n_by; c < t->n_columns; c++)
            if (strcmp(tally->keys[k], t->columns[c].name) == 0)
                return lus_fail(err, LUS_EUSAGE,
                                "--by %s: the output has a column of this name; give the column "
                                "another name in a recipe, "
                                "`factors: {%s_group: {column: %s}}`, and use that",
                                tally->keys[k], tally->keys[k], tally->keys[k]);
    return LUS_OK;
}

const char *lus_stratum_prefix(struct lus_result *r, const struct lus_tally *tally,
                               const struct lus_stratum *stratum)
{
    return tally->n_by
               ? lus_document_text(&r->document, "%s: ", lus_stratum_name(r, tally, stratum))
               : "";
}

const char *lus_stratum_name(struct lus_result *r, const struct lus_tally *tally,
                             const struct lus_stratum *stratum)
{
    struct lus_string name = {0};
    for (size_t k = 0; k < tally->n_by; k++)
        lus_string_print(&name, "%s%s", k ? ", " : "",
                         stratum->levels[k] ? stratum->levels[k] : "missing");
    if (!tally->n_by) lus_string_put(&name, "all");
    return lus_document_keep(&r->document, &name);
}
