/* Figures against data: read, then compared. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "support/error.h"
#include "support/path.h"

/* The data with their recipe, or the recipe alone. */
static int open_data(struct lus_context_memory *m, struct lus_error *err)
{
    const struct lus_query *q = m->query.patients;
    if (q->n_files) {
        LUS_TRY(lus_reading_open(q, &m->reading, err));
        m->recipe = lus_reading_recipe(m->reading);
        return LUS_OK;
    }
    m->recipe = &m->own;
    LUS_TRY(lus_recipe_init(&m->own, err));
    return q->recipe ? lus_recipe_read(&m->own, q->recipe, err) : LUS_OK;
}

/* The life table that is named, or the recipe's. */
static int open_table(struct lus_context_memory *m, struct lus_error *err)
{
    const char *named = m->recipe->population.table;
    if (!m->query.life_table && named && m->query.patients->n_files) {
        const char *path = lus_path_beside(&m->arena, m->recipe->path, named);
        if (!path) return lus_fail_memory(err);
        LUS_TRY(lus_life_table_read(path, NULL, &m->own_table, err));
        m->query.life_table = &m->own_table;
    }
    if (m->query.life_table) m->demography = lus_life_table_demography(m->query.life_table);
    return LUS_OK;
}

/* Those that are named, or the recipe's figures:, which stands beside the recipe. */
static int read_figures(struct lus_context *c, struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    const char *named = m->recipe->figures, *path = named;
    if (m->query.n_figures)
        return lus_figures_read(m->query.figures, m->query.n_figures, &c->figures, err);
    if (!named)
        return lus_fail(err, LUS_EUSAGE,
                        "which figures? --figures FILE names them (datasets/figures/documents.yaml "
                        "is one), or figures: in the recipe");
    path = lus_path_beside(&m->arena, m->recipe->path, named);
    return path ? lus_figures_read(&path, 1, &c->figures, err) : lus_fail_memory(err);
}

/* Leaves out the figures that are not asked. */
static void choose_figures(struct lus_context *c)
{
    const struct lus_context_query *q = &c->memory->query;
    struct lus_figures *f = &c->figures;
    size_t n = 0;
    for (size_t i = 0; i < f->n && q->n_only; i++)
        for (size_t k = 0; k < q->n_only; k++)
            if (strcmp(f->at[i].id, q->only[k]) == 0) {
                f->at[n++] = f->at[i];
                break;
            }
    if (q->n_only) f->n = n;
}

/* What a model was made to meet; without targets its figures are all held out. */
static int read_targets(struct lus_context_memory *m, struct lus_error *err)
{
    m->targets = (struct lus_targets){.share = 0.03, .median = 0.15};
    if (!m->recipe->targets) return LUS_OK;
    const char *path = lus_path_beside(&m->arena, m->recipe->path, m->recipe->targets);
    return path ? lus_targets_read(&m->targets, &m->arena, path, err) : lus_fail_memory(err);
}

/* What the recipe says of its data that readers of the answers want. */
static void describe(struct lus_context *c)
{
    const struct lus_recipe *recipe = c->memory->recipe;
    const struct lus_factor *apart = recipe->context.apart
                                         ? lus_recipe_factor(recipe, recipe->context.apart)
                                         : NULL;
    c->title = recipe->title, c->from = recipe->time.from, c->is_synthetic = recipe->synthetic;
    c->from_year = recipe->from_year, c->to_year = recipe->to_year;
    c->selected = recipe->selected;
    c->mix_factor = recipe->context.mix, c->apart_factor = recipe->context.apart;
    if (apart) c->apart_levels = apart->levels, c->n_apart = apart->n_levels;
}

static int start_answers(struct lus_context *c, struct lus_error *err)
{
    c->answers = lus_arena_alloc(&c->memory->arena, c->figures.n, sizeof *c->answers);
    if (!c->answers) return lus_fail_memory(err);
    for (size_t i = 0; i < c->figures.n; i++)
        c->answers[i] = (struct lus_answer){.figure = &c->figures.at[i],
                                            .measure = c->figures.at[i].measure,
                                            .tolerance = NAN,
                                            .data = {NAN, NAN, NAN, 0, false, 0},
                                            .other_measure = NAN,
                                            .without_entry = NAN,
                                            .mixed = {false, NAN, NAN, NAN, 0, NULL},
                                            .adjusted = {false, NAN, NAN, NAN, 0, NULL}};
    return LUS_OK;
}

int lus_context_open(const struct lus_context_query *query, struct lus_context *out,
                     struct lus_error *err)
{
    *out = (struct lus_context){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    struct lus_context_memory *m = out->memory;
    if (!m) return lus_fail_memory(err);
    m->query = *query;
    LUS_TRY(open_data(m, err));
    LUS_TRY(open_table(m, err));
    LUS_TRY(read_figures(out, err));
    choose_figures(out);
    describe(out);
    LUS_TRY(start_answers(out, err));
    LUS_TRY(read_targets(m, err));
    out->life_table = m->query.life_table;
    out->share_tolerance = m->targets.share, out->median_tolerance = m->targets.median;
    if (!query->patients->n_files) return LUS_OK;
    LUS_TRY(lus_questions_collect(out, err));
    LUS_TRY(lus_questions_ask(out, err));
    return lus_adjust_ask(out, err);
}

/* How far data of a model may lie from a figure. */
static double tolerance_of(const struct lus_targets *t, const struct lus_figure *f)
{
    const struct lus_target *target = lus_target_of(t, f->id);
    bool is_length = f->statistic == LUS_STATISTIC_MEDIAN ||
                     f->statistic == LUS_STATISTIC_MEDIAN_OF;
    if (target) return target->tolerance;
    return is_length ? t->median * f->value : t->share;
}

static void judge(const struct lus_context_memory *m, struct lus_answer *a)
{
    if (a->reason != LUS_REASON_NONE)
        a->data = (struct lus_data_value){NAN, NAN, NAN, 0, false, a->data.fewest};
    if (!m->recipe->synthetic) {
        a->verdict = lus_verdict(a->figure, &a->data);
        return;
    }
    a->tolerance = tolerance_of(&m->targets, a->figure);
    a->verdict = lus_verdict_synthetic(a->figure, &a->data, a->tolerance,
                                       lus_target_of(&m->targets, a->figure->id) != NULL);
}

int lus_context_compare(struct lus_context *c, const struct lus_fitting *fitting,
                        struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    m->fitting = *fitting;
    LUS_TRY(lus_reading_run(m->reading, err));
    LUS_TRY(lus_adjust_fit(c, err));
    for (size_t i = 0; i < c->figures.n; i++) {
        struct lus_answer *a = &c->answers[i];
        LUS_TRY(lus_context_answer(c, i, err));
        judge(m, a);
    }
    return LUS_OK;
}

void lus_context_free(struct lus_context *c)
{
    struct lus_context_memory *m = c->memory;
    lus_figures_free(&c->figures);
    if (m) {
        lus_adjust_free(m);
        lus_question_free(&m->overall);
        lus_question_free(&m->without_entry);
        lus_question_free(&m->of_cause);
        for (size_t i = 0; i < m->n_numbers; i++)
            lus_question_free(&m->numbers[i]);
        lus_reading_close(m->reading);
        lus_recipe_free(&m->own);
        lus_life_table_free(&m->own_table);
        lus_arena_free(&m->arena);
    }
    free(m);
    *c = (struct lus_context){0};
}
