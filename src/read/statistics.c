/* Files of Stata, SAS and SPSS, by ReadStat. */
#include <errno.h>
#include <math.h>
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "read/convert.h"
#include "support/calendar.h"
#include "support/number.h"

/* A value that has a label. */
struct label {
    const char *set, *text; /* the set's name; a text that is labelled, or NULL */
    double number;
    const char *label;
    bool is_shared; /* by another value of the set: the value stands beside it */
};

/* What a number counts. */
enum counted { NO_DATE, DAYS, SECONDS, MILLISECONDS, MONTHS };
struct variable {
    const char *set;
    enum counted counted;
    int64_t epoch; /* days from 1970-01-01 */
};

struct reading {
    struct lus_conversion *c;
    struct lus_arena arena;
    LUS_ARRAY(struct label) labels; /* sorted by set and value behind the first pass */
    LUS_ARRAY(struct variable) variables;
    enum { STATA, SAS, SPSS } family;
    bool failed, wants_values;
    int last; /* the row that was begun last */
    size_t n_labelled, n_user_missing;
};

/* --- where it reads --- */

static int open_file(const char *path, void *context)
{
    (void)path;
    const struct reading *r = context;
    return lseek(r->c->fd, 0, SEEK_SET) == 0 ? 0 : -1;
}

static int close_file(void *context)
{
    (void)context; /* it stays open for the next pass */
    return 0;
}

static readstat_off_t seek_file(readstat_off_t offset, readstat_io_flags_t whence, void *context)
{
    static const int from[] = {[READSTAT_SEEK_SET] = SEEK_SET,
                               [READSTAT_SEEK_CUR] = SEEK_CUR,
                               [READSTAT_SEEK_END] = SEEK_END};
    const struct reading *r = context;
    return lseek(r->c->fd, offset, from[whence]);
}

static ssize_t read_file(void *out, size_t n, void *context)
{
    const struct reading *r = context;
    ssize_t got;
    do
        got = read(r->c->fd, out, n);
    while (got < 0 && errno == EINTR);
    return got;
}

/* --- labels --- */

