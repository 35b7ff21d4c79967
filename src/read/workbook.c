/* The first sheet of an Excel workbook (ECMA-376): a zip file of XML. */
#include <ctype.h>
#include <expat.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "read/convert.h"
#include "support/calendar.h"
#include "support/number.h"

enum { MOST_COLUMNS = 16384, PIECE = 1 << 16 };

struct book {
    struct lus_conversion *c;
    struct lus_arena arena;
    zip_t *zip;
    XML_Parser parser; /* of the part that is read now */
    bool failed;
    /* workbook.xml and its relations */
    const char *sheet_name, *sheet_relation, *sheet_path;
    size_t n_sheets;
    bool counts_from_1904;
    LUS_ARRAY(const char *) texts; /* the shared ones */
    /* styles.xml: of custom formats, and of cells' styles, whether they are of dates */
    LUS_ARRAY(int) date_formats;
    LUS_ARRAY(bool) style_is_date;
    bool is_in_cell_styles;
    /* of the text or cell that is read now */
    struct lus_string text;
    bool takes_text, is_in_phonetic;
    char type; /* of the cell: s, i (inline), b, e, t (text), n */
    size_t column, style;
    LUS_ARRAY(struct lus_string) row; /* its cells */
    size_t n_cells, n_rows, width;
};

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2) {
        const char *colon = strchr(attributes[i], ':');
        if (strcmp(colon ? colon + 1 : attributes[i], name) == 0) return attributes[i + 1];
    }
    return NULL;
}

static bool is_element(const XML_Char *element, const char *name)
{
    const char *colon = strchr(element, ':');
    return strcmp(colon ? colon + 1 : element, name) == 0;
}

static const char *keep(struct book *b, const char *text)
{
    const char *copy = lus_arena_copy(&b->arena, text, strlen(text));
    b->failed |= !copy;
    return copy ? copy : "";
}

static void take_text(void *context, const XML_Char *text, int n)
{
    struct book *b = context;
    if (b->takes_text && !b->is_in_phonetic) lus_string_add(&b->text, text, (size_t)n);
}

static void start_text(struct book *b)
{
    b->text.n = 0;
    lus_string_put(&b->text, "");
}

/* --- one part of the zip file --- */

static int read_part(struct book *b, const char *path, XML_StartElementHandler start,
                     XML_EndElementHandler end, bool is_optional, struct lus_error *err)
{
    zip_file_t *file = zip_fopen(b->zip, path, ZIP_FL_NOCASE);
    if (!file && is_optional) return LUS_OK;
    if (!file)
        return lus_fail(err, LUS_EDATA, "%s: an Excel workbook without %s", b->c->name, path);
    b->parser = XML_ParserCreate(NULL);
    char *piece = malloc(PIECE);
    int status = b->parser && piece ? LUS_OK : lus_fail_memory(err);
    zip_int64_t got = 1;
    if (status == LUS_OK) {
        XML_SetUserData(b->parser, b);
        XML_SetElementHandler(b->parser, start, end);
        XML_SetCharacterDataHandler(b->parser, take_text);
    }
    while (status == LUS_OK && got > 0) {
        got = zip_fread(file, piece, PIECE);
        if (got < 0 || XML_Parse(b->parser, piece, (int)got, got == 0) == XML_STATUS_ERROR)
            status = lus_fail(err, LUS_EDATA, "%s: %s of the workbook is broken", b->c->name, path);
    }
    if (b->failed || b->text.failed || b->c->text.failed) {
        *err = (struct lus_error)LUS_ERROR_INIT;
        status = lus_fail_memory(err);
    }
    if (b->parser) XML_ParserFree(b->parser);
    b->parser = NULL;
    free(piece);
    (void)zip_fclose(file);
    return status;
}

/* --- which sheet --- */

static void start_workbook(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct book *b = context;
    if (is_element(element, "workbookPr")) {
        const char *from = attribute(attributes, "date1904");
        b->counts_from_1904 = from && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
    }
    if (!is_element(element, "sheet")) return;
    const char *name = NULL, *relation = NULL;
    for (size_t i = 0; attributes[i]; i += 2) {
        if (strcmp(attributes[i], "name") == 0) name = attributes[i + 1];
        if (strchr(attributes[i], ':') && is_element(attributes[i], "id"))
            relation = attributes[i + 1];
    }
    if (!b->n_sheets++ && name && relation)
        b->sheet_name = keep(b, name), b->sheet_relation = keep(b, relation);
}

static void start_relations(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct book *b = context;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (!is_element(element, "Relationship") || !id || !target || !b->sheet_relation ||
        strcmp(id, b->sheet_relation) != 0)
        return;
    b->sheet_path = target[0] == '/' ? keep(b, target + 1)
                                     : lus_arena_print(&b->arena, "xl/%s", target);
    b->failed |= !b->sheet_path;
}

