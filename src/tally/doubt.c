#include "tally/doubt.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "support/number.h"

/* What is looked at. */
struct look {
    struct lus_tally *tally;
    const struct lus_plan *plan;
    const struct lus_counter *counters;
    size_t n;
    const struct lus_selection *sum;
    LUS_ARRAY(struct lus_doubt) doubts;
    bool failed;
};

enum { LONGEST_NAMES = 200 }; /* bytes of a list in a message */

static void add_doubt(struct look *l, bool is_warning, const char *text, const char *discreet)
{
    l->failed |= !text || LUS_ARRAY_RESERVE(&l->doubts, 1) != LUS_OK;
    if (!l->failed) l->doubts.at[l->doubts.n++] = (struct lus_doubt){text, discreet, is_warning};
}

#define PRINT(l, ...) lus_arena_print(&(l)->tally->memory->arena, __VA_ARGS__)

/* --- who is left --- */

/* The values of a where's columns that are texts: "sex holds 1, 2". */
static void put_held(struct lus_string *out, const struct lus_expr *e, const struct lus_plan *plan,
                     const struct lus_counter *counters, size_t n)
{
    if (!e) return;
    put_held(out, e->left, plan, counters, n);
    put_held(out, e->right, plan, counters, n);
    if (e->kind != LUS_EXPR_TEXT || e->operand.is_factor) return;
    struct lus_dictionary all = {0};
    uint32_t code;
    out->failed |= lus_dictionary_init(&all, NULL, 0) != LUS_OK;
    for (size_t t = 0; t < n && !out->failed; t++) {
        const struct lus_dictionary *d =
            &counters[t].intake.values.columns[e->operand.index].dictionary;
        for (size_t i = 1; i < d->texts.n && i < 1000; i++)
            out->failed |= lus_dictionary_code(&all, d->texts.at[i], &code) != LUS_OK;
    }
    lus_string_print(out, "%s%s holds ", out->n ? "; " : "", e->operand.name);
    size_t most = out->n + LONGEST_NAMES;
    for (size_t i = 1; i < all.texts.n && out->n < most; i++)
        lus_string_print(out, "%s%.*s", i > 1 ? ", " : "", (int)all.texts.at[i].n,
                         all.texts.at[i].p);
    lus_string_put(out, all.texts.n < 2 ? "no value" : out->n >= most ? ", ..." : "");
    lus_dictionary_free(&all);
}

/* Nobody is analysed: by which rule most were lost. */
static int fail_empty(const struct lus_tally *tally, const struct lus_plan *plan,
                      const struct lus_counter *counters, size_t n, struct lus_error *err)
{
    const struct lus_rule *most = NULL;
    struct lus_string held = {0};
    for (size_t i = 0; i < tally->n_rules; i++)
        if (!most || tally->rules[i].left_out > most->left_out) most = &tally->rules[i];
    bool is_where = most && strcmp(most->name, "where") == 0;
    if (is_where) put_held(&held, plan->where, plan, counters, n);
    struct lus_string said = {0};
    lus_string_print(&said, "%s: nobody is left: %llu of %llu rows are left out by \"%s\"",
                     tally->file, (unsigned long long)(most ? most->left_out : 0),
                     (unsigned long long)tally->n_rows, most ? most->name : "");
    if (held.n) lus_string_print(&said, " (%s)", held.at);
    said.failed |= held.failed;
    lus_string_free(&held);
    return lus_fail_string(err, LUS_EDATA, &said);
}

