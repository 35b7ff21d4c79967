/* lustrum calibrate: a model's free numbers fitted to figures. */
#include <math.h>
#include <stdlib.h>

#include "command/comparison.h"
#include "command/option.h"
#include "lustrum/calibrate.h"
#include "support/output.h"

static const struct lus_option options[] = {
    TEXT("targets", 0, "FILE", targets,
         "YAML that says which figures are met, with which tolerance, and which are held out"),
    TEXT("recipe", 0, "FILE", recipe, "what the columns of the model's patients mean"),
    WHOLE("n", "N", n, "patients of each population (default: 40000)"),
    WHOLE("seed", "S", seed, "of the random numbers that all populations share (default: 1)"),
    WHOLE("rounds", "N", rounds, "at most so many; 0 looks and fits nothing (default: 12)"),
    TEXT("save", 0, "FILE", save,
         "write the model with the fitted numbers, whole or not at all (it may be MODEL itself)"),
    WHOLE("threads", "N", threads,
          "threads (default: one for each core); results are the same for every N"),
    END};
const struct lus_option_group lus_calibrating_options = {"Calibration", options};

static struct lus_table *start_table(struct lus_document *d, const char *name, const char *title)
{
    struct lus_table *t = lus_document_table(d, name, title);
    COLUMN(.name = "figure", .role = LUS_ROLE_KEY, .header = "figure");
    COLUMN(.name = "statistic", .role = LUS_ROLE_KEY, .header = "statistic", .machines_only = true);
    COLUMN(.name = "figure_value", .role = LUS_ROLE_ASKED, .header = "says",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "tolerance", .role = LUS_ROLE_ASKED, .header = "within",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "reached", .role = LUS_ROLE_ESTIMATE, .header = "reached",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "distance", .role = LUS_ROLE_ESTIMATE, .header = "off",
           .kind = LUS_COLUMN_NUMBER);
    COLUMN(.name = "verdict", .role = LUS_ROLE_ESTIMATE, .header = "verdict");
    return t;
}

static void add_row(struct lus_result *r, struct lus_table *t, const struct lus_reached *x)
{
    struct lus_document *d = &r->document;
    const struct lus_figure *f = &x->figure;
    double distance = (x->value - f->value) / x->tolerance;
    bool is_stated = f->qualifier == LUS_STATED || f->qualifier == LUS_ABOUT;
    lus_table_row(d, t, LUS_NOBODY);
    lus_table_text(d, t, lus_document_text(d, "%s", f->id));
    lus_table_text(d, t, lus_statistic_name(f->statistic));
    lus_table_cell(d, t, (struct lus_cell){.number = f->value, .text = lus_figure_text(r, f)});
    lus_table_cell(d, t,
                   (struct lus_cell){.number = is_stated ? x->tolerance : NAN,
                                     .text = is_stated ? lus_value_text(r, f, x->tolerance) : "–"});
    lus_table_cell(
        d, t,
        (struct lus_cell){.number = x->value,
                          .text = isnan(x->value) ? "–" : lus_value_text(r, f, x->value)});
    lus_table_cell(d, t,
                   (struct lus_cell){.number = is_stated ? distance : NAN,
                                     .text = isnan(distance) || !is_stated
                                                 ? "–"
                                                 : lus_document_text(d, "%+.1f", distance)});
    lus_table_text(d, t, lus_verdict_text(x->verdict));
}

static size_t count(const struct lus_calibrated *c, bool is_target, bool is_met)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        enum lus_verdict v = c->at[i].verdict;
        if (c->at[i].is_target != is_target || v == LUS_NOT_COMPARABLE || v == LUS_CANNOT_TELL)
            continue;
        n += !is_met || !lus_verdict_differs(v);
    }
    return n;
}

static void add_tables(struct lus_result *r, const struct lus_calibration *q,
                       const struct lus_calibrated *c)
{
    struct lus_document *d = &r->document;
    struct lus_table *t = start_table(d, "targets", "Targets");
    for (size_t i = 0; i < c->n_targets; i++)
        add_row(r, t, &c->at[i]);
    if (c->n > c->n_targets) t = start_table(d, "held_out", "Held out");
    for (size_t i = c->n_targets; i < c->n; i++)
        add_row(r, t, &c->at[i]);
    lus_document_note(
        d, lus_of_method(), "%zu of %zu targets are met, and %zu of %zu held out fit.",
        count(c, true, true), count(c, true, false), count(c, false, true), count(c, false, false));
    lus_document_note(d, lus_of_method(), "off: reached less said, in tolerances.");
    if (q->rounds)
        lus_document_note(d, lus_of_method(),
                          "Fitted in %d rounds: the targets were %.2f tolerances off, now %.2f "
                          "(root mean square).",
                          c->rounds, c->before, c->after);
    lus_document_note(d, lus_of_method(),
                      "Populations of %llu patients, seed %llu; a verdict counts what so many can "
                      "tell.",
                      (unsigned long long)q->n, (unsigned long long)q->seed);
}

int lus_calibrate_command(const struct lus_options *o, struct lus_result *r, struct lus_error *err)
{
    struct lus_calibration q = {.model = o->n_files == 1 ? o->files[0] : NULL,
                                .targets = o->targets,
                                .recipe = o->recipe,
                                .n = o->n < 0 ? 40000 : (uint64_t)o->n,
                                .seed = o->seed < 0 ? 1 : (uint64_t)o->seed,
                                .rounds = o->rounds < 0 ? 12 : (int)o->rounds,
                                .n_threads = o->threads < 0 ? 0 : (int)o->threads};
    struct lus_calibrated c;
    if (!q.model || !q.targets || !q.recipe)
        return lus_fail(err, LUS_EUSAGE,
                        "calibrate needs one model, --targets FILE and --recipe FILE");
    if (q.n < 100) return lus_fail(err, LUS_EUSAGE, "--n is 100 or more");
    if (o->threads == 0 || o->threads > 1024)
        return lus_fail(err, LUS_EUSAGE, "--threads is 1 to 1024");
    int status = lus_calibrate(&q, &c, err);
    if (status == LUS_OK) add_tables(r, &q, &c);
    if (status == LUS_OK && o->save)
        status = lus_output_write(o->save, c.model, strlen(c.model), err);
    lus_calibrated_free(&c);
    return status;
}
