#include "simulate/model.h"

#include <math.h>
#include <stdlib.h>

#include "support/calendar.h"
#include "support/number.h"
#include "support/path.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

static int fail(const struct lus_model *m, const struct lus_yaml *node, const char *what,
                struct lus_error *err)
{
    return lus_yaml_fail(err, m->path, node, "%s", what);
}

static int number(const struct lus_model *m, const struct lus_yaml *node, double least, double most,
                  double *out, struct lus_error *err)
{
    if (node->kind == LUS_YAML_SCALAR &&
        lus_number_parse(node->text, strlen(node->text), out) == LUS_NUMBER_OK && *out >= least &&
        *out <= most)
        return LUS_OK;
    return lus_yaml_fail(err, m->path, node, "a number from %g to %g is wanted", least, most);
}

/* A number under a key; *out stays where the key is absent. */
static int number_at(const struct lus_model *m, const struct lus_yaml *map, const char *key,
                     double least, double most, double *out, struct lus_error *err)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    return node ? number(m, node, least, most, out, err) : LUS_OK;
}

static int text_at(const struct lus_model *m, const struct lus_yaml *map, const char *key,
                   const char **out, struct lus_error *err)
{
    const struct lus_yaml *node = lus_yaml_get(map, key);
    if (!node) return LUS_OK;
    if (node->kind != LUS_YAML_SCALAR || !*node->text)
        return lus_yaml_fail(err, m->path, node, "%s is a text", key);
    *out = node->text;
    return LUS_OK;
}

static int day_of(const struct lus_model *m, const struct lus_yaml *node, int64_t *out,
                  struct lus_error *err)
{
    bool is_month = false, is_year = false;
    if (node && node->kind == LUS_YAML_SCALAR &&
        lus_date_parse(lus_text_of(node->text), LUS_DATE_PLAIN, out, &is_month, &is_year) &&
        !is_month)
        return LUS_OK;
    return fail(m, node, "a date is wanted, YYYY-MM-DD", err);
}

/* The index of a variable that stands above. */
static int variable_of(const struct lus_model *m, const struct lus_yaml *node, const char *name,
                       size_t *out, struct lus_error *err)
{
    const char **names = lus_alloc(m->n_variables, sizeof *names);
    if (!names) return lus_fail_memory(err);
    for (size_t i = 0; i < m->n_variables; i++) {
        names[i] = m->variables[i].name;
        if (strcmp(name, names[i]) != 0) continue;
        *out = i;
        free(names);
        return LUS_OK;
    }
    const char *near = lus_nearest(lus_text_of(name), names, m->n_variables);
    int status = near ? lus_yaml_fail(err, m->path, node,
                                      "no variable \"%s\" stands above; did you mean \"%s\"?", name,
                                      near)
                      : lus_yaml_fail(err, m->path, node, "no variable \"%s\" stands above", name);
    free(names);
    return status;
}

static int bind(const struct lus_model *m, const struct lus_yaml *node, struct lus_expr *e,
                struct lus_error *err)
{
    if (e->kind == LUS_EXPR_AND || e->kind == LUS_EXPR_OR) {
        LUS_TRY(bind(m, node, e->left, err));
        return bind(m, node, e->right, err);
    }
    if (e->kind == LUS_EXPR_NOT) return bind(m, node, e->left, err);
    if (e->kind == LUS_EXPR_COLUMNS)
        return fail(m, node, "two variables are not compared with each other here", err);
    return variable_of(m, node, e->operand.name, &e->operand.index, err);
}

static int expression(struct lus_model *m, const struct lus_yaml *node, struct lus_expr **out,
                      struct lus_error *err)
{
    struct lus_error inner = LUS_ERROR_INIT;
    if (!node || node->kind != LUS_YAML_SCALAR)
        return fail(m, node, "an expression in single quotes is wanted", err);
    int status = lus_expr_parse(&m->arena, node->text, out, &inner);
    if (status == LUS_EDATA) return lus_yaml_fail(err, m->path, node, "%s", inner.message);
    if (status != LUS_OK) return lus_fail_as(err, status, &inner);
    return bind(m, node, *out, err);
}

/* --- variables --- */

