/* {"tables": {NAME: [{column: value}]}, "notes": [...], "source": {...}}, by json-c; doubles keep
 * their shortest text, which is why the library is json-c: it takes a number's text as it is. */
#include <json-c/json.h>
#include <math.h>

#include "present/present.h"
#include "support/number.h"

static struct json_object *number_value(double x)
{
    char text[LUS_NUMBER_ROOM];
    if (!isfinite(x)) return NULL; /* null */
    (void)lus_number_print(text, x);
    return json_object_new_double_s(x, text);
}

static struct json_object *table_value(const struct lus_table *t)
{
    struct json_object *rows = json_object_new_array();
    for (size_t row = 0; row < t->n_rows; row++) {
        struct json_object *object = json_object_new_object();
        for (size_t c = 0; c < t->n_columns; c++) {
            const struct lus_cell *cell = &t->cells[row * t->n_columns + c];
            bool is_text = t->columns[c].kind == LUS_COLUMN_TEXT;
            json_object_object_add(object, t->columns[c].name,
                                   is_text ? json_object_new_string(cell->text)
                                           : number_value(cell->number));
        }
        json_object_array_add(rows, object);
    }
    return rows;
}

static void add_text(struct json_object *object, const char *key, const char *text)
{
    if (text) json_object_object_add(object, key, json_object_new_string(text));
}

void lus_write_json(struct lus_string *out, const struct lus_document *d)
{
    struct json_object *root = json_object_new_object(), *tables = json_object_new_object();
    struct json_object *notes = json_object_new_array(), *source = json_object_new_object();
    for (size_t i = 0; i < d->n_tables; i++)
        json_object_object_add(tables, d->tables[i]->name, table_value(d->tables[i]));
    for (size_t i = 0; i < d->n_notes; i++)
        json_object_array_add(notes, json_object_new_string(d->notes[i]));
    add_text(source, "file", d->file);
    add_text(source, "title", d->title);
    add_text(source, "source", d->source);
    add_text(source, "origin", d->origin);
    add_text(source, "measure", d->measure);
    json_object_object_add(source, "synthetic", json_object_new_boolean(d->is_synthetic));
    json_object_object_add(root, "tables", tables);
    json_object_object_add(root, "notes", notes);
    json_object_object_add(root, "source", source);
    size_t n;
    const char *text = json_object_to_json_string_length(
        root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE,
        &n);
    if (text) {
        lus_string_add(out, text, n);
        lus_string_put(out, "\n");
    } else {
        out->failed = true;
    }
    json_object_put(root);
}
