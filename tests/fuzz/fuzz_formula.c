/* libFuzzer: no formula crashes the parser, and the terms of one that parses are the terms of what
 * they are written as. */
#include <stdlib.h>

#include "regress/formula.h"

static char *joined(struct lus_arena *arena, const struct lus_formula *f)
{
    struct lus_string s = {0};
    for (size_t t = 0; t < f->n_terms; t++) {
        lus_string_put(&s, t ? " + " : "");
        for (size_t i = 0; i < f->terms[t].n; i++) {
            const struct lus_part *part = &f->parts[f->terms[t].parts[i]];
            lus_string_put(&s, i ? ":" : "");
            if (part->kind == LUS_PART_PLAIN) lus_string_quote(&s, '`', part->column);
            else lus_string_put(&s, part->text);
        }
    }
    char *out = s.failed || !s.n ? NULL : lus_arena_copy(arena, s.at, s.n);
    lus_string_free(&s);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct lus_arena arena = {0};
    struct lus_error err = LUS_ERROR_INIT, other = LUS_ERROR_INIT;
    struct lus_formula first, second;
    char *text = lus_arena_copy(&arena, (const char *)data, n);
    if (text && lus_formula_parse(&arena, "--model", text, &first, &err) == LUS_OK) {
        char *again = joined(&arena, &first);
        if (again) {
            if (lus_formula_parse(&arena, "--model", again, &second, &other) != LUS_OK) abort();
            if (first.n_terms != second.n_terms || first.n_parts != second.n_parts) abort();
            for (size_t t = 0; t < first.n_terms; t++)
                if (strcmp(first.terms[t].text, second.terms[t].text) != 0) abort();
        }
    }
    lus_arena_free(&arena);
    return 0;
}
