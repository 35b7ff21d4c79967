/* Fitting a model of a population to published figures.
 *
 *     struct lus_calibration c = {.model = "datasets/stage4-model.yaml",
 *                                 .targets = "datasets/stage4-targets.yaml",
 *                                 .recipe = "datasets/stage4.yaml",
 *                                 .n = 2000, .seed = 7}; // rounds 0: looked at, not fitted
 *     struct lus_calibrated out;
 *     int status = lus_calibrate(&c, &out, &err);
 *     if (status == LUS_OK) printf("%zu targets\n", out.n_targets);
 *     lus_calibrated_free(&out);
 *
 * prints `22 targets`.
 */
#ifndef LUSTRUM_CALIBRATE_H
#define LUSTRUM_CALIBRATE_H

#include "lustrum/context.h"

struct lus_calibration {
    const char *model, *targets, *recipe; /* paths of YAML files */
    uint64_t n, seed; /* patients of each population; the same seed throughout */
    int n_threads;    /* 0: one for each core */
    int rounds;       /* at most; 0: nothing is fitted */
    /* Called behind each round with how far off the targets are, in tolerances; NULL: not */
    void (*progress)(void *context, int round, double distance);
    void *progress_context;
};

/* A figure and what the model gives. */
struct lus_reached {
    struct lus_figure figure;
    double tolerance, value; /* in the figure's unit; value NaN where it cannot be compared */
    enum lus_verdict verdict;
    bool is_target; /* else it was held out */
};

struct lus_calibrated {
    struct lus_reached *at; /* targets first, in the order of their file */
    size_t n, n_targets;
    double before, after; /* root of the mean squared distance of the targets, in tolerances */
    int rounds;
    char *model; /* the model's text with the numbers that were fitted; NUL-terminated */
    struct lus_calibrated_memory *memory;
};

/* Fits the numbers that the model marks with `fit: true` to the figures that a file of targets
 * names with tolerances (lustrum-model(5)): least squares of (reached - figure) / tolerance by
 * Levenberg-Marquardt (GSL's gsl_multifit_nlinear), over the logarithms of the numbers, on
 * populations that share their random numbers. Numbers stay near where they were unless targets
 * tell more: a change of a logarithm by 0.25 costs as much as a target off by its tolerance.
 * out       overwritten; the caller frees it with lus_calibrated_free, on failure too.
 * Returns   LUS_OK; LUS_EDATA at file:line:column, where a target is no figure or cannot be
 *           compared, or where rounds are asked and the model marks nothing; else as lus_simulate
 *           and lus_context_compare.
 * Checked   tests/unit/test_calibrate.c: a hazard that was changed comes back. */
LUS_API int lus_calibrate(const struct lus_calibration *calibration, struct lus_calibrated *out,
                          struct lus_error *err) LUS_MUST_CHECK;
LUS_API void lus_calibrated_free(struct lus_calibrated *calibrated);

#endif