static int read_shares(struct lus_model *m, const struct lus_yaml *map, struct lus_draw *d,
                       struct lus_error *err)
{
    double sum = 0;
    if (map->kind != LUS_YAML_MAPPING || !map->n)
        return fail(m, map, "shares: {level: share, ...}", err);
    d->n = map->n;
    d->levels = lus_arena_alloc(&m->arena, d->n, sizeof *d->levels);
    d->shares = lus_arena_alloc(&m->arena, d->n, sizeof *d->shares);
    if (!d->levels || !d->shares) return lus_fail_memory(err);
    for (size_t i = 0; i < d->n; i++) {
        d->levels[i] = map->pairs[i].key;
        LUS_TRY(number(m, map->pairs[i].value, 0, 1, &d->shares[i], err));
        sum += d->shares[i];
    }
    return fabs(sum - 1) < 1e-9
               ? LUS_OK
               : lus_yaml_fail(err, m->path, map, "the shares add up to %.10g, not to 1", sum);
}

static int read_normal(struct lus_model *m, const struct lus_yaml *map, struct lus_draw *d,
                       struct lus_error *err)
{
    static const char *const keys[] = {"mean", "sd", "min", "max", "places"};
    double places = -1;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "normal", keys, N_OF(keys), err));
    if (!lus_yaml_get(map, "mean") || !lus_yaml_get(map, "sd"))
        return fail(m, map, "a normal distribution has mean: and sd:", err);
    d->kind = LUS_DRAW_NORMAL, d->least = -1e9, d->most = 1e9;
    LUS_TRY(number_at(m, map, "mean", -1e9, 1e9, &d->mean, err));
    LUS_TRY(number_at(m, map, "sd", 0, 1e9, &d->sd, err));
    LUS_TRY(number_at(m, map, "min", -1e9, 1e9, &d->least, err));
    LUS_TRY(number_at(m, map, "max", -1e9, 1e9, &d->most, err));
    LUS_TRY(number_at(m, map, "places", 0, 6, &places, err));
    if (!(d->least < d->most)) return fail(m, map, "min: is not below max:", err);
    d->places = (int)places;
    return LUS_OK;
}

static int read_dates(struct lus_model *m, const struct lus_yaml *map, struct lus_draw *d,
                      struct lus_error *err)
{
    static const char *const keys[] = {"from", "to"};
    LUS_TRY(lus_yaml_check_keys(map, m->path, "date", keys, 2, err));
    d->kind = LUS_DRAW_DATE;
    LUS_TRY(day_of(m, lus_yaml_get(map, "from") ? lus_yaml_get(map, "from") : map, &d->from, err));
    LUS_TRY(day_of(m, lus_yaml_get(map, "to") ? lus_yaml_get(map, "to") : map, &d->to, err));
    return d->from <= d->to ? LUS_OK : fail(m, map, "from: is later than to:", err);
}

/* The distribution under one of the keys shares, normal and date; *found is false where there is
 * none. */
static int read_draw(struct lus_model *m, const struct lus_yaml *map, struct lus_draw *d,
                     bool *found, struct lus_error *err)
{
    const struct lus_yaml *shares = lus_yaml_get(map, "shares"),
                          *normal = lus_yaml_get(map, "normal"), *date = lus_yaml_get(map, "date");
    *found = shares || normal || date;
    if ((shares != NULL) + (normal != NULL) + (date != NULL) > 1)
        return fail(m, map, "one of shares:, normal: and date: is wanted", err);
    if (shares) return read_shares(m, shares, d, err);
    if (normal) return read_normal(m, normal, d, err);
    return date ? read_dates(m, date, d, err) : LUS_OK;
}

