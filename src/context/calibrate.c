/* A model fitted to figures: populations drawn with the same random numbers, read as any file is,
 * and compared by the rule for quoted figures. */
#include "lustrum/calibrate.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "context/targets.h"
#include "simulate/simulate.h"
#include "support/input.h"

static const double LOOSE =
                        0.25, /* a change of a logarithm that costs as much as a target that is off
                                   * by its tolerance */
    STEP = 0.05,              /* of the slopes: a hazard by 5 % */
    FAR = 20;                 /* tolerances, of a target that the population cannot give */

struct lus_calibrated_memory {
    struct lus_arena arena;
    struct lus_figures figures;
};

struct fit {
    const struct lus_calibration *asked;
    struct lus_model model;
    struct lus_targets targets;
    const char **ids; /* targets, then those held out */
    size_t n_ids;
    double *start;           /* logarithms */
    struct lus_reached *now; /* by id */
    struct lus_error *err;
    int status, round;
};

/* --- what a population gives --- */

/* Puts text into a file that nobody else sees, whose path is good while it is open. */
static int hide(const struct lus_string *text, int *fd, char path[32], struct lus_error *err)
{
    *fd = memfd_create("patients", MFD_CLOEXEC);
    if (*fd < 0) return lus_fail(err, LUS_EIO, "the population cannot be put aside");
    for (size_t at = 0; at < text->n;) {
        ssize_t n = write(*fd, text->at + at, text->n - at);
        if (n < 0) return lus_fail(err, LUS_EIO, "the population cannot be put aside");
        at += (size_t)n;
    }
    (void)snprintf(path, 32, "/proc/self/fd/%d", *fd);
    return LUS_OK;
}

static int take_answers(struct fit *fit, const struct lus_context *c)
{
    for (size_t i = 0; i < fit->n_ids; i++)
        for (size_t k = 0; k < c->figures.n; k++) {
            const struct lus_answer *a = &c->answers[k];
            if (strcmp(a->figure->id, fit->ids[i]) != 0) continue;
            fit->now[i].value = a->data.value;
            fit->now[i].tolerance = a->tolerance;
            fit->now[i].verdict = a->verdict;
            if (i < fit->targets.n && isnan(a->data.value) && !fit->round)
                return lus_fail(fit->err, LUS_EDATA, "%s: the target %s cannot be compared: %s",
                                fit->targets.path, fit->ids[i], a->words ? a->words : "no number");
        }
    return LUS_OK;
}

static int compare(struct fit *fit, const char *path)
{
    const struct lus_calibration *q = fit->asked;
    struct lus_query patients = LUS_QUERY_INIT;
    patients.files = &path, patients.n_files = 1;
    patients.recipe = q->recipe, patients.n_threads = q->n_threads;
    struct lus_context_query query = {.patients = &patients,
                                      .figures = fit->targets.figures,
                                      .n_figures = fit->targets.n_figures,
                                      .only = fit->ids,
                                      .n_only = fit->n_ids};
    struct lus_fitting fitting = lus_fitting_default(false);
    struct lus_context c;
    int status = lus_context_open(&query, &c, fit->err);
    if (status == LUS_OK) status = lus_context_compare(&c, &fitting, fit->err);
    if (status == LUS_OK) status = take_answers(fit, &c);
    lus_context_free(&c);
    return status;
}

/* Draws the population of the model as it stands, and sees what it gives. */
static int measure(struct fit *fit)
{
    const struct lus_calibration *q = fit->asked;
    struct lus_simulation s = {.n = q->n, .seed = q->seed, .n_threads = q->n_threads};
    struct lus_string csv = {0};
    char path[32];
    int fd = -1, status = lus_model_draw(&fit->model, &s, &csv, fit->err);
    if (status == LUS_OK) status = hide(&csv, &fd, path, fit->err);
    lus_string_free(&csv);
    if (status == LUS_OK) status = compare(fit, path);
    if (fd >= 0) (void)close(fd);
    return status;
}