/* A time that the dead alone have, or the living alone: then only they are analysed. */
static int check_missing_time(const struct lus_tally *tally, const struct lus_plan *plan,
                              const struct lus_counter *counters, size_t n,
                              const struct lus_selection *sum, struct lus_error *err)
{
    uint64_t kept[2] = {0};
    for (size_t t = 0; t < n; t++) {
        const struct lus_events *e = &counters[t].intake.events;
        for (size_t code = 0; e->kept && code < e->n; code++) {
            int cause = lus_cause_of_code(e, (uint32_t)code);
            if (cause >= 0) kept[lus_is_event(plan, (uint8_t)cause)] += e->kept[code];
        }
    }
    const uint64_t *lost = sum->seen.no_time;
    double all[2] = {(double)(kept[0] + lost[0]), (double)(kept[1] + lost[1])};
    if (all[0] < 1 || all[1] < 1) return LUS_OK;
    double share[2] = {(double)lost[0] / all[0], (double)lost[1] / all[1]};
    int loser = share[1] > share[0];
    if (fabs(share[0] - share[1]) < 0.8 || lost[loser] < 2) return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: %s is missing for %llu of the %.0f without the event and %llu of the %.0f "
                    "with it: only those %s would be analysed; name the other column too, --time "
                    "`%s`,OTHER or `column: [%s, OTHER]` in a recipe",
                    tally->file, tally->time_column, (unsigned long long)lost[0], all[0],
                    (unsigned long long)lost[1], all[1],
                    loser ? "without the event" : "with the event", tally->time_column,
                    tally->time_column);
}

int lus_check_selection(const struct lus_tally *tally, const struct lus_plan *plan,
                        const struct lus_counter *counters, size_t n,
                        const struct lus_selection *sum, struct lus_error *err)
{
    if (!plan->without_time) LUS_TRY(check_missing_time(tally, plan, counters, n, sum, err));
    /* a figure's condition may hold for nobody, and says so itself */
    return tally->n_analysed || plan->conditions || plan->may_be_empty
               ? LUS_OK
               : fail_empty(tally, plan, counters, n, err);
}

/* --- what the event's texts count as --- */

static int by_event_text(const void *a, const void *b)
{
    const struct lus_event_text *x = a, *y = b;
    return lus_text_order(lus_text_of(x->text), lus_text_of(y->text));
}

static int add_event_text(struct look *l, struct lus_dictionary *all, struct lus_event_text *out,
                          struct lus_text text, uint64_t n, int cause)
{
    uint32_t code;
    LUS_TRY(lus_dictionary_code(all, text, &code));
    struct lus_event_text *here = &out[code - 1];
    if (!here->text) {
        here->text = lus_arena_copy(&l->tally->memory->arena, text.p, text.n);
        if (!here->text) return LUS_ENOMEM;
        here->cause = (size_t)cause;
        l->tally->n_event_texts = code;
    }
    here->n += n;
    return LUS_OK;
}

static int list_event_texts(struct look *l)
{
    size_t room = 0, event = l->plan->event;
    if (event == LUS_NO_SLOT) return LUS_OK;
    for (size_t t = 0; t < l->n; t++)
        room += l->counters[t].intake.events.n;
    struct lus_event_text *out = lus_arena_alloc(&l->tally->memory->arena, room + 1, sizeof *out);
    struct lus_dictionary all;
    int status = lus_dictionary_init(&all, NULL, 0);
    if (!out) status = LUS_ENOMEM;
    for (size_t t = 0; t < l->n && status == LUS_OK; t++) {
        const struct lus_events *e = &l->counters[t].intake.events;
        const struct lus_dictionary *d = &l->counters[t].intake.values.columns[event].dictionary;
        bool is_any = lus_event_of_any(l->plan) > 0;
        for (size_t code = !is_any; code < e->n && code < d->texts.n && status == LUS_OK; code++) {
            int cause = lus_cause_of_code(e, (uint32_t)code);
            struct lus_text text = !is_any ? d->texts.at[code]
                                           : lus_text_of(cause > 0 ? "given" : "not given");
            if (cause >= 0) status = add_event_text(l, &all, out, text, e->kept[code], cause);
        }
    }
    lus_dictionary_free(&all);
    l->tally->event_texts = out;
    if (status == LUS_OK && l->tally->n_event_texts)
        qsort(out, l->tally->n_event_texts, sizeof *out, by_event_text);
    return status;
}

/* --- times and numbers --- */