static int order_of_labels(const struct label *a, const struct label *b)
{
    int order = strcmp(a->set, b->set);
    if (order) return order;
    if (a->text && b->text) return strcmp(a->text, b->text);
    if (a->text || b->text) return a->text ? 1 : -1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int by_value(const void *a, const void *b)
{
    return order_of_labels(a, b);
}

static int by_label(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    int order = strcmp(x->set, y->set);
    return order ? order : strcmp(x->label, y->label);
}

/* Two values of a set under one label would become one level, and one under the label NA would be
 * missing: they keep their values. */
static void mark_shared(struct label *labels, size_t n)
{
    if (n) qsort(labels, n, sizeof *labels, by_label);
    for (size_t i = 1; i < n; i++)
        if (by_label(&labels[i - 1], &labels[i]) == 0)
            labels[i - 1].is_shared = labels[i].is_shared = true;
    for (size_t i = 0; i < n; i++)
        labels[i].is_shared |= strcmp(labels[i].label, "NA") == 0;
    if (n) qsort(labels, n, sizeof *labels, by_value);
}

static double number_of(readstat_value_t value)
{
    switch (readstat_value_type(value)) {
    case READSTAT_TYPE_INT8: return (double)readstat_int8_value(value);
    case READSTAT_TYPE_INT16: return (double)readstat_int16_value(value);
    case READSTAT_TYPE_INT32: return (double)readstat_int32_value(value);
    case READSTAT_TYPE_FLOAT: return (double)readstat_float_value(value);
    case READSTAT_TYPE_DOUBLE: return readstat_double_value(value);
    case READSTAT_TYPE_STRING:
    case READSTAT_TYPE_STRING_REF: break;
    }
    return NAN;
}

static const char *keep(struct reading *r, const char *text)
{
    const char *copy = lus_arena_copy(&r->arena, text, strlen(text));
    r->failed |= !copy;
    return copy ? copy : "";
}

static int take_label(const char *set, readstat_value_t value, const char *label, void *context)
{
    struct reading *r = context;
    bool is_text = readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING;
    if (r->wants_values || readstat_value_is_system_missing(value) ||
        readstat_value_is_tagged_missing(value) || !label || !*label)
        return READSTAT_HANDLER_OK;
    if (LUS_ARRAY_RESERVE(&r->labels, 1) != LUS_OK) r->failed = true;
    if (r->failed) return READSTAT_HANDLER_ABORT;
    r->labels.at[r->labels.n++] = (struct label){
        .set = keep(r, set),
        .text = is_text ? keep(r, readstat_string_value(value) ? readstat_string_value(value) : "")
                        : NULL,
        .number = is_text ? 0 : number_of(value),
        .label = keep(r, label)};
    return r->failed ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

static const struct label *find_label(const struct reading *r, const struct label *wanted)
{
    if (!wanted->set || !r->labels.n) return NULL;
    return bsearch(wanted, r->labels.at, r->labels.n, sizeof *wanted, by_value);
}

/* --- variables --- */

static bool is_one_of(const char *format, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncasecmp(format, names[i], strlen(names[i])) == 0) return true;
    return false;
}
#define IS_ONE_OF(format, names) is_one_of(format, names, sizeof names / sizeof *names)

/* Stata: %td counts days, %tc and %tC milliseconds, %tm months from 1960. SAS: days or seconds from
 * 1960. SPSS: seconds from 14 October 1582. */
static struct variable counted_by(const struct reading *r, const char *format)
{
    static const char *const sas_times[] = {"DATETIME", "E8601DT", "DATEAMPM", "MDYAMPM"},
                             *const sas_dates[] = {"DATE",     "MMDDYY",  "DDMMYY", "YYMMDD",
                                                   "E8601DA",  "MONYY",   "YYMM",   "JULIAN",
                                                   "WORDDATE", "B8601DA", "YYQ",    "MONNAME"},
                             *const spss[] = {"DATE",     "ADATE", "EDATE", "SDATE",  "JDATE",
                                              "DATETIME", "MOYR",  "QYR",   "YMDHMS", "WKYR"};
    int64_t in_1960 = lus_days_from_civil(1960, 1, 1);
    struct variable v = {.epoch = in_1960};
    if (r->family == STATA) {
        const char *t = strchr(format, 't');
        if (format[0] == '%' && t && t[1] == 'd') v.counted = DAYS;
        else if (format[0] == '%' && t && (t[1] == 'c' || t[1] == 'C')) v.counted = MILLISECONDS;
        else if (format[0] == '%' && t && t[1] == 'm') v.counted = MONTHS;
        else if (strncmp(format, "%d", 2) == 0 || strncmp(format, "%-d", 3) == 0) v.counted = DAYS;
    } else if (r->family == SAS) {
        if (IS_ONE_OF(format, sas_times)) v.counted = SECONDS;
        else if (IS_ONE_OF(format, sas_dates)) v.counted = DAYS;
    } else if (IS_ONE_OF(format, spss)) {
        v.counted = SECONDS;
        v.epoch = lus_days_from_civil(1582, 10, 14);
    }
    return v;
}

static int take_variable(int index, readstat_variable_t *variable, const char *set, void *context)
{
    struct reading *r = context;
    const char *name = readstat_variable_get_name(variable),
               *format = readstat_variable_get_format(variable);
    if (r->wants_values) return READSTAT_HANDLER_OK;
    lus_cell_put(&r->c->text, index == 0, name, strlen(name));
    const char *label = readstat_variable_get_label(variable);
    for (; label && *label; label++)
        lus_string_add(&r->c->labels, (unsigned char)*label < ' ' ? " " : label, 1);
    lus_string_put(&r->c->labels, "\n");
    r->failed |= r->c->labels.failed;
    if (LUS_ARRAY_RESERVE(&r->variables, 1) != LUS_OK) r->failed = true;
    if (r->failed) return READSTAT_HANDLER_ABORT;
    struct variable v = counted_by(r, format ? format : "");
    v.set = set ? keep(r, set) : NULL;
    r->variables.at[r->variables.n++] = v;
    return READSTAT_HANDLER_OK;
}

/* --- values --- */

/* A date, and a time of day that is not midnight, which only rounds it down. */
static int print_date(char *out, size_t room, const struct variable *v, double number)
{
    static const double in_day[] = {[DAYS] = 1, [SECONDS] = 86400, [MILLISECONDS] = 86400000};
    int64_t year;
    unsigned month, day;
    if (v->counted == MONTHS) {
        double years = floor(number / 12);
        return snprintf(out, room, "%04d-%02d", 1960 + (int)years, 1 + (int)(number - 12 * years));
    }
    double days = floor(number / in_day[v->counted]);
    if (!(fabs(days) < 1e6)) return snprintf(out, room, "%.17g", number);
    lus_civil_from_days((int64_t)days + v->epoch, &year, &month, &day);
    return snprintf(out, room, "%04d-%02u-%02u", (int)year, month, day);
}

/* A float as the shortest text that reads back to the same float. */
static int print_float(char *out, size_t room, float value)
{
    int n = 0;
    for (int digits = 6; digits <= 9; digits++) {
        n = snprintf(out, room, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value) break;
    }
    return n;
}

static void put_number(struct reading *r, bool is_first, const struct variable *v,
                       readstat_value_t value)
{
    char text[64];
    double number = number_of(value);
    struct label wanted = {.set = v->set, .number = number};
    const struct label *label = find_label(r, &wanted);
    size_t n;
    if (v->counted != NO_DATE && isfinite(number))
        n = (size_t)print_date(text, sizeof text, v, number);
    else if (readstat_value_type(value) == READSTAT_TYPE_FLOAT)
        n = (size_t)print_float(text, sizeof text, readstat_float_value(value));
    else n = lus_number_print(text, number);
    if (!label) {
        lus_cell_put(&r->c->text, is_first, text, n);
        return;
    }
    r->n_labelled++;
    struct lus_string s = {0};
    lus_string_put(&s, label->label);
    if (label->is_shared) lus_string_print(&s, " (%s)", text);
    r->failed |= s.failed;
    lus_cell_put(&r->c->text, is_first, s.failed ? "" : s.at, s.n);
    lus_string_free(&s);
}

static void put_text(struct reading *r, bool is_first, const struct variable *v, const char *text)
{
    struct label wanted = {.set = v->set, .text = text ? text : ""};
    const struct label *label = find_label(r, &wanted);
    const char *shown = label && !label->is_shared ? label->label : wanted.text;
    lus_cell_put(&r->c->text, is_first, shown, strlen(shown));
}

static int take_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context)
{
    struct reading *r = context;
    size_t index = (size_t)readstat_variable_get_index(variable);
    if (index >= r->variables.n) return READSTAT_HANDLER_ABORT;
    const struct variable *v = &r->variables.at[index];
    bool is_first = row != r->last;
    if (is_first) lus_string_put(&r->c->text, "\n");
    r->last = row;
    bool is_missing = readstat_value_is_missing(value, variable);
    r->n_user_missing += is_missing && readstat_value_is_defined_missing(value, variable);
    if (is_missing) lus_cell_put(&r->c->text, is_first, "", 0);
    else if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING)
        put_text(r, is_first, v, readstat_string_value(value));
    else put_number(r, is_first, v, value);
    r->failed |= r->c->text.failed;
    return r->failed ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

