/* What a model of a population was made to meet: figures with tolerances, in a file of its own. */
#ifndef LUS_CONTEXT_TARGETS_H
#define LUS_CONTEXT_TARGETS_H

#include "support/yaml.h"

struct lus_target {
    const char *id;   /* of a figure */
    double tolerance; /* in the figure's unit */
};

struct lus_targets {
    const char *path;     /* NULL: there are none */
    const char **figures; /* files, as seen from here */
    size_t n_figures;
    struct lus_target *at;
    size_t n;
    const char **held_out; /* ids of figures that nothing was fitted to */
    size_t n_held_out;
    /* how far any other figure may be off: a share by points, a median by a part of itself */
    double share, median;
};

/* Reads a file of targets (lustrum-model(5)); what it says stands in the arena. */
int lus_targets_read(struct lus_targets *targets, struct lus_arena *arena, const char *path,
                     struct lus_error *err) LUS_MUST_CHECK;
/* The target of a figure; NULL: it is none. */
const struct lus_target *lus_target_of(const struct lus_targets *targets, const char *id);

#endif