static double largest_times(const struct lus_tally *tally, double *second)
{
    double first = -1;
    *second = -1;
    for (size_t i = 0; i < tally->frame.n; i++) {
        double time = lus_time_in(tally->frame.exit[i], tally->unit);
        if (time > first) *second = first, first = time;
        else if (time < first && time > *second) *second = time;
    }
    for (size_t s = 0; s < tally->n_strata; s++) {
        const struct lus_event_table *t = &tally->strata[s].table;
        for (size_t i = t->n > 2 ? t->n - 2 : 0; i < t->n; i++) {
            double time = lus_time_in(t->time[i], tally->unit);
            if (time > first) *second = first, first = time;
            else if (time < first && time > *second) *second = time;
        }
    }
    return first;
}

/* 999, 9999, 888 and the like. */
static bool is_code(double value)
{
    static const double codes[] = {999, 9999, 99999, 888, 8888, 88888, 998, 9998, 99998};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (value == codes[i]) return true;
    return false;
}

static bool has_own_missing(const struct lus_plan *plan, const char *column)
{
    return column && lus_recipe_missing(&plan->recipe, column)->column != NULL;
}

/* Zero for nearly all without the event, as a column of the dead alone may be filled up: they would
 * never be at risk. */
static int check_zeros(const struct lus_tally *t, struct lus_error *err)
{
    enum { FEW = 10 };
    double zero[2] = {0}, all[2] = {0}; /* without the event, with it */
    for (size_t i = 0; i < t->frame.n; i++) {
        size_t dead = t->frame.cause[i] != 0;
        all[dead]++, zero[dead] += t->frame.exit[i] == 0;
    }
    for (size_t s = 0; s < t->n_strata; s++) {
        const struct lus_event_table *table = &t->strata[s].table;
        all[0] += table->total - table->total_events, all[1] += table->total_events;
        if (table->n && table->time[0] == 0)
            zero[0] += table->censored[0], zero[1] += table->events[0];
    }
    if (all[0] < FEW || all[1] < 1 || zero[0] / all[0] - zero[1] / all[1] < 0.8) return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: %s is 0 for %.0f of the %.0f without the event and %.0f of the %.0f with "
                    "it: where does their follow-up stand? `missing: {\"%s\": [0]}` in a recipe, "
                    "and the other column behind it, `column: [%s, OTHER]`",
                    t->file, t->time_column, zero[0], all[0], zero[1], all[1], t->time_column,
                    t->time_column);
}

static int check_times(const struct look *l, struct lus_error *err)
{
    enum { LONG_YEARS = 50 };
    const struct lus_tally *t = l->tally;
    double second, first = largest_times(t, &second);
    bool is_plain = l->plan->origin == LUS_NO_SLOT && t->landmark <= 0;
    if (is_plain) LUS_TRY(check_zeros(t, err));
    double years = first * (double)lus_unit_ticks(t->unit) / (double)lus_unit_ticks(LUS_YEARS);
    if (is_plain && is_code(first) && second < 0.6 * first &&
        !has_own_missing(l->plan, t->time_column))
        return lus_fail(
            err, LUS_EDATA,
            "%s: %s: the longest time is %g, the next %g: is it a code for unknown? "
            "`missing: {\"%s\": [%g]}` in a recipe says so, and with [] that it is a time",
            t->file, t->time_column, first, second, t->time_column, first);
    if (is_plain && t->has_assumed_unit && years > LONG_YEARS)
        return lus_fail(
            err, LUS_EDATA,
            "%s: %s: no unit was said, and as months the longest time, %g, is %.0f years; "
            "--unit days, or --unit months if it is so",
            t->file, t->time_column, first, years);
    return LUS_OK;
}

/* Whole numbers from 1800 to 2199 in origin and exit that are all called days. */
static int check_years(const struct look *l, struct lus_error *err)
{
    const struct lus_plan *plan = l->plan;
    if (plan->origin == LUS_NO_SLOT || !l->sum->seen.has_bare_years || plan->years_are_dates ||
        l->sum->seen.has_other_numbers || plan->slots.at[plan->exit].unit == LUS_YEARS)
        return LUS_OK;
    return lus_fail(err, LUS_EDATA,
                    "%s: %s and %s look like calendar years, and are called %s; `unit: years` for "
                    "both in a recipe's time counts them as years",
                    l->tally->file, lus_slot_name(plan, plan->exit),
                    lus_slot_name(plan, plan->origin),
                    lus_unit_name(plan->slots.at[plan->exit].unit));
}