static void end_nothing(void *context, const XML_Char *element)
{
    (void)context, (void)element;
}

/* --- texts and styles --- */

static void start_shared(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct book *b = context;
    (void)attributes;
    if (is_element(element, "si")) start_text(b);
    if (is_element(element, "rPh")) b->is_in_phonetic = true;
    if (is_element(element, "t")) b->takes_text = true;
}

static void end_shared(void *context, const XML_Char *element)
{
    struct book *b = context;
    if (is_element(element, "t")) b->takes_text = false;
    if (is_element(element, "rPh")) b->is_in_phonetic = false;
    if (!is_element(element, "si")) return;
    if (LUS_ARRAY_RESERVE(&b->texts, 1) != LUS_OK || b->text.failed) b->failed = true;
    else b->texts.at[b->texts.n++] = keep(b, b->text.at);
}

/* A custom format is of dates where it has a y or a d outside quotes and brackets. */
static bool is_date_code(const char *code)
{
    bool is_quoted = false, is_in_brackets = false;
    for (; *code; code++) {
        if (*code == '"') is_quoted = !is_quoted;
        else if (*code == '[') is_in_brackets = true;
        else if (*code == ']') is_in_brackets = false;
        else if (*code == '\\' && code[1]) code++;
        else if (!is_quoted && !is_in_brackets && strchr("yYdD", *code)) return true;
    }
    return false;
}

static bool is_date_format(const struct book *b, int format)
{
    for (size_t i = 0; i < b->date_formats.n; i++)
        if (b->date_formats.at[i] == format) return true;
    /* those that every workbook has; 27 to 36 and 50 to 58 are of East Asian ones */
    return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
           (format >= 50 && format <= 58);
}

static void start_styles(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct book *b = context;
    if (is_element(element, "numFmt")) {
        const char *id = attribute(attributes, "numFmtId"),
                   *code = attribute(attributes, "formatCode");
        if (!id || !code || !is_date_code(code)) return;
        if (LUS_ARRAY_RESERVE(&b->date_formats, 1) != LUS_OK) b->failed = true;
        else b->date_formats.at[b->date_formats.n++] = atoi(id);
    }
    if (is_element(element, "cellXfs")) b->is_in_cell_styles = true;
    if (is_element(element, "xf") && b->is_in_cell_styles) {
        const char *id = attribute(attributes, "numFmtId");
        if (LUS_ARRAY_RESERVE(&b->style_is_date, 1) != LUS_OK) b->failed = true;
        else b->style_is_date.at[b->style_is_date.n++] = id && is_date_format(b, atoi(id));
    }
}

static void end_styles(void *context, const XML_Char *element)
{
    struct book *b = context;
    if (is_element(element, "cellXfs")) b->is_in_cell_styles = false;
}

/* --- cells --- */

/* "AB12": its column, from 0. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    for (; isalpha((unsigned char)*reference) && column < MOST_COLUMNS; reference++)
        column = column * 26 + (size_t)(toupper((unsigned char)*reference) - 'A') + 1;
    return column ? column - 1 : 0;
}

static void start_sheet(void *context, const XML_Char *element, const XML_Char **attributes)
{
    struct book *b = context;
    if (is_element(element, "row")) {
        for (size_t i = 0; i < b->n_cells; i++)
            b->row.at[i].n = 0;
        b->n_cells = b->column = 0;
    }
    if (is_element(element, "c")) {
        const char *at = attribute(attributes, "r"), *type = attribute(attributes, "t"),
                   *style = attribute(attributes, "s");
        b->column = at ? column_of(at) : b->column;
        b->type = !type                            ? 'n'
                  : strcmp(type, "inlineStr") == 0 ? 'i'
                  : strcmp(type, "str") == 0       ? 't'
                                                   : *type;
        b->style = style ? (size_t)atoi(style) : 0;
        start_text(b);
    }
    if (is_element(element, "rPh")) b->is_in_phonetic = true;
    if (is_element(element, "v") || is_element(element, "t")) b->takes_text = true;
}

/* A day number: 1 is 1 January 1900, and 60 the day that year did not have. */
static void put_date(struct book *b, struct lus_string *cell, double number)
{
    int64_t year, first = b->counts_from_1904 ? lus_days_from_civil(1904, 1, 1)
                          : number < 60       ? lus_days_from_civil(1899, 12, 31)
                                              : lus_days_from_civil(1899, 12, 30);
    unsigned month, day;
    lus_civil_from_days(first + (int64_t)floor(number), &year, &month, &day);
    lus_string_print(cell, "%04d-%02u-%02u", (int)year, month, day);
}

