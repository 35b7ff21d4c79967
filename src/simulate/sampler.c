/* Drawing patients. All randomness is the Mersenne Twister's integers; exp and log are our own: the
 * same bytes on any CPU. */
#include "simulate/sampler.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/calendar.h"
#include "support/exponential.h"
#include "support/number.h"

static const double YEAR = 365.25;

/* In (0, 1), of 53 bits. */
static double uniform(gsl_rng *rng)
{
    uint64_t high = gsl_rng_get(rng), low = gsl_rng_get(rng);
    return ((double)(high >> 5) * 67108864.0 + (double)(low >> 6) + 0.5) / 9007199254740992.0;
}

static double exponential(gsl_rng *rng)
{
    return -lus_log(uniform(rng));
}

/* Marsaglia's polar method: sqrt and division are exact to the last bit everywhere. */
static double normal(gsl_rng *rng)
{
    for (;;) {
        double x = 2 * uniform(rng) - 1, y = 2 * uniform(rng) - 1, r = x * x + y * y;
        if (r > 0 && r < 1) return x * sqrt(-2 * lus_log(r) / r);
    }
}

/* --- expressions over the values drawn so far --- */

static uint8_t holds(const struct lus_sampler *d, const struct lus_expr *e)
{
    const struct lus_drawn *v = &d->values[e->operand.index];
    switch (e->kind) {
    case LUS_EXPR_AND: return lus_truth_and(holds(d, e->left), holds(d, e->right));
    case LUS_EXPR_OR: return lus_truth_or(holds(d, e->left), holds(d, e->right));
    case LUS_EXPR_NOT: return lus_truth_not(holds(d, e->left));
    case LUS_EXPR_MISSING: return v->text[0] ? LUS_FALSE : LUS_TRUE;
    case LUS_EXPR_TEXT: return (uint8_t)lus_expr_decide_text(e, lus_text_of(v->text));
    case LUS_EXPR_NUMBER: {
        double number = v->number;
        if (isnan(number) && lus_number_parse(v->text, strlen(v->text), &number) != LUS_NUMBER_OK)
            return LUS_UNKNOWN;
        return (uint8_t)lus_expr_decide_number(e, number);
    }
    case LUS_EXPR_COLUMNS: break;
    }
    return LUS_UNKNOWN;
}

/* --- variables --- */

static void set_text(struct lus_drawn *v, const char *text)
{
    size_t n = strlen(text);
    if (n >= sizeof v->text) n = sizeof v->text - 1;
    memcpy(v->text, text, n);
    v->text[n] = 0;
    v->number = NAN;
}

static void set_date(struct lus_drawn *v, int64_t day)
{
    int64_t year;
    unsigned month, of_month;
    lus_civil_from_days(day, &year, &month, &of_month);
    (void)snprintf(v->text, sizeof v->text, "%04lld-%02u-%02u", (long long)year, month, of_month);
    v->number = (double)day;
}

static double rounded(double x, int places)
{
    double power = 1;
    for (int i = 0; i < places; i++)
        power *= 10;
    return places < 0 ? x : floor(x * power + 0.5) / power;
}

/* A number rounded to some places, and as text. */
static void set_number(struct lus_drawn *v, double x, int places)
{
    char text[LUS_NUMBER_ROOM];
    x = rounded(x, places);
    (void)lus_number_print(text, x);
    set_text(v, text);
    v->number = x;
}

static void draw(struct lus_sampler *d, const struct lus_draw *from, struct lus_drawn *v)
{
    double u, x;
    size_t i = 0;
    switch (from->kind) {
    case LUS_DRAW_SHARES:
        u = uniform(d->rng);
        while (i + 1 < from->n && u >= from->shares[i])
            u -= from->shares[i++];
        set_text(v, from->levels[i]);
        break;
    case LUS_DRAW_NORMAL:
        do
            x = from->mean + from->sd * normal(d->rng);
        while ((x < from->least || x > from->most) && from->sd > 0);
        set_number(v, x, from->places);
        break;
    case LUS_DRAW_DATE:
        set_date(v, from->from + (int64_t)(uniform(d->rng) * (double)(from->to - from->from + 1)));
        break;
    }
}