static struct lus_cell_doubt doubt_of(const struct look *l, size_t slot)
{
    struct lus_cell_doubt sum = {0};
    for (size_t t = 0; t < l->n; t++)
        lus_cell_doubt_add(&sum, &l->counters[t].intake.values.columns[slot].doubt);
    return sum;
}

/* "age", "AGE_AT_DIAGNOSIS", "Age at diagnosis", "age_dx"; not "stage" or "age_days". */
static bool is_age_in_years(const char *name)
{
    const char *at = strcasestr(name, "age");
    bool is_word = at && (at == name || !isalpha((unsigned char)at[-1])) &&
                   !isalpha((unsigned char)at[3]);
    return is_word && !strcasestr(name, "day") && !strcasestr(name, "month") &&
           !strcasestr(name, "week");
}

static int check_numbers(struct look *l, struct lus_error *err)
{
    const struct lus_plan *plan = l->plan;
    for (size_t i = 0; i < plan->slots.n; i++) {
        const struct lus_slot *slot = &plan->slots.at[i];
        if (slot->kind == LUS_SLOT_LABEL || slot->kind == LUS_SLOT_TEXT) continue;
        struct lus_cell_doubt d = doubt_of(l, i);
        const char *name = lus_slot_name(plan, i), *file = plan->header->file;
        if (slot->kind == LUS_SLOT_NUMBER && d.largest > LUS_LONGEST_YEARS &&
            is_age_in_years(name) && !has_own_missing(plan, name))
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: %g is no age in years; is it a code for unknown? `missing: "
                            "{\"%s\": [%g]}` in a recipe says so, and with [] that it is a number",
                            file, name, d.largest, name, d.largest);
        if (slot->kind == LUS_SLOT_NUMBER && (d.units & (d.units - 1)))
            return lus_fail(err, LUS_EDATA,
                            "%s: %s: its cells are in several units (as days and years); one is "
                            "wanted",
                            file, name);
        if (*d.unknown)
            add_doubt(l, false,
                      PRINT(l, "%s: \"%s\" is no number: taken as missing.", name, d.unknown),
                      NULL);
    }
    return LUS_OK;
}

/* --- rows or people --- */

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Rows and persons among the watched. */
static int count_ids(struct look *l, size_t *n_rows, size_t *n_persons, size_t *n_even)
{
    size_t n = 0;
    for (size_t t = 0; t < l->n; t++)
        n += l->counters[t].ids.n;
    uint64_t *ids = lus_alloc(n, sizeof *ids);
    if (!ids) return LUS_ENOMEM;
    n = 0;
    for (size_t t = 0; t < l->n; t++) {
        if (l->counters[t].ids.n)
            memcpy(ids + n, l->counters[t].ids.at, l->counters[t].ids.n * sizeof *ids);
        n += l->counters[t].ids.n;
    }
    if (n) qsort(ids, n, sizeof *ids, by_number);
    *n_rows = n;
    *n_persons = 0;
    *n_even = 0; /* persons with as many rows as the first of them */
    size_t first = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && ids[end] == ids[i]; end++)
            ;
        if (!first) first = end - i;
        ++*n_persons;
        *n_even += end - i == first;
    }
    free(ids);
    return LUS_OK;
}

