#include "read/convert.h"

/* A kind by its bytes at an offset. */
struct sign {
    size_t at, n;
    const char *bytes;
    struct lus_kind kind;
};

#define FROM_R "write.csv(x, \"x.csv\", row.names = FALSE) in R"
#define FROM_ARROW "write.csv(arrow::read_feather(\"FILE\"), \"x.csv\") in R"
#define FROM_PARQUET "duckdb -csv -c \"from 'FILE'\" | lustrum COMMAND -"
#define FROM_SQLITE "sqlite3 -csv -header FILE 'select * from TABLE' | lustrum COMMAND -"
#define SIGN(at, bytes) at, sizeof(bytes) - 1, bytes

/* clang-format off */
static const struct sign signs[] = {
    {SIGN(0, "<stata_dta>"), {"a Stata data set", NULL, lus_convert_stata}},
    {SIGN(12, "\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"),
     {"a SAS data set", NULL, lus_convert_sas}},
    {SIGN(0, "HEADER RECORD*******LIB"), {"a SAS transport file", NULL, lus_convert_transport}},
    {SIGN(0, "$FL2"), {"an SPSS file", NULL, lus_convert_spss}},
    {SIGN(0, "$FL3"), {"an SPSS file", NULL, lus_convert_spss}},
    {SIGN(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
     {"an Excel workbook of before 2007", "libreoffice --convert-to csv FILE", NULL}},
    {SIGN(30, "mimetypeapplication/vnd.oasis.opendocument"),
     {"an OpenDocument file", "libreoffice --convert-to csv FILE", NULL}},
    {SIGN(0, "\xfd" "7zXZ\0"), {"compressed by xz", "xz -dc FILE | lustrum COMMAND -", NULL}},
    {SIGN(4, "1AY&SY"), {"compressed by bzip2", "bzip2 -dc FILE | lustrum COMMAND -", NULL}},
    {SIGN(0, "\x04\x22\x4d\x18"), {"compressed by lz4", "lz4 -dc FILE | lustrum COMMAND -", NULL}},
    {SIGN(0, "7z\xbc\xaf\x27\x1c"), {"a 7-Zip archive", "7z x -so FILE | lustrum COMMAND -", NULL}},
    {SIGN(0, "Rar!"), {"a RAR archive", "unrar p -inul FILE | lustrum COMMAND -", NULL}},
    {SIGN(0, "PAR1\x15"),
     {"a Parquet file", FROM_PARQUET, NULL}},
    {SIGN(0, "ARROW1"), {"an Arrow file", FROM_ARROW, NULL}},
    {SIGN(0, "FEA1"), {"a Feather file", FROM_ARROW, NULL}},
    {SIGN(0, "SQLite format 3"), {"an SQLite database", FROM_SQLITE, NULL}},
    {SIGN(0, "\x89HDF\r\n"), {"an HDF5 file", "export the table as CSV", NULL}},
    {SIGN(0, "%PDF"), {"a PDF", "the table itself is wanted, as CSV", NULL}},
    {SIGN(0, "{\\rtf"), {"a text document (RTF)", "the table itself is wanted, as CSV", NULL}},
    {SIGN(0, "RDX2\n"), {"R data", FROM_R, NULL}},
    {SIGN(0, "RDX3\n"), {"R data", FROM_R, NULL}},
    {SIGN(0, "RDA3\n"), {"R data", FROM_R, NULL}},
    {SIGN(0, "RDA2\n"), {"R data", FROM_R, NULL}},
    {SIGN(0, "X\n\0\0\0"), {"R data", FROM_R, NULL}},
    {SIGN(0, "\x80\x04\x95"), {"a Python pickle", "x.to_csv(\"x.csv\") in Python", NULL}},
    {SIGN(0, "\x89PNG"), {"a picture", "the table itself is wanted, as CSV", NULL}},
    {SIGN(0, "\xff\xd8\xff"), {"a picture", "the table itself is wanted, as CSV", NULL}},
};
/* clang-format on */

static const struct lus_kind old_stata = {"a Stata data set", NULL, lus_convert_stata},
                             portable = {"an SPSS portable file", NULL, lus_convert_portable},
                             workbook = {"an Excel workbook", NULL, lus_convert_workbook},
                             archive = {"a zip archive", "unzip -p FILE | lustrum COMMAND -", NULL},
                             page = {"a web page", "save the table itself, as CSV", NULL},
                             arff = {"an ARFF file (Weka)",
                                     "read.arff of R's foreign package, or the data behind @data "
                                     "under a line of names, as CSV",
                                     NULL},
                             json = {"JSON", "a table is wanted, one row for each patient, as CSV",
                                     NULL};

static bool has(const unsigned char *bytes, size_t n, size_t at, const char *what, size_t length)
{
    return n >= at + length && memcmp(bytes + at, what, length) == 0;
}

/* The first thing that is no space, whatever its case. */
static bool begins(const unsigned char *bytes, size_t n, const char *what)
{
    size_t i = has(bytes, n, 0, "\xef\xbb\xbf", 3) ? 3 : 0, length = strlen(what);
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i])
        i++;
    return n >= i + length &&
           lus_text_equal_any_case((struct lus_text){(const char *)bytes + i, length}, what);
}

/* A zip file is a workbook where its first entries are such ones. */
static const struct lus_kind *kind_of_zip(const unsigned char *bytes, size_t n)
{
    return memmem(bytes, n, "[Content_Types].xml", 19) || memmem(bytes, n, "xl/", 3) ||
                   memmem(bytes, n, "_rels/", 6)
               ? &workbook
               : &archive;
}

const struct lus_kind *lus_kind_of(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (has(bytes, n, signs[i].at, signs[i].bytes, signs[i].n)) return &signs[i].kind;
    /* versions 105 to 115: the number, the order of bytes, 1, and a byte that means nothing; then
     * the number of variables, and a NUL somewhere in the label, where a text has none */
    if (n > 10 && bytes[0] >= 105 && bytes[0] <= 115 && (bytes[1] == 1 || bytes[1] == 2) &&
        bytes[2] == 1 && memchr(bytes + 3, 0, 8))
        return &old_stata;
    if (memmem(bytes, n, "SPSS PORT FILE", 14)) return &portable;
    if (has(bytes, n, 0, "PK\x03\x04", 4)) return kind_of_zip(bytes, n);
    if (begins(bytes, n, "<!doctype") || begins(bytes, n, "<html") || begins(bytes, n, "<?xml") ||
        begins(bytes, n, "<table"))
        return &page;
    if (begins(bytes, n, "@relation") || (begins(bytes, n, "%") && memmem(bytes, n, "\n@", 2)))
        return &arff;
    return begins(bytes, n, "{") || begins(bytes, n, "[{") ? &json : NULL;
}