static int read_draws(struct lus_model *m, const struct lus_yaml *map, struct lus_variable *v,
                      struct lus_error *err)
{
    static const char *const keys[] = {"if", "shares", "normal"};
    const struct lus_yaml *when = lus_yaml_get(map, "when");
    size_t n = when ? when->n : 0;
    bool found;
    if (when && when->kind != LUS_YAML_SEQUENCE)
        return fail(m, when, "when: is a list, - {if: '..', shares: {..}}", err);
    v->draws = lus_arena_alloc(&m->arena, n + 1, sizeof *v->draws);
    if (!v->draws) return lus_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct lus_yaml *rule = when->pairs[i].value;
        LUS_TRY(lus_yaml_check_keys(rule, m->path, "a rule", keys, N_OF(keys), err));
        LUS_TRY(expression(m, lus_yaml_get(rule, "if"), &v->draws[i].condition, err));
        LUS_TRY(read_draw(m, rule, &v->draws[i], &found, err));
        if (!found) return fail(m, rule, "a rule has shares: or normal:", err);
    }
    LUS_TRY(read_draw(m, map, &v->draws[n], &found, err));
    v->n_draws = n + 1;
    return found ? LUS_OK
                 : fail(m, map,
                        "a variable has shares:, normal:, date:, levels:, count_of: or year_of:",
                        err);
}

static int read_levels(struct lus_model *m, const struct lus_yaml *map, struct lus_variable *v,
                       struct lus_error *err)
{
    if (map->kind != LUS_YAML_MAPPING || !map->n)
        return fail(m, map, "levels: {level: 'expression', ...}", err);
    v->kind = LUS_VARIABLE_LEVELS;
    v->n_levels = map->n;
    v->levels = lus_arena_alloc(&m->arena, map->n, sizeof *v->levels);
    v->conditions = lus_arena_alloc(&m->arena, map->n, sizeof *v->conditions);
    if (!v->levels || !v->conditions) return lus_fail_memory(err);
    for (size_t i = 0; i < map->n; i++) {
        v->levels[i] = map->pairs[i].key;
        LUS_TRY(expression(m, map->pairs[i].value, &v->conditions[i], err));
    }
    return LUS_OK;
}

static int read_count(struct lus_model *m, const struct lus_yaml *map, struct lus_variable *v,
                      struct lus_error *err)
{
    static const char *const keys[] = {"columns", "is", "top"};
    double top = 0;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "count_of", keys, N_OF(keys), err));
    const struct lus_yaml *columns = lus_yaml_get(map, "columns");
    if (!columns || columns->kind != LUS_YAML_SEQUENCE)
        return fail(m, map, "count_of has columns: [..] and is: level", err);
    v->kind = LUS_VARIABLE_COUNT;
    v->counted = lus_arena_alloc(&m->arena, columns->n + 1, sizeof *v->counted);
    if (!v->counted) return lus_fail_memory(err);
    for (size_t i = 0; i < columns->n; i++) {
        const struct lus_yaml *name = columns->pairs[i].value;
        if (name->kind != LUS_YAML_SCALAR)
            return fail(m, name, "the name of a variable is wanted", err);
        LUS_TRY(variable_of(m, name, name->text, &v->counted[v->n_counted++], err));
    }
    LUS_TRY(text_at(m, map, "is", &v->is, err));
    LUS_TRY(number_at(m, map, "top", 1, 1000, &top, err));
    v->top = (int)top;
    return v->is ? LUS_OK : fail(m, map, "count_of has columns: [..] and is: level", err);
}

static int read_variable(struct lus_model *m, const char *name, const struct lus_yaml *map,
                         struct lus_error *err)
{
    static const char *const keys[] = {"shares",   "normal",  "date",    "when",  "levels",
                                       "count_of", "year_of", "missing", "hidden"};
    struct lus_variable v = {.name = name};
    const char *hidden = NULL;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "a variable", keys, N_OF(keys), err));
    const struct lus_yaml *levels = lus_yaml_get(map, "levels"),
                          *count = lus_yaml_get(map, "count_of"),
                          *year = lus_yaml_get(map, "year_of");
    if (levels) {
        LUS_TRY(read_levels(m, levels, &v, err));
    } else if (count) {
        LUS_TRY(read_count(m, count, &v, err));
    } else if (year) {
        v.kind = LUS_VARIABLE_YEAR;
        if (year->kind != LUS_YAML_SCALAR) return fail(m, year, "year_of: names a date above", err);
        LUS_TRY(variable_of(m, year, year->text, &v.of, err));
    } else {
        LUS_TRY(read_draws(m, map, &v, err));
    }
    LUS_TRY(number_at(m, map, "missing", 0, 1, &v.missing, err));
    LUS_TRY(text_at(m, map, "hidden", &hidden, err));
    v.hidden = hidden && strcmp(hidden, "true") == 0;
    m->variables[m->n_variables++] = v;
    return LUS_OK;
}

