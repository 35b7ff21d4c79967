#include "support/parallel.h"

#include <pthread.h>
#include <stdlib.h>

#include "support/memory.h"

struct work {
    pthread_mutex_t lock;
    size_t next, n, failed_at;
    int status;
    int (*fn)(void *context, size_t i);
    void *context;
};

static void *run(void *argument)
{
    struct work *w = argument;
    for (;;) {
        (void)pthread_mutex_lock(&w->lock);
        size_t i = w->next++;
        (void)pthread_mutex_unlock(&w->lock);
        if (i >= w->n) return NULL;
        int status = w->fn(w->context, i);
        if (status == LUS_OK) continue;
        (void)pthread_mutex_lock(&w->lock);
        if (i < w->failed_at) w->failed_at = i, w->status = status;
        (void)pthread_mutex_unlock(&w->lock);
    }
}

int lus_parallel(size_t n, size_t n_threads, int (*fn)(void *context, size_t i), void *context)
{
    struct work w = {.n = n, .failed_at = SIZE_MAX, .fn = fn, .context = context};
    size_t n_others = (n < n_threads ? n : n_threads) - (n > 0 && n_threads > 0), n_started = 0;
    pthread_t *others = lus_alloc(n_others, sizeof *others);
    if (!others) return LUS_ENOMEM;
    (void)pthread_mutex_init(&w.lock, NULL);
    while (n_started < n_others && pthread_create(&others[n_started], NULL, run, &w) == 0)
        n_started++; /* a thread that cannot be had is done without */
    run(&w);
    for (size_t i = 0; i < n_started; i++)
        (void)pthread_join(others[i], NULL);
    (void)pthread_mutex_destroy(&w.lock);
    free(others);
    return w.status;
}
