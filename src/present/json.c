/* {"tables": {NAME: [{column: value}]}, "notes": [...], "source": {...}} (RFC 8259): UTF-8 as it
 * is, numbers the shortest text that reads back, null for what is not available. */
#include <math.h>

#include "present/present.h"
#include "support/number.h"

struct json {
    struct lus_string *out;
    int depth;
    bool has_item; /* the object or array that is open has one already */
};

static void put_quoted(struct lus_string *out, const char *text)
{
    static const char letters[] = "\b\f\n\r\t\"\\", written[] = "bfnrt\"\\";
    size_t n = strlen(text), bad = lus_utf8_bad(text, n);
    lus_string_put(out, "\"");
    for (size_t i = 0; i < n; i++) {
        const char *special = strchr(letters, text[i]);
        if (i == bad) { /* a byte that is no UTF-8 */
            lus_string_put(out, "\\ufffd");
            bad = i + 1 + lus_utf8_bad(text + i + 1, n - i - 1);
        } else if (special) {
            lus_string_print(out, "\\%c", written[special - letters]);
        } else if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            lus_string_print(out, "\\u%04x", (unsigned)text[i]);
        } else {
            lus_string_add(out, text + i, 1);
        }
    }
    lus_string_put(out, "\"");
}

static void put_line(struct json *j)
{
    lus_string_put(j->out, "\n");
    for (int i = 0; i < j->depth; i++)
        lus_string_put(j->out, "  ");
}

/* What stands before a value; name: its key in an object, NULL in an array. */
static void begin_item(struct json *j, const char *name)
{
    if (j->has_item) lus_string_put(j->out, ",");
    put_line(j);
    if (name) put_quoted(j->out, name), lus_string_put(j->out, ": ");
    j->has_item = true;
}

static void put_text(struct json *j, const char *name, const char *text)
{
    begin_item(j, name);
    put_quoted(j->out, text);
}

static void put_number(struct json *j, const char *name, double x)
{
    char text[LUS_NUMBER_ROOM];
    begin_item(j, name);
    if (isfinite(x)) lus_string_add(j->out, text, lus_number_print(text, x));
    else lus_string_put(j->out, "null");
}

static void begin(struct json *j, const char *bracket)
{
    lus_string_put(j->out, bracket);
    j->depth++;
    j->has_item = false;
}

static void end(struct json *j, const char *bracket)
{
    j->depth--;
    if (j->has_item) put_line(j);
    lus_string_put(j->out, bracket);
    j->has_item = true;
}

static void put_row(struct json *j, const struct lus_table *t, size_t row)
{
    begin_item(j, NULL);
    begin(j, "{");
    for (size_t c = 0; c < t->n_columns; c++) {
        const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
        if (t->columns[c].kind == LUS_COLUMN_TEXT)
            put_text(j, t->columns[c].name, cell->text ? cell->text : "");
        else put_number(j, t->columns[c].name, cell->number);
    }
    end(j, "}");
}

static void put_source(struct json *j, const struct lus_document *d)
{
    const struct {
        const char *name, *text;
    } texts[] = {{"file", d->file},
                 {"title", d->title},
                 {"source", d->source},
                 {"origin", d->origin},
                 {"measure", d->measure},
                 {"estimator", d->estimator},
                 {"life_table", d->life_table},
                 {"where", d->where},
                 {"sha256", d->sha256},
                 {"command", d->command},
                 {"version", d->command ? LUS_VERSION : NULL}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text) put_text(j, texts[i].name, texts[i].text);
    begin_item(j, "synthetic");
    lus_string_put(j->out, d->is_synthetic ? "true" : "false");
}

void lus_write_json(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how)
{
    (void)how;
    struct json j = {.out = out};
    begin(&j, "{");
    begin_item(&j, "tables"), begin(&j, "{");
    for (size_t i = 0; i < d->n_tables; i++) {
        begin_item(&j, d->tables[i]->name), begin(&j, "[");
        for (size_t row = 0; row < d->tables[i]->n_rows; row++)
            put_row(&j, d->tables[i], row);
        end(&j, "]");
    }
    end(&j, "}");
    begin_item(&j, "notes"), begin(&j, "[");
    for (size_t i = 0; i < d->n_notes; i++)
        put_text(&j, NULL, d->notes[i].text);
    end(&j, "]");
    begin_item(&j, "source"), begin(&j, "{");
    put_source(&j, d);
    end(&j, "}");
    end(&j, "}");
    lus_string_put(out, "\n");
}