/* --- hazards --- */

/* A number that may be fitted, where its mapping says `fit: true`. */
static int add_free(struct lus_model *m, const struct lus_yaml *map, const struct lus_yaml *node,
                    double *value, struct lus_error *err)
{
    const char *fit = NULL;
    LUS_TRY(text_at(m, map, "fit", &fit, err));
    if (!fit || strcmp(fit, "true") != 0) return LUS_OK;
    if (!(*value > 0)) return fail(m, node, "a number that is fitted is above 0", err);
    if (LUS_ARRAY_RESERVE(&m->free, 1) != LUS_OK) return lus_fail_memory(err);
    m->free.at[m->free.n++] = (struct lus_free_number){value, node->line, node->column,
                                                       strlen(node->text)};
    return LUS_OK;
}

static int read_pieces(struct lus_model *m, const struct lus_yaml *map, struct lus_hazard *h,
                       struct lus_error *err)
{
    static const char *const keys[] = {"from", "per_year", "fit"};
    LUS_TRY(lus_yaml_check_keys(map, m->path, "piecewise", keys, 3, err));
    const struct lus_yaml *from = lus_yaml_get(map, "from"), *rate = lus_yaml_get(map, "per_year");
    if (!from || !rate || from->kind != LUS_YAML_SEQUENCE || rate->kind != LUS_YAML_SEQUENCE ||
        from->n != rate->n || !from->n)
        return fail(m, map,
                    "piecewise has from: [0, ..] in years and as many hazards per_year: [..]", err);
    h->n_pieces = from->n;
    h->from = lus_arena_alloc(&m->arena, from->n, sizeof *h->from);
    h->per_year = lus_arena_alloc(&m->arena, from->n, sizeof *h->per_year);
    if (!h->from || !h->per_year) return lus_fail_memory(err);
    for (size_t i = 0; i < from->n; i++) {
        LUS_TRY(number(m, from->pairs[i].value, 0, 1000, &h->from[i], err));
        LUS_TRY(number(m, rate->pairs[i].value, 0, 1000, &h->per_year[i], err));
        if (i ? h->from[i] <= h->from[i - 1] : h->from[i] != 0)
            return fail(m, from, "from: begins with 0 and ascends", err);
        LUS_TRY(add_free(m, map, rate->pairs[i].value, &h->per_year[i], err));
    }
    return LUS_OK;
}

static int read_table(struct lus_model *m, const struct lus_yaml *map, struct lus_hazard *h,
                      struct lus_error *err)
{
    const char *path = NULL, *age = NULL, *date = NULL, *sex = NULL, *completed = NULL;
    LUS_TRY(text_at(m, map, "lifetable", &path, err));
    LUS_TRY(text_at(m, map, "age", &age, err));
    LUS_TRY(text_at(m, map, "date", &date, err));
    LUS_TRY(text_at(m, map, "sex", &sex, err));
    LUS_TRY(text_at(m, map, "age_completed", &completed, err));
    h->is_completed = completed && strcmp(completed, "true") == 0;
    if (!age || !date || !sex || (strcmp(sex, "female") != 0 && strcmp(sex, "male") != 0))
        return fail(m, map, "a life table needs age: and date:, variables, and sex: female or male",
                    err);
    LUS_TRY(variable_of(m, map, age, &h->age, err));
    LUS_TRY(variable_of(m, map, date, &h->date, err));
    h->sex = sex[0] == 'f' ? LUS_FEMALE : LUS_MALE;
    path = lus_path_beside(&m->arena, m->path, path);
    if (!path) return lus_fail_memory(err);
    LUS_TRY(lus_life_table_read(path, NULL, &h->table, err));
    h->has_table = true;
    return h->table.has_sex[h->sex] ? LUS_OK
                                    : fail(m, map, "the life table has no rows for that sex", err);
}

