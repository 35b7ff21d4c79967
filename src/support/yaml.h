/* YAML trees with marks: libyaml reads, this keeps each node's line and column, and refuses what a
 * recipe has no use for: tags, anchors and aliases, duplicate keys, a second document, invalid
 * UTF-8. All scalars are text. */
#ifndef LUS_SUPPORT_YAML_H
#define LUS_SUPPORT_YAML_H

#include "support/text.h"

enum lus_yaml_kind { LUS_YAML_SCALAR, LUS_YAML_SEQUENCE, LUS_YAML_MAPPING };

struct lus_yaml {
    enum lus_yaml_kind kind;
    size_t line, column; /* from 1 */
    const char *text;    /* scalar: terminated */
    size_t n;            /* children of a sequence or pairs of a mapping */
    struct lus_yaml_pair {
        const char *key; /* NULL in a sequence */
        size_t line, column;
        struct lus_yaml *value;
    } * pairs;
};

/* Reads a whole file into a tree that the arena owns. LUS_EIO where it cannot be read, LUS_EDATA
 * with file:line:column. */
int lus_yaml_read(struct lus_arena *arena, const char *path, struct lus_yaml **out,
                  struct lus_error *err) LUS_MUST_CHECK;
/* The value of a key, NULL where it is not there. */
const struct lus_yaml *lus_yaml_get(const struct lus_yaml *map, const char *key);
/* LUS_EDATA at the node's place: "file:line:column: message". */
int lus_yaml_fail(struct lus_error *err, const char *path, const struct lus_yaml *node,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Refuses a node that is no mapping, and any key of it that is not in the list, naming the
 * nearest. */
int lus_yaml_check_keys(const struct lus_yaml *map, const char *path, const char *what,
                        const char *const *keys, size_t n_keys,
                        struct lus_error *err) LUS_MUST_CHECK;

#endif