static void put_cell(struct book *b, struct lus_string *cell)
{
    double number;
    char printed[LUS_NUMBER_ROOM];
    cell->n = 0;
    lus_string_put(cell, "");
    if (b->type == 's') {
        size_t i = strtoul(b->text.at, NULL, 10);
        if (i < b->texts.n) lus_string_put(cell, b->texts.at[i]);
    } else if (b->type == 'b') {
        lus_string_put(cell, b->text.at[0] == '1' ? "TRUE" : "FALSE");
    } else if (b->type == 'n' &&
               lus_number_parse(b->text.at, b->text.n, &number) == LUS_NUMBER_OK) {
        bool is_date = b->style < b->style_is_date.n && b->style_is_date.at[b->style];
        if (is_date && number >= 0 && number < 3e6) put_date(b, cell, number);
        else lus_string_add(cell, printed, lus_number_print(printed, number));
    } else {
        lus_string_add(cell, b->text.at, b->text.n);
    }
    b->failed |= cell->failed;
}

static void end_cell(struct book *b)
{
    if (b->failed || b->text.failed || b->column >= MOST_COLUMNS) return;
    while (b->row.n <= b->column) {
        if (LUS_ARRAY_RESERVE(&b->row, 1) != LUS_OK) {
            b->failed = true;
            return;
        }
        b->row.at[b->row.n++] = (struct lus_string){0};
    }
    if (b->n_cells <= b->column) b->n_cells = b->column + 1;
    put_cell(b, &b->row.at[b->column]);
    b->column++;
}

/* Rows without anything in them are none; the first other one is the header. */
static void end_row(struct book *b)
{
    size_t n = b->n_cells;
    while (n && !b->row.at[n - 1].n)
        n--;
    if (!n || b->failed) return;
    if (!b->n_rows++) b->width = n;
    for (size_t i = 0; i < (n > b->width ? n : b->width); i++) {
        const struct lus_string *cell = i < n ? &b->row.at[i] : NULL;
        lus_cell_put(&b->c->text, i == 0, cell && cell->n ? cell->at : "", cell ? cell->n : 0);
    }
    lus_string_put(&b->c->text, "\n");
}

static void end_sheet(void *context, const XML_Char *element)
{
    struct book *b = context;
    if (is_element(element, "v") || is_element(element, "t")) b->takes_text = false;
    if (is_element(element, "rPh")) b->is_in_phonetic = false;
    if (is_element(element, "c")) end_cell(b);
    if (is_element(element, "row")) end_row(b);
}

/* --- all of it --- */

static int read_parts(struct book *b, struct lus_error *err)
{
    LUS_TRY(read_part(b, "xl/workbook.xml", start_workbook, end_nothing, false, err));
    LUS_TRY(read_part(b, "xl/_rels/workbook.xml.rels", start_relations, end_nothing, false, err));
    if (!b->sheet_path)
        return lus_fail(err, LUS_EDATA, "%s: an Excel workbook without a sheet", b->c->name);
    LUS_TRY(read_part(b, "xl/sharedStrings.xml", start_shared, end_shared, true, err));
    LUS_TRY(read_part(b, "xl/styles.xml", start_styles, end_styles, true, err));
    LUS_TRY(read_part(b, b->sheet_path, start_sheet, end_sheet, false, err));
    if (b->n_sheets > 1)
        lus_string_print(&b->c->notes, "The sheet \"%s\", the first of %zu, is read. ",
                         b->sheet_name, b->n_sheets);
    return LUS_OK;
}

int lus_convert_workbook(struct lus_conversion *c, struct lus_error *err)
{
    struct book b = {.c = c};
    int code = 0, fd = dup(c->fd);
    b.zip = fd < 0 ? NULL : zip_fdopen(fd, 0, &code);
    if (!b.zip && fd >= 0) (void)close(fd);
    int status = b.zip ? read_parts(&b, err)
                       : lus_fail(
                             err, code == ZIP_ER_MEMORY ? LUS_ENOMEM : LUS_EDATA,
                             "%s: this is an Excel workbook that cannot be read; it may be cut off",
                             c->name);
    if (b.zip) zip_discard(b.zip);
    for (size_t i = 0; i < b.row.n; i++)
        lus_string_free(&b.row.at[i]);
    LUS_ARRAY_FREE(&b.row);
    LUS_ARRAY_FREE(&b.texts);
    LUS_ARRAY_FREE(&b.date_formats);
    LUS_ARRAY_FREE(&b.style_is_date);
    lus_string_free(&b.text);
    lus_arena_free(&b.arena);
    return status;
}
