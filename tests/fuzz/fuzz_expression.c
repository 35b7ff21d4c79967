/* libFuzzer: no expression crashes the parser, and one that parses is decided the same way
 * twice. */
#include <stdlib.h>

#include "recipe/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct lus_arena arena = {0};
    struct lus_error err = LUS_ERROR_INIT;
    struct lus_expr *e;
    char *text = lus_arena_copy(&arena, (const char *)data, n);
    if (text && lus_expr_parse(&arena, text, &e, &err) == LUS_OK && e->kind == LUS_EXPR_TEXT) {
        struct lus_text value = {text, strlen(text)};
        if (lus_expr_decide_text(e, value) != lus_expr_decide_text(e, value)) abort();
    }
    lus_arena_free(&arena);
    return 0;
}
