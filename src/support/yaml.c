#include "support/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <yaml.h>

#include "support/input.h"

enum { DEEPEST = 64 }; /* a recipe needs five levels; deeper is an attack or an accident */

struct reader {
    struct lus_arena *arena;
    const char *path;
    yaml_parser_t parser;
    struct lus_error *err;
};

int lus_yaml_fail(struct lus_error *err, const char *path, const struct lus_yaml *node,
                  const char *format, ...)
{
    char message[800];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return lus_fail_with(
        err, LUS_EDATA,
        &(struct lus_fault){.file = path, .line = node->line, .column = node->column}, "%s",
        message);
}

static int fail_at(struct reader *r, yaml_mark_t mark, const char *message)
{
    return lus_fail_with(
        r->err, LUS_EDATA,
        &(struct lus_fault){.file = r->path, .line = mark.line + 1, .column = mark.column + 1},
        "%s", message);
}

static int fail_parse(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR) return lus_fail_memory(r->err);
    if (p->error == YAML_READER_ERROR)
        return lus_fail(r->err, LUS_EDATA, "%s: %s at byte %zu: a recipe is UTF-8 text", r->path,
                        p->problem ? p->problem : "unreadable", p->problem_offset);
    yaml_mark_t mark = p->problem_mark;
    return lus_fail_with(
        r->err, LUS_EDATA,
        &(struct lus_fault){.file = r->path, .line = mark.line + 1, .column = mark.column + 1},
        "not YAML: %s%s%s", p->problem ? p->problem : "unreadable", p->context ? ", " : "",
        p->context ? p->context : "");
}

static int next(struct reader *r, yaml_event_t *event)
{
    return yaml_parser_parse(&r->parser, event) ? LUS_OK : fail_parse(r);
}

static int refuse_extras(struct reader *r, const yaml_event_t *event)
{
    const yaml_char_t *tag = NULL, *anchor = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return fail_at(r, event->start_mark, "aliases (*name) are not read; write the value out");
    case YAML_SCALAR_EVENT: tag = event->data.scalar.tag, anchor = event->data.scalar.anchor; break;
    case YAML_SEQUENCE_START_EVENT:
        tag = event->data.sequence_start.tag, anchor = event->data.sequence_start.anchor;
        break;
    case YAML_MAPPING_START_EVENT:
        tag = event->data.mapping_start.tag, anchor = event->data.mapping_start.anchor;
        break;
    default: break;
    }
    if (tag)
        return fail_at(r, event->start_mark,
                       "tags (!name) are not read; an expression that begins with ! or holds : or "
                       "# is written in single "
                       "quotes, and the word for ! is not");
    if (anchor)
        return fail_at(r, event->start_mark, "anchors (&name) are not read; write the value out");
    return LUS_OK;
}

static int read_node(struct reader *r, yaml_event_t *event, int depth, struct lus_yaml **out);

static int read_scalar(struct reader *r, const yaml_event_t *event, struct lus_yaml *node)
{
    node->kind = LUS_YAML_SCALAR;
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
        return fail_at(r, event->start_mark, "a NUL character in a value");
    node->text = lus_arena_copy(r->arena, (const char *)event->data.scalar.value,
                                event->data.scalar.length);
    return node->text ? LUS_OK : lus_fail_memory(r->err);
}

static int refuse_twice(struct reader *r, const struct lus_yaml_pair *pairs, size_t n,
                        const struct lus_yaml *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(pairs[i].key, key->text) == 0)
            return lus_yaml_fail(r->err, r->path, key,
                                 "the key \"%s\" stands twice, first on line %zu; keep one",
                                 key->text, pairs[i].line);
    return LUS_OK;
}

static int read_children(struct reader *r, yaml_event_type_t end, int depth, struct lus_yaml *node)
{
    LUS_ARRAY(struct lus_yaml_pair) pairs = {0};
    int status = LUS_OK;
    for (;;) {
        yaml_event_t event;
        struct lus_yaml *first = NULL;
        struct lus_yaml_pair pair = {0};
        if ((status = next(r, &event)) != LUS_OK) goto done;
        if (event.type == end) {
            yaml_event_delete(&event);
            break;
        }
        if ((status = read_node(r, &event, depth + 1, &first)) != LUS_OK) goto done;
        pair.value = first;
        if (node->kind == LUS_YAML_MAPPING) {
            if (first->kind != LUS_YAML_SCALAR) {
                status = lus_yaml_fail(r->err, r->path, first, "a key must be plain text");
                goto done;
            }
            if ((status = refuse_twice(r, pairs.at, pairs.n, first)) != LUS_OK) goto done;
            pair = (struct lus_yaml_pair){
                .key = first->text, .line = first->line, .column = first->column};
            if ((status = next(r, &event)) != LUS_OK) goto done;
            if ((status = read_node(r, &event, depth + 1, &pair.value)) != LUS_OK) goto done;
        }
        if ((status = LUS_ARRAY_RESERVE(&pairs, 1)) != LUS_OK) goto done;
        pairs.at[pairs.n++] = pair;
    }
    node->n = pairs.n;
    node->pairs = lus_arena_alloc(r->arena, pairs.n, sizeof *node->pairs);
    if (!node->pairs) status = lus_fail_memory(r->err);
    else if (pairs.n) memcpy(node->pairs, pairs.at, pairs.n * sizeof *pairs.at);
done:
    LUS_ARRAY_FREE(&pairs);
    return status;
}

