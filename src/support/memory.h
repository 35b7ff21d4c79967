/* Memory: checked sizes, an arena for what lives and dies together, one growable array. */
#ifndef LUS_SUPPORT_MEMORY_H
#define LUS_SUPPORT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "support/error.h"

/* n * size bytes; NULL when that overflows or memory cannot be had. Freed by free(). */
void *lus_alloc(size_t n, size_t size);
void *lus_alloc_zeroed(size_t n, size_t size);
void *lus_realloc(void *old, size_t n, size_t size);
/* Zeroed pages, which cost nothing before they are touched; NULL as above. Freed by lus_pages_free
 * with the same n and size. */
void *lus_pages_alloc(size_t n, size_t size);
void lus_pages_free(void *pages, size_t n, size_t size);

/* An arena: allocations that are freed all at once. Zeroed, it is empty. */
struct lus_arena {
    struct lus_arena_chunk *last;
};
/* zeroed, aligned to 16; NULL on failure */
void *lus_arena_alloc(struct lus_arena *arena, size_t n, size_t size);
char *lus_arena_copy(struct lus_arena *arena, const char *text, size_t n); /* terminated */
char *lus_arena_print(struct lus_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void lus_arena_free(struct lus_arena *arena);

/* A growable array: struct { T *at; size_t n, room; }. Ensures room for `more` further elements. */
#define LUS_ARRAY(T)    \
    struct {            \
        T *at;          \
        size_t n, room; \
    }
#define LUS_ARRAY_RESERVE(array, more)                                                       \
    ((array)->room - (array)->n >= (size_t)(more)                                            \
         ? LUS_OK                                                                            \
         : lus_array_grow((void **)&(array)->at, (array)->n, &(array)->room, (size_t)(more), \
                          sizeof *(array)->at))
#define LUS_ARRAY_FREE(array) \
    (free((array)->at), (array)->at = NULL, (array)->n = (array)->room = 0)
int lus_array_grow(void **at, size_t n, size_t *room, size_t more, size_t size) LUS_MUST_CHECK;

#endif