static void draw_variable(struct lus_sampler *d, size_t k)
{
    const struct lus_variable *v = &d->model->variables[k];
    struct lus_drawn *out = &d->values[k];
    size_t i = 0;
    int n = 0;
    switch (v->kind) {
    case LUS_VARIABLE_DRAWN:
        while (v->draws[i].condition && holds(d, v->draws[i].condition) != LUS_TRUE)
            i++;
        draw(d, &v->draws[i], out);
        break;
    case LUS_VARIABLE_LEVELS:
        while (i < v->n_levels && holds(d, v->conditions[i]) != LUS_TRUE)
            i++;
        set_text(out, i < v->n_levels ? v->levels[i] : "");
        break;
    case LUS_VARIABLE_COUNT:
        for (; i < v->n_counted; i++)
            n += strcmp(d->values[v->counted[i]].text, v->is) == 0;
        if (v->top && n >= v->top) (void)snprintf(out->text, sizeof out->text, "%d+", v->top);
        else (void)snprintf(out->text, sizeof out->text, "%d", n);
        out->number = n;
        break;
    case LUS_VARIABLE_YEAR:
        memcpy(out->text, d->values[v->of].text, 4);
        out->text[4] = 0;
        out->number = strtod(out->text, NULL);
        break;
    }
}

/* --- times of death, in years --- */

static double of_pieces(const struct lus_hazard *h, double e)
{
    for (size_t i = 0; i < h->n_pieces; i++) {
        double length = i + 1 < h->n_pieces ? h->from[i + 1] - h->from[i] : INFINITY,
               sum = h->per_year[i] * length;
        if (h->per_year[i] > 0 && e <= sum) return h->from[i] + e / h->per_year[i];
        if (i + 1 < h->n_pieces) e -= sum;
    }
    return INFINITY;
}

/* The time at which the population's cumulative hazard reaches e. */
static double of_table(const struct lus_sampler *d, size_t k, double e)
{
    const struct lus_hazard *h = &d->model->hazards[k];
    struct lus_person p = {
        .age = (lus_time)((d->values[h->age].number + (h->is_completed ? 0.5 : 0)) *
                          h->table.year_days * 1e6) *
               (lus_unit_ticks(LUS_DAYS) / 1000000),
        .date = (lus_time)d->values[h->date].number * lus_unit_ticks(LUS_DAYS),
        .life = (uint16_t)((size_t)h->sex * h->table.n_by)};
    struct lus_walk w = lus_walk_begin(&d->grids[k], &p);
    while (w.to < LUS_TIME_MAX && w.sum + w.hazard * lus_days_of(w.to - w.from) < e)
        lus_walk_next(&w);
    return w.hazard > 0 ? (lus_days_of(w.from) + (e - w.sum) / w.hazard) / YEAR : INFINITY;
}

static double time_of_death(struct lus_sampler *d, size_t k)
{
    const struct lus_hazard *h = &d->model->hazards[k];
    double ratio = 1, e = exponential(d->rng);
    for (size_t i = 0; i < h->n_effects; i++)
        if (holds(d, h->effects[i].condition) == LUS_TRUE) ratio *= h->effects[i].ratio;
    if (!(ratio > 0)) return INFINITY;
    e /= ratio;
    if (h->has_table) return of_table(d, k, e);
    if (h->n_pieces) return of_pieces(h, e);
    return h->scale * lus_exp(lus_log(e) / h->shape);
}

/* --- patients --- */

struct outcome {
    double entry, exit; /* years */
    const char *cause;  /* NULL: alive */
};

static struct outcome follow(struct lus_sampler *d)
{
    const struct lus_model *m = d->model;
    struct outcome o = {.exit = ((double)m->closing - d->values[m->origin].number) / YEAR};
    double lost = m->lost_per_year > 0 ? exponential(d->rng) / m->lost_per_year : INFINITY;
    if (lost < o.exit) o.exit = lost;
    for (size_t k = 0; k < m->n_hazards; k++) {
        double t = time_of_death(d, k);
        if (t <= o.exit) o.exit = t, o.cause = m->hazards[k].name;
    }
    if (m->entry_share > 0 && uniform(d->rng) < m->entry_share)
        o.entry = exponential(d->rng) * m->entry_years;
    return o;
}

/* A time as written: rounded, and not 0, which would say that somebody was seen on one day only. */
static double written(const struct lus_model *m, double years, double least)
{
    double time = rounded(years * YEAR / m->unit_days, m->places);
    return time > least ? time : least;
}