static int check_ids(struct look *l, struct lus_error *err)
{
    const struct lus_tally *t = l->tally;
    const char *id = l->plan->id_column;
    size_t n, persons, even;
    if (!id) return LUS_OK;
    if (count_ids(l, &n, &persons, &even) != LUS_OK) return lus_fail_memory(err);
    size_t n_without = 0;
    for (size_t i = 0; i < l->n; i++)
        n_without += l->counters[i].n_without_id;
    if (n && n_without >= n)
        return lus_fail(err, LUS_EDATA,
                        "%s: %s is given in %zu of %zu rows, and each row would count as one: are "
                        "the others of the person above? Fill it down; --id none if each row is "
                        "one",
                        t->file, id, n, n + n_without);
    /* something that few share is no person: a hospital, a study */
    if (persons == n || persons * 20 < n) return LUS_OK;
    bool is_part = t->n_rows > LUS_WATCHED_ROWS, are_even = even == persons;
    const char *entry = t->has_entry ? "--id joins the rows of one that follow each other; " : "";
    if (are_even || persons * 5 < n * 4)
        return lus_fail(
            err, LUS_EDATA,
            "%s: %s: %s%zu rows of %zu persons, and each row would count as one: which "
            "row counts? %s--where, or `one_row_per:` in a recipe; --id none if each row "
            "is one",
            t->file, id, is_part ? "among the first " : "", n, persons, entry);
    add_doubt(l, true,
              PRINT(l,
                    "WARNING: %s: %s%zu rows of %zu persons: rows are counted, not people; "
                    "`one_row_per:` in a recipe takes one row of each, --id none says that it is "
                    "meant.",
                    id, is_part ? "among the first " : "", n, persons),
              PRINT(l, "WARNING: %s comes again: rows are counted, not people.", id));
    return LUS_OK;
}

/* --- all of it --- */

/* What a first recipe guessed, and nobody has looked at. */
static void doubt_guesses(struct look *l)
{
    const struct lus_recipe *r = &l->plan->recipe;
    struct lus_string list = {0};
    for (size_t i = 0; i < r->n_guessed; i++)
        lus_string_print(&list, "%s%s",
                         i == 0                  ? ""
                         : i + 1 == r->n_guessed ? " and "
                                                 : ", ",
                         r->guessed[i]);
    if (r->n_guessed && !list.failed) {
        const char *text = PRINT(l,
                                 "GUESSED: %s in %s; look at each, then take it out of "
                                 "`guessed:`.",
                                 list.at, r->path);
        add_doubt(l, true, text, text);
    }
    l->failed |= list.failed;
    lus_string_free(&list);
}

static void doubt_rows(struct look *l)
{
    uint64_t joined = l->sum->status[LUS_ROW_JOINED];
    if (l->plan->joins_rows)
        add_doubt(l, false,
                  PRINT(l,
                        "Rows of one person (%s) that follow each other are one: %llu rows became "
                        "%llu.",
                        lus_slot_name(l->plan, l->plan->id),
                        (unsigned long long)(l->tally->n_analysed + joined),
                        (unsigned long long)l->tally->n_analysed),
                  PRINT(l, "Rows of one person (%s) that follow each other are one.",
                        lus_slot_name(l->plan, l->plan->id)));
}

int lus_find_doubts(struct lus_tally *tally, const struct lus_plan *plan,
                    const struct lus_counter *counters, size_t n, const struct lus_selection *sum,
                    struct lus_error *err)
{
    struct look l = {.tally = tally, .plan = plan, .counters = counters, .n = n, .sum = sum};
    doubt_guesses(&l);
    int status = list_event_texts(&l) == LUS_OK ? LUS_OK : lus_fail_memory(err);
    if (status == LUS_OK) status = lus_check_alike(tally, plan, counters, n, err);
    if (status == LUS_OK && !plan->without_time) status = check_years(&l, err);
    if (status == LUS_OK && !plan->without_time) status = check_times(&l, err);
    if (status == LUS_OK) status = check_numbers(&l, err);
    if (status == LUS_OK) status = check_ids(&l, err);
    if (status == LUS_OK) doubt_rows(&l);
    tally->doubts = lus_arena_alloc(&tally->memory->arena, l.doubts.n + 1, sizeof *tally->doubts);
    if (status == LUS_OK && (l.failed || !tally->doubts)) status = lus_fail_memory(err);
    if (status == LUS_OK && l.doubts.n)
        memcpy(tally->doubts, l.doubts.at, l.doubts.n * sizeof *tally->doubts);
    tally->n_doubts = status == LUS_OK ? l.doubts.n : 0;
    LUS_ARRAY_FREE(&l.doubts);
    return status;
}
