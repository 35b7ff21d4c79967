/* Figures against data: read, then compared. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "support/error.h"

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
    const char *slash = strrchr(m->recipe->path, '/');
    if (named[0] != '/' && slash)
        path = lus_arena_print(&m->arena, "%.*s%s", (int)(slash + 1 - m->recipe->path),
                               m->recipe->path, named);
    return path ? lus_figures_read(&path, 1, &c->figures, err) : lus_fail_memory(err);
}

/* What the recipe says of its data that readers of the answers want. */
static void describe(struct lus_context *c)
{
    const struct lus_recipe *recipe = c->memory->recipe;
    const struct lus_factor *apart = recipe->context.apart
                                         ? lus_recipe_factor(recipe, recipe->context.apart)
                                         : NULL;
    c->title = recipe->title, c->from = recipe->time.from, c->is_synthetic = recipe->synthetic;
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
                                            .data = {NAN, NAN, NAN, 0, false, 0},
                                            .other_measure = NAN,
                                            .without_entry = NAN,
                                            .mixed = {false, NAN, NAN, NAN, 0, NULL}};
    return LUS_OK;
}

int lus_context_open(const struct lus_context_query *query, struct lus_context *out,
                     struct lus_error *err)
{
    *out = (struct lus_context){.memory = lus_alloc_zeroed(1, sizeof *out->memory)};
    struct lus_context_memory *m = out->memory;
    if (!m) return lus_fail_memory(err);
    m->query = *query;
    if (query->life_table) m->demography = lus_life_table_demography(query->life_table);
    LUS_TRY(open_data(m, err));
    LUS_TRY(read_figures(out, err));
    describe(out);
    LUS_TRY(start_answers(out, err));
    if (!query->patients->n_files) return LUS_OK;
    LUS_TRY(lus_questions_collect(out, err));
    return lus_questions_ask(out, err);
}

static bool is_target(const struct lus_recipe *recipe, const char *id)
{
    for (size_t i = 0; i < recipe->n_targets; i++)
        if (strcmp(recipe->targets[i], id) == 0) return true;
    return false;
}

int lus_context_compare(struct lus_context *c, const struct lus_fitting *fitting,
                        struct lus_error *err)
{
    struct lus_context_memory *m = c->memory;
    m->fitting = *fitting;
    LUS_TRY(lus_reading_run(m->reading, err));
    for (size_t i = 0; i < c->figures.n; i++) {
        struct lus_answer *a = &c->answers[i];
        LUS_TRY(lus_context_answer(c, i, err));
        if (a->reason != LUS_REASON_NONE)
            a->data = (struct lus_data_value){NAN, NAN, NAN, 0, false, a->data.fewest};
        a->verdict = lus_verdict(a->figure, &a->data);
        if (m->recipe->synthetic)
            a->verdict = lus_verdict_synthetic(a->verdict, a->figure,
                                               is_target(m->recipe, a->figure->id));
    }
    return LUS_OK;
}

void lus_context_free(struct lus_context *c)
{
    struct lus_context_memory *m = c->memory;
    lus_figures_free(&c->figures);
    if (m) {
        lus_question_free(&m->overall);
        lus_question_free(&m->without_entry);
        lus_question_free(&m->of_cause);
        for (size_t i = 0; i < m->n_numbers; i++)
            lus_question_free(&m->numbers[i]);
        lus_reading_close(m->reading);
        lus_recipe_free(&m->own);
        lus_arena_free(&m->arena);
    }
    free(m);
    *c = (struct lus_context){0};
}
