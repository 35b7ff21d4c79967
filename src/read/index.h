/* The scanner: where the fields of well-formed bytes begin.
 *
 * Well formed is what libcsv could not read otherwise: quotes only round whole fields, without
 * blanks beside them, and within them only doubled, line ends LF or CRLF. Everything else is left
 * to libcsv, which decides what it means (fields.c).
 */
#ifndef LUS_READ_INDEX_H
#define LUS_READ_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lus_index {
    /* pages; starts[0] is 0; behind each delimiter and line end outside quotes, the next field's
     * offset */
    uint32_t *starts;
    size_t n, room;          /* separators found: starts has n + 1 entries */
    uint64_t n_row_ends;     /* line ends among them */
    uint64_t n_quoted_lines; /* line ends within quotes */
    uint64_t n_lines;        /* both */
    bool has_quotes, has_crs;
    bool has_blanks;  /* at the ends of fields without quotes: trimmed */
    bool has_escapes; /* doubled quotes within quoted fields */
    bool ends_in_quotes;
};

/* bytes[0, n) and 64 readable bytes behind. Returns 0, LUS_ENOMEM, or LUS_INDEX_ODD where libcsv
 * must decide. */
enum { LUS_INDEX_ODD = 1 };
typedef int (*lus_index_fn)(struct lus_index *index, const char *bytes, size_t n, char delimiter,
                            bool no_quotes);

void lus_index_free(struct lus_index *index);

/* The fastest that this CPU runs; LUSTRUM_CPU=scalar, avx2 or avx512 in the environment asks for
 * one. */
lus_index_fn lus_index_choose(void);
const char *lus_index_name(void); /* that one's, in words */
int lus_index_scalar(struct lus_index *index, const char *bytes, size_t n, char delimiter,
                     bool no_quotes);

#endif