/* In tolerances. */
static double distance(const struct lus_reached *r)
{
    double d = (r->value - r->figure.value) / r->tolerance;
    return isnan(d) ? FAR : d;
}

static double mean_distance(const struct fit *fit)
{
    double sum = 0;
    for (size_t i = 0; i < fit->targets.n; i++)
        sum += distance(&fit->now[i]) * distance(&fit->now[i]);
    return sqrt(sum / (double)fit->targets.n);
}

/* --- the fit: x is 1 + the change of each logarithm, so that steps are of one size --- */

static void set_free(struct fit *fit, const gsl_vector *x)
{
    for (size_t k = 0; k < fit->model.free.n; k++)
        *fit->model.free.at[k].value = exp(fit->start[k] + gsl_vector_get(x, k) - 1);
}

static int residuals(const gsl_vector *x, void *context, gsl_vector *out)
{
    struct fit *fit = context;
    set_free(fit, x);
    fit->status = measure(fit);
    if (fit->status != LUS_OK) return GSL_EFAILED;
    for (size_t i = 0; i < fit->targets.n; i++)
        gsl_vector_set(out, i, distance(&fit->now[i]));
    for (size_t k = 0; k < fit->model.free.n; k++)
        gsl_vector_set(out, fit->targets.n + k, (gsl_vector_get(x, k) - 1) / LOOSE);
    return GSL_SUCCESS;
}

/* Until a round brings next to nothing. */
static void iterate(struct fit *fit, gsl_multifit_nlinear_workspace *w)
{
    double before = INFINITY;
    for (fit->round = 1; fit->round <= fit->asked->rounds; fit->round++) {
        int status = gsl_multifit_nlinear_iterate(w);
        double now = gsl_blas_dnrm2(gsl_multifit_nlinear_residual(w));
        if (fit->status != LUS_OK) return;
        if (fit->asked->progress)
            fit->asked->progress(fit->asked->progress_context, fit->round,
                                 now / sqrt((double)fit->targets.n));
        if (status != GSL_SUCCESS || before - now < 1e-3 * now) return;
        before = now;
    }
}

static int solve(struct fit *fit)
{
    size_t p = fit->model.free.n, n = fit->targets.n + p;
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    parameters.h_df = STEP;
    gsl_multifit_nlinear_fdf f = {.f = residuals, .n = n, .p = p, .params = fit};
    gsl_vector *x = gsl_vector_alloc(p);
    gsl_multifit_nlinear_workspace *w = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust,
                                                                   &parameters, n, p);
    int status = x && w ? LUS_OK : lus_fail_memory(fit->err);
    if (status == LUS_OK) {
        gsl_vector_set_all(x, 1);
        (void)gsl_multifit_nlinear_init(x, &f, w);
        if (fit->status == LUS_OK) iterate(fit, w);
        if (fit->status == LUS_OK) set_free(fit, gsl_multifit_nlinear_position(w));
        status = fit->status == LUS_OK ? measure(fit) : fit->status;
    }
    if (w) gsl_multifit_nlinear_free(w);
    if (x) gsl_vector_free(x);
    return status;
}

/* --- the model's text --- */