static int read_effects(struct lus_model *m, const struct lus_yaml *list, struct lus_hazard *h,
                        struct lus_error *err)
{
    static const char *const keys[] = {"if", "ratio", "fit"};
    if (list->kind != LUS_YAML_SEQUENCE)
        return fail(m, list, "effects: is a list, - {if: '..', ratio: 1.5}", err);
    h->effects = lus_arena_alloc(&m->arena, list->n + 1, sizeof *h->effects);
    if (!h->effects) return lus_fail_memory(err);
    for (size_t i = 0; i < list->n; i++) {
        const struct lus_yaml *e = list->pairs[i].value, *ratio;
        LUS_TRY(lus_yaml_check_keys(e, m->path, "an effect", keys, 3, err));
        LUS_TRY(expression(m, lus_yaml_get(e, "if"), &h->effects[i].condition, err));
        if (!(ratio = lus_yaml_get(e, "ratio"))) return fail(m, e, "an effect has a ratio:", err);
        LUS_TRY(number(m, ratio, 0, 1e6, &h->effects[i].ratio, err));
        LUS_TRY(add_free(m, e, ratio, &h->effects[i].ratio, err));
    }
    h->n_effects = list->n;
    return LUS_OK;
}

static int read_hazard(struct lus_model *m, const char *name, const struct lus_yaml *map,
                       struct lus_error *err)
{
    static const char *const keys[] = {"piecewise",     "weibull", "lifetable", "age",
                                       "age_completed", "date",    "sex",       "effects"},
                             *const weibull_keys[] = {"shape", "scale"};
    struct lus_hazard *h = &m->hazards[m->n_hazards++];
    h->name = name;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "a cause of death", keys, N_OF(keys), err));
    const struct lus_yaml *pieces = lus_yaml_get(map, "piecewise"),
                          *weibull = lus_yaml_get(map, "weibull"),
                          *table = lus_yaml_get(map, "lifetable");
    if ((pieces != NULL) + (weibull != NULL) + (table != NULL) != 1)
        return fail(m, map, "a cause of death has one of piecewise:, weibull: and lifetable:", err);
    if (pieces) LUS_TRY(read_pieces(m, pieces, h, err));
    if (table) LUS_TRY(read_table(m, map, h, err));
    if (weibull) {
        LUS_TRY(lus_yaml_check_keys(weibull, m->path, "weibull", weibull_keys, 2, err));
        LUS_TRY(number_at(m, weibull, "shape", 0.01, 100, &h->shape, err));
        LUS_TRY(number_at(m, weibull, "scale", 1e-6, 1e6, &h->scale, err));
        if (!(h->shape > 0) || !(h->scale > 0))
            return fail(m, weibull, "weibull has shape: and scale: (years)", err);
    }
    return lus_yaml_get(map, "effects") ? read_effects(m, lus_yaml_get(map, "effects"), h, err)
                                        : LUS_OK;
}

/* --- follow-up and output --- */

static int read_follow_up(struct lus_model *m, const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {"origin", "closing", "lost_per_year", "late_share",
                                       "late_years"};
    const char *origin = NULL;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "follow_up", keys, N_OF(keys), err));
    LUS_TRY(text_at(m, map, "origin", &origin, err));
    if (!origin) return fail(m, map, "follow_up has origin:, a date, and closing: YYYY-MM-DD", err);
    LUS_TRY(variable_of(m, map, origin, &m->origin, err));
    LUS_TRY(day_of(m, lus_yaml_get(map, "closing") ? lus_yaml_get(map, "closing") : map,
                   &m->closing, err));
    LUS_TRY(number_at(m, map, "lost_per_year", 0, 100, &m->lost_per_year, err));
    LUS_TRY(number_at(m, map, "late_share", 0, 1, &m->entry_share, err));
    return number_at(m, map, "late_years", 1e-6, 1000, &m->entry_years, err);
}

