#include "read/header.h"

#include "read/blanks.h"
#include "support/number.h"

enum {
    LONGEST_HEADER = 1 << 21,
    SAMPLE_BYTES = 1 << 16, /* below the header: they show how values are written */
};

/* A file while its header is looked for. */
struct search {
    struct lus_source *source;
    struct lus_source_file *file;
    struct lus_format format; /* of rows of any width */
    bool is_end;              /* the carry holds the file to its end */
    uint64_t lines;           /* before `at` */
    size_t at;                /* offset in the carry */
    size_t n_comments;        /* lines that begin with # before the header */
    bool has_row_names;       /* the first column has no name */
    bool is_first;            /* of the files: notes are made once */
};

static void note(const struct search *s, const char *text)
{
    if (s->is_first) lus_string_print(&s->source->notes, "%s ", text);
}

/* --- the line of the header --- */

static size_t line_length(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] != '\n' && p[i] != '\r')
        i++;
    return i;
}

/* Past the end of the line that is n bytes long; *is_whole: it has an end. */
static size_t past_line(const struct search *s, size_t at, bool *is_whole)
{
    const char *p = s->file->carry;
    size_t end = at + line_length(p + at, s->file->carry_n - at);
    *is_whole = end < s->file->carry_n;
    if (!*is_whole) return end;
    return end + (p[end] == '\r' && end + 1 < s->file->carry_n && p[end + 1] == '\n' ? 2 : 1);
}

static bool line_begins(const struct search *s, size_t at, const char *with)
{
    size_t n = strlen(with);
    return n && s->file->carry_n - at >= n && memcmp(s->file->carry + at, with, n) == 0;
}

/* The delimiter that the line holds most of, outside quotes; blanks where it holds none. */
static char find_delimiter(const char *p, size_t n)
{
    static const char candidates[] = ",\t;|";
    size_t counts[sizeof candidates - 1] = {0}, best = 0, n_blanks = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"') quoted = !quoted;
        n_blanks += !quoted && i && i + 1 < n && p[i] == ' ';
        const char *found = quoted || !p[i] ? NULL : strchr(candidates, p[i]);
        if (found) counts[found - candidates]++;
    }
    for (size_t k = 1; k < sizeof counts / sizeof *counts; k++)
        if (counts[k] > counts[best]) best = k;
    return counts[best] || !n_blanks ? candidates[best] : ' ';
}

/* Whether a line holds a cell that is a number: then it is of a row, and no header. */
static bool has_number(const char *p, size_t n, char delimiter)
{
    double number;
    for (size_t start = 0, i = 0; i <= n; i++) {
        if (i < n && p[i] != delimiter) continue;
        if (lus_number_parse(p + start, i - start, &number) == LUS_NUMBER_OK) return true;
        start = i + 1;
    }
    return false;
}

/* Lines before the header that begin with # explain it (cBioPortal's four); but the last of them is
 * the header itself where a row of numbers follows it. */
static void skip_comments(struct search *s)
{
    size_t at = s->at, last = at;
    uint64_t n = 0;
    bool is_whole = true;
    while (line_begins(s, at, "#") && is_whole) {
        last = at;
        at = past_line(s, at, &is_whole);
        n++;
    }
    if (!n || !is_whole || at == s->file->carry_n) return;
    const char *p = s->file->carry + at;
    size_t length = line_length(p, s->file->carry_n - at);
    char delimiter = s->format.delimiter ? s->format.delimiter : find_delimiter(p, length);
    if (has_number(p, length, delimiter)) at = last, n--;
    s->at = at;
    s->lines += n;
    s->n_comments = n;
}

/* Past a mark, blank lines and comments. */
static void find_line(struct search *s)
{
    bool is_whole = true;
    s->at = line_begins(s, 0, "\xef\xbb\xbf") ? 3 : 0;
    s->lines = 0;
    while (is_whole && s->at < s->file->carry_n) {
        bool is_blank = !line_length(s->file->carry + s->at, s->file->carry_n - s->at),
             is_comment = s->format.skip && line_begins(s, s->at, s->format.skip);
        if (!is_blank && !is_comment) break;
        size_t next = past_line(s, s->at, &is_whole);
        if (!is_whole) break;
        s->at = next;
        s->lines++;
    }
    if (!s->format.skip && !s->format.has_no_header) skip_comments(s);
}

/* --- its names --- */