/* --- passes: labels and variables, then values --- */

typedef readstat_error_t parse_fn(readstat_parser_t *parser, const char *path, void *context);

static readstat_parser_t *make_parser(struct reading *r)
{
    readstat_parser_t *parser = readstat_parser_init();
    if (!parser) return NULL;
    readstat_set_open_handler(parser, open_file);
    readstat_set_close_handler(parser, close_file);
    readstat_set_seek_handler(parser, seek_file);
    readstat_set_read_handler(parser, read_file);
    readstat_set_io_ctx(parser, r);
    readstat_set_variable_handler(parser, take_variable);
    readstat_set_value_label_handler(parser, take_label);
    if (r->wants_values) readstat_set_value_handler(parser, take_value);
    return parser;
}

static int fail(struct reading *r, const char *kind, readstat_error_t error, struct lus_error *err)
{
    if (r->failed || error == READSTAT_ERROR_MALLOC) return lus_fail_memory(err);
    return lus_fail(err, LUS_EDATA, "%s: this is %s that cannot be read, it may be cut off: %s",
                    r->c->name, kind, readstat_error_message(error));
}

static void finish(struct reading *r)
{
    lus_string_put(&r->c->text, "\n");
    if (r->n_labelled) lus_string_put(&r->c->notes, "Values that have a label are read as it. ");
    if (r->n_user_missing)
        lus_string_print(&r->c->notes, "%zu values are missing as the file itself says. ",
                         r->n_user_missing);
    lus_arena_free(&r->arena);
    LUS_ARRAY_FREE(&r->labels);
    LUS_ARRAY_FREE(&r->variables);
}

static int convert(struct reading *r, const char *kind, parse_fn *parse, struct lus_error *err)
{
    readstat_error_t error = READSTAT_OK;
    int status = LUS_OK;
    r->last = -1;
    for (int pass = 0; pass < 2 && status == LUS_OK; pass++) {
        r->wants_values = pass == 1;
        readstat_parser_t *parser = make_parser(r);
        if (!parser) status = lus_fail_memory(err);
        else error = parse(parser, r->c->name, r);
        if (parser) readstat_parser_free(parser);
        if (status == LUS_OK && (error != READSTAT_OK || r->failed))
            status = fail(r, kind, error, err);
        mark_shared(r->labels.at, r->labels.n);
    }
    finish(r);
    return status;
}

int lus_convert_stata(struct lus_conversion *c, struct lus_error *err)
{
    return convert(&(struct reading){.c = c, .family = STATA}, "a Stata data set",
                   readstat_parse_dta, err);
}

int lus_convert_sas(struct lus_conversion *c, struct lus_error *err)
{
    return convert(&(struct reading){.c = c, .family = SAS}, "a SAS data set",
                   readstat_parse_sas7bdat, err);
}

int lus_convert_transport(struct lus_conversion *c, struct lus_error *err)
{
    return convert(&(struct reading){.c = c, .family = SAS}, "a SAS transport file",
                   readstat_parse_xport, err);
}

int lus_convert_spss(struct lus_conversion *c, struct lus_error *err)
{
    return convert(&(struct reading){.c = c, .family = SPSS}, "an SPSS file", readstat_parse_sav,
                   err);
}

int lus_convert_portable(struct lus_conversion *c, struct lus_error *err)
{
    return convert(&(struct reading){.c = c, .family = SPSS}, "an SPSS portable file",
                   readstat_parse_por, err);
}
