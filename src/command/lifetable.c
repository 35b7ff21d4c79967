/* lustrum lifetable: a life table as lustrum reads it. */
#include <math.h>

#include "command/command.h"
#include "command/option.h"
#include "lustrum/relative.h"

static const struct lus_option options[] = {
    TEXT("recipe", 0, "FILE", recipe,
         "YAML that says what the table's numbers are (default: TABLE.yaml beside TABLE)"),
    END};
const struct lus_option_group lus_lifetable_options = {"Reading", options};

static void add_rows(struct lus_result *r, struct lus_table *t, const struct lus_life_table *table,
                     enum lus_sex sex)
{
    struct lus_document *d = &r->document;
    for (size_t by = 0; by < table->n_by; by++)
        for (size_t y = 0; y < table->n_years; y++)
            for (size_t a = 0; a < table->n_ages; a++) {
                double h = lus_life_table_hazard(table, sex, by, table->ages[a], table->years[y]);
                lus_table_row(d, t, LUS_NOBODY);
                lus_table_text(d, t, sex == LUS_MALE ? "male" : "female");
                lus_table_number(d, t, table->ages[a]);
                lus_table_number(d, t, table->years[y]);
                lus_table_number(d, t, h);
                lus_table_number(d, t, -expm1(-h * table->year_days));
                for (size_t k = 0; k < table->n_keys; k++)
                    lus_table_text(
                        d, t, lus_document_text(d, "%s", table->by_levels[by * table->n_keys + k]));
            }
}

static void add_table(struct lus_result *r, const struct lus_life_table *table)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = lus_document_table(d, "lifetable", "");
    COLUMN(.name = "sex", .role = LUS_ROLE_KEY, .header = "sex");
    COLUMN(.name = "age", .role = LUS_ROLE_ASKED, .header = "age", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "year", .role = LUS_ROLE_ASKED, .header = "year", .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "hazard_per_day", .role = LUS_ROLE_ASKED, .header = "hazard per day",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "probability", .role = LUS_ROLE_ASKED, .header = "dies within a year",
           .kind = LUS_COLUMN_NUMBER);
    for (size_t k = 0; k < table->n_keys; k++)
        COLUMN(.name = lus_document_text(d, "%s", table->keys[k]),
               .header = lus_document_text(d, "%s", table->keys[k]), .role = LUS_ROLE_KEY);
    for (int sex = 0; sex < LUS_N_SEXES; sex++)
        if (table->has_sex[sex]) add_rows(r, t, table, (enum lus_sex)sex);
    lus_document_note(d, lus_of_method(),
                      "Ages %g to %g, years %g to %g; a cell holds until the next one, the first "
                      "and the last for all that is earlier and later. A year has %g days.",
                      table->ages[0], table->ages[table->n_ages - 1], table->years[0],
                      table->years[table->n_years - 1], table->year_days);
    if (table->title) d->title = lus_document_text(d, "%s", table->title);
    if (table->source) d->source = lus_document_text(d, "%s", table->source);
}

int lus_lifetable(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_life_table table;
    if (o->n_files != 1) return lus_fail(err, LUS_EUSAGE, "lifetable reads one life table");
    LUS_TRY(lus_life_table_read(o->files[0], o->recipe, &table, err));
    add_table(r, &table);
    r->document.file = lus_document_text(&r->document, "%s", o->files[0]);
    lus_life_table_free(&table);
    return LUS_OK;
}
