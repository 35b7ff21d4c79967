#include "support/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *lus_realloc(void *old, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) return NULL;
    return realloc(old, bytes ? bytes : 1);
}

void *lus_alloc(size_t n, size_t size)
{
    return lus_realloc(NULL, n, size);
}

void *lus_alloc_zeroed(size_t n, size_t size)
{
    return calloc(n ? n : 1, size ? size : 1);
}

void *lus_pages_alloc(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) return NULL;
    void *pages = mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void lus_pages_free(void *pages, size_t n, size_t size)
{
    if (pages) (void)munmap(pages, n && size ? n * size : 1);
}

struct lus_arena_chunk {
    struct lus_arena_chunk *previous;
    size_t used, room;
    _Alignas(16) char bytes[];
};

static struct lus_arena_chunk *arena_chunk(struct lus_arena *arena, size_t bytes)
{
    size_t room = bytes > 16384 ? bytes : 16384, total;
    if (__builtin_add_overflow(room, sizeof(struct lus_arena_chunk), &total)) return NULL;
    struct lus_arena_chunk *chunk = malloc(total);
    if (!chunk) return NULL;
    *chunk = (struct lus_arena_chunk){.previous = arena->last, .used = 0, .room = room};
    arena->last = chunk;
    return chunk;
}

void *lus_arena_alloc(struct lus_arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - 64) return NULL;
    bytes = (bytes + 15) & ~(size_t)15;
    struct lus_arena_chunk *chunk = arena->last;
    if (!chunk || chunk->room - chunk->used < bytes) chunk = arena_chunk(arena, bytes);
    if (!chunk) return NULL;
    void *out = chunk->bytes + chunk->used;
    chunk->used += bytes;
    return bytes ? memset(out, 0, bytes) : out;
}

char *lus_arena_copy(struct lus_arena *arena, const char *text, size_t n)
{
    char *out = lus_arena_alloc(arena, n + 1, 1);
    if (out && n) memcpy(out, text, n);
    return out;
}

char *lus_arena_print(struct lus_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    char *out = n < 0 ? NULL : lus_arena_alloc(arena, (size_t)n + 1, 1);
    if (out) (void)vsnprintf(out, (size_t)n + 1, format, again);
    va_end(again);
    va_end(arguments);
    return out;
}

void lus_arena_free(struct lus_arena *arena)
{
    struct lus_arena_chunk *previous;
    for (struct lus_arena_chunk *chunk = arena->last; chunk; chunk = previous) {
        previous = chunk->previous;
        free(chunk);
    }
    arena->last = NULL;
}

int lus_array_grow(void **at, size_t n, size_t *room, size_t more, size_t size)
{
    size_t need;
    if (__builtin_add_overflow(n, more, &need)) return LUS_ENOMEM;
    size_t next = *room < SIZE_MAX / 2 ? *room * 2 : SIZE_MAX;
    if (next < need) next = need;
    if (next < 8) next = 8;
    void *grown = lus_realloc(*at, next, size);
    if (!grown) return LUS_ENOMEM;
    *at = grown;
    *room = next;
    return LUS_OK;
}