static int make_header(struct lus_source *source, char **columns, size_t n, struct lus_error *err)
{
    struct lus_header *h = &source->header;
    h->field_of = lus_arena_alloc(&source->arena, n, sizeof *h->field_of);
    h->column_of = lus_arena_alloc(&source->arena, n, sizeof *h->column_of);
    h->dates = lus_arena_alloc(&source->arena, n, sizeof *h->dates);
    h->repeats = lus_arena_alloc(&source->arena, n, sizeof *h->repeats);
    h->sampled = lus_arena_alloc(&source->arena, n, sizeof *h->sampled);
    h->notes = "";
    if (!h->field_of || !h->column_of || !h->dates || !h->repeats || !h->sampled)
        return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        h->field_of[i] = SIZE_MAX;
    h->file = source->files[0].name;
    h->n = n;
    h->names = columns;
    return LUS_OK;
}

/* What a statistical file calls its columns besides. */
static int take_labels(struct search *s, struct lus_error *err)
{
    struct lus_header *h = &s->source->header;
    const struct lus_string *all = &s->file->stream.labels;
    if (!s->is_first || !all->n) return LUS_OK;
    h->labels = lus_arena_alloc(&s->source->arena, h->n, sizeof *h->labels);
    if (!h->labels) return lus_fail_memory(err);
    const char *at = all->at;
    for (size_t i = 0; i < h->n; i++) {
        size_t n = strcspn(at, "\n");
        bool is_text = lus_utf8_bad(at, n) == n;
        h->labels[i] = lus_arena_copy(&s->source->arena, at, is_text ? n : 0);
        if (!h->labels[i]) return lus_fail_memory(err);
        at += n + (at[n] != 0);
    }
    return LUS_OK;
}

static int check_name(const struct search *s, struct lus_text name, struct lus_error *err)
{
    unsigned long long line = s->lines + 1;
    if (memchr(name.p, 0, name.n))
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: a NUL byte in the header; a text file is wanted (of UTF-16 "
                        "without a mark: `encoding: UTF-16LE` in a recipe, or --encoding)",
                        s->file->name, line);
    if (lus_utf8_bad(name.p, name.n) < name.n)
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: the header is not UTF-8; `encoding: windows-1252` in a recipe, "
                        "or --encoding windows-1252, says what it is",
                        s->file->name, line);
    return LUS_OK;
}

/* The i-th name of a row of n; that of a first column without one stands in front of it. */
static int take_name(const struct search *s, const struct lus_fields *row, size_t i, char **out,
                     struct lus_error *err)
{
    struct lus_arena *arena = &s->source->arena;
    const struct lus_format *f = &s->format;
    if (f->has_no_header) {
        *out = i < f->n_names ? lus_arena_copy(arena, f->names[i], strlen(f->names[i]))
                              : lus_arena_print(arena, "column_%zu", i + 1);
        return *out ? LUS_OK : lus_fail_memory(err);
    }
    if (s->has_row_names && i == 0) {
        *out = lus_arena_copy(arena, "row.names", 9);
        return *out ? LUS_OK : lus_fail_memory(err);
    }
    struct lus_text name = row->field[i - s->has_row_names][0];
    LUS_TRY(check_name(s, name, err));
    *out = lus_arena_copy(arena, name.p, name.n);
    return *out ? LUS_OK : lus_fail_memory(err);
}

static int check_same(const struct search *s, char *const *columns, size_t n, struct lus_error *err)
{
    const struct lus_header *h = &s->source->header;
    unsigned long long line = s->lines + 1;
    for (size_t i = 0; i < n && i < h->n; i++)
        if (strcmp(columns[i], h->names[i]) != 0)
            return lus_fail(
                err, LUS_EDATA,
                "%s:%llu: column %zu is \"%s\", in %s it is \"%s\"; files read together "
                "have one header (`join:` in a recipe puts two tables of the same "
                "patients together)",
                s->file->name, line, i + 1, columns[i], h->file, h->names[i]);
    if (n != h->n)
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: %zu columns, %s has %zu; files read together have one header "
                        "(`join:` in a recipe puts two tables of the same patients together)",
                        s->file->name, line, n, h->file, h->n);
    return LUS_OK;
}

/* Whether a row of names holds values alone, of which one is a date, has decimals or a zero in
 * front, or two are the same: 0, 1, 2 may be names that a program gave. */