static void put_time(struct lus_string *out, double x)
{
    char text[LUS_NUMBER_ROOM];
    (void)lus_number_print(text, x);
    lus_string_print(out, ",%s", text);
}

/* One patient; false where nobody would have seen it: dead or gone before it could enter. */
static bool put_patient(struct lus_sampler *d, uint64_t id)
{
    const struct lus_model *m = d->model;
    for (size_t k = 0; k < m->n_variables; k++)
        draw_variable(d, k);
    struct outcome o = follow(d);
    double least = 1;
    for (int i = 0; i < m->places; i++)
        least /= 10;
    double entry = o.entry > 0 ? written(m, o.entry, 0) : 0, exit = written(m, o.exit, least);
    bool missing[256];
    for (size_t k = 0; k < m->n_variables; k++)
        missing[k % 256] = m->variables[k].missing > 0 && uniform(d->rng) < m->variables[k].missing;
    if (exit <= entry || !(o.exit > 0)) return false;
    lus_string_print(&d->out, "%llu", (unsigned long long)id);
    for (size_t k = 0; k < m->n_variables; k++) {
        if (m->variables[k].hidden) continue;
        lus_string_put(&d->out, ",");
        if (!missing[k % 256]) lus_string_field(&d->out, d->values[k].text, ',');
    }
    if (m->entry) put_time(&d->out, entry);
    put_time(&d->out, exit);
    lus_string_put(&d->out, ",");
    lus_string_field(&d->out, !o.cause ? "alive" : m->cause ? "dead" : o.cause, ',');
    if (m->cause) {
        lus_string_put(&d->out, ",");
        lus_string_field(&d->out, o.cause ? o.cause : "", ',');
    }
    lus_string_put(&d->out, "\n");
    return true;
}

int lus_sampler_init(struct lus_sampler *d, const struct lus_model *model,
                     const struct lus_grid_of_cells *grids)
{
    *d = (struct lus_sampler){.model = model, .grids = grids};
    d->values = lus_alloc_zeroed(model->n_variables + 1, sizeof *d->values);
    d->rng = gsl_rng_alloc(gsl_rng_mt19937);
    return d->values && d->rng ? LUS_OK : LUS_ENOMEM;
}

void lus_sampler_free(struct lus_sampler *d)
{
    if (d->rng) gsl_rng_free(d->rng);
    free(d->values);
    lus_string_free(&d->out);
    *d = (struct lus_sampler){0};
}

/* Steele, Lea and Flood's splitmix64: seeds that stand close together become far apart. */
static uint64_t spread(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

int lus_sampler_block(struct lus_sampler *d, uint64_t seed, uint64_t block, uint64_t n)
{
    uint64_t first = block * LUS_SAMPLER_BLOCK + 1;
    gsl_rng_set(d->rng, (unsigned long)((spread(seed) + block) & 0xffffffffu));
    for (uint64_t k = 0, tries = 0; k < n && !d->out.failed; tries++) {
        k += put_patient(d, first + k);
        if (tries > 1000 + 1000 * (k + 1)) return LUS_EDATA;
    }
    return d->out.failed ? LUS_ENOMEM : LUS_OK;
}

void lus_sampler_header(struct lus_string *out, const struct lus_model *m, uint64_t n,
                        uint64_t seed)
{
    const char *slash = strrchr(m->path, '/');
    struct lus_string name = {0};
    lus_string_show(&name, slash ? slash + 1 : m->path);
    lus_string_print(out,
                     "# SYNTHETIC: made by lustrum simulate %s --n %llu --seed %llu; no person "
                     "stands behind a row\nid",
                     name.at ? name.at : "", (unsigned long long)n, (unsigned long long)seed);
    out->failed |= name.failed;
    lus_string_free(&name);
    for (size_t k = 0; k < m->n_variables; k++) {
        if (m->variables[k].hidden) continue;
        lus_string_put(out, ",");
        lus_string_field(out, m->variables[k].name, ',');
    }
    const char *const columns[] = {m->entry, m->time, m->event, m->cause};
    for (size_t i = 0; i < 4; i++) {
        if (!columns[i]) continue;
        lus_string_put(out, ",");
        lus_string_field(out, columns[i], ',');
    }
    lus_string_put(out, "\n");
}