/* Every column of the output has a name of its own: a header with two of a name cannot be read. */
static int check_names(struct lus_model *m, const struct lus_yaml *map, struct lus_error *err)
{
    const char *const own[] = {"id", m->time, m->event, m->cause, m->entry};
    for (size_t i = 0; i < N_OF(own); i++) {
        for (size_t k = 0; own[i] && k < i; k++)
            if (own[k] && strcmp(own[i], own[k]) == 0)
                return lus_yaml_fail(err, m->path, map, "two columns would be called \"%s\"",
                                     own[i]);
        for (size_t k = 0; own[i] && k < m->n_variables; k++)
            if (!m->variables[k].hidden && strcmp(own[i], m->variables[k].name) == 0)
                return lus_yaml_fail(err, m->path, map,
                                     "two columns would be called \"%s\": a variable is", own[i]);
    }
    return LUS_OK;
}

static int read_output(struct lus_model *m, const struct lus_yaml *map, struct lus_error *err)
{
    static const char *const keys[] = {"time", "unit", "places", "event", "cause", "entry"};
    const char *unit_text = "months";
    enum lus_unit unit;
    double places = 1;
    LUS_TRY(lus_yaml_check_keys(map, m->path, "output", keys, N_OF(keys), err));
    LUS_TRY(text_at(m, map, "time", &m->time, err));
    LUS_TRY(text_at(m, map, "event", &m->event, err));
    LUS_TRY(text_at(m, map, "cause", &m->cause, err));
    LUS_TRY(text_at(m, map, "entry", &m->entry, err));
    LUS_TRY(text_at(m, map, "unit", &unit_text, err));
    LUS_TRY(number_at(m, map, "places", 0, 6, &places, err));
    if (!m->time || !m->event) return fail(m, map, "output has the columns time: and event:", err);
    if (lus_unit_parse(unit_text, &unit) != LUS_OK)
        return fail(m, map, "unit: is days, weeks, months or years", err);
    if ((m->entry_share > 0) != (m->entry != NULL))
        return fail(m, map, "late_share: in follow_up and entry: in output go together", err);
    if (m->entry_share > 0 && !(m->entry_years > 0))
        return fail(m, map, "late_share: needs late_years:, the mean delay", err);
    m->unit_days = (double)lus_unit_ticks(unit) / (double)lus_unit_ticks(LUS_DAYS);
    m->places = (int)places;
    return check_names(m, map, err);
}

int lus_model_read(struct lus_model *m, const char *path, struct lus_error *err)
{
    static const char *const keys[] = {"title", "source",    "licence", "variables",
                                       "death", "follow_up", "output"};
    struct lus_yaml *root;
    *m = (struct lus_model){0};
    m->path = lus_arena_copy(&m->arena, path, strlen(path));
    if (!m->path) return lus_fail_memory(err);
    LUS_TRY(lus_yaml_read(&m->arena, path, &root, err));
    LUS_TRY(lus_yaml_check_keys(root, path, "a model", keys, N_OF(keys), err));
    const struct lus_yaml *variables = lus_yaml_get(root, "variables"),
                          *death = lus_yaml_get(root, "death");
    const struct lus_yaml *follow_up = lus_yaml_get(root, "follow_up"),
                          *output = lus_yaml_get(root, "output");
    if (!variables || !death || !follow_up || !output || variables->kind != LUS_YAML_MAPPING ||
        death->kind != LUS_YAML_MAPPING)
        return fail(m, root, "a model has variables:, death:, follow_up: and output:", err);
    LUS_TRY(text_at(m, root, "title", &m->title, err));
    m->variables = lus_arena_alloc(&m->arena, variables->n + 1, sizeof *m->variables);
    m->hazards = lus_arena_alloc(&m->arena, death->n + 1, sizeof *m->hazards);
    if (!m->variables || !m->hazards) return lus_fail_memory(err);
    for (size_t i = 0; i < variables->n; i++)
        LUS_TRY(read_variable(m, variables->pairs[i].key, variables->pairs[i].value, err));
    for (size_t i = 0; i < death->n; i++)
        LUS_TRY(read_hazard(m, death->pairs[i].key, death->pairs[i].value, err));
    LUS_TRY(read_follow_up(m, follow_up, err));
    return read_output(m, output, err);
}

void lus_model_free(struct lus_model *m)
{
    for (size_t i = 0; i < m->n_hazards; i++)
        if (m->hazards[i].has_table) lus_life_table_free(&m->hazards[i].table);
    free(m->free.at);
    lus_arena_free(&m->arena);
    *m = (struct lus_model){0};
}