static bool are_values(const struct lus_fields *row)
{
    bool is_plain = true;
    size_t n = 0;
    for (size_t i = 0; i < row->n_first; i++) {
        struct lus_text name = row->field[i][0];
        if (!name.n) continue;
        n++;
        double number;
        int64_t days;
        bool is_month, is_year,
            is_number = lus_number_parse(name.p, name.n, &number) == LUS_NUMBER_OK;
        if (!is_number && !lus_date_parse(name, LUS_DATE_DAY_FIRST, &days, &is_month, &is_year) &&
            !lus_date_parse(name, LUS_DATE_DAY_FIRST_SHORT, &days, &is_month, &is_year) &&
            !lus_date_parse(name, LUS_DATE_MONTH_FIRST, &days, &is_month, &is_year))
            return false;
        if (!is_number || memchr(name.p, '.', name.n) || (name.n > 1 && *name.p == '0'))
            is_plain = false;
        for (size_t k = 0; k < i && is_plain; k++)
            is_plain = !lus_text_equal(name, row->field[k][0]);
    }
    return n > 1 && !is_plain;
}

static int take_columns(struct search *s, const struct lus_fields *row, struct lus_error *err)
{
    if (!s->format.has_no_header && are_values(row))
        return lus_fail(err, LUS_EDATA,
                        "%s:%llu: the first line holds values and no names: `header: none` and "
                        "`names: [id, months, ...]` in a recipe",
                        s->file->name, (unsigned long long)s->lines + 1);
    size_t n = row->n_first + s->has_row_names;
    char **columns = lus_arena_alloc(&s->source->arena, n, sizeof *columns);
    if (!columns) return lus_fail_memory(err);
    if (s->format.n_names > n)
        return lus_fail(err, LUS_EDATA, "%s: `names:` has %zu names, the rows have %zu fields",
                        s->file->name, s->format.n_names, n);
    for (size_t i = 0; i < n; i++)
        LUS_TRY(take_name(s, row, i, &columns[i], err));
    return s->source->header.names ? check_same(s, columns, n, err)
                                   : make_header(s->source, columns, n, err);
}

/* --- the rows below --- */

/* The rows from an offset of the carry on, of a number of fields; others are ragged. Not more than
 * show what there is to see. */
static int parse_rows(const struct search *s, size_t at, size_t n_columns, struct lus_fields *rows,
                      struct lus_error *err)
{
    struct lus_format format = s->format;
    size_t n = s->file->carry_n - at, used;
    bool is_end = s->is_end;
    if (n > SAMPLE_BYTES) {
        const char *newline = memrchr(s->file->carry + at, '\n', SAMPLE_BYTES);
        if (newline) n = (size_t)(newline + 1 - (s->file->carry + at)), is_end = false;
    }
    format.n_columns = n_columns;
    return lus_fields_parse(rows, &format, s->file->carry + at, n, is_end, &used, err);
}

/* Whether the first rows have one field more than the header has names (R's write.table): then
 * theirs is the first column. A row that merely ends with a delimiter has an empty last field. */
static int look_for_row_names(struct search *s, size_t n_names, size_t behind,
                              struct lus_error *err)
{
    struct lus_fields rows = {0};
    if (s->format.has_no_header || behind >= s->file->carry_n) return LUS_OK;
    int status = parse_rows(s, behind, n_names + 1, &rows, err);
    size_t most = rows.n < 2 ? rows.n : 2;
    bool are_so = status == LUS_OK && most > 0;
    for (size_t i = 0; i < rows.ragged.n && are_so; i++)
        are_so = rows.ragged.at[i].row >= most;
    for (size_t i = 0; i < most && are_so; i++)
        are_so = rows.field[0][i].n && rows.field[n_names][i].n;
    s->has_row_names = are_so;
    if (are_so)
        note(s, "The header has one name fewer than the rows have fields: the first column holds "
                "the names of rows (R's write.table).");
    lus_fields_free(&rows);
    return status;
}

/* A row below the header that only explains it: the names again, or ids of data elements (TCGA). */
static bool explains(const struct lus_header *h, const struct lus_fields *rows, size_t row)
{
    size_t n_same = 0, n_filled = 0;
    for (size_t i = 0; i < h->n; i++) {
        struct lus_text cell = rows->field[i][row];
        if (cell.n > 7 && memcmp(cell.p, "CDE_ID:", 7) == 0) return true;
        n_filled += cell.n > 0;
        n_same += cell.n && lus_text_equal_any_case(cell, h->names[i]);
    }
    return n_filled && n_same * 2 > n_filled;
}

/* Skips what explains, and sees how values are written. *at: behind the header, then at the first
 * patient. */