static int by_place(const void *a, const void *b)
{
    const struct lus_free_number *x = a, *y = b;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* The file as it is, with the numbers of now in their places. */
static int write_model(struct fit *fit, char **out)
{
    struct lus_string text = {0}, file = {0};
    size_t line = 1, done = 0, start = 0;
    int status = lus_file_read(fit->model.path, SIZE_MAX, &file, fit->err);
    if (status != LUS_OK) {
        lus_string_free(&file);
        return status;
    }
    if (fit->model.free.n)
        qsort(fit->model.free.at, fit->model.free.n, sizeof *fit->model.free.at, by_place);
    for (size_t k = 0, i = 0; k < fit->model.free.n; k++) {
        const struct lus_free_number *f = &fit->model.free.at[k];
        for (; line < f->line && i < file.n; i++)
            if (file.at[i] == '\n') line++, start = i + 1;
        size_t at = start + f->column - 1;
        lus_string_add(&text, file.at + done, at - done);
        lus_string_print(&text, "%.4g", *f->value);
        done = at + f->length;
    }
    lus_string_add(&text, file.at + done, file.n - done);
    lus_string_free(&file);
    if (text.failed) return lus_fail_memory(fit->err);
    *out = text.at;
    return LUS_OK;
}

/* --- all of it --- */

/* The figures that are asked for, by id. */
static int name_figures(struct fit *fit, struct lus_calibrated *out)
{
    struct lus_calibrated_memory *m = out->memory;
    struct lus_targets *t = &fit->targets;
    LUS_TRY(lus_figures_read(t->figures, t->n_figures, &m->figures, fit->err));
    fit->n_ids = out->n = t->n + t->n_held_out, out->n_targets = t->n;
    fit->ids = lus_arena_alloc(&m->arena, fit->n_ids, sizeof *fit->ids);
    fit->now = out->at = lus_arena_alloc(&m->arena, fit->n_ids, sizeof *fit->now);
    if (!fit->ids || !fit->now) return lus_fail_memory(fit->err);
    for (size_t i = 0; i < fit->n_ids; i++) {
        const char *id = fit->ids[i] = i < t->n ? t->at[i].id : t->held_out[i - t->n];
        size_t k = 0;
        while (k < m->figures.n && strcmp(m->figures.at[k].id, id) != 0)
            k++;
        if (k == m->figures.n)
            return lus_fail(fit->err, LUS_EDATA,
                            "%s: there is no figure \"%s\" in its figures:", t->path, id);
        fit->now[i] = (struct lus_reached){m->figures.at[k], NAN, NAN, LUS_NOT_COMPARABLE,
                                           i < t->n};
    }
    return LUS_OK;
}

static int prepare(struct fit *fit, struct lus_calibrated *out)
{
    struct lus_arena *arena = &out->memory->arena;
    LUS_TRY(lus_targets_read(&fit->targets, arena, fit->asked->targets, fit->err));
    LUS_TRY(lus_model_read(&fit->model, fit->asked->model, fit->err));
    LUS_TRY(name_figures(fit, out));
    if (fit->asked->rounds && !fit->model.free.n)
        return lus_fail(fit->err, LUS_EDATA,
                        "%s: no number is marked; {if: '..', ratio: 1.5, fit: true} or piecewise: "
                        "{.., fit: true} marks what may be fitted",
                        fit->model.path);
    fit->start = lus_arena_alloc(arena, fit->model.free.n + 1, sizeof *fit->start);
    if (!fit->start) return lus_fail_memory(fit->err);
    for (size_t k = 0; k < fit->model.free.n; k++)
        fit->start[k] = log(*fit->model.free.at[k].value);
    return LUS_OK;
}

int lus_calibrate(const struct lus_calibration *calibration, struct lus_calibrated *out,
                  struct lus_error *err)
{
    struct fit fit = {.asked = calibration, .err = err};
    *out = (struct lus_calibrated){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    int status = out->memory ? prepare(&fit, out) : lus_fail_memory(err);
    if (status == LUS_OK) status = measure(&fit);
    if (status == LUS_OK) {
        out->before = mean_distance(&fit);
        if (calibration->rounds) status = solve(&fit);
        out->after = mean_distance(&fit),
        out->rounds = fit.round < calibration->rounds ? fit.round : calibration->rounds;
    }
    if (status == LUS_OK) status = write_model(&fit, &out->model);
    lus_model_free(&fit.model);
    return status;
}

void lus_calibrated_free(struct lus_calibrated *calibrated)
{
    if (calibrated->memory) {
        lus_figures_free(&calibrated->memory->figures);
        lus_arena_free(&calibrated->memory->arena);
    }
    free(calibrated->memory);
    free(calibrated->model);
    *calibrated = (struct lus_calibrated){0};
}
