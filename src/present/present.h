/* What the writers share, and what commands use of present/. */
#ifndef LUS_PRESENT_PRESENT_H
#define LUS_PRESENT_PRESENT_H

#include "lustrum/present.h"
#include "present/chart/chart.h"
#include "support/dictionary.h"
#include "support/text.h"

struct lus_document_memory {
    struct lus_arena arena;
    struct lus_dictionary said; /* the notes' texts: there may be one for each stratum */
    LUS_ARRAY(enum lus_key_kind) keys;
    LUS_ARRAY(struct lus_headcount) strata; /* by number */
};

/* Keeps a text that was built, as long as the document; "" where it could not be built, which the
 * document remembers. Frees the string. */
const char *lus_document_keep(struct lus_document *d, struct lus_string *text);

/* Frees what a table has taken; itself it is the arena's. */
void lus_table_clear(struct lus_table *t);
/* A cell as people read it, limits and mark included: "27.3 % (24.1 to 30.5)". */
void lus_cell_for_people(struct lus_string *out, const struct lus_table *t, size_t row,
                         size_t column, const char *dash);
/* Columns that people see. */
static inline bool lus_column_is_shown(const struct lus_table *t, size_t column)
{
    return !t->columns[column].machines_only;
}

/* What a writer is told besides the document. */
struct lus_writing {
    const struct lus_table *table; /* that was asked for, or the first */
    bool has_color;                /* for text */
    size_t width;                  /* of text, in columns */
};

void lus_write_text(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how);
void lus_write_separated(struct lus_string *out, const struct lus_table *t, char delimiter);
void lus_write_json(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how);
void lus_write_markdown(struct lus_string *out, const struct lus_document *d,
                        const struct lus_writing *how);
void lus_write_latex(struct lus_string *out, const struct lus_document *d,
                     const struct lus_writing *how);
void lus_write_html(struct lus_string *out, const struct lus_document *d,
                    const struct lus_writing *how);

/* Text with < > & " ' written as entities. */
void lus_escape_html(struct lus_string *out, const char *text);

#endif