/* Takes the event over and deletes it. */
static int read_node(struct reader *r, yaml_event_t *event, int depth, struct lus_yaml **out)
{
    struct lus_yaml *node = lus_arena_alloc(r->arena, 1, sizeof *node);
    int status = node ? refuse_extras(r, event) : lus_fail_memory(r->err);
    if (status == LUS_OK && depth > DEEPEST)
        status = fail_at(r, event->start_mark, "nested too deeply");
    yaml_event_type_t type = event->type;
    if (status == LUS_OK) {
        node->line = event->start_mark.line + 1;
        node->column = event->start_mark.column + 1;
        if (type == YAML_SCALAR_EVENT) status = read_scalar(r, event, node);
    }
    yaml_event_delete(event);
    if (status != LUS_OK) return status;
    if (type == YAML_SEQUENCE_START_EVENT) {
        node->kind = LUS_YAML_SEQUENCE;
        LUS_TRY(read_children(r, YAML_SEQUENCE_END_EVENT, depth, node));
    } else if (type == YAML_MAPPING_START_EVENT) {
        node->kind = LUS_YAML_MAPPING;
        LUS_TRY(read_children(r, YAML_MAPPING_END_EVENT, depth, node));
    }
    *out = node;
    return LUS_OK;
}

/* Stream start, document start, one node, document end, stream end. */
static int read_stream(struct reader *r, struct lus_yaml **out)
{
    bool has_document = false;
    for (;;) {
        yaml_event_t event;
        LUS_TRY(next(r, &event));
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
            type == YAML_DOCUMENT_END_EVENT || type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            if (type == YAML_STREAM_END_EVENT) return LUS_OK;
            if (type == YAML_DOCUMENT_START_EVENT && has_document)
                return fail_at(r, mark, "a second document (---); one file holds one");
            has_document = has_document || type == YAML_DOCUMENT_START_EVENT;
            continue;
        }
        LUS_TRY(read_node(r, &event, 0, out));
    }
}

int lus_yaml_read(struct lus_arena *arena, const char *path, struct lus_yaml **out,
                  struct lus_error *err)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file && errno == ENOMEM) return lus_fail_memory(err);
    if (!file) return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(errno));
    if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)fclose(file);
        return lus_fail(err, LUS_EIO, "%s: %s", path, strerror(EISDIR));
    }
    struct reader r = {.arena = arena, .path = path, .err = err};
    int status = lus_input_remember(fileno(file), path, err);
    if (status != LUS_OK) {
        (void)fclose(file);
        return status;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        status = lus_fail_memory(err);
    } else {
        yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_file(&r.parser, file);
        status = read_stream(&r, out);
        yaml_parser_delete(&r.parser);
    }
    if (status == LUS_OK && ferror(file))
        status = lus_fail(err, LUS_EIO, "%s: cannot be read", path);
    (void)fclose(file);
    if (status == LUS_OK && !*out)
        status = lus_fail(err, LUS_EDATA, "%s:1:1: the file is empty", path);
    return status;
}

const struct lus_yaml *lus_yaml_get(const struct lus_yaml *map, const char *key)
{
    for (size_t i = 0; map && map->kind == LUS_YAML_MAPPING && i < map->n; i++)
        if (strcmp(map->pairs[i].key, key) == 0) return map->pairs[i].value;
    return NULL;
}

int lus_yaml_check_keys(const struct lus_yaml *map, const char *path, const char *what,
                        const char *const *keys, size_t n_keys, struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING)
        return lus_yaml_fail(err, path, map, "%s must be a mapping (key: value)", what);
    for (size_t i = 0; i < map->n; i++) {
        const struct lus_yaml_pair *pair = &map->pairs[i];
        bool is_known = false;
        for (size_t k = 0; k < n_keys && !is_known; k++)
            is_known = strcmp(pair->key, keys[k]) == 0;
        if (is_known) continue;
        const char *near = lus_nearest(lus_text_of(pair->key), keys, n_keys);
        struct lus_yaml at = {.line = pair->line, .column = pair->column};
        if (near)
            return lus_yaml_fail(err, path, &at, "unknown key \"%s\" in %s; did you mean \"%s\"?",
                                 pair->key, what, near);
        struct lus_string list = {0};
        for (size_t k = 0; k < n_keys; k++)
            lus_string_print(&list, "%s%s", k ? ", " : "", keys[k]);
        int status = list.failed
                         ? lus_fail_memory(err)
                         : lus_yaml_fail(err, path, &at, "unknown key \"%s\" in %s; it takes %s",
                                         pair->key, what, list.at ? list.at : "none");
        lus_string_free(&list);
        return status;
    }
    return LUS_OK;
}
