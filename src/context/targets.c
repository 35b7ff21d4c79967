/* Files of targets: YAML, checked key by key. */
#include "context/targets.h"

#include <string.h>

#include "support/number.h"
#include "support/path.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

static int read_number(const struct lus_targets *t, const struct lus_yaml *node, double *out,
                       struct lus_error *err)
{
    if (node->kind == LUS_YAML_SCALAR &&
        lus_number_parse(node->text, strlen(node->text), out) == LUS_NUMBER_OK && *out > 0)
        return LUS_OK;
    return lus_yaml_fail(err, t->path, node, "a tolerance is a number above 0");
}

/* One text, or a list of them; paths as seen from here. */
static int read_list(const struct lus_targets *t, struct lus_arena *arena,
                     const struct lus_yaml *node, const char *what, bool are_paths,
                     const char ***out, size_t *n, struct lus_error *err)
{
    bool is_list = node->kind == LUS_YAML_SEQUENCE;
    *n = is_list ? node->n : 1;
    *out = lus_arena_alloc(arena, *n + 1, sizeof **out);
    if (!*out) return lus_fail_memory(err);
    for (size_t i = 0; i < *n; i++) {
        const struct lus_yaml *item = is_list ? node->pairs[i].value : node;
        if (item->kind != LUS_YAML_SCALAR || !*item->text)
            return lus_yaml_fail(err, t->path, item, "%s is a list of texts", what);
        (*out)[i] = are_paths ? lus_path_beside(arena, t->path, item->text) : item->text;
        if (!(*out)[i]) return lus_fail_memory(err);
    }
    return LUS_OK;
}

static int read_targets(struct lus_targets *t, struct lus_arena *arena, const struct lus_yaml *map,
                        struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING || !map->n)
        return lus_yaml_fail(err, t->path, map, "targets is a mapping, figure: tolerance");
    t->at = lus_arena_alloc(arena, map->n, sizeof *t->at);
    if (!t->at) return lus_fail_memory(err);
    for (t->n = 0; t->n < map->n; t->n++) {
        t->at[t->n].id = map->pairs[t->n].key;
        LUS_TRY(read_number(t, map->pairs[t->n].value, &t->at[t->n].tolerance, err));
    }
    return LUS_OK;
}

int lus_targets_read(struct lus_targets *t, struct lus_arena *arena, const char *path,
                     struct lus_error *err)
{
    static const char *const keys[] = {"figures", "tolerance", "targets", "held_out"},
                             *const tolerances[] = {"share", "median"};
    struct lus_yaml *root;
    *t = (struct lus_targets){.share = 0.03, .median = 0.15};
    t->path = lus_arena_copy(arena, path, strlen(path));
    if (!t->path) return lus_fail_memory(err);
    LUS_TRY(lus_yaml_read(arena, path, &root, err));
    LUS_TRY(lus_yaml_check_keys(root, path, "a file of targets", keys, N_OF(keys), err));
    const struct lus_yaml *figures = lus_yaml_get(root, "figures"),
                          *targets = lus_yaml_get(root, "targets"),
                          *held_out = lus_yaml_get(root, "held_out"),
                          *tolerance = lus_yaml_get(root, "tolerance");
    if (!figures || !targets)
        return lus_yaml_fail(err, path, root,
                             "a file of targets has figures: [file, ..] and targets: {figure: "
                             "tolerance, ..}");
    LUS_TRY(read_list(t, arena, figures, "figures", true, &t->figures, &t->n_figures, err));
    LUS_TRY(read_targets(t, arena, targets, err));
    if (held_out)
        LUS_TRY(
            read_list(t, arena, held_out, "held_out", false, &t->held_out, &t->n_held_out, err));
    for (size_t i = 0; i < t->n_held_out; i++)
        if (lus_target_of(t, t->held_out[i]))
            return lus_yaml_fail(err, path, held_out, "%s is a target, and cannot be held out",
                                 t->held_out[i]);
    if (!tolerance) return LUS_OK;
    LUS_TRY(lus_yaml_check_keys(tolerance, path, "tolerance", tolerances, 2, err));
    const struct lus_yaml *share = lus_yaml_get(tolerance, "share"),
                          *median = lus_yaml_get(tolerance, "median");
    if (share) LUS_TRY(read_number(t, share, &t->share, err));
    return median ? read_number(t, median, &t->median, err) : LUS_OK;
}

const struct lus_target *lus_target_of(const struct lus_targets *t, const char *id)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->at[i].id, id) == 0) return &t->at[i];
    return NULL;
}