static int look_below(struct search *s, size_t *at, struct lus_error *err)
{
    struct lus_header *h = &s->source->header;
    struct lus_fields rows = {0};
    if (*at >= s->file->carry_n) return LUS_OK;
    int status = parse_rows(s, *at, h->n, &rows, err);
    size_t n = 0; /* the first rows up to the last that explains: an alternative name may be free */
    for (size_t i = 0; i < rows.n && i < 3 && rows.n_fields >= h->n; i++)
        if (explains(h, &rows, i)) n = i + 1;
    if (n && n < rows.n) {
        *at += rows.row_at[n];
        note(s, n == 1 ? "The row below the header explains it, and is skipped."
                       : "The rows below the header explain it, and are skipped.");
    }
    if (s->is_first && status == LUS_OK)
        status = lus_sample_look(h, s->source->format.delimiter, &rows, &s->source->arena,
                                 &s->source->notes);
    if (status == LUS_ENOMEM) status = lus_fail_memory(err);
    lus_fields_free(&rows);
    return status;
}

/* --- all of it --- */

/* Blanks part the fields where the first row below has as many of them; else the header is one
 * name. */
static int check_blanks(struct search *s, size_t behind, size_t n_names, struct lus_error *err)
{
    struct lus_fields rows = {0};
    if (s->source->format.delimiter || s->format.delimiter != ' ') return LUS_OK;
    int status = behind < s->file->carry_n ? parse_rows(s, behind, n_names, &rows, err) : LUS_OK;
    bool are_so = status == LUS_OK && rows.n &&
                  (!rows.ragged.n || rows.ragged.at[0].row > 0 || s->has_row_names);
    lus_fields_free(&rows);
    if (!are_so) s->format.delimiter = ',';
    else note(s, "Fields are parted by blanks.");
    return status;
}

/* Lines of one length, without delimiters and mostly digits: fields of fixed width, not a name. */
static int check_width(const struct search *s, const struct lus_fields *row, size_t behind,
                       struct lus_error *err)
{
    enum { SHORTEST = 20 };
    if (row->n_first != 1 || s->format.has_no_header || !row->n) return LUS_OK;
    struct lus_text name = row->field[0][0];
    size_t n_digits = 0, left = s->file->carry_n - behind;
    for (size_t i = 0; i < name.n; i++)
        n_digits += name.p[i] >= '0' && name.p[i] <= '9';
    if (name.n < SHORTEST || n_digits * 2 < name.n || !left ||
        line_length(s->file->carry + behind, left) !=
            line_length(s->file->carry + s->at, s->file->carry_n - s->at))
        return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: text of fixed width, without delimiters? --layout FILE names its columns: "
                    "the SAS program that comes with it (INPUT @ 1 NAME $char8.), or `layout:` in "
                    "a recipe",
                    s->file->name);
}

/* One row of names from `at`; *behind: where it ends, 0 while it is not whole. */
static int parse_names(const struct search *s, struct lus_fields *row, size_t *behind,
                       struct lus_error *err)
{
    size_t stop = s->at, used = 0;
    *behind = 0;
    /* line by line, until the row is whole; a CR at the end of one waits for what comes */
    for (bool is_whole = true; stop < s->file->carry_n && !row->n && is_whole;) {
        stop = past_line(s, stop, &is_whole);
        if (!is_whole && !s->is_end) return LUS_OK;
        LUS_TRY(lus_fields_parse(row, &s->format, s->file->carry + s->at, stop - s->at,
                                 s->is_end && stop == s->file->carry_n, &used, err));
    }
    *behind = row->n ? s->at + used : 0;
    if (!row->n && row->is_unclosed)
        return lus_fail(err, LUS_EDATA, "%s:%llu: a quote in the header is not closed",
                        s->file->name, (unsigned long long)s->lines + 1);
    return LUS_OK;
}

/* Parses the header from the carry; *end: the offset of the first patient, where it is found: more
 * of the file may be needed. */
