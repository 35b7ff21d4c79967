/* A population: blocks of patients, drawn on several threads and put one behind the other. */
#include "simulate/simulate.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/parallel.h"

/* A wave of blocks, drawn at once; waves follow each other so that progress can be told, and so
 * that not all rows are held twice. */
struct wave {
    const struct lus_model *model;
    const struct lus_grid_of_cells *grids;
    struct lus_string *blocks;
    uint64_t first, n, seed; /* of blocks; n: of patients in all */
};

static int draw_block(void *context, size_t i)
{
    struct wave *w = context;
    struct lus_sampler d;
    uint64_t block = w->first + i, done = block * LUS_SAMPLER_BLOCK, left = w->n - done;
    int status = lus_sampler_init(&d, w->model, w->grids);
    if (status == LUS_OK)
        status = lus_sampler_block(&d, w->seed, block,
                                   left < LUS_SAMPLER_BLOCK ? left : LUS_SAMPLER_BLOCK);
    w->blocks[i] = d.out;
    d.out = (struct lus_string){0};
    lus_sampler_free(&d);
    return status;
}

static int draw_all(struct wave *w, const struct lus_simulation *s, size_t n_threads,
                    struct lus_string *out, struct lus_error *err)
{
    size_t n_blocks = (size_t)((w->n + LUS_SAMPLER_BLOCK - 1) / LUS_SAMPLER_BLOCK),
           most = 16 * n_threads;
    int status = LUS_OK;
    w->blocks = lus_alloc_zeroed(most, sizeof *w->blocks);
    if (!w->blocks) return lus_fail_memory(err);
    for (; w->first < n_blocks && status == LUS_OK; w->first += most) {
        size_t here = n_blocks - w->first < most ? n_blocks - (size_t)w->first : most;
        status = lus_parallel(here, n_threads, draw_block, w);
        for (size_t i = 0; i < here; i++) {
            if (status == LUS_OK) lus_string_add(out, w->blocks[i].at, w->blocks[i].n);
            lus_string_free(&w->blocks[i]);
        }
        uint64_t rows = (w->first + here) * LUS_SAMPLER_BLOCK;
        if (s->progress && status == LUS_OK && rows < w->n)
            s->progress(s->progress_context, out->n,
                        (uint64_t)((double)out->n / (double)rows * (double)w->n), rows);
    }
    free(w->blocks);
    if (status == LUS_EDATA)
        return lus_fail(err, LUS_EDATA,
                        "%s: hardly anybody enters before death or the closing date; the dates and "
                        "hazards do not go together",
                        w->model->path);
    return status != LUS_OK || out->failed ? lus_fail_memory(err) : LUS_OK;
}

int lus_model_draw(const struct lus_model *model, const struct lus_simulation *s,
                   struct lus_string *out, struct lus_error *err)
{
    long n_cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n_threads = s->n_threads > 0 ? (size_t)s->n_threads : n_cores > 0 ? (size_t)n_cores : 1;
    struct lus_grid_of_cells *grids = lus_alloc_zeroed(model->n_hazards + 1, sizeof *grids);
    struct wave wave = {.model = model, .grids = grids, .n = s->n, .seed = s->seed};
    int status = grids ? LUS_OK : lus_fail_memory(err);
    for (size_t k = 0; status == LUS_OK && k < model->n_hazards; k++)
        if (model->hazards[k].has_table &&
            lus_grid_of_cells_make(&model->hazards[k].table, &grids[k]) != LUS_OK)
            status = lus_fail_memory(err);
    lus_sampler_header(out, model, s->n, s->seed);
    if (status == LUS_OK) status = draw_all(&wave, s, n_threads, out, err);
    for (size_t k = 0; grids && k < model->n_hazards; k++)
        lus_grid_of_cells_free(&grids[k]);
    free(grids);
    return status;
}

int lus_simulate(const struct lus_simulation *s, char **csv, size_t *bytes, struct lus_error *err)
{
    struct lus_model model;
    struct lus_string out = {0};
    int status = lus_model_read(&model, s->model, err);
    if (status == LUS_OK) status = lus_model_draw(&model, s, &out, err);
    lus_model_free(&model);
    if (status != LUS_OK) lus_string_free(&out);
    else *csv = out.at, *bytes = out.n;
    return status;
}