static int parse_header(struct search *s, bool *is_found, size_t *end, struct lus_error *err)
{
    struct lus_fields row = {0};
    size_t behind;
    *is_found = false;
    s->format = s->source->format;
    s->format.n_columns = 0;
    s->format.header = NULL;
    s->format.index = NULL;
    s->has_row_names = false;
    find_line(s);
    const char *p = s->file->carry + s->at;
    if (!s->format.delimiter)
        s->format.delimiter = find_delimiter(p, line_length(p, s->file->carry_n - s->at));
    int status = parse_names(s, &row, &behind, err);
    if (status == LUS_OK && behind) status = look_for_row_names(s, row.n_first, behind, err);
    if (status == LUS_OK && behind)
        status = check_blanks(s, behind, row.n_first + s->has_row_names, err);
    if (status == LUS_OK && behind && s->format.delimiter == ',' && row.n_first > 1 &&
        find_delimiter(p, line_length(p, s->file->carry_n - s->at)) == ' ' &&
        !s->source->format.delimiter) { /* blanks did not part it after all */
        lus_fields_free(&row);
        s->has_row_names = false;
        status = parse_names(s, &row, &behind, err);
    }
    if (status == LUS_OK && behind) status = check_width(s, &row, behind, err);
    if (status == LUS_OK && behind) {
        *end = s->format.has_no_header ? s->at : behind;
        *is_found = true;
        status = take_columns(s, &row, err);
        s->source->format.delimiter = s->format.delimiter;
        if (status == LUS_OK) status = take_labels(s, err);
    }
    if (status == LUS_OK && *is_found) status = look_below(s, end, err);
    if (status == LUS_OK && *is_found)
        s->file->header_lines = s->lines + lus_count_lines(s->file->carry + s->at, *end - s->at);
    lus_fields_free(&row);
    return status;
}

static int check_kind(const struct search *s, struct lus_error *err)
{
    const struct lus_stream *stream = &s->file->stream;
    if (stream->kind != LUS_STREAM_GZIP && stream->kind != LUS_STREAM_ZSTD) return LUS_OK;
    const struct lus_kind *kind = lus_kind_of((const unsigned char *)s->file->carry,
                                              s->file->carry_n);
    if (!kind) return LUS_OK;
    return lus_fail(err, LUS_EDATA, "%s: this is %s; %s", s->file->name, kind->name,
                    kind->remedy ? kind->remedy : "decompress it first");
}

/* Runs of blanks become commas, unless somebody has said what parts the fields. */
static int part_blanks(struct search *s, size_t want, struct lus_error *err)
{
    struct lus_source *source = s->source;
    struct lus_source_file *file = s->file;
    char said = source->format.delimiter;
    if (source->format.layout || file->stream.kind == LUS_STREAM_CONVERTED ||
        (s->is_first ? said && said != ' ' : !source->has_blanks) ||
        !lus_are_blanks(file->carry, file->carry_n, s->is_end))
        return LUS_OK;
    LUS_TRY(lus_blanks_apply(file->carry, file->carry_n, &file->stream, err));
    if (s->is_first) {
        note(s, "Fields are parted by blanks.");
        source->format.delimiter = ',';
        source->has_blanks = true;
    }
    file->carry_n = 0;
    return lus_fill_carry(file, want, &s->is_end, err);
}

int lus_header_read(struct lus_source *source, struct lus_source_file *file, struct lus_error *err)
{
    struct search s = {.source = source, .file = file, .is_first = !source->header.names};
    size_t end = 0, want = source->block_bytes > SAMPLE_BYTES ? source->block_bytes : SAMPLE_BYTES;
    bool is_found = false;
    for (; !is_found && !s.is_end && want <= LONGEST_HEADER; want *= 2) {
        LUS_TRY(lus_fill_carry(file, want, &s.is_end, err));
        LUS_TRY(check_kind(&s, err));
        LUS_TRY(part_blanks(&s, want, err));
        LUS_TRY(parse_header(&s, &is_found, &end, err));
    }
    if (!is_found && s.is_end)
        return lus_fail(err, LUS_EDATA,
                        "%s: the file is empty; a header and one row for each patient are wanted",
                        file->name);
    if (!is_found)
        return lus_fail(err, LUS_EDATA,
                        "%s:1: the header is longer than 1 MiB; a table of patients is wanted",
                        file->name);
    if (s.is_first && s.n_comments)
        lus_string_print(&source->notes,
                         "%zu line%s before the header begin%s with #, and %s "
                         "skipped. ",
                         s.n_comments, s.n_comments == 1 ? "" : "s", s.n_comments == 1 ? "s" : "",
                         s.n_comments == 1 ? "is" : "are");
    if (s.is_first && source->format.layout)
        lus_string_print(&source->notes, "The columns are those of %s. ", source->format.layout);
    if (s.is_first && file->stream.notes.n) lus_string_put(&source->notes, file->stream.notes.at);
    file->data_at = file->next_at = end;
    file->carry_n -= end;
    memmove(file->carry, file->carry + end, file->carry_n);
    if (source->notes.failed) return lus_fail_memory(err);
    if (source->notes.n) source->header.notes = source->notes.at;
    return LUS_OK;
}
